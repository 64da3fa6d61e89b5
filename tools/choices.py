"""Choose a branch, a track or a project when the plan comes to it, or change the choice."""

from dataclasses import dataclass
from datetime import date

from pydantic import Field

from learning.curriculum import Choice, Curriculum, Option
from learning.errors import Refused
from store.enrolments import pick
from store.script import Script
from tools.context import Context, Study, need_study
from tools.plan import Arguments, ChoiceOpen, DayShown, day_shown


class ChooseOption(Arguments):
    """Without options the choice is shown; without a choice, the one the plan has come to."""

    choice: str | None = Field(None, description="A choice's id.")
    options: tuple[str, ...] = Field((), max_length=5, description="Ids of the options taken.")


@dataclass(frozen=True, slots=True)
class OptionsChosen:
    curriculum: Curriculum
    choice: Choice
    options: tuple[Option, ...]
    finish_before: date | None
    shown: DayShown


@dataclass(frozen=True, slots=True)
class ChoicesShown:
    """Every choice of what is followed, with what is taken so far."""

    choices: tuple[ChoiceOpen, ...]


def choose_option(
    context: Context, wanted: ChooseOption
) -> Script[ChoicesShown | ChoiceOpen | OptionsChosen]:
    study = yield from need_study(context)
    choices = _choices_of(study, context.today)
    found = _meant(wanted, choices)
    if found is None:
        return ChoicesShown(choices)
    known = {option.id: option for option in found.choice.options}
    for id in wanted.options:
        if id not in known:
            raise Refused("choice.no_such_option", said=id)
    options = tuple(dict.fromkeys(wanted.options))[: found.choice.pick]
    if len(options) < found.choice.pick:
        return ChoiceOpen(found.curriculum, found.choice, options or found.picked)
    before = day_shown(study, context.today).forecast.finish
    own = next(one for one in study.all if one.curriculum is found.curriculum)
    yield from pick(own.enrolment.id, found.choice.id, options, context.today)
    after = yield from need_study(context)
    return OptionsChosen(
        found.curriculum,
        found.choice,
        tuple(known[id] for id in options),
        before,
        day_shown(after, context.today),
    )


def _choices_of(study: Study, today: date) -> tuple[ChoiceOpen, ...]:
    return tuple(
        ChoiceOpen(one.curriculum, choice, one.enrolment.record.picked_on(today).get(choice.id, ()))
        for one in study.all
        for choice in one.curriculum.choices
    )


def _meant(wanted: ChooseOption, choices: tuple[ChoiceOpen, ...]) -> ChoiceOpen | None:
    if wanted.choice is not None:
        found = next((one for one in choices if one.choice.id == wanted.choice), None)
        if found is None:
            raise Refused("choice.unknown", said=wanted.choice)
        return found
    if wanted.options:
        return next(
            (
                one
                for one in choices
                if any(option.id == wanted.options[0] for option in one.choice.options)
            ),
            None,
        )
    return choices[0] if len(choices) == 1 else None
