"""A crowd that studies in private and meets in groups, and a watch over what is read there."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bot.platforms.port import press_token
from learning.curriculum import Curriculum
from learning.quiz.items import ChoiceItem
from store.inbox import Arrival
from store.learners import epoch
from store.personal import TABLES
from store.script import Script, change, rows
from tests.builders import built_in, words
from tests.fakes.square import Posted, Square
from tests.journeys.circle import ANA, Circle
from tests.journeys.people import at
from tools.cohorts.rolls import TIME_TO_READ

EARLY = at("2026-11-23 06:30")
# What the groups study, and what most of their members study alone.
STUDIED_TOGETHER = ("starter-30", "engineer-28w")
STUDIED_ALONE = "career-24w"
# Clocks as in Shanghai, under names that no group has.
ZONES = ("Asia/Macau", "Asia/Taipei", "Asia/Manila", "Asia/Makassar", "Australia/Perth")
# What the buttons of a group may ask for.
GROUP_COMMANDS = frozenset(
    {"group", "join", "leave", "pick", "infocus", "roll", "trouble", "keepnote", "swap"}
)
_CANARY = re.compile(r"zqx7canary(\d{4})", re.IGNORECASE)
_MARK = re.compile(r"gqx7room(\d{2})", re.IGNORECASE)


def canary(person: int) -> str:
    """What stands in everything that somebody tells the mentor alone."""
    return f"ZQX7canary{person:04}"


def place(number: int) -> str:
    """The address of a group."""
    return f"square:-{1000 + number}"


def mark(group: str) -> str:
    """What stands in everything that is said in a group; no other group may read it."""
    return f"GQX7room{int(group.removeprefix('square:-')) - 1000:02}"


def own_titles() -> tuple[str, ...]:
    """The titles of stages, units and tasks that only those meet who study alone."""
    curricula = built_in().curricula
    alone = set(_titles(curricula[STUDIED_ALONE]))
    for id, one in curricula.items():
        if id != STUDIED_ALONE:
            alone -= set(_titles(one))
    return tuple(one for one in sorted(alone) if len(one) >= 4)


def _titles(curriculum: Curriculum) -> Iterator[str]:
    for stage in curriculum.stages:
        tasks = [task for unit in stage.units for task in unit.tasks]
        titles = [stage.title, *(one.title for one in stage.units), *(one.title for one in tasks)]
        for one in titles:
            yield from (one.zh, one.en)


# The watch ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Watch:
    """Reads every message and notice once, and notes what stands where it may not.

    `agreed` are those who let a group read what they are stuck on; `lines` are those of private
    cards. `posts` and `notices` count what was read in groups, `seen` the canaries that
    were found where they belong, `told` those that their owners agreed to tell.
    """

    square: Square
    agreed: set[tuple[str, int]] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)
    titles: tuple[str, ...] = field(default_factory=own_titles)
    posts: int = 0
    notices: int = 0
    seen: Counter[int] = field(default_factory=Counter)
    told: Counter[tuple[str, int]] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    _read: int = 0
    _heard: int = 0
    _known: set[tuple[str, str]] = field(default_factory=set)

    def look(self, *, takes_lines: bool = False) -> None:
        """Read what came since the last look; `takes_lines` where no group may read its like."""
        for post in self.square.posted[self._read :]:
            if is_group(post.address):
                self.posts += 1
                self._look_at(post)
            else:
                self._look_at_own(post.address, post.message.to_json())
                if takes_lines:
                    self.lines |= lines_of(post.text)
        for one in self.square.whispers[self._heard :]:
            self.notices += 1
            self._look_at_own(f"square:{one.person}", one.words)
            self._look_for_marks(one.group, one.words)
        self._read, self._heard = len(self.square.posted), len(self.square.whispers)

    def _look_at(self, post: Posted) -> None:
        body = post.message.to_json()
        for person in canaries_in(body):
            if (post.address, person) in self.agreed and post.message.thread:
                self.told[post.address, person] += 1
            else:
                self._note("a private word", post.address, body)
        self._look_for_marks(post.address, body)
        # Most posts say what others have said before them.
        if (post.address, body) in self._known:
            return
        self._known.add((post.address, body))
        for button in post.message.flat_buttons:
            if button.command.lstrip("/").split()[0] not in GROUP_COMMANDS:
                self._note("a private button", post.address, body)
        if any(zone in body for zone in ZONES):
            self._note("somebody's time zone", post.address, body)
        if self.lines & lines_of(post.text):
            self._note("a private card", post.address, body)
        if not post.message.thread and any(one in body for one in self.titles):
            self._note("somebody's task", post.address, body)

    def _look_for_marks(self, address: str, body: str) -> None:
        if is_group(address) and {f"GQX7room{n}" for n in _MARK.findall(body)} - {mark(address)}:
            self._note("another group's word", address, body)

    def _look_at_own(self, address: str, body: str) -> None:
        for person in canaries_in(body):
            if address == f"square:{person}":
                self.seen[person] += 1
            else:
                self._note("another learner's word", address, body)

    def _note(self, what: str, address: str, body: str) -> None:
        self.leaks.append(f"{what} at {address}: {body}")


def canaries_in(text: str) -> set[int]:
    return {int(one) for one in _CANARY.findall(text)}


def lines_of(text: str) -> set[str]:
    """The lines of a text that say something of their own; lists are everybody's."""
    lines = (one.strip() for one in text.split("\n"))
    return {one for one in lines if len(one) >= 8 and (one[0].isalpha() or one[0].isdecimal())}


