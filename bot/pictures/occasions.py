"""Pictures of a moment: a week, a milestone, a group's week, a battle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.pictures.canvas import LARGE, LINE, MARGIN, NORMAL, ROOM, SMALL, TITLE, WIDTH, Canvas
from bot.texts import Texts

FIGURE = 52
COLUMNS_HIGH = 190


@dataclass(frozen=True, slots=True)
class Fact:
    """A number to look at, as it is written, and what it counts."""

    figure: str
    words: str


def facts(canvas: Canvas, shown: Sequence[Fact]) -> None:
    """Up to three numbers side by side."""
    if not shown:
        return
    gap = 16.0
    wide = (ROOM - gap * (len(shown) - 1)) / len(shown)
    rows = max(len(canvas.broken(one.words, SMALL, wide - 24, 2)) for one in shown)
    high = FIGURE + SMALL * LINE * rows + 46
    for n, fact in enumerate(shown):
        left = MARGIN + n * (wide + gap)
        canvas.box((left, canvas.y), wide, high, "panel", radius=16)
        canvas.text(
            (left + wide / 2, canvas.y + 18 + FIGURE * 0.88),
            fact.figure,
            FIGURE,
            bold=True,
            anchor="middle",
            room=wide - 20,
        )
        _below(canvas, fact.words, left + wide / 2, canvas.y + 30 + FIGURE, wide - 24)
    canvas.y += high + 16


def _below(canvas: Canvas, words: str, middle: float, top: float, room: float) -> None:
    for n, line in enumerate(canvas.broken(words, SMALL, room, 2)):
        baseline = top + SMALL + n * SMALL * LINE
        canvas.text((middle, baseline), line, SMALL, role="soft", anchor="middle", room=room)


def week_columns(canvas: Canvas, days: Sequence[tuple[date, int, int]], texts: Texts) -> None:
    """A column a day: minutes of finished tasks, before those the day had room for."""
    most = max((max(done, planned) for _, done, planned in days), default=0) or 1
    wide = ROOM / len(days)
    floor = canvas.y + SMALL * LINE + COLUMNS_HIGH
    for n, (day, done, planned) in enumerate(days):
        middle = MARGIN + wide * (n + 0.5)
        for minutes, thick, role in ((planned, 52.0, "level0"), (done, 32.0, "done")):
            if minutes:
                high = max(6.0, COLUMNS_HIGH * minutes / most)
                canvas.box((middle - thick / 2, floor - high), thick, high, role, radius=8)
        if done:
            top = floor - COLUMNS_HIGH * done / most
            canvas.text((middle, top - 8), str(done), SMALL, bold=True, anchor="middle")
        canvas.text(
            (middle, floor + SMALL + 10), texts.weekday(day), SMALL, role="soft", anchor="middle"
        )
    canvas.line([(MARGIN, floor), (WIDTH - MARGIN, floor)], "rule", thick=2)
    canvas.y = floor + SMALL * LINE + 14
    canvas.paragraph(texts.label("picture.columns"), SMALL, role="soft")


def ribbon(canvas: Canvas, words: str) -> None:
    """A short line on a coloured ground, at the head of what is worth a moment."""
    size = NORMAL
    high = size * LINE + 18
    wide = canvas.wide(words, size, bold=True) + 44
    canvas.box((MARGIN, canvas.y), wide, high, "accent", radius=high / 2)
    canvas.text(
        (MARGIN + 22, canvas.y + high / 2 + size * 0.36), words, size, role="on-accent", bold=True
    )
    canvas.y += high + 20


def ranking(canvas: Canvas, rows: Sequence[tuple[str, str, str]]) -> None:
    """Lines of (place, name, score); whoever is not named is not told of."""
    for place, name, score in rows:
        high = LARGE * LINE + 22
        canvas.box((MARGIN, canvas.y), ROOM, high, "panel", radius=14)
        baseline = canvas.y + high / 2 + LARGE * 0.36
        canvas.text((MARGIN + 24, baseline), place, LARGE, bold=True, role="accent")
        right = canvas.text((WIDTH - MARGIN - 24, baseline), score, LARGE, bold=True, anchor="end")
        canvas.text((MARGIN + 80, baseline), name, LARGE, room=ROOM - 80 - right - 60)
        canvas.y += high + 12


def options(canvas: Canvas, title: str, words: str) -> None:
    """A heading with some lines of text below it."""
    canvas.space(10)
    canvas.paragraph(title, NORMAL, role="soft", bold=True)
    canvas.space(2)
    canvas.paragraph(words, NORMAL, most=4)


def ending(canvas: Canvas, words: str) -> None:
    canvas.space(16)
    canvas.paragraph(words, SMALL, role="soft")


def title(canvas: Canvas, words: str, size: float = TITLE) -> None:
    canvas.paragraph(words, size, bold=True, most=3)
    canvas.space(10)
