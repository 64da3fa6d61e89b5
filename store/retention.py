"""What is kept for a time only goes when its time is over: one list, run every hour."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from store.gaps import KEPT as GAPS_KEPT
from store.gaps import forget_gaps
from store.inbox import forget_closed
from store.learners import epoch
from store.outbox import forget_sent
from store.rounds import ROUNDS_KEPT, forget_rounds
from store.script import Prepared, change
from store.submissions import drop_code_before
from store.usage import DAYS_KEPT, HOURS_KEPT_DAYS, forget_usage

ANSWERED_HELP_KEPT = timedelta(days=90)


def retention_jobs(
    now: datetime, code_kept: timedelta | None, talk_kept: timedelta | None = None
) -> Iterator[Prepared[object]]:
    """Each as a transaction of its own.

    `code_kept` is how long submitted code stays, `talk_kept` what was said; None is for good.
    """
    today = now.astimezone(UTC).date()
    yield partial(forget_closed, now)
    yield partial(forget_sent, now)
    if code_kept is not None:
        yield partial(drop_code_before, now - code_kept)
    if talk_kept is not None:
        before = epoch(now - talk_kept)
        for table, column in (("messages", "at"), ("summaries", "made_at")):
            yield partial(change, f"delete from {table} where {column} < :before", before=before)
    yield partial(forget_rounds, today - ROUNDS_KEPT)
    yield partial(forget_gaps, today - GAPS_KEPT)
    yield partial(
        forget_usage, today - timedelta(days=HOURS_KEPT_DAYS), today - timedelta(days=DAYS_KEPT)
    )
    for table in ("link_codes", "expectations", "invitations"):
        yield partial(change, f"delete from {table} where expires_at < :now", now=epoch(now))
    yield partial(
        change,
        "delete from help_requests where answered_at < :before",
        before=epoch(now - ANSWERED_HELP_KEPT),
    )
