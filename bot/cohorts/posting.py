"""A post in a group as a delivery, under a key that tells what it belongs to."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.message import Message
from store.outbox import Delivery, Owed, owe
from store.rounds import RoundQuestion
from store.script import Script


@dataclass(frozen=True, slots=True)
class Post:
    """Something said to all at an address; its key makes it once, and late it is not sent."""

    key: str
    address: str
    message: Message
    expires_at: datetime | None = None

    def owe(self, now: datetime) -> Script[tuple[Owed, ...]]:
        delivery = Delivery(
            key=self.key,
            platform=self.address.partition(":")[0],
            address=self.address,
            learner=None,
            kind="group",
            body=self.message.to_json(),
            expires_at=self.expires_at,
        )
        return tuple((yield from owe([delivery], now)))


def round_key(of: int, what: str) -> str:
    """The key of a post of a round's; an answer to the post is given to the round."""
    return f"round:{of}:{what}"


def question_key(question: RoundQuestion) -> str:
    return round_key(question.round, f"question:{question.place}")


def round_of_key(key: str) -> int | None:
    found = re.match(r"round:(\d+):", key)
    return int(found[1]) if found else None


def place_of_question(key: str) -> int | None:
    """Which question of its round a post is about; None is the last one."""
    found = re.match(r"round:\d+:question:(\d+)", key)
    return int(found[1]) if found else None


def is_call_for_help(key: str) -> bool:
    """Whether a post asks the others for help, or says what with."""
    return re.match(r"round:\d+:(help|trouble):", key) is not None
