"""Whoever leaves a group, or is forgotten, has left nothing behind in it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.platforms.port import press_token
from store.inbox import park, receive
from store.script import row, rows
from store.sqlite import SqliteStore
from tests.fakes.square import Posted
from tests.faults.crowd import tables
from tests.journeys.circle import ANA, GROUP, Circle
from tests.journeys.people import at
from tests.journeys.test_keeping import on_disk

BOB, CIM, DAN = 2, 3, 4
MEMBERS = (ANA, BOB, CIM, DAN)
OTHER = "square:-200"
NAME, NICKNAME, WORDS = "Zqx7Bobolink", "Zqx7Bobby", "zqx7said"
MONDAY, WEDNESDAY, THURSDAY = "2026-11-23", "2026-11-25", "2026-11-26"
# What a group keeps of a member.
OF_MEMBERS = ("members", "round_answers", "contributions", "group_notes")


class Two:
    """Two groups with the same four in them; Bob has left something of each kind in both."""

    def __init__(self, circle: Circle) -> None:
        self.circle = circle
        self.square = circle.square
        self.square.administrators.add((OTHER, str(ANA)))

    async def begin(self) -> None:
        await self.circle.happen(self.square.said(BOB, "/start"))
        for group in (GROUP, OTHER):
            await self.circle.say(ANA, "/group start starter-30 2026-11-23", group)
            for person in MEMBERS:
                await self.press(person, "/join", group)
            await self.say(BOB, f"/board {NICKNAME}", group)
            await self.circle.say(ANA, "/pods", group)

    async def say(self, person: int, text: str, group: str, below: Posted | None = None) -> None:
        name = NAME if person == BOB else ""
        replied_to = below.receipt if below else ""
        await self.circle.happen(
            self.square.said(person, text, group, replied_to=replied_to, name=name)
        )

    async def press(self, person: int, command: str, group: str, place: int = 0) -> None:
        """Press a button of the newest post with such a command."""
        for post in reversed(self.square.at(group)):
            found = [token for token, asked in tokens_of(post) if asked.startswith(command)]
            if found:
                name = NAME if person == BOB else ""
                await self.circle.happen(
                    self.square.pressed(person, found[place], group, name=name)
                )
                return
        raise LookupError(f"{group}: expected a button {command!r}, found none")

    async def take_part(self, day: str) -> None:
        """A whole day in both groups, with Bob at everything."""
        circle, both = self.circle, (GROUP, OTHER)
        await circle.until(at(f"{day} 12:00"))
        for group in both:
            asked = self.square.at(group)[-1]
            if not asked.labels:
                await self.say(BOB, EXPLANATION.format(mark=WORDS), group, asked)
                await self.press(BOB, "/keepnote", group)
            else:
                for person in MEMBERS:
                    await self.press(person, "/pick", group, person % 2)
            await circle.say(ANA, "/focus 5", group)
            await self.press(BOB, "/infocus", group)
            await circle.say(ANA, "/battle 1 rag", group)
            for person in MEMBERS:
                await self.press(person, "/pick", group, person % 2)
            await circle.tick()
        await circle.until(at(f"{day} 21:15"))
        for group in both:
            await self.press(BOB, "/roll", group)
            await self.say(BOB, f"{WORDS} 跑通了，输出 3.14", group, self.square.at(group)[-1])

    async def left_in(self, group: str, learner: int) -> dict[str, int]:
        """How many rows of each kind are somebody's in a group."""
        inside = {
            "members": "cohort = c.id",
            "group_notes": "cohort = c.id",
            "contributions": "round in (select id from rounds where cohort = c.id)",
            "round_answers": "question in (select q.id from round_questions q "
            "join rounds r on r.id = q.round where r.cohort = c.id)",
        }
        counts = {}
        for table, where in inside.items():
            found = await self.circle.ask_store(
                row,
                f"select count(*) as n from {table}, (select id from cohorts "  # noqa: S608 -- our names
                f"where address = :group) c where learner = :learner and {where}",
                group=group,
                learner=learner,
            )
            counts[table] = int(found["n"]) if found else 0
        return counts


@pytest.fixture
async def two() -> Two:
    made = Two(Circle())
    await made.begin()
    return made


def texts(posts: Sequence[Posted]) -> str:
    return "\n".join(one.message.to_json() for one in posts).lower()


async def test_who_leaves_a_group_is_in_none_of_its_rows_and_in_all_of_the_others(two: Two) -> None:
    for day in (MONDAY, "2026-11-24", WEDNESDAY):
        await two.take_part(day)
    await two.circle.until(at("2026-11-29 21:00"))
    bob = (await two.circle.learner(BOB)).id
    before = await two.left_in(OTHER, bob)
    assert min(before.values()) > 0, "there is something of each kind to be forgotten"
    assert await two.left_in(GROUP, bob) == before

    await two.press(BOB, "/leave", GROUP)

    assert await two.left_in(GROUP, bob) == dict.fromkeys(OF_MEMBERS, 0)
    assert await two.left_in(OTHER, bob) == before


