"""How much may be sent, kept where several processes send for one bot: PostgreSQL only.

Each scope has the instant from which on it is free; a send moves it on by one interval and waits
until its own turn has come (the generic cell rate algorithm). The clock is the server's, as those
of several machines differ.
"""

from dataclasses import dataclass

from store.script import Script, change, row

_NOW = "cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)"
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` sends at once in a scope, then one each `interval` seconds."""

    scope: str
    burst: int
    interval: float


def book_send(whole: Rate, own: Rate, most_ahead: float) -> Script[float | None]:
    """Take a turn in both scopes, and give the seconds until it has come.

    None when that of the whole would be more than `most_ahead` s away; then nothing is taken.
    """
    ahead = yield from _book(whole, most_ahead)
    if ahead is None:
        return None
    # An address has one sender at a time, so its turn is never refused.
    return max(ahead, (yield from _book(own, None)) or 0.0)


def _book(rate: Rate, most_ahead: float | None) -> Script[float | None]:
    interval = int(rate.interval * _SECOND)
    bound, most = "", {}
    if most_ahead is not None:
        bound = f"where send_budgets.free_from - :spare - {_NOW} <= :most "
        most = {"most": int(most_ahead * _SECOND)}
    found = yield from row(
        "insert into send_budgets (scope, free_from) "
        f"values (:scope, {_NOW} + :interval) on conflict (scope) do update set "
        f"free_from = greatest(send_budgets.free_from, {_NOW}) + :interval {bound}"
        f"returning free_from - :interval - :spare - {_NOW} as wait",
        scope=rate.scope,
        interval=interval,
        spare=interval * (rate.burst - 1),
        **most,
    )
    return None if found is None else max(0.0, int(found["wait"]) / _SECOND)


def block_sends(rate: Rate, seconds: float) -> Script[None]:
    """Let nothing go to a scope for so long, as the platform asked."""
    spare = int(rate.interval * _SECOND) * (rate.burst - 1)
    yield from change(
        "insert into send_budgets (scope, free_from) "
        f"values (:scope, {_NOW} + :pause) on conflict (scope) do update set "
        f"free_from = greatest(send_budgets.free_from, {_NOW} + :pause)",
        scope=rate.scope,
        pause=int(seconds * _SECOND) + spare,
    )


def forget_full_budgets() -> Script[int]:
    """Delete what says nothing any more: scopes that have been free for an hour."""
    return (
        yield from change(f"delete from send_budgets where free_from < {_NOW} - {3600 * _SECOND}")
    )
