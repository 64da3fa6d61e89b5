"""What a model wrote where JSON was asked for."""

import json
import re

from learning.errors import MentorError

_FENCE = re.compile(r"^```(?:json)?\s*\n(.*?)\n?\s*```$", re.DOTALL | re.IGNORECASE)


class NoJsonError(MentorError):
    """Words where JSON was asked for."""


def json_in(reply: str, longest: int) -> object:
    """Read a reply that is JSON and nothing else, but for a fence around it.

    Raises:
        NoJsonError: when it is anything else, or longer than `longest` characters.
    """
    said = reply[: longest + 1].strip()
    if len(reply) > longest:
        raise NoJsonError(f"expected at most {longest} characters, found {len(reply)}")
    fenced = _FENCE.match(said)
    try:
        return json.loads(fenced[1] if fenced else said)
    # Thousands of brackets are a recursion too deep.
    except (ValueError, RecursionError) as error:
        raise NoJsonError("expected JSON alone") from error
