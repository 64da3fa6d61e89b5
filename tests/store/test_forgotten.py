"""Whoever was forgotten stays forgotten when a backup is put back."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.forgotten import forget, marks_in
from store.learners import add_learner, learner_of
from store.script import Script, row, rows
from store.sqlite import SqliteStore, back_up, put_back
from tests.keeping import fill

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CANARY = "kanarienvogel"


def somebody(person: str, at: datetime = NOW) -> Script[int]:
    home = f"telegram:{person}"
    learner = yield from add_learner("telegram", person, home, "zh", "Asia/Shanghai", at)
    yield from fill(learner.id, home, f"{CANARY}-{person}", 3)
    return learner.id


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with two learners, and `backup.db` beside it, from before one was forgotten."""
    path = tmp_path / "data" / "mentor.db"
    path.parent.mkdir()
    store = SqliteStore(path)
    ann = store.run_now(somebody, "7")
    store.run_now(somebody, "8")
    back_up(path, tmp_path / "backup.db")
    store.run_now(forget, ann)
    store.close()
    return path


def known(path: Path) -> list[str]:
    store = SqliteStore(path)
    found = store.run_now(
        rows, "select person from identities where platform = 'telegram' order by person"
    )
    store.close()
    return [str(one["person"]) for one in found]


def test_a_backup_brings_nobody_back(path: Path, tmp_path: Path) -> None:
    put = put_back(tmp_path / "backup.db", path, NOW)

    files = [one.read_bytes() for one in path.parent.iterdir() if one != put.kept]
    assert put.forgotten == 1
    assert known(path) == ["8"]
    assert not any(f"{CANARY}-7".encode() in content for content in files)
    assert any(f"{CANARY}-8".encode() in content for content in files)


def test_they_stay_forgotten_when_the_backup_is_put_back_twice(path: Path, tmp_path: Path) -> None:
    put_back(tmp_path / "backup.db", path, NOW)
    again = put_back(tmp_path / "backup.db", path, NOW.replace(hour=13))

    assert again.forgotten == 1
    assert known(path) == ["8"]


def test_whoever_comes_back_is_not_forgotten_again(path: Path, tmp_path: Path) -> None:
    store = SqliteStore(path)
    store.run_now(somebody, "7", NOW.replace(hour=14))
    back_up(path, tmp_path / "later.db")
    store.close()

    put = put_back(tmp_path / "later.db", path, NOW.replace(hour=15))

    assert put.forgotten == 0
    assert known(path) == ["7", "8"]


def test_a_number_given_anew_is_somebody_else(path: Path, tmp_path: Path) -> None:
    """A database from before both: its next learner has the number of the one forgotten."""
    other = tmp_path / "other.db"
    store = SqliteStore(other)
    store.run_now(somebody, "9", NOW.replace(hour=9))
    store.close()

    put = put_back(other, path, NOW)

    assert put.forgotten == 0
    assert known(path) == ["9"]


def test_a_damaged_file_can_say_nothing_of_anybody(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"no database" * 500)

    put = put_back(tmp_path / "backup.db", path, NOW)

    assert put.forgotten is None
    assert known(path) == ["7", "8"]


def test_a_file_from_before_the_marks_has_none(tmp_path: Path) -> None:
    old = SqliteStore(tmp_path / "old.db")
    old._db.execute("drop table forgotten")
    old.close()

    assert marks_in(tmp_path / "old.db") == frozenset()


def test_a_mark_says_nothing_of_anybody(path: Path) -> None:
    store = SqliteStore(path)
    (mark,) = store.run_now(rows, "select * from forgotten")
    left = store.run_now(learner_of, "telegram", "7")
    count = store.run_now(row, "select count(*) as n from learners")
    store.close()

    assert list(mark) == ["mark"]
    assert len(mark["mark"]) == 64
    assert (left, count) == (None, {"n": 1})
