"""Results as messages: what a tool gave, in the learner's language."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import singledispatch
from zoneinfo import ZoneInfo

from bot.markup import escape
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from learning.absence import Return
from learning.curriculum import Concept, Curriculum, Resource, Task
from learning.errors import MentorError
from learning.plan import DailyPlan, PlannedTask, Standing
from learning.progress import WEEK, StageProgress
from learning.rhythm import Minutes
from tools.concepts import ConceptExplained, ConceptUnknown
from tools.curricula import (
    CurriculaListed,
    CurriculumStarted,
    StartAsked,
    StartCurriculum,
    Step,
    SwitchAsked,
)
from tools.guide import HelpShown
from tools.marking import EvidenceKept, Marked, TaskUnclear
from tools.plan import (
    DayShown,
    Forecast,
    PathShown,
    SectionShown,
    StageShown,
    TaskShown,
    WeekShown,
)
from tools.progress import ProgressShown
from tools.resources import ResourcesFound
from tools.settings import SettingsShown

NUMBERS = "①②③④⑤⑥⑦⑧⑨"


@singledispatch
def card(result: object, texts: Texts) -> Message:  # noqa: ARG001 -- the shape of every card
    raise TypeError(f"cards: expected a tool's result, found {type(result).__name__}")


def error_card(error: MentorError, texts: Texts) -> Message:
    """A refusal or a failure as one kind sentence, with the next step where there is one."""
    key = error.key if texts.has(error.key) else "error.unexpected"
    values = getattr(error, "values", {})
    buttons: tuple[tuple[Button, ...], ...] = ()
    if key == "enrolment.none":
        buttons = ((Button(texts.label("button.start"), "/start"),),)
    return Message(texts.say(key, **values), buttons)


def lines(*parts: str | None) -> str:
    """Lines one below the other; a missing one leaves no gap."""
    return "\n".join(part for part in parts if part)


def paragraphs(*parts: str | None) -> str:
    return "\n\n".join(part for part in parts if part)


# --- a day ---------------------------------------------------------------------------------------


@card.register
def _(shown: DayShown, texts: Texts) -> Message:
    return day_card(shown, texts)


def day_card(shown: DayShown, texts: Texts, *, greeting: Markup | None = None) -> Message:
    """A day's plan; a push begins with a greeting and offers snooze and pause."""
    plan = shown.plan
    is_today = plan.day == shown.today
    push_buttons = _push_buttons(texts) if greeting is not None else ()
    if shown.comeback is not None:
        card = _comeback_card(shown, shown.comeback, texts)
        return Message(card.markup, card.buttons + push_buttons)
    body = paragraphs(
        greeting,
        _day_head(shown, texts),
        _tasks(plan, texts),
        _day_foot(shown, texts),
    )
    buttons: list[tuple[Button, ...]] = []
    if is_today and plan.tasks:
        buttons += _task_buttons(plan, texts)
    if is_today and plan.is_paused:
        buttons.append((Button(texts.label("button.resume"), "/resume"),))
    buttons += push_buttons
    if (
        greeting is None
        and is_today
        and not plan.open_tasks
        and not shown.is_finished
        and not plan.is_paused
    ):
        buttons.append((Button(texts.label("button.tomorrow"), "/tomorrow"),))
    return Message(body, tuple(buttons))


def _push_buttons(texts: Texts) -> tuple[tuple[Button, ...], ...]:
    return (
        (
            Button(texts.label("button.snooze"), "/snooze 120"),
            Button(texts.label("button.pause_week"), "/pause 7"),
        ),
    )


def _day_head(shown: DayShown, texts: Texts) -> Markup:
    plan = shown.plan
    title = texts.words(shown.curriculum.title)
    if shown.stage is None or shown.unit is None:
        return texts.say("day.head_finished", day=plan.day, curriculum=title)
    return texts.say(
        "day.head",
        day=plan.day,
        number=max(1, shown.day_number),
        curriculum=title,
        stage=texts.words(shown.stage.title),
        unit=texts.words(shown.unit.title),
    )


