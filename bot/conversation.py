"""What a turn asks of the agent: words, and judgements that only a model can give."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from agent.reply import Reply
from agent.turn import Turn
from learning.code_review.examined import Examined
from learning.code_review.findings import Finding, Remark
from learning.code_review.rulebook import ReviewRule
from learning.concepts import Concept
from learning.interviews import Assessed
from learning.quiz.drafts import Passed
from learning.quiz.items import OpenItem
from learning.values import Language
from store.conversation import Outgrown
from tools.briefing import Briefing
from tools.interviews import Told

Show = Callable[[str], Awaitable[None]]


class Conversation(Protocol):
    """Answers free text, and asks a model what only a model can say.

    `is_down` is true while no model may be asked, and every question comes back unanswered at once.
    `show` takes the answer as it grows. What is asked of a model comes back as None when there is
    none, when it fails, and when its words are of no use.
    """

    @property
    def has_model(self) -> bool: ...

    @property
    def is_down(self) -> bool: ...

    async def answer(self, turn: Turn, show: Show | None = None) -> Reply: ...

    async def judge(
        self, item: OpenItem, text: str, language: Language
    ) -> tuple[bool, ...] | None: ...

    async def assess(self, told: Told, language: Language) -> Assessed | None: ...

    async def remark(
        self,
        files: Sequence[Examined],
        findings: Sequence[Finding],
        rules: Mapping[str, ReviewRule],
        said: str,
        language: Language,
    ) -> tuple[Remark, ...] | None: ...

    async def draft(self, concept: Concept, language: Language) -> Passed | None: ...

    async def summarise(self, outgrown: Outgrown, language: Language) -> str | None: ...

    async def coach(self, briefing: Briefing, language: Language) -> str | None: ...

    async def close(self) -> None: ...
