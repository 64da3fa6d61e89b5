"""The conversation behind the first answers: a model that cannot be had costs nobody an answer."""

import logging
import subprocess
import sys

import pytest

from bot.ask import Asker
from bot.settings import read_settings
from store.errors import StorageClosedError
from store.script import rows
from tests.journeys.people import Person, house, text_of
from tools.registry import Call

FOUND = {"OPENAI_API_KEY": "key-of-the-model", "OPENAI_BASE_URL": "https://model.example/v1"}


async def somebody() -> Person:
    """A learner whose mentor was given a model."""
    person = Person()
    person.asker = Asker(person.store, house(), read_settings(FOUND), lambda: person.now)
    await person.enrol()
    return person


@pytest.mark.parametrize("what", ["a proxy of no known kind", "a library that is missing"])
async def test_models_that_cannot_be_made_leave_the_offline_mentor(
    what: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if what == "a library that is missing":
        monkeypatch.setitem(sys.modules, "agent.model", None)
    else:
        monkeypatch.setenv("all_proxy", "foo://me:hunter2@proxy.example:1080")
    person = await somebody()

    with caplog.at_level(logging.INFO):
        first = await person.say("今天学什么")
        second = await person.say("今天学什么")

    assert first.calls == second.calls == (Call("show_plan", {"span": "today"}),)
    assert "模型" not in text_of(second)
    assert not person.asker._process.conversation.has_model
    assert "offline" in caplog.text
    for secret in ("hunter2", "proxy.example", "model.example", "key-of-the-model"):
        assert secret not in caplog.text
    person.store.close()


async def test_a_conversation_that_could_not_be_loaded_does_not_keep_the_store_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "agent.mentor", None)
    person = await somebody()
    await person.say("今天学什么")

    await person.asker._process.stop()

    with pytest.raises(StorageClosedError):
        await person.ask_store(rows, "select 1")


def test_the_first_answers_wait_for_no_library_of_the_agent() -> None:
    code = "import sys, bot.cli; print({'langchain_core', 'langgraph'} & set(sys.modules))"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout

    assert printed == b"set()\n"
