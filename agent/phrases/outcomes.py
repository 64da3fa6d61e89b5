"""One clause as a mark: work that is done, put off, blocked, or was marked by mistake."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from agent.phrases.amounts import days_in
from agent.phrases.clauses import OTHER_PEOPLE, Clause
from agent.phrases.clock import clocks_in
from agent.phrases.dates import find_day
from agent.phrases.mark_words import (
    AHEAD,
    ALL_ENDED,
    AROUND_A_DAY,
    AT,
    BARE_TROUBLE,
    COMMANDS_TO_ONESELF,
    CRY,
    DAY,
    DELETE,
    DONE,
    ENDED,
    HARD,
    HEDGES,
    INNOCENT,
    LATER,
    LENGTH,
    NOT_LATER,
    NOT_QUITE,
    NOT_STUCK,
    NOT_UNDO,
    NOT_YET,
    NUMBERED,
    OF_PUSHES,
    ONLY_LATER,
    PLACE,
    QUOTED,
    RUNS_BY_ITSELF,
    SMALL_TALK,
    STUCK,
    TOUCHED,
    TROUBLE,
    UNDO,
    WITH_RESULT,
    WITHOUT_LE,
    WORD_FOR_WORK,
    WORK,
)
from agent.phrases.tasks import (
    Tasks,
    is_bare,
    is_elsewhere,
    numbers_in,
    stripped,
    tasks_in,
    without_lengths,
    without_numbers,
)
from agent.phrases.training import is_training_trouble

LONGEST_LINE = 1000


@dataclass(frozen=True, slots=True)
class Mark:
    """One report; `tasks` as the mark tool takes them.

    `is_named` when they were named by words, `is_rest` when they are what others left over.
    """

    outcome: Literal["done", "later", "stuck", "undo"]
    tasks: tuple[str, ...] = ()
    is_named: bool = False
    is_rest: bool = False
    until: date | None = None
    evidence: str | None = None
    note: str | None = None


def speaks_of_marks(text: str) -> bool:
    """Whether a mark is spoken of at all, be it asked, denied or claimed."""
    if any(said.search(text) for said in (DONE, LATER, STUCK, UNDO, ENDED)):
        return True
    if DELETE.search(text) or HARD.search(text) or TOUCHED.search(text):
        return bool(numbers_in(text)) or (bool(DELETE.search(text)) and "任务" in text)
    return False


def numbers_denied_in(text: str) -> tuple[str, ...]:
    """第二个没做完, 2 is not done: what the denial is about."""
    tasks = tasks_in(_without(text, DONE, NOT_YET))
    return tasks.said if tasks.said and not tasks.is_named and tasks.said != ("all",) else ()


def is_only_a_mark(text: str) -> bool:
    """Whether nothing is left once the words of marks are taken out: all done."""
    left = stripped(_without(text, DONE, LATER, STUCK, UNDO))
    return speaks_of_marks(text) and len(left) < 3


def mark_in(clause: Clause, text: str, today: date) -> Mark | None:
    """The report of one clause; None when there is none, or it is asked, denied or supposed.

    `text` is what the clause says, with tasks that were named just before it.
    """
    if not clause.claims or is_elsewhere(text):
        return None
    if DELETE.search(text) or OTHER_PEOPLE.search(text) or HEDGES.search(text):
        return None
    for read in _OUTCOMES:
        if read is _finished and clause.denies:
            return None
        mark = read(text, today)
        if mark is not None:
            return replace(mark, note=clause.raw) if mark.note == text else mark
    return None


def _without(text: str, *rules: re.Pattern[str]) -> str:
    for rule in rules:
        text = rule.sub(" ", text)
    return text


def _undone(text: str, _: date) -> Mark | None:
    if not UNDO.search(text) or NOT_UNDO.search(text) or OF_PUSHES.search(text):
        return None
    tasks = tasks_in(text if numbers_in(text) else _without(text, UNDO, DONE))
    return Mark("undo", () if tasks.is_named or tasks.said is None else tasks.said)


def _put_off(text: str, today: date) -> Mark | None:
    if NOT_LATER.search(text) or OF_PUSHES.search(text) or DONE.search(text):
        return None
    day, text = _day_taken(text, today)
    verb = LATER.search(text)
    if verb is not None and day is None and (days := days_in(text)):
        day, text = today + timedelta(days=days), LENGTH.sub(" ", text)
    tasks = tasks_in(_without(text, LATER, HARD, AROUND_A_DAY))
    if tasks.said is None:
        return None
    mark = Mark("later", tasks.said, tasks.is_named, tasks.is_rest, until=day)
    if verb is not None:
        return None if _is_parting(verb.group().lower(), text, tasks) else mark
    return mark if day is not None and day >= today and _is_for_a_day(text, tasks) else None


def _is_parting(verb: str, text: str, tasks: Tasks) -> bool:
    """See you later, I'll tell you later: small talk."""
    if tasks.is_named and tasks.said and SMALL_TALK.search(tasks.said[0]):
        return True
    is_nothing_numbered = tasks.is_named or not tasks.said
    return verb == "later" and is_nothing_numbered and not ONLY_LATER.match(text)


