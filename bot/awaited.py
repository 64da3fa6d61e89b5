"""Readers of words that may answer what was asked: each takes them, or gives None."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from agent.answers import speaks_of_item
from agent.evidence import reads_as_evidence, refuses_evidence
from agent.phrases import more_wanted, narrows_search, zone_in
from agent.phrases.evenings import asks_the_mentor
from agent.phrases.facts import fact_in, facts_in
from agent.phrases.good_news import tells_success
from agent.phrases.levels import level_in
from agent.phrases.points import points_in
from agent.phrases.small_talk import IS_BARE_YES
from agent.phrases.spelling import plain
from bot.answering import Answered
from bot.cards import card
from bot.choosing import level_named
from bot.commands import Wish, answered_start, hours_wish, read_command
from bot.saying import Saying
from bot.texts import texts_in
from bot.work import Work
from learning.errors import Refused
from learning.evidence import shows_something
from store.learners import Expectation, expect
from store.script import Script
from tools.context import Context, study_of
from tools.marking import keep_evidence
from tools.registry import Call, perform_all

Details = Mapping[str, str]
Reader = Callable[[Saying, Details], Script[Answered | Work | None]]

SMALL_TALK = frozenset({"greeting", "thanks", "out_of_scope", "tired", "doubt", "nothing_to_do"})
# How a step of the first day says that it could not read an answer.
UNREAD = frozenset(
    {"say.unclear", "start.curriculum_unclear", "start.day_unclear", "start.hours_unclear"}
)
# What nobody can do who follows nothing yet.
NEED_A_PLAN = frozenset(
    {
        "assess_stage",
        "choose_option",
        "mark_task",
        "review_week",
        "show_plan",
        "show_progress",
        "take_day_off",
        "weekly_check",
    }
)
# What the rules may make of a level that is told in words.
READ_AS_A_LEVEL = frozenset(
    {"explain_concept", "hear_good_news", "mark_task", "show_plan", "weekly_check"}
)
# What is kept of words told in answer to a question.
LONGEST_NOTE = 1000
LONGEST_REMARK = 500


def answer_awaited(saying: Saying, awaited: Expectation) -> Script[Answered | Work | None]:
    """Take words as the answer to what was asked; None when they are something else."""
    reader = READERS.get(awaited.kind)
    return (yield from reader(saying, awaited.details)) if reader else None


def _cared_for(saying: Saying, details: Details) -> Script[Answered | Work | None]:
    """After words of crisis: "you're welcome, keep going" is no answer to a thank-you.

    A step of the first day that was open before is open still, and a plain answer to it is taken.
    """
    context, start = saying.context, details.get("start")
    if start is None:
        return None if saying.routed.calls else (yield from saying.say("say.after_crisis"))
    step: dict[str, str] = json.loads(start)
    yield from expect(context.address, context.learner.id, "start", step, context.now)
    try:
        wish = _step_answered(saying, step)
    except Refused:
        return None if saying.routed.calls else (yield from saying.say("say.after_crisis"))
    if step["step"] == "confirm":
        # A bare yes is said to those who care.
        return None if saying.routed.calls else (yield from saying.say("say.after_crisis"))
    return (yield from saying.do(wish))


def _step_answered(saying: Saying, details: Details) -> Wish:
    """What words answer to a step of the first day.

    Raises:
        Refused: when they do not fit it, or what they say cannot be.
    """
    context = saying.context
    known = json.loads(details["known"])
    return answered_start(details["step"], saying.text, known, context.today, context.catalogue)


def _begun(saying: Saying, details: Details) -> Script[Answered | None]:
    """A step of the first day; asked again when the words do not fit it."""
    context, text = saying.context, saying.text
    if facts_in(text):
        # 我的目标是年底转岗 names a day, and is no answer.
        return None
    try:
        wish = _step_answered(saying, details)
    except Refused as error:
        said = error
        if error.key in UNREAD and saying.routed.is_sure:
            tools = {call.tool for call in saying.routed.calls}
            if not tools or not tools <= NEED_A_PLAN or (yield from study_of(context)) is not None:
                return None
            said = Refused("start.first_this")
        known = json.loads(details["known"])
        asked = yield from perform_all(context, [Call("start_curriculum", known)])
        texts = texts_in(context.learner.language)
        again = card(asked[0], texts)
        message = replace(again, markup=f"{texts.say(said.key, **said.values)}\n\n{again.markup}")
        owed = yield from saying.answering.end(context, [message], text, keep_expectation=True)
        return Answered(owed)
    return (yield from saying.do(wish))


def _hours(saying: Saying, _details: Details) -> Script[Answered | None]:
    wish = hours_wish(saying.text)
    return (yield from saying.do(wish)) if wish.calls or not saying.routed.is_sure else None


def _zone(saying: Saying, _details: Details) -> Script[Answered | None]:
    """On the first day a zone is an answer to the first question, and confirms it."""
    named = zone_in(saying.text)
    if named is None and saying.routed.is_sure:
        return None
    zone = named or saying.text
    if (yield from study_of(saying.context)) is not None:
        return (yield from saying.call("change_settings", zone=zone))
    return (yield from saying.call("start_curriculum", confirmed=True, zone=zone))


def _search(saying: Saying, details: Details) -> Script[Answered | None]:
    """'More like this' and 'only free ones' mean what was found just before."""
    if more_wanted(saying.text):
        query = f"like:{details['id']}"
    elif narrows_search(saying.text):
        query = f"{details['query']} {saying.text}"
    else:
        return None
    return (yield from saying.call("find_resources", query=query))


def _scale(saying: Saying, details: Details) -> Script[Answered | None]:
    """A number typed where the weekly check's buttons could have been tapped."""
    answer = points_in(saying.text)
    if answer is not None:
        answers = {**json.loads(details["known"]), details["scale"]: answer}
        return (yield from saying.call("weekly_check", answers=answers))
    command = yield from level_named(saying)
    if command is None:
        level = yield from _level_in_words(saying, details["scale"])
        if level is None:
            return None
        answers = {**json.loads(details["known"]), details["scale"]: level}
        return (yield from saying.call("weekly_check", answers=answers))
    tasks = saying.answering.house.task_ids
    return (yield from saying.do(read_command(command, saying.context.today, tasks)))


