"""The call that an intent stands for, with what the sentence says besides.

What would change something is called with values only where the sentence holds ones that the
phrases can read; otherwise in the form that shows, or asks. None means that nothing can be called.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from agent.phrases.amounts import days_in
from agent.phrases.clauses import OTHER_PEOPLE, Clause, clauses_of
from agent.phrases.codes import LONGEST_CODE
from agent.phrases.dates import WRITTEN_DATE, day_in, find_day
from agent.phrases.mark_words import (
    AHEAD,
    COMMANDS_TO_ONESELF,
    HEDGES,
    NOT_LATER,
    NOT_QUITE,
    NOT_STUCK,
    NOT_UNDO,
    OF_PUSHES,
)
from agent.phrases.marks import SOLVED
from agent.phrases.pauses import pause_or_resume
from agent.phrases.plan_words import CURRICULUM_NAMES
from agent.phrases.pushes import push_time, pushes_on_or_off, quiet_days, quiet_hours, snooze
from agent.phrases.questions import (
    BESIDE,
    compared_in,
    list_in,
    needs_before,
    practice_in,
    scores_in,
)
from agent.phrases.quizzes import NOT_NOW, count_in, genre_of, quiz_of, topic_of
from agent.phrases.reading import Said
from agent.phrases.reviews import DECLINES
from agent.phrases.short_days import minutes_today_in
from agent.phrases.spelling import pattern, words
from agent.phrases.tasks import COUNTED, is_elsewhere, numbers_in, without_lengths
from agent.phrases.topics import bare_name, concept_in, kinds_wanted, search_words
from agent.phrases.training import is_training_trouble
from agent.phrases.ways_back import way_back_in
from agent.phrases.wishes import steady_time_in, study_time_in
from agent.phrases.zones import zone_in
from agent.understanding.lexicon import Lexicon, spelled
from agent.understanding.names import CONCEPT, PROBLEM
from learning.values import Language
from tools.registry import Call


@dataclass(frozen=True, slots=True)
class Sentence:
    """`said` is as written; `text` in one spelling, slips mended, without politeness."""

    said: str
    text: str
    clauses: tuple[Clause, ...]
    today: date
    language: Language
    names: Lexicon
    now: datetime | None

    def named(self, sign: str, *, are_joined: bool = True) -> tuple[str, ...]:
        """The names in it, as written; neighbours that only a blank parts may be one name."""
        found: list[tuple[int, int]] = []
        for each in self.names.find(spelled(self.text)):
            if sign not in each.signs:
                continue
            is_next = are_joined and found and not self.text[found[-1][1] : each.start].strip()
            if is_next:
                found[-1] = (found[-1][0], each.end)
            else:
                found.append((each.start, each.end))
        return tuple(dict.fromkeys(self.text[start:end] for start, end in found))

    @property
    def asks(self) -> bool:
        return any(one.asks for one in self.clauses)

    @property
    def claims(self) -> bool:
        """Whether the learner speaks of themselves, and asks, denies or supposes nothing."""
        is_open = any(one.asks or one.supposes or one.denies for one in self.clauses)
        return not (is_open or OTHER_PEOPLE.search(self.text))

    @property
    def wishes(self) -> bool:
        """Whether something may begin now: nothing is denied, put off, told, or only asked about.

        怎么导出, 明天考我, 我同事要面试 and no more quizzes begin nothing.
        """
        others = (OTHER_PEOPLE, NOT_NOW, _ASKED_ABOUT, _TOLD, _REFUSED, DECLINES)
        return not any(other.search(self.text) for other in others)


# 没什么 may be denied, 没做过的题 not.
_ASKED_ABOUT = words(
    "为什么|为啥|怎么(?![样么])|如何|什么时候|多久|[难贵]吗|有什么用|是什么意思",
    r"why|how (?:do|does|can|to|often|long)|when (?:do|does|is|will)|what for|hard",
)
_REFUSED = words("^(?:请|你|先)*(?:别|不要|不想|不用)", "(?:do not|don'?t|never)")
_TOLD = words(
    "[做考复面练刷]了|过了|昨|前天|上周|了[。!]?$|错了|我(?:想)?给[你他她]|给同",
    r"i (?:was|had|failed|passed|reviewed|did|went|wrote|exported)|yesterday|last (?:week|night)",
)
_Slots = Callable[[Sentence], Mapping[str, object] | None]
# A task's number, and no amount: 2 was hard, but not 2 hours, 3 道 or x2.
_NUMBER = re.compile(
    r"(?<![\w.:/-])[1-9](?![\d.:%/]|[a-z]|\s*(?:%|[个点分天周月年次遍道题张页章节轮份层维倍]|小时"
    r"|hours?|hrs?|min|days?|weeks?|times|pages?|epochs?|problems?|questions?|of\b|more\b))",
    re.IGNORECASE,
)
_ALL = words("全部?|都|所有|一切|统统", "all|everything|both")
_STAGE = pattern(
    r"第\s*(?P<zh>[一二三四五六七八九十]|\d{1,2})\s*个?(?:大)?阶段"
    r"|\bstage\s*#?(?P<en>\d{1,2}|one|two|three|four|five|six|seven|eight|nine)\b"
    r"|\b(?P<nth>first|second|third|fourth|fifth) stage\b"
)
_COUNTING = {
    word: str(number)
    for number, each in enumerate(
        (
            "一 one first",
            "二 two second",
            "三 three third",
            "四 four fourth",
            "五 five fifth",
            "六 six",
            "七 seven",
            "八 eight",
            "九 nine",
            "十 ten",
        ),
        1,
    )
    for word in each.split()
}
_AROUND_NAME = words(
    "到底|究竟|这个|那个|个|…|那|东西|玩意儿?|概念|是|的|呢|啊|一下|具体|具体来说",
    r"is|are|what|the|an?|this|that|thing|exactly|really|like i'?m (?:five|5)|please|pls|means?",
)
_TILL = words("到|回来|再", r"till|until|back|return\w*")
# An English phrase, or Chinese of which nothing says that it goes on in a sentence.
_ONLY_WORDS = re.compile(r"[\w+#./ -]+", re.ASCII)
_AS_CSV = words("表格|电子表", r"csv|excel|tsv|spreadsheet|xlsx?")
_AS_DECK = words("牌组|卡组|卡片?", r"anki|deck|apkg|(?:flash ?)?cards?")
_CODE = pattern(r"```|\n|\w\(.*\)|=\s*\S|\bdef \w|\bimport \w")


def _nothing(_: Sentence) -> Mapping[str, object]:
    return {}


def _path(sentence: Sentence) -> Mapping[str, object]:
    found = _STAGE.search(sentence.text)
    if found is None:
        return {"span": "path"}
    number = (found["zh"] or found["en"] or found["nth"]).lower()
    return {"span": "path", "part": _COUNTING.get(number, number)}


def _task(sentence: Sentence) -> Mapping[str, object]:
    numbers = task_numbers(sentence.text)
    return {"span": "today", "part": numbers[0]} if len(set(numbers)) == 1 else {"span": "today"}


def _search(sentence: Sentence) -> Mapping[str, object] | None:
    query = searched_for(search_words(sentence.text) or "", sentence)
    return {"query": query} if query else None


def searched_for(query: str, sentence: Sentence) -> str:
    """A topic with other words around it is the concept in it, and the kind that is wanted."""
    named = sentence.named(CONCEPT)
    kinds = kinds_wanted(sentence.text)
    bare = " ".join(word for word in query.split() if word not in kinds)
    is_plain = bare in named or (bare and not any(name in bare for name in named))
    is_topic = len(bare.split()) <= 3 and _ONLY_WORDS.fullmatch(bare)
    if not named or len(named) > 2 or is_plain or is_topic:
        return query
    return " ".join((*named, *kinds))


def completed(call: Call, sentence: Sentence) -> Call:
    """A call of the rules', with what they left out or took in too much."""
    args = dict(call.args)
    match call.tool:
        case "show_plan" if args == {"span": "today"}:
            minutes = minutes_today_in(sentence.text)
            args |= {"minutes": minutes} if minutes else {}
        case "explain_concept" if is_training_trouble(sentence.text):
            pass
        case "explain_concept" if set(args) == {"concept"}:
            args["concept"] = explained(str(args["concept"]), sentence)
        case "find_resources":
            args["query"] = searched_for(str(args["query"]), sentence)
        case "start_quiz":
            args |= _topic(sentence)
        case "answer_faq":
            args["question"] = sentence.said
        case "export_data":
            args.setdefault("format", "all")
        case "start_interview" if args.get("kind") == "any":
            del args["kind"]
        case "log_practice" if not args:
            args = dict(list_in(sentence.text))
        case "change_settings" if args.get("pause"):
            args = _with_length(args, sentence)
        case "mark_task" if not args.keys() & {"tasks", "evidence", "note"}:
            numbers = task_numbers(sentence.text)
            args |= {"tasks": numbers} if numbers else {}
    return Call(call.tool, args)


