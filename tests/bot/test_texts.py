"""Words: both languages complete, every gap filled, every key used."""

import re
from collections import Counter
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from bot.markup import styled
from bot.texts import FOLDER, Markup, Texts, gaps, language_of, texts_in

ZH, EN = texts_in("zh"), texts_in("en")
CODE = "\n".join(path.read_text("utf-8") for path in Path(__file__).parents[2].glob("bot/**/*.py"))


def test_both_languages_say_the_same_things() -> None:
    assert set(ZH.templates) == set(EN.templates)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_key_stands_twice(language: str) -> None:
    """The second would silently take the first one's place."""
    node = yaml.compose((FOLDER / f"{language}.yaml").read_text("utf-8"))
    assert isinstance(node, yaml.MappingNode)

    for group, inner in node.value:
        pairs = inner.value if isinstance(inner, yaml.MappingNode) else ()
        counted = Counter(key.value for key, _ in pairs)
        assert [key for key, n in counted.items() if n > 1] == [], group.value


@pytest.mark.parametrize("key", sorted(ZH.templates))
def test_a_sentence_has_the_same_gaps_in_both_languages(key: str) -> None:
    assert gaps(ZH.templates[key]) == gaps(EN.templates[key])


@pytest.mark.parametrize("key", sorted(ZH.templates))
def test_every_sentence_is_said_somewhere(key: str) -> None:
    group, _, name = key.rpartition(".")
    is_named = f'"{key}"' in CODE or key == "help"
    is_made = re.search(rf'f"{re.escape(group)}\.[^"]*{{', CODE) is not None
    is_refused = f'Refused("{key}"' in _all_code() or f'key = "{key}"' in _all_code()
    is_said_by_name = group == "say" and f'"{name}"' in _all_code()

    assert is_named or is_made or is_refused or is_said_by_name


@lru_cache(maxsize=1)
def _all_code() -> str:
    root = Path(__file__).parents[2]
    return "\n".join(
        path.read_text("utf-8")
        for folder in ("bot", "agent", "tools", "learning", "store")
        for path in root.glob(f"{folder}/**/*.py")
    )


def test_english_counts_one_and_many() -> None:
    assert EN.say("marked.left_today", left=1) == "1 task left today."
    assert EN.say("marked.left_today", left=2) == "2 tasks left today."


def test_a_value_with_signs_reads_as_itself() -> None:
    said = ZH.say("resources.none", query="a*b*_c_ [x](http://evil)")

    assert "a*b*_c_ [x](http://evil)" in styled(said).text
    assert styled(said).entities == ()


def test_markup_values_keep_their_signs() -> None:
    assert EN.say("push.principle", words=Markup("`code`")) == "💡 `code`"


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [(45, "45 分钟", "45 min"), (60, "1 小时", "1 h"), (135, "2 小时 15 分钟", "2 h 15 min")],
)
def test_durations_read_naturally(minutes: int, zh: str, en: str) -> None:
    assert (ZH.minutes(minutes), EN.minutes(minutes)) == (zh, en)


def test_days_read_naturally() -> None:
    day = date(2026, 11, 23)

    assert (ZH.day(day), EN.day(day)) == ("11月23日 周一", "Mon 23 Nov")


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh-hans", "zh"), ("zh", "zh"), ("zh_TW", "zh"), ("en-GB", "en"), ("de", "en")],
)
def test_a_clients_language_leads_to_ours(tag: str, language: str) -> None:
    assert language_of(tag, "zh") == language


@pytest.mark.parametrize("texts", [ZH, EN], ids=["zh", "en"])
def test_button_labels_fit_a_phone(texts: Texts) -> None:
    labels = [text for key, text in texts.templates.items() if key.startswith("button.")]

    assert max(len(label) for label in labels) <= 32
