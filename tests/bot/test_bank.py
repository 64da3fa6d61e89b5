"""`mentor quiz`: the bank for scripts and people."""

import json
import subprocess
import sys

import pytest

from bot.bank import live_items, to_json, to_text
from bot.files import bytes_of
from bot.message import Attachment, Button, Message, Poll
from learning.quiz.items import ChoiceItem
from tests.builders import built_in


def test_every_item_of_the_bank_has_the_promised_shape() -> None:
    for item in live_items(built_in()):
        shown = to_json(item)
        assert {"id", "kind", "concepts", "level", "bloom", "stem", "options", "key", "source"} <= (
            shown.keys()
        )
        assert json.dumps(shown, ensure_ascii=False)
        assert to_text(item, "zh")


def test_the_key_of_a_choice_is_the_place_of_the_right_option_as_listed() -> None:
    for item in live_items(built_in()):
        if isinstance(item, ChoiceItem):
            shown = to_json(item)
            right = item.options[item.key].text
            options, key = shown["options"], shown["key"]
            assert isinstance(options, list)
            assert isinstance(key, list)
            assert options[key[0]]["text"] == {"zh": right.zh, "en": right.en}


def test_items_about_a_concept_are_about_it() -> None:
    items = list(live_items(built_in(), "lora"))

    assert items
    assert all("lora" in item.concepts for item in items)


def mentor(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", *args],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_prints_json_and_knows_wrong_concepts() -> None:
    good = mentor("quiz", "--concept", "lora", "--count", "2", "--json")
    bad = mentor("quiz", "--concept", "lorra")

    assert len(json.loads(good.stdout)) == 2
    assert bad.returncode == 2
    assert "expected a concept's id" in bad.stderr
    assert "Traceback" not in bad.stderr


@pytest.mark.parametrize(
    "message",
    [
        Message("words"),
        Message("words", ((Button("a", "/a"), Button("b", "/b")), (Button("c", "/c"),))),
        Message("words", poll=Poll("question", ("one", "two"), 1, "because")),
        Message("words", attachment=Attachment("a.csv", "csv", (("x", "y"), ("1", "2")), 5)),
        Message("words", takes_number=True),
    ],
)
def test_a_message_reads_back_as_it_was_written(message: Message) -> None:
    assert Message.from_json(message.to_json()) == message


def test_a_message_of_an_earlier_version_still_reads() -> None:
    old = '{"markup": "words", "buttons": [[["a", "/a"]]]}'

    assert Message.from_json(old) == Message("words", ((Button("a", "/a"),),))


def test_a_table_begins_with_a_mark_that_spreadsheets_need() -> None:
    made = bytes_of(Attachment("a.csv", "csv", (("题目", "=1+1", "-3"),), 0))

    assert made.startswith(b"\xef\xbb\xbf")
    assert made.decode("utf-8-sig") == "题目,'=1+1,-3\r\n"
