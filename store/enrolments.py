"""Enrolments and the dated facts of each, from which its plan is computed."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from learning.plan import Completion, Pace, Pause, Postponement, Record, Skip
from learning.rhythm import Minutes
from store.learners import epoch
from store.script import Script, change, change_each, row, rows


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One learner following one curriculum, with all that happened in it."""

    id: int
    learner: int
    curriculum: str
    version: int
    record: Record


def active_enrolment(learner: int) -> Script[Enrolment | None]:
    found = yield from row(
        "select id, curriculum, version, started_on from enrolments "
        "where learner = :learner and state = 'active'",
        learner=learner,
    )
    if found is None:
        return None
    record = yield from _record(found["id"], date.fromisoformat(found["started_on"]))
    return Enrolment(found["id"], learner, found["curriculum"], found["version"], record)


def _record(enrolment: int, started_on: date) -> Script[Record]:
    """Gather an enrolment's facts in one statement; their number is bounded by its curriculum."""
    facts = yield from rows(
        "select 'done' as fact, task, day, evidence as detail from completions "
        "where enrolment = :enrolment "
        "union all select 'later', task, day, until from postponements "
        "where enrolment = :enrolment "
        "union all select 'skip', task, day, null from skips where enrolment = :enrolment "
        "union all select 'pace', '', since, minutes from paces where enrolment = :enrolment "
        "union all select 'pause', '', since, until from pauses where enrolment = :enrolment "
        "union all select 'return', '', day, way from returns where enrolment = :enrolment "
        "order by day",
        enrolment=enrolment,
    )
    completions: dict[str, Completion] = {}
    postponements: list[Postponement] = []
    skips: list[Skip] = []
    paces: list[Pace] = []
    pauses: list[Pause] = []
    returns: list[date] = []
    for fact in facts:
        task, detail = fact["task"], fact["detail"]
        day = date.fromisoformat(fact["day"])
        match fact["fact"]:
            case "done":
                completions[task] = Completion(task, day, detail)
            case "later":
                postponements.append(Postponement(task, day, date.fromisoformat(detail)))
            case "skip":
                skips.append(Skip(task, day))
            case "pace":
                paces.append(Pace(day, _minutes(detail)))
            case "return":
                returns.append(day)
            case _:
                pauses.append(Pause(day, date.fromisoformat(detail) if detail else None))
    return Record(started_on, paces, pauses, completions, postponements, skips, returns)


def _minutes(text: str) -> Minutes:
    mon, tue, wed, thu, fri, sat, sun = json.loads(text)
    return (mon, tue, wed, thu, fri, sat, sun)


def enrol(
    learner: int, curriculum: str, version: int, started_on: date, minutes: Minutes
) -> Script[int]:
    """Start a curriculum and give the enrolment's id; the one before it must have been left."""
    found = yield from row(
        "insert into enrolments (learner, curriculum, version, started_on, state) "
        "values (:learner, :curriculum, :version, :started_on, 'active') returning id",
        learner=learner,
        curriculum=curriculum,
        version=version,
        started_on=started_on.isoformat(),
    )
    if found is None:
        raise LookupError("enrolments: expected the new row back, found none")
    id: int = found["id"]
    yield from set_pace(id, started_on, minutes)
    return id


def leave(enrolment: int, day: date) -> Script[None]:
    yield from change(
        "update enrolments set state = 'left', ended_on = :day where id = :enrolment",
        enrolment=enrolment,
        day=day.isoformat(),
    )


def set_pace(enrolment: int, since: date, minutes: Minutes) -> Script[None]:
    yield from change(
        "insert into paces (enrolment, since, minutes) values (:enrolment, :since, :minutes) "
        "on conflict (enrolment, since) do update set minutes = excluded.minutes",
        enrolment=enrolment,
        since=since.isoformat(),
        minutes=json.dumps(minutes),
    )


def pause(enrolment: int, since: date, until: date | None) -> Script[None]:
    yield from change(
        "insert into pauses (enrolment, since, until) values (:enrolment, :since, :until) "
        "on conflict (enrolment, since) do update set until = excluded.until",
        enrolment=enrolment,
        since=since.isoformat(),
        until=until.isoformat() if until else None,
    )


def end_pauses(enrolment: int, day: date) -> Script[int]:
    """Make `day` a day of work again; give the number of pauses that ended."""
    never_began = yield from change(
        "delete from pauses where enrolment = :enrolment and since >= :day",
        enrolment=enrolment,
        day=day.isoformat(),
    )
    cut_short = yield from change(
        "update pauses set until = :day where enrolment = :enrolment "
        "and (until is null or until > :day)",
        enrolment=enrolment,
        day=day.isoformat(),
    )
    return never_began + cut_short


def complete(enrolment: int, task: str, day: date, now: datetime) -> Script[bool]:
    """Record that a task is finished; False when it was already."""
    changed = yield from change(
        "insert into completions (enrolment, task, day, noted_at) "
        "values (:enrolment, :task, :day, :now) on conflict (enrolment, task) do nothing",
        enrolment=enrolment,
        task=task,
        day=day.isoformat(),
        now=epoch(now),
    )
    return changed == 1


def add_evidence(enrolment: int, task: str, evidence: str) -> Script[bool]:
    """Keep the line that shows a finished task; a later line replaces an earlier one."""
    changed = yield from change(
        "update completions set evidence = :evidence where enrolment = :enrolment and task = :task",
        enrolment=enrolment,
        task=task,
        evidence=evidence,
    )
    return changed == 1


def reopen(enrolment: int, task: str, day: date) -> Script[bool]:
    """Take back a mark of the same local day; older marks stay, since past days never change."""
    changed = yield from change(
        "delete from completions where enrolment = :enrolment and task = :task and day = :day",
        enrolment=enrolment,
        task=task,
        day=day.isoformat(),
    )
    changed += yield from change(
        "delete from postponements where enrolment = :enrolment and task = :task and day = :day",
        enrolment=enrolment,
        task=task,
        day=day.isoformat(),
    )
    return changed > 0


def postpone(enrolment: int, task: str, day: date, until: date) -> Script[bool]:
    """Put a task off; False when it was already put off on this day."""
    changed = yield from change(
        "insert into postponements (enrolment, task, day, until) "
        "values (:enrolment, :task, :day, :until) on conflict (enrolment, task, day) do nothing",
        enrolment=enrolment,
        task=task,
        day=day.isoformat(),
        until=until.isoformat(),
    )
    return changed == 1


def skip(enrolment: int, tasks: tuple[str, ...], day: date) -> Script[None]:
    yield from change_each(
        "insert into skips (enrolment, task, day) values (:enrolment, :task, :day) "
        "on conflict (enrolment, task) do nothing",
        [{"enrolment": enrolment, "task": task, "day": day.isoformat()} for task in tasks],
    )


def note_return(enrolment: int, day: date, way: str) -> Script[None]:
    """Remember that a way on was chosen after an absence, so that it is not asked again."""
    yield from change(
        "insert into returns (enrolment, day, way) values (:enrolment, :day, :way) "
        "on conflict (enrolment, day) do update set way = excluded.way",
        enrolment=enrolment,
        day=day.isoformat(),
        way=way,
    )


def note_blocker(enrolment: int, task: str, day: date, note: str, now: datetime) -> Script[None]:
    yield from change(
        "insert into blockers (enrolment, task, day, note, noted_at) "
        "values (:enrolment, :task, :day, :note, :now) "
        "on conflict (enrolment, task, day) do update set note = excluded.note",
        enrolment=enrolment,
        task=task,
        day=day.isoformat(),
        note=note,
        now=epoch(now),
    )
