"""So many minutes and no more, today: 今天只有 20 分钟, I've got half an hour now."""

from agent.phrases.amounts import durations_in
from agent.phrases.clauses import OTHER_PEOPLE
from agent.phrases.clock import clocks_in
from agent.phrases.spelling import mended, plain, words
from agent.phrases.tasks import numbers_in

FEWEST, MOST = 5, 480
_LONGEST = 80
_NOW = words(
    "今[天晚日儿]|现在|这会儿?|目前|手头|[就只]?剩(?=下?\\s*[\\d一二三四五六七八九十半两])",
    "today|tonight|now|this (?:morning|afternoon|evening)|at the moment|left",
)
_HAS = words(
    "只|就|仅|有|剩|挤出|抽出?",
    r"only|just|have|got|'ve|ive|left|squeeze|spare|free|max",
)
_ONLY = words(
    "^(?:我|那|但|就|可|不过)*(?:只|就|仅)(?:有|剩|能)", r"^(?:i |i'?ve |sorry )*(?:only|just)"
)
_OTHER = words(
    zh="""
    每|平时|周|星期|[学做看刷花用跑写练]了|后(?=[提叫再]|$|，)|提醒|叫我|推送|延后|推迟|晚点|视频|训练|推理|论文|睡|开会|到家|下班前
    多少|几(?=分|小时)|[吗呢]\\s*\\?|多久
    """,
    en=r"""
    every|each|(?:a|per) (?:day|week)|took|spent|studied|did|done|later|ago|in \d+|remind|snooze
    video|training|train|sleep|meeting|how (?:long|many|much)|from now on|usually|weekdays?|weekends?
    """,
)


def minutes_today_in(text: str) -> int | None:
    """The minutes a learner has just now; None when they speak of a pace, or of what was."""
    said = mended(plain(text)).strip()
    lengths = durations_in(said)
    if len(said) > _LONGEST or len(lengths) != 1 or numbers_in(said):
        return None
    if _OTHER.search(said) or OTHER_PEOPLE.search(said) or clocks_in(said):
        return None
    is_told = _NOW.search(said) and _HAS.search(said)
    if not (is_told or _ONLY.search(said)):
        return None
    minutes = lengths[0].minutes
    return minutes if FEWEST <= minutes <= MOST else None
