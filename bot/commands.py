"""The command table: what a slash, and so every button, asks for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from rapidfuzz import fuzz, process

from agent.phrases import (
    day_in,
    days_in,
    delay_in,
    hours_a_week_in,
    time_in,
    weekday_minutes_in,
    zone_in,
)
from agent.phrases.moments import moment_in
from agent.phrases.quizzes import interview_kind
from learning.calendar import WEEKDAYS
from learning.catalogue import Catalogue
from learning.errors import Refused
from learning.values import Language
from tools.registry import Call
from tools.settings import need_fair_week

# What Telegram and others list as the menu, in this order; all other commands work as well.
MENU = (
    "today",
    "week",
    "done",
    "later",
    "stuck",
    "quiz",
    "interview",
    "review",
    "progress",
    "check",
    "practice",
    "path",
    "find",
    "explain",
    "pause",
    "resume",
    "settings",
    "profile",
    "link",
    "help",
    "start",
)

# What is listed in groups, where only these are commands; see `bot.cohorts.commands`.
GROUP_MENU = ("group", "battle", "focus", "pods", "partner", "board", "notes")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command asks for: tools to run, or a sentence or question of the mentor's own.

    `asks` names what the next words will answer.
    """

    calls: tuple[Call, ...] = ()
    say: str | None = None
    asks: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """The words after a command, with what is needed to read them."""

    text: str
    today: date
    task_ids: frozenset[str]

    @property
    def tokens(self) -> list[str]:
        return self.text.split()


def _call(tool: str, **args: object) -> Wish:
    return Wish(calls=(Call(tool, {name: arg for name, arg in args.items() if arg is not None}),))


def _start(words: Words) -> Wish:
    args: dict[str, object] = {}
    for word in words.tokens:
        name, equals, value = word.partition("=")
        if word == "ok":
            args["confirmed"] = True
        elif word in {"replace", "beside"}:
            args[word] = True
        elif equals and name in {"language", "zone"}:
            args[name] = value
        elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
            args["start"] = word
        elif re.fullmatch(r"\d+(\.\d+)?h", word):
            args["hours_a_week"] = word[:-1]
        elif re.fullmatch(r"\d+(,\d+){6}", word):
            args["weekday_minutes"] = word.split(",")
        elif re.fullmatch(r"[a-z0-9.-]{3,64}", word):
            args["curriculum"] = word
    return Wish(calls=(Call("start_curriculum", args),))


def _switch(words: Words) -> Wish:
    if not words.text:
        return _call("list_curricula")
    return Wish(
        calls=(Call("start_curriculum", {"confirmed": True, "curriculum": words.tokens[0]}),)
    )


def _week(words: Words) -> Wish:
    is_next = words.text.lower().startswith(("next", "下"))
    return _call("show_plan", span="next_week" if is_next else "week")


def _path(words: Words) -> Wish:
    return _call("show_plan", span="path", part=words.text or None)


def _task(words: Words) -> Wish:
    return _call("show_plan", span="today", part=words.text or "1")


def _mark(outcome: str) -> Callable[[Words], Wish]:
    def marked(words: Words) -> Wish:
        tasks, rest = _references(words)
        args: dict[str, object] = {"outcome": outcome}
        if tasks:
            args["tasks"] = tasks
        elif rest:
            args["tasks"] = (rest,)
        if tasks and rest:
            args |= _rest_of_mark(outcome, rest, words.today)
        return Wish(calls=(Call("mark_task", args),))

    return marked


def _rest_of_mark(outcome: str, rest: str, today: date) -> dict[str, object]:
    """What follows the tasks: evidence, a day, or what blocks."""
    if outcome == "done":
        return {"evidence": rest}
    if outcome == "stuck":
        return {"note": rest}
    until = day_in(rest, today)
    return {"until": until} if outcome == "later" and until else {}


_ALL = {"all", "全部", "都", "everything"}


def _references(words: Words) -> tuple[tuple[str, ...], str]:
    """Numbers and ids at the beginning, and the text behind them."""
    tokens = words.tokens
    if tokens and tokens[0].lower() in _ALL:
        return ("all",), " ".join(tokens[1:])
    found: list[str] = []
    for token in tokens:
        bare = token.strip(",，、")
        is_habit = re.fullmatch(r"[a-z-]+@\d{4}-\d{2}-\d{2}", bare) is not None
        if not (re.fullmatch(r"\d{1,2}", bare) or bare in words.task_ids or is_habit):
            break
        found.append(bare)
    return tuple(found), " ".join(tokens[len(found) :])


