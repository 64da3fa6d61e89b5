"""What a sentence may mean, for its learner to choose from."""

import re
from collections.abc import Callable, Mapping, Sequence

from agent.understanding.intents import intent_of
from bot.message import Button, Message, rows_of
from bot.texts import Texts
from tools.registry import Call

LONGEST_LABEL = 40


def doubt_card(calls: Sequence[Call], texts: Texts) -> Message:
    """A button for each meaning; pressing it is typing its command."""
    buttons = [
        Button(_label(call, texts), command)
        for call in calls
        if (command := command_of(call)) is not None
    ]
    if not buttons:
        return Message(texts.say("say.unclear"))
    buttons.append(Button(texts.label("doubt.none"), "/help"))
    return Message(texts.say("doubt.ask"), rows_of(buttons, 1))


def _label(call: Call, texts: Texts) -> str:
    label = texts.label(f"doubt.{intent_of(call, None).replace('.', '_')}")
    what = _what(call)
    return texts.label("doubt.with", label=label, what=what) if what else label


def _what(call: Call) -> str:
    """The values of a call in short, as the learner said them."""
    said = [_plain(value) for name, value in call.args.items() if name in _TOLD]
    return re.sub(r"(?<=\d)T(?=\d)", " ", " ".join(filter(None, said)))[:LONGEST_LABEL]


_TOLD = frozenset(
    {
        "compare_with",
        "concept",
        "count",
        "curriculum",
        "day",
        "evening_at",
        "hours_a_week",
        "language",
        "list",
        "part",
        "pause_days",
        "pause_until",
        "problems",
        "push_at",
        "query",
        "quiet_from",
        "quiet_to",
        "snooze_minutes",
        "snooze_until",
        "tasks",
        "topic",
        "until",
        "zone",
    }
)


def _plain(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def command_of(call: Call) -> str | None:
    """The command that makes the same call; None where none can."""
    make = _COMMANDS.get(call.tool)
    return make(call.args) if make is not None else None


Args = Mapping[str, object]


def _of(command: str, *names: str) -> Callable[[Args], str]:
    """A command followed by the values of these arguments, as far as there are any."""

    def typed(args: Args) -> str:
        values = (_plain(args[name]) for name in names if args.get(name) is not None)
        return " ".join((command, *filter(None, values)))

    return typed


def _plan(args: Args) -> str:
    part = args.get("part")
    match args.get("span"):
        case "today" if part:
            return f"/task {part}"
        case "week":
            return "/week"
        case "next_week":
            return "/week next"
        case "path":
            return f"/path {part}" if part else "/path"
        case span:
            return f"/{span}"


def _mark(args: Args) -> str:
    tasks = args.get("tasks") or ()
    said = " ".join(map(str, tasks)) if isinstance(tasks, tuple | list) else ""
    until = str(args.get("until") or "") if said else ""
    return " ".join(filter(None, (f"/{args['outcome']}", said, until)))


def _practice(args: Args) -> str:
    if args.get("undo"):
        return "/practice undo"
    if args.get("list"):
        return f"/practice list={args['list']}"
    if args.get("count"):
        return f"/practice x{args['count']}"
    problems = args.get("problems") or ()
    said = ", ".join(map(str, problems)) if isinstance(problems, tuple | list) else ""
    return f"/practice {said}".strip()


def _concept(args: Args) -> str:
    if args.get("compare_with"):
        return f"/compare {args['concept']} vs {args['compare_with']}"
    is_before = args.get("aspect") == "prerequisites"
    return f"/{'before' if is_before else 'explain'} {args['concept']}"


_SETTINGS: Mapping[frozenset[str], Callable[[Args], str]] = {
    frozenset(names): make
    for names, make in (
        (("push_at",), _of("/push", "push_at")),
        (("evening_at",), _of("/evening", "evening_at")),
        (("quiet_from", "quiet_to"), _of("/quiet", "quiet_from", "quiet_to")),
        (("hours_a_week",), _of("/hours", "hours_a_week")),
        (("weekday_minutes",), lambda args: f"/minutes {_plain(args['weekday_minutes'])}"),
        (("zone",), _of("/zone", "zone")),
        (("language",), _of("/language", "language")),
        (("pictures",), _of("/pictures", "pictures")),
        (("pause",), lambda _: "/pause"),
        (("pause_days",), _of("/pause", "pause_days")),
        (("pause_until",), _of("/pause", "pause_until")),
        (("resume",), lambda _: "/resume"),
        (("snooze_minutes",), _of("/snooze", "snooze_minutes")),
        (("snooze_until",), lambda args: f"/snooze {args['snooze_until']}"),
        (("quiet_days",), lambda args: f"/quietdays {_plain(args['quiet_days']) or 'none'}"),
        (("pushes",), lambda args: "/pushes" if args["pushes"] else "/pushes off"),
        (("way_back",), _of("/back", "way_back")),
    )
}


def _settings(args: Args) -> str:
    """One setting has a command; several at once are chosen among all."""
    make = _SETTINGS.get(frozenset(args))
    return make(args).replace(", ", ",") if make is not None else "/settings"


def _scores(args: Args) -> str:
    answers = args.get("answers")
    pairs = answers.items() if isinstance(answers, Mapping) else ()
    return " ".join(("/check", *(f"{scale}={points}" for scale, points in pairs)))


_COMMANDS: Mapping[str, Callable[[Args], str]] = {
    "show_plan": _plan,
    "mark_task": _mark,
    "log_practice": _practice,
    "show_progress": _of("/progress", "of"),
    "find_resources": _of("/find", "query"),
    "explain_concept": _concept,
    "answer_faq": _of("/faq", "question"),
    "start_quiz": _of("/quiz", "count", "topic"),
    "start_review": _of("/review"),
    "start_interview": _of("/interview", "kind", "topic"),
    "take_placement": _of("/placement"),
    "review_code": _of("/code"),
    "change_settings": _settings,
    "take_day_off": _of("/dayoff", "day", "days"),
    "weekly_check": _scores,
    "review_week": _of("/weekly"),
    "list_curricula": _of("/curricula"),
    "recommend_curriculum": _of("/recommend"),
    "start_curriculum": _of("/switch", "curriculum"),
    "leave_curriculum": _of("/leave", "curriculum"),
    "assess_stage": _of("/assess"),
    "choose_option": _of("/choose"),
    "export_data": _of("/export", "format"),
    "forget_me": _of("/forget"),
    "export_calendar": _of("/calendar"),
    "show_profile": _of("/profile"),
    "show_usage": _of("/usage"),
    "show_help": _of("/help"),
}
