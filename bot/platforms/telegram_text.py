"""What Telegram's updates mean, and how our messages look there; no network in here."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.markup import Entity, StyledText, split, styled
from bot.message import Button, Message
from bot.platforms.port import (
    AS_THE_GROUP,
    Did,
    Event,
    RejectedError,
    SentFile,
    UnreadableEventError,
    press_token,
    vote_token,
)
from bot.platforms.units import called, cut, is_blank, sound, utf16_units

MOST_UNITS = 4096
MOST_ENTITIES = 100
MOST_IN_A_ROW = 8
MOST_IN_A_LABEL = 64

# Whatever a person may send, the telling name first: an animation comes with a document beside it.
_THINGS = {
    "animation": "video",
    "video_note": "video",
    "video": "video",
    "audio": "voice",
    "voice": "voice",
    "sticker": "sticker",
    "photo": "photo",
    "document": "document",
    "checklist": "other",
    "contact": "other",
    "dice": "other",
    "game": "other",
    "invoice": "other",
    "live_photo": "other",
    "location": "other",
    "paid_media": "other",
    "poll": "other",
    "story": "other",
    "venue": "other",
}
_LANGUAGE = re.compile(r"[A-Za-z0-9_+-]{1,32}")
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?![A-Za-z0-9_@/])")


def address_of(chat: int, thread: int | None) -> str:
    return f"telegram:{chat}" if thread is None else f"telegram:{chat}:{thread}"


def receipt_of(chat: int, message: int | None) -> str:
    """What a message of a chat is called; "" for one without a number."""
    return "" if message is None else f"{chat}:{message}"


def answered_in(chat: int, receipt: str) -> int | None:
    """The number of the message that a receipt names, if it is one of this chat."""
    found = re.fullmatch(r"(-?[0-9]{1,20}):([0-9]{1,18})", receipt)
    return int(found[2]) if found is not None and int(found[1]) == chat else None


def chat_of(address: str) -> tuple[int, int | None]:
    """The chat and topic of an address.

    Raises:
        RejectedError: when it is none of ours.
    """
    found = re.fullmatch(r"telegram:(-?[0-9]{1,20})(?::([0-9]{1,20}))?", address)
    if found is None:
        raise RejectedError(f"address: expected telegram:<chat>[:<topic>], found {address!r}")
    return int(found[1]), int(found[2]) if found[2] else None


def lane_of(update: Mapping[str, object]) -> str:
    """What an update must not overtake, or '' when it names none; never raises.

    It is the update's address, but in a group everybody's presses go a way of their own: many
    people answer there at once, and none of them waits for another.
    """
    address = _address_in(update)
    query = update.get("callback_query")
    presser = query.get("from") if isinstance(query, dict) else None
    if (
        isinstance(presser, dict)
        and type(presser.get("id")) is int
        and address.startswith("telegram:-")
    ):
        return f"{address}/{presser['id']}"
    return address


def _address_in(update: Mapping[str, object]) -> str:
    """The address an update belongs to, or '' when it names none; never raises.

    A vote names no chat; its voter's own is right for polls in private chats.
    """
    vote = update.get("poll_answer")
    voter = vote.get("user") if isinstance(vote, dict) else None
    if isinstance(voter, dict) and type(voter.get("id")) is int:
        return address_of(voter["id"], None)
    query = update.get("callback_query")
    parts = (
        update.get("message"),
        query.get("message") if isinstance(query, dict) else None,
        update.get("my_chat_member"),
    )
    for part in parts:
        chat = part.get("chat") if isinstance(part, dict) else None
        if isinstance(part, dict) and isinstance(chat, dict) and type(chat.get("id")) is int:
            thread = part.get("message_thread_id")
            is_topic = part.get("is_topic_message") is True and type(thread) is int
            return address_of(chat["id"], thread if is_topic else None)
    return ""


# Reading -----------------------------------------------------------------------------------------


class _Part(BaseModel):
    """A part of an update, as far as we look at it; the rest may be anything.

    PTB's `Update.de_json` refuses a whole update for one part that is newer or older than itself,
    as with a poll, checks no type, and leaves None where its own types promise a chat.
    """

    model_config = ConfigDict(strict=True, frozen=True)


def _sound_if_text(value: object) -> object:
    return sound(value).replace("\0", "") if isinstance(value, str) else value


_Id = Annotated[int, Field(ge=-(2**63), lt=2**63)]
_Topic = Annotated[int, Field(gt=0, lt=2**63)]
_Text = Annotated[str, BeforeValidator(_sound_if_text)]


class _Person(_Part):
    id: _Id
    is_bot: bool = False
    first_name: _Text = ""
    last_name: _Text = ""
    language_code: _Text | None = None

    @property
    def name(self) -> str:
        return called(f"{self.first_name} {self.last_name}")


class _Chat(_Part):
    id: _Id
    type: _Text

    @property
    def is_group(self) -> bool:
        return self.type in {"group", "supergroup"}


def _language_if_one(value: object) -> str:
    return value if isinstance(value, str) and _LANGUAGE.fullmatch(value) else ""


class _Block(_Part):
    """Words on lines of their own: code or a quote. Telegram counts them in UTF-16 units."""

    type: Literal["pre", "blockquote", "expandable_blockquote"]
    offset: Annotated[int, Field(ge=0)]
    length: Annotated[int, Field(gt=0)]
    language: Annotated[str, BeforeValidator(_language_if_one)] = ""


def _blocks_among(entities: object) -> tuple[_Block, ...]:
    """The blocks among entities; other styles, and what has no place, are passed over."""
    blocks = []
    for entity in entities if isinstance(entities, list) else ():
        with suppress(ValidationError):
            blocks.append(_Block.model_validate(entity))
    return tuple(blocks)


_Blocks = Annotated[tuple[_Block, ...], BeforeValidator(_blocks_among)]


class _Document(_Part):
    file_id: _Text
    file_name: _Text = ""
    file_size: int | None = None


def _document_if_one(value: object) -> _Document | None:
    with suppress(ValidationError):
        return _Document.model_validate(value)
    return None


class _RepliedTo(_Part):
    message_id: _Id | None = None
    # The first message of a topic, which Telegram shows as what all that answer nothing answer.
    forum_topic_created: object = None
    sender: _Person | None = Field(default=None, alias="from")
    text: _Text = ""
    entities: _Blocks = ()
    document: Annotated[_Document | None, BeforeValidator(_document_if_one)] = None


class _Sender(_Part):
    """A chat as which somebody speaks."""

    id: _Id


class _Message(_RepliedTo):
    chat: _Chat
    sender_chat: _Sender | None = None
    message_thread_id: _Topic | None = None
    is_topic_message: bool = False
    reply_to_message: _RepliedTo | None = None
    migrate_to_chat_id: _Id | None = None
    forward_origin: object = None
    via_bot: object = None
    caption: _Text = ""
    caption_entities: _Blocks = ()

    @property
    def replied(self) -> _RepliedTo | None:
        """What it answers."""
        found = self.reply_to_message
        return found if found is not None and found.forum_topic_created is None else None

    @property
    def receipt(self) -> str:
        return receipt_of(self.chat.id, self.message_id)


class _Press(_Part):
    id: _Text
    sender: _Person = Field(alias="from")
    message: _Message | None = None
    data: _Text | None = None


class _Vote(_Part):
    poll_id: Annotated[str, Field(pattern=r"^[0-9]{1,32}$")]
    user: _Person | None = None
    option_ids: list[Annotated[int, Field(ge=0, lt=100)]]


class _Member(_Part):
    status: _Text
    is_member: bool = True

    @property
    def is_in(self) -> bool:
        # Whoever is restricted may be in the group or not.
        return self.status not in {"kicked", "left"} and self.is_member


class _Membership(_Part):
    chat: _Chat
    sender: _Person = Field(alias="from")
    old_chat_member: _Member | None = None
    new_chat_member: _Member


class _Update(_Part):
    message: _Message | None = None
    callback_query: _Press | None = None
    poll_answer: _Vote | None = None
    my_chat_member: _Membership | None = None


def read_update(raw: str, bot_id: int, username: str) -> Event:
    """Say what an update means to the bot with this id and name.

    Raises:
        UnreadableEventError: when it has no shape that we know; nothing else, whatever `raw` is.
    """
    try:
        found = json.loads(raw)
        update = _Update.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(step) for step in ("update", *first["loc"]))
        raise UnreadableEventError(f"{place}: {first['msg']}") from None
    except (ValueError, RecursionError):
        raise UnreadableEventError("an update that is no JSON") from None
    address = _address_in(found)
    if update.message:
        things = [name for key, name in _THINGS.items() if found["message"].get(key) is not None]
        return _read_message(update.message, address, bot_id, username, (*things, "")[0])
    if update.callback_query:
        return _read_press(update.callback_query, address)
    if update.poll_answer:
        return _read_vote(update.poll_answer, address)
    if update.my_chat_member:
        return _read_membership(update.my_chat_member, address)
    return Event(Did.IGNORED, person="", address="", is_private=False)


def _read_press(press: _Press, address: str) -> Event:
    # Without data it starts a game, and without a message it was pressed where we cannot answer.
    is_ours = press.data is not None and press.message is not None
    event = Event(
        Did.PRESSED if is_ours and not press.sender.is_bot else Did.IGNORED,
        person=str(press.sender.id),
        address=address,
        is_private=press.message is not None and press.message.chat.type == "private",
        text=press.data or "",
        language=press.sender.language_code,
        press=press.id,
        name=press.sender.name,
        message=press.message.receipt if press.message else "",
    )
    return _placed(event, press.message.chat) if press.message else event


def _placed(event: Event, chat: _Chat) -> Event:
    """An event with the group that it happened in, if it did in one."""
    if not chat.is_group:
        return event
    around = address_of(chat.id, None)
    return replace(event, group=event.address, parent="" if event.address == around else around)


def _read_vote(vote: _Vote, address: str) -> Event:
    # A vote taken back has no options; an anonymous channel votes without a user.
    is_answer = vote.user is not None and not vote.user.is_bot and len(vote.option_ids) == 1
    return Event(
        Did.PRESSED if is_answer else Did.IGNORED,
        person=str(vote.user.id) if vote.user else "",
        address=address,
        is_private=True,
        text=vote_token(vote.poll_id, vote.option_ids[0]) if is_answer else "",
        language=vote.user.language_code if vote.user else None,
        name=vote.user.name if vote.user else "",
    )


def _read_membership(change: _Membership, address: str) -> Event:
    is_private = change.chat.type == "private"
    before = change.old_chat_member is not None and change.old_chat_member.is_in
    after = change.new_chat_member.is_in
    did = Did.IGNORED
    if not after and (is_private or change.chat.is_group):
        did = Did.LEFT
    elif after and not before and change.chat.is_group:
        did = Did.CAME_IN
    event = Event(
        did,
        person=str(change.sender.id),
        address=address,
        is_private=is_private,
        language=change.sender.language_code,
        name=change.sender.name,
    )
    return _placed(event, change.chat)


def _read_message(message: _Message, address: str, bot_id: int, username: str, thing: str) -> Event:
    if message.migrate_to_chat_id is not None and message.chat.is_group:
        return _read_move(message, message.migrate_to_chat_id, address)
    person = message.sender
    is_private = message.chat.type == "private"
    text = _with_signs(message.text, message.entities)
    caption = _with_signs(message.caption, message.caption_entities)
    replied = message.replied
    sent_as = message.sender_chat
    # As the group itself only its anonymous administrators speak.
    is_by_the_group = sent_as is not None and sent_as.id == message.chat.id
    if is_by_the_group:
        person = None
    is_by_a_person = person is not None and not person.is_bot and sent_as is None
    if not (is_by_a_person or is_by_the_group) or not (is_private or message.chat.is_group):
        did = Did.IGNORED
    elif "text" in message.model_fields_set:
        did = Did.SAID
    else:
        did = Did.SENT_SOMETHING_ELSE if thing else Did.IGNORED
    event = Event(
        did,
        person=AS_THE_GROUP if is_by_the_group else str(person.id) if person else "",
        address=address,
        is_private=is_private,
        text=_without_our_name(text, username, is_private=is_private)
        if did is Did.SAID
        else caption,
        language=person.language_code if person else None,
        thing=thing if did is Did.SENT_SOMETHING_ELSE else "",
        is_addressed=is_private or _is_addressed(text or caption, replied, bot_id, username),
        # What is sent by way of another bot was written by that bot.
        is_forwarded=message.forward_origin is not None or message.via_bot is not None,
        file=_file_of(message) if thing == "document" else None,
        replied=_with_signs(replied.text, replied.entities) if replied else "",
        replied_file=_file_of(replied) if replied else None,
        name=person.name if person else "",
        message=message.receipt,
        replied_to=receipt_of(message.chat.id, replied.message_id) if replied else "",
    )
    return _placed(event, message.chat)


def _read_move(message: _Message, chat: int, address: str) -> Event:
    """A group has become a supergroup, which has another number."""
    person = message.sender
    event = Event(
        Did.MOVED,
        person=str(person.id) if person else "",
        address=address,
        is_private=False,
        text=address_of(chat, None),
        name=person.name if person else "",
        message=message.receipt,
    )
    return _placed(event, message.chat)


def _file_of(message: _RepliedTo) -> SentFile | None:
    found = message.document
    return SentFile(found.file_id, found.file_name, found.file_size) if found else None


def _with_signs(text: str, blocks: Sequence[_Block]) -> str:
    """A text with the fences and quote signs that Telegram made blocks of; no letter is lost.

    Where code overlaps code, the first has it.
    """
    code: list[_Block | None] = [None] * len(text)
    quoted = [False] * len(text)
    for block in blocks:
        for at in range(len(cut(text, block.offset)), len(cut(text, block.offset + block.length))):
            if block.type == "pre":
                code[at] = code[at] or block
            else:
                quoted[at] = True
    # A sign of its own, or what the person typed could end a block or begin one before it.
    sign = "~" if "```" in text else "`"
    fence = sign * (1 + max([2, *map(len, re.findall(f"{sign}+", text))]))
    written = ""
    places = zip(code, quoted, text, strict=True)
    for (of_code, is_quoted), run in groupby(places, key=lambda place: place[:2]):
        words = "".join(char for _, _, char in run)
        if written and not written.endswith("\n"):
            written += "\n"
            words = words.removeprefix("\n")
        if not words:
            continue
        lines = words.removesuffix("\n").split("\n")
        if of_code is not None:
            lines = [f"{fence}{of_code.language}", *lines, fence]
        if is_quoted:
            lines = [f"> {line}" for line in lines]
        written += "\n".join(lines) + ("\n" if words.endswith("\n") else "")
    return written


def _is_addressed(words: str, replied_to: _RepliedTo | None, bot_id: int, username: str) -> bool:
    """Whether words in a group are meant for us: a command, our name, or a reply to us."""
    command = _COMMAND.match(words)
    if command is not None:
        return not command[2] or command[2].lower() == username.lower()
    is_reply = replied_to is not None and replied_to.sender and replied_to.sender.id == bot_id
    return bool(is_reply) or bool(_mention(username).search(words))


def _mention(username: str) -> re.Pattern[str]:
    if not username:
        return re.compile(r"(?!)")
    return re.compile(rf"[ \t]*(?<![A-Za-z0-9_])@{re.escape(username)}(?![A-Za-z0-9_])", re.I)


def _without_our_name(text: str, username: str, *, is_private: bool) -> str:
    command = _COMMAND.match(text)
    if command is not None and command[2] and command[2].lower() == username.lower():
        text = f"/{command[1]}{text[command.end() :]}"
    return text if is_private else _mention(username).sub("", text).strip()


# Writing -----------------------------------------------------------------------------------------


def parts_of(markup: str) -> list[StyledText]:
    """A message in parts that Telegram takes; a part without anything to see is left out."""
    whole = styled(sound(markup))
    shown = tuple(entity for entity in whole.entities if _is_shown(entity))
    parts = split(replace(whole, entities=shown), MOST_UNITS, MOST_ENTITIES, utf16_units)
    return [part for part in parts if not is_blank(part.text)] or [StyledText("…")]


def entities_of(part: StyledText) -> list[MessageEntity]:
    return [_telegram_entity(entity, part.text) for entity in part.entities[:MOST_ENTITIES]]


def _telegram_entity(entity: Entity, text: str) -> MessageEntity:
    types = {"link": MessageEntity.TEXT_LINK, "quote": MessageEntity.BLOCKQUOTE}
    return MessageEntity(
        types.get(entity.style, entity.style),
        offset=utf16_units(text[: entity.start]),
        length=utf16_units(text[entity.start : entity.end]),
        url=entity.detail if entity.style == "link" else None,
        language=entity.detail or None if entity.style == "pre" else None,
    )


def _is_shown(entity: Entity) -> bool:
    """A link may lead to a web page or a chat; `tg://user` would be a mention of somebody."""
    if entity.style != "link":
        return True
    try:
        target = urlsplit(entity.detail)
        host = target.hostname
    except ValueError:
        return False
    return bool(host) and (
        target.scheme in {"http", "https"} or (target.scheme, host) == ("tg", "resolve")
    )


def poll_of(message: Message, seq: int) -> dict[str, object]:
    """A quiz poll as `sendPoll` takes it, with the buttons that are no options below it."""
    poll = message.poll
    if poll is None:
        raise RejectedError("poll: expected a message with one, found none")
    keyboard = keyboard_of(message, seq, first=len(poll.options))
    content: dict[str, object] = {
        "question": sound(poll.question),
        "options": json.dumps([{"text": sound(one)} for one in poll.options]),
        "type": "quiz",
        "is_anonymous": False,
        "correct_option_ids": json.dumps([poll.key]),
        # For servers before Bot API 9.6.
        "correct_option_id": poll.key,
        "explanation": sound(poll.explanation),
    }
    return content | ({"reply_markup": keyboard.to_json()} if keyboard else {})


def keyboard_of(message: Message, seq: int, *, first: int = 0) -> InlineKeyboardMarkup | None:
    """The buttons from place `first` on, each with its delivery and place as a token."""
    keys: list[list[InlineKeyboardButton]] = []
    place = 0
    for row in message.buttons:
        in_row = [_key(button, seq, place + n) for n, button in enumerate(row)]
        in_row = in_row[max(0, first - place) :]
        place += len(row)
        keys += [in_row[n : n + MOST_IN_A_ROW] for n in range(0, len(in_row), MOST_IN_A_ROW)]
    return InlineKeyboardMarkup(keys) if keys else None


def _key(button: Button, seq: int, place: int) -> InlineKeyboardButton:
    label = sound(button.label)[:MOST_IN_A_LABEL]
    shown = "…" if is_blank(label) else label
    return InlineKeyboardButton(shown, callback_data=press_token(seq, place))
