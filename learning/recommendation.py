"""Which curriculum? A few questions whose answers speak for some curricula."""

from typing import Annotated

from pydantic import Field

from learning.values import Id, Value, Words


class Reason(Value):
    """How strongly an answer speaks for a curriculum, or against it, and why."""

    curriculum: Id
    weight: Annotated[int, Field(ge=-9, le=9)]
    because: Words


class Reply(Value):
    """One answer a learner may give."""

    id: Id
    words: Words
    reasons: tuple[Reason, ...] = ()


class Question(Value):
    id: Id
    words: Words
    replies: Annotated[tuple[Reply, ...], Field(min_length=2)]
