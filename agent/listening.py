"""Listens to a model's answer: a line of server-sent events, at little more than the reading costs.

The libraries' own parsing takes 0.2 to 0.4 ms for each token; here an event is one `json.loads`,
and while an answer is slow, several events are read at once.
"""

import asyncio
import json
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import httpx

from agent.endpoints import Patience
from agent.faults import ModelDownError, ModelFault, ModelNonsenseError, ModelSlowError, fault_of

# Of a chat nothing longer makes sense, and Telegram would take 500 messages to show it.
LONGEST_BODY = 2_000_000
LONGEST_EVENT = 2_000_000
LONGEST_ERROR = 64_000
MOST_CALLS = 64

# Waking up for every token costs 0.1 ms each time, so what comes within this time is read at once:
# a blink at first, as an answer may be over soon, and longer when it is slow. One that comes faster
# than it is read does not wait for a nap.
BLINK_SECONDS = 0.005
NAP_SECONDS = 0.1
AWAKE_SECONDS = 0.3
WAITED_SECONDS = 0.001

# After the reason for finishing there may come token counts, and the end of the line.
LAST_WORDS_SECONDS = 1.0
HANG_UP_SECONDS = 0.1

THINK, UNTHINK = "<think>", "</think>"

# Is given all that an answer says so far.
Watch = Callable[[str], Awaitable[None]]
_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched_by(watch: Watch | None) -> Iterator[None]:
    """Let somebody see each answer grow that is asked for inside, in tasks begun there as well.

    A callback of langchain's would do the same, at twelve calls for each turn that nobody hears.
    """
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def watch_now() -> Watch | None:
    """Who sees the answer grow that is asked for now."""
    return _watch.get()


Opened = Callable[[], AbstractAsyncContextManager[httpx.Response]]


@dataclass(frozen=True, slots=True)
class Called:
    """A tool call as it was written; `arguments` need not be JSON."""

    id: str
    name: str
    arguments: str


