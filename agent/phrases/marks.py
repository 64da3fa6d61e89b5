"""Marks in words: what a learner says is done, put off, blocked, or was marked by mistake."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from agent.phrases.amounts import days_in
from agent.phrases.clauses import URL, Clause
from agent.phrases.dates import DayFound, find_day
from agent.phrases.spelling import pattern
from agent.phrases.tasks import Tasks, is_bare, numbers_in, stripped, tasks_in, without_lengths

Outcome = Literal["done", "later", "stuck", "undo"]
LONGEST_LINE = 1000

_FINISH = (
    r"(?:做|搞|弄|写|看|读|学|刷|跑|练|敲|听|背|干|复现|实现|配置?|装|调|搭|部署|过)(?:完|通)(?:成|了|啦|咯|喽)*"
    r"|(?:做|弄|写|搞|装|配置?|调|搭|部署)好(?:了|啦|咯)|搞定(?:了|啦)?|拿下(?:了|啦)?|完成(?:了|啦|咯)?|完事儿?(?:了|啦)?"
    r"|完工(?:了|啦)?|(?:今日|每日)?打卡|[✅☑✔√]"
)
_DONE = pattern(
    rf"(?:标记?|勾|记|算|设)(?:一下)?(?:为|成|上|作)?(?:已|是)?完成(?:了)?|打(?:个)?[勾钩]|勾掉|划掉(?:了)?|{_FINISH}"
    r"|\b(?:mark|tick|check|cross)(?=.*\b(?:done|complete[d]?|finished|off)\b)"
    r"|\b(?:done|doen|finished|completed|wrapped up|knocked out|nailed)\b(?: with\b)?"
    r"|(?<=\d )complete$|\b(?:is|are|all) complete$|\btick(?:ed)? off\b|\bcheck(?:ed)? off\b"
    r"|^(?:(?:so|ok|okay|and|yes|yep|hey|just|well|i|we)[, ]+)*did\b|\bi(?:'ve| have)? (?:just )?solved\b"
    r"|\bi(?:'ve|ve| have) (?:just |finally |already )?(?:done|read|watched|written|built|implemented)\b"
)
# 完了 by itself is a cry; beside a number it is a report.
_ENDED = pattern(
    r"(?:完|结束|做|弄|搞|写|看|读|刷|学)了(?:啦|哈|呀|吧)?$|^(?:我|已经|今天)*(?:做|写|看|读|刷|学)了"
)
_NOT_QUITE = pattern(
    r"(?<!不)(?:要|想|打算|准备|争取|希望|计划|尽量|必须|需要|会(?!议)|能(?!力))"
    r"|(?<!很)(?<!飞)快要?(?=[做完搞弄写看学读刷])|马上|即将|就差|差一?点|差不多|几乎|基本|大概|大致|应该|可能|也许|好像"
    r"|似乎|大部分|一半|一部分|部分完成|正在|在做|还在|待完成|完成[度率]|完成到|\d\s*%|百分之|几成|做不完"
    r"|\b(?:will|i'll|ill|we'll|going to|gonna|want|wanna|hope|plan(?:ning)?|try(?:ing)?|almost|nearly"
    r"|about to|soon|half(?!\s+(?:an )?hour)|halfway|part(?:ly|ially|s)?|mostly|should|might|may|maybe|probably"
    r"|need|must|would|could|supposed|to be done|get(?:ting)? (?:it|this|that|them) (?:all )?done"
    r"|think|guess|wish|let me|working on|get done|well done|done for|over and done|far from)\b"
)
_OTHERS = pattern(
    r"(?<![和跟与])(?:朋友|同学|同事|室友|老婆|老公|女友|男友|[弟哥姐妹]{1,2}|队友|老板|有人|别人|大家|(?<![其吉])他们?|她们?)"
    r"|(?<!with )(?<!and )\b(?:he|she|they|someone|somebody|(?:my|a|our|the) (?:friend|colleague|classmate|teammate"
    r"|roommate|boss|brother|sister|wife|husband|partner|buddy)s?)\b"
)
_AHEAD = pattern(
    r"明天|后天|下周|下个?月|今晚(?!.*了)|待会|\b(?:tomorrow|tonight(?<!ed tonight)|next (?:week|month))\b"
)
_TO_DAY = r"(?:推|挪|移|放|改|延|留|拖|顺延|推迟|延后|延期|推后|搬|安排|换)(?:到|至|在|去)"
_LATER = pattern(
    rf"跳过|略过|推迟|延后|延期|推后|顺延|缓一?缓|先放一?(?:放|着|一边|下)?|暂时?放|往后[推挪放延移]+|{_TO_DAY}|改天|回头再|以后再"
    r"|(?:今天|今晚|今日)(?:先|就)?(?:不|没空)(?:想)?[做学弄看搞写刷读](?:了)?|先不[做学弄看搞写刷读]"
    r"|晚点再?(?=[做学弄看搞写刷读])|稍后再?(?=[做学弄看搞写刷读])|[改放留](?=明天|后天|下周|周[一二三四五六日末天])"
    r"|\b(?:skip|skipping|postpone|postponing|delay|defer|put(?:ting)? (?:it |this |that )?off|reschedule)\b"
    r"|\b(?:push|move|shift|bump|leave|save|put)\b(?=.*\b(?:to|until|till|for|off|back|later|on|by)\b|.*tomorrow)"
    r"|\b(?:do|tackle|finish|take|start|get to|come back to|revisit|continue)\b(?=.*\b(?:later|another day|instead))"
    r"|\b(?:another|some other) (?:day|time)\b|\bnot today\b|\blater\b"
)
_AGAIN = r"(?:再|继续|接着|来)?[做学弄看搞写刷读](?:吧|了)?|再说|再来|继续|接着来"
_ON_A_DAY = pattern(
    rf"{_AGAIN}|\b(?:do|tackle|finish|take|start|continue|get to|read|watch|is for|for)\b|^(?:on )?$|吧$"
)
_NOT_LATER = pattern(
    r"(?:别|不要|不用|不想|不必|不许|不能|勿|甭|没|不)(?:给我|再|把.{0,8})?(?:跳过|略过|推迟|延后|延期|推后|往后|推到|挪|改到|顺延)"
    r"|不跳|\b(?:don'?t|do not|never|not|won'?t|didn'?t|can'?t|cannot)\b(?:\s\w+){0,2}\s+(?:skip|postpone|push|move|delay|defer|put)"
    r"|\b(?:skipped|pushed|moved|postponed|delayed)\b|\b(?:code|commits?|github|repo|branch|docker|hub|connections?|merge)\b"
    r"|一半|待会|一会|等会|今晚(?=[做学弄看搞写刷读再])|下午(?=[做学弄看搞写刷读再])"
)
_ABOUT_PUSHES = pattern(
    r"提醒|推送|打卡(?:时间|改|提)|时区|通知|计划改|消息|\b(?:remind(?:ers?)?|notif\w*|messages?|check-?ins?|time ?zone)\b"
)
_STUCK = pattern(
    r"(?:被)?卡(?:住|在|了|壳|到|死)(?:了)?|[做写跑解弄](?:不出来|不下去|不动|不起来|不通)|搞不(?:定|出来)|不会[做写]|没(?:有)?(?:思路|头绪)"
    r"|装不上|\b(?:i'm |im |i am |got |get |am |is |still |totally |completely )*(?:stuck|blocked|struggling)\b"
    r"|\b(?:having|have) (?:some )?(?:trouble|problems)\b|\b(?:can'?t|cannot|can not|unable to) (?:figure|get|solve|do|make|work)\b"
)
_HARD = pattern(
    r"太难了?|好难|有点难|看不懂|没看懂|不懂|没思路|报错了?|出错了?|遇到(?:了)?(?:点|些)?(?:问题|困难|麻烦)|跑不[起了通]"
    r"|\b(?:is |are |seems? )?(?:too|so|really|very) (?:hard|difficult|tough)(?: for me)?\b|\bi (?:don'?t|do not) (?:understand|get)\b"
    r"|\b(?:doesn'?t|does not|won'?t|not) (?:work|run|compile)(?:ing)?\b|\berrors? out\b"
)
_NOT_STUCK = pattern(
    r"没(?:有)?(?:再)?(?:被)?卡|不卡|不再卡|不会再?卡|\b(?:not|n't|never|no longer|hardly)\b(?:\s\w+){0,2}\s(?:stuck|blocked)|unstuck"
)
_STUCK_AT = pattern(
    r"^(?:在|到)|^(?:on|at|with|in|by|because of|understanding)\b|(?:这里|这儿|这一?步|这块|那里|上面?|了|中|这)+$"
)
_UNDO = pattern(
    r"[点按标勾]错(?:了)?|手滑(?:了)?|误[点触标]|撤[销回消](?:一下|掉)?|取消(?:刚才|上一|标记|打卡|完成|.{0,8}(?:完成|标记|打卡))|反悔"
    r"|不小心.{0,8}[点标按勾](?:了|成|完成|为)*|标.{0,4}[未没]完成|\bundo\b|\bun(?:mark|check|tick)(?:ed)?\b"
    r"|\btake (?:it|that|this) back\b|\bwrong (?:one|task|button)\b|\b(?:marked|tapped|clicked|ticked|pressed|hit).*\b(?:mistake|accident)\b"
    r"|\bby (?:mistake|accident)\b|\bmis-?(?:click|tap)(?:ped|ed)?\b|\b(?:clicked|tapped|pressed|hit) (?:on )?the wrong\b"
    r"|\bmark.*\b(?:not done|undone|incomplete|unfinished)\b|\brevert\b(?=$| (?:task|that|it|the|#?\d))"
)
_NOT_UNDO = pattern(
    r"(?:别|不要|不用|不必|没)(?:.{0,2})(?:撤|取消|点错|标错)|\b(?:don'?t|do not|no need to|never|not)\b(?:\s\w+){0,2}\s(?:undo|unmark|revert|take)"
)
_DELETE = pattern(r"删[掉除了]|去掉|移除|\b(?:delete|remove|drop|get rid of|cancel)\b")
_NO_EVIDENCE = pattern(
    r"^(?:耶+|哈+|嘿+|嗯+|哦+|呼+|终于|好[累爽耶难]?了?|累死我?了?|真?累了?|开心|太好了|太棒了|谢+|多谢|谢谢.*|感谢.*|不错|爽|ok|okay|yay+|wow"
    r"|yes|yep|finally|thanks?.*|thank you.*|thx|phew|nice|great|cool|sorry.*|抱歉|不好意思|导师|老师|hi|hey|hello|你好|大家好|好的?|对|是的"
    r"|so tired|exhausted|pls|please|其他.*|剩下.*|今天.{0,4}(?:累|忙).*)[了啊呀吧!. ]*$"
)
_TELLING = pattern(r"\d|§|`|=|->|→")
_TOO = pattern(r"^(?:也|也是|也一样|也做完了?|也好了|too|as well|same|also|also done|ditto)$")


@dataclass(frozen=True, slots=True)
class Mark:
    """One report; `tasks` as the mark tool takes them."""

    outcome: Outcome
    tasks: tuple[str, ...] = ()
    is_named: bool = False
    until: date | None = None
    evidence: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """`is_doubtful` when marks were spoken of but not claimed, or the tasks cannot be told."""

    marks: tuple[Mark, ...]
    rest: tuple[Clause, ...]
    is_doubtful: bool


def speaks_of_marks(text: str) -> bool:
    """Whether the words of a mark occur at all, claimed or not."""
    words = (_DONE, _LATER, _STUCK, _UNDO, _ENDED)
    return bool(
        any(word.search(text) for word in words)
        or (
            numbers_in(text)
            and (_DELETE.search(text) or _HARD.search(text) or _AGAIN_SAID.search(text))
        )
        or (_DELETE.search(text) and re.search(r"任务|\btasks?\b", text))
    )


_DENIAL = pattern(
    r"还?没有?(?:[做弄搞]完?)?|不(?:行|是)|\b(?:not|isn'?t|haven'?t|didn'?t|except)\b|\byet\b|还"
)
_UNTIL_THEN = pattern(r"再[说做看弄学搞来]|\b(?:instead|then)\b|^(?:to|on|until|till)\b")
_AGAIN_SAID = pattern(r"[做学弄看搞写刷读]|\b(?:do|doing|did|finish|complete|start|work|working)\b")


def marks_in(clauses: tuple[Clause, ...], today: date, said: str) -> Marks:
    """Read the marks of a message, clause by clause."""
    reading = _Reading(today)
    for clause in clauses:
        reading.take(clause)
    return reading.result(said)


class _Reading:
    """What has been understood so far."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.marks: list[tuple[Mark, Clause]] = []
        self.rest: list[Clause] = []
        self.waiting: list[Clause] = []
        self.denied: list[Clause] = []
        self.is_doubtful = False

    def take(self, clause: Clause) -> None:
        text = clause.text
        if clause.denies and is_bare(_DENIAL.sub(" ", text)):
            self.denied.append(clause)
        elif is_bare(text) and clause.claims and not speaks_of_marks(text):
            self._take_bare(clause)
        elif self._is_day_for_later(clause):
            self._take_day(find_day(text, self.today))
        elif mark := mark_in(clause, self._with_waiting(text), self.today):
            self.waiting = []
            self.marks.append((mark, clause))
        elif speaks_of_marks(text):
            self.is_doubtful = True
            self.denied.append(clause)
        elif _TOO.match(stripped_of_numbers(text)) and self.marks and clause.claims:
            self._take_too(clause)
        else:
            self.rest.append(clause)

    def _with_waiting(self, text: str) -> str:
        return " 和 ".join([*(clause.text for clause in self.waiting), text])

    def _is_day_for_later(self, clause: Clause) -> bool:
        """第二个先放放，周五再看: a day that the report before it lacks."""
        if not (self.marks and clause.claims and not numbers_in(clause.text)):
            return False
        last = self.marks[-1][0]
        is_open = last.outcome == "later" and last.until is None
        return is_open and bool(_UNTIL_THEN.search(clause.text))

    def _take_day(self, found: DayFound | None) -> None:
        mark, at = self.marks[-1]
        self.marks[-1] = (replace(mark, until=found.day if found else None), at)

    def _take_bare(self, clause: Clause) -> None:
        """Numbers alone belong to the report before them when that names none, or to the next."""
        if self.marks and not self.marks[-1][0].tasks and self.marks[-1][0].outcome != "undo":
            mark, at = self.marks[-1]
            self.marks[-1] = (replace(mark, tasks=tasks_in(clause.text).said or ()), at)
        else:
            self.waiting.append(clause)

    def _take_too(self, clause: Clause) -> None:
        mark, at = self.marks[-1]
        more = numbers_in(clause.text)
        if more:
            self.marks[-1] = (replace(mark, tasks=(*mark.tasks, *more)), at)

    def result(self, said: str) -> Marks:
        read = list(dict.fromkeys(self.marks))
        if any(mark.tasks for mark, _ in read):
            # 打卡: 第一个做完了 is one report.
            read = [
                (mark, at)
                for mark, at in read
                if mark.tasks or mark.outcome not in {"done", "undo"}
            ]
        elif len(read) > 1 and len({mark for mark, _ in read}) == 1:
            read = read[:1]
        marks = [self._with_rest(mark) for mark, _ in read]
        if self._asks_why() and all(mark.is_named or not mark.tasks for mark in marks):
            return Marks((), (), is_doubtful=False)
        rest = tuple(self.rest)
        explained = _explained(marks, [at for _, at in read], rest, said)
        return Marks(explained, rest, self.is_doubtful or bool(self.waiting))

    def _with_rest(self, mark: Mark) -> Mark:
        """刚才点错了，第二个没做完: the number stands in the denial."""
        if mark.outcome == "undo" and not mark.tasks:
            numbers = [number for clause in self.denied for number in numbers_in(clause.text)]
            return replace(mark, tasks=tuple(numbers))
        return mark

    def _asks_why(self) -> bool:
        asked = [*self.rest, *self.denied]
        return any(clause.asks and _WHY.search(clause.text) for clause in asked)


