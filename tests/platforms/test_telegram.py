"""The Telegram adapter: real python-telegram-bot against a fake Bot API on loopback."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram.error import NetworkError, TelegramError, TimedOut
from typing_extensions import override

from agent.turn import own_words
from bot.markup import styled
from bot.message import Attachment, Button, Message, Picture
from bot.pictures.canvas import Canvas
from bot.platforms.port import (
    AS_THE_GROUP,
    Budget,
    Did,
    Draft,
    Event,
    FatalError,
    GoneError,
    MovedError,
    NotSentError,
    Platform,
    RejectedError,
    RetryLaterError,
    UnknownOutcomeError,
    UnreadableEventError,
    read_press_token,
)
from bot.platforms.telegram import Telegram, meaning_of
from bot.platforms.telegram_text import chat_of, entities_of, lane_of, parts_of, read_update
from bot.platforms.units import utf16_units
from store.errors import StorageFullError
from store.inbox import Arrival
from tests.bot.pictures.samples import drawn
from tests.fakes.loopback import Json
from tests.fakes.telegram import FakeTelegram

ANA, GROUP = 7, -100200300
HERE = f"telegram:{ANA}"
BOT_ID = 110201543
MENUS = {"": [("today", "Today's plan")], "zh": [("today", "今日计划")]}


class Hurry:
    """Sleeps a hundredth of the time, and remembers how long it was asked to sleep."""

    def __init__(self) -> None:
        self.naps: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.naps.append(seconds)
        await asyncio.sleep(min(seconds, 20) / 100)


class Inbox:
    """A mailbox in memory whose disk may be full."""

    def __init__(self) -> None:
        self.accepted: list[Arrival] = []
        self.refused: list[str] = []
        self.is_full = False
        self.attempts = 0
        self.look: Callable[[], None] = lambda: None

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        self.attempts += 1
        self.look()
        if self.is_full:
            raise StorageFullError
        known = {arrival.event for arrival in self.accepted}
        self.accepted += [arrival for arrival in arrivals if arrival.event not in known]

    async def newest(self, platform: str) -> Mapping[str, str]:
        return {}

    async def refuse(self, platform: str, event: str, note: str) -> None:
        self.refused.append(event)

    def texts(self) -> list[str | None]:
        messages = (json.loads(arrival.raw).get("message") for arrival in self.accepted)
        return [message.get("text") for message in messages if isinstance(message, dict)]


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as telegram:
        telegram.updates.conflict_pause = 0.0
        telegram.meet(ANA)
        yield telegram


@pytest.fixture
def hurry() -> Hurry:
    return Hurry()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def make_telegram(base_url: str, data_dir: Path, token: str = "", **arguments: Any) -> Telegram:
    defaults: dict[str, Any] = {
        "menus": MENUS,
        "data_dir": data_dir,
        "random": Random(1),
        "poll_seconds": 1,
        "sleep": Hurry(),
    }
    return Telegram(
        token or "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
        base_url=base_url,
        **defaults | arguments,
    )


@pytest.fixture
async def closed(server: FakeTelegram, tmp_path: Path, hurry: Hurry) -> AsyncIterator[Telegram]:
    made = make_telegram(server.root, tmp_path, sleep=hurry)
    yield made
    await made.close()


@pytest.fixture
async def telegram(closed: Telegram) -> Telegram:
    await closed.open()
    return closed


@asynccontextmanager
async def taking_in(telegram: Telegram, inbox: Inbox) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(telegram.take_in(inbox))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, FatalError):
            await task


def offsets(server: FakeTelegram) -> list[int]:
    return [int(call["params"].get("offset", 0)) for call in server.calls("getUpdates")]


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


# Opening --------------------------------------------------------------------------------------


async def test_it_has_the_shape_of_a_platform(telegram: Telegram) -> None:
    platform: Platform = telegram

    assert platform.name == "telegram"
    assert platform.budget == Budget(30, 1 / 28)
    assert platform.budget_of(HERE) == Budget(3, 1.0)
    assert platform.budget_of(f"telegram:{GROUP}:5") == Budget(3, 3.2)


async def test_opening_ends_a_webhook_and_sets_the_menu_of_each_language(
    server: FakeTelegram, closed: Telegram
) -> None:
    await closed.open()

    assert len(server.calls("deleteWebhook")) == 1
    assert server.commands == {
        ("default", ""): [{"command": "today", "description": "Today's plan"}],
        ("default", "zh"): [{"command": "today", "description": "今日计划"}],
    }


async def test_groups_have_a_menu_of_their_own(server: FakeTelegram, tmp_path: Path) -> None:
    groups = {"zh": [("battle", "抢答赛")]}
    telegram = make_telegram(server.root, tmp_path, group_menus=groups)
    await telegram.open()
    await telegram.close()

    scope = '{"type": "all_group_chats"}'
    assert server.commands[scope, "zh"] == [{"command": "battle", "description": "抢答赛"}]
    assert ("default", "zh") in server.commands


async def test_a_menu_that_is_refused_does_not_keep_it_closed(
    server: FakeTelegram, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    menus = {"": [("No Command", "x")], "zh": MENUS["zh"]}
    telegram = make_telegram(server.root, tmp_path, menus=menus)
    await telegram.open()
    await telegram.close()

    assert list(server.commands) == [("default", "zh")]
    assert warnings_in(caplog) == ["The menu for '' was not set: BadRequest: Bot_command_invalid"]


@pytest.mark.parametrize("token", ["", "no token", "5:with space", "５:ａ"])
def test_a_token_that_can_be_none_is_refused_before_it_is_sent(token: str, tmp_path: Path) -> None:
    with pytest.raises(FatalError, match="get one from @BotFather"):
        Telegram(token, menus={}, data_dir=tmp_path, random=Random(1))


async def test_a_token_that_telegram_refuses_is_fatal_and_stays_secret(
    server: FakeTelegram, tmp_path: Path
) -> None:
    telegram = make_telegram(server.root, tmp_path, token="5:wrong")

    with pytest.raises(
        FatalError, match="found one it refuses; get one from @BotFather"
    ) as refused:
        await telegram.open()
    assert refused.value.exit_code == 77
    assert "5:wrong" not in str(refused.value)
    assert refused.value.__suppress_context__


async def test_a_second_process_is_told_to_stop_the_first(
    server: FakeTelegram, telegram: Telegram, tmp_path: Path
) -> None:
    second = make_telegram(server.root, tmp_path)

    with pytest.raises(FatalError, match="another mentor on this computer already uses this token"):
        await second.open()
    await telegram.close()
    await second.open()
    await second.close()


@pytest.mark.usefixtures("telegram")
def test_the_lock_file_does_not_name_the_token(tmp_path: Path) -> None:
    (lock,) = tmp_path.iterdir()

    assert lock.name.startswith("telegram-")
    assert str(BOT_ID) not in lock.name
    assert lock.stat().st_mode & 0o077 == 0


async def test_a_folder_that_cannot_be_written_is_named_with_its_remedy(
    server: FakeTelegram, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    telegram = make_telegram(server.root, in_the_way / "data")

    with pytest.raises(FatalError, match="give MENTOR_DATA_DIR to the account"):
        await telegram.open()


async def test_opening_waits_for_the_network_a_few_times(
    server: FakeTelegram, closed: Telegram, hurry: Hurry
) -> None:
    server.drop_before("getMe", times=3)
    await closed.open()

    assert len(server.calls("getMe")) == 4
    assert len(hurry.naps) == 3
    assert all(1 <= nap <= 30 for nap in hurry.naps)


async def test_without_a_network_taking_in_goes_on_to_try(
    server: FakeTelegram, closed: Telegram, inbox: Inbox
) -> None:
    server.fail("getMe", times=7, status=502)
    await closed.open()
    server.say(ANA, "still there?")
    async with taking_in(closed, inbox):
        await server.wait_for(lambda: inbox.accepted)

    assert len(server.calls("getMe")) == 8
    assert inbox.texts() == ["still there?"]


async def test_proxy_variables_do_not_catch_loopback(
    server: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    telegram = make_telegram(server.root, tmp_path)
    await telegram.open()
    await telegram.close()

    assert len(server.calls("getMe")) == 1


@pytest.mark.parametrize("proxy", ["socks4a://127.0.0.1:9", "carrier-pigeon://me:secret@loft"])
def test_a_proxy_that_cannot_be_used_is_fatal_and_stays_secret(proxy: str, tmp_path: Path) -> None:
    with pytest.raises(FatalError, match="TELEGRAM_PROXY") as refused:
        make_telegram("http://127.0.0.1:9", tmp_path, proxy=proxy)
    assert "secret" not in str(refused.value)


# Taking in ------------------------------------------------------------------------------------


async def test_an_update_arrives_with_its_id_its_lane_and_all_it_held(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    said = server.say(ANA, "/plan", GROUP, message_thread_id=5)
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: inbox.accepted)

    (arrival,) = inbox.accepted
    assert arrival.platform == "telegram"
    assert arrival.event == str(said["update_id"])
    assert arrival.lane == f"telegram:{GROUP}:5"
    assert json.loads(arrival.raw) == said


async def test_telegram_may_forget_an_update_only_after_it_was_accepted(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    pending_when_asked: list[int] = []
    inbox.look = lambda: pending_when_asked.append(server.updates_pending)
    server.say(ANA, "one")
    server.say(ANA, "two")
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: inbox.accepted and not server.updates_pending)

    assert pending_when_asked == [2]
    assert inbox.texts() == ["one", "two"]


async def test_a_full_disk_leaves_the_updates_at_telegram(
    server: FakeTelegram,
    telegram: Telegram,
    inbox: Inbox,
    hurry: Hurry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    inbox.is_full = True
    server.say(ANA, "keep this")
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: inbox.attempts >= 4)
        kept, seen = server.updates_pending, offsets(server)
        inbox.is_full = False
        await server.wait_for(lambda: not server.updates_pending)

    assert (kept, set(seen)) == (1, {0})
    assert inbox.texts() == ["keep this"]
    assert all(1 <= nap <= 10 for nap in hurry.naps)
    assert len(warnings_in(caplog)) == 1


async def test_polling_starts_without_an_offset_and_keeps_none_over_a_quiet_time(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    first = server.say(ANA, "before the holidays")["update_id"]
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: offsets(server)[-2:] == [first + 1, 0])
        server.updates.restart_ids(10)
        server.say(ANA, "after the holidays")
        await server.wait_for(lambda: len(inbox.accepted) == 2)

    assert offsets(server)[0] == 0
    assert inbox.accepted[1].event == "10"


POISON = [
    pytest.param("just a text", id="no object"),
    pytest.param({"update_id": "ten", "message": 5}, id="an id that is no number"),
    pytest.param({"update_id": True}, id="an id that is a truth"),
    pytest.param({"update_id": -5}, id="an id below zero would delete others"),
    pytest.param({"update_id": 2**63}, id="an id beyond all others would stop the queue"),
]


@pytest.mark.parametrize("poison", POISON)
async def test_a_poison_update_hides_no_good_one(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox, poison: Any
) -> None:
    server.say(ANA, "before")
    push_poison(server, poison)
    server.say(ANA, "behind")
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: not server.updates_pending)

    assert inbox.texts() == ["before", "behind"]


def push_poison(server: FakeTelegram, poison: Any) -> None:
    server.push_raw({"message": {}})
    server.updates._waiting[-1].update = poison


async def test_a_poison_update_alone_is_polled_ever_more_slowly_and_told_once(
    server: FakeTelegram,
    telegram: Telegram,
    inbox: Inbox,
    hurry: Hurry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    push_poison(server, {"update_id": None})
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: len(server.calls("getUpdates")) >= 6)
        server.say(ANA, "behind")
        await server.wait_for(lambda: not server.updates_pending)

    assert inbox.texts() == ["behind"]
    assert all(0.5 <= nap <= 10 for nap in hurry.naps)
    assert hurry.naps[4] > 1
    assert warnings_in(caplog) == ["Skipped updates without a usable id, 1 so far"]


async def test_an_update_of_any_other_shape_is_accepted_as_it_came(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    server.push_raw({"message": {"text": ["?"], "chat": "x"}})
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: not server.updates_pending)

    assert [arrival.lane for arrival in inbox.accepted] == [""]
    with pytest.raises(UnreadableEventError):
        telegram.read(inbox.accepted[0].raw)


async def test_half_a_surrogate_pair_gets_onto_the_disk_and_back(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    server.push_raw({"message": private("half \ud83d of it")})
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: inbox.accepted)

    (arrival,) = inbox.accepted
    assert arrival.raw.isascii()
    assert json.loads(arrival.raw)["message"]["text"] == "half \ud83d of it"
    assert telegram.read(arrival.raw).text == "half \ufffd of it"


async def test_five_conflicts_are_borne_and_the_sixth_is_fatal(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    server.fail("getUpdates", times=5, status=409)
    server.say(ANA, "hello")
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: inbox.accepted)
    server.fail("getUpdates", times=6, status=409)

    with pytest.raises(FatalError, match="another program receives this bot's updates"):
        await telegram.take_in(inbox)


async def test_a_token_revoked_while_polling_is_fatal(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    server.fail("getUpdates", status=401, description="Unauthorized")

    with pytest.raises(FatalError, match="TELEGRAM_BOT_TOKEN"):
        await telegram.take_in(inbox)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"status": 502}, id="a gateway's page"),
        pytest.param({"status": 500, "description": "Internal Server Error"}, id="500"),
        pytest.param({"status": 429, "retry_after": 3}, id="429"),
        pytest.param({"status": 429}, id="429 without a number"),
        pytest.param({"status": 403, "description": "Forbidden"}, id="403"),
    ],
)
async def test_trouble_at_telegram_is_waited_out(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox, hurry: Hurry, trouble: Json
) -> None:
    server.fail("getUpdates", times=4, **trouble)
    server.say(ANA, "hello")
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: inbox.accepted)

    assert len(hurry.naps) == 4
    assert all(trouble.get("retry_after", 1) <= nap <= 30 for nap in hurry.naps)


async def test_a_cut_poll_is_repeated(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    server.drop_before("getUpdates", times=2)
    server.drop_after("getUpdates", times=2)
    server.say(ANA, "hello")
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: inbox.accepted)

    assert inbox.texts() == ["hello"]


async def test_polls_that_hang_are_given_up_and_connected_anew(
    server: FakeTelegram, tmp_path: Path, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    telegram = make_telegram(server.root, tmp_path, poll_seconds=0, grace=0.2)
    await telegram.open()
    server.hang("getUpdates", 60, times=3)
    server.say(ANA, "hello")
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: inbox.accepted)
    await telegram.close()

    assert inbox.texts() == ["hello"]
    assert "Polls get no answer; their connections are made anew" in warnings_in(caplog)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not json",
        b"{}",
        b"[]",
        b'{"ok": false}',
        b'{"ok": true, "result": {}}',
        b'{"ok": true, "result": null}',
        b'{"ok":true,"result":' + b"[" * 100_000,
    ],
)
async def test_an_answer_that_is_none_is_asked_for_again(
    tmp_path: Path, inbox: Inbox, answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeTelegramThatSays(answer) as server:
        telegram = make_telegram(server.root, tmp_path)
        await telegram.open()
        server.say(ANA, "秘密")
        server.is_odd = True
        async with taking_in(telegram, inbox):
            await server.wait_for(lambda: len(server.calls("getUpdates")) >= 3)
            server.is_odd = False
            await server.wait_for(lambda: inbox.accepted)
        await telegram.close()

    assert inbox.texts() == ["秘密"]
    assert all(len(line) < 200 for line in warnings_in(caplog))


class FakeTelegramThatSays(FakeTelegram):
    """Answers 200 with a body of its own while it is odd, after doing what was asked."""

    def __init__(self, answer: bytes) -> None:
        super().__init__()
        self.answer = answer
        self.is_odd = False

    @override
    async def _carry_out(self, request: Any, entry: Json) -> Any:
        response: Any = await super()._carry_out(request, entry)
        if self.is_odd:
            response.body = self.answer
        return response


# Reading --------------------------------------------------------------------------------------


def private(text: str | None = None, **fields: object) -> Json:
    """A message of Ana's to the bot."""
    message: Json = {
        "message_id": 1,
        "date": 1_700_000_000,
        "chat": {"id": ANA, "type": "private", "first_name": "Ana"},
        "from": {"id": ANA, "is_bot": False, "first_name": "Ana", "language_code": "zh-hans"},
    }
    return message | ({} if text is None else {"text": text}) | fields