def _is_for_a_day(text: str, tasks: Tasks) -> bool:
    """第二个明天再做, 2 tomorrow: no verb puts it off, but the day does."""
    if tasks.is_named:
        return re.search(rf"[再来][{WORK}]", text) is not None
    if tasks.said:
        return bool(WORD_FOR_WORK.search(text)) or is_bare(text.replace(DAY, " "))
    return bool(re.search(rf"再[{WORK}]", text)) and len(stripped(text)) <= 6


def _day_taken(text: str, today: date) -> tuple[date | None, str]:
    """The first day but today, and the text with a sign in its place."""
    start = 0
    while (found := find_day(text[start:], today)) is not None:
        if found.day != today:
            before, behind = text[: start + found.start], text[start + found.end :]
            return found.day, f"{before}{DAY}{behind}"
        start += found.end
    return None, text


def _blocked(text: str, _: date) -> Mark | None:
    if NOT_STUCK.search(text):
        return None
    verb = STUCK.search(text)
    numbers = numbers_in(text)
    if numbers and (verb or HARD.search(text) or TROUBLE.search(text)):
        return Mark("stuck", numbers, note=_note(_without(text, STUCK, HARD, NUMBERED)))
    if is_training_trouble(text):
        return None
    if verb is None:
        return Mark("stuck", note=text) if BARE_TROUBLE.match(text) else None
    where = text[verb.end() :].strip()
    tasks = tasks_in(AT.sub(" ", where))
    if tasks.said and not tasks.is_named:
        return Mark("stuck", tasks.said)
    place = PLACE.match(text[: verb.start()].strip())
    if place is not None and not where:
        return Mark("stuck", note=_note(place["place"]))
    before = tasks_in(text[: verb.start()])
    named = before.said if before.is_named and before.said else ()
    return Mark("stuck", named, bool(named), note=_note(where))


def _note(text: str) -> str | None:
    """What blocks: 在反向传播了 is 反向传播."""
    text = CRY.sub(" ", text).strip()
    for _ in range(3):
        text = AT.sub("", text).strip(" ,.:!")
    letters = re.findall(r"[A-Za-z]{3,}|[\u4e00-\u9fff]{2,}", stripped(text))
    return text[:LONGEST_LINE] if letters else None


def _finished(text: str, _: date) -> Mark | None:
    numbers = numbers_in(text)
    verb = DONE if DONE.search(text) else ENDED
    if not verb.search(text) or (
        verb is ENDED and not (numbers or ALL_ENDED.match(text) or is_bare(ENDED.sub(" ", text)))
    ):
        return None
    if NOT_QUITE.search(without_lengths(INNOCENT.sub(" ", text))) or clocks_in(text):
        return None
    if any(other.search(text) for other in (AHEAD, COMMANDS_TO_ONESELF, QUOTED, OF_PUSHES)):
        return None
    if numbers and _is_beforehand(verb, text):
        return None
    rest, _sign, result = WITH_RESULT.sub("\n", verb.sub(" ", text), count=1).partition("\n")
    tasks = tasks_in(rest.replace("§", " "))
    if tasks.said is None or (tasks.is_named and RUNS_BY_ITSELF.match(tasks.said[0])):
        return None
    evidence = result.strip()[:LONGEST_LINE] or None
    return Mark("done", tasks.said, tasks.is_named, tasks.is_rest, evidence=evidence)


def _is_beforehand(verb: re.Pattern[str], text: str) -> bool:
    """做完第二个奖励自己一下: without 了, and something follows the tasks."""
    found = verb.search(text)
    if found is None or not WITHOUT_LE.fullmatch(found.group()) or "了" in text[found.end() :]:
        return False
    behind = stripped(without_numbers(text[found.end() :]))
    return len(re.findall(r"[\u4e00-\u9fff]", behind)) >= 3


_OUTCOMES: tuple[Callable[[str, date], Mark | None], ...] = (_undone, _put_off, _blocked, _finished)
