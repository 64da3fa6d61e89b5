"""Words that are said to a quiz: an answer to its open question, or a word that steers it."""

from agent.answers import quiz_word, read_answer
from bot.answering import Answered
from bot.cards import answer_doubted_card
from bot.commands import Wish
from bot.message import Message
from bot.saying import Saying
from bot.texts import texts_in
from bot.wishes import carry_out
from bot.work import Work
from store.outbox import latest_at
from store.quizzes import Question, latest_answered, open_question, quiz_under_way
from store.script import Script
from tools.answers import TYPED_ANSWER_LASTS
from tools.context import Context
from tools.items import item_of
from tools.registry import Call


def waiting_question(context: Context) -> Script[Question | None]:
    """The question that typed words may answer."""
    since = context.now - TYPED_ANSWER_LASTS
    return (yield from open_question(context.address, context.learner.id, since))


def quiz_command(saying: Saying) -> Script[str | None]:
    """What words such as 下一题, skip or 报错 ask for while a series is under way."""
    context = saying.context
    word = quiz_word(saying.text)
    quiz = (yield from quiz_under_way(context.learner.id)) if word else None
    if quiz is None or quiz.address != context.address:
        return None
    waiting = yield from waiting_question(context)
    answered = yield from latest_answered(quiz.id)
    is_old = answered is None or answered.day != context.today
    if waiting is None and is_old:
        return None
    if word == "next":
        return f"/next {quiz.id}"
    if word == "skip" and waiting is None:
        # 跳过 after an explanation is the next question, not a task put off.
        return f"/next {quiz.id}"
    if word == "end":
        return "/placement stop" if quiz.kind == "placement" else f"/endquiz {quiz.id}"
    if word in {"skip", "hint"}:
        return f"/{word} {waiting.id}" if waiting else None
    if word == "tell":
        return f"/answer {waiting.id} x" if waiting else None
    return f"/{word} {answered.id}" if answered else None


def typed_answer(saying: Saying) -> Script[Answered | Work | None]:
    """Take words as the answer to an open question; None when they are something else."""
    answering, context, text = saying.answering, saying.context, saying.text
    question = yield from waiting_question(context)
    item = (yield from item_of(context, question)) if question else None
    if question is None or item is None:
        return None
    reading = read_answer(item, question.frozen, text, is_other=saying.routed.is_sure)
    if reading is None:
        return None
    is_seen = yield from _is_newest(context, question.id)
    if reading.is_doubtful or (reading.is_short and not is_seen):
        texts = texts_in(context.learner.language)
        asked = answer_doubted_card(question.id, text, reading.as_typed, texts)
        return Answered((yield from answering.end(context, [asked], text)))
    if reading.say is not None:
        return (yield from saying.say(reading.say))
    call = Call("answer_question", {"question": question.id, **reading.args})
    return (yield from carry_out(answering, context, Wish(calls=(call,))))


def _is_newest(context: Context, question: int) -> Script[bool]:
    """Whether a question is the last thing that was put to the learner."""
    latest = yield from latest_at(context.address, context.learner.id)
    buttons = Message.from_json(latest.body).flat_buttons if latest else ()
    return any(one.command.startswith(f"/answer {question} ") for one in buttons)
