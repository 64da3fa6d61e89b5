"""How far the learner has come."""

from bot.cards.parts import bar, card, finish_line, lines, paragraphs
from bot.message import Button, Message
from bot.texts import Markup, Texts
from learning.progress import WEEK, StageProgress
from tools.progress import ProgressShown


@card.register
def _(shown: ProgressShown, texts: Texts) -> Message:
    progress = shown.progress
    if shown.planned_finish and shown.forecast.finish and not progress.is_finished:
        days = (shown.forecast.finish - shown.planned_finish).days
        key = (
            "progress.later" if days > 0 else "progress.sooner" if days < 0 else "progress.on_plan"
        )
        against = texts.say(key, days=abs(days), planned=shown.planned_finish)
    else:
        against = None
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
            lines(against, finish_line(shown.forecast, texts)),
        ),
        (
            (
                Button(texts.label("button.today"), "/today"),
                Button(texts.label("button.path"), "/path"),
            ),
        ),
    )


def _stage_line(one: StageProgress, texts: Texts) -> Markup:
    return texts.say(
        "progress.stage",
        title=texts.words(one.stage.title),
        bar=bar(one.done, one.tasks),
        done=one.done,
        tasks=one.tasks,
    )