def _tasks(plan: DailyPlan, texts: Texts) -> str | None:
    if not plan.tasks:
        return None
    return paragraphs(
        *(_task_lines(n, entry, plan.highlight, texts) for n, entry in enumerate(plan.tasks))
    )


def _task_lines(place: int, entry: PlannedTask, highlight: PlannedTask | None, texts: Texts) -> str:
    title = texts.say(
        "day.task",
        number=NUMBERS[place],
        kind=texts.label(f"kind.{entry.task.kind}"),
        title=texts.words(entry.task.title),
        minutes=entry.minutes,
    )
    if entry.standing is Standing.DONE:
        key = "day.done_with_evidence" if entry.evidence else "day.done"
        return texts.say(key, number=NUMBERS[place], title=texts.words(entry.task.title))
    if entry.standing is Standing.LATER:
        return texts.say("day.later", number=NUMBERS[place], title=texts.words(entry.task.title))
    if entry is not highlight:
        return title
    details = texts.words(entry.task.details) if entry.task.details else None
    return lines(
        f"**{title}**", details, texts.say("day.done_when", words=texts.words(entry.task.done_when))
    )


def _day_foot(shown: DayShown, texts: Texts) -> str:
    plan = shown.plan
    notes: list[str] = []
    if shown.is_finished:
        notes.append(texts.say("day.finished"))
    elif plan.is_paused:
        notes.append(texts.say("day.paused"))
    elif plan.day < shown.starts_on:
        notes.append(texts.say("day.not_begun", day=shown.starts_on))
    elif not plan.tasks:
        notes.append(texts.say("day.rest"))
    elif not plan.open_tasks:
        notes.append(texts.say("day.all_done"))
    elif plan.minutes_over:
        notes.append(texts.say("day.over", over=plan.minutes_over, budget=plan.budget))
    notes.append(_finish_line(shown.forecast, texts))
    return lines(*notes)


def _finish_line(forecast: Forecast, texts: Texts) -> Markup:
    hours = _hours(forecast.minutes_a_week)
    if forecast.finish is None:
        return texts.say("forecast.unknown", hours=hours)
    if forecast.finish_with_an_hour_more and forecast.finish_with_an_hour_more < forecast.finish:
        saved = (forecast.finish - forecast.finish_with_an_hour_more).days
        return texts.say("forecast.with_more", hours=hours, finish=forecast.finish, saved=saved)
    return texts.say("forecast.plain", hours=hours, finish=forecast.finish)


def _hours(minutes: int) -> str:
    """Hours to at most one decimal."""
    return f"{round(minutes / 60, 1):g}"


def _task_buttons(plan: DailyPlan, texts: Texts) -> list[tuple[Button, ...]]:
    open_tasks = [(n, one) for n, one in enumerate(plan.tasks) if one.standing is Standing.OPEN]
    if not open_tasks:
        return []
    if len(open_tasks) == 1:
        _, only = open_tasks[0]
        done: tuple[Button, ...] = (Button(texts.label("button.done"), f"/done {only.id}"),)
        details: tuple[Button, ...] = (Button(texts.label("button.details"), f"/task {only.id}"),)
        later, stuck = f"/later {only.id}", f"/stuck {only.id}"
    else:
        done = tuple(
            Button(texts.label("button.done_number", number=NUMBERS[n]), f"/done {one.id}")
            for n, one in open_tasks
        )
        details = tuple(
            Button(texts.label("button.details_number", number=NUMBERS[n]), f"/task {one.id}")
            for n, one in open_tasks
        )
        later, stuck = "/later", "/stuck"
    turn = (
        Button(texts.label("button.later"), later),
        Button(texts.label("button.stuck"), stuck),
    )
    return [done, turn, details]