_WHY = pattern(r"为什么|为啥|为何|怎么(?!办)|咋(?!办)|如何|\b(?:why|how)\b")


def stripped_of_numbers(text: str) -> str:
    return stripped(re.sub(r"第.个?|\b(?:task )?\d\b", " ", text))


def mark_in(clause: Clause, text: str, today: date) -> Mark | None:
    """The report of one clause; None when there is none, or it is asked, denied or supposed."""
    if not clause.claims or _DELETE.search(text):
        return None
    for read in (_undone, _put_off, _blocked, _finished):
        mark = read(clause, text, today)
        if mark is not None:
            return mark
    return None


def _without(text: str, *rules: re.Pattern[str]) -> str:
    for rule in rules:
        text = rule.sub(" ", text)
    return text


def _marked(outcome: Outcome, tasks: Tasks) -> Mark | None:
    if tasks.said is None:
        return None
    return Mark(outcome, tasks.said, tasks.is_named)


def _undone(_: Clause, text: str, today: date) -> Mark | None:
    del today
    if not _UNDO.search(text) or _NOT_UNDO.search(text):
        return None
    numbers = numbers_in(text)
    tasks = Tasks(numbers) if numbers else tasks_in(_without(text, _UNDO, _DONE))
    return Mark("undo", () if tasks.is_named or tasks.said is None else tasks.said)