@dataclass(slots=True)
class _Call:
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Heard:
    """What an answer holds so far. Bytes go in as they arrive; how they are cut does not matter."""

    host: str
    finish: str | None = None
    model: str | None = None
    usage: dict[str, Any] | None = None
    reasoning_key: str | None = None
    is_over: bool = False
    has_text: bool = False
    """Whether there is text that nobody has taken."""
    _text: list[str] = field(default_factory=list)
    _reasoning: list[str] = field(default_factory=list)
    _calls: list[_Call] = field(default_factory=list)
    _by_index: dict[int, _Call] = field(default_factory=dict)
    _has_choice: bool = False
    _size: int = 0
    _unended: list[bytes] = field(default_factory=list)
    _unended_size: int = 0
    _is_plain: bool | None = None
    # A server without a parser for it writes its reasoning into the text, between two tags.
    _side: str = "undecided"
    _held: str = ""

    def feed(self, data: bytes) -> None:
        """Take in more bytes.

        Raises:
            ModelFault: when they are no answer, or an error.
        """
        if self._is_plain is None and not self._decide(data):
            return
        if self._is_plain or b"\n" not in data:
            self._keep(data)
            return
        lines = data.split(b"\n")
        if self._unended:
            lines[0] = b"".join([*self._unended, lines[0]])
            self._unended.clear()
            self._unended_size = 0
        if lines[-1]:
            self._keep(lines[-1])
        for line in lines[:-1]:
            if line.startswith(b"data:"):
                self._event(line[5:])

    def end(self) -> None:
        """Say that the line has ended, and check that the answer is whole.

        Raises:
            ModelFault: when it is not.
        """
        rest = b"".join(self._unended)
        self._unended.clear()
        if self._is_plain:
            self._answer(_object(rest))
            self.is_over = True
        elif rest.startswith(b"data:"):
            self._event(rest[5:])
        if not self._has_choice:
            raise ModelNonsenseError(f"{self.host} sent an answer without a choice")
        if not self.is_over and self.finish is None:
            raise ModelDownError(f"{self.host} broke off in the middle of an answer")
        if self.finish == "insufficient_system_resource":
            raise ModelDownError(f"{self.host} ran out of resources")
        if self._side == "undecided" and self._held:
            self._say(self._held)
        elif self._side == "reasoning":
            self._reasoning.append(self._held)
        self._held = ""

    def take(self) -> str:
        """Give the text that nobody has taken yet."""
        text = _clean("".join(self._text))
        self._text.clear()
        self.has_text = False
        return text

    @property
    def size(self) -> int:
        """Bytes of all that was said, reasoning included."""
        return self._size

    @property
    def reasoning(self) -> str:
        return _clean("".join(self._reasoning))

    @property
    def calls(self) -> tuple[Called, ...]:
        """The tool calls; each has an id of its own, also when the endpoint forgot it."""
        used: set[str] = set()
        calls = []
        for call in self._calls:
            id = call.id if call.id and call.id not in used else f"call_{uuid.uuid4().hex[:24]}"
            used.add(id)
            calls.append(Called(id, call.name, "".join(call.arguments)))
        return tuple(calls)

    # Bytes ----------------------------------------------------------------------------------

    def _decide(self, data: bytes) -> bool:
        """Tell events from a JSON answer and from a web page, by the first byte that says it."""
        start = b"".join([*self._unended, data]).lstrip(b"\xef\xbb\xbf \t\r\n")
        if not start:
            return False
        if start.startswith(b"<"):
            said = f"{self.host} sent a web page; check the address, and who is in between"
            raise ModelDownError(said, is_lasting=True)
        self._is_plain = start.startswith((b"{", b"["))
        return True

    def _keep(self, data: bytes) -> None:
        self._unended.append(data)
        self._unended_size += len(data)
        if self._unended_size > LONGEST_EVENT:
            raise ModelNonsenseError(f"{self.host} sent more than {LONGEST_EVENT} bytes at once")

    # Events ---------------------------------------------------------------------------------

    def _event(self, data: bytes) -> None:
        data = data.strip()
        if not data:
            return
        if data == b"[DONE]":
            self.is_over = True
            return
        event = _object(data)
        choices = event.get("choices")
        usage = event.get("usage")
        if usage is not None:
            self.usage = usage if isinstance(usage, dict) else self.usage
        if choices:
            self._choice(choices[0] if isinstance(choices, list) else None, "delta")
            if self.model is None:
                self._named(event)
        elif _is_error(event):
            raise fault_of(self.host, 200, event)

    def _answer(self, answer: dict[str, Any]) -> None:
        """Read an answer that came in one piece although a stream was asked for."""
        if _is_error(answer):
            raise fault_of(self.host, 200, answer)
        choices = answer.get("choices")
        if isinstance(choices, list) and choices:
            self._choice(choices[0], "message")
        if isinstance(answer.get("usage"), dict):
            self.usage = answer["usage"]
        self._named(answer)

    def _named(self, event: dict[str, Any]) -> None:
        if isinstance(event.get("model"), str):
            self.model = event["model"]

    def _choice(self, choice: Any, part: str) -> None:
        if not isinstance(choice, dict):
            raise ModelNonsenseError(f"{self.host} sent a choice of another shape")
        self._has_choice = True
        delta = choice.get(part)
        if isinstance(delta, dict):
            self._delta(delta)
        if choice.get("finish_reason"):
            self.finish = str(choice["finish_reason"])[:40]
            # Kimi counts here.
            if isinstance(choice.get("usage"), dict):
                self.usage = choice["usage"]

    def _delta(self, delta: dict[str, Any]) -> None:
        text = delta.get("content") or delta.get("refusal")
        if text:
            if not isinstance(text, str):
                text = _joined(text)
            self._grow(len(text))
            if self._side == "answer":
                self._say(text)
            else:
                self._sort(text)
        for key in ("reasoning_content", "reasoning"):
            thought = delta.get(key)
            if thought and isinstance(thought, str):
                self._grow(len(thought))
                self._reasoning.append(thought)
                self.reasoning_key = key
                break
        if delta.get("tool_calls"):
            self._tool_calls(delta["tool_calls"])

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > LONGEST_BODY:
            said = f"{self.host} sent an answer of more than {LONGEST_BODY} characters"
            raise ModelNonsenseError(said)

    # Text and reasoning ---------------------------------------------------------------------

    def _say(self, text: str) -> None:
        self._text.append(text)
        self.has_text = True

    def _sort(self, text: str) -> None:
        """Put the beginning of a text where it belongs, before it is clear what it is."""
        self._held += text
        if self._side == "undecided":
            start = self._held.lstrip()
            if len(start) < len(THINK) and THINK.startswith(start):
                return
            if not start.startswith(THINK):
                self._side, held, self._held = "answer", self._held, ""
                self._say(held)
                return
            self._side, self._held = "reasoning", start[len(THINK) :]
        if self._side == "reasoning":
            thought, tag, rest = self._held.partition(UNTHINK)
            if not tag:
                # Its end may be the beginning of the tag.
                kept = len(UNTHINK) - 1
                self._reasoning.append(self._held[:-kept])
                self._held = self._held[-kept:]
                return
            self._reasoning.append(thought)
            self._side, self._held = "after", rest
        said = self._held.lstrip()
        self._held = ""
        if said:
            self._side = "answer"
            self._say(said)

    # Tool calls -----------------------------------------------------------------------------

    def _tool_calls(self, parts: Any) -> None:
        if not isinstance(parts, list):
            raise ModelNonsenseError(f"{self.host} sent tool calls of another shape")
        for part in parts:
            function = part.get("function") if isinstance(part, dict) else None
            if not isinstance(function, dict):
                raise ModelNonsenseError(f"{self.host} sent a tool call of another shape")
            call = self._call_of(part, function)
            if function.get("name") and not call.name:
                call.name = str(function["name"])[:200]
            arguments = function.get("arguments")
            if arguments:
                if not isinstance(arguments, str):
                    arguments = json.dumps(arguments, ensure_ascii=False)
                self._grow(len(arguments))
                call.arguments.append(arguments)

    def _call_of(self, part: dict[str, Any], function: dict[str, Any]) -> _Call:
        """Find the call that a piece belongs to.

        Some endpoints send whole calls, each with the same index or with none.
        """
        index, id = part.get("index"), part.get("id")
        known = self._by_index.get(index) if isinstance(index, int) else None
        if known is None and not isinstance(index, int) and self._calls:
            known = self._calls[-1]
        is_another = bool(function.get("name")) and known is not None and id and id != known.id
        if known is None or (is_another and known.id):
            if len(self._calls) >= MOST_CALLS:
                raise ModelNonsenseError(f"{self.host} sent more than {MOST_CALLS} tool calls")
            known = _Call()
            self._calls.append(known)
            if isinstance(index, int):
                self._by_index[index] = known
        if id and not known.id:
            known.id = str(id)[:200]
        return known


