"""A quiz on Telegram, end to end: native polls, buttons, files, and restarts in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest

from bot.platforms.telegram import Telegram
from bot.process import Process
from learning.catalogue import Catalogue
from learning.quiz.items import QuizItem
from store.learners import add_learner
from store.port import Store
from store.script import row, rows
from store.sqlite import SqliteStore
from tests.builders import built_in
from tests.fakes.loopback import Json
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.faults.harness import until
from tests.journeys.people import NOW, house
from tests.learning.quiz_builders import make_bank, make_choice, make_numeric

ANA = 7


@dataclass
class Phone:
    """Ana's chat with a mentor that can be stopped and started over one database."""

    server: FakeTelegram
    folder: Path
    catalogue: Catalogue
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.store = SqliteStore(self.folder / "mentor.db")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Process]:
        """A process of its own, stopped at the end; the store stays."""
        platform = Telegram(
            TOKEN,
            base_url=self.server.root,
            menus={},
            data_dir=self.folder,
            random=Random(1),
            poll_seconds=1,
        )
        home = replace(house(), catalogue=self.catalogue)
        process = Process(self.store, home, {"telegram": platform}, lambda: NOW)
        await process.start()
        try:
            yield process
        finally:
            for task in process._serving:
                task.cancel()
            await asyncio.gather(*process._serving, return_exceptions=True)
            await process.settled()
            await process.inbox.stop()
            await process.outbox.stop()
            await platform.close()

    async def next_message(self, after: int) -> Json:
        """The message that comes when there were `after` already."""

        async def found() -> list[Json]:
            return self.server.sent(ANA)[after:]

        return (await until(found, 10, f"message {after + 1}"))[0]

    async def say(self, text: str) -> Json:
        count = len(self.server.sent(ANA))
        self.server.say(ANA, text)
        return await self.next_message(count)

    async def vote(self, message: Json, place: int) -> Json:
        count = len(self.server.sent(ANA))
        self.server.vote(ANA, message, [place])
        return await self.next_message(count)

    async def tap(self, message: Json, label: str) -> Json:
        count = len(self.server.sent(ANA))
        self.server.tap(ANA, message, label)
        return await self.next_message(count)

    async def verdicts(self) -> list[str | None]:
        found = await self.store.run(rows, "select verdict from questions order by id")
        return [one["verdict"] for one in found]


@asynccontextmanager
async def phone(folder: Path, *items: QuizItem) -> AsyncIterator[Phone]:
    async with FakeTelegram(token=TOKEN) as server:
        server.meet(ANA)
        one = Phone(server, folder, replace(built_in(), bank=make_bank(*items)))
        await one.store.run(
            add_learner, "telegram", str(ANA), f"telegram:{ANA}", "zh", "Asia/Shanghai", NOW
        )
        try:
            yield one
        finally:
            one.store.close()


def labels(message: Json) -> list[str]:
    return [button["text"] for line in message["buttons"] for button in line]


async def test_an_item_that_fits_comes_as_a_quiz_poll_with_its_explanation(tmp_path: Path) -> None:
    async with phone(tmp_path, make_choice(key=2)) as ana, ana.running():
        put = await ana.say("/quiz 1")

    poll = put["poll"]
    key = poll["correct_option_ids"][0]
    assert poll["type"] == "quiz"
    assert poll["is_anonymous"] is False
    assert poll["options"][key]["text"] == "three"
    assert poll["options"][4]["text"] == "🤷 不会"
    assert poll["explanation"] == "why three"
    assert labels(put) == ["⏭ 跳过", "💡 提示"]


async def test_a_vote_is_graded_and_every_option_explained(tmp_path: Path) -> None:
    async with phone(tmp_path, make_choice(key=2)) as ana, ana.running():
        put = await ana.say("/quiz 1")
        graded = await ana.vote(put, put["poll"]["correct_option_ids"][0])
        verdicts = await ana.verdicts()

    assert verdicts == ["right"]
    assert "对了" in graded["text"]
    assert all(f"why {one}" in graded["text"] for one in ("one", "two", "three", "four"))


async def test_a_vote_after_a_restart_still_counts(tmp_path: Path) -> None:
    async with phone(tmp_path, make_choice(key=2)) as ana:
        async with ana.running():
            put = await ana.say("/quiz 1")
        count = len(ana.server.sent(ANA))
        ana.server.vote(ANA, put, [4])
        async with ana.running():
            graded = await ana.next_message(count)
        verdicts = await ana.verdicts()

    assert verdicts == ["unknown"]
    assert "没关系" in graded["text"]


