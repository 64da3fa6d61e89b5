"""What was erased is gone from the disk as well, down to the bytes."""

import logging
from datetime import datetime, timedelta

from store.errors import StorageError
from store.outbox import latest_of_kind
from store.port import Store
from store.sqlite import SqliteStore

log = logging.getLogger("mentor.storage")

# The last message to somebody who was forgotten; it stays for a month, without a learner.
FORGOTTEN = "forgotten"
# A file that is written anew in half a second; for a larger one everybody would wait too long.
QUICKLY_REWRITTEN = 32 * 1024 * 1024
AT_MOST_EVERY = timedelta(minutes=1)


async def scrub(store: Store, now: datetime, *, is_tidying: bool) -> None:
    """Let nothing that was erased be left in the database's file; never raises.

    At once when that is quick, and else with the next tidying, which comes every hour. The files of
    a server are not ours: there it goes with the server's own vacuum.
    """
    if not isinstance(store, SqliteStore):
        return
    try:
        erased_at = await store.run(latest_of_kind, FORGOTTEN)
        is_owed = erased_at is not None and erased_at >= store.rewritten_at
        size = await store.size()
        is_quick = size <= QUICKLY_REWRITTEN and now - store.rewritten_at >= AT_MOST_EVERY
        if is_owed and (is_tidying or is_quick):
            is_gone = await store.rewrite(now)
        else:
            is_gone = await store.empty_log()
        if not is_gone:
            log.info("the database's log is emptied later: somebody reads it")
    except StorageError as error:
        log.warning("what was erased goes from the disk later: %s", error)
