"""From a sentence to tools: plain ordered rules, for when no model is there to understand it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from agent.phrases.clauses import OTHER_PEOPLE, Clause, clauses_of, without_politeness
from agent.phrases.codes import LONGEST_CODE, REVIEWS_CODE, is_code
from agent.phrases.dates import day_in
from agent.phrases.facts import asks_for_profile, fact_to_forget, facts_in, states_fact
from agent.phrases.feasts import NAMES_FEAST
from agent.phrases.good_news import tells_success
from agent.phrases.keeping import (
    asks_about_privacy,
    speaks_of_privacy,
    wants_a_person,
    wants_calendar,
    wants_to_be_forgotten,
)
from agent.phrases.mark_words import NO_MARK
from agent.phrases.marks import Marks, marks_in
from agent.phrases.outcomes import Mark, is_only_a_mark, speaks_of_marks
from agent.phrases.plan_words import (
    ASKS_FOR_PLAN,
    CURRICULA,
    CURRICULUM_NAMES,
    GO_ON,
    KNOWLEDGE,
    NEXT_WEEK,
    NOT_GO_ON,
    NOT_PROGRESS,
    NOT_START,
    OTHER_LOAD,
    PATH,
    PROGRESS,
    START,
    START_ALONE,
    THIS_WEEK,
    TODAY,
    TOMORROW,
)
from agent.phrases.questions import (
    ASSESSMENT,
    BESIDE,
    CHOOSES,
    LEAVES,
    LEAVES_NAMED,
    OFTEN_ASKED,
    RECOMMENDS,
    WEEK_REVIEW,
    WEEKLY_CHECK,
    compared_in,
    needs_before,
    practice_in,
    reading_in,
    scores_in,
    stage_in,
)
from agent.phrases.quizzes import (
    count_alone,
    interview_named,
    quiz_in,
    quiz_of,
    wants_problems,
)
from agent.phrases.reading import Unclear
from agent.phrases.rest_days import rest_days_in
from agent.phrases.reviews import (
    DECLINES,
    PUT_OFF,
    asks_about_quizzes,
    export_in,
    knows_basics,
    topic_to_review,
    wants_placement,
    wants_review,
)
from agent.phrases.short_days import minutes_today_in
from agent.phrases.small_talk import (
    BARE_HOW_TO,
    CLEARED,
    DOUBT,
    EVERY_DAY,
    EXPLAINS_OR_FINDS,
    GREETING,
    HELP,
    HOW_TO,
    IN_GROUPS,
    JOINED,
    MISTAKES,
    NEEDS_MODEL,
    NEVER_MIND,
    OPENS_TASK,
    OUT_OF_SCOPE,
    PLAYS,
    TAKEN_ALONG,
    THANKS,
    TIRED,
    WHY_OR_HOW,
)
from agent.phrases.spelling import mended, plain
from agent.phrases.tasks import numbers_in
from agent.phrases.topics import bare_name, concept_in, is_technical, topic_in
from agent.phrases.training import training_trouble_in
from agent.phrases.ways_back import way_back_in
from agent.phrases.wishes import Wishes, shows_settings, study_time_in, wishes_in
from learning.values import Language
from tools.registry import Call

LONGEST = 1000
MOST_FACTS_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Routed:
    """Either calls to make or, without any, the key of what to say.

    `is_sure` is false when the sentence was not understood; `doubtful` is then what it may mean,
    for the learner to choose from.
    """

    calls: tuple[Call, ...]
    say: str | None
    is_sure: bool
    doubtful: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence and what has been read from its clauses."""

    text: str
    clauses: tuple[Clause, ...]
    today: date
    marks: Marks = field(default_factory=Marks)
    wishes: Wishes = field(default_factory=Wishes)
    said: str = ""

    @property
    def asks(self) -> bool:
        return any(clause.asks for clause in self.clauses)


Rule = Callable[[Heard], Routed | None]


def route(
    text: str,
    today: date,
    language: Language,
    is_concept: Callable[[str], bool] | None = None,
    now: datetime | None = None,
) -> Routed:
    """Find what a learner wants; what is asked, denied or only supposed changes nothing.

    `is_concept` knows the names of concepts, so that one which says nothing else is explained.
    `now` is the learner's wall clock, for "in two hours" and "at eight".
    """
    heard = _heard(text[:LONGEST_CODE], today, language, now)
    changes = _changes(heard)
    if changes:
        rest = None if heard.wishes.args else _day_off(heard)
        besides = (*(rest.calls if rest else ()), *_asked_besides(heard))
        return Routed((*changes, *besides), None, is_sure=True)
    facts = _facts_told(text[:LONGEST])
    if facts and not _has_another_wish(heard):
        return Routed(facts, None, is_sure=True)
    routed = next((answer for rule in _RULES if (answer := rule(heard))), None)
    name = None if routed or is_concept is None else bare_name(text)
    if name is not None and is_concept is not None and is_concept(name):
        return _call("explain_concept", concept=name)
    return routed or Routed((), "unclear", is_sure=False)


