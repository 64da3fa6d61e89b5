"""What a learner looks at: stages, study days, the plan beside what was done, and what is known."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.pictures.canvas import LARGE, LINE, MARGIN, NORMAL, ROOM, SMALL, TITLE, WIDTH, Canvas
from bot.pictures.palette import LEVELS
from bot.texts import Texts
from learning.course import Course, Curve

BAR = 20
# So many weeks fill the width, with cells that can be told apart on a phone.
WEEKS = 17
CELL, GAP = 29, 6
# How far to the right a pace that leads far away is followed, in lengths of the plan.
FARTHEST = 1.5


def headed(canvas: Canvas, title: str, *, below: str = "") -> None:
    canvas.paragraph(title, TITLE, bold=True)
    if below:
        canvas.paragraph(below, NORMAL, role="soft")
    canvas.space(14)


def section(canvas: Canvas, title: str) -> None:
    canvas.space(18)
    canvas.paragraph(title, LARGE, bold=True, most=1)
    canvas.space(6)


# Stages ------------------------------------------------------------------------------------------


def stage_bars(canvas: Canvas, stages: Sequence[tuple[str, int, int]]) -> None:
    """Bars of (title, done, tasks); the first open one is the one the learner is in."""
    here = next((n for n, (_, done, tasks) in enumerate(stages) if done < tasks), None)
    for number, (title, done, tasks) in enumerate(stages):
        counted = f"{done}/{tasks}"
        room = ROOM - 130
        canvas.paragraph(title, SMALL, bold=number == here, room=room)
        canvas.text(
            (WIDTH - MARGIN, canvas.y - SMALL * (LINE - 1)),
            counted,
            SMALL,
            role="soft",
            anchor="end",
        )
        canvas.space(4)
        bar(canvas, done / tasks if tasks else 0)
        canvas.space(14)


def bar(canvas: Canvas, share: float, *, role: str = "done") -> None:
    canvas.box((MARGIN, canvas.y), ROOM, BAR, "level0", radius=BAR / 2)
    if share > 0:
        canvas.box((MARGIN, canvas.y), max(BAR, ROOM * min(1, share)), BAR, role, radius=BAR / 2)
    canvas.y += BAR


# Study days --------------------------------------------------------------------------------------


def heat_map(
    canvas: Canvas, levels: Mapping[date, int], since: date, today: date, texts: Texts
) -> None:
    """One square a day, a column a week, from the first week on; days to come are only hinted at.

    Levels run from 0 to 4. After some months the present week is the last.
    """
    first = max(_monday(since), _monday(today) - timedelta(weeks=WEEKS - 1))
    left = WIDTH - MARGIN - WEEKS * (CELL + GAP) + GAP
    top = canvas.y + SMALL * LINE
    _months(canvas, first, left, top - 10, texts)
    squares: dict[str, list[tuple[float, float]]] = {}
    for week in range(WEEKS):
        for weekday in range(7):
            day = first + timedelta(weeks=week, days=weekday)
            role = f"level{levels.get(day, 0)}" if since <= day <= today else "panel"
            at = (left + week * (CELL + GAP), top + weekday * (CELL + GAP))
            squares.setdefault(role, []).append(at)
    for role, corners in squares.items():
        canvas.boxes(corners, CELL, role, radius=5)
    for weekday in (0, 2, 4, 6):
        baseline = top + weekday * (CELL + GAP) + CELL * 0.78
        name = texts.weekday(first + timedelta(days=weekday))
        canvas.text((left - 12, baseline), name, SMALL, role="soft", anchor="end")
    canvas.y = top + 7 * (CELL + GAP)
    _legend(canvas, texts)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _months(canvas: Canvas, first: date, left: float, baseline: float, texts: Texts) -> None:
    free_from = left
    for week in range(WEEKS):
        day = first + timedelta(weeks=week)
        begins = day.day <= 7 or week == 0
        at = left + week * (CELL + GAP)
        name = texts.month(day)
        if begins and free_from <= at <= WIDTH - MARGIN - canvas.wide(name, SMALL):
            free_from = at + canvas.text((at, baseline), name, SMALL, role="soft") + SMALL


def _legend(canvas: Canvas, texts: Texts) -> None:
    canvas.space(10)
    baseline = canvas.y + SMALL
    x = float(MARGIN)
    x += canvas.text((x, baseline), texts.label("picture.less"), SMALL, role="soft") + 12
    for level in range(LEVELS):
        canvas.boxes([(x, canvas.y)], CELL - 3, f"level{level}", radius=5)
        x += CELL + 3
    canvas.text((x + 8, baseline), texts.label("picture.more"), SMALL, role="soft")
    canvas.y = baseline + 8


# The plan and what was done ----------------------------------------------------------------------

CURVE_HIGH = 260


def plan_and_done(canvas: Canvas, course: Course, today: date, texts: Texts) -> None:
    """Shares of the whole over time: planned, done, and ahead with the band of what is likely."""
    known = [curve for curve in (course.planned, course.done, course.ahead) if curve]
    first, last = min(c[0][0] for c in known), max(c[-1][0] for c in known)
    if course.real:
        last = max(last, min(course.real[-1][0], first + (last - first) * FARTHEST))
    days = max(1, (last - first).days)
    left, wide = MARGIN + 78, ROOM - 78 - 8
    top, high = canvas.y + 12, CURVE_HIGH

    def at(day: date, share: float) -> tuple[float, float]:
        return left + wide * (day - first).days / days, top + high * (1 - share)

    def points(curve: Curve) -> list[tuple[float, float]]:
        return [at(day, share) for day, share in curve]

    for quarter in (0, 50, 100):
        _, y = at(first, quarter / 100)
        canvas.line([(left, y), (left + wide, y)], "rule", thick=1.5)
        canvas.text((left - 14, y + 8), f"{quarter}%", SMALL, role="soft", anchor="end")
    real = _until(course.real, last)
    if course.ahead and real:
        # Where the slow line leaves the picture, the band goes on to its edge.
        edge = [at(last, 1)] if real[-1][1] < 1 else []
        canvas.area([*points(course.ahead), *edge, *reversed(points(real))], "band")
    if course.planned:
        canvas.line(points(course.planned), "plan", thick=3, dash="2 9")
    for curve in (course.ahead, real):
        if curve:
            canvas.line(points(curve), "ahead", thick=3, dash="10 8")
    canvas.line(points(course.done), "done", thick=6)
    canvas.dot(points(course.done)[-1], 9, "done")
    canvas.y = top + high
    _dates_below(canvas, [(first, left), (last, left + wide)], (today, at(today, 0)[0]), texts)
    _keys(canvas, course, texts)


def _until(curve: Curve, last: date) -> Curve:
    """The curve as far as `last`, with the point that it crosses there."""
    kept = [point for point in curve if point[0] <= last]
    if not kept or len(kept) == len(curve):
        return curve
    (day, share), (later, more) = kept[-1], curve[len(kept)]
    part = (last - day).days / (later - day).days
    return (*kept, (last, share + (more - share) * part))


def _dates_below(
    canvas: Canvas,
    ends: Sequence[tuple[date, float]],
    now: tuple[date, float],
    texts: Texts,
) -> None:
    baseline = canvas.y + SMALL + 14
    (first, left), (last, right) = ends
    begin = canvas.text((left, baseline), texts.day(first, "short"), SMALL, role="soft")
    year = "long" if last.year != first.year else "short"
    end = canvas.text((right, baseline), texts.day(last, year), SMALL, role="soft", anchor="end")
    words = texts.label("picture.today")
    today, x = now
    half = SMALL * len(words)
    if first < today < last and left + begin + half < x < right - end - half:
        canvas.text((x, baseline), words, SMALL, role="done", bold=True, anchor="middle")
    canvas.y = baseline + 12


def _keys(canvas: Canvas, course: Course, texts: Texts) -> None:
    """What each line means, with its colour and its pattern, as far as it is there."""
    keys = [("done", "", 6.0, "picture.key_done")]
    if course.planned:
        keys.append(("plan", "2 9", 3.0, "picture.key_plan"))
    if course.ahead:
        keys.append(("ahead", "10 8", 3.0, "picture.key_ahead"))
    x = float(MARGIN)
    canvas.space(8)
    for role, dash, thick, key in keys:
        middle = canvas.y + SMALL * 0.62
        canvas.line([(x, middle), (x + 44, middle)], role, thick=thick, dash=dash)
        x += 56
        x += canvas.text((x, canvas.y + SMALL), texts.label(key), SMALL, role="soft") + 30
    canvas.y += SMALL * LINE


# What is known -----------------------------------------------------------------------------------

RADIUS, SMALLEST_RADIUS = 190, 80
# Names stand a little beyond the ends; those of upright axes in their middle.
BEYOND, UPRIGHT = 1.1, 0.05
RINGS = (0.25, 0.5, 0.75, 1.0)
# Fewer corners make no figure.
FEWEST_SPOKES = 3


@dataclass(frozen=True, slots=True)
class Spoke:
    """A group of concepts: how well the measured ones are known, 0 to 1, and how many those are."""

    name: str
    known: float
    measured: int
    of: int


def mastery_radar(canvas: Canvas, spokes: Sequence[Spoke], texts: Texts) -> None:
    """One axis for each group of concepts that something was asked about, and a line for every one.

    What was never asked has no axis: unknown to us is no weakness.
    """
    asked = [one for one in spokes if one.measured]
    if len(asked) >= FEWEST_SPOKES:
        _radar(canvas, asked)
    for spoke in spokes:
        counted = texts.label("picture.measured", measured=spoke.measured, of=spoke.of)
        value = f"{round(100 * spoke.known)}%" if spoke.measured else "–"
        baseline = canvas.y + SMALL
        right = canvas.text((WIDTH - MARGIN, baseline), counted, SMALL, role="soft", anchor="end")
        canvas.text((MARGIN, baseline), value, SMALL, bold=True)
        canvas.text((MARGIN + 84, baseline), spoke.name, SMALL, room=ROOM - right - 100)
        canvas.y += SMALL * LINE + 6


def _radar(canvas: Canvas, spokes: Sequence[Spoke]) -> None:
    turn = 2 * math.pi / len(spokes)
    sides = [math.sin(n * turn) for n in range(len(spokes))]
    radius = _radius(canvas, [spoke.name for spoke in spokes], sides)
    middle = (WIDTH / 2, canvas.y + radius + 2 * SMALL)

    def at(number: int, share: float) -> tuple[float, float]:
        angle = number * turn
        far = radius * share
        return middle[0] + far * math.sin(angle), middle[1] - far * math.cos(angle)

    for ring in RINGS:
        corners = [at(n, ring) for n in range(len(spokes))]
        canvas.line([*corners, corners[0]], "rule", thick=1.5)
    for n in range(len(spokes)):
        canvas.line([middle, at(n, 1)], "rule", thick=1.5)
    figure = [at(n, spoke.known) for n, spoke in enumerate(spokes)]
    canvas.area(figure, "band")
    canvas.line([*figure, figure[0]], "ahead", thick=4)
    for n, spoke in enumerate(spokes):
        canvas.dot(figure[n], 7, "ahead")
        _named(canvas, spoke.name, at(n, BEYOND), sides[n])
    canvas.y = max(at(n, BEYOND)[1] for n in range(len(spokes))) + 3 * SMALL


def _radius(canvas: Canvas, names: Sequence[str], sides: Sequence[float]) -> float:
    """As large as leaves each name the room beside the end of its axis."""
    far = [
        (ROOM / 2 - canvas.wide(name, SMALL) - 1) / (BEYOND * abs(side))
        for name, side in zip(names, sides, strict=True)
        if abs(side) > UPRIGHT
    ]
    return max(SMALLEST_RADIUS, min([RADIUS, *far]))


def _named(canvas: Canvas, name: str, at: tuple[float, float], side: float) -> None:
    """A group's name beside the end of its axis, on the side that looks away."""
    x, y = at
    if abs(side) <= UPRIGHT:
        canvas.text((x, y + SMALL * 0.35), name, SMALL, anchor="middle")
    else:
        canvas.text((x, y + SMALL * 0.35), name, SMALL, anchor="start" if side > 0 else "end")
