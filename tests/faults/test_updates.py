"""Updates of every shape: bad ones, repeated ones, and those with nothing to say."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

import pytest

from bot.markup import styled
from bot.texts import texts_in
from tests.fakes.loopback import Json
from tests.faults.conftest import Town
from tests.faults.harness import (
    IS_SOAK,
    MentorProcess,
    TelegramProcess,
    enrol_people,
    history_of,
    new_chance,
    task_ids,
)
from tests.faults.shapes import mutated, real_updates, text_update

BAD = 10_000 if IS_SOAK else 400
GOOD_EVERY = 20
PATIENCE = 1800 if IS_SOAK else 60
LEARNERS = range(1, 21)
STRANGERS = range(1000, 1200)


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What came of many bad updates with good ones between them."""

    pid_before: int
    pid_after: int | None
    exit_code: int
    good: Sequence[tuple[int, str]]
    sends: Sequence[tuple[int, str]]
    lost: Sequence[str]
    unfinished: Sequence[str]
    log: str


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Fuzzed:
    async def carry_out() -> Fuzzed:
        folder = tmp_path_factory.mktemp("fuzzed")
        async with TelegramProcess() as telegram:
            with MentorProcess(folder / "data", folder / "log.txt", telegram.root) as mentor:
                return await _fuzzed(telegram, mentor, new_chance())

    return asyncio.run(carry_out())


async def _fuzzed(telegram: TelegramProcess, mentor: MentorProcess, chance: Random) -> Fuzzed:
    enrol_people(mentor.database, LEARNERS)
    mentor.start()
    pid = mentor.pid
    shapes = {stranger: real_updates(stranger) for stranger in STRANGERS}
    good: list[tuple[int, str]] = []
    said: list[str] = []
    for number in range(BAD):
        bad = mutated(chance.choice(shapes[chance.choice(STRANGERS)]), chance)
        if chance.random() < 0.03:
            bad["update_id"] = chance.choice([None, "7", -5, 0, 2**31, 2**63, 1.5, True, []])
            await telegram.push(bad)
        else:
            said.append(await telegram.push(bad))
        if number % GOOD_EVERY == 0:
            good.append((chance.choice(LEARNERS), f"/zz{number}"))
            said.append(await telegram.say(*good[-1]))
    said.append(await telegram.say(1, "/zzlast"))
    await telegram.has_taken_all(within=PATIENCE)
    await mentor.has_dealt_with_all(within=PATIENCE)
    alive = mentor.pid if mentor.is_alive else None
    exit_code = await mentor.stop()
    calls = await telegram.sends()
    history = history_of(mentor, said, calls)
    sends = [(one["chat"]["id"], str(one["text"])) for one in calls]
    return Fuzzed(
        pid, alive, exit_code, good, sends, history.lost, history.unfinished, mentor.ever_said()
    )


def test_no_update_ends_the_process(fuzzed: Fuzzed) -> None:
    assert fuzzed.pid_after == fuzzed.pid_before
    assert fuzzed.exit_code == 0


def test_every_good_update_among_bad_ones_is_answered_once(fuzzed: Fuzzed) -> None:
    answers = Counter(
        (chat, word)
        for chat, text in fuzzed.sends
        for word in text.replace(".", " ").split()
        if word.startswith("/zz") and word != "/zzlast"
    )

    assert answers == Counter(fuzzed.good)


def test_every_bad_update_is_dealt_with_or_put_aside(fuzzed: Fuzzed) -> None:
    assert (fuzzed.lost, fuzzed.unfinished) == ([], [])


def test_a_bad_update_costs_at_most_one_line_of_log(fuzzed: Fuzzed) -> None:
    assert len(fuzzed.log.splitlines()) <= BAD + 10


def test_no_bad_update_surprises_the_program(fuzzed: Fuzzed) -> None:
    """A shape that we cannot read is a case we know; a traceback is one we do not."""
    assert "Traceback" not in fuzzed.log, fuzzed.log[-3000:]


