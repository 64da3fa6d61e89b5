"""Links of the catalogue that lead nowhere, as they were found when they were last looked at."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from store.learners import epoch
from store.script import Script, change, change_each, rows


def keep_dead_links(found: Mapping[str, str], now: datetime) -> Script[None]:
    """Keep what was found, by address, instead of what was found before."""
    yield from change("delete from dead_links")
    yield from change_each(
        "insert into dead_links (url, found, seen_at) values (:url, :found, :now)",
        [{"url": url, "found": words, "now": epoch(now)} for url, words in found.items()],
    )


def dead_links(limit: int) -> Script[Sequence[str]]:
    found = yield from rows("select url from dead_links order by url limit :limit", limit=limit)
    return [one["url"] for one in found]
