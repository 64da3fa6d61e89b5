"""A picture while it is drawn: shapes by role, and words that are measured before they are set."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from bot.pictures.lettering import fitted, printable, width, wrapped

WIDTH = 720
MARGIN = 36
ROOM = WIDTH - 2 * MARGIN
# A phone shows the picture about half as wide as it is drawn: nothing is set smaller.
SMALL, NORMAL, LARGE, TITLE, FIGURE = 22, 25, 29, 36, 50
LINE = 1.36

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Set:
    """Words that were set, and the box they take: left, top, right, bottom."""

    words: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Canvas:
    """Draws from the top down; `y` is where what comes next may begin.

    Colours are roles of `bot.pictures.palette`, so that one drawing serves light and dark.
    """

    y: float = MARGIN
    words: list[Set] = field(default_factory=list)
    _shapes: list[str] = field(default_factory=list)

    def text(
        self,
        at: Point,
        words: str,
        size: float,
        *,
        role: str = "ink",
        bold: bool = False,
        anchor: Anchor = "start",
        room: float | None = None,
    ) -> float:
        """Set a line with its baseline at `at`; give its width. It never leaves the margins."""
        x, baseline = at
        to_left, to_right = x - MARGIN, WIDTH - MARGIN - x
        most = {"start": to_right, "end": to_left, "middle": 2 * min(to_left, to_right)}[anchor]
        shown = fitted(printable(words), size, min(most, room or most), bold=bold)
        wide = width(shown, size, bold=bold)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        self.words.append(
            Set(shown, left, baseline - 0.88 * size, left + wide, baseline + 0.12 * size)
        )
        weight = ' font-weight="700"' if bold else ""
        self._shapes.append(
            f'<text x="{_n(left)}" y="{_n(baseline)}" font-size="{_n(size)}"{weight} '
            f'class="{role}">{escape(shown, quote=False)}</text>'
        )
        return wide

    def paragraph(
        self,
        words: str,
        size: float,
        *,
        role: str = "ink",
        bold: bool = False,
        most: int = 2,
        left: float = MARGIN,
        room: float = ROOM,
    ) -> None:
        """Set words in as many lines as they need, below what stands."""
        for line in wrapped(printable(words), size, room, most, bold=bold):
            self.text((left, self.y + size), line, size, role=role, bold=bold, room=room)
            self.y += size * LINE

    def broken(self, words: str, size: float, room: float, most: int) -> list[str]:
        """The words in at most so many lines, as `paragraph` would set them."""
        return wrapped(printable(words), size, room, most)

    def wide(self, words: str, size: float, *, bold: bool = False) -> float:
        return width(printable(words), size, bold=bold)

    def space(self, high: float) -> None:
        self.y += high

    def box(self, at: Point, wide: float, high: float, role: str, *, radius: float = 0) -> None:
        x, y = at
        round_ = f' rx="{_n(min(radius, wide / 2, high / 2))}"' if radius else ""
        self._shapes.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}"{round_} '
            f'class="{role}"/>'
        )

    def boxes(self, corners: Sequence[Point], side: float, role: str, *, radius: float) -> None:
        """Many squares of one role, as one shape."""
        if not corners:
            return
        edge, bend = _n(side - 2 * radius), _n(radius)
        arc = f"a{bend} {bend} 0 0 1"
        path = "".join(
            f"M{_n(x + radius)} {_n(y)}h{edge}{arc} {bend} {bend}v{edge}{arc} -{bend} {bend}"
            f"h-{edge}{arc} -{bend} -{bend}v-{edge}{arc} {bend} -{bend}z"
            for x, y in corners
        )
        self._shapes.append(f'<path d="{path}" class="{role}"/>')

    def line(self, points: Sequence[Point], role: str, *, thick: float = 2, dash: str = "") -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._shapes.append(
            f'<path d="{_path(points)}" fill="none" stroke-width="{_n(thick)}"{dashed} '
            f'stroke-linejoin="round" stroke-linecap="round" class="s-{role}"/>'
        )

    def area(self, points: Sequence[Point], role: str) -> None:
        self._shapes.append(f'<path d="{_path(points)}z" class="{role}"/>')

    def dot(self, at: Point, radius: float, role: str) -> None:
        self._shapes.append(
            f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}" class="{role}"/>'
        )

    def svg(self) -> str:
        high = _n(self.y + MARGIN)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{high}" '
            f'viewBox="0 0 {WIDTH} {high}"><rect width="{WIDTH}" height="{high}" class="page"/>'
            + "".join(self._shapes)
            + "</svg>"
        )


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(number: float) -> str:
    """A number in as few characters as a picture needs."""
    return f"{number:.1f}".removesuffix(".0")
