"""What the Bot API refuses, in its own words: texts, entities, keyboards, commands and rates.

The sentences and their order come from tdlib/telegram-bot-api and tdlib/td. Where the real server
is silent (it drops formatting beyond 100 entities) this one refuses, so that a test notices.
"""

import json
import math
import re
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.loopback import Json, words

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
CALLBACK_DATA_BYTES = 64
BUTTONS_LIMIT = 100
BUTTONS_IN_A_ROW = 8
DOWNLOAD_LIMIT = 20 * 2**20
UPLOAD_LIMIT = 50 * 2**20

ENTITY_TYPES = words(
    "mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough"
    " spoiler blockquote expandable_blockquote code pre text_link text_mention custom_emoji"
    " date_time"
)
CHAT_ACTIONS = words(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document"
    " choose_sticker find_location record_video_note upload_video_note"
)
# Parameters that arrive as JSON text inside a form.
STRUCTURED = words(
    "allowed_updates caption_entities commands entities link_preview_options menu_button reaction"
    " reply_markup reply_parameters rights scope"
)


class BotApiError(Exception):
    """An answer with `ok: false`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str) -> BotApiError:
    return BotApiError(400, f"Bad Request: {reason}")


def too_many_requests(seconds: int) -> BotApiError:
    description = f"Too Many Requests: retry after {seconds}"
    return BotApiError(429, description, retry_after=seconds)


def decode(raw: Mapping[str, Any]) -> Json:
    """Read the structured parameters of a form; a JSON body passes unchanged."""
    decoded = dict(raw)
    for name in STRUCTURED & decoded.keys():
        if isinstance(decoded[name], str) and decoded[name]:
            try:
                decoded[name] = json.loads(decoded[name])
            except ValueError as error:
                kind = "reply keyboard markup" if name == "reply_markup" else name
                raise bad_request(f"can't parse {kind} JSON object") from error
    return decoded


def integer(params: Json, name: str, default: int = 0) -> int:
    """Read a number as leniently as the Bot API does: rubbish is the default."""
    try:
        return int(params.get(name, default))
    except (TypeError, ValueError):
        return default


def is_true(value: object) -> bool:
    return str(value).lower() in {"true", "yes", "1"}


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_text(
    text: object,
    entities: object,
    *,
    limit: int = TEXT_LIMIT,
    too_long: str = "message is too long",
) -> tuple[str, list[Json]]:
    """Return a text and its entities as they would be shown, or refuse them."""
    if not isinstance(text, str) or not text.strip():
        raise bad_request("message text is empty")
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise bad_request("text must be encoded in UTF-8")
    if utf16_length(text) > limit:
        raise bad_request(too_long)
    return text, check_entities(text, entities or [])


def check_entities(text: str, entities: object) -> list[Json]:
    if not isinstance(entities, list):
        raise bad_request("expected an Array of MessageEntity")
    if len(entities) > ENTITY_LIMIT:
        raise bad_request("ENTITIES_TOO_LONG")
    middles = _middles_of_pairs(text)
    end_of_text = utf16_length(text)
    for entity in entities:
        _check_entity(entity, middles, end_of_text)
    return entities


def _middles_of_pairs(text: str) -> dict[int, int]:
    """Offsets that would split a surrogate pair, each with the byte offset the server names."""
    middles: dict[int, int] = {}
    units = octets = 0
    for character in text:
        octets += len(character.encode())
        if ord(character) > 0xFFFF:
            middles[units + 1] = octets
            units += 1
        units += 1
    return middles


def _check_entity(entity: object, middles: Mapping[int, int], end_of_text: int) -> None:
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    if entity.get("type") not in ENTITY_TYPES:
        raise bad_request("can't parse MessageEntity: unsupported type specified")
    if entity["type"] == "text_link" and not entity.get("url"):
        raise bad_request("can't parse MessageEntity: can't find field \"url\"")
    begin, length = entity.get("offset"), entity.get("length")
    if not isinstance(begin, int) or not isinstance(length, int) or begin < 0 or length < 1:
        raise bad_request("can't parse MessageEntity: wrong offset or length specified")
    end = begin + length
    if begin in middles:
        raise bad_request(
            f"entity begins in a middle of a UTF-16 symbol at byte offset {middles[begin]}"
        )
    if begin > end_of_text:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {begin}")
    if end in middles:
        raise bad_request(
            f"entity beginning at UTF-16 offset {begin} ends in a middle of a UTF-16 symbol"
            f" at byte offset {middles[end]}"
        )
    if end > end_of_text:
        raise bad_request(
            f"entity beginning at UTF-16 offset {begin} ends after the end of the text"
            f" at UTF-16 offset {end}"
        )


def check_markup(markup: object) -> Json | None:
    """Return the inline keyboard that stays on the message, if there is one."""
    if markup in (None, ""):
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        if markup.keys().isdisjoint({"keyboard", "remove_keyboard", "force_reply"}):
            raise bad_request("object expected as reply markup")
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    for row in rows:
        if len(row) > BUTTONS_IN_A_ROW:
            raise bad_request("reply markup is too long")
        for button in row:
            _check_button(button)
    if sum(map(len, rows)) > BUTTONS_LIMIT:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if any(rows) else None


def _check_button(button: object) -> None:
    wrong = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(wrong + "InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad_request(wrong + 'Can\'t find field "text"')
    data = button.get("callback_data")
    if data:
        if not isinstance(data, str) or len(data.encode()) > CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return
    if button.keys() <= {"text", "callback_data", "style", "icon_custom_emoji_id"}:
        raise bad_request(wrong + "Text buttons are unallowed in the inline keyboard")


def check_commands(commands: object) -> list[Json]:
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict):
            raise bad_request("expected an Object")
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return commands


def check_language(code: object) -> str:
    """Return a two-letter code or "" for everybody; "zh" stands for zh-hans and zh-hant."""
    if code in (None, ""):
        return ""
    if not re.fullmatch(r"[a-z]{2}", str(code)):
        raise bad_request("invalid language code specified")
    return str(code)


@dataclass(slots=True)
class Rates:
    """The documented limits, counted strictly: the real server forgives short bursts."""

    overall_per_second: int = 30
    private_per_second: int = 1
    group_per_minute: int = 20
    _sent: dict[int | None, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def charge(self, chat_id: int, now: float) -> None:
        """Count one message to a chat; raise 429 and count nothing when it is one too many."""
        in_chat = (self.private_per_second, 1.0) if chat_id > 0 else (self.group_per_minute, 60.0)
        wait = max(
            self._wait(None, self.overall_per_second, 1.0, now),
            self._wait(chat_id, *in_chat, now),
        )
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._sent[None].append(now)
        self._sent[chat_id].append(now)

    def _wait(self, bucket: int | None, size: int, seconds: float, now: float) -> float:
        times = self._sent[bucket]
        while times and times[0] <= now - seconds:
            times.popleft()
        return times[0] + seconds - now if len(times) >= size else 0.0
