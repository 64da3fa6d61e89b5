"""Whether words after "show me" are the evidence that was asked for."""

import re
from collections.abc import Sequence

from agent.router import Routed

_NO = re.compile(
    r"(这次)?(没有?证据|没有|没|无|不用了?|不想发|跳过|算了|下次吧?|以后再说)[。.!！]?"
    r"|(no|none|nope|skip|not (this time|now)|later|no evidence|i don'?t have any)[.!]?",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"[?？]\s*$|^(为什么|怎么|哪|什么|截图发|why\b|how\b|what\b|where\b|oops)", re.IGNORECASE
)
# A doubtful report leads to the plan as well; only these words ask for it.
_PLAN_WORDS = re.compile(
    r"计划|任务|安排|清单|路线|今天|明天|[本这下]周|什么|plan|today|tomorrow|week|task|what|roadmap",
    re.IGNORECASE,
)
_OTHER_WISHES = frozenset(
    {
        "change_settings",
        "explain_concept",
        "find_resources",
        "list_curricula",
        "show_help",
        "show_progress",
        "start_curriculum",
    }
)


def refuses_evidence(text: str) -> bool:
    return _NO.fullmatch(text) is not None


def reads_as_evidence(text: str, routed: Routed) -> bool:
    """Say whether words after "show me" are the evidence, rather than the next wish.

    A report such as "跑完了，准确率 81%" is evidence too; a question, a bare number, and a number
    of the plan, as in "第二个也做完了", are not.
    """
    if _QUESTION.search(text) or (text.isdecimal() and len(text) <= 2):
        return False
    for call in routed.calls:
        if call.tool in _OTHER_WISHES:
            return False
        if call.tool == "show_plan":
            return _PLAN_WORDS.search(text) is None
        named = call.args.get("tasks", ())
        has_number = any(str(one).isdecimal() or one == "all" for one in _listed(named))
        if has_number or (call.args.get("outcome") != "done" and not call.args.get("evidence")):
            return False
    is_small_talk = routed.is_sure and routed.say in {"thanks", "greeting", "out_of_scope"}
    return not is_small_talk


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple | list) else ()