def _comeback_card(shown: DayShown, comeback: Return, texts: Texts) -> Message:
    """After days away: no count, one small step, and three ways on with what each leads to."""
    step = comeback.small_step
    small = (
        texts.say("comeback.small_step", title=texts.words(step.title))
        if step is not None
        else None
    )
    ways = [
        texts.say(
            f"comeback.{option.way.value}",
            finish=_day_or_unknown(option.finish, texts),
            minutes=sum(option.minutes or ()) // 60,
            tasks=len(option.skips),
        )
        for option in comeback.options
        if option.way.value != "skip" or option.skips
    ]
    before = texts.say("comeback.before", finish=_day_or_unknown(comeback.finish_before, texts))
    buttons = [
        Button(texts.label(f"button.back_{option.way.value}"), f"/back {option.way.value}")
        for option in comeback.options
        if option.way.value != "skip" or option.skips
    ]
    first: tuple[Button, ...] = ()
    if step is not None:
        first = (Button(texts.label("button.small_step"), f"/task {step.id}"),)
    return Message(
        paragraphs(
            texts.say("comeback.head", curriculum=texts.words(shown.curriculum.title)),
            small,
            lines(before, *ways),
        ),
        tuple(row for row in (first, tuple(buttons)) if row),
    )


def _day_or_unknown(day: object, texts: Texts) -> Markup:
    if day is None:
        return texts.say("forecast.out_of_sight")
    return texts.say("forecast.day", day=day)


@card.register
def _(shown: TaskShown, texts: Texts) -> Message:
    task = shown.task
    number = NUMBERS[shown.number - 1] + " " if shown.number else ""
    concepts = [_concept_button(one, texts) for one in shown.concepts]
    marks = (
        Button(texts.label("button.done"), f"/done {shown.id}"),
        Button(texts.label("button.later"), f"/later {shown.id}"),
        Button(texts.label("button.stuck"), f"/stuck {shown.id}"),
    )
    return Message(
        paragraphs(
            texts.say(
                "task.head",
                number=number,
                kind=texts.label(f"kind.{task.kind}"),
                title=texts.words(task.title),
                minutes=shown.minutes,
            ),
            texts.words(task.details) if task.details else None,
            texts.say("task.done_when", words=texts.words(task.done_when)),
            texts.say("task.evidence", words=texts.words(task.evidence)),
            _resource_lines(shown.resources, texts),
            texts.say("task.optional") if isinstance(task, Task) and task.optional else None,
        ),
        (marks, *rows_of(concepts, 2)),
    )


def _resource_lines(resources: Sequence[Resource], texts: Texts) -> str | None:
    if not resources:
        return None
    return lines(
        *(
            texts.say("resource.line", title=_title(one), note=texts.words(one.note))
            + (f" {texts.words(one.doubt)}" if one.doubt else "")
            for one in resources
        )
    )


def _title(resource: Resource) -> Markup:
    title = escape(resource.title)
    return Markup(f"[{title}]({resource.url})" if resource.url else title)


# --- a week and the path -------------------------------------------------------------------------


@card.register
def _(shown: WeekShown, texts: Texts) -> Message:
    days = []
    for plan in shown.days:
        if plan.day < shown.starts_on:
            continue
        key = "week.today" if plan.day == shown.today else "week.day"
        head = texts.say(key if plan.tasks else f"{key}_free", day=plan.day, minutes=plan.minutes)
        tasks = [_week_line(entry, texts) for entry in plan.tasks]
        rest = texts.say("week.paused" if plan.is_paused else "week.rest")
        days.append(lines(head, *(tasks or [rest])))
    return Message(
        paragraphs(
            texts.say("week.head", curriculum=texts.words(shown.curriculum.title)),
            texts.words(shown.rhythm.summary),
            *days,
            _finish_line(shown.forecast, texts),
        ),
        (
            (
                Button(texts.label("button.today"), "/today"),
                Button(texts.label("button.next_week"), "/week next"),
            ),
        ),
    )


def _week_line(entry: PlannedTask, texts: Texts) -> Markup:
    return texts.say(
        f"week.task_{entry.standing.value}",
        title=texts.words(entry.task.title),
        minutes=entry.minutes,
    )