def _put_off(_: Clause, text: str, today: date) -> Mark | None:
    if _NOT_LATER.search(text) or _ABOUT_PUSHES.search(text) or _OTHERS.search(text):
        return None
    found = find_day(text, today)
    day = found.day if found and found.day != today else None
    rest = f"{text[: found.start]} {text[found.end :]}" if found else text
    verb = _LATER.search(rest) or _LATER.search(text)
    tasks = tasks_in(_without(rest, _LATER, _ON_A_DAY_VERBS))
    if verb is None:
        if day is None or not (tasks.said and not tasks.is_named) or not _ON_A_DAY.search(rest):
            if not (day and numbers_in(f"task {stripped(rest)}") and is_bare(stripped(rest))):
                return _continued(rest, day)
    elif day is None and _NEEDS_A_DAY.fullmatch(verb.group()):
        day = _days_later(rest, today)
        if day is None:
            return None
    elif day is None:
        day = _days_later(rest, today)
        if day is not None:
            tasks = tasks_in(_without(_LENGTH_OF_DAYS.sub(" ", rest), _LATER, _ON_A_DAY_VERBS))
    if tasks.said is None or (tasks.is_named and _IDLE_NAME.search(tasks.said[0])):
        return None
    if tasks.is_named and verb is not None and verb.group().lower() == "later":
        return None
    return Mark("later", tasks.said, tasks.is_named, until=day)


