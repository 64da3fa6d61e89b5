"""What pictures shall look like, and that none are wanted."""

from collections.abc import Mapping

from agent.phrases.spelling import words

_LOOKS = {
    "off": words(
        zh="""
        (?:别|不要|不用|不想要|停止?|关掉?)(?:再|给我)?发?(?:送|任何)?图(?:片|像)?(?!谱|像|表)
        图片?(?:就)?(?:别|不要|不用)(?:再)?发
        """,
        en=r"""
        (?:no(?: more)?|without|stop(?: sending)?(?: me)?|turn off|disable)(?: the| any)? (?:pictures?|images?)
        """,
    ),
    "dark": words(
        zh="(?:图片?|画面).{0,6}(?:深|暗|黑)色|图片?.{0,4}(?:太|有点)(?:亮|白|刺眼)|图片?.{0,4}[换调改]成?[暗深黑]|(?:深|暗|黑)色的?(?:图片?|模式|主题)|夜间模式",
        en=r"dark (?:mode|theme|pictures?|images?)|(?:pictures?|images?).{0,12}dark",
    ),
    "light": words(
        zh="(?:图片?|画面).{0,6}(?:浅|亮|白)色|图片?.{0,4}(?:太|有点)[暗黑]|图片?.{0,4}[换调改]成?[亮浅白]|(?:浅|亮|白)色的?(?:图片?|模式|主题)|日间模式",
        en=r"light (?:mode|theme|pictures?|images?)|(?:pictures?|images?).{0,12}light",
    ),
    "auto": words(
        zh="(?:恢复|重新|继续)发图(?!谱)",
        en=r"(?:send|show)(?: me)? (?:the )?(?:pictures|images) again",
    ),
}
_ASKS = words(zh="[吗么?？]$", en=r"\?$|^(?:what|why|how|which)")


def pictures_wished(text: str) -> Mapping[str, object] | None:
    """The change of settings, None when nothing is said of it."""
    if _ASKS.search(text.strip()):
        return None
    found = next((name for name, said in _LOOKS.items() if said.search(text)), None)
    return {"pictures": found} if found else None
