"""Wishes to be asked something: quizzes and interviews, on what and how many questions."""

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.phrases.amounts import CHINESE_NUMBER, ENGLISH_NUMBER, value_of
from agent.phrases.clauses import OTHER_PEOPLE
from agent.phrases.questions import practice_in
from agent.phrases.spelling import pattern, plain, words

LONGEST_WISH = 120
LONGEST_TOPIC = 100

# What may stand before a wish and changes nothing about it. The rules begin where this ends, so
# anything else that stands there, such as 别, 明天, 朋友 or "should I", keeps them from matching.
# Loops are possessive, here and below: whatever is typed, nothing is tried twice.
_LEAD = pattern(
    r"^(?:[\s,.:!~、…]|请问?|麻烦|劳驾|拜托|求你?|导师|老师|您|你|咱们?|我们|我(?!的)|能不能|能否"
    r"|可不可以|可否|可以|能(?![力量])|要不(?!要)|帮忙|帮我|帮|给我们?|给(?!你)|跟我|和我|让[我你]|替我"
    r"|带着?我|想要|想试试|想|要(?![是不点素])|需要|希望|那个啥|那个?(?![题道])|那么|就(?!业)|再|先(?![验修])"
    r"|快(?![速照])|赶紧|顺便|不如|现在|今天(?![做刷])|随便|随机(?=[来考出抽挑选问测几\d])|嗯+|哦"
    r"|好[的吧了啊呀嘞]|对了|话说|闲着没事|无聊|来吧|继续(?!预|学)|接着|还(?!有)|多(?=[来出考做])"
    r"|[睡饭课]前|[饭课]后|午休|课间|下班[前后]|趁(?:现在|热|有空|休息)|开始|试试|然后|顺手|直接(?!偏)|马上|另外|该(?!怎)"
    r"|\b(?:please|pls|plz|hey|hi|hello|yo|ok|okay|so|well|now|and|then|also|mentor|maybe|perhaps"
    r"|just|quickly|today|(?:can|could|may) (?:i|we) (?:have|get)|let'?s (?:have|get)"
    r"|can|could|would|will|may|might|shall|you|u|we|i'd|i'll|i'm ready|i am ready|i|let'?s|let me"
    r"|let us|to|like|love|want|wanna|need|how about|what about|why not|why don'?t (?:you|we)"
    r"|time (?:for|to)|ready (?:for|to)|go ahead and|in the mood for|feel like|help me|kindly"
    r"|come on)\b(?!['-]))++"
)
_TAIL = pattern(
    r"(?:[\s。.!?,~…吗嘛吧呗呢啊呀哈哦喽啦]|(?<![什怎多那这])么|来吧|走起|好不好|行不行|可不可以"
    r"|可以不|(?:可以|好|行)(?=[吗么])|怎么样|如何|谢|多谢|看看|试试|练练手?|练手|做做|玩玩|一下子?|就[好行够]了?|即可"
    r"|\b(?:please|pls|plz|thanks|thank you|thx|now|right now|quickly|for me|with me|mate|bro"
    r"|mentor|if you can|(?:will|would|can|could) (?:you|u)|again|for a bit"
    r"|to (?:practi[cs]e|solve|answer|try|do))\b)++$"
)
NOT_NOW = words(
    zh="""
    明天|后天|下周|下个?月|晚上|傍晚|以后|之后|改天|晚点|晚些|待会|过会|等会|一会儿?|的时候|的话|今晚
    每天|每日|每周|天天
    """,
    en=r"""
    tomorrow|later|next (?:week|month|time)|tonight|after|when|once|until|everyday|every|each
    daily|weekly|on (?:mon|tues|wednes|thurs|fri|satur|sun)day
    """,
)


def bare_wish(text: str) -> str:
    """A clause without the words around a wish: 你能不能考考我吗 is 考考我."""
    return _TAIL.sub("", _LEAD.sub("", text))


