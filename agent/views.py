"""What the model sees of a tool's result: little, plain, and without anybody's id."""

from datetime import datetime
from functools import singledispatch
from typing import Any
from zoneinfo import ZoneInfo

from learning.calendar import WEEKDAYS
from learning.code_review.examined import Examined
from learning.code_review.findings import Finding
from learning.code_review.rulebook import filled
from learning.plan import PlannedTask
from learning.quiz.items import ChoiceItem, QuizItem
from learning.resources import Resource
from learning.values import Language, Words
from store.profile import Fact
from tools.allowance import UsageShown
from tools.calendars import CalendarMade
from tools.checks import AssessmentShown, ScaleAsked, WeekChecked
from tools.choices import ChoicesShown, OptionsChosen
from tools.code_review import CodeReviewed, CodeWanted, LineClear
from tools.concepts import (
    ConceptExplained,
    ConceptsCompared,
    ConceptUnknown,
    PrerequisitesShown,
)
from tools.curricula import (
    CurriculaListed,
    CurriculumLeft,
    CurriculumStarted,
    KnownLeftOut,
    LeaveAsked,
    StartAsked,
    SwitchAsked,
)
from tools.days_off import DayOffAsked, DayOffTaken
from tools.export import CardsExported, EverythingExported
from tools.faq import FaqAnswered, FaqListed
from tools.forgetting import EraseAsked
from tools.good_news import GoodNews
from tools.guide import HelpShown
from tools.human_help import HelpPreviewed, HelpWordsWanted
from tools.interviews import InterviewPut, InterviewTicking
from tools.marking import Marked, TaskUnclear
from tools.passed import DayPassed, MomentPassed
from tools.placement import PlacementPut, PlacementShown, RatingAsked, StagesLeftOut
from tools.plan import (
    ChoiceOpen,
    DayShown,
    Forecast,
    PathShown,
    ProjectShown,
    ReadingShown,
    SectionShown,
    ShortDayShown,
    StageShown,
    TaskShown,
    UnitShown,
    WeekShown,
)
from tools.practice import PracticeShown
from tools.profile import (
    FactAsked,
    FactKept,
    FactsForgotten,
    FactsFound,
    ForgetAsked,
    ProfileShown,
)
from tools.progress import KnowledgeShown, ProgressShown
from tools.quiz import NothingDue, NothingToAsk, QuestionPut, QuizOver
from tools.recommendation import QuestionAsked, Recommended
from tools.resources import ResourcesFound
from tools.settings import SettingsShown
from tools.week_review import WeekReviewed

View = dict[str, Any]
# Of submitted code, as much as a prompt has room for.
LONGEST_CODE = 6000


def _said(words: Words, language: Language) -> str:
    return words.in_language(language)


@singledispatch
def view(result: object, language: Language) -> View:  # noqa: ARG001 -- the shape of every view
    raise TypeError(f"views: expected a tool's result, found {type(result).__name__}")


def _task(number: int, entry: PlannedTask, language: Language) -> View:
    return {
        "number": number,
        "id": entry.id,
        "title": _said(entry.task.title, language),
        "kind": entry.task.kind.value,
        "minutes": entry.minutes,
        "standing": entry.standing.value,
        "done_when": _said(entry.task.done_when, language),
    }


def _forecast(forecast: Forecast) -> View:
    return {
        "hours_a_week": round(forecast.minutes_a_week / 60, 1),
        "finish": forecast.finish.isoformat() if forecast.finish else None,
    }


@view.register
def _(shown: DayShown, language: Language) -> View:
    return {
        "curriculum": _said(shown.curriculum.title, language),
        "day": shown.plan.day.isoformat(),
        "stage": _said(shown.stage.title, language) if shown.stage else None,
        "unit": _said(shown.unit.title, language) if shown.unit else None,
        "tasks": [_task(n, one, language) for n, one in enumerate(shown.plan.tasks, 1)],
        "paused": shown.plan.is_paused,
        **_forecast(shown.forecast),
    }