@card.register
def _(shown: PathShown, texts: Texts) -> Message:
    curriculum, progress = shown.curriculum, shown.progress
    stages = [
        lines(
            texts.say(
                "path.stage",
                number=n,
                title=texts.words(one.stage.title),
                period=texts.words(one.stage.period),
                bar=bar(one.done, one.tasks),
                done=one.done,
                tasks=one.tasks,
            ),
            texts.say("path.here", unit=texts.words(progress.unit.title))
            if progress.stage is one.stage and progress.unit
            else None,
            texts.say("path.milestone", words=texts.words(one.stage.milestone)),
        )
        for n, one in enumerate(progress.stages, 1)
    ]
    buttons = [
        Button(texts.label("button.stage", number=n), f"/path {n}")
        for n in range(1, len(stages) + 1)
    ]
    sections = [
        Button(texts.plain(section.title), f"/path {section.id}") for section in curriculum.sections
    ]
    return Message(
        paragraphs(
            texts.say("path.head", title=texts.words(curriculum.title)),
            texts.words(curriculum.summary),
            *stages,
            _principles(shown, texts),
            _finish_line(shown.forecast, texts),
        ),
        (*rows_of(buttons, 4), *rows_of(sections, 2)),
    )


def _principles(shown: PathShown, texts: Texts) -> str | None:
    principles = shown.curriculum.principles
    if not principles:
        return None
    return lines(texts.say("path.principles"), *(f"• {texts.words(words)}" for words in principles))


@card.register
def _(shown: StageShown, texts: Texts) -> Message:
    stage = shown.stage

    def listed(key: str, points: Sequence[str]) -> str | None:
        return lines(texts.say(key), *(f"• {point}" for point in points)) if points else None

    topics = [
        lines(
            f"**{texts.words(topic.title)}**",
            *(f"• {texts.words(point)}" for point in topic.points),
        )
        for topic in stage.topics
    ]
    return Message(
        paragraphs(
            texts.say(
                "stage.head",
                number=shown.number,
                title=texts.words(stage.title),
                period=texts.words(stage.period),
            ),
            listed("stage.goals", [texts.words(words) for words in stage.goals]),
            *topics,
            listed("stage.units", [texts.words(unit.title) for unit in stage.units]),
            listed("stage.criteria", [texts.words(words) for words in stage.criteria]),
            texts.say("path.milestone", words=texts.words(stage.milestone)),
            _resource_lines(shown.resources, texts),
        ),
        (
            (
                Button(texts.label("button.path"), "/path"),
                Button(texts.label("button.today"), "/today"),
            ),
        ),
    )


@card.register
def _(shown: SectionShown, texts: Texts) -> Message:
    section = shown.section
    code = f"```\n{section.code}\n```" if section.code else None
    return Message(
        paragraphs(
            f"**{texts.words(section.title)}**",
            lines(*(f"• {texts.words(point)}" for point in section.points)),
            code,
            _resource_lines(shown.resources, texts),
        ),
        ((Button(texts.label("button.path"), "/path"),),),
    )


# --- marks ---------------------------------------------------------------------------------------


@card.register
def _(marked: Marked, texts: Texts) -> Message:
    head = lines(*(_marked_line(marked, n, texts) for n in range(len(marked.tasks))))
    if marked.outcome == "done":
        return _done_card(marked, head, texts)
    if marked.outcome == "stuck":
        return _stuck_card(marked, head, texts)
    buttons = (
        Button(texts.label("button.today"), "/today"),
        Button(texts.label("button.undo"), f"/undo {marked.tasks[0].id}"),
    )
    return Message(
        lines(head, _finish_line(marked.forecast, texts)),
        (buttons if marked.outcome == "later" else buttons[:1],),
    )


def _marked_line(marked: Marked, place: int, texts: Texts) -> Markup:
    one = marked.tasks[place]
    key = f"marked.{marked.outcome}"
    if one.was_already and texts.has(f"{key}_already"):
        key = f"{key}_already"
    elif marked.outcome == "done" and one.evidence:
        key = f"{key}_with_evidence"
    return texts.say(
        key,
        title=texts.words(one.task.title),
        until=marked.until or marked.plan.day,
        evidence=one.evidence or "",
    )


