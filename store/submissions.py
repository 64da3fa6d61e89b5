"""Code that learners handed in: what was read, while it is talked about, and what it showed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter

from learning.code_review.examined import Examined
from store.learners import epoch
from store.script import Row, Script, among, change, row, rows

_FILES = TypeAdapter(tuple[Examined, ...])


@dataclass(frozen=True, slots=True)
class Submission:
    """`files` are empty once the time to keep them is over; what they showed is kept apart.

    `task` is the id of the task it was handed in for.
    """

    id: int
    address: str
    files: tuple[Examined, ...]
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """That a submission breaks a rule, or does what it asks, on a learner's day."""

    rule: str
    day: date
    is_fine: bool


def keep_submission(
    learner: int, address: str, digest: str, files: Sequence[Examined], now: datetime
) -> Script[Submission]:
    """Keep what was read; the same code handed in again takes the earlier one's place."""
    found = yield from row(
        "insert into submissions (learner, address, digest, files, at) "
        "values (:learner, :address, :digest, :files, :now) "
        "on conflict (learner, digest) do update set address = :address, files = :files, at = :now "
        "returning *",
        learner=learner,
        address=address,
        digest=digest,
        files=_FILES.dump_json(tuple(files), exclude_defaults=True).decode(),
        now=epoch(now),
    )
    if found is None:
        raise LookupError("submissions: expected the new row back, found none")
    return _submission(found)


def keep_shown(
    learner: int, submission: int, day: date, broken: Iterable[str], fine: Iterable[str]
) -> Script[None]:
    """Keep which rules a submission breaks and meets; what was kept of it before is replaced."""
    yield from change(
        "delete from code_findings where submission = :submission", submission=submission
    )
    for rules, is_fine in ((broken, 0), (fine, 1)):
        for rule in rules:
            yield from change(
                "insert into code_findings (submission, learner, rule, is_fine, day) "
                "values (:submission, :learner, :rule, :is_fine, :day) on conflict do nothing",
                submission=submission,
                learner=learner,
                rule=rule,
                is_fine=is_fine,
                day=day.isoformat(),
            )


def submission_with(id: int, learner: int) -> Script[Submission | None]:
    found = yield from row(
        "select * from submissions where id = :id and learner = :learner", id=id, learner=learner
    )
    return _submission(found) if found else None


def latest_submission(learner: int, address: str, since: datetime) -> Script[Submission | None]:
    """The last code handed in at an address that is still there to be talked about."""
    found = yield from row(
        "select * from submissions where learner = :learner and address = :address "
        "and at >= :since and files is not null order by at desc, id desc limit 1",
        learner=learner,
        address=address,
        since=epoch(since),
    )
    return _submission(found) if found else None


def hand_in_for(submission: int, task: str) -> Script[None]:
    yield from change(
        "update submissions set task = :task where id = :id", id=submission, task=task
    )


def times_broken(learner: int, rules: Collection[str]) -> Script[dict[str, int]]:
    """In how many submissions each of some rules was broken."""
    if not rules:
        return {}
    gaps, values = among("rule", sorted(rules))
    found = yield from rows(
        "select rule, count(*) as times from code_findings where learner = :learner "
        f"and is_fine = 0 and rule in ({gaps}) group by rule",
        learner=learner,
        **values,
    )
    return {str(one["rule"]): int(one["times"]) for one in found}


def shown_of(learner: int, rules: Collection[str]) -> Script[Sequence[Shown]]:
    """What code showed of some rules, the oldest first."""
    if not rules:
        return []
    gaps, values = among("rule", sorted(rules))
    found = yield from rows(
        "select rule, day, is_fine from code_findings where learner = :learner "
        f"and rule in ({gaps}) order by day, submission, rule",
        learner=learner,
        **values,
    )
    return [
        Shown(one["rule"], date.fromisoformat(one["day"]), bool(one["is_fine"])) for one in found
    ]


def drop_code_before(before: datetime) -> Script[int]:
    """Empty the submissions whose time is over; returns how many."""
    return (
        yield from change(
            "update submissions set files = null where files is not null and at < :before",
            before=epoch(before),
        )
    )


def _submission(found: Row) -> Submission:
    files = _FILES.validate_json(found["files"]) if found["files"] else ()
    return Submission(found["id"], found["address"], files, found["task"])
