"""What a query for resources asks for: its words, and wishes about kind, language and price."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

from pydantic import Field

from learning.resources import Resource, ResourceKind
from learning.values import Id, Language, Line, Value

# Longer queries are read up to here; nobody says what they look for later than that.
LONGEST_QUERY = 400


class Synonyms(Value):
    """Words that mean nearly the same to someone who searches, in either language."""

    id: Id
    words: Annotated[tuple[Line, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query understood. `like` is the id of a resource that more of its kind is wanted of.

    What is `only` wanted is left out when it does not fit; the rest merely comes first. Whoever
    says "free" is shown nothing that is only for money.
    """

    text: str
    kinds: frozenset[ResourceKind] = frozenset()
    only_kinds: bool = False
    language: Language | None = None
    free: bool = False
    only_free: bool = False
    like: str | None = None

    def allows(self, resource: Resource) -> bool:
        if self.only_free and resource.price != "free":
            return False
        if self.free and resource.price == "paid":
            return False
        if self.language is not None and self.language not in resource.languages:
            return False
        return not self.only_kinds or resource.kind in self.kinds


@dataclass(frozen=True, slots=True)
class Hit:
    """A resource found; `share` is how much of the query it answers, 0 to 1.

    `strength` tells a find from chance: much of a query matched faintly is as little as a small
    part of it matched well.
    """

    id: str
    score: float
    share: float

    @property
    def strength(self) -> float:
        return self.score * self.share


class Index(Protocol):
    """Finds resources by words."""

    def find(self, wanted: Wanted, limit: int) -> tuple[Hit, ...]: ...


class NoIndex:
    """Finds nothing; for a catalogue without resources."""

    def find(self, wanted: Wanted, limit: int) -> tuple[Hit, ...]:  # noqa: ARG002 -- as Index
        return ()


_SAID_KINDS: tuple[tuple[str, tuple[ResourceKind, ...]], ...] = (
    (r"论文|文章原文|\bpapers?\b", ("paper",)),
    (r"视频|公开课|\bvideos?\b|\bwatch\b", ("video", "course")),
    (r"课程|网课|(?<![日必选])课(?!题)|\bcourses?\b|\bmooc\b", ("course", "video")),
    (r"书籍|图书|教材|(?<![花文证图秘])书|\bbooks?\b|\btextbooks?\b", ("book",)),
    (r"官方文档|文档|\bdocs?\b|\bdocumentation\b", ("docs",)),
    (r"代码仓库|开源项目|源码|\bgithub repos?\b|\brepos?(?:itory)?\b", ("code", "tool")),
    (r"社区|论坛|交流群|\bcommunit(?:y|ies)\b|\bforums?\b", ("community",)),
    (r"博客|\bblogs?\b|\barticles?\b", ("article",)),
)
_KINDS = tuple(
    (re.compile(pattern, re.IGNORECASE), frozenset(kinds)) for pattern, kinds in _SAID_KINDS
)
_ONLY = r"(?:只要|只想要?|只看|仅|只有|最好是?|必须是?|\bonly\b|\bjust\b|\bmust be\b)"
_FREE = re.compile(
    rf"{_ONLY}\s*(?:the |an?\s+)?(?:免费的?|不要钱的?|free(?: ones?\b)?)|免费的?(?:吧|就行|就好)"
    r"|(?:^|[\s,，])free only|不(?:要|想)?(?:付费|花钱|收费)的?|\bfree (?:ones?|only)\b"
    r"|\bfor free\b",
    re.IGNORECASE,
)
_SAYS_FREE = re.compile(r"免费的?|不要钱的?|\bfree\b", re.IGNORECASE)
_ZH = re.compile(
    rf"{_ONLY}\s*(?:中文的?|汉语的?|chinese(?: ones?\b)?)|(?<!不要)中文(?:的|版|(?=资料|书|教程"
    rf"|视频|课程?|文档))|国内的"
    r"|不要英[文语]的?|\bin chinese\b|\bchinese (?:only|ones?)\b"
    r"|\bchinese(?= (?:resources?|papers?|books?|videos?|courses?|docs?)\b)|(?<=\S )chinese\s*$"
    r"|(?<=\S )中文\s*$",
    re.IGNORECASE,
)
_EN = re.compile(
    rf"{_ONLY}\s*(?:英文的?|英语的?|english(?: ones?\b)?)|(?<!不要)英文(?:的|版|(?=资料|书|教程"
    rf"|视频|课程?|文档))|\bin english\b"
    r"|不要中文的?|\benglish (?:only|ones?)\b"
    r"|\benglish(?= (?:resources?|papers?|books?|videos?|courses?|docs?)\b)|(?<=\S )english\s*$"
    r"|(?<=\S )英文\s*$",
    re.IGNORECASE,
)
_LANGUAGES: Mapping[Language, re.Pattern[str]] = {"zh": _ZH, "en": _EN}
# Wishes that answer the same question, with how strict each is.
_WISHES = (((_FREE, 1), (_SAYS_FREE, 0)), ((_ZH, 0), (_EN, 0)))
_ONLY_KIND = re.compile(_ONLY, re.IGNORECASE)
_MORE_LIKE = re.compile(
    r"^\s*(?:更多|再来.{0,3}|还有|有没有)?(?:和|跟|像|与)?\s*(?P<zh>.{2,60}?)\s*(?:类似|差不多|一样|相似)的?"
    r"(?:资料|论文|书|课程?|视频|教程|还有吗|有吗)?[吗么?？]*\s*$"
    r"|\b(?:more|others?|anything|something|resources?|papers?|books?) "
    r"(?:like|similar to) (?P<en>.{2,80})$",
    re.IGNORECASE,
)
_LIKE = re.compile(r"\blike:([a-z0-9.-]+)", re.IGNORECASE)


