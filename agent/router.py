"""From a sentence to tools: plain ordered rules, for when no model is there to understand it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from agent.phrases.amounts import hours_a_week_in
from agent.phrases.clauses import Clause, clauses_of, without_politeness
from agent.phrases.dates import day_in
from agent.phrases.marks import Marks, marks_in
from agent.phrases.outcomes import Mark, speaks_of_marks
from agent.phrases.spelling import mended, pattern, plain
from agent.phrases.tasks import numbers_in
from agent.phrases.topics import concept_in, is_technical, topic_in
from agent.phrases.weeks import weekday_minutes_in
from agent.phrases.reading import Unclear
from agent.phrases.wishes import Wishes, shows_settings, study_time_in, wishes_in
from learning.curriculum import Language
from tools.registry import Call

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Routed:
    """Either calls to make or, without any, the key of what to say.

    `is_sure` is false when the sentence was not understood.
    """

    calls: tuple[Call, ...]
    say: str | None
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence and what has been read from its clauses."""

    text: str
    clauses: tuple[Clause, ...]
    marks: Marks
    wishes: Wishes
    today: date

    @property
    def asks(self) -> bool:
        return any(clause.asks for clause in self.clauses)


def route(text: str, today: date, language: Language) -> Routed:
    """Find what a learner wants; what is asked, denied or only supposed changes nothing."""
    heard = _heard(text[:LONGEST], today, language)
    changes = _changes(heard)
    if changes:
        return Routed((*changes, *_also_asked(heard)), None, is_sure=True)
    for rule in _RULES:
        routed = rule(heard)
        if routed is not None:
            return routed
    return Routed((), "unclear", is_sure=False)


def _heard(text: str, today: date, language: Language) -> Heard:
    said = without_politeness(text)
    clauses = clauses_of(said)
    is_about = tuple(clause for clause in clauses if not _is_reading(clause))
    marks = marks_in(is_about, today, said)
    wishes = wishes_in((*marks.rest, *marks.doubtful), today, language)
    if wishes.taken:
        marks = marks_in(tuple(one for one in is_about if one not in wishes.taken), today, said)
    return Heard(mended(plain(said)).strip(), clauses, marks, wishes, today)


def _is_reading(clause: Clause) -> bool:
    """Whether a clause asks for words rather than deeds, so that 'explain skip connections' skips nothing."""
    return bool(_EXPLAIN_FIRST.search(clause.text) or _SMALL_TALK_FIRST.search(clause.text))


def _changes(heard: Heard) -> tuple[Call, ...]:
    start = _start(heard)
    if start is not None:
        return (start,)
    marks = tuple(_mark_call(mark) for mark in heard.marks.marks)
    settings = (Call("change_settings", heard.wishes.args),) if heard.wishes.args else ()
    return (*marks, *settings)


def _mark_call(mark: Mark) -> Call:
    args: dict[str, object] = {"outcome": mark.outcome}
    if mark.tasks:
        args["tasks"] = mark.tasks
    if mark.until is not None:
        args["until"] = mark.until.isoformat()
    if mark.evidence is not None:
        args["evidence"] = mark.evidence
    if mark.note is not None:
        args["note"] = mark.note
    return Call("mark_task", args)


def _also_asked(heard: Heard) -> tuple[Call, ...]:
    """第一个做完了，什么是 KV cache？ The answer to a mark shows today's plan already."""
    calls: list[Call] = []
    for clause in heard.clauses:
        if not (clause.asks or _is_reading(clause)):
            continue
        alone = Heard(clause.text, (clause,), Marks(), Wishes(), heard.today)
        for rule in _READ_RULES:
            routed = rule(alone)
            if routed is not None:
                calls += [call for call in routed.calls if call != _TODAY]
                break
    return tuple(calls)


_TODAY = Call("show_plan", {"span": "today"})
Rule = Callable[[Heard], Routed | None]


def _call(tool: str, **args: object) -> Routed:
    return Routed((Call(tool, args),), None, is_sure=True)


def _say(key: str) -> Routed:
    return Routed((), key, is_sure=True)


def _when(words: str, routed: Routed) -> Rule:
    compiled = pattern(words)
    return lambda heard: routed if compiled.search(heard.text) else None


