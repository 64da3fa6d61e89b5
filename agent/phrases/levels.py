"""A named level in words of the learner's own: 我觉得能跑了, I think it runs, 三天吧."""

import re
from collections.abc import Sequence

from agent.phrases.amounts import number_in
from agent.phrases.spelling import pattern, plain
from agent.phrases.tasks import numbers_in
from learning.values import Words

_LONGEST = 60
_ASKS = pattern(r"[?？]|吗$|什么|怎么|为什么|多少|\b(?:what|why|how|which|when)\b")
_NEGATED = pattern(
    r"还?没(?:有)?(?!动手|开始|做|写|碰)[^,，。;；]{0,6}|\bnot (?:yet |quite |really )?\w+"
    r"|\b(?:have|has|did|is|are)n'?t (?:\w+ )?\w+|\bun\w+"
)
# What levels are told apart by; a level and an answer with the same sign are taken to mean the same.
_NOTHING = pattern(
    r"没(?:有)?(?:动手|开始|怎么)?(?:做|写|碰|弄|记|学|刷|动)(?!完)|没(?:有)?(?:动手|开始)|一[天点个道次]也没|^没有?$|零"
    r"|\bnot (?:begun|started|touched)\b|\bnone\b|\bnothing\b|\bnot (?:on any|at all)\b|\bno notes\b|\bzero\b"
    r"|\b(?:have|did)n'?t (?:\w+ )?(?:begun?|start\w*|writ\w+|wrote|do|done|touch\w*|take)"
)
_SIGNS = {
    "begun": pattern(
        r"开了?个?头|刚(?:刚)?(?:开始|动手)|做了?一?(?:点|些|半)|一半|\bbegun\b|\b(?:just )?started\b|\ba (?:bit|little|start)\b|\bhalf"
    ),
    "runs": pattern(r"能跑|跑通|跑起来|跑得通|能用|\bruns?\b|\bworks?\b|\bworking\b|\brunning\b"),
    "finished": pattern(
        r"(?:做|写|弄|全|都)完|完成|收尾了|给人看|\bfinished\b|\bcomplete\w*|\bready to show\b|\ball done\b"
    ),
    "written": pattern(r"写了|记了|写过|\bwritten\b|\bwrote\b|\bsome notes\b|\bjotted\b"),
    "in order": pattern(
        r"整理(?:好|完|过)|理好|\bgood order\b|\btid(?:y|ied)\b|\borgani[sz]ed\b|\bneat"
    ),
}
_SPAN = re.compile(r"(\d+)\s*[–~-]\s*(\d+)|(\d+)\s*(?:天|道|次|篇|个)?\s*(以上|or more|\+)")
_COUNTED = pattern(
    r"\d|[一二两三四五六七八九十几]\s*(?:天|道|次|篇|个)|\b(?:one|two|three|four|five|six|seven|once|twice)\b"
)


def level_in(levels: Sequence[Words], text: str) -> int | None:
    """The place, from 1, of the one level that a text names; None when none or several fit."""
    said = plain(text).strip().lower()
    if not said or len(said) > _LONGEST or _ASKS.search(said) or numbers_in(said):
        return None
    counted = None if _NOTHING.search(said) else _counted(levels, said)
    if counted is not None:
        return counted
    meant = _signs_of(said)
    scores = [
        len(meant & (_signs_of(one.zh.lower()) | _signs_of(one.en.lower()))) for one in levels
    ]
    best = max(scores, default=0)
    return scores.index(best) + 1 if best and scores.count(best) == 1 else None


def _signs_of(said: str) -> frozenset[str]:
    told = _NEGATED.sub(" ", said)
    found = {name for name, rule in _SIGNS.items() if rule.search(told)}
    if _NOTHING.search(said) and not found:
        found.add("nothing")
    return frozenset(found)


def _counted(levels: Sequence[Words], said: str) -> int | None:
    """三天 among 1–2 天, 3–4 天, 5 天以上."""
    number = number_in(said) if _COUNTED.search(said) else None
    if number is None:
        return None
    for place, level in enumerate(levels, 1):
        found = _SPAN.search(level.zh)
        if found is None:
            continue
        low = int(found[1] or found[3])
        high = int(found[2]) if found[2] else None
        if number >= low and (high is None or number <= high):
            return place
    return None
