"""The agent, loaded behind the first answers: its libraries take a second and 40 MB."""

import asyncio
import importlib
from collections.abc import Sequence
from typing import Any

from agent.reply import Reply
from bot.settings import Settings
from bot.turns import Conversation, Show
from learning.concepts import Concept
from learning.quiz.drafts import Passed
from learning.quiz.items import OpenItem
from learning.values import Language
from store.conversation import Message
from store.sqlite import SqliteStore
from tools.context import Context


class LoadedLater:
    """A conversation whose libraries are imported in a thread, once, when it is first needed.

    `settings` with a key bring the model; None, or no key, means offline.
    """

    def __init__(self, store: SqliteStore, settings: Settings | None) -> None:
        self._store = store
        self._settings = settings
        self._loading: asyncio.Task[Conversation] | None = None

    def start_loading(self) -> "asyncio.Task[Conversation]":
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(self._load))
        return self._loading

    def _load(self) -> Conversation:
        agent: Any = importlib.import_module("agent.mentor")
        model = None
        settings = self._settings
        if settings is not None and settings.model_key is not None:
            client: Any = importlib.import_module("agent.model")
            model = client.chat_model(
                model=settings.model,
                key=settings.model_key.reveal(),
                base_url=settings.model_base_url,
                proxy=settings.model_proxy,
            )
        conversation: Conversation = agent.AgentConversation(self._store, model)
        return conversation

    @property
    def has_model(self) -> bool:
        return self._settings is not None and self._settings.model_key is not None

    async def answer(
        self, context: Context, past: Sequence[Message], text: str, show: Show | None = None
    ) -> Reply:
        conversation = await asyncio.shield(self.start_loading())
        return await conversation.answer(context, past, text, show)

    async def judge(self, item: OpenItem, text: str, language: Language) -> tuple[bool, ...] | None:
        conversation = await asyncio.shield(self.start_loading())
        return await conversation.judge(item, text, language)

    async def draft(self, concept: Concept, language: Language) -> Passed | None:
        conversation = await asyncio.shield(self.start_loading())
        return await conversation.draft(concept, language)
