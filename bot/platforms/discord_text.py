"""What Discord's events mean to us, and how our messages look there; no network in here."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.markup import Entity, StyledText, escape, split, styled
from bot.message import Button, Message
from bot.platforms.port import Did, Event, RejectedError, SentFile, UnreadableEventError
from bot.platforms.units import called, cut, is_blank, sound, utf16_units

MOST_CHARACTERS: Final = 2000
# An embed holds more than a message does.
MOST_IN_A_CARD: Final = 4096
MOST_IN_A_ROW: Final = 5
MOST_BUTTONS: Final = 25
MOST_IN_A_LABEL: Final = 80
MOST_IN_A_TITLE: Final = 100
_MOST_ENTITIES: Final = 100
# Signs of markup need room as well; a part that turns out too long is cut again.
_ROOMY: Final = 1700

Place = tuple[int, int | None]


def address_of(person: int, guild: int | None = None, channel: int | None = None) -> str:
    """Where an answer goes: to a person, wherever they are met alone, or to a guild's channel."""
    return f"discord:{person}" if guild is None or channel is None else room_of(guild, channel)


def room_of(guild: int, channel: int) -> str:
    """The address of a guild's channel, or of a thread in it."""
    return f"discord:{guild}:{channel}"


def place_of(address: str) -> Place:
    """The person of an address, or its guild and channel.

    Raises:
        RejectedError: when it is none of ours.
    """
    found = re.fullmatch(r"discord:([0-9]{1,20})(?::([0-9]{1,20}))?", address)
    if found is None:
        raise RejectedError(
            f"address: expected discord:<person> or discord:<guild>:<channel>, found {address!r}"
        )
    return int(found[1]), int(found[2]) if found[2] else None


def receipt_of(channel: int, message: int) -> str:
    """What a message of a channel is called."""
    return f"{channel}:{message}"


def message_of(receipt: str) -> tuple[int, int] | None:
    """The channel and number of the message that a receipt names, if it is one of ours."""
    found = re.fullmatch(r"([0-9]{1,20}):([0-9]{1,20})", receipt)
    return (int(found[1]), int(found[2])) if found is not None else None


# Reading -----------------------------------------------------------------------------------------


class HeardFile(BaseModel):
    model_config = ConfigDict(frozen=True)

    url: str
    name: str
    size: int | None = None


class Heard(BaseModel):
    """What somebody did, as it is kept until it is dealt with.

    `guild` and `channel` are None where the person is met alone: in their direct messages, or by a
    command whose answer only they see. `group` is then the address of the server's channel where
    they did it, and `parent` that of the channel around a thread. `press` is the interaction's id.
    """

    model_config = ConfigDict(frozen=True)

    did: Literal["said", "pressed", "sent_something_else", "ignored"]
    person: int
    guild: int | None = None
    channel: int | None = None
    text: str = ""
    language: str | None = None
    thing: str = ""
    is_addressed: bool = True
    is_forwarded: bool = False
    file: HeardFile | None = None
    replied: str = ""
    replied_file: HeardFile | None = None
    # What follows is missing in what older versions kept.
    group: str = ""
    parent: str = ""
    name: str = ""
    press: str = ""
    message: str = ""
    replied_to: str = ""

    @property
    def address(self) -> str:
        return address_of(self.person, self.guild, self.channel)


def read_heard(raw: str) -> Event:
    """Say what was kept means.

    Raises:
        UnreadableEventError: when it has no shape that we know; nothing else, whatever `raw` is.
    """
    try:
        heard = Heard.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(one) for one in first["loc"])
        raise UnreadableEventError(f"{place or 'the record'}: {first['msg']}") from None
    return Event(
        Did(heard.did),
        str(heard.person),
        heard.address,
        is_private=heard.channel is None,
        text=sound(heard.text).replace("\0", ""),
        language=heard.language,
        thing=heard.thing,
        press=heard.press,
        is_addressed=heard.is_addressed,
        is_forwarded=heard.is_forwarded,
        file=_sent(heard.file),
        replied=sound(heard.replied),
        replied_file=_sent(heard.replied_file),
        group=heard.group or ("" if heard.channel is None else heard.address),
        parent=heard.parent,
        name=called(heard.name),
        message=heard.message,
        replied_to=heard.replied_to,
    )


def _sent(file: HeardFile | None) -> SentFile | None:
    return None if file is None else SentFile(file.url, file.name, file.size)


_THINGS: Final = (("image/", "photo"), ("video/", "video"), ("audio/", "voice"))


def thing_of(content_type: str | None) -> str:
    """What a person sent beside words; Discord tells the type of most files."""
    return next(
        (one for begin, one in _THINGS if (content_type or "").startswith(begin)), "document"
    )


def without_mention(text: str, bot_id: int) -> str:
    return re.sub(rf"[ \t]*<@!?{bot_id}>", "", text).strip()


# Writing -----------------------------------------------------------------------------------------


def parts_of(markup: str) -> list[str]:
    """A message in Discord's own markup, in parts that it takes; blank ones are left out."""
    whole = styled(sound(markup))
    parts = [text for part in _cut(whole, _ROOMY) if not is_blank(text := _written(part))]
    return parts or ["…"]


