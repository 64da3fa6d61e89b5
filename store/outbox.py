"""The outbox: every message the mentor owes an address, each key once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.cohorts import move_cohorts
from store.inbox import Where
from store.learners import epoch, from_epoch
from store.script import Row, Script, among, change, row, rows

# A body whose message has none; within a JSON string the quotes would be escaped.
NO_BUTTONS = '%"buttons": []%'
SENT_KEPT = timedelta(days=30)
# What could not be delivered longer ago is no news.
UNDELIVERED_TOLD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to an address; `body` is its portable form as JSON.

    A delivery that could not be made before `expires_at` is skipped, not sent late.
    """

    key: str
    platform: str
    address: str
    learner: int | None
    kind: str
    body: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """A delivery in the outbox. `expires_at` is in seconds since 1970."""

    seq: int
    platform: str
    address: str
    learner: int | None
    kind: str
    body: str
    tries: int
    expires_at: int | None


def owe(deliveries: Sequence[Delivery], now: datetime) -> Script[Sequence[Owed]]:
    """Put deliveries into the outbox and give those whose key was new."""
    owed = []
    for delivery in deliveries:
        found = yield from row(
            "insert into outbox (key, platform, address, learner, kind, state, not_before, "
            "expires_at, created_at) values (:key, :platform, :address, :learner, :kind, 'open', "
            ":now, :expires_at, :now) on conflict (key) do nothing returning seq",
            key=delivery.key,
            platform=delivery.platform,
            address=delivery.address,
            learner=delivery.learner,
            kind=delivery.kind,
            expires_at=epoch(delivery.expires_at) if delivery.expires_at else None,
            now=epoch(now),
        )
        if found is not None:
            yield from change(
                "insert into outbox_bodies (seq, body) values (:seq, :body)",
                seq=found["seq"],
                body=delivery.body,
            )
            owed.append(
                Owed(
                    found["seq"],
                    delivery.platform,
                    delivery.address,
                    delivery.learner,
                    delivery.kind,
                    delivery.body,
                    tries=0,
                    expires_at=epoch(delivery.expires_at) if delivery.expires_at else None,
                )
            )
    return owed


_COLUMNS = "seq, platform, address, learner, kind, body, tries, expires_at"


def unsent(platform: str, after: int = 0, limit: int = 1000) -> Script[Sequence[Owed]]:
    """Deliveries still owed on a platform, oldest first, from behind `after` on."""
    found = yield from rows(
        f"select {_COLUMNS} from deliveries "
        "where state = 'open' and platform = :platform and seq > :after order by seq limit :limit",
        platform=platform,
        after=after,
        limit=limit,
    )
    return [_owed(one) for one in found]


def unsent_to(
    platform: str, address: str, after: int = 0, limit: int = 100
) -> Script[Sequence[Owed]]:
    """Deliveries still owed to an address, oldest first, from behind `after` on."""
    found = yield from rows(
        f"select {_COLUMNS} from deliveries where state = 'open' and platform = :platform "
        "and address = :address and seq > :after order by seq limit :limit",
        platform=platform,
        address=address,
        after=after,
        limit=limit,
    )
    return [_owed(one) for one in found]


def addresses_waiting(before: datetime, after: Where, limit: int) -> Script[Sequence[Where]]:
    """Addresses that have been owed something since an instant, those behind one first.

    Each is a platform and an address, and so is `after`.
    """
    found = yield from rows(
        "select distinct platform, address from outbox where state = 'open' "
        "and created_at <= :before and (platform, address) > (:platform, :address) "
        "order by platform, address limit :limit",
        before=epoch(before),
        platform=after[0],
        address=after[1],
        limit=limit,
    )
    return [(one["platform"], one["address"]) for one in found]


def _owed(found: Row) -> Owed:
    return Owed(**found)


def delivery_with(seq: int) -> Script[Owed | None]:
    found = yield from row(f"select {_COLUMNS} from deliveries where seq = :seq", seq=seq)
    return _owed(found) if found else None


def delivery_with_poll(receipt: str) -> Script[Owed | None]:
    """The delivery that was sent as a quiz poll with this receipt."""
    found = yield from row(f"select {_COLUMNS} from deliveries where poll = :poll", poll=receipt)
    return _owed(found) if found else None


def key_of_post(receipt: str) -> Script[str | None]:
    """The key of the post in a group that has this receipt."""
    found = yield from row(
        "select key from outbox where receipt = :receipt and kind = 'group'", receipt=receipt
    )
    return str(found["key"]) if found else None


def receipt_of_post(key: str) -> Script[str | None]:
    """The receipt of a post; None until it is sent."""
    found = yield from row("select receipt from outbox where key = :key", key=key)
    return found["receipt"] if found else None


