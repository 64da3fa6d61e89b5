"""Good news about a task: a word of joy, and the button that ticks it."""

from bot.cards.parts import NUMBERS, card, lines, paragraphs, task_name
from bot.message import Button, Message
from bot.texts import Texts
from tools.good_news import GoodNews


@card.register
def _(news: GoodNews, texts: Texts) -> Message:
    stuck = news.was_stuck
    if stuck is not None:
        buttons = (
            Button(texts.label("button.done"), f"/done {stuck.id}"),
            Button(texts.label("button.not_done_yet"), "/today"),
        )
        title = task_name(stuck.task, texts)
        return Message(texts.say("good_news.of_task", title=title), (buttons,))
    if not news.open_tasks:
        return Message(texts.say("good_news.none"))
    done = tuple(
        Button(texts.label("button.done_number", number=NUMBERS[number - 1]), f"/done {task.id}")
        for number, task in news.open_tasks
    )
    names = lines(
        *(
            texts.say(
                "good_news.task", number=NUMBERS[number - 1], title=task_name(one.task, texts)
            )
            for number, one in news.open_tasks
        )
    )
    return Message(paragraphs(texts.say("good_news.which"), names), (done,))
