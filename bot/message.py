"""A message in the form all platforms share: markup and buttons."""

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """Pressing it is the same as typing `command`."""

    label: str
    command: str


@dataclass(frozen=True, slots=True)
class Message:
    """`markup` as `bot.markup` reads it; `buttons` in rows."""

    markup: str
    buttons: tuple[tuple[Button, ...], ...] = ()

    @property
    def flat_buttons(self) -> tuple[Button, ...]:
        return tuple(button for row in self.buttons for button in row)

    def to_json(self) -> str:
        rows = [[[button.label, button.command] for button in row] for row in self.buttons]
        return json.dumps({"markup": self.markup, "buttons": rows}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Message":
        found = json.loads(text)
        rows = tuple(tuple(Button(*button) for button in row) for row in found["buttons"])
        return cls(found["markup"], rows)


def rows_of(buttons: Sequence[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    """Lay buttons out in rows of at most `width`."""
    return tuple(tuple(buttons[n : n + width]) for n in range(0, len(buttons), width))
