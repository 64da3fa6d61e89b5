"""A calendar file of study days, as calendars on phones and desks read it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def ics_of(rows: Sequence[Sequence[str]], at: int) -> bytes:
    """Make the file: first the zone and the calendar's name, then a row for each day.

    A day is its uid, its start on the zone's clock, its minutes, title and text. `at` is when it
    was made; a later file's days take the place of an earlier one's.
    """
    # It takes a tenth of a second to load, and most runs make no calendar.
    from icalendar import Alarm, Calendar, Event  # noqa: PLC0415

    (zone_name, name), *days = rows
    zone = ZoneInfo(zone_name)
    made_at = datetime.fromtimestamp(at, UTC)
    calendar = Calendar()
    calendar.add("prodid", "-//Mentor//Study plan//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone_name)
    for uid, start, minutes, title, text in days:
        event = Event()
        event.add("uid", uid)
        event.add("dtstamp", made_at)
        event.add("last-modified", made_at)
        # Grows with time, and stays a small number in every program until the year 6000.
        event.add("sequence", at // 60)
        begins = datetime.fromisoformat(start).replace(tzinfo=zone)
        event.add("dtstart", begins)
        event.add("duration", timedelta(minutes=int(minutes)))
        event.add("summary", title)
        event.add("description", text)
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", timedelta())
        alarm.add("description", title)
        event.add_component(alarm)
        calendar.add_component(event)
    # A year around the days, so that their own clock changes are all told and no others.
    starts = [datetime.fromisoformat(start).date() for _, start, *_ in days]
    year = timedelta(days=366)
    calendar.add_missing_timezones(min(starts) - year, max(starts) + year)
    made: bytes = calendar.to_ical()
    return made
