"""Wishes to review what is due, to be placed, to take the cards along; and what is not wished."""

from functools import lru_cache

from agent.phrases.quizzes import LONGEST_WISH, NOT_NOW, bare_wish, topic_of
from agent.phrases.spelling import pattern, words

_LEARNED = (
    r"(?:今天|昨天|前几?天|[上这本]周|最近|之前|以前|前面|旧|学|到期|错|过|的|了|题|该|需|要|东西|内容"
    r"|知识点?|卡片?|[那这]些|所有|全部|任务|我|\s)*+"
)
_CARDS = (
    r"(?:reviews?|reviewing|(?:review |due |flash ?|memory )cards?|spaced repetition"
    r"|review (?:session|queue|time))"
)
_REVIEWS = tuple(
    pattern(rule)
    for rule in (
        r"^(?:的|做|来|进入|过|看|打开|\s)*+(?:复习|温习|回顾|review)(?:复习|一下|下|模式|时间到?)?\s*"
        rf"(?:开始)?(?![了过完好]){_LEARNED}$",
        r"^(?:有没有|有|还|什么|啥|哪些|需|要|该|得)*+复习"
        r"(?:的?(?:东西|内容|卡片?)?|[什啥哪些么点]*+|(?:几|多少)张?卡?片?)了?$",
        r"^(?:需|要|该|得|可以|能|来)*+复习了$",
        r"^(?:我的|看|打开|做|过|翻|有没有|有|还|今[天日]|所有|多少张?|几张|需|要|该|的|些|哪些|\s)*+"
        r"(?:复习卡片?|(?:复习)?到期的?(?:复习|题目?|卡片?)?|复习的?卡片?|卡片|闪卡|记忆卡)"
        r"(?:到期|在哪里?|了|的|没|要|过|复习|\s)*+$",
        r"^(?:(?:do i have|start|begin|do|continue|take|show me|show|open|see|study|practi[cs]e"
        r"|go (?:over|through)|look at|(?:run|work|get) through|work on|catch up on|my|the|some"
        r"|a|today'?s|all"
        rf"|due(?! card)|pending|any|quick|is there|are there|have|how many) )*+{_CARDS}"
        r"(?: (?:that are|are|is|do i have|i have|due|session|time|today|to do|waiting|to review"
        r"|left|for today))*+$",
        r"^(?:(?:how many|which|what|any|are|is|there|my|the|show me|show) )*+cards?"
        r" (?:that are |are |is |do i have )?"
        r"(?:due|left|to review|for review|waiting)(?: today)?$",
        r"^(?:what(?:'s|s)?|is|anything|something|any|there|still|left|else|which|one|\s)*+"
        r"(?:due|to review|up for review|for review)(?: (?:today|for review|to review))*+$",
        r"^(?:what|which (?:ones|cards)) (?:should|do|must|can) i (?:have to |need to )?review"
        r"(?: today)?$",
        r"^(?:let'?s )?(?:review|revise|revisit|refresh|go (?:over|through)).{0,20}\b(?:about to|going to|"
        r"gonna) forget\b.*$",
        r"^(?:review|revise|revisit|go (?:over|through)) (?:(?:what|everything|all|the stuff|things"
        r"|stuff)(?: that)? (?:i|we|i've)\b|yesterday|last week's|everything|it all|old|past).*$",
    )
)
# 复习 X is a quiz on X, unless X is no concept.
_OF_TOPIC = pattern(
    r"^(?:复习|温习|回顾|(?:review|revise|revisit|brush up(?: on)?)\b)(?:一下|下|复习)?\s*"
    r"(?P<topic>"
    r"(?!.*(?:[了过好得不没到]$|了(?!解)|完(?![形全整])|怎么|什么|多久|几(?=[天个张遍次点小])|小时|分钟|提醒"
    r"|(?:计划|资料|材料|笔记)[有在哪里推荐]*+$|(?:代码|效果|进度|技巧|(?<!显)卡片?)$|^的?方法$|[这本上]周"
    r"|\b(?:code|plan|prs?|repo|project|scripts?|notes?|week|month|schedule|settings?|tasks?|paper"
    r"|article|book|resume|cv|essay|draft|docs?|report|documents?|answers?|solution|tips|request"
    r"|homework|assignment|progress|curriculum|commit|\d+ cards?)$))"
    r"(?!(?:my|this|that|your|our|their|his|it|him|her|an?|for|to|code for|the (?:plan|code))\b)"
    r".{2,40})$"
)

