"""A message in the form all platforms share: markup, buttons, and what only some can show."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Button:
    """Pressing it is the same as typing `command`."""

    label: str
    command: str


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with one right option, for platforms that have quiz polls of their own.

    `options` are the first buttons of the message, in their order; `key` is the right one's place.
    """

    question: str
    options: tuple[str, ...]
    key: int
    explanation: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to be made when it is sent: its name, and rows of text in the order of `format`.

    `at` is when its content was gathered, in seconds since 1970. `everything` has no rows before
    it is sent: they are all that is kept of the message's learner, too much to be kept once more.
    `inside` are files that stand beside them in the same archive.
    """

    name: str
    format: Literal["anki", "csv", "ics", "everything"]
    rows: tuple[tuple[str, ...], ...]
    at: int
    inside: tuple["Attachment", ...] = ()

    def to_list(self) -> list[object]:
        inside = [one.to_list() for one in self.inside]
        return [self.name, self.format, self.rows, self.at, inside]

    @classmethod
    def from_list(cls, found: Sequence[Any]) -> "Attachment":
        name, kind, cells, at, *inside = found
        files = tuple(cls.from_list(one) for one in (inside[0] if inside else ()))
        return cls(name, kind, tuple(map(tuple, cells)), at, files)


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG by `bot.pictures`, made into PNG when it is sent, and what it shows in a few words.

    `theme` is the learner's wish; without one a platform shows what suits it. `png` is there once
    it has been made, just before it is sent.
    """

    svg: str
    said: str
    theme: Literal["", "light", "dark"] = ""
    png: bytes = b""


@dataclass(frozen=True, slots=True)
class Message:
    """`markup` as `bot.markup` reads it; `buttons` in rows.

    A message that `takes_number` waits for a typed number, so its buttons must not be numbered.
    `form` is what a line of one's own is asked by, where a platform can open a form for it;
    elsewhere one simply types. `under` is the receipt of the message that it belongs below: it goes
    into the thread of that one, which is opened if `thread` gives a title, or else answers it.
    A message with `thread` alone opens one below itself. A `picture` shows what the words say too.
    """

    markup: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    poll: Poll | None = None
    attachment: Attachment | None = None
    takes_number: bool = False
    form: str = ""
    under: str = ""
    thread: str = ""
    picture: Picture | None = None

    @property
    def flat_buttons(self) -> tuple[Button, ...]:
        return tuple(button for row in self.buttons for button in row)

    def to_json(self) -> str:
        rows = [[[button.label, button.command] for button in row] for row in self.buttons]
        content: dict[str, object] = {"markup": self.markup, "buttons": rows}
        if self.poll is not None:
            poll = self.poll
            content["poll"] = [poll.question, poll.options, poll.key, poll.explanation]
        if self.attachment is not None:
            content["attachment"] = self.attachment.to_list()
        if self.picture is not None:
            content["picture"] = [self.picture.svg, self.picture.said, self.picture.theme]
        if self.takes_number:
            content["takes_number"] = True
        rest = {"form": self.form, "under": self.under, "thread": self.thread}
        content |= {name: words for name, words in rest.items() if words}
        return json.dumps(content, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Message":
        found = json.loads(text)
        rows = tuple(tuple(Button(*button) for button in row) for row in found["buttons"])
        poll = attachment = None
        if "poll" in found:
            question, options, key, explanation = found["poll"]
            poll = Poll(question, tuple(options), key, explanation)
        if "attachment" in found:
            attachment = Attachment.from_list(found["attachment"])
        takes_number = found.get("takes_number", False)
        words = {name: found.get(name, "") for name in ("form", "under", "thread")}
        picture = Picture(*found["picture"]) if "picture" in found else None
        return cls(found["markup"], rows, poll, attachment, takes_number, picture=picture, **words)


def as_wished(message: Message, pictures: str) -> Message:
    """The message with its picture as its learner wants it: `light`, `dark`, or `off` for none."""
    if message.picture is None or not pictures:
        return message
    if pictures == "off":
        return replace(message, picture=None)
    theme: Literal["light", "dark"] = "dark" if pictures == "dark" else "light"
    return replace(message, picture=replace(message.picture, theme=theme))


LETTERS = "abcdefghij"


def rows_of(buttons: Sequence[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    """Lay buttons out in rows of at most `width`."""
    return tuple(tuple(buttons[n : n + width]) for n in range(0, len(buttons), width))
