"""A learner's accounts: which there are, and codes by which another is joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from store.cohorts import hand_over
from store.learners import epoch
from store.personal import erase
from store.script import Script, change, row, rows

CODE_BYTES = 5
CODE_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Identity:
    """An account on a platform; its address is where its owner is met alone."""

    platform: str
    person: str

    @property
    def address(self) -> str:
        return f"{self.platform}:{self.person}"


def identities_of(learner: int) -> Script[Sequence[Identity]]:
    found = yield from rows(
        "select platform, person from identities where learner = :learner "
        "order by platform, person",
        learner=learner,
    )
    return [Identity(one["platform"], one["person"]) for one in found]


def make_code(learner: int, now: datetime) -> Script[str]:
    """A code that joins one more account to this learner, once; an earlier one ends with it."""
    yield from change(
        "delete from link_codes where expires_at <= :now or learner = :learner",
        now=epoch(now),
        learner=learner,
    )
    code = token_hex(CODE_BYTES).upper()
    yield from change(
        "insert into link_codes (code, learner, expires_at) values (:code, :learner, :until)",
        code=code,
        learner=learner,
        until=epoch(now + CODE_LASTS),
    )
    return code


def holder_of(code: str, now: datetime) -> Script[int | None]:
    """Whose code it is, while it lasts."""
    found = yield from row(
        "select learner from link_codes where code = :code and expires_at > :now",
        code=code.strip().upper(),
        now=epoch(now),
    )
    return int(found["learner"]) if found else None


def join(learner: int, holder: int) -> Script[None]:
    """Give a learner's accounts and groups to another, and erase the rest; the code is spent."""
    accounts = yield from identities_of(learner)
    yield from hand_over(learner, holder)
    yield from erase(learner)
    for one in accounts:
        yield from change(
            "insert into identities (platform, person, learner) "
            "values (:platform, :person, :learner)",
            platform=one.platform,
            person=one.person,
            learner=holder,
        )
    yield from change("delete from link_codes where learner = :learner", learner=holder)