# -- starting a curriculum

_CURRICULA = {
    "starter-30": r"starter-?30|30\s*天(?!后|内|之后)|三十天(?!后|内)|启动计划|30[- ]days?\b(?=.*(?:plan|starter))|\bstarter plan\b",
    "career-24w": r"career-?24w?|24\s*周|二十四周|\b24[- ]weeks?\b|\bcareer (?:plan|path|curriculum|track)\b|求职路线",
    "engineer-28w": r"engineer-?28w?|28\s*周|二十八周|\b28[- ]weeks?\b",
    "ai-30w": r"ai-?30w|30\s*周|三十周|\b30[- ]weeks?\b",
    "llm-paths": r"llm-?paths?|\bllm paths?\b",
    "nine-stages": r"nine-?stages|九(?:个)?阶段|9\s*个?阶段|\bnine stages\b",
}
_NAMES = {id: pattern(words) for id, words in _CURRICULA.items()}
_START = pattern(
    r"开始|报名|加入|参加|(?:想|要|来|就)学|学习?(?=\s*(?:starter|career|engineer|ai-|llm-|nine))|换(?:到|成)|切换到?|选|改学"
    r"|\b(?:start|begin|join|enroll?|sign (?:me )?up|switch to|follow|take|choose|pick|i want)\b"
)
_START_ALONE = pattern(
    r"^(?:我)?(?:想|要|现在|今天|可以|那就|那)*(?:开始)(?:学习?|吧|了|啊|报名)*$|^(?:我)?(?:想|要)?(?:报名|入学)(?:吧|学习)?$"
    r"|^(?:let'?s |i want to |i'd like to |ok )*(?:start|begin|get started|sign me up|enroll?)(?: (?:learning|studying|now|please))*$"
)
_NOT_START = pattern(r"别|不要|不想|没|未|退出|\b(?:not|don'?t|never|quit|stop|leave|finished)\b")


def _start(heard: Heard) -> Call | None:
    claims = [clause.text for clause in heard.clauses if clause.claims]
    text = ",".join(claims)
    named = next((id for id, words in _NAMES.items() if words.search(text)), None)
    if _NOT_START.search(text) or heard.marks.marks:
        return None
    if named is None:
        return Call("start_curriculum") if any(map(_START_ALONE.search, claims)) else None
    if not _START.search(text) and not _NAMES[named].fullmatch(text.strip()):
        return None
    args: dict[str, object] = {"curriculum": named}
    day = day_in(_NAMES[named].sub(" ", text), heard.today)
    if day is not None:
        args["start"] = day.isoformat()
    return Call("start_curriculum", args | _time_for_study(text))


def _time_for_study(text: str) -> dict[str, object]:
    minutes = weekday_minutes_in(text)
    if minutes is not None and max(minutes) <= 960:
        return {"weekday_minutes": minutes}
    hours = hours_a_week_in(text)
    return {"hours_a_week": hours} if hours is not None and 0 < hours <= 100 else {}


# -- words only