def _pause(words: Words) -> Wish:
    text = words.text
    if not text:
        return _call("change_settings", pause=True)
    until = day_in(text, words.today)
    names_a_date = re.search(r"\d\s*月\s*\d|\d+-\d+|\d/\d", text) is not None
    days = int(text) if text.isdecimal() else None if names_a_date else days_in(text)
    if days is not None and 1 <= days <= 365:
        return _call("change_settings", pause_days=days)
    if until is None or text.isdecimal():
        return Wish(say="settings.unclear")
    return _call("change_settings", pause_until=until)


def _day_off(words: Words) -> Wish:
    """`/dayoff 2026-11-25`, `/dayoff 2026-11-25 2`, `/dayoff 2026-11-25 2 ok`, `/dayoff 下周三`."""
    day = day_in(words.text, words.today)
    if day is None:
        return Wish(say="day_off.which")
    counts = [word for word in words.tokens[1:] if re.fullmatch(r"\d{1,2}", word)]
    return _call(
        "take_day_off",
        day=day,
        days=int(counts[0]) if counts else None,
        confirmed=True if "ok" in words.tokens[1:] else None,
    )


def _snooze(words: Words) -> Wish:
    """`/snooze`, `/snooze 90`, `/snooze 2026-11-25T20:00`, `/snooze 明天晚上8点`."""
    text = words.text
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", text):
        return _call("change_settings", snooze_until=text)
    # The first minute of the day: what is to come today counts as today's.
    midnight = datetime.combine(words.today, time())
    found = moment_in(text, midnight)
    until = found.instant(midnight) if found and found.delay is None else None
    if until is not None:
        return _call("change_settings", snooze_until=until.isoformat(timespec="minutes"))
    if found is not None and found.day is not None:
        return Wish(say="settings.unclear")
    minutes = int(text[:4]) if text.isdecimal() else delay_in(text) or 120
    if not 5 <= minutes <= 720:
        return Wish(say="settings.unclear")
    return _call("change_settings", snooze_minutes=minutes)


def _quiet_day(words: Words) -> Wish:
    """`/quietdays sat,sun`, `/quietdays none`."""
    days = tuple(re.findall("|".join(WEEKDAYS), words.text.lower()))
    if not days and words.text != "none":
        return Wish(say="settings.unclear")
    return _call("change_settings", quiet_days=days)


def _settings(words: Words) -> Wish:
    if words.text:
        return Wish(say="settings.unclear")
    return _call("change_settings")


def _language(words: Words) -> Wish:
    wanted = words.text.lower()
    if wanted.startswith(("zh", "中", "chinese")):
        return _call("change_settings", language="zh")
    if wanted.startswith(("en", "英")):
        return _call("change_settings", language="en")
    return Wish(say="settings.unclear")


def _zone(words: Words) -> Wish:
    if not words.text:
        return Wish(say="zone.ask", asks="zone")
    return _call("change_settings", zone=zone_in(words.text) or words.text)


def _hours(words: Words) -> Wish:
    if not words.text:
        return Wish(say="hours.ask", asks="hours")
    return hours_wish(words.text)


def hours_wish(text: str) -> Wish:
    """Hours a week or minutes a day, as typed."""
    minutes = weekday_minutes_in(text)
    if minutes is not None:
        return _call("change_settings", weekday_minutes=minutes)
    hours = hours_a_week_in(text, bare=True)
    if hours is None:
        return Wish(say="start.hours_unclear", asks="hours")
    return _call("change_settings", hours_a_week=hours)


def _at(name: str) -> Callable[[Words], Wish]:
    def changed(words: Words) -> Wish:
        at = time_in(words.text)
        return (
            Wish(say="settings.unclear") if at is None else _call("change_settings", **{name: at})
        )

    return changed


def _quiet(words: Words) -> Wish:
    found = re.findall(r"\d{1,2}:\d{2}", words.text)
    if len(found) != 2:
        return Wish(say="settings.unclear")
    return _call("change_settings", quiet_from=found[0], quiet_to=found[1])


def _pushes(words: Words) -> Wish:
    return _call("change_settings", pushes=words.text.lower() != "off")


def _human(words: Words) -> Wish:
    """`/human what it is about` shows what would be sent; its button says `/human yes …`."""
    first, _, rest = words.text.strip().partition(" ")
    if first == "no" and not rest:
        return Wish(say="human.not_sent")
    if first == "yes" and rest:
        return _call("ask_human", words=rest.strip()[:1000], confirmed=True)
    return _call("ask_human", words=words.text.strip()[:1000])


