"""Days and moments that have passed, with two to come in their place."""

from bot.cards.parts import card
from bot.message import Button, Message
from bot.texts import Texts
from tools.passed import DayFor, DayPassed, MomentPassed


@card.register
def _(passed: DayPassed, texts: Texts) -> Message:
    match passed.purpose:
        case DayFor.PAUSE:
            head = "/pause"
        case DayFor.DAY_OFF:
            head = "/dayoff"
        case _:
            head = f"/later {' '.join(passed.tasks)}"
    buttons = tuple(
        Button(texts.label("button.day", day=day), f"{head} {day.isoformat()}")
        for day in passed.choices
    )
    key = "passed.today" if passed.is_today else "passed.day"
    return Message(texts.say(key, day=passed.day), (buttons,))


@card.register
def _(passed: MomentPassed, texts: Texts) -> Message:
    moment = passed.moment
    buttons = tuple(
        Button(
            texts.label("button.moment", day=choice.date(), at=choice.time()),
            f"/snooze {choice.isoformat(timespec='minutes')}",
        )
        for choice in passed.choices
    )
    return Message(texts.say("passed.moment", day=moment.date(), at=moment.time()), (buttons,))
