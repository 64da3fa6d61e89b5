"""The call that an intent stands for, with what the sentence says besides.

What would change something is called with values only where the sentence holds ones that the
phrases can read; otherwise in the form that shows, or asks. None means that nothing can be called.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from agent.phrases.clauses import OTHER_PEOPLE, Clause
from agent.phrases.dates import day_in, find_day
from agent.phrases.pauses import pause_or_resume
from agent.phrases.plan_words import CURRICULUM_NAMES
from agent.phrases.pushes import push_time, pushes_on_or_off, quiet_days, quiet_hours, snooze
from agent.phrases.questions import BESIDE, compared_in, needs_before, practice_in, scores_in
from agent.phrases.quizzes import count_in, genre_of, quiz_of, topic_of
from agent.phrases.reading import Said
from agent.phrases.spelling import pattern, words
from agent.phrases.tasks import numbers_in
from agent.phrases.topics import bare_name, concept_in, search_words
from agent.phrases.ways_back import way_back_in
from agent.phrases.wishes import study_time_in
from agent.phrases.zones import zone_in
from agent.understanding.lexicon import Lexicon, spelled
from agent.understanding.names import CONCEPT, PROBLEM
from learning.values import Language
from tools.registry import Call

LONGEST_NOTE = 1000


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

    def named(self, sign: str) -> tuple[str, ...]:
        """The names in it, as written; neighbours that only a blank parts are one name."""
        found: list[tuple[int, int]] = []
        for each in self.names.find(spelled(self.text)):
            if sign not in each.signs:
                continue
            is_next = found and not self.text[found[-1][1] : each.start].strip()
            if is_next:
                found[-1] = (found[-1][0], each.end)
            else:
                found.append((each.start, each.end))
        return tuple(dict.fromkeys(self.text[start:end] for start, end in found))

    @property
    def claims(self) -> bool:
        """Whether the learner speaks of themselves, and asks, denies or supposes nothing."""
        is_open = any(one.asks or one.supposes or one.denies for one in self.clauses)
        return not (is_open or OTHER_PEOPLE.search(self.text))


_Slots = Callable[[Sentence], Mapping[str, object] | None]
_NUMBER = re.compile(r"(?<![\d.])[1-9](?![\d.%]|\s*(?:%|点|小时|分钟|天|周|月|个月))")
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
    numbers = numbers_in(sentence.text) or tuple(_NUMBER.findall(sentence.text))
    return {"span": "today", "part": numbers[0]} if len(set(numbers)) == 1 else {"span": "today"}


def _search(sentence: Sentence) -> Mapping[str, object] | None:
    query = search_words(sentence.text)
    return {"query": query} if query else None


def _concept(sentence: Sentence) -> Mapping[str, object] | None:
    asked = concept_in(sentence.clauses, sentence.text)
    named = sentence.named(CONCEPT)
    if asked is None and len(named) == 1:
        asked = named[0]
    name = asked or bare_name(sentence.text)
    return {"concept": name} if name else None


def _compared(sentence: Sentence) -> Mapping[str, object] | None:
    pair = compared_in(sentence.text) or sentence.named(CONCEPT)
    return {"concept": pair[0], "compare_with": pair[1]} if len(pair) == 2 else None


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
    return {"kind": kind, **topic}


def _code(sentence: Sentence) -> Mapping[str, object]:
    return {"code": sentence.said} if _CODE.search(sentence.said) else {}


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


def _marked(outcome: str) -> _Slots:
    def marked(sentence: Sentence) -> Mapping[str, object] | None:
        if any(one.asks or one.supposes for one in sentence.clauses):
            return None
        if outcome == "done" and not sentence.claims:
            return None
        found: dict[str, object] = {"outcome": outcome}
        numbers = numbers_in(sentence.text)
        if numbers:
            found["tasks"] = numbers
        elif outcome in {"done", "later"} and _ALL.search(sentence.text):
            found["tasks"] = ("all",)
        if outcome == "later":
            day = find_day(sentence.text, sentence.today)
            if day is not None and day.day > sentence.today:
                found["until"] = day.day.isoformat()
        if outcome == "stuck" and not numbers:
            found["note"] = sentence.said[:LONGEST_NOTE]
        return found

    return marked


def _practice(sentence: Sentence) -> Mapping[str, object] | None:
    known = practice_in(sentence.text)
    if known is not None:
        return known
    titles = sentence.named(PROBLEM)
    return {"problems": titles} if titles and sentence.claims else {}


def _setting(*readers: Callable[[str, Sentence], Said]) -> _Slots:
    """What the readers make of it; each is given its subject, which the sentence may leave out."""

    def setting(sentence: Sentence) -> Mapping[str, object]:
        if OTHER_PEOPLE.search(sentence.text) or any(
            one.supposes or one.asks for one in sentence.clauses
        ):
            return {}
        for read in readers:
            said = read(sentence.text, sentence)
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
    "change_settings.pace": ("change_settings", _setting(lambda text, _: study_time_in(text))),
    "change_settings.zone": ("change_settings", _setting(_zone)),
    "change_settings.way_back": ("change_settings", _way_back),
    "change_settings.language": ("change_settings", _setting(_language)),
    "change_settings.pause": (
        "change_settings",
        _setting(lambda text, one: pause_or_resume(f"暂停 {text}", one.today)),
    ),
    "change_settings.resume": ("change_settings", _setting(lambda *_: {"resume": True})),
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
