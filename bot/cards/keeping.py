"""What a learner takes into their calendar, and how they are forgotten."""

from bot.cards.parts import card, lines, paragraphs, task_name
from bot.markup import styled
from bot.message import Attachment, Button, Message
from bot.texts import Texts
from learning.plan import PlannedTask
from tools.calendars import CalendarMade, StudyDay
from tools.forgetting import EraseAsked, Forgotten


@card.register
def _(asked: EraseAsked, texts: Texts) -> Message:
    asked_at = int(asked.at.timestamp())
    return Message(
        paragraphs(
            texts.say("forget.late") if asked.was_late else None,
            texts.say("forget.sure", rows=asked.rows),
        ),
        (
            (Button(texts.label("button.export_first"), "/export all"),),
            (
                Button(texts.label("button.forget_yes"), f"/forget yes {asked_at}"),
                Button(texts.label("button.forget_no"), "/forget no"),
            ),
        ),
    )


@card.register
def _(_: Forgotten, texts: Texts) -> Message:
    return Message(texts.say("forget.done"))


@card.register
def _(made: CalendarMade, texts: Texts) -> Message:
    name = texts.label("calendar.name", curriculum=texts.plain(made.curriculum.title))
    rows = ((made.zone.key, name), *(_row(one, texts) for one in made.days))
    first, last = made.days[0].start, made.days[-1].start
    said = texts.say(
        "calendar.made",
        days=len(made.days),
        first=first.date(),
        last=last.date(),
        at=first.time(),
    )
    return Message(
        paragraphs(said, texts.say("calendar.goes_on") if made.goes_on else None),
        attachment=Attachment("mentor.ics", "ics", rows, int(made.at.timestamp())),
    )


def _row(day: StudyDay, texts: Texts) -> tuple[str, ...]:
    """Uid, start on the clock, minutes, title and text of one day, in plain words."""
    first, *others = (_name(one, texts) for one in day.tasks)
    key = "calendar.title_more" if others else "calendar.title"
    reviews = day.review_minutes
    return (
        day.uid,
        day.start.replace(tzinfo=None).isoformat(),
        str(day.minutes),
        texts.label(key, title=first, others=len(others)),
        lines(
            *(
                texts.label("calendar.task", title=_name(one, texts), minutes=one.minutes)
                for one in day.tasks
            ),
            texts.label("calendar.reviews", minutes=reviews) if reviews else None,
            texts.label("calendar.more"),
        ),
    )


def _name(one: PlannedTask, texts: Texts) -> str:
    return styled(task_name(one.task, texts)).text
