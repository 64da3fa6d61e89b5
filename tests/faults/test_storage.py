"""A disk that is full, and a database that cannot be used."""

import asyncio
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typing_extensions import override

from bot import patience
from bot.process import Process, house_of, open_store
from bot.settings import read_settings
from store.errors import StorageBrokenError, StorageFullError
from store.inbox import Arrival
from store.port import P
from store.script import Script, T, rows
from store.sqlite import SqliteStore
from tests.faults.desk import Desk
from tests.faults.harness import (
    MentorProcess,
    TelegramProcess,
    ended_by_itself,
    enrol_people,
    enrolled,
    task_ids,
    the_catalogue,
    until,
)

EXIT_STORAGE = 74

# A disk that fills up -----------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 4 MB, for which the operating system must let us mount one."""
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=4m,mode=0700", "mentor-test", str(folder))
    try:
        yield folder
    finally:
        subprocess.run([program("umount"), "-l", str(folder)], check=True)


def mount(*how: str) -> None:
    done = subprocess.run([program("mount"), *how], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"needs the right to mount a small disk: {done.stderr.strip()}")


def program(name: str) -> str:
    found = shutil.which(name, path="/usr/bin:/bin:/usr/sbin:/sbin")
    return found or pytest.skip(f"needs the program {name}")


