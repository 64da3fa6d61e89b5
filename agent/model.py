"""The model clients: any OpenAI-compatible endpoint, with its known traps closed."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from time import monotonic
from typing import Any, Literal

import httpx
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    InvalidToolCall,
    ToolCall,
)
from langchain_core.messages.ai import InputTokenDetails, OutputTokenDetails, UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_openai import ChatOpenAI
from pydantic import Field, PrivateAttr, SecretStr
from typing_extensions import override

from agent.declared import DeclaredTool
from agent.endpoints import NO_KEY, Endpoint, Endpoints, Patience, waiting_now
from agent.faults import ModelDownError, fault_of
from agent.lines import StraightLines, wants_proxy
from agent.listening import LONGEST_ERROR, Called, Heard, broken, pieces, watch_now
from agent.meter import note_usage, tokens_of
from store.usage import Usage

JOIN_SECONDS = 0.3

# What may be tried again, once: a line that could not be had, or an endpoint that asks for it.
RETRY_SECONDS = 0.2
LONGEST_RETRY_AFTER = 1.0
_TRY_AGAIN = frozenset({429, 500, 502, 503, 504})

# Longer than most servers keep an idle line, which is noticed; a new one costs a TLS handshake.
_IDLE_SECONDS = 30
_LINES = httpx.Limits(
    max_connections=1000, max_keepalive_connections=100, keepalive_expiry=_IDLE_SECONDS
)
_ABOUT_THE_CALL = ("extra_headers", "extra_query", "timeout")

# Where an endpoint wants reasoning and none was kept, a blank will do; it refuses an empty text.
NO_REASONING = " "
_NOT_WANTED = ("extra", "unexpected", "unknown", "unrecognized", "not permitted", "not allowed")

Returned = Literal["turn", "all", "none"]


class FastChatOpenAI(ChatOpenAI):
    """`ChatOpenAI` that sends the same bytes and reads the same answers for a fraction of the CPU.

    The client's typed arguments are walked by introspection, 0.26 ms for each message: what is in
    `extra_body` goes out as it is. Its stream takes 0.2 ms a token: this one is `agent.listening`.
    Whatever goes wrong while it waits comes out as a `ModelFault`.
    """

    patience: Patience = Field(default_factory=Patience)
    join_seconds: float = JOIN_SECONDS

    # The tools are the same in every turn, and telling of them takes half a millisecond.
    _bound: tuple[tuple[object, ...], Runnable[LanguageModelInput, AIMessage]] | None = PrivateAttr(
        default=None
    )
    _written_tools: tuple[object, str] = PrivateAttr(default=(None, ""))
    _straight: StraightLines | None = PrivateAttr(default=None)
    _url: httpx.URL | None = PrivateAttr(default=None)

    # What this endpoint turned out to want, learned from its refusals.
    _refuses_stream_options: bool = PrivateAttr(default=False)
    _returned: Returned = PrivateAttr(default="turn")
    _reasoning_key: str = PrivateAttr(default="reasoning_content")

    @override
    def _get_request_payload(
        self, input_: LanguageModelInput, *, stop: list[str] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        messages = self._convert_input(input_).to_messages()
        sent = [_plain(one) for one in messages]
        others = [one for one, plain in zip(messages, sent, strict=True) if plain is None]
        payload = super()._get_request_payload(others, stop=stop, **kwargs)
        converted = iter(payload["messages"])
        payload["messages"] = [next(converted) if one is None else one for one in sent]
        self._return_reasoning(messages, payload["messages"])
        bulky = {name: payload.pop(name) for name in ("messages", "tools") if name in payload}
        return {
            **payload,
            "messages": [],
            "extra_body": {**(payload.get("extra_body") or {}), **bulky},
        }

    @override
    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        if not all(isinstance(one, DeclaredTool) for one in tools) or any(kwargs.values()):
            return super().bind_tools(tools, **kwargs)
        known = self._bound
        if known is None or not _are_same(known[0], tools):
            told = [one.schema_told for one in tools if isinstance(one, DeclaredTool)]
            known = self._bound = (tuple(tools), super().bind_tools(told))
        return known[1]

    def _return_reasoning(
        self, messages: Sequence[BaseMessage], sent: Sequence[dict[str, Any]]
    ) -> None:
        """Give a model its reasoning back while its tools are still at work.

        Most want it for as long as a turn lasts. Some want it for ever, or else a sign that there
        was some: then earlier turns, whose reasoning is not kept, carry a blank.
        """
        turn = max(
            (n for n, one in enumerate(messages) if isinstance(one, HumanMessage)), default=0
        )
        for number, (message, one) in enumerate(zip(messages, sent, strict=True)):
            if not isinstance(message, AIMessage) or self._returned == "none":
                continue
            thought = message.additional_kwargs.get("reasoning_content")
            writer = message.response_metadata.get("endpoint", self.openai_api_base)
            is_own = bool(thought) and writer == self.openai_api_base
            if is_own and (number > turn or self._returned == "all"):
                one[self._reasoning_key] = thought
            elif self._returned == "all":
                one[self._reasoning_key] = NO_REASONING

    @override
    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        heard = Heard(self._host)
        patience = waiting_now().left_of(self.patience)
        opened = partial(self._opened, messages, stop, kwargs, patience.first_sign)
        saying = pieces(opened, heard, patience, self.join_seconds)
        try:
            with _noting_the_wait(heard, patience):
                async for text in saying:
                    yield ChatGenerationChunk(message=AIMessageChunk(content=text))
        finally:
            await saying.aclose()
            self._count(messages, heard, kwargs)
        self._learn(heard)
        last = AIMessageChunk(
            content=heard.take(),
            additional_kwargs=_thought(heard),
            tool_call_chunks=[
                {
                    "type": "tool_call_chunk",
                    "index": number,
                    "id": call.id,
                    "name": call.name,
                    # A chunk's arguments are mended when they break off in the middle, and a tool
                    # would be called with half of them. This cannot be mended.
                    "args": call.arguments if _is_readable(call) else _unreadable(call),
                }
                for number, call in enumerate(heard.calls)
            ],
            usage_metadata=_usage(heard.usage),
            response_metadata=self._about(heard),
            chunk_position="last",
        )
        yield ChatGenerationChunk(message=last)

    @override
    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        """Answer in one piece. It comes over a stream as well, or silence would say nothing.

        Whoever watches sees the words as they come; langchain's own streaming would cost more than
        the answer.
        """
        heard = Heard(self._host)
        patience = waiting_now().left_of(self.patience)
        opened = partial(self._opened, messages, stop, kwargs, patience.first_sign)
        watch = watch_now()
        said: list[str] = []
        try:
            with _noting_the_wait(heard, patience):
                async for text in pieces(
                    opened, heard, patience, None if watch is None else self.join_seconds
                ):
                    said.append(text)
                    if watch is not None:
                        await watch("".join(said))
        finally:
            self._count(messages, heard, kwargs)
        self._learn(heard)
        calls = heard.calls
        message = AIMessage(
            content="".join((*said, heard.take())),
            additional_kwargs=_thought(heard),
            tool_calls=[
                ToolCall(type="tool_call", name=one.name, args=_arguments(one), id=one.id)
                for one in calls
                if _is_readable(one)
            ],
            invalid_tool_calls=[
                InvalidToolCall(
                    type="invalid_tool_call",
                    name=one.name,
                    args=_unreadable(one),
                    id=one.id,
                    error=None,
                )
                for one in calls
                if not _is_readable(one)
            ],
            usage_metadata=_usage(heard.usage),
            response_metadata=self._about(heard),
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _count(
        self, messages: Sequence[BaseMessage], heard: Heard, kwargs: Mapping[str, Any]
    ) -> None:
        """Note what the request took, stopped or not; an estimate where nobody says.

        Of a request that nothing came of, nothing is noted.
        """
        if not heard.size and heard.usage is None:
            return
        told = _usage(heard.usage)
        if told is not None:
            cached = told.get("input_token_details", {}).get("cache_read", 0)
            used = Usage(0, told["input_tokens"], cached, told["output_tokens"])
        else:
            tools = self._written(kwargs["tools"]) if kwargs.get("tools") else ""
            asked = sum(len(one.text.encode()) for one in messages)
            used = Usage(0, tokens_of(asked + len(tools)), 0, tokens_of(heard.size))
        note_usage(used)

    # The line -------------------------------------------------------------------------------

    @property
    def _host(self) -> str:
        return httpx.URL(self.openai_api_base or "").host

    @asynccontextmanager
    async def _opened(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None,
        kwargs: Mapping[str, Any],
        seconds: float,
    ) -> AsyncIterator[httpx.Response]:
        """Ask, and give the answer while it comes.

        Asks again at most once after a failure, within `seconds`, and once for each thing the
        endpoint turns out not to take. Redirects are not followed: whoever is there would be given
        the key.

        Raises:
            ModelFault: when it answers with anything but a 200.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        may_retry, adaptions = True, 0
        while True:
            body = self._body(messages, stop, kwargs)
            try:
                response = await self._ask(body)
            except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
                # Refused, or an idle line that the other side had hung up on.
                if not may_retry or loop.time() + RETRY_SECONDS > end:
                    raise broken(self._host, error) from None
                may_retry = False
                await asyncio.sleep(RETRY_SECONDS)
                continue
            try:
                if response.status_code == 200:
                    yield response
                    return
                said = await _beginning(response)
            finally:
                await response.aclose()
            if adaptions < 2 and self._adapts(response.status_code, said, body):
                adaptions += 1
                continue
            wait = _retry_after(response)
            fault = fault_of(self._host, response.status_code, said, retry_after=wait)
            if (
                not may_retry
                or response.status_code not in _TRY_AGAIN
                or wait is None
                or wait > LONGEST_RETRY_AFTER
                or loop.time() + wait > end
                or (isinstance(fault, ModelDownError) and fault.is_lasting)
            ):
                raise fault
            may_retry = False
            await asyncio.sleep(wait)

    async def _ask(self, body: Mapping[str, Any]) -> httpx.Response:
        if self._url is None:
            self._url = httpx.URL(f"{self.openai_api_base}/chat/completions")
        request = httpx.Request("POST", self._url, **self._content(body))
        if self._straight is not None:
            # The client around it would cost as much again, for cookies that nobody sends.
            return await self._straight.handle_async_request(request)
        return await self._client.send(request, stream=True)

    @property
    def _client(self) -> httpx.AsyncClient:
        client = self.http_async_client
        if not isinstance(client, httpx.AsyncClient):
            raise TypeError("expected a client made by `chat_model`")
        return client

    def _body(
        self, messages: list[BaseMessage], stop: list[str] | None, kwargs: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The request's body as the stock client would send it for a stream."""
        wanted: dict[str, Any] = {"stream": True}
        if self.stream_usage and not self._refuses_stream_options:
            wanted["stream_options"] = {"include_usage": True}
        payload = self._get_request_payload(messages, stop=stop, **{**kwargs, **wanted})
        extra = payload.pop("extra_body")
        for name in _ABOUT_THE_CALL:
            payload.pop(name, None)
        return {**payload, **extra}

    def _content(self, body: Mapping[str, Any]) -> dict[str, Any]:
        key = self.openai_api_key
        shown = key.get_secret_value() if isinstance(key, SecretStr) else NO_KEY
        tools = body.get("tools")
        text = _json({name: value for name, value in body.items() if name != "tools"})
        if tools:
            text = f'{text[:-1]},"tools":{self._written(tools)}}}'
        return {
            # Half a character in a learner's text cannot be sent.
            "content": text.encode("utf-8", "replace"),
            "headers": {
                "Authorization": f"Bearer {shown}",
                "Content-Type": "application/json",
                "Accept": "text/event-stream, application/json",
                # Packed events come late, and a small pack may hold a large bomb.
                "Accept-Encoding": "identity",
                "User-Agent": "mentor",
            },
        }

    def _written(self, tools: object) -> str:
        """The tools as JSON; the same list is written once."""
        if self._written_tools[0] is not tools:
            self._written_tools = (tools, _json(tools))
        return self._written_tools[1]

    def _adapts(self, status: int, said: bytes, body: Mapping[str, Any]) -> bool:
        """Learn from a refusal; say whether it is worth asking again."""
        if status not in (400, 422):
            return False
        if "stream_options" in body and (b"stream_options" in said or b"include_usage" in said):
            self._refuses_stream_options = True
            return True
        if self._reasoning_key.encode() not in said:
            return False
        text = said.decode("utf-8", "replace").lower()
        has_some = any(self._reasoning_key in one for one in body["messages"])
        was = self._returned
        if has_some and any(one in text for one in _NOT_WANTED):
            self._returned = "none"
        elif any(one["role"] == "assistant" for one in body["messages"]):
            self._returned = "all"
        return self._returned != was

    def _learn(self, heard: Heard) -> None:
        if heard.reasoning_key is not None:
            self._reasoning_key = heard.reasoning_key

    def _about(self, heard: Heard) -> dict[str, Any]:
        return {
            "finish_reason": heard.finish,
            "model_name": heard.model or self.model_name,
            "model_provider": "openai",
            "endpoint": self.openai_api_base,
        }


@contextmanager
def _noting_the_wait(heard: Heard, patience: Patience) -> Iterator[None]:
    """Count on the turn how long it waited for nothing."""
    start = monotonic()
    try:
        yield
    except ModelDownError:
        if not heard.size:
            waiting_now().seconds += min(monotonic() - start, patience.first_sign)
        raise


# Requests -----------------------------------------------------------------------------------


def _plain(message: BaseMessage) -> dict[str, Any] | None:
    """A message as it is sent, where that is plain to see: nothing but words."""
    words, kind = message.content, type(message)
    if not isinstance(words, str) or message.name is not None:
        return None
    if kind is HumanMessage:
        return None if message.additional_kwargs else {"content": words, "role": "user"}
    if kind is AIMessage and not (message.additional_kwargs.keys() - {"reasoning_content"}):
        has_calls = message.tool_calls or message.invalid_tool_calls  # type: ignore[attr-defined]
        return None if has_calls else {"content": words, "role": "assistant"}
    return None


def _are_same(these: Sequence[object], those: Sequence[object]) -> bool:
    """Whether they are the very same things; comparing what is in tools would take long."""
    return len(these) == len(those) and all(a is b for a, b in zip(these, those, strict=True))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# Answers ------------------------------------------------------------------------------------


def _thought(heard: Heard) -> dict[str, Any]:
    reasoning = heard.reasoning
    return {"reasoning_content": reasoning} if reasoning else {}


def _is_readable(call: Called) -> bool:
    try:
        return isinstance(json.loads(call.arguments or "{}"), dict)
    except (ValueError, RecursionError):
        return False


def _arguments(call: Called) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call.arguments or "{}")
    return found


