"""Choices of branches, tracks and projects."""

from bot.cards.day import day_card
from bot.cards.parts import card, day_or_unknown, lines, paragraphs
from bot.message import Button, Message, rows_of
from bot.texts import Texts
from tools.choices import ChoicesShown, OptionsChosen
from tools.plan import ChoiceOpen


@card.register
def _(asked: ChoiceOpen, texts: Texts) -> Message:
    return Message(choice_words(asked, texts), choice_buttons(asked, texts))


def choice_words(asked: ChoiceOpen, texts: Texts) -> str:
    choice = asked.choice
    options = [
        texts.say(
            "choice.option_taken" if option.id in asked.picked else "choice.option",
            title=texts.words(option.title),
            summary=texts.words(option.summary),
        )
        for option in choice.options
    ]
    is_complete = len(asked.picked) == choice.pick
    pick = None
    if choice.pick > 1:
        pick = texts.say("choice.anew" if is_complete else "choice.pick", pick=choice.pick)
    return paragraphs(
        texts.say("choice.head", question=texts.words(choice.question)),
        lines(*options),
        lines(pick, texts.say("choice.how")),
    )


def choice_buttons(asked: ChoiceOpen, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """Where several are picked, a tap takes one more; a complete choice can be begun anew."""
    choice = asked.choice
    taken = asked.picked if len(asked.picked) < choice.pick else ()
    before = "".join(f" {id}" for id in taken)
    return rows_of(
        [
            Button(texts.plain(option.title), f"/choose {choice.id}{before} {option.id}")
            for option in choice.options
            if option.id not in taken
        ],
        1,
    )


@card.register
def _(chosen: OptionsChosen, texts: Texts) -> Message:
    is_same = chosen.finish_before == chosen.shown.forecast.finish
    head = texts.say(
        "choice.chosen_same_date" if is_same else "choice.chosen",
        options=texts.listed(texts.plain(option.title) for option in chosen.options),
        before=day_or_unknown(chosen.finish_before, texts),
        after=day_or_unknown(chosen.shown.forecast.finish, texts),
    )
    day = day_card(chosen.shown, texts)
    return Message(paragraphs(head, day.markup), day.buttons)


@card.register
def _(shown: ChoicesShown, texts: Texts) -> Message:
    if not shown.choices:
        return Message(texts.say("choice.none"))
    entries = []
    for number, one in enumerate(shown.choices, 1):
        taken = [option for option in one.choice.options if option.id in one.picked]
        names = texts.listed(texts.plain(option.title) for option in taken)
        question = texts.words(one.choice.question)
        key = "choice.taken" if taken else "choice.open"
        entries.append(texts.say(key, number=number, question=question, options=names))
    buttons = [
        Button(texts.label("button.choose", number=n), f"/choose {one.choice.id}")
        for n, one in enumerate(shown.choices, 1)
    ]
    return Message(
        paragraphs(texts.say("choice.all"), lines(*entries)),
        rows_of(buttons, 3),
    )
