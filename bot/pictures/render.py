"""A picture made into PNG, in a process of its own.

The drawing holds Python's one lock for up to a tenth of a second; in the mentor's own process
everybody would wait for it.
"""

import asyncio
import json
import sys

from bot.pictures import drawing
from bot.pictures.palette import Theme

# The name of the file, where a platform shows one.
PICTURE = "mentor.png"
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
    order = json.dumps({"svg": svg, "theme": theme}).encode()
    async with _gate:
        try:
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                drawing.__name__,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            raise NotDrawnError(f"no process for a picture: {error}") from error
        try:
            drawn, said = await asyncio.wait_for(child.communicate(order), SECONDS)
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
