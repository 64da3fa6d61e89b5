"""What the Bot API refuses, in its own words: texts, entities, keyboards, polls and rates.

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
QUESTION_LIMIT = 300
OPTION_LIMIT = 100
OPTIONS_LIMIT = 12
EXPLANATION_LIMIT = 200
EXPLANATION_LINE_FEEDS = 2
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
    "allowed_updates caption_entities commands correct_option_ids entities explanation_entities"
    " link_preview_options menu_button options reaction reply_markup reply_parameters rights scope"
)
# What the Bot API says of a member beside who it is, by standing; rights are not looked at here.
_RIGHTS = words(
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats"
    " can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories"
    " can_edit_stories can_delete_stories"
)
_SHARE = words(
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos"
    " can_send_video_notes can_send_voice_notes can_send_polls can_send_other_messages"
    " can_add_web_page_previews can_change_info can_invite_users can_pin_messages"
    " can_manage_topics can_edit_tag"
)
STANDINGS: Mapping[str, Json] = {
    "creator": {"is_anonymous": False},
    "administrator": dict.fromkeys(_RIGHTS, False),
    "member": {},
    "restricted": {"is_member": True, "until_date": 0} | dict.fromkeys(_SHARE, False),
    "left": {},
    "kicked": {"until_date": 0},
}
SPOKEN_OF_AS = {
    "correct_option_ids": "correct option identifiers",
    "reply_markup": "reply keyboard markup",
}
NOT_IN_OUR_POLLS = words(
    "allow_adding_options close_date country_codes description explanation_media"
    " hide_results_until_closes media members_only open_period shuffle_options"
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
                kind = SPOKEN_OF_AS.get(name, name)
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
    _check_encoding(text)
    if utf16_length(text) > limit:
        raise bad_request(too_long)
    return text, check_entities(text, entities or [])


def _check_encoding(text: str) -> None:
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise bad_request("text must be encoded in UTF-8")


def refuse_parse_mode(params: Json) -> None:
    if any(value for name, value in params.items() if name.endswith("parse_mode")):
        raise bad_request("can't parse entities: this server reads entities, not markup")


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


def check_photo(content: bytes) -> Json:
    """Width and height of a photo; of the formats the real server takes this one knows PNG."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or content[12:16] != b"IHDR":
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = (int.from_bytes(content[n : n + 4], "big") for n in (16, 20))
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    if len(content) > 10 * 1024 * 1024:
        raise bad_request("file is too big")
    return {"width": width, "height": height, "file_size": len(content)}


