"""A Telegram Bot API on loopback: what python-telegram-bot sees, and the people on the other side.

In a test: `async with FakeTelegram() as telegram:`, then `telegram.say(7, "/start")`.
For another process: `python -m tests.fakes.telegram --port 8081 --token 1:a`, then
`POST /control/say {"user_id": 7, "text": "/start"}`; every control is listed in `_controls`.
"""

import argparse
import asyncio
import base64
import copy
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aiohttp import BodyPartReader, web
from typing_extensions import override

from tests.fakes import telegram_rules as rules
from tests.fakes.loopback import (
    Json,
    LoopbackServer,
    cut,
    guarded,
    serve,
    wall_clock,
    words,
)
from tests.fakes.telegram_rules import BotApiError, bad_request
from tests.fakes.telegram_updates import UpdateQueue
from tests.fakes.telegram_webhook import Webhook, info

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
DRAFT_SECONDS = 30
FIRST_POLL_ID = 5_400_000_000_000_000_000
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
# Answered with true and kept in the history only.
AGREED_TO = words(
    "deleteMyCommands leaveChat pinChatMessage setChatMenuButton setMessageReaction"
    " setMyDefaultAdministratorRights setMyDescription setMyName setMyShortDescription"
    " unpinAllChatMessages unpinChatMessage"
)


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next `times` requests that match; None means all of them."""

    method: str
    times: int | None
    chat_id: int | None = None
    error: BotApiError | None = None
    html: int = 0
    hang: float = 0.0
    cut: str = ""

    def matches(self, method: str, chat_id: object) -> bool:
        here = self.chat_id is None or str(self.chat_id) == str(chat_id)
        return here and fnmatchcase(method.lower(), self.method.lower())


@dataclass(frozen=True, slots=True)
class StoredFile:
    file_id: str
    name: str
    content: bytes
    claimed_size: int

    @property
    def path(self) -> str:
        return f"documents/{self.file_id}"

    def document(self) -> Json:
        return {
            "file_id": self.file_id,
            "file_unique_id": f"u{self.file_id}",
            "file_name": self.name,
            "file_size": self.claimed_size,
        }


class FakeTelegram(LoopbackServer):
    """One bot's Bot API server and everybody who talks to the bot.

    A chat exists once somebody has spoken in it (or `meet` was called): before that the bot is
    told "chat not found", as it would be. Message ids count per chat, as in supergroups.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        port: int = 0,
        clock: Callable[[], float] = wall_clock,
    ) -> None:
        super().__init__(port=port, clock=clock)
        self.token = token
        self.username = "MentorBot"
        self.latency = 0.0
        self.privacy_mode = True
        self.rates: rules.Rates | None = None
        self.updates = UpdateQueue(self.now)
        self.webhook = Webhook(self.updates)
        self.history: list[Json] = []
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.drafts: dict[int, list[Json]] = defaultdict(list)
        self.files: dict[str, StoredFile] = {}
        self.callbacks: dict[str, Json | None] = {}
        """Every button press by query id, with the bot's answer to it once there is one."""
        self.votes: dict[str, dict[int, list[int]]] = {}
        """The places every voter chose, by poll id."""
        self._faults: list[Fault] = []
        self._chats: dict[int, Json] = {}
        self._threads: set[tuple[int, int]] = set()
        self._members: dict[int, dict[int, str]] = defaultdict(dict)
        """Everybody who was seen in a group, with their standing there, by chat."""
        self._pressers: dict[str, int] = {}
        self._messages: dict[tuple[int, int], Json] = {}
        self._last_message_id: dict[int, int] = defaultdict(int)
        self._closed_chats: dict[int, str] = {}
        self._moved: dict[int, int] = {}
        self._languages: dict[int, str] = {}
        self._methods = self._method_table()

    @property
    def base_url(self) -> str:
        """For `Bot(base_url=...)`."""
        return f"{self.root}/bot"

    @property
    def base_file_url(self) -> str:
        """For `Bot(base_file_url=...)`."""
        return f"{self.root}/file/bot"

    @override
    async def __aexit__(self, *exception: object) -> None:
        self.updates.close()
        await self.webhook.close()
        await super().__aexit__(*exception)

    # People ---------------------------------------------------------------------------------

    def meet(self, chat_id: int, *, title: str = "Study group") -> Json:
        """Make a chat known to the bot without a word spoken; negative ids are groups."""
        if chat_id > 0:
            chat = {"id": chat_id, "type": "private", "first_name": f"Learner {chat_id}"}
        else:
            kind = "supergroup" if str(chat_id).startswith("-100") else "group"
            chat = {"id": chat_id, "type": kind, "title": title}
        return self._chats.setdefault(chat_id, chat)

    def say(
        self,
        user_id: int,
        text: str,
        chat_id: int | None = None,
        language_code: str | None = "zh-hans",
        **fields: object,
    ) -> Json:
        """Write to the bot, or in a group; return the update.

        `fields` go into the message: `message_thread_id=5`, `reply_to_message=a sent message`.
        In a group a bot in privacy mode is not shown what is not meant for it; the update has
        no `update_id` then.
        """
        content = {"text": text, "entities": self._entities_in(text), **fields}
        return self._speak(user_id, chat_id, language_code, content)

    def upload(
        self,
        user_id: int,
        name: str,
        content: bytes,
        chat_id: int | None = None,
        *,
        claimed_size: int | None = None,
        **fields: object,
    ) -> Json:
        """Send the bot a document; `claimed_size` lets its metadata lie."""
        stored = self._store(name, content, claimed_size)
        return self._speak(user_id, chat_id, "zh-hans", {"document": stored.document(), **fields})

    def tap(self, user_id: int, message: Json, label: str, *, data: str | None = None) -> str:
        """Press the inline button with this label under a sent message; return the query's id.

        `data` sends other data than the button's own, as a forged client would.
        """
        key = (int(message["chat_id"]), int(message["message_id"]))
        current = self._messages[key]
        buttons = {button["text"]: button for row in _rows(current) for button in row}
        if data is None:
            if "callback_data" not in buttons.get(label, {}):
                raise LookupError(f"no button {label!r} under message {key}: {list(buttons)}")
            data = buttons[label]["callback_data"]
        query_id = str(4_000_000_000 + len(self.callbacks))
        query = {
            "id": query_id,
            "from": self._person(user_id),
            "message": current,
            "chat_instance": str(key[0]),
            "data": data,
        }
        self.push_raw({"callback_query": query})
        return query_id

    def vote(self, user_id: int, message: Json, option_places: Iterable[int]) -> int:
        """Choose options of a sent poll by their places; return the id of the `poll_answer`.

        A `poll` update with the new counts follows it. ValueError where a client would not let one
        vote: twice in a quiz, in a closed poll, for two options of a poll with one answer. Whoever
        a poll was forwarded to may vote, so this asks not whose chat it is.
        """
        key = (int(message["chat_id"]), int(message["message_id"]))
        if "poll" not in self._messages[key]:
            raise LookupError(f"no poll in message {key}")
        poll = self._messages[key]["poll"]
        votes = self.votes[poll["id"]]
        places = sorted(set(option_places))
        rules.check_vote(poll, places, votes.get(user_id, []))
        votes[user_id] = places
        options = [
            option | {"voter_count": sum(place in chosen for chosen in votes.values())}
            for place, option in enumerate(poll["options"])
        ]
        answer = {
            "poll_id": poll["id"],
            "user": self._person(user_id),
            "option_ids": places,
            "option_persistent_ids": [options[place]["persistent_id"] for place in places],
        }
        update_id = self.push_raw({"poll_answer": answer})
        voters = sum(map(bool, votes.values()))
        self._show_poll(key, poll | {"options": options, "total_voter_count": voters})
        return update_id

    def retract(self, user_id: int, message: Json) -> int:
        """Take a vote back, which no quiz allows unless it was sent with `allows_revoting`."""
        return self.vote(user_id, message, ())

    def push_raw(self, update: Json) -> int:
        """Queue any update, malformed ones too; return the id it is queued under."""
        self._learn(update)
        update_id = self.updates.push(update)
        self.webhook.wake()
        self._touch()
        return update_id

    def block(self, user_id: int) -> None:
        """Block the bot: it is told so once, and every send to this person is forbidden."""
        self._closed_chats[user_id] = "bot was blocked by the user"
        self._tell_membership(user_id, user_id, "kicked")

    def unblock(self, user_id: int) -> None:
        self._closed_chats.pop(user_id, None)
        self._tell_membership(user_id, user_id, "member")

    def add(self, chat_id: int, by: int, *, title: str = "Study group") -> None:
        """Let the bot into a group, where it may have been before."""
        chat = self.meet(chat_id, title=title)
        before = "kicked" if self._closed_chats.pop(chat_id, None) else "left"
        self._members[chat_id].setdefault(by, "member")
        self._tell_membership(chat_id, by, "member", before=before)
        joined = self._new_message(chat, self._person(by), {"new_chat_members": [self._bot]})
        self.push_raw({"message": joined})

    def promote(self, chat_id: int, by: int) -> None:
        """Make the bot an administrator of a group that it is in."""
        self._tell_membership(chat_id, by, "administrator", before="member")

    def appoint(self, chat_id: int, user_id: int, status: str = "administrator") -> None:
        """Give somebody a standing in a group, such as "creator", "member" or "left"."""
        if status not in rules.STANDINGS:
            raise ValueError(f"expected one of {list(rules.STANDINGS)}, found {status!r}")
        self._members[chat_id][user_id] = status

    def open_topic(self, chat_id: int, title: str, by: int = 1) -> int:
        """Begin a topic in a forum; return its number, for `say(..., message_thread_id=...)`."""
        chat = self.meet(chat_id)
        if chat["type"] != "supergroup":
            raise ValueError(f"only a supergroup has topics, not {chat_id}")
        chat["is_forum"] = True
        about = {"forum_topic_created": {"name": title, "icon_color": 7322096}}
        first = self._new_message(chat, self._person(by), about)
        first |= {"message_thread_id": first["message_id"], "is_topic_message": True}
        self.push_raw({"message": first})
        return int(first["message_id"])

    def kick(self, chat_id: int, by: int) -> None:
        """Throw the bot out of a group."""
        kind = "supergroup" if self.meet(chat_id)["type"] == "supergroup" else "group"
        self._closed_chats[chat_id] = f"bot was kicked from the {kind} chat"
        self._tell_membership(chat_id, by, "kicked")

    def migrate(self, chat_id: int, new_chat_id: int, by: int = 1) -> None:
        """Turn a group into a supergroup: its old id answers 400 with the new one."""
        self._members[new_chat_id] |= self._members[chat_id]
        language = self._languages.get(by)
        self._speak(by, chat_id, language, {"migrate_to_chat_id": new_chat_id})
        self._speak(by, new_chat_id, language, {"migrate_from_chat_id": chat_id})
        self._moved[chat_id] = new_chat_id

    # Faults ---------------------------------------------------------------------------------

    def fail(
        self,
        method: str,
        times: int | None = 1,
        status: int = 400,
        retry_after: int | None = None,
        chat_id: int | None = None,
        description: str | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        """Refuse the next `times` calls of a method ("send*" and "*" match many).

        Without a description 5xx answers an HTML page, as a gateway does, and the others speak
        as Telegram: 403 "bot was blocked by the user", 400 "chat not found".
        """
        fault = Fault(method, times, chat_id)
        if status >= 500 and description is None:
            fault.html = status
        else:
            fault.error = _scripted_error(status, description, retry_after, migrate_to_chat_id)
        self._faults.append(fault)

    def hang(
        self, method: str, seconds: float, times: int | None = 1, chat_id: int | None = None
    ) -> None:
        """Be silent for so long before doing what was asked; the caller may be gone by then."""
        self._faults.append(Fault(method, times, chat_id, hang=seconds))

    def drop_before(self, method: str, times: int | None = 1, chat_id: int | None = None) -> None:
        """Cut the connection without having done anything."""
        self._faults.append(Fault(method, times, chat_id, cut="before"))

    def drop_after(
        self, method: str, times: int | None = 1, chat_id: int | None = None, hang: float = 0.0
    ) -> None:
        """Do what was asked, be silent for `hang` s, then cut: the caller cannot know."""
        self._faults.append(Fault(method, times, chat_id, cut="after", hang=hang))

    def heal(self) -> None:
        """Forget all scripted faults, the latency and the rates."""
        self._faults.clear()
        self.latency = 0.0
        self.rates = None

    def enforce_rates(self, overall: int = 30, private: int = 1, group: int = 20) -> None:
        """Answer 429 beyond so many messages and edits a second, a second and a minute.

        Typing and drafts are free, as far as anybody has seen.
        """
        self.rates = rules.Rates(overall, private, group)

    # Inspection -----------------------------------------------------------------------------

    @property
    def updates_pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return self.updates.pending()

    def sent(self, chat_id: int | None = None) -> list[Json]:
        """What the bot has sent, as it stands now on people's screens, oldest first."""
        return [
            _shown(message)
            for (chat, _), message in self._messages.items()
            if message["from"].get("id") == self._bot["id"] and chat_id in (None, chat)
        ]

    def calls(self, method: str) -> list[Json]:
        """The history of one method."""
        return [entry for entry in self.history if entry["method"].lower() == method.lower()]

    def alerts(self, user_id: int) -> list[str]:
        """What the answers to somebody's presses showed to nobody else, oldest first.

        Without `show_alert` it would be a line that goes by, which is not among them.
        """
        answers = [self.callbacks[id] or {} for id, who in self._pressers.items() if who == user_id]
        return [
            str(one["text"])
            for one in answers
            if one.get("text") and rules.is_true(one.get("show_alert"))
        ]

    def draft_on_screen(self, chat_id: int) -> str | None:
        """The draft's text, unless a message has replaced it or 30 seconds have passed."""
        frames = self.drafts[chat_id]
        if not frames or frames[-1]["dismissed"]:
            return None
        fresh = self.now() < frames[-1]["time"] + DRAFT_SECONDS
        return str(frames[-1]["text"]) if fresh else None

    @override
    def summary(self) -> str:
        last = [f"{entry['method']}: {entry['outcome']}" for entry in self.history[-8:]]
        return f"{self.updates_pending} updates pending, the last calls were {last}"

    # Methods of the Bot API -----------------------------------------------------------------

    def _method_table(self) -> dict[str, Callable[[Json], object]]:
        own = {
            "getMe": lambda _: self._bot,
            "getUpdates": self._get_updates,
            "deleteWebhook": self._delete_webhook,
            "setWebhook": self._set_webhook,
            "getWebhookInfo": self._get_webhook_info,
            "setMyCommands": self._set_my_commands,
            "getMyCommands": self._get_my_commands,
            "sendMessage": self._send_message,
            "sendDocument": self._send_document,
            "sendPhoto": self._send_photo,
            "sendPoll": self._send_poll,
            "stopPoll": self._stop_poll,
            "sendMessageDraft": self._send_message_draft,
            "sendChatAction": self._send_chat_action,
            "editMessageText": self._edit_message_text,
            "editMessageReplyMarkup": self._edit_message_reply_markup,
            "deleteMessage": self._delete_message,
            "answerCallbackQuery": self._answer_callback_query,
            "getFile": self._get_file,
            "getChat": self._get_chat,
            "getChatMember": self._get_chat_member,
            **{name: lambda _: True for name in AGREED_TO},
        }
        return {name.lower(): method for name, method in own.items()}

    @property
    def _bot(self) -> Json:
        return {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Mentor",
            "username": self.username,
            "can_join_groups": True,
            "can_read_all_group_messages": not self.privacy_mode,
            "supports_inline_queries": False,
        }

    async def _get_updates(self, params: Json) -> list[Json]:
        self.webhook.refuse_polls()
        if isinstance(params.get("allowed_updates"), list):
            self.updates.allow(params["allowed_updates"])
        return await self.updates.poll(
            rules.integer(params, "offset"),
            rules.integer(params, "limit", 100),
            rules.integer(params, "timeout"),
        )

    def _delete_webhook(self, params: Json) -> bool:
        return self._set_webhook({**params, "url": ""})

    def _set_webhook(self, params: Json) -> bool:
        self.webhook.set(params)
        if isinstance(params.get("allowed_updates"), list):
            self.updates.allow(params["allowed_updates"])
        if rules.is_true(params.get("drop_pending_updates")):
            self.updates.clear()
        return True

    def _get_webhook_info(self, _: Json) -> Json:
        return info(self.webhook, self.updates_pending)

    def _set_my_commands(self, params: Json) -> bool:
        language = rules.check_language(params.get("language_code"))
        self.commands[_scope(params), language] = rules.check_commands(params.get("commands"))
        return True

    def _get_my_commands(self, params: Json) -> list[Json]:
        language = rules.check_language(params.get("language_code"))
        return self.commands.get((_scope(params), language), [])

    def _send_message(self, params: Json) -> Json:
        rules.refuse_parse_mode(params)
        chat = self._open_chat(params)
        text, entities = rules.check_text(params.get("text"), params.get("entities"))
        return self._send(chat, params, {"text": text, "entities": entities})

    def _send_document(self, params: Json) -> Json:
        rules.refuse_parse_mode(params)
        chat = self._open_chat(params)
        stored = self._uploaded(params, "document")
        return self._send(chat, params, {"document": stored.document(), **_caption(params)})

    def _send_photo(self, params: Json) -> Json:
        rules.refuse_parse_mode(params)
        chat = self._open_chat(params)
        stored = self._uploaded(params, "photo")
        size = rules.check_photo(stored.content)
        photo = [{"file_id": stored.file_id, "file_unique_id": f"u{stored.file_id}", **size}]
        return self._send(chat, params, {"photo": photo, **_caption(params)})

    def _send_poll(self, params: Json) -> Json:
        chat = self._open_chat(params)
        poll = {"id": str(FIRST_POLL_ID + len(self.votes)), **rules.check_poll(params)}
        message = self._send(chat, params, {"poll": poll})
        self.votes[poll["id"]] = {}
        return message

    def _stop_poll(self, params: Json) -> Json:
        """Close a poll for good; without a keyboard in the request its message loses its own."""
        chat = self._open_chat(params)
        markup = _inline_keyboard(params)
        key = (chat["id"], rules.integer(params, "message_id"))
        message = self._messages.get(key)
        if message is None:
            raise bad_request("message with poll to stop not found")
        if "poll" not in message:
            raise bad_request("message is not a poll")
        if message["from"]["id"] != self._bot["id"]:
            raise bad_request("poll can't be stopped")
        if message["poll"]["is_closed"]:
            raise bad_request("poll has already been closed")
        self._charge(chat)
        self._messages[key] = _without_empty(message | {"reply_markup": markup})
        return self._show_poll(key, message["poll"] | {"is_closed": True})

    def _show_poll(self, key: tuple[int, int], poll: Json) -> Json:
        """Put a poll's new state on the screens and tell the bot of it."""
        self._messages[key] = self._messages[key] | {"poll": poll}
        self.push_raw({"poll": poll})
        return poll

    def _send(self, chat: Json, params: Json, content: Json) -> Json:
        """Put a message into a chat: what all the send methods have in common."""
        markup = rules.check_markup(params.get("reply_markup"))
        replied_to = self._replied_to(chat, params)
        place = self._thread(chat, params)
        self._charge(chat)
        message = self._new_message(chat, self._bot, content | place)
        if markup:
            message["reply_markup"] = markup
        replied_to = replied_to or self._first_of_topic(message)
        if replied_to:
            message["reply_to_message"] = _without_reply(replied_to)
        for frame in self.drafts[chat["id"]]:
            frame["dismissed"] = True
        return message

    def _send_message_draft(self, params: Json) -> bool:
        rules.refuse_parse_mode(params)
        chat = self._open_chat(params)
        if chat["type"] != "private":
            raise bad_request("TEXTDRAFT_PEER_INVALID")
        draft_id = rules.integer(params, "draft_id")
        if draft_id == 0:
            raise bad_request("RANDOM_ID_INVALID")
        text, entities = rules.check_text(params.get("text"), params.get("entities"))
        self.drafts[chat["id"]].append(
            {
                "draft_id": draft_id,
                "text": text,
                "entities": entities,
                "time": self.now(),
                "dismissed": False,
            }
        )
        return True

    def _send_chat_action(self, params: Json) -> bool:
        self._open_chat(params)
        if params.get("action") not in rules.CHAT_ACTIONS:
            raise bad_request("wrong parameter action in request")
        return True

    def _edit_message_text(self, params: Json) -> Json:
        rules.refuse_parse_mode(params)
        message = self._editable(params)
        text, entities = rules.check_text(
            params.get("text"), params.get("entities"), too_long="MESSAGE_TOO_LONG"
        )
        if "text" not in message:
            raise bad_request("there is no text in the message to edit")
        return self._edit(message, params, {"text": text, "entities": entities})

    def _edit_message_reply_markup(self, params: Json) -> Json:
        return self._edit(self._editable(params), params, {})

    def _edit(self, message: Json, params: Json, content: Json) -> Json:
        """Change a message in place; without a keyboard in the request it loses its own."""
        markup = _inline_keyboard(params)
        changed = _without_empty(message | content | {"reply_markup": markup})
        if changed == message:
            raise bad_request(NOT_MODIFIED)
        self._charge(message["chat"])
        changed["edit_date"] = int(self.now())
        self._messages[message["chat"]["id"], message["message_id"]] = changed
        return changed

    def _delete_message(self, params: Json) -> bool:
        chat = self._open_chat(params)
        if not self._messages.pop((chat["id"], rules.integer(params, "message_id")), None):
            raise bad_request("message to delete not found")
        return True

    def _answer_callback_query(self, params: Json) -> bool:
        query_id = str(params.get("callback_query_id"))
        if rules.utf16_length(str(params.get("text", ""))) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        if query_id not in self.callbacks or self.callbacks[query_id] is not None:
            raise bad_request(TOO_OLD)
        self.callbacks[query_id] = params
        return True

    def _get_file(self, params: Json) -> Json:
        stored = self.files.get(str(params.get("file_id")))
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if stored.claimed_size > rules.DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        document = stored.document() | {"file_path": stored.path}
        document.pop("file_name")
        return document

    def _get_chat(self, params: Json) -> Json:
        return self._open_chat(params) | {"accent_color_id": 0, "max_reaction_count": 11}

    def _get_chat_member(self, params: Json) -> Json:
        chat = self._open_chat(params)
        person = rules.integer(params, "user_id")
        standing = self._members[chat["id"]].get(person)
        if chat["id"] == person:
            standing = "member"
        elif standing is None and not any(person in one for one in self._members.values()):
            raise bad_request(
                "user not found" if person in self._chats else "PARTICIPANT_ID_INVALID"
            )
        standing = standing or "left"
        return {"user": self._person(person), "status": standing, **rules.STANDINGS[standing]}

    # What the methods stand on --------------------------------------------------------------

    def _open_chat(self, params: Json) -> Json:
        """The chat a request names, or the reason why the bot may not write there."""
        if not params.get("chat_id"):
            raise bad_request("chat_id is empty")
        chat_id = rules.integer(params, "chat_id")
        if chat_id in self._moved:
            raise BotApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self._moved[chat_id],
            )
        if chat_id in self._closed_chats:
            raise BotApiError(403, f"Forbidden: {self._closed_chats[chat_id]}")
        if chat_id not in self._chats:
            raise bad_request("chat not found")
        return self._chats[chat_id]

    def _thread(self, chat: Json, params: Json) -> Json:
        thread = rules.integer(params, "message_thread_id")
        if not thread:
            return {}
        if (chat["id"], thread) not in self._threads:
            raise bad_request("message thread not found")
        return {"message_thread_id": thread, "is_topic_message": True}

    def _first_of_topic(self, message: Json) -> Json | None:
        """What Telegram says a message in a topic answers when it answers nothing."""
        key = (message["chat"]["id"], message.get("message_thread_id", 0))
        first = self._messages.get(key)
        return first if first is not None and "forum_topic_created" in first else None

    def _replied_to(self, chat: Json, params: Json) -> Json | None:
        wanted = params.get("reply_parameters") or {"message_id": params.get("reply_to_message_id")}
        if not wanted.get("message_id"):
            return None
        found = self._messages.get((chat["id"], rules.integer(wanted, "message_id")))
        may_be_gone = wanted.get("allow_sending_without_reply", False)
        if found is None and not rules.is_true(may_be_gone):
            raise bad_request("message to be replied not found")
        return found

    def _editable(self, params: Json) -> Json:
        chat = self._open_chat(params)
        message_id = rules.integer(params, "message_id")
        if not message_id:
            raise bad_request("message identifier is not specified")
        message = self._messages.get((chat["id"], message_id))
        if message is None:
            raise bad_request("message to edit not found")
        if message["from"]["id"] != self._bot["id"]:
            raise bad_request("message can't be edited")
        return message

    def _charge(self, chat: Json) -> None:
        if self.rates is not None:
            self.rates.charge(chat["id"], self.now())

    def _new_message(self, chat: Json, sender: Json, content: Json) -> Json:
        self._last_message_id[chat["id"]] += 1
        message = {
            "message_id": self._last_message_id[chat["id"]],
            "date": int(self.now()),
            "chat": chat,
            "from": sender,
            **_without_empty(content),
        }
        self._messages[chat["id"], message["message_id"]] = message
        return message

    def _uploaded(self, params: Json, field: str) -> StoredFile:
        """The uploaded file, or the one an earlier file_id names."""
        given = params.get(field)
        if isinstance(given, str):
            given = params.get(given.removeprefix("attach://"), given)
        if isinstance(given, StoredFile):
            return given
        if given not in self.files:
            raise bad_request("wrong remote file identifier specified: Wrong string length")
        return self.files[str(given)]

    def _store(self, name: str, content: bytes, claimed_size: int | None = None) -> StoredFile:
        size = len(content) if claimed_size is None else claimed_size
        stored = StoredFile(f"file{len(self.files) + 1}", name, content, size)
        self.files[stored.file_id] = stored
        return stored

    # What people do, in the server's books --------------------------------------------------

    def _person(self, user_id: int) -> Json:
        person: Json = {
            "id": user_id,
            "is_bot": False,
            "first_name": f"Learner {user_id}",
            "username": f"learner{user_id}",
        }
        if user_id in self._languages:
            person["language_code"] = self._languages[user_id]
        return person

    def _speak(
        self, user_id: int, chat_id: int | None, language_code: str | None, content: Json
    ) -> Json:
        self._languages.pop(user_id, None)
        if language_code is not None:
            self._languages[user_id] = language_code
        chat = self.meet(chat_id or user_id)
        replied_to = content.get("reply_to_message")
        if isinstance(replied_to, dict) and "chat_id" in replied_to:
            key = (replied_to["chat_id"], replied_to["message_id"])
            content = content | {"reply_to_message": _without_reply(self._messages[key])}
        if content.get("message_thread_id"):
            content = content | {"is_topic_message": True}
        if chat["id"] != user_id:
            self._members[chat["id"]].setdefault(user_id, "member")
        message = self._new_message(chat, self._person(user_id), content)
        first = self._first_of_topic(message)
        if first is not None:
            message.setdefault("reply_to_message", _without_reply(first))
        update: Json = {"message": message}
        self._learn(update)
        if self._is_for_the_bot(message):
            update["update_id"] = self.push_raw(update)
        return update

    def _is_for_the_bot(self, message: Json) -> bool:
        """Whether privacy mode shows the bot this message."""
        if message["chat"]["type"] == "private" or not self.privacy_mode:
            return True
        if message.get("reply_to_message", {}).get("from", {}).get("id") == self._bot["id"]:
            return True
        text = str(message.get("text") or message.get("caption") or "")
        if not text and "document" not in message:
            return True  # a service message
        named = f"@{self.username}".lower() in text.lower()
        return named or re.match(r"/\w+(\s|$)", text) is not None

    def _entities_in(self, text: str) -> list[Json]:
        """The commands and mentions that a client would have marked."""
        pattern = r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,32}(@\w+)?)|(?P<mention>@\w{5,32})"
        return [
            {
                "type": str(found.lastgroup),
                "offset": rules.utf16_length(text[: found.start()]),
                "length": rules.utf16_length(found.group()),
            }
            for found in re.finditer(pattern, text)
        ]

    def _learn(self, update: Json) -> None:
        """Note the chats, topics, messages and button presses of an update, well formed or not."""
        for event in update.values():
            if not isinstance(event, dict):
                continue
            if isinstance(event.get("data"), str) and isinstance(event.get("id"), str):
                self.callbacks.setdefault(event["id"], None)
                presser = event.get("from")
                if isinstance(presser, dict) and type(presser.get("id")) is int:
                    self._pressers[event["id"]] = presser["id"]
            message = event if "message_id" in event else event.get("message", event)
            chat = message.get("chat") if isinstance(message, dict) else None
            if not isinstance(chat, dict) or type(chat.get("id")) is not int:
                continue
            self._chats.setdefault(chat["id"], self.meet(chat["id"]) | chat)
            self._learn_message(chat["id"], message)

    def _learn_message(self, chat_id: int, message: Json) -> None:
        if type(message.get("message_thread_id")) is int:
            self._threads.add((chat_id, message["message_thread_id"]))
        message_id = message.get("message_id")
        if type(message_id) is int and isinstance(message.get("from"), dict):
            self._messages.setdefault((chat_id, message_id), message)
            self._last_message_id[chat_id] = max(self._last_message_id[chat_id], message_id)

    def _tell_membership(self, chat_id: int, by: int, status: str, *, before: str = "") -> None:
        def member(standing: str) -> Json:
            return {"user": self._bot, "status": standing, **rules.STANDINGS[standing]}

        before = before or ("member" if status == "kicked" else "kicked")
        change = {
            "chat": self.meet(chat_id),
            "from": self._person(by),
            "date": int(self.now()),
            "old_chat_member": member(before),
            "new_chat_member": member(status),
        }
        self.push_raw({"my_chat_member": change})

    # HTTP -----------------------------------------------------------------------------------

    @override
    def _routes(self) -> Iterable[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", guarded(self._api)),
            web.get("/file/bot{token}/{path:.+}", guarded(self._download)),
        ]

    async def _api(self, request: web.Request) -> web.StreamResponse:
        """Answer one call of the bot and write it down."""
        entry: Json = {
            "method": request.match_info["method"],
            "params": {},
            "time": self.now(),
            "finished": None,
            "outcome": "open",
            "scripted": False,
            "result": None,
        }
        self.history.append(entry)
        try:
            return await self._carry_out(request, entry)
        except BotApiError as error:
            entry |= {"outcome": "refused", "status": error.code, "description": error.description}
            return web.json_response(error.body(), status=error.code)
        finally:
            entry["finished"] = self.now()
            entry["reached"] = request.transport is not None and not request.transport.is_closing()
            self._touch()

    async def _carry_out(self, request: web.Request, entry: Json) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            raise BotApiError(401, "Unauthorized")
        params = await self._read(request)
        entry["params"] = _recorded(params)
        await self._pause(self.latency)
        fault = self._next_fault(entry["method"], params.get("chat_id"))
        if fault is not None:
            entry["scripted"] = True
            before = await self._suffer(fault, request, entry)
            if before is not None:
                return before
        result = await self._perform(entry["method"], params)
        entry |= {"outcome": "ok", "status": 200, "result": _result_for_history(result)}
        if fault is not None and fault.cut == "after":
            entry["outcome"] = "done, then cut"
            await self._pause(fault.hang)
            return cut(request)
        return web.json_response({"ok": True, "result": result})

    def _next_fault(self, method: str, chat_id: object) -> Fault | None:
        self._faults = [fault for fault in self._faults if fault.times != 0]
        for fault in self._faults:
            if fault.matches(method, chat_id):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    async def _suffer(
        self, fault: Fault, request: web.Request, entry: Json
    ) -> web.StreamResponse | None:
        """Do the part of a fault that comes before the work; None lets the work be done."""
        if fault.error is not None:
            raise fault.error
        if fault.html:
            entry |= {"outcome": "refused", "status": fault.html}
            page = f"<html><head><title>{fault.html} Bad Gateway</title></head></html>"
            return web.Response(status=fault.html, text=page, content_type="text/html")
        if fault.cut == "before":
            entry["outcome"] = "cut"
            return cut(request)
        if fault.cut != "after":
            await self._pause(fault.hang)
        return None

    async def _perform(self, method: str, params: Json) -> object:
        call = self._methods.get(method.lower())
        if call is None:
            raise BotApiError(404, "Not Found")
        result = call(params)
        return await result if asyncio.iscoroutine(result) else copy.deepcopy(result)

    async def _read(self, request: web.Request) -> Json:
        """The parameters from the query and a JSON, urlencoded or multipart body."""
        raw: Json = dict(request.query)
        if request.content_type == "application/json":
            raw |= await self._read_json(request)
        elif request.content_type.startswith("multipart/"):
            raw |= await self._read_multipart(request)
        elif request.can_read_body:
            raw |= {str(name): value for name, value in (await request.post()).items()}
        return rules.decode(raw)

    async def _read_json(self, request: web.Request) -> Json:
        try:
            return dict(await request.json())
        except (TypeError, ValueError) as error:
            raise bad_request("can't parse JSON object") from error

    async def _read_multipart(self, request: web.Request) -> Json:
        raw: Json = {}
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader):
                raise bad_request("nested multipart body")
            content = bytes(await part.read())
            if part.filename is None:
                raw[str(part.name)] = content.decode()
            elif len(content) > rules.UPLOAD_LIMIT:
                raise BotApiError(413, "Request Entity Too Large")
            else:
                raw[str(part.name)] = self._store(part.filename, content)
        return raw

    async def _download(self, request: web.Request) -> web.StreamResponse:
        wanted = request.match_info["path"]
        found = [stored for stored in self.files.values() if stored.path == wanted]
        if request.match_info["token"] != self.token or not found:
            return web.json_response(BotApiError(404, "Not Found").body(), status=404)
        await self._pause(self.latency)
        return web.Response(body=found[0].content)

    # Control from another process -----------------------------------------------------------

    @override
    def _controls(self) -> Mapping[str, Callable[..., object]]:
        return {
            "add": self.add,
            "advance": self.advance,
            "alerts": self.alerts,
            "appoint": self.appoint,
            "block": self.block,
            "callbacks": lambda: self.callbacks,
            "calls": self.calls,
            "commands": lambda: [
                {"scope": scope, "language_code": language, "commands": commands}
                for (scope, language), commands in self.commands.items()
            ],
            "drafts": lambda chat_id: self.drafts[chat_id],
            "drop_after": self.drop_after,
            "drop_before": self.drop_before,
            "enforce_rates": self.enforce_rates,
            "fail": self.fail,
            "hang": self.hang,
            "heal": self.heal,
            "history": lambda since=0: self.history[since:],
            "kick": self.kick,
            "meet": self.meet,
            "migrate": self.migrate,
            "open_topic": self.open_topic,
            "promote": self.promote,
            "push_raw": self.push_raw,
            "route": self._lead_to,
            "restart_ids": self.updates.restart_ids,
            "retract": self.retract,
            "say": self.say,
            "sent": self.sent,
            "set": self._set,
            "tap": self.tap,
            "unblock": self.unblock,
            "updates_pending": lambda: self.updates_pending,
            "upload": lambda content_base64, **rest: self.upload(
                content=base64.b64decode(content_base64), **rest
            ),
            "vote": self.vote,
            "webhook_answers": lambda: self.webhook.answers,
            "wait_for": self._wait_for_text,
        }

    def _lead_to(self, targets: list[str]) -> None:
        """Say where the reverse proxy behind the webhook's address leads."""
        self.webhook.route = targets
        self.webhook.wake()

    def _set(self, *, latency: float | None = None, privacy_mode: bool | None = None) -> None:
        if latency is not None:
            self.latency = latency
        if privacy_mode is not None:
            self.privacy_mode = privacy_mode

    async def _wait_for_text(
        self, chat_id: int, contains: str = "", count: int = 1, within: float = 5.0
    ) -> list[Json]:
        """Wait for so many sent messages or polls that hold a text, in the place of a predicate."""

        def matching() -> list[Json]:
            found = [one for one in self.sent(chat_id) if contains in _words_of(one)]
            return found if len(found) >= count else []

        return await self.wait_for(matching, within)


