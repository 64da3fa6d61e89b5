"""A day, a task, and the way back after days away."""

import re

from bot.cards.parts import (
    NUMBERS,
    card,
    concept_button,
    day_or_unknown,
    finish_line,
    lines,
    paragraphs,
    resource_lines,
    task_name,
)
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from learning.absence import Option, Return, WayBack
from learning.curriculum import Task
from learning.plan import DailyPlan, PlannedTask, Standing
from learning.quiz.reviews import minutes_for
from tools.plan import (
    DayShown,
    ShortDayShown,
    TaskShown,
)


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
        _changes(shown, texts),
        _tasks(shown, texts),
        _reviews(shown, texts) if is_today else None,
        _day_foot(shown, texts),
        _choice(shown, texts),
    )
    buttons: list[tuple[Button, ...]] = []
    if is_today and plan.tasks:
        buttons += _task_buttons(plan, texts)
    if is_today and not plan.is_paused:
        buttons += _recall_buttons(shown, texts)
    if is_today and shown.choice is not None:
        choose = f"/choose {shown.choice.choice.id}"
        buttons.append((Button(texts.label("button.choose_now"), choose),))
    if is_today and plan.is_paused:
        buttons.append((Button(texts.label("button.resume"), "/resume"),))
    buttons += push_buttons
    if shown.is_finished and shown.curriculum.leads_to:
        leads_to = f"/switch {shown.curriculum.leads_to}"
        buttons.append((Button(texts.label("button.leads_to"), leads_to),))
    if (
        greeting is None
        and is_today
        and not plan.open_tasks
        and not shown.is_finished
        and not plan.is_paused
    ):
        buttons.append((Button(texts.label("button.tomorrow"), "/tomorrow"),))
    return Message(body, tuple(buttons))


@card.register
def _(shown: ShortDayShown, texts: Texts) -> Message:
    """What fits into the minutes, or one first step; the rest can wait without a word of blame."""
    if shown.fits:
        numbered = [(shown.numbers[one.id] - 1, one) for one in shown.fits]
        head = texts.say("day.short_fits", minutes=shown.minutes)
        tasks = lines(*(_short_line(place, one, texts) for place, one in numbered))
        rows = [
            tuple(
                Button(
                    texts.label(f"button.{what}_number", number=NUMBERS[place]), f"/{to} {one.id}"
                )
                for place, one in numbered
            )
            for what, to in (("done", "done"), ("details", "task"))
        ]
    else:
        first = shown.first
        head = texts.say(
            "day.short_start", minutes=shown.minutes, title=task_name(first.task, texts)
        )
        tasks = _first_step(first, texts) or ""
        rows = [(Button(texts.label("button.details"), f"/task {first.id}"),)]
    later = [one.id for one in shown.rest if shown.fits or one is not shown.first]
    foot = texts.say("day.short_rest", count=len(later)) if later else None
    if later:
        rows.append((Button(texts.label("button.rest_tomorrow"), f"/later {' '.join(later)}"),))
    return Message(paragraphs(head, tasks, foot), tuple(rows))


def _short_line(place: int, one: PlannedTask, texts: Texts) -> Markup:
    return texts.say(
        "day.task",
        number=NUMBERS[place],
        kind=texts.label(f"kind.{one.task.kind}"),
        title=task_name(one.task, texts),
        minutes=one.minutes,
    )


def _first_step(one: PlannedTask, texts: Texts) -> Markup | None:
    """The first sentence of what is to be done."""
    if not one.task.details:
        return None
    told = texts.words(one.task.details)
    found = re.match(r".+?(?:[。；]|[.;](?=\s|$))", told)
    if found is None or found.group().count("`") % 2:
        return told
    return Markup(found.group().rstrip("；;"))


def _reviews(shown: DayShown, texts: Texts) -> str | None:
    """Today's reviews, and a weak concept that the tasks rest on."""
    minutes = shown.plan.review_minutes
    reviews = None
    if shown.reviews_due and not shown.plan.is_paused:
        due_minutes = minutes_for(shown.reviews_due)
        reviews = texts.say("quiz.day_reviews", count=shown.reviews_due, minutes=due_minutes)
    elif minutes:
        reviews = texts.say("quiz.day_reviews_done")
    name = texts.words(shown.shaky.name) if shown.shaky else ""
    return lines(reviews, texts.say("quiz.day_weak", name=name) if name else None) or None


def _recall_buttons(shown: DayShown, texts: Texts) -> list[tuple[Button, ...]]:
    row: list[Button] = []
    if shown.reviews_due:
        row.append(Button(texts.label("button.review", count=shown.reviews_due), "/review"))
    elif shown.has_done_something:
        row.append(Button(texts.label("button.quiz_today"), "/quiz 3"))
    if shown.shaky is not None:
        row.append(concept_button(shown.shaky, texts))
    return [tuple(row)] if row else []


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
    if shown.stage is None or shown.unit is None or plan.day < shown.starts_on:
        return texts.say("day.head_finished", day=plan.day, curriculum=title)
    head = texts.say(
        "day.head",
        day=plan.day,
        number=max(1, shown.day_number),
        curriculum=title,
        stage=texts.words(shown.stage.title),
        unit=texts.words(shown.unit.title),
    )
    beside = [
        texts.say(
            "day.beside",
            curriculum=texts.words(one.curriculum.title),
            unit=texts.words(one.unit.title),
        )
        for one in shown.beside
        if one.unit is not None
    ]
    return Markup(lines(head, *beside))


