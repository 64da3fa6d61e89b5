"""A sentence in clauses, and what each of them claims, asks, denies or only supposes."""

import re
from dataclasses import dataclass, replace

from agent.phrases.spelling import mended, pattern, plain, words

_URL_LETTER = r"[^\s，。；！？、）)」』>\"]"
URL = pattern(rf"(?:https?://|\bwww\.){_URL_LETTER}+(?<![,.;:!?])")
_SEPARATOR = pattern(
    r"\s*(?:[。；;!…\n~()【】—]+|(?<!\d),|,(?!\s*[\d第])|:(?!\d)|(?<!\d):|\.(?=\s|$)|\s[-–]\s"
    r"|(?P<mark>\?)"
    r"|(?<!不)但是?|不过(?!来)|可是|然后|因为"
    r"|(?<!all )(?<!everything )\b(?:but(?: also)?|however|because|(?:and )?then)\b"
    r"|(?P<object>(?<=[了啦])(?<!除了)\s*(?=[第把剩余①-⑫]|其[余他]))"
    r"|(?<=[了啦咯哈])\s+(?=[\u4e00-\u9fff\d①-⑫])"
    r"|(?P<result>(?:(?<=[了啦咯哈])|(?<=\bdone))\s+(?=[a-z][^,。;!?\n]*\d)"
    r"(?!(?:almost|about|around|nearly|half|mostly|maybe|not|only|roughly|if|when|with|and)\b))"
    r"|(?<=\d完成)\s+(?=\d)"
    r"|\band (?=i(?: |'))|\band (?=(?:am |got |let's )?(?:skip|push|move|postpone|put|stuck"
    r"|blocked)\b)"
    r"|\band (?=(?:task |the )?[\w#]+(?: one)? (?:is |are )?(?:stuck|tomorrow|later|not)\b)"
    r")\s*"
)
# 做了第一个 is one clause, though 做完了第一个 is two.
_DID = pattern(r"^(?:我|已经|今天|刚刚?|刚才|也|又)*+[做搞弄整]了$")
# After a number what follows 了 cannot name the task: 第一个搞定了 loss=0.35.
_TASK_NUMBER = pattern(r"第|任务|①|[②-⑫]|\btask|\d")
_ASSIGNS = pattern(r"^\s*[a-z][\w@.]*\s*=")

