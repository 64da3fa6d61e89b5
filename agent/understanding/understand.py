"""What a sentence wants: the rules and the reader together, and a question where they doubt."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from agent.phrases.clauses import clauses_of, without_politeness
from agent.phrases.outcomes import speaks_of_marks
from agent.phrases.spelling import mended, plain
from agent.phrases.training import is_training_trouble
from agent.router import LONGEST, Routed, route
from agent.understanding.intents import CRISIS, NOTHING, intent_of
from agent.understanding.lexicon import Lexicon
from agent.understanding.names import CONCEPT
from agent.understanding.reader import Reading, reader
from agent.understanding.slots import Sentence, call_of, completed
from learning.values import Language
from tools.registry import Call

# Chosen by cross-validation (`make understanding`): wrong changes are next to none, and a wrong
# card is rarer than a question.
OVERRIDE = 0.5
TAKE, TAKE_WORDS = 0.4, 0.45
# A change that no rule saw is made when the sentence says exactly what; else it is asked about.
TAKE_CHANGE = 0.6
# Below this much belief a change of the rules' is not made unasked; names may mean anything.
BELIEVED, BELIEVED_BY_NAME = 0.1, 0.3
SURE = 0.9
NEVER = 2.0
ASK = 0.12
SERIOUS = 0.3
# A sentence of which the reader knows less is none of its language.
FAMILIAR = 0.2
FAMILIAR_TALK = 0.36
MOST_ASKED = 3

_CHANGING = ("mark_task.", "change_settings.", "log_practice", "start_curriculum", "remember_fact")
# Rules that are right where the reader differs, of the intents that only show something.
_STRONG = frozenset(
    {
        "explain_concept.prerequisites",
        "export_calendar",
        "export_data",
        "leave_curriculum",
        "log_practice",
        "start_curriculum",
        "start_interview",
        "start_quiz",
        "hear_good_news",
        "say.never_mind",
        "ask_human",
        "say.daily_quiz",
        "say.groups",
        "say.privacy",
        "take_day_off",
    }
)
# Rules that say little more than that the others found nothing.
_WEAK = frozenset({"say.needs_model", "show_plan.today", "change_settings.show"})
_SMALL_TALK = ("say.nothing_to_do", "say.greeting", "say.thanks")
_BEGINNING = ("start_quiz", "start_review", "start_interview", "take_placement", "export", "forget")
_ERASING = ("forget_me", "leave_curriculum")
_TODAY = Call("show_plan", {"span": "today"})
_NO_NAMES = Lexicon()


def understood(
    text: str,
    today: date,
    language: Language,
    *,
    names: Lexicon = _NO_NAMES,
    is_concept: Callable[[str], bool] | None = None,
    now: datetime | None = None,
) -> Routed:
    """Find what a learner wants.

    Rules are exact and change things; the reader knows sentences that no rule foresaw. What it
    believes changes something only when the sentence says exactly what; when two meanings are as
    likely, the learner is asked which.
    """
    routed = route(text, today, language, is_concept, now)
    ruled = intent_of(routed.calls[0] if routed.calls else None, routed.say)
    reading = reader().read(text, ruled, names)
    said = without_politeness(text[:LONGEST])
    sentence = Sentence(
        text.strip(), mended(plain(said)), clauses_of(said), today, language, names, now
    )
    found = decided(routed, ruled, reading, sentence)
    return replace(found, calls=tuple(completed(call, sentence) for call in found.calls))


def decided(routed: Routed, ruled: str, reading: Reading, sentence: Sentence) -> Routed:
    """The rules' answer, the reader's, or both as a question."""
    if reading.chance_of(CRISIS) >= SERIOUS:
        # Plain words of crisis were heard before; this is no moment for a task either.
        return _said("tired")
    if any("pictures" in call.args for call in routed.calls):
        # The reader knows no such setting, and takes it for the pushes.
        return routed
    if any(_changes(call) for call in routed.calls):
        return _believed(routed, reading, sentence)
    is_strong = ruled in _STRONG or any(_is_plain(call) for call in routed.calls)
    is_strong = is_strong or is_training_trouble(sentence.text)
    if ruled == "start_quiz":
        # 复习一下注意力机制 is a quiz; 复习一遍 is none.
        is_strong = bool(sentence.named(CONCEPT))
    enough = TAKE if ruled in _WEAK else OVERRIDE
    if reading.best == ruled or (routed.is_sure and (is_strong or reading.chance < enough)):
        return routed
    doubts_mark = ruled == "show_plan.today" and speaks_of_marks(sentence.text)
    return _read(reading, sentence, is_doubted=doubts_mark) or routed


def _is_plain(call: Call) -> bool:
    """Code in the message, or 简历模板: a part of the path by its own name."""
    if any(call.args.get(name) for name in ("code", "minutes", "about")):
        return True
    return call.args.get("span") == "path" and not str(call.args.get("part", "1")).isdecimal()


def is_changing(intent: str) -> bool:
    return intent.startswith(_CHANGING) and intent != "change_settings.show"


def _changes(call: Call) -> bool:
    if call.tool == "log_practice":
        return not call.args.keys() <= {"list"}
    return bool(call.args) and is_changing(intent_of(call, None))


def _believed(routed: Routed, reading: Reading, sentence: Sentence) -> Routed:
    """A change that the rules found, unless the reader believes in something else."""
    chance = reading.chance_of(*{intent_of(call, None) for call in routed.calls})
    if chance >= (BELIEVED_BY_NAME if _is_named(routed) else BELIEVED) or reading.chance < OVERRIDE:
        return routed
    is_of_marks = reading.best.startswith("mark_task.") or not is_changing(reading.best)
    if _is_numbered(routed) and is_of_marks:
        return routed
    found = _read(reading, sentence)
    if found is None or _says_less(found, routed):
        return routed
    is_change = any(_changes(call) for call in found.calls)
    if not found.doubtful and (not is_change or reading.chance >= SURE):
        return found
    return _asked([*routed.calls, *found.calls, *found.doubtful])


def _says_less(found: Routed, routed: Routed) -> bool:
    """The same tools, of which the reader only knows that something is wanted."""
    same = [one.tool for one in found.calls] == [one.tool for one in routed.calls]
    return same and not any(one.args for one in found.calls)


def _is_named(routed: Routed) -> bool:
    tasks = [task for call in routed.calls for task in _tasks(call)]
    return any(not task.isdecimal() and task != "all" for task in tasks)


def _is_numbered(routed: Routed) -> bool:
    return any(task.isdecimal() for call in routed.calls for task in _tasks(call))


def _tasks(call: Call) -> Sequence[str]:
    tasks = call.args.get("tasks")
    return [str(task) for task in tasks] if isinstance(tasks, tuple | list) else []


def _read(reading: Reading, sentence: Sentence, *, is_doubted: bool = False) -> Routed | None:
    """What the reader makes of it, with a question where it doubts; None when it cannot tell.

    Where `is_doubted`, the rules saw a mark that is not quite told, so it is asked about.
    """
    if reading.known < FAMILIAR:
        return None
    meanings = [
        (intent, chance)
        for intent, chance in reading.chances
        if chance >= ASK
        and not (intent.startswith(_BEGINNING) and not sentence.wishes)
        and not (intent in _ERASING and sentence.asks)
    ]
    if not meanings:
        return None
    intent, chance = meanings[0]
    if intent.startswith(_SMALL_TALK) and reading.known < FAMILIAR_TALK:
        return None
    meant = _meant(intent, sentence)
    if meant is not None and chance >= _enough(meant, is_doubted=is_doubted):
        return meant
    calls = [call for intent, _ in meanings if (call := call_of(intent, sentence)) is not None]
    if not calls:
        return meant if meant is not None and meant.calls else None
    return _asked([*calls, _TODAY] if is_doubted else calls)


def _enough(meant: Routed, *, is_doubted: bool) -> float:
    """How likely a meaning must be to be taken without a question."""
    if not meant.calls:
        return TAKE_WORDS
    if not any(map(_changes, meant.calls)):
        return TAKE
    is_vague = any(one.tool == "mark_task" and not one.args.get("tasks") for one in meant.calls)
    # Which task it is was not said, and none is ticked on a guess.
    return NEVER if is_vague else SURE if is_doubted else TAKE_CHANGE


def _meant(intent: str, sentence: Sentence) -> Routed | None:
    if intent == NOTHING:
        is_of_marks = speaks_of_marks(sentence.text)
        return Routed((_TODAY,), None, is_sure=True) if is_of_marks else None
    if intent.startswith("say."):
        return _said(intent.removeprefix("say."))
    call = call_of(intent, sentence)
    return Routed((call,), None, is_sure=True) if call is not None else None


def _said(key: str) -> Routed:
    return Routed((), key, is_sure=True)


def _asked(calls: Sequence[Call]) -> Routed:
    different: list[Call] = []
    for call in calls:
        if call not in different:
            different.append(call)
    return Routed((), "doubtful", is_sure=False, doubtful=tuple(different[:MOST_ASKED]))
