"""The model client: the stock client's bytes, a cheap stream, and a clean error for every fault."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from agent.endpoints import Endpoint, Endpoints, Patience, is_local
from agent.faults import (
    ModelContextError,
    ModelDownError,
    ModelFault,
    ModelNonsenseError,
    ModelRefusedError,
)
from agent.listening import Heard
from agent.model import FastChatOpenAI, chat_model, chat_models, hang_up
from tests.agent.clients import proxy, talking_to
from tests.fakes.loopback import Json
from tests.fakes.model import Call, FakeModel, Fault, Reply
from tests.fakes.model_rules import Habits
from tests.ports import free_port

SECRET = "sk-very-secret-0123456789"
LEARNER = "我的身份证号是 110101199003077777"

HISTORY: list[BaseMessage] = [
    SystemMessage("You are a mentor."),
    HumanMessage("今天学什么？"),
    AIMessage("", tool_calls=[{"name": "show_plan", "args": {"span": "今天"}, "id": "a"}]),
    ToolMessage("两个任务", tool_call_id="a", name="show_plan"),
    AIMessage("两个任务，先看第一个。"),
    HumanMessage("“好”\n第一个做完了 🎉"),
]
TOOL = {
    "type": "function",
    "function": {
        "name": "mark_task",
        "description": "Marks a task.",
        "parameters": {"type": "object", "properties": {"tasks": {"type": "array"}}},
    },
}


@pytest.fixture
async def model() -> AsyncIterator[FakeModel]:
    async with FakeModel() as server:
        yield server


@pytest.fixture
async def client(model: FakeModel) -> AsyncIterator[FastChatOpenAI]:
    async with talking_to(model, 1) as found:
        yield found


async def whole(client: Any, messages: Any = "?", **more: Any) -> AIMessageChunk:
    """Everything a stream says, merged as LangChain merges it."""
    chunks = [chunk async for chunk in client.astream(messages, **more)]
    merged = chunks[0]
    for chunk in chunks[1:]:
        merged += chunk
    assert isinstance(merged, AIMessageChunk)
    return merged


# What is sent -------------------------------------------------------------------------------


@asynccontextmanager
async def stock(model: FakeModel, **more: Any) -> AsyncIterator[ChatOpenAI]:
    client = ChatOpenAI(
        model="m",
        base_url=model.url,
        api_key=SecretStr("k"),
        use_responses_api=False,
        max_retries=0,
        http_socket_options=(),
        **more,
    )
    yield client
    await client.root_async_client.close()


@pytest.mark.parametrize("wants_usage", [True, False])
async def test_a_stream_is_asked_for_in_the_stock_clients_words(
    model: FakeModel, *, wants_usage: bool
) -> None:
    extra = {"temperature": 0.3, "thinking": {"type": "disabled"}}
    async with (
        talking_to(model, extra=extra, wants_usage=wants_usage) as fast,
        stock(model, stream_usage=wants_usage, extra_body=extra) as slow,
    ):
        await whole(fast.bind_tools([TOOL], tool_choice="auto"), HISTORY, stop=["END"])
        await whole(slow.bind_tools([TOOL], tool_choice="auto"), HISTORY, stop=["END"])
        await fast.bind_tools([TOOL], tool_choice="auto").ainvoke(HISTORY, stop=["END"])

    streamed, expected, invoked = model.requests
    assert streamed == expected
    assert invoked == expected
    assert expected["thinking"] == {"type": "disabled"}
    assert ("stream_options" in expected) is wants_usage


async def test_without_a_stream_the_body_is_the_stock_clients_too(model: FakeModel) -> None:
    async with talking_to(model) as fast, stock(model) as slow:
        for client in (fast, slow):
            bound = client.bind_tools([TOOL])
            await asyncio.to_thread(bound.invoke, HISTORY)
        slow.root_client.close()

    assert model.requests[0] == model.requests[1]
    assert not model.requests[0].get("stream")


async def test_half_a_character_does_not_stop_a_question(
    model: FakeModel, client: FastChatOpenAI
) -> None:
    await client.ainvoke("a\ud83d b")

    assert model.requests[0]["messages"][0]["content"] == "a? b"


# What is heard ------------------------------------------------------------------------------


@pytest.mark.parametrize("is_streamed", [True, False])
async def test_an_answer_is_heard_whole(
    model: FakeModel, client: FastChatOpenAI, *, is_streamed: bool
) -> None:
    model.say("注意力就是加权平均。" * 20)

    answer = await (whole(client) if is_streamed else client.ainvoke("?"))

    assert answer.text == "注意力就是加权平均。" * 20
    assert answer.response_metadata["finish_reason"] == "stop"
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["output_tokens"] > 100


async def test_the_last_chunk_of_a_stream_says_that_it_is_the_last(
    model: FakeModel, client: FastChatOpenAI
) -> None:
    model.say("你好" * 10, pause=0.06)

    chunks = [chunk async for chunk in client.astream("?")]

    assert len(chunks) > 1
    assert [chunk.chunk_position for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert chunks[-1].chunk_position == "last"


async def test_an_answer_that_is_soon_whole_comes_in_one_piece(
    model: FakeModel, client: FastChatOpenAI
) -> None:
    model.say("你好")

    assert [chunk.text async for chunk in client.astream("?")] == ["你好"]


async def test_words_come_while_they_are_written_in_a_few_pieces(model: FakeModel) -> None:
    model.say("一二三四五六" * 40, pause=0.02)

    async with talking_to(model, join_seconds=0.2) as client:
        chunks = [(time.monotonic(), one.text) async for one in client.astream("?")]

    times = [at for at, text in chunks if text]
    took = times[-1] - times[0]
    assert len(chunks[0][1]) < 120
    assert took > 0.5
    assert 3 <= len(times) <= took / 0.2 + 2
    assert "".join(text for _, text in chunks) == "一二三四五六" * 40


async def test_words_are_shown_in_time_although_the_next_is_late() -> None:
    async with slow_words("一", "二", pauses=(0.02, 0.8)) as url:
        client = chat_model(Endpoint("m", url, "k"), join_seconds=0.1)
        seen = [(time.monotonic(), one.text) async for one in client.astream("?")]
        await hang_up(client)

    assert [text for _, text in seen] == ["一二", ""]
    assert seen[1][0] - seen[0][0] > 0.3


@pytest.mark.parametrize("is_streamed", [True, False])
async def test_tool_calls_are_heard_in_parallel(
    model: FakeModel, client: FastChatOpenAI, *, is_streamed: bool
) -> None:
    model.call(Call("a", {"x": "一二三四五六七八"}), Call("b", {}), text="查一下")

    answer = await (whole(client) if is_streamed else client.ainvoke("?"))

    assert [(one["name"], one["args"]) for one in answer.tool_calls] == [
        ("a", {"x": "一二三四五六七八"}),
        ("b", {}),
    ]
    assert answer.text == "查一下"
    assert answer.response_metadata["finish_reason"] == "tool_calls"


@pytest.mark.parametrize("is_streamed", [True, False])
@pytest.mark.parametrize("arguments", ['{"tasks": ["one", "tw', "[1]", "{'a': 1}", '{"a": 1} {}'])
async def test_half_arguments_are_never_taken_for_whole_ones(
    model: FakeModel, client: FastChatOpenAI, arguments: str, *, is_streamed: bool
) -> None:
    model.call(Call("mark_task", arguments), Call("mark_task", {"tasks": []}))

    answer = await (whole(client) if is_streamed else client.ainvoke("?"))

    assert [one["name"] for one in answer.invalid_tool_calls] == ["mark_task"]
    assert [one["args"] for one in answer.tool_calls] == [{"tasks": []}]


@pytest.mark.parametrize(
    "key", ["prompt_tokens_details", "prompt_cache_hit_tokens", "cached_tokens"]
)
async def test_cached_tokens_are_counted_wherever_they_are_told(
    model: FakeModel, client: FastChatOpenAI, key: str
) -> None:
    model.habits = Habits(cached_tokens=7, cached_key=key)

    answer = await client.ainvoke("?")

    assert answer.usage_metadata is not None
    assert answer.usage_metadata["input_token_details"] == {"cache_read": 7}


async def test_an_endpoint_that_counts_unasked_is_heard(model: FakeModel) -> None:
    model.habits = Habits(counts_unasked=True)

    async with talking_to(model, wants_usage=False) as client:
        answer = await client.ainvoke("?")

    assert "stream_options" not in model.requests[0]
    assert answer.usage_metadata is not None


async def test_an_endpoint_that_refuses_to_count_is_asked_without_and_remembered(
    model: FakeModel, client: FastChatOpenAI
) -> None:
    model.habits = Habits(takes_stream_options=False)

    texts = [(await client.ainvoke("a")).text, (await whole(client, "b")).text]

    assert texts == ["You said: a", "You said: b"]
    assert ["stream_options" in one for one in model.requests] == [True, False, False]


@pytest.mark.parametrize("is_streamed", [True, False])
async def test_plain_json_is_read_although_a_stream_was_asked_for(
    model: FakeModel, client: FastChatOpenAI, *, is_streamed: bool
) -> None:
    model.habits = Habits(streams=False)
    model.call(Call("a", {"x": 1}), text="好", reasoning="想")

    answer = await (whole(client) if is_streamed else client.ainvoke("?"))

    assert answer.text == "好"
    assert answer.tool_calls[0]["args"] == {"x": 1}
    assert answer.additional_kwargs["reasoning_content"] == "想"
    assert answer.usage_metadata is not None


# Reasoning ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning"])
@pytest.mark.parametrize("is_streamed", [True, False])
async def test_reasoning_is_kept_apart_from_the_text(
    model: FakeModel, client: FastChatOpenAI, key: str, *, is_streamed: bool
) -> None:
    model.habits = Habits(reasoning_key=key)
    model.reply(Reply("答案", reasoning="先想一想，再想一想。"))

    answer = await (whole(client) if is_streamed else client.ainvoke("?"))

    assert answer.text == "答案"
    assert answer.additional_kwargs["reasoning_content"] == "先想一想，再想一想。"


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 8, 100])
@pytest.mark.parametrize(
    ("said", "text", "thought"),
    [
        ("<think>\n想\n</think>\n\n答", "答", "\n想\n"),
        ("\n <think>想</think>答</think>", "答</think>", "想"),
        ("<think>没有想完", "", "没有想完"),
        ("<thin", "<thin", ""),
        ("用 <think> 包起来的", "用 <think> 包起来的", ""),
        ("<think></think>答", "答", ""),
    ],
)
async def test_reasoning_between_tags_is_taken_out_however_it_is_cut(
    model: FakeModel, client: FastChatOpenAI, said: str, text: str, thought: str, piece: int
) -> None:
    model.reply(Reply(said, piece=piece))

    answer = await whole(client)

    assert answer.text == text
    assert answer.additional_kwargs.get("reasoning_content", "") == thought


async def with_tools(client: FastChatOpenAI, past: list[BaseMessage]) -> list[BaseMessage]:
    """A turn in which the model calls one tool and then answers."""
    turn = [*past, HumanMessage("?")]
    called = await client.ainvoke(turn)
    told = ToolMessage("ok", tool_call_id=called.tool_calls[0]["id"] or "")
    return [*turn, called, told, await client.ainvoke([*turn, called, told])]


async def test_reasoning_goes_back_while_the_turn_lasts_and_not_later(
    model: FakeModel, client: FastChatOpenAI
) -> None:
    model.habits = Habits(wants_reasoning="turn")
    model.call(Call("a", {}), reasoning="先查")
    model.reply(Reply("好", reasoning="查到了"))

    messages = await with_tools(client, [])
    await client.ainvoke([*messages, HumanMessage("然后呢？")])

    sent = [[one.get("reasoning_content") for one in body["messages"]] for body in model.requests]
    assert sent == [[None], [None, "先查", None], [None] * 5]


async def test_an_endpoint_that_wants_reasoning_for_ever_is_given_a_sign_of_it(
    model: FakeModel, client: FastChatOpenAI
) -> None:
    """Kimi and DeepSeek since V4; what an earlier turn thought is not kept."""
    model.habits = Habits(wants_reasoning="always")
    model.call(Call("a", {}), reasoning="先查")
    model.reply(Reply("好", reasoning="查到了"))

    answers = [(await client.ainvoke(HISTORY)).tool_calls[0]["name"]]
    answers += [(await client.ainvoke(HISTORY)).text, (await client.ainvoke(HISTORY)).text]

    assert answers[:2] == ["a", "好"]
    assert len(model.requests) == 4  # refused once, and remembered


async def test_an_endpoint_that_knows_no_reasoning_is_sent_none(
    model: FakeModel, client: FastChatOpenAI
) -> None:
    model.habits = Habits(wants_reasoning="never")
    model.call(Call("a", {}), reasoning="先查")
    model.say("好")

    messages = await with_tools(client, [])

    assert messages[-1].text == "好"


async def test_another_endpoint_is_not_sent_the_first_ones_reasoning(model: FakeModel) -> None:
    model.call(Call("a", {}), reasoning="先查")

    async with FakeModel() as other, talking_to(model) as first, talking_to(other) as second:
        called = await first.ainvoke("?")
        told = ToolMessage("ok", tool_call_id=called.tool_calls[0]["id"] or "")
        await second.ainvoke([HumanMessage("?"), called, told])

    assert "reasoning_content" not in json.dumps(other.requests)


# Faults -------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_streamed", [True, False])
@pytest.mark.parametrize(
    ("fault", "kind", "is_lasting"),
    [
        (Fault.RATE_LIMITED, ModelDownError, False),
        (Fault.OUT_OF_MONEY, ModelDownError, True),
        (Fault.SERVER_ERROR, ModelDownError, False),
        (Fault.UNAVAILABLE, ModelDownError, False),
        (Fault.UNAUTHORIZED, ModelDownError, True),
        (Fault.NOT_FOUND, ModelDownError, True),
        (Fault.REDIRECT, ModelDownError, True),
        (Fault.HTML, ModelDownError, True),
        (Fault.HANG, ModelDownError, False),
        (Fault.STALL, ModelDownError, False),
        (Fault.CUT, ModelDownError, False),
        (Fault.ERROR_IN_STREAM, ModelDownError, False),
        (Fault.CONTEXT_TOO_LONG, ModelContextError, None),
        (Fault.CONTENT_FILTER, ModelRefusedError, None),
        (Fault.BROKEN_JSON, ModelNonsenseError, None),
        (Fault.EMPTY_CHOICES, ModelNonsenseError, None),
        (Fault.HUGE, ModelNonsenseError, None),
    ],
)
async def test_every_fault_has_its_kind_and_the_next_answer_is_fine(
    model: FakeModel,
    fault: Fault,
    kind: type[ModelFault],
    is_lasting: bool | None,  # noqa: FBT001 (a parameter of the table)
    *,
    is_streamed: bool,
) -> None:
    model.fail(fault)
    # Only of a silence is it told by the clock; anything else may come late on a busy machine.
    seconds = 0.5 if fault in {Fault.HANG, Fault.STALL} else 30

    async with talking_to(model, seconds) as client:
        with pytest.raises(ModelFault) as raised:
            await (whole(client, LEARNER) if is_streamed else client.ainvoke(LEARNER))
        after = await client.ainvoke("again")

    assert type(raised.value) is kind
    assert getattr(raised.value, "is_lasting", None) == is_lasting
    assert after.text == "You said: again"
    assert len(model.requests) == 2


@pytest.mark.parametrize("fault", [one for one in Fault if one not in {Fault.LOOP}])
async def test_no_error_tells_a_key_or_a_learners_words(model: FakeModel, fault: Fault) -> None:
    model.fail(fault, times=3)
    endpoint = Endpoint("m", model.url, SECRET)
    client = chat_model(endpoint, patience=Patience(first_sign=0.3, silence=0.3, whole=1))

    told = ""
    try:
        await client.ainvoke(LEARNER)
    except ModelFault as error:
        told = f"{error!r} {error}"
    await hang_up(client)

    assert SECRET not in told + repr(endpoint)
    assert "110101" not in told
    assert model.elsewhere == []


async def test_a_silent_endpoint_is_left_in_time(model: FakeModel) -> None:
    model.fail(Fault.HANG)

    async with talking_to(model, 0.3) as client:
        with pytest.raises(ModelDownError, match=r"no sign within 0.3 s"):
            await client.ainvoke("?")


async def test_headers_alone_are_no_sign() -> None:
    async with slow_words(pauses=(5,)) as url:
        client = chat_model(Endpoint("m", url, "k"), patience=Patience(first_sign=0.3))
        with pytest.raises(ModelDownError, match="no sign"):
            await client.ainvoke("?")
        await hang_up(client)


async def test_comments_are_a_sign_but_no_answer(model: FakeModel) -> None:
    model.fail(Fault.ONLY_COMMENTS)
    patience = Patience(first_sign=0.2, silence=0.2, whole=0.7)
    client = chat_model(Endpoint("m", model.url, "k"), patience=patience)

    with pytest.raises(ModelDownError, match=r"longer than 0.7 s"):
        await client.ainvoke("?")
    await hang_up(client)


async def test_an_answer_may_take_its_time_behind_comments(model: FakeModel) -> None:
    model.reply(Reply("好", pause=0.05, comments=12))

    async with talking_to(model, 0.3) as client:
        assert (await client.ainvoke("?")).text == "好"


async def test_a_short_wait_that_the_endpoint_asks_for_is_waited(model: FakeModel) -> None:
    model.fail("429", retry_after=0.2)

    async with talking_to(model, 1) as client:
        answer = await client.ainvoke("a")

    assert answer.text == "You said: a"
    assert len(model.requests) == 2


@pytest.mark.parametrize(
    ("times", "retry_after", "asked"), [(5, 0.1, 2), (1, 1.5, 1), (1, None, 1)]
)
async def test_nobody_waits_for_long_or_twice(
    model: FakeModel, times: int, retry_after: float | None, asked: int
) -> None:
    model.fail("429", times=times, retry_after=retry_after)

    async with talking_to(model, 4) as client:
        with pytest.raises(ModelDownError) as raised:
            await client.ainvoke("a")

    assert raised.value.status == 429
    assert raised.value.retry_after == retry_after
    assert len(model.requests) == asked


async def test_a_refused_connection_is_tried_once_more() -> None:
    port = free_port()
    client = chat_model(Endpoint("m", f"http://127.0.0.1:{port}/v1", "k"))

    asking = asyncio.create_task(client.ainvoke("a"))
    await asyncio.sleep(0.1)
    async with FakeModel(port=port):
        assert (await asking).text == "You said: a"
        await hang_up(client)


async def test_where_nobody_listens_is_told_at_once() -> None:
    client = chat_model(Endpoint("m", f"http://127.0.0.1:{free_port()}/v1", "k"))

    with pytest.raises(ModelDownError, match="ConnectError"):
        await client.ainvoke("a")
    await hang_up(client)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": {"message": "This model's maximum context length is 65536 tokens."}}),
        (400, {"error": {"message": "Your request exceeded model token limit: 8192"}}),
        (400, {"error": {"code": "1261", "message": "Prompt 超长"}}),
        (
            400,
            {"code": "InvalidParameter", "message": "Range of input length should be [1, 30720]"},
        ),
        (400, {"error": {"type": "exceed_context_size_error", "message": "too large"}}),
        (500, {"error": "the input exceeds the available context size"}),
        (413, {"error": {"code": "context_length_exceeded", "message": "-"}}),
    ],
)
async def test_too_long_a_prompt_is_known_in_every_providers_words(status: int, body: Json) -> None:
    async with answering(lambda _: web.json_response(body, status=status)) as url:
        client = chat_model(Endpoint("m", url, "k"))
        with pytest.raises(ModelContextError):
            await client.ainvoke("?")
        await hang_up(client)


@pytest.mark.parametrize("status", [401, 404, 429])
async def test_a_lower_tariff_is_no_long_prompt(status: int) -> None:
    body = {"error": {"message": "Your plan has no context window of 1M tokens."}}
    async with answering(lambda _: web.json_response(body, status=status)) as url:
        client = chat_model(Endpoint("m", url, "k"))
        with pytest.raises(ModelDownError):
            await client.ainvoke("?")
        await hang_up(client)


async def test_a_line_that_was_hung_up_on_is_opened_anew() -> None:
    lines = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal lines
        lines += 1
        await reader.readuntil(b"\r\n\r\n")
        if lines > 1:
            body = event({"content": "好"}, "stop")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        client = chat_model(Endpoint("m", url, "k"))
        answer = await client.ainvoke("?")
        await hang_up(client)

    assert (answer.text, lines) == ("好", 2)


async def test_an_endless_error_is_not_read_to_its_end() -> None:
    async def flood(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=500)
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)

    async with answering(flood) as url:
        client = chat_model(Endpoint("m", url, "k"))
        with pytest.raises(ModelDownError, match="500"):
            await client.ainvoke("?")
        await hang_up(client)


async def test_a_stop_hangs_up(model: FakeModel, client: FastChatOpenAI) -> None:
    model.say("一二三四五六" * 500, pause=0.02)
    before = asyncio.all_tasks()

    async def listen() -> None:
        async for _ in client.astream("?"):
            pass

    listening = asyncio.create_task(listen())
    await model.wait_for(lambda: bool(model.requests))
    await asyncio.sleep(0.1)
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening

    await model.wait_for(lambda: model.history[0]["finished"] is not None)
    assert model.history[0]["outcome"] == "the client left"
    assert {one for one in asyncio.all_tasks() - before if "_Reading" in repr(one)} == set()


async def test_who_stops_listening_hangs_up(model: FakeModel, client: FastChatOpenAI) -> None:
    model.say("一二三四五六" * 500, pause=0.02)

    stream = client.astream("?")
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]

    await model.wait_for(lambda: model.history[0]["finished"] is not None)


async def test_a_line_is_used_again() -> None:
    lines: set[Any] = set()

    async def speak(request: web.Request) -> web.StreamResponse:
        lines.add(request.transport.get_extra_info("peername") if request.transport else None)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(event({"content": "好"}, "stop"))
        await response.write(b"data: [DONE]\n\n")
        return response

    async with answering(speak) as url:
        client = chat_model(Endpoint("m", url, "k"))
        for _ in range(3):
            await client.ainvoke("?")
        await hang_up(client)

    assert len(lines) == 1


async def test_half_an_answer_that_ends_politely_is_still_half() -> None:
    async with slow_words("一", finishes=False) as url:
        client = chat_model(Endpoint("m", url, "k"))
        with pytest.raises(ModelDownError, match="broke off"):
            await client.ainvoke("?")
        await hang_up(client)


async def test_an_answer_is_over_when_it_says_so_although_the_line_stays_open() -> None:
    async with slow_words("一", is_done=False, lingers=30) as url:
        client = chat_model(Endpoint("m", url, "k"))
        assert (await client.ainvoke("?")).text == "一"
        await hang_up(client)


# How bytes are cut --------------------------------------------------------------------------


def event(delta: Json, finish: str | None = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    said = {"object": "chat.completion.chunk", "model": "m", "choices": [choice], **more}
    return b"data: " + json.dumps(said, ensure_ascii=False).encode() + b"\n\n"


SPOKEN = b"".join(
    [
        b"\xef\xbb\xbf\r\n: keep-alive\r\n\r\n",
        event({"role": "assistant", "content": ""}),
        event({"reasoning_content": "想"}),
        event({"content": "你好，"}).replace(b"\n", b"\r\n"),
        event({"content": "世界🌍"}),
        event({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f"}}]}),
        event({"tool_calls": [{"index": 0, "function": {"arguments": '{"x":'}}]}),
        event({"tool_calls": [{"index": 0, "function": {"arguments": '"值"}'}}]}),
        event({}, "stop", usage={"prompt_tokens": 3}),
        b"data: [DONE]\n\n",
    ]
)


@given(st.lists(st.integers(0, len(SPOKEN)), max_size=40))
def test_it_does_not_matter_how_the_bytes_are_cut(cuts: list[int]) -> None:
    heard = Heard("host")
    edges = [0, *sorted(cuts), len(SPOKEN)]
    for start, end in pairwise(edges):
        heard.feed(SPOKEN[start:end])
    heard.end()

    assert heard.take() == "你好，世界🌍"
    assert heard.reasoning == "想"
    assert [(one.id, one.name, one.arguments) for one in heard.calls] == [("a", "f", '{"x":"值"}')]
    assert (heard.finish, heard.usage) == ("stop", {"prompt_tokens": 3})


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_end_in_anything_but_an_answer_or_a_fault(data: bytes, is_event: bool) -> None:  # noqa: FBT001
    heard = Heard("host")
    try:
        heard.feed(b"data: " + data + b"\n\n" if is_event else data)
        heard.end()
    except ModelFault:
        return
    assert heard.finish is not None or heard.is_over


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "delta", "content", "tool_calls", "function", "usage"])
            | st.sampled_from(["index", "id", "name", "arguments", "finish_reason", "error"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON)
def test_no_json_ends_in_anything_but_an_answer_or_a_fault(delta: Any, part: Any) -> None:
    for said in (delta, {"choices": [{"delta": delta}]}, {"choices": [part], "usage": delta}):
        heard = Heard("host")
        try:
            heard.feed(b"data: " + json.dumps(said).encode() + b"\n\ndata: [DONE]\n\n")
            heard.end()
        except ModelFault:
            continue
        assert isinstance(heard.take(), str)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([{"id": "x", "name": "f"}, {"id": "y", "name": "g"}], id="no index"),
        pytest.param(
            [{"index": 0, "id": "x", "name": "f"}, {"index": 0, "id": "y", "name": "g"}],
            id="the same index",
        ),
        pytest.param(
            [{"index": 0, "id": "", "name": "f"}, {"index": 1, "id": "", "name": "g"}], id="no id"
        ),
        pytest.param(
            [{"index": 0, "id": "x", "name": "f"}, {"index": 1, "id": "x", "name": "g"}],
            id="the same id",
        ),
    ],
)
def test_calls_of_careless_endpoints_are_told_apart(parts: list[Json]) -> None:
    heard = Heard("host")
    for part in parts:
        function = {"name": part["name"], "arguments": {"x": part["name"]}}
        call = {key: value for key, value in part.items() if key != "name"}
        heard.feed(event({"tool_calls": [{**call, "function": function}]}))
    heard.feed(event({}, "tool_calls"))
    heard.end()

    assert [(one.name, json.loads(one.arguments)) for one in heard.calls] == [
        ("f", {"x": "f"}),
        ("g", {"x": "g"}),
    ]
    assert len({one.id for one in heard.calls}) == 2


def test_halves_of_a_character_are_put_together_and_what_no_database_takes_is_dropped() -> None:
    heard = Heard("host")
    for half in ("\\ud83c", "\\udf0d", "\\u0000", "\\ud83c"):
        heard.feed(b'data: {"choices": [{"delta": {"content": "' + half.encode() + b'"}}]}\n')
    heard.feed(event({}, "stop"))
    heard.end()

    assert heard.take() == "🌍\ufffd"


# Several endpoints --------------------------------------------------------------------------


async def test_the_small_model_is_the_main_one_when_there_is_no_other(model: FakeModel) -> None:
    models = chat_models(Endpoints(Endpoint("m", model.url, "k")))

    assert models.small is models.main
    assert models.fallback is None
    await models.close()


async def test_each_endpoint_has_its_name_its_key_and_its_own_extra(model: FakeModel) -> None:
    async with FakeModel() as other:
        endpoints = Endpoints(
            Endpoint("big", model.url, "k1"),
            small=Endpoint("small", model.url, "k1"),
            fallback=Endpoint("spare", other.url, ""),
            extra={"thinking": {"type": "disabled"}},
        )
        models = chat_models(endpoints)
        assert models.fallback is not None
        for client in (models.main, models.small, models.fallback):
            await client.ainvoke("?")
        await models.close()

    assert [one["model"] for one in model.requests] == ["big", "small"]
    assert all("thinking" in one for one in model.requests)
    assert [one["model"] for one in other.requests] == ["spare"]
    assert "thinking" not in other.requests[0]


async def test_a_server_without_a_key_is_sent_a_harmless_one() -> None:
    sent: list[str] = []

    def note(request: web.Request) -> web.Response:
        sent.append(request.headers["Authorization"])
        return web.json_response({"choices": [{"message": {"content": "好"}}]})

    async with answering(note) as url:
        client = chat_model(Endpoint("m", url, ""))
        await client.ainvoke("?")
        await hang_up(client)

    assert sent == ["Bearer no-key"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://localhost:11434/v1", True),
        ("http://127.0.0.1:8000/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://192.168.1.5:8000/v1", True),
        ("http://10.0.0.2/v1", True),
        ("http://100.64.0.7/v1", True),
        ("http://ollama:11434/v1", True),
        ("http://host.docker.internal:11434/v1", True),
        ("https://api.deepseek.com", False),
        ("http://8.8.8.8/v1", False),
        ("https://localhost.example.com/v1", False),
    ],
)
def test_what_is_local(address: str, *, expected: bool) -> None:
    assert is_local(address) is expected


# Proxies ------------------------------------------------------------------------------------


async def test_the_models_proxy_is_used_for_the_model() -> None:
    async with proxy() as (url, asked):
        far = Endpoint("m", "http://model.example/v1", "k")
        near = Endpoint("m", "http://127.0.0.1:9/v1", "k")
        models = chat_models(Endpoints(far, fallback=near, proxy=url))
        answer = await models.main.ainvoke("?")
        assert models.fallback is not None
        with pytest.raises(ModelDownError):
            await models.fallback.ainvoke("?")
        await models.close()

    assert answer.text == "by proxy"
    assert asked == ["POST http://model.example/v1/chat/completions HTTP/1.1"]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY"])
async def test_the_environments_proxies_are_not_used_for_this_machine(
    model: FakeModel, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")

    async with talking_to(model) as client:
        assert (await client.ainvoke("a")).text == "You said: a"


async def test_the_environments_proxies_are_used_for_the_world(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with proxy() as (url, asked):
        monkeypatch.setenv("http_proxy", url)
        client = chat_model(Endpoint("m", "http://model.example/v1", "k"))
        await client.ainvoke("?")
        await hang_up(client)

    assert len(asked) == 1


# Servers of one answer ----------------------------------------------------------------------


@asynccontextmanager
async def answering(handler: Callable[[web.Request], Any]) -> AsyncIterator[str]:
    async def handle(request: web.Request) -> web.StreamResponse:
        found = handler(request)
        response = await found if asyncio.iscoroutine(found) else found
        assert isinstance(response, web.StreamResponse)
        return response

    app = web.Application()
    app.router.add_post("/v1/chat/completions", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def slow_words(
    *words: str,
    pauses: tuple[float, ...] = (),
    finishes: bool = True,
    is_done: bool = True,
    lingers: float = 0,
) -> AsyncIterator[str]:
    """Stream these words, each followed by a pause, and end as told."""

    async def speak(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for number in range(max(len(words), len(pauses))):
            if number < len(words):
                await response.write(event({"content": words[number]}))
            if number < len(pauses):
                await asyncio.sleep(pauses[number])
        if finishes:
            await response.write(event({}, "stop"))
            if is_done:
                await response.write(b"data: [DONE]\n\n")
        await asyncio.sleep(lingers)
        return response

    async with answering(speak) as url:
        yield url