def may_concern_code_or_privacy(text: str) -> bool:
    """Whether the rules can find a wish for a review in words, or a question about privacy.

    It reads a few words and no clauses, so it may say yes where `route` then finds neither.
    """
    said = mended(plain(without_politeness(text[:LONGEST])))
    return REVIEWS_CODE.search(said) is not None or speaks_of_privacy(said)


def _heard(text: str, today: date, language: Language, now: datetime | None) -> Heard:
    said = without_politeness(text[:LONGEST])
    clauses = clauses_of(said)
    # 'Skip Christmas' is a day off, and no task of that name.
    resting = tuple(one for one in clauses if _rests_at_feast(one, today))
    telling = tuple(one for one in clauses if one not in resting and not _wants_words(one))
    marks = marks_in(telling, today, said)
    wishes = wishes_in((*resting, *marks.rest, *marks.doubtful), today, language, now)
    if wishes.taken:
        telling = tuple(clause for clause in telling if clause not in wishes.taken)
        marks = marks_in(telling, today, said)
    return Heard(mended(plain(said)), clauses, today, marks, wishes, text)


def _rests_at_feast(clause: Clause, today: date) -> bool:
    return bool(NAMES_FEAST.search(clause.text)) and rest_days_in((clause,), today) is not None


def _wants_words(clause: Clause) -> bool:
    """'Explain skip connections' wants words, and skips nothing."""
    text = clause.text
    return bool(EXPLAINS_OR_FINDS.search(text) or PLAYS.search(text)) or _wants_to_be_asked(text)


def _wants_to_be_asked(text: str) -> bool:
    is_quiz = quiz_of(text) is not None or wants_review(text) or topic_to_review(text)
    is_kept = export_in(text) is not None or wants_calendar(text) or wants_to_be_forgotten(text)
    return bool(is_quiz or wants_placement(text) or is_kept)


def _changes(heard: Heard) -> tuple[Call, ...]:
    if reading_in(heard.text):
        return ()
    start = _start(heard)
    if start is not None:
        return (start,)
    way = way_back_in(heard.text)
    if way is not None:
        return (Call("change_settings", {"way_back": way}),)
    practice = _practised(heard)
    if practice:
        return (Call("log_practice", practice),)
    marks = tuple(_mark_call(mark) for mark in heard.marks.marks)
    settings = (Call("change_settings", heard.wishes.args),) if heard.wishes.args else ()
    return (*marks, *settings)


def _practised(heard: Heard) -> Mapping[str, object]:
    """What the learner says they solved themselves; nothing of what is denied or asked."""
    practice = practice_in(heard.text) or {}
    if practice.get("undo"):
        return practice
    claims = [
        clause.text
        for clause in heard.clauses
        if clause.claims and not OTHER_PEOPLE.search(clause.text)
    ]
    if len(claims) < len(heard.clauses):
        return {}
    # 刷完了，来两道题: two are wished for, not solved.
    told = [claim for claim in claims if quiz_of(claim) is None]
    if len(told) < len(claims):
        told = [claim for claim in told if count_alone(claim) is None]
        practice = practice_in(",".join(told)) or {}
    return {name: said for name, said in practice.items() if name != "list"}


def _mark_call(mark: Mark) -> Call:
    args = {
        "outcome": mark.outcome,
        "tasks": mark.tasks or None,
        "until": mark.until.isoformat() if mark.until else None,
        "evidence": mark.evidence,
        "note": mark.note,
    }
    return Call("mark_task", {name: value for name, value in args.items() if value is not None})


def _start(heard: Heard) -> Call | None:
    claims = [clause.text for clause in heard.clauses if clause.claims]
    text = ",".join(claims)
    if NOT_START.search(text) or heard.marks.marks:
        return None
    named = next((id for id, name in CURRICULUM_NAMES.items() if name.search(text)), None)
    if named is None:
        return Call("start_curriculum") if any(map(START_ALONE.search, claims)) else None
    name = CURRICULUM_NAMES[named]
    if not START.search(text) and not name.fullmatch(text.strip()):
        return None
    day = day_in(name.sub(" ", text), heard.today)
    start = {"start": day.isoformat()} if day else {}
    beside = {"beside": True} if BESIDE.search(name.sub(" ", text)) else {}
    return Call("start_curriculum", {"curriculum": named, **beside, **start, **study_time_in(text)})


