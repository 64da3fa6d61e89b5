"""The first day: questions to tap, and the curricula to choose from."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cards.day import day_card
from bot.cards.parts import card, day_or_unknown, lines, paragraphs, zone_words
from bot.message import Button, Message, rows_of
from bot.texts import Texts
from learning.curriculum import Curriculum
from tools.curricula import (
    CurriculaListed,
    CurriculumLeft,
    CurriculumStarted,
    KnownLeftOut,
    LeaveAsked,
    StartAsked,
    StartCurriculum,
    Step,
    SwitchAsked,
)


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
                            summary=texts.words(one.audience),
                        )
                        for one in _starters_first(asked)
                    ),
                ),
                rows_of(
                    [
                        *(
                            Button(texts.plain(one.title), f"/start ok {one.id}")
                            for one in _starters_first(asked)
                        ),
                        Button(texts.label("button.recommend"), "/recommend"),
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
                zone=zone_words(asked.learner.zone.key),
                clock=asked.now.astimezone(asked.learner.zone).time(),
            ),
            texts.say("start.age", years=asked.minimum_age) if asked.minimum_age else None,
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
    replace = " replace" if asked.known.replace else ""
    options = [
        texts.say(
            "start.hours_option",
            hours=option.hours,
            finish=day_or_unknown(option.finish, texts),
        )
        for option in asked.hours
    ]
    buttons = [
        Button(
            texts.label("button.hours", hours=option.hours),
            f"/start ok {curriculum.id} {option.hours}h{replace}",
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
    }
    if monday not in days.values():
        days["button.start_monday"] = monday
    passed = texts.say("start.passed", day=asked.passed) if asked.passed else None
    return Message(
        paragraphs(passed, texts.say("start.day")),
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
    wanted = asked.wanted.id
    beside = Button(texts.label("button.beside"), f"/start ok {wanted} beside")
    return Message(
        texts.say(
            "start.switch" if asked.can_join else "start.switch_full",
            current=texts.words(asked.current.title),
            wanted=texts.words(asked.wanted.title),
        ),
        (
            (Button(texts.label("button.switch"), f"/start ok {wanted} replace"),),
            *(((beside,),) if asked.can_join else ()),
            (Button(texts.label("button.stay"), "/today"),),
        ),
    )


@card.register
def _(started: CurriculumStarted, texts: Texts) -> Message:
    shown = started.shown
    greeting = texts.say(
        "start.begun_beside" if shown.beside else "start.begun",
        title=texts.words(started.curriculum.title),
        start=shown.starts_on,
        push_at=started.learner.push_at,
    )
    day = day_card(shown, texts)
    known = started.known
    if known is None:
        return Message(paragraphs(greeting, day.markup), day.buttons)
    offer = texts.say("known.ahead", tasks=len(known.tasks), minutes=known.minutes)
    leave_out = (Button(texts.label("button.leave_out_known"), "/known skip"),)
    return Message(paragraphs(greeting, offer, day.markup), (leave_out, *day.buttons))


@card.register
def _(left_out: KnownLeftOut, texts: Texts) -> Message:
    head = texts.say(
        "known.left_out",
        tasks=len(left_out.known.tasks),
        curriculum=texts.words(left_out.known.curriculum.title),
        before=day_or_unknown(left_out.finish_before, texts),
        after=day_or_unknown(left_out.shown.forecast.finish, texts),
    )
    day = day_card(left_out.shown, texts)
    return Message(paragraphs(head, day.markup), day.buttons)


@card.register
def _(asked: LeaveAsked, texts: Texts) -> Message:
    if len(asked.choices) > 1:
        buttons = [Button(texts.plain(one.title), f"/leave {one.id}") for one in asked.choices]
        return Message(texts.say("leave.which"), rows_of(buttons, 1))
    only = asked.choices[0]
    return Message(
        texts.say("leave.sure", curriculum=texts.words(only.title)),
        (
            (
                Button(texts.label("button.leave_yes"), f"/leave {only.id} yes"),
                Button(texts.label("button.stay"), "/today"),
            ),
        ),
    )


@card.register
def _(left: CurriculumLeft, texts: Texts) -> Message:
    head = texts.say("leave.done", curriculum=texts.words(left.left.title))
    if left.shown is None:
        button = Button(texts.label("button.curricula"), "/curricula")
        return Message(head, ((button,),))
    day = day_card(left.shown, texts)
    return Message(paragraphs(head, day.markup), day.buttons)


@card.register
def _(listed: CurriculaListed, texts: Texts) -> Message:
    entries = [
        lines(
            texts.say(
                "curricula.current" if one.id in listed.followed else "curricula.line",
                title=texts.words(one.title),
                tasks=len(one.tasks),
                hours=one.hours,
            ),
            texts.say("curricula.audience", words=texts.words(one.audience)),
        )
        for one in listed.curricula
    ]
    buttons = [
        Button(texts.plain(one.title), f"/switch {one.id}")
        for one in listed.curricula
        if one.id not in listed.followed
    ]
    buttons.append(Button(texts.label("button.recommend"), "/recommend"))
    if listed.followed:
        buttons.append(Button(texts.label("button.leave"), "/leave"))
    return Message(paragraphs(texts.say("curricula.head"), *entries), rows_of(buttons, 1))


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