_POLITE = r"(?:[\s,.!?~:、呀啊哈呢哦啦吧哇]|导师|老师|mentor|there|everyone|大家|\^|_|so much|very much|a lot|again|all|你|您)*"
_GREETING = pattern(
    rf"^{_POLITE}(?:你好|您好|哈[喽啰罗]|嗨+|在[吗么不]?|早(?:上好|安)?|上午好|中午好|下午好|晚上好|晚安|再见|拜拜|明天见|hi+|hello+|hey+|yo"
    rf"|good (?:morning|afternoon|evening|night)|bye(?: bye)?|goodbye|see (?:you|ya)(?: later| tomorrow| soon)?|what'?s up|sup|how are you(?: doing)?(?: today)?|hallo|morning|greetings|are you there){_POLITE}"
    rf"(?:{_POLITE}(?:how are you(?: doing)?(?: today)?|在吗|你好)){{0,1}}{_POLITE}$"
)
_THANKS = pattern(
    rf"^{_POLITE}(?:(?:太|非常|十分|多|好|真的?|好的?|ok|okay)*[,\s]*(?:谢+|感谢|感激|辛苦了?|多谢|3q|thx|thank(?:s| you)?|ty|tysm|cheers)|好的?|好嘞|行|收到|明白了?|知道了?|了解|懂了|没事了?|没问题|嗯+|ok(?:ay)?|k|got it|understood|i see|sure|cool|great|nice|awesome|perfect|well done|good job|appreciate it|棒|厉害|牛|太好了|太棒了|不错|真棒|👍|🙏|❤️?)"
    rf"(?:[\s,.!~了的啊呀啦哈哦吧]|谢+|你|您|帮忙|帮助|导师|老师|mentor|so much|very much|a lot|a ton|for .{{0,30}}|again|thanks?|thank you|man|bro|buddy|🙏|👍)*$"
)
_TIRED = (
    r"(?<![劳])累(?!积|加|计)|疲惫|疲倦|太难了|好难|难死|学不(?:动|会|下去|进去|懂)|坚持不|撑不|想放弃|不想(?:学|坚持)|放弃(?:了|算)|压力(?:好|太|很)?大|焦虑|崩溃|没(?:有)?(?:动力|信心|精力|状态)"
    r"|迷茫|沮丧|太笨|好笨|很笨|太蠢|我(?:是不是)?(?:不行|不适合|学不会)|跟不上|不适合(?:学|我|做)|自我怀疑|好烦|烦死|心累|头大|太多了|受不了|没时间(?:学|了|做|$)|拖延|挫败|绝望|白学|退出|不学了"
    r"|\b(?:tired|exhausted|overwhelmed|burn(?:ed|t)? ?out|give up|giving up|quit(?:ting)?|too hard|too much|too difficult|stressed|anxious|discouraged|frustrat\w+|hopeless|demotivated|unmotivated|no motivation|lost motivation|too (?:dumb|stupid|old|slow)|so (?:dumb|stupid|hard)|i'?m (?:dumb|stupid|an idiot)|can'?t (?:do this|keep up|go on|anymore)|not (?:good|smart) enough|falling apart|depressed|no time|imposter)\b"
)
_OUT_OF_SCOPE = (
    r"天气|下雨|气温|股票|股市|基金|炒股|彩票|比特币|币圈|笑话|段子|新闻|热搜|星座|算命|运势|八卦|吃(?:什么|啥)|外卖|菜谱|做饭|电影|电视剧|综艺|唱(?:首|个)?歌|讲个?故事|谈恋爱|女朋友|男朋友|打游戏|世界杯|足球|篮球"
    r"|几点(?:了|钟了)|现在几点|今天(?:是)?(?:几号|星期几|周几)|订(?:票|餐|酒店)|打车|快递|写(?:首|一首)?诗|作文"
    r"|\b(?:weather|forecast|stocks?|bitcoin|crypto\w*|lottery|jokes?|horoscope|news|recipes?|movies?|football|soccer|basketball|poems?|restaurants?|pizza|flights?|hotels?|girlfriend|boyfriend|politics|president|sing|song|lyrics|video games?|tell me a story)\b|\bwhat(?:'s| is) the (?:time|date)\b|\bwhat time is it\b|\bwhat day is it\b"
)
_NEEDS_MODEL = (
    r"翻译|译成|(?:帮|给|替)我?(?:写|改|实现|做|敲|生成|debug|调试|解决|总结|润色)(?!.{0,6}(?:计划|任务|设置))|写(?:一?个|一?段|一?份|一?篇|个|段).{0,20}(?:代码|函数|脚本|程序|算法|排序|类|文章|总结|简历|报告|邮件|sql|正则|爬虫)|代写|总结一?下|润色"
    r"|\btranslat\w+\b|\b(?:write|code|implement|generate|build|create|make|fix|debug|refactor|summari[sz]e|rewrite|draft)\b (?:me |us |for me |my |this |the |an? |some )+(?!plan|schedule|task)\w+|\bhelp me (?:write|code|debug|fix|implement|with (?:my|this|the) (?:code|bug|error))\b"
)
_LATER_FEATURE = (
    r"考考?我|测[验试一]?下?我|小测|出[几一]?[道个]?题|出题|测验|做题|抽查|提问我|刷题(?!.*(?:完|定|好))|(?:我要|开始|来|想|今天)?复习(?!了|完)|复习卡|错题|代码(?:点评|评审|审查|review)|(?:看看|检查|点评|审|评价)(?:一下)?(?:这段|我的?|下面的?|一下)?(?:这段|的)?代码|帮我看看?(?:这段|我的|下面)?.{0,4}代码"
    r"|学习小组|小组|建群|拉群|群里|学习小队|组队|排行榜|排名|每日一题|抢答|模拟面试|面试(?:题|模拟|练习|我)|周报|日历|导出|删除我的(?:数据|账号)|忘(?:掉|记)我|清空我的|绑定"
    r"|\b(?:quiz(?:zes)?|test me|flash ?cards?|review (?:session|cards?|my (?:code|repo|pr|cards?|notes|script))|code[- ]review|look (?:at|over) my code|check my code|study group|group chat|leader ?board|ranking|daily question|battle|mock interview|interview (?:me|practice|prep)|export|delete my (?:data|account)|forget me|calendar|spaced repetition|ask me (?:a |some )?questions?)\b|```"
)
_HELP = (
    r"^(?:帮助|求助|帮帮我|help(?: me)?(?: please| pls)?|\?|菜单|功能|指令|命令|menu|commands?|usage|救命)[!?.。]*$|你(?:能|可以|会)(?:帮我)?(?:做|干)?(?:些|点)?(?:什么|啥|嘛|哪些)|有(?:什么|啥|哪些)功能|怎么(?:使)?用(?:啊|你|这个|呢|$|它|本|\?)|(?:使用|操作)(?:说明|方法|指南)|怎么玩|你是(?:谁|什么|干|做|啥)|你叫(?:什么|啥)"
    r"|\b(?:what (?:can|do) (?:you|u) do|what are you|who are you|what else can you do|how (?:do|can|does) (?:i use (?:this|you|it)|(?:this|it|you) work)|what are the commands|list (?:of )?commands|how to use (?:this|you))\b"
)