def in_group(text: str | None = None, **fields: object) -> Json:
    chat = {"id": GROUP, "type": "supergroup", "title": "Study group"}
    return private(text, chat=chat) | fields


def read(**update: object) -> Event:
    return read_update(json.dumps({"update_id": 1, **update}), BOT_ID, "MentorBot")


def pressed(**fields: object) -> Json:
    message = private("2 + 2?") | {"from": {"id": BOT_ID, "is_bot": True, "first_name": "Mentor"}}
    query: Json = {
        "id": "77",
        "from": {"id": ANA, "is_bot": False, "first_name": "Ana"},
        "chat_instance": "1",
        "message": message,
        "data": "12.3",
    }
    return query | fields


def test_words_in_private_are_said() -> None:
    assert read(message=private("/start abc-DEF_1")) == Event(
        Did.SAID,
        str(ANA),
        HERE,
        is_private=True,
        text="/start abc-DEF_1",
        language="zh-hans",
        name="Ana",
        message=f"{ANA}:1",
    )


FILE = {"file_id": "a", "file_unique_id": "b"}


@pytest.mark.parametrize(
    ("fields", "thing"),
    [
        pytest.param({"sticker": FILE}, "sticker", id="sticker"),
        pytest.param({"photo": [FILE], "caption": "look"}, "photo", id="photo"),
        pytest.param({"document": FILE}, "document", id="document"),
        pytest.param({"voice": FILE}, "voice", id="voice"),
        pytest.param({"video_note": FILE}, "video", id="round video"),
        pytest.param({"animation": FILE, "document": FILE}, "video", id="animation"),
        pytest.param({"location": {"latitude": 1}}, "other", id="location"),
        pytest.param({"contact": {}}, "other", id="contact"),
        pytest.param({"poll": {"question": "?"}}, "other", id="a poll that PTB cannot read"),
    ],
)
def test_what_is_no_text_is_something_else(fields: Json, thing: str) -> None:
    event = read(message=private(**fields))

    assert (event.did, event.thing) == (Did.SENT_SOMETHING_ELSE, thing)
    assert event.text == fields.get("caption", "")


