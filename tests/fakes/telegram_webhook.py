"""The other way to updates: Telegram posts them, each chat's in order, until they are taken.

Follows `WebhookActor` of tdlib/telegram-bot-api: so many posts at once, one for each chat, and
whatever is not answered with 2xx comes again, later and later.
"""

import asyncio
import re
from collections.abc import Coroutine, Sequence
from itertools import count
from typing import Any

import aiohttp

from tests.fakes.loopback import Json
from tests.fakes.telegram_rules import BotApiError, bad_request
from tests.fakes.telegram_updates import UpdateQueue, Waiting

AT_ONCE = 40
SECONDS_TO_ANSWER = 60.0
LONGEST_PAUSE = 5.0
ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first"
)


class Webhook:
    """Posts what waits in a queue; `route` says where the reverse proxy leads."""

    def __init__(self, updates: UpdateQueue) -> None:
        self.url = ""
        self.secret = ""
        self.route: list[str] = []
        self.answers: list[int] = []
        """The status of every answer; 0 where there was none."""
        self._updates = updates
        self._turn = count()
        self._busy: set[str] = set()
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def set(self, params: Json) -> None:
        """Take what `setWebhook` says; an empty address ends it."""
        url, secret = str(params.get("url") or ""), str(params.get("secret_token") or "")
        if url and not url.startswith("https://"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        self.url, self.secret = url, secret
        self.wake()
        if url and not self._tasks:
            self._start(self._post_on())

    def refuse_polls(self) -> None:
        if self.url:
            raise BotApiError(409, ACTIVE)

    def wake(self) -> None:
        self._news.set()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _post_on(self) -> None:
        timeout = aiohttp.ClientTimeout(total=SECONDS_TO_ANSWER)
        async with aiohttp.ClientSession(timeout=timeout) as client:
            while True:
                self._news.clear()
                for waiting in self._updates.waiting() if self.url else ():
                    chat = chat_of(waiting.update)
                    if len(self._busy) == AT_ONCE:
                        break
                    if chat not in self._busy:
                        self._busy.add(chat)
                        self._start(self._bring(client, chat, waiting))
                await self._news.wait()

    async def _bring(self, client: aiohttp.ClientSession, chat: str, waiting: Waiting) -> None:
        """Post one update until it is taken, or the webhook is no more."""
        pause = 0.1
        try:
            while self.url:
                status = await self._post(client, waiting.update)
                self.answers.append(status)
                if 200 <= status < 300:
                    self._updates.remove(waiting.update_id)
                    return
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
        finally:
            self._busy.discard(chat)
            self.wake()

    async def _post(self, client: aiohttp.ClientSession, update: Json) -> int:
        """Post where the reverse proxy leads, or to the next where nobody listens."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        targets: Sequence[str] = self.route or [self.url]
        first = next(self._turn)
        for number in range(len(targets)):
            target = targets[(first + number) % len(targets)]
            try:
                async with client.post(target, json=update, headers=headers) as answer:
                    return answer.status
            except (aiohttp.ClientConnectorError, aiohttp.ServerDisconnectedError):
                continue
            except (aiohttp.ClientError, TimeoutError):
                return 0
        return 0


def chat_of(update: Json) -> str:
    """What keeps its order: a chat, or whoever did something without one."""
    for value in update.values():
        if isinstance(value, dict):
            message = value.get("message", value)
            chat = message.get("chat") if isinstance(message, dict) else None
            who = chat or value.get("user") or value.get("from")
            if isinstance(who, dict):
                return str(who.get("id"))
    return str(update.get("update_id"))


def info(webhook: Webhook, pending: int) -> Json:
    """What `getWebhookInfo` tells."""
    return {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": pending,
        "max_connections": AT_ONCE,
    }