# Repeated and reordered --------------------------------------------------------------------------


async def test_repeated_and_reordered_updates_have_one_effect_each_also_across_a_restart(
    telegram: TelegramProcess, mentor: MentorProcess, chance: Random
) -> None:
    people = range(1, 13)
    enrol_people(mentor.database, people)
    tasks = task_ids()
    marks = {(person, tasks[2 * person + n]) for person in people for n in range(2)}
    updates = [
        text_update(person, f"/done {task}", update_id=800_000 + number)
        for number, (person, task) in enumerate(sorted(marks))
    ]

    for _ in range(2):
        await _repeat(telegram, updates, chance)
        mentor.start()
        await telegram.has_taken_all()
        await mentor.has_dealt_with_all()
        mentor.kill()

    made = mentor.rows(
        "select cast(i.person as integer) as person, c.task from completions c "
        "join enrolments e on e.id = c.enrolment join identities i on i.learner = e.learner"
    )
    sends = Counter(one["chat"]["id"] for one in await telegram.sends())
    assert sorted((row["person"], row["task"]) for row in made) == sorted(marks)
    assert sends == dict.fromkeys(people, 2)


async def _repeat(telegram: TelegramProcess, updates: Sequence[Json], chance: Random) -> None:
    """Queue each update one to four times, in any order, within one batch."""
    copies = [one for one in updates for _ in range(chance.randint(1, 4))]
    chance.shuffle(copies)
    for one in copies:
        await telegram.push(one)


@pytest.mark.asyncio(loop_scope="session")
async def test_updates_that_are_numbered_anew_are_answered(town: Town) -> None:
    """Telegram may start anywhere after a week without updates, so no offset outlives a batch."""
    person = town.person()
    await town.telegram.say(person, "/zzbefore")
    await town.telegram.saw_texts(person, "/zzbefore")

    await town.telegram.ask("restart_ids", next_id=10)
    await town.telegram.say(person, "/zzafter")

    await town.telegram.saw_texts(person, "/zzafter")


# One kind sentence -------------------------------------------------------------------------------

STICKER = {"sticker": {"type": "regular", "file_id": "CAAC", "emoji": "🎉"}}
DOCUMENT = {"document": {"file_id": "BQAC", "file_name": "notes.pdf", "file_size": 9}}
VOICE = {"voice": {"file_id": "AwAC", "duration": 3}}
LONG = 100_000

# What somebody sends, and the sentence in bot/texts that answers it.
ODD: Mapping[str, tuple[Json, str]] = {
    "100,000 characters": ({"text": "长" * LONG}, "snippets.too_long"),
    "a little too long": ({"text": "长" * 4050}, "snippets.too_long"),
    "a sticker": (STICKER, "snippets.not_text"),
    "a document": (DOCUMENT, "code.file_kind"),
    "a voice message": (VOICE, "snippets.not_text"),
    "an empty text": ({"text": ""}, "snippets.empty"),
    "only spaces": ({"text": " \n "}, "snippets.empty"),
    "an unknown command": ({"text": "/qqqqqqqq"}, "snippets.unknown_command"),
    "a command with a slip": ({"text": "/todya"}, "snippets.unknown_command_near"),
}


@pytest.mark.parametrize("sent", ODD)
@pytest.mark.asyncio(loop_scope="session")
async def test_something_odd_is_answered_with_one_kind_sentence(sent: str, town: Town) -> None:
    content, key = ODD[sent]
    said = content.get("text", "")
    person = town.person()
    update = text_update(person, "")
    del update["message"]["text"]
    update["message"] |= content
    sentence = styled(texts_in("en").say(key, length=len(said), said=said, near="/today")).text

    await town.telegram.push(update)
    await town.telegram.saw_texts(person, "", within=3)
    await town.mentor.has_dealt_with_all()

    assert await town.telegram.texts(person) == [sentence]
