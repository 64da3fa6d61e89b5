"""What is kept for a time only is gone when that is over, and not before."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from store.learners import add_learner, epoch
from store.personal import TABLES
from store.port import Store
from store.retention import retention_jobs
from store.script import change, row
from tests.keeping import fill
from tests.stores import new_store

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
# Table, the column that its age is told by, and how long the table of personal data promises.
PROMISED = (
    ("link_codes", "expires_at", timedelta(0)),
    ("expectations", "expires_at", timedelta(0)),
    ("invitations", "expires_at", timedelta(0)),
    ("inbox", "closed_at", timedelta(days=7)),
    ("outbox", "closed_at", timedelta(days=30)),
    ("help_requests", "answered_at", timedelta(days=90)),
    ("gaps", "day", timedelta(days=90)),
)
FOR_A_TIME = {name for name, _, _ in PROMISED}
# Of these only a part goes, or they go with another table.
IN_PART = {
    "submissions", "model_usage", "outbox_bodies", "clocks", "round_answers", "contributions",
    "members", "group_notes", "rounds", "round_questions", "cohorts",
}  # fmt: skip


def filled() -> Store:
    store = new_store()
    learner = store.run_now(add_learner, "telegram", "7", "telegram:7", "en", "UTC", NOW)
    store.run_now(fill, learner.id, "telegram:7", "mark", 2)
    store.run_now(
        change, "insert into invitations (code, uses_left, expires_at) values ('c', 1, 0)"
    )
    store.run_now(change, "update inbox set state = 'done'")
    store.run_now(change, "update outbox set state = 'sent'")
    return store


def count(store: Store, table: str) -> int:
    found = store.run_now(row, f"select count(*) as n from {table}")  # noqa: S608 -- ours
    return int(found["n"]) if found else 0


def tidy(store: Store, now: datetime) -> None:
    for job in retention_jobs(now, timedelta(hours=24)):
        store.run_now(job)


def age(store: Store, table: str, column: str, at: datetime) -> None:
    value = at.date().isoformat() if column == "day" else epoch(at)
    store.run_now(change, f"update {table} set {column} = :value", value=value)  # noqa: S608 -- ours


@pytest.mark.parametrize(("table", "column", "kept"), PROMISED)
def test_it_goes_when_its_time_is_over_and_not_before(
    table: str, column: str, kept: timedelta
) -> None:
    store = filled()
    age(store, table, column, NOW)
    before = count(store, table)

    tidy(store, NOW + kept - timedelta(hours=1))
    assert count(store, table) == before > 0
    tidy(store, NOW + kept + timedelta(days=1, hours=1))
    assert count(store, table) == 0
    store.close()


def test_what_stays_until_the_learner_is_erased_stays_for_years() -> None:
    store = filled()
    lasting = [
        one.name for one in TABLES if one.is_exported and one.name not in FOR_A_TIME | IN_PART
    ]
    before = {name: count(store, name) for name in lasting}

    tidy(store, NOW + timedelta(days=3650))

    assert {name: count(store, name) for name in lasting} == before
    assert all(before.values())
    store.close()


def test_the_table_of_personal_data_promises_the_same() -> None:
    said = {one.name: one.kept for one in TABLES}
    for name, _, kept in PROMISED:
        days = re.search(r"(\d+) days", said[name])
        if kept:
            assert days is not None, name
            assert timedelta(days=int(days[1])) == kept, name


def test_what_was_said_goes_only_where_the_operator_wants_it() -> None:
    store = filled()
    for table, column in (("messages", "at"), ("summaries", "made_at")):
        age(store, table, column, NOW)

    def left(days: int, kept: int | None) -> tuple[int, int]:
        talk_kept = timedelta(days=kept) if kept else None
        for job in retention_jobs(NOW + timedelta(days=days), None, talk_kept):
            store.run_now(job)
        return count(store, "messages"), count(store, "summaries")

    before = left(0, None)
    assert left(3650, None) == left(29, 30) == before
    assert left(31, 30) == (0, 0)
    assert count(store, "completions") > 0
    store.close()
