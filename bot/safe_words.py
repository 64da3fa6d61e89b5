"""A model's words as a learner may see them: links of the catalogue only, and nobody called."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from bot.markup import StyledText, escape, styled

# A run of letters and signs that a chat could read as one address. It ends where Chinese begins,
# since no other sign need stand between them.
_RUN = re.compile(r"[^\s<>()\[\]`\x00\u2e80-\uffff]+")
# What chats make a link or a mention of without being asked: README.md is one to them as well, and
# so are bare numbers of a machine, a command for another bot and a label made of emoji.
_TOUCHABLE = re.compile(
    r"://|(?:\w|[^\x00-\x7f])\.[^\W\d_]{2}|(?<!\w)@[&!]?\w{2}|@(?:everyone|here)\b|[#/]\w+@\w"
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)|^(?:mailto|tg|javascript|data|tel):",
    re.IGNORECASE,
)
# Without one of these it is nothing of that, which is soon seen.
_SIGN = re.compile("[.:@]")
# Endings of addresses in Chinese, and others behind a Chinese name, which the run leaves out.
_CHINESE = (
    "中国|中國|公司|网络|網絡|网址|網址|网站|網站|商城|商店|商标|网店|網店|集团|集團|香港|台湾|台灣|澳门|澳門"
    "|新加坡|中文网|我爱你|在线|移动|手机|广东|佛山|娱乐|游戏|遊戲|企业|信息|机构|组织机构|政务|政府|公益|慈善"
    "|健康|招聘|书籍|食品|餐厅|购物|时尚|家電|通販|世界|八卦|点看|點看|大拿|珠宝|天主教"
)
_BEHIND_CHINESE = re.compile(
    rf"\.(?:(?<=[^\W_]\.)(?:{_CHINESE})(?![^\W_])"
    r"|(?<=[\u2e80-\u9fff\uac00-\ud7af]\.)[A-Za-z]{2}[A-Za-z0-9_./?=&%#:-]*)"
)
# With its country a number can be called at a touch.
_PHONE = re.compile(r"\+(?<![\w+]\+)\d[\d ()-]{6,18}\d(?!\w)")
_APART = (_BEHIND_CHINESE, _PHONE)
_EDGE = ".,;:!?'\"*_~|{}…"
_MARKED_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\(\s*<?([^)\s>]{1,2000})>?[^)\n]{0,300}\)")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]+\]:[^\n]*$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}```[^`\n]*\n(?:.*?^ {0,3}```+[ \t]*$|.*)", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`[^`|\n]+`")
# Signs that markup takes away, and that could stand between the letters of an address.
_SIGNS = str.maketrans("", "", "*_~`\\")

Known = Callable[[str], bool]


def safe_words(words: str, is_known: Known) -> str:
    """Make every foreign link and every mention plain to see and dead to touch.

    `is_known` says whether an address is one of the catalogue's. A foreign link keeps its words;
    its address is shown as code, which no chat makes anything of.
    """
    unsigned = words.translate(_SIGNS)
    if "](" not in words and "]:" not in words and next(_touchables(unsigned), None) is None:
        return words
    safe = _safe_markup(words, is_known)
    return safe if is_dead(styled(safe), is_known) else _bare(styled(words).text)


def safe_frame(words: str, is_known: Known) -> str:
    """The same for a growing answer, which is shown without any markup."""
    text = styled(_safe_markup(words, is_known)).text
    return escape(_replaced(text, lambda one: one if "://" in one and is_known(one) else "🔗"))


def is_dead(shown: StyledText, is_known: Known) -> bool:
    """Whether nothing foreign in a finished text can be touched."""
    code = [one for one in shown.entities if one.style in {"code", "pre"}]
    if not all(is_known(one.detail) for one in shown.entities if one.style == "link"):
        return False
    for start, end in _touchables(shown.text):
        is_code = any(one.start <= start and end <= one.end for one in code)
        address = shown.text[start:end]
        if not is_code and not ("://" in address and is_known(address)):
            return False
    return True


def _touchables(text: str) -> Iterator[tuple[int, int]]:
    """Where a chat could find an address, a number or a mention, without the sentence's signs."""
    found = [(one.start(), one.end()) for kind in _APART for one in kind.finditer(text)]
    for run in _RUN.finditer(text):
        if not _SIGN.search(run[0]) or not _TOUCHABLE.search(run[0]):
            continue
        start = run.end() - len(run[0].lstrip(_EDGE))
        found.append((start, max(start, run.start() + len(run[0].rstrip(_EDGE)))))
    last = 0
    for start, end in sorted(found):
        # Two that overlap are one and the rest of it.
        if end > max(start, last):
            yield max(start, last), end
            last = end


def _replaced(text: str, by: Callable[[str], str], between: Callable[[str], str] = str) -> str:
    parts: list[str] = []
    end = 0
    for start, stop in _touchables(text):
        parts += [between(text[end:start]), by(text[start:stop])]
        end = stop
    return "".join((*parts, between(text[end:])))


def _bare(text: str) -> str:
    """Words without any markup, for those that mean to be read in two ways."""
    return _replaced(text.replace("`", "'"), _as_code, escape)


def _safe_markup(words: str, is_known: Known) -> str:
    kept: list[str] = []

    def keep(text: str) -> str:
        """Put a finished piece aside, so that no later rule reads it again."""
        kept.append(text)
        return f"\x00{len(kept) - 1}\x00"

    def marked(found: re.Match[str]) -> str:
        label, url = found[1], found[2]
        if is_known(url) and not found[0].startswith("!"):
            shown = _replaced(label.replace("`", ""), lambda _: "…")
            return keep(f"[{shown or '🔗'}]({url})")
        return f"{label} {keep(_as_code(url))}".strip()

    def touchable(address: str) -> str:
        return keep(address if "://" in address and is_known(address) else _as_code(address))

    prose = _REFERENCE.sub("", words.replace("\x00", ""))
    prose = _FENCE.sub(lambda found: keep(found[0]), prose)
    prose = _SPAN.sub(lambda found: keep(found[0]), prose)
    prose = _MARKED_LINK.sub(marked, prose)
    prose = _replaced(prose, touchable)
    while "\x00" in prose:
        prose = re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], prose)
    return prose


def _as_code(address: str) -> str:
    return f"`{address.replace('`', '')[:300]}`"


@lru_cache(maxsize=4096)
def bare_address(url: str) -> str:
    """An address without what makes no difference: scheme, www, a slash at the end, a fragment.

    Empty for one that is not plainly a page of the web.
    """
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = (parts.hostname or "").lower().removeprefix("www.")
        is_odd = parts.scheme not in {"http", "https"} or parts.username or parts.port
    except ValueError:
        return ""
    if is_odd or parts.password:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"
