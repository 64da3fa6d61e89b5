"""The weekly check and what follows from it, and the assessment at the end of a stage."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from learning.checks import Scale, WeeklyCheck
from learning.curriculum import Criterion, Curriculum, Stage
from learning.errors import Refused
from learning.plan import Pace, finish_day
from learning.progress import progress_of, week_of
from learning.retrospective import Advice, Week, advice_for, next_week, week_done
from learning.rhythm import Minutes
from learning.values import Words
from store.checks import (
    Met,
    check_before,
    check_of,
    criteria_met,
    keep_check,
    meet,
    unmeet,
)
from store.script import Script
from tools.context import Context, Study, need_study
from tools.plan import Arguments

Evidence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class CheckWeek(Arguments):
    """The answers known so far; what is missing is asked for, one scale at a time."""

    answers: Mapping[str, int] = Field(
        default_factory=dict,
        description="Points by scale, such as theory 1 to 10, project, code, notes.",
    )


@dataclass(frozen=True, slots=True)
class ScaleAsked:
    """The next question of the weekly check; `number` of `most` questions."""

    check: WeeklyCheck
    scale: Scale
    known: Mapping[str, int]
    number: int


@dataclass(frozen=True, slots=True)
class WeekChecked:
    """The week as the database now holds it, beside the one before, and what is proposed.

    `minutes` are next week's for Monday to Sunday; `finish_now` and `finish_then` are when it
    all ends with today's minutes and with those.
    """

    check: WeeklyCheck
    answers: Mapping[str, int]
    before: Mapping[str, int] | None
    week: Week
    advice: Advice
    minutes_now: Minutes
    minutes: Minutes
    finish_now: date | None
    finish_then: date | None


def weekly_check(context: Context, wanted: CheckWeek) -> Script[ScaleAsked | WeekChecked]:
    study = yield from need_study(context)
    check = context.catalogue.checks[study.curriculum.weekly_check]
    monday = week_of(context.today)[0]
    scales = {scale.id: scale for scale in check.scales}
    for id, answer in wanted.answers.items():
        if id not in scales:
            raise Refused("check.no_such_scale", said=id)
        if not 1 <= answer <= scales[id].most:
            raise Refused("check.out_of_range", answer=answer, most=scales[id].most)
    missing = [scale for scale in check.scales if scale.id not in wanted.answers]
    if missing:
        number = len(check.scales) - len(missing) + 1
        return ScaleAsked(check, missing[0], dict(wanted.answers), number)
    yield from keep_check(study.enrolment.id, monday, wanted.answers, context.now)
    answers = yield from check_of(study.enrolment.id, monday)
    before = yield from check_before(study.enrolment.id, monday)
    return _looked_back(study, check, answers or {}, before, context.today)


def _looked_back(
    study: Study,
    check: WeeklyCheck,
    answers: Mapping[str, int],
    before: Mapping[str, int] | None,
    today: date,
) -> WeekChecked:
    record = study.enrolment.record
    week = week_done(study.minutes_of, study.rhythm, record, today)
    lowest = min(answers[scale.id] / scale.most for scale in check.scales if scale.id in answers)
    advice = advice_for(week, lowest)
    minutes_now = record.pace_on(today)
    minutes = next_week(advice, week, minutes_now)
    finish_now = finish_day(study.curriculum, study.rhythm, record, today)
    finish_then = finish_with(study, minutes, today)
    if finish_then is None:
        # No end in sight is no proposal.
        advice, minutes, finish_then = Advice.SAME, minutes_now, finish_now
    return WeekChecked(
        check,
        answers,
        before,
        week,
        advice,
        minutes_now,
        minutes,
        finish_now,
        finish_then,
    )


def finish_with(study: Study, minutes: Minutes, today: date) -> date | None:
    """When it all ends with other minutes from today on."""
    record = study.enrolment.record
    changed = replace(record, paces=[*record.paces, Pace(today, minutes)])
    return finish_day(study.curriculum, study.rhythm, changed, today)


class AssessStage(Arguments):
    """Show a stage's criteria or a checklist, or tick one line of it."""

    part: str | None = Field(
        None, max_length=48, description="A stage's number or a checklist's id; now's when empty."
    )
    criterion: str | None = Field(None, max_length=48, description="The id of the line to tick.")
    outcome: Literal["met", "unmet"] = "met"
    evidence: Evidence | None = Field(None, description="What shows it: a link, a number.")