def _concept(sentence: Sentence) -> Mapping[str, object] | None:
    asked = concept_in(sentence.clauses, sentence.text)
    name = explained(asked, sentence) or bare_name(sentence.text)
    return {"concept": name} if name else None


def explained(asked: str | None, sentence: Sentence) -> str | None:
    """The concept that is named when what is asked for names none, or has only words around it."""
    named = sentence.named(CONCEPT)
    if len(named) != 1 or asked == named[0]:
        return asked
    if asked is None or named[0] not in asked:
        return named[0]
    if len(set(named[0].lower().split())) == 1:
        named = (named[0].split()[0],)
    around = _AROUND_NAME.sub("", asked.replace(named[0], " "))
    is_long = len(asked.split()) > 4 if asked.isascii() else len(asked) - len(named[0]) > 4
    return asked if any(map(str.isalnum, around)) and not is_long else named[0]


def _compared(sentence: Sentence) -> Mapping[str, object] | None:
    named = sentence.named(CONCEPT, are_joined=False)
    pair = named if len(named) == 2 else compared_in(sentence.text)
    return {"concept": pair[0], "compare_with": pair[1]} if pair else None


def _with_length(args: dict[str, object], sentence: Sentence) -> dict[str, object]:
    """我要出差，三天不学，先停一下: how long a pause is may be said elsewhere in the sentence."""
    if args.keys() & {"pause_days", "pause_until"}:
        return {name: value for name, value in args.items() if name != "pause"}
    found = find_day(sentence.text, sentence.today)
    if found is not None and found.day > sentence.today and _TILL.search(sentence.text):
        return {**_without_pause(args), "pause_until": found.day.isoformat()}
    days = days_in(sentence.text)
    return {**_without_pause(args), "pause_days": days} if days and days <= 365 else args