def check_poll(params: Json) -> Json:
    """Return the poll a sendPoll asks for as it would be shown, but for its id, or refuse it.

    The sentences are those of `process_send_poll_query` and of TDLib's `PollOption` and
    `check_quiz_correct_option_ids`, with these exceptions. Only Telegram's own servers, whose words
    nobody has published, look at the explanation's length and line feeds; ours are worded alike. A
    single option is refused as by servers before it was allowed, and lengths are counted in UTF-16
    as elsewhere here, where TDLib counts characters: both are stricter than Bot API 10. Of the
    formatting in questions and options the real server keeps custom emoji, this one nothing.
    """
    refuse_parse_mode(params)
    for name in sorted(NOT_IN_OUR_POLLS):
        if params.get(name) not in (None, "", "false", False, []):
            raise bad_request(f"this server knows no {name} in polls")
    question = _poll_text(params.get("question"), QUESTION_LIMIT, "question")
    options = _poll_options(params.get("options", ""))
    kind = params.get("type") or "regular"
    if kind not in {"quiz", "regular"}:
        raise bad_request("unsupported poll type specified")
    return {
        "question": question,
        "options": [
            # Nobody may rely on what a persistent id looks like, least of all take it for a place.
            {"persistent_id": f"option-{place}", "text": text, "voter_count": 0}
            for place, text in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": is_true(params.get("is_closed")),
        "is_anonymous": is_true(params.get("is_anonymous", True)),
        "allows_multiple_answers": is_true(params.get("allows_multiple_answers")),
        "allows_revoting": is_true(params.get("allows_revoting", kind == "regular")),
        "members_only": False,
        "type": kind,
        **(_quiz(params, len(options)) if kind == "quiz" else {}),
    }


def _poll_text(text: object, limit: int, what: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise bad_request("text must be non-empty")
    _check_encoding(text)
    if utf16_length(text.strip()) > limit:
        raise bad_request(f"poll {what} length must not exceed {limit}")
    return text.strip()


def _poll_options(options: object) -> list[str]:
    if options == "":
        raise bad_request("can't parse options JSON object")
    if not isinstance(options, list | None):
        raise bad_request("expected an Array of InputPollOption")
    texts = [_option_text(option) for option in options or []]
    if not texts:
        raise bad_request("poll must have at least one answer option")
    if len(texts) < 2:
        raise bad_request("poll must have at least 2 option")
    if len(texts) > OPTIONS_LIMIT:
        raise bad_request(f"poll can't have more than {OPTIONS_LIMIT} options")
    return [_poll_text(text, OPTION_LIMIT, "options") for text in texts]


def _option_text(option: object) -> object:
    wrong = "can't parse InputPollOption: "
    if isinstance(option, str):
        return option
    if not isinstance(option, dict):
        raise bad_request(wrong + "Expected InputPollOption to be an Object")
    if "text" not in option:
        raise bad_request(wrong + 'Can\'t find field "text"')
    if option.get("media"):
        raise bad_request(wrong + "this server knows no media in polls")
    refuse_parse_mode(option)
    return option["text"]


def _quiz(params: Json, options: int) -> Json:
    """What only a quiz shows, its sender included; one right option has two names since 9.6."""
    correct = _correct_options(params)
    if not correct:
        raise bad_request("correct quiz option list must be non-empty")
    if sorted(set(correct)) != correct:
        raise bad_request("correct quiz option list must be increasing")
    if not all(0 <= place < options for place in correct):
        raise bad_request("wrong quiz correct_option_id")
    legacy = {"correct_option_id": correct[0]} if len(correct) == 1 else {}
    return {**legacy, "correct_option_ids": correct, **_explanation(params)}


def _correct_options(params: Json) -> list[int]:
    given = params.get("correct_option_ids")
    if given in (None, ""):
        is_missing = params.get("correct_option_id") in (None, "")
        return [] if is_missing else [integer(params, "correct_option_id", -1)]
    if not isinstance(given, list):
        raise bad_request("expected an Array of correct option identifiers")
    for place in given:
        if type(place) not in {int, float}:
            raise bad_request("correct option identifier must be of type Number")
        if type(place) is float:
            raise bad_request("invalid correct option identifier specified")
    return given


def _explanation(params: Json) -> Json:
    text = params.get("explanation")
    if not isinstance(text, str) or not text.strip():
        return {}
    _check_encoding(text)
    if utf16_length(text) > EXPLANATION_LIMIT:
        raise bad_request(f"poll explanation length must not exceed {EXPLANATION_LIMIT}")
    if text.count("\n") > EXPLANATION_LINE_FEEDS:
        most = EXPLANATION_LINE_FEEDS
        raise bad_request(f"poll explanation can't have more than {most} line feeds")
    entities = check_entities(text, params.get("explanation_entities") or [])
    return {"explanation": text, "explanation_entities": entities}


def check_vote(poll: Json, places: list[int], before: list[int]) -> None:
    """Raise ValueError where a client lets nobody vote so, as far as possible in TDLib's words."""
    if poll["is_anonymous"]:
        raise ValueError("The poll is anonymous: the bot would not be told who voted")
    if poll["is_closed"]:
        raise ValueError("Can't answer closed poll")
    if len(places) > 1 and not poll["allows_multiple_answers"]:
        raise ValueError("Can't choose more than 1 option in the poll")
    if not places and not poll["allows_revoting"]:
        raise ValueError("Can't retract vote in the poll")
    if not all(0 <= place < len(poll["options"]) for place in places):
        raise ValueError("Invalid option identifier specified")
    if before and not poll["allows_revoting"]:
        raise ValueError("Can't revote in a quiz")
    if places == before:
        raise ValueError("The vote would be what it was")


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