ROBOT = {"id": 9, "is_bot": True, "first_name": "Robot"}
CHANNEL = {"id": -1009, "type": "channel", "title": "News"}


@pytest.mark.parametrize(
    "update",
    [
        pytest.param({"edited_message": private("hello")}, id="edited"),
        pytest.param({"channel_post": in_group("hello", chat=CHANNEL)}, id="channel post"),
        pytest.param({"message": in_group("hello", chat=CHANNEL)}, id="in a channel"),
        pytest.param({"message": in_group("/plan", **{"from": ROBOT})}, id="from a bot"),
        pytest.param({"message": in_group("/plan", sender_chat=CHANNEL)}, id="as a channel"),
        pytest.param({"message": in_group("/plan", **{"from": None})}, id="from nobody"),
        pytest.param({"message": in_group(new_chat_members=[ROBOT])}, id="a join"),
        pytest.param({"message": in_group(new_chat_title="new")}, id="a title"),
        pytest.param({"message": in_group(pinned_message=private("x"))}, id="a pin"),
        pytest.param({"callback_query": pressed(data=None)}, id="a game"),
        pytest.param({"callback_query": pressed(message=None)}, id="pressed nowhere"),
        pytest.param({"poll": {"id": "1"}}, id="a poll"),
        pytest.param({"something_new": {}}, id="a kind of tomorrow"),
        pytest.param({}, id="nothing"),
    ],
)
def test_what_is_not_for_the_mentor_is_ignored(update: Json) -> None:
    assert read(**update).did is Did.IGNORED


def test_an_anonymous_administrator_speaks_as_the_group() -> None:
    robot = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    itself = {"id": GROUP, "type": "supergroup", "title": "Study group"}

    event = read(message=in_group("/group start", sender_chat=itself, **{"from": robot}))

    assert (event.did, event.person, event.text) == (Did.SAID, AS_THE_GROUP, "/group start")
    assert event.name == ""


def test_a_press_is_by_whoever_pressed_and_not_by_the_message() -> None:
    query = pressed()
    query["from"] = {"id": 8, "is_bot": False, "first_name": "Bo", "language_code": "en"}

    assert read(callback_query=query) == Event(
        Did.PRESSED,
        "8",
        HERE,
        is_private=True,
        text="12.3",
        language="en",
        press="77",
        name="Bo",
        message=f"{ANA}:1",
    )


def test_a_press_under_an_old_message_is_still_read() -> None:
    forgotten = {"chat": {"id": ANA, "type": "private"}, "message_id": 3, "date": 0}

    assert read(callback_query=pressed(message=forgotten)).address == HERE


def test_a_press_in_a_topic_is_answered_in_that_topic() -> None:
    asked = in_group("2 + 2?", message_thread_id=5, is_topic_message=True)
    event = read(callback_query=pressed(message=asked))

    assert (event.address, event.is_private) == (f"telegram:{GROUP}:5", False)


IN, AWAY = {"status": "member"}, {"status": "left"}
RULED, SHUT_OUT = {"status": "administrator"}, {"status": "kicked"}
MUTED = {"status": "restricted", "is_member": True}


@pytest.mark.parametrize(
    ("chat", "before", "after", "did"),
    [
        pytest.param("private", IN, SHUT_OUT, Did.LEFT, id="blocked"),
        pytest.param("private", IN, AWAY, Did.LEFT, id="left"),
        pytest.param("private", SHUT_OUT, IN, Did.IGNORED, id="came back"),
        pytest.param("supergroup", IN, SHUT_OUT, Did.LEFT, id="thrown out of a group"),
        pytest.param("group", RULED, AWAY, Did.LEFT, id="left a group"),
        pytest.param("group", MUTED, MUTED | {"is_member": False}, Did.LEFT, id="left in silence"),
        pytest.param("supergroup", AWAY, IN, Did.CAME_IN, id="let in"),
        pytest.param("group", SHUT_OUT, RULED, Did.CAME_IN, id="let in to administrate"),
        pytest.param("supergroup", AWAY, MUTED, Did.CAME_IN, id="let in to listen"),
        pytest.param("supergroup", IN, RULED, Did.IGNORED, id="made administrator"),
        pytest.param("supergroup", IN, MUTED, Did.IGNORED, id="muted"),
        pytest.param("channel", AWAY, RULED, Did.IGNORED, id="let into a channel"),
        pytest.param("channel", RULED, AWAY, Did.IGNORED, id="thrown out of a channel"),
    ],
)
def test_a_change_of_standing_says_whether_the_mentor_came_or_left(
    chat: str, before: Json, after: Json, did: Did
) -> None:
    change = private(chat={"id": GROUP, "type": chat}) | {
        "old_chat_member": before | {"user": ROBOT},
        "new_chat_member": after | {"user": ROBOT},
    }
    event = read(my_chat_member=change)

    assert (event.did, event.is_private) == (did, chat == "private")
    assert event.address == f"telegram:{GROUP}"
    assert event.group == ("" if chat in {"private", "channel"} else event.address)


@pytest.mark.parametrize("sender", [None, ROBOT, {"id": ANA, "is_bot": False}])
def test_a_group_that_became_a_supergroup_names_both_addresses(sender: Json | None) -> None:
    chat = {"id": -55, "type": "group", "title": "Study group"}
    event = read(message=in_group(None, chat=chat, migrate_to_chat_id=GROUP, **{"from": sender}))

    assert (event.did, event.is_addressed, event.is_private) == (Did.MOVED, True, False)
    assert (event.address, event.group, event.text) == (
        "telegram:-55",
        "telegram:-55",
        f"telegram:{GROUP}",
    )


def in_topic(text: str, **fields: object) -> Json:
    """Words in topic 5 as Telegram shows them: they answer its first message."""
    first = in_group(message_id=5, forum_topic_created={"name": "第一章"})
    topic = {"message_thread_id": 5, "is_topic_message": True, "reply_to_message": first}
    return in_group(text, **topic) | fields


def test_words_in_a_group_name_it_and_the_message() -> None:
    event = read(message=in_group("/plan", message_id=12, reply_to_message=in_group("x")))

    assert (event.group, event.parent) == (f"telegram:{GROUP}", "")
    assert (event.message, event.replied_to) == (f"{GROUP}:12", f"{GROUP}:1")


def test_words_in_a_topic_name_the_chat_around_it() -> None:
    event = read(message=in_topic("/plan"))

    assert event.group == event.address == f"telegram:{GROUP}:5"
    assert event.parent == f"telegram:{GROUP}"


def test_a_press_in_a_group_names_it_and_the_message_pressed() -> None:
    event = read(callback_query=pressed(message=in_topic("2 + 2?", message_id=31)))

    assert (event.group, event.parent) == (f"telegram:{GROUP}:5", f"telegram:{GROUP}")
    assert event.message == f"{GROUP}:31"


def test_in_private_there_is_no_group() -> None:
    assert read(message=private("hello")).group == ""
    assert read(callback_query=pressed()).group == ""


