"""A picture made into PNG, in a process of its own.

The drawing holds Python's one lock for up to a tenth of a second; in the mentor's own process
everybody would wait for it.
"""

import asyncio
import sys
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from bot.pictures import drawing
from bot.pictures.lettering import BOLD, REGULAR
from bot.pictures.palette import Theme, style_sheet

# The name of the file, where a platform shows one.
PICTURE = "mentor.png"
# Pixels for each unit of a drawing: 900 in a row, as many as a phone shows of it.
ZOOM = 1.25
SECONDS = 10.0
# Each takes a processor for a tenth of a second; more at once would only wait for one.
AT_ONCE = 2
_gate = asyncio.Semaphore(AT_ONCE)


class NotDrawnError(Exception):
    """A picture could not be made; its message goes without it."""


async def png_of(svg: str, theme: Theme) -> bytes:
    """Draw a picture.

    Raises:
        NotDrawnError: when it takes too long, or resvg is missing or will not have it.
    """
    async with _gate:
        try:
            child = await asyncio.create_subprocess_exec(
                *command(theme),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            raise NotDrawnError(f"no process for a picture: {error}") from error
        try:
            drawn, said = await asyncio.wait_for(child.communicate(svg.encode()), SECONDS)
        except TimeoutError:
            raise NotDrawnError(f"a picture took longer than {SECONDS:.0f} s") from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
    if child.returncode != 0 or not drawn.startswith(b"\x89PNG"):
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise NotDrawnError(f"a picture was not drawn: {''.join(last)[:200]}")
    return drawn


def command(theme: Theme) -> list[str]:
    """What starts the drawing; without site-packages Python is there in half the time.

    Raises:
        NotDrawnError: where resvg is not installed.
    """
    fonts = (str(REGULAR), str(BOLD))
    program = [sys.executable, "-I", "-S", str(drawing.__file__)]
    return [*program, _packages(), style_sheet(theme), str(ZOOM), *fonts]


@lru_cache(maxsize=1)
def _packages() -> str:
    found = find_spec("resvg_py")
    if found is None or found.origin is None:
        raise NotDrawnError("resvg-py is not installed")
    return str(Path(found.origin).parent.parent)