async def test_a_quiz_goes_on_after_a_restart_in_its_middle(tmp_path: Path) -> None:
    items = [make_choice(f"c{n}", stem=f"Question {n}?") for n in range(2)]
    async with phone(tmp_path, *items) as ana:
        async with ana.running():
            first = await ana.say("/quiz 2")
            graded = await ana.vote(first, 4)
        async with ana.running():
            second = await ana.tap(graded, "▶️ 下一题")
            last = await ana.vote(second, 4)
            over = await ana.tap(last, "🏁 看结果")
        verdicts = await ana.verdicts()

    assert first["poll"]["question"].startswith("1/2")
    assert second["poll"]["question"].startswith("2/2")
    assert "答了 2 题" in over["text"]
    assert verdicts == ["unknown", "unknown"]


async def test_an_item_with_code_comes_as_words_with_buttons(tmp_path: Path) -> None:
    item = make_choice(key=1, code="x = 1\nprint(x)", poll=False)
    async with phone(tmp_path, item) as ana, ana.running():
        put = await ana.say("/quiz 1")
        graded = await ana.tap(put, "🤷 不会")

    assert not put.get("poll")
    assert "print(x)" in put["text"]
    assert any(one["type"] == "pre" for one in put["entities"])
    assert labels(put) == ["①", "②", "③", "④", "🤷 不会", "⏭ 跳过", "💡 提示"]
    assert "没关系" in graded["text"]


async def test_a_poll_that_telegram_refuses_comes_as_words(tmp_path: Path) -> None:
    async with phone(tmp_path, make_choice(key=1)) as ana, ana.running():
        ana.server.fail("sendPoll", status=400, description="Bad Request: POLL_OPTION_INVALID")
        put = await ana.say("/quiz 1")

    assert not put.get("poll")
    assert "① " in put["text"]


async def test_a_number_is_typed_and_a_poll_elsewhere_does_not_disturb(tmp_path: Path) -> None:
    async with phone(tmp_path, make_numeric(answer=23)) as ana, ana.running():
        await ana.say("/quiz 1")
        graded = await ana.say("二十三块")
        verdicts = await ana.verdicts()

    assert verdicts == ["right"]
    assert "对了" in graded["text"]


async def test_an_unknown_poll_is_answered_politely(tmp_path: Path) -> None:
    async with phone(tmp_path, make_choice()) as ana, ana.running():
        count = len(ana.server.sent(ANA))
        ana.server.push_raw(
            {
                "poll_answer": {
                    "poll_id": "123456789",
                    "user": {"id": ANA, "is_bot": False, "first_name": "Ana"},
                    "option_ids": [0],
                }
            }
        )
        answer = await ana.next_message(count)

    assert "过期" in answer["text"]


async def test_another_persons_vote_on_a_forwarded_poll_changes_nothing(tmp_path: Path) -> None:
    async with phone(tmp_path, make_choice(key=1)) as ana, ana.running():
        put = await ana.say("/quiz 1")
        ana.server.meet(8)
        ana.server.push_raw(
            {
                "poll_answer": {
                    "poll_id": put["poll"]["id"],
                    "user": {"id": 8, "is_bot": False, "first_name": "Ben"},
                    "option_ids": [1],
                }
            }
        )
        await ana.say("/today")
        verdicts = await ana.verdicts()
        learners = await ana.store.run(rows, "select id from learners")

    assert verdicts == [None]
    assert len(learners) == 1
    assert ana.server.sent(8) == []


async def test_a_typed_number_is_the_answer_whatever_buttons_came_later(tmp_path: Path) -> None:
    async with phone(tmp_path, make_numeric(answer=2)) as ana, ana.running():
        await ana.say("/quiz 1")
        await ana.say("什么是 LoRA？")
        await ana.say("2")
        verdicts = await ana.verdicts()

    assert verdicts == ["right"]


@pytest.mark.parametrize(("wanted", "name"), [("anki", "mentor.apkg"), ("csv", "mentor-cards.csv")])
async def test_cards_come_as_a_file(tmp_path: Path, wanted: str, name: str) -> None:
    async with phone(tmp_path, make_choice()) as ana, ana.running():
        put = await ana.say("/quiz 1")
        await ana.vote(put, 4)
        sent = await ana.say(f"/export {wanted}")

    assert sent["document"]["file_name"] == name
    assert sent["document"]["file_size"] > 100


async def test_the_receipt_of_a_poll_is_on_disk(tmp_path: Path) -> None:
    async with phone(tmp_path, make_choice()) as ana:
        async with ana.running():
            put = await ana.say("/quiz 1")
        found = await ana.store.run(row, "select poll, state from outbox where poll is not null")

    assert found == {"poll": f"poll:{put['poll']['id']}", "state": "sent"}
