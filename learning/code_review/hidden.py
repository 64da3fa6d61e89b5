"""Characters nobody sees, which can hide words or turn the order of a line around."""

import re
from typing import Final

# Zero width, bidi controls (CVE-2021-42574), invisible operators, tags, variation selectors of
# the supplement; a joiner within an emoji and a selector behind a sign are ordinary text.
HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    "|[\u200c\u200d](?![\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])"
)


def without_hidden(text: str) -> str:
    """Text as it looks; for a prompt, which must hold nothing that its reader cannot see."""
    return HIDDEN.sub("", text)