def _changes(shown: DayShown, texts: Texts) -> Markup | None:
    """Said once, on the first day of a new version."""
    changes = shown.changes
    if changes is None:
        return None
    return texts.say("day.new_version", changed=len(changes.changed), gone=len(changes.gone))


def _choice(shown: DayShown, texts: Texts) -> Markup | None:
    if shown.choice is None:
        return None
    question = texts.words(shown.choice.choice.question)
    return texts.say("day.choice", question=question)


def _tasks(shown: DayShown, texts: Texts) -> str | None:
    plan = shown.plan
    if not plan.tasks:
        return None
    return paragraphs(
        *(
            _task_lines(n, entry, plan.highlight, texts, is_beside=_is_beside(shown, entry))
            for n, entry in enumerate(plan.tasks)
        )
    )


def _is_beside(shown: DayShown, entry: PlannedTask) -> bool:
    """Whether a task belongs to another curriculum than the first of several."""
    return any(entry.id in one.curriculum.task_by_id for one in shown.beside)


def _task_lines(
    place: int,
    entry: PlannedTask,
    highlight: PlannedTask | None,
    texts: Texts,
    *,
    is_beside: bool,
) -> str:
    name = task_name(entry.task, texts)
    title = texts.say(
        "day.task_beside" if is_beside else "day.task",
        number=NUMBERS[place],
        kind=texts.label(f"kind.{entry.task.kind}"),
        title=name,
        minutes=entry.minutes,
    )
    if entry.standing is Standing.DONE:
        key = "day.done_with_evidence" if entry.evidence else "day.done"
        return texts.say(key, number=NUMBERS[place], title=name)
    if entry.standing is Standing.LATER:
        return texts.say("day.later", number=NUMBERS[place], title=name)
    if entry is not highlight:
        return title
    details = texts.words(entry.task.details) if entry.task.details else None
    return lines(
        f"**{title}**", details, texts.say("day.done_when", words=_done_when(entry, texts))
    )


def _done_when(entry: PlannedTask, texts: Texts) -> Markup:
    """What finishes a task; before its last session, that the session's piece is kept."""
    if isinstance(entry.task, Task) and not entry.task.is_last_session:
        return texts.say("task.session_done")
    return texts.words(entry.task.done_when)


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
        key = "day.over" if len(plan.tasks) == 1 else "day.over_last"
        notes.append(texts.say(key, over=plan.minutes_over, budget=plan.budget))
    if not shown.is_finished:
        notes.append(finish_line(shown.forecast, texts))
    return lines(*notes)


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
    options = _worth_offering(comeback)
    small = (
        texts.say("comeback.small_step", title=texts.words(step.title))
        if step is not None
        else None
    )
    ways = [
        texts.say(
            f"comeback.{option.way.value}",
            finish=day_or_unknown(option.finish, texts),
            minutes=sum(option.minutes or ()) // 60,
            tasks=len(option.skips),
        )
        for option in options
    ]
    before = texts.say("comeback.before", finish=day_or_unknown(comeback.finish_before, texts))
    buttons = [
        Button(texts.label(f"button.back_{option.way.value}"), f"/back {option.way.value}")
        for option in options
    ]
    first: tuple[Button, ...] = ()
    if step is not None:
        first = (Button(texts.label("button.small_step"), f"/task {step.id}"),)
    return Message(
        paragraphs(
            texts.say(
                "comeback.head" if shown.has_done_something else "comeback.head_fresh",
                curriculum=texts.words(shown.curriculum.title),
            ),
            small,
            lines(before, *ways),
        ),
        tuple(row for row in (first, tuple(buttons)) if row),
    )


def _worth_offering(comeback: Return) -> list[Option]:
    """The ways on; leaving out the extras only where it brings the end nearer."""
    later = next(one for one in comeback.options if one.way is WayBack.LATER)
    return [
        one
        for one in comeback.options
        if one.way is not WayBack.SKIP or (one.skips and one.finish != later.finish)
    ]


@card.register
def _(shown: TaskShown, texts: Texts) -> Message:
    task = shown.task
    number = NUMBERS[shown.number - 1] + " " if shown.number else ""
    concepts = [concept_button(one, texts) for one in shown.concepts]
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
                title=task_name(task, texts),
                minutes=shown.minutes,
            ),
            texts.words(task.details) if task.details else None,
            _problems(shown, texts),
            texts.say("task.done_when", words=texts.words(task.done_when)),
            texts.say("task.sessions", session=task.session, sessions=task.sessions)
            if isinstance(task, Task) and task.sessions > 1
            else None,
            texts.say("task.evidence", words=texts.words(task.evidence)),
            resource_lines(shown.resources, texts),
            texts.say("task.optional") if isinstance(task, Task) and task.optional else None,
        ),
        (marks, *rows_of(concepts, 2)),
    )


def _problems(shown: TaskShown, texts: Texts) -> str | None:
    """Where the problems are, and for whoever is stuck the way in."""
    if not shown.problems:
        return None
    return lines(
        *(
            texts.say(
                "task.problem",
                title=f"{one.number}. {texts.plain(one.title)}",
                url=one.url,
                difficulty=texts.label(f"difficulty.{one.difficulty}"),
                idea=texts.words(one.idea),
            )
            for one in shown.problems
        )
    )
