"""Telegram: long polling that loses nothing, and sending that says what happened."""

import asyncio
import importlib
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit
from weakref import WeakSet

import httpx
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    MessageEntity,
)
from telegram.constants import ChatAction
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, HTTPXRequest, RequestData
from typing_extensions import override

from agent.lines import StraightLines, wants_proxy
from bot.files import bytes_of
from bot.markup import StyledText, styled
from bot.message import Message
from bot.pictures.palette import Theme
from bot.pictures.render import PICTURE
from bot.platforms.configured import Needs
from bot.platforms.pacing import Growing, Pauses, Sleep
from bot.platforms.port import (
    AS_THE_GROUP,
    Budget,
    Draft,
    Event,
    FatalError,
    GoneError,
    Mailbox,
    MovedError,
    NotFetchedError,
    NotSentError,
    RejectedError,
    RetryLaterError,
    SentFile,
    UnknownOutcomeError,
    poll_receipt,
)
from bot.platforms.receipts import Receipts
from bot.platforms.telegram_text import (
    MOST_UNITS,
    address_of,
    answered_in,
    chat_of,
    entities_of,
    keyboard_of,
    lane_of,
    parts_of,
    poll_of,
    read_update,
)
from bot.platforms.token_lock import TokenLock
from bot.platforms.units import cut, is_blank, sound, utf16_units
from bot.settings import Settings, Webhook
from learning.errors import MentorError
from store.errors import StorageBrokenError, StorageFullError
from store.inbox import Arrival

Answer = TypeVar("Answer")

log = logging.getLogger("mentor.telegram")

PUBLIC = "https://api.telegram.org"
ALLOWED_UPDATES = ("message", "callback_query", "poll_answer", "my_chat_member")
SIGNED_BY = "X-Telegram-Bot-Api-Secret-Token"
# Telegram counts updates in 32 bits, and an offset beyond them would confirm nothing for ever.
LARGEST_UPDATE_ID = 2**31 - 1
MOST_CONFLICTS = 5
TRIES_TO_OPEN = 5
STALLS_BEFORE_REBUILDING = 3
# Telegram hangs up on lines that say nothing for long, and a send on such a line may be lost.
IDLE_SECONDS = 5.0
WITHOUT_A_NUMBER = 5.0  # seconds to wait after a 429 that names none
REFUSED = (
    "TELEGRAM_BOT_TOKEN: expected a token that Telegram accepts, found one it refuses; "
    "get one from @BotFather"
)
# In Telegram's words, lower case: nothing can be written there until somebody there acts.
GONE = (
    "bot is not a member",
    "bot was kicked",
    "bot was blocked",
    "chat not found",
    "chat was deactivated",
    "chat was deleted",
    "chat_write_forbidden",
    "have no rights to send",
    "message thread not found",
    "not enough rights to send",
    "peer_id_invalid",
    "topic_closed",
    "topic_deleted",
    "user is deactivated",
    "user not found",
)
# In Telegram's words: somebody is nobody there.
NOBODY_THERE = (
    "member not found",
    "participant_id_invalid",
    "user not found",
    "user_id_invalid",
    "user_not_participant",
)
MOST_IN_AN_ALERT = 200
LONGEST_CAPTION = 1024
SECONDS_TO_SAY_WHO = 10.0
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.InvalidURL,
    httpx.LocalProtocolError,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    RuntimeError,  # PTB's word for a connection that is closed
)


_address = lru_cache(maxsize=64)(httpx.URL)


class TooManyRequestsError(TelegramError):
    """A 429; PTB's RetryAfter warns whenever it is made, and is not made without a number."""

    def __init__(self, after: float) -> None:
        super().__init__(f"asked to wait {after:g} s")
        self.after = after