def test_words_in_a_topic_that_answer_nothing_are_no_reply() -> None:
    ours = {"id": BOT_ID, "is_bot": True, "first_name": "Mentor"}
    opened_by_us = in_group(message_id=5, forum_topic_created={"name": "x"}) | {"from": ours}
    event = read(message=in_topic("among ourselves", reply_to_message=opened_by_us))

    assert (event.replied_to, event.is_addressed) == ("", False)


def test_a_reply_in_a_topic_is_one() -> None:
    said = in_topic("2 + 2?", message_id=31)

    assert read(message=in_topic("4", reply_to_message=said)).replied_to == f"{GROUP}:31"


@pytest.mark.parametrize(
    ("names", "name"),
    [
        pytest.param({"first_name": "安"}, "安", id="one"),
        pytest.param({"first_name": "Ana", "last_name": "Li"}, "Ana Li", id="two"),
        pytest.param({"first_name": " A\nna ", "last_name": ""}, "A na", id="lines"),
        pytest.param({"first_name": "a" * 64, "last_name": "b"}, "a" * 40, id="long"),
        pytest.param({}, "", id="none"),
    ],
)
def test_people_are_called_by_their_names(names: Json, name: str) -> None:
    person = {"id": 8, "is_bot": False} | names
    vote = {"poll_id": "1", "user": person, "option_ids": [0]}

    assert read(message=in_group("/plan", **{"from": person})).name == name
    assert read(callback_query=pressed(**{"from": person})).name == name
    assert read(poll_answer=vote).name == name


@pytest.mark.parametrize(
    ("text", "is_addressed", "heard"),
    [
        pytest.param("among ourselves", False, "among ourselves", id="to others"),
        pytest.param("/plan", True, "/plan", id="a command"),
        pytest.param("/plan@mentorBOT now", True, "/plan now", id="a command by name"),
        pytest.param("/plan@MentorBot，谢谢", True, "/plan，谢谢", id="Chinese behind a name"),
        pytest.param("/plan@OtherBot", False, "/plan@OtherBot", id="another bot's command"),
        pytest.param("and/or", False, "and/or", id="no command"),
        pytest.param("你怎么看 @MentorBot", True, "你怎么看", id="a mention"),
        pytest.param("@mentorbot 你好", True, "你好", id="a mention first"),
        pytest.param("hey @MentorBot look", True, "hey look", id="a mention between"),
        pytest.param("ana@MentorBot.org", False, "ana@MentorBot.org", id="a mail address"),
        pytest.param("@MentorBot2 hi", False, "@MentorBot2 hi", id="a longer name"),
    ],
)
def test_in_a_group_only_what_is_meant_for_the_mentor_is_addressed(
    text: str,
    is_addressed: bool,  # noqa: FBT001 (a parameter of the table)
    heard: str,
) -> None:
    event = read(message=in_group(text))

    assert event.did is Did.SAID
    assert (event.is_addressed, event.text) == (is_addressed, heard)


def test_a_reply_to_the_mentor_is_addressed_and_one_to_others_is_not() -> None:
    ours = in_group("任务来了") | {"from": {"id": BOT_ID, "is_bot": True, "first_name": "M"}}

    assert read(message=in_group("done", reply_to_message=ours)).is_addressed
    assert not read(message=in_group("done", reply_to_message=in_group("x"))).is_addressed


def test_a_picture_in_a_group_is_addressed_by_its_caption() -> None:
    assert read(message=in_group(photo=[FILE], caption="@MentorBot?")).is_addressed
    assert not read(message=in_group(photo=[FILE])).is_addressed


def marked(text: str, *marks: tuple[str, str], **more: object) -> Json:
    """Ana's text with entities: of which type, on which words of it."""
    entities = [
        {
            "type": kind,
            "offset": utf16_units(text[: text.index(words)]),
            "length": utf16_units(words),
            **more,
        }
        for kind, words in marks
    ]
    return private(text, entities=entities)


QUOTED_CODE = [("blockquote", "see x = 1 there"), ("pre", "x = 1")]


@pytest.mark.parametrize(
    ("message", "heard"),
    [
        pytest.param(
            marked("why?\nx = 1\nthanks", ("pre", "x = 1"), language="python"),
            "why?\n```python\nx = 1\n```\nthanks",
            id="code with its language",
        ),
        pytest.param(marked("x = 1", ("pre", "x = 1")), "```\nx = 1\n```", id="only code"),
        pytest.param(
            marked("🎓🎓 so: x = 1\n  y\nthen", ("pre", "x = 1\n  y\n")),
            "🎓🎓 so: \n```\nx = 1\n  y\n```\nthen",
            id="code behind words",
        ),
        pytest.param(
            marked("```\n/reset", ("pre", "```\n/reset")),
            "~~~\n```\n/reset\n~~~",
            id="code that holds a fence",
        ),
        pytest.param(
            marked("`` ```` ~~~ x", ("pre", "x")), "`` ```` ~~~ \n~~~~\nx\n~~~~", id="typed fences"
        ),
        pytest.param(marked("`` x", ("pre", "x")), "`` \n```\nx\n```", id="no fence yet"),
        pytest.param(
            marked("x = 1", ("pre", "x = 1"), language="```\n/reset"),
            "```\nx = 1\n```",
            id="a language that is none",
        ),
        pytest.param(
            marked("他说：\n一\n\n二\n对吗？", ("blockquote", "一\n\n二")),
            "他说：\n> 一\n> \n> 二\n对吗？",
            id="a quote",
        ),
        pytest.param(
            marked("一二 right?", ("expandable_blockquote", "一二")),
            "> 一二\n right?",
            id="a long quote with words behind it",
        ),
        pytest.param(
            marked("Look: see x = 1 there", *QUOTED_CODE),
            "Look: \n> see \n> ```\n> x = 1\n> ```\n>  there",
            id="code in a quote",
        ),
        pytest.param(
            marked("abcd", ("pre", "bc"), ("pre", "cd")),
            "a\n```\nbc\n```\n```\nd\n```",
            id="code that overlaps code",
        ),
    ],
)
def test_code_and_quotes_are_heard_with_their_signs(message: Json, heard: str) -> None:
    assert read(message=message).text == heard


def entity(**fields: object) -> Json:
    return {"type": "pre", "offset": 0, "length": 5} | fields


@pytest.mark.parametrize(
    "entities",
    [
        pytest.param([entity(type="code")], id="a word of code"),
        pytest.param([entity(type="bot_command")], id="a command"),
        pytest.param([entity(type="bold"), entity(type=["pre"])], id="other styles"),
        pytest.param([entity(offset=7), entity(offset=10**400)], id="behind the text"),
        pytest.param([entity(offset=-3), entity(length=0), entity(length=-1)], id="no place"),
        pytest.param([entity(offset=1.5), entity(length="5"), entity(offset=True)], id="no number"),
        pytest.param([None, 7, "pre", [], {}, {"type": "pre"}], id="no entities"),
        pytest.param({"type": "pre"}, id="no list"),
    ],
)
def test_words_without_code_and_quotes_are_heard_as_they_are(entities: object) -> None:
    assert read(message=private("/done 2", entities=entities)).text == "/done 2"


def test_a_quote_that_ends_behind_the_text_ends_with_it() -> None:
    beyond = entity(type="blockquote", offset=3, length=99)

    assert read(message=private("he\nsaid", entities=[beyond])).text == "he\n> said"


def test_code_below_a_picture_is_heard_with_its_signs() -> None:
    picture = private(photo=[FILE], caption="why\nx = 1", caption_entities=[entity(offset=4)])

    assert read(message=picture).text == "why\n```\nx = 1\n```"


def test_in_a_group_a_quote_behind_the_mentors_name_is_no_command() -> None:
    text = "@MentorBot /reset"
    event = read(message=in_group(text, entities=[entity(type="blockquote", offset=11, length=6)]))

    assert event.is_addressed
    assert event.text == "> /reset"


def test_what_is_replied_to_is_not_among_the_words() -> None:
    message = private("why?", reply_to_message=private("x"), quote={"text": "x", "position": 0})

    assert read(message=message).text == "why?"


@pytest.mark.parametrize(
    ("fields", "is_forwarded"),
    [
        pytest.param({"forward_origin": {"type": "hidden_user"}}, True, id="forwarded"),
        pytest.param({"via_bot": ROBOT}, True, id="written by another bot"),
        pytest.param({}, False, id="their own"),
    ],
)
def test_words_that_others_wrote_are_passed_on(
    fields: Json,
    is_forwarded: bool,  # noqa: FBT001 (a parameter of the table)
) -> None:
    assert read(message=private("/plan", **fields)).is_forwarded is is_forwarded