# -- what is shown

_PATH = (
    r"路线图|(?:整个|全部|完整|整体|整条|所有|总)(?:的)?(?:学习)?(?:路线|路径|计划|规划|阶段|大纲|安排)|^(?:我的|看看?|查看)?(?:学习)?(?:路线|大纲|全貌|总览|路径)(?:呢|吧)?$|(?:有|分)(?:哪)?几个阶段|全局(?:计划|规划|路线)"
    r"|\b(?:road ?map|(?:whole|full|entire|complete|overall) (?:path|plan|curriculum|thing|road ?map|picture|program|schedule)|big picture|syllabus|outline|all (?:the )?stages|learning path|my path|show (?:me )?the path)\b"
)
_NEXT_WEEK = r"下(?:个)?(?:周|星期|礼拜)(?![一二三四五六日天末])|\bnext week'?s?\b"
_THIS_WEEK = r"(?:这|本)(?:个)?(?:周|星期|礼拜)(?![一二三四五六日天末])|周计划|一周(?:计划|安排)|\bthis week'?s?\b|\bweekly plan\b|^(?:my )?week(?:'s plan)?$|\bthe week\b"
_TOMORROW = r"明[天日儿](?!.{0,3}提醒)|\btomorrow(?:'s)?\b"
_PLAN_WORDS = pattern(
    r"学|做|干|任务|计划|安排|内容|什么|啥|看看|呢|吗|怎么|有|多少|几个|^(?:明天|这周|本周|下周)$|\?|\b(?:what|plan|show|see|do|tasks?|schedule|study|learn|work|agenda|about|look|how|on|any)\b|^(?:tomorrow|this week|next week|week)"
)
_PROGRESS = (
    r"进度|进展|学到(?:哪|什么)|学了(?:多少|几|多久)|学了.{0,4}(?:小时|天)|完成(?:率|度)|完成了?(?:多少|几)|做了多少|还(?:剩|差|有|要)(?:多少|多久|几[周天个])|(?:什么|啥)时候(?:能|可以|才能)?.{0,6}(?:学完|结束|完成|毕业|做完)|多久.{0,6}(?:学完|完成|结束|毕业)|几(?:号|月|天)(?:能|可以)?(?:学完|完成)|落后|超前|掉队|(?:赶|跟)(?:得|不)上|来得及|来不及|连续(?:了)?(?:几|多少|打卡)|打卡(?:了)?(?:几|多少)|坚持了?(?:几|多少)|学习(?:情况|统计|数据|时长)|统计|百分之几|几成|学得(?:怎么样|咋样|如何)"
    r"|\b(?:progress|how far|am i (?:behind|ahead|late|on (?:track|schedule|time)|doing|too slow|keeping up)|behind schedule|on track|streaks?|my stats|statistics|how am i doing|how'?m i doing|how (?:many|much)(?: \w+){0,4} (?:left|done|finished|completed|remain(?:ing)?|to go)|how long (?:until|till|will|before|do|does|is)|when (?:will|do|can|would|am|could) i (?:finish|be (?:done|finished)|complete|graduate|going to)|finish date|percent(?:age)?|(?:how )?far (?:along|behind|ahead))\b"
)
_CURRICULA_LISTED = (
    r"(?:有|都有)?(?:哪些|什么|啥|几[条个]|哪几[条个])(?:学习)?(?:路线|课程|路径|计划可|方向)|(?:路线|课程|路径)(?:列表|有(?:哪些|什么|啥|几)|可选|都有)|(?:换|更换|改|切换|选)(?:一?[条个])?(?:学习)?(?:路线|课程|计划|路径)|(?:推荐|其他|别的|其它|适合我)的?.{0,6}(?:路线|路径|课程路线)|(?:哪|那)[条个].{0,6}(?:路线|课程|路径)|选(?:哪|什么)(?:条|个)?(?:路线|课)|退出(?:路线|课程)"
    r"|\b(?:list|show|see|view)(?: me)?(?: \w+){0,2} (?:curricul\w+|courses|paths|tracks|programs)\b|\b(?:which|what)(?: \w+){0,2} (?:curricul\w+|courses?|paths?|tracks?|programs?)\b|\b(?:change|switch|another|different|other|leave|quit)(?: \w+){0,2} (?:curricul\w+|courses?|paths?|tracks?|programs?)\b|^(?:curricul\w+|courses)$|\b(?:recommend|suggest)(?: \w+){0,3} (?:curricul\w+|path|track)\b"
)
_TODAY_PLAN = (
    r"(?:今天|今日|今晚|现在|接下来|下一步|下面|等下|待会).{0,8}(?:学|做|干|任务|计划|安排|内容|什么|啥|看看|有|怎么|呢|任務)|^(?:今天|今日)(?:呢|的)?$|今天只有|今天(?:只能|就|只)学|今日(?:计划|任务)|^(?:看看?|查看|打开|显示|我的|给我看看?)?(?:学习)?(?:任务|计划|安排|日程)(?:列表|表|单|呢|吧)?$|还有(?:什么|啥|哪些|几个|多少)|还(?:剩|差)(?:什么|啥|哪|几个)|剩(?:下|余)?(?:的|哪|什么|啥|几|多少)?(?:任务)?$|没做(?:的|完的)?(?:有|是)|^(?:继续|下一[个步项]|接着来?|开始今天.*|go)(?:吧|呢|学习?|任务|啊|了)*$|(?:该|要|先|应该)(?:学|做|干)(?:点|些|哪|什么|啥)|做(?:什么|啥|哪个)|先做哪|学(?:点|些)?(?:什么|啥)|落下|欠了|补(?:上|回|课)|任务.{0,4}(?:是|有)(?:什么|啥|哪)|学习任务"
    r"|\b(?:today'?s?|tonight|for today)\b|\bwhat(?:'s| is|s)? (?:next|left|on|the plan|my plan|remaining|up next|my (?:next )?tasks?|the next)\b|^(?:my |the |show (?:me )?(?:my |the )?|see (?:my )?)?(?:plan|tasks?|schedule|agenda|to-?dos?|next(?: tasks?)?|continue|go on|go|carry on|next one|let'?s (?:go|continue))(?: please| pls| list)?$|\bwhat (?:should|do|shall|can|must|am) i (?:do|study|learn|work on|need to do|have to do|supposed to|have)\b|\b(?:remaining|unfinished|open|pending) tasks?\b|\bonly have \d+ ?min|\bmissed (?:some|a few|several|\w+) days?\b|\bcatch up\b|\bfell behind\b|\bwhere (?:was|were|did) (?:i|we)\b|\bstart today|\bwhich (?:task|one) (?:first|next|should)\b"
)
_EXPLAIN_FIRST = pattern(
    r"^(?:那|你|请|再|先|快|麻烦|顺便|另外|and |also |please |pls |so |ok |hey )*(?:帮我|给我|跟我)?(?:什么是|啥是|什么叫|何谓|讲讲|讲一?下|讲解|解释|介绍|说说|科普|聊聊|推荐|找|搜|查一?下|来点|explain|what(?:'s| is| are|s) (?!left|next|my|the plan|up\b|on\b)|define|describe|tell me (?:more )?about|teach me|recommend|suggest|find(?: me)?|search(?: for)?|look up|where can i|any (?:good )?(?:papers?|books?|articles?|videos?|tutorials?|resources?))"
)
_SMALL_TALK_FIRST = pattern(r"笑话|考考?我|\bquiz\b|\bjoke\b|\btranslat|翻译")


