"""What a code review says, in a mentor's order: what is wrong, why, and the smallest fix."""

from collections.abc import Iterator, Sequence

from bot.cards.parts import card, concept_button, lines, paragraphs
from bot.markup import authored
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from learning.code_review.examined import Examined
from learning.code_review.findings import Finding
from learning.code_review.rulebook import ReviewRule, filled
from learning.code_review.source import Place, Problem
from learning.curriculum import Task
from learning.values import Words
from tools.code_review import CodeReviewed, CodeWanted, LineClear, Rubric

MOST_PLACES = 4
LONGEST_LABEL = 40


@card.register
def _(_: CodeWanted, texts: Texts) -> Message:
    return Message(texts.say("code.wanted"))


@card.register
def _(clear: LineClear, texts: Texts) -> Message:
    if not clear.code:
        return Message(texts.say("code.no_line", line=clear.line))
    code = Markup(f"`{_plain(clear.code)}`")
    return Message(texts.say("code.line_clear", line=clear.line, code=code))


@card.register
def _(reviewed: CodeReviewed, texts: Texts) -> Message:
    body = paragraphs(
        *(_heads(reviewed.files, texts) if not reviewed.skip else ()),
        *_troubles(reviewed.files, texts),
        *_findings(reviewed, texts),
        _praise(reviewed, texts),
        _rubric(reviewed.rubric, texts) if reviewed.rubric and not reviewed.skip else None,
        *_last_words(reviewed, texts),
        _remarks(reviewed, texts) if reviewed.remarks else None,
    )
    return Message(body, _buttons(reviewed, texts))


def _heads(files: Sequence[Examined], texts: Texts) -> Iterator[Markup]:
    for file in files:
        if file.lines and file.name:
            yield texts.say("code.head_file", name=Markup(_plain(file.name)), lines=file.lines)
        elif file.lines:
            yield texts.say("code.head", lines=file.lines)


def _troubles(files: Sequence[Examined], texts: Texts) -> Iterator[str]:
    """What could not be read, and what was read in another way."""
    for file in files:
        if file.language is not None:
            yield texts.say("code.other", language=file.language)
        for problem in file.problems[:1]:
            yield problem_words(problem, file.name if len(files) > 1 else "", texts)
        if len(file.problems) > 1:
            yield texts.say("code.problem.others", count=len(file.problems) - 1)
        yield from (texts.say(f"code.notice.{one}") for one in file.notices)


def problem_words(problem: Problem, file: str, texts: Texts) -> Markup:
    """Why something could not be read, with its place."""
    names: dict[str, object] = {name: Markup(_plain(one)) for name, one in problem.names.items()}
    if problem.place is not None:
        place = place_words(problem.place, texts, file)
        names["place"] = place if file else place[:1].upper() + place[1:]
    said = texts.say(f"code.problem.{problem.key}", **names)
    return said if problem.place or not file else Markup(f"{authored(f'`{_plain(file)}`')}: {said}")


def _findings(reviewed: CodeReviewed, texts: Texts) -> Iterator[str]:
    has_code = any(one.code for one in reviewed.files)
    if not reviewed.findings:
        if has_code and not any(one.problems for one in reviewed.files):
            yield texts.say("code.nothing")
        return
    count = len(reviewed.findings)
    key = "count_rest" if reviewed.skip else "count_one" if count == 1 else "count"
    yield texts.say(f"code.{key}", count=count)
    for number, finding in enumerate(reviewed.shown, reviewed.skip + 1):
        yield finding_words(
            number, finding, reviewed.rules[finding.rule], texts, is_one=len(reviewed.files) == 1
        )