async def test_what_is_posted_later_neither_counts_nor_names_who_has_left(two: Two) -> None:
    for day in (MONDAY, "2026-11-24", WEDNESDAY, THURSDAY):
        await two.take_part(day)
    await two.circle.until(at("2026-11-27 09:15"))
    for group in (GROUP, OTHER):
        await two.press(BOB, "/pick", group)
        await two.press(CIM, "/pick", group, 1)
    await two.press(BOB, "/leave", GROUP)
    since = len(two.square.posted)
    for group in (GROUP, OTHER):
        await two.say(CIM, "/partner", group)
        await two.circle.say(ANA, "/group", group)
        await two.circle.say(ANA, "/pods", group)
    await two.circle.until(at("2026-11-29 21:00"))
    for group in (GROUP, OTHER):
        await two.say(CIM, "/notes", group)
        await two.say(CIM, "/board", group)
    await two.circle.until(at("2026-12-03 22:00"))

    later = two.square.posted[since:]
    here = [one for one in later if one.address == GROUP]
    there = [one for one in later if one.address == OTHER]
    for word in (NAME, NICKNAME, WORDS):
        assert word.lower() not in texts(here)
        assert word.lower() in texts(there), "where they stayed they are named"
    assert "成员 3 人" in texts(here)
    assert "成员 4 人" in texts(there)
    assert "1 人作答" in texts(here)
    assert "2 人作答" in texts(there)


async def test_who_leaves_in_a_battle_is_not_in_its_result(two: Two) -> None:
    await two.circle.until(at(f"{MONDAY} 12:00"))
    await two.circle.say(ANA, "/battle 1 rag")
    for place in range(2):
        await two.press((BOB, CIM)[place], "/pick", GROUP, place)
    asked = two.square.at(GROUP)[-1]
    group_token = next(
        token
        for post in two.square.at(GROUP)
        for token, command in tokens_of(post)
        if command == "/leave"
    )
    await two.circle.happen(two.square.pressed(BOB, group_token, GROUP, name=NAME))
    await two.circle.until(at(f"{MONDAY} 12:05"))

    result = two.square.at(GROUP)[-1]
    assert result is not asked
    assert "1 人参加，一共答了 1 次" in result.text
    assert NAME not in result.text


# Forgotten ---------------------------------------------------------------------------------------


async def forgotten(two: Two) -> None:
    """Bob says in private that he wants to be forgotten, and says it again."""
    await two.circle.happen(two.square.said(BOB, "/forget"))
    asked = two.square.at(f"square:{BOB}")[-1]
    token = next(one for one, command in tokens_of(asked) if "yes" in command)
    await two.circle.happen(two.square.pressed(BOB, token))
    assert "都删掉了" in two.square.at(f"square:{BOB}")[-1].text


@pytest.fixture
async def filed(tmp_path: Path) -> Two:
    """Two groups in a file."""
    made = Two(Circle(store=SqliteStore(tmp_path / "mentor.db")))
    await made.begin()
    return made


async def test_no_byte_of_who_is_forgotten_is_left_of_their_groups(
    filed: Two, tmp_path: Path
) -> None:
    for day in (MONDAY, "2026-11-24", WEDNESDAY):
        await filed.take_part(day)
    await filed.circle.until(at("2026-11-29 21:00"))
    await filed.say(CIM, "/notes", GROUP)
    await filed.say(BOB, "/group", GROUP)
    before = on_disk(tmp_path).lower()
    assert all(one.lower().encode() in before for one in (NAME, NICKNAME, WORDS))
    await forgotten(filed)
    left = on_disk(tmp_path).lower()
    filed.circle.store.close()

    assert [one for one in (NAME, NICKNAME, WORDS) if one.lower().encode() in left] == []


async def test_a_post_that_could_not_be_made_keeps_no_name(filed: Two, tmp_path: Path) -> None:
    """The group had thrown the mentor out when the pods were to be told."""
    filed.square.gone.add(GROUP)
    await filed.circle.say(ANA, "/pods")
    await forgotten(filed)
    left = on_disk(tmp_path).lower()
    filed.circle.store.close()

    assert NAME.lower().encode() not in left


async def test_words_in_a_group_that_were_put_aside_go_as_well(filed: Two, tmp_path: Path) -> None:
    """What somebody said in a group stays with the operator when it could not be dealt with."""
    said = filed.square.said(BOB, WORDS, GROUP, name=NAME)
    (received,) = await filed.circle.ask_store(receive, [said], filed.circle.now)
    await filed.circle.ask_store(park, received.seq, "LookupError", filed.circle.now)
    await forgotten(filed)
    left = on_disk(tmp_path).lower()
    filed.circle.store.close()

    assert NAME.lower().encode() not in left


async def test_a_group_goes_on_without_who_is_forgotten(two: Two) -> None:
    await two.take_part(MONDAY)
    since = len(two.square.posted)
    await forgotten(two)
    await two.circle.until(at("2026-12-03 22:00"))

    later = texts([one for one in two.square.posted[since:] if one.address in {GROUP, OTHER}])
    assert "每日一题" in later
    assert [one for one in (NAME, NICKNAME, WORDS) if one.lower() in later] == []
    assert await two.circle.ask_store(rows, "select * from members where name = :n", n=NAME) == []


async def test_pressing_a_group_button_makes_nobody_known_who_was_forgotten(two: Two) -> None:
    await two.circle.until(at(f"{MONDAY} 21:15"))
    await forgotten(two)
    before = await tables(two.circle, ("inbox", "outbox", "outbox_bodies"))
    for command in ("/roll", "/pick", "/leave"):
        await two.press(BOB, command, GROUP)

    assert await tables(two.circle, ("inbox", "outbox", "outbox_bodies")) == before


EXPLANATION = (
    "{mark} 就像给每道菜单独准备一个厨房：这道菜要的调料放这里，那道菜的放那里，互不串味，"
    "所以装新东西不会把旧的弄坏，换台电脑也能照着清单重新布置。"
)


def tokens_of(post: Posted) -> list[tuple[str, str]]:
    """What pressing each button sends, and the command behind it."""
    commands = [one.command for one in post.message.flat_buttons]
    return [(press_token(post.seq, n), command) for n, command in enumerate(commands)]
