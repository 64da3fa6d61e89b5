"""Begin a cohort, change when it is spoken to, join it and leave it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from unicodedata import category
from zoneinfo import ZoneInfo

from learning.calendar import WEEKDAYS, instant, local_day, next_local, next_speaking, zone_named
from learning.catalogue import Catalogue
from learning.curriculum import Curriculum, Unit
from learning.errors import Refused
from learning.values import Language
from store.cohorts import (
    Cohort,
    CohortDue,
    Happening,
    begin_cohort,
    change_cohort,
    cohort_at,
    cohort_with,
    count_members,
    end_cohort,
    join_cohort,
    leave_cohort,
    member_of,
    members_of,
    next_owed,
    set_cohort_clock,
    set_nickname,
    stop_cohort_clocks,
    weekdays_text,
)
from store.rounds import open_round_of
from store.script import Script
from tools.cohorts.group import Group

DAILY = (Happening.QUESTION, Happening.ROLL, Happening.DIGEST)
MOST_POSTS = 6
EARLIEST_START, LATEST_START = timedelta(days=365), timedelta(days=180)
LONGEST_NICKNAME = 20
# Nobody is woken; what is set for three at night was meant for the afternoon.
EARLIEST_POST, LATEST_POST = time(6), time(23, 30)


@dataclass(frozen=True, slots=True)
class CohortShown:
    """How a cohort stands. `just` is what has just happened to it: begun, changed or nothing."""

    group: Group
    curriculum: Curriculum | None
    members: int
    units: tuple[Unit, ...]
    just: str = ""

    @property
    def cohort(self) -> Cohort:
        return self.group.cohort


@dataclass(frozen=True, slots=True)
class NoCohort:
    """There is none here yet; without a curriculum `curricula` are offered."""

    curricula: tuple[Curriculum, ...] = ()


@dataclass(frozen=True, slots=True)
class NobodyYet:
    """A cohort begins today, and nobody has joined it."""

    group: Group


@dataclass(frozen=True, slots=True)
class CohortEnded:
    members: int


@dataclass(frozen=True, slots=True)
class EndAsked:
    """Whether a cohort is to end, which cannot be taken back."""

    members: int


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """`next` is what the group is owed first, in its `zone`."""

    name: str
    members: int
    was_already: bool
    next: CohortDue | None
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class MemberLeft:
    was_member: bool


@dataclass(frozen=True, slots=True)
class OnBoard:
    """`nickname` is what the effort board shows; None is off it."""

    nickname: str | None


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a cohort begins with; what is missing is asked for or guessed."""

    curriculum: str | None = None
    start: date | None = None
    language: Language | None = None
    zone: str | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class OtherAsked:
    """Whether a group that follows one curriculum is to begin another."""

    now_following: Curriculum | None
    wanted: Curriculum
    beginning: Beginning


def start_cohort(
    place: str,
    catalogue: Catalogue,
    wanted: Beginning,
    language: Language,
    zone: str,
    now: datetime,
) -> Script[CohortShown | NoCohort | OtherAsked]:
    """Begin a cohort, or let one that is there follow something else, once that is confirmed."""
    if wanted.curriculum is None:
        return NoCohort(tuple(catalogue.curricula.values()))
    if wanted.curriculum not in catalogue.curricula:
        raise Refused("group.curriculum_unknown", name=wanted.curriculum)
    place_zone = zone_named(wanted.zone or zone)
    today = local_day(now, place_zone)
    before = yield from cohort_at([place])
    goes_on = before is not None and before.curriculum == wanted.curriculum
    if before is not None and not goes_on and not wanted.is_confirmed:
        following = catalogue.curricula.get(before.curriculum)
        return OtherAsked(following, catalogue.curricula[wanted.curriculum], wanted)
    # The same button once more begins nothing anew.
    start = wanted.start or (before.started_on if before and goes_on else today)
    if not today - EARLIEST_START <= start <= today + LATEST_START:
        raise Refused("group.start_too_far")
    cohort = yield from begin_cohort(
        place, wanted.curriculum, start, wanted.language or language, place_zone, now
    )
    return (yield from _after_change(cohort, catalogue, now, "begun"))


@dataclass(frozen=True, slots=True)
class CohortChange:
    """What is to be different; None leaves it."""

    question_at: time | None = None
    reveal_at: time | None = None
    evening_at: time | None = None
    digest_on: int | None = None
    digest_at: time | None = None
    quiet_days: Collection[int] | None = None
    posts_a_day: int | None = None
    language: Language | None = None
    zone: str | None = None


def change_group(group: Group, wanted: CohortChange) -> Script[CohortShown]:
    values: dict[str, str | int] = {}
    for name in ("question_at", "reveal_at", "evening_at", "digest_at"):
        at = getattr(wanted, name)
        if at is None:
            continue
        if not EARLIEST_POST <= at <= LATEST_POST:
            raise Refused("group.at_night", at=at, first=EARLIEST_POST, last=LATEST_POST)
        values[name] = at.isoformat("minutes")
    if wanted.digest_on is not None:
        values["digest_on"] = WEEKDAYS[wanted.digest_on]
    if wanted.quiet_days is not None:
        if len(set(wanted.quiet_days)) >= len(WEEKDAYS):
            raise Refused("group.all_days_quiet")
        values["quiet_days"] = weekdays_text(wanted.quiet_days)
    if wanted.posts_a_day is not None:
        if not 0 <= wanted.posts_a_day <= MOST_POSTS:
            raise Refused("group.posts_range", most=MOST_POSTS)
        values["posts_a_day"] = wanted.posts_a_day
    if wanted.language is not None:
        values["language"] = wanted.language
    if wanted.zone is not None:
        values["zone"] = zone_named(wanted.zone).key
    question_at = wanted.question_at or group.cohort.question_at
    reveal_at = wanted.reveal_at or group.cohort.reveal_at
    if reveal_at <= question_at:
        raise Refused("group.reveal_before_question", question=question_at, reveal=reveal_at)
    yield from change_cohort(group.cohort.id, **values)
    cohort = yield from cohort_with(group.cohort.id)
    return (yield from _after_change(cohort, group.catalogue, group.now, "changed"))