def _reply(words: Words) -> Wish:
    number, _, rest = words.text.strip().partition(" ")
    request = int(number) if number.isdecimal() and len(number) < 16 else None
    return _call("answer_help", request=request, words=rest.strip()[:3000])


def _look_after(words: Words) -> Wish:
    wanted = words.text.strip().lower() not in {"off", "关"}
    return _call("change_settings", looked_after=wanted)


def _reach(words: Words) -> Wish:
    code, _, rest = words.text.strip().partition(" ")
    if not code:
        return _call("show_silent")
    return _call("reach_out", code=code[:40], words=rest.strip()[:3000])


def _news(words: Words) -> Wish:
    return _call("change_settings", announcements=words.text.strip().lower() not in {"off", "关"})


def _pictures(words: Words) -> Wish:
    wanted = _LOOKS.get(words.text.strip().lower())
    if wanted is None:
        return Wish(say="settings.unclear")
    return _call("change_settings", pictures=wanted)


_LOOKS: Mapping[str, str] = {
    "light": "light",
    "浅色": "light",
    "dark": "dark",
    "深色": "dark",
    "off": "off",
    "关": "off",
    "auto": "auto",
    "自动": "auto",
}


def _explain(words: Words) -> Wish:
    if not words.text:
        return Wish(say="say.unclear")
    return _call("explain_concept", concept=words.text[:100])


def _given(words: Words) -> dict[str, str]:
    """`name=value` words, as buttons carry what is known so far."""
    pairs = (word.partition("=") for word in words.tokens)
    return {name: value for name, equals, value in pairs if equals and value}


def _check(words: Words) -> Wish:
    answers = {name: int(value) for name, value in _given(words).items() if value.isdecimal()}
    return Wish(calls=(Call("weekly_check", {"answers": answers}),))


def _recommend(words: Words) -> Wish:
    return Wish(calls=(Call("recommend_curriculum", {"replies": _given(words)}),))


def _assess(words: Words) -> Wish:
    return _call("assess_stage", part=words.tokens[0] if words.tokens else None)


def _met(outcome: str) -> Callable[[Words], Wish]:
    def ticked(words: Words) -> Wish:
        if not words.tokens:
            return _call("assess_stage")
        criterion, *rest = words.text.split(maxsplit=1)
        evidence = rest[0] if rest else None
        return _call("assess_stage", criterion=criterion, outcome=outcome, evidence=evidence)

    return ticked


def _choose(words: Words) -> Wish:
    if not words.tokens:
        return _call("choose_option")
    choice, *options = words.tokens
    return _call("choose_option", choice=choice, options=tuple(options))


def _practice(words: Words) -> Wish:
    """`/practice 1 15` or `/practice two-sum` or titles with commas; `x3` is a mere count."""
    if words.text == "undo":
        return _call("log_practice", undo=True)
    if words.text.startswith("list="):
        return _call("log_practice", list=words.text.removeprefix("list="))
    counted = re.fullmatch(r"[x×]\s*(\d{1,2})", words.text)
    if counted:
        return _call("log_practice", count=int(counted[1]))
    parts = re.split(r"[,，、;；]", words.text) if re.search(r"[,，、;；]", words.text) else None
    if parts is None:
        is_ids = all(re.fullmatch(r"\d+|[a-z0-9]+(-[a-z0-9]+)+", one) for one in words.tokens)
        parts = words.tokens if is_ids else [words.text]
    return _call("log_practice", problems=tuple(one.strip() for one in parts if one.strip()))


def _leave(words: Words) -> Wish:
    tokens = [word for word in words.tokens if word != "yes"]
    return _call(
        "leave_curriculum",
        curriculum=tokens[0] if tokens else None,
        confirmed="yes" in words.tokens,
    )


def _minutes(words: Words) -> Wish:
    found = re.fullmatch(r"\d+(,\d+){6}", words.text)
    if found is None:
        return _hours(words)
    return _call("change_settings", weekday_minutes=tuple(map(int, words.text.split(","))))


def _compare(words: Words) -> Wish:
    first, second = [*re.split(r"\s+(?:vs\.?|and|和|与)\s+", words.text, maxsplit=1), ""][:2]
    if not second:
        return Wish(say="say.unclear")
    return _call("explain_concept", concept=first[:100], compare_with=second[:100])