def latest_of_kind(kind: str) -> Script[datetime | None]:
    """When a message that belongs to no learner was last written."""
    found = yield from row(
        "select max(created_at) as at from outbox where learner is null and kind = :kind", kind=kind
    )
    return from_epoch(found["at"]) if found and found["at"] is not None else None


def latest_at(address: str, learner: int) -> Script[Owed | None]:
    """The newest delivery at an address, whose buttons a typed number means."""
    found = yield from row(
        f"select {_COLUMNS} from deliveries where address = :address and learner = :learner "
        "order by seq desc limit 1",
        address=address,
        learner=learner,
    )
    return _owed(found) if found else None


def latest_few_at(address: str, learner: int, count: int) -> Script[Sequence[Owed]]:
    """The newest deliveries at an address, the newest first."""
    found = yield from rows(
        f"select {_COLUMNS} from deliveries where address = :address and learner = :learner "
        "order by seq desc limit :count",
        address=address,
        learner=learner,
        count=count,
    )
    return [_owed(one) for one in found]


def sent(seq: int, receipt: str, now: datetime) -> Script[None]:
    """Note that a delivery has gone; the mere words of an answer are kept no longer.

    They stand in the conversation as well, and without buttons nothing can come back to them; what
    was told to a group, such as names, is kept nowhere.
    """
    yield from _end(seq, "sent", now, receipt=receipt)
    yield from change(
        "delete from outbox_bodies where seq = :seq and body like :no_buttons "
        "and (select kind from outbox where seq = :seq) in ('answer', 'group')",
        seq=seq,
        no_buttons=NO_BUTTONS,
    )


def sent_as_poll(seq: int, receipt: str, now: datetime) -> Script[None]:
    """Note a quiz poll, so that its votes find their way back after a restart as well."""
    yield from change(
        "update outbox set poll = :poll where seq = :seq and state = 'open'", seq=seq, poll=receipt
    )
    yield from sent(seq, receipt, now)


def keep_shorter(seq: int, body: str) -> Script[None]:
    """Keep less of a delivery that has gone, if anything is kept of it."""
    yield from change("update outbox_bodies set body = :body where seq = :seq", seq=seq, body=body)


def failed(seq: int, error: str, now: datetime) -> Script[None]:
    """Close a delivery the platform will never take, with what it said."""
    yield from _end(seq, "failed", now, error=error)
    yield from _drop_post(seq)


# What comes unasked; an answer that could not be given is nobody's to hear of later.
PUSHES = ("plan", "checkin", "rescue", "weekly", "snooze", "correction", "farewell", "news")


def take_undelivered(learner: int, now: datetime) -> Script[int]:
    """How many pushes of late could not be delivered; each is counted once."""
    gaps, kinds = among("kind", PUSHES)
    return (
        yield from change(
            "update outbox set state = 'skipped' where learner = :learner and state = 'failed' "
            f"and closed_at >= :since and kind in ({gaps})",
            learner=learner,
            since=epoch(now - UNDELIVERED_TOLD),
            **kinds,
        )
    )


def skipped(seq: int, error: str, now: datetime) -> Script[None]:
    yield from _end(seq, "skipped", now, error=error)
    yield from _drop_post(seq)


def _drop_post(seq: int) -> Script[None]:
    """Keep nothing of a post in a group that has no buttons: names may stand in it."""
    yield from change(
        "delete from outbox_bodies where seq = :seq and body like :no_buttons "
        "and (select kind from outbox where seq = :seq) = 'group'",
        seq=seq,
        no_buttons=NO_BUTTONS,
    )


def _end(
    seq: int, state: str, now: datetime, *, receipt: str | None = None, error: str | None = None
) -> Script[None]:
    yield from change(
        "update outbox set state = :state, closed_at = :now, receipt = :receipt, error = :error, "
        "tries = tries + 1 where seq = :seq and state = 'open'",
        seq=seq,
        state=state,
        now=epoch(now),
        receipt=receipt,
        error=error,
    )


def move_address(platform: str, old: str, new: str) -> Script[None]:
    """Follow a chat that changed its id: what is owed there, and where learners live."""
    yield from change(
        "update outbox set address = :new where platform = :platform and address = :old",
        platform=platform,
        old=old,
        new=new,
    )
    yield from change("update learners set home = :new where home = :old", old=old, new=new)
    yield from move_cohorts(old, new)


def forget_sent(now: datetime) -> Script[int]:
    """Delete deliveries made long ago; their buttons answer "expired" from then on."""
    changed = yield from change(
        "delete from outbox where state <> 'open' and closed_at < :before",
        before=epoch(now - SENT_KEPT),
    )
    return changed