def _settings_shown(heard: Heard) -> Routed | None:
    return _call("change_settings") if shows_settings(heard.clauses) else None


def _settings_unclear(heard: Heard) -> Routed | None:
    match heard.wishes.unclear:
        case Unclear.WEEK:
            return _say("ask_settings")
        case Unclear.SETTINGS:
            return _call("change_settings")
    return None


def _span(words: str, span: str) -> Rule:
    compiled = pattern(words)

    def rule(heard: Heard) -> Routed | None:
        if (
            compiled.search(heard.text)
            and _PLAN_WORDS.search(heard.text)
            and not speaks_of_marks(heard.text)
        ):
            return _call("show_plan", span=span)
        return None

    return rule


def _explained(heard: Heard) -> Routed | None:
    concept = concept_in(heard.clauses, heard.text)
    return _call("explain_concept", concept=concept) if concept else None


def _found(heard: Heard) -> Routed | None:
    topic = topic_in(heard.text)
    return _call("find_resources", query=topic) if topic else None


def _asks_of_curriculum(heard: Heard) -> Routed | None:
    if any(words.search(heard.text) for words in _NAMES.values()) or _START_ALONE.search(
        heard.text.rstrip("?？吗")
    ):
        return _call("list_curricula")
    return None


def _marks_in_doubt(heard: Heard) -> Routed | None:
    """A mark asked about, denied or not clear: the plan with its buttons is the honest answer."""
    if not (
        heard.marks.doubtful
        or any(speaks_of_marks(one.text) for one in heard.clauses)
        or numbers_in(heard.text)
    ):
        return None
    if _WHY.search(heard.text) and not numbers_in(heard.text):
        return None
    return _call("show_plan", span="today")


