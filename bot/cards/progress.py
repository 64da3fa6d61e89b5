"""How far the learner has come."""

from bot.cards.parts import bar, card, concept_button, filled, finish_line, lines, paragraphs
from bot.message import Button, Message
from bot.pictures.compose import group_name, knowledge_picture, progress_picture
from bot.texts import Markup, Texts
from learning.progress import WEEK, Changes, StageProgress
from tools.progress import CurriculumProgress, KnowledgeShown, ProgressShown

# Beyond that, a number only shames.
MANY_DAYS = 30


@card.register
def _(shown: ProgressShown, texts: Texts) -> Message:
    progress = shown.progress
    against = _against_the_first_plan(shown, texts)
    return Message(
        paragraphs(
            texts.say("progress.head", curriculum=texts.words(shown.curriculum.title)),
            lines(
                texts.say(
                    "progress.total",
                    bar=bar(progress.done, progress.tasks),
                    done=progress.done,
                    tasks=progress.tasks,
                    minutes=progress.minutes_done,
                ),
                texts.say("progress.week", days=progress.days_this_week, of=WEEK),
                texts.say("progress.streak", days=progress.streak) if progress.streak > 1 else None,
                texts.say("progress.shown", shown=progress.shown),
            ),
            lines(*(_stage_line(one, texts) for one in progress.stages)),
            lines(*(_beside_line(one, texts) for one in shown.beside)),
            _knowledge(shown, texts),
            _changes(shown.changes, texts),
            lines(against, finish_line(shown.forecast, texts)),
        ),
        filled(
            tuple(concept_button(one, texts) for one, _ in shown.weak[:2]),
            (
                Button(texts.label("button.today"), "/today"),
                Button(texts.label("button.path"), "/path"),
                Button(texts.label("button.knowledge"), "/progress knowledge"),
            ),
        ),
        picture=progress_picture(shown, texts),
    )


@card.register
def _(shown: KnowledgeShown, texts: Texts) -> Message:
    """How well each group of concepts is known; what nothing was asked about is only named."""
    measured = sorted((one for one in shown.groups if one.measured), key=lambda one: -one.known)
    unmeasured = [group_name(one.group, texts) for one in shown.groups if not one.measured]
    weak = texts.listed(
        texts.label("progress.weak_one", name=texts.plain(one.name), day=day)
        for one, day in shown.weak
    )
    told = [
        texts.say(
            "progress.knowledge_line",
            name=group_name(one.group, texts),
            share=round(100 * one.known),
            measured=one.measured,
            of=one.of,
        )
        for one in measured
    ]
    names = texts.listed(unmeasured)
    return Message(
        paragraphs(
            texts.say("progress.knowledge_head", curriculum=texts.words(shown.curriculum.title)),
            lines(*told) if told else texts.say("progress.knowledge_nothing"),
            lines(
                texts.say("progress.strong", count=shown.strong) if shown.strong else None,
                texts.say("progress.weak", names=weak) if weak else None,
                texts.say("progress.knowledge_none", names=names) if told and names else None,
            ),
        ),
        filled(
            tuple(concept_button(one, texts) for one, _ in shown.weak[:2]),
            (
                Button(texts.label("button.more_quiz"), "/quiz"),
                Button(texts.label("button.placement"), "/placement"),
            ),
        ),
        picture=knowledge_picture(shown, texts) if told else None,
    )


def _knowledge(shown: ProgressShown, texts: Texts) -> str | None:
    """What is still known after days, with what nobody has asked so late, and weak concepts."""
    retained = [
        texts.say(
            "progress.retention" if one.measured else "progress.retention_unmeasured",
            days=one.days,
            recalled=one.recalled,
            measured=one.measured,
            unmeasured=one.unmeasured,
        )
        for one in shown.retention
    ]
    weak = texts.listed(
        texts.label("progress.weak_one", name=texts.plain(one.name), day=day)
        for one, day in shown.weak
    )
    return (
        lines(
            texts.say("progress.remembered") if retained else None,
            *retained,
            texts.say("progress.strong", count=shown.strong) if shown.strong else None,
            texts.say("progress.weak", names=weak) if weak else None,
        )
        or None
    )


def _against_the_first_plan(shown: ProgressShown, texts: Texts) -> Markup | None:
    """Days before or after the date of the first day; many days after are not counted out.

    With a second curriculum the first date means nothing any more.
    """
    finish, planned = shown.forecast.finish, shown.planned_finish
    if planned is None or finish is None or shown.progress.is_finished or shown.beside:
        return None
    days = (finish - planned).days
    if days > MANY_DAYS:
        return texts.say("progress.much_later")
    key = "progress.later" if days > 0 else "progress.sooner" if days < 0 else "progress.on_plan"
    return texts.say(key, days=abs(days), planned=planned)


def _beside_line(one: CurriculumProgress, texts: Texts) -> Markup:
    return texts.say(
        "progress.beside",
        curriculum=texts.words(one.curriculum.title),
        bar=bar(one.progress.done, one.progress.tasks),
        done=one.progress.done,
        tasks=one.progress.tasks,
    )


def _changes(changes: Changes, texts: Texts) -> str | None:
    """Tasks whose author changed or withdrew them after they were done."""
    changed = texts.listed(texts.plain(task.title) for task in changes.changed)
    gone = texts.listed(
        texts.plain(done.title) if done.title else done.task for done in changes.gone
    )
    return lines(
        texts.say("progress.changed", titles=changed) if changed else None,
        texts.say("progress.gone", titles=gone) if gone else None,
    )


def _stage_line(one: StageProgress, texts: Texts) -> Markup:
    return texts.say(
        "progress.stage",
        title=texts.words(one.stage.title),
        bar=bar(one.done, one.tasks),
        done=one.done,
        tasks=one.tasks,
    )
