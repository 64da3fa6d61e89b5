"""What one reader makes of a clause about settings."""

from collections.abc import Mapping
from enum import Enum


class Unclear(Enum):
    """Settings were spoken of, but nothing can be changed for sure."""

    SETTINGS = "settings"
    WEEK = "week"


# Arguments of the settings tool; or settings, but which is unclear; or nothing of the kind.
Said = Mapping[str, object] | Unclear | None