def _without_pause(args: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in args.items() if name != "pause"}


def _before(sentence: Sentence) -> Mapping[str, object] | None:
    named = sentence.named(CONCEPT)
    name = needs_before(sentence.text) or (named[0] if named else None)
    return {"concept": name, "aspect": "prerequisites"} if name else None


def _question(sentence: Sentence) -> Mapping[str, object]:
    return {"question": sentence.said}


def _topic(sentence: Sentence) -> Mapping[str, object]:
    named = [one for one in sentence.named(CONCEPT) if topic_of(one)]
    return {"topic": named[0]} if len(named) == 1 else {}


def _quiz(sentence: Sentence) -> Mapping[str, object]:
    known = next((quiz for one in sentence.clauses if (quiz := quiz_of(one.text))), None)
    if known and "interview" not in known:
        return known
    count = count_in(sentence.text)
    return {**_topic(sentence), **({"count": count} if count else {})}


def _interview(sentence: Sentence) -> Mapping[str, object]:
    kind = genre_of(sentence.text)
    topic = _topic(sentence) if kind == "any" else {}
    return topic if kind == "any" else {"kind": kind}


def _code(sentence: Sentence) -> Mapping[str, object]:
    return {"code": sentence.said[:LONGEST_CODE]} if _CODE.search(sentence.said) else {}


def _scores(sentence: Sentence) -> Mapping[str, object]:
    scores = scores_in(sentence.text)
    return {"answers": scores} if scores else {}


def _export(sentence: Sentence) -> Mapping[str, object]:
    if _AS_CSV.search(sentence.text):
        return {"format": "csv"}
    return {"format": "anki" if _AS_DECK.search(sentence.text) else "all"}


def _curriculum(sentence: Sentence) -> str | None:
    named = [id for id, name in CURRICULUM_NAMES.items() if name.search(sentence.text)]
    return named[0] if len(named) == 1 else None


def _leaving(sentence: Sentence) -> Mapping[str, object]:
    named = _curriculum(sentence)
    return {"curriculum": named} if named else {}


