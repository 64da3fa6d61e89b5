"""A sentence in clauses, and what each of them claims, asks, denies or only supposes."""

from dataclasses import dataclass

from agent.phrases.spelling import mended, pattern, plain

URL = pattern(r"https?://[^\s，。；！？、）)」』>\"]+|\bwww\.[^\s，。；！？、）)」』>\"]+")
_SEPARATOR = pattern(
    r"\s*(?:"
    r"[。；;!…\n~()【】—]+|(?<!\d)[,:]|[,](?!\s*[\d第])|:(?!\d)|\.(?=\s|$)|\s[-–]\s"
    r"|(?P<mark>\?)"
    r"|(?<!不)但是?|不过(?!来)|可是|然后|因为"
    r"|\b(?:but(?: also)?|however|because|(?:and )?then)\b"
    r"|(?<=[了啦])(?<!除了)\s*(?=[第把])"
    r"|\band (?=(?:i(?:'ll)? |i'm |am |got |let's )?(?:skip|push|move|postpone|put|stuck|blocked)\b)"
    r"|\band (?=(?:task |the )?[\w#]+(?: one)? (?:is |are )?(?:stuck|tomorrow|later|not)\b)"
    r")\s*"
)

_ASKS = pattern(
    r"[吗么嘛](?=$|\W)|[呢没]$|没有$|[是有能会要行好对](?:没|不)[是有能会要行好对]|可不可以|可以不"
    r"|该不该|是否|请问|怎么(?![都也])|怎样|咋|为什么|为啥|为何|什么(?![都也])|(?<!那个)啥(?![都也])|哪|多少|多久"
    r"|几(?=[个点天号条时])|谁|如何|难道"
    r"|^(?:(?:so|ok|okay|and|hey|hi|well|um|please)[, ]+)*(?:what|whats|why|how|when|which|who|where)\b"
    r"|^(?:(?:so|ok|okay|and|hey|hi|well|um)[, ]+)*"
    r"(?:(?:is|are|was|were|am|does|has|can|could|should|would|will|shall|may|might|must)(?:n'?t)?"
    r" (?:i|you|u|we|he|she|it|they|this|that|these|those|there|the|my|task|all|everything|number|#?\d)"
    r"|(?:do|did|have|had)(?:n'?t)? (?:i|you|u|we|he|she|they))\b"
    r"|\b(?:wonder|whether|not sure if|or not)\b"
)
# A question at the end that takes back what was said before it.
_TAG = pattern(
    r"^(?:对吗|对吧|对不对|是吗|是吧|是不是|没错吧|right|correct|isn'?t it|didn'?t i|haven'?t i"
    r"|no|yes|ok|okay|am i right|可以吗|行吗|好吗|行不行|可以不)$"
)
_SUPPOSES = pattern(
    r"^(?:那|可|我)?(?:如果|要是|假如|假设|若是?|万一|等|当|一旦|只要|除非|每次|每当|明明)"
    r"|的话|[完定好成](?:了)?(?:之后|以后|后(?!来|面|悔))|[完定好成]了?[再才就][^,]*[做学看说告想]"
    r"|[完定好成]之?前"
    r"|^(?:(?:so|and|but|ok)\s)?(?:if|when|once|after|before|until|till|unless|as soon as|suppose"
    r"|assuming|in case|while|by the time|whenever|let me know when)\b|\b(?:as if|as though|if only)\b"
)
_DENIES = pattern(
    r"没(?!想到|问题|事|关系)|未|不(?!错|小心|过|但|愧|容易|仅|好意思|知不觉|光|止)|别(?![的人处])|勿|无法|甭"
    r"|\bnot\b|n't\b|\b(?:do|did|does|is|are|was|were|have|has|had|ca|could|wo|would|should)nt\b"
    r"|\bcannot\b|\bnever\b|\bwithout\b|\bunable\b|\bfail(?:ed|s)?\b|\b(?:un|in)(?:finished|complete)\b"
    r"|\bno (?:longer|way)\b"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """`raw` is as written; `text` has one spelling, slips mended and links blanked out."""

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
    text = URL.sub(lambda link: "§" * len(link.group()), plain(said))
    clauses: list[Clause] = []
    start = 0
    for found in (*_SEPARATOR.finditer(text), None):
        end = found.start() if found else len(text)
        if (
            clause := _clause(said, text, start, end, has_mark=bool(found and found["mark"]))
        ) is not None:
            if clause.asks and _TAG.match(clause.text):
                clauses = [_asked(before) for before in clauses]
            clauses.append(clause)
        start = found.end() if found else end
    return tuple(clauses)


def _clause(said: str, text: str, start: int, end: int, *, has_mark: bool) -> Clause | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return None
    words = mended(text[start:end])
    return Clause(
        raw=said[start:end],
        text=words,
        start=start,
        end=end,
        asks=has_mark or bool(_ASKS.search(words)) or bool(_TAG.match(words)),
        supposes=bool(_SUPPOSES.search(words)),
        denies=bool(_DENIES.search(words)),
    )


def _asked(clause: Clause) -> Clause:
    return Clause(
        clause.raw,
        clause.text,
        clause.start,
        clause.end,
        asks=True,
        supposes=clause.supposes,
        denies=clause.denies,
    )


_ASKED_OF_THE_MENTOR = (
    pattern(
        r"^(?:(?:hey|hi|ok|so|well)[, ]+)*(?:can|could|would|will) (?:you|u)\b(?: please| pls| maybe)?,? "
        r"(?P<wish>.+?)(?:,? (?:please|pls))?\s*[?.!]*$"
    ),
    pattern(
        r"^(?:请问)?你?(?:能不能|能否|可不可以|可以|能)(?:请你?|麻烦你?)?"
        r"(?P<wish>(?:帮我|帮忙|给我|替我|把|跟我|提醒我|用|说|换成|切换).+?)[吗么]?\s*[?!。.]*$"
    ),
    pattern(
        r"^(?P<wish>(?=.*(?:提醒我|叫我|给我发|说[中英]文|用[中英]文|in (?:english|chinese))).+?)"
        r"[,]?(?:好吗|好么|可以吗|行吗|好不好|行不行|ok|okay)\s*\?*$"
    ),
)


def without_politeness(said: str) -> str:
    """The wish itself: 'could you …?' and 能不能帮我…吗 are asked of the mentor, and no questions."""
    text = plain(said).strip()
    for request in _ASKED_OF_THE_MENTOR:
        found = request.match(text)
        if found is not None:
            return said.strip()[found.start("wish") : found.end("wish")]
    return said.strip()
