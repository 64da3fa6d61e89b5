"""Moments in words: a day, a time of day, both together, or a delay."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from agent.phrases.amounts import durations_in
from agent.phrases.clock import Clock, clocks_in
from agent.phrases.dates import find_day
from agent.phrases.spelling import pattern, plain, words

_LATER = pattern(r"^\s*(?:之?后|以后|过后|(?:later|from now)\b)")
_AFTER = pattern(r"(?:再?过|再?等|\b(?:in|after)(?: about| around| another)?)\s*$")
_FURTHEST = timedelta(days=366)
# What a part of the day means when no hour is said.
_PARTS = (
    (words("早上|早晨|清晨|清早|今早|明早|一早", "mornings?"), time(8)),
    (words("上午", "forenoon"), time(10)),
    (words("下午|午后", "afternoons?"), time(15)),
    (words("傍晚", "dusk"), time(18)),
    (
        words(
            "晚上|晚间|夜里|夜晚|今晚|明晚|昨晚|(?<=[一二三四五六日天号末])晚(?![点些了会])",
            "evenings?|tonight|nights?",
        ),
        time(20),
    ),
)
_THIS_PART = words("", "this (?:morning|afternoon|evening)")
_SMALL_HOURS = words("凌晨|清晨|早", "[0-9]\\s*a\\.?m|morning")
_NIGHT = words("晚|夜", "tonight|nights?|midnight|evening")
# Nobody asks to be called in the small hours: a bare three o'clock is in the afternoon.
_WAKING = 6


class Moment(NamedTuple):
    """A day, a time of day, both of them, or else a delay; with its place in the text.

    A time without "morning" or "evening" is settled already: with a day to come it is as written
    but for one to five o'clock, which are in the afternoon; without a day, or today, it is the
    next one that a clock shows, small hours left out.
    """

    day: date | None
    at: time | None
    delay: timedelta | None
    start: int
    end: int

    def instant(self, now: datetime) -> datetime | None:
        """The wall time that is meant; None for a day alone. A time alone is the next such."""
        if self.delay is not None:
            return now + self.delay
        if self.at is None:
            return None
        if self.day is not None:
            return datetime.combine(self.day, self.at)
        today = datetime.combine(now.date(), self.at)
        return today if today > now else today + timedelta(days=1)

    def is_past(self, now: datetime) -> bool:
        """Whether a day, or a moment of a day, has passed."""
        if self.day is None:
            return False
        if self.at is None:
            return self.day < now.date()
        return datetime.combine(self.day, self.at) <= now


def moment_in(text: str, now: datetime) -> Moment | None:
    """The first moment that is spoken of, seen from a learner's wall clock.

    A past one is given as it is, so that the learner can be asked what they meant.
    """
    text = plain(text)
    return _delay(text) or _moment(text, now)


def _delay(text: str) -> Moment | None:
    """半小时后, in 2 hours; two hours a day is none."""
    for found in durations_in(text):
        behind, before = _LATER.match(text[found.end :]), _AFTER.search(text[: found.start])
        delay = timedelta(minutes=found.minutes)
        if (behind or before) and timedelta(0) < delay <= _FURTHEST:
            start = before.start() if before else found.start
            return Moment(None, None, delay, start, found.end + (behind.end() if behind else 0))
    return None


def _moment(text: str, now: datetime) -> Moment | None:
    found = find_day(text, now.date())
    clock = next(iter(clocks_in(text)), None)
    this_part = _THIS_PART.search(text) if found is None else None
    day = found.day if found else now.date() if this_part else None
    places = [(each.start, each.end) for each in (found, clock) if each is not None]
    if this_part is not None:
        places.append(this_part.span())
    part = next((at for said, at in _PARTS if said.search(text)), None)
    if not places or (day is None and clock is None):
        return None
    # 08:30 is written by a 24-hour clock.
    is_exact = clock is not None and text[clock.start :].lstrip().startswith("0")
    at = part if clock is None else clock.at if is_exact else _settled(clock, part, day, now)
    if day is not None and clock is not None and at is not None and _is_after_midnight(text, at):
        day += timedelta(days=1)
    return Moment(day, at, None, min(places)[0], max(end for _, end in places))


def _is_after_midnight(text: str, at: time) -> bool:
    """今晚十二点, midnight tonight: the night of a day ends on the next."""
    return at.hour < 5 and bool(_NIGHT.search(text)) and not _SMALL_HOURS.search(text)


def _settled(clock: Clock, part: time | None, day: date | None, now: datetime) -> time:
    """A bare hour put into its half of the day."""
    at = clock.at
    if not clock.is_bare:
        return at
    if part is not None:
        is_later = part >= time(12) and at.hour < 12
        return at.replace(hour=at.hour + 12) if is_later else at
    first, second = at.replace(hour=at.hour % 12), at.replace(hour=at.hour % 12 + 12)
    if day is not None and day != now.date():
        return second if at.hour < _WAKING or at.hour == 12 else first
    hours = [each for each in (first, second) if each.hour >= _WAKING]
    to_come = [each for each in hours if each > now.time()]
    if to_come or day is not None:
        return to_come[0] if to_come else hours[-1]
    return hours[0]
