"""The marks of a whole message, with the day, the evidence or the trouble told in other clauses."""

import re
from dataclasses import dataclass, replace
from datetime import date

from agent.phrases.clauses import URL, Clause
from agent.phrases.dates import find_day
from agent.phrases.mark_words import DONE, WITH_RESULT
from agent.phrases.outcomes import (
    LONGEST_LINE,
    Mark,
    mark_in,
    numbers_denied_in,
    speaks_of_marks,
)
from agent.phrases.spelling import pattern, plain, words
from agent.phrases.tasks import is_bare, leaves_out, numbers_in, stripped, tasks_in

_STILL_OPEN = words(
    "还?没有?(?:[做弄搞]完?)?|不[行是]|还", r"not|isn'?t|haven'?t|didn'?t|except|yet"
)
_THEN = words("再[说做看弄学搞来]", "instead|then|on|until|till")
_TOO = words(
    "^(?:也|也是|也一样|也[做弄]完了?|也好了)$", "^(?:too|as well|same|also|also done|ditto)$"
)
_NUMBERED = pattern(r"第.个?|\b(?:task )?\d\b")
_WHY = words("为什么|为啥|为何|怎么(?!办)|咋(?!办)|如何", "why|how")
_MEASURED = pattern(r"\d|§|`|=|->|→")
# Between a name and its value: shape (2, 10), acc: 97, x - 1.
_VALUE_FOLLOWS = pattern(r"[:(\[=-]")
_OPENS = pattern(r"[(\[{【]\s*$")
_CLOSES = pattern(r"\s*[)\]}】]+")
SOLVED = words("解决了|修好了|弄好了|好了", "solved|fixed|(?:it )?works|working now|figured it out")
_TAKES_BACK = pattern(
    r"^(?:其实|实际上|可|我|还|并|也){0,4}没有?(?:[做弄搞]完?|完成)?$|^(?:not really"
    r"|actually not|just kidding|joking"
    r"|(?:i )?(?:did not|didn'?t)(?: do it)?|骗你的|开玩笑的?)$|"
    r"^(?:大概|大约|差不多|只有|才|about|around|only|roughly)?\s*(?:\d+\s*%|[一大]半"
    r"|half)(?:\s*(?:了|吧|done))?$"
)
_TELLS_NOTHING = pattern(
    r"^(?:耶+|哈+|嘿+|嗯+|哦+|呼+|终于|好[累爽耶难]?了?|累死我?了?|真?累了?|开心|太[好棒]了|谢+"
    r"|多谢|谢谢.*|感谢.*"
    r"|不错|爽|求助|救命|帮帮我|help(?: me)?|抱歉|不好意思|导师|老师|你好|大家好|好的?|对|是的"
    r"|其他.*|剩下.*|今天.{0,4}[累忙].*"
    r"|ok|okay|yay+|wow|yes|yep|finally|thanks?.*|thank you.*|thx|phew|nice|great|cool|sorry.*"
    r"|hi|hey"
    r"|hello|so tired|exhausted|pls|please)[了啊呀吧!. ]*$"
)


@dataclass(frozen=True, slots=True)
class Marks:
    """`rest` are clauses that speak of no mark, `doubtful` those that do but claim none."""

    marks: tuple[Mark, ...] = ()
    rest: tuple[Clause, ...] = ()
    doubtful: tuple[Clause, ...] = ()


def marks_in(clauses: tuple[Clause, ...], today: date, said: str) -> Marks:
    """Read the marks of a message, clause by clause; `said` is what the clauses are places in."""
    reading = _Reading(today, plain(said))
    for clause in clauses:
        reading.take(clause)
    return reading.result(said)