_HESITATION = r"(?:(?:so|ok|okay|and|hey|hi|well|um|please)[, ]+)*"
_AUXILIARY = (
    r"(?:is|are|was|were|am|does|has|can|could|should|would|will|shall|may|might|must)(?:n'?t)?"
)
_SUBJECT = (
    r"(?:i|you|u|we|he|she|it|they|this|that|these|those|there|the|my|task|all|everything|number"
    r"|#?\d)"
)
_ASKS = pattern(
    r"[吗么嘛](?=$|\W)|([\u4e00-\u9fff])[不没]\1|[呢没]$|没有$"
    r"|[是有能会要行好对][没不][是有能会要行好对]|可不可以|可以不"
    r"|该不该|是否|请问|怎么(?![都也])|怎样|咋|为什么|为啥|为何|什么(?![都也])"
    r"|(?<!那个)啥(?![都也])|哪|多少|多久|(?<![这那好十])几(?=[个点天号条时])|谁|如何|难道"
    rf"|^{_HESITATION}(?:what|whats|why|how|when|which|who|where)\b"
    rf"|^{_HESITATION}{_AUXILIARY} {_SUBJECT}\b"
    rf"|^{_HESITATION}(?:do|did|have|had)(?:n'?t)? (?:i|you|u|we|he|she|they)\b"
    r"|\b(?:wonder|whether|not sure if|or not)\b"
)
# Asked of the mentor at the end of a message: 能帮我取消吗, can you bump it to tomorrow?
_REQUESTS = pattern(
    r"^(?:你|您)?(?:能不能|能否|可不可以|可否|可以|能)(?:请|麻烦)?(?:你|您)?(?:帮我|帮忙|替我|给我)(?!.*[什啥怎])"
    r"|^(?:can|could|would) (?:you|u) (?:please |pls |just )?(?:mark|move|bump|push|skip|postpone"
    r"|undo|untick|un-tick|unmark|put|shift|pause|stop|change|set|switch|remind|send|ping)\b"
)
_HEADING = pattern(r"^(?:今天的?|今日)?(?:目标|计划|打算|待办|goals?|plans?|to-?dos?)$")
# 卡在怎么求导了: a question that is the trouble, and not asked.
_TROUBLE = pattern(r"(?<=卡在).*(?<![吗呢])$|(?<=stuck on )(?:how|what|why|where)\b.*$")
# A question at the end that takes back what was said before it.
_TAG = pattern(
    r"^(?:对吗|对吧|对不对|是吗|是吧|是不是|没错吧|可以吗|行吗|好吗|行不行|可以不"
    r"|right|correct|isn'?t it|didn'?t i|haven'?t i|no|yes|ok|okay|am i right)$"
)
_SUPPOSES = pattern(
    r"^(?:那|可|我)?(?:如果|要是|假如|假设|若是?|万一|等(?!.{0,6}(?:小时|分钟|钟头))|当|一旦"
    r"|只要|除非|每次|每当|明明)"
    r"|[你他她它]们?说|(?:系统|上面|网上|有人|谁)说|[听据]说|(?<![我来好])说(?=[第都已任全我])|以为|假装|显示|写着"
    r"|\b(?:you|docs?|app|system|bot|people|it|he|she|they) (?:said|says?|told|claims?)\b"
    r"|\bi (?:thought|heard)\b"
    r"|的话|[完定好成][^,]{0,8}?(?:之后|以后|后(?![来面悔天]))"
    r"|[完定好成][^,]{0,8}?[再才就][^,]*[做学看说告想]"
    r"|[完定好成]之?前"
    r"|^(?:(?:so|and|but|ok)\s)?(?:if|when|once|after|before|until|till|unless|as soon as|suppose"
    r"|assuming|in case|while|by the time|whenever|(?:let|tell|remind|ask) me (?:know )?(?:when"
    r"|if|once|after))\b"
    r"|\b(?:as if|as though|if only)\b"
)
_DENIES = words(
    zh="""
    没(?!想到|问题|事|关系)|未|别(?![的人处])|勿|无法|甭
    不(?!错|小心|过|但|愧|容易|仅|好意思|知不觉|光|止)
    """,
    en=r"""
    not|never|nothing|none|nobody|neither|no(?! ?\.? ?\d| problem)|without|unable|cannot
    fail(?:ed|s)?|(?:un|in)(?:finished|complete)|no (?:longer|way)
    (?:do|did|does|is|are|was|were|have|has|had|ca|could|wo|would|should)n'?t
    """,
)

