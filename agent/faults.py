"""What can go wrong with a model, in the few kinds that somebody acts on.

Their words are safe to log: a host, a status, a short code; never what a learner or a server said.
"""

import json
import re
from typing import Any

from learning.errors import MentorError

# What endpoints say when a prompt is too long; only some of them have a code for it.
_TOO_LONG = re.compile(
    r"context_length_exceeded|context_window_exceeded|ContextWindowExceeded"
    r"|exceed_context_size|string_above_max_length"
    r"|maximum context length|max(?:imum)?[ _]model[ _]len|context (?:window|size|length)"
    r"|(?:prompt|input)(?: is)? too long|[Ii]nput tokens exceed|exceeded model token limit"
    r"|Range of input length|max_total_tokens|max_input_tokens|Prompt exceeds max length"
    r"|超过最大(?:长度|上下文)|上下文长度|[Pp]rompt ?超长",
)
_NO_ACCOUNT = re.compile(r"insufficient_quota|insufficient_balance|exceeded_current_quota|billing")
# A key is longer or has digits, so that no key passes for a code.
_CODE = re.compile(r"[A-Za-z_.]{3,40}|\d{3,5}")
# One answer may be refused for its words: that is not the endpoint's state.
_ABOUT_THIS_REQUEST = frozenset({400, 409, 413, 422, 451})
_ABOUT_THE_SETTINGS = frozenset({401, 402, 403, 404, 405, 410})


class ModelFault(MentorError):
    """The model gave no answer that can be used."""


class ModelDownError(ModelFault):
    """The model cannot be reached, or broke off.

    `is_lasting` when somebody has to change something first: a key, an address, an account.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        status: int | None = None,
        is_lasting: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.is_lasting = is_lasting
        self.retry_after = retry_after


class ModelSlowError(ModelFault):
    """An answer took longer than a turn may; the model is not down for that."""


class ModelContextError(ModelFault):
    """The prompt is too long for the model."""


class ModelRefusedError(ModelFault):
    """The model's endpoint refused this one request, perhaps for its words."""


class ModelNonsenseError(ModelFault):
    """The model's answer cannot be used."""


def fault_of(
    host: str, status: int, body: bytes | dict[str, Any], *, retry_after: float | None = None
) -> ModelFault:
    """Tell what an error answer means.

    `status` is 200 when the error came inside a stream that had begun.
    """
    code, text = _code_and_text(body)
    if status == 200 and code.isdecimal() and 400 <= int(code) <= 599:
        status = int(code)
    said = f"{host} answered {status}" + (f" ({code})" if _CODE.fullmatch(code) else "")
    if status not in _ABOUT_THE_SETTINGS and status != 429 and _TOO_LONG.search(f"{code} {text}"):
        return ModelContextError(said)
    if status in _ABOUT_THIS_REQUEST:
        return ModelRefusedError(said)
    is_lasting = (
        status in _ABOUT_THE_SETTINGS
        or 300 <= status <= 399
        or bool(_NO_ACCOUNT.search(f"{code} {text}"))
    )
    return ModelDownError(said, status=status, is_lasting=is_lasting, retry_after=retry_after)


def _code_and_text(body: bytes | dict[str, Any]) -> tuple[str, str]:
    """Find the code and the words of an error, which every provider puts elsewhere."""
    found: Any = body
    if isinstance(body, bytes):
        try:
            found = json.loads(body)
        except ValueError:
            return "", ""
    if isinstance(found, dict) and "error" in found:
        found = found["error"]
    if not isinstance(found, dict):
        return "", str(found)
    # Some give the kind as `type` and have a number, or nothing, for `code`.
    code = found.get("code") or found.get("type") or ""
    text = " ".join(str(found.get(name) or "") for name in ("type", "message", "msg", "detail"))
    return str(code), text