@view.register
def _(shown: ShortDayShown, language: Language) -> View:
    def told(entries: tuple[PlannedTask, ...]) -> list[View]:
        return [_task(shown.numbers[one.id], one, language) for one in entries]

    return {"minutes": shown.minutes, "fits": told(shown.fits), "can_wait": told(shown.rest)}


@view.register
def _(shown: WeekShown, language: Language) -> View:
    return {
        "days": [
            {
                "day": plan.day.isoformat(),
                "tasks": [_said(one.task.title, language) for one in plan.tasks],
            }
            for plan in shown.days
        ],
        **_forecast(shown.forecast),
    }


@view.register
def _(shown: PathShown, language: Language) -> View:
    return {
        "curriculum": _said(shown.curriculum.title, language),
        "stages": [
            {"title": _said(one.stage.title, language), "done": one.done, "tasks": one.tasks}
            for one in shown.progress.stages
        ],
        **_forecast(shown.forecast),
    }


@view.register
def _(shown: StageShown, language: Language) -> View:
    return {
        "title": _said(shown.stage.title, language),
        "goals": [_said(one, language) for one in shown.stage.goals],
        "criteria": [_said(one, language) for one in shown.stage.criteria],
    }


@view.register
def _(shown: SectionShown, language: Language) -> View:
    return {
        "title": _said(shown.section.title, language),
        "points": [_said(one, language) for one in shown.section.points],
    }


@view.register
def _(shown: TaskShown, language: Language) -> View:
    return {
        "id": shown.id,
        "title": _said(shown.task.title, language),
        "details": _said(shown.task.details, language) if shown.task.details else None,
        "done_when": _said(shown.task.done_when, language),
        "resources": _resources(shown.resources, language),
        "concepts": [one.id for one in shown.concepts],
    }


def _resources(resources: tuple[Resource, ...], language: Language) -> list[View]:
    return [
        {"title": _said(one.title, language), "url": one.url, "note": _said(one.note, language)}
        for one in resources
    ]


@view.register
def _(marked: Marked, language: Language) -> View:
    return {
        "outcome": marked.outcome,
        "tasks": [
            {"title": _said(one.task.title, language), "was_already": one.was_already}
            for one in marked.tasks
        ],
        "left_today": len(marked.plan.open_tasks),
        **_forecast(marked.forecast),
    }


@view.register
def _(unclear: TaskUnclear, language: Language) -> View:
    return {
        "nothing_changed": "unclear which task; the learner is shown buttons to choose",
        "candidates": [_said(one.task.title, language) for one in unclear.candidates],
    }


@view.register
def _(shown: ProgressShown, language: Language) -> View:
    progress = shown.progress
    return {
        "curriculum": _said(shown.curriculum.title, language),
        "done": progress.done,
        "tasks": progress.tasks,
        "days_this_week": progress.days_this_week,
        "planned_finish": shown.planned_finish.isoformat() if shown.planned_finish else None,
        **_forecast(shown.forecast),
    }


@view.register
def _(shown: KnowledgeShown, language: Language) -> View:
    return {
        "groups": [
            {
                "group": one.group,
                "known_percent": round(100 * one.known) if one.measured else None,
                "concepts_asked": one.measured,
                "of": one.of,
            }
            for one in shown.groups
        ],
        "solid_concepts": shown.strong,
        "shaky_concepts": [_said(concept.name, language) for concept, _ in shown.weak],
    }


@view.register
def _(shown: SettingsShown, language: Language) -> View:  # noqa: ARG001
    learner = shown.learner
    return {
        "changed": sorted(shown.changed),
        "zone": learner.zone.key,
        "push_at": learner.push_at.isoformat("minutes"),
        "evening_at": learner.evening_at.isoformat("minutes"),
        "pictures": learner.pictures or "auto",
        "quiet_days": [WEEKDAYS[day] for day in sorted(learner.quiet_days)],
        "snoozed_until": _local(shown.snoozed_until, learner.zone),
        "minutes_monday_to_sunday": shown.minutes,
        "paused": shown.is_paused,
        "finish": shown.finish.isoformat() if shown.finish else None,
    }