def _asked_besides(heard: Heard) -> tuple[Call, ...]:
    """第一个做完了，什么是 KV cache？ The answer to a mark shows today's plan anyway."""
    calls: list[Call] = []
    for clause in heard.clauses:
        if clause.asks or _wants_words(clause):
            alone = Heard(clause.text, (clause,), heard.today)
            routed = next(
                (answer for rule in (*_SHOWING, _explained) if (answer := rule(alone))), None
            )
            calls += [call for call in routed.calls if call != _TODAYS_PLAN] if routed else []
    return tuple(calls)


def _call(tool: str, **args: object) -> Routed:
    return Routed((Call(tool, args),), None, is_sure=True)


def _say(key: str) -> Routed:
    return Routed((), key, is_sure=True)


_TODAYS_PLAN = Call("show_plan", {"span": "today"})


def _when(said: re.Pattern[str], routed: Routed, unless: re.Pattern[str] | None = None) -> Rule:
    def answered(heard: Heard) -> Routed | None:
        is_excepted = unless is not None and unless.search(heard.text)
        return routed if said.search(heard.text) and not is_excepted else None

    return answered


def _facts_told(text: str) -> tuple[Call, ...]:
    """What the learner says of themselves, with the sentence in which they said it."""
    about = fact_to_forget(text)
    if about is not None:
        return (Call("show_profile", {"about": about}),)
    if asks_for_profile(text):
        return (Call("show_profile"),)
    return tuple(
        Call("remember_fact", {"kind": kind.value, "words": words, "said": text})
        for kind, words in facts_in(text)[:MOST_FACTS_AT_ONCE]
    )


def _has_another_wish(heard: Heard) -> bool:
    """我想转行做 AI，推荐路线: what is asked for goes before what could be noted."""
    others = [clause for clause in heard.clauses if not states_fact(clause)]
    alone = [Heard(clause.text, (clause,), heard.today) for clause in others]
    return any(rule(one) for one in alone for rule in _SHOWING)


def _settings_shown(heard: Heard) -> Routed | None:
    return _call("change_settings") if shows_settings(heard.clauses) else None


def _settings_unclear(heard: Heard) -> Routed | None:
    match heard.wishes.unclear:
        case Unclear.WEEK:
            return _say("ask_settings")
        case Unclear.SETTINGS:
            return _call("change_settings")
        case _:
            return None


def _day_off(heard: Heard) -> Routed | None:
    """A day off to come; nothing changes before a yes."""
    rest = rest_days_in(heard.clauses, heard.today)
    if rest is None:
        return None
    days = {"days": rest.days} if rest.days > 1 else {}
    return _call("take_day_off", day=rest.day.isoformat(), **days)


def _short_day(heard: Heard) -> Routed | None:
    minutes = minutes_today_in(heard.text)
    return _call("show_plan", span="today", minutes=minutes) if minutes else None


def _curriculum_asked_about(heard: Heard) -> Routed | None:
    is_named = any(name.search(heard.text) for name in CURRICULUM_NAMES.values())
    is_start = START_ALONE.search(heard.text.rstrip("?吗"))
    return _call("list_curricula") if is_named or is_start else None


def _practice_shown(heard: Heard) -> Routed | None:
    practice = practice_in(heard.text)
    is_shown = practice is not None and practice.keys() <= {"list"}
    return _call("log_practice", **practice) if practice is not None and is_shown else None


def _compared(heard: Heard) -> Routed | None:
    pair = compared_in(heard.text)
    if pair is None:
        return None
    return _call("explain_concept", concept=pair[0], compare_with=pair[1])


def _before(heard: Heard) -> Routed | None:
    concept = needs_before(heard.text)
    if concept is None:
        return None
    return _call("explain_concept", concept=concept, aspect="prerequisites")


def _often_asked(heard: Heard) -> Routed | None:
    return _call("answer_faq", question=heard.text) if OFTEN_ASKED.search(heard.text) else None


def _exported(heard: Heard) -> Routed | None:
    found = (export_in(clause.text) for clause in heard.clauses)
    args = next((args for args in found if args is not None), None)
    return _call("export_data", **args) if args is not None else None


def _taken_to_calendar(heard: Heard) -> Routed | None:
    is_wished = any(wants_calendar(clause.text) for clause in heard.clauses)
    return _call("export_calendar") if is_wished else None


def _forgotten(heard: Heard) -> Routed | None:
    """The first step, which erases nothing; a yes is a button's."""
    is_wished = any(wants_to_be_forgotten(clause.text) for clause in heard.clauses)
    return _call("forget_me") if is_wished else None


