"""Presses in groups that nobody could make with a finger, or from the wrong hand, or too late."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice

import pytest
import pytest_asyncio

from bot.texts import gaps, texts_in
from store.inbox import Arrival
from store.script import rows
from tests.fakes.square import Posted
from tests.faults.crowd import Crowd, tables, tokens_of
from tests.faults.harness import IS_SOAK
from tests.faults.test_private_words import crowd_of
from tests.journeys.circle import ANA
from tests.journeys.people import at

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORGED = 5_000 if IS_SOAK else 600
AT_ONCE = 100
UNKNOWN = 900
BROKEN = ("", ".", "x", "1", "1.", ".1", "-1.0", "1.-1", "1.0.0", "1.0 or 1=1", "poll:1.0")
HUGE = ("9" * 19 + ".0", "9" * 38 + ".0", "9" * 400 + ".0", "1." + "9" * 30, "９９９９９９９.０")
# What comes in and goes out is noted, whoever it is from.
BOOKKEEPING = ("inbox", "outbox", "outbox_bodies")


@dataclass(frozen=True, slots=True)
class Press:
    """A press that may do nothing; `told` is the key of what its presser is told."""

    person: int
    token: str
    group: str
    told: str


@dataclass(slots=True)
class Forger:
    """Whoever presses what is not theirs, in a crowd where each kind of round is open."""

    crowd: Crowd
    pressed: list[Press] = field(default_factory=list)
    """What was pressed rightly, and what the same press is told a second time."""
    is_open: Mapping[str, bool] = field(default_factory=dict)

    async def begin(self) -> None:
        crowd = self.crowd
        await crowd.each("/start")
        await crowd.each("/start ok starter-30 10h 2026-11-23")
        await crowd.each(lambda one: f"/stuck 1 形状对不上 {one}")
        await crowd.gather()
        for group in crowd.groups:
            await crowd.happen([crowd.said(ANA, "/group end", group)])
        await crowd.happen([crowd.said(ANA, "/group start", crowd.bare[0])])
        await crowd.happen(crowd.said(ANA, "/pods", group) for group in crowd.cohorts)
        await crowd.live(at("2026-11-25 21:30"), timedelta(hours=2.5))
        crowd.circle.now = at("2026-11-26 09:05")
        await crowd.pass_time(timedelta())
        await crowd.happen(crowd.said(ANA, "/focus 60", group) for group in crowd.cohorts)
        await crowd.happen(crowd.said(ANA, "/battle 2 rag", group) for group in crowd.cohorts)
        self.is_open = await _states(crowd)
        for group in crowd.cohorts:
            await self._press_rightly(group)

    async def _press_rightly(self, group: str) -> None:
        """Each kind of button once, by somebody whose it is."""
        crowd = self.crowd
        again = {
            "join": "group.joined_already",
            "pick": "group.answer_stands",
            "infocus": "group.focus_in_already",
            "roll": "group.roll_done",
            "swap": "group.exchange_done",
        }
        for name, told in again.items():
            for post in self._posts(group):
                token, command = tokens_of(post)[0]
                if command.startswith(f"/{name}") and self._is_open(command):
                    await self._twice(crowd.members(group)[1], token, group, told)
        for post in self._posts(group):
            token, command = tokens_of(post)[0]
            if command.startswith(("/trouble", "/keepnote")) and self._is_open(command):
                owner = crowd.person(int(command.split()[2]))
                # Of trouble the first press only offers.
                await crowd.happen([crowd.pressed(owner, token, group)])
                await crowd.happen([crowd.pressed(owner, token, group)])
                await self._twice(owner, token, group, "group.told_already")

    async def _twice(self, person: int, token: str, group: str, told: str) -> None:
        await self.crowd.happen([self.crowd.pressed(person, token, group)])
        self.pressed.append(Press(person, token, group, told))

    def _posts(self, group: str) -> list[Posted]:
        return [one for one in self.crowd.square.at(group) if one.labels]

    def _is_open(self, command: str) -> bool:
        name, *values = command.lstrip("/").split()
        return self.is_open.get(f"{'pick' if name == 'pick' else 'round'} {values[:1]}", True)

    # The ways -----------------------------------------------------------------------------------

    def presses(self) -> Iterator[Press]:
        """Presses of each kind in turn, without end."""
        ways = [
            self._no_such_number,
            self._no_such_place,
            self._no_token,
            self._of_another_group,
            self._of_a_private_message,
            self._by_a_stranger,
            self._too_late,
            self._of_another_owner,
            self._for_administrators,
            self._again,
        ]
        for way in cycle(ways):
            yield way()

    def _some(self, group: str, wanted: Callable[[str], bool] = bool) -> tuple[Posted, str, str]:
        """One of a group's buttons, with its token and command."""
        found = [
            (post, token, command)
            for post in self._posts(group)
            for token, command in tokens_of(post)
            if wanted(command)
        ]
        return self.crowd.chance.choice(found)

    def _somebody(self) -> int:
        return self.crowd.chance.choice([*self.crowd.people, UNKNOWN])

    def _cohort(self) -> str:
        return self.crowd.chance.choice(self.crowd.cohorts)

    def _no_such_number(self) -> Press:
        number = self.crowd.chance.randrange(10**6, 10**15)
        return Press(self._somebody(), f"{number}.0", self._cohort(), "group.expired")

    def _no_such_place(self) -> Press:
        group = self._cohort()
        post, _, _ = self._some(group)
        token = f"{post.seq}.{len(post.labels) + self.crowd.chance.randrange(2000)}"
        return Press(self._somebody(), token, group, "group.expired")

    def _no_token(self) -> Press:
        token = self.crowd.chance.choice((*BROKEN, *HUGE))
        return Press(self._somebody(), token, self._cohort(), "group.expired")

    def _of_another_group(self) -> Press:
        here, other = self.crowd.chance.sample(self.crowd.groups, 2)
        return Press(self._somebody(), self._some(other)[1], here, "group.not_yours")

    def _of_a_private_message(self) -> Press:
        """Of somebody else's: one's own is answered where only oneself reads it."""
        person = self._somebody()
        other = self.crowd.chance.choice([one for one in self.crowd.people if one != person])
        token = self._some(f"square:{other}")[1]
        return Press(person, token, self._cohort(), "group.not_yours")

    def _by_a_stranger(self) -> Press:
        group = self._cohort()
        rounds = ("/pick", "/roll", "/infocus", "/swap")
        token = self._some(group, lambda one: one.startswith(rounds))[1]
        person = self.crowd.chance.choice([*self.crowd.strangers(group), UNKNOWN])
        return Press(person, token, group, "group.join_first")

    def _too_late(self) -> Press:
        group = self._cohort()
        rounds = ("/pick", "/roll")
        _, token, command = self._some(
            group, lambda one: one.startswith(rounds) and not self._is_open(one)
        )
        # Who was in time is told that their answer stands.
        told = "group.question_closed group.answer_stands" if "pick" in command else "group.over"
        return Press(self.crowd.chance.choice(self.crowd.members(group)), token, group, told)

    def _of_another_owner(self) -> Press:
        group = self._cohort()
        _, token, command = self._some(group, lambda one: one.startswith(("/trouble", "/keepnote")))
        learner = int(command.split()[2])
        others = [one for one in self.crowd.people if self.crowd.learners[one] != learner]
        person = self.crowd.chance.choice([*others, UNKNOWN])
        return Press(person, token, group, "group.not_yours")

    def _for_administrators(self) -> Press:
        group = self.crowd.chance.choice(self.crowd.groups)
        token = self._some(group, lambda one: one.startswith(("/group start", "/group end")))[1]
        person = self.crowd.chance.choice([*self.crowd.people[1:], UNKNOWN])
        return Press(person, token, group, "group.only_administrators")

    def _again(self) -> Press:
        return self.crowd.chance.choice(self.pressed)


