"""Sentences that no rule foresaw find their tools; what is doubted is asked, never guessed."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from agent.phrases.codes import is_code
from agent.phrases.crisis import is_crisis
from agent.router import Routed, may_concern_code_or_privacy, route
from agent.understanding.intents import intent_of
from agent.understanding.lexicon import Lexicon
from agent.understanding.names import names_of
from agent.understanding.reader import HERE, digest_of_sources, reader
from agent.understanding.understand import is_changing, understood
from bot.cards.doubt import command_of, doubt_card
from bot.commands import read_command
from bot.texts import texts_in
from tests.agent.test_router import ALL, CHANGES_NOTHING
from tests.builders import built_in
from tools.concepts import find_concept
from tools.registry import TOOLS, Call

TUESDAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001 -- a wall clock has no zone
Meaning = tuple[str, dict[str, Any]]
# These are whatever the learner wrote, so only the tool can be right or wrong.
AS_WRITTEN = {"question", "code", "said"}


def yaml_of(path: Path) -> dict[str, list[Any]]:
    """A file of sentences, every value as text."""
    text = path.read_text(encoding="utf-8")
    groups: dict[str, list[Any]] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 -- text only
    return groups


OWN = [
    entry
    for entries in yaml_of(Path(__file__).with_name("own_sentences.yaml")).values()
    for entry in entries
]


def meant(text: str) -> Routed:
    catalogue = built_in()
    return understood(
        text,
        TUESDAY,
        "zh" if re.search("[\u4e00-\u9fff]", text) else "en",
        names=names_of(catalogue),
        is_concept=lambda said: find_concept(catalogue, said)[0] is not None,
        now=MORNING,
    )


def wanted(entry: list[Any]) -> Iterator[list[Meaning]]:
    """The readings of a sentence that are right: the calls of each, or what is said."""
    match entry:
        case [_, "any", readings]:
            for reading in readings:
                yield from wanted([entry[0], *reading])
        case [_, "say", key]:
            yield [("say", {"key": key})]
        case [_, "calls", calls]:
            yield [(tool, args) for tool, args in calls]
        case [_, tool, args]:
            yield [(tool, args)]


def found(text: str) -> list[Meaning]:
    if is_crisis(text):
        return [("say", {"key": "crisis"})]
    routed = meant(text)
    if routed.calls:
        return [(call.tool, dict(call.args)) for call in routed.calls]
    return [("say", {"key": routed.say})]


def plain(value: object) -> object:
    """Free text without case, width, blanks and particles."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFKC", value).lower()
    return re.sub(r"[\s\W_]|[的了吧啊呀呢吗哦嘛哈啦]|\b(?:the|an?|my|please|pls)\b", "", text)


def checked(meaning: Meaning) -> Meaning:
    tool, args = meaning
    if tool != "say":
        model = TOOLS[tool].arguments.model_validate(args)
        args = model.model_dump(exclude_unset=True, exclude_none=True, mode="json")
    kept = {name: plain(value) for name, value in args.items() if name not in AS_WRITTEN}
    return tool, kept


def is_right(entry: list[Any]) -> bool:
    got = sorted(map(repr, map(checked, found(entry[0]))))
    return any(got == sorted(map(repr, map(checked, each))) for each in wanted(entry))


def changes(meaning: Meaning) -> bool:
    tool, args = meaning
    if tool == "log_practice":
        return not args.keys() <= {"list"}
    return tool != "say" and bool(args) and is_changing(intent_of(Call(tool, args), None))


def test_nearly_all_own_sentences_reach_the_right_tool_with_the_right_arguments() -> None:
    wrong = [f"{entry[0]} → {found(entry[0])}" for entry in OWN if not is_right(entry)]

    assert len(wrong) <= 0.08 * len(OWN), "\n".join(wrong)


def test_no_own_sentence_changes_what_it_does_not_speak_of() -> None:
    for entry in OWN:
        tools = {tool for meanings in wanted(entry) for tool, _ in meanings}
        made = {meaning[0] for meaning in found(entry[0]) if changes(meaning)}
        assert made <= tools, entry


def test_hardly_any_question_or_denial_changes_something() -> None:
    """These are the ones that look most like a change; the rules alone change none."""
    changed = [text for text in CHANGES_NOTHING if any(map(changes, found(text)))]

    assert len(changed) <= 0.005 * len(CHANGES_NOTHING), "\n".join(changed)


def test_the_own_sentences_are_no_examples() -> None:
    own = {plain(entry[0]) for entry in OWN} - {""}
    for language in ("zh", "en"):
        for sentences in yaml_of(HERE / f"examples.{language}.yaml").values():
            assert not own & set(map(plain, sentences))


def test_the_weights_were_learned_from_the_examples_there_are() -> None:
    assert reader().digest == digest_of_sources(), "run `make understanding`"


