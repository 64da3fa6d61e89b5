"""Speaking first: what each learner is owed now, made from their plan and put into the outbox."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto

from bot.cards import NUMBERS, card, corrections_card, day_card, task_name
from bot.cards.weeks import shortened, week_card
from bot.clock import Clock
from bot.coaching import Coach
from bot.message import Button, Message, as_wished, rows_of
from bot.outbox import Outbox
from bot.texts import Markup, Texts, texts_in
from learning.calendar import instant, local_day, next_local
from learning.catalogue import Catalogue
from learning.curriculum import Task
from learning.plan import PlannedTask, Standing
from learning.pushes import (
    CATCH_UP,
    FAREWELL_AFTER,
    Push,
    days_until_next,
    speaks_in_the_evening,
)
from learning.retrospective import last_days
from store.announcements import take_announcements
from store.cards import next_due
from store.clocks import Due, due, is_due, set_clock, stop_clock
from store.clocks import next_due as clocks_of
from store.errors import StorageBrokenError, StorageFullError
from store.learners import (
    Learner,
    epoch,
    expect,
    expected,
    learner_of,
    learner_with,
    note_plan_push,
)
from store.outbox import Delivery, Owed, owe, skipped
from store.port import Store
from store.quizzes import days_answered, has_answered_on
from store.script import Script
from tools.context import Context, Study, study_of
from tools.marking import evidence_weight
from tools.operations import operations_of
from tools.plan import DayShown, day_shown, seen
from tools.reports import corrections_of
from tools.schedule import fall_silent, next_evening_at, next_plan_at
from tools.week_review import week_reviewed

log = logging.getLogger("mentor.pushes")

DUE_AT_ONCE = 500
EVENING_LASTS = timedelta(hours=2)
SUNDAY = 6
# By the hour of the learner's clock, until which it is morning and afternoon.
NOON, EVENING = 12, 18
NO_NOTES: Mapping[int, str] = {}


class Fate(Enum):
    """What becomes of a planned push that is due; UNPLANNED has nothing to speak of."""

    OVER = auto()
    TOO_EARLY = auto()
    QUIET_DAY = auto()
    QUIET_HOURS = auto()
    MADE_TODAY = auto()
    UNPLANNED = auto()
    FAREWELL = auto()
    TOO_LATE = auto()
    SENT = auto()


@dataclass(frozen=True, slots=True)
class Made:
    """A push as it went into the outbox; `tasks` are the ones it speaks of."""

    owed: tuple[Owed, ...]
    kind: str
    tasks: tuple[PlannedTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Pushes:
    """The tick: asks the store who is owed what, and makes it."""

    store: Store
    catalogue: Catalogue
    outbox: Outbox
    clock: Clock
    coach: Coach | None = None
    operators: frozenset[str] = frozenset()

    async def begin_weeks(self) -> None:
        """See that each operator is told every week how it went."""
        await self.store.run(_set_weeks, self.operators, self.clock())

    async def tick(self) -> int:
        """Make every push that is due, and give their number. Costs one look at an index."""
        made = 0
        while waiting := await self.store.run(due, self.clock(), DUE_AT_ONCE):
            noted = await self._noted(waiting) if self.coach else frozenset[Due]()
            made += await self._make_all([one for one in waiting if one not in noted])
            if self.coach and noted:
                notes = await self.coach.notes([one.learner for one in noted], self.clock())
                made += await self._make_all(noted, notes)
            if len(waiting) < DUE_AT_ONCE:
                break
        return made

    async def _noted(self, waiting: Sequence[Due]) -> frozenset[Due]:
        """The pushes that a note may stand in; the others need not wait for it."""
        plans = [one for one in waiting if one.push is Push.PLAN]
        now = self.clock()
        asking = (self.store.run(takes_note, self.catalogue, one, now) for one in plans)
        # Whoever's cannot be told gets no note; making the push tells what is wrong.
        found = await asyncio.gather(*asking, return_exceptions=True)
        return frozenset(one for one, takes in zip(plans, found, strict=True) if takes is True)

    async def _make_all(self, waiting: Collection[Due], notes: Mapping[int, str] = NO_NOTES) -> int:
        making = (self._make(one, notes.get(one.learner)) for one in waiting)
        return sum(await asyncio.gather(*making))

    async def _make(self, one: Due, note: str | None) -> bool:
        now = self.clock()
        try:
            made = await self.store.run(make_push, self.catalogue, one, now, note, self.operators)
        except (StorageFullError, StorageBrokenError) as error:
            log.error("storage: %s", error)  # noqa: TRY400 -- the text names place and remedy
            return False
        except Exception:
            # One learner's trouble must not come back every tick, nor hold up the others.
            log.exception("push %s of learner %s left out for a day", one.push, one.learner)
            later = one.due_at + timedelta(days=1)
            await self.store.run(set_clock, one.learner, one.push, max(later, now))
            return False
        self.outbox.deliver(made.owed)
        return bool(made.owed)


def make_push(
    catalogue: Catalogue,
    one: Due,
    now: datetime,
    note: str | None = None,
    operators: frozenset[str] = frozenset(),
) -> Script[Made]:
    """Make one push, or leave it out, and set its clock; both or neither.

    `note` is what a model says of the day, as markup; `operators` are those of `bot.house`.
    """
    try:
        learner = yield from learner_with(one.learner, is_held=True)
    except LookupError:
        # Erased since the clock was read.
        return Made((), "none")
    if not (yield from is_due(one)):
        # Another process was first, or the learner has set it anew meanwhile.
        return Made((), "none")
    home_platform = learner.home.partition(":")[0]
    context = Context(learner, catalogue, learner.home, now)
    study = yield from study_of(context)
    if one.push is Push.CORRECTION:
        return (yield from _correction(context, study, one, home_platform))
    if one.push is Push.OPERATIONS:
        return (yield from _operations(context, operators, home_platform))
    if one.push is Push.NEWS:
        return (yield from _news(context, one, home_platform))
    if study is None:
        yield from stop_clock(learner.id, one.push)
        return Made((), "none")
    shown = day_shown(study, context.today)
    maker = _Maker(context, study, shown, one, home_platform, note)
    match one.push:
        case Push.PLAN:
            return (yield from maker.plan())
        case Push.EVENING:
            return (yield from maker.evening())
        case _:
            return (yield from maker.snoozed())


def takes_note(catalogue: Catalogue, one: Due, now: datetime) -> Script[bool]:
    """Whether a planned push would be sent now, with tasks that a note can speak of."""
    learner = yield from learner_with(one.learner)
    context = Context(learner, catalogue, learner.home, now)
    study = yield from study_of(context)
    if study is None:
        return False
    shown = day_shown(study, context.today)
    return bool(shown.plan.tasks) and (yield from _fate(context, shown)) is Fate.SENT


def _fate(context: Context, shown: DayShown) -> Script[Fate]:
    learner, today, now = context.learner, context.today, context.now
    planned_at = instant(today, learner.push_at, learner.zone)
    if shown.is_finished and (yield from next_due(learner.id)) is None:
        return Fate.OVER
    if now < planned_at:
        return Fate.TOO_EARLY
    if is_quiet_day(learner, today):
        return Fate.QUIET_DAY
    if is_quiet_time(context):
        return Fate.QUIET_HOURS
    if learner.last_plan_day and learner.last_plan_day >= today:
        return Fate.MADE_TODAY
    has_reviews = shown.reviews_due > 0 and shown.plan.budget > 0
    if not shown.plan.tasks and not has_reviews:
        return Fate.UNPLANNED
    if learner.ignored_pushes >= FAREWELL_AFTER:
        return Fate.FAREWELL
    return Fate.TOO_LATE if now - planned_at > CATCH_UP else Fate.SENT


def _correction(context: Context, study: Study | None, one: Due, platform: str) -> Script[Made]:
    """Tell what counts differently now; not in quiet time, and not while the learner pauses."""
    learner, now, today = context.learner, context.now, context.today
    is_paused = study is not None and study.enrolment.record.is_paused_on(today)
    if (yield from _was_put_off(context, one.push, is_paused=is_paused)):
        return Made((), "none")
    yield from stop_clock(learner.id, one.push)
    remarked = yield from corrections_of(context)
    if not remarked:
        return Made((), "none")
    message = corrections_card(remarked, texts_in(learner.language))
    delivery = Delivery(
        key=f"correction:{learner.id}:{epoch(one.due_at)}",
        platform=platform,
        address=learner.home,
        learner=learner.id,
        kind="correction",
        body=message.to_json(),
    )
    return Made(tuple((yield from owe([delivery], now))), "correction")


def _news(context: Context, one: Due, platform: str) -> Script[Made]:
    """What the operators announced, once quiet time is over; a pause of study does not hold it."""
    learner, now = context.learner, context.now
    if (yield from _was_put_off(context, one.push)):
        return Made((), "none")
    yield from stop_clock(learner.id, one.push)
    if not learner.announcements or not learner.pushes_on:
        return Made((), "none")
    texts = texts_in(learner.language)
    off = Button(texts.label("button.announcements_off"), "/news off")
    deliveries = [
        Delivery(
            key=f"news:{learner.id}:{each.id}",
            platform=platform,
            address=learner.home,
            learner=learner.id,
            kind="news",
            body=Message(texts.say("push.news", words=Markup(said)), ((off,),)).to_json(),
        )
        for each in (yield from take_announcements(learner.id))
        if (said := each.zh if learner.language == "zh" else each.en)
    ]
    return Made(tuple((yield from owe(deliveries, now))), "news")


def _set_weeks(operators: frozenset[str], now: datetime) -> Script[None]:
    for operator in (yield from _learners_of(operators)):
        clocks = yield from clocks_of(operator.id)
        if Push.OPERATIONS not in {one.push for one in clocks}:
            yield from set_clock(operator.id, Push.OPERATIONS, _next_monday(operator, now))


def _learners_of(operators: frozenset[str]) -> Script[list[Learner]]:
    """The operators who have written here."""
    known: list[Learner] = []
    for name in sorted(operators):
        platform, _, person = name.partition(":")
        found = yield from learner_of(platform, person)
        known += [found] if found is not None else []
    return known


def _next_monday(learner: Learner, now: datetime) -> datetime:
    today = local_day(now, learner.zone)
    return next_local(
        now, today + timedelta(days=7 - today.weekday()), learner.push_at, learner.zone
    )


def _operations(context: Context, operators: frozenset[str], platform: str) -> Script[Made]:
    """Mondays, how the week went; who is no operator any more hears no more of it."""
    learner, now = context.learner, context.now
    known = yield from _learners_of(operators)
    if learner.id not in {one.id for one in known}:
        yield from stop_clock(learner.id, Push.OPERATIONS)
        return Made((), "none")
    if (yield from _was_put_off(context, Push.OPERATIONS)):
        return Made((), "none")
    yield from set_clock(learner.id, Push.OPERATIONS, _next_monday(learner, now))
    shown = yield from operations_of(now, days=7)
    delivery = Delivery(
        key=f"operations:{learner.id}:{context.today.isoformat()}",
        platform=platform,
        address=learner.home,
        learner=learner.id,
        kind="operations",
        body=card(shown, texts_in(learner.language)).to_json(),
    )
    return Made(tuple((yield from owe([delivery], now))), "operations")


def _was_put_off(context: Context, push: Push, *, is_paused: bool = False) -> Script[bool]:
    """Whether the learner is left alone now; then the clock is set to when they are not."""
    learner, now, today = context.learner, context.now, context.today
    if is_paused or is_quiet_day(learner, today):
        yield from set_clock(learner.id, push, next_plan_at(learner, now, 1))
        return True
    if is_quiet_time(context):
        at = next_local(now, today, learner.quiet.end, learner.zone)
        yield from set_clock(learner.id, push, at)
        return True
    return False


def is_quiet_day(learner: Learner, day: date) -> bool:
    return day.weekday() in learner.quiet_days


def is_quiet_time(context: Context) -> bool:
    learner = context.learner
    return learner.quiet.cover(context.now.astimezone(learner.zone).time())


@dataclass(frozen=True, slots=True)
class _Maker:
    context: Context
    study: Study
    shown: DayShown
    due: Due
    platform: str
    note: str | None

    @property
    def learner(self) -> Learner:
        return self.context.learner

    @property
    def texts(self) -> Texts:
        return texts_in(self.learner.language)

    def plan(self) -> Script[Made]:
        """The day's one planned push: once for each local date, fewer when ignored."""
        learner, today = self.learner, self.context.today
        fate = yield from _fate(self.context, self.shown)
        match fate:
            case Fate.OVER:
                yield from stop_clock(learner.id, Push.PLAN)
            case Fate.TOO_EARLY:
                # Due since an earlier day, while nothing ran: today's own time is still to come.
                planned_at = instant(today, learner.push_at, learner.zone)
                yield from set_clock(learner.id, Push.PLAN, planned_at)
            case Fate.QUIET_HOURS:
                yield from self._set_plan_clock(0)
            case Fate.QUIET_DAY | Fate.MADE_TODAY | Fate.UNPLANNED:
                # Not sent, so not ignored either; the plan itself goes on.
                yield from self._set_plan_clock(1)
            case Fate.FAREWELL:
                return (yield from self._farewell())
            case Fate.TOO_LATE | Fate.SENT:
                return (yield from self._planned(fate))
        return Made((), "none")

    def _planned(self, fate: Fate) -> Script[Made]:
        learner, today = self.learner, self.context.today
        ignored = learner.ignored_pushes + 1
        yield from note_plan_push(learner.id, today, ignored)
        yield from self._set_plan_clock(days_until_next(ignored) or 7)
        if fate is Fate.TOO_LATE:
            return (yield from self._left_out("plan"))
        yield from seen(self.study, self.shown, today)
        message = day_card(self.shown, self.texts, greeting=self._greeting())
        return (yield from self._owe("plan", message, self.shown.plan.open_tasks, CATCH_UP))

    def _greeting(self) -> Markup:
        """A word for the time of day; on Mondays one of the curriculum's principles with it."""
        principles = self.study.curriculum.principles
        # Made up for after the mentor was down, it may come in the evening.
        hour = self.context.now.astimezone(self.learner.zone).hour
        part = "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"
        morning = self.texts.say(f"push.{part}")
        if self.note is not None:
            noted = self.texts.say("push.coach", note=Markup(self.note))
            morning = Markup(f"{morning}\n\n{noted}")
        if self.context.today.weekday() != 0 or not principles:
            return morning
        week = self.shown.day_number // 7
        words = self.texts.words(principles[week % len(principles)])
        principle = self.texts.say("push.principle", words=words)
        return Markup(f"{principle}\n\n{morning}")

    def _farewell(self) -> Script[Made]:
        """After fourteen ignored pushes one kind word, and then silence."""
        yield from fall_silent(self.learner.id)
        message = Message(self.texts.say("push.farewell"))
        return (yield from self._owe("farewell", message, (), CATCH_UP))

    def _set_plan_clock(self, days: int) -> Script[None]:
        learner, now = self.learner, self.context.now
        if days == 0:
            today = self.context.today
            at = next_local(now, today, learner.quiet.end, learner.zone)
        else:
            at = next_plan_at(learner, now, days)
        yield from set_clock(learner.id, Push.PLAN, at)

    def evening(self) -> Script[Made]:
        """The one conditional push: a check-in, or a small rescue when nothing was done."""
        learner, today, now = self.learner, self.context.today, self.context.now
        if self.shown.is_finished:
            yield from stop_clock(learner.id, Push.EVENING)
            return Made((), "none")
        yield from set_clock(learner.id, Push.EVENING, next_evening_at(learner, now, today))
        planned_at = instant(today, learner.evening_at, learner.zone)
        is_time = planned_at <= now < planned_at + EVENING_LASTS
        if not is_time or is_quiet_time(self.context) or is_quiet_day(learner, today):
            return Made((), "none")
        awaited = yield from expected(learner.home, learner.id, now)
        is_cared_for = awaited is not None and awaited.kind == "care"
        # The last thing said was that somebody may hurt themselves: no evening for questions.
        if is_cared_for or not self._speaks_tonight():
            return Made((), "none")
        done_today = [
            one for one in self.study.enrolment.record.all_completions.values() if one.day == today
        ]
        open_tasks = self.shown.plan.open_tasks
        if self._is_last_study_evening() and (yield from self._has_worked_this_week()):
            return (yield from self._weekly_review())
        has_answered = yield from has_answered_on(learner.id, today)
        if not done_today and open_tasks and not has_answered:
            return (yield from self._rescue(open_tasks))
        if open_tasks:
            message = self._check_in(open_tasks)
            return (yield from self._owe("checkin", message, open_tasks, EVENING_LASTS))
        unshown = self._unshown()
        if unshown:
            message = yield from self._ask_evidence(unshown)
            return (yield from self._owe("checkin", message, unshown, EVENING_LASTS))
        return Made((), "none")

    def _unshown(self) -> tuple[PlannedTask, ...]:
        """What was done today without evidence; what matters most comes first."""
        done = [one for one in self.shown.plan.tasks if one.standing is Standing.DONE]
        return tuple(sorted((one for one in done if not one.evidence), key=evidence_weight))

    def _speaks_tonight(self) -> bool:
        """Only on a day the learner was spoken to or worked, and not into silence."""
        record, today = self.study.enrolment.record, self.context.today
        had_plan = today in {self.learner.last_plan_day, record.started_on}
        worked = any(done.day == today for done in record.all_completions.values())
        return (had_plan or worked) and speaks_in_the_evening(self.learner.ignored_pushes)

    def _is_last_study_evening(self) -> bool:
        """The week's last day with minutes on which the mentor speaks; Sunday if there is none."""
        today = self.context.today
        pace = self.study.enrolment.record.pace_on(today)
        days = [n for n, minutes in enumerate(pace) if minutes and n not in self.learner.quiet_days]
        return today.weekday() == (days[-1] if days else SUNDAY) and not self.shown.plan.is_paused

    def _has_worked_this_week(self) -> Script[bool]:
        """A week without a finished task or an answered question is not looked back on."""
        days = last_days(self.context.today)
        done = self.study.enrolment.record.all_completions.values()
        answered = yield from days_answered(self.learner.id, days[0])
        return bool(answered) or any(one.day >= days[0] for one in done)

    def _weekly_review(self) -> Script[Made]:
        """The week, and then the question of every evening; still one message and one question."""
        reviewed = yield from week_reviewed(self.context, self.study)
        open_tasks, unshown = self.shown.plan.open_tasks, self._unshown()
        # Also a push that asks nothing carries snooze and pause.
        asked, tasks = Message("", (self._evening_buttons()[1:],)), open_tasks
        if open_tasks:
            asked = self._check_in(open_tasks, is_short=True)
        elif unshown:
            asked, tasks = (yield from self._ask_evidence(unshown)), unshown
        review = week_card(reviewed, self.texts)
        markup = "\n\n".join(filter(None, [review.markup, asked.markup]))
        buttons = (*review.buttons, *asked.buttons)
        message = Message(markup, buttons, picture=review.picture)
        return (yield from self._owe("weekly", message, tasks, EVENING_LASTS))

    def _rescue(self, open_tasks: Sequence[PlannedTask]) -> Script[Made]:
        first = next((one for one in open_tasks if isinstance(one.task, Task)), open_tasks[0])
        title = task_name(first.task, self.texts)
        buttons = (
            (
                Button(self.texts.label("button.small_step"), f"/task {first.id}"),
                Button(self.texts.label("button.done"), f"/done {first.id}"),
            ),
            self._evening_buttons(),
        )
        message = Message(self.texts.say("push.rescue", title=title), buttons)
        return (yield from self._owe("rescue", message, (first,), EVENING_LASTS))

    def _check_in(self, open_tasks: Sequence[PlannedTask], *, is_short: bool = False) -> Message:
        """Today's open tasks to tap; `is_short` cuts their titles, where other words come first."""
        texts = self.texts
        entries = [
            texts.say(
                "day.task",
                number=NUMBERS[n],
                kind=texts.label(f"kind.{one.task.kind}"),
                title=shortened(texts.plain(one.task.title))
                if is_short
                else task_name(one.task, texts),
                minutes=one.minutes,
            )
            for n, one in enumerate(self.shown.plan.tasks)
            if one in open_tasks
        ]
        done = [
            Button(texts.label("button.done_number", number=NUMBERS[n]), f"/done {one.id}")
            for n, one in enumerate(self.shown.plan.tasks)
            if one in open_tasks
        ]
        if len(done) > 1:
            done.append(Button(texts.label("button.all_done"), "/done all"))
        markup = "\n\n".join([texts.say("push.checkin"), "\n".join(entries)])
        return Message(markup, (*rows_of(done, 4), self._evening_buttons()))

    def _ask_evidence(self, unshown: Sequence[PlannedTask]) -> Script[Message]:
        title = task_name(unshown[0].task, self.texts)
        message = Message(
            self.texts.say("push.checkin_evidence", title=title),
            ((Button(self.texts.label("button.no_evidence"), "/noevidence"),),),
            form=self.texts.label("button.evidence_form"),
        )
        learner, now = self.learner, self.context.now
        asked = {"tasks": unshown[0].id}
        yield from expect(learner.home, learner.id, "evidence", asked, now)
        return message

    def _evening_buttons(self) -> tuple[Button, ...]:
        return (
            Button(self.texts.label("button.nothing_today"), "/nothing"),
            Button(self.texts.label("button.snooze"), "/snooze 120"),
            Button(self.texts.label("button.pause_week"), "/pause 7"),
        )

    def snoozed(self) -> Script[Made]:
        """Today's plan once more, as the learner asked."""
        yield from stop_clock(self.learner.id, Push.SNOOZE)
        is_its_day = local_day(self.due.due_at, self.learner.zone) == self.context.today
        if not is_its_day or is_quiet_time(self.context):
            return Made((), "none")
        if not self.shown.plan.open_tasks:
            # A promise is kept, even when there is nothing left to say.
            key = "push.snoozed_done" if self.shown.plan.tasks else "push.snoozed_nothing"
            said = Message(self.texts.say(key))
            return (yield from self._owe("snooze", said, (), EVENING_LASTS))
        message = day_card(self.shown, self.texts, greeting=self.texts.say("push.snoozed"))
        tasks = self.shown.plan.open_tasks
        return (yield from self._owe("snooze", message, tasks, EVENING_LASTS))

    def _owe(
        self, kind: str, message: Message, tasks: tuple[PlannedTask, ...], lasts: timedelta
    ) -> Script[Made]:
        owed = yield from owe([self._delivery(kind, message, lasts)], self.context.now)
        return Made(tuple(owed), kind, tasks)

    def _delivery(self, kind: str, message: Message, lasts: timedelta) -> Delivery:
        """The key makes it once for each kind, learner and local date."""
        slot = "evening" if kind in {"checkin", "rescue"} else kind
        when = epoch(self.due.due_at) if kind == "snooze" else self.context.today.isoformat()
        return Delivery(
            key=f"{slot}:{self.learner.id}:{when}",
            platform=self.platform,
            address=self.learner.home,
            learner=self.learner.id,
            kind=kind,
            body=as_wished(message, self.learner.pictures).to_json(),
            expires_at=self.context.now + lasts,
        )

    def _left_out(self, kind: str) -> Script[Made]:
        """A push missed by too much is noted, not sent late."""
        owed = yield from owe([self._delivery(kind, Message(""), CATCH_UP)], self.context.now)
        for one in owed:
            yield from skipped(one.seq, "missed by more than the catch-up time", self.context.now)
        return Made((), kind)
