"""An OpenAI-compatible model on loopback that says what the test tells it to, or misbehaves.

In a test: `async with FakeModel() as model:`, then `model.say("你好")` or `model.fail("429")`.
For another process: `python -m tests.fakes.model --port 8082`, then
`POST /control/script {"steps": [{"text": "你好"}, {"fault": "429", "times": 2}]}`.
"""

import argparse
import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from aiohttp import web
from typing_extensions import override

from tests.fakes.loopback import Json, LoopbackServer, cut, guarded, serve, wall_clock
from tests.fakes.model_rules import Habits, ModelApiError, check_habits, check_request

LONG_SILENCE = 3600.0
COMMENT = b": keep-alive\n\n"
COMMENT_SECONDS = 0.02
PIECE = 6
HUGE = 50 * 2**20
UNKNOWN_TOOL = "no_such_tool"


class Fault(StrEnum):
    UNAUTHORIZED = "401"
    NOT_FOUND = "404"
    RATE_LIMITED = "429"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    CONTEXT_TOO_LONG = "context_length_exceeded"
    HANG = "hang"
    STALL = "stall"
    CUT = "cut"
    HTML = "html"
    BROKEN_JSON = "broken_json"
    EMPTY_CHOICES = "empty_choices"
    MALFORMED_ARGUMENTS = "malformed_arguments"
    UNKNOWN_TOOL = "unknown_tool"
    LOOP = "loop"
    HUGE = "huge"
    REDIRECT = "redirect"
    OUT_OF_MONEY = "insufficient_quota"
    CONTENT_FILTER = "content_filter"
    ERROR_IN_STREAM = "error_in_stream"
    ONLY_COMMENTS = "only_comments"


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call; arguments given as text are sent as they are, valid JSON or not."""

    name: str
    arguments: Json | str

    def as_text(self) -> str:
        if isinstance(self.arguments, str):
            return self.arguments
        return json.dumps(self.arguments, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Reply:
    text: str = ""
    calls: tuple[Call, ...] = ()
    pause: float = 0.0
    """Seconds before each piece of a stream."""
    piece: int = PIECE
    """Characters in a piece of a stream."""
    reasoning: str = ""
    """Comes before the text, in a field of its own: see `Habits.reasoning_key`."""
    comments: int = 0
    """Keep-alive comments before the answer, each after `pause` seconds."""


@dataclass(slots=True)
class Step:
    """One line of the script: a reply, or a fault for `times` requests (None: until `heal`)."""

    reply: Reply | None = None
    fault: Fault | None = None
    times: int | None = 1
    seconds: float = LONG_SILENCE
    retry_after: float | None = None


class FakeModel(LoopbackServer):
    """A model that answers from a script, in order; without one it echoes the last user message.

    Requests that OpenAI would refuse are refused and use up nothing of the script.
    """

    def __init__(self, *, port: int = 0, clock: Callable[[], float] = wall_clock) -> None:
        super().__init__(port=port, clock=clock)
        self.latency = 0.0
        self.habits = Habits()
        """In what this endpoint differs from OpenAI's."""
        self.answer: Callable[[Json], Reply] = echo
        """What to say when the script is empty: a function of the request body."""
        self.requests: list[Json] = []
        """The body of every request to chat completions, refused ones too."""
        self.history: list[Json] = []
        self.elsewhere: list[Json] = []
        """What arrived at the other address that REDIRECT points to."""
        self._script: deque[Step] = deque()
        self._other_port = 0
        self._calls_made = 0

    @override
    async def _open(self) -> None:
        self._other_port = await self._listen(0)

    @property
    @override
    def url(self) -> str:
        """For `ChatOpenAI(base_url=...)`."""
        return f"{self.root}/v1"

    # The script -----------------------------------------------------------------------------

    def say(self, *texts: str, pause: float = 0.0) -> None:
        """Answer the next requests with these texts, one each."""
        self._script.extend(Step(Reply(text, pause=pause)) for text in texts)

    def call(self, *calls: Call, text: str = "", reasoning: str = "") -> None:
        """Answer the next request with tool calls; several are made in parallel."""
        self._script.append(Step(Reply(text, calls, reasoning=reasoning)))

    def reply(self, reply: Reply) -> None:
        """Answer the next request with this."""
        self._script.append(Step(reply))

    def fail(
        self,
        fault: Fault | str,
        times: int | None = 1,
        *,
        seconds: float = LONG_SILENCE,
        retry_after: float | None = None,
    ) -> None:
        """Go wrong for the next requests; `seconds` is the silence of HANG and STALL.

        LOOP answers with one more call of the first tool each time; give it `times=None`.
        """
        step = Step(fault=Fault(fault), times=times, seconds=seconds, retry_after=retry_after)
        self._script.append(step)

    def heal(self) -> None:
        """Forget the rest of the script and the latency."""
        self._script.clear()
        self.latency = 0.0

    @property
    def steps_left(self) -> int:
        return len(self._script)

    @override
    def summary(self) -> str:
        outcomes = [entry["outcome"] for entry in self.history[-8:]]
        return f"{self.steps_left} steps are left, the last requests ended {outcomes}"

    def _next_step(self, body: Json) -> Step:
        if not self._script:
            return Step(self.answer(body))
        step = self._script[0]
        if step.times is not None:
            step.times -= 1
            if step.times <= 0:
                self._script.popleft()
        return step

    # HTTP -----------------------------------------------------------------------------------

    @override
    def _routes(self) -> Iterable[web.RouteDef]:
        return [
            web.post("/v1/chat/completions", guarded(self._complete)),
            web.get("/v1/models", guarded(self._list_models)),
        ]

    async def _list_models(self, _: web.Request) -> web.Response:
        model = {"id": "fake", "object": "model", "created": 0, "owned_by": "tests"}
        return web.json_response({"object": "list", "data": [model]})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request)
        if self._is_elsewhere(request):
            self.elsewhere.append({"body": body, "key": "Authorization" in request.headers})
            return web.json_response(self._completion(body, Reply("You followed a redirect.")))
        entry: Json = {"time": self.now(), "finished": None, "outcome": "open"}
        self.requests.append(body)
        self.history.append(entry)
        try:
            return await self._answer(request, body, entry)
        except ModelApiError as error:
            entry["outcome"] = f"refused {error.status}"
            return web.json_response(error.body(), status=error.status)
        finally:
            entry["finished"] = self.now()
            self._touch()

    def _is_elsewhere(self, request: web.Request) -> bool:
        if request.transport is None:
            return False
        return bool(request.transport.get_extra_info("sockname")[1] == self._other_port)

    async def _answer(self, request: web.Request, body: Json, entry: Json) -> web.StreamResponse:
        check_request(body)
        check_habits(body, self.habits)
        await self._pause(self.latency)
        step = self._next_step(body)
        entry["outcome"] = step.fault or "ok"
        reply = step.reply or _reply_of_fault(step.fault, body)
        if reply is not None:
            return await self._deliver(request, body, reply, entry)
        if step.fault in (Fault.STALL, Fault.CUT):
            return await self._deliver_half(request, body, step)
        return await self._misbehave(request, body, step)

    async def _misbehave(self, request: web.Request, body: Json, step: Step) -> web.StreamResponse:
        """The faults that never begin a proper answer."""
        match step.fault:
            case Fault.HANG:
                await self._pause(step.seconds)
                return cut(request)
            case Fault.HTML:
                page = "<html><body>Please sign in to the network</body></html>"
                return web.Response(text=page, content_type="text/html")
            case Fault.BROKEN_JSON:
                text, kind = '{"id": "chatcmpl-', "application/json"
                if body.get("stream"):
                    text, kind = f"data: {text}\n\n", "text/event-stream"
                return web.Response(text=text, content_type=kind)
            case Fault.EMPTY_CHOICES:
                return self._empty_choices(body)
            case Fault.ERROR_IN_STREAM:
                error = _event(_error(Fault.UNAVAILABLE).body())
                return web.Response(text=error, content_type="text/event-stream")
            case Fault.ONLY_COMMENTS:
                return await self._comment(request, step)
            case Fault.REDIRECT:
                place = f"http://127.0.0.1:{self._other_port}/v1/chat/completions"
                return web.Response(status=307, headers={"Location": place})
            case _:
                return _error_response(step)

    async def _comment(self, request: web.Request, step: Step) -> web.StreamResponse:
        """Keep the line alive with comments, and never answer."""
        response = await _begin_stream(request)
        for _ in range(int(step.seconds / COMMENT_SECONDS)):
            await response.write(COMMENT)
            await self._pause(COMMENT_SECONDS)
        return response

    def _empty_choices(self, body: Json) -> web.Response:
        if not body.get("stream"):
            return web.json_response(self._completion(body, Reply()) | {"choices": []})
        chunk = self._chunk(body, {}) | {"choices": []}
        text = _event(chunk) + "data: [DONE]\n\n"
        return web.Response(text=text, content_type="text/event-stream")

    async def _deliver(
        self, request: web.Request, body: Json, reply: Reply, entry: Json
    ) -> web.StreamResponse:
        """Send a whole answer, in one piece or as a stream."""
        if not body.get("stream") or not self.habits.streams:
            return web.json_response(self._completion(body, reply))
        response = await _begin_stream(request)
        try:
            for _ in range(reply.comments):
                await self._pause(reply.pause)
                await response.write(COMMENT)
            for chunk in self._chunks(body, reply):
                await self._pause(reply.pause)
                await response.write(_event(chunk).encode())
            await response.write(b"data: [DONE]\n\n")
        except ConnectionResetError:
            entry["outcome"] = "the client left"
        return response

    async def _deliver_half(
        self, request: web.Request, body: Json, step: Step
    ) -> web.StreamResponse:
        """Begin an answer, then fall silent (STALL) and cut the line (CUT does so at once)."""
        reply = self.answer(body)
        if body.get("stream"):
            response = await _begin_stream(request)
            chunks = list(self._chunks(body, reply))
            for chunk in chunks[: max(2, len(chunks) // 2)]:
                await response.write(_event(chunk).encode())
        else:
            text = json.dumps(self._completion(body, reply)).encode()
            response = web.StreamResponse(headers={"Content-Type": "application/json"})
            response.content_length = len(text)
            await response.prepare(request)
            await response.write(text[: len(text) // 2])
        if step.fault is Fault.STALL:
            await self._pause(step.seconds)
        else:
            await asyncio.sleep(0.05)  # or the half that was sent may be lost with the line
        cut(request)
        return response

    # Answers --------------------------------------------------------------------------------

    def _completion(self, body: Json, reply: Reply) -> Json:
        message: Json = {"role": "assistant", "content": reply.text or None, "refusal": None}
        if reply.calls:
            message["tool_calls"] = [self._tool_call(call) for call in reply.calls]
        elif not reply.text:
            message["content"] = ""
        if reply.reasoning:
            message[self.habits.reasoning_key] = reply.reasoning
        choice = {"index": 0, "message": message, "finish_reason": _finish(reply), "logprobs": None}
        head = self._head(body, "chat.completion")
        return head | {"choices": [choice], "usage": self._usage(body, reply)}

    def _chunks(self, body: Json, reply: Reply) -> Iterator[Json]:
        """The events of a stream: role, reasoning, text, calls by index, the reason, the usage."""
        yield self._chunk(body, {"role": "assistant", "content": ""})
        for start in range(0, len(reply.reasoning), reply.piece):
            thought = reply.reasoning[start : start + reply.piece]
            yield self._chunk(body, {"content": None, self.habits.reasoning_key: thought})
        for start in range(0, len(reply.text), reply.piece):
            yield self._chunk(body, {"content": reply.text[start : start + reply.piece]})
        for index, call in enumerate(reply.calls):
            arguments = call.as_text()
            opened = {"index": index, **self._tool_call(replace(call, arguments=""))}
            yield self._chunk(body, {"tool_calls": [opened]})
            for start in range(0, len(arguments), reply.piece):
                part = {"arguments": arguments[start : start + reply.piece]}
                yield self._chunk(body, {"tool_calls": [{"index": index, "function": part}]})
        yield self._chunk(body, {}, _finish(reply))
        is_asked = bool((body.get("stream_options") or {}).get("include_usage"))
        if is_asked or self.habits.counts_unasked:
            yield self._chunk(body, {}) | {"choices": [], "usage": self._usage(body, reply)}

    def _usage(self, body: Json, reply: Reply) -> Json:
        usage = _usage(body, reply)
        if self.habits.cached_tokens:
            usage |= cached(self.habits.cached_tokens, self.habits.cached_key)
        return usage

    def _chunk(self, body: Json, delta: Json, finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return self._head(body, "chat.completion.chunk") | {"choices": [choice]}

    def _head(self, body: Json, kind: str) -> Json:
        return {
            "id": f"chatcmpl-{len(self.requests)}",
            "object": kind,
            "created": int(self.now()),
            "model": body["model"],
        }

    def _tool_call(self, call: Call) -> Json:
        self._calls_made += 1
        function = {"name": call.name, "arguments": call.as_text()}
        return {"id": f"call_{self._calls_made}", "type": "function", "function": function}

    # Control from another process -----------------------------------------------------------

    @override
    def _controls(self) -> Mapping[str, Callable[..., object]]:
        return {
            "heal": self.heal,
            "history": lambda since=0: self.history[since:],
            "requests": lambda since=0: self.requests[since:],
            "elsewhere": lambda: self.elsewhere,
            "script": self._add_steps,
            "set": self._set,
            "behave": self._behave,
            "steps_left": lambda: self.steps_left,
        }

    def _set(
        self,
        *,
        latency: float | None = None,
        text: str | None = None,
        piece: int = 6,
        pause: float = 0.0,
    ) -> None:
        """Change the latency, or what is answered when the script is empty."""
        if latency is not None:
            self.latency = latency
        if text is not None:
            standing = Reply(text, pause=pause, piece=piece)
            self.answer = lambda _: standing

    def _behave(self, **habits: Any) -> None:
        """Take on habits by name, such as `{"streams": false}`."""
        self.habits = Habits(**habits)

    def _add_steps(self, steps: Iterable[Json]) -> None:
        """Add `{"text", "reasoning", ...}`, `{"calls": [...]}` or `{"fault", "times", ...}`."""
        for step in steps:
            if "fault" in step:
                self.fail(**step)
            elif "calls" in step:
                calls = [Call(call["name"], call["arguments"]) for call in step["calls"]]
                self.call(*calls, text=step.get("text", ""))
            else:
                self.reply(Reply(**step))


def echo(body: Json) -> Reply:
    """Repeat what the user said last."""
    said = [message["content"] for message in body["messages"] if message["role"] == "user"]
    last = said[-1] if said else ""
    if isinstance(last, list):
        last = "".join(part.get("text", "") for part in last)
    return Reply(f"You said: {last}")


def _reply_of_fault(fault: Fault | None, body: Json) -> Reply | None:
    """The faults that are well-formed answers nobody wants."""
    tools = body.get("tools") or [{"function": {"name": UNKNOWN_TOOL}}]
    first = tools[0]["function"]["name"]
    match fault:
        case Fault.MALFORMED_ARGUMENTS:
            return Reply(calls=(Call(first, '{"text": "unfinished'),))
        case Fault.UNKNOWN_TOOL:
            return Reply(calls=(Call(UNKNOWN_TOOL, {}),))
        case Fault.LOOP:
            return Reply(calls=(Call(first, {}),))
        case Fault.HUGE:
            return Reply("x" * HUGE, piece=65_536)
        case _:
            return None


def _error_response(step: Step) -> web.Response:
    error = _error(step.fault)
    headers = {} if step.retry_after is None else {"Retry-After": f"{step.retry_after:g}"}
    return web.json_response(error.body(), status=error.status, headers=headers)


def _error(fault: Fault | None) -> ModelApiError:
    match fault:
        case Fault.UNAUTHORIZED:
            return ModelApiError(401, "Incorrect API key provided.", code="invalid_api_key")
        case Fault.NOT_FOUND:
            return ModelApiError(404, "The model does not exist.", code="model_not_found")
        case Fault.RATE_LIMITED:
            return ModelApiError(
                429, "Rate limit reached.", kind="requests", code="rate_limit_exceeded"
            )
        case Fault.CONTEXT_TOO_LONG:
            return ModelApiError(
                400,
                "This model's maximum context length is 8192 tokens. However, your messages"
                " resulted in 9000 tokens. Please reduce the length of the messages.",
                param="messages",
                code="context_length_exceeded",
            )
        case Fault.OUT_OF_MONEY:
            return ModelApiError(
                429,
                "You exceeded your current quota.",
                kind="insufficient_quota",
                code="insufficient_quota",
            )
        case Fault.CONTENT_FILTER:
            return ModelApiError(400, "Input data may be unsafe.", code="data_inspection_failed")
        case Fault.UNAVAILABLE:
            return ModelApiError(503, "The engine is overloaded.", kind="server_error")
        case _:
            return ModelApiError(500, "The server had an error.", kind="server_error")


async def _read(request: web.Request) -> Json:
    """The body; one that is not JSON is empty and will be refused."""
    try:
        return dict(await request.json())
    except (TypeError, ValueError):
        return {}


async def _begin_stream(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    return response


def _event(chunk: Json) -> str:
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"


def _finish(reply: Reply) -> str:
    return "tool_calls" if reply.calls else "stop"


def _usage(body: Json, reply: Reply) -> Json:
    """Tokens guessed from bytes: enough for a budget, wrong for a bill."""
    prompt = len(json.dumps(body["messages"], ensure_ascii=False).encode()) * 2 // 7
    written = reply.text + reply.reasoning + "".join(call.as_text() for call in reply.calls)
    answer = len(written.encode()) * 2 // 7 + 1
    return {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
    }


def cached(tokens: int, key: str) -> Json:
    """Where providers say how much of a prompt they had: each has a place of its own."""
    if key == "prompt_tokens_details":
        return {key: {"cached_tokens": tokens}}
    return {key: tokens}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()

    async def run() -> None:
        await serve(FakeModel(port=chosen.port))

    asyncio.run(run())


if __name__ == "__main__":
    main()
