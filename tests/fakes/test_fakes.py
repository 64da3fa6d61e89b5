"""Proof that the fakes are honest: the real clients of both APIs meet them here."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import openai
import pytest
from aiohttp import web
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputPollOption,
    Message,
    MessageEntity,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import Application, MessageHandler, filters
from telegram.request import HTTPXRequest

from tests.fakes.loopback import Json
from tests.fakes.model import Call, FakeModel, Fault, Reply
from tests.fakes.telegram import FakeTelegram

ANA, BEN, GROUP = 7, 8, -100200300
LOOK_UP = {
    "name": "look_up",
    "description": "Look a word up.",
    "parameters": {"type": "object", "properties": {"word": {"type": "string"}}},
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a proxy, which would carry loopback requests away.

    PTB warns in every RetryAfter unless it is told that `retry_after` may be a timedelta.
    """
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


def connection(read_timeout: float = 5.0) -> HTTPXRequest:
    # Reading the certificates takes longer than most tests, and nothing here is encrypted.
    settings = {"trust_env": False, "verify": False}
    return HTTPXRequest(read_timeout=read_timeout, httpx_kwargs=settings)


def make_bot(server: FakeTelegram, token: str = "", read_timeout: float = 5.0) -> Bot:
    return Bot(
        token or server.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=connection(read_timeout),
        get_updates_request=connection(read_timeout),
    )


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    async with make_bot(telegram) as real:
        yield real


def buttons(*labels: str, data: str = "answer") -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton(label, callback_data=f"{data}:{label}") for label in labels]
    return InlineKeyboardMarkup([row])


async def texts(bot: Bot, offset: int | None = None, wait: int = 0) -> list[str | None]:
    updates = await bot.get_updates(offset=offset, timeout=wait)
    return [update.message.text for update in updates if update.message]


# Updates --------------------------------------------------------------------------------------