@dataclass(frozen=True, slots=True)
class Item:
    criterion: Criterion
    met: Met | None


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together, such as a project's."""

    title: Words | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class AssessmentShown:
    """A checklist with what is met; `part` names it in a command, `ticked` what just changed."""

    curriculum: Curriculum
    part: str
    title: Words
    milestone: Words | None
    groups: tuple[Group, ...]
    ticked: Item | None

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for group in self.groups for item in group.items)

    @property
    def met(self) -> int:
        return sum(item.met is not None for item in self.items)


def assess_stage(context: Context, wanted: AssessStage) -> Script[AssessmentShown]:
    study = yield from need_study(context)
    own, part = _part_meant(context, study, wanted)
    if wanted.criterion is not None:
        if wanted.outcome == "met":
            yield from meet(
                own.enrolment.id, wanted.criterion, context.today, wanted.evidence, context.now
            )
        else:
            yield from unmeet(own.enrolment.id, wanted.criterion)
    met = yield from criteria_met(own.enrolment.id)
    title, milestone, groups = _groups(own, part, met, context.today)
    items = [item for group in groups for item in group.items]
    ticked = next((item for item in items if item.criterion.id == wanted.criterion), None)
    return AssessmentShown(own.curriculum, part, title, milestone, groups, ticked)


def _part_meant(context: Context, study: Study, wanted: AssessStage) -> tuple[Study, str]:
    """The stage or checklist, and who it belongs to: the one named, or the one that holds."""
    if wanted.criterion is not None:
        for one in study.all:
            for part in _parts(one.curriculum):
                if wanted.criterion in _criteria_in(one.curriculum, part):
                    return one, part
        raise Refused("assessment.no_such_line", said=wanted.criterion)
    if wanted.part is None:
        stage = progress_of(study.curriculum, study.enrolment.record, context.today).stage
        stages = study.curriculum.stages
        return study, str(stages.index(stage) + 1 if stage else len(stages))
    for one in study.all:
        if wanted.part in _parts(one.curriculum):
            return one, wanted.part
    raise Refused("path.no_such_part", most=len(study.curriculum.stages))


def _parts(curriculum: Curriculum) -> list[str]:
    numbers = [str(n) for n in range(1, len(curriculum.stages) + 1)]
    return [*numbers, *(checklist.id for checklist in curriculum.checklists)]


def _criteria_in(curriculum: Curriculum, part: str) -> set[str]:
    checklist = next((one for one in curriculum.checklists if one.id == part), None)
    if checklist is not None:
        return {item.id for item in checklist.items}
    stage = curriculum.stages[int(part) - 1]
    groups = (
        stage.criteria,
        *(project.criteria + project.deliverables for project in stage.projects),
        *(unit.criteria for unit in stage.units),
    )
    return {one.id for group in groups for one in group}


def _groups(
    study: Study, part: str, met: Mapping[str, Met], today: date
) -> tuple[Words, Words | None, tuple[Group, ...]]:
    """Title, milestone and lines; projects and units of options not taken are left out."""

    def group(title: Words | None, criteria: tuple[Criterion, ...]) -> Group:
        return Group(title, tuple(Item(one, met.get(one.id)) for one in criteria))

    curriculum = study.curriculum
    checklist = next((one for one in curriculum.checklists if one.id == part), None)
    if checklist is not None:
        return checklist.title, None, (group(None, checklist.items),)
    stage: Stage = curriculum.stages[int(part) - 1]
    picked = curriculum.picked(study.enrolment.record.picked_on(today))
    groups = [
        group(None, stage.criteria),
        *(
            group(project.title, project.criteria + project.deliverables)
            for project in stage.projects
            if project.option is None or project.option in picked
        ),
        *(
            group(unit.title, unit.criteria)
            for unit in stage.units
            if unit.option is None or unit.option in picked
        ),
    ]
    return stage.title, stage.milestone, tuple(one for one in groups if one.items)
