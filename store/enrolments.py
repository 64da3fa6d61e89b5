"""Enrolments and the dated facts of each, from which its plan is computed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from learning.plan import Completion, Pace, Pause, Pick, Postponement, Record, Skip
from learning.rhythm import Minutes
from learning.values import Words
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


def active_enrolments(learner: int) -> Script[tuple[Enrolment, ...]]:
    """What the learner follows, the first begun first; its minutes hold for all."""
    found = yield from rows(
        "select id, curriculum, version, started_on from enrolments "
        "where learner = :learner and state = 'active' order by id",
        learner=learner,
    )
    enrolments = []
    for one in found:
        record = yield from _record(one["id"], date.fromisoformat(one["started_on"]))
        enrolments.append(Enrolment(one["id"], learner, one["curriculum"], one["version"], record))
    return tuple(enrolments)


@dataclass(frozen=True, slots=True)
class PastTask:
    """A task finished in a curriculum, followed still or left, in the words of then."""

    curriculum: str
    task: str
    day: date


def past_tasks(learner: int, but: int | None = None) -> Script[tuple[PastTask, ...]]:
    """Everything the learner ever finished, outside the enrolment `but`."""
    found = yield from rows(
        "select e.curriculum, c.task, c.day from enrolments e "
        "join completions c on c.enrolment = e.id "
        "where e.learner = :learner and e.id <> :but order by c.day",
        learner=learner,
        but=but or 0,
    )
    return tuple(
        PastTask(one["curriculum"], one["task"], date.fromisoformat(one["day"])) for one in found
    )


def _record(enrolment: int, started_on: date) -> Script[Record]:
    """Gather an enrolment's facts in one statement; their number is bounded by its curriculum."""
    facts = yield from rows(
        "select 'done' as fact, task as what, day, evidence as detail, title, wording "
        "from completions where enrolment = :enrolment "
        "union all select 'later', task, day, until, null, null from postponements "
        "where enrolment = :enrolment "
        "union all select 'skip', task, day, origin, null, null from skips "
        "where enrolment = :enrolment "
        "union all select 'pace', '', since, minutes, null, null from paces "
        "where enrolment = :enrolment "
        "union all select 'pause', '', since, until, null, null from pauses "
        "where enrolment = :enrolment "
        "union all select 'return', '', day, way, null, null from returns "
        "where enrolment = :enrolment "
        "union all select 'pick', choice, day, options, null, null from picks "
        "where enrolment = :enrolment "
        "order by day",
        enrolment=enrolment,
    )
    completions: dict[str, Completion] = {}
    postponements: list[Postponement] = []
    skips: list[Skip] = []
    paces: list[Pace] = []
    pauses: list[Pause] = []
    returns: list[date] = []
    picks: list[Pick] = []
    for fact in facts:
        task, detail = fact["what"], fact["detail"]
        day = date.fromisoformat(fact["day"])
        match fact["fact"]:
            case "done":
                title = Words.model_validate_json(fact["title"]) if fact["title"] else None
                completions[task] = Completion(task, day, detail, title, fact["wording"])
            case "later":
                postponements.append(Postponement(task, day, date.fromisoformat(detail)))
            case "skip":
                skips.append(Skip(task, day, detail))
            case "pace":
                paces.append(Pace(day, _minutes(detail)))
            case "return":
                returns.append(day)
            case "pick":
                picks.append(Pick(task, tuple(json.loads(detail)), day))
            case _:
                pauses.append(Pause(day, date.fromisoformat(detail) if detail else None))
    return Record(started_on, paces, pauses, completions, postponements, skips, returns, picks)


def _minutes(text: str) -> Minutes:
    mon, tue, wed, thu, fri, sat, sun = json.loads(text)
    return (mon, tue, wed, thu, fri, sat, sun)


def enrol(
    learner: int, curriculum: str, version: int, started_on: date, minutes: Minutes
) -> Script[int]:
    """Start a curriculum and give the enrolment's id; each is followed once at a time."""
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


def complete(
    enrolment: int, task: str, title: Words, wording: str, day: date, now: datetime
) -> Script[bool]:
    """Record that a task is finished, as it is worded now; False when it was already."""
    changed = yield from change(
        "insert into completions (enrolment, task, title, wording, day, noted_at) "
        "values (:enrolment, :task, :title, :wording, :day, :now) "
        "on conflict (enrolment, task) do nothing",
        enrolment=enrolment,
        task=task,
        title=title.model_dump_json(include={"zh", "en"}),
        wording=wording,
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


def skip(
    enrolment: int, tasks: Sequence[str], day: date, origin: str | None = None
) -> Script[None]:
    """Leave tasks out from a day on; `origin` names what may take it back."""
    yield from change_each(
        "insert into skips (enrolment, task, day, origin) "
        "values (:enrolment, :task, :day, :origin) on conflict (enrolment, task) do nothing",
        [
            {"enrolment": enrolment, "task": task, "day": day.isoformat(), "origin": origin}
            for task in tasks
        ],
    )


def take_back_skips(enrolment: int, origin: str) -> Script[int]:
    """Take in again what was left out by one origin; give the number."""
    return (
        yield from change(
            "delete from skips where enrolment = :enrolment and origin = :origin",
            enrolment=enrolment,
            origin=origin,
        )
    )


def pick(enrolment: int, choice: str, options: tuple[str, ...], day: date) -> Script[None]:
    """Take options from `day` on; what held on earlier days stays."""
    yield from change(
        "insert into picks (enrolment, choice, day, options) "
        "values (:enrolment, :choice, :day, :options) "
        "on conflict (enrolment, choice, day) do update set options = excluded.options",
        enrolment=enrolment,
        choice=choice,
        day=day.isoformat(),
        options=json.dumps(options),
    )


def see_version(enrolment: int, version: int) -> Script[bool]:
    """Note the version of the curriculum a learner now follows; True when it is a new one."""
    changed = yield from change(
        "update enrolments set version = :version where id = :enrolment and version <> :version",
        enrolment=enrolment,
        version=version,
    )
    return changed == 1


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


@dataclass(frozen=True, slots=True)
class Blocker:
    """What a learner said holds them up; `note` is empty when they did not say."""

    task: str
    note: str


def latest_blockers(enrolment: int, since: date) -> Script[tuple[Blocker, ...]]:
    """The blockers noted since a day, the latest first; some may be solved by now."""
    found = yield from rows(
        "select task, note from blockers where enrolment = :enrolment and day >= :since "
        "order by day desc, noted_at desc, task",
        enrolment=enrolment,
        since=since.isoformat(),
    )
    return tuple(Blocker(one["task"], one["note"]) for one in found)