def _starting(sentence: Sentence) -> Mapping[str, object]:
    named = _curriculum(sentence)
    if named is None or not sentence.claims:
        return {}
    rest = CURRICULUM_NAMES[named].sub(" ", sentence.text)
    day = day_in(rest, sentence.today)
    start = {"start": day.isoformat()} if day else {}
    beside = {"beside": True} if BESIDE.search(rest) else {}
    return {"curriculum": named, **beside, **start, **study_time_in(rest)}


_NO_MARKS = {
    "done": (NOT_QUITE, AHEAD, HEDGES, COMMANDS_TO_ONESELF, OF_PUSHES, COUNTED),
    "later": (NOT_LATER, HEDGES, OF_PUSHES),
    "stuck": (NOT_STUCK, SOLVED),
    "undo": (NOT_UNDO, OF_PUSHES),
}


def task_numbers(text: str) -> tuple[str, ...]:
    """Task numbers of a sentence that is known to speak of tasks: bare digits count as well."""
    numbers = numbers_in(text)
    if numbers:
        return numbers
    return tuple(dict.fromkeys(_NUMBER.findall(without_lengths(text))))


def _marked(outcome: str) -> _Slots:
    def marked(sentence: Sentence) -> Mapping[str, object] | None:
        if any(one.asks or one.supposes for one in sentence.clauses):
            return None
        if is_elsewhere(sentence.text) or OTHER_PEOPLE.search(sentence.text):
            return None
        if any(other.search(sentence.text) for other in _NO_MARKS[outcome]):
            return None
        if outcome == "done" and not sentence.claims:
            return None
        found: dict[str, object] = {"outcome": outcome}
        numbers = task_numbers(sentence.text)
        if numbers:
            found["tasks"] = numbers
        elif outcome in {"done", "later"} and _ALL.search(sentence.text):
            found["tasks"] = ("all",)
        if outcome == "later":
            day = find_day(sentence.text, sentence.today)
            if day is None and WRITTEN_DATE.search(sentence.text):
                return None
            if day is not None and day.day > sentence.today:
                found["until"] = day.day.isoformat()
        return found

    return marked


def _practice(sentence: Sentence) -> Mapping[str, object] | None:
    known = practice_in(sentence.text)
    if known is not None and not OTHER_PEOPLE.search(sentence.text):
        return known
    if OTHER_PEOPLE.search(sentence.text):
        return {}
    titles = sentence.named(PROBLEM)
    if not titles or not sentence.claims:
        return {}
    return {"problems": (*titles, *_NUMBER_BESIDE.findall(sentence.text))}


# 两数之和和15, two sum and 15: the number of one more problem, and no amount of anything.
_NUMBER_BESIDE = pattern(
    r"(?:\band\b|[和跟与、,，&+]|还有)\s*(?:第|no\.? ?|#|lc ?|leetcode ?)?(\d{1,4})(?![\w.:%])"
    r"(?!\s*(?:分|小时|个|道|天|次|遍|点|块|题量|h\b|hours?|min|m\b|times|problems?|more|others?))"
)


# Hours of something else, of once, or said to be wrong without saying what would be right.
_NO_SETTING = words(
    """
    以前|之前|曾经|原来|本来|昨|上周|太[多少](?!.*改)|不?够|合适|睡|上班|工作(?!日)|训练|通勤|[跑写看读]|论文|翻译|视频|书|对象|学英|学中
    """,
    r"used to|was|were|yesterday|last|too (?:much|many|little|few)|enough|sleep|work(?!days?)"
    r"|commute|train\w*|paper|book|video|translat\w+|learn",
)


# 能不能改成十点 is a wish, asked politely.
_WISHED = pattern(
    r"能不能|可不可以|能否|可否|[,，]?\s*(?:可以|行|好|行不行|好不好)[吗么]?\s*\??$"
    r"|^(?:can|could|would) (?:you|we)\b|\?$"
)
_REFUSES = words("别|没|不", r"don'?t|do not|never|no|not|without")


def _setting(*readers: Callable[[str, Sentence], Said], refuses: bool = False) -> _Slots:
    """What the readers make of it; each is given its subject, which the sentence may leave out."""

    def setting(sentence: Sentence) -> Mapping[str, object]:
        if OTHER_PEOPLE.search(sentence.text) or _NO_SETTING.search(sentence.text):
            return {}
        if not refuses and _REFUSES.search(_WISHED.sub("", sentence.text)):
            return {}
        wished = _WISHED.sub("", sentence.text)
        claims = [one.text for one in clauses_of(wished) if one.claims]
        if not claims:
            return {}
        for read in readers:
            said = read(",".join(claims), sentence)
            if isinstance(said, Mapping) and said:
                return said
        return {}

    return setting