def fill(disk: Path) -> Path:
    """Take the last byte of a disk, and give the file that holds it."""
    ballast = disk / "ballast"
    with ballast.open("ab", buffering=0) as file:
        for size in (2**16, 2**12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return ballast


@dataclass(frozen=True, slots=True)
class Full:
    """What was seen while a disk was full, and when there was room again."""

    said: int
    unconfirmed: int
    log: str
    live: tuple[int, str]
    ready: tuple[int, str]
    is_same_process: bool
    ready_again: tuple[int, str]
    answers: Mapping[int, Sequence[str]]
    log_of_the_outbox: str
    left_open: Sequence[str]
    """The keys of the answers that the database does not know to be sent."""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Full:
    async def carry_out(folder: Path, disk: Path) -> Full:
        async with TelegramProcess() as telegram:
            with MentorProcess(disk / "data", folder / "log.txt", telegram.root) as mentor:
                return await _full(disk, telegram, mentor)

    folder = tmp_path_factory.mktemp("full")
    with small_disk(folder / "disk") as disk:
        return asyncio.run(carry_out(folder, disk))


async def _full(disk: Path, telegram: TelegramProcess, mentor: MentorProcess) -> Full:
    people = range(1, 13)
    enrol_people(mentor.database, people)
    mentor.start()
    await mentor.is_up()
    pid = mentor.pid

    await telegram.ask("hang", method="sendMessage", seconds=0.5)
    await telegram.say(1, "/zzbefore")
    await until(lambda: _is_on_its_way(telegram), 10, "an answer on its way")
    ballast = fill(disk)
    await telegram.saw_texts(1, "/zzbefore")
    await mentor.saw_in_log("a receipt waits")
    log_of_the_outbox = mentor.said()

    for person in people:
        await telegram.say(person, "/zzfull")
    await mentor.saw_in_log("Updates stay at Telegram")
    unconfirmed = await telegram.pending()
    live, ready = await mentor.health("/live"), await mentor.health("/ready")
    log = mentor.said()

    ballast.unlink()
    for person in people:
        await telegram.saw_texts(person, "/zzfull", within=25)
    await asyncio.sleep(0.5)
    return Full(
        len(people),
        unconfirmed,
        log.removeprefix(log_of_the_outbox),
        live,
        ready,
        mentor.is_alive and mentor.pid == pid,
        await mentor.health("/ready"),
        {person: await telegram.texts(person) for person in people},
        log_of_the_outbox,
        [row["key"] for row in mentor.rows("select key from outbox where state = 'open'")],
    )


async def _is_on_its_way(telegram: TelegramProcess) -> bool:
    return any(
        entry["method"].lower() == "sendmessage" and entry["outcome"] == "open"
        for entry in await telegram.history()
    )


def test_updates_are_not_confirmed_while_the_disk_is_full(full: Full) -> None:
    assert full.unconfirmed == full.said


def test_a_full_disk_is_told_in_the_log_once_with_its_remedy(full: Full) -> None:
    told = [line for line in full.log.splitlines() if "Free some space" in line]

    assert len(told) == 1
    assert "mentor.db" in told[0]
    assert "Traceback" not in full.log


def test_the_mentor_lives_but_is_not_ready_while_the_disk_is_full(full: Full) -> None:
    assert full.live == (200, "ok")
    assert full.ready[0] == 503
    assert "disk is full" in full.ready[1]


def test_room_on_the_disk_is_noticed_without_a_restart(full: Full) -> None:
    assert full.is_same_process
    assert full.ready_again == (200, "ok")
    assert all(sum("/zzfull" in text for text in texts) == 1 for texts in full.answers.values())


def test_an_answer_that_left_while_the_disk_filled_up_is_noted_when_there_is_room(
    full: Full,
) -> None:
    """Left open, it would be sent again after the next start."""
    assert "disk is full" in full.log_of_the_outbox
    assert full.left_open == []


# Every write, failed once -------------------------------------------------------------------------

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


class Failing(SqliteStore):
    """A database in memory whose n-th write finds the disk full."""

    def __init__(self) -> None:
        super().__init__(None)
        self.writes_to_failure = -1

    @override
    async def run(self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        self.writes_to_failure -= 1
        if self.writes_to_failure == 0:
            raise StorageFullError
        return await super().run(script, *args, **kwargs)


@pytest.mark.parametrize("nth", range(1, 8))
async def test_a_write_that_finds_the_disk_full_once_is_made_good(
    nth: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The n-th write of a mark and an unknown command fails; behind the last, none does."""
    monkeypatch.setattr(patience, "PAUSE_SECONDS", 0.01)
    store, desk = Failing(), Desk()
    house = house_of(the_catalogue(), read_settings({"MENTOR_DATA_DIR": str(tmp_path)}))
    process = Process(store, house, {desk.name: desk}, lambda: NOW)
    await store.run(enrolled, desk.name, 1, house.catalogue, NOW)
    store.writes_to_failure = nth
    task = task_ids()[0]

    for number, text in enumerate((f"/done {task}", "/zzlater")):
        await offer(process, Arrival(desk.name, str(number), "desk:1", text))
        await process.settled()
    store.writes_to_failure = -1

    done = await store.run(rows, "select task from completions")
    waiting = await store.run(rows, "select 1 from outbox where state = 'open'")
    await process.stop()
    assert [row["task"] for row in done] == [task]
    assert [("Saved" in text, "/zzlater" in text) for text in desk.sent] == [
        (True, False),
        (False, True),
    ]
    assert len(waiting) == 0, "what was sent is noted as sent, without a restart"


async def offer(process: Process, arrival: Arrival) -> None:
    """Offer an update until it is taken, as Telegram does."""
    for _ in range(5):
        try:
            await process.inbox.accept([arrival])
        except StorageFullError:
            continue
        return


# A database that cannot be used -------------------------------------------------------------------


def replace_by_text(database: Path) -> None:
    database.write_text("Dear operator, I have moved your database.\n" * 99)


def zero_the_header(database: Path) -> None:
    _overwrite(database, 0, bytes(100))


def cut_the_header(database: Path) -> None:
    _overwrite(database, 0, database.read_bytes()[:57], is_whole=True)


def cut_in_half(database: Path) -> None:
    content = database.read_bytes()
    _overwrite(database, 0, content[: len(content) // 2], is_whole=True)


def flip_bytes(database: Path) -> None:
    _overwrite(database, 4096, bytes(byte ^ 0xFF for byte in database.read_bytes()[4096:12288]))


def come_from_a_newer_program(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) "
            "values ('mentor', 'm999_next_century', '2126-01-01')"
        )


def put_a_folder_in_its_place(database: Path) -> None:
    database.unlink()
    database.mkdir()


def _overwrite(database: Path, at: int, content: bytes, *, is_whole: bool = False) -> None:
    with database.open("r+b") as file:
        file.seek(at)
        file.write(content)
        if is_whole:
            file.truncate()


# What happened to the database, and the remedy the operator must be told.
DAMAGES: Mapping[Callable[[Path], None], str] = {
    replace_by_text: "mentor restore",
    zero_the_header: "mentor restore",
    cut_the_header: "mentor restore",
    cut_in_half: "mentor restore",
    flip_bytes: "mentor restore",
    come_from_a_newer_program: "Update Mentor",
    put_a_folder_in_its_place: "MENTOR_DATA_DIR",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_database_that_cannot_be_used_is_told_in_one_line_with_its_remedy(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    database = tmp_path / "mentor.db"
    enrol_people(database, [1])
    damage(database)

    with pytest.raises(StorageBrokenError) as broken:
        SqliteStore(database)

    said = str(broken.value)
    assert len(said.splitlines()) == 1, said
    assert str(database) in said
    assert DAMAGES[damage] in said


def test_damage_is_never_mended_by_starting_afresh(tmp_path: Path) -> None:
    """What is left of a database is evidence, and perhaps all an operator has."""
    database = tmp_path / "mentor.db"
    enrol_people(database, [1])
    cut_in_half(database)
    left = database.read_bytes()

    with pytest.raises(StorageBrokenError):
        SqliteStore(database)

    assert database.read_bytes() == left


async def test_a_damaged_database_ends_the_start_with_one_line(tmp_path: Path) -> None:
    mentor = MentorProcess(tmp_path / "data", tmp_path / "log.txt")
    enrol_people(mentor.database, [1])
    replace_by_text(mentor.database)

    code, said = await ended_by_itself(mentor)

    assert code == EXIT_STORAGE
    assert len(said.splitlines()) == 1, said
    assert said.startswith(f"{mentor.database}: expected ")


@contextmanager
def read_only_folder(folder: Path) -> Iterator[Path]:
    """A folder with a database in it that nobody may write, root neither."""
    with small_disk(folder / "disk") as disk:
        enrol_people(disk / "data" / "mentor.db", [1])
        mount("-o", "remount,ro", str(disk))
        yield disk / "data"


@contextmanager
def folder_that_cannot_be_made(folder: Path) -> Iterator[Path]:
    (folder / "file").touch()
    yield folder / "file" / "data"


@pytest.mark.parametrize("place", [read_only_folder, folder_that_cannot_be_made])
def test_a_folder_that_cannot_be_written_is_told_in_one_line_with_its_remedy(
    place: Callable[[Path], AbstractContextManager[Path]], tmp_path: Path
) -> None:
    with place(tmp_path) as folder, pytest.raises(StorageBrokenError) as broken:
        open_store(read_settings({"MENTOR_DATA_DIR": str(folder)}))

    said = str(broken.value)
    assert len(said.splitlines()) == 1, said
    assert str(folder) in said
    assert "set MENTOR_DATA_DIR" in said