_EARLY = (
    r"(?:(?:基础|入门|初级)(?:的|部分|内容|知识|阶段|课程?)*+"
    r"|前面的?(?:部分|内容|知识|课程?|(?:几个)?阶段)|前.{1,2}个?阶段|第一个?阶段"
    r"|(?:我|已经|都|早就)*+(?:会|学过|懂|知道|掌握)的(?:部分|内容|知识|东西)?)"
)
_MAY = r"(?:是不是|是否|直接|可不可以|可以|能不能|能(?!不)|我?想|都|\s)*+"
_LEVEL = r"(?:水平|程度|等级|起点|级别)"
_STAGE = r"个?(?:大)?阶段"
_PLACEMENTS = tuple(
    pattern(rule)
    for rule in (
        r"^(?:重新|重做|做|来|参加|进行|我的|[一次个]|\s)*+"
        r"(?:定(?:个|一下|一定)?级|摸(?:个|一下|一摸|摸)?底|(?:入学|分级|水平)(?=[测考评]))"
        r"(?:测试|测验|考试|测评|评估|测(?![试验评])|题|一下|一次)*+$",
        r"^(?:测一?测?|测试|测评|评估|评测|评一?评?|看一?看?|判断|检测|了解|评价|估计|考考|检验)"
        r"(?:一下|下)?(?:我|自己|现在|目前|的|真实|大概|是|在|处于|属于)*+(?:什么|啥|哪个|几级)?的?"
        rf"{_LEVEL}(?:如何|怎么样|在哪|到哪)?$",
        rf"^(?:知道|看|目前|的|大概|自己|我|算|是|处于|属于|在|到底)*+(?:什么|啥|哪个|哪种|几级)的?{_LEVEL}$",
        rf"^(?:我的|真实|现在的?|目前的?)++{_LEVEL}(?:怎么样|如何|是什么|在哪里?|到哪了)?$",
        r"^(?:测一?下|测试一?下|看看|评估一?下|知道|自己|我|应该|该|要|最好|适合)*+"
        rf"从(?:哪一?|第?几|什么){_STAGE}(?:开始|学起|入手|起)?(?:学习?)?"
        r"(?:比较|最|更|才)?(?:合适|好|合理|稳|适合我?)?$",
        rf"^(?:应该|该|要|就|直接)*+从第?.{{1,2}}{_STAGE}(?:开始|学起|入手|起步)(?:学习?)?$",
        rf"^(?:{_EARLY})?{_MAY}(?:跳过|略过|免修|省略|跳掉)[掉了]?{_EARLY}$",
        rf"^(?:{_EARLY}|前[面边]的?){_MAY}(?:跳过|略过|免修|省略|跳掉|不学|不看|少学)[掉了]?$",
        r"^(?:可不可以)?(?:不[想用必]?|不需要|没必要|必须|一定要)从(?:头|零|0|最?基础的?|最开始)"
        r"(?:开始)?学?起?了?$",
        r"^(?:(?:take|do|start|begin|redo|retake|a|the|my|another|new) )*+"
        r"(?:placement(?: test| quiz| exam)?|(?:level|entry|entrance|diagnostic) (?:test|exam))$",
        r"^(?:test|assess|evaluate|check|find out|determine|measure|gauge|estimate|judge|see|know"
        r"|tell me|figure out) (?:what )?my (?:current |real |actual |skill )*+(?:level|skills?)"
        r"(?: is)?$",
        r"^what(?:'s|s| is)? my (?:current |real |actual |skill )?level$",
        r"^(?:(?:see|check|find out|figure out|tell me|know|determine) )?(?:what|which) level"
        r" (?:i(?:'m| am)|am i)(?: at| on)?$",
        r"^(?:(?:at|with|in|from) )?(?:which|what) (?:stage|level|unit|part)(?: of \w+)?"
        r"(?: (?:should|do|can|would|must) i)?(?: to)? (?:start|begin)(?: with| at| from| in)?$",
        r"^where (?:should|do|can) i (?:start|begin|join|enter) (?:in|on|within) (?:the|this|my)"
        r" (?:path|curriculum|plan|stages?|course)$",
        r"^(?:(?:possible to|able to|should i|is it|is there a way to|already) )*+"
        r"(?:skip|jump|leave out|bypass|test out of)(?: over| past| to)? ?"
        r"(?:ahead|(?:all )?(?:the )?(?:very )?(?:basics?|fundamentals|beginning|beginner \w+"
        r"|easy (?:stuff|parts?|stages?)|early (?:stages?|parts?)|(?:first|earlier) (?:few )?stages"
        r"|basic (?:stuff|stages?|parts?))|(?:what|things|(?:the )?(?:stuff|things|parts?))"
        r"(?: that)? i (?:already )?know|later stages?|stage \w+)(?: already)?$",
        r"^(?:do i (?:really )?(?:have|need) to|must i|(?:i )?(?:don'?t|do not) (?:want|need|have)"
        r" to|should i) (?:start|begin)(?: \w+)? (?:from|at|with)"
        r" (?:the (?:very )?(?:beginning|start|basics)|scratch|zero|stage (?:one|1))$",
        r"^(?:start|begin|jump in) (?:from|at|with|in)"
        r" (?:stage #?\w+|a (?:later|higher) stage|the middle)$",
    )
)
# For somebody who says that they know the basics.
_SKIPS_ALONE = pattern(
    r"^(?:可不可以|直接|就|可以|能|都|\s)*+(?:(?:跳过|略过)(?:前面|那些)?的?|往后学|从后面学|跳到后面"
    r"|从哪(?:里|儿)?(?:开始|入手)?学?起?)$"
    r"|^where (?:do|should|can|must) i (?:start|begin)$"
    r"|^(?:skip|jump|move|go)(?: (?:it|that|them|those|ahead|forward|over|straight on))?$"
)
_KNOWS_BASICS = words(
    zh="""
    (?<![没不])有.{0,6}(?:基础|经验)|基础[^不没差弱]{0,6}(?:会|懂|学过|掌握|不错|扎实|很好|还行)
    (?<!不)(?:会|懂|学过).{0,4}基础|不是(?:新手|小白|零基础|初学者)
    """,
    en=r"""
    (?<!n't )(?:know|knew|learned|did|studied|have|got) (?!no)(?:\w+ ){0,2}(?:basics|fundamentals)
    (?<!n't )(?:have|got) (?!no)(?:\w+ ){0,2}(?:background|experience)
    familiar with the basics|not (?:a|an absolute) (?:beginner|newbie)
    """,
)

