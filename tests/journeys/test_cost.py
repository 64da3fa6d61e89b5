"""What a turn costs, counted: statements to the database, and bytes to the model.

Times depend on the machine, counts do not. A change that makes one of them larger has to be meant;
then its new figure stands here.
"""

import json
from collections.abc import AsyncIterator, Mapping

import pytest
from typing_extensions import override

from store.script import Outcome, Statement
from tests.dialect import NotedSqlite
from tests.fakes.model import Reply
from tests.journeys.people import Person
from tests.journeys.talkers import MORNING, Talker, talking

# Statements of a whole turn: taken in, answered, sent, and what follows behind the answer.
STATEMENTS: Mapping[str, int] = {
    "/today": 18,
    "/done 1": 26,
    "/plan week": 11,
    "/progress": 27,
    "/quiz": 26,
    "/search LoRA": 11,
    "今天学什么": 28,
}
WITH_A_MODEL = 31
# Now and then what has left the window is summed up, behind the answer.
WITH_A_SUMMARY = 39
# Bytes of UTF-8: what never changes (the tools, and the first message), then all messages of a
# turn, by its number.
TOOLS, STATIC = 17523, 2598
MESSAGES: Mapping[int, int] = {1: 4418, 10: 8666, 60: 9082}


class Counting(NotedSqlite):
    """A database in memory that counts what is asked of it."""

    def __init__(self) -> None:
        self.count = 0
        super().__init__(None)

    @override
    def _execute(self, statement: Statement) -> Outcome:
        self.count += 1
        return super()._execute(statement)


@pytest.fixture
async def person() -> AsyncIterator[Person]:
    one = Person(now=MORNING, store=Counting())
    await one.enrol()
    yield one
    one.store.close()


@pytest.fixture
async def talker() -> AsyncIterator[Talker]:
    one = Person(now=MORNING, store=Counting())
    settings = {
        f"MENTOR_{name}": "none" for name in ("TURNS_HOUR", "TOKENS_LEARNER_DAY", "TOKENS_NEW_DAY")
    }
    async with talking(one, **settings) as talker:
        yield talker


async def cost(person: Person, text: str) -> int:
    store = person.store
    assert isinstance(store, Counting)
    before = store.count
    await person.say(text)
    await person.asker._process.settled()
    return store.count - before


async def test_a_turn_asks_as_much_of_the_database_as_it_did(person: Person) -> None:
    await person.say("/today")

    assert {text: await cost(person, text) for text in STATEMENTS} == STATEMENTS


async def test_a_long_past_makes_no_turn_dearer(person: Person) -> None:
    turns = ["/today", "/progress", "/search LoRA", "今天学什么"]
    for text in turns * 25:
        await person.say(text)

    assert {text: await cost(person, text) for text in turns} == {
        text: STATEMENTS[text] for text in turns
    }


async def test_a_turn_with_a_model_asks_as_much_of_both_as_it_did(talker: Talker) -> None:
    talker.model.answer = lambda _: Reply("嗯。" * 60)
    costs, sizes = [], {}
    for number in range(1, max(MESSAGES) + 1):
        costs.append(await cost(talker.person, f"还有一个问题想请教一下（{number:02d}）"))
        sizes[number] = size_of(talker.asked[-1]["messages"])
    asked = talker.asked[-1]

    assert set(costs) == {WITH_A_MODEL, WITH_A_SUMMARY}
    assert costs.count(WITH_A_SUMMARY) <= len(costs) / 7
    assert (size_of(asked["tools"]), size_of(asked["messages"][0])) == (TOOLS, STATIC)
    assert {turn: sizes[turn] for turn in MESSAGES} == MESSAGES


def size_of(part: object) -> int:
    return len(json.dumps(part, ensure_ascii=False).encode())
