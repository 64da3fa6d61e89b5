"""Corrected answers: whoever was graded by the old one hears of it, once and not at night."""

from datetime import datetime

from learning.catalogue import Catalogue
from learning.pushes import Push
from store.clocks import set_clock
from store.script import Script
from tools.reports import remark


def remark_and_tell(catalogue: Catalogue, now: datetime) -> Script[int]:
    """Grade again, and let a push tell everybody it concerns; give the number of answers."""
    remarked = yield from remark(catalogue, now)
    for learner in {one.learner.id for one in remarked}:
        yield from set_clock(learner, Push.CORRECTION, now)
    return len(remarked)