_ON_A_DAY_VERBS = pattern(
    rf"{_AGAIN}|^\s*(?:i'?ll |i will |let's |let me |i'm going to )?(?:do|tackle|finish|take|start|continue|get to)\b"
    r"|吧|过(?=\s)|等到?|到|\binstead\b|\bon\b"
)
_NEEDS_A_DAY = pattern(
    rf"{_TO_DAY}|往后[推挪放延移]+|push|move|shift|bump|leave|save|put|do|take|start|finish|continue"
)
_LENGTH_OF_DAYS = pattern(
    r"(?:by |for |in )?(?:\d+|[一二两三四五六七八九十半]+|an?|one|two|three)\s*个?(?:天|周|星期|礼拜|月|days?|weeks?|months?)"
)
_IDLE_NAME = pattern(r"^(?:再说|聊|说|谈|见|talk|see you|you|speak)")


def _continued(rest: str, day: date | None) -> Mark | None:
    """明天再做: put off, without saying what."""
    if day is not None and re.search(r"再[做弄学搞看写刷读]", rest) and len(stripped(rest)) <= 6:
        return Mark("later", (), until=day)
    return None


def _days_later(text: str, today: date) -> date | None:
    days = days_in(text)
    return today + timedelta(days=days) if days else None


def _blocked(clause: Clause, text: str, today: date) -> Mark | None:
    del today
    if _NOT_STUCK.search(text) or _OTHERS.search(text):
        return None
    verb = _STUCK.search(text)
    numbers = numbers_in(text)
    if verb is None and not (numbers and _HARD.search(text)):
        return None
    if numbers:
        return Mark("stuck", numbers, note=_note(_STUCK_ON.sub(" ", text)))
    if verb is None:
        return None
    where = stripped(text[verb.end() :])
    bare = tasks_in(_STUCK_AT.sub(" ", text[verb.end() :].strip()))
    if bare.said and not bare.is_named:
        return Mark("stuck", bare.said)
    before = tasks_in(text[: verb.start()])
    note = (
        _note(clause.text[clause.text.find(verb.group()) + len(verb.group()) :]) if where else None
    )
    return Mark(
        "stuck", before.said if before.is_named and before.said else (), before.is_named, note=note
    )