_THINGS = r"(?:questions?|exercises?|problems?|things|mcqs?|qs)"
_A_SET = "一?[套组轮波份批场次]"
_COUNT = pattern(
    rf"(?<![第几数\d./])(?P<zh>\d{{1,4}}|{CHINESE_NUMBER})\s*"
    rf"(?:[道题条]|个(?=$|[^,]*(?:题|问|关于|有关|知识点|question))|(?=\s{_THINGS}))"
    rf"|(?P<en>\b\d{{1,4}}|{ENGLISH_NUMBER}|\banother\b)"
    rf"(?:\s+(?!{_THINGS}|few(?! shot)|bit|lot|set|bunch|series|round|handful|batch)"
    rf"(?!(?:quiz|test)(?! q)|\d+\b|{ENGLISH_NUMBER})[\w/+'-]+){{0,5}}\s+(?P<things>{_THINGS})\b"
)
_ONE = {"a", "an", "another"}
_BARE_NUMBER = pattern(rf"^(?:\d{{1,3}}|{CHINESE_NUMBER}|{ENGLISH_NUMBER})$")

_GIVE = (
    r"(?:来|出(?!现)|发(?!散)|换|整(?!数)|搞|弄|上(?![下采升])|做|练|找|挑(?!战)|选(?!择)"
    r"|推荐(?!系统|算法)|安排|生成(?![模对式])|有没有|参加|刷(?=.*面试)"
    r"|\b(?:give(?: me)?|gimme|get(?: me)?|show(?: me)?|send(?: me)?|hit me with|throw(?: me)?"
    r"|offer(?: me)?|take|do|doing|start|begin|try|continue|generate|make(?: me)?|create"
    r"|run(?: through)?|pick|prepare|bring(?: me| on)?|answer|practi[cs]e|do you have|have you got"
    r"|got any|are there|is there)\b(?!-))"
)
_ABOUT = r"(?:on|about|regarding|covering|concerning|around|related to|for|in|of|from|with)"
_NOUN = (
    r"(?:随堂测验?|小测验?|自测题?|测验题?|测试题?(?![集数环用代])|考试题?|考题|试题|习题|练习题?"
    r"|模拟(?:考试?|题|卷)|(?:单选|多选|选择|判断|填空|简答|计算|问答)题|(?<![问主标课专话难错例议])题目?(?![库解型单主外材])"
    r"|\b(?:quiz+(?:es)?|questions?|tests?|exams?|exercises?|mcqs?)\b)"
)
_BEHIND = (
    r"(?P<behind>(?:\s|来|给我|出|考我|做|练|可以|几[道个]|[点些]|有哪些"
    rf"|{_A_SET}|(?:\d{{1,4}}|{CHINESE_NUMBER})[道题个])*+"
    r"(?:(?:看看|检验|测测|试试|考考|练练|巩固).{0,16})?"
    rf"|\s+{_ABOUT}\s+.+)$"
)
_ASKS_ME = pattern(
    r"^(?:来|[出来给][^,考]{0,8}?题目?\s*来?|(?:(?:give me|gimme|get me|some|an?|few|something|sth"
    r"|stuff|questions?|way) ){1,4}to )?"
    r"(?:(?:考一考|考考|考|测一测|测测|测试|测验|测|抽查|抽考|抽问|提问|检验|考察|考查"
    r"|\b(?:quiz+(?:es)?|test|examine|drill|grill|challenge)\b)\s*(?:一下|下)?\s*"
    r"(?:我们?|自己|(?:me|us|myself|my(?= .*\b(?:knowledge|understanding|memory|skills?))"
    r"(?: own)?(?: (?:knowledge|understanding|memory))?)\b)"
    r"|be (?:quizzed|tested|examined|drilled))(?P<topic>.*)$"
)
_ASKS_WHAT = pattern(
    r"^(?:问一?下?我们?|问问我们?|ask (?:me|us)\b)(?P<topic>.*(?:题|关于|[点些]|知识"
    r"|\b(?:questions?|something|anything|stuff|things|about|on)\b).*)$"
)
_ASKED_LAST = pattern(
    r"^(?P<topic>\S.{1,30}?)(?:方面)?的?\s*"
    r"(?:(?:考考?我|测测?我)(?:几[道个题])?|\b(?:quiz|test) me)$"
)
_HOW_WELL = (
    pattern(
        r"^(?:see|check|find out|test|tell me) (?:how (?:well|much) (?:do )?i"
        r"|if i(?: really| still)?|whether i|what i)"
        r" (?:know|understand|remember|learned|learnt|get|got)\b(?P<topic>.*)$"
    ),
    pattern(r"^(?:检验|测试|测验|测)(?:一下|下)(?P<topic>.*(?:掌握|成果|理解|懂|学).*)$"),
)
_IS_ABOUT = pattern(rf"\s+{_ABOUT}\s")
_NAMED = (
    pattern(
        rf"^(?P<give>(?:{_GIVE}\s*(?:我|[点些下])?\s*)*+)(?P<topic>.{{0,60}}?)"
        rf"(?P<noun>{_NOUN}){_BEHIND}"
    ),
    # 问题 are the learner's own, unless they want to be given some.
    pattern(
        r"^(?P<give>[来出])(?P<topic>(?=[几些点\s]|关于|.*的问).{0,60}?)(?P<noun>问题)(?P<behind>)$"
    ),
)
# 测试 or "questions" alone may mean anything.
_CLEAR = pattern(
    r"小测|测验|自测|练习题|习题|考题|试题|考试|模拟考|模拟题|[选择断空答算]题|\bquiz|\bmcq"
)
# Words that name other questions than a quiz has, or say what became of some.
_OTHERS = pattern(
    r"不(?=[想要会懂用必能是知考做可])|没|^别|别(?=[再考测出来做给搞弄])|[这那](?!块|部分|方面)|[每哪]"
    r"|[上下]一[个道次]?$|第|昨|前天|刚(?!性)|(?<!纠)错(?!误)|[我你]的|什么|怎么|为[什了啥]"
    r"|过(?=[的了一几]|$)|完(?![形全整备])|了(?!解)|^会(?!话)|会(?=[不考做的])|如果|假如|万一"
    r"|等(?=[我会下一到])|再[做来考测]|给[你您]|以为|让|叫|面试官|学生|老板|公司|喜欢|觉得|是|把|被|考虑|刷"
    r"|提(?=[个几了出一])|^有(?![害效据监限向序])|有(?=[道个几一])|[没我还]有|多少|剩(?!余)|欠(?!拟)"
    r"|差(?=[不点一几])|^(?:结束|退出|取消|停|删|看|解\s*$|答)|难$"
    r"|^(?:skip(?!-| conn)|stop|quit|end|leave|cancel|write|fix|run)\b"
    r"|(?<!-)\b(?:my|your|his|her|their|that|those|this|these|last|next|previous|first|second|wrong"
    r"|wrote|is|was|were|are|did|does|had|has|have|failed|passed|finished|done|no|not|how|what|why"
    r"|which|when|where|who|hate|daily|weekly|every|after|before|if|in|out of|on|it|he|she|they"
    r"|there|review|any|the|took|always|never|already|still|often|students?|should|must|do|don'?t|can'?t"
    r"|won'?t|feel|like|think|know|take|be|am|but|i|you|we|got)\b(?!-)"
)
_OTHERS_GIVEN = pattern(
    r"完(?![形全整备])|了(?!解)|不[出了会动]|什么|怎么|没(?![做考学]过)|[这那]|让|叫|面试官|学生|老板"
    r"|(?<!-)\b(?:did|finished|done|stop|how|why|my students?|was|were)\b(?!-)"
)
_TESTS_OF_CODE = pattern(
    r"(?:单元|集成|压力|性能|回归|接口|功能)测试$|\b(?:unit|integration|load|regression) tests?$"
)
_SO_MUCH = pattern(r"(?:掌握|懂|会|记得|记住|学|理解)了?(?:了|得|的)?多少|[点些]什么|点啥")
# 考我的那道题答案是什么, 考我有什么用: about being asked, and no wish for it.
_ABOUT_BEING_ASKED = pattern(
    r"的那|了$|^了|什么|啥|怎么(?!样)|为什么|为啥|多少|哪|干[嘛吗]|[没有]用|太难|好难|累(?![加积计])|烦"
    r"|^的.{0,4}(?:代码|程序|网速|模型|函数|接口|项目|服务|api)$|^(?:代码|程序)$|^'"
    r"|\b(?:my|this) (?:code|script|program|model|app)\b"
)
# 道 counts questions and nothing else that is studied.
_BY_COUNTER = pattern(
    rf"^(?:来|出|考|做|整)\s*(?:几|\d{{1,4}}|{CHINESE_NUMBER})?道\s*(?!.*[菜题])(?P<topic>.{{2,20}})$"
)
_AGAIN = pattern(
    rf"^来?(?:提问|抽问|抽查|出题)$|^(?:来|换|出|做)(?:{_A_SET}|几道|(?:\d{{1,4}}|{CHINESE_NUMBER})[道题])$"
    r"|^(?:another|one more|(?:a few |some )?more)(?: (?:quiz|questions?|round))+$"
)
_PRACTISES = pattern(
    r"^(?:练习(?![题册本场])|练练?(?!习)|巩固|(?:practi[cs]e|drill)\b)(?:一下|下)?\s*(?P<topic>"
    r"(?!.*(?:[写做刷完了过]|代码|英语|口语|打字|code|coding|english|typing|daily|problem|makes)).{2,40})$"
)
# 出了 30 道题 comes in two clauses.
_JUST_DONE = pattern(r"(?:[出写做刷整搞弄答考练测过解]|整理)了$")
_ONLY_ABOUT = pattern(
    r"^(?:关于|有关|主题是?|内容是?|\b(?:about|on|regarding|topic(?: is)?)\b)\s*(?P<topic>.+)$"
)
_PROBLEMS = pattern(
    rf"^{_GIVE}(?:我|[几道些点个的]|简单|中等|困难|[\d\s]|{CHINESE_NUMBER}|{ENGLISH_NUMBER}"
    r"|\b(?:easy|medium|hard|some|few|more|another)\b)*+"
    r"(?:leet ?code|力扣|算法)\s*的?(?:题目?|(?:problems?|questions?)\b)"
)