def _privacy(heard: Heard) -> Routed | None:
    is_asked = any(asks_about_privacy(clause.text) for clause in heard.clauses)
    return _say("privacy") if is_asked else None


def _person(heard: Heard) -> Routed | None:
    is_wished = any(wants_a_person(clause.text) for clause in heard.clauses)
    return _call("ask_human") if is_wished else None


def _placed(heard: Heard) -> Routed | None:
    knows = knows_basics(heard.text)
    is_wished = any(wants_placement(clause.text, knows_basics=knows) for clause in heard.clauses)
    return _call("take_placement") if is_wished else None


def _reviewed(heard: Heard) -> Routed | None:
    is_wished = any(wants_review(clause.text) for clause in heard.clauses)
    return _call("start_review") if is_wished else None


def _quizzed(heard: Heard) -> Routed | None:
    kind = None if heard.asks else interview_named(heard.text)
    if kind is not None:
        return _call("start_interview", kind=kind)
    quiz = quiz_in([clause.text for clause in heard.clauses])
    if quiz is None:
        return None
    if "interview" not in quiz:
        return _call("start_quiz", **quiz)
    # An interview has one question, however many were wished for.
    topic = {"topic": quiz["topic"]} if "topic" in quiz else {}
    return _call("start_interview", kind=quiz["interview"], **topic)


def _topic_reviewed(heard: Heard) -> Routed | None:
    topics = (topic_to_review(clause.text) for clause in heard.clauses)
    topic = next(filter(None, topics), None)
    return _call("start_quiz", topic=topic) if topic else None


def _problems_wanted(heard: Heard) -> Routed | None:
    return _call("log_practice") if wants_problems(heard.text) else None


def _quiz_declined(heard: Heard) -> Routed | None:
    return _say("tired") if DECLINES.search(heard.text) else None


def _quiz_asked_about(heard: Heard) -> Routed | None:
    is_asked = any(clause.asks and asks_about_quizzes(clause.text) for clause in heard.clauses)
    is_told = PUT_OFF.search(heard.text) or is_asked
    return _call("show_help") if is_told else None


def _read(heard: Heard) -> Routed | None:
    part = reading_in(heard.text)
    return _call("show_plan", span="path", part=part) if part else None


def _stage(heard: Heard) -> Routed | None:
    number = stage_in(heard.text)
    return _call("show_plan", span="path", part=number) if number else None


def _left(heard: Heard) -> Routed | None:
    """不学九大阶段了; a yes is asked for first."""
    text = heard.text
    named = next((id for id, name in CURRICULUM_NAMES.items() if name.search(text)), None)
    if named is None or heard.asks:
        return None
    rest = CURRICULUM_NAMES[named].sub(" ", text)
    return _call("leave_curriculum", curriculum=named) if LEAVES_NAMED.search(rest) else None


def _task_opened(heard: Heard) -> Routed | None:
    """怎么做第二个, details of task 2: the task with its steps."""
    numbers = numbers_in(heard.text)
    number = numbers[0] if len(numbers) == 1 else None
    bare = BARE_HOW_TO.match(heard.text.strip())
    if bare is not None:
        number = bare["number"]
    elif not OPENS_TASK.search(heard.text):
        return None
    return _call("show_plan", span="today", part=number) if number else None


def _week_reviewed(heard: Heard) -> Routed | None:
    """总结一下这周, unless it comes with points, which the weekly check takes."""
    is_wished = WEEK_REVIEW.search(heard.text) and not scores_in(heard.text)
    return _call("review_week") if is_wished else None


def _code_pasted(heard: Heard) -> Routed | None:
    """Code in the message, fenced or bare, or a wish to have some looked at."""
    if is_code(heard.said):
        return _call("review_code", code=heard.said[:LONGEST_CODE])
    return _call("review_code") if REVIEWS_CODE.search(heard.text) else None


def _weekly_check(heard: Heard) -> Routed | None:
    if not WEEKLY_CHECK.search(heard.text):
        return None
    scores = scores_in(heard.text)
    return _call("weekly_check", answers=scores) if scores else _call("weekly_check")


def _days_to_come(heard: Heard) -> Routed | None:
    """Tomorrow, this week, next week; a single day is shown with its week."""
    text = heard.text
    if not ASKS_FOR_PLAN.search(text) or speaks_of_marks(text):
        return None
    if NEXT_WEEK.search(text):
        return _call("show_plan", span="next_week")
    if THIS_WEEK.search(text):
        return _call("show_plan", span="week")
    if TOMORROW.search(text):
        return _call("show_plan", span="tomorrow")
    day = day_in(text, heard.today)
    monday = heard.today + timedelta(days=7 - heard.today.weekday())
    if day is None or not heard.today < day < monday + timedelta(days=7):
        return None
    return _call("show_plan", span="week" if day < monday else "next_week")


