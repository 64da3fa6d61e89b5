"""What learners say of their own work: weekly checks, criteria met, passes of problems."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from store.learners import epoch
from store.script import Script, change, change_each, row, rows


@dataclass(frozen=True, slots=True)
class Met:
    """A criterion the learner says is met, on which day, and what shows it."""

    criterion: str
    day: date
    evidence: str | None


def meet(
    enrolment: int, criterion: str, day: date, evidence: str | None, now: datetime
) -> Script[None]:
    """Tick a criterion; new evidence replaces what was there, and none leaves it."""
    yield from change(
        "insert into criteria_met (enrolment, criterion, day, evidence, noted_at) "
        "values (:enrolment, :criterion, :day, :evidence, :now) "
        "on conflict (enrolment, criterion) do update set "
        "evidence = coalesce(excluded.evidence, criteria_met.evidence)",
        enrolment=enrolment,
        criterion=criterion,
        day=day.isoformat(),
        evidence=evidence,
        now=epoch(now),
    )


def unmeet(enrolment: int, criterion: str) -> Script[None]:
    yield from change(
        "delete from criteria_met where enrolment = :enrolment and criterion = :criterion",
        enrolment=enrolment,
        criterion=criterion,
    )


def criteria_met(enrolment: int) -> Script[dict[str, Met]]:
    found = yield from rows(
        "select criterion, day, evidence from criteria_met where enrolment = :enrolment",
        enrolment=enrolment,
    )
    return {
        one["criterion"]: Met(one["criterion"], date.fromisoformat(one["day"]), one["evidence"])
        for one in found
    }


def keep_check(
    enrolment: int, monday: date, answers: Mapping[str, int], now: datetime
) -> Script[None]:
    """Keep the week's answers, by scale; a second check of a week replaces the first."""
    yield from change(
        "insert into weekly_checks (enrolment, monday, answers, noted_at) "
        "values (:enrolment, :monday, :answers, :now) "
        "on conflict (enrolment, monday) do update set answers = excluded.answers, "
        "noted_at = excluded.noted_at",
        enrolment=enrolment,
        monday=monday.isoformat(),
        answers=json.dumps(dict(answers)),
        now=epoch(now),
    )


def check_of(enrolment: int, monday: date) -> Script[dict[str, int] | None]:
    found = yield from row(
        "select answers from weekly_checks where enrolment = :enrolment and monday = :monday",
        enrolment=enrolment,
        monday=monday.isoformat(),
    )
    return dict(json.loads(found["answers"])) if found else None


def check_before(enrolment: int, monday: date) -> Script[dict[str, int] | None]:
    """The latest check of an earlier week."""
    found = yield from row(
        "select answers from weekly_checks where enrolment = :enrolment and monday < :monday "
        "order by monday desc limit 1",
        enrolment=enrolment,
        monday=monday.isoformat(),
    )
    return dict(json.loads(found["answers"])) if found else None


def log_pass(learner: int, problem: str, day: date, now: datetime) -> Script[bool]:
    """Note that a problem was solved on a day; False when that day has it already."""
    changed = yield from change(
        "insert into passes (learner, problem, day, noted_at) "
        "values (:learner, :problem, :day, :now) "
        "on conflict (learner, problem, day) do nothing",
        learner=learner,
        problem=problem,
        day=day.isoformat(),
        now=epoch(now),
    )
    return changed == 1


def take_back_pass(learner: int, problem: str, day: date) -> Script[None]:
    yield from change(
        "delete from passes where learner = :learner and problem = :problem and day = :day",
        learner=learner,
        problem=problem,
        day=day.isoformat(),
    )


def take_back_passes_of(
    learner: int, enrolment: int, task: str, problems: Collection[str], day: date
) -> Script[None]:
    """Take back the passes that came with a task done on `day`; those logged by themselves stay."""
    for problem in problems:
        yield from change(
            "delete from passes where learner = :learner and problem = :problem and day = :day "
            "and noted_at = (select noted_at from completions where enrolment = :enrolment "
            "and task = :task and day = :day)",
            learner=learner,
            problem=problem,
            enrolment=enrolment,
            task=task,
            day=day.isoformat(),
        )


def take_back_latest(learner: int, day: date, kept: Collection[str]) -> Script[tuple[str, ...]]:
    """Take back the passes of a day that were noted last, together; those `kept` stay."""
    found = yield from rows(
        "select problem, noted_at from passes where learner = :learner and day = :day "
        "order by noted_at desc, problem",
        learner=learner,
        day=day.isoformat(),
    )
    own = [one for one in found if one["problem"] not in kept]
    latest = tuple(one["problem"] for one in own if one["noted_at"] == own[0]["noted_at"])
    for problem in latest:
        yield from take_back_pass(learner, problem, day)
    return latest


def passes_of(learner: int) -> Script[dict[str, int]]:
    """How often the learner solved each problem, on how many different days."""
    found = yield from rows(
        "select problem, count(*) as passes from passes where learner = :learner group by problem",
        learner=learner,
    )
    return {one["problem"]: one["passes"] for one in found}


def passes_since(learner: int, day: date) -> Script[int]:
    """How many problems were solved since a day, each counted once a day."""
    found = yield from row(
        "select count(*) as passes from passes where learner = :learner and day >= :day",
        learner=learner,
        day=day.isoformat(),
    )
    return int(found["passes"]) if found else 0


def log_unnamed(learner: int, count: int, day: date, now: datetime) -> Script[None]:
    """Note problems that were counted but not named; they add to those of the same day."""
    found = yield from row(
        "select count(*) as before from passes "
        "where learner = :learner and day = :day and problem like '#%'",
        learner=learner,
        day=day.isoformat(),
    )
    first = (found["before"] if found else 0) + 1
    yield from change_each(
        "insert into passes (learner, problem, day, noted_at) "
        "values (:learner, :problem, :day, :now)",
        [
            {
                "learner": learner,
                "problem": f"#{day.isoformat()}-{first + n}",
                "day": day.isoformat(),
                "now": epoch(now),
            }
            for n in range(count)
        ],
    )