class _Connection(HTTPXRequest):
    """PTB's connection, for answers that are not what they should be.

    PTB logs an answer that it cannot read, learners' words included, and trusts the shape of one
    that it can. `straight` are lines that need no client around them, which costs as much again.
    """

    __slots__ = ("_straight",)

    def __init__(self, straight: StraightLines | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._straight = straight

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> tuple[int, bytes]:
        is_plain = not args and all(one is BaseRequest.DEFAULT_NONE for one in kwargs.values())
        if self._straight is None or not is_plain or (request_data and request_data.multipart_data):
            status, payload = await super().do_request(url, method, request_data, *args, **kwargs)
        else:
            status, payload = await self._asked(self._straight, url, method, request_data)
        if status < 300:
            return status, payload
        try:
            answer = self.parse_json_payload(payload)
        except TelegramError:
            answer = None
        if status == 429:
            after = answer["parameters"].get("retry_after") if answer else None
            raise TooManyRequestsError(float(after or WITHOUT_A_NUMBER))
        if answer is None:
            # A proxy's 403 says nothing about a learner, and its 401 nothing about the token.
            raise NetworkError(f"status {status} from somebody between us and Telegram")
        return status, payload

    async def _asked(
        self, straight: StraightLines, url: str, method: str, data: RequestData | None
    ) -> tuple[int, bytes]:
        """Ask as PTB would; what goes wrong has PTB's names."""
        if self._client.is_closed:
            raise RuntimeError("this connection is closed")
        request = httpx.Request(
            method,
            _address(url),
            headers={"User-Agent": self.USER_AGENT},
            data=data.json_parameters if data else None,
            extensions={"timeout": self._client.timeout.as_dict()},
        )
        try:
            response = await straight.handle_async_request(request)
            return response.status_code, await response.aread()
        except httpx.TimeoutException as error:
            raise TimedOut from error
        except httpx.HTTPError as error:
            raise NetworkError(type(error).__name__) from error

    @staticmethod
    @override
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            found = json.loads(payload.decode(errors="replace"))
        except (ValueError, RecursionError):
            raise TelegramError("an answer that is no JSON") from None
        if not isinstance(found, dict) or ("result" not in found and found.get("ok") is not False):
            raise TelegramError("an answer without a result")
        parameters = found.get("parameters")
        if not isinstance(parameters, dict):
            parameters = {}
        numbers = {name: value for name, value in parameters.items() if type(value) is int}
        return found | {"parameters": numbers, "description": str(found.get("description", ""))}


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one message of Telegram's holds: words, a picture, or a picture with its caption."""

    words: StyledText | None
    png: bytes = b""


class Telegram:
    """One bot, over a webhook or long polling; `sleep` and `random` spare tests the waiting.

    `base_url` is the root of a Bot API server, `menus` has a list of commands and descriptions by
    language ("" for everybody), `group_menus` those of groups. A poll waits `poll_seconds` for
    news and may be `grace` s late. `is_alone` is false where other processes have the token too.

    Raises:
        FatalError: when the token or the proxy cannot be right.
    """

    def __init__(
        self,
        token: str,
        *,
        menus: Mapping[str, Sequence[tuple[str, str]]],
        group_menus: Mapping[str, Sequence[tuple[str, str]]] = MappingProxyType({}),
        data_dir: Path,
        random: Random,
        base_url: str | None = None,
        proxy: str | None = None,
        is_alone: bool = True,
        webhook: Webhook | None = None,
        poll_seconds: int = 25,
        grace: float = 15.0,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        if not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]+", token):
            raise FatalError(REFUSED)
        # Without a scope they are for private chats, and wherever nothing else is set.
        self._menus = [(None, menus), (BotCommandScopeAllGroupChats(), group_menus)]
        self._random = random
        self._poll_seconds = poll_seconds
        self._grace = grace
        self._sleep = sleep
        root = (base_url or PUBLIC).rstrip("/")
        self._polling = _connection(root, proxy, pool=4, read_timeout=poll_seconds + grace * 2 / 3)
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=_connection(root, proxy, pool=16, read_timeout=20),
            get_updates_request=self._polling,
        )
        self._bot_id = int(token.partition(":")[0])
        self._username = ""
        self._is_introduced = False
        self._webhook = webhook
        self._lock = (
            TokenLock(data_dir, "telegram", token, "TELEGRAM_BOT_TOKEN") if is_alone else None
        )
        self._drafts: WeakSet[Growing] = WeakSet()
        self._receipts = Receipts()
        self._skipped = 0
        self._skipped_told_at = float("-inf")

    @property
    def name(self) -> str:
        return "telegram"

    @property
    def theme(self) -> Theme:
        return "light"

    @property
    def budget(self) -> Budget:
        return Budget(30, 1 / 28)

    def budget_of(self, address: str) -> Budget:
        is_group = address.startswith("telegram:-")
        return Budget(3, 3.2) if is_group else Budget(3, 1.0)

    @property
    def is_exclusive(self) -> bool:
        return self._webhook is None

    @property
    def is_bound(self) -> bool:
        return False

    # Opening and closing -------------------------------------------------------------------------

    async def open(self) -> None:
        """Make sure that nobody else polls here, and tell Telegram what we can do.

        Without a network it gives up after some tries, and `take_in` goes on trying.

        Raises:
            FatalError: when another process has the token, or Telegram refuses it.
        """
        if self._lock is not None:
            self._lock.take()
        try:
            await self._tried(self._introduce, TRIES_TO_OPEN)
        except BaseException:
            await self.close()
            raise

    async def open_to_send(self) -> None:
        await self._tried(self._ask_our_name, None)

    async def _tried(self, work: Callable[[], Awaitable[None]], most: int | None) -> None:
        """Try until it is done, or so often."""
        pauses = self._pauses(1, 30)
        while most is None or pauses.count < most:
            try:
                await work()
            except TelegramError as error:
                log.warning("Telegram cannot be reached yet: %s", _in_short(error))
                await pauses.pause(at_least=_asked_to_wait(error))
            else:
                return

    async def _ask_our_name(self) -> None:
        try:
            await _asked(self._bot.initialize())
        except InvalidToken:
            # PTB writes the token into its error.
            raise FatalError(REFUSED) from None
        self._username = self._bot.username

    async def _introduce(self) -> None:
        """Say how updates reach us, since a webhook excludes polling, and set the menus."""
        try:
            await _asked(self._bot.initialize())
            if self._webhook is None:
                await _asked(self._bot.delete_webhook())
            else:
                await self._set_webhook(self._webhook)
        except InvalidToken:
            raise FatalError(REFUSED) from None
        for scope, menus in self._menus:
            for language, menu in menus.items():
                commands = [BotCommand(command, description) for command, description in menu]
                try:
                    await _asked(
                        self._bot.set_my_commands(
                            commands, scope=scope, language_code=language or None
                        )
                    )
                except TelegramError as error:
                    log.warning("The menu for %r was not set: %s", language, _in_short(error))
        self._username = self._bot.username
        self._is_introduced = True
        log.info("Telegram knows us as @%s", self._username)

    async def _set_webhook(self, webhook: Webhook) -> None:
        try:
            await _asked(
                self._bot.set_webhook(
                    webhook.url,
                    secret_token=webhook.secret.reveal(),
                    allowed_updates=ALLOWED_UPDATES,
                )
            )
        except BadRequest as error:
            raise FatalError(
                f"MENTOR_WEBHOOK_URL: expected an address that Telegram takes, found "
                f"{webhook.url}: {error.message}. It must be https, on port 443, "
                "80, 88 or 8443, and lead here."
            ) from None

    async def who_am_i(self) -> str:
        """Ask Telegram for our name, and change nothing there.

        Raises:
            FatalError: when Telegram refuses the token.
            NotSentError: when it cannot be reached.
        """
        try:
            await _asked(self._bot.initialize())
        except InvalidToken:
            raise FatalError(REFUSED) from None
        except TelegramError as error:
            raise NotSentError(
                f"Telegram: expected an answer, found: {_in_short(error)}. "
                "Check the network, TELEGRAM_BASE_URL and TELEGRAM_PROXY."
            ) from None
        return f"@{self._bot.username}"

    async def close(self) -> None:
        for draft in list(self._drafts):
            await draft.end()
        await self._bot.shutdown()
        if self._lock is not None:
            self._lock.release()

    # Taking in -----------------------------------------------------------------------------------

    async def take_in(self, mailbox: Mailbox) -> None:
        """Take in until cancelled; what Telegram may forget is on disk before it is told so.

        Raises:
            FatalError: when the token is refused, another program polls with it, or there is no
                port for the webhook.
        """
        if self._webhook is None:
            await self._poll_on(mailbox)
            return

        async def receive(body: bytes) -> bool:
            try:
                update = json.loads(body)
            except (ValueError, RecursionError):
                return False
            await self._hand_over([update], mailbox)
            return True

        # Loaded where it is wanted: its server takes 9 MB.
        webhook: Any = importlib.import_module("bot.platforms.webhook")
        async with webhook.listening(self._webhook, SIGNED_BY, receive):
            if not self._is_introduced:
                await self._tried(self._introduce, None)
            await asyncio.Event().wait()

    async def _poll_on(self, mailbox: Mailbox) -> None:
        # Telegram may number anew after a quiet week, so no offset is kept longer than it must be.
        offset: int | None = None
        full, stuck = self._pauses(1, 10), self._pauses(0.5, 10)
        while True:
            batch = await self._next_batch(offset)
            try:
                reached = await self._hand_over(batch, mailbox)
            except (StorageFullError, StorageBrokenError) as error:
                if not full.count:
                    log.warning("Updates stay at Telegram until there is room for them: %s", error)
                await full.pause()
                continue
            if full.count:
                log.info("There is room for updates again")
                full.reset()
            if batch and reached in {None, offset}:
                # The same batch would come at once, for ever.
                await stuck.pause()
            elif batch:
                stuck.reset()
            offset = reached

    async def _hand_over(self, batch: Sequence[object], mailbox: Mailbox) -> int | None:
        """Give a batch to the mailbox, and the offset that confirms it; None confirms nothing."""
        arrivals: list[Arrival] = []
        unwritable: list[str] = []
        reached: int | None = None
        skipped = 0
        for update in batch:
            id = update.get("update_id") if isinstance(update, dict) else None
            if (
                not isinstance(update, dict)
                or type(id) is not int
                or not 0 < id <= LARGEST_UPDATE_ID
            ):
                skipped += 1
                continue
            reached = max(reached or 0, id + 1)
            try:
                # ASCII, so that half a surrogate pair gets onto the disk and back.
                raw = json.dumps(update, ensure_ascii=True)
            except RecursionError:
                unwritable.append(str(id))
            else:
                arrivals.append(Arrival(self.name, str(id), lane_of(update), raw))
        self._note_skipped(skipped)
        if arrivals:
            await mailbox.accept(arrivals)
        for event in unwritable:
            await mailbox.refuse(self.name, event, "nested too deeply to be written")
        return reached

    def _note_skipped(self, count: int) -> None:
        self._skipped += count
        now = asyncio.get_running_loop().time()
        if count and now >= self._skipped_told_at + 60:
            log.warning("Skipped updates without a usable id, %d so far", self._skipped)
            self._skipped_told_at = now

    async def _next_batch(self, offset: int | None) -> Sequence[object]:
        """Ask for news until there is an answer, which may be empty."""
        pauses = self._pauses(1, 30)
        conflicts = stalls = 0
        while True:
            try:
                batch = await self._poll(offset)
            except InvalidToken:
                raise FatalError(REFUSED) from None
            except Conflict as error:
                conflicts += 1
                if conflicts > MOST_CONFLICTS:
                    raise FatalError(
                        "TELEGRAM_BOT_TOKEN: another program receives this bot's updates; stop "
                        "it, or get a new token from @BotFather"
                    ) from None
                trouble: Exception = error
            except (TimedOut, TimeoutError) as error:
                trouble = error
                stalls += 1
                if stalls % STALLS_BEFORE_REBUILDING == 0:
                    await self._rebuild()
            except TelegramError as error:
                trouble = error
            else:
                if pauses.count:
                    log.info("Telegram answers again")
                return batch
            level = logging.DEBUG if pauses.count else logging.WARNING
            log.log(level, "Telegram gives no updates: %s", _in_short(trouble))
            await pauses.pause(at_least=_asked_to_wait(trouble))

    async def _poll(self, offset: int | None) -> Sequence[object]:
        if not self._is_introduced:
            await self._introduce()
        question = {
            "timeout": self._poll_seconds,
            "allowed_updates": json.dumps(ALLOWED_UPDATES),
            **({} if offset is None else {"offset": offset}),
        }
        # Bot.get_updates would parse the batch as a whole, and one bad update would spoil it.
        async with asyncio.timeout(self._poll_seconds + self._grace):
            batch = await _asked(
                self._polling.post(f"{self._bot.base_url}/getUpdates?{urlencode(question)}")
            )
        if not isinstance(batch, list):
            raise TelegramError("a batch that is no list")
        return batch

    async def _rebuild(self) -> None:
        """Drop the connections that polls got stuck in."""
        log.warning("Polls get no answer; their connections are made anew")
        try:
            async with asyncio.timeout(self._grace):
                await self._polling.shutdown()
        except TimeoutError:
            log.warning("The old connections did not close in time")
        await self._polling.initialize()

    def _pauses(self, first: float, most: float) -> Pauses:
        return Pauses(first, most, self._random, self._sleep)

    def read(self, raw: str) -> Event:
        return read_update(raw, self._bot_id, self._username)

    # Showing -------------------------------------------------------------------------------------

    async def acknowledge(self, event: Event, words: str = "") -> None:
        if not event.press:
            return
        told = cut(sound(words), MOST_IN_AN_ALERT)
        dress: dict[str, Any] = {} if is_blank(told) else {"text": told, "show_alert": True}
        await _if_possible(self._bot.answer_callback_query(event.press, **dress))

    async def is_administrator(self, address: str, person: str) -> bool:
        chat, _ = chat_of(address)
        if chat > 0:
            return False
        if person == AS_THE_GROUP:
            return True
        if not re.fullmatch(r"[0-9]{1,18}", person):
            return False
        question = {"chat_id": chat, "user_id": int(person)}
        try:
            async with asyncio.timeout(SECONDS_TO_SAY_WHO):
                # As for messages, a name in small letters does without PTB's own reading.
                found = await _asked(self._bot.do_api_request("getchatmember", api_kwargs=question))
        except BadRequest as error:
            if any(words in error.message.lower() for words in NOBODY_THERE):
                return False
            raise NotSentError(_in_short(error)) from error
        except (TelegramError, TimeoutError) as error:
            raise NotSentError(_in_short(error)) from error
        status = found.get("status") if isinstance(found, dict) else None
        return status in {"creator", "administrator"}

    async def show_busy(self, address: str) -> None:
        chat, thread = chat_of(address)
        await _if_possible(
            self._bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=thread)
        )

    async def fetch(self, file: SentFile, most: int) -> bytes:
        if file.size is not None and file.size > most:
            raise NotFetchedError
        try:
            found = await self._bot.get_file(file.id)
            if found.file_size is not None and found.file_size > most:
                raise NotFetchedError
            return bytes(await found.download_as_bytearray())
        except TelegramError as error:
            log.warning("a file could not be fetched: %s", type(error).__name__)
            raise NotFetchedError from error

    def draft(self, address: str) -> Draft | None:
        """Telegram shows drafts in private chats only."""
        chat, thread = chat_of(address)
        if chat < 0:
            return None
        draft_id = self._random.randrange(1, 2**31)

        shown = ""

        async def show(words: str) -> bool:
            nonlocal shown
            text = cut(styled(sound(words)).text, MOST_UNITS)
            if is_blank(text) or text == shown:
                return False
            try:
                await _asked(
                    self._bot.send_message_draft(chat, draft_id, text, message_thread_id=thread)
                )
            except TelegramError as error:
                raise meaning_of(error) from error
            shown = text
            return True

        draft = Growing(show, self._sleep)
        self._drafts.add(draft)
        return draft

    # Sending -------------------------------------------------------------------------------------

    async def send(self, address: str, message: Message, seq: int) -> str:
        """Send what of this delivery has not been sent by this process."""
        chat, thread = chat_of(address)
        receipts = self._receipts.of(seq, message)
        if message.attachment is not None:
            return receipts[-1] if receipts else await self._send_file(address, message, receipts)
        if message.poll is not None and chat > 0:
            receipt = receipts[-1] if receipts else await self._send_poll(address, message, seq)
            if receipt is not None:
                receipts[:] = [receipt]
                return receipt
        pieces = _pieces(message)
        budget = self.budget_of(address)
        for number in range(len(receipts), len(pieces)):
            if number >= budget.burst:
                await self._sleep(budget.interval)
            is_last = number == len(pieces) - 1
            keyboard = keyboard_of(message, seq) if is_last else None
            place = _place(chat, thread, message if number == 0 else None)
            try:
                id = await self._send_piece(place, pieces[number], keyboard)
            except TelegramError as error:
                if number:
                    log.info("Delivery %d: %d of %d parts had gone", seq, number, len(pieces))
                raise meaning_of(error) from error
            receipts.append(f"{chat}:{id}")
        return receipts[-1]

    async def _send_piece(
        self,
        place: Mapping[str, object],
        piece: _Piece,
        keyboard: InlineKeyboardMarkup | None,
    ) -> int:
        words = piece.words
        if piece.png:
            try:
                return await self._send_picture(place, piece, keyboard)
            except BadRequest as error:
                if not isinstance(meaning_of(error), RejectedError):
                    raise
                log.warning("A picture is left out: %s", error.message)
        if words is None:
            # Its words follow in messages of their own.
            return 0
        return await self._send_part(place, words.text, entities_of(words), keyboard)

    async def _send_picture(
        self,
        place: Mapping[str, object],
        piece: _Piece,
        keyboard: InlineKeyboardMarkup | None,
    ) -> int:
        caption = piece.words
        sent = await _asked(
            self._bot.do_api_request(
                "sendphoto",
                api_kwargs={
                    **place,
                    "photo": InputFile(piece.png, filename=PICTURE),
                    "caption": caption.text if caption else None,
                    "caption_entities": entities_of(caption) if caption else (),
                    "reply_markup": keyboard,
                },
            )
        )
        return _id_of(sent, "sendPhoto")

    async def _send_poll(self, address: str, message: Message, seq: int) -> str | None:
        """Send a quiz poll; None when Telegram will not have it as one, and words must do."""
        chat, thread = chat_of(address)
        content = poll_of(message, seq)
        try:
            # PTB's own reading of the answer refuses polls that are older or newer than itself.
            # In small letters, which Telegram takes as well, it does not insist on that reading.
            sent = await _asked(
                self._bot.do_api_request(
                    "sendpoll",
                    api_kwargs={**_place(chat, thread, message), **content},
                )
            )
        except BadRequest as error:
            meaning = meaning_of(error)
            if not isinstance(meaning, RejectedError):
                raise meaning from error
            log.warning("A quiz is sent as words instead: %s", error.message)
            return None
        except TelegramError as error:
            raise meaning_of(error) from error
        poll = sent.get("poll") if isinstance(sent, dict) else None
        if not isinstance(poll, dict) or "id" not in poll:
            raise UnknownOutcomeError("an answer to sendPoll without a poll")
        return poll_receipt(str(poll["id"]))

    async def _send_file(self, address: str, message: Message, receipts: list[str]) -> str:
        chat, thread = chat_of(address)
        if message.attachment is None:
            raise RejectedError("a file without content")
        content = await asyncio.to_thread(bytes_of, message.attachment)
        caption = parts_of(message.markup)[0]
        try:
            sent = await _asked(
                self._bot.send_document(
                    chat,
                    InputFile(content, filename=message.attachment.name),
                    message_thread_id=thread,
                    caption=caption.text,
                    caption_entities=entities_of(caption),
                    api_kwargs=_answering(chat, message),
                )
            )
        except TelegramError as error:
            raise meaning_of(error) from error
        receipts.append(f"{chat}:{sent.message_id}")
        return receipts[-1]

    async def _send_part(
        self,
        place: Mapping[str, object],
        text: str,
        entities: Sequence[MessageEntity],
        keyboard: InlineKeyboardMarkup | None,
    ) -> int:
        """Send one message; if its dress is refused, the bare words."""

        async def attempt(
            entities: Sequence[MessageEntity], keyboard: InlineKeyboardMarkup | None
        ) -> int:
            # PTB's own reading of the answer takes longer than the sending; as for polls, a name
            # in small letters does without it.
            sent = await _asked(
                self._bot.do_api_request(
                    "sendmessage",
                    api_kwargs={
                        **place,
                        "text": text,
                        "entities": entities,
                        "reply_markup": keyboard,
                        "link_preview_options": LinkPreviewOptions(is_disabled=True),
                    },
                )
            )
            return _id_of(sent, "sendMessage")

        try:
            return await attempt(entities, keyboard)
        except BadRequest as error:
            said = error.message.lower()
            is_about_buttons = any(word in said for word in ("button", "keyboard", "markup"))
            if not is_about_buttons and "entit" not in said:
                raise
            log.warning("Sending the bare words instead: %s", error.message)
        return await attempt((), None if is_about_buttons else keyboard)


