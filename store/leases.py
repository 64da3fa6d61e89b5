"""Which process does what only one may do at a time; whoever stops renewing loses it.

For several processes, so on PostgreSQL only. The clock is the server's, as those of several
machines differ.
"""

from datetime import timedelta

from store.script import Script, change

_NOW = "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)"


def take_lease(name: str, holder: str, lasts: timedelta) -> Script[bool]:
    """Take or renew a lease; False while somebody else has it."""
    changed = yield from change(
        f"insert into leases (name, holder, until) values (:name, :holder, {_NOW} + :lasts) "
        "on conflict (name) do update set holder = excluded.holder, until = excluded.until "
        f"where leases.holder = excluded.holder or leases.until <= {_NOW}",
        name=name,
        holder=holder,
        lasts=int(lasts.total_seconds() * 1000),
    )
    return changed == 1


def give_up_lease(name: str, holder: str) -> Script[None]:
    """Let somebody else have it at once."""
    yield from change(
        "delete from leases where name = :name and holder = :holder", name=name, holder=holder
    )
