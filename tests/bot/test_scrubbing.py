"""Erased bytes: gone at once, or with the next tidying, and never at everybody's cost."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from bot.platforms.console import Terminal
from bot.scrubbing import FORGOTTEN, scrub
from store.outbox import Delivery, owe
from store.script import Script, change
from store.sqlite import SqliteStore
from tests.journeys.people import NOW


def somebody_was_forgotten(now: datetime) -> Script[None]:
    body = '{"markup": "", "buttons": []}'
    key = f"k{now.timestamp()}"
    yield from owe([Delivery(key, "telegram", "telegram:7", None, FORGOTTEN, body)], now)


async def test_the_file_is_written_anew_once_somebody_was_forgotten(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "mentor.db")
    await scrub(store, NOW, is_tidying=True)
    before = store.rewritten_at
    await store.run(somebody_was_forgotten, NOW)
    await scrub(store, NOW + timedelta(seconds=1), is_tidying=False)
    store.close()

    assert before < NOW < store.rewritten_at


async def test_when_it_was_written_is_known_after_a_restart(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "mentor.db")
    await store.run(somebody_was_forgotten, NOW)
    await scrub(store, NOW + timedelta(seconds=1), is_tidying=False)
    store.close()
    store = SqliteStore(tmp_path / "mentor.db")
    await scrub(store, NOW + timedelta(hours=2), is_tidying=True)
    store.close()

    assert store.rewritten_at == NOW + timedelta(seconds=1)


async def test_a_second_farewell_within_a_minute_waits_for_the_tidying(tmp_path: Path) -> None:
    """Or somebody who comes and goes all day would keep everybody waiting."""
    store = SqliteStore(tmp_path / "mentor.db")
    await store.run(somebody_was_forgotten, NOW)
    await scrub(store, NOW, is_tidying=False)
    soon = NOW + timedelta(seconds=30)
    await store.run(somebody_was_forgotten, soon)
    await scrub(store, soon, is_tidying=False)
    waiting = store.rewritten_at
    await scrub(store, NOW + timedelta(hours=1), is_tidying=True)
    store.close()

    assert waiting == NOW
    assert store.rewritten_at == NOW + timedelta(hours=1)


async def test_a_log_somebody_reads_is_emptied_later(tmp_path: Path) -> None:
    path = tmp_path / "mentor.db"
    store = SqliteStore(path)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from pulse").fetchone()
    await store.run(change, "insert into pulse (id, at) values (1, 1)")
    while_read = await store.empty_log()
    reader.execute("rollback")
    reader.close()
    afterwards = await store.empty_log()
    log = path.with_name("mentor.db-wal").stat().st_size
    store.close()

    assert (while_read, afterwards, log) == (False, True, 0)


def test_the_terminals_history_goes_with_its_learner(tmp_path: Path) -> None:
    history = tmp_path / "history"
    history.write_text("+/done 1 something", "utf-8")
    Terminal(history=history).forget_history()
    Terminal(history=history).forget_history()

    assert not history.exists()
