"""The terminal: numbered choices, piped lines, styles."""

import io
from pathlib import Path

import pytest
from typing_extensions import override

from bot.message import Attachment, Button, Message
from bot.platforms.console import ADDRESS, Terminal
from bot.platforms.port import Did


async def shown(message: Message) -> str:
    out = io.StringIO()
    terminal = Terminal(history=None, lines=io.StringIO(), out=out)
    await terminal.send(ADDRESS, message, 1)
    return out.getvalue()


async def test_choices_have_numbers_that_run_through_all_rows() -> None:
    rows = ((Button("a", "/a"), Button("b", "/b")), (Button("c", "/c"),))

    text = await shown(Message("Which?", rows))

    assert "[1] a" in text
    assert "[2] b" in text
    assert "[3] c" in text


async def test_where_a_number_is_awaited_choices_have_letters() -> None:
    text = await shown(Message("How many?", ((Button("不会", "/x"),),), takes_number=True))

    assert "[a] 不会" in text


FILE = Attachment("cards.csv", "csv", (("a", "b"),), 0)


async def test_a_file_is_saved_where_one_is_and_never_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    first = await shown(Message("Here.", attachment=FILE))
    second = await shown(Message("Here.", attachment=FILE))

    assert str(tmp_path / "cards.csv") in first
    assert str(tmp_path / "cards-2.csv") in second
    assert (tmp_path / "cards.csv").read_bytes() == (tmp_path / "cards-2.csv").read_bytes()


async def test_a_file_that_cannot_be_written_is_told_with_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir("/proc")

    assert "/proc/cards.csv: " in await shown(Message("Here.", attachment=FILE))


ERASED = "\x1b[2K"


class Tty(io.StringIO):
    @override
    def isatty(self) -> bool:
        return True


async def test_a_growing_answer_stays_until_the_message_takes_its_place() -> None:
    out = Tty()
    terminal = Terminal(history=None, lines=Tty(), out=out)
    draft = terminal.draft(ADDRESS)
    assert draft is not None
    await draft.frame("**thin**")
    before = out.getvalue()
    await draft.end()
    assert out.getvalue() == before
    await terminal.send(ADDRESS, Message("thought"), 1)

    assert "thin" in before
    assert ERASED in out.getvalue().removeprefix(before).partition("thought")[0]


def test_a_piped_answer_does_not_grow() -> None:
    assert Terminal(history=None, lines=io.StringIO(), out=Tty()).draft(ADDRESS) is None


async def test_signs_of_markup_are_not_shown() -> None:
    text = await shown(Message("**bold** `code` [link](https://example.org)\n\n- one"))

    assert "bold code link <https://example.org>" in text
    assert "• one" in text
    assert "*" not in text


async def test_code_keeps_its_lines() -> None:
    text = await shown(Message("before\n\n```python\nfor x in y:\n    print(x)\n```\n\nafter"))

    assert "for x in y:\n    print(x)" in "\n".join(line.rstrip() for line in text.splitlines())
    assert text.index("before") < text.index("for x") < text.index("after")


async def test_a_piped_line_is_not_wrapped() -> None:
    text = await shown(Message("字" * 300))

    assert "字" * 300 in text


def test_a_line_is_what_the_learner_said() -> None:
    event = Terminal(history=None).read('{"text": "你好"}')

    assert (event.did, event.text, event.address) == (Did.SAID, "你好", ADDRESS)
