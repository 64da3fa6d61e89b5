"""What the conversation is given for one turn, and whose words it holds."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from store.conversation import FOREIGN, Message, Window
from tools.briefing import Briefing
from tools.context import Context

# Code in a line, quotes and what stands in quotation marks: somebody else speaks there, or nobody.
_NOT_OWN = re.compile(
    r"```.*?(?:```|\Z)"
    r"|^[ \t]*(?:[>＞》|│┃]|<blockquote).*?$"
    r"|^(?: {4}|\t).*?$"
    r"|“[^”]{12,}(?:”|\Z)|「[^」]{12,}(?:」|\Z)|『[^』]{12,}(?:』|\Z)|\"[^\"\n]{24,}\"",
    re.DOTALL | re.MULTILINE,
)
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})", re.MULTILINE)
# Stands for a letter that is not the learner's.
_ELSE = "\0"
# What a learner types by hand in one message is hardly longer; more was pasted.
TYPED_BY_HAND = 400
LINES_BY_HAND = 5


def own_words(text: str) -> str:
    """What the learner says themselves in a text.

    A fence that was typed and never closed could take one inside a block for its end, and hand the
    rest of the block to the learner. So both kinds of fences are read first, each in its turn, and
    only what is outside by both readings is theirs.
    """
    readings = (_hidden(text, "~`"), _hidden(text, "`~"))
    own = (one if one == other else _ELSE for one, other in zip(*readings, strict=True))
    return re.sub(f"{_ELSE}+", "\n", "".join(own)).strip()


def _hidden(text: str, signs: str) -> str:
    """A text whose blocks, those of the first sign first, and quotes are blotted out."""
    for sign in signs:
        fences = {one for one in _FENCE.findall(text) if one[0] == sign}
        # The longest first: a block's fence is longer than those that it holds.
        for fence in sorted(fences, key=len, reverse=True):
            block = rf"^[ \t]*{fence}(?!{sign}).*?(?:^[ \t]*{fence}[ \t]*$|\Z)"
            text = re.sub(block, _blotted, text, flags=re.DOTALL | re.MULTILINE)
    return _NOT_OWN.sub(_blotted, text)


def _blotted(found: re.Match[str]) -> str:
    return _ELSE * len(found[0])


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
