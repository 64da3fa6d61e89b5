"""What learners ask the operators, who are people, and whether they were answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.learners import epoch, from_epoch
from store.script import Row, Script, change, row, rows


@dataclass(frozen=True, slots=True)
class HelpRequest:
    id: int
    learner: int
    words: str
    asked_at: datetime
    is_answered: bool


def ask_for_help(learner: int, words: str, now: datetime) -> Script[int]:
    made = yield from row(
        "insert into help_requests (learner, words, asked_at) values (:learner, :words, :now) "
        "returning id",
        learner=learner,
        words=words,
        now=epoch(now),
    )
    if made is None:
        raise LookupError("help_requests: expected the new row back, found none")
    return int(made["id"])


def help_request_with(id: int) -> Script[HelpRequest | None]:
    found = yield from row("select * from help_requests where id = :id", id=id)
    return _request(found) if found else None


def open_help_requests(limit: int) -> Script[Sequence[HelpRequest]]:
    """The longest waiting first."""
    found = yield from rows(
        "select * from help_requests where answered_at is null order by asked_at limit :limit",
        limit=limit,
    )
    return [_request(one) for one in found]


def count_open_help(learner: int) -> Script[int]:
    found = yield from row(
        "select count(*) as n from help_requests where learner = :learner and answered_at is null",
        learner=learner,
    )
    return int(found["n"]) if found else 0


def note_help_given(id: int, now: datetime) -> Script[None]:
    yield from change(
        "update help_requests set answered_at = :now where id = :id", id=id, now=epoch(now)
    )


def _request(found: Row) -> HelpRequest:
    return HelpRequest(
        found["id"],
        found["learner"],
        found["words"],
        from_epoch(found["asked_at"]),
        found["answered_at"] is not None,
    )