def _after_change(
    cohort: Cohort, catalogue: Catalogue, now: datetime, just: str
) -> Script[CohortShown]:
    group = Group(cohort, catalogue, now)
    yield from set_daily_clocks(group)
    opened = yield from open_round_of(cohort.id, "daily")
    if opened is not None and opened.day == group.today:
        reveal_at = instant(group.today, cohort.reveal_at, cohort.zone)
        soon = now + timedelta(minutes=1)
        yield from set_cohort_clock(cohort.id, Happening.REVEAL, max(reveal_at, soon))
    return (yield from show_cohort(group, just))


def set_daily_clocks(group: Group) -> Script[None]:
    """Make the clocks of every day and week fit the cohort's times; nothing before it starts."""
    for happening in (Happening.QUESTION, Happening.ROLL, Happening.DIGEST):
        yield from set_next(group, happening)


def set_next(group: Group, happening: Happening) -> Script[None]:
    """Set a clock of every day or week to the next time it strikes."""
    cohort, now = group.cohort, group.now
    first = max(group.today, cohort.started_on)
    if happening is Happening.DIGEST:
        first = max(first, cohort.started_on + timedelta(days=1))
        first += timedelta(days=(group.digest_day - first.weekday()) % 7)
        at = next_local(now, first, cohort.digest_at, cohort.zone)
        while local_day(at, cohort.zone).weekday() != group.digest_day:
            at = next_local(at, local_day(at, cohort.zone), cohort.digest_at, cohort.zone)
    else:
        when = cohort.question_at if happening is Happening.QUESTION else cohort.evening_at
        at = next_speaking(now, first, when, cohort.zone, cohort.quiet_days)
    if _is_owed(group, happening, local_day(at, cohort.zone)):
        yield from set_cohort_clock(cohort.id, happening, at)
    else:
        yield from stop_cohort_clocks(cohort.id, [happening])


def _is_owed(group: Group, happening: Happening, day: date) -> bool:
    """Behind the curriculum's last day comes its last digest, and then nothing by itself."""
    if happening is not Happening.DIGEST:
        return day <= group.last_day
    return day - group.last_day < timedelta(days=7)


def fall_silent_in(cohort: Cohort) -> Script[None]:
    """Stop speaking first to a group that cannot be reached; what is under way still ends."""
    yield from change_cohort(cohort.id, state="silent")
    yield from stop_cohort_clocks(cohort.id, DAILY)


def speak_again_in(group: Group) -> Script[None]:
    """Somebody there speaks to us: the group can be reached again."""
    if not group.cohort.is_active:
        yield from change_cohort(group.cohort.id, state="active")
        yield from set_daily_clocks(group)


def show_cohort(group: Group, just: str = "") -> Script[CohortShown]:
    count = yield from count_members(group.cohort.id)
    return CohortShown(group, group.curriculum, count, group.units_in(group.week), just)


def end_group(group: Group, *, is_confirmed: bool) -> Script[CohortEnded | EndAsked]:
    count = yield from count_members(group.cohort.id)
    if not is_confirmed:
        return EndAsked(count)
    yield from end_cohort(group.cohort.id)
    return CohortEnded(count)


def plain_name(said: str) -> str:
    """A name on one line, without signs that nobody sees, or that turn the words around it."""
    # Emoji of several people are joined by such a sign.
    seen = (char for char in said if category(char) not in {"Cf", "Co", "Cn"} or char == "\u200d")
    return " ".join("".join(seen).split())


def join_group(group: Group, learner: int, name: str) -> Script[MemberJoined]:
    is_new = yield from join_cohort(group.cohort.id, learner, name, group.now)
    count = yield from count_members(group.cohort.id)
    following = yield from next_owed(group.cohort.id, (Happening.QUESTION, Happening.ROLL))
    return MemberJoined(name, count, not is_new, following, group.cohort.zone)


def leave_group(group: Group, learner: int) -> Script[MemberLeft]:
    """Stop all that is done for a member here, and forget what they answered and said."""
    was = yield from leave_cohort(group.cohort.id, learner)
    return MemberLeft(was_member=was)


def need_member(group: Group, learner: int | None) -> Script[int]:
    """The learner, if they are a member.

    Raises:
        Refused: when they have not joined.
    """
    member = None if learner is None else (yield from member_of(group.cohort.id, learner))
    if member is None:
        raise Refused("group.join_first")
    return member.learner


def choose_nickname(group: Group, learner: int, nickname: str | None) -> Script[OnBoard]:
    """Go onto the effort board by a nickname, or off it.

    Raises:
        Refused: when it is no name, or another member has it.
    """
    chosen = None
    if nickname is not None:
        chosen = plain_name(nickname)
        is_name = any(char.isalnum() for char in chosen) and not set("@/:<>`*_[]") & set(chosen)
        if not is_name or len(chosen) > LONGEST_NICKNAME:
            raise Refused("group.nickname", most=LONGEST_NICKNAME)
        others = yield from members_of(group.cohort.id)
        if any(
            one.nickname and one.nickname.casefold() == chosen.casefold()
            for one in others
            if one.learner != learner
        ):
            raise Refused("group.nickname_taken", name=chosen)
    yield from set_nickname(group.cohort.id, learner, chosen)
    return OnBoard(chosen)
