"""What the conversation is given for one turn."""

import re
from dataclasses import dataclass, field

from store.conversation import Window
from tools.briefing import Briefing
from tools.context import Context

_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTED = re.compile(r"^\s*[>》].*$", re.MULTILINE)
# What a learner types by hand in one message is hardly longer; more was pasted.
TYPED_BY_HAND = 600


@dataclass(frozen=True, slots=True)
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

    @property
    def has_own_words(self) -> bool:
        """Whether the learner speaks in it at all, beside what they paste, quote or pass on."""
        return not self.is_forwarded and bool(self._own)

    @property
    def is_own_words(self) -> bool:
        """Whether nothing but the learner speaks in it.

        Only then may a model change settings in this turn: a pasted text cannot.
        """
        own = self._own
        is_whole = len(own) == len(self.text.strip())
        return self.has_own_words and is_whole and len(own) <= TYPED_BY_HAND

    @property
    def _own(self) -> str:
        return _QUOTED.sub("", _FENCED.sub("", self.text)).strip()
