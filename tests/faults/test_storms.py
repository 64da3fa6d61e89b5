"""Telegram in bad weather: 429, 5xx, silence, blocked and moved chats."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pytest
import pytest_asyncio

from tests.fakes.loopback import Json
from tests.faults.conftest import Town
from tests.faults.harness import has_arrived, until

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAUSE = 2  # seconds Telegram asks for in a 429
ROUNDS = 2


async def tries(town: Town, chats: Sequence[int]) -> list[Json]:
    """The calls that tried to send something to these chats, in order."""
    return [
        entry
        for entry in await town.telegram.history()
        if entry["method"].lower() == "sendmessage" and chat_of(entry) in chats
    ]


def chat_of(entry: Json) -> int:
    return int(entry["params"].get("chat_id", 0))


async def arrived(town: Town, chats: Sequence[int], count: int, within: float = 20.0) -> list[Json]:
    """Wait until so many messages are in these chats, and give all calls that tried."""

    async def look() -> list[Json]:
        found = await tries(town, chats)
        return found if sum(map(has_arrived, found)) >= count else []

    return await until(look, within, f"{count} messages in {len(chats)} chats")


# 429 ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Storm:
    """A storm that is over: three chats in ten were refused, and all sends in their order."""

    blocked: Sequence[int]
    free: Sequence[int]
    calls: Sequence[Json]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def storm(whole_town: Town) -> Storm:
    people = whole_town.people(20)
    blocked, free = people[:6], people[6:]
    for person in blocked:
        await whole_town.telegram.ask(
            "fail", method="sendMessage", times=1, status=429, retry_after=PAUSE, chat_id=person
        )
    for number in range(ROUNDS):
        for person in people:
            await whole_town.telegram.say(person, f"/zz{number}")
    return Storm(blocked, free, await arrived(whole_town, people, ROUNDS * len(people)))


async def test_a_storm_of_429_loses_and_repeats_no_answer(storm: Storm) -> None:
    answers = Counter(chat_of(call) for call in storm.calls if has_arrived(call))

    assert answers == dict.fromkeys([*storm.blocked, *storm.free], ROUNDS)


async def test_a_storm_of_429_holds_up_no_other_chat(storm: Storm) -> None:
    waited = [call for call in storm.calls if has_arrived(call) and chat_of(call) in storm.blocked]
    others = [call for call in storm.calls if chat_of(call) in storm.free]

    assert max(call["finished"] for call in others) < min(call["time"] for call in waited)


async def test_nobody_is_tried_again_before_telegram_said_so(storm: Storm) -> None:
    for chat in storm.blocked:
        here = [call for call in storm.calls if chat_of(call) == chat]
        pauses = [
            after["time"] - before["time"]
            for before, after in pairwise(here)
            if before.get("status") == 429
        ]

        assert len(pauses) == 1
        assert pauses[0] >= PAUSE - 0.05


# Silence and 5xx ----------------------------------------------------------------------------------


async def test_a_chat_that_hangs_holds_up_no_other(town: Town) -> None:
    slow, *others = town.people(12)
    await town.telegram.ask("hang", method="sendMessage", seconds=1, chat_id=slow)

    for person in (slow, *others):
        await town.telegram.say(person, "/zzhang")
    calls = await arrived(town, (slow, *others), 12)

    times = {chat_of(call): call["finished"] for call in calls}
    assert max(times[person] for person in others) < times[slow]


async def test_a_gateway_that_is_down_for_a_while_loses_and_repeats_nothing(town: Town) -> None:
    people = town.people(5)
    await town.telegram.ask("fail", method="sendMessage", times=5, status=502)

    for person in people:
        await town.telegram.say(person, "/zzdown")
    calls = await arrived(town, people, 5)

    assert Counter(chat_of(call) for call in calls if has_arrived(call)) == dict.fromkeys(people, 1)


async def test_an_answer_whose_fate_is_unknown_is_repeated_at_most_once(town: Town) -> None:
    person = town.person()
    await town.telegram.ask("drop_after", method="sendMessage", times=1, chat_id=person)

    await town.telegram.say(person, "/zzunknown")
    await arrived(town, [person], 1)
    await town.mentor.has_dealt_with_all()

    assert len(await town.telegram.texts(person)) <= 2


async def test_a_connection_cut_behind_a_gateway_error_loses_no_answer(town: Town) -> None:
    """A 502 was a clear no, so the cut is the first send of which nobody knows the fate."""
    person = town.person()
    await town.telegram.ask("fail", method="sendMessage", status=502, chat_id=person)
    await town.telegram.ask("drop_before", method="sendMessage", chat_id=person)

    await town.telegram.say(person, "/zzcut")
    await until(lambda: _is_closed(town, person), 10, "the answer sent or given up")

    assert [call["outcome"] for call in await tries(town, [person])] == ["refused", "cut", "ok"]


async def _is_closed(town: Town, person: int) -> bool:
    found = town.mentor.rows(
        "select state from outbox where address = :address", address=f"telegram:{person}"
    )
    return bool(found) and all(row["state"] != "open" for row in found)


# Blocked and moved chats --------------------------------------------------------------------------


async def clocks_of(town: Town, person: int) -> list[str]:
    found = town.mentor.rows(
        "select c.kind from clocks c join identities i on i.learner = c.learner "
        "where i.platform = 'telegram' and i.person = :person order by c.kind",
        person=str(person),
    )
    return [row["kind"] for row in found]


async def stopped_clocks_of(town: Town, person: int) -> bool:
    async def look() -> bool:
        return not await clocks_of(town, person)

    return await until(look, 10, f"the clocks of {person} stopped")


async def test_a_learner_who_blocks_the_bot_is_sent_nothing_more(town: Town) -> None:
    leaver, other = town.people(2)
    before = await clocks_of(town, leaver)

    await town.telegram.ask("block", user_id=leaver)
    await stopped_clocks_of(town, leaver)

    assert before == await clocks_of(town, other) == ["evening", "plan"]


async def test_a_refusal_to_be_written_to_stops_the_pushes(town: Town) -> None:
    """The block itself may have gone by while the bot was away for a day."""
    leaver = town.person()
    await town.telegram.ask("fail", method="sendMessage", times=None, status=403, chat_id=leaver)

    await town.telegram.say(leaver, "/zzblocked")
    await stopped_clocks_of(town, leaver)

    assert len(await tries(town, [leaver])) == 1


async def test_a_learner_who_comes_back_is_pushed_to_again(town: Town) -> None:
    leaver = town.person()
    await town.telegram.ask("block", user_id=leaver)
    await stopped_clocks_of(town, leaver)

    await town.telegram.ask("unblock", user_id=leaver)
    await town.telegram.say(leaver, "/today")
    await arrived(town, [leaver], 1)

    assert await clocks_of(town, leaver) == ["evening", "plan"]


async def test_a_group_that_moves_gets_its_answer_at_its_new_address(town: Town) -> None:
    person = town.person()
    old, new = -(10_000 + person), -(1_000_000_000_000 + person)
    await town.telegram.ask("meet", chat_id=new)
    await town.telegram.ask(
        "fail", method="sendMessage", chat_id=old, status=400, migrate_to_chat_id=new
    )

    await town.telegram.say(person, "/today@MentorBot", chat=old)
    await arrived(town, [new], 1)

    assert len(await tries(town, [old, new])) == 2