def card_of(markup: str) -> str | None:
    """The whole of a message as the words of one embed; None where one message or none holds it."""
    whole = _written(styled(sound(markup)))
    fits = MOST_CHARACTERS < utf16_units(whole) <= MOST_IN_A_CARD
    return whole if fits else None


def plain_of(words: str) -> str:
    """Words that are no markup, as they read in one message; "" when there is nothing to see."""
    return frame_of(escape(words))


def title_of(words: str) -> str:
    """The title of a thread."""
    title = cut(" ".join(sound(words).split()), MOST_IN_A_TITLE)
    return "…" if is_blank(title) else title


def frame_of(markup: str) -> str:
    """The words of a growing answer, as many as one message holds."""
    whole = styled(sound(markup))
    return next(
        iter(text for part in _cut(whole, _ROOMY) if not is_blank(text := _written(part))), ""
    )


def _cut(whole: StyledText, most: int) -> Iterator[StyledText]:
    for part in split(whole, most, _MOST_ENTITIES, utf16_units):
        if utf16_units(_written(part)) <= MOST_CHARACTERS or most < 20:
            yield part
        else:
            yield from _cut(part, most // 2)


_SIGNS: Final = {"bold": "**", "italic": "*", "strikethrough": "~~"}
# An address stays as it is, or it would lead nowhere; every other sign reads as itself.
_TO_ESCAPE: Final = re.compile(
    r"(https?://[^\s<>]+)|([\\*_~|`\[\]<])|(?m:^(?=(?:#{1,3}|-#|>{1,3}) ))"
)


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: found[1] or f"\\{found[2] or ''}", text)


def _written(part: StyledText) -> str:
    """One part in Discord's markup."""
    return _written_between(part, 0, len(part.text), _widest_first(part.entities))


def _widest_first(entities: Sequence[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda one: (one.start, -one.end))


def _written_between(part: StyledText, start: int, end: int, entities: Sequence[Entity]) -> str:
    """The text of a stretch; entities inside one another are written from the outside in."""
    written: list[str] = []
    at = start
    left = [one for one in entities if one.start < end and one.end > start]
    while left:
        outer = left.pop(0)
        begin, stop = max(at, outer.start), min(outer.end, end)
        if begin >= stop:
            continue
        inside = [one for one in left if one.start < stop]
        left = [one for one in left if one.end > stop]
        written.append(_escaped(part.text[at:begin]))
        written.append(_dressed(part, outer, begin, stop, inside))
        at = stop
    written.append(_escaped(part.text[at:end]))
    return "".join(written)


def _dressed(
    part: StyledText, outer: Entity, start: int, end: int, inside: Sequence[Entity]
) -> str:
    plain = part.text[start:end]
    if outer.style == "pre":
        return _block(plain, outer.detail)
    if outer.style == "code":
        return _code(plain)
    words = _written_between(part, start, end, inside)
    if outer.style == "quote":
        return "\n".join(f"> {line}" for line in words.split("\n"))
    if outer.style == "link":
        return _link(words, plain, outer.detail)
    # A sign beside a space would be read as itself.
    bare = words.strip()
    sign = _SIGNS[outer.style]
    return words.replace(bare, f"{sign}{bare}{sign}", 1) if bare else words


def _block(code: str, language: str) -> str:
    # Nothing ends a block early but its own sign, and nobody sees a space without width.
    inside = code.replace("```", "`\u200b``")
    name = language if re.fullmatch(r"[\w+#-]{1,20}", language) else ""
    return f"```{name}\n{inside}\n```"


def _code(text: str) -> str:
    if "`" not in text:
        return f"`{text}`"
    return f"`` {text} ``" if "``" not in text else _escaped(text)


def _link(words: str, plain: str, target: str) -> str:
    """A link without a preview; Discord shows no link whose words are an address themselves."""
    if not re.match(r"https?://[^\s<>()]+$", target):
        return words
    if "://" in plain or plain == target:
        return f"<{target}>"
    return f"[{words}](<{target}>)"


def rows_of(message: Message) -> list[list[list[tuple[Button, int]]]]:
    """The buttons with their places, as messages of rows that Discord takes.

    A message has five rows of five; whatever is more comes in a message of its own.
    """
    place = 0
    rows: list[list[tuple[Button, int]]] = []
    for row in message.buttons:
        placed = [(button, place + n) for n, button in enumerate(row)]
        place += len(row)
        rows += [placed[n : n + MOST_IN_A_ROW] for n in range(0, len(placed), MOST_IN_A_ROW)]
    if len(rows) > MOST_IN_A_ROW:
        # Closer together, as long as they all fit.
        all_of_them = [one for row in rows for one in row]
        rows = [all_of_them[n : n + MOST_IN_A_ROW] for n in range(0, place, MOST_IN_A_ROW)]
    return [rows[n : n + MOST_IN_A_ROW] for n in range(0, len(rows), MOST_IN_A_ROW)]


def label_of(button: Button) -> str:
    label = cut(sound(button.label), MOST_IN_A_LABEL)
    return "…" if is_blank(label) else label
