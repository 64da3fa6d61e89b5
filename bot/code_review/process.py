"""Submissions handed to the child process, and what it tells read back as values."""

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from ruff import find_ruff_bin

from learning.code_review.examined import Examined
from learning.code_review.source import Kind, Problem

log = logging.getLogger("mentor.code_review")

SECONDS: Final = 2.0
MOST_AT_ONCE: Final = 2
# A script is text from a person's hand; a notebook carries its pictures with it.
LARGEST: Final = 1_000_000
LARGEST_NOTEBOOK: Final = 8_000_000
MOST_FILES: Final = 8
_ROOT: Final = Path(__file__).resolve().parents[2]
# It lives too short to collect garbage.
_START: Final = (
    "import gc, sys; gc.disable(); sys.path.insert(0, sys.argv[1]); "
    "from bot.code_review.child import main; main()"
)


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it was handed in; a paste has no name."""

    content: bytes
    name: str = ""


def largest_of(name: str) -> int:
    """So many bytes of a file are read at most."""
    return LARGEST_NOTEBOOK if name.lower().endswith(".ipynb") else LARGEST


class Reviewer:
    """Reads what is handed in, a few files at a time, each in a process of its own.

    `codes` are what ruff looks for. Who has shown code is likely to show it again, mended: with
    `seconds_ready` a process waits so long for the next file, as most of a short review is spent on
    starting one.
    """

    def __init__(
        self, codes: Sequence[str], seconds: float = SECONDS, seconds_ready: float = 0.0
    ) -> None:
        self._codes = tuple(codes)
        self._seconds = seconds
        self._seconds_ready = seconds_ready
        self._free = asyncio.Semaphore(MOST_AT_ONCE)
        self._ruff = find_ruff_bin()
        self._ready: asyncio.subprocess.Process | None = None
        self._end_of_ready: asyncio.TimerHandle | None = None

    async def examine(self, files: Sequence[Handed]) -> tuple[Examined, ...]:
        """What was seen in each file, in their order; never raises for what a file holds."""
        return tuple(await asyncio.gather(*(self._examine(one) for one in files[:MOST_FILES])))

    async def _examine(self, file: Handed) -> Examined:
        name = _safe_name(file.name)
        most = largest_of(name)
        if len(file.content) > most:
            return _refused(name, "too_large", most=f"{most // 1_000_000} MB")
        async with self._free:
            try:
                said = await self._ask(file.content, name)
            except TimeoutError:
                return _refused(name, "too_slow", seconds=f"{self._seconds:g}")
        if said is None:
            return _refused(name, "unreadable")
        try:
            found = Examined.model_validate_json(said)
        except ValidationError:
            log.exception("the child told of %r in another shape than expected", name)
            return _refused(name, "unreadable")
        for rule, why in found.failed.items():
            log.warning("rule %s broke over a file of %s lines: %s", rule, found.lines, why)
        return found.changed(name=name)

    async def _ask(self, content: bytes, name: str) -> bytes | None:
        """What the child says; None when it died, by a limit or by itself."""
        process = self._taken() or await _child()
        header = json.dumps({"name": name, "ruff": self._ruff, "codes": self._codes}).encode()
        try:
            async with asyncio.timeout(self._seconds):
                said, _ = await process.communicate(header + b"\n" + content)
        finally:
            await _end(process)
        if self._seconds_ready and self._ready is None:
            await self._make_ready()
        if process.returncode:
            log.info("the child ended with %s over %s bytes", process.returncode, len(content))
            return None
        return said

    def _taken(self) -> asyncio.subprocess.Process | None:
        """The process that waits, if it still does; it waits for nobody else then."""
        process, self._ready = self._ready, None
        if self._end_of_ready is not None:
            self._end_of_ready.cancel()
        return process if process is not None and process.returncode is None else None

    async def _make_ready(self) -> None:
        process = await _child()
        if self._ready is not None:
            # Another review ended meanwhile.
            await _end(process)
            return
        self._ready = process
        loop = asyncio.get_running_loop()
        self._end_of_ready = loop.call_later(self._seconds_ready, self._let_go)

    def _let_go(self) -> None:
        process = self._taken()
        if process is not None and process.stdin is not None:
            # With nothing to read it ends by itself.
            process.stdin.close()

    async def close(self) -> None:
        process = self._taken()
        if process is not None:
            await _end(process)


async def _child() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", _START, str(_ROOT)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a process that still runs, with ruff, which it started in the same group."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _safe_name(name: str) -> str:
    """The last part of a file's name, for words only; nothing is ever opened by it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(one for one in last if one.isprintable())[-80:]


def _refused(name: str, key: str, **names: str) -> Examined:
    return Examined(name=name, kind=Kind.OTHER, problems=(Problem(key, None, names),))
