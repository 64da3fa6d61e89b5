"""What a turn of conversation came to, before anything of it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from store.conversation import Message
from tools.registry import Call


@dataclass(frozen=True, slots=True)
class Reply:
    """`calls` are to be performed for good, in order, when the turn is committed.

    `words` are the model's own; `say` names a sentence of the mentor's. `is_reduced` is true
    when the model failed and the offline mentor answered; `notice` names what is said of that.
    `values` fill the gaps of that sentence. `doubtful` is what the words may mean, for the learner
    to choose from.
    A reply that was stopped has the words that were shown by then.
    `messages` is the turn as the window will show it later; None leaves that to what was said and
    answered.
    """

    calls: tuple[Call, ...] = ()
    words: str | None = None
    say: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    doubtful: tuple[Call, ...] = ()
    is_reduced: bool = False
    is_stopped: bool = False
    notice: str | None = None
    messages: tuple[Message, ...] | None = None