def _found(heard: Heard) -> Routed | None:
    topic = topic_in(heard.text)
    return _call("find_resources", query=topic) if topic else None


def _explained(heard: Heard) -> Routed | None:
    concept = concept_in(heard.clauses, heard.text)
    if concept is None or is_only_a_mark(concept) or numbers_in(concept):
        return None
    return _call("explain_concept", concept=concept)


def _explained_as_asked(heard: Heard) -> Routed | None:
    return _explained(heard) if any(map(_wants_words, heard.clauses)) else None


def _plainly_tired(heard: Heard) -> Routed | None:
    return _say("tired") if TIRED.search(heard.text) and not heard.asks else None


def _marks_in_doubt(heard: Heard) -> Routed | None:
    """A mark that is asked about, denied or unclear: the plan with its buttons is honest."""
    if NO_MARK.search(heard.text) or NOT_GO_ON.search(heard.text):
        return None
    numbers = numbers_in(heard.text)
    if not (numbers or heard.marks.doubtful or speaks_of_marks(heard.text)):
        return None
    if WHY_OR_HOW.search(heard.text) and not numbers:
        is_how_to = HOW_TO.search(heard.text) and not is_technical(heard.text, asks=True)
        return _call("show_help") if is_how_to else None
    return Routed((_TODAYS_PLAN,), None, is_sure=True)


def _solved(heard: Heard) -> Routed | None:
    """Got it working; whether its task is done is a button's."""
    return _call("hear_good_news") if tells_success(heard.text) else None


def _training_trouble(heard: Heard) -> Routed | None:
    """Val accuracy stuck at 52%: a question about training, and no task is stuck."""
    concept = training_trouble_in(heard.text)
    return _call("explain_concept", concept=concept) if concept else None


def _technical(heard: Heard) -> Routed | None:
    return _say("needs_model") if is_technical(heard.text, asks=heard.asks) else None


# Rules are read from top to bottom; the first that answers wins.
_SHOWING: tuple[Rule, ...] = (
    _when(OUT_OF_SCOPE, _say("out_of_scope")),
    _exported,
    _taken_to_calendar,
    _forgotten,
    _privacy,
    _person,
    _placed,
    _quizzed,
    _reviewed,
    _topic_reviewed,
    _problems_wanted,
    _read,
    _when(HELP, _call("show_help")),
    _code_pasted,
    _practice_shown,
    _when(MISTAKES, _say("mistakes")),
    _when(IN_GROUPS, _say("groups")),
    _when(EVERY_DAY, _say("daily_quiz")),
    _when(TAKEN_ALONG, _call("export_data")),
    _when(CLEARED, _call("forget_me")),
    _when(JOINED, _call("link_accounts")),
    _week_reviewed,
    _when(NEEDS_MODEL, _say("needs_model")),
    _weekly_check,
    _when(ASSESSMENT, _call("assess_stage")),
    _stage,
    _left,
    _when(LEAVES, _call("leave_curriculum")),
    _when(RECOMMENDS, _call("recommend_curriculum")),
    _when(CHOOSES, _call("choose_option")),
    _often_asked,
    _when(DOUBT, _say("doubt")),
    _quiz_declined,
    _quiz_asked_about,
    _compared,
    _before,
    _settings_shown,
    _when(OTHER_LOAD, _say("ask_settings")),
    _task_opened,
    _when(PATH, _call("show_plan", span="path")),
    _when(CURRICULA, _call("list_curricula")),
    _curriculum_asked_about,
    _when(KNOWLEDGE, _call("show_progress", of="knowledge"), unless=NOT_PROGRESS),
    _when(PROGRESS, _call("show_progress"), unless=NOT_PROGRESS),
    _found,
    _explained_as_asked,
    _plainly_tired,
    _days_to_come,
    _when(TODAY, _call("show_plan", span="today")),
)
_RULES: tuple[Rule, ...] = (
    _when(GREETING, _say("greeting")),
    _when(THANKS, _say("thanks")),
    _when(NEVER_MIND, _say("never_mind")),
    _solved,
    _training_trouble,
    _day_off,
    _short_day,
    _settings_unclear,
    *_SHOWING,
    _when(TIRED, _say("tired")),
    _explained,
    _when(GO_ON, _call("show_plan", span="today"), unless=NOT_GO_ON),
    _marks_in_doubt,
    _technical,
)