@view.register
def _(asked: DayOffAsked, language: Language) -> View:  # noqa: ARG001
    found: View = {"first": asked.day.isoformat(), "days": asked.days}
    if isinstance(asked, DayOffTaken):
        return found
    if asked.is_free:
        return {**found, "nothing_changed": "there are no tasks on these days anyway"}
    return {**found, "nothing_changed": "the learner is asked to confirm"}


@view.register
def _(asked: StartAsked, language: Language) -> View:
    return {
        "asked_for": asked.step.value,
        "curricula": {one.id: _said(one.title, language) for one in asked.curricula},
    }


@view.register
def _(asked: SwitchAsked, language: Language) -> View:
    return {
        "nothing_changed": "the learner is asked whether to leave the present curriculum",
        "present": _said(asked.current.title, language),
    }


@view.register
def _(started: CurriculumStarted, language: Language) -> View:
    return view(started.shown, language)


@view.register
def _(listed: CurriculaListed, language: Language) -> View:
    return {
        "curricula": [
            {
                "id": one.id,
                "title": _said(one.title, language),
                "summary": _said(one.summary, language),
                "hours_a_week": one.hours,
            }
            for one in listed.curricula
        ],
        "followed": list(listed.followed),
    }


@view.register
def _(found: ResourcesFound, language: Language) -> View:
    if found.resources:
        return {"resources": _resources(found.resources, language)}
    return {"nothing_close_to": found.query, "of_stage": _resources(found.of_stage, language)}


@view.register
def _(explained: ConceptExplained, language: Language) -> View:
    concept, is_zh = explained.concept, language == "zh"
    return {
        "concept": concept.id,
        "explanation": concept.explanation.zh if is_zh else concept.explanation.en,
        "misconception": _said(concept.misconception, language),
        "resources": _resources(explained.resources, language),
    }


@view.register
def _(unknown: ConceptUnknown, language: Language) -> View:  # noqa: ARG001
    return {"unknown": unknown.said, "near": [one.id for one in unknown.near]}


@view.register
def _(shown: HelpShown, language: Language) -> View:  # noqa: ARG001
    return {"has_curriculum": shown.has_study}


@view.register
def _(put: InterviewPut, language: Language) -> View:
    """Without the rubric, which is for the end."""
    return {
        "interview_question": _said(put.item.stem, language),
        "was_under_way": put.is_again,
        "shown": "The learner sees it and answers it in their next messages.",
    }


@view.register
def _(ticking: InterviewTicking, language: Language) -> View:
    return {
        "interview_to_judge": _said(ticking.item.stem, language),
        "shown": "The learner ticks what they said.",
    }


@view.register
def _(compared: ConceptsCompared, language: Language) -> View:
    comparison = compared.comparison
    if comparison is None:
        pair = (compared.first, compared.second)
        return {one.id: one.explanation.in_language(language) for one in pair}
    return {
        "difference": comparison.difference.in_language(language),
        "which_one": _said(comparison.choose, language),
    }


@view.register
def _(shown: PrerequisitesShown, language: Language) -> View:
    return {
        "concept": shown.concept.id,
        "learn_first_in_this_order": [
            {"concept": _said(one.name, language), "known": one.id in shown.known}
            for one in shown.before
        ],
    }


@view.register
def _(answered: FaqAnswered, language: Language) -> View:
    return {
        "question": _said(answered.faq.question, language),
        "answer": [_said(one, language) for one in answered.faq.answer],
    }


@view.register
def _(listed: FaqListed, language: Language) -> View:
    return {
        "no_ready_answer": listed.said,
        "near": [_said(one.question, language) for one in listed.questions],
    }