def _done_card(marked: Marked, head: str, texts: Texts) -> Message:
    progress = marked.progress
    parts = [head]
    shown_all = all(one.evidence for one in marked.tasks)
    ids = " ".join(one.id for one in marked.tasks)
    buttons: list[tuple[Button, ...]] = []
    if progress.is_finished:
        parts.append(texts.say("marked.curriculum_finished", tasks=progress.tasks))
        if marked.leads_to:
            buttons.append((Button(texts.label("button.leads_to"), f"/switch {marked.leads_to}"),))
    else:
        left = len(marked.plan.open_tasks)
        parts.append(
            texts.say("marked.left_today", left=left) if left else texts.say("marked.day_complete")
        )
    if not shown_all:
        asked = [texts.words(one.task.evidence) for one in marked.tasks if not one.evidence]
        parts.append(texts.say("marked.ask_evidence", words=asked[0]))
        buttons.append(
            (
                Button(texts.label("button.no_evidence"), "/noevidence"),
                Button(texts.label("button.undo"), f"/undo {ids}"),
            )
        )
    if marked.plan.open_tasks:
        buttons.append((Button(texts.label("button.today"), "/today"),))
    return Message(paragraphs(*parts), tuple(buttons))


def _stuck_card(marked: Marked, head: str, texts: Texts) -> Message:
    task = marked.tasks[0].task
    buttons = [_concept_button(one, texts) for one in marked.concepts[:2]]
    return Message(
        paragraphs(head, texts.say("marked.stuck_ladder", words=texts.words(task.done_when))),
        (
            *rows_of(buttons, 1),
            (
                Button(texts.label("button.details"), f"/task {marked.tasks[0].id}"),
                Button(texts.label("button.later"), f"/later {marked.tasks[0].id}"),
            ),
        ),
    )


@card.register
def _(unclear: TaskUnclear, texts: Texts) -> Message:
    if not unclear.candidates:
        return Message(
            texts.say(f"unclear.none_{unclear.outcome}"),
            ((Button(texts.label("button.today"), "/today"),),),
        )
    buttons = [
        Button(_short(texts.plain(entry.task.title)), f"/{unclear.outcome} {entry.id}")
        for entry in unclear.candidates
    ]
    key = "unclear.said" if unclear.said else f"unclear.{unclear.outcome}"
    return Message(texts.say(key, said=unclear.said), rows_of(buttons, 1))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


@card.register
def _(kept: EvidenceKept, texts: Texts) -> Message:
    if not kept.tasks:
        return Message(texts.say("evidence.nothing"))
    return Message(
        texts.say(
            "evidence.kept",
            title=texts.words(kept.tasks[0].task.title),
            evidence=kept.tasks[0].evidence or "",
        ),
        ((Button(texts.label("button.today"), "/today"),),),
    )


# --- progress ------------------------------------------------------------------------------------


@card.register
def _(shown: ProgressShown, texts: Texts) -> Message:
    progress = shown.progress
    if shown.planned_finish and shown.forecast.finish and not progress.is_finished:
        days = (shown.forecast.finish - shown.planned_finish).days
        key = (
            "progress.later" if days > 0 else "progress.sooner" if days < 0 else "progress.on_plan"
        )
        against = texts.say(key, days=abs(days), planned=shown.planned_finish)
    else:
        against = None
    return Message(
        paragraphs(
            texts.say("progress.head", curriculum=texts.words(shown.curriculum.title)),
            lines(
                texts.say(
                    "progress.total",
                    bar=bar(progress.done, progress.tasks),
                    done=progress.done,
                    tasks=progress.tasks,
                    minutes=progress.minutes_done,
                ),
                texts.say("progress.week", days=progress.days_this_week, of=WEEK),
                texts.say("progress.streak", days=progress.streak) if progress.streak > 1 else None,
                texts.say("progress.shown", shown=progress.shown),
            ),
            lines(*(_stage_line(one, texts) for one in progress.stages)),
            lines(against, _finish_line(shown.forecast, texts)),
        ),
        (
            (
                Button(texts.label("button.today"), "/today"),
                Button(texts.label("button.path"), "/path"),
            ),
        ),
    )


def _stage_line(one: StageProgress, texts: Texts) -> Markup:
    return texts.say(
        "progress.stage",
        title=texts.words(one.stage.title),
        bar=bar(one.done, one.tasks),
        done=one.done,
        tasks=one.tasks,
    )