def _language(text: str, _: Sentence) -> Said:
    chinese = re.search("中文|汉语|普通话|国语|chinese|mandarin|中国话", text, re.IGNORECASE)
    english = re.search("英文|英语|english", text, re.IGNORECASE)
    if bool(chinese) == bool(english):
        return None
    return {"language": "zh" if chinese else "en"}


def _pause(text: str, sentence: Sentence) -> Said:
    """A pause of so many days, or until a day; without either it is asked about."""
    said = pause_or_resume(f"暂停 {text}", sentence.today)
    has_length = isinstance(said, Mapping) and said.keys() & {"pause_days", "pause_until"}
    return said if has_length else None


def _resume(text: str, sentence: Sentence) -> Said:
    """Only now: one that is for later cannot be set."""
    return {"resume": True} if day_in(text, sentence.today) in {None, sentence.today} else None


def _zone(text: str, _: Sentence) -> Said:
    zone = zone_in(text)
    return {"zone": zone} if zone else None


def _way_back(sentence: Sentence) -> Mapping[str, object]:
    way = way_back_in(sentence.text)
    return {"way_back": way} if way else {}


_SLOTS: Mapping[str, tuple[str, _Slots]] = {
    "show_plan.today": ("show_plan", lambda _: {"span": "today"}),
    "show_plan.tomorrow": ("show_plan", lambda _: {"span": "tomorrow"}),
    "show_plan.week": ("show_plan", lambda _: {"span": "week"}),
    "show_plan.next_week": ("show_plan", lambda _: {"span": "next_week"}),
    "show_plan.path": ("show_plan", _path),
    "show_plan.task": ("show_plan", _task),
    "mark_task.done": ("mark_task", _marked("done")),
    "mark_task.later": ("mark_task", _marked("later")),
    "mark_task.stuck": ("mark_task", _marked("stuck")),
    "mark_task.undo": ("mark_task", _marked("undo")),
    "log_practice": ("log_practice", _practice),
    "find_resources": ("find_resources", _search),
    "explain_concept": ("explain_concept", _concept),
    "explain_concept.compare": ("explain_concept", _compared),
    "explain_concept.prerequisites": ("explain_concept", _before),
    "answer_faq": ("answer_faq", _question),
    "start_quiz": ("start_quiz", _quiz),
    "start_interview": ("start_interview", _interview),
    "review_code": ("review_code", _code),
    "weekly_check": ("weekly_check", _scores),
    "start_curriculum": ("start_curriculum", _starting),
    "leave_curriculum": ("leave_curriculum", _leaving),
    "export_data": ("export_data", _export),
    "change_settings.show": ("change_settings", _nothing),
    "change_settings.time": (
        "change_settings",
        _setting(lambda text, _: push_time(f"推送 {text}")),
    ),
    "change_settings.pace": ("change_settings", _setting(lambda text, _: steady_time_in(text))),
    "change_settings.zone": ("change_settings", _setting(_zone)),
    "change_settings.way_back": ("change_settings", _way_back),
    "change_settings.language": ("change_settings", _setting(_language)),
    "change_settings.pause": (
        "change_settings",
        _setting(_pause),
    ),
    "change_settings.resume": ("change_settings", _setting(_resume)),
    "change_settings.snooze": (
        "change_settings",
        _setting(lambda text, one: snooze(f"再提醒我 {text}", one.now, one.today)),
    ),
    "change_settings.quiet": (
        "change_settings",
        _setting(
            lambda text, _: quiet_days(text),
            lambda text, _: quiet_hours(f"免打扰 {text}"),
            lambda text, _: pushes_on_or_off(text),
            refuses=True,
        ),
    ),
}


def call_of(intent: str, sentence: Sentence) -> Call | None:
    """The call that an intent stands for; None for words, and for what cannot be called."""
    if intent.startswith("say.") or intent in {"nothing", "remember_fact"}:
        return None
    tool, slots = _SLOTS.get(intent, (intent, _nothing))
    args = slots(sentence)
    return Call(tool, args) if args is not None else None