@view.register
def _(shown: PracticeShown, language: Language) -> View:
    return {
        "logged": [
            {"title": _said(one.problem.title, language), "passes": one.passes}
            for one in shown.solved
        ],
        "unknown": [said for said, _ in shown.unknown],
        "taken_back": shown.taken_back,
        "next": [_said(one.title, language) for one in shown.next],
        "total": shown.total,
        "lists": {one.list.id: f"{one.solved} of {one.list.count}" for one in shown.lists},
        "quotas": {
            one.quota.category: f"{one.solved} of {one.quota.count}" for one in shown.quotas
        },
    }


@view.register
def _(asked: ScaleAsked, language: Language) -> View:
    return {
        "asked_for": asked.scale.id,
        "question": _said(asked.scale.question, language),
        "most": asked.scale.most,
        "known": dict(asked.known),
    }


@view.register
def _(checked: WeekChecked, language: Language) -> View:  # noqa: ARG001
    return {
        "answers": dict(checked.answers),
        "tasks_this_week": checked.week.tasks,
        "minutes_done": checked.week.minutes,
        "minutes_planned": checked.week.planned,
        "proposal": checked.advice.value,
        "proposed_hours_a_week": round(sum(checked.minutes) / 60, 1),
    }


@view.register
def _(reviewed: WeekReviewed, language: Language) -> View:
    return {
        "days": [reviewed.week.since.isoformat(), reviewed.last_day.isoformat()],
        "tasks_done": reviewed.week.tasks,
        "among_them": [_said(one, language) for one in reviewed.named],
        "minutes_done": reviewed.week.minutes,
        "minutes_planned": reviewed.week.planned,
        "due_cards_answered": reviewed.reviews,
        "due_cards_recalled": reviewed.recalled,
        "problems_solved": reviewed.practice,
        "finish": reviewed.finish_now.isoformat() if reviewed.finish_now else None,
        "finish_a_week_ago": reviewed.finish_before.isoformat() if reviewed.finish_before else None,
        "proposal_shown_with_a_button": reviewed.proposal.value,
    }


@view.register
def _(shown: AssessmentShown, language: Language) -> View:
    return {
        "part": _said(shown.title, language),
        "criteria": [
            {
                "id": item.criterion.id,
                "words": _said(item.criterion, language),
                "met": item.met is not None,
            }
            for item in shown.items
        ],
    }


def _choice(one: ChoiceOpen, language: Language) -> View:
    return {
        "choice": one.choice.id,
        "question": _said(one.choice.question, language),
        "pick": one.choice.pick,
        "options": {option.id: _said(option.title, language) for option in one.choice.options},
        "taken": list(one.picked),
    }


@view.register
def _(asked: ChoiceOpen, language: Language) -> View:
    return {"nothing_changed": "the learner is shown the options", **_choice(asked, language)}


@view.register
def _(shown: ChoicesShown, language: Language) -> View:
    return {"choices": [_choice(one, language) for one in shown.choices]}


@view.register
def _(chosen: OptionsChosen, language: Language) -> View:
    taken = [_said(one.title, language) for one in chosen.options]
    return {"taken": taken, **_forecast(chosen.shown.forecast)}


@view.register
def _(asked: QuestionAsked, language: Language) -> View:
    return {
        "asked_for": asked.question.id,
        "question": _said(asked.question.words, language),
        "replies": {one.id: _said(one.words, language) for one in asked.question.replies},
    }


@view.register
def _(recommended: Recommended, language: Language) -> View:
    return {
        "best_first": [
            {
                "id": fit.curriculum.id,
                "title": _said(fit.curriculum.title, language),
                "reasons": [_said(one, language) for one in fit.reasons],
            }
            for fit in recommended.fits
        ]
    }


@view.register
def _(left_out: KnownLeftOut, language: Language) -> View:
    return {"left_out": len(left_out.known.tasks), **view(left_out.shown, language)}


@view.register
def _(asked: LeaveAsked, language: Language) -> View:
    return {
        "nothing_changed": "the learner is asked for a yes",
        "followed": [_said(one.title, language) for one in asked.choices],
    }


