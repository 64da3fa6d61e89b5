"""What somebody wishes who fell behind: lighter days, everything later, or to skip what passed."""

from agent.phrases.spelling import words

_MISSED = words(
    zh="""
    落[下后]|拉下(?!来)|欠[下的了]|积压|掉队|[错漏]过的?|补不[上完]|没跟上|好几天没[来学]|前几天没[学来做]|没[学做]的那几天
    (?:前面|之前)没[学做]
    """,
    en=r"""
    behind|missed|back ?log|fell behind|falling behind|days off i took|skipped days
    what i (?:didn'?t|did not) do
    """,
)
_LIGHTER = words(
    "轻松?一?[点些]|减[点量]|少一?[点些]|慢慢[来补]|松一?点",
    r"light(?:er|en)|eas(?:e|ier|y)|less|fewer|slow(?:er|ly)?|gentl\w+",
)
_LATER = words(
    "顺延|往后|推后|推迟|延后|后[推挪延移]",
    r"(?:shift|push|move|extend|postpone|delay)\w*|later",
)
_SKIP = words(
    "跳过|跳掉|不要了|不补了?|算了|一笔勾销|从今天(?:的|接着|开始|继续)",
    r"skip|drop|forget|leave out|ignore|start (?:with|from) today|continue from today",
)
_ASKS = words("[吗?]|多少|几|为什么|怎么(?!补)", r"\?|how|why|what(?! i)|am i|do i")


def way_back_in(text: str) -> str | None:
    """The way on that is chosen for what was missed; None when no way is said, or it is asked."""
    if not _MISSED.search(text) or _ASKS.search(text):
        return None
    for way, said in (("skip", _SKIP), ("later", _LATER), ("lighter", _LIGHTER)):
        if said.search(text):
            return way
    return None
