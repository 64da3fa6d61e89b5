"""What was said: an append-only table, and the window of it that a model is shown."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from store.learners import epoch
from store.script import Script, change, change_each, row, rows

Role = Literal["human", "ai", "tool"]

# The window grows to 60 messages and is then cut to 30, so that between two cuts its beginning
# stays the same and a provider's prompt cache keeps matching (92 % of it, against 27 % when it
# slides by one).
WINDOW_GROWS_TO = 60
WINDOW_IS_CUT_TO = 30


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation; `content` is plain JSON, as the agent reads it."""

    role: Role
    content: Mapping[str, Any]


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


def window(address: str, learner: int) -> Script[Sequence[Message]]:
    """The recent messages between a learner and the mentor at one address.

    It begins with one of the learner's. Cuts the window when it has grown too long, and never
    reads more than the window.
    """
    found = yield from row(
        "select first_seq from windows where address = :address and learner = :learner",
        address=address,
        learner=learner,
    )
    newest_first = yield from rows(
        "select seq, role, content from messages where address = :address and learner = :learner "
        "and seq >= :first order by seq desc limit :limit",
        address=address,
        learner=learner,
        first=found["first_seq"] if found else 0,
        limit=WINDOW_GROWS_TO + 1,
    )
    recent = list(reversed(newest_first))
    if len(recent) > WINDOW_GROWS_TO:
        recent = recent[-WINDOW_IS_CUT_TO:]
    while recent and recent[0]["role"] != "human":
        recent.pop(0)
    if len(recent) < len(newest_first):
        yield from change(
            "insert into windows (address, learner, first_seq) "
            "values (:address, :learner, :first) "
            "on conflict (address, learner) do update set first_seq = excluded.first_seq",
            address=address,
            learner=learner,
            first=recent[0]["seq"] if recent else newest_first[0]["seq"] + 1,
        )
    return [Message(one["role"], json.loads(one["content"])) for one in recent]