_BEFORE_TOPIC = words(
    """
    关于|有关|针对|围绕|一[套组轮波份批场次]|几[道个题条]|一[点些下]|点(?![积云乘估])|些|个(?![性体])|道|份
    我们?|自己|对(?![比抗齐话称数偶])|在(?!线)|考(?!虑)|的|来|更多|其他|没[做考学]过的|新的?|不同的?|随便|任意
    (?:难|简单)(?:一?[点些]的?|的)|更难的?|有?点?难度的?|有挑战的?
    """
)
_BEFORE_TOPIC_EN = words(
    en=r"""
    on|about|regarding|covering|an?|the|some|any|several|more|another|of|with|me|my|bit|lot
    few(?! shot)|quick|harder|easier|easy|tricky|challenging|mini|pop|practice|test|quiz
    hard(?! (?:negative|label|attention|prompt))|random(?= (?:questions?|quiz|stuff|topics?)|$)
    multiple[- ]choice|different|set of|round of|bunch of|short(?= (?:questions?|quiz)|$)
    """,
)
_BEHIND_TOPIC = words(
    rf"""
    的|方面|相关|有关|(?:基础)?知识点?|内容|这块|部分|概念|题目?|问题|练习|懂不懂|会不会|[懂会]多少
    (?:我|到底|究竟|都|现在)*+(?:掌握|理解|了解|学(?=[得的会了到])|记(?=[得住]))[得的会了到住]*+(?:没有?|多少|不[会懂])?
    水平|能力|程度|情况|方向|来|{_A_SET}|几[道个]|[点些]|一下
    """
)
_BEHIND_TOPIC_EN = words(
    en=r"""
    please|pls|now|today|stuff|topics?|concepts?|knowledge|thanks|questions?|quiz|exercises?
    multiple[- ]choice|skills?|again|practice|test|mini|pop|type|style|related
    """,
)
_AROUND_TOPIC = pattern(
    rf"^(?:[\s,.!?:~、]|{_BEFORE_TOPIC.pattern}|{_BEFORE_TOPIC_EN.pattern}(?![-/]))+"
    rf"|(?:[\s,.!?:~、]|{_BEHIND_TOPIC.pattern}|(?<!-){_BEHIND_TOPIC_EN.pattern})++$"
)
_AFTER_ABOUT = (
    pattern(
        r"(?:\b(?:on|about|regarding|covering|concerning|related to)\s|关于|有关|围绕|针对)"
        r"\s*(?P<topic>.+)$"
    ),
    pattern(r"^\s*(?:in|from|of|around|for|with)\s+(?P<topic>.+)$"),
)
# What was learned, today's, anything: the mentor chooses.
_ANY_TOPIC = pattern(
    r"^(?:今天|昨天|前天|最近|[这本上]周|这几天|之前|以前|前面|刚[才刚]?|已经|我们?|自己|你|所有?|学习?|过|到"
    r"|了|的|东西|内容|知识点?|任务|计划|课程?|部分|成果|效果|情况|任意|随机|随便|全部|综合|[这那]个|它|什么"
    r"|掌握|得|第.{1,3}[个阶段单元章项周天]+|阶段|里面?|[点些]|都|\s)*+$"
    r"|^(?:(?:what(?:ever)?|everything|anything|all|stuff|things?|topics?) )?(?:that )?"
    r"(?:i|we|i've)\b.*$"
    r"|^(?:it|that|this|them|those|these|myself|me|us|today|general|whatever|random|anything"
    r"|everything|something|stuff|all|yesterday|last week|recent)(?:'s)?(?:$| (?:week|month|topics?"
    r"|stuff|things?|of|from|in|so|i|we|you|else|lessons?|tasks?|plan|stage|material|content)\b.*$)"
    r"|^my\b.*$|^(?:stage|task|unit|week) #?\w+$"
    r"|^the (?:last|first|second|current|whole|previous|things?|stuff|tasks?)\b.*$|^'?s?$"
)