def _level_in_words(saying: Saying, scale: str) -> Script[int | None]:
    """我觉得能跑了: a level told otherwise than on its button; other wishes are left alone."""
    tools = {call.tool for call in saying.routed.calls if call.args.get("tasks") is None}
    if len(tools) < len(saying.routed.calls) or not tools <= READ_AS_A_LEVEL:
        return None
    study = yield from study_of(saying.context)
    if study is None:
        return None
    check = saying.context.catalogue.checks[study.curriculum.weekly_check]
    asked = next((one for one in check.scales if one.id == scale), None)
    return level_in(asked.levels, saying.text) if asked is not None else None


def _fact(saying: Saying, details: Details) -> Script[Answered | None]:
    """The words that replace a fact; None when they are a wish of another kind."""
    text, routed = saying.text, saying.routed
    calls = [call for call in routed.calls if call.tool != "remember_fact"]
    if calls or (routed.is_sure and not routed.calls):
        return None
    said = fact_in(text)
    is_same_kind = said is not None and said[0] == details["kind"]
    words = said[1] if said is not None and is_same_kind else text
    return (
        yield from saying.call("edit_fact", fact=int(details["fact"]), words=words[:LONGEST_NOTE])
    )


def _report(saying: Saying, details: Details) -> Script[Answered | None]:
    """What is wrong with a reported item."""
    if saying.routed.is_sure and not speaks_of_item(saying.text):
        return None
    note = saying.text[:LONGEST_REMARK]
    return (yield from saying.call("report_item", question=int(details["question"]), note=note))


def _human(saying: Saying, _: Details) -> Script[Answered | None]:
    """What a person is asked, whatever it sounds like: it is shown again before it is sent."""
    if saying.routed.say == "never_mind":
        return None
    return (yield from saying.call("ask_human", words=saying.text[:LONGEST_NOTE]))


def _blocker(saying: Saying, details: Details) -> Script[Answered | None]:
    """What exactly blocks, in words; None for a wish, or when a model can teach from them."""
    text, routed = saying.text, saying.routed
    is_wish = any(call.tool not in {"mark_task", "explain_concept"} for call in routed.calls)
    outcomes = {call.args.get("outcome") for call in routed.calls if call.tool == "mark_task"}
    is_talk = not routed.calls and routed.say in SMALL_TALK
    if tells_success(text) and not saying.has_model:
        return (yield from saying.call("hear_good_news", task=details["task"]))
    if saying.has_model or is_wish or is_talk or outcomes - {"stuck"} or asks_the_mentor(text):
        return None
    args = {"outcome": "stuck", "tasks": (details["task"],), "note": text[:LONGEST_NOTE]}
    return (yield from saying.call("mark_task", **args))


def _criterion(saying: Saying, details: Details) -> Script[Answered | None]:
    """What shows that a stage's criterion is met."""
    text = saying.text
    if not reads_as_evidence(text, saying.routed):
        return None
    criterion = details["criterion"]
    return (yield from saying.call("assess_stage", criterion=criterion, evidence=text))


def _evidence(saying: Saying, details: Details) -> Script[Answered | None]:
    """What came out of tasks that are marked as done."""
    context, text = saying.context, saying.text
    if refuses_evidence(text):
        return (yield from saying.say("evidence.skipped"))
    tasks = tuple(details["tasks"].split(" "))
    if not (yield from _is_done_today(context, tasks)):
        # What came of yesterday's work is no answer to be guessed at today.
        return None
    if "asked_again" not in details and _is_thin(saying):
        answered = yield from saying.say("evidence.too_thin")
        again = {**details, "asked_again": "yes"}
        yield from expect(context.address, context.learner.id, "evidence", again, context.now)
        return answered
    if not reads_as_evidence(text, saying.routed):
        return None
    kept = yield from keep_evidence(context, tasks, text)
    return (yield from saying.answering.answer(context, [kept], (), text))


def _is_done_today(context: Context, tasks: Sequence[str]) -> Script[bool]:
    study = yield from study_of(context)
    if study is None:
        return False
    done = study.enrolment.record.all_completions
    return any(id in done and done[id].day == context.today for id in tasks)


def _is_thin(saying: Saying) -> bool:
    """A "yes" or "fine" that shows nothing and wishes nothing."""
    text = saying.text.strip()
    is_word = saying.routed.say in {None, "unclear", "thanks"} and not saying.routed.calls
    return is_word and not shows_something(text) and IS_BARE_YES.match(plain(text)) is not None


READERS: Mapping[str, Reader] = {
    "blocker": _blocker,
    "care": _cared_for,
    "criterion": _criterion,
    "evidence": _evidence,
    "fact": _fact,
    "found": _search,
    "hours": _hours,
    "human": _human,
    "report": _report,
    "scale": _scale,
    "start": _begun,
    "zone": _zone,
}