PLACES = st.integers(0, 14)
ENTITIES = st.lists(
    st.builds(
        entity,
        type=st.sampled_from(["pre", "blockquote", "expandable_blockquote", "code"]),
        offset=PLACES,
        length=PLACES,
    ),
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(st.text("ab字🎓\n", max_size=12), ENTITIES)
def test_code_and_quotes_lose_no_letter_and_are_not_the_learners_own(
    text: str, entities: list[Json]
) -> None:
    """Half a character belongs to nobody's code: its end must be inside."""
    heard = read(message=private(text, entities=entities)).text
    others = [one for one in entities if one["type"] != "code"]
    ends = [utf16_units(text[:number]) for number in range(1, len(text) + 1)]
    own = [
        char
        for char, end in zip(text, ends, strict=True)
        if not any(one["offset"] < end <= one["offset"] + one["length"] for one in others)
    ]

    assert re.sub("[`>]", "", seen(heard)) == seen(text)
    assert seen(own_words(heard)) == seen("".join(own))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "`", "```", "~~~", "> ", "\n", " "]), max_size=8),
    st.sampled_from(["pre", "blockquote"]),
)
def test_signs_that_a_person_types_make_nobody_elses_words_their_own(
    typed: list[str], kind: str
) -> None:
    message = marked("".join([*typed, "/reset"]), (kind, "/reset"))

    assert "/reset" not in own_words(read(message=message).text)


def test_a_thread_of_replies_is_no_topic() -> None:
    assert read(message=in_group("/plan", message_thread_id=5)).address == f"telegram:{GROUP}"


def test_an_unreadable_update_is_told_by_place_and_not_by_content() -> None:
    with pytest.raises(UnreadableEventError) as unreadable:
        read(message=private("secret") | {"chat": {"id": "secret", "type": "private"}})
    assert str(unreadable.value) == "update.message.chat.id: Input should be a valid integer"


CHARACTERS = st.characters(categories=["L", "N", "P", "S", "Z", "C", "Cs"])
TEXTS = st.text(CHARACTERS, max_size=20)
NUMBERS = st.integers() | st.sampled_from([0, -1, 2**31, 2**63 - 1, 2**63, 10**400])
LEAVES = st.none() | st.booleans() | NUMBERS | st.floats() | TEXTS
ANY_JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)
SAMPLES: list[Json] = [
    {"update_id": 1, "message": private("hello")},
    {"update_id": 1, "message": in_group("/plan", reply_to_message=in_group("x"))},
    {"update_id": 1, "message": in_group("x", message_thread_id=5, is_topic_message=True)},
    {"update_id": 1, "message": private(photo=[FILE], caption="x")},
    {"update_id": 1, "message": marked("he said x", ("blockquote", "said x"), ("pre", "x"))},
    {"update_id": 1, "message": in_topic("x")},
    {"update_id": 1, "message": in_group(migrate_to_chat_id=-1001)},
    {"update_id": 1, "callback_query": pressed()},
    {"update_id": 1, "callback_query": pressed(message=in_topic("2 + 2?"))},
    {
        "update_id": 1,
        "my_chat_member": private() | {"new_chat_member": {"status": "kicked", "user": ROBOT}},
    },
]


@st.composite
def broken_updates(draw: st.DrawFn) -> Any:
    """A real update with one part, at any depth, replaced by something else or taken away."""
    update = json.loads(json.dumps(draw(st.sampled_from(SAMPLES))))
    place = update
    while True:
        key = draw(st.sampled_from(sorted(place)))
        if isinstance(place[key], dict) and place[key] and draw(st.booleans()):
            place = place[key]
            continue
        if draw(st.booleans()):
            place[key] = draw(ANY_JSON)
        else:
            del place[key]
        return update


def check_that_it_reads_or_refuses(raw: str) -> None:
    try:
        event = read_update(raw, BOT_ID, "MentorBot")
    except UnreadableEventError:
        return
    for text in (event.text, event.person, event.press, event.language or "", event.name):
        text.encode()
    for address in (event.address, event.group, event.parent):
        if address:
            chat_of(address)


@settings(max_examples=200, deadline=None)
@given(ANY_JSON)
def test_reading_any_json_gives_an_event_or_says_that_it_cannot(found: Any) -> None:
    check_that_it_reads_or_refuses(json.dumps(found))
    check_that_it_reads_or_refuses(json.dumps({"update_id": 1, "message": found}))
    lane_of(found if isinstance(found, dict) else {"message": found})


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(broken_updates())
def test_reading_a_broken_update_gives_an_event_or_says_that_it_cannot(update: Any) -> None:
    check_that_it_reads_or_refuses(json.dumps(update))
    lane_of(update)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="nothing"),
        pytest.param("{", id="half"),
        pytest.param("[" * 100_000, id="nested"),
        pytest.param('{"update_id": ' + "9" * 5000 + "}", id="a number of 5000 digits"),
        pytest.param("\ud83d", id="half a pair"),
    ],
)
def test_what_is_no_json_is_unreadable(raw: str) -> None:
    with pytest.raises(UnreadableEventError):
        read_update(raw, BOT_ID, "MentorBot")


@pytest.mark.parametrize("update", SAMPLES)
def test_the_lane_of_an_update_is_the_address_of_its_event_and_who_pressed(update: Json) -> None:
    event = read_update(json.dumps(update), BOT_ID, "MentorBot")
    own = f"/{event.person}" if event.did is Did.PRESSED and event.group else ""

    assert lane_of(update) == f"{event.address}{own}"


def test_presses_of_different_people_in_a_group_do_not_wait_for_each_other() -> None:
    asked = in_group("2 + 2?")
    lanes = [
        lane_of({"callback_query": pressed(message=asked, **{"from": {"id": id}})})
        for id in (7, 8, 7)
    ]

    assert lanes == [f"telegram:{GROUP}/7", f"telegram:{GROUP}/8", f"telegram:{GROUP}/7"]


# Sending --------------------------------------------------------------------------------------


async def test_a_message_arrives_with_its_style_and_gives_a_receipt(
    server: FakeTelegram, telegram: Telegram
) -> None:
    receipt = await telegram.send(HERE, Message("🎓 今天 **读一篇** `论文` 🚀 _now_"), 1)

    (sent,) = server.sent(ANA)
    assert receipt == f"{ANA}:{sent['message_id']}"
    assert sent["text"] == "🎓 今天 读一篇 论文 🚀 now"
    assert sent["entities"] == [
        {"type": "bold", "offset": 6, "length": 3},
        {"type": "code", "offset": 10, "length": 2},
        {"type": "italic", "offset": 16, "length": 3},
    ]


async def test_nothing_is_parsed_or_previewed_by_telegram(
    server: FakeTelegram, telegram: Telegram
) -> None:
    await telegram.send(HERE, Message("<b>https://example.org</b>"), 1)

    (call,) = server.calls("sendMessage")
    assert "parse_mode" not in call["params"]
    assert call["params"]["link_preview_options"] == {"is_disabled": True}


def test_code_keeps_its_language_and_a_quote_is_a_quote() -> None:
    (part,) = parts_of("> quoted\n\n```python\nprint(1)\n```")

    assert [(one.type, one.language) for one in entities_of(part)] == [
        ("blockquote", None),
        ("pre", "python"),
    ]


@pytest.mark.parametrize(
    ("target", "is_live"),
    [
        pytest.param("https://example.org/a?b=c", True, id="https"),
        pytest.param("http://example.org", True, id="http"),
        pytest.param("tg://resolve?domain=MentorBot", True, id="a chat"),
        pytest.param("tg://user?id=7", False, id="a mention in disguise"),
        pytest.param("file:///etc/passwd", False, id="file"),
        pytest.param("ftp://example.org", False, id="ftp"),
        pytest.param("/relative", False, id="relative"),
        pytest.param("https://", False, id="no host"),
    ],
)
def test_only_a_safe_link_can_be_pressed(target: str, is_live: bool) -> None:  # noqa: FBT001 (a parameter of the table)
    (part,) = parts_of(f"[here]({target})")

    assert [one.url for one in entities_of(part)] == ([target] if is_live else [])
    assert "here" in part.text


@pytest.mark.parametrize("markup", ["", "  \n ", "\u200b", "\x00", "```\n```"])
async def test_an_empty_message_is_three_dots(
    server: FakeTelegram, telegram: Telegram, markup: str
) -> None:
    await telegram.send(HERE, Message(markup), 1)

    assert [one["text"] for one in server.sent(ANA)] == ["…"]


async def test_half_a_character_in_an_answer_does_not_keep_it_back(
    server: FakeTelegram, telegram: Telegram
) -> None:
    await telegram.send(HERE, Message("好\ud83d", ((Button("\ud83d", "/x"),),)), 1)

    assert server.sent(ANA)[0]["text"] == "好\ufffd"


