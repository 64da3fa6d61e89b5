"""The conversation with a model that obeys, misbehaves or is not there."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from agent.mentor import AgentConversation
from agent.model import FastChatOpenAI
from agent.reply import Reply
from agent.turn import Turn
from store.conversation import Message, Window
from store.learners import add_learner, learner_with
from store.port import Store
from store.script import rows
from tests.agent.clients import talking_to
from tests.fakes.model import Call as ModelCall
from tests.fakes.model import FakeModel, Fault
from tests.faults.harness import until
from tests.journeys.people import catalogue
from tests.stores import new_store
from tools.briefing import Briefing
from tools.context import Context
from tools.registry import Call, perform

NOTHING_KNOWN = Briefing(None, (), (), None)
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@dataclass(slots=True)
class Scene:
    model: FakeModel
    store: Store
    conversation: AgentConversation
    learner: int

    async def say(self, text: str, past: tuple[Message, ...] = (), show: Any = None) -> Reply:
        learner = await self.store.run(learner_with, self.learner)
        context = Context(learner, catalogue(), "console:local", NOW)
        window = Window(past)
        return await self.conversation.answer(Turn(context, text, window, NOTHING_KNOWN), show)

    async def is_back(self) -> None:
        async def back() -> bool:
            return not self.conversation.is_down

        await until(back, 5, "the model to be back")


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    store = new_store()
    learner = await store.run(
        add_learner, "console", "local", "console:local", "zh", "Asia/Shanghai", NOW
    )
    context = Context(learner, catalogue(), "console:local", NOW)
    start = {"confirmed": True, "curriculum": "starter-30", "hours_a_week": 10}
    await store.run(perform, context, Call("start_curriculum", {**start, "start": "2026-11-24"}))
    async with FakeModel() as model, talking_to(model, seconds=1) as client:
        conversation = AgentConversation(store, [client], looks=(0.02,))
        yield Scene(model, store, conversation, learner.id)
        await conversation.close()
    store.close()


async def test_words_of_the_model_are_the_reply(scene: Scene) -> None:
    scene.model.say("注意力就是加权平均。")

    reply = await scene.say("注意力是什么感觉？")

    assert reply.words == "注意力就是加权平均。"
    assert not reply.is_reduced


async def test_a_tool_the_model_calls_is_rehearsed_and_kept_for_the_commit(scene: Scene) -> None:
    scene.model.call(ModelCall("mark_task", {"outcome": "done", "tasks": ["first-run"]}))
    scene.model.say("不错！")

    reply = await scene.say("第一个做完了")

    assert reply.calls == (Call("mark_task", {"outcome": "done", "tasks": ["first-run"]}),)
    assert await scene.store.run(rows, "select * from completions") == []


async def test_a_later_call_sees_what_an_earlier_one_of_the_turn_did(scene: Scene) -> None:
    scene.model.call(ModelCall("mark_task", {"outcome": "done", "tasks": ["first-run"]}))
    scene.model.call(ModelCall("show_progress", {}))
    scene.model.say("好")

    reply = await scene.say("第一个做完了，进度呢？")

    tools = [one for one in reply.messages or () if one.role == "tool"]
    assert json.loads(tools[1].content["text"])["done"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({"outcome": "done", "tasks": ["1"], "learner_id": 2}, id="a learner's id"),
        pytest.param(
            {"outcome": "done", "tasks": ["1"], "runtime": {"context": 2}}, id="a runtime"
        ),
    ],
)
async def test_a_model_cannot_name_a_learner(scene: Scene, arguments: dict[str, Any]) -> None:
    scene.model.call(ModelCall("mark_task", arguments))
    scene.model.say("好")

    reply = await scene.say("帮别人标记")

    assert reply.calls == ()


@pytest.mark.parametrize(
    "fault",
    [
        Fault.UNAUTHORIZED,
        Fault.NOT_FOUND,
        Fault.RATE_LIMITED,
        Fault.SERVER_ERROR,
        Fault.CONTEXT_TOO_LONG,
        Fault.HANG,
        Fault.STALL,
        Fault.CUT,
        Fault.HTML,
        Fault.BROKEN_JSON,
        Fault.EMPTY_CHOICES,
        Fault.MALFORMED_ARGUMENTS,
    ],
)
async def test_when_the_model_fails_the_offline_mentor_answers_and_says_so(
    scene: Scene, fault: Fault
) -> None:
    scene.model.fail(fault, times=10)

    reply = await scene.say("今天学什么")

    assert reply.is_reduced
    assert reply.calls == (Call("show_plan", {"span": "today"}),)
    scene.model.heal()
    await scene.is_back()
    scene.model.say("好")
    assert (await scene.say("再问一次")).words == "好"


async def test_an_unknown_tool_is_told_to_the_model_which_goes_on(scene: Scene) -> None:
    scene.model.fail(Fault.UNKNOWN_TOOL)
    scene.model.say("好")

    reply = await scene.say("做点什么")

    assert reply.words == "好"
    assert reply.calls == ()


async def test_an_endless_loop_of_tool_calls_ends_with_an_offline_answer(scene: Scene) -> None:
    scene.model.fail(Fault.LOOP, times=50)

    reply = await scene.say("今天学什么")

    assert reply.is_reduced
    assert len(scene.model.history) <= 10


async def test_a_model_that_is_down_is_left_alone_until_it_is_back(scene: Scene) -> None:
    scene.conversation = AgentConversation(
        scene.store, [one.model for one in scene.conversation._endpoints], looks=(0.3,)
    )
    scene.model.fail(Fault.SERVER_ERROR, times=None)
    await scene.say("今天学什么")
    asked = len(scene.model.requests)

    for _ in range(5):
        assert (await scene.say("今天学什么")).is_reduced

    assert len(scene.model.requests) == asked
    scene.model.heal()
    await scene.is_back()
    scene.model.say("好")
    assert (await scene.say("再问一次")).words == "好"
    await scene.conversation.close()


async def test_nonsense_about_one_text_does_not_take_the_model_from_others(scene: Scene) -> None:
    scene.model.fail(Fault.EMPTY_CHOICES, times=2)

    assert (await scene.say("今天学什么")).is_reduced

    scene.model.heal()
    scene.model.say("好")
    assert (await scene.say("再问一次")).words == "好"


async def test_a_fallback_answers_while_the_main_model_is_down(scene: Scene) -> None:
    async with FakeModel() as other, talking_to(other, seconds=1) as fallback:
        main = scene.conversation._endpoints[0].model
        scene.conversation = AgentConversation(scene.store, [main, fallback])
        scene.model.fail(Fault.UNAVAILABLE, times=None)
        other.say("我来答", "还是我")

        first, second = await scene.say("第一句"), await scene.say("第二句")

        assert (first.words, second.words) == ("我来答", "还是我")
        assert not first.is_reduced
        await scene.conversation.close()


@pytest.mark.parametrize(
    ("knows_already", "expected"),
    [
        pytest.param(False, [0.667, 0.333], id="both are asked"),
        pytest.param(True, [0.667, 1], id="the first is known to be down"),
    ],
)
async def test_a_turn_waits_but_once_for_models_that_hang(
    scene: Scene, caplog: pytest.LogCaptureFixture, *, knows_already: bool, expected: list[float]
) -> None:
    async with FakeModel() as other, talking_to(other, seconds=1) as fallback:
        main = scene.conversation._endpoints[0].model
        scene.conversation = AgentConversation(scene.store, [main, fallback], looks=(60,))
        scene.model.fail(Fault.HANG)
        if knows_already:
            other.say("好")
            await scene.say("今天学什么？")
        other.fail(Fault.HANG)

        reply = await scene.say("今天学什么？")
        await scene.conversation.close()

    waits = [float(one) for one in re.findall(r"no sign within ([0-9.]+) s", caplog.text)]
    assert reply.is_reduced
    assert waits == pytest.approx(expected, abs=0.05)


async def test_without_a_model_the_same_tools_are_reached(scene: Scene) -> None:
    offline = AgentConversation(scene.store)
    learner = await scene.store.run(learner_with, scene.learner)

    reply = await offline.answer(
        Turn(Context(learner, catalogue(), "console:local", NOW), "今天学什么")
    )

    assert reply.calls == (Call("show_plan", {"span": "today"}),)
    assert not reply.is_reduced


async def test_an_answer_is_shown_as_it_grows(scene: Scene) -> None:
    frames: list[str] = []

    async def show(text: str) -> None:
        frames.append(text)

    scene.model.say("一二三四五六七八九十" * 20, pause=0.05)

    reply = await scene.say("讲个长的", show=show)

    assert frames
    assert reply.words is not None
    assert reply.words.startswith(frames[-1])
    assert all(later.startswith(earlier) for earlier, later in pairwise(frames))


async def test_what_changes_comes_last_and_the_beginning_stays_the_same(scene: Scene) -> None:
    scene.model.say("一", "二")
    past = (Message("human", {"text": "早"}), Message("ai", {"text": "早上好"}))

    await scene.say("第一句", past)
    await scene.say("第二句", past)

    first, second = (body["messages"] for body in scene.model.requests[-2:])
    assert first[:-1] == second[:-1]
    assert first[0]["role"] == "system"
    assert "Asia" not in first[0]["content"]
    assert "2026-11-24" in first[-1]["content"]


async def test_a_turn_is_remembered_without_what_changes(scene: Scene) -> None:
    scene.model.say("好")

    reply = await scene.say("你好呀")

    human, mentor = reply.messages or ()
    assert (human.role, mentor.role) == ("human", "ai")
    assert human.content == {"text": "你好呀"}


def test_the_fast_client_sends_what_the_stock_client_sends() -> None:
    common: dict[str, Any] = {
        "model": "m",
        "api_key": SecretStr("k"),
        "base_url": "http://127.0.0.1:1/v1",
        "use_responses_api": False,
    }
    tools = [{"type": "function", "function": {"name": "t", "parameters": {"type": "object"}}}]
    messages = [HumanMessage("x")]

    stock = ChatOpenAI(**common)._get_request_payload(messages, tools=tools)
    fast = FastChatOpenAI(**common)._get_request_payload(messages, tools=tools)

    bulky = fast.pop("extra_body")
    assert {**fast, **bulky} == stock


async def test_without_a_model_a_call_that_is_refused_is_kept_so_that_its_reason_is_told() -> None:
    store = new_store()
    learner = await store.run(
        add_learner, "console", "local", "console:local", "zh", "Asia/Shanghai", NOW
    )
    context = Context(learner, catalogue(), "console:local", NOW)

    reply = await AgentConversation(store).answer(Turn(context, "撤销刷题"))

    assert reply.calls == (Call("log_practice", {"undo": True}),)
    store.close()
