"""Clients of the fake model that leave nothing behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from langchain_openai.chat_models import _client_utils

from agent.model import FastChatOpenAI, chat_model
from tests.fakes.model import FakeModel


@asynccontextmanager
async def talking_to(model: FakeModel, seconds: float) -> AsyncIterator[FastChatOpenAI]:
    client = chat_model(model="m", key="k", base_url=model.url, proxy=None, seconds=seconds)
    yield client
    await hang_up(client)


async def hang_up(client: FastChatOpenAI) -> None:
    """Close the client's connections, and let no later test have them.

    langchain_openai keeps one HTTP client for each address: a test that is given the same port
    again would talk through the event loop of one that is over.
    """
    _client_utils._cached_async_httpx_client.cache_clear()
    await client.root_async_client.close()