async def test_a_long_message_comes_in_parts_with_the_buttons_under_the_last(
    server: FakeTelegram, telegram: Telegram
) -> None:
    text = "\n".join(f"{n}. 学习🎓" * 40 for n in range(40))
    receipt = await telegram.send(HERE, Message(text, ((Button("好", "/done"),),)), 1)

    sent = server.sent(ANA)
    assert len(sent) > 1
    assert "".join(one["text"] for one in sent) == styled(text).text
    assert [bool(one["buttons"]) for one in sent] == [False] * (len(sent) - 1) + [True]
    assert receipt == f"{ANA}:{sent[-1]['message_id']}"


async def test_more_than_a_hundred_styles_come_in_parts(
    server: FakeTelegram, telegram: Telegram
) -> None:
    await telegram.send(HERE, Message(" ".join(f"**{n}**" for n in range(250))), 1)

    sent = server.sent(ANA)
    assert sum(len(one["entities"]) for one in sent) == 250
    assert max(len(one["entities"]) for one in sent) <= 100


async def test_a_topic_is_answered_in_the_topic(server: FakeTelegram, telegram: Telegram) -> None:
    server.say(ANA, "/plan", GROUP, message_thread_id=5)
    await telegram.send(f"telegram:{GROUP}:5", Message("here"), 1)

    assert server.sent(GROUP)[0]["message_thread_id"] == 5


async def heard(server: FakeTelegram, telegram: Telegram, inbox: Inbox, count: int) -> list[Event]:
    """What so many updates mean, once they have come."""
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: len(inbox.accepted) >= count)
    return [telegram.read(one.raw) for one in inbox.accepted]


async def test_a_message_under_another_answers_it_with_its_first_part(
    server: FakeTelegram, telegram: Telegram
) -> None:
    asked = server.say(ANA, "/plan", GROUP)["message"]["message_id"]
    words = "\n".join(f"line {n} " + "x" * 90 for n in range(60))
    await telegram.send(f"telegram:{GROUP}", Message(words, under=f"{GROUP}:{asked}"), 1)

    assert [one["reply_to"] for one in server.sent(GROUP)] == [asked, None]


async def test_a_message_under_one_that_is_gone_or_of_another_chat_stands_alone(
    server: FakeTelegram, telegram: Telegram
) -> None:
    server.say(ANA, "/plan", GROUP)
    for seq, under in enumerate((f"{GROUP}:99", f"{ANA}:1", "poll:7", "nonsense")):
        await telegram.send(f"telegram:{GROUP}", Message("here", under=under, thread="题"), seq)

    assert [one["reply_to"] for one in server.sent(GROUP)] == [None] * 4


async def test_a_file_may_stand_under_a_message(server: FakeTelegram, telegram: Telegram) -> None:
    asked = server.say(ANA, "/plan", GROUP)["message"]["message_id"]
    file = Attachment("cards.csv", "csv", (("词", "word"),), 0)
    await telegram.send(
        f"telegram:{GROUP}", Message("here", attachment=file, under=f"{GROUP}:{asked}"), 1
    )

    (sent,) = server.sent(GROUP)
    assert (sent["document"]["file_name"], sent["reply_to"]) == ("cards.csv", asked)


def picture() -> Picture:
    canvas = Canvas()
    canvas.paragraph("图 picture", 40)
    return Picture(canvas.svg(), "a picture", png=drawn(canvas.svg()))


async def test_a_picture_has_its_words_below_it_with_the_buttons(
    server: FakeTelegram, telegram: Telegram
) -> None:
    server.say(ANA, "/start")
    keys = ((Button("Go", "/go"),),)

    await telegram.send(HERE, Message("**here**", keys, picture=picture()), 1)

    (sent,) = server.sent(ANA)
    assert (sent["photo"][0]["width"], sent["text"]) == (900, "here")
    assert sent["entities"][0]["type"] == "bold"
    assert [button["text"] for row in sent["buttons"] for button in row] == ["Go"]


async def test_a_picture_stands_above_words_that_are_no_caption(
    server: FakeTelegram, telegram: Telegram
) -> None:
    server.say(ANA, "/start")
    keys = ((Button("Go", "/go"),),)

    await telegram.send(HERE, Message("字" * 1025, keys, picture=picture()), 1)

    first, second = server.sent(ANA)
    assert (bool(first["photo"]), first["text"], first["buttons"]) == (True, "", [])
    assert (second["photo"], second["text"], len(second["buttons"])) == (None, "字" * 1025, 1)


@pytest.mark.parametrize("words", ["here", "字" * 1025])
async def test_words_come_where_a_picture_is_refused(
    server: FakeTelegram, telegram: Telegram, words: str
) -> None:
    server.say(ANA, "/start")
    broken = replace(picture(), png=b"no picture")

    await telegram.send(HERE, Message(words, picture=broken), 1)

    assert [(one["photo"], one["text"]) for one in server.sent(ANA)] == [(None, words)]


