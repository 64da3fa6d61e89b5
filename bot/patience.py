"""Waiting for storage: what was accepted or sent is noted, however long that takes."""

import asyncio
import logging
from typing import TypeVar

from store.errors import StorageBrokenError, StorageFullError
from store.port import Store
from store.script import Prepared

T = TypeVar("T")

log = logging.getLogger("mentor.storage")

PAUSE_SECONDS = 2.0


async def when_storage_works(store: Store, script: Prepared[T], what: str) -> T:
    """Run a script, again and again while the disk is full; say so once, and when it is over."""
    is_told = False
    while True:
        try:
            value = await store.run(script)
        except (StorageFullError, StorageBrokenError) as error:
            if not is_told:
                log.error("%s waits: %s", what, error)  # noqa: TRY400 -- it names the remedy
            is_told = True
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            if is_told:
                log.info("%s goes on", what)
            return value
