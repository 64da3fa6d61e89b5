"""How much of the model a learner has used."""

from bot.cards.parts import card, paragraphs
from bot.message import Message
from bot.texts import Texts
from store.usage import Usage
from tools.allowance import DAYS_SHOWN, UsageShown


@card.register
def _(shown: UsageShown, texts: Texts) -> Message:
    if not shown.has_model and not shown.days.calls:
        return Message(texts.say("usage.no_model"))
    left = None
    if shown.allowed_today is not None:
        share = max(0, 100 - 100 * shown.today.tokens // max(1, shown.allowed_today))
        left = texts.say("usage.left", percent=share)
    return Message(
        paragraphs(
            texts.say("usage.head"),
            texts.say("usage.today", **_figures(shown.today)),
            texts.say("usage.days", days=DAYS_SHOWN, **_figures(shown.days)),
            left,
            texts.say("usage.about"),
        )
    )


def _figures(usage: Usage) -> dict[str, object]:
    return {"turns": usage.calls, "tokens": f"{usage.tokens:,}"}