def finding_words(
    number: int, finding: Finding, rule: ReviewRule, texts: Texts, *, is_one: bool
) -> str:
    """One finding: where, what happens, why, and how to mend it."""
    file = "" if is_one else finding.file
    also = [place_words(one, texts) for one in finding.places[1 : 1 + MOST_PLACES]]
    if len(finding.places) > 1 + MOST_PLACES:
        also.append(texts.label("code.more_places"))
    return lines(
        texts.say(
            "code.finding",
            number=number,
            title=texts.words(rule.title),
            place=place_words(finding.places[0], texts, file),
            weight=texts.say(f"code.weight.{finding.weight}"),
        ),
        texts.joined(_said(rule.happens, finding, texts), _said(rule.why, finding, texts)),
        texts.say("code.fix", fix=_said(rule.fix, finding, texts)),
        texts.say("code.also", places=texts.listed(also)) if also else None,
    )


def _said(words: Words, finding: Finding, texts: Texts) -> Markup:
    """A rule's text with the learner's own names, which stand in code."""
    names = {name: _plain(one) for name, one in finding.names.items()}
    return Markup(authored(filled(texts.plain(words), names)))


def place_words(place: Place, texts: Texts, file: str = "") -> str:
    key = "code.place" if place.cell is None else "code.place_cell"
    said = texts.label(key, line=place.line, cell=place.cell)
    return texts.label("code.place_file", file=file, place=said) if file else said


def _plain(name: str) -> str:
    """A learner's words inside backticks, which must not end there."""
    return " ".join(name.replace("`", "'").split())


def _praise(reviewed: CodeReviewed, texts: Texts) -> str | None:
    rule = reviewed.praise
    if rule is None or rule.praise is None:
        return None
    return texts.say("code.praise", praise=texts.words(rule.praise))


def _remarks(reviewed: CodeReviewed, texts: Texts) -> str:
    """A model's part, marked as such; its words are safe markup already."""
    is_one = len(reviewed.files) == 1
    return lines(
        texts.say("code.model.head"),
        *(
            texts.say(
                "code.model.remark",
                place=place_words(one.place, texts, "" if is_one else one.file),
                words=Markup(one.words),
            )
            for one in reviewed.remarks
        ),
    )


def _rubric(rubric: Rubric, texts: Texts) -> str:
    told = [
        texts.say("code.rubric.seen", words=one.words, names=_names(one.seen))
        if one.seen
        else texts.say("code.rubric.unseen", words=one.words)
        for one in rubric.criteria
    ]
    task = texts.words(rubric.task.title)
    return lines(texts.say("code.rubric.head", task=task), *told, texts.say("code.rubric.about"))


def _names(names: Sequence[str]) -> Markup:
    return Markup(", ".join(f"`{one}`" for one in names))


def _last_words(reviewed: CodeReviewed, texts: Texts) -> Iterator[str]:
    if reviewed.quiz is not None:
        yield texts.say("code.quiz", concept=texts.words(reviewed.quiz.name))
    if reviewed.left:
        yield texts.say("code.rest", count=reviewed.left)
    elif reviewed.skip:
        yield texts.say("code.rest_done")
    if reviewed.findings and not reviewed.skip:
        yield texts.say("code.only_read")
    if reviewed.tasks and not reviewed.skip:
        yield texts.say("code.which_task")


def _buttons(reviewed: CodeReviewed, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if reviewed.left:
        skip = reviewed.skip + len(reviewed.shown)
        rows.append(
            (Button(texts.label("button.code_more"), f"/code more {reviewed.submission} {skip}"),)
        )
    if reviewed.quiz is not None:
        label = texts.label("button.code_quiz", concept=texts.plain(reviewed.quiz.name))
        rows.append((Button(label, f"/quiz {reviewed.quiz.id}"),))
    if not reviewed.skip:
        rows += [(_task_button(one, reviewed.submission, texts),) for one in reviewed.tasks]
        rows += rows_of([concept_button(one, texts) for one in reviewed.concepts], 2)
    return tuple(rows)


def _task_button(task: Task, submission: int, texts: Texts) -> Button:
    title = texts.plain(task.title)
    label = title if len(title) <= LONGEST_LABEL else f"{title[: LONGEST_LABEL - 1]}…"
    return Button(f"📌 {label}", f"/code task {submission} {task.id}")