def wanted_in(query: str) -> Wanted:
    """Read kind, language and price out of a query; what is left are the words to look for."""
    text = unicodedata.normalize("NFKC", query)[:LONGEST_QUERY]
    like = _LIKE.search(text)
    if like is not None:
        return Wanted(_LIKE.sub(" ", text), like=like[1].lower())
    kinds = frozenset(kind for pattern, kinds in _KINDS if pattern.search(text) for kind in kinds)
    language = _language_in(text)
    only_free = _FREE.search(text) is not None
    free = _SAYS_FREE.search(text) is not None
    left = text
    for pattern in (_FREE, _ZH, _EN, _SAYS_FREE):
        left = pattern.sub(" ", left)
    only_kinds = bool(kinds) and _ONLY_KIND.search(left) is not None
    return Wanted(left, kinds, only_kinds, language, free, only_free)


def model_in(text: str) -> str | None:
    """What more is wanted of, where a query names it: 'more like the qlora paper'."""
    more = _MORE_LIKE.search(text)
    return (more["zh"] or more["en"]) if more else None


def _language_in(text: str) -> Language | None:
    """The language wished for last: whoever narrows a search may change their mind."""
    last = {
        language: max((found.start() for found in pattern.finditer(text)), default=-1)
        for language, pattern in _LANGUAGES.items()
    }
    wished = max(last, key=lambda language: last[language])
    return wished if last[wished] >= 0 else None


def without_repeats(query: str) -> str:
    """A query whose wishes are said once: the strictest or last one, behind what is looked for."""
    kept = []
    left = query
    for patterns in _WISHES:
        said: list[tuple[int, int, str]] = []
        for pattern, strictness in patterns:
            said += [(strictness, hit.start(), hit.group()) for hit in pattern.finditer(left)]
            left = pattern.sub(lambda hit: " " * len(hit.group()), left)
        if len(said) > 1:
            kept.append(max(said)[2])
        for _, start, wish in said[:1] if len(said) == 1 else ():
            left = f"{left[:start]}{wish}{left[start + len(wish) :]}"
    return " ".join((*left.split(), *(wish.strip() for wish in kept))) if kept else query


