"""Say what the mentor can do."""

from dataclasses import dataclass

from store.script import Script
from tools.context import Context, study_of
from tools.plan import Arguments


class ShowHelp(Arguments):
    pass


@dataclass(frozen=True, slots=True)
class HelpShown:
    has_study: bool
    may_ask_person: bool = False


def show_help(context: Context, _: ShowHelp) -> Script[HelpShown]:
    study = yield from study_of(context)
    return HelpShown(study is not None, context.has_operators)