async def test_words_in_a_real_topic_answer_nothing_and_are_answered_there(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    topic = server.open_topic(GROUP, "第一章")
    server.say(ANA, "/plan", GROUP, message_thread_id=topic)
    _, said = await heard(server, telegram, inbox, 2)
    await telegram.send(said.address, Message("here", under=said.message), 1)

    assert (said.replied_to, said.parent) == ("", f"telegram:{GROUP}")
    assert server.sent(GROUP)[0]["message_thread_id"] == topic
    assert f"{GROUP}:{server.sent(GROUP)[0]['reply_to']}" == said.message


async def test_a_group_lets_the_mentor_in_moves_and_throws_it_out(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    server.add(-55, ANA)
    server.promote(-55, ANA)
    server.migrate(-55, GROUP, by=ANA)
    server.kick(GROUP, ANA)
    events = await heard(server, telegram, inbox, 6)

    assert [(one.did, one.group) for one in events if one.did is not Did.IGNORED] == [
        (Did.CAME_IN, "telegram:-55"),
        (Did.MOVED, "telegram:-55"),
        (Did.LEFT, f"telegram:{GROUP}"),
    ]
    assert events[3].text == f"telegram:{GROUP}"


async def test_whoever_presses_alone_sees_the_answer_to_a_press(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    server.meet(GROUP)
    await telegram.send(f"telegram:{GROUP}", Message("2 + 2?", ((Button("4", "/a"),),)), 1)
    server.tap(8, server.sent(GROUP)[0], "4")
    (event,) = await heard(server, telegram, inbox, 1)
    await telegram.acknowledge(event, "对 🎓" + "。" * 300)

    (alert,) = server.alerts(8)
    assert alert.startswith("对 🎓。")
    assert utf16_units(alert) == 200
    assert server.alerts(ANA) == []
    assert len(server.sent(GROUP)) == 1


async def test_a_press_that_is_answered_too_late_does_no_harm(
    server: FakeTelegram, telegram: Telegram
) -> None:
    await telegram.acknowledge(read(callback_query=pressed()), "对")
    server.fail("answerCallbackQuery", status=502)
    await telegram.acknowledge(read(callback_query=pressed()), "对")

    assert server.alerts(ANA) == []


@pytest.mark.parametrize(
    ("status", "is_one"),
    [
        ("creator", True),
        ("administrator", True),
        ("member", False),
        ("restricted", False),
        ("left", False),
        ("kicked", False),
    ],
)
async def test_an_administrator_is_told_from_a_member(
    server: FakeTelegram,
    telegram: Telegram,
    status: str,
    is_one: bool,  # noqa: FBT001 (a parameter of the table)
) -> None:
    server.meet(GROUP)
    server.appoint(GROUP, ANA, status)

    assert await telegram.is_administrator(f"telegram:{GROUP}:5", str(ANA)) is is_one


async def test_a_stranger_or_nobody_administrates_nothing(
    server: FakeTelegram, telegram: Telegram
) -> None:
    server.meet(GROUP)
    server.meet(8)
    asked = [
        await telegram.is_administrator(address, person)
        for address in (f"telegram:{GROUP}", HERE)
        for person in ("8", "404", "", "ana", "-7", "٧", "7 or 8")
    ]

    assert not any(asked)
    assert len(server.calls("getChatMember")) == 2


async def test_who_administrates_a_group_without_the_mentor_cannot_be_asked(
    server: FakeTelegram, telegram: Telegram
) -> None:
    server.meet(GROUP)
    server.kick(GROUP, ANA)

    for address in (f"telegram:{GROUP}", "telegram:-404"):
        with pytest.raises(NotSentError):
            await telegram.is_administrator(address, str(ANA))


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_trouble_is_not_taken_for_an_answer_about_an_administrator(
    server: FakeTelegram, telegram: Telegram, status: int
) -> None:
    server.meet(GROUP)
    server.fail("getChatMember", status=status)

    with pytest.raises(NotSentError):
        await telegram.is_administrator(f"telegram:{GROUP}", str(ANA))


async def test_a_button_comes_back_as_the_token_of_its_delivery_and_place(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    rows = ((Button("甲", "/a"), Button("乙", "/b")), (Button("丙", "/c"),))
    await telegram.send(HERE, Message("?", rows), 42)
    press = server.tap(8, server.sent(ANA)[0], "丙")
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: inbox.accepted)
    event = telegram.read(inbox.accepted[0].raw)
    await telegram.acknowledge(event)

    assert (event.did, event.person, event.press) == (Did.PRESSED, "8", press)
    assert read_press_token(event.text) == (42, 2)
    assert server.callbacks[press] == {"callback_query_id": press}


async def test_buttons_that_are_too_many_too_long_or_empty_are_made_to_fit(
    server: FakeTelegram, telegram: Telegram
) -> None:
    row = (*(Button(str(n), "/x") for n in range(9)), Button("字" * 65, "/x"), Button(" ", "/x"))
    await telegram.send(HERE, Message("?", (row, ())), 10**18)

    buttons = server.sent(ANA)[0]["buttons"]
    assert [len(one) for one in buttons] == [8, 3]
    assert [one["text"] for one in buttons[1]] == ["8", "字" * 64, "…"]
    assert [one["callback_data"] for one in buttons[1]] == [f"{10**18}.{n}" for n in (8, 9, 10)]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param({"status": 429, "retry_after": 9}, RetryLaterError, id="429"),
        pytest.param({"status": 429}, RetryLaterError, id="429 without a number"),
        pytest.param({"status": 403}, GoneError, id="blocked"),
        pytest.param({"status": 400}, GoneError, id="chat not found"),
        pytest.param({"description": "Bad Request: TOPIC_CLOSED"}, GoneError, id="topic closed"),
        pytest.param({"migrate_to_chat_id": -1005}, MovedError, id="moved"),
        pytest.param({"status": 500}, NotSentError, id="500"),
        pytest.param({"status": 502, "description": "Bad Gateway"}, NotSentError, id="502"),
        pytest.param({"description": "Bad Request: wrong"}, RejectedError, id="400"),
        pytest.param({"status": 401, "description": "Unauthorized"}, FatalError, id="401"),
    ],
)
async def test_a_failed_send_says_what_it_means(
    server: FakeTelegram, telegram: Telegram, fault: Json, expected: type[Exception]
) -> None:
    server.fail("sendMessage", **fault)

    with pytest.raises(expected):
        await telegram.send(HERE, Message("hello"), 1)
    assert server.sent(ANA) == []


async def test_a_429_names_how_long_to_wait(server: FakeTelegram, telegram: Telegram) -> None:
    server.fail("sendMessage", status=429, retry_after=9)

    with pytest.raises(RetryLaterError) as refused:
        await telegram.send(HERE, Message("hello"), 1)
    assert refused.value.after == 9


async def test_a_group_that_moved_names_its_new_address(
    server: FakeTelegram, telegram: Telegram
) -> None:
    server.meet(-55)
    server.migrate(-55, GROUP)

    with pytest.raises(MovedError) as moved:
        await telegram.send("telegram:-55", Message("hello"), 1)
    assert moved.value.address == f"telegram:{GROUP}"


async def test_a_learner_who_blocked_the_bot_is_gone_and_has_left(
    server: FakeTelegram, telegram: Telegram, inbox: Inbox
) -> None:
    server.block(ANA)
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: inbox.accepted)

    assert telegram.read(inbox.accepted[0].raw).did is Did.LEFT
    with pytest.raises(GoneError, match="bot was blocked by the user"):
        await telegram.send(HERE, Message("hello"), 1)


def caused(error: TelegramError, cause: Exception | None) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(caused(TimedOut(), httpx.ReadTimeout("")), UnknownOutcomeError, id="silence"),
        pytest.param(caused(TimedOut(), httpx.WriteTimeout("")), UnknownOutcomeError, id="half"),
        pytest.param(caused(TimedOut(), httpx.ConnectTimeout("")), NotSentError, id="no line"),
        pytest.param(caused(TimedOut(), httpx.PoolTimeout("")), NotSentError, id="pool empty"),
        pytest.param(caused(NetworkError(""), httpx.ReadError("")), UnknownOutcomeError, id="cut"),
        pytest.param(caused(NetworkError(""), httpx.ProxyError("")), NotSentError, id="proxy"),
        pytest.param(TelegramError("no JSON"), UnknownOutcomeError, id="unreadable answer"),
    ],
)
def test_only_what_never_left_is_called_not_sent(
    error: TelegramError, expected: type[Exception]
) -> None:
    assert type(meaning_of(error)) is expected


async def test_a_page_of_a_proxy_says_nothing_about_the_learner_or_the_token(
    server: FakeTelegram, telegram: Telegram
) -> None:
    for status in (401, 403, 404, 400):
        server.fail("sendMessage", status=status, description="x")
        server._faults[-1].error, server._faults[-1].html = None, status
        with pytest.raises(NotSentError):
            await telegram.send(HERE, Message("hello"), 1)


async def test_without_a_connection_nothing_was_sent(tmp_path: Path) -> None:
    telegram = make_telegram("http://127.0.0.1:9", tmp_path)

    with pytest.raises(NotSentError):
        await telegram.send(HERE, Message("hello"), 1)
    await telegram.close()
    with pytest.raises(NotSentError):
        await telegram.send(HERE, Message("hello"), 1)


async def test_a_cut_connection_leaves_the_outcome_unknown(
    server: FakeTelegram, telegram: Telegram
) -> None:
    server.drop_after("sendMessage")

    with pytest.raises(UnknownOutcomeError):
        await telegram.send(HERE, Message("hello"), 1)
    assert len(server.sent(ANA)) == 1


async def test_an_answer_that_cannot_be_read_leaves_the_outcome_unknown(tmp_path: Path) -> None:
    async with FakeTelegramThatSays(b'{"ok": true, "result": {"message_id": "1"}}') as server:
        server.meet(ANA)
        telegram = make_telegram(server.root, tmp_path)
        await telegram.open()
        server.is_odd = True

        with pytest.raises(UnknownOutcomeError):
            await telegram.send(HERE, Message("hello"), 1)
        await telegram.close()


@pytest.mark.parametrize("address", ["telegram:", "telegram:x", "discord:7", "telegram:7:x", ""])
async def test_an_address_of_another_kind_is_rejected(telegram: Telegram, address: str) -> None:
    with pytest.raises(RejectedError, match="expected telegram:"):
        await telegram.send(address, Message("hello"), 1)


async def test_refused_styles_fall_back_to_the_bare_words(
    server: FakeTelegram, telegram: Telegram
) -> None:
    server.fail("sendMessage", description="Bad Request: can't parse entities: of tomorrow")
    await telegram.send(HERE, Message("**bold**", ((Button("好", "/x"),),)), 1)

    (sent,) = server.sent(ANA)
    assert (sent["text"], sent["entities"]) == ("bold", [])
    assert sent["buttons"]


async def test_refused_buttons_fall_back_to_the_bare_words(
    server: FakeTelegram, telegram: Telegram
) -> None:
    server.fail("sendMessage", description="Bad Request: BUTTON_DATA_INVALID")
    await telegram.send(HERE, Message("**bold**", ((Button("好", "/x"),),)), 1)

    (sent,) = server.sent(ANA)
    assert (sent["text"], sent["buttons"]) == ("bold", [])


async def test_bare_words_that_are_refused_too_are_rejected(
    server: FakeTelegram, telegram: Telegram
) -> None:
    server.fail("sendMessage", times=2, description="Bad Request: can't parse entities")

    with pytest.raises(RejectedError):
        await telegram.send(HERE, Message("**bold**"), 1)
    assert len(server.calls("sendMessage")) == 2


LONG = Message("\n".join("字" * 999 for _ in range(10)))


@pytest.mark.parametrize("times", [1, 2])
async def test_a_retry_does_not_repeat_the_parts_that_went(
    server: FakeTelegram, telegram: Telegram, times: int
) -> None:
    server.hang("sendMessage", 0, times=times)
    server.fail("sendMessage", status=429, retry_after=1)
    with pytest.raises(RetryLaterError):
        await telegram.send(HERE, LONG, 1)
    await telegram.send(HERE, LONG, 1)

    assert [one["text"] for one in server.sent(ANA)] == [p.text for p in parts_of(LONG.markup)]


