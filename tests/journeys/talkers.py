"""Learners whose mentor has a model: the whole program over a fake one on loopback."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bot.ask import Asked, Asker
from bot.loading import LoadedLater
from bot.process import Process
from bot.settings import read_settings
from tests.fakes.model import FakeModel
from tests.journeys.people import Person, at, house
from tools.allowance import Allowance

MORNING = at("2026-11-23 09:00")


# Asyncio spells out what a fixture gives, and this one holds the whole catalogue.
@dataclass(slots=True, repr=False)
class Talker:
    """A learner at a terminal on the first day of the starter plan, and the model they talk to."""

    model: FakeModel
    person: Person
    loaded: list[LoadedLater] = field(default_factory=list)

    def start(self, allowance: Allowance | None = None, **settings: str) -> None:
        """Start the mentor, or start it anew over what the last one kept."""
        found = {"OPENAI_BASE_URL": self.model.url, "OPENAI_API_KEY": "key-of-the-model"}
        read = read_settings(found | settings)
        home = replace(house(self.person.language), allowance=allowance or read.allowance)
        self.person.asker = Asker(self.person.store, home, read, lambda: self.person.now)
        self.loaded.append(self.process.conversation)

    @property
    def process(self) -> Process:
        return self.person.asker._process

    async def say(self, text: str, *answers: str) -> Asked:
        """Say something, to which the model will answer these."""
        self.model.say(*answers)
        return await self.person.say(text)

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The bodies of the requests for an answer, without summaries and probes."""
        return [body for body in self.model.requests if body.get("tools")]

    def prompt(self, number: int = -1) -> str:
        """What a request held, but for its tools."""
        return json.dumps(self.asked[number]["messages"], ensure_ascii=False)


@asynccontextmanager
async def talking(person: Person | None = None, **settings: str) -> AsyncIterator[Talker]:
    async with FakeModel() as model:
        talker = Talker(model, person or Person(now=MORNING))
        talker.start(None, **settings)
        await talker.person.enrol()
        yield talker
        for one in talker.loaded:
            await one.close()
    talker.person.store.close()