async def _states(crowd: Crowd) -> dict[str, bool]:
    found = {}
    for name, table in (("round", "rounds"), ("pick", "round_questions")):
        for one in await crowd.circle.ask_store(rows, f"select id, state from {table}"):  # noqa: S608 -- our names
            found[f"{name} {[str(one['id'])]}"] = one["state"] == "open"
    return found


def says(words: str, told: str) -> bool:
    """Whether words are one of some sentences, in either language, whatever is in their gaps."""
    for key in told.split():
        for language in ("zh", "en"):
            template = texts_in(language).templates[key]
            begins = template.split("{")[0] if gaps(template) else template
            if begins and words.startswith(begins):
                return True
    return False


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def forger() -> Forger:
    """One crowd for all of these tests, as none of them changes what another looks at."""
    made = Forger(crowd_of(8, 2))
    await made.begin()
    return made


@pytest.mark.parametrize(
    "whispers",
    [pytest.param(False, id="all read along"), pytest.param(True, id="answers are whispered")],
)
async def test_a_forged_press_tells_its_presser_why_and_changes_nothing(
    forger: Forger,
    whispers: bool,  # noqa: FBT001 -- a way of the platform's
) -> None:
    crowd = forger.crowd
    crowd.square.whispers_commands = whispers
    before, posts = await tables(crowd.circle, BOOKKEEPING), len(crowd.square.posted)
    presses = list(islice(forger.presses(), FORGED))
    wrong: list[tuple[Press, list[str]]] = []
    for first in range(0, len(presses), AT_ONCE):
        some, heard = presses[first : first + AT_ONCE], len(crowd.square.whispers)
        await crowd.happen(_arrivals(crowd, some))
        told: dict[tuple[str, str], list[str]] = {}
        for one in crowd.square.whispers[heard:]:
            told.setdefault((one.person, one.group), []).append(one.words)
        for press in some:
            words = told.get((str(press.person), press.group), [])
            fitting = next((one for one in words if says(one, press.told)), None)
            if fitting is None:
                wrong.append((press, words))
            else:
                words.remove(fitting)
        wrong += [] if not any(told.values()) else [(some[0], [str(told)])]

    assert wrong == [], [(one, words) for one, words in wrong][:3]
    assert crowd.square.posted[posts:] == []
    after = await tables(crowd.circle, BOOKKEEPING)
    assert {name for name in before if before[name] != after[name]} == set()
    assert len(Counter(one.told for one in presses)) >= 9


