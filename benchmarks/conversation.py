"""The conversation with a model, beside a bot without an agent, in the same run."""

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from benchmarks.people import fill
from benchmarks.programs import Crowd, Mentor, Program, bare
from benchmarks.talk import QUESTION, past
from store.conversation import Message, remember
from store.sqlite import SqliteStore

# How many people have a past of how many messages: a turn of theirs must not make it much longer.
PEOPLE = {10: 120, 100: 24, 500: 12}
TURNS = {10: 40, 100: 20, 500: 10}
TOKENS = (30, 300)
ROUNDS = 3
WARMING_UP = 5
CROWD = 200
TURNS_OF_ONE = 200
SLOW_SECONDS = 6.0
# So few wait at a time that what they hold until they are dealt with does not count as growth.
WAITING_AT_MOST = 2


async def conversation() -> list[str]:
    return await asyncio.to_thread(_conversation)


def _conversation() -> list[str]:
    pasts = dict(_pasts())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people = len(pasts)
        # The last two, without a past: one who talks long, one whose model is slow.
        _fill(folder / "mentor.db", people + 2, pasts)
        with Mentor(folder) as mentor:
            with bare(pasts, folder) as plain:
                lines = _cpu(mentor, plain, pasts)
                lines += _crowds(mentor, plain, [*pasts][:CROWD])
            lines += _sends(mentor, people + 2)
            lines += _growth(mentor, people + 1)
    return lines


def _pasts() -> Iterator[tuple[int, int]]:
    """Everybody's number, and how many messages of their conversation there are."""
    person = 0
    for size, count in PEOPLE.items():
        for _ in range(max(count, CROWD) if size == 10 else count):
            person += 1
            yield person, size


def _fill(database: Path, people: int, pasts: Mapping[int, int]) -> None:
    now = datetime.now(UTC)
    fill(database, people, (now - timedelta(days=6)).date(), now + timedelta(days=365))
    store = SqliteStore(database)
    for person, size in pasts.items():
        messages = [_message(number, text) for number, text in enumerate(past(size))]
        turn = f"benchmark:{person}"
        store.run_now(
            remember(f"telegram:{person}", person, turn, messages, now - timedelta(hours=1))
        )
    store.close()


def _message(number: int, text: str) -> Message:
    if number % 2:
        return Message("ai", {"text": text, "calls": []})
    return Message("human", {"text": text})


# CPU of a turn ------------------------------------------------------------------------------------


def _cpu(mentor: Program, plain: Program, pasts: Mapping[int, int]) -> list[str]:
    lines = []
    for size, tokens in ((size, tokens) for size in PEOPLE for tokens in TOKENS):
        people = cycle([person for person, one in pasts.items() if one == size])
        figures: dict[Program, list[float]] = {mentor: [], plain: []}
        for program in figures:
            program.answers(tokens)
            program.cpu_of_turns([*islice(people, WARMING_UP)])
        for _ in range(ROUNDS):
            for program, found in figures.items():
                found.append(program.cpu_of_turns([*islice(people, TURNS[size])]))
        ours, theirs = (statistics.median(figures[one]) for one in (mentor, plain))
        aim = 1.0 if size == 10 else 0.5
        lines.append(
            f"a turn with a model, {size} messages of past, {tokens} tokens of answer: "
            f"{ours:.1f} ms of CPU, bare program {theirs:.1f} (ratio {ours / theirs:.2f}); "
            f"aim: ratio at most {aim:g}"
        )
    return lines


# Many at once -------------------------------------------------------------------------------------


def _crowds(mentor: Mentor, plain: Program, people: Sequence[int]) -> list[str]:
    """What many at once come to, where Telegram takes everything and where it has its limits."""
    lines = []
    mentor.answers(30)
    plain.answers(30)
    for each, is_limited in ((1, False), (1, True), (3, False)):
        for program in (mentor, plain):
            program.telegram.control("enforce_rates" if is_limited else "heal")
        theirs = plain.answer_all(people, each)
        with mentor.watched(mentor.port) as seen:
            ours = mentor.answer_all(people, each)
        said = f"{len(people)} learners at once, {each} each"
        said += ", Telegram's limits in force" if is_limited else ""
        lines.append(
            f"{said}: {_told(ours)}; bare program {_told(theirs)}; "
            "aim: all answered, throughput at least the bare program's"
        )
        lines.append(
            f"{said}: event-loop lag p99 {seen.worst_lag_of_99_percent * 1000:.0f} ms (how late "
            f"/live answers, asked every 20 ms, {len(seen.lags)} times); aim: under 250 ms; "
            f"memory at most {max(seen.megabytes):.0f} MB; aim: under 150 MB"
        )
    return lines


def _told(crowd: Crowd) -> str:
    missing = crowd.wanted - crowd.answered
    return f"{crowd.rate:.0f} turns/s, {missing} unanswered, {crowd.cpu:.1f} ms of CPU a turn"


# Sends and growth ---------------------------------------------------------------------------------


def _sends(mentor: Program, person: int) -> list[str]:
    mentor.answers(300)
    quick = len(mentor.take_turn(person))
    mentor.answers(300, SLOW_SECONDS)
    slow = len(mentor.take_turn(person))
    return [
        f"calls to Telegram for an answer of 300 tokens: {quick} at once, {slow} when it takes "
        f"{SLOW_SECONDS:g} s; aim: at most 4"
    ]


def _growth(mentor: Mentor, person: int) -> list[str]:
    """Bytes of the database for a turn; the answers then leave at Telegram's one a second."""
    lines = []
    for tokens in TOKENS:
        mentor.answers(tokens)
        time.sleep(1)
        sizes = {}
        with _turns_of(mentor.database, person) as look:
            done, before = look()
            for number in range(1, TURNS_OF_ONE + 1):
                mentor.telegram.control("say", user_id=person, text=QUESTION)
                wanted = number if number % 50 == 0 else number - WAITING_AT_MOST
                while (seen := look())[0] < done + wanted:
                    time.sleep(0.005)
                if number % 50 == 0:
                    sizes[number] = seen[1]
        told = ", ".join(
            f"{(sizes[upto] - sizes.get(upto - 50, before)) / 50:.0f}" for upto in sizes
        )
        lines.append(
            f"growth of the database for a turn, answers of {tokens} tokens: {told} bytes in "
            f"turns 1-50, 51-100, 101-150, 151-200 of one learner; aim: constant, under 4096"
        )
    return lines


@contextmanager
def _turns_of(database: Path, person: int) -> Iterator[Callable[[], tuple[int, int]]]:
    """A look at a database that is in use: a learner's turns, and bytes in use."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as db:

        def look() -> tuple[int, int]:
            (turns,) = db.execute(
                "select count(distinct turn) from messages where learner = ?", (person,)
            ).fetchone()
            pages, free, size = (
                db.execute(f"pragma {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
            return turns, (pages - free) * size

        yield look
