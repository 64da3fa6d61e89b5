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

from benchmarks.people import bytes_in_use, fill
from benchmarks.programs import Crowd, Mentor, Program, bare
from benchmarks.talk import QUESTION, past
from store.conversation import Message, remember
from store.sqlite import SqliteStore

# How many people have a past of how many messages: a turn of theirs must not make it much longer.
PEOPLE = {10: 120, 100: 24, 500: 12}
TURNS = {10: 40, 100: 20, 500: 10}
TOKENS = (30, 300)
ROUNDS = 3
# Everybody with a long past: what was said before anybody counted is summed up by then, as it is
# in a conversation that grew.
WARMING_UP = 24
CROWD = 200
# Each says one thing at a time and waits for the answer, which leaves at one a second in a chat:
# what an answer holds until it is sent is no growth.
TALKERS = 10
TURNS_OF_ALL = 200
SLOW_SECONDS = 6.0


async def conversation() -> list[str]:
    return await asyncio.to_thread(_conversation)


def _conversation() -> list[str]:
    pasts = dict(_pasts())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people = len(pasts)
        # The last ones have no past: one whose model is slow, and those who talk long.
        _fill(folder / "mentor.db", people + 1 + TALKERS, pasts)
        with Mentor(folder) as mentor:
            with bare(pasts, folder) as plain:
                lines = _cpu(mentor, plain, pasts)
                lines += _crowds(mentor, plain, [*pasts][:CROWD])
            lines += _sends(mentor, people + 1)
            lines += _growth(mentor, range(people + 2, people + 2 + TALKERS))
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
            remember, f"telegram:{person}", person, turn, messages, now - timedelta(hours=1)
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
    """What many at once come to, where Telegram has its limits and where it takes everything.

    The mentor keeps to 28 messages a second, of the 30 that Telegram documents, whether or not they
    are asked for: who sends more is refused, soon for minutes, and waiting for the first refusal
    would cost other learners their answers. So throughput is judged with the limits in force;
    without them the CPU of a turn says what the program itself could do.
    """
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
        aim = (
            "all answered, and as many in the same time as the bare program answers"
            if is_limited
            else "all answered, at no more CPU a turn than the bare program's"
        )
        lines.append(f"{said}: {_told(ours)}; bare program {_told(theirs)}; aim: {aim}")
        lines.append(
            f"{said}: event-loop lag p99 {seen.worst_lag_of_99_percent * 1000:.0f} ms (how late "
            f"/live answers, asked every 20 ms, {len(seen.lags)} times); aim: under 250 ms; "
            f"memory at most {max(seen.megabytes):.0f} MB; aim: under 150 MB"
        )
    return lines


def _told(crowd: Crowd) -> str:
    return (
        f"{crowd.answered} of {crowd.wanted} answered in {crowd.seconds:.1f} s "
        f"({crowd.rate:.0f} turns/s), {crowd.cpu:.1f} ms of CPU a turn"
    )


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


def _growth(mentor: Mentor, people: Sequence[int]) -> list[str]:
    """Bytes of the database for a turn, once its answer has been sent."""
    lines = []
    for tokens in TOKENS:
        mentor.answers(tokens)
        time.sleep(1)
        sizes = {}
        with _turns_of(mentor.database, people) as look:
            done, before = look()
            for number in range(len(people), TURNS_OF_ALL + 1, len(people)):
                for person in people:
                    mentor.telegram.control("say", user_id=person, text=QUESTION)
                while (seen := look())[0] < done + number:
                    time.sleep(0.01)
                if number % 50 == 0:
                    sizes[number] = seen[1]
        told = ", ".join(
            f"{(sizes[upto] - sizes.get(upto - 50, before)) / 50:.0f}" for upto in sizes
        )
        lines.append(
            f"growth of the database for a turn, answers of {tokens} tokens: {told} bytes in "
            f"turns 1-50, 51-100, 101-150, 151-200 of {len(people)} learners; aim: constant, "
            "under 4096"
        )
    return lines


@contextmanager
def _turns_of(database: Path, people: Sequence[int]) -> Iterator[Callable[[], tuple[int, int]]]:
    """A look at a database that is in use: answers that have left, and bytes in use."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as db:

        def look() -> tuple[int, int]:
            (sent,) = db.execute(
                "select count(*) from outbox where learner between ? and ? and state = 'sent'",
                (people[0], people[-1]),
            ).fetchone()
            return sent, bytes_in_use(db)

        yield look
