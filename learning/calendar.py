"""A learner's own days: local dates and the instants at which their wall clock shows a time."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from learning.errors import Refused


def zone_named(name: str) -> ZoneInfo:
    """Find an IANA zone.

    Raises:
        Refused: when the name is not an IANA zone.
    """
    if name not in _zones():
        raise Refused("zone.unknown", zone=name)
    return ZoneInfo(name)


def _zones() -> frozenset[str]:
    global _known_zones  # noqa: PLW0603 -- reading the list walks 600 files; once is enough
    if not _known_zones:
        _known_zones = frozenset(available_timezones())
    return _known_zones


_known_zones: frozenset[str] = frozenset()


def local_day(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which `zone` shows `at` on `day`.

    A wall time that a clock change skips comes as much later as the clock jumped; one that
    happens twice means the first.
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def next_speaking(
    after: datetime, first_day: date, at: time, zone: ZoneInfo, quiet_days: Collection[int]
) -> datetime:
    """The first such instant on a day that is not quiet; 0 for Monday to 6 for Sunday.

    Raises:
        ValueError: when every day is quiet.
    """
    if len(set(quiet_days)) >= len(WEEKDAYS):
        raise ValueError("quiet_days: expected a day to speak on, found none")
    day = max(first_day, local_day(after, zone) - timedelta(days=1))
    while day.weekday() in quiet_days or instant(day, at, zone) <= after:
        day += timedelta(days=1)
    return instant(day, at, zone)


def next_local(after: datetime, first_day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first instant later than `after` at which a day from `first_day` on shows `at`."""
    day = max(first_day, local_day(after, zone) - timedelta(days=1))
    while (moment := instant(day, at, zone)) <= after:
        day += timedelta(days=1)
    return moment


def days(first: date, count: int) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range(count))


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The part of the night in which the mentor does not speak first; it may cross midnight."""

    start: time
    end: time

    def cover(self, at: time) -> bool:
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end
