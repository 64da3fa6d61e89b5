"""The tables, made and changed by numbered migrations.

Days are text such as `2026-11-23`; instants are whole seconds since 1970, UTC.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database, Migrations

from store.errors import StorageBrokenError

_migrations = Migrations("mentor")


@_migrations()
def m001_first_day(db: Database) -> None:
    db.executescript(
        """
        create table learners (
            id integer primary key autoincrement,
            language text not null,
            zone text not null,
            home text not null,
            push_at text not null,
            evening_at text not null,
            quiet_from text not null,
            quiet_to text not null,
            pushes_on integer not null,
            ignored_pushes integer not null default 0,
            last_plan_day text,
            created_at integer not null,
            last_seen_at integer not null
        ) strict;
        create table identities (
            platform text not null,
            person text not null,
            learner integer not null references learners (id),
            primary key (platform, person)
        ) strict;
        create index identities_by_learner on identities (learner);
        create table expectations (
            address text not null,
            learner integer not null references learners (id),
            kind text not null,
            details text not null,
            expires_at integer not null,
            primary key (address, learner)
        ) strict;
        create table enrolments (
            id integer primary key autoincrement,
            learner integer not null references learners (id),
            curriculum text not null,
            version integer not null,
            started_on text not null,
            state text not null check (state in ('active', 'left')),
            ended_on text
        ) strict;
        create unique index one_active_enrolment on enrolments (learner) where state = 'active';
        create index enrolments_by_learner on enrolments (learner);
        create table paces (
            enrolment integer not null references enrolments (id),
            since text not null,
            minutes text not null,
            primary key (enrolment, since)
        ) strict;
        create table pauses (
            enrolment integer not null references enrolments (id),
            since text not null,
            until text,
            primary key (enrolment, since)
        ) strict;
        create table completions (
            enrolment integer not null references enrolments (id),
            task text not null,
            day text not null,
            evidence text,
            noted_at integer not null,
            primary key (enrolment, task)
        ) strict;
        create table postponements (
            enrolment integer not null references enrolments (id),
            task text not null,
            day text not null,
            until text not null,
            primary key (enrolment, task, day)
        ) strict;
        create table skips (
            enrolment integer not null references enrolments (id),
            task text not null,
            day text not null,
            primary key (enrolment, task)
        ) strict;
        create table returns (
            enrolment integer not null references enrolments (id),
            day text not null,
            way text not null,
            primary key (enrolment, day)
        ) strict;
        create table blockers (
            enrolment integer not null references enrolments (id),
            task text not null,
            day text not null,
            note text not null,
            noted_at integer not null,
            primary key (enrolment, task, day)
        ) strict;
        create table clocks (
            learner integer not null references learners (id),
            kind text not null,
            next_due_at integer not null,
            primary key (learner, kind)
        ) strict;
        create index clocks_by_due on clocks (next_due_at);
        create table inbox (
            seq integer primary key autoincrement,
            platform text not null,
            event text not null,
            lane text not null,
            raw text,
            state text not null check (state in ('open', 'done', 'parked')),
            tries integer not null default 0,
            note text,
            received_at integer not null,
            closed_at integer,
            unique (platform, event)
        ) strict;
        create index inbox_open on inbox (seq) where state = 'open';
        create index inbox_closed on inbox (closed_at) where state <> 'open';
        create table outbox (
            seq integer primary key autoincrement,
            key text not null unique,
            platform text not null,
            address text not null,
            learner integer references learners (id),
            kind text not null,
            body text not null,
            state text not null check (state in ('open', 'sent', 'failed', 'skipped')),
            tries integer not null default 0,
            not_before integer not null,
            expires_at integer,
            created_at integer not null,
            closed_at integer,
            receipt text,
            error text
        ) strict;
        create index outbox_open on outbox (seq) where state = 'open';
        create index outbox_by_address on outbox (address, seq);
        create index outbox_by_learner on outbox (learner);
        create index outbox_closed on outbox (closed_at) where state <> 'open';
        create table messages (
            seq integer primary key autoincrement,
            address text not null,
            learner integer not null references learners (id),
            turn text not null,
            position integer not null,
            role text not null check (role in ('human', 'ai', 'tool')),
            content text not null,
            at integer not null,
            unique (turn, position)
        ) strict;
        create index messages_by_conversation on messages (address, learner, seq);
        create index messages_by_learner on messages (learner);
        create table pulse (
            id integer primary key check (id = 1),
            at integer not null
        ) strict;
        create table windows (
            address text not null,
            learner integer not null references learners (id),
            first_seq integer not null,
            primary key (address, learner)
        ) strict;
        """
    )


@_migrations()
def m002_five_curricula(db: Database) -> None:
    db.executescript(
        """
        drop index one_active_enrolment;
        create unique index one_active_enrolment on enrolments (learner, curriculum)
            where state = 'active';
        alter table completions add column title text;
        alter table completions add column wording text;
        create table picks (
            enrolment integer not null references enrolments (id),
            choice text not null,
            day text not null,
            options text not null,
            primary key (enrolment, choice, day)
        ) strict;
        create table criteria_met (
            enrolment integer not null references enrolments (id),
            criterion text not null,
            day text not null,
            evidence text,
            noted_at integer not null,
            primary key (enrolment, criterion)
        ) strict;
        create table weekly_checks (
            enrolment integer not null references enrolments (id),
            monday text not null,
            answers text not null,
            noted_at integer not null,
            primary key (enrolment, monday)
        ) strict;
        create table passes (
            learner integer not null references learners (id),
            problem text not null,
            day text not null,
            noted_at integer not null,
            primary key (learner, problem, day)
        ) strict;
        """
    )


def migrate(db: Database, path: Path | None) -> None:
    """Bring the tables up to date, one process at a time.

    Raises:
        StorageBrokenError: when the file was written by a newer program.
    """
    known = {migration.name for migration in _migrations.pending(Database(memory=True))}
    with _one_process(path):
        found = {migration.name for migration in _migrations.applied(db)}
        if unknown := found - known:
            raise StorageBrokenError(
                f"{path}: expected tables this program knows, found migration "
                f"{sorted(unknown)[0]!r} of a newer one. Update Mentor, or restore an older backup."
            )
        _migrations.apply(db)


@contextmanager
def _one_process(path: Path | None) -> Iterator[None]:
    if path is None:
        yield
        return
    with path.with_suffix(".migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