async def pieces(
    opened: Opened, heard: Heard, patience: Patience, every: float | None
) -> AsyncGenerator[str, None]:
    """Give the text of an answer while it grows, a piece each `every` seconds.

    The first piece comes so long after the first word. The rest is in `heard` in the end, as is all
    of an answer that was whole by then, and of one that nobody watches (`every` is None).

    Raises:
        ModelFault: when the endpoint is silent for too long, breaks off or talks nonsense.
    """
    reading = _Reading(opened, heard)
    task = asyncio.create_task(reading.run())
    task.add_done_callback(lambda _: reading.news.set())
    loop = asyncio.get_running_loop()
    start = loop.time()
    shown: float | None = None
    try:
        while not task.done() and not heard.is_over:
            now = loop.time()
            if every is not None and heard.has_text:
                shown = now if shown is None else shown
                if now >= shown + every:
                    shown = now
                    yield heard.take()
                    continue
            end, is_fine = _deadline(reading, start, patience)
            if now >= end:
                if is_fine:
                    break
                raise _silence(heard.host, reading, patience, start, now)
            if every is not None and shown is not None and heard.has_text:
                end = min(end, shown + every)
            reading.is_awaited = every is not None and not heard.has_text
            await _woken(reading.news, end)
        if task.done():
            task.result()
        heard.end()
    finally:
        await _hang_up(task, heard)


