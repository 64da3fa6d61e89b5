"""Days belong to learners: every zone, every clock change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.calendar import QuietHours, days, instant, local_day, next_local, zone_named
from learning.errors import Refused

ZONES = sorted(available_timezones() - {"localtime"})


@pytest.mark.parametrize("at", [time(0), time(0, 30), time(2, 30), time(8), time(23, 30)])
def test_every_local_date_of_a_year_gets_exactly_one_instant_in_every_zone(at: time) -> None:
    for zone in map(ZoneInfo, _zones_with_distinct_rules()):
        after = instant(date(2026, 12, 31), time(12), zone)
        first = date(2027, 1, 1)
        seen = []
        for day in days(first, 365):
            after = next_local(after, day, at, zone)
            seen.append(after)
        assert len(set(seen)) == 365
        assert all(a < b for a, b in pairwise(seen))


def _zones_with_distinct_rules() -> list[str]:
    """One zone for each pattern of offsets in 2027: 600 names share some 80 patterns."""
    patterns: dict[tuple[timedelta | None, ...], str] = {}
    for name in ZONES:
        zone = ZoneInfo(name)
        offsets = tuple(
            datetime(2027, 1, 1, tzinfo=UTC).astimezone(zone).utcoffset()
            if day == 0
            else (datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=day))
            .astimezone(zone)
            .utcoffset()
            for day in range(365)
        )
        patterns.setdefault(offsets, name)
    return list(patterns.values())


def test_a_wall_time_the_clock_skips_comes_as_much_later_as_the_clock_jumped() -> None:
    at = instant(date(2026, 3, 8), time(2, 30), ZoneInfo("America/New_York"))

    assert at.astimezone(ZoneInfo("America/New_York")).time() == time(3, 30)


def test_a_wall_time_that_happens_twice_means_the_first() -> None:
    at = instant(date(2026, 11, 1), time(1, 30), ZoneInfo("America/New_York"))

    assert at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@given(
    st.integers(1_767_225_600, 1_830_297_600).map(lambda at: datetime.fromtimestamp(at, UTC)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES),
)
def test_the_next_local_time_is_the_earliest_after_now(now: datetime, at: time, name: str) -> None:
    zone = ZoneInfo(name)

    found = next_local(now, local_day(now, zone), at, zone)

    assert found > now
    assert found - now <= timedelta(hours=49)


def test_quiet_hours_may_cross_midnight() -> None:
    quiet = QuietHours(time(22, 30), time(7))

    assert quiet.cover(time(23))
    assert quiet.cover(time(6, 59))
    assert not quiet.cover(time(7))
    assert not quiet.cover(time(22, 29))


def test_an_unknown_zone_is_refused_with_its_name() -> None:
    with pytest.raises(Refused) as refused:
        zone_named("Asia/Atlantis")

    assert refused.value.values == {"zone": "Asia/Atlantis"}