_EXPORT_ALONE = pattern(
    r"^(?:导出|汇出|export)\s*(?:我的|所有|全部|一份|出来|my|all|the|everything|stuff|\s)*+$"
)
_TO_EXPORT = words(
    zh=r"""
    导出|导成|导进|导[入进]到?\s*anki[里中]?$|导到|汇出|下载|备份|(?<=在)\s*anki|anki\s*(?:卡组|牌组|文件|格式)
    """,
    en=r"""
    export|download|back ?up|save|give me|send me|put|move|make|turn|as csv
    anki(?=$| (?:deck|cards?|file|package|export))
    """,
)
_OF_EXPORT = words(
    zh="数据(?![集库])|卡片?|牌组|卡组|错题|做过的题|表格",
    en=r"(?:flash ?|review )?cards?|deck|data(?! ?(?:set|base|frame))|anki|csv|excel|spreadsheet",
)
_NOT_EXPORTED = words(
    zh="""
    日历|计划|进度|路线|笔记|聊天|设置|模型|权重|数据[集库]|显卡|代码|怎么(?!样)|如何|怎样|什么|别|不(?!$)|没|哪
    [出了]过|导出了
    """,
    en=r"""
    calendar|plan|progress|schedule|notes|history|chats?|settings|model|weights|checkpoint|onnx|gguf
    data ?(?:set|base|frame)s?|results?|logs?|pdf|markdown|json|how|what|why|don'?t|not|never|no
    exported|import\w*|pandas|graphics|adapter|tokenizer|code|credit
    """,
)
_AS_TABLE = words("表格|电子表", r"csv|excel|tsv|spreadsheet|xlsx?")
_AS_DECK = words("牌组|卡组|卡", "anki|deck|apkg|(?:flash ?)?cards?")
_AS_ALL = words("所有|全部|一切", "all|everything")

_REVIEWED = words(
    "复习|温习|回顾|到期|卡片|闪卡|记忆卡",
    r"review\w*|revis\w+|brush up|flash ?cards?|cards?|due|spaced|go (?:over|through)",
)
_PLACED = words(
    """
    定.{0,2}级|摸.{0,2}底|入学|分级|水平|程度|等级|级别|阶段|跳过|略过|免修|省略|跳掉|不学|不看|少学|从[头零0最]
    从哪|往后学|后面
    """,
    r"placement|level|stage|skip|jump|ahead|leave out|bypass|test out|from|with|where|my skills?"
    r"|(?:entry|diagnostic|entrance) test",
)
_EXPORTED = words(
    "导出|导成|导进|导入|导到|汇出|下载|备份|表格|anki",
    "export|download|anki|csv|back ?up|spreadsheet|excel",
)


@lru_cache(maxsize=2048)
def wants_review(clause: str) -> bool:
    if len(clause) > LONGEST_WISH or not _REVIEWED.search(clause):
        return False
    wish = bare_wish(clause)
    return not NOT_NOW.search(wish) and any(rule.match(wish) for rule in _REVIEWS)


