"""What the mentor remembers of a learner, and what has just been noted."""

from bot.cards.parts import card, lines, paragraphs
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from store.profile import Fact
from tools.profile import (
    FactAsked,
    FactKept,
    FactsForgotten,
    FactsFound,
    ForgetAsked,
    ProfileShown,
)

LONGEST_SENTENCE = 60


@card.register
def _(kept: FactKept, texts: Texts) -> Message:
    kind = texts.say(f"profile.kind_{kept.fact.kind}")
    key = "profile.noted"
    if kept.was_already:
        key = "profile.was_already"
    elif kept.before is not None:
        key = "profile.replaced"
    said = texts.say(key, kind=kind, words=kept.fact.words, before=kept.before or "")
    return Message(said, (_buttons(kept.fact, None, texts),))


def _buttons(fact: Fact, number: int | None, texts: Texts) -> tuple[Button, ...]:
    where = "" if number is None else f" {number}"
    return (
        Button(f"{texts.label('button.edit')}{where}", f"/profile edit {fact.id}"),
        Button(f"{texts.label('button.delete')}{where}", f"/profile delete {fact.id}"),
    )


@card.register
def _(shown: ProfileShown, texts: Texts) -> Message:
    if not shown.facts:
        return Message(paragraphs(texts.say("profile.none"), texts.say("profile.how")))
    entries = list(enumerate(shown.facts, shown.first))
    kinds = dict.fromkeys(fact.kind for fact in shown.facts)
    groups = [
        lines(
            texts.say("profile.group", kind=texts.say(f"profile.kind_{kind}")),
            *(_line(number, fact, texts) for number, fact in entries if fact.kind is kind),
        )
        for kind in kinds
    ]
    each = [button for number, fact in entries for button in _buttons(fact, number, texts)]
    last = [Button(texts.label("button.delete_all"), "/profile clear")]
    if shown.page < shown.pages:
        last.insert(0, Button(texts.label("button.more_facts"), f"/profile {shown.page + 1}"))
    head = texts.say("profile.head", count=shown.count)
    return Message(
        paragraphs(head, *groups, texts.say("profile.how")),
        (*rows_of(each, 4), tuple(last)),
    )


def _line(number: int, fact: Fact, texts: Texts) -> Markup:
    """A fact with its day and where it comes from."""
    said = fact.sentence[:LONGEST_SENTENCE]
    if len(fact.sentence) > LONGEST_SENTENCE:
        said = f"{said}…"
    key = f"profile.line_{fact.origin}"
    if fact.origin == "said" and said != fact.words and said:
        key = "profile.line_quoted"
    return texts.say(key, number=number, words=fact.words, day=fact.noted_on, said=said)


@card.register
def _(found: FactsFound, texts: Texts) -> Message:
    """Nothing is deleted before a button says which."""
    is_one = len(found.facts) == 1
    told = [
        texts.say(
            "profile.found_line",
            number=number,
            kind=texts.say(f"profile.kind_{fact.kind}"),
            words=fact.words,
        )
        for number, fact in enumerate(found.facts, 1)
    ]
    deletes = tuple(
        Button(
            texts.label("button.delete") + ("" if is_one else f" {number}"),
            f"/profile delete {fact.id}",
        )
        for number, fact in enumerate(found.facts, 1)
    )
    keep = Button(texts.label("button.keep_as_is"), "/profile")
    head = texts.say("profile.found_one" if is_one else "profile.found_more")
    return Message(paragraphs(head, lines(*told)), (*rows_of(deletes, 4), (keep,)))


@card.register
def _(asked: FactAsked, texts: Texts) -> Message:
    kind = texts.say(f"profile.kind_{asked.fact.kind}")
    return Message(
        texts.say("profile.ask_words", kind=kind, words=asked.fact.words),
        ((Button(texts.label("button.keep_as_is"), "/profile"),),),
    )


@card.register
def _(asked: ForgetAsked, texts: Texts) -> Message:
    return Message(
        texts.say("profile.ask_forget", count=asked.count),
        (
            (
                Button(texts.label("button.delete_all"), "/profile clear yes"),
                Button(texts.label("button.keep_as_is"), "/profile"),
            ),
        ),
    )


@card.register
def _(forgotten: FactsForgotten, texts: Texts) -> Message:
    if forgotten.fact is None:
        return Message(texts.say("profile.forgot_all"))
    said = texts.say("profile.forgot", words=forgotten.fact.words)
    if not forgotten.left:
        return Message(said)
    button = Button(texts.label("button.profile", left=forgotten.left), "/profile")
    return Message(said, ((button,),))
