"""Look whether the links of the curricula still lead somewhere, gently, and tell what was found."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import httpx

AT_ONCE = 8
TIMEOUT_SECONDS = 10.0
TRIES = 3
# Between two requests to one host, and before another try there.
PAUSE_SECONDS = 0.5
_GONE = {404, 410}
# Whoever answers HEAD with anything but these is asked again with GET before it counts.
_FINE = range(200, 300)
_HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; mentor-links)", "Accept": "*/*"}


class Fate(StrEnum):
    OK = "ok"
    MOVED = "moved"
    GONE = "gone"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of a link: `found` is the new address, the status, or the error's words."""

    url: str
    fate: Fate
    found: str = ""


async def look_at(urls: Iterable[str], *, pause: float = PAUSE_SECONDS) -> list[Looked]:
    """Look at every link once, in the order given; the proxy of the environment is used.

    At most eight at a time, and of one host one after the other with a pause between.
    """
    hosts: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
    room = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(
        timeout=TIMEOUT_SECONDS, follow_redirects=True, headers=_HEADERS
    ) as client:

        async def one(url: str) -> Looked:
            # The host's turn first: who waits for it takes no room from other hosts.
            async with hosts[urlsplit(url).netloc], room:
                looked = await _look_patiently(client, url, pause)
                await asyncio.sleep(pause)
                return looked

        return list(await asyncio.gather(*(one(url) for url in dict.fromkeys(urls))))


async def _look_patiently(client: httpx.AsyncClient, url: str, pause: float) -> Looked:
    """Try again what a server may mend by itself: its own errors, too many requests, silence."""
    found = ""
    for attempt in range(TRIES):
        if attempt:
            await asyncio.sleep(pause * 2**attempt)
        try:
            answer = await _answer(client, url)
        except httpx.TimeoutException:
            found = f"no answer within {TIMEOUT_SECONDS:.0f} s"
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            # A name that does not resolve or a refused connection may also be a passing fault.
            found = str(error) or type(error).__name__
        else:
            if answer.status_code < 500 and answer.status_code != 429:
                return _judged(url, answer)
            found = str(answer.status_code)
    return Looked(url, Fate.UNREACHABLE, found)


async def _answer(client: httpx.AsyncClient, url: str) -> httpx.Response:
    """Ask for the head alone; some servers know no HEAD, so a bad answer is asked for in full."""
    answer = await client.head(url)
    if answer.status_code in _FINE:
        return answer
    async with client.stream("GET", url) as whole:
        return whole


def _judged(url: str, answer: httpx.Response) -> Looked:
    if answer.status_code in _GONE:
        return Looked(url, Fate.GONE, str(answer.status_code))
    if answer.status_code not in _FINE:
        return Looked(url, Fate.UNREACHABLE, str(answer.status_code))
    if answer.history:
        return Looked(url, Fate.MOVED, str(answer.url))
    return Looked(url, Fate.OK)


def report(looked: Sequence[Looked], places: dict[str, list[str]]) -> list[str]:
    """A line for each link that wants an author's eye, the worst first, and a line of numbers."""
    lines = []
    for fate in (Fate.GONE, Fate.UNREACHABLE, Fate.MOVED):
        for one in looked:
            if one.fate is fate:
                arrow = " → " if fate is Fate.MOVED else ": "
                lines.append(f"{fate:<12} {one.url}{arrow}{one.found}")
                lines += [f"{'':<12} {place}" for place in places.get(one.url, ())]
    counts = (f"{sum(one.fate is fate for one in looked)} {fate}" for fate in Fate)
    return [*lines, f"{len(looked)} links: {', '.join(counts)}"]