class _Reading:
    """What has been understood so far."""

    def __init__(self, today: date, said: str) -> None:
        self.today = today
        self.said = said
        self.marks: list[tuple[Mark, Clause]] = []
        self.rest: list[Clause] = []
        self.doubtful: list[Clause] = []
        self.waiting: list[Clause] = []

    def take(self, clause: Clause) -> None:
        text = clause.text
        if _TAKES_BACK.match(text) and self.marks and self.marks[-1][0].outcome == "done":
            # 完成了，80%; 显示完成了，但我没做: not done after all.
            self.doubtful += [self.marks.pop()[1], clause]
        elif clause.denies and is_bare(_STILL_OPEN.sub(" ", text)):
            self.doubtful.append(clause)
        elif clause.claims and is_bare(text) and not speaks_of_marks(text):
            if self._is_value(clause):
                self.rest.append(clause)
            else:
                self._take_numbers(clause)
        elif not self._take_day(clause) and not self._take_too(clause):
            self._take_report(clause)

    def _is_value(self, clause: Clause) -> bool:
        """形状 (2, 10, 64): numbers that what was just said is measured in."""
        if not self.rest or numbers_in(clause.text):
            return False
        between = self.said[self.rest[-1].end : clause.start]
        return len(between) <= 4 and bool(_VALUE_FOLLOWS.search(between))

    def _take_numbers(self, clause: Clause) -> None:
        """Numbers alone belong to the report before them when it names none, or to the next."""
        if self.marks and not self.marks[-1][0].tasks:
            self._change_last(tasks=tasks_in(clause.text).said or ())
        else:
            self.waiting.append(clause)

    def _take_day(self, clause: Clause) -> bool:
        """第二个先放放，周五再看: a day that the report before it lacks."""
        if not self.marks or not clause.claims or numbers_in(clause.text):
            return False
        last = self.marks[-1][0]
        found = find_day(clause.text, self.today)
        if last.outcome != "later" or last.until or not found or not _THEN.search(clause.text):
            return False
        self._change_last(until=found.day)
        return True

    def _take_too(self, clause: Clause) -> bool:
        """第一个做完了，第二个也是."""
        more = numbers_in(clause.text)
        if not (self.marks and more and clause.claims):
            return False
        if not _TOO.match(stripped(_NUMBERED.sub(" ", clause.text)) or clause.text):
            return False
        self._change_last(tasks=(*self.marks[-1][0].tasks, *more))
        return True

    def _take_report(self, clause: Clause) -> None:
        with_waiting = " 和 ".join(each.text for each in (*self.waiting, clause))
        mark = mark_in(clause, with_waiting, self.today)
        if mark is not None and self._tells_what_blocks(mark):
            self.rest.append(clause)
        elif mark is not None:
            mark = self._with_subject(mark, clause)
            self.waiting = []
            self.marks.append((mark, clause))
        elif speaks_of_marks(clause.text):
            self.doubtful.append(clause)
        else:
            self.rest.append(clause)

    def _tells_what_blocks(self, mark: Mark) -> bool:
        """卡在任务2了，pip 装不上 torch: trouble right behind a task that is stuck is its note."""
        last = self.marks[-1][0] if self.marks else None
        is_trouble = mark.outcome == "stuck" and not any(map(str.isdecimal, mark.tasks))
        return bool(is_trouble and last and last.outcome == "stuck" and last.tasks)

    def _with_subject(self, mark: Mark, clause: Clause) -> Mark:
        """Task 1 took me forever, but it's done: the number stands in the clause before."""
        before = self.rest[-1] if self.rest and not mark.tasks else None
        if before is None or not before.claims or before.denies or before.end > clause.start:
            return mark
        return replace(mark, tasks=numbers_in(before.text))

    def _change_last(self, tasks: tuple[str, ...] | None = None, until: date | None = None) -> None:
        mark, at = self.marks[-1]
        mark = replace(
            mark, tasks=mark.tasks if tasks is None else tasks, until=until or mark.until
        )
        self.marks[-1] = (mark, at)

    def result(self, said: str) -> Marks:
        rest, doubtful = tuple(self.rest), (*self.doubtful, *self.waiting)
        read = [(self._with_number(mark), at) for mark, at in self._kept()]
        if self._asks_why() and all(mark.is_named or not mark.tasks for mark, _ in read):
            return Marks((), (*rest, *(at for _, at in read)), doubtful)
        return Marks(_explained(read, rest, said), rest, doubtful)

    def _kept(self) -> list[tuple[Mark, Clause]]:
        """打卡: 第一个做完了 is one report, and 其他 leaves out what was denied by number."""
        left_out = any(numbers_in(clause.text) for clause in self.doubtful)
        left_out = left_out or any(leaves_out(clause.text) for clause in self.rest)
        read = [(mark, at) for mark, at in self.marks if not (mark.is_rest and left_out)]
        self.doubtful += [at for mark, at in self.marks if mark.is_rest and left_out]
        if any(mark.tasks for mark, _ in read):
            return [(mark, at) for mark, at in read if mark.tasks or mark.outcome == "later"]
        if any(SOLVED.search(clause.text) for clause in self.rest):
            read = [(mark, at) for mark, at in read if mark.outcome != "stuck"]
        first: dict[Mark, Clause] = {}
        for mark, at in read:
            first.setdefault(mark, at)
        return list(first.items())

    def _with_number(self, mark: Mark) -> Mark:
        """刚才点错了，第二个没做完: the number stands in the denial."""
        if mark.outcome == "done" or mark.tasks:
            return mark
        denials = [clause for clause in self.doubtful if clause.claims]
        numbers = (number for clause in denials for number in numbers_denied_in(clause.text))
        return replace(mark, tasks=tuple(dict.fromkeys(numbers)))

    def _asks_why(self) -> bool:
        asked = (*self.rest, *self.doubtful)
        return any(clause.asks and _WHY.search(clause.text) for clause in asked)


