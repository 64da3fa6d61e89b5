"""Which process does what only one may do at a time; whoever stops renewing loses it."""

from datetime import datetime, timedelta

from store.learners import epoch
from store.script import Script, change


def take_lease(name: str, holder: str, now: datetime, lasts: timedelta) -> Script[bool]:
    """Take or renew a lease; False while somebody else has it."""
    changed = yield from change(
        "insert into leases (name, holder, until) values (:name, :holder, :until) "
        "on conflict (name) do update set holder = excluded.holder, until = excluded.until "
        "where leases.holder = excluded.holder or leases.until <= :now",
        name=name,
        holder=holder,
        until=epoch(now + lasts),
        now=epoch(now),
    )
    return changed == 1


def give_up_lease(name: str, holder: str) -> Script[None]:
    """Let somebody else have it at once."""
    yield from change(
        "delete from leases where name = :name and holder = :holder", name=name, holder=holder
    )
