"""Resources, concepts and help."""

from bot.cards.parts import card, concept_button, paragraphs, resource_lines
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from learning.curriculum import Concept
from tools.concepts import ConceptExplained, ConceptUnknown
from tools.guide import HelpShown
from tools.resources import ResourcesFound


@card.register
def _(found: ResourcesFound, texts: Texts) -> Message:
    if not found.resources:
        return Message(texts.say("resources.none", query=found.query))
    return Message(
        paragraphs(
            texts.say("resources.head", query=found.query), resource_lines(found.resources, texts)
        )
    )


@card.register
def _(explained: ConceptExplained, texts: Texts) -> Message:
    concept = explained.concept
    before = [concept_button(one, texts) for one in explained.prerequisites[:3]]
    return Message(
        paragraphs(
            _concept_head(concept, texts),
            texts.words(concept.explanation),
            texts.say("concept.misconception", words=texts.words(concept.misconception)),
            resource_lines(explained.resources, texts),
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
