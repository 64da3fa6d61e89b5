"""What operators see in the chat of how it is going."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ask import Asker
from learning.values import Language
from store.learners import add_learner
from store.outbox import Delivery, failed, owe
from store.script import Script
from tests.journeys.people import Person, house, text_of


def operator(language: Language = "zh") -> Person:
    person = Person(language=language)
    home = replace(house(language), operators=frozenset({"console:local"}))
    person.asker = Asker(person.store, home, None, lambda: person.now)
    return person


def somebody_elses_push(person: Person) -> Script[None]:
    """A learner of long ago, to whom a push could not be delivered."""
    seen = person.now - timedelta(days=30)
    other = yield from add_learner("telegram", "4711", "telegram:4711", "zh", "UTC", seen)
    push = Delivery("plan:4711", "telegram", "telegram:4711", other.id, "plan", "{}")
    (owed,) = yield from owe([push], person.now)
    yield from failed(owed.seq, "blocked by the user", person.now)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ("学员 2 位：一天内活跃 1 位", "推送：送达 0，失败 1", "回答：送达 2")),
        ("en", ("2 learners: 1 active today", "Pushes: 0 delivered, 1 failed", "2 delivered")),
    ],
)
async def test_an_operator_sees_figures_and_no_names(
    language: Language, said: tuple[str, ...]
) -> None:
    person = operator(language)
    await person.enrol()
    await person.ask_store(somebody_elses_push(person))

    told = text_of(await person.say("/ops"))

    for one in said:
        assert one in told
    assert "4711" not in told


async def test_a_learner_is_told_nothing() -> None:
    person = Person()
    await person.enrol()

    told = text_of(await person.say("/ops"))

    assert "学员" not in told
    assert "管理员" in told or "运行" in told


async def test_what_is_reported_is_a_tap_away() -> None:
    person = operator()
    await person.enrol()
    await person.say("/quiz 1", "不会", "/report 1")

    await person.say("/ops")
    shown = text_of(await person.tap("被报错的题 1 道"))

    assert "1 人" in shown
