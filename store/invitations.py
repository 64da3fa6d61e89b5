"""Codes by which people come in where not everybody may."""

from datetime import datetime
from secrets import token_urlsafe

from store.learners import epoch
from store.script import Script, change

# 72 bits: nobody finds one by trying.
CODE_BYTES = 9


def invite(uses: int, until: datetime, now: datetime) -> Script[str]:
    """A new code; those that let nobody in any more are deleted."""
    yield from change(
        "delete from invitations where uses_left < 1 or expires_at < :now", now=epoch(now)
    )
    code = token_urlsafe(CODE_BYTES)
    yield from change(
        "insert into invitations (code, uses_left, expires_at) values (:code, :uses, :until)",
        code=code,
        uses=uses,
        until=epoch(until),
    )
    return code


def use_invitation(code: str, now: datetime) -> Script[bool]:
    """Take one of a code's uses; whether there was one."""
    return bool(
        (
            yield from change(
                "update invitations set uses_left = uses_left - 1 "
                "where code = :code and uses_left > 0 and expires_at >= :now",
                code=code,
                now=epoch(now),
            )
        )
    )


def note_invited(learner: int) -> Script[None]:
    yield from change("update learners set invited = 1 where id = :id", id=learner)
