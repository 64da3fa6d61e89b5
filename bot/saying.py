"""What a learner typed, on its way to whoever answers it."""

from dataclasses import dataclass
from functools import cached_property

from agent.router import Routed, may_concern_code_or_privacy, route
from bot.answering import Answered, Answering
from bot.commands import Wish
from store.script import Script
from tools.context import Context
from tools.registry import Call


@dataclass(frozen=True)
class Saying:
    """Words of a learner's, with the turn that they begin."""

    answering: Answering
    context: Context
    text: str

    @cached_property
    def routed(self) -> Routed:
        """What the rules make of the words, whatever was asked before them."""
        return route(self.text, self.context.today, self.context.learner.language)

    @cached_property
    def wishes_review(self) -> bool:
        return self._may_be_kept and any(one.tool == "review_code" for one in self.routed.calls)

    @cached_property
    def asks_about_privacy(self) -> bool:
        return self._may_be_kept and self.routed.say == "privacy"

    @cached_property
    def _may_be_kept(self) -> bool:
        """A look at a few words spares most turns of a model the reading of a whole sentence."""
        return may_concern_code_or_privacy(self.text)

    @property
    def has_model(self) -> bool:
        return self.answering.has_model

    def call(self, tool: str, **args: object) -> Script[Answered]:
        """Answer by calling a tool."""
        return self.do(Wish(calls=(Call(tool, args),)))

    def do(self, wish: Wish) -> Script[Answered]:
        return self.answering.do(self.context, wish)

    def say(self, key: str) -> Script[Answered]:
        return self.answering.say(self.context, Wish(say=key))
