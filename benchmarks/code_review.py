"""What a code review costs: the whole way through the child process, beside ruff alone."""

import ast
import asyncio
import statistics
import subprocess
import time
from collections.abc import Awaitable, Callable
from functools import partial

from ruff import find_ruff_bin

from bot.code_review.process import Handed, Reviewer
from learning.code_review.rulebook import ruff_codes
from store.catalogue import read_review_rules

ROUNDS = 15
# Code with classes, loops and calls as learners write them; of the rules' own examples.
SHORT, LONG = 300, 2000


async def code_review() -> list[str]:
    rules = read_review_rules()
    codes = ruff_codes(rules.values())
    examples = [one for rule in rules.values() for one in (*rule.bad, *rule.good)]
    lines = "\n\n".join(examples * 3).split("\n")
    told = []
    for count, aim in ((SHORT, "120 ms"), (LONG, "1 s")):
        content = _whole(lines, count).encode()
        handed = [Handed(content, "x.py")]
        first = await _median(partial(Reviewer(codes).examine, handed))
        reviewer = Reviewer(codes, seconds_ready=60.0)
        (found,) = await reviewer.examine(handed)
        following = await _median(partial(reviewer.examine, handed), pause=0.3)
        await reviewer.close()
        alone = await _median(partial(_ruff_alone, content, codes))
        told.append(
            f"code review, {found.lines} lines, {len(found.seen)} findings: {first:.0f} ms in all, "
            f"{first / alone:.1f} times ruff alone ({alone:.0f} ms), and {following:.0f} ms for "
            f"the next within minutes; aim: under {aim}"
        )
    return told


def _whole(lines: list[str], count: int) -> str:
    """The first lines that are Python together."""
    while count > 0:
        text = "\n".join(lines[:count])
        try:
            ast.parse(text)
        except SyntaxError:
            count -= 1
        else:
            return text
    return ""


async def _median(act: Callable[[], Awaitable[object]], pause: float = 0.0) -> float:
    """The time an act takes, in milliseconds, with seconds in between."""
    figures = []
    for _ in range(ROUNDS):
        await asyncio.sleep(pause)
        before = time.perf_counter()
        await act()
        figures.append((time.perf_counter() - before) * 1000)
    return statistics.median(figures)


async def _ruff_alone(content: bytes, codes: tuple[str, ...]) -> None:
    process = await asyncio.create_subprocess_exec(
        *(find_ruff_bin(), "check", "--isolated", "--no-cache", "--quiet"),
        *(f"--select={','.join(codes)}", "--stdin-filename=x.py", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    await process.communicate(content)
