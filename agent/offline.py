"""The offline mentor: a chat model that understands sentences by rules and calls the same tools."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from typing import Any, Self

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolCall
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from pydantic import Field, TypeAdapter
from typing_extensions import override

from agent.by_rules import understood_by_rules
from agent.router import Routed
from tools.context import Context

SAY = "say"
DOUBTFUL = "doubtful"
_PLAIN: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


class OfflineMentor(BaseChatModel):
    """Answers a learner's sentence with tool calls, or with the key of a sentence to say.

    The key travels in `additional_kwargs["say"]`, since this package has no words of its own; what
    a sentence may mean travels beside it, as `doubtful`.
    """

    # Without repr: LangChain writes models down for its callbacks; this holds the catalogue.
    hear: Callable[[str], Routed] = Field(repr=False)
    offered: frozenset[str] = frozenset()

    @property
    @override
    def _llm_type(self) -> str:
        return "offline-mentor"

    @override
    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        names = frozenset(tool.name for tool in tools if isinstance(tool, BaseTool))
        return self.model_copy(update={"offered": names})

    def hearing(self, context: Context) -> Self:
        """The same, as it hears another learner."""
        return self.model_copy(update={"hear": partial(understood_by_rules, context)})

    def _answer(self, messages: list[BaseMessage]) -> AIMessage:
        last = messages[-1] if messages else None
        if not isinstance(last, HumanMessage):
            return AIMessage(content="")
        routed = self.hear(last.text)
        calls = [
            ToolCall(
                name=call.tool,
                args=_PLAIN.dump_python(dict(call.args), mode="json"),
                id=f"offline-{len(messages)}-{number}",
            )
            for number, call in enumerate(routed.calls)
            if call.tool in self.offered
        ]
        if calls:
            return AIMessage(content="", tool_calls=calls)
        said = {SAY: routed.say or "unclear", DOUBTFUL: routed.doubtful}
        return AIMessage(content="", additional_kwargs=said)

    @override
    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._answer(messages))])

    @override
    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        # Without it every call would hop to a thread.
        return self._generate(messages)

    @override
    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        yield self._chunk(messages)

    @override
    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        yield self._chunk(messages)

    def _chunk(self, messages: list[BaseMessage]) -> ChatGenerationChunk:
        answer = self._answer(messages)
        return ChatGenerationChunk(
            message=AIMessageChunk(
                content="",
                additional_kwargs=answer.additional_kwargs,
                tool_calls=answer.tool_calls,
                chunk_position="last",
            )
        )
