"""What the model has cost: tokens by scope and period, reserved before a call, settled after it.

A scope is `all`, `learner:7` or `group:telegram:-5`; a period is an hour, a day or a month such
as `2026-11-24T09`, `2026-11-24`, `2026-11`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from store.script import Script, among, change, change_each, row, rows

HOURS_KEPT_DAYS = 2
DAYS_KEPT = 400


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tokens, or turns, of one scope in one period; None counts and allows all."""

    scope: str
    period: str
    tokens: int | None = None
    turns: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of some calls: `cached` are those of `tokens_in` a provider had already read."""

    calls: int = 0
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.calls + other.calls,
            self.tokens_in + other.tokens_in,
            self.tokens_cached + other.tokens_cached,
            self.tokens_out + other.tokens_out,
        )


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, read and written, in whatever money the operator thinks in."""

    tokens_in: float
    tokens_out: float

    def of(self, usage: Usage) -> float:
        """An upper bound: what a provider had read before often costs less."""
        return (usage.tokens_in * self.tokens_in + usage.tokens_out * self.tokens_out) / 1e6


def reserve(limits: Sequence[Limit], tokens: int) -> Script[Limit | None]:
    """Set tokens aside in every scope, or give the limit that has no room for them."""
    scopes, names = among("scope", sorted({one.scope for one in limits}))
    periods, dates = among("period", sorted({one.period for one in limits}))
    found = yield from rows(
        "select scope, period, calls, reserved + tokens_in + tokens_out as spent "
        f"from model_usage where scope in ({scopes}) and period in ({periods})",
        **names,
        **dates,
    )
    so_far = {(one["scope"], one["period"]): (one["spent"], one["calls"]) for one in found}
    for limit in limits:
        spent, turns = so_far.get((limit.scope, limit.period), (0, 0))
        if limit.tokens is not None and spent + tokens > limit.tokens:
            return limit
        if limit.turns is not None and turns >= limit.turns:
            return limit
    yield from change_each(
        "insert into model_usage (scope, period, calls, reserved) "
        "values (:scope, :period, 1, :tokens) on conflict (scope, period) do update set "
        "calls = model_usage.calls + 1, reserved = model_usage.reserved + excluded.reserved",
        [{"scope": one.scope, "period": one.period, "tokens": tokens} for one in limits],
    )
    return None


def settle(limits: Sequence[Limit], reserved: int, usage: Usage) -> Script[None]:
    """Replace what was set aside by what was used."""
    yield from change_each(
        "update model_usage set reserved = "
        "case when reserved > :reserved then reserved - :reserved else 0 end, "
        "tokens_in = tokens_in + :tokens_in, tokens_cached = tokens_cached + :cached, "
        "tokens_out = tokens_out + :tokens_out where scope = :scope and period = :period",
        [
            {
                "scope": one.scope,
                "period": one.period,
                "reserved": reserved,
                "tokens_in": usage.tokens_in,
                "cached": usage.tokens_cached,
                "tokens_out": usage.tokens_out,
            }
            for one in limits
        ],
    )


def free_reserved() -> Script[int]:
    """Let go of what processes that were killed had set aside; nobody will settle it.

    Where others run, what they have set aside at this moment goes too. It is counted all the same
    when it is settled.
    """
    return (yield from change("update model_usage set reserved = 0 where reserved > 0"))


def used(scope: str, periods: Sequence[str]) -> Script[Usage]:
    """What a scope used in these periods together."""
    gaps, values = among("period", periods)
    found = yield from row(
        "select coalesce(sum(calls), 0) as calls, coalesce(sum(tokens_in), 0) as tokens_in, "
        "coalesce(sum(tokens_cached), 0) as cached, coalesce(sum(tokens_out), 0) as tokens_out "
        f"from model_usage where scope = :scope and period in ({gaps})",
        scope=scope,
        **values,
    )
    if found is None:
        return Usage()
    return Usage(found["calls"], found["tokens_in"], found["cached"], found["tokens_out"])


def days_used(scope: str, since: date) -> Script[Sequence[tuple[date, Usage]]]:
    """A scope's days from `since` on, the oldest first."""
    found = yield from rows(
        "select * from model_usage where scope = :scope and period >= :since "
        "and length(period) = 10 order by period",
        scope=scope,
        since=since.isoformat(),
    )
    return [
        (
            date.fromisoformat(one["period"]),
            Usage(one["calls"], one["tokens_in"], one["tokens_cached"], one["tokens_out"]),
        )
        for one in found
    ]


def forget_usage(hours_before: date, days_before: date) -> Script[None]:
    """Delete the hours and days that no limit and no page asks for any more."""
    yield from change(
        "delete from model_usage where (length(period) = 13 and period < :hours) "
        "or (length(period) = 10 and period < :days)",
        hours=hours_before.isoformat(),
        days=days_before.isoformat(),
    )