OTHER_PEOPLE = words(
    zh="""
    (?<![和跟与])(?:朋友|同学|同事|室友|老婆|老公|女友|男友|(?<![温加西])[弟哥姐妹]{1,2}(?!伦)|队友|老板|有人|别人|大家)
    (?<![其吉])(?<![和跟与])[他她]们?
    """,
    en=r"""
    (?<!with )(?<!and )(?:he|she|they|someone|somebody)
    (?<!with )(?:my|a|our|the) (?:friend|colleague|classmate|teammate|roommate|boss)s?
    (?<!with )my (?:brother|sister|wife|husband|partner|buddy)
    """,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """`raw` is as written; `text` has one spelling, slips mended and links blanked out.

    `start` and `end` are its place in the sentence.
    """

    raw: str
    text: str
    start: int
    end: int
    asks: bool
    supposes: bool
    denies: bool

    @property
    def claims(self) -> bool:
        return not (self.asks or self.supposes)


def clauses_of(said: str) -> tuple[Clause, ...]:
    """The clauses in order; a tag question makes those before it questions."""
    text = plain(said)
    for link in URL.finditer(said):
        text = f"{text[: link.start()]}{'§' * len(link.group())}{text[link.end() :]}"
    clauses: list[Clause] = []
    start = 0
    for found in (*_SEPARATOR.finditer(text), None):
        end = found.start() if found else len(text)
        if found and _is_inside(found, text, start):
            continue
        clause = _clause(said, text, start, end)
        if clause is not None:
            if found and found["mark"] and not _REQUESTS.match(clause.text):
                clause = replace(clause, asks=True)
            if clauses and _HEADING.match(clauses[-1].text):
                clause = replace(clause, supposes=True)
            if _TAG.match(clause.text):
                clause = replace(clause, asks=True)
                clauses = [replace(before, asks=True) for before in clauses]
            clauses.append(clause)
        start = found.end() if found else end
    return tuple(clauses)


def _is_inside(found: re.Match[str], text: str, start: int) -> bool:
    """Whether what looks like a separator stands inside the clause that begins at `start`."""
    before = text[start : found.start()]
    if found["object"] is not None:
        return _DID.match(before) is not None
    if found["result"] is not None:
        is_numbered = not before.endswith("done") and _TASK_NUMBER.search(before)
        return not (is_numbered or _ASSIGNS.match(text[found.end() :]))
    return False


def _clause(said: str, text: str, start: int, end: int) -> Clause | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return None
    meant = mended(text[start:end])
    return Clause(
        raw=said[start:end],
        text=meant,
        start=start,
        end=end,
        asks=bool(_ASKS.search(_TROUBLE.sub("", meant))) and not _REQUESTS.match(meant),
        supposes=bool(_SUPPOSES.search(meant)),
        denies=bool(_DENIES.search(meant)),
    )


_ASKED_OF_THE_MENTOR = tuple(
    pattern(rule)
    for rule in (
        r"^(?:(?:hey|hi|ok|so|well)[, ]+)*(?:can|could|would|will) (?:you|u)\b"
        r"(?: please| pls| maybe)?,? (?!say|think|know|believe|remember|see|be |tell me (?:if"
        r"|whether|when))"
        r"(?P<wish>.+?)(?:,? (?:please|pls))?\s*[?.!]*$",
        r"^(?:请问)?你?(?:能不能|能否|可不可以|可以|能)(?:请你?|麻烦你?)?"
        r"(?P<wish>(?!帮我?[做干][点些]?[什啥嘛])(?:帮我|帮忙|给我|替我|把|跟我|提醒我|用|说|换成|切换).+?)[吗么]?\s*[?!。.]*$",
        r"^(?P<wish>(?=.*(?:提醒我|叫我|给我发|帮我|麻烦你?|都?改到|推到|挪到|放到|移到|停到|停.天"
        r"|说[中英]文|用[中英]文|in (?:english|chinese))).+?)"
        r"[,，]?\s*(?:好吗|好么|可以吗|行吗|好不好|行不行|ok|okay)\s*\?*(?:[,，\s]*(?:谢谢|多谢|辛苦)\S{0,4})?$",
    )
)


# 打扰了 wishes for no quiet hours.
_COURTESY = pattern(
    r"(?:不好意思|抱歉|对不起)*\s*(?:打扰|麻烦)(?:您|你|老师|导师)?(?:一下)?了(?:[,，。.!~\s]+|$)"
    r"|\bsorry to (?:bother|disturb) you\b"
)


def without_politeness(said: str) -> str:
    """The wish itself: 'could you …?' and 能不能帮我…吗 are asked of the mentor, no questions."""
    said = _COURTESY.sub(" ", said)
    text = plain(said)
    for request in _ASKED_OF_THE_MENTOR:
        found = request.match(text.strip())
        if found is not None:
            return said.strip()[found.start("wish") : found.end("wish")]
    return said.strip()
