"""What operators see in the chat of how it is going."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ask import Asker
from learning.values import Language
from store.gaps import forget_gaps, note_gap
from store.learners import add_learner
from store.links import keep_dead_links
from store.outbox import Delivery, failed, owe
from store.script import Script
from store.usage import Limit, Price, Usage, reserve, settle
from tests.journeys.people import Person, at, house, pushed_text, text_of
from tools.allowance import Allowance


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
    await person.ask_store(somebody_elses_push, person)

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


async def test_an_operator_is_told_on_mondays_how_the_week_went() -> None:
    person = operator()
    await person.enrol()
    await person.ask_store(somebody_elses_push, person)
    await person.asker._process.tidy()

    pushes = await person.pushed(at("2026-12-01 12:00"))

    told = [pushed_text(one) for one in pushes if one.kind == "operations"]
    assert len(told) == 2
    assert all("最近一周" in one for one in told)
    assert "失败 1" in told[0]


async def test_who_runs_it_no_more_is_told_no_more() -> None:
    person = operator()
    await person.enrol()
    await person.asker._process.tidy()
    person.asker = Asker(person.store, house(), None, lambda: person.now)

    pushes = await person.pushed(at("2026-12-01 12:00"))

    assert "operations" not in {one.kind for one in pushes}


async def test_what_two_people_missed_is_told_and_what_one_asked_is_not() -> None:
    person = operator()
    await person.enrol()
    await person.say("什么是量子退火", "什么是我的邻居小王")
    day = person.now.date()
    other = await person.ask_store(
        add_learner, "telegram", "9", "telegram:9", "zh", "UTC", person.now
    )
    await person.ask_store(note_gap, other.id, "量子退火", day)

    told = text_of(await person.say("/ops"))

    assert "量子退火（2 人）" in told
    assert "小王" not in told
    assert await person.ask_store(forget_gaps, day + timedelta(days=1)) == 3


async def test_what_was_spent_is_told_against_what_may_be() -> None:
    person = Person(language="en")
    allowance = Allowance(day=200_000, month=1_000_000, price=Price(2.0, 8.0))
    home = replace(house("en"), operators=frozenset({"console:local"}), allowance=allowance)
    person.asker = Asker(person.store, home, None, lambda: person.now)
    await person.enrol()
    limits = [Limit("all", "2026-11-22", None), Limit("all", "2026-11", None)]
    await person.ask_store(reserve, limits, 100)
    await person.ask_store(settle, limits, 100, Usage(1, 40_000, 0, 10_000))

    told = text_of(await person.say("/ops"))

    assert "25% of today's 200000 tokens" in told.replace(",", "")
    assert "5% of this month's" in told
    assert "Cost: about 0.16 today, 0.16 this month" in told


async def test_links_that_lead_nowhere_are_told_until_they_are_looked_at_again() -> None:
    person = operator()
    await person.enrol()
    found = {f"https://gone.example/{n}": "404" for n in range(4)}
    await person.ask_store(keep_dead_links, found, person.now)

    told = text_of(await person.say("/ops"))
    await person.ask_store(keep_dead_links, {}, person.now)

    assert "打不开的链接 4 个" in told
    assert "gone.example/0" in told
    assert "打不开" not in text_of(await person.say("/ops"))
