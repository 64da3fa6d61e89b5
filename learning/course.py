"""The course of an enrolment over time, as a picture shows it: what was meant, done, and is ahead.

Shares are of the minutes of all tasks on the learner's route, from 0 to 1.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from learning.curriculum import Curriculum
from learning.plan import Record, minutes_for_tasks
from learning.progress import Progress
from learning.rhythm import Rhythm

# A picture's width holds no more, and a curve of days needs none.
MOST_POINTS = 40

Curve = tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class Course:
    """Curves of (day, share), each from its first day to its last.

    `planned` is the plan of the first day. `ahead` leads on from today at the pace that was
    chosen, `real` at that of the last weeks where it differs; between them lies what is likely.
    """

    planned: Curve
    done: Curve
    ahead: Curve = ()
    real: Curve = ()


def minutes_by_day(minutes_of: Mapping[str, int], record: Record) -> dict[date, int]:
    """Minutes of the tasks finished on each day; a habit's day counts although its minutes do not.

    `minutes_of` gives the minutes of every task followed.
    """
    found: Counter[date] = Counter()
    for one in record.all_completions.values():
        found[one.day] += minutes_of.get(one.task, 0)
    return dict(found)


def course_of(
    curriculum: Curriculum,
    rhythm: Rhythm,
    record: Record,
    progress: Progress,
    today: date,
    finishes: Mapping[str, date | None],
) -> Course:
    """The curves of one curriculum.

    `finishes` are the days it ends on by the plan of the first day (`planned`), at today's pace
    (`ahead`) and at the real one (`real`); None where that is out of sight.
    """
    begun = record.started_on
    first = [pace for pace in record.paces if pace.since <= begun] or record.paces[:1]
    first_plan = Record(begun, first)
    done = _done(curriculum, record, progress.minutes, today)
    share = done[-1][1]

    def leading(name: str, since: date, begin: float, plan: Record) -> Curve:
        finish = finishes.get(name)
        if finish is None or finish < since or begin >= 1:
            return ()
        return _spread(since, finish, begin, lambda day: minutes_for_tasks(rhythm, plan, day))

    is_begun = today >= begun
    return Course(
        leading("planned", begun, 0.0, first_plan),
        done,
        leading("ahead", today, share, record) if is_begun else (),
        leading("real", today, share, record) if is_begun else (),
    )


def _done(curriculum: Curriculum, record: Record, whole: int, today: date) -> Curve:
    by_day: Counter[date] = Counter()
    for one in record.completions.values():
        if one.day <= today:
            by_day[one.day] += curriculum.minutes_of.get(one.task, 0)
    points = [(record.started_on, 0.0)]
    minutes = 0
    for day in sorted(by_day):
        minutes += by_day[day]
        points.append((max(day, record.started_on), min(1.0, minutes / max(1, whole))))
    if today > points[-1][0]:
        points.append((today, points[-1][1]))
    return _thinned(points)


def _spread(since: date, finish: date, begin: float, minutes_on: Callable[[date], int]) -> Curve:
    """From `begin` to 1, rising as much on each day as it has minutes."""
    days = [since + timedelta(days=n) for n in range(1, (finish - since).days + 1)]
    rooms = [minutes_on(day) for day in days]
    whole = sum(rooms)
    points = [(since, begin)]
    gone = 0
    for day, room in zip(days, rooms, strict=True):
        gone += room
        points.append((day, begin + (1 - begin) * (gone / whole if whole else 1.0)))
    return _thinned(points)


def _thinned(points: Sequence[tuple[date, float]]) -> Curve:
    step = len(points) // MOST_POINTS + 1
    return (*points[:-1:step], points[-1])


def study_levels(
    minutes: Mapping[date, int], answered_on: Collection[date], planned: int
) -> dict[date, int]:
    """How much was done on each study day, from 1 (a little) to 4 (well over the plan).

    `planned` are the minutes of a usual day; days of reviews alone count as a little.
    """
    levels = dict.fromkeys(answered_on, 1)
    for day, done in minutes.items():
        levels[day] = max(levels.get(day, 1), _level(done, max(planned, 1)))
    return levels


def _level(done: int, planned: int) -> int:
    return 1 + sum(done >= share * planned for share in (0.5, 1.0, 1.6))
