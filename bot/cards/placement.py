"""Placement: the one question before, and where the answers say to begin."""

from bot.cards.parts import card, finish_line, lines, paragraphs
from bot.message import Button, Message, rows_of
from bot.texts import Texts
from tools.placement import (
    MOST_RATING,
    PlacementShown,
    RatingAsked,
    StagesLeftOut,
)


@card.register
def _(asked: RatingAsked, texts: Texts) -> Message:
    buttons = [
        Button(texts.label(f"placement.rating_{n}"), f"/placement rating={n}")
        for n in range(MOST_RATING + 1)
    ]
    buttons.append(Button(texts.label("button.no_placement"), "/today"))
    title = texts.words(asked.curriculum.title)
    return Message(texts.say("placement.ask_rating", curriculum=title), rows_of(buttons, 1))


@card.register
def _(shown: PlacementShown, texts: Texts) -> Message:
    if not shown.answered:
        today = Button(texts.label("button.today"), "/today")
        return Message(texts.say("placement.nothing_yet"), ((today,),))
    stages = shown.curriculum.stages
    head = texts.say(
        "placement.result",
        low=shown.low,
        high=shown.high,
        low_title=texts.words(stages[shown.low - 1].title),
        high_title=texts.words(stages[shown.high - 1].title),
        right=shown.right,
        answered=shown.answered,
    )
    choices = lines(
        *(
            texts.say(
                "placement.choice",
                number=one.number,
                title=texts.words(one.stage.title),
                tasks=one.tasks,
                minutes=one.minutes,
            )
            for one in shown.choices
        )
    )
    buttons = [
        Button(texts.label("button.begin_at", number=one.number), f"/placement begin={one.number}")
        for one in shown.choices
        if one.tasks
    ]
    first = Button(texts.label("button.begin_at_first"), "/placement begin=1")
    buttons = [first, *buttons] if shown.low == 1 else [*buttons, first]
    again = Button(texts.label("button.placement_again"), "/placement again")
    return Message(
        paragraphs(head, choices, texts.say("placement.your_choice")),
        (*rows_of(buttons, 2), (again,)),
    )


@card.register
def _(left_out: StagesLeftOut, texts: Texts) -> Message:
    finish = finish_line(left_out.forecast, texts)
    today = Button(texts.label("button.today"), "/today")
    if left_out.stage is None:
        return Message(
            paragraphs(texts.say("placement.undone", tasks=left_out.tasks), finish), ((today,),)
        )
    key = "placement.begun" if left_out.tasks else "placement.begun_at_first"
    title = texts.words(left_out.stage.title)
    said = texts.say(key, title=title, tasks=left_out.tasks)
    undo = Button(texts.label("button.undo"), "/placement undo")
    return Message(paragraphs(said, finish), ((today, undo),))
