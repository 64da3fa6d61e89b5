"""The intents that sentences are told apart by, and which of them the rules came to."""

from collections.abc import Mapping

from tools.registry import Call

NOTHING = "nothing"
CRISIS = "say.crisis"
_SETTINGS: Mapping[str, frozenset[str]] = {
    "time": frozenset({"push_at", "evening_at"}),
    "pace": frozenset({"hours_a_week", "weekday_minutes"}),
    "zone": frozenset({"zone"}),
    "language": frozenset({"language"}),
    "pause": frozenset({"pause", "pause_days", "pause_until"}),
    "resume": frozenset({"resume"}),
    "snooze": frozenset({"snooze_minutes", "snooze_until"}),
    "quiet": frozenset({"quiet_from", "quiet_to", "quiet_days", "pushes"}),
    "way_back": frozenset({"way_back"}),
}


def intent_of(call: Call | None, say: str | None) -> str:
    """The name of what the rules found: a tool with the part of it that is meant, or words."""
    if call is None:
        return f"say.{say}"
    args = call.args
    match call.tool:
        case "show_plan":
            is_task = args.get("span") == "today" and args.get("part")
            return "show_plan.task" if is_task else f"show_plan.{args.get('span', 'today')}"
        case "mark_task":
            return f"mark_task.{args['outcome']}"
        case "explain_concept" if args.get("compare_with"):
            return "explain_concept.compare"
        case "explain_concept" if args.get("aspect") == "prerequisites":
            return "explain_concept.prerequisites"
        case "change_settings":
            said = next((name for name, keys in _SETTINGS.items() if keys & args.keys()), "show")
            return f"change_settings.{said}"
        case tool:
            return tool
