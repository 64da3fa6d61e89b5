"""How an installation is doing, counted over the last day; nobody is named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from store.learners import epoch
from store.outbox import PUSHES
from store.script import Script, among, row, rows
from store.usage import Usage

LATELY = timedelta(days=1)
A_WEEK = timedelta(days=7)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that are not dealt with yet, and the seconds since the oldest came."""

    count: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`pushes` and `answers` count deliveries that ended in the last 24 hours, by state.

    `parked` are messages that were given up in that time. `tokens_today` and `tokens_month` are
    the model's, of the whole installation, with what is set aside for calls under way, which
    `used_today` and `used_month` leave out.
    """

    inbox: Waiting
    outbox: Waiting
    parked: int
    pushes: Mapping[str, int]
    answers: Mapping[str, int]
    calls_today: int
    tokens_today: int
    tokens_month: int
    reported_items: int
    suspended_items: int
    open_help: int = 0
    used_today: Usage = field(default_factory=Usage)
    used_month: Usage = field(default_factory=Usage)
    dead_links: int = 0


@dataclass(frozen=True, slots=True)
class People:
    """How many there are, and how many wrote lately; takes a look at every learner."""

    learners: int
    active_day: int
    active_week: int
    cohorts: int
    members: int


def figures(now: datetime, lately: timedelta = LATELY) -> Script[Figures]:
    """Everything here is found by an index, however many learners there are.

    `lately` is how far deliveries are looked back on; the day is meant where it says so above.
    """
    since = epoch(now - lately)
    by_state = yield from rows(
        "select state, kind, count(*) as n from outbox "
        "where state <> 'open' and closed_at >= :since group by state, kind",
        since=since,
    )
    parked = yield from row(
        "select count(*) as n from inbox "
        "where state <> 'open' and closed_at >= :since and state = 'parked'",
        since=since,
    )
    spent = yield from _spent(now)
    reports = yield from row(
        "select count(distinct item) as n from reports where settled_at is null"
    )
    suspended = yield from row("select count(*) as n from suspensions")
    asked = yield from row("select count(*) as n from help_requests where answered_at is null")
    pushes: dict[str, int] = {}
    answers: dict[str, int] = {}
    for one in by_state:
        of = pushes if one["kind"] in PUSHES else answers
        of[one["state"]] = of.get(one["state"], 0) + int(one["n"])
    links = yield from row("select count(*) as n from dead_links")
    (today, used_today), (month, used_month) = spent
    return Figures(
        inbox=(yield from _waiting("inbox", "received_at", now)),
        outbox=(yield from _waiting("outbox", "created_at", now)),
        parked=int(parked["n"]) if parked else 0,
        pushes=pushes,
        answers=answers,
        calls_today=used_today.calls,
        tokens_today=today,
        tokens_month=month,
        reported_items=int(reports["n"]) if reports else 0,
        suspended_items=int(suspended["n"]) if suspended else 0,
        open_help=int(asked["n"]) if asked else 0,
        used_today=used_today,
        used_month=used_month,
        dead_links=int(links["n"]) if links else 0,
    )


def people(now: datetime) -> Script[People]:
    found = yield from row(
        "select count(*) as n, count(case when last_seen_at >= :day then 1 end) as day, "
        "count(case when last_seen_at >= :week then 1 end) as week from learners",
        day=epoch(now - LATELY),
        week=epoch(now - A_WEEK),
    )
    groups = yield from row("select count(*) as n from cohorts where state = 'active'")
    members = yield from row("select count(*) as n from members")
    counted = found or {"n": 0, "day": 0, "week": 0}
    return People(
        learners=int(counted["n"]),
        active_day=int(counted["day"]),
        active_week=int(counted["week"]),
        cohorts=int(groups["n"]) if groups else 0,
        members=int(members["n"]) if members else 0,
    )


def _waiting(table: str, came: str, now: datetime) -> Script[Waiting]:
    found = yield from row(
        f"select count(*) as n, min({came}) as oldest from {table} where state = 'open'"
    )
    if found is None or not found["n"]:
        return Waiting(0, 0)
    return Waiting(int(found["n"]), max(0, epoch(now) - int(found["oldest"])))


def _spent(now: datetime) -> Script[tuple[tuple[int, Usage], tuple[int, Usage]]]:
    """Tokens with those set aside, and what was used, of the installation today and this month."""
    periods = (now.date().isoformat(), now.strftime("%Y-%m"))
    names, values = among("period", periods)
    found = yield from rows(
        "select period, calls, reserved, tokens_in, tokens_cached, tokens_out from model_usage "
        f"where scope = :scope and period in ({names})",
        scope=ALL,
        **values,
    )
    by_period = {
        one["period"]: (
            one["reserved"] + one["tokens_in"] + one["tokens_out"],
            Usage(one["calls"], one["tokens_in"], one["tokens_cached"], one["tokens_out"]),
        )
        for one in found
    }
    nothing_used = (0, Usage())
    return by_period.get(periods[0], nothing_used), by_period.get(periods[1], nothing_used)