def _pieces(message: Message) -> list[_Piece]:
    """Words in as many messages as they need, a picture with them, or above long ones."""
    parts = parts_of(message.markup)
    png = message.picture.png if message.picture is not None else b""
    if png and len(parts) == 1 and utf16_units(parts[0].text) <= LONGEST_CAPTION:
        return [_Piece(parts[0], png)]
    return [*([_Piece(None, png)] if png else []), *(_Piece(part) for part in parts)]


def _id_of(sent: object, method: str) -> int:
    id = sent.get("message_id") if isinstance(sent, dict) else None
    if type(id) is not int:
        raise UnknownOutcomeError(f"an answer to {method} without a message")
    return id


def _place(chat: int, thread: int | None, message: Message | None) -> dict[str, object]:
    """Where a message goes; with the message, also what it answers there."""
    answering = {} if message is None else _answering(chat, message)
    return {"chat_id": chat, "message_thread_id": thread, **answering}


def _answering(chat: int, message: Message) -> dict[str, object]:
    """What shows a message below another, if that one is in the same chat and still there."""
    under = answered_in(chat, message.under)
    if under is None:
        return {}
    return {"reply_parameters": {"message_id": under, "allow_sending_without_reply": True}}


def configured(settings: Settings, needs: Needs) -> Telegram:
    """The bot of the token that is set."""
    token = settings.telegram_token
    return Telegram(
        token.reveal() if token is not None else "",
        base_url=settings.telegram_base_url,
        proxy=settings.telegram_proxy,
        menus=needs.menus,
        group_menus=needs.group_menus,
        data_dir=settings.data_dir,
        random=needs.random,
        is_alone=settings.database_url is None,
        webhook=settings.webhook,
    )


