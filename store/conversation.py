"""What was said: an append-only table, the window of it that a model is shown, and its summary."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from store.learners import epoch
from store.script import Row, Script, change, change_each, row, rows

Role = Literal["human", "ai", "tool"]
FOREIGN = "foreign"

# The window grows to one of these and is then cut to about two thirds. Between two cuts its
# beginning stays the same, so that a provider's prompt cache keeps matching; and as a cut takes
# only a third, no prompt is much longer than an earlier one.
WINDOW_GROWS_TO = 36
WINDOW_BYTES = 14_000
_KEPT_BY_A_CUT = 2 / 3
# When nobody cuts it, for want of a model's time, reading stops here.
MOST_READ = 2 * WINDOW_GROWS_TO


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation; `content` is plain JSON, as the agent reads it."""

    role: Role
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """The recent messages of a conversation, and a summary of what was said before them."""

    messages: tuple[Message, ...] = ()
    summary: str | None = None
    sums_up_foreign: bool = False

    @property
    def is_foreign(self) -> bool:
        """Whether somebody else than the learner and the mentor speaks in it."""
        return self.sums_up_foreign or any(map(is_foreign, self.messages))


@dataclass(frozen=True, slots=True)
class Outgrown:
    """The messages that a cut takes off a window, the oldest first.

    The window then begins with message `first_seq`.
    """

    messages: tuple[Message, ...]
    summary: str | None
    first_seq: int
    is_foreign: bool


def is_foreign(message: Message) -> bool:
    """Whether a message of the learner's holds what others said: a paste, a quote, a forward."""
    return bool(message.content.get(FOREIGN))


def remember(
    address: str, learner: int, turn: str, messages: Sequence[Message], now: datetime
) -> Script[None]:
    """Append a turn's messages; a turn is remembered once."""
    yield from change_each(
        "insert into messages (address, learner, turn, position, role, content, at) "
        "values (:address, :learner, :turn, :position, :role, :content, :now) "
        "on conflict (turn, position) do nothing",
        [
            {
                "address": address,
                "learner": learner,
                "turn": turn,
                "position": position,
                "role": message.role,
                "content": json.dumps(message.content, ensure_ascii=False),
                "now": epoch(now),
            }
            for position, message in enumerate(messages)
        ],
    )


def window(address: str, learner: int) -> Script[Window]:
    """The recent messages between a learner and the mentor at one address.

    It begins with one of the learner's, and never reads more than the window.
    """
    recent = yield from _recent(address, learner)
    messages = tuple(_message(one) for one in _from_a_learner(recent))
    summary = yield from _summary(address, learner)
    if summary is None:
        return Window(messages)
    return Window(messages, summary["words"], bool(summary["is_foreign"]))


def outgrown(address: str, learner: int) -> Script[Outgrown | None]:
    """What is to be cut off the window, if it has grown too long."""
    # Asked after every turn, and nearly always answered with no: that is done without reading.
    held = yield from row(
        "select count(*) as messages, sum(octet_length(content)) as bytes "
        f"from (select content {_IN_WINDOW}) as held",
        address=address,
        learner=learner,
        limit=MOST_READ,
    )
    if held is None or not held["messages"]:
        return None
    if held["messages"] <= WINDOW_GROWS_TO and held["bytes"] <= WINDOW_BYTES:
        return None
    recent = yield from _recent(address, learner)
    sizes = [len(one["content"].encode()) for one in recent]
    kept: list[Row] = []
    room = WINDOW_BYTES * _KEPT_BY_A_CUT
    for one, size in zip(reversed(recent), reversed(sizes), strict=True):
        room -= size
        if room < 0 or len(kept) >= WINDOW_GROWS_TO * _KEPT_BY_A_CUT:
            break
        kept.insert(0, one)
    kept = _from_a_learner(kept)
    first_seq = kept[0]["seq"] if kept else recent[-1]["seq"] + 1
    off = tuple(_message(one) for one in recent if one["seq"] < first_seq)
    summary = yield from _summary(address, learner)
    was_foreign = summary is not None and bool(summary["is_foreign"])
    words = summary["words"] if summary is not None else None
    return Outgrown(off, words, first_seq, was_foreign or any(map(is_foreign, off)))


def cut_window(
    address: str, learner: int, long: Outgrown, summary: str | None, now: datetime
) -> Script[None]:
    """Cut off what has outgrown a window; without a new summary the old one stays.

    For a learner who has been forgotten meanwhile nothing is kept.
    """
    if (yield from row("select 1 from learners where id = :learner", learner=learner)) is None:
        return
    yield from change(
        "insert into windows (address, learner, first_seq) "
        "values (:address, :learner, :first) "
        "on conflict (address, learner) do update set first_seq = excluded.first_seq",
        address=address,
        learner=learner,
        first=long.first_seq,
    )
    if summary is not None:
        yield from change(
            "insert into summaries (address, learner, words, is_foreign, until_seq, made_at) "
            "values (:address, :learner, :words, :is_foreign, :until, :now) "
            "on conflict (address, learner) do update set words = excluded.words, "
            "is_foreign = excluded.is_foreign, until_seq = excluded.until_seq, "
            "made_at = excluded.made_at",
            address=address,
            learner=learner,
            words=summary,
            is_foreign=int(long.is_foreign),
            until=long.first_seq - 1,
            now=epoch(now),
        )


_IN_WINDOW = (
    "from messages where address = :address and learner = :learner and seq >= coalesce("
    "(select first_seq from windows where address = :address and learner = :learner), 0) "
    "order by seq desc limit :limit"
)


def _recent(address: str, learner: int) -> Script[list[Row]]:
    newest_first = yield from rows(
        f"select seq, role, content {_IN_WINDOW}",
        address=address,
        learner=learner,
        limit=MOST_READ,
    )
    return list(reversed(newest_first))


def _from_a_learner(recent: Sequence[Row]) -> list[Row]:
    first = next((n for n, one in enumerate(recent) if one["role"] == "human"), len(recent))
    return list(recent[first:])


def _message(found: Row) -> Message:
    return Message(found["role"], json.loads(found["content"]))


def _summary(address: str, learner: int) -> Script[Row | None]:
    return (
        yield from row(
            "select words, is_foreign from summaries "
            "where address = :address and learner = :learner",
            address=address,
            learner=learner,
        )
    )
