"""Settings, and what a change did."""

from bot.cards.parts import card, day_or_unknown, hours_of, lines, paragraphs, zone_words
from bot.message import Button, Message
from bot.texts import Markup, Texts
from learning.rhythm import Minutes
from tools.settings import SettingsShown


@card.register
def _(shown: SettingsShown, texts: Texts) -> Message:
    learner = shown.learner
    overview = lines(
        texts.say("settings.language"),
        texts.say("settings.zone", zone=zone_words(learner.zone.key)),
        texts.say(
            "settings.times",
            push_at=learner.push_at,
            evening_at=learner.evening_at,
            quiet_from=learner.quiet.start,
            quiet_to=learner.quiet.end,
        ),
        _minutes_line(shown.minutes, texts) if shown.minutes else None,
        None if learner.pushes_on else texts.say("settings.pushes_off"),
        texts.say(f"settings.pictures_{learner.pictures}") if learner.pictures else None,
        texts.say("settings.looked_after_on") if learner.is_looked_after else None,
        None if learner.announcements else texts.say("settings.announcements_off"),
        _quiet_days_line(shown, texts) if learner.quiet_days else None,
        _pause_line(shown, texts),
    )
    if not shown.changed:
        buttons = (
            (
                Button(texts.label("button.other_language"), _language_command(texts)),
                Button(texts.label("button.other_zone"), "/zone"),
            ),
            (
                Button(texts.label("button.change_hours"), "/hours"),
                Button(
                    texts.label("button.pushes_off" if learner.pushes_on else "button.pushes_on"),
                    "/pushes off" if learner.pushes_on else "/pushes on",
                ),
            ),
            tuple(
                Button(texts.label(f"button.pictures_{look}"), f"/pictures {look}")
                for look in ("light", "dark", "off")
                if look != learner.pictures
            ),
            *_looked_after_row(shown, texts),
        )
        return Message(
            paragraphs(texts.say("settings.head"), overview, texts.say("settings.how")), buttons
        )
    return Message(
        paragraphs(_changed_line(shown, texts), _moved_line(shown, texts)),
        ((Button(texts.label("button.today"), "/today"),),),
    )


def _looked_after_row(shown: SettingsShown, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    if not shown.may_ask_person or shown.learner.is_looked_after:
        return ()
    return ((Button(texts.label("button.look_after"), "/lookafter on"),),)


def _language_command(texts: Texts) -> str:
    return "/language en" if texts.language == "zh" else "/language zh"


def _changed_line(shown: SettingsShown, texts: Texts) -> str:
    """Say what now holds, from the committed row."""
    learner = shown.learner
    said: list[str] = []
    for name in sorted(shown.changed):
        if name in {"pause", "pause_days", "pause_until"}:
            said.append(_pause_line(shown, texts) or texts.say("settings.resumed"))
        elif name == "resume":
            said.append(texts.say("settings.resumed"))
        elif name in {"snooze_minutes", "snooze_until"} and shown.snoozed_until is not None:
            at = shown.snoozed_until.astimezone(learner.zone)
            said.append(texts.say("settings.snoozed", day=at.date(), at=at.time()))
            if shown.was_moved:
                said.append(texts.say("settings.snooze_moved"))
        elif name in {"quiet_days", "speaking_days"}:
            said.append(_quiet_days_line(shown, texts))
        elif name == "way_back" and shown.way_back is not None:
            said.append(texts.say(f"settings.back_{shown.way_back.value}", tasks=shown.skipped))
        elif name in {"hours_a_week", "weekday_minutes"} and shown.minutes:
            said.append(_minutes_line(shown.minutes, texts))
        elif name == "pushes":
            said.append(
                texts.say("settings.pushes_on_now" if learner.pushes_on else "settings.pushes_off")
            )
        elif name in {"quiet_from", "quiet_to", "push_at", "evening_at"}:
            said.append(
                texts.say(
                    "settings.times",
                    push_at=learner.push_at,
                    evening_at=learner.evening_at,
                    quiet_from=learner.quiet.start,
                    quiet_to=learner.quiet.end,
                )
            )
        elif name == "zone":
            said.append(texts.say("settings.zone", zone=zone_words(learner.zone.key)))
        elif name == "pictures":
            said.append(texts.say(f"settings.pictures_{learner.pictures or 'auto'}"))
        elif name == "looked_after":
            key = "looked_after_on" if learner.is_looked_after else "looked_after_off"
            said.append(texts.say(f"settings.{key}"))
        elif name == "announcements":
            key = "announcements_on" if learner.announcements else "announcements_off"
            said.append(texts.say(f"settings.{key}"))
        elif name == "language":
            said.append(texts.say("settings.language"))
    if shown.next_push is not None and not shown.is_paused and shown.changed & _PUSH_SETTINGS:
        at = shown.next_push.astimezone(learner.zone)
        said.append(texts.say("settings.next_push", day=at.date(), at=at.time()))
    return lines(*dict.fromkeys(said))


_PUSH_SETTINGS = frozenset(
    {
        "zone",
        "push_at",
        "evening_at",
        "quiet_from",
        "quiet_to",
        "pushes",
        "resume",
        "quiet_days",
        "speaking_days",
    }
)


def _quiet_days_line(shown: SettingsShown, texts: Texts) -> Markup:
    """The days without messages, by their names."""
    days = sorted(shown.learner.quiet_days)
    if not days:
        return texts.say("settings.no_quiet_days")
    names = texts.label("settings.weekdays").split(" ")
    before = "周" if texts.language == "zh" else ""
    return texts.say("settings.quiet_days", days=texts.listed(before + names[day] for day in days))


def _moved_line(shown: SettingsShown, texts: Texts) -> Markup | None:
    if shown.finish_before == shown.finish:
        return None
    return texts.say(
        "settings.finish_moved",
        before=day_or_unknown(shown.finish_before, texts),
        after=day_or_unknown(shown.finish, texts),
    )


def _minutes_line(minutes: Minutes, texts: Texts) -> Markup:
    names = texts.label("settings.weekdays").split(" ")
    each = " · ".join(f"{name} {count}" for name, count in zip(names, minutes, strict=True))
    return texts.say("settings.minutes", hours=hours_of(sum(minutes)), each=each)


def _pause_line(shown: SettingsShown, texts: Texts) -> Markup | None:
    if not shown.is_paused:
        return None
    if shown.paused_until is None:
        return texts.say("settings.paused_open")
    return texts.say("settings.paused_until", until=shown.paused_until)