def _unreadable(call: Called) -> str:
    return f"not JSON: {call.arguments[:2000]}"


def _usage(said: Mapping[str, Any] | None) -> UsageMetadata | None:
    """Read token counts; providers put the cached ones in four places."""
    if not said:
        return None
    asked, answered = _count(said, "prompt_tokens"), _count(said, "completion_tokens")
    about_asked = said.get("prompt_tokens_details")
    thought = _count(said.get("completion_tokens_details"), "reasoning_tokens")
    cached = (
        _count(about_asked, "cached_tokens")
        or _count(said, "prompt_cache_hit_tokens")
        or _count(said, "cached_tokens")
    )
    return UsageMetadata(
        input_tokens=asked,
        output_tokens=answered,
        total_tokens=_count(said, "total_tokens") or asked + answered,
        input_token_details=InputTokenDetails(cache_read=cached),
        output_token_details=OutputTokenDetails(reasoning=thought),
    )


def _count(said: object, name: str) -> int:
    found = said.get(name) if isinstance(said, Mapping) else None
    return found if isinstance(found, int) and found > 0 else 0


async def _beginning(response: httpx.Response) -> bytes:
    """Read an error's words, but not for ever."""
    said = b""
    async for data in response.aiter_raw():
        said += data
        if len(said) >= LONGEST_ERROR:
            break
    return said


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds to wait; None for a date or nothing."""
    try:
        wait = float(response.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return wait if 0 <= wait < 1e6 else None


# Making clients -----------------------------------------------------------------------------


@dataclass(frozen=True)
class ChatModels:
    """The clients of an installation, each made when it is first asked for."""

    endpoints: Endpoints

    @cached_property
    def main(self) -> FastChatOpenAI:
        return self._made(self.endpoints.main)

    @cached_property
    def small(self) -> FastChatOpenAI:
        small = self.endpoints.small
        return self.main if small is None else self._made(small)

    @cached_property
    def fallback(self) -> FastChatOpenAI | None:
        fallback = self.endpoints.fallback
        return None if fallback is None else self._made(fallback)

    async def close(self) -> None:
        """Hang up on all of them."""
        for name in ("main", "small", "fallback"):
            client = vars(self).get(name)
            if client is not None:
                await hang_up(client)

    def _made(self, endpoint: Endpoint) -> FastChatOpenAI:
        main = self.endpoints.main
        is_mains = endpoint.base_url == main.base_url
        return chat_model(
            endpoint,
            patience=self.endpoints.patience,
            proxy=self.endpoints.proxy if is_mains or not endpoint.is_local else None,
            extra=self.endpoints.extra if is_mains else {},
            wants_usage=self.endpoints.wants_usage,
        )


def chat_models(endpoints: Endpoints) -> ChatModels:
    """The models to ask. Making the first client takes 0.4 s: do it in a thread."""
    return ChatModels(endpoints)


def chat_model(
    endpoint: Endpoint,
    *,
    patience: Patience = Patience(),  # noqa: B008 -- it is frozen
    proxy: str | None = None,
    extra: Mapping[str, Any] | None = None,
    wants_usage: bool = True,
    join_seconds: float = JOIN_SECONDS,
) -> FastChatOpenAI:
    """Make a client for one endpoint; it belongs to the event loop that first uses it."""
    # The environment's proxies are for the world outside.
    is_by_proxy = proxy is not None or (not endpoint.is_local and wants_proxy())
    line: dict[str, Any] = {
        "trust_env": proxy is None and not endpoint.is_local,
        "proxy": proxy,
        "follow_redirects": False,
        "limits": _LINES,
        "verify": _certificates(),
    }
    straight = None if is_by_proxy else _straight()
    made = FastChatOpenAI(
        model=endpoint.model,
        api_key=SecretStr(endpoint.key or NO_KEY),
        base_url=endpoint.base_url.rstrip("/"),
        # Some model names would otherwise choose the Responses API, even on a local server.
        use_responses_api=False,
        # For the paths that do not listen themselves, which nobody here uses.
        timeout=patience.whole,
        max_retries=0,
        stream_usage=wants_usage,
        extra_body=dict(extra) if extra else None,
        # The line is made here; what the environment says of it must not come on top.
        openai_proxy=None,
        http_socket_options=(),
        http_async_client=httpx.AsyncClient(
            timeout=None,  # noqa: S113 -- see `Patience`
            transport=straight,
            **line,
        ),
        http_client=httpx.Client(timeout=patience.whole, **line),
        patience=patience,
        join_seconds=join_seconds,
    )
    made._straight = straight  # noqa: SLF001 -- pydantic gives no other way to hand it over
    return made


async def hang_up(client: FastChatOpenAI) -> None:
    """Close a client's lines."""
    for line in (client.http_async_client, client.http_client):
        if isinstance(line, httpx.AsyncClient):
            await line.aclose()
        elif isinstance(line, httpx.Client):
            line.close()


def _straight() -> StraightLines:
    return StraightLines(_certificates(), most=1000, idle_seconds=_IDLE_SECONDS)


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Read the certificates once for all clients: 30 ms."""
    return httpx.create_ssl_context()
