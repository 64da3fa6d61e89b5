"""Whether words after "show me" are the evidence that was asked for."""

import re
from collections.abc import Sequence

from agent.phrases.spelling import pattern
from agent.router import Routed
from learning.evidence import shows_something

_NO = re.compile(
    r"(这次)?(没有?证据|没有|没|无|不用了?|不想发|跳过|算了|下次吧?|以后再说)[。.!！]?"
    r"|(我)?(什么|啥)(也|都)没有?|没(什么|啥)(可|好)?(发|给|交)的?"
    r"|(no|none|nope|skip|not (this time|now)|later|no evidence|i don'?t have any)[.!]?"
    r"|(i('ve| have) (got )?)?nothing( to (show|send|share))?[.!]?",
    re.IGNORECASE,
)
# How it went or what is done, without a word of what came out of it.
_STATUS = re.compile(
    r"[①-⑫\s,，、和]+"
    r"|(我|今天|今晚|最近|还|都|真的?|实在|现在|太|也)*(没空|没时间|不会|没做|没有?做完"
    r"|没[弄写学搞]完?|没完成|忙|累)(了|呢|啊)?[。.!！]*"
    r"|(我|今天|那个?|这个?|最后|第|一|个|都|也|已经|刚|的|\s)*(任务|题目?|个)?(也|都"
    r"|已经)*([做弄搞写]完?|完成|搞定)了[。.!！]*"
    r"|(the |my |that )?[\w #'-]{0,30}?\b(one|task|tasks|ones|it|that|all|everything)( is| are"
    r"| was|'s)?"
    r" (now |all |already )*(done|finished|complete|completed)( too| now| as well)?[.!]*"
    r"|(i )?(can'?t|cannot|do ?n[o']t know how|have no time|had no time|no time( today)?|not (yet"
    r"|done|finished))[.!]*"
    r"|(i )?(haven'?t|didn'?t|did not)( (done|do|finish|finished|start|started))?( it| this"
    r"| that)?( yet)?[.!]*",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"[?？]\s*$|^(为什么|怎么|哪|什么|截图发|why\b|how\b|what\b|where\b|oops)", re.IGNORECASE
)
# A doubtful report leads to the plan as well; only these words ask for it.
_PLAN_WORDS = re.compile(
    r"计划|任务|安排|清单|路线|今天|明天|[本这下]周|什么|plan|today|tomorrow|week|task|what"
    r"|roadmap",
    re.IGNORECASE,
)
_OTHER_WISHES = frozenset(
    {
        "answer_faq",
        "change_settings",
        "explain_concept",
        "export_calendar",
        "export_data",
        "find_resources",
        "forget_me",
        "leave_curriculum",
        "list_curricula",
        "log_practice",
        "show_help",
        "show_progress",
        "start_curriculum",
        "start_interview",
        "start_quiz",
        "start_review",
        "take_placement",
    }
)
# Words of other features and of somebody coming back, and numbers alone: they show no work.
_SAYS_NOTHING = pattern(
    r"(?:给?(?:点|个)?提示|就这样|继续|接着来?|我?(?:又|再)?(?:回|过)?来(?:了|啦)|我(?:又)?来了|在吗|喂|下一题|跳过"
    r"|hints?|go on|continue|i'?m back|are you there|next|skip|that'?s (?:all|it)|[\d\s,，、.]+)"
    r"[\s。.!！~～?？]*"
)
_SMALL_TALK = frozenset({"ask_settings", "greeting", "out_of_scope", "thanks"})


def refuses_evidence(text: str) -> bool:
    return _NO.fullmatch(text) is not None


def reads_as_evidence(text: str, routed: Routed) -> bool:
    """Say whether words after "show me" are the evidence, rather than the next wish.

    A report such as "跑完了，准确率 81%" is evidence too; a question, a bare number, and a number
    of the plan, as in "第二个也做完了", are not.
    """
    if _QUESTION.search(text) or (text.isdecimal() and len(text) <= 2):
        return False
    if not shows_something(text):
        return False
    if _STATUS.fullmatch(text.strip()) or _SAYS_NOTHING.fullmatch(text.strip()):
        return False
    for call in routed.calls:
        if call.tool == "hear_good_news":
            continue
        if call.tool in _OTHER_WISHES:
            return False
        if call.tool == "show_plan" and dict(call.args) != {"span": "today"}:
            return False
        if call.tool == "show_plan":
            return _PLAN_WORDS.search(text) is None
        named = call.args.get("tasks", ())
        has_number = any(str(one).isdecimal() or one == "all" for one in _listed(named))
        if has_number or (call.args.get("outcome") != "done" and not call.args.get("evidence")):
            return False
    is_small_talk = routed.is_sure and routed.say in _SMALL_TALK
    return not is_small_talk


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple | list) else ()
