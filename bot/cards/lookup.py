"""Resources, concepts and help."""

from bot.cards.parts import card, concept_button, lines, paragraphs, resource_lines
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from learning.concepts import Concept
from learning.quiz.mastery import Mastery
from tools.concepts import ConceptExplained, ConceptUnknown
from tools.guide import HelpShown
from tools.resources import ResourcesFound


@card.register
def _(found: ResourcesFound, texts: Texts) -> Message:
    said = _short(found.query)
    if found.resources:
        head = (
            texts.say("resources.like", title=texts.words(found.like.title))
            if found.like
            else texts.say("resources.head", query=said)
        )
        more = Button(texts.label("button.more_like"), f"/find like:{found.resources[0].id}")
        return Message(paragraphs(head, resource_lines(found.resources, texts)), ((more,),))
    key = "resources.none" if said else "resources.ask"
    stage = (
        texts.say("resources.of_stage", stage=texts.words(found.stage.title))
        if found.stage and found.of_stage
        else None
    )
    near = texts.say("resources.near") if found.near else None
    weak = (
        texts.say("resources.for_weak", name=texts.words(found.weak.name))
        if found.weak and found.for_weak
        else None
    )
    return Message(
        paragraphs(
            texts.say(key, query=said),
            lines(near, resource_lines(found.near, texts)),
            lines(weak, resource_lines(found.for_weak, texts)),
            lines(stage, resource_lines(found.of_stage, texts)),
        )
    )


def _short(query: str) -> str:
    """As much of a query as an answer repeats."""
    line = " ".join(query.split())
    return line if len(line) <= 40 else line[:39] + "…"


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
            _mastery(explained.mastery, texts),
        ),
        (*rows_of(before, 2), *_quiz_on(explained, texts)),
    )


def _mastery(mastery: Mastery | None, texts: Texts) -> Markup | None:
    if mastery is None:
        return None
    return texts.say(
        f"concept.mastery_{mastery.standing}",
        right=mastery.right,
        answers=mastery.answers,
        day=mastery.day,
    )


def _quiz_on(explained: ConceptExplained, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    if not explained.has_items:
        return ()
    return ((Button(texts.label("button.quiz_on_it"), f"/quiz 3 {explained.concept.id}"),),)


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
    person = (Button(texts.label("button.ask_human"), "/human"),)
    rows = (buttons, person) if shown.may_ask_person else (buttons,)
    return Message(texts.say("help"), rows)
