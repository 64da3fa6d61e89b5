"""Corrected answers: whoever was graded by the old one hears of it, once."""

from datetime import datetime

from bot.cards import correction
from bot.texts import texts_in
from learning.catalogue import Catalogue
from store.outbox import Delivery, owe
from store.script import Script
from tools.reports import Remarked, remark


def remark_and_tell(catalogue: Catalogue, now: datetime) -> Script[int]:
    """Grade again, and put a message for each changed answer into the outbox; give the number.

    Sending them is left to the outbox, which takes up what is unsent after this.
    """
    remarked = yield from remark(catalogue, now)
    yield from owe([_delivery(one, now) for one in remarked], now)
    return len(remarked)


def _delivery(one: Remarked, now: datetime) -> Delivery:
    """The key holds the verdict, so that a second correction is told as well."""
    return Delivery(
        key=f"remark:{one.question.id}:{one.after.value}:{int(now.timestamp())}",
        platform=one.learner.home.partition(":")[0],
        address=one.learner.home,
        learner=one.learner.id,
        kind="correction",
        body=correction(one, texts_in(one.learner.language)).to_json(),
    )
