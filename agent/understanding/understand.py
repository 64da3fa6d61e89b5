"""What a sentence wants: the rules and the reader together, and a question where they doubt."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from agent.phrases.clauses import clauses_of, without_politeness
from agent.phrases.outcomes import speaks_of_marks
from agent.phrases.spelling import mended, plain
from agent.router import LONGEST, Routed, route
from agent.understanding.intents import CRISIS, NOTHING, intent_of
from agent.understanding.lexicon import Lexicon
from agent.understanding.reader import Reading, reader
from agent.understanding.slots import Sentence, call_of
from learning.values import Language
from tools.registry import Call

# Chosen by cross-validation (`make understanding`): wrong changes are next to none, and a wrong
# card is rarer than a question.
VETO = 0.85
OVERRIDE = 0.6
TAKE = 0.45
TAKE_CHANGE = 0.75
ASK = 0.12
SERIOUS = 0.3
MOST_ASKED = 3

_CHANGING = ("mark_task.", "change_settings.", "log_practice", "start_curriculum", "remember_fact")
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
    believes changes something only when the sentence says how; when two meanings are as likely,
    the learner is asked which.
    """
    routed = route(text, today, language, is_concept, now)
    ruled = intent_of(routed.calls[0] if routed.calls else None, routed.say)
    reading = reader().read(text, ruled, names)
    said = without_politeness(text[:LONGEST])
    sentence = Sentence(
        text.strip(), mended(plain(said)), clauses_of(said), today, language, names, now
    )
    return decided(routed, ruled, reading, sentence)


def decided(routed: Routed, ruled: str, reading: Reading, sentence: Sentence) -> Routed:
    if is_changing(ruled) and any(call.args for call in routed.calls):
        return _changed(routed, ruled, reading, sentence)
    if reading.best == ruled:
        return replace(routed, is_sure=True) if routed.calls else routed
    if routed.is_sure and (reading.chance < OVERRIDE or reading.chance_of(ruled) > 0.15):
        return routed
    return _read(reading, sentence) or routed


def is_changing(intent: str) -> bool:
    return intent.startswith(_CHANGING) and intent != "change_settings.show"


def _changed(routed: Routed, ruled: str, reading: Reading, sentence: Sentence) -> Routed:
    """A change the rules found, unless the reader is sure that none is meant."""
    if reading.chance < VETO or reading.chance_of(ruled) > 0.02 or is_changing(reading.best):
        return routed
    return _read(reading, sentence) or routed


def _read(reading: Reading, sentence: Sentence) -> Routed | None:
    """What the reader makes of it, with a question where it doubts; None when it cannot tell."""
    if reading.chance_of(CRISIS) >= SERIOUS:
        return _say("tired")
    best = _meant(reading.best, sentence)
    enough = TAKE_CHANGE if is_changing(reading.best) else TAKE
    if reading.chance >= enough and best is not None:
        return best
    calls: list[Call] = []
    for intent, chance in reading.chances:
        if chance < ASK or len(calls) == MOST_ASKED:
            break
        call = call_of(intent, sentence)
        if call is not None and call not in calls:
            calls.append(call)
    if not calls:
        return best if reading.chance >= ASK else None
    return Routed((), "doubtful", is_sure=False, doubtful=tuple(calls))


def _meant(intent: str, sentence: Sentence) -> Routed | None:
    if intent == NOTHING:
        return Routed((_TODAY,), None, is_sure=True) if speaks_of_marks(sentence.text) else None
    if intent == CRISIS:
        return _say("tired")
    if intent.startswith("say."):
        return _say(intent.removeprefix("say."))
    call = call_of(intent, sentence)
    return Routed((call,), None, is_sure=True) if call is not None else None


def _say(key: str) -> Routed:
    return Routed((), key, is_sure=True)