def bar(done: int, whole: int, width: int = 10) -> Markup:
    filled = round(width * done / whole) if whole else 0
    if done and not filled:
        filled = 1
    return Markup("▓" * filled + "░" * (width - filled))


# --- the first day -------------------------------------------------------------------------------


@card.register
def _(asked: StartAsked, texts: Texts) -> Message:
    match asked.step:
        case Step.CONFIRM:
            return _confirm_card(asked, texts)
        case Step.CURRICULUM:
            return Message(
                paragraphs(
                    texts.say("start.curriculum"),
                    *(
                        texts.say(
                            "start.curriculum_line",
                            title=texts.words(one.title),
                            summary=texts.words(one.summary),
                        )
                        for one in _starters_first(asked)
                    ),
                ),
                rows_of(
                    [
                        Button(texts.plain(one.title), f"/start ok {one.id}")
                        for one in _starters_first(asked)
                    ],
                    1,
                ),
            )
        case Step.HOURS:
            return _hours_card(asked, texts)
        case _:
            return _start_day_card(asked, texts)


def _starters_first(asked: StartAsked) -> list[Curriculum]:
    """Shorter curricula first: a newcomer's eye falls on what can be finished."""
    return sorted(asked.curricula, key=lambda one: sum(task.minutes for task in one.tasks))


def _confirm_card(asked: StartAsked, texts: Texts) -> Message:
    other = "en" if texts.language == "zh" else "zh"
    return Message(
        paragraphs(
            texts.say("start.welcome"),
            texts.say(
                "start.confirm",
                zone=asked.learner.zone.key,
                clock=asked.now.astimezone(asked.learner.zone).time(),
            ),
        ),
        (
            (Button(texts.label("button.confirm"), "/start ok"),),
            (
                Button(texts.label("button.other_language"), f"/start language={other}"),
                Button(texts.label("button.other_zone"), "/zone"),
            ),
        ),
    )


def _hours_card(asked: StartAsked, texts: Texts) -> Message:
    curriculum = next(one for one in asked.curricula if one.id == asked.known.curriculum)
    options = [
        texts.say(
            "start.hours_option",
            hours=option.hours,
            finish=_day_or_unknown(option.finish, texts),
        )
        for option in asked.hours
    ]
    buttons = [
        Button(
            texts.label("button.hours", hours=option.hours),
            f"/start ok {curriculum.id} {option.hours}h",
        )
        for option in asked.hours
    ]
    return Message(
        paragraphs(
            texts.say("start.hours", title=texts.words(curriculum.title), hours=curriculum.hours),
            lines(*options),
            texts.say("start.hours_typed"),
        ),
        rows_of(buttons, 4),
    )


def _start_day_card(asked: StartAsked, texts: Texts) -> Message:
    today = asked.today
    monday = today + timedelta(days=7 - today.weekday())
    pace = pace_word(asked.known)
    prefix = f"/start ok {asked.known.curriculum} {pace}"
    if asked.known.replace:
        prefix = f"{prefix} replace"
    days = {
        "button.start_today": today,
        "button.start_tomorrow": today + timedelta(days=1),
        "button.start_monday": monday,
    }
    return Message(
        texts.say("start.day"),
        (
            tuple(
                Button(texts.label(key, day=day), f"{prefix} {day.isoformat()}")
                for key, day in days.items()
            ),
        ),
    )


def pace_word(known: StartCurriculum) -> str:
    """The pace as one word of a command: `10h`, or `45,45,45,45,45,120,0` from Monday on."""
    if known.weekday_minutes is not None:
        return ",".join(str(minutes) for minutes in known.weekday_minutes)
    return f"{known.hours_a_week or 0:g}h"


@card.register
def _(asked: SwitchAsked, texts: Texts) -> Message:
    return Message(
        texts.say(
            "start.switch",
            current=texts.words(asked.current.title),
            wanted=texts.words(asked.wanted.title),
        ),
        (
            (
                Button(texts.label("button.switch"), f"/start ok {asked.wanted.id} replace"),
                Button(texts.label("button.stay"), "/today"),
            ),
        ),
    )