_INTERVIEW = words("面试|模拟(?![考题卷退])", r"interview\w*")
_INTERVIEW_NAMED = words("面试|模拟[考题卷]", r"interview\w*")
_INTERVIEWS = (
    pattern(r"^面试(?:一下|下|面试)?我(?P<topic>)"),
    pattern(r"^interview\s+(?:me|us|我)(?P<topic>.*)$"),
    pattern(
        r"^(?:扮演|当|做|演|来当|来做|假装|(?:pretend|act|play|be)\b.{0,16})\s*(?:一下|个|一个|我的)*"
        r"(?P<topic>.{0,12}?)(?:面试官|\binterviewer)$"
    ),
    pattern(r"^模拟(?:一下|一场|一次|一轮|个|场)?(?P<topic>.{0,8}?)(?:面试)?$"),
    pattern(
        rf"^(?P<give>(?:练习|{_GIVE}\s*|模拟|考考?我|问我|一下|[点些]|\b(?:mock|simulate|conduct|hold"
        r"|ask me)\b\s*)*+)(?P<topic>.{0,40}?)"
        r"(?:面试(?![官者时被会都过了完失挂]|一般|准备|通过|技巧)|\b(?:mock )?interviews?\b)\s*"
        r"(?P<noun>真题|题目?|考题|练习|模拟|练一?[练下]?|(?:practice )?questions?\b|practice\b"
        rf"|prep\b|simulation\b|session\b|round\b)?\s*{_BEHIND}"
    ),
)
_GENRES = {
    "system-design": words("系统设计|架构设计", r"system[- ]designs?"),
    "behavioural": words("行为(?:面试?)?|软技能", r"behaviou?r\w*|hr|soft skills?"),
    "coding": words("编程|算法(?!工程|岗)|手撕|写?代码", r"cod(?:e|ing)|algorithms?|leet ?code"),
    "concept": words("八股文?|(?:概念|理论)(?=.*面试)", r"(?:concept|theor)\w*(?=.*interview)"),
}
_WHOLE_FIELD = pattern(
    r"^(?:大厂|校招|社招|高频|常见|真题|理论|概念|大模型|ai|ml|llms?|技术|经典|工程师|岗位?|一?[场次轮套]|mock|job|tech\w*|the"
    r"|an?|machine learning|engineer\w*|concept\w*|theor\w+|模拟|[的\s])*+$"
)

