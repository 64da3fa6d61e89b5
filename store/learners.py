"""Learners, the accounts they use, and what a conversation waits for."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from learning.calendar import WEEKDAYS, QuietHours
from learning.values import Language
from store.script import HELD, Row, Script, change, row, rows

EXPECTATION_LIFETIME = timedelta(hours=36)
# Nobody's number: what is looked up for a group is looked up for nobody, and finds nothing private.
NOBODY = 0
# Of evidence hours later nobody knows any more what it shows.
EVIDENCE_LIFETIME = timedelta(hours=3)


Pictures = Literal["", "light", "dark", "off"]
_PICTURES: Mapping[str, Pictures] = {"light": "light", "dark": "dark", "off": "off"}


@dataclass(frozen=True, slots=True)
class Learner:
    """A person the mentor teaches. `home` is the address where the mentor speaks first.

    On `quiet_days`, 0 for Monday to 6 for Sunday, the mentor does not speak first. `pictures` is
    what they shall look like; empty means as suits the platform.
    """

    id: int
    language: Language
    zone: ZoneInfo
    home: str
    push_at: time
    evening_at: time
    quiet: QuietHours
    pushes_on: bool
    ignored_pushes: int
    last_plan_day: date | None
    quiet_days: frozenset[int] = frozenset()
    pictures: Pictures = ""
    announcements: bool = True
    is_invited: bool = False
    came_at: datetime | None = None
    is_looked_after: bool = False


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the mentor asked in a conversation, so that the next words can be its answer."""

    kind: str
    details: Mapping[str, str]


def epoch(at: datetime) -> int:
    return int(at.timestamp())