@view.register
def _(left: CurriculumLeft, language: Language) -> View:
    return {"left": _said(left.left.title, language), "goes_on": left.shown is not None}


@view.register
def _(shown: UnitShown, language: Language) -> View:
    return {
        "unit": _said(shown.unit.title, language),
        "criteria": [_said(one, language) for one in shown.unit.criteria],
        "tasks": [_said(task.title, language) for task in shown.unit.tasks],
    }


@view.register
def _(shown: ReadingShown, language: Language) -> View:
    return {"sections": [_said(one.title, language) for one in shown.curriculum.sections]}


@view.register
def _(shown: ProjectShown, language: Language) -> View:
    project = shown.project
    return {
        "project": _said(project.title, language),
        "summary": _said(project.summary, language),
        "functions": [_said(one, language) for one in project.functions],
        "stack": [_said(one, language) for one in project.stack],
        "criteria": [_said(one, language) for one in project.criteria],
    }


def _asked(item: QuizItem, language: Language) -> View:
    """A question without its answer: the learner is to find it."""
    options = item.options if isinstance(item, ChoiceItem) else ()
    return {
        "put_to_the_learner": _said(item.stem, language),
        "options": [_said(one.text, language) for one in options],
        "note": "the card shows it; do not answer it or hint at the answer unless asked",
    }


@view.register
def _(put: QuestionPut, language: Language) -> View:
    return {"question": put.question.place, "of": put.of, **_asked(put.item, language)}


@view.register
def _(put: PlacementPut, language: Language) -> View:
    return {"question": put.question.place, "most": put.most, **_asked(put.item, language)}


@view.register
def _(over: QuizOver, language: Language) -> View:
    return {
        "right": over.right,
        "answered": over.answered,
        "missed": [_said(one.name, language) for one in over.missed],
    }


@view.register
def _(nothing: NothingToAsk, language: Language) -> View:
    return {
        "no_questions_about": nothing.topic,
        "near": {one.id: _said(one.name, language) for one in nothing.near},
    }


@view.register
def _(nothing: NothingDue, language: Language) -> View:
    del language
    return {"due": 0, "next_due": nothing.next_due.isoformat() if nothing.next_due else None}


@view.register
def _(asked: RatingAsked, language: Language) -> View:
    return {
        "asked_for": "how much of it the learner knows already, 0 to 4",
        "curriculum": _said(asked.curriculum.title, language),
    }


@view.register
def _(shown: PlacementShown, language: Language) -> View:
    stages = shown.curriculum.stages
    return {
        "stages": [_said(one.title, language) for one in stages[shown.low - 1 : shown.high]],
        "right": shown.right,
        "answered": shown.answered,
    }


@view.register
def _(left_out: StagesLeftOut, language: Language) -> View:
    stage = _said(left_out.stage.title, language) if left_out.stage else None
    return {"begins_with": stage, "tasks": left_out.tasks, **_forecast(left_out.forecast)}


@view.register
def _(_: HelpWordsWanted, language: Language) -> View:
    del language
    return {"asks": "the learner is asked what it is about"}


@view.register
def _(shown: HelpPreviewed, language: Language) -> View:
    del language
    return {"not_sent_yet": "the learner is shown it, with a button to send", "words": shown.words}


@view.register
def _(exported: CardsExported, language: Language) -> View:
    del language
    return {"cards": len(exported.cards), "format": exported.format}


@view.register
def _(exported: EverythingExported, language: Language) -> View:
    del language
    return {"rows": exported.rows, "tables": len(exported.counts)}


@view.register
def _(asked: EraseAsked, language: Language) -> View:
    del language
    return {
        "nothing_erased": "the learner is asked for a yes, which only their button can say",
        "rows": asked.rows,
    }


@view.register
def _(made: CalendarMade, language: Language) -> View:
    del language
    return {
        "study_days": len(made.days),
        "first": made.days[0].start.date().isoformat(),
        "last": made.days[-1].start.date().isoformat(),
    }