_SPOKEN = words(
    "[考测题练道]|面试官|问我|面试|模拟|[套组道轮]$|抽|提问|检验|巩固",
    r"quiz\w*|test\w*|question\w*|exam\w*|exercises?|ask|drill\w*|grill|challenge|interview\w*"
    r"|practi[cs]\w*|mcqs?|how well|how much|if i|another|more",
)


def quiz_in(clauses: Sequence[str]) -> dict[str, object] | None:
    """The quiz that is wished for, as the quiz tool takes it; `interview` is the kind of one.

    Other clauses may add what it is about, how many questions, and that it is for an interview.
    """
    for place, clause in enumerate(clauses):
        wished = quiz_of(clause)
        is_of_interview = "模拟" not in clause or _INTERVIEW_NAMED.search(" ".join(clauses))
        is_told = place > 0 and _JUST_DONE.search(clauses[place - 1])
        if wished is None or not is_of_interview or is_told:
            continue
        quiz = dict(wished)
        others = [*clauses[:place], *clauses[place + 1 :]]
        about = next((hit for each in others if (hit := _ONLY_ABOUT.match(each.strip()))), None)
        if "topic" not in quiz and about is not None and (topic := topic_of(about["topic"])):
            quiz["topic"] = topic
        count = next((count for each in others if (count := count_alone(each))), None)
        if "count" not in quiz and count is not None:
            quiz["count"] = count
        genre = next((name for each in others if (name := _only_genre(each))), None)
        if genre is not None and quiz.get("interview") == "any":
            quiz["interview"] = genre
        return quiz
    return None