def _back(words: Words) -> Wish:
    if words.text not in {"lighter", "later", "skip"}:
        return Wish(say="settings.unclear")
    return _call("change_settings", way_back=words.text)


_KINDS = ("system-design", "behavioural", "coding", "concept", "any")


def _quiz(words: Words) -> Wish:
    """`/quiz 3 rag`, `/quiz rag`, `/quiz 3`; `/quiz interview` holds a mock interview."""
    tokens = words.tokens
    numbers = [one for one in tokens if re.fullmatch(r"[-+]?\d+(\.\d+)?", one)]
    rest = " ".join(one for one in tokens if one not in numbers)
    if any(not one.isdecimal() or int(one) < 1 for one in numbers):
        return Wish(say="quiz.count_unclear")
    if rest.lower() == "interview":
        return _call("start_interview", kind="any")
    if rest.lower() in _KINDS[:3]:
        return _call("start_interview", kind=rest.lower())
    count = int(numbers[0]) if numbers else None
    return _call("start_quiz", count=count, topic=rest[:100] or None)


def _interview(words: Words) -> Wish:
    """`/interview coding`, `/interview 行为`, `/interview rag`, `/interview end`.

    A button says `/interview tick 7 2`.
    """
    first, *others = [*words.text.lower().split(), ""]
    rest = " ".join(others).strip()
    places = [int(one) for one in rest.split() if re.fullmatch(r"\d{1,15}", one)]
    if first in {"hint", "other", "pass", "done", "end"}:
        kind = next((one for one in others if one in _KINDS), None)
        interview = places[0] if places else None
        return _call("lead_interview", wish=first, interview=interview, kind=kind)
    if first in {"tick", "count"}:
        if not places:
            return Wish(say="interview.gone")
        toggle = places[1] if len(places) > 1 and first == "tick" else None
        is_final = first == "count"
        return _call("judge_interview", interview=places[0], toggle=toggle, is_final=is_final)
    if first in _KINDS:
        return _call("start_interview", kind=first, topic=rest[:100] or None)
    named = interview_kind(words.text)
    if named is not None:
        kind, about = named
        return _call("start_interview", kind=kind, topic=about[:100] or None)
    return _call("start_interview", topic=words.text[:100] or None)


def _number(words: Words) -> int | None:
    first = words.tokens[0] if words.tokens else ""
    return int(first) if re.fullmatch(r"\d{1,15}", first) else None


def _answer(words: Words) -> Wish:
    """`/answer 12 3` takes the third option of question 12; `/answer 12 x` is 不会."""
    question = _number(words)
    if question is None:
        return Wish(say="quiz.no_question")
    _, *rest = words.text.split(maxsplit=1)
    if not rest:
        return _call("next_question")
    said = rest[0]
    if said == "x":
        return _call("answer_question", question=question)
    if said.startswith("="):
        return _call("answer_question", question=question, text=said.removeprefix("="))
    if not said.isdecimal():
        return Wish(say="quiz.no_question")
    return _call("answer_question", question=question, option=int(said[:4]))


def _rate(words: Words) -> Wish:
    question = _number(words)
    rating = words.tokens[-1] if words.tokens else ""
    if question is None or rating not in {"again", "hard", "good", "easy"}:
        return Wish(say="quiz.no_question")
    return _call("rate_answer", question=question, rating=rating)


def _code(words: Words) -> Wish:
    """Code itself, or one of the buttons below a review: `more 3 5`, `task 3 ID`."""
    match words.tokens:
        case ["more", submission, skip] if submission.isdecimal() and skip.isdecimal():
            return _call("show_findings", submission=int(submission[:15]), skip=int(skip[:4]))
        case ["task", submission, task] if submission.isdecimal():
            return _call("hand_in_code", submission=int(submission[:15]), task=task[:100])
        case _:
            return _call("review_code", code=words.text[:4000] or None)


def _of_question(tool: str) -> Callable[[Words], Wish]:
    def asked(words: Words) -> Wish:
        question = _number(words)
        if question is None:
            return Wish(say="quiz.no_question")
        return _call(tool, question=question)

    return asked


def _report(words: Words) -> Wish:
    question = _number(words)
    if question is None:
        return Wish(say="quiz.no_question")
    _, *rest = words.text.split(maxsplit=1)
    return _call("report_item", question=question, note=rest[0][:500] if rest else None)


def _draft(words: Words) -> Wish:
    return _call("draft_question", concept=words.text[:100])