async def test_a_finished_delivery_is_not_repeated_by_the_same_process(
    server: FakeTelegram, telegram: Telegram
) -> None:
    receipt = await telegram.send(HERE, Message("hello"), 1)

    assert await telegram.send(HERE, Message("hello"), 1) == receipt
    assert len(server.sent(ANA)) == 1


async def test_another_message_under_the_same_number_is_sent(
    server: FakeTelegram, telegram: Telegram
) -> None:
    await telegram.send(HERE, Message("hello"), 1)
    await telegram.send(HERE, Message("goodbye"), 1)

    assert [one["text"] for one in server.sent(ANA)] == ["hello", "goodbye"]


async def test_only_so_many_deliveries_are_remembered(telegram: Telegram) -> None:
    for seq in range(300):
        telegram._receipts.of(seq, Message("hello"))

    assert len(telegram._receipts._sent) == 256


async def test_a_very_long_message_keeps_to_the_rate_of_its_chat(
    telegram: Telegram, hurry: Hurry
) -> None:
    await telegram.send(HERE, Message("\n".join("字" * 4000 for _ in range(5))), 1)

    assert hurry.naps == [1.0, 1.0]


def seen(text: str) -> str:
    """The characters that leave a mark on the screen."""
    return "".join(char for char in text if char.isprintable() and not char.isspace())


MARKUPS = st.text(
    st.sampled_from("字学🎓🚀a1 \n\n*_`~[]()>#-|\u200b") | CHARACTERS, max_size=300
).map(lambda text: text * (1 + 5000 // (len(text) + 1)))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKUPS)
def test_the_parts_of_a_message_put_together_are_the_whole_text(markup: str) -> None:
    """Splitting loses no letter and exceeds no limit."""
    whole = styled(markup.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    parts = parts_of(markup)

    assert seen("".join(part.text for part in parts)) in {seen(whole.text), "…"}
    for part in parts:
        part.text.encode()
        assert utf16_units(part.text) <= 4096
        entities = entities_of(part)
        assert len(entities) <= 100
        in_utf16 = part.text.encode("utf-16-le")
        for one in entities:
            end = one.offset + one.length
            assert one.length > 0
            assert in_utf16[2 * one.offset : 2 * end].decode("utf-16-le")
            assert end <= utf16_units(part.text)


# Showing --------------------------------------------------------------------------------------


async def test_typing_is_shown(server: FakeTelegram, telegram: Telegram) -> None:
    await telegram.show_busy(HERE)

    assert server.calls("sendChatAction")[0]["params"]["action"] == "typing"


async def test_what_nobody_misses_never_raises(
    server: FakeTelegram, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    await telegram.show_busy("telegram:12345")
    await telegram.acknowledge(read(callback_query=pressed()))
    server.fail("*", times=None, status=429, retry_after=60)
    await telegram.show_busy(HERE)
    await telegram.acknowledge(read(message=private("not a press")))
    await telegram.close()
    await telegram.show_busy(HERE)

    assert warnings_in(caplog) == []
    assert len(server.calls("answerCallbackQuery")) == 1


def frames(server: FakeTelegram) -> list[str]:
    return [str(frame["text"]) for frame in server.drafts[ANA]]


@pytest.fixture
def draft(telegram: Telegram) -> Draft:
    return draft_of(telegram)


def draft_of(telegram: Telegram) -> Draft:
    draft = telegram.draft(HERE)
    assert draft is not None
    return draft


async def test_a_growing_answer_is_shown_by_its_latest_frame(
    server: FakeTelegram, draft: Draft, hurry: Hurry
) -> None:
    for n in range(1, 100):
        await draft.frame("**字**" * n)
        await asyncio.sleep(0)
    await server.wait_for(lambda: server.draft_on_screen(ANA) == "字" * 99)

    assert len(frames(server)) < 10
    assert len({frame["draft_id"] for frame in server.drafts[ANA]}) == 1
    assert all(nap == 0.8 for nap in hurry.naps[1:])


async def test_a_draft_is_plain_and_no_longer_than_a_message(
    server: FakeTelegram, draft: Draft
) -> None:
    await draft.frame("**" + "🎓" * 3000 + "**")
    await server.wait_for(lambda: frames(server))

    assert frames(server) == ["🎓" * 2048]
    assert server.drafts[ANA][0]["entities"] == []


async def test_an_empty_or_unchanged_frame_is_not_shown(server: FakeTelegram, draft: Draft) -> None:
    for text in ("", "\n", "好", "好\n"):
        await draft.frame(text)
        await asyncio.sleep(0.05)

    assert frames(server) == ["好"]


async def test_an_answer_that_is_soon_whole_has_no_frame(
    server: FakeTelegram, draft: Draft
) -> None:
    await draft.frame("thinking")
    await draft.end()
    await asyncio.sleep(0.05)

    assert frames(server) == []


async def test_no_frame_appears_after_the_end(
    server: FakeTelegram, telegram: Telegram, draft: Draft
) -> None:
    server.hang("sendMessageDraft", 0.1)
    await draft.frame("thin")
    await asyncio.sleep(0.02)
    await draft.frame("thinking")
    await draft.end()
    await telegram.send(HERE, Message("thought"), 1)
    await draft.frame("thinking still")
    await asyncio.sleep(0.1)

    assert frames(server) == ["thin"]
    assert server.draft_on_screen(ANA) is None


async def test_an_answer_that_is_sent_late_leaves_the_next_ones_draft_alone(
    server: FakeTelegram, telegram: Telegram, draft: Draft
) -> None:
    await draft.frame("one")
    await server.wait_for(lambda: frames(server) == ["one"])
    await draft.end()
    another = draft_of(telegram)
    await another.frame("two")
    await server.wait_for(lambda: frames(server) == ["one", "two"])
    await telegram.send(HERE, Message("one, whole"), 1)
    await another.frame("two, and more")

    await server.wait_for(lambda: server.draft_on_screen(ANA) == "two, and more")
    assert len({frame["draft_id"] for frame in server.drafts[ANA]}) == 2


async def test_closing_ends_every_draft(
    server: FakeTelegram, telegram: Telegram, draft: Draft
) -> None:
    drafts = [draft, draft_of(telegram)]
    for one in drafts:
        await one.frame("thin")
    await server.wait_for(lambda: len(frames(server)) == 2)
    await telegram.close()
    await telegram.open()
    for one in drafts:
        await one.frame("thinking")
    await asyncio.sleep(0.1)

    assert frames(server) == ["thin", "thin"]


async def test_a_429_makes_frames_rarer_and_three_failures_end_them(
    server: FakeTelegram, draft: Draft, hurry: Hurry
) -> None:
    server.fail("sendMessageDraft", status=429, retry_after=1)
    await draft.frame("one")
    await server.wait_for(lambda: hurry.naps[1:] == [1.6])
    await draft.frame("two")
    await server.wait_for(lambda: frames(server) == ["two"])
    server.fail("sendMessageDraft", times=None, status=500)
    for n in range(6):
        await draft.frame(f"three {n}")
        await asyncio.sleep(0.05)

    assert len(server.calls("sendMessageDraft")) == 4


async def test_a_429_of_a_draft_is_waited_for(
    server: FakeTelegram, draft: Draft, hurry: Hurry
) -> None:
    server.fail("sendMessageDraft", status=429, retry_after=7)
    await draft.frame("one")

    await server.wait_for(lambda: hurry.naps[1:] == [7.0])


def test_a_group_has_no_drafts(telegram: Telegram) -> None:
    assert telegram.draft(f"telegram:{GROUP}") is None


# Secrets --------------------------------------------------------------------------------------


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG, logger="mentor.telegram"):
        yield caplog


async def test_no_log_holds_the_token_or_a_word_that_was_said(
    server: FakeTelegram,
    telegram: Telegram,
    inbox: Inbox,
    everything_logged: pytest.LogCaptureFixture,
) -> None:
    server.fail("getUpdates", times=2, status=500)
    server.fail("sendMessage", description="Bad Request: can't parse entities")
    server.fail("sendChatAction", status=502)
    server.say(ANA, "heard-secret")
    await telegram.show_busy(HERE)
    await telegram.send(HERE, Message("**said-secret**"), 1)
    async with taking_in(telegram, inbox):
        await server.wait_for(lambda: inbox.accepted)

    said = " ".join(
        record.getMessage()
        for record in everything_logged.records
        if record.name == "mentor.telegram" or record.levelno >= logging.WARNING
    )
    assert said
    assert server.token.partition(":")[2] not in said
    assert "secret" not in said
