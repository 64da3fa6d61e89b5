"""The agent, loaded behind the first answers: its libraries take a second and 40 MB."""

import asyncio
import importlib
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.reply import Reply
from agent.turn import Turn
from bot.conversation import Conversation, Show
from bot.settings import Settings
from learning.code_review.examined import Examined
from learning.code_review.findings import Finding, Remark
from learning.code_review.rulebook import ReviewRule
from learning.concepts import Concept
from learning.interviews import Assessed
from learning.quiz.drafts import Passed
from learning.quiz.items import OpenItem
from learning.values import Language
from store.conversation import Outgrown
from store.port import Store
from tools.briefing import Briefing
from tools.interviews import Told

log = logging.getLogger("mentor.agent")


class LoadedLater:
    """A conversation whose libraries are imported in a thread, once, when it is first needed.

    `settings` with a model bring one; None, or settings without, means offline, and so do models
    that cannot be made.
    """

    def __init__(self, store: Store, settings: Settings | None) -> None:
        self._store = store
        self._endpoints = settings.models if settings is not None else None
        self._models: Any = None
        self._loading: asyncio.Task[Conversation] | None = None
        self._loaded: Conversation | None = None

    def start_loading(self) -> "asyncio.Task[Conversation]":
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(self._load))
        return self._loading

    def _load(self) -> Conversation:
        agent: Any = importlib.import_module("agent.mentor")
        loaded: Conversation = self._with_models(agent.AgentConversation) or (
            agent.AgentConversation(self._store)
        )
        self._loaded = loaded
        return loaded

    def _with_models(self, make: Callable[..., Conversation]) -> Conversation | None:
        """The conversation with its models; None when there are none, now or from the start."""
        if self._endpoints is None:
            return None
        try:
            client: Any = importlib.import_module("agent.model")
            self._models = models = client.chat_models(self._endpoints)
            in_turn = [one for one in (models.main, models.fallback) if one is not None]
            return make(self._store, in_turn, models.small, seconds=self._endpoints.patience.whole)
        except Exception as error:  # noqa: BLE001 -- whatever a library dislikes, learners are answered
            self._endpoints = None
            # Its words may hold a proxy's name and password.
            log.error(  # noqa: TRY400 -- the trace would repeat them
                "the models could not be made (%s); the offline mentor answers until the next "
                "start. Look at the proxy settings (OPENAI_PROXY, ALL_PROXY, HTTPS_PROXY, "
                "HTTP_PROXY) and at the installed libraries.",
                type(error).__name__,
            )
            return None

    @property
    def has_model(self) -> bool:
        return self._endpoints is not None

    @property
    def is_down(self) -> bool:
        """Whether no model may be asked just now; not known before anybody has asked."""
        return self._loaded is not None and self._loaded.is_down

    async def answer(self, turn: Turn, show: Show | None = None) -> Reply:
        conversation = await asyncio.shield(self.start_loading())
        return await conversation.answer(turn, show)

    async def judge(self, item: OpenItem, text: str, language: Language) -> tuple[bool, ...] | None:
        conversation = await asyncio.shield(self.start_loading())
        return await conversation.judge(item, text, language)

    async def assess(self, told: Told, language: Language) -> Assessed | None:
        conversation = await asyncio.shield(self.start_loading())
        return await conversation.assess(told, language)

    async def remark(
        self,
        files: Sequence[Examined],
        findings: Sequence[Finding],
        rules: Mapping[str, ReviewRule],
        said: str,
        language: Language,
    ) -> tuple[Remark, ...] | None:
        conversation = await asyncio.shield(self.start_loading())
        return await conversation.remark(files, findings, rules, said, language)

    async def draft(self, concept: Concept, language: Language) -> Passed | None:
        conversation = await asyncio.shield(self.start_loading())
        return await conversation.draft(concept, language)

    async def summarise(self, outgrown: Outgrown, language: Language) -> str | None:
        conversation = await asyncio.shield(self.start_loading())
        return await conversation.summarise(outgrown, language)

    async def coach(self, briefing: Briefing, language: Language) -> str | None:
        conversation = await asyncio.shield(self.start_loading())
        return await conversation.coach(briefing, language)

    async def close(self) -> None:
        """Stop looking after the models, and hang up."""
        if self._loading is None or not self._loading.done():
            return
        if self._loaded is not None:
            await self._loaded.close()
        if self._models is not None:
            await self._models.close()