def wants_problems(text: str) -> bool:
    """Programming problems are solved elsewhere, and chosen from the lists."""
    return bool(_PROBLEMS.search(bare_wish(text))) and not _INTERVIEW.search(text)


@lru_cache(maxsize=2048)
def quiz_of(clause: str) -> dict[str, object] | None:
    """What one clause wishes for; None when it does not, or not now, or only speaks of it."""
    if len(clause) > LONGEST_WISH or "§" in clause or not _SPOKEN.search(clause):
        return None
    wish = bare_wish(clause)
    if NOT_NOW.search(wish) or wants_problems(clause) or practice_in(clause):
        return None
    count, rest = _count_taken(wish)
    said = _interview(rest)
    if said is None and _AGAIN.match(wish):
        said = {}
    elif said is None and (counted := _BY_COUNTER.match(wish)) is not None:
        said = _about(counted["topic"])
    elif said is None:
        said = _quiz(rest, is_counted=count is not None)
    return said if said is None or count is None else {**said, "count": count}


def _quiz(wish: str, *, is_counted: bool) -> dict[str, object] | None:
    """考我 RAG, 来几道 RAG 的题, a quiz on RAG, see how well I know RAG."""
    found = _ASKS_ME.match(wish) or _ASKS_WHAT.match(wish)
    if found is not None and _ABOUT_BEING_ASKED.search(_SO_MUCH.sub(" ", found["topic"])):
        return None
    if found is None and (last := _ASKED_LAST.match(wish)) is not None:
        return None if _is_of_others(last["topic"], _OTHERS) else _about(last["topic"])
    found = found or next((hit for rule in _HOW_WELL if (hit := rule.match(wish))), None)
    said = found["topic"] if found else _named(wish, is_counted=is_counted)
    if said is None and (practised := _PRACTISES.match(wish)) is not None:
        said = practised["topic"]
    return None if said is None else _about(said)


def _about(said: str) -> dict[str, object]:
    """A quiz on a topic; a genre of interviews is no topic."""
    topic = topic_of(said)
    if topic is None:
        return {}
    genre = next((name for name, rule in _GENRES.items() if rule.fullmatch(topic)), None)
    return {"interview": genre} if genre else {"topic": topic}


def _named(wish: str, *, is_counted: bool) -> str | None:
    """What the questions that are named are about; None when they are other questions."""
    found = next((hit for rule in _NAMED if (hit := rule.match(wish.strip()))), None)
    if found is None:
        return None
    about = found["behind"] if _IS_ABOUT.match(found["behind"]) else ""
    said = about or found["topic"]
    if _TESTS_OF_CODE.search(found["topic"] + found["noun"]):
        return None
    if found["give"]:
        return None if _is_of_others(found["topic"], _OTHERS_GIVEN) else said
    noun = found["noun"].lower()
    is_clear = _CLEAR.search(found["topic"] + noun) or (
        noun not in {"question", "test", "测试", "考试"} and (is_counted or topic_of(said))
    )
    return said if is_clear and not _is_of_others(found["topic"], _OTHERS) else None


def _is_of_others(text: str, others: re.Pattern[str]) -> bool:
    return bool(others.search(text) or OTHER_PEOPLE.search(text))


def _interview(wish: str) -> dict[str, object] | None:
    if not _INTERVIEW.search(wish):
        return None
    found = next((hit for rule in _INTERVIEWS if (hit := rule.match(wish.strip()))), None)
    if found is None or _is_of_others(found["topic"], _OTHERS_GIVEN):
        return None
    groups = found.groupdict()
    is_wished = "give" not in groups or groups["give"] or groups["noun"] or "mock" in found.group()
    is_wished = is_wished or groups["behind"].strip().startswith("来")
    if not is_wished:
        return None
    genre = next((name for name, rule in _GENRES.items() if rule.search(wish)), "any")
    topic = topic_of(groups.get("behind") or "") or topic_of(found["topic"])
    if topic and (_WHOLE_FIELD.match(topic) or any(one.search(topic) for one in _GENRES.values())):
        topic = None
    return {"interview": genre, "topic": topic} if topic else {"interview": genre}


