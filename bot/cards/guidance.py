"""Recommendations, frequent questions, comparisons and what comes before a concept."""

import re

from bot.cards.parts import card, concept_button, lines, paragraphs, resource_lines
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from tools.concepts import ConceptsCompared, PrerequisitesShown
from tools.faq import FaqAnswered, FaqListed
from tools.recommendation import QuestionAsked, Recommended


@card.register
def _(asked: QuestionAsked, texts: Texts) -> Message:
    known = "".join(f" {id}={reply}" for id, reply in asked.known.items())
    buttons = [
        Button(texts.plain(one.words), f"/recommend{known} {asked.question.id}={one.id}")
        for one in asked.question.replies
    ]
    head = texts.say(
        "recommend.question",
        number=asked.number,
        of=asked.of,
        question=texts.words(asked.question.words),
    )
    return Message(head, rows_of(buttons, 1))


@card.register
def _(recommended: Recommended, texts: Texts) -> Message:
    entries = []
    for n, fit in enumerate(recommended.fits):
        key = "recommend.first" if n == 0 else "recommend.second"
        head = texts.say(key, title=texts.words(fit.curriculum.title), hours=fit.curriculum.hours)
        reasons = [f"• {texts.words(one)}" for one in fit.reasons[:3]]
        but = [texts.say("recommend.but", words=texts.words(one)) for one in fit.cautions]
        entries.append(lines(head, *reasons, *but, texts.words(fit.curriculum.summary)))
    buttons = [
        Button(texts.plain(fit.curriculum.title), f"/start ok {fit.curriculum.id}")
        for fit in recommended.fits
    ]
    buttons.append(Button(texts.label("button.curricula"), "/curricula"))
    return Message(paragraphs(*entries), rows_of(buttons, 1))


@card.register
def _(answered: FaqAnswered, texts: Texts) -> Message:
    faq = answered.faq
    return Message(
        paragraphs(
            texts.say("faq.head", question=texts.words(faq.question)),
            lines(*(f"• {texts.words(one)}" for one in faq.answer)),
            resource_lines(answered.resources, texts),
        ),
        ((Button(texts.label("button.more_questions"), "/faq"),),),
    )


@card.register
def _(listed: FaqListed, texts: Texts) -> Message:
    buttons = [Button(texts.plain(one.question), f"/faq {one.id}") for one in listed.questions]
    key = "faq.near" if listed.said else "faq.all"
    return Message(texts.say(key, said=listed.said), rows_of(buttons, 1))


@card.register
def _(compared: ConceptsCompared, texts: Texts) -> Message:
    pair = (compared.first, compared.second)
    buttons = rows_of([concept_button(one, texts) for one in pair], 2)
    head = _spaced(texts.say("compare.head", **_names(compared, texts)))
    if compared.comparison is not None:
        return Message(
            paragraphs(
                head,
                texts.words(compared.comparison.difference),
                texts.say("compare.choose", words=texts.words(compared.comparison.choose)),
            ),
            buttons,
        )
    sides = [lines(f"**{texts.words(one.name)}**", texts.words(one.explanation)) for one in pair]
    return Message(paragraphs(head, *sides), buttons)


def _spaced(markup: Markup) -> Markup:
    """A blank between Chinese and Latin words, wherever a name has brought them together."""
    return Markup(
        re.sub(
            r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])", " ", markup
        )
    )


def _names(compared: ConceptsCompared, texts: Texts) -> dict[str, object]:
    return {
        "first": texts.words(compared.first.name),
        "second": texts.words(compared.second.name),
    }


@card.register
def _(shown: PrerequisitesShown, texts: Texts) -> Message:
    name = texts.words(shown.concept.name)
    steps = [
        texts.say(
            "before.known" if one.id in shown.known else "before.step",
            number=n,
            name=texts.words(one.name),
            level=one.level,
        )
        for n, one in enumerate(shown.before, 1)
    ]
    if not steps:
        head = _spaced(texts.say("before.nothing", name=name))
    else:
        head = _spaced(texts.say("before.head", name=name))
    to_learn = [one for one in shown.before if one.id not in shown.known]
    buttons = [concept_button(one, texts) for one in (*to_learn[:3], shown.concept)]
    return Message(
        paragraphs(head, lines(*steps), resource_lines(shown.resources, texts)),
        rows_of(buttons, 2),
    )