def test_every_intent_of_the_examples_can_be_read() -> None:
    for language in ("zh", "en"):
        assert set(yaml_of(HERE / f"examples.{language}.yaml")) == set(reader().intents)


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("坐标墨尔本，时间给我调一下", Call("change_settings", {"zone": "Australia/Melbourne"})),
        ("latr, hit me up again in 40 min", Call("change_settings", {"snooze_minutes": 40})),
        ("掏三道 RAG 的题来虐我", Call("start_quiz", {"topic": "RAG", "count": 3})),
        ("tokenizer 到底是个啥玩意", Call("explain_concept", {"concept": "tokenizer"})),
    ],
)
def test_words_no_rule_foresaw_are_understood(text: str, call: Call) -> None:
    assert meant(text).calls == (call,)


@pytest.mark.parametrize(
    "text",
    [
        "今晚回去再看看要不要弄第二个",
        "估计第一个算是差不多弄好了吧",
        "I guess task 2 is sort of done",
    ],
)
def test_a_mark_in_doubt_ticks_nothing(text: str) -> None:
    assert not any(map(changes, found(text)))


@pytest.mark.parametrize("text", ["qwpoei zxc", "的的阿斯顿发", "香蕉", "zzzz"])
def test_what_means_nothing_stays_unclear(text: str) -> None:
    routed = meant(text)

    assert (routed.calls, routed.say) == ((), "unclear")


def test_code_without_a_fence_is_code() -> None:
    code = "for x, y in loader:\n    loss = net(x).sum()\n    loss.backward()\n哪里不对"

    assert meant(code).calls == (Call("review_code", {"code": code}),)


def test_a_sentence_in_doubt_is_asked_about_with_buttons() -> None:
    routed = Routed(
        (),
        "doubtful",
        is_sure=False,
        doubtful=(
            Call("mark_task", {"outcome": "later", "tasks": ("2",), "until": "2026-11-25"}),
            Call("show_plan", {"span": "today"}),
        ),
    )

    message = doubt_card(routed.doubtful, texts_in("zh"))

    labels = [button.label for button in message.flat_buttons]
    assert labels == ["以后再做：2 2026-11-25", "看今天的计划", "都不是"]


CALLS = st.sampled_from(
    [
        Call("mark_task", {"outcome": "done", "tasks": ("1", "3")}),
        Call("mark_task", {"outcome": "later", "tasks": ("all",)}),
        Call("log_practice", {"problems": ("two sum", "3sum")}),
        Call("log_practice", {"count": 3}),
        Call("explain_concept", {"concept": "LoRA", "compare_with": "QLoRA"}),
        Call("find_resources", {"query": "RAG 论文"}),
        Call("start_quiz", {"topic": "RAG", "count": 3}),
        Call("change_settings", {"push_at": "08:30"}),
        Call("change_settings", {"zone": "Asia/Tokyo"}),
        Call("change_settings", {"snooze_until": "2026-11-25T20:00"}),
        Call("change_settings", {"quiet_days": ("sat", "sun")}),
        Call("change_settings", {"way_back": "lighter"}),
        Call("weekly_check", {"answers": {"theory": 7, "project": 3}}),
        Call("show_plan", {"span": "today", "part": "2"}),
        Call("show_plan", {"span": "next_week"}),
    ]
)


@given(CALLS)
def test_a_button_makes_the_call_it_names(call: Call) -> None:
    wish = read_command(command_of(call) or "", TUESDAY, frozenset())

    [made] = wish.calls
    assert checked((made.tool, dict(made.args))) == checked((call.tool, dict(call.args)))


@given(st.text())
def test_any_letters_are_answered(text: str) -> None:
    routed = meant(text)

    assert routed.calls or routed.say


@given(st.lists(st.sampled_from([entry[0] for entry in OWN]), min_size=1, max_size=3))
def test_whatever_is_said_the_arguments_fit_the_tools(parts: list[str]) -> None:
    routed = meant("，".join(parts))

    for call in (*routed.calls, *routed.doubtful):
        TOOLS[call.tool].arguments.model_validate(dict(call.args))


@given(st.text(alphabet="abc 量化lora注意力机制", max_size=40))
def test_names_are_found_where_they_stand(text: str) -> None:
    names = Lexicon.of({"C": ["LoRA", "量化", "注意力", "注意力机制"]})

    for one in names.find(text):
        assert text[one.start : one.end] in {"lora", "量化", "注意力", "注意力机制"}


def test_what_the_rules_answer_beside_a_model_is_seen_at_a_first_look() -> None:
    said = [entry[0] for entry in (*ALL, *OWN) if not is_code(entry[0])] + CHANGES_NOTHING
    found = {text: route(text, TUESDAY, "zh") for text in said}
    for_rules = [
        text
        for text, routed in found.items()
        if routed.say == "privacy" or any(call.tool == "review_code" for call in routed.calls)
    ]

    assert len(for_rules) > 12
    assert [text for text in for_rules if not may_concern_code_or_privacy(text)] == []
    # Else it would spare nobody anything.
    assert sum(map(may_concern_code_or_privacy, found)) < len(found) / 20