_HAN = "\u3400-\u9fff"
_WORD = re.compile(rf"[a-z0-9]+(?:[-+./#_][a-z0-9]+)*\+*#?|[{_HAN}]+")
# Anywhere in a query, these only say that something is asked for.
_SAYS_LITTLE_ZH = """
有没有 有什么 有哪些 有啥 哪里有 哪里 哪儿 去哪 在哪 怎么样 怎么 如何 什么是 什么 为什么 可以
给我 帮我 我想 我要 想要 请问 请 推荐 一下 一些 一个 几个 几本 几篇 一本 一篇 一份 关于 有关
相关 方面 好的 比较 适合 好用 最好 必须 只要 只看 的 了 吗 呢 吧 啊 呀 更多 类似
"""
# Only at the edges: inside they are parts of words, as in 机器学习, 对齐 or 视频理解.
_AT_THE_EDGES_ZH = """
资料 资源 教程 指南 网站 论文 课程 书籍 视频 文档 免费 学习 书 课 学 想 要 做 用 讲 看看 看 找 仅
和 与 或 对 在 有
"""
_SAYS_LITTLE_EN = """
a an the for of to on in with and or how do does can i me my some any where what is are be this
that there find show give need want looking good best learn about anything something please
tutorial tutorials guide guides resource resources paper papers book books video videos course
courses free docs documentation website site more like similar only just recommend read use using
one ones
"""
_STOP = re.compile("|".join(sorted(_SAYS_LITTLE_ZH.split(), key=len, reverse=True)))
_EDGE_WORD = "|".join(sorted(_AT_THE_EDGES_ZH.split(), key=len, reverse=True))
_EDGES = re.compile(
    rf"(?<![{_HAN}])(?:{_EDGE_WORD})+(?=[{_HAN}])|(?<=[{_HAN}])(?:{_EDGE_WORD})+(?![{_HAN}])"
    rf"|(?<![{_HAN}])(?:{_EDGE_WORD})+(?![{_HAN}])"
)
_STOP_WORDS = frozenset(_SAYS_LITTLE_EN.split())


def words_in(text: str) -> Iterator[str]:
    """The words a text is found by: Latin words with their parts, pairs of Chinese characters."""
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).lower()):
        if "\u3400" <= word[0] <= "\u9fff":
            yield from (word[n : n + 2] for n in range(len(word) - 1)) if len(word) > 1 else (word,)
        else:
            yield from _latin(word)


def _latin(word: str) -> Iterator[str]:
    parts = [part for part in re.split(r"[-+./#_]+", word) if part]
    if len(parts) > 1:
        yield "".join(parts)
    for part in parts:
        yield _singular(part)


def _singular(word: str) -> str:
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if is_plural else word


def asked_words(text: str) -> tuple[str, ...]:
    """A query's words without those that only say that something is asked for."""
    lowered = unicodedata.normalize("NFKC", text).lower()
    kept = _EDGES.sub(" ", _STOP.sub(" ", lowered))
    words = [word for word in words_in(kept) if word not in _STOP_WORDS]
    return tuple(dict.fromkeys(words or words_in(lowered)))


def named_groups(text: str, groups: Iterable[Synonyms]) -> Sequence[tuple[str, Synonyms]]:
    """The groups of which a word stands in `text`, each with the longest such word."""
    lowered = unicodedata.normalize("NFKC", text).lower()
    found = []
    for group in groups:
        said = [word for word in group.words if _stands_in(word.lower(), lowered)]
        if said:
            found.append((max(said, key=len), group))
    return found


def _stands_in(word: str, text: str) -> bool:
    if word[0].isascii():
        pattern = rf"(?<![a-z0-9]){re.escape(word)}(?:s|es)?(?![a-z0-9])"
        return re.search(pattern, text) is not None
    return word in text