def from_epoch(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _learner(found: Row) -> Learner:
    return Learner(
        id=found["id"],
        language="zh" if found["language"] == "zh" else "en",
        zone=ZoneInfo(found["zone"]),
        home=found["home"],
        push_at=time.fromisoformat(found["push_at"]),
        evening_at=time.fromisoformat(found["evening_at"]),
        quiet=QuietHours(
            time.fromisoformat(found["quiet_from"]), time.fromisoformat(found["quiet_to"])
        ),
        pushes_on=bool(found["pushes_on"]),
        ignored_pushes=found["ignored_pushes"],
        last_plan_day=_day(found["last_plan_day"]),
        quiet_days=frozenset(
            WEEKDAYS.index(one) for one in found["quiet_days"].split(",") if one in WEEKDAYS
        ),
        pictures=_PICTURES.get(found["pictures"], ""),
        announcements=bool(found["announcements"]),
        is_invited=bool(found["invited"]),
        came_at=from_epoch(found["created_at"]),
        is_looked_after=bool(found["looked_after"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def learner_of(platform: str, person: str, *, is_held: bool = False) -> Script[Learner | None]:
    """Whose account it is; held, nobody else changes anything of theirs meanwhile."""
    found = yield from row(
        "select l.* from identities i join learners l on l.id = i.learner "
        f"where i.platform = :platform and i.person = :person {HELD if is_held else ''}",
        platform=platform,
        person=person,
    )
    return _learner(found) if found else None


def learner_with(id: int, *, is_held: bool = False) -> Script[Learner]:
    """A learner that is known; held as by `learner_of`."""
    found = yield from row(
        f"select * from learners where id = :id {HELD if is_held else ''}", id=id
    )
    if found is None:
        raise LookupError(f"learners: expected a row with id {id}, found none")
    return _learner(found)


def add_learner(
    platform: str, person: str, home: str, language: Language, zone: str, now: datetime
) -> Script[Learner]:
    """Make a learner with the default times, known by one account."""
    found = yield from row(
        "insert into learners (language, zone, home, push_at, evening_at, quiet_from, quiet_to, "
        "pushes_on, created_at, last_seen_at) values (:language, :zone, :home, '08:00', '20:30', "
        "'22:30', '07:00', 1, :now, :now) returning *",
        language=language,
        zone=zone,
        home=home,
        now=epoch(now),
    )
    if found is None:
        raise LookupError("learners: expected the new row back, found none")
    yield from change(
        "insert into identities (platform, person, learner) values (:platform, :person, :learner)",
        platform=platform,
        person=person,
        learner=found["id"],
    )
    return _learner(found)


def saw_learner(learner: int, now: datetime) -> Script[None]:
    """Note a sign of life: whatever was ignored before no longer counts."""
    yield from change(
        "update learners set last_seen_at = :now, ignored_pushes = 0 where id = :learner",
        learner=learner,
        now=epoch(now),
    )


def set_home(learner: int, address: str) -> Script[None]:
    """Where the mentor speaks first from now on."""
    yield from change(
        "update learners set home = :address where id = :learner", address=address, learner=learner
    )


def set_language(learner: int, language: Language) -> Script[None]:
    yield from change(
        "update learners set language = :language where id = :learner",
        learner=learner,
        language=language,
    )


def set_zone(learner: int, zone: ZoneInfo) -> Script[None]:
    yield from change(
        "update learners set zone = :zone where id = :learner", learner=learner, zone=zone.key
    )


def set_times(
    learner: int,
    *,
    push_at: time | None = None,
    evening_at: time | None = None,
    quiet: QuietHours | None = None,
) -> Script[None]:
    """Change the times that are given and leave the others."""
    yield from change(
        "update learners set push_at = coalesce(:push_at, push_at), "
        "evening_at = coalesce(:evening_at, evening_at), "
        "quiet_from = coalesce(:quiet_from, quiet_from), "
        "quiet_to = coalesce(:quiet_to, quiet_to) where id = :learner",
        learner=learner,
        push_at=_wall(push_at),
        evening_at=_wall(evening_at),
        quiet_from=_wall(quiet.start if quiet else None),
        quiet_to=_wall(quiet.end if quiet else None),
    )


def _wall(at: time | None) -> str | None:
    return at.isoformat("minutes") if at else None


def set_quiet_days(learner: int, days: Collection[int]) -> Script[None]:
    yield from change(
        "update learners set quiet_days = :days where id = :learner",
        learner=learner,
        days=",".join(WEEKDAYS[day] for day in sorted(days)),
    )


def set_pictures(learner: int, pictures: Pictures) -> Script[None]:
    yield from change(
        "update learners set pictures = :pictures where id = :learner",
        learner=learner,
        pictures=pictures,
    )


def set_announcements(learner: int, *, on: bool) -> Script[None]:
    yield from change(
        "update learners set announcements = :on where id = :learner", learner=learner, on=int(on)
    )


def set_looked_after(learner: int, *, on: bool) -> Script[None]:
    yield from change(
        "update learners set looked_after = :on where id = :learner", learner=learner, on=int(on)
    )


def silent_learners(
    before: datetime, since: datetime, limit: int
) -> Script[Sequence[tuple[Learner, datetime]]]:
    """Who agreed to be asked after, wrote last in that time, and was not asked since."""
    found = yield from rows(
        "select * from learners where looked_after = 1 and last_seen_at < :before "
        "and last_seen_at >= :since and (reached_at is null or reached_at < last_seen_at) "
        "order by last_seen_at desc limit :limit",
        before=epoch(before),
        since=epoch(since),
        limit=limit,
    )
    return [(_learner(one), from_epoch(one["last_seen_at"])) for one in found]


def note_reached(learner: int, now: datetime) -> Script[None]:
    yield from change(
        "update learners set reached_at = :now where id = :learner",
        learner=learner,
        now=epoch(now),
    )


def set_pushes(learner: int, *, on: bool) -> Script[None]:
    yield from change(
        "update learners set pushes_on = :is_on where id = :learner", learner=learner, is_on=int(on)
    )


def note_plan_push(learner: int, day: date, ignored: int) -> Script[None]:
    yield from change(
        "update learners set last_plan_day = :day, ignored_pushes = :ignored where id = :learner",
        learner=learner,
        day=day.isoformat(),
        ignored=ignored,
    )


def note_ignored(learner: int, ignored: int) -> Script[None]:
    yield from change(
        "update learners set ignored_pushes = :ignored where id = :learner",
        learner=learner,
        ignored=ignored,
    )


def expect(
    address: str, learner: int, kind: str, details: Mapping[str, str], now: datetime
) -> Script[None]:
    """Remember what was asked; it replaces what was asked before."""
    yield from change(
        "insert into expectations (address, learner, kind, details, expires_at) "
        "values (:address, :learner, :kind, :details, :expires_at) "
        "on conflict (address, learner) do update set kind = excluded.kind, "
        "details = excluded.details, expires_at = excluded.expires_at",
        address=address,
        learner=learner,
        kind=kind,
        details=json.dumps(dict(details), ensure_ascii=False),
        expires_at=epoch(now + (EVIDENCE_LIFETIME if kind == "evidence" else EXPECTATION_LIFETIME)),
    )


def expected(address: str, learner: int, now: datetime) -> Script[Expectation | None]:
    found = yield from row(
        "select kind, details from expectations where address = :address "
        "and learner = :learner and expires_at > :now",
        address=address,
        learner=learner,
        now=epoch(now),
    )
    return Expectation(found["kind"], json.loads(found["details"])) if found else None


def expect_nothing(address: str, learner: int, *, but: str = "") -> Script[None]:
    """Let go of what was asked, unless it is of the kind `but`."""
    yield from change(
        "delete from expectations where address = :address and learner = :learner and kind <> :but",
        address=address,
        learner=learner,
        but=but,
    )