def _count_taken(wish: str) -> tuple[int | None, str]:
    """How many questions, and the wish without it; none are said by 几道, some or a few."""
    found = _COUNT.search(wish)
    if found is None:
        return None, wish
    if found["zh"]:
        start, end, said = found.start(), found.end(), found["zh"]
    else:
        start, end, said = found.start("en"), found.end("en"), found["en"]
        if said.lower() in _ONE and found["things"].endswith("s"):
            return None, wish
    count = 1 if said.lower() in _ONE else int(value_of(said))
    return count or None, f"{wish[:start]} {wish[end:]}"


def count_alone(text: str) -> int | None:
    """三道, 3 questions: a number of questions, and not a word more."""
    count, rest = _count_taken(text)
    bare = _trimmed(text)
    if count is None and _BARE_NUMBER.match(bare):
        return int(value_of(bare)) or None
    return count if not _trimmed(rest) else None


def _only_genre(text: str) -> str | None:
    said = _trimmed(text)
    return next((name for name, rule in _GENRES.items() if rule.fullmatch(said)), None)


def count_in(text: str) -> int | None:
    """How many questions a sentence speaks of that is known to wish for some."""
    return _count_taken(text)[0]


def genre_of(text: str) -> str:
    """The kind of interview that is spoken of."""
    return next((name for name, rule in _GENRES.items() if rule.search(text)), "any")


_KIND_NAMED = tuple(
    (
        name,
        pattern(rf"^(?:{rule})(?:题|类|的)?\s*(?:(?:模拟)?面试|\binterviews?\b)?(?=$|\s|[,，:：])"),
    )
    for name, rule in (
        ("system-design", r"系统设计|架构(?:设计)?|设计|system[- ]?designs?|design"),
        ("behavioural", r"行为|软技能|hr|star|behaviou?r(?:al)?|soft[- ]skills?"),
        ("coding", r"编程|算法|手撕|写?代码|刷题|coding|code|algorithms?|leet ?code|programming"),
        ("concept", r"概念|八股文?|理论|原理|concepts?|theory"),
    )
)
# 行为面试, a system design interview please: named and nothing more.
_INTERVIEW_ALONE = pattern(
    r"^(?:那|请|就|来|开|做|练|试|(?:我)?(?:想|要)|进行|一下|一?[场个次轮]|吧|\s"
    r"|(?:please|pls|ok|let'?s|i'?d like|i want|can we|do|try|have|start|practi[cs]e|an?|the|some|to)\b)*"
    r"(?P<kind>.+?)\s*(?:模拟)?(?:面试|\binterviews?\b)\s*"
    r"(?:吧|呗|啦|一下|一?[场个次]|\b(?:please|pls|practice|now|then|thanks?)\b|[\s.!。！~])*$"
)


def interview_kind(said: str) -> tuple[str, str] | None:
    """The kind of interview that a text begins with, and what follows it."""
    text = plain(said).strip()
    for name, rule in _KIND_NAMED:
        found = rule.match(text)
        if found is not None:
            return name, text[found.end() :].strip(" ,，:：")
    return None


def interview_named(text: str) -> str | None:
    """The kind of an interview that is named and nothing more."""
    found = _INTERVIEW_ALONE.match(text.strip()) if len(text) <= LONGEST_TOPIC else None
    kind = interview_kind(found["kind"]) if found else None
    return kind[0] if kind is not None and not kind[1] else None


def topic_of(said: str) -> str | None:
    """A concept as said, without the words around it; None when any will do."""
    about = next((hit for rule in _AFTER_ABOUT if (hit := rule.search(said))), None)
    topic = _trimmed(about["topic"] if about else said)
    return None if not topic or _ANY_TOPIC.match(topic) else topic[:LONGEST_TOPIC]


def _trimmed(topic: str) -> str:
    before = None
    while before != topic:
        before, topic = topic, _AROUND_TOPIC.sub("", _TAIL.sub("", topic.strip(" \"'“”《》「」")))
    return topic