def _scripted_error(
    status: int, description: str | None, retry_after: int | None, migrate_to_chat_id: int | None
) -> BotApiError:
    spoken = {
        400: "Bad Request: chat not found",
        401: "Unauthorized",
        403: "Forbidden: bot was blocked by the user",
        404: "Not Found",
        409: "Conflict: terminated by other getUpdates request;"
        " make sure that only one bot instance is running",
        429: "Too Many Requests",
    }
    parameters: dict[str, int] = {}
    if retry_after is not None:
        parameters["retry_after"] = retry_after
        spoken[429] += f": retry after {retry_after}"
    if migrate_to_chat_id is not None:
        parameters["migrate_to_chat_id"] = migrate_to_chat_id
        spoken[400] = "Bad Request: group chat was upgraded to a supergroup chat"
    return BotApiError(status, description or spoken.get(status, "Error"), **parameters)


def _inline_keyboard(params: Json) -> Json | None:
    """The keyboard an edit asks for; the other kinds of markup cannot be edited in."""
    given = params.get("reply_markup")
    if isinstance(given, dict) and "inline_keyboard" not in given:
        raise bad_request("inline keyboard expected")
    return rules.check_markup(given)


def _scope(params: Json) -> str:
    """A command scope as text: "default", or its JSON with sorted keys."""
    scope = params.get("scope") or {"type": "default"}
    return "default" if scope == {"type": "default"} else json.dumps(scope, sort_keys=True)