@lru_cache(maxsize=2048)
def topic_to_review(clause: str) -> str | None:
    """What is to be reviewed when it is said: 复习一下注意力机制."""
    if len(clause) > LONGEST_WISH or not _REVIEWED.search(clause) or wants_review(clause):
        return None
    wish = bare_wish(clause)
    found = None if "§" in wish or NOT_NOW.search(wish) else _OF_TOPIC.match(wish)
    return topic_of(found["topic"]) if found else None


@lru_cache(maxsize=2048)
def wants_placement(clause: str, *, knows_basics: bool = False) -> bool:
    """To be placed, to leave out the beginning, or to know where to begin.

    For somebody who `knows_basics` skipping means the beginning.
    """
    if len(clause) > LONGEST_WISH or not _PLACED.search(clause):
        return False
    wish = bare_wish(clause)
    rules = (*_PLACEMENTS, _SKIPS_ALONE) if knows_basics else _PLACEMENTS
    return any(rule.match(wish) for rule in rules)


def knows_basics(text: str) -> bool:
    return bool(_KNOWS_BASICS.search(text))


_GIVES_MINE = pattern(
    r"^(?:我?(?:想|要|想要)|给我|把|请|\s)*+我的(?:所有|全部|个人)?数据"
    r"(?:都|全)?(?:给我|发我|发给我)?(?:吧|一份)?$"
    r"|^(?:please )?(?:give|send) me (?:all )?(?:of )?my data(?: please)?$"
    r"|^i (?:want|need) (?:all )?(?:of )?my data$"
)


@lru_cache(maxsize=2048)
def export_in(clause: str) -> dict[str, object] | None:
    """Everything, or the cards as a deck or a table, as the export tool takes it."""
    if _GIVES_MINE.match(clause):
        return {"format": "all"}
    if len(clause) > LONGEST_WISH or not _EXPORTED.search(clause):
        return None
    wish = bare_wish(clause)
    is_wished = _TO_EXPORT.search(wish) and _OF_EXPORT.search(wish)
    if not (is_wished or _EXPORT_ALONE.match(wish)) or _NOT_EXPORTED.search(wish):
        return None
    if NOT_NOW.search(wish):
        return None
    if _AS_TABLE.search(wish):
        return {"format": "csv"}
    if _AS_DECK.search(wish):
        return {"format": "anki"}
    return {"format": "all"} if _AS_ALL.search(wish) else {}


# 别考我, no quiz today.
DECLINES = pattern(
    r"(?:结束|退出|取消|停止|停掉|别|(?<!要)不要|(?<!想)不想|(?<!用)不用|不必|甭|不需要|不愿意?)"
    r"(?:我|再|要|想|给我?|让我|老是|总是?|[来出做搞整玩有去]|参加|今天)*+"
    r"(?:考我|测我|考考我|小测|测验|题(?![目材])|提问|考试|复习|抽查|面试我|模拟面试|定级|考了)"
    r"|\b(?:do not|don'?t|not|no|stop|without|enough|never|sick of|hate)\b(?: \w+){0,5}? "
    r"(?:quiz\w*|test(?:ing)? me|question(?:ing)? me|reviews?|reviewing|flash ?cards|interview me"
    r"|more questions)\b(?! (?:my|the|code))"
)
# 明天考我: nothing keeps a quiz for another day.
PUT_OFF = pattern(
    r"(?:明天|后天|下周|周[一二三四五六日末]|晚点|以后|改天|待会|回头|过会|等会|晚上|今晚|等.{0,10}[再后]).{0,10}"
    r"(?:考考?我|测测?我|测验|复习(?!什么|哪|啥)|小测|做题|抽查|面试我)"
    r"|\b(?:quiz|test|examine|interview) me\b.{0,24}\b(?:tomorrow|later|next (?:week|time)|tonight"
    r"|after|when|once|another (?:day|time)|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|^(?:review|quiz)(?: me)? (?:tomorrow|later|tonight)$"
)
_SUBJECT = words(
    zh="""
    小测|测验|定级|摸底|考考?我|测测?我|抽查|出题|面试我|导出(?=$|.{0,4}(?:复习|卡|数据|anki|csv))
    (?<![研末])复习(?=卡|功能|机制|$|[吗呢?]|[是要会怎]|有[什用]|多久|间隔|一遍)
    """,
    en=r"""
    quiz\w*|(?:the |my )?reviews|review (?:cards?|system|session)|placement|flash ?cards?|test me
    export(?: my| the)? (?:cards?|flashcards|data|deck)|interview me|mock interviews?
    """,
)
_RESULTS = words("成绩|结果|得分|分数|正确率|几分", r"results?|scores?|did i do|stats")


def asks_about_quizzes(question: str) -> bool:
    """小测怎么做, how do the reviews work: told by the help, and nothing begins."""
    return bool(_SUBJECT.search(question)) and not _RESULTS.search(question)