async def test_an_update_that_was_not_confirmed_comes_again(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.say(ANA, "你好")

    assert await texts(bot) == await texts(bot) == ["你好"]


async def test_a_confirmed_update_never_comes_again(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.say(ANA, "one")
    second = telegram.say(ANA, "two")["update_id"]

    assert await texts(bot, offset=second) == ["two"]
    assert await texts(bot) == ["two"]
    assert telegram.updates_pending == 1


async def test_a_waiting_poll_returns_as_soon_as_somebody_speaks(
    telegram: FakeTelegram, bot: Bot
) -> None:
    poll = asyncio.create_task(texts(bot, wait=30))
    await telegram.wait_for(lambda: telegram.calls("getUpdates"))
    await asyncio.sleep(0.05)
    telegram.say(ANA, "now")

    assert await asyncio.wait_for(poll, 2) == ["now"]


async def test_a_poll_without_news_ends_empty_after_its_timeout(
    telegram: FakeTelegram, bot: Bot
) -> None:
    assert await texts(bot, wait=1) == []
    (poll,) = telegram.calls("getUpdates")
    assert 0.9 <= poll["finished"] - poll["time"] < 3


async def test_the_older_of_two_pollers_is_told_of_the_conflict(telegram: FakeTelegram) -> None:
    async with make_bot(telegram) as older, make_bot(telegram) as newer:
        first = asyncio.create_task(texts(older, wait=30))
        await telegram.wait_for(lambda: telegram.calls("getUpdates"))
        await asyncio.sleep(0.05)
        second = asyncio.create_task(texts(newer, wait=30))

        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        telegram.say(ANA, "for the newer one")
        assert await second == ["for the newer one"]


async def test_an_offset_far_ahead_confirms_nothing(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.say(ANA, "still here")

    assert await texts(bot, offset=telegram.updates.next_id + 1000) == ["still here"]


async def test_a_negative_offset_keeps_only_the_last_updates(
    telegram: FakeTelegram, bot: Bot
) -> None:
    for word in ("one", "two", "three"):
        telegram.say(ANA, word)

    assert await texts(bot, offset=-1) == ["three"]
    assert telegram.updates_pending == 1


async def test_an_update_is_kept_for_a_day(telegram: FakeTelegram) -> None:
    telegram.say(ANA, "hello?")
    telegram.advance(24 * 3600 - 1)
    assert telegram.updates_pending == 1

    telegram.advance(2)
    assert telegram.updates_pending == 0


async def test_a_kind_the_bot_did_not_ask_for_is_withheld(telegram: FakeTelegram, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    telegram.say(ANA, "not asked for")

    assert telegram.updates_pending == 0
    assert len(telegram.updates.withheld) == 1


async def test_a_malformed_update_is_passed_on_as_it_is(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.push_raw({"message": {"text": 5}})

    with pytest.raises((TypeError, KeyError)):
        await bot.get_updates()


async def test_a_message_of_nobody_is_not_taken_for_the_bots_own(telegram: FakeTelegram) -> None:
    telegram.push_raw({"message": {"message_id": 1, "from": {}, "chat": {"id": ANA}}})

    assert telegram.sent() == []


async def test_a_real_application_starts_answers_and_stops(telegram: FakeTelegram) -> None:
    async def echo(update: Any, _: Any) -> None:
        await update.message.reply_text(f"读到：{update.message.text}")

    application: Any = Application.builder().bot(make_bot(telegram)).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    async with application:
        await application.start()
        await application.updater.start_polling(timeout=1)
        telegram.say(ANA, "你好")
        await telegram.wait_for(lambda: telegram.sent(ANA))
        await application.updater.stop()
        await application.stop()

    assert [message["text"] for message in telegram.sent(ANA)] == ["读到：你好"]
    assert telegram.updates_pending == 0


# Sending --------------------------------------------------------------------------------------


async def test_a_sent_message_is_kept_with_its_entities_and_buttons(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.meet(ANA)
    bold = MessageEntity("bold", offset=2, length=2)
    reply = await bot.send_message(ANA, "🎓学习", entities=[bold], reply_markup=buttons("好"))

    (message,) = telegram.sent(ANA)
    assert message["message_id"] == reply.message_id
    assert message["text"] == "🎓学习"
    assert message["entities"] == [{"type": "bold", "offset": 2, "length": 2}]
    assert message["buttons"] == [[{"text": "好", "callback_data": "answer:好"}]]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        pytest.param({"text": " "}, "Message text is empty", id="blank"),
        pytest.param({"text": "字" * 4097}, "Message is too long", id="too long"),
        pytest.param({"text": "🎓" * 2049}, "Message is too long", id="counted in UTF-16"),
        pytest.param(
            {"text": "x" * 101, "entities": [MessageEntity("bold", at, 1) for at in range(101)]},
            "Entities_too_long",
            id="101 entities",
        ),
        pytest.param(
            {"text": "🌗 moon", "entities": [MessageEntity("code", 1, 2)]},
            "Entity begins in a middle of a utf-16 symbol at byte offset 4",
            id="entity begins in a pair",
        ),
        pytest.param(
            {"text": "a🌗", "entities": [MessageEntity("code", 0, 2)]},
            "Entity beginning at utf-16 offset 0 ends in a middle of a utf-16 symbol",
            id="entity ends in a pair",
        ),
        pytest.param(
            {"text": "abc", "entities": [MessageEntity("code", 1, 3)]},
            "Entity beginning at utf-16 offset 1 ends after the end of the text at utf-16 offset 4",
            id="entity beyond the text",
        ),
        pytest.param(
            {"text": "x", "reply_markup": buttons("字" * 20)}, "Button_data_invalid", id="67 bytes"
        ),
        pytest.param(
            {"text": "x", "reply_markup": InlineKeyboardMarkup([[InlineKeyboardButton("a")]])},
            "text buttons are unallowed",
            id="button without data",
        ),
        pytest.param({"text": "x", "message_thread_id": 5}, "thread not found", id="no such topic"),
        pytest.param({"text": "x", "parse_mode": "HTML"}, "Can't parse entities", id="markup"),
        pytest.param({"text": "x", "reply_to_message_id": 99}, "replied not found", id="no reply"),
    ],
)
async def test_what_telegram_would_refuse_is_refused_in_its_words(
    telegram: FakeTelegram, bot: Bot, arguments: dict[str, Any], reason: str
) -> None:
    telegram.meet(ANA)

    with pytest.raises(BadRequest, match=reason):
        await bot.send_message(ANA, **arguments)
    assert telegram.sent(ANA) == []


async def test_the_longest_text_with_the_most_entities_is_accepted(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.meet(ANA)
    entities = [MessageEntity("bold", at * 2, 2) for at in range(100)]
    await bot.send_message(ANA, "🎓" * 2048, entities=entities)

    assert len(telegram.sent(ANA)[0]["entities"]) == 100


async def test_a_stranger_cannot_be_written_to(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(ANA, "hello")


async def test_a_topic_exists_once_somebody_has_spoken_in_it(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.say(ANA, "/start", GROUP, message_thread_id=5)
    await bot.send_message(GROUP, "here", message_thread_id=5)

    assert telegram.sent(GROUP)[0]["message_thread_id"] == 5


async def test_an_edit_changes_the_message_on_the_screen(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)
    message = await bot.send_message(ANA, "draft", reply_markup=buttons("a"))
    await bot.edit_message_text("final", ANA, message.message_id)

    (shown,) = telegram.sent(ANA)
    assert (shown["text"], shown["buttons"], shown["edited"]) == ("final", [], True)


async def test_an_edit_that_changes_nothing_is_refused(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)
    message = await bot.send_message(ANA, "same", reply_markup=buttons("a"))

    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("same", ANA, message.message_id, reply_markup=buttons("a"))
    await bot.edit_message_reply_markup(ANA, message.message_id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(ANA, message.message_id)


async def test_a_draft_shows_until_a_message_replaces_it(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)
    await bot.send_message_draft(ANA, 1, "think")
    await bot.send_message_draft(ANA, 1, "thinking")
    assert telegram.draft_on_screen(ANA) == "thinking"
    assert [frame["text"] for frame in telegram.drafts[ANA]] == ["think", "thinking"]

    await bot.send_message(ANA, "thought")
    assert telegram.draft_on_screen(ANA) is None


async def test_a_draft_in_a_group_is_refused(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(GROUP)

    with pytest.raises(BadRequest, match="Textdraft_peer_invalid"):
        await bot.send_message_draft(GROUP, 1, "think")


async def test_a_document_travels_both_ways(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.upload(ANA, "homework.py", b"print(1)")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    file = await update.message.document.get_file()
    await bot.send_document(ANA, bytes(await file.download_as_bytearray()), filename="again.py")

    (sent,) = telegram.sent(ANA)
    assert sent["document"]["file_name"] == "again.py"
    assert telegram.files[sent["document"]["file_id"]].content == b"print(1)"


async def test_a_file_of_more_than_20_megabytes_cannot_be_fetched(
    telegram: FakeTelegram, bot: Bot
) -> None:
    update = telegram.upload(ANA, "huge.py", b"small", claimed_size=20 * 2**20 + 1)

    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(update["message"]["document"]["file_id"])


async def test_commands_are_kept_for_each_scope_and_language(
    telegram: FakeTelegram, bot: Bot
) -> None:
    groups = BotCommandScopeAllGroupChats()
    await bot.set_my_commands([BotCommand("plan", "今日计划")], language_code="zh")
    await bot.set_my_commands([BotCommand("quiz", "Quiz")], scope=groups)

    assert [one.description for one in await bot.get_my_commands(language_code="zh")] == [
        "今日计划"
    ]
    assert [one.command for one in await bot.get_my_commands(scope=groups)] == ["quiz"]
    assert await bot.get_my_commands() == ()
    assert set(telegram.commands) == {("default", "zh"), ('{"type": "all_group_chats"}', "")}


async def test_the_small_methods_answer(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)

    assert (await bot.get_me()).username == "MentorBot"
    assert await bot.send_chat_action(ANA, "typing")
    assert await bot.delete_webhook()
    assert await bot.set_my_description("…")
    with pytest.raises(BadRequest, match="Bad webhook"):
        await bot.set_webhook("http://example.org")
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendSmell", {"chat_id": ANA})


async def test_a_webhook_is_given_each_chats_updates_in_order_until_they_are_taken(
    telegram: FakeTelegram, bot: Bot
) -> None:
    taken: list[tuple[str, str]] = []
    under_way: set[str] = set()

    async def take(request: web.Request) -> web.Response:
        update = await request.json()
        who, words = str(update["message"]["chat"]["id"]), update["message"]["text"]
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "a-word"
        assert who not in under_way
        under_way.add(who)
        await asyncio.sleep(0.01)
        under_way.discard(who)
        if (who, words) == (str(ANA), "b") and ("refused", "") not in taken:
            taken.append(("refused", ""))
            return web.Response(status=503)
        taken.append((who, words))
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    telegram.webhook.route = [f"http://127.0.0.1:{runner.addresses[0][1]}/hook"]

    await bot.set_webhook("https://example.org/hook", secret_token="a-word")
    for words in "abc":
        telegram.say(ANA, words)
        telegram.say(BEN, words)
    await telegram.wait_for(lambda: not telegram.updates_pending)
    with pytest.raises(Conflict):
        await bot.get_updates(timeout=0)
    await bot.delete_webhook()
    await runner.cleanup()

    assert [words for who, words in taken if who == str(ANA)] == ["a", "b", "c"]
    assert [words for who, words in taken if who == str(BEN)] == ["a", "b", "c"]
    assert telegram.webhook.answers.count(503) == 1


async def test_a_json_body_is_understood_too(telegram: FakeTelegram) -> None:
    telegram.meet(ANA)
    body = {"chat_id": ANA, "text": "x", "entities": [{"type": "bold", "offset": 0, "length": 1}]}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{telegram.base_url}{telegram.token}/sendMessage", json=body) as answer,
    ):
        assert (await answer.json())["ok"] is True


# Polls ----------------------------------------------------------------------------------------

QUIZ: Json = {
    "question": "2 + 2?",
    "options": ["3", "4"],
    "type": "quiz",
    "is_anonymous": False,
    "correct_option_ids": [1],
}
# The real server names one right option twice, and PTB 22.8 warns of the older name.
named_twice = pytest.mark.filterwarnings(
    "ignore:.*correct_option_id:telegram.warnings.PTBDeprecationWarning"
)


async def send_poll(bot: Bot, chat_id: int = ANA, **fields: object) -> Any:
    """The message as it was answered: PTB sends the request and does not read the poll."""
    return await bot._post("sendPoll", {"chat_id": chat_id, **QUIZ, **fields})


@named_twice
async def test_a_quiz_poll_is_read_by_the_real_client(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)
    bold = MessageEntity("bold", offset=0, length=3)
    message = await bot.send_poll(
        ANA,
        "2 + 2?",
        ["3", InputPollOption("4")],
        is_anonymous=False,
        type="quiz",
        correct_option_ids=(1,),
        explanation="二加二\n得四",
        explanation_entities=[bold],
    )

    poll = message.poll
    assert poll is not None
    assert poll.id.isdigit()
    assert (poll.question, poll.type) == ("2 + 2?", "quiz")
    assert [(option.text, option.voter_count) for option in poll.options] == [("3", 0), ("4", 0)]
    assert poll.correct_option_ids == (1,)
    assert (poll.explanation, poll.explanation_entities) == ("二加二\n得四", (bold,))
    assert (poll.is_anonymous, poll.is_closed, poll.allows_revoting) == (False, False, False)
    assert message.text is None


async def test_a_regular_poll_is_anonymous_and_open_to_second_thoughts_unless_told_otherwise(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.meet(ANA)
    poll = (await bot.send_poll(ANA, "Tea?", ["yes", "no"])).poll

    assert poll is not None
    assert (poll.type, poll.is_anonymous, poll.allows_revoting) == ("regular", True, True)
    assert (poll.correct_option_ids, poll.explanation) == ((), None)


async def test_a_sent_poll_is_listed_with_its_poll_and_without_words(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.meet(ANA)
    answered = await send_poll(bot)

    (message,) = telegram.sent(ANA)
    assert message["poll"] == answered["poll"]
    assert "text" not in answered
    assert message["text"] == ""


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"question": " "}, "Text must be non-empty", id="no question"),
        pytest.param(
            {"question": "问" * 301}, "question length must not exceed 300", id="long question"
        ),
        pytest.param({"options": "["}, "Can't parse options json object", id="not JSON"),
        pytest.param({"options": {"a": 1}}, "Expected an array of inputpolloption", id="no list"),
        pytest.param({"options": [5, 6]}, "inputpolloption to be an object", id="numbers"),
        pytest.param({"options": [{}, "4"]}, "find field .text.", id="option without a text"),
        pytest.param({"options": "[]"}, "at least one answer option", id="no option"),
        pytest.param({"options": ["4"]}, "must have at least 2 option", id="one option"),
        pytest.param(
            {"options": list("abcdefghijklm")}, "have more than 12 options", id="13 options"
        ),
        pytest.param({"options": ["4", "\n"]}, "Text must be non-empty", id="blank option"),
        pytest.param(
            {"options": ["4", "🎓" * 51]}, "options length must not exceed 100", id="long option"
        ),
        pytest.param({"type": "exam"}, "Unsupported poll type specified", id="no such type"),
        pytest.param(
            {"correct_option_ids": None}, "option list must be non-empty", id="no right option"
        ),
        pytest.param(
            {"correct_option_ids": [1, 0]}, "option list must be increasing", id="disordered"
        ),
        pytest.param({"correct_option_ids": [2]}, "Wrong quiz correct_option_id", id="no place"),
        pytest.param({"correct_option_ids": ["1"]}, "must be of type number", id="no number"),
        pytest.param(
            {"correct_option_ids": None, "correct_option_id": -1},
            "Wrong quiz correct_option_id",
            id="no place, by the older name",
        ),
        pytest.param(
            {"explanation": "因" * 201}, "explanation length must not exceed 200", id="lengthy"
        ),
        pytest.param({"explanation": "a\nb\nc\nd"}, "more than 2 line feeds", id="four lines"),
        pytest.param(
            {"explanation": "a", "explanation_parse_mode": "HTML"}, "parse entities", id="markup"
        ),
        pytest.param({"open_period": 60}, "knows no open_period in polls", id="not played here"),
        pytest.param({"message_thread_id": 5}, "thread not found", id="no such topic"),
        pytest.param({"chat_id": 8}, "Chat not found", id="a stranger"),
        pytest.param({"reply_markup": buttons("字" * 20)}, "Button_data_invalid", id="67 bytes"),
    ],
)
async def test_a_poll_telegram_would_refuse_is_refused_in_words(
    telegram: FakeTelegram, bot: Bot, fields: dict[str, Any], reason: str
) -> None:
    telegram.meet(ANA)

    with pytest.raises(BadRequest, match=reason):
        await send_poll(bot, **fields)
    assert telegram.sent(ANA) == []


async def test_the_longest_poll_is_accepted_and_the_older_name_of_the_right_option_too(
    telegram: FakeTelegram,
) -> None:
    telegram.meet(ANA)
    body = {
        "chat_id": ANA,
        "question": "问" * 300,
        "options": [{"text": "选" * 100} for _ in range(12)],
        "type": "quiz",
        "correct_option_id": 11,
        "explanation": "\n\n" + "因" * 198,
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{telegram.base_url}{telegram.token}/sendPoll", json=body) as answer,
    ):
        poll = (await answer.json())["result"]["poll"]

    assert (poll["correct_option_id"], poll["correct_option_ids"]) == (11, [11])


async def test_a_vote_names_the_poll_and_the_voter_but_no_chat(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.say(ANA, "/quiz", GROUP, message_thread_id=5)
    await bot.get_updates(offset=-1, allowed_updates=["poll_answer"])
    sent = await send_poll(bot, GROUP, message_thread_id=5)
    update_id = telegram.vote(ANA, telegram.sent(GROUP)[0], [1])

    (update,) = await bot.get_updates(offset=update_id)
    answer = update.poll_answer
    assert answer is not None
    assert (answer.poll_id, answer.option_ids) == (sent["poll"]["id"], (1,))
    assert answer.option_persistent_ids == (sent["poll"]["options"][1]["persistent_id"],)
    assert answer.user is not None
    assert answer.user.id == ANA
    assert (update.effective_chat, answer.voter_chat) == (None, None)


@named_twice
async def test_every_vote_is_counted_on_the_screen_and_told_as_the_polls_new_state(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.meet(GROUP)
    await send_poll(bot, GROUP)
    for user, place in ((ANA, 1), (8, 0), (9, 1)):
        telegram.vote(user, telegram.sent(GROUP)[0], [place])

    poll = telegram.sent(GROUP)[0]["poll"]
    assert [option["voter_count"] for option in poll["options"]] == [1, 2]
    states = [update.poll for update in await bot.get_updates() if update.poll]
    assert [state.total_voter_count for state in states] == [1, 2, 3]
    assert telegram.votes[poll["id"]] == {ANA: [1], 8: [0], 9: [1]}


async def test_a_vote_the_bot_did_not_ask_for_is_withheld(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)
    await bot.get_updates(allowed_updates=["message"])
    await send_poll(bot)
    telegram.vote(ANA, telegram.sent(ANA)[0], [1])

    assert telegram.updates_pending == 0
    assert [set(one) - {"update_id"} for one in telegram.updates.withheld] == [
        {"poll_answer"},
        {"poll"},
    ]


async def test_a_quiz_is_answered_once(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)
    await send_poll(bot)
    (message,) = telegram.sent(ANA)
    telegram.vote(ANA, message, [0])
    pending = telegram.updates_pending

    with pytest.raises(ValueError, match="Can't revote in a quiz"):
        telegram.vote(ANA, message, [1])
    with pytest.raises(ValueError, match="Can't retract vote"):
        telegram.retract(ANA, message)
    assert telegram.updates_pending == pending
    assert telegram.sent(ANA)[0]["poll"]["options"][0]["voter_count"] == 1


async def test_a_vote_in_a_regular_poll_can_be_taken_back(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)
    await bot.send_poll(ANA, "Tea?", ["yes", "no"], is_anonymous=False)
    (message,) = telegram.sent(ANA)
    telegram.vote(ANA, message, [0])
    update_id = telegram.retract(ANA, message)

    (update, state) = await bot.get_updates(offset=update_id)
    assert update.poll_answer is not None
    assert (update.poll_answer.option_ids, update.poll_answer.option_persistent_ids) == ((), ())
    assert state.poll is not None
    assert state.poll.total_voter_count == 0
    with pytest.raises(ValueError, match="would be what it was"):
        telegram.retract(ANA, message)


@pytest.mark.parametrize(
    ("fields", "places", "reason"),
    [
        pytest.param({"is_anonymous": True}, [1], "poll is anonymous", id="anonymous"),
        pytest.param({"is_closed": True}, [1], "Can't answer closed poll", id="closed"),
        pytest.param({}, [0, 1], "Can't choose more than 1 option", id="two options"),
        pytest.param({}, [2], "Invalid option identifier specified", id="no such option"),
    ],
)
async def test_a_vote_no_client_would_let_one_cast_is_refused(
    telegram: FakeTelegram, bot: Bot, fields: dict[str, Any], places: list[int], reason: str
) -> None:
    telegram.meet(ANA)
    await send_poll(bot, **fields)

    with pytest.raises(ValueError, match=reason):
        telegram.vote(ANA, telegram.sent(ANA)[0], places)
    assert telegram.updates_pending == 0


async def test_nobody_votes_in_a_message_without_a_poll(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)
    await bot.send_message(ANA, "2 + 2?")

    with pytest.raises(LookupError, match="no poll in message"):
        telegram.vote(ANA, telegram.sent(ANA)[0], [0])


@named_twice
async def test_the_buttons_under_a_poll_work(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)
    await send_poll(bot, reply_markup=buttons("跳过"))
    (message,) = telegram.sent(ANA)
    telegram.vote(ANA, message, [1])
    telegram.tap(ANA, telegram.sent(ANA)[0], "跳过")

    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert query.data == "answer:跳过"
    assert isinstance(query.message, Message)
    assert query.message.poll is not None
    assert query.message.poll.total_voter_count == 1
    await query.answer()
    await query.edit_message_reply_markup()
    (shown,) = telegram.sent(ANA)
    assert (shown["buttons"], shown["poll"]["total_voter_count"]) == ([], 1)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("4", ANA, message["message_id"])


async def test_a_stopped_poll_takes_no_votes_and_loses_its_buttons(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.meet(ANA)
    sent = await bot.send_poll(
        ANA, "Tea?", ["yes", "no"], is_anonymous=False, reply_markup=buttons("skip")
    )
    words = await bot.send_message(ANA, "no poll")
    stopped = await bot.stop_poll(ANA, sent.message_id)

    assert stopped.is_closed
    assert telegram.sent(ANA)[0]["buttons"] == []
    (update,) = await bot.get_updates()
    assert update.poll == stopped
    with pytest.raises(ValueError, match="Can't answer closed poll"):
        telegram.vote(ANA, telegram.sent(ANA)[0], [0])
    for id, reason in (
        (sent.message_id, "Poll has already been closed"),
        (words.message_id, "Message is not a poll"),
        (99, "Message with poll to stop not found"),
    ):
        with pytest.raises(BadRequest, match=reason):
            await bot.stop_poll(ANA, id)


async def test_a_poll_counts_against_the_rates_as_a_message_does() -> None:
    async with FakeTelegram(clock=lambda: 1_800_000_000.0) as telegram, make_bot(telegram) as bot:
        telegram.enforce_rates()
        telegram.meet(ANA)
        await bot.send_message(ANA, "hello")

        with pytest.raises(RetryAfter):
            await send_poll(bot)
        telegram.advance(1)
        await send_poll(bot)
        with pytest.raises(RetryAfter):
            await bot.send_message(ANA, "one too many")


async def test_a_poll_suffers_the_faults_of_sending(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)
    telegram.fail("send*", status=429, retry_after=3)
    telegram.drop_before("sendPoll")
    telegram.drop_after("sendPoll")

    with pytest.raises(RetryAfter):
        await send_poll(bot)
    with pytest.raises(NetworkError):
        await send_poll(bot)
    assert telegram.sent(ANA) == []
    with pytest.raises(NetworkError):
        await send_poll(bot)
    assert len(telegram.sent(ANA)) == 1
    telegram.block(ANA)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await send_poll(bot)


# People ---------------------------------------------------------------------------------------


async def test_a_tap_reaches_the_bot_and_is_answered_once(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)
    await bot.send_message(ANA, "2 + 2?", reply_markup=buttons("3", "4"))
    telegram.tap(ANA, telegram.sent(ANA)[0], "4")

    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("answer:4", ANA)
    assert isinstance(query.message, Message)
    assert query.message.text == "2 + 2?"
    await query.answer("对")
    assert telegram.callbacks[query.id] == {"callback_query_id": query.id, "text": "对"}
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer()


async def test_an_alert_is_seen_by_whoever_pressed(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(GROUP)
    await bot.send_message(GROUP, "2 + 2?", reply_markup=buttons("3", "4"))
    presses = [telegram.tap(person, telegram.sent(GROUP)[0], "4") for person in (ANA, 8, 8)]
    await bot.answer_callback_query(presses[0])
    await bot.answer_callback_query(presses[1], "goes by")
    await bot.answer_callback_query(presses[2], "对", show_alert=True)

    assert (telegram.alerts(ANA), telegram.alerts(8)) == ([], ["对"])


async def test_a_member_has_the_standing_it_was_given(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.say(ANA, "/plan", GROUP)
    telegram.appoint(GROUP, 8, "creator")
    telegram.say(9, "/plan", -55)

    standing = [(await bot.get_chat_member(GROUP, one)).status for one in (ANA, 8, 9)]
    assert standing == ["member", "creator", "left"]
    with pytest.raises(BadRequest, match="Participant_id_invalid"):
        await bot.get_chat_member(GROUP, 404)


async def test_words_in_a_topic_answer_its_first_message(telegram: FakeTelegram, bot: Bot) -> None:
    topic = telegram.open_topic(GROUP, "第一章", by=ANA)
    telegram.say(ANA, "/plan", GROUP, message_thread_id=topic)
    sent = await bot.send_message(GROUP, "here", message_thread_id=topic)

    first, said = [update.message for update in await bot.get_updates()]
    assert first is not None
    assert said is not None
    for message in (said, sent):
        assert message.is_topic_message
        assert message.reply_to_message is not None
        assert message.reply_to_message.forum_topic_created == first.forum_topic_created
    assert telegram.sent(GROUP)[0]["reply_to"] is None


async def test_a_group_lets_the_bot_in_and_promotes_it(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.add(GROUP, ANA, title="学习")
    telegram.promote(GROUP, ANA)

    added, joined, promoted = await bot.get_updates()
    changes = [
        (one.my_chat_member.old_chat_member.status, one.my_chat_member.new_chat_member.status)
        for one in (added, promoted)
        if one.my_chat_member
    ]
    assert changes == [("left", "member"), ("member", "administrator")]
    assert joined.message is not None
    assert [one.username for one in joined.message.new_chat_members] == ["MentorBot"]
    assert (await bot.send_message(GROUP, "hello")).chat.title == "学习"


async def test_a_tap_on_a_missing_button_names_those_there_are(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.meet(ANA)
    await bot.send_message(ANA, "2 + 2?", reply_markup=buttons("3", "4"))

    with pytest.raises(LookupError, match=r"\['3', '4'\]"):
        telegram.tap(ANA, telegram.sent(ANA)[0], "5")


async def test_a_forged_tap_may_carry_any_data(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(ANA)
    await bot.send_message(ANA, "2 + 2?", reply_markup=buttons("4"))
    telegram.tap(ANA, telegram.sent(ANA)[0], "4", data="delete everything")

    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "delete everything"


async def test_privacy_mode_shows_only_what_is_meant_for_the_bot(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.meet(GROUP)
    await bot.send_message(GROUP, "任务来了")
    telegram.say(ANA, "among ourselves", GROUP)
    telegram.say(ANA, "/plan", GROUP)
    telegram.say(ANA, "/plan@OtherBot", GROUP)
    telegram.say(ANA, "你怎么看 @MentorBot", GROUP)
    telegram.say(ANA, "done", GROUP, reply_to_message=telegram.sent(GROUP)[0])

    assert await texts(bot) == ["/plan", "你怎么看 @MentorBot", "done"]


async def test_a_command_is_marked_in_utf_16(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.say(ANA, "🎓 /plan now")

    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.parse_entities() == {MessageEntity("bot_command", 3, 5): "/plan"}


async def test_a_person_who_blocks_the_bot_is_closed_to_it(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.block(ANA)

    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ANA, "hello")
    (update,) = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"


async def test_a_group_that_moved_names_its_new_id(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.meet(-55)
    telegram.migrate(-55, GROUP)

    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-55, "hello")
    assert moved.value.new_chat_id == GROUP
    await bot.send_message(GROUP, "hello")
    old, new = await bot.get_updates()
    assert old.message is not None
    assert new.message is not None
    assert (old.message.migrate_to_chat_id, new.message.migrate_from_chat_id) == (GROUP, -55)


# Faults ---------------------------------------------------------------------------------------


async def test_a_scripted_429_names_the_seconds_and_then_passes(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.meet(ANA)
    telegram.fail("sendMessage", times=1, status=429, retry_after=3)

    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(ANA, "hello")
    assert refused.value.retry_after == timedelta(seconds=3)
    await bot.send_message(ANA, "hello")
    assert [call["scripted"] for call in telegram.calls("sendMessage")] == [True, False]


async def test_a_fault_for_one_chat_leaves_the_others_alone(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.meet(ANA)
    telegram.meet(8)
    telegram.fail("send*", times=None, status=403, chat_id=ANA)

    with pytest.raises(Forbidden):
        await bot.send_message(ANA, "hello")
    await bot.send_message(8, "hello")
    telegram.heal()
    await bot.send_message(ANA, "hello")


@pytest.mark.parametrize(
    ("kind", "times", "seconds"),
    [
        pytest.param("private", 1, 1, id="one a second in private"),
        pytest.param("group", 20, 60, id="twenty a minute in a group"),
        pytest.param("everybody", 30, 1, id="thirty a second overall"),
    ],
)
async def test_the_rates_of_telegram_are_enforced_when_asked(
    kind: str, times: int, seconds: int
) -> None:
    chats = {"private": [ANA] * 31, "group": [GROUP] * 31, "everybody": list(range(1, 32))}[kind]
    # The clock stands still, else the seconds would go by while we send.
    async with FakeTelegram(clock=lambda: 1_800_000_000.0) as telegram, make_bot(telegram) as bot:
        telegram.enforce_rates()
        for chat in chats:
            telegram.meet(chat)
        for chat in chats[:times]:
            await bot.send_message(chat, "hello")

        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(chats[times], "one too many")
        assert refused.value.retry_after == timedelta(seconds=seconds)
        telegram.advance(seconds)
        await bot.send_message(chats[times], "now it goes")


async def test_a_gateway_error_is_a_page_and_not_json(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.fail("getMe", status=502)

    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.get_me()


async def test_a_message_may_arrive_although_the_connection_was_cut(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.meet(ANA)
    telegram.drop_after("sendMessage")

    with pytest.raises(NetworkError):
        await bot.send_message(ANA, "hello")
    assert len(telegram.sent(ANA)) == 1
    assert telegram.history[-1]["outcome"] == "done, then cut"


async def test_a_connection_cut_before_the_work_leaves_nothing_behind(
    telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.meet(ANA)
    telegram.drop_before("sendMessage")

    with pytest.raises(NetworkError):
        await bot.send_message(ANA, "hello")
    assert telegram.sent(ANA) == []


async def test_a_server_that_hangs_still_does_the_work_later(telegram: FakeTelegram) -> None:
    telegram.meet(ANA)
    telegram.hang("sendMessage", 0.4)
    async with make_bot(telegram, read_timeout=0.1) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(ANA, "hello")
        assert telegram.sent(ANA) == []
        await telegram.wait_for(lambda: telegram.sent(ANA))

    assert telegram.calls("sendMessage")[0]["reached"] is False


async def test_latency_delays_every_call(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.latency = 0.2
    await bot.get_me()

    assert telegram.history[-1]["finished"] - telegram.history[-1]["time"] >= 0.19


async def test_another_token_is_not_served(telegram: FakeTelegram) -> None:
    stranger = make_bot(telegram, token="5:wrong")

    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


# The model ------------------------------------------------------------------------------------


@pytest.fixture
async def model() -> AsyncIterator[FakeModel]:
    async with FakeModel() as server:
        yield server


@pytest.fixture
async def chat(model: FakeModel) -> AsyncIterator[Callable[..., ChatOpenAI]]:
    async with openai.DefaultAsyncHttpxClient(trust_env=False, verify=False) as client:

        def make(**settings: Any) -> ChatOpenAI:
            return ChatOpenAI(
                model="fake",
                base_url=model.url,
                api_key=SecretStr("sk-test"),
                http_async_client=client,
                **{"max_retries": 0, "timeout": 5, "use_responses_api": False} | settings,
            )

        yield make


Chat = Callable[..., ChatOpenAI]


async def test_the_script_is_spoken_in_order_and_then_the_model_echoes(
    model: FakeModel, chat: Chat
) -> None:
    model.say("first", "second")
    answers = [await chat().ainvoke("你好") for _ in range(3)]

    assert [one.text for one in answers] == ["first", "second", "You said: 你好"]
    assert model.requests[0]["messages"] == [{"role": "user", "content": "你好"}]


async def test_a_stream_comes_in_pieces_and_ends_with_the_usage(
    model: FakeModel, chat: Chat
) -> None:
    model.say("一二三四五六七八九十")
    pieces = [piece async for piece in chat(stream_usage=True).astream("数")]

    assert "".join(piece.text for piece in pieces) == "一二三四五六七八九十"
    assert [piece.text for piece in pieces if piece.text] == ["一二三四五六", "七八九十"]
    assert any(piece.usage_metadata for piece in pieces)


@pytest.mark.parametrize("streaming", [False, True])
async def test_tools_are_called_in_parallel(model: FakeModel, chat: Chat, streaming: bool) -> None:  # noqa: FBT001 (a parameter of the table)
    model.call(Call("look_up", {"word": "梯度"}), Call("look_up", {"word": "loss"}), text="查一下")
    tutor = chat(streaming=streaming).bind_tools([LOOK_UP])
    answer = await tutor.ainvoke("?")

    assert [call["args"] for call in answer.tool_calls] == [{"word": "梯度"}, {"word": "loss"}]
    assert len({call["id"] for call in answer.tool_calls}) == 2
    assert answer.text == "查一下"


async def test_answered_tool_calls_are_accepted(model: FakeModel, chat: Chat) -> None:
    model.call(Call("look_up", {"word": "loss"}))
    question = HumanMessage("?")
    asked = await chat().bind_tools([LOOK_UP]).ainvoke([question])
    found = ToolMessage("损失", tool_call_id=asked.tool_calls[0]["id"])
    answer = await chat().ainvoke([question, asked, found])

    assert answer.text == "You said: ?"


ASKED = AIMessage("", tool_calls=[{"name": "look_up", "args": {}, "id": "call_9"}])


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        pytest.param([ASKED], "did not have response messages: call_9", id="at the end"),
        pytest.param([ASKED, HumanMessage("?")], "messages: call_9", id="something in between"),
        pytest.param(
            [HumanMessage("?"), ToolMessage("x", tool_call_id="call_9")],
            "must be a response to a preceeding message",
            id="an answer without a call",
        ),
        pytest.param(
            [ASKED, *[ToolMessage("x", tool_call_id="call_9")] * 2],
            "must be a response to a preceeding message",
            id="answered twice",
        ),
    ],
)
async def test_unpaired_tool_calls_are_refused_and_use_up_nothing(
    model: FakeModel, chat: Chat, history: list[Any], reason: str
) -> None:
    model.say("kept")

    with pytest.raises(openai.BadRequestError, match=reason):
        await chat().ainvoke(history)
    assert model.steps_left == 1


async def test_a_429_passes_after_so_many_times(model: FakeModel, chat: Chat) -> None:
    model.fail("429", times=2, retry_after=0.01)
    answer = await chat(max_retries=2).ainvoke("hello")

    assert answer.text == "You said: hello"
    assert [entry["outcome"] for entry in model.history] == ["429", "429", "ok"]


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        (Fault.UNAUTHORIZED, openai.AuthenticationError, "invalid_api_key"),
        (Fault.NOT_FOUND, openai.NotFoundError, "model_not_found"),
        (Fault.RATE_LIMITED, openai.RateLimitError, "rate_limit_exceeded"),
        (Fault.SERVER_ERROR, openai.InternalServerError, None),
        (Fault.UNAVAILABLE, openai.InternalServerError, None),
        (Fault.CONTEXT_TOO_LONG, openai.BadRequestError, "context_length_exceeded"),
    ],
)
async def test_a_refusal_has_the_status_and_code_of_the_real_api(
    model: FakeModel,
    chat: Chat,
    fault: Fault,
    error: type[openai.APIStatusError],
    code: str | None,
    streaming: bool,  # noqa: FBT001 (a parameter of the table)
) -> None:
    model.fail(fault)

    with pytest.raises(error) as refused:
        await chat(streaming=streaming).ainvoke("hello")
    assert refused.value.code == code


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize(
    "fault", [Fault.HANG, Fault.STALL, Fault.CUT, Fault.HTML, Fault.BROKEN_JSON]
)
async def test_a_broken_answer_is_an_error_at_the_client(
    model: FakeModel,
    chat: Chat,
    fault: Fault,
    streaming: bool,  # noqa: FBT001 (a parameter of the table)
) -> None:
    model.fail(fault)

    with pytest.raises((openai.OpenAIError, ValueError, AttributeError)):
        await asyncio.wait_for(chat(streaming=streaming, timeout=0.3).ainvoke("hello"), 5)


async def test_a_cut_stream_has_begun(model: FakeModel, chat: Chat) -> None:
    model.fail("cut")
    pieces: list[str] = []

    async def read() -> None:
        async for piece in chat().astream("a long question"):
            pieces.append(piece.text)  # noqa: PERF401 (what came before the cut must be kept)

    with pytest.raises(openai.APIConnectionError):
        await read()
    assert "You said: a long question".startswith("".join(pieces))
    assert "".join(pieces)


async def test_malformed_arguments_arrive_as_an_invalid_call(model: FakeModel, chat: Chat) -> None:
    model.fail("malformed_arguments")
    answer = await chat().bind_tools([LOOK_UP]).ainvoke("?")

    assert answer.tool_calls == []
    assert answer.invalid_tool_calls[0]["name"] == "look_up"


async def test_a_loop_calls_a_tool_until_healed(model: FakeModel, chat: Chat) -> None:
    model.fail("loop", times=None)
    tutor = chat().bind_tools([LOOK_UP])
    asked = [(await tutor.ainvoke("?")).tool_calls for _ in range(3)]
    model.heal()

    assert [calls[0]["name"] for calls in asked] == ["look_up"] * 3
    assert (await tutor.ainvoke("?")).tool_calls == []


async def test_an_unknown_tool_may_be_called(model: FakeModel, chat: Chat) -> None:
    model.fail("unknown_tool")
    answer = await chat().bind_tools([LOOK_UP]).ainvoke("?")

    assert answer.tool_calls[0]["name"] == "no_such_tool"


async def test_an_answer_may_have_no_choices(model: FakeModel, chat: Chat) -> None:
    model.fail("empty_choices")
    client = chat().root_async_client
    hello: Any = [{"role": "user", "content": "hello"}]
    answer = await client.chat.completions.create(model="fake", messages=hello)

    assert answer.choices == []


async def test_an_answer_may_be_huge(model: FakeModel) -> None:
    model.fail("huge")
    body = {"model": "fake", "messages": [{"role": "user", "content": "?"}]}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{model.url}/chat/completions", json=body) as answer,
    ):
        assert answer.content_length is not None
        assert answer.content_length > 50 * 2**20


async def test_whoever_follows_a_redirect_is_seen_elsewhere(model: FakeModel, chat: Chat) -> None:
    model.fail("redirect")
    await chat().ainvoke("secret")

    assert model.elsewhere[0]["body"]["messages"][0]["content"] == "secret"


async def test_a_captured_model_answers_from_the_request(model: FakeModel, chat: Chat) -> None:
    model.answer = lambda body: Reply(body["messages"][-1]["content"].upper())

    assert (await chat().ainvoke("obey")).text == "OBEY"


# Both, as processes ---------------------------------------------------------------------------


async def test_both_fakes_run_as_processes_of_their_own() -> None:
    await asyncio.gather(
        _with_process("tests.fakes.telegram", _talk_to_telegram, "--token", "5:abc"),
        _with_process("tests.fakes.model", _talk_to_model),
    )


async def _with_process(
    module: str, talk: Callable[[str], Awaitable[None]], *arguments: str
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", module, *arguments),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        await talk((await process.stdout.readline()).decode().strip())
    finally:
        process.terminate()
        await process.communicate()
    assert process.returncode == 0


async def _talk_to_telegram(url: str) -> None:
    async with aiohttp.ClientSession(url) as session:

        async def control(name: str, **arguments: object) -> Any:
            async with session.post(f"/control/{name}", json=arguments) as answer:
                return (await answer.json())["result"]

        await control("say", user_id=ANA, text="/start")
        async with Bot("5:abc", base_url=f"{url}/bot", request=connection()) as bot:
            assert await texts(bot) == ["/start"]
            await bot.send_message(ANA, "欢迎", reply_markup=buttons("好"))
            await send_poll(bot)
        (message,) = await control("wait_for", chat_id=ANA, contains="欢迎")
        await control("tap", user_id=ANA, message=message, label="好")
        assert await control("updates_pending") == 2
        (poll,) = await control("wait_for", chat_id=ANA, contains="2 + 2?")
        await control("vote", user_id=ANA, message=poll, option_places=[1])
        assert await control("updates_pending") == 4
        assert [one["method"] for one in await control("history")][-1] == "sendPoll"


async def _talk_to_model(url: str) -> None:
    steps: list[Json] = [{"text": "你好"}, {"fault": "500"}]
    body = {"model": "fake", "messages": [{"role": "user", "content": "?"}]}
    async with aiohttp.ClientSession() as session:
        await session.post(f"{url.removesuffix('/v1')}/control/script", json={"steps": steps})
        async with session.post(f"{url}/chat/completions", json=body) as answer:
            assert (await answer.json())["choices"][0]["message"]["content"] == "你好"
        async with session.post(f"{url}/chat/completions", json=body) as answer:
            assert answer.status == 500
        standing = {"text": "再来", "piece": 1}
        await session.post(f"{url.removesuffix('/v1')}/control/set", json=standing)
        async with session.post(f"{url}/chat/completions", json=body) as answer:
            assert (await answer.json())["choices"][0]["message"]["content"] == "再来"
