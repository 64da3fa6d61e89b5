"""When the mentor speaks first: few pushes, kind ones, and fewer when they are ignored."""

from datetime import timedelta
from enum import StrEnum


class Push(StrEnum):
    """PLAN is the day's one planned push, EVENING its one conditional one.

    CORRECTION tells of answers that count differently since an item was corrected, NEWS what the
    operators have to say, and OPERATIONS tells an operator how the week went.
    """

    PLAN = "plan"
    EVENING = "evening"
    SNOOZE = "snooze"
    CORRECTION = "correction"
    NEWS = "news"
    OPERATIONS = "operations"


# What stops when a learner wants no pushes, or can no longer be reached.
UNASKED = (Push.PLAN, Push.EVENING, Push.SNOOZE)


# A push that could not be made on time, after downtime, is still made within this time.
CATCH_UP = timedelta(hours=12)
FAREWELL_AFTER = 14


def days_until_next(ignored: int) -> int | None:
    """Days from one planned push to the next, by how many in a row were ignored.

    None after the last one: the mentor then waits until the learner comes back.
    """
    if ignored >= FAREWELL_AFTER:
        return None
    if ignored >= 7:
        return 7
    return 2 if ignored >= 3 else 1


def speaks_in_the_evening(ignored: int) -> bool:
    """A learner who ignores the morning is left alone in the evening."""
    return ignored < 3