def is_group(address: str) -> bool:
    return address.startswith("square:-")


# The crowd ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Crowd:
    """People with a private life of study, in cohorts and in groups that are none.

    Three in four of them are members of each cohort. The first of them is its administrator.
    """

    people: Sequence[int]
    cohorts: Sequence[str]
    bare: Sequence[str] = ()
    circle: Circle = field(default_factory=lambda: Circle(now=EARLY))
    chance: Random = field(default_factory=lambda: Random(7))
    watch: Watch = field(init=False)
    learners: dict[int, int] = field(default_factory=dict)
    """Each person's number as a learner, once they are in a group."""
    _posts: int = 0

    def __post_init__(self) -> None:
        self.watch = Watch(self.square)
        for group in self.groups:
            self.square.administrators.add((group, str(ANA)))

    @property
    def square(self) -> Square:
        return self.circle.square

    @property
    def groups(self) -> Sequence[str]:
        return [*self.cohorts, *self.bare]

    def members(self, group: str) -> list[int]:
        number = self.groups.index(group)
        return [one for one in self.people if one == ANA or (one + number) % 4 != 3]

    def strangers(self, group: str) -> list[int]:
        return [one for one in self.people if one not in self.members(group)]

    async def happen(self, arrivals: Iterable[Arrival]) -> None:
        """Let things happen side by side, and read what comes of them."""
        await self.circle.happen(*arrivals)
        self.watch.look()

    def said(self, person: int, text: str, group: str, replied_to: str = "") -> Arrival:
        name = f"P{person} {mark(group)}"
        return self.square.said(person, text, group, replied_to=replied_to, name=name)

    def pressed(self, person: int, token: str, group: str) -> Arrival:
        return self.square.pressed(person, token, group, name=f"P{person} {mark(group)}")

    # In private ---------------------------------------------------------------------------------

    async def study(self) -> None:
        """Let everybody tell the mentor all that it can be told, with their canary in it."""
        await self.each("/start")
        await self.each(lambda one: f"/start ok {self.studied_by(one)} 30h 2026-11-23")
        await self.each(lambda one: f"/zone {ZONES[one % len(ZONES)]}")
        await self.each(lambda one: f"/done 1 {canary(one)} 跑通了")
        await self.each(lambda one: f"/stuck 2 {canary(one)} 形状对不上")
        await self.each(lambda one: f"我的目标是进{canary(one)}公司做推理")
        await self.each(lambda one: f"我有一块 {canary(one)} 显卡 24G")
        await self.each("/assess")
        await self.each(lambda one: f"{self._command_of(one, '/met')} {canary(one)}")
        # A group may be asked the same.
        await self.each("/quiz 3 rag", is_own=False)
        asked = await self._questions()
        await self.each(lambda one: f"/report {asked[one]} {canary(one)}")
        await self.each(lambda one: f"/answer {asked[one]} 1", is_own=False)
        await self.each("/interview behavioural")
        await self.each(lambda one: f"我在{canary(one)}做过一个项目，后来按时上线了")
        await self.each("/interview end")
        await self.each(lambda one: f"{canary(one)} 这个怎么学")
        await self.each(lambda one: f"有没有讲 {canary(one)} 的资料")
        await self.each(_code, [one for one in self.people if one % 4 == 1])
        await self.each("/language en", [one for one in self.people if one % 2])
        for person in self.people:
            learner = await self.circle.learner(person)
            await self.circle.ask_store(_drafted, learner.id, learner.home, canary(person))
        for card in ("/today", "/week", "/path 1", "/progress", "/profile", "/settings"):
            await self.each(card)
        # The evidence of this one is still being waited for.
        await self.each("/done 3")

    def studied_by(self, person: int) -> str:
        return STUDIED_TOGETHER[0] if person % 3 == 0 else STUDIED_ALONE

    async def each(
        self,
        text: str | Callable[[int], str],
        people: Sequence[int] | None = None,
        *,
        is_own: bool = True,
    ) -> None:
        """Let people say something in private, side by side."""
        spoken = [
            self.square.said(one, text if isinstance(text, str) else text(one))
            for one in (self.people if people is None else people)
        ]
        await self.circle.happen(*spoken)
        self.watch.look(takes_lines=is_own)

    def _command_of(self, person: int, name: str) -> str:
        """The first such command behind a button of somebody's last message."""
        last = self.square.at(f"square:{person}")[-1]
        return next(
            one.command for one in last.message.flat_buttons if one.command.startswith(name)
        )

    async def _questions(self) -> dict[int, int]:
        found = await self.circle.ask_store(
            rows,
            "select i.person, max(q.id) as id from questions q "
            "join identities i on i.learner = q.learner where q.state = 'open' group by 1",
        )
        return {int(one["person"]): one["id"] for one in found}

    # In groups ----------------------------------------------------------------------------------

    async def gather(self) -> None:
        """Open the cohorts, every other one in English, and let their members in."""
        for number, group in enumerate(self.cohorts):
            curriculum, language = STUDIED_TOGETHER[number % 2], ("zh", "en")[number % 2]
            begun = f"/group start {curriculum} 2026-11-23 {language}"
            await self.happen([self.said(ANA, begun, group)])
            await self.join(group, self.members(group))
        found = await self.circle.ask_store(rows, "select person, learner from identities")
        self.learners = {int(one["person"]): one["learner"] for one in found}

    async def join(self, group: str, people: Iterable[int]) -> None:
        token = self.token_at(group, "/join")
        await self.happen(self.pressed(one, token, group) for one in people)

    def token_at(self, group: str, command: str) -> str:
        """What pressing the newest button with such a command in a group sends."""
        for post in reversed(self.square.at(group)):
            for token, asked in tokens_of(post):
                if asked.startswith(command):
                    return token
        raise LookupError(f"{group}: expected a button {command!r}, found none")

    async def say(self, texts: Iterable[str], *, everyone: bool) -> None:
        """Say things in groups: everybody everything everywhere, or each thing in two of them."""
        for number, text in enumerate(texts):
            speakers = [
                (self.people[number % len(self.people)], self.groups[at % len(self.groups)])
                for at in (number, number + 1)
            ]
            if everyone:
                speakers = [(one, group) for group in self.groups for one in self.people]
            await self.happen(
                self.said(one, text.format(mark=mark(group)), group) for one, group in speakers
            )
            await self.act(most=2)
            await self.pass_time(timedelta(seconds=20))

    async def pass_time(self, step: timedelta) -> None:
        self.circle.now += step
        await self.circle.process.tick()
        await self.circle.process.settled()
        self.watch.look()

    async def live(self, until: datetime, step: timedelta = timedelta(hours=1)) -> None:
        """Let days go by; what is posted on the way is pressed and answered.

        Each day everybody says something in private, so that they are still spoken to first.
        """
        day = None
        while self.circle.now < until:
            await self.pass_time(step)
            if self.circle.now.date() != day:
                day = self.circle.now.date()
                await self.each("/done 1")
            posts = await self.act()
            await self._reply(posts)
            # A call for help, and words for which leave is asked, have buttons of their own.
            await self.act()

    async def act(self, most: int = 100) -> list[Posted]:
        """Let several press each button of what was posted last in each group, and give that."""
        fresh = [one for one in self.square.posted[self._posts :] if is_group(one.address)]
        self._posts = len(self.square.posted)
        for group in self.groups:
            for post in [one for one in fresh if one.address == group and one.labels][-most:]:
                await self._press_all(post)
        return fresh

    async def _press_all(self, post: Posted) -> None:
        group = post.address
        members, strangers = self.members(group), self.strangers(group)
        together: list[Arrival] = []
        for token, command in tokens_of(post):
            name, *values = command.lstrip("/").split()
            pressers = [*self.chance.sample(members, 2), *strangers[:1]]
            if name in {"trouble", "keepnote"}:
                owner = self.person(int(values[1]))
                await self._press_own(token, name, owner, group)
                pressers = [one for one in pressers if one != owner]
            elif name == "group":
                pressers = [one for one in pressers if one != ANA]
            elif name == "join":
                pressers = pressers[:2]
            elif name == "leave":
                pressers = pressers[1:]
            together += [self.pressed(one, token, group) for one in pressers]
        await self.happen(together)
        if any(command == "/leave" for _, command in tokens_of(post)):
            await self.join(group, members)

    async def _press_own(self, token: str, name: str, owner: int, group: str) -> None:
        """Press what is the owner's alone; of their trouble every other one lets the group read."""
        await self.happen([self.pressed(owner, token, group)])
        if name == "trouble" and owner % 2 == 0:
            self.watch.agreed.add((group, owner))
            # Who agrees has read it first.
            self.circle.now += TIME_TO_READ
            await self.happen([self.pressed(owner, token, group)])

    def person(self, learner: int) -> int:
        return next(person for person, one in self.learners.items() if one == learner)

    async def _reply(self, posts: Sequence[Posted]) -> None:
        """Answer below each post, as somebody who belongs there and as somebody who does not."""
        await self.happen(
            self.said(person, EXPLANATION.format(mark=mark(post.address)), post.address, of)
            for post in posts
            for of in (post.receipt,)
            for person in (
                self.chance.choice(self.members(post.address)),
                *self.strangers(post.address)[:1],
            )
        )


