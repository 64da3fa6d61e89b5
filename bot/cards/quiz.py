"""Questions, verdicts with the reason for every option, and how a series went."""

from dataclasses import replace

from bot.cards.parts import (
    NUMBERS,
    card,
    concept_button,
    filled,
    lines,
    paragraphs,
    resource_lines,
)
from bot.message import Button, Message, Poll, rows_of
from bot.texts import Markup, Texts
from learning.quiz.cards import Rating
from learning.quiz.generators import spelled
from learning.quiz.grading import Given, Verdict
from learning.quiz.hints import MOST_HINTS, HintKind
from learning.quiz.items import ChoiceItem, NumericItem, OpenItem, QuizItem, ShortItem
from store.quizzes import Question
from tools.answers import AnswerGraded, AnswerRated, QuestionSkipped, WhyShown
from tools.hints import HintGiven
from tools.placement import PlacementPut
from tools.quiz import NothingDue, NothingToAsk, QuestionPut, QuizOver
from tools.series import SeriesEnded


@card.register
def _(put: QuestionPut, texts: Texts) -> Message:
    kind = "review" if put.kind == "review" else "quiz"
    if isinstance(put.item, OpenItem):
        kind = "interview"
    if put.kind == "draft":
        kind = "draft"
    topic = texts.say("quiz.topic", name=texts.words(put.topic.name)) if put.topic else ""
    head = texts.say(f"quiz.head_{kind}", place=put.question.place, of=put.of, topic=topic)
    if put.is_again:
        head = Markup(lines(texts.say("quiz.still_open"), head))
    message = question_card(put.question, put.item, head, f"{put.question.place}/{put.of}", texts)
    # A poll has no room to say that nobody has checked it.
    return replace(message, poll=None) if kind == "draft" else message


@card.register
def _(put: PlacementPut, texts: Texts) -> Message:
    place = put.question.place
    head = texts.say("placement.head", place=place, most=put.most)
    message = question_card(put.question, put.item, head, f"{place}", texts, with_hint=False)
    stop = (Button(texts.label("button.stop_placement"), "/placement stop"),)
    return Message(
        message.markup, (*message.buttons, stop), message.poll, takes_number=message.takes_number
    )


def question_card(
    question: Question,
    item: QuizItem,
    head: Markup,
    counter: str,
    texts: Texts,
    *,
    with_hint: bool = True,
) -> Message:
    """A question as text with buttons, and as a poll where all of it fits one."""
    stem = paragraphs(head, texts.words(item.stem), _code(item))
    dont_know = Button(texts.label("button.dont_know"), f"/answer {question.id} x")
    skip = Button(texts.label("button.skip"), f"/skip {question.id}")
    hint = Button(texts.label("button.hint"), f"/hint {question.id}")
    last = (dont_know, skip, hint) if with_hint else (dont_know, skip)
    if not isinstance(item, ChoiceItem):
        how = _how_to_answer(item, texts)
        return Message(paragraphs(stem, how), (last,), takes_number=True)
    options = [item.options[n] for n in question.frozen.order]
    listed = lines(
        *(
            texts.say("quiz.option", number=NUMBERS[n], words=texts.words(option.text))
            for n, option in enumerate(options)
        )
    )
    choices = _choices(question)
    poll = None
    if item.poll:
        place = question.frozen.order.index(item.key)
        poll = Poll(
            f"{counter}  {texts.plain(item.stem)}",
            (*(texts.plain(option.text) for option in options), dont_know.label),
            place,
            texts.plain(item.options[item.key].why),
        )
    return Message(paragraphs(stem, listed), (choices, last), poll)


def _choices(question: Question) -> tuple[Button, ...]:
    return tuple(
        Button(NUMBERS[n], f"/answer {question.id} {n + 1}")
        for n in range(len(question.frozen.order))
    )


