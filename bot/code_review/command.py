"""`mentor review FILE...`: files of this machine, reviewed as in a chat, kept nowhere."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.cards import card
from bot.cards.code_review import problem_words
from bot.code_review.process import Handed, Reviewer, largest_of
from bot.markup import StyledText, styled
from bot.message import Message
from bot.texts import Texts
from learning.code_review.examined import Examined
from learning.code_review.findings import Finding, findings_in, praise_in
from learning.code_review.rulebook import ReviewRule, filled, ruff_codes
from learning.errors import MentorError
from learning.values import Language
from tools.code_review import CodeReviewed

Row = Mapping[str, object]


class FileMissingError(MentorError):
    """A file to review cannot be read."""


def review_files(
    paths: Sequence[Path], rules: Mapping[str, ReviewRule]
) -> tuple[tuple[Examined, ...], tuple[Finding, ...]]:
    """Read and review files.

    Raises:
        FileMissingError: for the first that is not there or may not be read.
    """
    handed = [_handed(path) for path in paths]
    files = asyncio.run(_examined(handed, ruff_codes(rules.values())))
    return files, findings_in(files, rules)


async def _examined(handed: Sequence[Handed], codes: Sequence[str]) -> tuple[Examined, ...]:
    reviewer = Reviewer(codes)
    return tuple([one for file in handed for one in await reviewer.examine([file])])


def _handed(path: Path) -> Handed:
    try:
        with path.open("rb") as file:
            # One byte more than is taken is enough to know that it is too much.
            return Handed(file.read(largest_of(path.name) + 1), path.name)
    except OSError as error:
        problem = f"{path}: expected a file to read, found: {error.strerror}"
        raise FileMissingError(f"{problem}. Check the path.") from error


def rows_of_review(
    files: Sequence[Examined],
    findings: Sequence[Finding],
    rules: Mapping[str, ReviewRule],
    texts: Texts,
) -> list[Row]:
    """One row for each place of a finding, for each problem, and one for what was done well."""
    rows: list[Row] = []
    for file in files:
        rows += _troubles(file, texts)
    for finding in findings:
        rows += _places(finding, rules[finding.rule], texts.language)
    praise = praise_in(files, rules, findings)
    if praise is not None and praise.praise is not None:
        message = praise.praise.in_language(texts.language)
        named = next(one.name for one in files if praise.id in one.fine)
        rows.append(_row(named, 0, praise.id, "celebratory", message))
    return rows


def _places(finding: Finding, rule: ReviewRule, language: Language) -> Iterator[Row]:
    ends = "。" if language == "zh" else ". "
    title, happens, why = (
        one.in_language(language) for one in (rule.title, rule.happens, rule.why)
    )
    message = f"{title}{ends}{happens}{'' if language == 'zh' else ' '}{why}"
    for place in finding.places:
        row = _row(
            finding.file,
            place.line,
            finding.rule,
            finding.weight,
            filled(message, finding.names),
            filled(rule.fix.in_language(language), finding.names),
        )
        yield row if place.cell is None else {**row, "cell": place.cell}


def _troubles(file: Examined, texts: Texts) -> Iterator[Row]:
    if file.language is not None:
        said = texts.label("code.other", language=file.language)
        yield _row(file.name, 0, "language", "informative", said)
    for problem in file.problems:
        said = styled(problem_words(problem, "", texts)).text
        row = _row(
            file.name, problem.place.line if problem.place else 0, "syntax", "essential", said
        )
        cell = problem.place.cell if problem.place else None
        yield row if cell is None else {**row, "cell": cell}


def _row(file: str, line: int, rule: str, weight: str, message: str, fix: str | None = None) -> Row:
    return {
        "file": file,
        "line": line,
        "rule": rule,
        "weight": weight,
        "message": message,
        "fix": fix,
    }


def text_of_review(
    files: Sequence[Examined],
    findings: tuple[Finding, ...],
    rules: Mapping[str, ReviewRule],
    texts: Texts,
) -> str:
    """The review as a chat would show it, all at once and with the marks around code."""
    praise = praise_in(files, rules, findings)
    at_once = max(1, len(findings))
    reviewed = CodeReviewed(0, tuple(files), findings, rules, praise=praise, at_once=at_once)
    message: Message = card(reviewed, texts)
    return _with_marks(styled(message.markup))


def _with_marks(words: StyledText) -> str:
    """Plain text in which code still stands between backticks."""
    edges = [
        (at, "`") for one in words.entities if one.style == "code" for at in (one.start, one.end)
    ]
    written, last = "", 0
    for at, mark in sorted(edges):
        written += words.text[last:at] + mark
        last = at
    return written + words.text[last:]
