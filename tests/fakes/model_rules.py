"""What the chat-completions API refuses before a model is asked, above all unpaired tool calls."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tests.fakes.loopback import Json

ROLES = ("developer", "system", "user", "assistant", "tool")


@dataclass(frozen=True, slots=True)
class Habits:
    """In what an endpoint differs from OpenAI's."""

    streams: bool = True
    """False: a plain JSON answer although a stream was asked for."""
    takes_stream_options: bool = True
    counts_unasked: bool = False
    cached_tokens: int = 0
    cached_key: str = "prompt_tokens_details"
    reasoning_key: str = "reasoning_content"
    wants_reasoning: Literal["whatever", "turn", "always", "never"] = "whatever"
    """When reasoning must come back with the tool calls that it led to.

    `turn` is how GLM and the first reasoning DeepSeek describe it: back while the turn lasts, and
    not with earlier turns. `always` is Kimi and DeepSeek since V4: no call without it, or 400.
    `never` is an endpoint that knows no such field.
    """


class ModelApiError(Exception):
    """An answer whose body is `{"error": ...}`."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.param = param
        self.code = code

    def body(self) -> Json:
        error = {
            "message": self.message,
            "type": self.kind,
            "param": self.param,
            "code": self.code,
        }
        return {"error": error}


def check_request(body: Json) -> None:
    if not body:
        raise ModelApiError(400, "We could not parse the JSON body of your request.")
    if not body.get("model"):
        raise ModelApiError(400, "you must provide a model parameter")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise ModelApiError(
            400,
            "Invalid 'messages': empty array. Expected an array with minimum length 1,"
            " but got an empty array instead.",
            param="messages",
            code="empty_array",
        )
    for index, message in enumerate(messages):
        _check_message(message, f"messages.[{index}]")
    check_pairing(messages)
    _check_tools(body.get("tools") or [])


def check_habits(body: Json, habits: Habits) -> None:
    if not habits.takes_stream_options and "stream_options" in body:
        raise ModelApiError(
            400, "Unrecognized request argument supplied: stream_options", param="stream_options"
        )
    _check_reasoning(body["messages"], habits)


def _check_reasoning(messages: Sequence[Json], habits: Habits) -> None:
    key, wants = habits.reasoning_key, habits.wants_reasoning
    asked = [index for index, message in enumerate(messages) if message["role"] == "user"]
    turn = asked[-1] if asked else 0
    for index, message in enumerate(messages):
        is_now = index > turn
        if key in message and (wants == "never" or (wants == "turn" and not is_now)):
            raise ModelApiError(
                400,
                f"Extra inputs are not permitted: messages.[{index}].{key}",
                param=f"messages.[{index}].{key}",
            )
        is_due = wants == "always" or (wants == "turn" and is_now)
        if is_due and message.get("tool_calls") and not message.get(key):
            raise ModelApiError(
                400,
                f"thinking is enabled but {key} is missing in assistant tool call message at"
                f" index {index}",
            )


def check_pairing(messages: Sequence[Json]) -> None:
    """Every tool call is answered once, directly after the message that made it."""
    unanswered: list[str] = []
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            if message.get("tool_call_id") not in unanswered:
                raise ModelApiError(
                    400,
                    "Invalid parameter: messages with role 'tool' must be a response to a"
                    " preceeding message with 'tool_calls'.",
                    param=f"messages.[{index}].role",
                )
            unanswered.remove(message["tool_call_id"])
            continue
        _refuse_unanswered(unanswered, index)
        unanswered = [str(call.get("id")) for call in message.get("tool_calls") or []]
    _refuse_unanswered(unanswered, len(messages))


def _refuse_unanswered(unanswered: Sequence[str], index: int) -> None:
    if unanswered:
        raise ModelApiError(
            400,
            "An assistant message with 'tool_calls' must be followed by tool messages responding"
            " to each 'tool_call_id'. The following tool_call_ids did not have response messages:"
            f" {', '.join(unanswered)}",
            param=f"messages.[{index}].role",
        )


def _check_message(message: object, at: str) -> None:
    if not isinstance(message, dict):
        raise ModelApiError(400, f"Invalid type for '{at}': expected an object.", param=at)
    role = message.get("role")
    if role not in ROLES:
        known = ", ".join(f"'{name}'" for name in ROLES)
        raise ModelApiError(
            400,
            f"Invalid value: '{role}'. Supported values are: {known}.",
            param=f"{at}.role",
            code="invalid_value",
        )
    may_be_empty = role == "assistant" and message.get("tool_calls")
    if not isinstance(message.get("content"), str | list) and not may_be_empty:
        raise ModelApiError(
            400,
            "Invalid value for 'content': expected a string, got null.",
            param=f"{at}.content",
        )


def _check_tools(tools: Sequence[Json]) -> None:
    for index, tool in enumerate(tools):
        name = tool.get("function", {}).get("name", "")
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name):
            raise ModelApiError(
                400,
                f"Invalid 'tools[{index}].function.name': string does not match pattern."
                " Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
                param=f"tools[{index}].function.name",
                code="invalid_value",
            )