EXPLANATION = (
    "{mark} 就像给每道菜单独准备一个厨房：这道菜要的调料放这里，那道菜的放那里，互不串味，"
    "所以装新东西不会把旧的弄坏，换台电脑也能照着清单重新布置。"
)


def tokens_of(post: Posted) -> list[tuple[str, str]]:
    """What pressing each button sends, and the command behind it."""
    commands = [one.command for one in post.message.flat_buttons]
    return [(press_token(post.seq, n), command) for n, command in enumerate(commands)]


def _code(person: int) -> str:
    name = canary(person).lower()
    return (
        f"/code ```python\ndef {name}():\n    try:\n        run()\n    except:\n        pass\n```"
    )


def _drafted(learner: int, home: str, word: str) -> Script[None]:
    """What only a model would have made: a question of one's own, and a summary of the talk."""
    bank = built_in().bank
    item = next(one for one in bank.live.values() if isinstance(one, ChoiceItem))
    drafted = {"item": item.changed(stem=words(word)).model_dump(mode="json"), "findings": {}}
    yield from change(
        "insert into own_drafts (learner, item, content, made_at) "
        "values (:learner, :item, :content, :now)",
        learner=learner,
        item=f"draft-of-{learner}",
        content=json.dumps(drafted, ensure_ascii=False),
        now=epoch(EARLY),
    )
    yield from change(
        "insert into summaries (address, learner, words, is_foreign, until_seq, made_at) "
        "values (:home, :learner, :words, 0, 0, :now)",
        home=home,
        learner=learner,
        words=f"They want to work at {word}.",
        now=epoch(EARLY),
    )


async def tables_with(circle: Circle, word: str) -> set[str]:
    """The tables in which a word stands, whatever its case."""
    found = await tables(circle)
    return {name for name, held in found.items() if word.lower() in str(held).lower()}


async def tables(circle: Circle, but: Iterable[str] = ()) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    return {
        name: sorted(
            str(dict(row))
            for row in await circle.ask_store(rows, f"select * from {name}")  # noqa: S608 -- our names
        )
        for name in (one.name for one in TABLES)
        if name not in {"_sqlite_migrations", *but}
    }