@card.register
def _(given: HintGiven, texts: Texts) -> Message:
    """A message of its own, since a poll cannot change; the question can be answered from it."""
    question = given.question
    tell = Button(texts.label("button.tell_me"), f"/answer {question.id} x")
    more = Button(texts.label("button.more_hint"), f"/hint {question.id}")
    is_choice = isinstance(given.item, ChoiceItem)
    return Message(
        paragraphs(
            texts.say("hint.head", number=question.hints, of=MOST_HINTS),
            _hint_words(given, texts),
            texts.say("hint.last" if given.is_last else "hint.counts_as_hard"),
        ),
        filled(
            _choices(question) if is_choice else (),
            (tell,) if given.is_last else (more, tell),
        ),
        takes_number=not is_choice,
    )


def _hint_words(given: HintGiven, texts: Texts) -> Markup:
    hint = given.hint
    words = texts.words(hint.words) if hint.words else Markup("")
    match hint.kind:
        case HintKind.OPTION_OUT if hint.option is not None and isinstance(given.item, ChoiceItem):
            return texts.say(
                "hint.option_out",
                number=NUMBERS[given.question.frozen.order.index(hint.option)],
                option=texts.words(given.item.options[hint.option].text),
                why=words,
            )
        case HintKind.RANGE:
            return texts.say("hint.range", low=spelled(hint.low), high=spelled(hint.high))
        case HintKind.LETTERS if hint.words is not None:
            word = texts.plain(hint.words)
            return texts.say("hint.letters", first=word[0], count=len(word))
        case HintKind.STEP | HintKind.CRITERION:
            return texts.say(f"hint.{hint.kind.value}", words=words)
        case _:
            return words


def _code(item: QuizItem) -> str | None:
    return f"```\n{item.code.rstrip()}\n```" if item.code else None


def _how_to_answer(item: QuizItem, texts: Texts) -> Markup:
    match item:
        case NumericItem(unit=unit) if unit is not None:
            return texts.say("quiz.type_number_in", unit=texts.words(unit))
        case NumericItem():
            return texts.say("quiz.type_number")
        case OpenItem():
            return texts.say("quiz.type_text")
        case _:
            return texts.say("quiz.type_word")


@card.register
def _(graded: AnswerGraded, texts: Texts) -> Message:
    item, question = graded.item, graded.question
    if isinstance(item, OpenItem):
        return _open_answer(graded, item, texts)
    verdict = _verdict(graded, texts)
    if graded.kind == "placement":
        report = Button(texts.label("button.report_item"), f"/report {question.id}")
        return Message(paragraphs(verdict, _right_reason(graded.item, texts)), ((report,),))
    is_draft = graded.kind == "draft"
    body = paragraphs(
        texts.say("quiz.already") if graded.was_already else None,
        verdict,
        _reasons(graded, texts),
        texts.say("hint.was_hard") if _is_helped(graded) else None,
        texts.say("quiz.next_due", day=graded.next_due) if graded.next_due else None,
        texts.say("quiz.sure_or_guessed") if graded.asks_if_sure else None,
        texts.say("quiz.draft_counts_nowhere") if is_draft else None,
    )
    after = _after_draft(question, texts) if is_draft else _after(graded, question, texts)
    return Message(body, (*_rating_buttons(graded, texts), after))


def _is_helped(graded: AnswerGraded) -> bool:
    """Right, but with a hint, in a series whose answers are rated."""
    is_right = graded.verdict is Verdict.RIGHT
    return is_right and graded.question.hints > 0 and graded.question.rating is not None