def _arrivals(crowd: Crowd, presses: Sequence[Press]) -> list[Arrival]:
    return [crowd.pressed(one.person, one.token, one.group) for one in presses]


async def test_a_press_that_is_delivered_again_is_no_press(forger: Forger) -> None:
    """A platform that heard no answer offers an update once more."""
    crowd = forger.crowd
    arrivals = _arrivals(crowd, forger.pressed)
    await crowd.happen(arrivals)
    before, heard = await tables(crowd.circle, BOOKKEEPING), len(crowd.square.whispers)

    await crowd.happen(arrivals)

    assert await tables(crowd.circle, BOOKKEEPING) == before
    assert len(crowd.square.whispers) == heard


async def test_a_groups_button_does_nothing_in_a_private_chat(forger: Forger) -> None:
    crowd = forger.crowd
    groups = ("cohorts", "members", "rounds", "round_answers", "contributions", "group_notes")
    before = {name: rows_ for name, rows_ in (await tables(crowd.circle)).items() if name in groups}
    posted = {group: len(crowd.square.at(group)) for group in crowd.groups}
    await crowd.happen(
        crowd.square.pressed(ANA, token, "")
        for group in crowd.groups
        for post in crowd.square.at(group)
        for token, _ in tokens_of(post)
    )

    after = await tables(crowd.circle)
    assert {name: after[name] for name in groups} == before
    assert {group: len(crowd.square.at(group)) for group in crowd.groups} == posted
