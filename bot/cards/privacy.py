"""Who runs this, who sees what is said, and how long it is kept."""

from bot.cards.parts import lines, paragraphs
from bot.house import House
from bot.message import Button, Message
from bot.texts import Texts


def privacy_card(house: House, texts: Texts) -> Message:
    keeper = house.keeper
    seen = (
        texts.say("privacy.model", hosts=texts.listed(keeper.model_hosts))
        if keeper.model_hosts
        else texts.say("privacy.no_model")
    )
    code = (
        texts.say("privacy.code", hours=keeper.code_hours)
        if keeper.code_hours is not None
        else texts.say("privacy.code_stays")
    )
    return Message(
        paragraphs(
            texts.say("privacy.head"),
            lines(
                texts.say("privacy.contact", contact=keeper.contact)
                if keeper.contact
                else texts.say("privacy.no_contact"),
                texts.say("privacy.place"),
                texts.say("privacy.age", years=keeper.minimum_age) if keeper.minimum_age else None,
                seen,
            ),
            lines(
                texts.say("privacy.talk", days=keeper.talk_days)
                if keeper.talk_days
                else texts.say("privacy.kept"),
                code,
                texts.say("privacy.sent"),
            ),
            texts.say("privacy.groups"),
            texts.say("privacy.yours"),
        ),
        (
            (
                Button(texts.label("button.privacy_export"), "/export"),
                Button(texts.label("button.privacy_profile"), "/profile"),
                Button(texts.label("button.privacy_forget"), "/forget"),
            ),
        ),
    )
