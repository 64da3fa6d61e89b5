"""Code a learner hands in: what the rules saw in it, against which task, and what it shows of them.

The code was read before, in a process of its own; see `bot.code_review`.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from pydantic import Field

from learning.catalogue import Catalogue
from learning.code_review.examined import Examined
from learning.code_review.findings import MOST_AT_ONCE, Finding, Remark, findings_in, praise_in
from learning.code_review.rulebook import ReviewRule
from learning.concepts import Concept
from learning.curriculum import Kind, Task
from learning.errors import Refused
from learning.plan import plan_day
from learning.quiz.cards import Rating, reviewed
from store.cards import card_of, keep_card
from store.script import Script
from store.submissions import (
    Submission,
    hand_in_for,
    keep_shown,
    keep_submission,
    latest_submission,
    submission_with,
    times_broken,
)
from tools.answers import retell_mastery
from tools.context import Context, study_of
from tools.plan import Arguments

MOST_CONCEPTS = 3
_MADE_OF_CODE = frozenset({Kind.PRACTICE, Kind.PROJECT, Kind.LEETCODE})
# A rule that was broken in so many submissions is worth a quiz.
TIMES_FOR_A_QUIZ = 2
# So long after a review, words such as "more" or "why line 12" mean the code of then.
TALKED_ABOUT = timedelta(hours=12)
_NAME = re.compile(r"[A-Za-z_]\w{2,}")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# A short name is a concept's only as a whole: GPT in GPTConfig is one, mla in family is none.
_SHORTEST_PART = 6
_CLAUSE = re.compile(r"[；;。]|\.(?:\s|$)|，并|, and ")


class ReviewCode(Arguments):
    code: str = Field("", max_length=4000, description="The code as it was pasted; may be empty.")


class ShowFindings(Arguments):
    """Findings of a submission, or of the latest: those after `skip`, or about one line."""

    submission: int | None = None
    skip: int = Field(0, ge=0)
    line: int | None = Field(None, ge=1)


@dataclass(frozen=True, slots=True)
class LineClear:
    """No rule has anything to say about a line; `code` is what stands there, if anything."""

    line: int
    code: str


class HandInFor(Arguments):
    submission: int
    task: str = Field(max_length=100)


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """No code was handed in yet."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One sentence of what makes a task done; `seen` are the names in the code that speak of it.

    What speaks of nothing in code, such as a figure that a run gives, is only told as unseen.
    """

    words: str
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """What makes the task done, held against the code."""

    task: Task
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class CodeReviewed:
    """What the rules saw in a submission.

    `findings` are all of them, the most serious first; `skip` were told before. `quiz` is the
    concept behind a rule that was broken before as well. `tasks` are those of today that it may
    be for, when nobody said. `remarks` are a model's, and are told apart. `at_once` is how many
    findings one message tells.
    """

    submission: int
    files: tuple[Examined, ...]
    findings: tuple[Finding, ...]
    rules: Mapping[str, ReviewRule]
    skip: int = 0
    praise: ReviewRule | None = None
    quiz: Concept | None = None
    concepts: tuple[Concept, ...] = ()
    rubric: Rubric | None = None
    tasks: tuple[Task, ...] = ()
    remarks: tuple[Remark, ...] = ()
    at_once: int = MOST_AT_ONCE

    @property
    def shown(self) -> tuple[Finding, ...]:
        return self.findings[self.skip : self.skip + self.at_once]

    @property
    def left(self) -> int:
        return max(0, len(self.findings) - self.skip - self.at_once)


def review_code(context: Context, _: ReviewCode) -> Script[CodeReviewed | CodeWanted]:
    """What was seen in the code handed in with this turn, else in the latest."""
    if context.examined:
        return (yield from _keep(context))
    since = context.now - TALKED_ABOUT
    latest = yield from latest_submission(context.learner.id, context.address, since)
    if latest is None:
        return CodeWanted()
    return (yield from _shown(context, latest))


def look_over(context: Context) -> CodeReviewed:
    """What was seen in code that was shown to a group; nothing of it is kept."""
    files, rules = context.examined, context.catalogue.review_rules
    findings = findings_in(files, rules)
    return CodeReviewed(0, files, findings, rules, praise=praise_in(files, rules, findings))


def show_findings(context: Context, wanted: ShowFindings) -> Script[CodeReviewed | LineClear]:
    submission = yield from _need(context, wanted.submission)
    shown = yield from _shown(context, submission, wanted.skip)
    if wanted.line is None:
        return shown
    about = [one for one in shown.findings if wanted.line in {place.line for place in one.places}]
    if not about:
        return LineClear(wanted.line, _line(submission.files, wanted.line))
    return CodeReviewed(submission.id, (), tuple(about), shown.rules)


def _line(files: Sequence[Examined], wanted: int) -> str:
    """What stands at a line of the learner's first file with so many lines."""
    for file in files:
        for number, text in enumerate(file.code.split("\n"), 1):
            if file.place_of(number).line == wanted:
                return text.strip()[:80]
    return ""


def hand_in(context: Context, wanted: HandInFor) -> Script[CodeReviewed]:
    """Hold a submission against what makes a task done."""
    submission = yield from _need(context, wanted.submission)
    study = yield from study_of(context)
    found = study.of_task(wanted.task).curriculum.task_by_id.get(wanted.task) if study else None
    if found is None:
        raise Refused("task.unknown", said=wanted.task)
    yield from hand_in_for(submission.id, found.id)
    return (yield from _shown(context, replace(submission, task=found.id)))


