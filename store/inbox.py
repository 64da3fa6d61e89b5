"""The inbox: every update a platform gave us, on disk before the platform is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from store.learners import epoch
from store.script import Script, change, row, rows

# A platform, and the lane or the address there.
Where: TypeAlias = tuple[str, str]

# An update that stopped the process this often is parked: the fault is likely its own.
MOST_TRIES = 5
CLOSED_KEYS_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A raw update as it came. `event` is unique on its platform; `lane` keeps its order."""

    platform: str
    event: str
    lane: str
    raw: str


@dataclass(frozen=True, slots=True)
class Received:
    """An update on disk that waits to be dealt with; `tries` came to no end."""

    seq: int
    arrival: Arrival
    tries: int = 0


def receive(arrivals: Sequence[Arrival], now: datetime) -> Script[Sequence[Received]]:
    """Write the updates and give those that were new."""
    received = []
    for arrival in arrivals:
        found = yield from row(
            "insert into inbox (platform, event, lane, raw, state, received_at) "
            "values (:platform, :event, :lane, :raw, 'open', :now) "
            "on conflict (platform, event) do nothing returning seq",
            platform=arrival.platform,
            event=arrival.event,
            lane=arrival.lane,
            raw=arrival.raw,
            now=epoch(now),
        )
        if found is not None:
            received.append(Received(found["seq"], arrival))
    return received


def park_unreadable(platform: str, event: str, note: str, now: datetime) -> Script[None]:
    """Remember an update that could not be read, without its content, so that it is not retried."""
    yield from change(
        "insert into inbox (platform, event, lane, state, note, received_at, closed_at) "
        "values (:platform, :event, '', 'parked', :note, :now, :now) "
        "on conflict (platform, event) do nothing",
        platform=platform,
        event=event,
        note=note,
        now=epoch(now),
    )


def unfinished(platform: str) -> Script[Sequence[Received]]:
    """The updates of a platform that were accepted but not dealt with, oldest first."""
    found = yield from rows(
        "select seq, event, lane, raw from inbox where state = 'open' and platform = :platform "
        "order by seq",
        platform=platform,
    )
    return [
        Received(one["seq"], Arrival(platform, one["event"], one["lane"], one["raw"]))
        for one in found
    ]


def open_in_lane(
    platform: str, lane: str, after: int = 0, limit: int = 100
) -> Script[Sequence[Received]]:
    """What waits in a conversation, oldest first, from behind `after` on."""
    found = yield from rows(
        "select seq, event, raw, tries from inbox where state = 'open' and platform = :platform "
        "and lane = :lane and seq > :after order by seq limit :limit",
        platform=platform,
        lane=lane,
        after=after,
        limit=limit,
    )
    return [
        Received(one["seq"], Arrival(platform, one["event"], lane, one["raw"]), one["tries"])
        for one in found
    ]


def lanes_waiting(before: datetime, after: Where, limit: int) -> Script[Sequence[Where]]:
    """Conversations in which something has waited since an instant, those behind one first.

    Each is a platform and a lane, and so is `after`.
    """
    found = yield from rows(
        "select distinct platform, lane from inbox where state = 'open' "
        "and received_at <= :before and (platform, lane) > (:platform, :lane) "
        "order by platform, lane limit :limit",
        before=epoch(before),
        platform=after[0],
        lane=after[1],
        limit=limit,
    )
    return [(one["platform"], one["lane"]) for one in found]


def newest_of_lanes(platform: str) -> Script[dict[str, str]]:
    """The update with the largest number in each conversation of late, by lane.

    Reads all that is kept of the platform, so it is for a start, not for a turn.
    """
    found = yield from rows(
        "select lane, max(cast(event as bigint)) as newest from inbox "
        "where platform = :platform and lane <> '' group by lane",
        platform=platform,
    )
    return {one["lane"]: str(one["newest"]) for one in found}


def try_again(seq: int) -> Script[int]:
    """Count one more attempt at an update that was left open, and give the number so far."""
    found = yield from row(
        "update inbox set tries = tries + 1 where seq = :seq returning tries", seq=seq
    )
    return int(found["tries"]) if found else 0


def blame_first(platform: str, lane: str) -> Script[None]:
    """Count a try against what a process was at in a conversation when it was killed."""
    yield from change(
        "update inbox set tries = tries + 1 where seq = (select min(seq) from inbox "
        "where state = 'open' and platform = :platform and lane = :lane)",
        platform=platform,
        lane=lane,
    )


def close(seq: int, now: datetime) -> Script[bool]:
    """Mark an update as dealt with and drop its content; False when it already was."""
    changed = yield from change(
        "update inbox set state = 'done', raw = null, closed_at = :now "
        "where seq = :seq and state = 'open'",
        seq=seq,
        now=epoch(now),
    )
    return changed == 1


def park(seq: int, note: str, now: datetime) -> Script[None]:
    """Put an update aside for the operator; it is not tried again by itself."""
    yield from change(
        "update inbox set state = 'parked', note = :note, closed_at = :now where seq = :seq",
        seq=seq,
        note=note,
        now=epoch(now),
    )


def beat(now: datetime) -> Script[None]:
    """Write one small row for good, to know whether the disk takes it."""
    yield from change(
        "insert into pulse (id, at) values (1, :now) on conflict (id) do update set at = :now",
        now=epoch(now),
    )


def forget_closed(now: datetime) -> Script[int]:
    """Delete the keys of updates dealt with long ago; platforms no longer repeat them."""
    changed = yield from change(
        "delete from inbox where state <> 'open' and closed_at < :before",
        before=epoch(now - CLOSED_KEYS_KEPT),
    )
    return changed