def _fact(fact: Fact) -> View:
    return {
        "kind": fact.kind.value,
        "words": fact.words,
        "noted_on": fact.noted_on.isoformat(),
    }


@view.register
def _(kept: FactKept, language: Language) -> View:
    del language
    return {"remembered": _fact(kept.fact), "replaced": kept.before}


@view.register
def _(found: FactsFound, language: Language) -> View:  # noqa: ARG001
    return {
        "nothing_changed": "the learner is asked which to delete",
        "facts": [one.words for one in found.facts],
    }


@view.register
def _(news: GoodNews, language: Language) -> View:
    one = news.was_stuck
    return {
        "nothing_changed": "the learner is asked whether the task is done",
        "task": _said(one.task.title, language) if one is not None else None,
    }


@view.register
def _(shown: ProfileShown, language: Language) -> View:
    del language
    return {"facts": [_fact(one) for one in shown.facts], "count": shown.count}


@view.register
def _(asked: FactAsked, language: Language) -> View:
    del language
    return {"asked_for": "the words that replace it", **_fact(asked.fact)}


@view.register
def _(asked: ForgetAsked, language: Language) -> View:
    del language
    return {"nothing_changed": "the learner is asked for a yes", "facts": asked.count}


@view.register
def _(forgotten: FactsForgotten, language: Language) -> View:
    del language
    gone = forgotten.fact.words if forgotten.fact else "everything"
    return {"forgotten": gone, "left": forgotten.left}


@view.register
def _(_: CodeWanted, language: Language) -> View:  # noqa: ARG001 -- as `view`
    return {"code": "none was handed in"}


@view.register
def _(clear: LineClear, language: Language) -> View:
    del language
    return {"line": clear.line, "code": clear.code, "findings": []}


@view.register
def _(reviewed: CodeReviewed, language: Language) -> View:
    return {
        "code": [_numbered(one) for one in reviewed.files],
        "findings": [_finding(one, reviewed, language) for one in reviewed.findings],
        "concepts": [one.name.in_language(language) for one in reviewed.concepts],
    }


def _numbered(file: Examined) -> str:
    """The code with the learner's line numbers, as far as a prompt has room for it."""
    numbered = []
    for number, line in enumerate(file.code.splitlines(), 1):
        place = file.place_of(number)
        at = f"{place.line}" if place.cell is None else f"{place.cell}:{place.line}"
        numbered.append(f"{at} {line}")
    return "\n".join(numbered)[:LONGEST_CODE]


def _finding(finding: Finding, reviewed: CodeReviewed, language: Language) -> View:
    rule = reviewed.rules[finding.rule]
    return {
        "lines": [f"{one.cell}:{one.line}" if one.cell else one.line for one in finding.places],
        "weight": finding.weight,
        "title": rule.title.in_language(language),
        "happens": filled(rule.happens.in_language(language), finding.names),
        "fix": filled(rule.fix.in_language(language), finding.names),
    }


@view.register
def _(shown: UsageShown, language: Language) -> View:
    del language
    return {"tokens_today": shown.today.tokens, "tokens_in_30_days": shown.days.tokens}


def _local(at: datetime | None, zone: ZoneInfo) -> str | None:
    return at.astimezone(zone).isoformat(timespec="minutes") if at else None


@view.register
def _(passed: DayPassed, language: Language) -> View:
    del language
    return {
        "nothing_changed": "the day has passed; the learner is shown buttons with days to come",
        "day": passed.day.isoformat(),
        "offered": [day.isoformat() for day in passed.choices],
    }


@view.register
def _(passed: MomentPassed, language: Language) -> View:
    del language
    return {
        "nothing_changed": "the moment has passed; the learner is shown buttons with later ones",
        "moment": passed.moment.isoformat(timespec="minutes"),
        "offered": [choice.isoformat(timespec="minutes") for choice in passed.choices],
    }