@card.register
def _(started: CurriculumStarted, texts: Texts) -> Message:
    shown = started.shown
    greeting = texts.say(
        "start.begun",
        title=texts.words(shown.curriculum.title),
        start=shown.starts_on,
        push_at=started.learner.push_at,
    )
    day = day_card(shown, texts)
    return Message(paragraphs(greeting, day.markup), day.buttons)


@card.register
def _(listed: CurriculaListed, texts: Texts) -> Message:
    entries = [
        lines(
            texts.say(
                "curricula.current" if one.id == listed.current else "curricula.line",
                title=texts.words(one.title),
                tasks=len(one.tasks),
                hours=one.hours,
            ),
            texts.words(one.summary),
            texts.say("curricula.audience", words=texts.words(one.audience)),
        )
        for one in listed.curricula
    ]
    buttons = [
        Button(texts.plain(one.title), f"/switch {one.id}")
        for one in listed.curricula
        if one.id != listed.current
    ]
    return Message(paragraphs(texts.say("curricula.head"), *entries), rows_of(buttons, 1))


# --- settings, resources, concepts, help ---------------------------------------------------------


@card.register
def _(shown: SettingsShown, texts: Texts) -> Message:
    learner = shown.learner
    overview = lines(
        texts.say("settings.language"),
        texts.say("settings.zone", zone=learner.zone.key),
        texts.say(
            "settings.times",
            push_at=learner.push_at,
            evening_at=learner.evening_at,
            quiet_from=learner.quiet.start,
            quiet_to=learner.quiet.end,
        ),
        _minutes_line(shown.minutes, texts) if shown.minutes else None,
        None if learner.pushes_on else texts.say("settings.pushes_off"),
        _pause_line(shown, texts),
    )
    if not shown.changed:
        buttons = (
            (
                Button(texts.label("button.other_language"), _language_command(texts)),
                Button(texts.label("button.other_zone"), "/zone"),
            ),
            (
                Button(texts.label("button.change_hours"), "/hours"),
                Button(
                    texts.label("button.pushes_off" if learner.pushes_on else "button.pushes_on"),
                    "/pushes off" if learner.pushes_on else "/pushes on",
                ),
            ),
        )
        return Message(
            paragraphs(texts.say("settings.head"), overview, texts.say("settings.how")), buttons
        )
    return Message(
        paragraphs(_changed_line(shown, texts), _moved_line(shown, texts)),
        ((Button(texts.label("button.today"), "/today"),),),
    )


def _language_command(texts: Texts) -> str:
    return "/language en" if texts.language == "zh" else "/language zh"


def _changed_line(shown: SettingsShown, texts: Texts) -> str:
    """Say what now holds, from the committed row."""
    learner = shown.learner
    said: list[str] = []
    for name in sorted(shown.changed):
        if name in {"pause", "pause_days", "pause_until"}:
            said.append(_pause_line(shown, texts) or texts.say("settings.resumed"))
        elif name == "resume":
            said.append(texts.say("settings.resumed"))
        elif name == "snooze_minutes" and shown.snoozed_until is not None:
            at = shown.snoozed_until.astimezone(learner.zone)
            said.append(texts.say("settings.snoozed", day=at.date(), at=at.time()))
        elif name == "way_back" and shown.way_back is not None:
            said.append(texts.say(f"settings.back_{shown.way_back.value}", tasks=shown.skipped))
        elif name in {"hours_a_week", "weekday_minutes"} and shown.minutes:
            said.append(_minutes_line(shown.minutes, texts))
        elif name == "pushes":
            said.append(
                texts.say("settings.pushes_on_now" if learner.pushes_on else "settings.pushes_off")
            )
        elif name in {"quiet_from", "quiet_to", "push_at", "evening_at"}:
            said.append(
                texts.say(
                    "settings.times",
                    push_at=learner.push_at,
                    evening_at=learner.evening_at,
                    quiet_from=learner.quiet.start,
                    quiet_to=learner.quiet.end,
                )
            )
        elif name == "zone":
            said.append(texts.say("settings.zone", zone=learner.zone.key))
        elif name == "language":
            said.append(texts.say("settings.language"))
    if shown.next_push is not None and not shown.is_paused and shown.changed & _PUSH_SETTINGS:
        at = shown.next_push.astimezone(learner.zone)
        said.append(texts.say("settings.next_push", day=at.date(), at=at.time()))
    return lines(*dict.fromkeys(said))


