"""How much may be sent, kept where several processes send for one bot: PostgreSQL only.

Each scope has the instant from which on it is free; a send moves it on by one interval and waits
until its own turn has come (the generic cell rate algorithm). The clock is the server's, as those
of several machines differ.
"""

from collections.abc import Sequence
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


def book_send(rates: Sequence[Rate]) -> Script[float]:
    """Take a turn in every scope; give the seconds until it has come in all of them."""
    longest = 0
    for rate in rates:
        interval = int(rate.interval * _SECOND)
        found = yield from row(
            "insert into send_budgets (scope, free_at) "
            f"values (:scope, {_NOW} + :interval) on conflict (scope) do update set "
            f"free_at = greatest(send_budgets.free_at, {_NOW}) + :interval "
            f"returning free_at - :interval - :spare - {_NOW} as wait",
            scope=rate.scope,
            interval=interval,
            spare=interval * (rate.burst - 1),
        )
        longest = max(longest, int(found["wait"]) if found else 0)
    return longest / _SECOND


def block_sends(rate: Rate, seconds: float) -> Script[None]:
    """Let nothing go to a scope for so long, as the platform asked."""
    spare = int(rate.interval * _SECOND) * (rate.burst - 1)
    yield from change(
        "insert into send_budgets (scope, free_at) "
        f"values (:scope, {_NOW} + :pause) on conflict (scope) do update set "
        f"free_at = greatest(send_budgets.free_at, {_NOW} + :pause)",
        scope=rate.scope,
        pause=int(seconds * _SECOND) + spare,
    )


def forget_full_budgets() -> Script[int]:
    """Delete what says nothing any more: scopes that have been free for an hour."""
    return (
        yield from change(f"delete from send_budgets where free_at < {_NOW} - {3600 * _SECOND}")
    )