@dataclass(slots=True)
class _Reading:
    """The task that reads the line; it keeps no time, so that a token costs next to nothing."""

    opened: Opened
    heard: Heard
    news: asyncio.Event = field(default_factory=asyncio.Event)
    is_awaited: bool = False
    signed: float | None = None
    """When the last byte came."""
    finished: float | None = None

    async def run(self) -> None:
        loop, heard = asyncio.get_running_loop(), self.heard
        try:
            async with self.opened() as response:
                start = rested = 0.0
                async for data in response.aiter_raw():
                    self.signed = now = loop.time()
                    heard.feed(data)
                    if heard.is_over or (heard.finish and self.finished is None):
                        self.finished = now
                        self.news.set()
                    elif self.is_awaited and heard.has_text:
                        self.is_awaited = False
                        self.news.set()
                    if not start:
                        start = rested = now
                    if not heard.finish:
                        if now - start <= AWAKE_SECONDS:
                            await asyncio.sleep(BLINK_SECONDS)
                        elif now - rested > WAITED_SECONDS:
                            await asyncio.sleep(NAP_SECONDS)
                    rested = loop.time()
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            # Its words may hold an address with a key in it.
            raise broken(heard.host, error) from None


def broken(host: str, error: Exception) -> ModelDownError:
    """Tell of a line that failed, by the kind of failure only."""
    return ModelDownError(f"the line to {host} failed: {type(error).__name__}")


def _deadline(reading: _Reading, start: float, patience: Patience) -> tuple[float, bool]:
    """When waiting ends, and whether the answer is good enough if it does."""
    if reading.finished is not None:
        return reading.finished + LAST_WORDS_SECONDS, True
    whole = start + patience.whole
    if reading.signed is None:
        return min(whole, start + patience.first_sign), False
    return min(whole, reading.signed + patience.silence), False


def _silence(
    host: str, reading: _Reading, patience: Patience, start: float, now: float
) -> ModelFault:
    if now >= start + patience.whole:
        # Whoever was talking is not down.
        kind = ModelSlowError if reading.heard.size else ModelDownError
        return kind(f"{host} took longer than {patience.whole:g} s")
    if reading.signed is None:
        return ModelDownError(f"{host} gave no sign within {patience.first_sign:g} s")
    return ModelDownError(f"{host} fell silent for {patience.silence:g} s")


async def _woken(news: asyncio.Event, end: float) -> None:
    try:
        async with asyncio.timeout_at(end):
            await news.wait()
    except TimeoutError:
        return
    news.clear()


async def _hang_up(task: asyncio.Task[None], heard: Heard) -> None:
    """Stop reading. A line that ends by itself can be used again, so wait a moment for that."""
    if heard.is_over and not task.done():
        await asyncio.wait({task}, timeout=HANG_UP_SECONDS)
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # or asyncio reports it as forgotten


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ModelNonsenseError("an answer that is not readable JSON")
    return found


def _is_error(event: dict[str, Any]) -> bool:
    if event.get("error") or event.get("object") == "error":
        return True
    return "choices" not in event and "code" in event and "message" in event


def _joined(content: Any) -> str:
    """The text of a content that came in parts."""
    if not isinstance(content, list):
        raise ModelNonsenseError("a content of another shape")
    parts = [one.get("text") for one in content if isinstance(one, dict)]
    return "".join(one for one in parts if isinstance(one, str))


def _clean(text: str) -> str:
    """Mend what no database or chat takes: half characters and NUL."""
    text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