def _rating_buttons(graded: AnswerGraded, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    id = graded.question.id
    if graded.verdict is not Verdict.RIGHT or graded.next_due is None or not graded.is_review:
        return ()
    if graded.question.hints:
        return ()
    easy = Button(texts.label("button.rate_easy"), f"/rate {id} easy")
    if not graded.asks_if_sure:
        return ((easy,),)
    sure = Button(texts.label("button.rate_sure"), f"/rate {id} good")
    guessed = Button(texts.label("button.rate_guessed"), f"/rate {id} hard")
    return ((sure, guessed, easy),)


def _after(graded: AnswerGraded, question: Question, texts: Texts) -> tuple[Button, ...]:
    is_last = graded.of and graded.place >= graded.of
    label = "button.quiz_result" if is_last else "button.next_question"
    return (
        Button(texts.label(label), f"/next {question.quiz}"),
        Button(texts.label("button.why"), f"/why {question.id}"),
        Button(texts.label("button.report_item"), f"/report {question.id}"),
    )


def _after_draft(question: Question, texts: Texts) -> tuple[Button, ...]:
    return (
        Button(texts.label("button.more_quiz"), "/quiz"),
        Button(texts.label("button.why"), f"/why {question.id}"),
    )


def _verdict(graded: AnswerGraded, texts: Texts) -> Markup:
    key = f"quiz.{graded.verdict.value}"
    if graded.verdict is Verdict.RIGHT:
        return texts.say(key)
    return texts.say(key, answer=right_answer(graded.item, graded.question, texts))


def right_answer(item: QuizItem, question: Question, texts: Texts) -> Markup:
    """The right answer in words: an option with its number as shown, a number with its unit."""
    match item:
        case ChoiceItem():
            place = question.frozen.order.index(item.key)
            words = texts.words(item.options[item.key].text)
            return texts.say("quiz.option", number=NUMBERS[place], words=words)
        case NumericItem():
            unit = texts.words(item.unit) if item.unit else ""
            return texts.say("quiz.number", number=spelled(item.answer), unit=unit)
        case ShortItem():
            return texts.say("quiz.word", word=item.word_in(texts.language))
        case OpenItem():
            return texts.words(item.model_answer)


def _reasons(graded: AnswerGraded, texts: Texts) -> str | None:
    item, question = graded.item, graded.question
    match item:
        case ChoiceItem():
            return lines(
                *(
                    texts.say(
                        _mark_of(n, item, graded.given),
                        number=NUMBERS[place],
                        words=texts.words(item.options[n].text),
                        why=texts.words(item.options[n].why),
                    )
                    for place, n in enumerate(question.frozen.order)
                )
            )
        case NumericItem() if graded.mistake is not None:
            mistake = texts.say("quiz.your_mistake", why=texts.words(graded.mistake.why))
            return paragraphs(mistake, texts.words(item.why))
        case NumericItem() | ShortItem():
            return texts.words(item.why)
        case OpenItem():
            return None


def _right_reason(item: QuizItem, texts: Texts) -> Markup | None:
    """Why the right answer is right, and nothing else."""
    match item:
        case ChoiceItem():
            return texts.words(item.options[item.key].why)
        case NumericItem() | ShortItem():
            return texts.words(item.why)
        case OpenItem():
            return None


def _mark_of(option: int, item: ChoiceItem, given: Given) -> str:
    if option == item.key:
        return "quiz.why_right"
    return "quiz.why_chosen" if option == given.option else "quiz.why_other"


def _open_answer(graded: AnswerGraded, item: OpenItem, texts: Texts) -> Message:
    """The rubric with what a model found or the words seem to show, and an answer to compare."""
    met = graded.met or (False,) * len(item.rubric)
    rubric = lines(
        *(
            texts.say(
                "quiz.criterion_met" if is_met else "quiz.criterion", words=texts.words(one.text)
            )
            for one, is_met in zip(item.rubric, met, strict=True)
        )
    )
    rating = graded.question.rating
    is_rated = rating is not None
    body = paragraphs(
        texts.say("quiz.already") if graded.was_already else None,
        texts.say("quiz.rubric_by_model" if graded.is_judged else "quiz.rubric"),
        rubric,
        texts.say("quiz.model_answer", words=texts.words(item.model_answer)),
        None if is_rated else texts.say("quiz.rate_yourself"),
        texts.say("quiz.judged", met=sum(met), of=len(met), rating=_rating_label(rating, texts))
        if graded.is_judged and rating is not None
        else None,
        texts.say("quiz.next_due", day=graded.next_due)
        if graded.is_judged and graded.next_due
        else None,
    )
    id = graded.question.id
    ratings: tuple[Button, ...] = tuple(
        Button(texts.label(f"button.open_{rating}"), f"/rate {id} {rating}")
        for rating in ("again", "hard", "good")
    )
    after = _after(graded, graded.question, texts)
    return Message(body, filled(() if is_rated and not graded.is_judged else ratings, after))


def _rating_label(rating: Rating, texts: Texts) -> str:
    if rating is Rating.EASY:
        return texts.label("button.rate_easy")
    return texts.label(f"button.open_{rating.name.lower()}")


@card.register
def _(rated: AnswerRated, texts: Texts) -> Message:
    key = "easy" if rated.rating is Rating.EASY else "other"
    body = lines(
        texts.say(f"quiz.rated_{key}"),
        texts.say("quiz.next_due", day=rated.next_due) if rated.next_due else None,
    )
    on = Button(texts.label("button.next_question"), f"/next {rated.question.quiz}")
    return Message(body, ((on,),))


@card.register
def _(skipped: QuestionSkipped, texts: Texts) -> Message:
    key = "quiz.skip_too_late" if skipped.was_already else "quiz.skipped"
    return Message(texts.say(key))


@card.register
def _(ended: SeriesEnded, texts: Texts) -> Message:
    on = Button(texts.label("button.next_question"), f"/next {ended.quiz.id}")
    return Message(texts.say("quiz.ended_early"), ((on,),))


@card.register
def _(over: QuizOver, texts: Texts) -> Message:
    kind = "review" if over.kind == "review" else "quiz"
    head = (
        texts.say(f"quiz.over_{kind}", right=over.right, answered=over.answered)
        if over.answered
        else texts.say("quiz.over_without_answers")
    )
    missed = texts.listed(texts.plain(one.name) for one in over.missed)
    body = paragraphs(
        head,
        texts.say("quiz.missed", names=missed) if missed else None,
        texts.say("quiz.due_next", day=over.next_due) if over.next_due else None,
    )
    last = [Button(texts.label("button.more_quiz"), "/quiz")]
    if over.due_left:
        last.insert(0, Button(texts.label("button.review", count=over.due_left), "/review"))
    last.append(Button(texts.label("button.today"), "/today"))
    concepts = [concept_button(one, texts) for one in over.missed[:3]]
    return Message(body, (*rows_of(concepts, 2), tuple(last)))


@card.register
def _(nothing: NothingToAsk, texts: Texts) -> Message:
    key = "quiz.nothing_about" if nothing.topic else "quiz.nothing"
    buttons = [
        Button(texts.label("button.quiz_about", name=texts.plain(one.name)), f"/quiz {one.id}")
        for one in nothing.near
    ]
    buttons.append(Button(texts.label("button.more_quiz"), "/quiz"))
    return Message(texts.say(key, topic=nothing.topic), rows_of(buttons, 1))


@card.register
def _(nothing: NothingDue, texts: Texts) -> Message:
    key = "quiz.nothing_due" if nothing.next_due else "quiz.no_cards_yet"
    if nothing.is_enough:
        key = "quiz.enough_today"
    return Message(
        texts.say(key, day=nothing.next_due),
        ((Button(texts.label("button.more_quiz"), "/quiz"),),),
    )


@card.register
def _(shown: WhyShown, texts: Texts) -> Message:
    concept, source = shown.concept, shown.source
    key = "quiz.source_with_address" if source.url else "quiz.source"
    if shown.is_draft:
        key = "quiz.draft_rests_on"
    after = [Button(texts.label("button.next_question"), f"/next {shown.question.quiz}")]
    if shown.is_draft:
        after = [Button(texts.label("button.more_quiz"), "/quiz")]
    else:
        after.append(Button(texts.label("button.report_item"), f"/report {shown.question.id}"))
    return Message(
        paragraphs(
            texts.say("concept.head", name=texts.words(concept.name)),
            texts.words(concept.explanation),
            texts.say("concept.misconception", words=texts.words(concept.misconception)),
            texts.say(
                key, title=source.title, locator=source.locator, url=Markup(source.url or "")
            ),
            texts.say("quiz.draft_counts_nowhere") if shown.is_draft else None,
            resource_lines(shown.resources, texts),
        ),
        (tuple(after),),
    )


def answer_doubted_card(question: int, text: str, answer: str, texts: Texts) -> Message:
    """Ask whether words were meant as the answer; nothing is graded on a guess."""
    shown = " ".join(text.split())[:60]
    return Message(
        texts.say("quiz.take_as_answer", text=shown),
        (
            (
                Button(texts.label("button.take_answer"), f"/answer {question} {answer}"),
                Button(texts.label("button.not_answer"), "/noanswer"),
            ),
        ),
    )