def _connection(root: str, proxy: str | None, *, pool: int, read_timeout: float) -> _Connection:
    """A pool of connections that tries nothing twice.

    On loopback the proxy variables of the environment are not obeyed.
    """
    url = urlsplit(root)
    host = url.hostname or ""
    is_loopback = host in {"localhost", "::1"} or host.startswith("127.")
    # Reading the certificates takes long, and http on loopback needs none.
    settings: dict[str, Any] = (
        {"trust_env": False, "verify": url.scheme != "http"} if is_loopback else {}
    )
    straight = None
    if proxy is None and (is_loopback or not wants_proxy()):
        certificates = None if url.scheme == "http" else httpx.create_ssl_context()
        straight = StraightLines(certificates, most=pool, idle_seconds=IDLE_SECONDS)
        settings["transport"] = straight
    try:
        return _Connection(
            straight,
            connection_pool_size=pool,
            connect_timeout=10,
            read_timeout=read_timeout,
            write_timeout=20,
            pool_timeout=10,
            proxy=proxy,
            httpx_kwargs=settings,
        )
    except (RuntimeError, ValueError, httpx.InvalidURL) as error:
        # A proxy's address may hold a password.
        raise FatalError(
            "TELEGRAM_PROXY (or HTTPS_PROXY, ALL_PROXY): expected http://host:port, found an "
            f"address that cannot be used: {type(error).__name__}; socks needs the package socksio"
        ) from None


