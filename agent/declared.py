"""The tools as a model is told of them: short schemas, made once."""

from typing import Any

from langchain_core.tools import BaseTool, StructuredTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import PrivateAttr

from learning.errors import MentorError
from tools.registry import TOOLS, Tool


class DeclaredTool(StructuredTool):
    """A tool whose schema is made once: making it takes a millisecond, and a turn has thirty."""

    _schema: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def schema_told(self) -> dict[str, Any]:
        if not self._schema:
            self._schema = _without_noise(convert_to_openai_tool(self))
        return self._schema


def declared_tools() -> list[BaseTool]:
    """Every tool that a model may call; the guard runs them."""
    return [_declared(tool) for tool in TOOLS.values() if tool.for_model]


def _declared(tool: Tool) -> DeclaredTool:
    async def outside_a_turn(**_: object) -> str:
        raise MentorError("a tool was called without its guard")

    return DeclaredTool(
        name=tool.name,
        description=tool.purpose,
        args_schema=tool.arguments,
        coroutine=outside_a_turn,
    )


def _without_noise(schema: Any) -> Any:
    """A schema without `null` for what may be left out, and without defaults that say so."""
    if isinstance(schema, list):
        return [_without_noise(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        name: _without_noise(value)
        for name, value in schema.items()
        if not (name == "default" and value in (None, [], {}, ""))
    }
    kinds = found.get("anyOf")
    if isinstance(kinds, list) and {"type": "null"} in kinds:
        kinds = [one for one in kinds if one != {"type": "null"}]
        rest = {name: value for name, value in found.items() if name != "anyOf"}
        return {**kinds[0], **rest} if len(kinds) == 1 else {**rest, "anyOf": kinds}
    return found