def _need(context: Context, id: int | None) -> Script[Submission]:
    learner = context.learner.id
    if id is None:
        since = context.now - TALKED_ABOUT
        found = yield from latest_submission(learner, context.address, since)
    else:
        found = yield from submission_with(id, learner)
    if found is None or not found.files:
        raise Refused("code.gone")
    return found


def _keep(context: Context) -> Script[CodeReviewed]:
    """Keep what was read, and what it shows of the learner; a matter that comes back is carded."""
    files = context.examined
    digest = hashlib.sha256("\0".join(one.code or repr(one) for one in files).encode()).hexdigest()
    learner = context.learner.id
    submission = yield from keep_submission(learner, context.address, digest, files, context.now)
    rules = context.catalogue.review_rules
    findings = findings_in(files, rules)
    broken = [one.rule for one in findings if _counts(rules[one.rule])]
    fine = {id for one in files for id in one.fine if id in rules and _counts(rules[id])}
    fine -= {one.rule for one in findings}
    yield from keep_shown(learner, submission.id, context.today, broken, sorted(fine))
    yield from retell_mastery(context, learner, concepts_of(rules, (*broken, *fine)))
    quiz = yield from _repeated(context, broken)
    return (yield from _shown(context, submission, quiz=quiz))


def _counts(rule: ReviewRule) -> bool:
    """Whether a rule says something of what its learner knows; a matter of taste does not."""
    return rule.weight != "informative"


def concepts_of(rules: Mapping[str, ReviewRule], ids: Sequence[str]) -> tuple[str, ...]:
    """The concept each rule is first of all about."""
    return tuple(dict.fromkeys(rules[id].concepts[0] for id in ids))


def _repeated(context: Context, broken: Sequence[str]) -> Script[Concept | None]:
    """The concept behind a rule that was broken in an earlier submission too.

    An item about it joins the reviews, unless it is there.
    """
    times = yield from times_broken(context.learner.id, broken)
    rules = context.catalogue.review_rules
    bank = context.catalogue.bank
    for id in broken:
        concept = rules[id].concepts[0]
        items = bank.by_concept.get(concept, ())
        if times.get(id, 0) < TIMES_FOR_A_QUIZ or not items:
            continue
        yield from _card(context, items)
        return context.catalogue.concepts[concept]
    return None


def _card(context: Context, items: Sequence[str]) -> Script[None]:
    learner = context.learner.id
    for item in items:
        if (yield from card_of(learner, item)) is not None:
            return
    card = reviewed(None, Rating.AGAIN, context.today, f"{learner}:{items[0]}")
    yield from keep_card(learner, items[0], card)


def _shown(
    context: Context, submission: Submission, skip: int = 0, quiz: Concept | None = None
) -> Script[CodeReviewed]:
    rules = context.catalogue.review_rules
    files = submission.files
    findings = findings_in(files, rules)
    rubric, tasks = yield from _against_task(context, submission)
    return CodeReviewed(
        submission.id,
        files,
        findings,
        rules,
        skip,
        praise_in(files, rules, findings) if skip == 0 else None,
        quiz,
        concepts_in("\n".join(one.code for one in files), context.catalogue)[:MOST_CONCEPTS],
        rubric,
        tasks,
        context.remarks,
    )


def _against_task(
    context: Context, submission: Submission
) -> Script[tuple[Rubric | None, tuple[Task, ...]]]:
    """The rubric of the task it was handed in for, or today's tasks that it may be for."""
    study = yield from study_of(context)
    code = "\n".join(one.code for one in submission.files)
    if study is None or not code:
        return None, ()
    if submission.task is not None:
        task = study.of_task(submission.task).curriculum.task_by_id.get(submission.task)
        if task is None:
            return None, ()
        return _rubric(task, code, context), ()
    record = study.enrolment.record
    plan = plan_day(study.curriculum, study.rhythm, record, context.today)
    tasks = [entry.task for entry in plan.tasks if isinstance(entry.task, Task)]
    return None, tuple(one for one in tasks if one.kind in _MADE_OF_CODE)


def _rubric(task: Task, code: str, context: Context) -> Rubric:
    """Each clause of done-when, with the names of the code that speak of its concepts."""
    language = context.learner.language
    names = set(_NAME.findall(code))
    criteria = []
    for clause in _CLAUSE.split(task.done_when.in_language(language)):
        words = clause.strip(" ，,。.")
        if not words:
            continue
        wanted = {_squashed(one) for one in _NAME.findall(words)}
        wanted |= {
            _squashed(name)
            for concept in concepts_in(words, context.catalogue)
            for name in (concept.name.en, *concept.aliases)
            if name.isascii()
        }
        wanted = {one for one in wanted if len(one) >= 4}
        seen = [one for one in sorted(names) if any(want in _squashed(one) for want in wanted)]
        criteria.append(Criterion(words, tuple(seen[:3])))
    return Rubric(task, tuple(criteria))


def concepts_in(code: str, catalogue: Catalogue) -> tuple[Concept, ...]:
    """Concepts by the names in the code: nn.MultiheadAttention, LoraConfig, cross_entropy."""
    names = {
        squashed: concept
        for concept in catalogue.concepts.values()
        for name in (concept.name.en, *concept.aliases)
        if name.isascii() and len(squashed := _squashed(name)) >= 3
    }
    parts = sorted((one for one in names if len(one) >= _SHORTEST_PART), key=len, reverse=True)
    found: dict[str, Concept] = {}
    for written in dict.fromkeys(_NAME.findall(code)):
        word = _squashed(written)
        words = [word, *map(_squashed, _WORD.findall(written))]
        hit = next((one for one in words if one in names), None)
        hit = hit or next((one for one in parts if one in word), None)
        if hit is not None:
            found.setdefault(names[hit].id, names[hit])
    return tuple(found.values())


def _squashed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
