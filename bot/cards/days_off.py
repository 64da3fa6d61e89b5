"""Days off: what a day without tasks would do to the plan, and what was freed."""

from bot.cards.parts import card, day_or_unknown, lines
from bot.message import Button, Message
from bot.texts import Markup, Texts
from tools.days_off import DayOffAsked, DayOffTaken


@card.register
def _(asked: DayOffAsked, texts: Texts) -> Message:
    if asked.is_free:
        return Message(_said("free", asked, texts))
    yes = f"/dayoff {asked.day.isoformat()} {asked.days} ok"
    return Message(
        lines(_said("ask", asked, texts), _finish(asked, texts)),
        (
            (
                Button(texts.label("button.day_off"), yes),
                Button(texts.label("button.day_off_not"), "/today"),
            ),
        ),
    )


@card.register
def _(taken: DayOffTaken, texts: Texts) -> Message:
    button = Button(texts.label("button.day_off_undo"), "/resume")
    return Message(lines(_said("taken", taken, texts), _finish(taken, texts)), ((button,),))


def _said(key: str, asked: DayOffAsked, texts: Texts) -> Markup:
    if asked.days == 1:
        return texts.say(f"day_off.{key}_one", day=asked.day)
    return texts.say(f"day_off.{key}_more", day=asked.day, last=asked.last, days=asked.days)


def _finish(asked: DayOffAsked, texts: Texts) -> Markup | None:
    if asked.finish == asked.finish_before:
        return None
    return texts.say(
        "day_off.finish",
        before=day_or_unknown(asked.finish_before, texts),
        after=day_or_unknown(asked.finish, texts),
    )