_STUCK_ON = pattern(
    rf"{_STUCK.pattern}|{_HARD.pattern}|第.{{1,3}}?[个项条题道]?(?:任务)?的?|\b(?:tasks?|number|no\.?)\s*#?\d\b|#\d"
    r"|\bthe (?:first|second|third) (?:one|task)\b|^\s*(?:on|at|with)\b|(?<=\s)\d(?=\s|$)"
)


def _note(text: str) -> str | None:
    """What blocks: 在反向传播了 is 反向传播."""
    text = text.strip()
    for _ in range(3):
        text = _STUCK_AT.sub("", text).strip(" ,.:!")
    words = stripped(text)
    if len(re.findall(r"[A-Za-z]{2,}|[\u4e00-\u9fff]", words)) < 2 and not re.search(
        r"[A-Za-z]{3,}", words
    ):
        return None
    return text[:LONGEST_LINE]


def _finished(clause: Clause, text: str, today: date) -> Mark | None:
    del today
    verb = _DONE.search(text)
    numbers = numbers_in(text)
    if verb is None and not (numbers and _ENDED.search(text)):
        return None
    if (
        _NOT_QUITE.search(without_lengths(_PROCESSING.sub(" ", text)))
        or clause.denies
        or _OTHERS.search(text)
    ):
        return None
    if _AHEAD.search(text) or _STARTS_TO_FINISH.search(text):
        return None
    rest = URL.sub(" ", _without(text, _DONE, *(() if verb else (_ENDED,))).replace("§", " "))
    rest, _, tail = _WITH.sub("\n", rest, count=1).partition("\n")
    tasks = Tasks(numbers) if numbers and not _SPEAKS_OF_OTHERS.search(text) else tasks_in(rest)
    mark = _marked("done", tasks)
    if mark is not None and tail.strip() and _TELLING.search(tail):
        return replace(mark, evidence=tail.strip()[:LONGEST_LINE])
    return mark