_WHY = pattern(r"为什么|为啥|为何|怎么(?!办|样)|如何|\b(?:why|how)\b")


def _technical(heard: Heard) -> Routed | None:
    return _say("needs_model") if is_technical(heard.text, asks=heard.asks) else None


def _whole(words: re.Pattern[str], key: str) -> Rule:
    return lambda heard: _say(key) if words.match(heard.text) else None


# Read from top to bottom; the first that answers wins.
_READ_RULES: tuple[Rule, ...] = (
    _when(_OUT_OF_SCOPE, _say("out_of_scope")),
    _when(_LATER_FEATURE, _say("later_feature")),
    _when(_NEEDS_MODEL, _say("needs_model")),
    _when(_HELP, _call("show_help")),
    _settings_shown,
    _when(_PATH, _call("show_plan", span="path")),
    _when(_CURRICULA_LISTED, _call("list_curricula")),
    _asks_of_curriculum,
    _when(_PROGRESS, _call("show_progress")),
    _span(_NEXT_WEEK, "next_week"),
    _span(_THIS_WEEK, "week"),
    _span(_TOMORROW, "tomorrow"),
    _found,
    _explained,
    _when(_TODAY_PLAN, _call("show_plan", span="today")),
)
_RULES: tuple[Rule, ...] = (
    _whole(_GREETING, "greeting"),
    _whole(_THANKS, "thanks"),
    _settings_unclear,
    *_READ_RULES,
    _when(_TIRED, _say("tired")),
    _marks_in_doubt,
    _technical,
)