def _placement(words: Words) -> Wish:
    args: dict[str, object] = {}
    for word in words.tokens:
        name, _, value = word.partition("=")
        if name in {"rating", "begin"} and value.isdecimal():
            args[name] = int(value[:3])
        elif word in {"stop", "again", "undo"}:
            args[word] = True
    return Wish(calls=(Call("take_placement", args),))


def _export(words: Words) -> Wish:
    wanted = words.text.lower() or "all"
    if wanted not in {"all", "anki", "csv"}:
        return Wish(say="export.which")
    return _call("export_data", format=wanted)


def _forget(words: Words) -> Wish:
    """`/forget` asks; its button says `/forget yes` and when it asked, in seconds since 1970."""
    if words.text == "no":
        return Wish(say="forget.kept")
    asked = re.fullmatch(r"yes (\d{1,12})", words.text)
    if asked is None:
        return _call("forget_me")
    return _call("forget_me", confirmed=True, asked_at=int(asked[1]))


def _profile(words: Words) -> Wish:
    """`/profile`, `/profile 2` for its second page, `/profile edit 7`, `/profile delete 7`."""
    what, _, rest = words.text.partition(" ")
    number, _, new_words = rest.strip().partition(" ")
    if what in {"edit", "delete"}:
        if re.fullmatch(r"\d{1,15}", number) is None:
            return _call("show_profile")
        if what == "delete":
            return _call("forget_fact", fact=int(number))
        return _call("edit_fact", fact=int(number), words=new_words[:1000] or None)
    if what == "clear":
        return _call("forget_fact", everything=True, confirmed=rest.strip() == "yes")
    return _call("show_profile", page=int(what) if re.fullmatch(r"[1-9]\d?", what) else None)


def _progress(words: Words) -> Wish:
    is_about_knowledge = words.text.strip().lower() in {"knowledge", "掌握", "掌握情况", "概念"}
    return _call("show_progress", of="knowledge" if is_about_knowledge else None)


COMMANDS: Mapping[str, Callable[[Words], Wish]] = {
    "start": _start,
    "today": lambda _: _call("show_plan", span="today"),
    "tomorrow": lambda _: _call("show_plan", span="tomorrow"),
    "week": _week,
    "path": _path,
    "task": _task,
    "done": _mark("done"),
    "later": _mark("later"),
    "stuck": _mark("stuck"),
    "undo": _mark("undo"),
    "progress": _progress,
    "pause": _pause,
    "dayoff": _day_off,
    "resume": lambda _: _call("change_settings", resume=True),
    "snooze": _snooze,
    "settings": _settings,
    "privacy": lambda _: Wish(say="privacy"),
    "usage": lambda _: _call("show_usage"),
    "stop": lambda _: Wish(say="say.nothing_to_stop"),
    "profile": _profile,
    "language": _language,
    "pictures": _pictures,
    "news": _news,
    "lookafter": _look_after,
    "drift": lambda _: _call("show_silent"),
    "reach": _reach,
    "human": _human,
    "reply": _reply,
    "zone": _zone,
    "hours": _hours,
    "push": _at("push_at"),
    "evening": _at("evening_at"),
    "quiet": _quiet,
    "quietdays": _quiet_day,
    "pushes": _pushes,
    "back": _back,
    "find": lambda words: _call("find_resources", query=words.text),
    "explain": _explain,
    "compare": _compare,
    "before": lambda words: _call(
        "explain_concept", concept=words.text[:100] or "?", aspect="prerequisites"
    ),
    "faq": lambda words: _call("answer_faq", question=words.text),
    "practice": _practice,
    "quiz": _quiz,
    "interview": _interview,
    "review": lambda _: _call("start_review"),
    "code": _code,
    "next": lambda words: _call("next_question", quiz=_number(words)),
    "endquiz": lambda words: _call("end_series", quiz=_number(words)),
    "answer": _answer,
    "skip": lambda words: _call("skip_question", question=_number(words)),
    "hint": lambda words: _call("give_hint", question=_number(words)),
    "rate": _rate,
    "why": _of_question("show_why"),
    "report": _report,
    "ops": lambda _: _call("show_operations"),
    "reports": lambda words: _call("show_reports", keep=_given(words).get("keep")),
    "placement": _placement,
    "draft": _draft,
    "export": _export,
    "calendar": lambda _: _call("export_calendar"),
    "forget": _forget,
    "link": lambda words: _call("link_accounts", code=words.text or None),
    "home": lambda words: _call("choose_home", platform=words.text or "-"),
    "noanswer": lambda _: Wish(say="quiz.not_taken"),
    "check": _check,
    "weekly": lambda _: _call("review_week"),
    "assess": _assess,
    "met": _met("met"),
    "unmet": _met("unmet"),
    "choose": _choose,
    "minutes": _minutes,
    "recommend": _recommend,
    "known": lambda _: _call("leave_out_known"),
    "leave": _leave,
    "curricula": lambda _: _call("list_curricula"),
    "switch": _switch,
    "noevidence": lambda _: Wish(say="evidence.skipped"),
    "nothing": lambda _: _call("close_day"),
    "half": lambda _: _call("close_day", how="half"),
    "help": lambda _: _call("show_help"),
}

