"""Sentences find their tools, and nothing changes that was not asked for."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from agent.router import Routed, route
from tests.builders import BLOWN_UP
from tools.registry import TOOLS, Call

TUESDAY = date(2026, 11, 24)
Entry = list[Any]


def load() -> Mapping[str, list[Any]]:
    """The sentences by group, every value as text."""
    text = Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8")
    groups: Mapping[str, list[Any]] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 -- text only
    return groups


GROUPS = load()
CHANGES_NOTHING: list[str] = GROUPS["changes_nothing"]
ALL: list[Entry] = [
    entry for name, entries in GROUPS.items() if name != "changes_nothing" for entry in entries
]


def expected_calls(entry: Entry) -> list[Call]:
    match entry:
        case [_, "say", _]:
            return []
        case [_, "calls", calls]:
            return [Call(tool, args) for tool, args in calls]
        case [_, tool, args]:
            return [Call(tool, args)]
    raise ValueError(f"sentences.yaml: expected [sentence, tool, arguments], found {entry!r}")


def checked(call: Call) -> tuple[str, dict[str, Any]]:
    """A call as its tool reads it."""
    arguments = TOOLS[call.tool].arguments.model_validate(dict(call.args))
    return call.tool, arguments.model_dump(exclude_unset=True)


CHANGING = {
    "export_calendar",
    "export_data",
    "forget_me",
    "leave_out_known",
    "mark_task",
    "start_curriculum",
    "start_interview",
    "start_quiz",
    "start_review",
}


def changes(call: Call) -> bool:
    return (
        call.tool in CHANGING
        or (call.tool == "change_settings" and bool(call.args))
        or (call.tool == "log_practice" and not call.args.keys() <= {"list"})
    )


def is_right(entry: Entry) -> bool:
    routed = route(entry[0], TUESDAY, "zh")
    said = entry[2] if entry[1] == "say" else None
    found = [checked(call) for call in routed.calls]
    return routed.say == said and found == [checked(call) for call in expected_calls(entry)]


def told(routed: Routed) -> str:
    return routed.say or "; ".join(f"{call.tool} {dict(call.args)}" for call in routed.calls)


@pytest.mark.parametrize(
    "entry",
    [entry for entry in ALL if any(changes(call) for call in expected_calls(entry))],
    ids=lambda entry: entry[0],
)
def test_a_sentence_that_changes_something_is_exact(entry: Entry) -> None:
    assert is_right(entry), told(route(entry[0], TUESDAY, "zh"))


@pytest.mark.parametrize(
    "sentence",
    [
        *CHANGES_NOTHING,
        *(entry[0] for entry in ALL if not any(changes(call) for call in expected_calls(entry))),
    ],
)
def test_a_question_or_denial_changes_nothing(sentence: str) -> None:
    routed = route(sentence, TUESDAY, "zh")

    assert not any(changes(call) for call in routed.calls), told(routed)


def test_nearly_all_sentences_are_understood() -> None:
    wrong = [
        f"{entry[0]} → {told(route(entry[0], TUESDAY, 'zh'))}"
        for entry in ALL
        if not is_right(entry)
    ]

    assert len(wrong) <= 0.08 * len(ALL), "\n".join(wrong)


def test_only_what_is_unclear_is_unsure() -> None:
    for entry in ALL:
        routed = route(entry[0], TUESDAY, "zh")
        assert routed.is_sure == (routed.say != "unclear")
        assert (routed.say is None) == bool(routed.calls)


def test_another_language_is_the_one_not_spoken_now() -> None:
    assert route("换个语言", TUESDAY, "zh").calls[0].args == {"language": "en"}
    assert route("switch language", TUESDAY, "en").calls[0].args == {"language": "zh"}


@pytest.mark.parametrize(
    "text", ["谢谢" + "。" * 900 + "x", "1," * 900, "so " * 600 + "what", "第" * 2000, "你" * 2000]
)
def test_no_sentence_takes_long(text: str) -> None:
    start = process_time()
    route(text, TUESDAY, "zh")

    assert process_time() - start < BLOWN_UP


SEVERAL = st.lists(st.sampled_from([entry[0] for entry in ALL]), min_size=1, max_size=3)


@given(SEVERAL.map("，".join))
def test_whatever_is_said_the_arguments_fit_the_tools(text: str) -> None:
    for call in route(text, TUESDAY, "en").calls:
        checked(call)


@given(st.text())
def test_any_letters_are_answered(text: str) -> None:
    routed = route(text, TUESDAY, "zh")

    assert routed.calls or routed.say
