"""What a turn of conversation came to, before anything of it is kept."""

from dataclasses import dataclass

from store.conversation import Message
from tools.registry import Call


@dataclass(frozen=True, slots=True)
class Reply:
    """`calls` are to be performed for good, in order, when the turn is committed.

    `words` are the model's own; `say` names a sentence of the mentor's. `is_reduced` is true
    when the model failed and the offline mentor answered. `messages` is the turn as the window
    will show it later.
    """

    calls: tuple[Call, ...]
    words: str | None
    say: str | None
    is_reduced: bool
    messages: tuple[Message, ...]
