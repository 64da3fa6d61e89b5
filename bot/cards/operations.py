"""What operators look at in the chat."""

from collections.abc import Iterator

from bot.cards.parts import card, lines, paragraphs
from bot.message import Button, Message
from bot.texts import Markup, Texts
from store.figures import Waiting
from tools.operations import OperationsShown


@card.register
def _(shown: OperationsShown, texts: Texts) -> Message:
    found, who = shown.figures, shown.people
    pushes, answers = found.pushes, found.answers
    buttons = []
    if found.reported_items:
        label = texts.label("button.ops_reports", count=found.reported_items)
        buttons.append(Button(label, "/reports"))
    if found.open_help:
        buttons.append(Button(texts.label("button.ops_help"), "/reply"))
    buttons.append(Button(texts.label("button.ops_silent"), "/drift"))
    buttons.append(Button(texts.label("button.ops_again"), "/ops"))
    return Message(
        paragraphs(
            texts.say("ops.head" if shown.days == 1 else "ops.head_week"),
            lines(
                texts.say(
                    "ops.people", count=who.learners, day=who.active_day, week=who.active_week
                ),
                texts.say("ops.groups", count=who.cohorts, members=who.members)
                if who.cohorts
                else None,
            ),
            lines(
                texts.say(
                    "ops.pushes",
                    sent=pushes.get("sent", 0),
                    failed=pushes.get("failed", 0),
                    skipped=pushes.get("skipped", 0),
                ),
                texts.say(
                    "ops.answers", sent=answers.get("sent", 0), failed=answers.get("failed", 0)
                ),
                _waiting("ops.unanswered", found.inbox, texts),
                _waiting("ops.unsent", found.outbox, texts),
                texts.say("ops.parked", count=found.parked) if found.parked else None,
            ),
            lines(
                texts.say(
                    "ops.model",
                    calls=found.calls_today,
                    today=found.tokens_today,
                    month=found.tokens_month,
                )
                if found.tokens_month
                else None,
                *_budget(shown, texts),
                texts.say(
                    "ops.dead_links", count=found.dead_links, links=texts.listed(shown.dead_links)
                )
                if found.dead_links
                else None,
                texts.say("ops.open_help", count=found.open_help) if found.open_help else None,
                texts.say("ops.suspended", count=found.suspended_items)
                if found.suspended_items
                else None,
            ),
            texts.say(
                "ops.gaps",
                gaps=texts.listed(
                    texts.label("ops.gap", words=one.words, people=one.people) for one in shown.gaps
                ),
            )
            if shown.gaps
            else None,
        ),
        (tuple(buttons),),
    )


def _budget(shown: OperationsShown, texts: Texts) -> Iterator[Markup]:
    """How much of what the installation may use is used, and what it cost."""
    found, budget = shown.figures, shown.budget
    spans = (("day", found.tokens_today, budget.day), ("month", found.tokens_month, budget.month))
    for name, used, limit in spans:
        if limit is not None:
            share = 100 * used // max(1, limit)
            yield texts.say(f"ops.budget_{name}", share=share, limit=limit)
    if budget.price is not None and found.used_month.tokens:
        yield texts.say(
            "ops.cost",
            today=f"{budget.price.of(found.used_today):.2f}",
            month=f"{budget.price.of(found.used_month):.2f}",
        )


def _waiting(key: str, waiting: Waiting, texts: Texts) -> Markup | None:
    """What waits; this very message is among what is unanswered, and no news."""
    if waiting.count <= 1 and waiting.oldest < 5:
        return None
    return texts.say(key, count=waiting.count, seconds=waiting.oldest)
