"""What the conversation is given for one turn, and whose words it holds."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from store.conversation import FOREIGN, Message, Window
from tools.briefing import Briefing
from tools.context import Context

# Code, quotes and what stands in quotation marks: somebody else speaks there, or nobody.
_NOT_OWN = re.compile(
    r"^[ \t]*(?P<fence>```+|~~~+).*?(?:^[ \t]*(?P=fence)[ \t]*$|\Z)"
    r"|```.*?(?:```|\Z)"
    r"|^[ \t]*(?:[>＞》|│┃]|<blockquote).*?$"
    r"|^(?: {4}|\t).*?$"
    r"|“[^”]{12,}(?:”|\Z)|「[^」]{12,}(?:」|\Z)|『[^』]{12,}(?:』|\Z)|\"[^\"\n]{24,}\"",
    re.DOTALL | re.MULTILINE,
)
# What a learner types by hand in one message is hardly longer; more was pasted.
TYPED_BY_HAND = 400
LINES_BY_HAND = 5


def own_words(text: str) -> str:
    """What the learner says themselves in a text."""
    return _NOT_OWN.sub("\n", text).strip()


def is_own(text: str) -> bool:
    """Whether nothing but the learner seems to speak in a text."""
    return _is_typed(text) and own_words(text) == text.strip()


def _is_typed(text: str) -> bool:
    return len(text) <= TYPED_BY_HAND and text.count("\n") < LINES_BY_HAND


def heard(text: str, *, is_forwarded: bool) -> Message:
    """A learner's message as the window keeps it, marked when others speak in it."""
    content: dict[str, object] = {"text": text}
    if is_forwarded or not is_own(text):
        content[FOREIGN] = True
    return Message("human", content)


@dataclass(frozen=True)
class Turn:
    """One text of a learner's, with what a model should know before it reads it.

    `briefing` is None when no model will read it. `is_forwarded` is true for somebody else's words
    that the learner passed on.
    """

    context: Context
    text: str
    past: Window = field(default_factory=Window)
    briefing: Briefing | None = None
    is_forwarded: bool = False

    @cached_property
    def own_words(self) -> str:
        """What the learner says themselves, beside what they paste, quote or pass on.

        Of much text without a mark nobody knows whose it is.
        """
        own = "" if self.is_forwarded else own_words(self.text)
        return own if _is_typed(own) else ""

    @property
    def is_unmarked(self) -> bool:
        """Whether nothing in it is marked as another's; rules, who obey nobody, need no more."""
        return not self.is_forwarded and own_words(self.text) == self.text.strip()

    @property
    def is_own(self) -> bool:
        """Whether nothing but the learner speaks in it."""
        return not self.is_forwarded and is_own(self.text)

    @property
    def is_among_own(self) -> bool:
        """Whether nothing but the learner speaks in all that a model will read.

        Only then is a model's word enough to change how they study: a pasted text could have said
        it, some turns ago as well.
        """
        return self.is_own and not self.past.is_foreign
