"""What requests to a model have in common: marks around others' words, and a language's name."""

import re
from collections.abc import Mapping

from learning.values import Language

LANGUAGES: Mapping[Language, str] = {"zh": "Simplified Chinese", "en": "English"}


def unmarked(text: str, *marks: str) -> str:
    """Text without such marks of its own, so that it cannot end where it does not."""
    return re.sub(rf"<(?=\s*/?\s*(?:{'|'.join(marks)})\b)", "‹", text, flags=re.IGNORECASE)
