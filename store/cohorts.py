"""Cohorts: the groups that study together, who belongs to them, and when they are owed a post."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from learning.calendar import WEEKDAYS
from learning.values import Language
from store.learners import epoch, from_epoch
from store.script import Row, Script, among, change, row, rows


class Happening(StrEnum):
    """What a cohort is owed at a time: posts of every day or week, and ends of what has begun.

    TELL is the private part of a round that is over: what its members missed.
    """

    QUESTION = "question"
    REVEAL = "reveal"
    ROLL = "roll"
    DIGEST = "digest"
    BATTLE = "battle"
    FOCUS = "focus"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class Cohort:
    """Learners who follow one curriculum together in one place, which is its `address`.

    `digest_on` and `quiet_days` are weekdays, 0 for Monday. One that is not active cannot be
    reached.
    """

    id: int
    address: str
    curriculum: str
    started_on: date
    language: Language
    zone: ZoneInfo
    question_at: time
    reveal_at: time
    evening_at: time
    digest_on: int
    digest_at: time
    quiet_days: frozenset[int]
    posts_a_day: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A learner in a cohort. `name` is what they are called there, `nickname` on its effort board.

    `pair` numbers those who exchange something each week, within a pod; until `pairless_until`
    they do not.
    """

    learner: int
    name: str
    nickname: str | None
    pod: int | None
    pair: int | None
    pairless_until: date | None


@dataclass(frozen=True, slots=True)
class CohortDue:
    cohort: int
    happening: Happening
    due_at: datetime


def begin_cohort(
    address: str,
    curriculum: str,
    started_on: date,
    language: Language,
    zone: ZoneInfo,
    now: datetime,
) -> Script[Cohort]:
    """Make a cohort with the usual times; where there was one, it goes on with its members."""
    found = yield from row(
        "insert into cohorts (address, curriculum, started_on, language, zone, question_at, "
        "reveal_at, evening_at, digest_on, digest_at, quiet_days, posts_a_day, state, created_at) "
        "values (:address, :curriculum, :started_on, :language, :zone, '09:00', '20:00', '21:00', "
        "'sun', '20:30', '', 3, 'active', :now) on conflict (address) do update set "
        "curriculum = excluded.curriculum, started_on = excluded.started_on, "
        "language = excluded.language, zone = excluded.zone, state = 'active' returning *",
        address=address,
        curriculum=curriculum,
        started_on=started_on.isoformat(),
        language=language,
        zone=zone.key,
        now=epoch(now),
    )
    if found is None:
        raise LookupError("cohorts: expected the new row back, found none")
    return _cohort(found)


def _cohort(found: Row) -> Cohort:
    return Cohort(
        id=found["id"],
        address=found["address"],
        curriculum=found["curriculum"],
        started_on=date.fromisoformat(found["started_on"]),
        language="zh" if found["language"] == "zh" else "en",
        zone=ZoneInfo(found["zone"]),
        question_at=time.fromisoformat(found["question_at"]),
        reveal_at=time.fromisoformat(found["reveal_at"]),
        evening_at=time.fromisoformat(found["evening_at"]),
        digest_on=WEEKDAYS.index(found["digest_on"]),
        digest_at=time.fromisoformat(found["digest_at"]),
        quiet_days=frozenset(
            WEEKDAYS.index(one) for one in found["quiet_days"].split(",") if one in WEEKDAYS
        ),
        posts_a_day=found["posts_a_day"],
        is_active=found["state"] == "active",
    )


def cohort_at(places: Sequence[str]) -> Script[Cohort | None]:
    """The cohort of a place, or of the next one around it."""
    for place in places:
        found = yield from row("select * from cohorts where address = :address", address=place)
        if found is not None:
            return _cohort(found)
    return None


def cohort_with(id: int) -> Script[Cohort]:
    found = yield from row("select * from cohorts where id = :id", id=id)
    if found is None:
        raise LookupError(f"cohorts: expected a row with id {id}, found none")
    return _cohort(found)


def cohorts_within(place: str) -> Script[Sequence[Cohort]]:
    """The cohorts of a chat and of its topics."""
    found = yield from rows(
        "select * from cohorts where (address = :place or "
        "address between :place || ':' and :place || ';')",
        place=place,
    )
    return [_cohort(one) for one in found]


_SETTINGS = frozenset(
    {
        "curriculum",
        "started_on",
        "language",
        "zone",
        "question_at",
        "reveal_at",
        "evening_at",
        "digest_on",
        "digest_at",
        "quiet_days",
        "posts_a_day",
        "state",
        "address",
    }
)