def _explained(
    read: list[tuple[Mark, Clause]], rest: tuple[Clause, ...], said: str
) -> tuple[Mark, ...]:
    """Give the reports the clauses that tell more: evidence, or what blocks."""
    telling = [clause for clause in rest if _tells(clause)]
    explained = []
    for number, (mark, at) in enumerate(read):
        is_last = number + 1 == len(read)
        end = len(said) if is_last else read[number + 1][1].start
        before = [
            clause
            for clause in telling
            if number == 0 and clause.start < at.start and _MEASURED.search(clause.text)
        ]
        after = [clause for clause in telling if at.start < clause.start < end]
        explained.append(_with_lines(mark, at, [*before, *after], said))
    return tuple(explained)


def _tells(clause: Clause) -> bool:
    if not clause.claims or numbers_in(clause.text):
        return False
    return not _TELLS_NOTHING.match(clause.text)


def _with_lines(mark: Mark, at: Clause, lines: list[Clause], said: str) -> Mark:
    end = lines[-1].end if lines else at.end
    if mark.outcome == "stuck":
        is_whole = mark.note == at.raw
        told = _as_said(at.start if is_whole else lines[0].start, end, said) if lines else None
        return replace(mark, note=told if is_whole and told else mark.note or told)
    if mark.outcome != "done":
        return mark
    start = _result_start(mark, at)
    if start is not None:
        return replace(mark, evidence=_as_said(start, max(end, at.end), said))
    link = URL.search(at.raw)
    if link is None:
        return replace(mark, evidence=_as_said(lines[0].start, end, said) if lines else None)
    is_followed = link.end() == len(at.raw) and lines and lines[0].start > at.start
    start = at.start + link.start()
    return replace(
        mark, evidence=_as_said(start, end if is_followed else start + len(link.group()), said)
    )


def _result_start(mark: Mark, at: Clause) -> int | None:
    """Where the result begins that the report itself tells: finished it with 0.85 recall."""
    if mark.evidence is None:
        return None
    raw = plain(at.raw)
    verb = DONE.search(raw)
    results = list(WITH_RESULT.finditer(raw))
    behind = [each for each in results if verb is None or each.start() >= verb.end()]
    return at.start + (behind or results)[0].end() if results else None


def _as_said(start: int, end: int, said: str) -> str | None:
    """The learner's own words, with the brackets around them and the sign that ends them."""
    text = plain(said)
    opening = _OPENS.search(text[:start])
    start = opening.start() if opening else start
    closing = _CLOSES.match(text, end)
    end = closing.end() if closing else end
    if not re.search(r"\w", said[end:]):
        end = len(said)
    told = said[start:end].strip(" \t\r\n\u3000,，:：、")
    return told[:LONGEST_LINE] if len(told) > 1 else None
