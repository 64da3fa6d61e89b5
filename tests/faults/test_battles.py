"""A battle in a crowd: presses side by side, twice and too late, and the process dying within."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.clock import system_clock
from bot.cohorts.clockwork import happened
from bot.texts import texts_in
from store.cohorts import Happening, cohort_at, due_cohorts
from store.inbox import Arrival
from store.rounds import (
    RoundQuestion,
    answers_to_question,
    questions_of_round,
    untold_misses,
)
from store.script import row, rows
from tests.fakes.loopback import Json
from tests.faults.harness import MentorProcess, TelegramProcess, until
from tests.journeys.circle import ANA, GROUP, Circle
from tests.journeys.people import at
from tools.cohorts.group import Group
from tools.cohorts.questions import GRACE_SECONDS, SECONDS_A_QUESTION, SMALL_GROUP, tell_misses

MEMBERS = range(ANA, ANA + 40)
OF = 2
NOON = at("2026-11-23 12:00")
STRANGER = 900


@dataclass(slots=True)
class Crowd:
    """Forty people in a group and a battle of two questions.

    Everybody is right but every fourth, who is wrong in both; nobody changes what they pressed.
    """

    circle: Circle = field(default_factory=lambda: Circle(now=NOON))

    async def begin(self) -> None:
        await self.circle.opened(*MEMBERS)
        await self.circle.say(ANA, f"/battle {OF} rag")

    async def question(self, place: int) -> RoundQuestion:
        found = await self.circle.ask_store(
            row, "select round from round_questions order by id desc limit 1"
        )
        assert found is not None
        asked = await self.circle.ask_store(questions_of_round, found["round"])
        return asked[place - 1]

    async def press(self, place: int, people: Iterable[int], *, times: int = 1) -> list[Arrival]:
        """What pressing sends; not yet taken in."""
        question = await self.question(place)
        key = question.frozen.order.index(int(question.frozen.answer))
        shown = next(
            one
            for one in reversed(self.circle.square.at(GROUP))
            if f"/pick {question.id} " in "".join(b.command for b in one.message.flat_buttons)
        )
        tokens = [shown.token(label) for label in shown.labels]
        return [
            self.circle.square.pressed(
                person, tokens[(key + is_wrong(person) + again) % len(tokens)], GROUP
            )
            for again in range(times)
            for person in people
        ]

    async def take_in(self, presses: Sequence[Arrival]) -> None:
        """Each press in an update of its own, all at the same time."""
        accept = self.circle.process.inbox.accept
        await asyncio.gather(*(accept([one]) for one in presses))

    async def answer(self, place: int, people: Iterable[int] = MEMBERS, *, times: int = 1) -> None:
        await self.take_in(await self.press(place, people, times=times))
        await self.circle.process.settled()

    async def time_is_up(self) -> None:
        self.circle.now += timedelta(seconds=SECONDS_A_QUESTION + GRACE_SECONDS)
        await self.circle.tick()

    async def answers(self, place: int) -> dict[int, bool]:
        """Who answered, and whether rightly, by person."""
        found = await self.circle.ask_store(answers_to_question, (await self.question(place)).id)
        people = {(await self.circle.learner(one)).id: one for one in MEMBERS}
        return {people[one.learner]: one.is_right for one in found}

    async def missed(self) -> dict[int, int]:
        """How many questions were put to each person because of a miss."""
        found = await self.circle.ask_store(
            rows,
            "select i.person, count(*) as n from questions q "
            "join identities i on i.learner = q.learner group by i.person",
        )
        return {int(one["person"]): one["n"] for one in found}

    def results(self) -> list[str]:
        return [one for one in self.circle.texts() if "抢答结束" in one]


def is_wrong(person: int) -> bool:
    return person % 4 == 0


RIGHT = {person: not is_wrong(person) for person in MEMBERS}
MISSED = {person: OF for person in MEMBERS if is_wrong(person)}
RESULT = (
    f"{len(MEMBERS)} 人参加，一共答了 {OF * len(MEMBERS)} 次，答对 {OF * sum(RIGHT.values())} 次"
)


@pytest.fixture
async def crowd() -> Crowd:
    assert len(MEMBERS) > SMALL_GROUP, "it would close when the last has answered"
    made = Crowd()
    await made.begin()
    return made


async def test_presses_side_by_side_are_each_counted_once(crowd: Crowd) -> None:
    """A second press says that the first one stands, whatever it was on."""
    await crowd.answer(1, times=3)

    assert await crowd.answers(1) == RIGHT
    told = [one.words for one in crowd.circle.square.whispers if one.group == GROUP]
    assert sum("第一次为准" in one for one in told) == 2 * len(MEMBERS)


async def test_a_press_after_the_close_is_told_so_and_not_counted(crowd: Crowd) -> None:
    in_time, late = MEMBERS[:30], MEMBERS[30:]
    await crowd.answer(1, in_time)
    too_late = await crowd.press(1, late)
    await crowd.time_is_up()
    before = len(crowd.circle.square.whispers)
    await crowd.take_in(too_late)
    await crowd.circle.process.settled()

    assert await crowd.answers(1) == {person: RIGHT[person] for person in in_time}
    told = crowd.circle.square.whispers[before:]
    assert [one.person for one in told if "已经收卷" in one.words] == [str(one) for one in late]


async def test_the_result_of_a_crowd_counts_everybody(crowd: Crowd) -> None:
    for place in range(1, OF + 1):
        await crowd.answer(place, times=2)
        await crowd.time_is_up()

    assert RESULT in crowd.results()[-1]
    assert await crowd.missed() == MISSED


async def test_a_restart_in_the_middle_of_a_question_loses_no_press(crowd: Crowd) -> None:
    """What was accepted is on disk: it is answered by the next process, once."""
    await crowd.take_in(await crowd.press(1, MEMBERS, times=2))
    await crowd.circle.restart()
    await crowd.answer(1)
    await crowd.time_is_up()
    await crowd.take_in(await crowd.press(2, MEMBERS))
    await crowd.circle.restart()
    await crowd.time_is_up()

    assert await crowd.answers(1) == await crowd.answers(2) == RIGHT
    assert [RESULT in one for one in crowd.results()] == [True]
    assert await crowd.missed() == MISSED


async def test_a_restart_between_close_and_telling_tells_all_once(crowd: Crowd) -> None:
    circle = crowd.circle
    await crowd.answer(1)
    await crowd.time_is_up()
    await crowd.answer(2)
    circle.now += timedelta(seconds=SECONDS_A_QUESTION + GRACE_SECONDS)
    catalogue = circle.process.house.catalogue
    (due,) = [
        one
        for one in await circle.ask_store(due_cohorts, circle.now, 9)
        if one.happening is Happening.BATTLE
    ]
    # The result is owed, and the process is no more before it is sent.
    await circle.ask_store(happened, catalogue, due, circle.now)
    cohort = await circle.ask_store(cohort_at, [GROUP])
    assert cohort is not None
    waiting = await circle.ask_store(untold_misses, cohort.id)
    for learner in waiting[: len(waiting) // 2]:
        await circle.ask_store(tell_misses, Group(cohort, catalogue, circle.now), learner)

    await circle.restart()
    # The timer and the minute's tick may meet.
    await asyncio.gather(circle.process.gatherings.tick(), circle.process.gatherings.tick())
    await circle.tick()

    assert [RESULT in one for one in crowd.results()] == [True]
    assert await crowd.missed() == MISSED


# Killed ------------------------------------------------------------------------------------------

FEW = range(1, 13)
ROOM = -100500


@dataclass(slots=True)
class Fight:
    """A battle of a few over the whole path; a question closes when the last has answered."""

    telegram: TelegramProcess
    mentor: MentorProcess

    async def begin(self) -> None:
        await self.telegram.ask("meet", chat_id=ROOM)
        await self.telegram.ask("appoint", chat_id=ROOM, user_id=FEW[0])
        self.mentor.start()
        await self.mentor.is_up()
        await self.say(f"/group start starter-30 {system_clock().date()}")
        begun = await self.post("", texts_in("en").label("button.group_join"))
        for person in FEW:
            await self.press(person, begun, texts_in("en").label("button.group_join"))
        await self.has(len(FEW), "select count(*) as n from members")
        await self.say(f"/battle {OF}")

    async def say(self, text: str) -> None:
        await self.telegram.say(FEW[0], text, ROOM)

    async def post(self, words: str, label: str = "①") -> Json:
        """The newest post with these words and such a button."""

        async def look() -> list[Json]:
            return [
                one
                for one in await self.telegram.ask("sent", chat_id=ROOM)
                if words in one["text"] and label in str(one["buttons"])
            ]

        return (await until(look, 30, f"{words!r} in the group"))[-1]

    async def press(self, person: int, post: Json, label: str = "①") -> None:
        at_message = {key: post[key] for key in ("chat_id", "message_id")}
        await self.telegram.ask("tap", user_id=person, message=at_message, label=label)

    async def has(self, count: int, sql: str) -> None:
        async def look() -> bool:
            return bool(self.mentor.rows(sql)[0]["n"] == count)

        await until(look, 30, f"{count} of {sql}")

    async def ends(self) -> list[str]:
        """The results that stand in the group, once there is one and all is dealt with."""
        over = "The battle is over"
        await self.telegram.saw_texts(ROOM, over, within=60)
        await self.mentor.has_dealt_with_all()
        await self.has(
            0, "select count(*) as n from round_answers where is_right = 0 and told_at is null"
        )
        return [one for one in await self.telegram.texts(ROOM) if over in one]


async def test_a_battle_survives_kills_with_every_answer(
    telegram: TelegramProcess, mentor: MentorProcess
) -> None:
    """Killed with presses on their way, once in each question, and when the last has pressed."""
    fight = Fight(telegram, mentor)
    await fight.begin()
    early, late = FEW[:6], FEW[6:]

    for place in range(1, OF + 1):
        question = await fight.post(f"{place}/{OF}")
        for person in early:
            await fight.press(person, question)
        mentor.kill()
        for person in FEW[3:9]:
            await fight.press(person, question)
        mentor.start()
        await mentor.is_up()
        for person in late:
            await fight.press(person, question)
    mentor.kill()
    mentor.start()
    await mentor.is_up()
    results = await fight.ends()

    # A kill may repeat the message that was on its way.
    assert len(set(results)) == 1
    assert f"{len(FEW)} players, {OF * len(FEW)} answers" in results[0]
    answers = mentor.rows("select question, count(*) as n from round_answers group by question")
    assert [one["n"] for one in answers] == [len(FEW)] * OF
    told = mentor.rows(
        "select count(o.id) as n from round_answers a "
        "join round_questions q on q.id = a.question "
        "left join questions o on o.learner = a.learner and o.item = q.item "
        "where a.is_right = 0 group by a.learner, q.item"
    )
    assert {one["n"] for one in told} <= {1}