def change_cohort(cohort: int, **values: str | int) -> Script[None]:
    """Set columns to values as they are stored."""
    unknown = values.keys() - _SETTINGS
    if unknown:
        raise LookupError(f"cohorts: expected columns that may change, found {sorted(unknown)}")
    for name, value in values.items():
        yield from change(
            f"update cohorts set {name} = :value where id = :id", value=value, id=cohort
        )


def weekdays_text(days: Collection[int]) -> str:
    return ",".join(WEEKDAYS[day] for day in sorted(days))


def end_cohort(cohort: int) -> Script[None]:
    """Forget a cohort: its members, and all that was said and answered in its rounds."""
    in_rounds = "(select id from rounds where cohort = :cohort)"
    for condition in (
        "round_answers where question in "
        f"(select id from round_questions where round in {in_rounds})",
        f"round_questions where round in {in_rounds}",
        f"contributions where round in {in_rounds}",
        "rounds where cohort = :cohort",
        "group_notes where cohort = :cohort",
        "members where cohort = :cohort",
        "cohort_clocks where cohort = :cohort",
        "cohorts where id = :cohort",
    ):
        yield from change(f"delete from {condition}", cohort=cohort)


def take_post(cohort: int, day: date, count: int = 1) -> Script[bool]:
    """Count unasked posts of a day; False when they are more than is left of the day's share."""
    changed = yield from change(
        "update cohorts set posts = case when posts_on = :day then posts else 0 end + :count, "
        "posts_on = :day where id = :id and "
        "case when posts_on = :day then posts else 0 end + :count <= posts_a_day",
        id=cohort,
        day=day.isoformat(),
        count=count,
    )
    return changed == 1


def give_back_posts(cohort: int, count: int) -> Script[None]:
    """Take back what was counted for posts that are not made after all."""
    yield from change(
        "update cohorts set posts = posts - :count where id = :id", id=cohort, count=count
    )


def move_cohorts(old: str, new: str) -> Script[None]:
    """Follow a chat that changed its id, with its topics; the new place's own cohort stays."""
    for cohort in (yield from cohorts_within(old)):
        address = new + cohort.address[len(old) :]
        taken = yield from cohort_at([address])
        if taken is None:
            yield from change_cohort(cohort.id, address=address)


# Members -----------------------------------------------------------------------------------------


def join_cohort(cohort: int, learner: int, name: str, now: datetime) -> Script[bool]:
    """Add a member; False when they were one, whose name is then brought up to date."""
    changed = yield from change(
        "insert into members (cohort, learner, name, joined_at) "
        "values (:cohort, :learner, :name, :now) on conflict (cohort, learner) do nothing",
        cohort=cohort,
        learner=learner,
        name=name,
        now=epoch(now),
    )
    if not changed:
        yield from change(
            "update members set name = :name where cohort = :cohort and learner = :learner",
            cohort=cohort,
            learner=learner,
            name=name,
        )
    return changed == 1


def leave_cohort(cohort: int, learner: int) -> Script[bool]:
    """Forget a member and all they answered and said here; False when they were none."""
    in_rounds = "(select id from rounds where cohort = :cohort)"
    for condition in (
        f"round_answers where learner = :learner and question in "
        f"(select id from round_questions where round in {in_rounds})",
        f"contributions where learner = :learner and round in {in_rounds}",
        "group_notes where learner = :learner and cohort = :cohort",
    ):
        yield from change(f"delete from {condition}", cohort=cohort, learner=learner)
    changed = yield from change(
        "delete from members where cohort = :cohort and learner = :learner",
        cohort=cohort,
        learner=learner,
    )
    return changed == 1


def member_of(cohort: int, learner: int) -> Script[Member | None]:
    found = yield from row(
        "select * from members where cohort = :cohort and learner = :learner",
        cohort=cohort,
        learner=learner,
    )
    return _member(found) if found else None


def members_of(cohort: int) -> Script[Sequence[Member]]:
    found = yield from rows(
        "select * from members where cohort = :cohort order by joined_at, learner", cohort=cohort
    )
    return [_member(one) for one in found]


def count_members(cohort: int) -> Script[int]:
    found = yield from row("select count(*) as count from members where cohort = :id", id=cohort)
    return int(found["count"]) if found else 0


def _member(found: Row) -> Member:
    until = found["pairless_until"]
    return Member(
        learner=found["learner"],
        name=found["name"],
        nickname=found["nickname"],
        pod=found["pod"],
        pair=found["pair"],
        pairless_until=date.fromisoformat(until) if until else None,
    )


def set_nickname(cohort: int, learner: int, nickname: str | None) -> Script[None]:
    yield from change(
        "update members set nickname = :nickname where cohort = :cohort and learner = :learner",
        cohort=cohort,
        learner=learner,
        nickname=nickname,
    )