_PROCESSING = pattern(
    r"要求|想法|主要|重要|摘要|纲要|需求|思想|理想|可能性|机会|社会|功能|性能|智能|能力"
)
_STARTS_TO_FINISH = pattern(r"^(?:finish|complete)\b")
_WITH = pattern(r"\bwith (?=.*\d)(?!task|number|#|the |\d|both|all)")
_SPEAKS_OF_OTHERS = pattern(
    r"除了|以外|之外|\b(?:except|all but|apart from|other than)\b|(?:昨天|前天|明天|上周)的|yesterday's"
)


def _explained(
    marks: list[Mark], places: list[Clause], rest: tuple[Clause, ...], said: str
) -> tuple[Mark, ...]:
    """Give the reports the clauses that tell more about them: evidence, or what blocks."""
    explained = []
    for number, (mark, at) in enumerate(zip(marks, places, strict=True)):
        end = places[number + 1].start if number + 1 < len(places) else len(said)
        lines = [
            clause
            for clause in rest
            if _is_telling(clause)
            and (
                at.start < clause.start < end
                or (number == 0 and clause.start < at.start and _TELLING.search(clause.text))
            )
        ]
        explained.append(_with_lines(mark, at, lines, said))
    return tuple(explained)


def _with_lines(mark: Mark, at: Clause, lines: list[Clause], said: str) -> Mark:
    link = URL.search(at.raw)
    if link is not None:
        text = link.group()
    else:
        text = said[lines[0].start : lines[-1].end] if lines else ""
    if mark.outcome == "done" and mark.evidence is None:
        return replace(mark, evidence=text[:LONGEST_LINE] or None)
    if mark.outcome == "stuck" and mark.note is None:
        return replace(mark, note=text[:LONGEST_LINE] or None)
    return mark


def _is_telling(clause: Clause) -> bool:
    if not clause.claims or _NO_EVIDENCE.match(clause.text):
        return False
    return not numbers_in(clause.text) and len(clause.text) >= 2