def _caption(params: Json) -> Json:
    if not params.get("caption"):
        return {}
    caption, entities = rules.check_text(
        params["caption"],
        params.get("caption_entities"),
        limit=rules.CAPTION_LIMIT,
        too_long="message caption is too long",
    )
    return {"caption": caption, "caption_entities": entities}


def _rows(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def _shown(message: Json) -> Json:
    """A message as a test wants to read it."""
    return {
        "chat_id": message["chat"]["id"],
        "message_id": message["message_id"],
        "text": message.get("text", message.get("caption", "")),
        "entities": message.get("entities", message.get("caption_entities", [])),
        "buttons": [[dict(button) for button in row] for row in _rows(message)],
        "message_thread_id": message.get("message_thread_id"),
        "reply_to": _answered_by(message),
        "document": message.get("document"),
        "photo": message.get("photo"),
        "poll": message.get("poll"),
        "date": message["date"],
        "edited": "edit_date" in message,
    }


def _answered_by(message: Json) -> int | None:
    """The message that people see it answer; the first one of a topic is shown to nobody."""
    answered = message.get("reply_to_message", {})
    return None if "forum_topic_created" in answered else answered.get("message_id")


def _words_of(shown: Json) -> str:
    """A poll message has no text, only its question."""
    return str(shown["poll"]["question"] if shown["poll"] else shown["text"])


def _without_empty(content: Json) -> Json:
    """Telegram leaves out what is not there."""
    return {key: value for key, value in content.items() if value not in (None, [])}


def _without_reply(message: Json) -> Json:
    """Telegram shows one level of replies."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def _recorded(params: Json) -> Json:
    """The parameters with a file's name and size in the place of the file."""
    return {
        name: {"file": value.name, "size": len(value.content)}
        if isinstance(value, StoredFile)
        else copy.deepcopy(value)
        for name, value in params.items()
    }


def _result_for_history(result: object) -> object:
    """A batch of updates as its ids, everything else as it was answered."""
    if isinstance(result, list):
        return [one.get("update_id", one) if isinstance(one, dict) else one for one in result]
    return copy.deepcopy(result)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    chosen = parser.parse_args()

    async def run() -> None:
        await serve(FakeTelegram(token=chosen.token, port=chosen.port))

    asyncio.run(run())


if __name__ == "__main__":
    main()