def set_pods(cohort: int, pods: Sequence[Sequence[Sequence[int]]]) -> Script[None]:
    """Put members into pods of pairs; who is in none has none from now on."""
    yield from change("update members set pod = null, pair = null where cohort = :id", id=cohort)
    number = 0
    for pod, pairs in enumerate(pods, 1):
        for pair in pairs:
            number += 1
            gaps, values = among("learner", list(pair))
            yield from change(
                "update members set pod = :pod, pair = :pair "
                f"where cohort = :cohort and learner in ({gaps})",
                cohort=cohort,
                pod=pod,
                pair=number,
                **values,
            )


def set_pair(cohort: int, learner: int, pair: int) -> Script[None]:
    yield from change(
        "update members set pair = :pair where cohort = :cohort and learner = :learner",
        cohort=cohort,
        learner=learner,
        pair=pair,
    )


def rest_from_pair(cohort: int, learner: int, until: date) -> Script[None]:
    yield from change(
        "update members set pairless_until = :until where cohort = :cohort and learner = :learner",
        cohort=cohort,
        learner=learner,
        until=until.isoformat(),
    )


def leave_pair(cohort: int, learner: int) -> Script[None]:
    """Take a member out of their pair; the next exchange gives them another."""
    yield from change(
        "update members set pair = null where cohort = :cohort and learner = :learner",
        cohort=cohort,
        learner=learner,
    )


def hand_over(learner: int, holder: int) -> Script[None]:
    """Give what is a learner's in groups to another, where that one has nothing yet."""
    for table, place in (
        ("members", "cohort"),
        ("contributions", "round"),
        ("round_answers", "question"),
    ):
        yield from change(
            f"update {table} set learner = :holder where learner = :learner and {place} not in "
            f"(select {place} from {table} where learner = :holder)",
            learner=learner,
            holder=holder,
        )
    yield from change(
        "update group_notes set learner = :holder where learner = :learner",
        learner=learner,
        holder=holder,
    )


# Clocks ------------------------------------------------------------------------------------------


def due_cohorts(now: datetime, limit: int) -> Script[Sequence[CohortDue]]:
    """What cohorts are owed by now, the longest due first."""
    found = yield from rows(
        "select cohort, kind, next_due_at from cohort_clocks where next_due_at <= :now "
        "order by next_due_at limit :limit",
        now=epoch(now),
        limit=limit,
    )
    return [
        CohortDue(one["cohort"], Happening(one["kind"]), from_epoch(one["next_due_at"]))
        for one in found
    ]


def earliest_cohort_due() -> Script[datetime | None]:
    found = yield from row("select min(next_due_at) as at from cohort_clocks")
    return from_epoch(found["at"]) if found and found["at"] is not None else None


def set_cohort_clock(cohort: int, happening: Happening, due_at: datetime) -> Script[None]:
    yield from change(
        "insert into cohort_clocks (cohort, kind, next_due_at) values (:cohort, :kind, :due_at) "
        "on conflict (cohort, kind) do update set next_due_at = excluded.next_due_at",
        cohort=cohort,
        kind=happening.value,
        due_at=epoch(due_at),
    )


def take_cohort_clock(one: CohortDue) -> Script[bool]:
    """Stop a clock that has struck; False when somebody else has dealt with it meanwhile."""
    changed = yield from change(
        "delete from cohort_clocks where cohort = :cohort and kind = :kind and next_due_at = :at",
        cohort=one.cohort,
        kind=one.happening.value,
        at=epoch(one.due_at),
    )
    return changed == 1


def put_off_cohort_clock(one: CohortDue, later: datetime) -> Script[None]:
    """Let a clock strike later; one that is gone, with its cohort, stays so."""
    yield from change(
        "update cohort_clocks set next_due_at = :later where cohort = :cohort and kind = :kind",
        later=epoch(later),
        cohort=one.cohort,
        kind=one.happening.value,
    )


def stop_cohort_clocks(cohort: int, happenings: Collection[Happening]) -> Script[None]:
    gaps, values = among("kind", [one.value for one in happenings])
    yield from change(
        f"delete from cohort_clocks where cohort = :cohort and kind in ({gaps})",
        cohort=cohort,
        **values,
    )


def next_owed(cohort: int, happenings: Collection[Happening]) -> Script[CohortDue | None]:
    """What a cohort is owed first of these."""
    gaps, values = among("kind", [one.value for one in happenings])
    found = yield from row(
        f"select * from cohort_clocks where cohort = :cohort and kind in ({gaps}) "
        "order by next_due_at limit 1",
        cohort=cohort,
        **values,
    )
    if found is None:
        return None
    return CohortDue(cohort, Happening(found["kind"]), from_epoch(found["next_due_at"]))