_COMMAND = re.compile(r"^[/／]([A-Za-z_]+)(?:@\w+)?(?:\s+|$)(.*)$", re.DOTALL)


def is_command(text: str) -> bool:
    return text.startswith(("/", "／"))


def read_command(text: str, today: date, task_ids: frozenset[str]) -> Wish:
    """Read `/name words`; a name that does not exist is answered with the nearest one."""
    found = _COMMAND.match(text.strip())
    name = found[1].lower() if found else ""
    if found is None or name not in COMMANDS:
        said = text.strip().split()[0][:32] if text.strip() else "/"
        return _unknown(said)
    return COMMANDS[name](Words(found[2].strip(), today, task_ids))


def _unknown(said: str) -> Wish:
    near = process.extractOne(said.lstrip("/／").lower(), COMMANDS.keys(), scorer=fuzz.ratio)
    if near[1] >= 55:
        return Wish(
            say="snippets.unknown_command_near", values={"said": said, "near": f"/{near[0]}"}
        )
    return Wish(say="snippets.unknown_command", values={"said": said})


def task_ids_of(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(
        task.id for curriculum in catalogue.curricula.values() for task in curriculum.tasks
    )


def answered_start(
    step: str, text: str, known: Mapping[str, object], today: date, catalogue: Catalogue
) -> Wish:
    """Words typed where the first day's buttons could have been tapped.

    Raises:
        Refused: naming the sentence that says what was expected.
    """
    args = dict(known)
    match step:
        case "confirm":
            args |= _confirmed(text)
        case "curriculum":
            curriculum = curriculum_named(text, catalogue)
            if curriculum is None:
                raise Refused("start.curriculum_unclear")
            args["curriculum"] = curriculum
        case "hours":
            minutes = weekday_minutes_in(text)
            hours = None if minutes else hours_a_week_in(text, bare=True)
            if minutes is None and hours is None:
                raise Refused("start.hours_unclear")
            need_fair_week(sum(minutes) if minutes else round((hours or 0) * 60))
            args |= {"weekday_minutes": minutes} if minutes else {"hours_a_week": hours}
        case _:
            day = day_in(text, today)
            if day is None:
                raise Refused("start.day_unclear")
            args["start"] = day
    return Wish(calls=(Call("start_curriculum", args),))


_YES = re.compile(r"^(对|好|是|嗯|行|可以|没问题|确认|ok|okay|yes|y|yep|sure|right|correct)", re.I)


def _confirmed(text: str) -> dict[str, object]:
    """Yes, another language, or another place: more than one can be in one sentence."""
    found: dict[str, object] = {}
    zone = zone_in(text)
    if zone is not None:
        found["zone"] = zone
    language = language_named(text)
    if language is not None:
        found["language"] = language
    if _YES.match(text.strip()):
        found["confirmed"] = True
    if not found:
        raise Refused("say.unclear")
    return found


def language_named(text: str) -> Language | None:
    lowered = text.lower()
    if any(word in lowered for word in ("中文", "chinese", "汉语")):
        return "zh"
    if any(word in lowered for word in ("english", "英文", "英语")):
        return "en"
    return None


def curriculum_named(text: str, catalogue: Catalogue) -> str | None:
    """The curriculum whose id or title is most like some words; None when none is."""
    names = {
        _run_together(name): one.id
        for one in catalogue.curricula.values()
        for name in (one.id, one.title.zh, one.title.en)
    }
    best = process.extractOne(
        _run_together(text), names.keys(), scorer=fuzz.partial_ratio, score_cutoff=70
    )
    return names[best[0]] if best else None


def _run_together(name: str) -> str:
    """30天 and 30 天 are the same."""
    return "".join(name.lower().split())