_PUSH_SETTINGS = frozenset({"zone", "push_at", "evening_at", "pushes", "resume"})


def _moved_line(shown: SettingsShown, texts: Texts) -> Markup | None:
    if shown.finish_before == shown.finish:
        return None
    return texts.say(
        "settings.finish_moved",
        before=_day_or_unknown(shown.finish_before, texts),
        after=_day_or_unknown(shown.finish, texts),
    )


def _minutes_line(minutes: Minutes, texts: Texts) -> Markup:
    names = texts.label("settings.weekdays").split(" ")
    each = " · ".join(f"{name} {count}" for name, count in zip(names, minutes, strict=True))
    return texts.say("settings.minutes", hours=_hours(sum(minutes)), each=each)


def _pause_line(shown: SettingsShown, texts: Texts) -> Markup | None:
    if not shown.is_paused:
        return None
    if shown.paused_until is None:
        return texts.say("settings.paused_open")
    return texts.say("settings.paused_until", until=shown.paused_until)


@card.register
def _(found: ResourcesFound, texts: Texts) -> Message:
    if not found.resources:
        return Message(texts.say("resources.none", query=found.query))
    return Message(
        paragraphs(
            texts.say("resources.head", query=found.query), _resource_lines(found.resources, texts)
        )
    )


@card.register
def _(explained: ConceptExplained, texts: Texts) -> Message:
    concept = explained.concept
    before = [_concept_button(one, texts) for one in explained.prerequisites[:3]]
    return Message(
        paragraphs(
            _concept_head(concept, texts),
            texts.words(concept.explanation),
            texts.say("concept.misconception", words=texts.words(concept.misconception)),
            _resource_lines(explained.resources, texts),
        ),
        rows_of(before, 2),
    )


def _concept_head(concept: Concept, texts: Texts) -> Markup:
    """The name, with the other language's where it says something new."""
    own = texts.plain(concept.name)
    other = concept.name.en if texts.language == "zh" else concept.name.zh
    if other.lower() in own.lower() or own.lower() in other.lower():
        return texts.say("concept.head", name=texts.words(concept.name))
    return texts.say("concept.head_both", name=texts.words(concept.name), other=other)


def _concept_button(concept: Concept, texts: Texts) -> Button:
    return Button(
        texts.label("button.concept", name=texts.plain(concept.name)), f"/explain {concept.id}"
    )


@card.register
def _(unknown: ConceptUnknown, texts: Texts) -> Message:
    buttons = [Button(texts.plain(one.name), f"/explain {one.id}") for one in unknown.near]
    key = "concept.near" if buttons else "concept.unknown"
    return Message(texts.say(key, said=unknown.said), rows_of(buttons, 1))


@card.register
def _(shown: HelpShown, texts: Texts) -> Message:
    buttons = (
        (
            Button(texts.label("button.today"), "/today"),
            Button(texts.label("button.week"), "/week"),
            Button(texts.label("button.progress"), "/progress"),
        )
        if shown.has_study
        else (Button(texts.label("button.start"), "/start"),)
    )
    return Message(texts.say("help"), (buttons,))


_ZONES_OFFERED = (
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Asia/Singapore",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Sydney",
)


def zone_card(now: datetime, texts: Texts, *, is_first_day: bool) -> Message:
    """Zones to tap, each with the time it is there; on the first day a tap goes on from there."""
    command = "/start ok zone=" if is_first_day else "/zone "
    buttons = [
        Button(
            texts.label("zone.now", zone=key.partition("/")[2].replace("_", " "), at=_at(now, key)),
            f"{command}{key}",
        )
        for key in _ZONES_OFFERED
    ]
    return Message(texts.say("zone.ask"), rows_of(buttons, 2))


def _at(now: datetime, zone: str) -> time:
    return now.astimezone(ZoneInfo(zone)).time()