# What Telegram's errors mean ---------------------------------------------------------------------


def meaning_of(error: TelegramError) -> MentorError:
    """What a failed send says about the message, the address or us."""
    if isinstance(error, (TooManyRequestsError, RetryAfter)):
        return RetryLaterError(_asked_to_wait(error))
    if isinstance(error, ChatMigrated):
        return MovedError(address_of(error.new_chat_id, None))
    if isinstance(error, InvalidToken):
        return FatalError(REFUSED)
    is_gone = any(words in error.message.lower() for words in GONE)
    if isinstance(error, Forbidden) or (isinstance(error, BadRequest) and is_gone):
        return GoneError(error.message)
    if isinstance(error, BadRequest):
        return RejectedError(error.message)
    cause = error.__cause__
    # Without a cause it is a status such as 502: Telegram answered, and the answer was no.
    was_refused = isinstance(error, NetworkError) and isinstance(cause, (TelegramError, type(None)))
    if was_refused or isinstance(cause, _NEVER_LEFT):
        return NotSentError(_in_short(error))
    return UnknownOutcomeError(_in_short(error))


def _asked_to_wait(error: BaseException) -> float:
    if isinstance(error, TooManyRequestsError):
        return error.after
    if isinstance(error, RetryAfter):
        after = error.retry_after
        return after.total_seconds() if isinstance(after, timedelta) else float(after)
    return 0.0


def _in_short(error: BaseException) -> str:
    """An error without what was said in it: PTB quotes pages, addresses and tokens."""
    if isinstance(error, (BadRequest, Forbidden, TooManyRequestsError)):
        return f"{type(error).__name__}: {error}"
    cause = f" ({type(error.__cause__).__name__})" if error.__cause__ else ""
    return f"{type(error).__name__}{cause}"


async def _asked(request: Awaitable[Answer]) -> Answer:
    """Wait for PTB; an answer that it cannot read becomes one of its own errors."""
    try:
        return await request
    except EndPointNotFound as error:
        # PTB's word for a refused token where a method is asked for by its name.
        raise InvalidToken from error
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise TelegramError("an answer with another shape") from error


async def _if_possible(request: Awaitable[object]) -> None:
    """Wait a little for what nobody misses; a query that is too old is the usual failure."""
    try:
        async with asyncio.timeout(5):
            await _asked(request)
    except (TelegramError, TimeoutError) as error:
        log.debug("Telegram did not do it: %s", _in_short(error))
