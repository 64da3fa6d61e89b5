"""Wishes to be asked something: quizzes, interviews, reviews, placement; and to take cards along."""

import re
from functools import lru_cache

from agent.phrases.amounts import CHINESE_NUMBER, ENGLISH_NUMBER, value_of
from agent.phrases.spelling import pattern, words

LONGEST_WISH = 120
LONGEST_TOPIC = 100

# What may stand before a wish and changes nothing about it. Whatever else stands there, such as
# 别, 明天, 朋友 or "should I", keeps the rules below from matching: they begin where this ends.
_LEAD = pattern(
    r"^(?:[\s,.:!~、…]|请问?|麻烦|劳驾|拜托|求你?|导师|老师|您|你|咱们?|我们|我(?!的)|能不能|能否|可不可以"
    r"|可否|可以|能|要不(?!要)|帮忙|帮我|帮|给我们?|跟我|和我|让我|替我|带我|带着我|想要|想试试|想|要(?!是|不)"
    r"|需要|希望|那个啥|那个?(?!题)|那么|就|再|先|快|赶紧|顺便|不如|现在|今天(?![做刷])|随便|随机|嗯+|哦"
    r"|好[的吧了啊呀嘞](?!难)|对了|话说|闲着没事|无聊|来吧|继续|接着|还(?!有)|多|开始|试试|然后|顺手|直接"
    r"|马上|另外|于是|该(?!怎)"
    r"|\b(?:please|pls|plz|hey|hi|hello|yo|ok|okay|so|well|now|and|then|also|mentor|maybe|just|quickly"
    r"|(?:can|could|may) (?:i|we) (?:have|get)(?= )|(?:let'?s|let me) (?:have|get)(?= )"
    r"|can|could|would|will|may|might|shall|you|u|we|i'd|i'll|i'm ready|i am ready|i|let'?s|let me|let us"
    r"|to|like|love|want|wanna|need|how about|what about|why not|why don'?t (?:you|we)"
    r"|time (?:for|to)|ready (?:for|to)|go ahead and|in the mood for|feel like|help me|do you mind"
    r"|kindly|come on|today)\b(?!['-]))++"
)
_TAIL = pattern(
    r"(?:[\s。.!?,~…]|[吗么嘛吧呗呢啊呀哈哦喽啦]|好不好|行不行|可不可以|可以不|可以(?=吗)|好(?=[吗么])|行(?=[吗么])"
    r"|怎么样|如何|谢+|多谢|看看|试试|[练做](?:[练做]手?)?(?<=[题组道]..)|练练手?|做做|玩玩|给我(?:们)?|一下子?"
    r"|\b(?:please|pls|plz|thanks|thank you|thx|now|quickly|right now|for me|with me|mate|bro|mentor|ok"
    r"|if you can|(?:will|would|can|could) (?:you|u)|again|for a bit|to (?:practi[cs]e|solve|answer|try"
    r"|do))\b)+$"
)
_NOT_NOW = words(
    zh="明天|后天|下周|下个?月|以后|之后|改天|晚点|晚些|待会|过会|等会|一会儿?|的时候|的话|每天|每日|每周|天天|今晚",
    en=r"""
    tomorrow|later|next (?:week|month|time)|tonight|after|when|once|until|every(?:day)?|each
    daily|weekly|on (?:mon|tues|wednes|thurs|fri|satur|sun)day
    """,
)

_SET = "一?[套组轮波份批场次回把]"
_GIVE = (
    r"(?:来|出|发|换|整|搞|弄|上|做|练|求|找|挑|选|推荐|安排|生成|给|有没有|刷(?=.*面试)|参加"
    r"|\b(?:give|gimme|get|show|send|take|do|doing|start|begin|try|generate|make|create|run|pick|choose"
    r"|prepare|open|launch|throw|solve|answer|practi[cs]e|do you have|have you got|got|are there|is there"
    r"|(?:can|could|may) (?:i|we) (?:take|do|try))\b)"
)
_ZH_COUNT = rf"(?<![第几数\d./])(?P<zh>\d{{1,4}}|{CHINESE_NUMBER})\s*"
_THINGS = r"(?:questions?|exercises?|problems?|items?|things|mcqs?|qs)"
_COUNT = pattern(
    rf"{_ZH_COUNT}(?:[道题条]|个(?=$|[^,]*(?:题|问|关于|有关|知识点|question))|(?={_THINGS}))"
    rf"|(?P<en>\b\d{{1,4}}|{ENGLISH_NUMBER})"
    rf"(?P<between>(?:\s+(?!{_THINGS})(?!\d+\b|{ENGLISH_NUMBER})[\w/+'-]+){{0,5}})\s+(?P<things>{_THINGS})\b"
)
_LAST_COUNT = pattern(r"\s(?P<count>\d{1,4})$")
# A few questions, a set of questions: no number.
_NO_COUNT = words(en="few|bit|lot|lots|set|bunch|series|round|quiz|test|handful|batch|couple")

_ASKS_ME = pattern(
    r"^(?:考一考|考考|考|测一测|测测|测试|测验|测|抽查|抽考|抽问|提问|检验|考察|考查|来考|\b(?:quiz+(?:es)?"
    r"|test|examine|exam|drill|grill|challenge)\b)\s*(?:一下|下)?\s*(?:我们?|自己|(?:me|us|myself)\b)(?P<rest>.*)$"
)
_ASKS_WHAT = pattern(
    r"^(?:问一?下?我们?|问问我们?|考|ask (?:me|us)\b)(?P<rest>.*(?:题|问题|关于|[点些]|知识|\b(?:questions?"
    r"|something|anything|stuff|things|about|on)\b).*)$"
)
_HOW_WELL = pattern(
    r"^(?:see|check|find out|test|tell me) (?:how (?:well|much) (?:do )?i|if i(?: really| still)?|whether i"
    r"|what i) (?:know|understand|remember|learn(?:ed|t)|get|got|have learn(?:ed|t))\b(?P<rest>.*)$"
    r"|^(?:检验|测试|测验|测)(?:一下|下)(?:我的?|自己的?|学习)*(?P<zh>.*(?:掌握|成果|理解|懂|学).*)$"
)
_REFUSED_BEHIND = pattern(
    r"的那|了$|^了|了[没吗么]|[点些]什么呢|(?<![点些])什么|(?<!点)啥|怎么(?!样)|为什么|为啥|多少|哪|干[嘛吗]|[没有]用"
    r"|难|累|烦|讨厌|代码|程序|网速|模型效果|\b(?:my code|this code|my (?:script|program|model|app))\b|\?.*\w"
)
_NOUN = (
    r"(?:随堂测验?|小测验?|自测题?|测验题?|测试题?(?!集|数据|环境|用例|代码)|考试题?|考题|试题|习题"
    r"|练习题?|(?<![问主标课专话难错例议])题目?(?![库解型单主外材])|\b(?:pop )?quiz+(?:es)?\b|\bquestions?\b|\btests?\b"
    r"|\bexams?\b|\bexercises?\b|\bmcqs?\b)"
)
_ABOUT = r"(?:on|about|regarding|covering|concerning|around|related to|for|in|of|from|with)"
_NAMED = pattern(
    rf"^(?P<give>(?:{_GIVE}\s*(?:我|一?[点些下])?\s*)*)(?P<before>.{{0,60}}?)(?P<noun>{_NOUN})"
    rf"(?P<behind>(?:\s|来|给我|出|考我|做|练|有|可以|{_GIVE}|几[道个]|{_SET}|点|些|{CHINESE_NUMBER}[道题个]"
    rf"|\d{{1,4}}[道题个])*|\s+{_ABOUT}\s+.+)$"
)
_PROBLEMS_TOO = pattern(
    rf"^(?P<give>(?:{_GIVE}\s*)*)(?P<before>.{{0,60}}?)(?P<noun>(?:个|点|些|关于.{{1,30}})问题)(?P<behind>)$"
)
_STRONG = pattern(
    r"小测|测验|自测|练习题|习题|考题|试题|考试|\bquiz|\bmcq|^\S*题$(?<=[练习选择断空答算]题)"
)
# Before the noun these name other questions, or say what was done with some.
_OF_OTHERS = pattern(
    r"不|没|别|这|那|上一|下一|第|昨|前天|刚|错|我的|你的|他|她|每|哪|什么|怎么|为[什了啥]|过|完|了|难的?$|会"
    r"|喜欢|觉得|是|把|被|考虑|刷|单元|压力|性能|集成|回归|接口|功能|a/b|\bab\b|编程语言|有(?!监督|限|向|序)|提"
    r"|\b(?:unit|integration|a/b|load|my|your|his|her|their|that|those|this|these|last|next|previous"
    r"|first|second|wrong|write|wrote|fix|is|was|were|are|did|does|had|has|have|failed|passed|finished"
    r"|done|skip|stop|quit|end|leave|cancel|no|not|don'?t|how|what|why|which|when|where|who|hate|run"
    r"|quick|daily|weekly|every|with|after|before|if|in|of|on|about|it|he|she|they|there|review|any"
    r"|my|the|some|other|took|get|got|have|failing)\b"
)
_WHOSE_DONE = pattern(
    r"完|了(?!解)|(?<![点些])什么|怎么|为什么|不想|没|别人|力扣|刷|单元|\b(?:unit|leet ?code|a/b|did|finished|done"
    r"|stop|skip|how|why|which|my own|no|not)\b"
)
_MORE_OF = pattern(
    rf"^(?:来|换|出|做|考)(?:{_SET}|点|几[道题]|(?P<zh>\d{{1,4}}|{CHINESE_NUMBER})[道题])$"
    rf"|^(?:another|one more|(?:a |some )?more)(?: (?:quiz|questions?|round|set))+$"
)
_ONLY_ABOUT = pattern(
    rf"^(?:关于|有关|主题是?|内容是?|就考|考|要|\b(?:about|on|regarding|topic(?: is)?|covering)\b)\s*(?P<topic>.+)$"
)
_PRACTISES = pattern(
    r"^(?:练习|练练?|巩固|\bpracti[cs]e|\bdrill)(?:一下|下)?\s*(?P<topic>(?!.*(?:[写做刷]|代码|英语|口语|打字|leetcode|力扣"
    r"|算法|code|coding|english|typing|every|daily|problem)).{2,40})$"
)
_PROBLEMS = pattern(
    rf"^(?:{_GIVE}|来)\s*.{{0,12}}?(?:leet ?code|力扣|算法)(?!工程师|面试)\s*.{{0,4}}(?:题|\b(?:problems?|questions?))$"
)

_EDGES_BEFORE = words(
    zh=rf"""
    关于|有关|针对|围绕|对于|{_SET}|几[道个题条]?|一[点些下]|[点些下]|两下|个|道|份|我们?|自己|对|在|考|的|来|更多|其他
    新|不同|随机|随便|任意|难一?[点些]?的?|更难的?|有?(?:点)?难度的?|简单一?[点些]?的?|有挑战的?|基础的|入门的|经典的?
    高频的?|综合的?|方面
    """,
    en=r"""
    on|about|regarding|covering|concerning|a|an|the|some|any|few|several|more|another|of|with|me|my|bit
    lot|quick|short|little|small|new|random|hard|harder|easy|easier|simple|tricky|challenging|good
    basic|practice|test|quiz|review|multiple[- ]choice|mixed|different|set|round|bunch|pop|mini|number
    """,
)
_EDGES_BEHIND = words(
    zh=rf"""
    的|方面|相关|有关|知识点?|内容|这块|这部分|部分|概念|基础知识|题目?|问题|练习|选择|判断|填空|简答|计算|问答|随堂
    (?:我|到底|究竟|都|现在)*(?:掌握|理解|了解|学|懂|会).{{0,2}}(?:怎么样|怎样|如何|没有|没|不[会懂]|程度|情况|了|得|的)*
    水平|能力|程度|情况|来|{_SET}|几[道个]|[点些]|怎么样|吧|吗|小测|测验|一下|有|可以|出|给我|考我|做|练
    """,
    en=r"""
    please|pls|now|today|stuff|topics?|concepts?|knowledge|thanks|questions?|quiz|exercises?|for me
    multiple[- ]choice|skills?|again|practice|test|mini|pop|type|style|related|well|level|problems?
    """,
)
_AROUND_TOPIC = pattern(
    rf"^(?:[\s,.!?:~、]|{_EDGES_BEFORE.pattern}(?![\w-]))+"
    rf"|(?:[\s,.!?:~、]|(?<![\w-]){_EDGES_BEHIND.pattern})+$"
)
_AFTER_ABOUT = (
    pattern(
        r"\b(?:on|about|regarding|covering|concerning|related to)\s+(?P<topic>.+)$|(?:关于|有关|围绕|针对)\s*(?P<zh>.+)$"
    ),
    pattern(r"\b(?:in|from|of|around|for)\s+(?P<topic>.+)$"),
)
# What was learned, today, anything: the mentor chooses.
_NO_TOPIC = pattern(
    r"^(?:今天|昨天|前天|最近|这周|本周|上周|这几天|之前|以前|前面|刚才?|刚刚|已经|我们?|自己|你|所有?|学习?|过|到|了|的"
    r"|东西|内容|知识点?|任务|计划|课程?|部分|成果|效果|情况|任意|随机|随便|全部|综合|这个|那个|它|什么|概念|掌握|得"
    r"|第.{1,3}[个阶段单元章项周天]|阶段|里|里面|一?[点些下]|都|\s)*$"
    r"|^(?:what(?:ever)?|everything|anything|all|stuff|things?|topics?|concepts?)?\s*(?:that )?(?:i|we|i've"
    r"|we've|you)\b.*$"
    r"|^(?:it|that|this|them|those|these|myself|me|us|today|general|whatever|random|anything|everything"
    r"|something|stuff|all)\b.*$"
    r"|^(?:yesterday|this week|last week|recent|my|stage|task|unit|week|the (?:last|first|second|current"
    r"|whole|previous|things?|stuff|tasks?))\b.*$|^['s]*$"
)

_INTERVIEW = words("面试|模拟", r"interview\w*")
_INTERVIEWS = (
    pattern(
        r"^面试(?:一下|下|面试)?我|^模拟(?:一下|一场|一次|一轮|个|场)?(?P<before>.{0,8})(?:面试)?$"
    ),
    pattern(
        rf"^(?P<give>(?:{_GIVE}\s*|模拟|练习|练练|练|考我?|考考我|问我|一下|下|[点些]|\b(?:mock|simulate|conduct"
        rf"|hold|ask me)\b\s*)*)(?P<before>.{{0,40}}?)(?:面试(?!官|者|时|被|会|都|一般|准备|过|了|完|通过|技巧|失败|挂)"
        rf"|\b(?:mock )?interviews?\b)\s*(?P<noun>真题|题目?|考题|练习|模拟|练一?[练下]?"
        rf"|(?:style |practice )?questions?\b|practice\b|prep\b|simulation\b|session\b|round\b|drill\b)?"
        rf"(?P<behind>(?:\s|来|给我|出|{_GIVE}|几[道个]|{_SET}|点|些|有哪些|{CHINESE_NUMBER}[道题个]|\d{{1,4}}[道题个])*"
        rf"|\s+{_ABOUT}\s+.+)$"
    ),
    pattern(r"^(?P<before>)(?P<noun>interview)\s+(?:me|us|我)\b.*$"),
)
_GENRES = {
    "system-design": words("系统设计|架构设计", r"system[- ]designs?"),
    "behavioural": words("行为面?|软技能", r"behaviou?r\w*|hr|star|soft skills?"),
    "coding": words("编程|算法(?!工程师|岗)|手撕代码?|写代码|代码", r"cod(?:e|ing)|algorithms?|leet ?code"),
}
_GENRE_ALONE = pattern(
    r"^(?:系统设计|架构设计|行为(?:面试)?|编程|手撕代码|system[- ]design|behaviou?ral|coding)$"
)
_WHOLE_FIELD = pattern(
    r"^(?:大厂|校招|社招|高频|常见|真题|大模型|ai|ml|llms?|技术|经典|工程师|岗位?|mock|job|tech\w*|the|a|an|new"
    r"|machine learning|engineer|模拟|[的\s]|场|轮|给我|style)*$"
)

_REVIEW = words(
    "复习|到期|卡片|闪卡|记忆卡|卡$|卡[吗要]",
    r"review\w*|flash ?cards?|cards?|due|spaced repetition",
)
_WHAT_WAS_LEARNED = (
    r"(?:今天|昨天|前天|前几天|上周|这周|本周|最近|之前|以前|前面|旧|学过?|到期|错|过|的|了|题目?|该|要|需要"
    r"|东西|内容|知识点?|卡片?|那些|这些|所有|全部|任务|\s)*"
)
_REVIEWS = tuple(
    pattern(rule)
    for rule in (
        rf"^(?:的|做|来|去|进入|过|看看?|打开|\s)*(?:复习|review)(?:复习|一下|下|模式|时间)?(?:一下)?{_WHAT_WAS_LEARNED}$",
        r"^(?:有没有|有|还有|还|什么|啥|哪些|需?要|该|得)*(?:复习)(?:的?(?:东西|内容|卡片?)?|什么|啥|哪些|了|些什么|点什么)*$",
        r"^(?:我的|看看?|打开|做|过|有没有|有|还有|今天|今日|所有|多少张?|几张|需?要|到期|该|的|复习|些|哪些|\s)*"
        r"(?:复习卡片?|卡片|闪卡|记忆卡|到期的?(?:复习|题目?|卡片?)?)(?:到期|在哪里?|了|的|复习|\s)*$",
        r"^(?:(?:start|begin|do|continue|take|show|open|see|go (?:over|through)|study|practi[cs]e|my|the|some|a"
        r"|today'?s|all|due|pending|daily|any|more|quick|is there|are there|do i have|have|how many|old) )*"
        r"(?:reviews?|reviewing|(?:due |review |flash ?)?cards|flashcards?|review (?:session|cards?|queue|time)"
        r"|spaced repetition)(?: (?:that are |are |is |do i have |i have )*(?:due|session|time|today|to do|waiting"
        r"|to review|left|for today))*(?<!(?<!flash)(?<!due )(?<!my )cards)$",
        r"^(?:(?:how many|which|what|any|are|there|my|the|is) )*(?:flash)?cards? (?:are |is |do i have |i have )?"
        r"(?:due|to review|for review|waiting)(?: today)?$",
        r"^(?:what(?:'s|s| is)?|is|anything|something|any|there|still|left|else|which|one|s|\s)*(?:due|to review"
        r"|up for review|for review)(?: (?:today|for review|to review|this morning))*$",
        r"^(?:what|which (?:ones|cards)) (?:should|do|must|shall|can) i (?:have to |need to )?review(?: today)?$",
        r"^(?:review|go (?:over|through)|revise)(?: (?:what|everything|all|the stuff|the things|things|stuff)"
        r"(?: that)? (?:i|we|i've)\b.*| (?:yesterday|last week)(?:'?s)?\b.*| (?:everything|it all|old|past)\b.*)$",
    )
)
_OF_TOPIC = pattern(
    r"^(?:复习|温习|回顾|review|revise|brush up(?: on)?|go over)(?:一下|下|复习)?\s*(?P<topic>(?!.*(?:[完了过好得不没用到]$|完了"
    r"|怎么|什么|什么时候|效果|计划|资料|材料|笔记|代码|提醒|时间|方法|多久|几|小时|分钟|进度|吗|卡|完|这周|本周|上周|周报"
    r"|\b(?:my|this|that|your|our|their|his|it|him|her|code|plan|prs?|repo|project|scripts?|notes?|week"
    r"|month|schedule|settings?|tasks?|paper|article|book|resume|cv|essay|draft|docs?|documents?|report"
    r"|answers?|solution|tips|later|request|homework|assignment|progress|curriculum|merge|commit)\b)).{2,40})$"
)

_PLACEMENT = words(
    "定.{0,2}级|摸.{0,2}底|入学|分级|水平|程度|等级|阶段|跳过|略过|跳到|从头|从零|基础",
    r"placement|level|stage|skip|jump|ahead|from (?:scratch|the (?:beginning|start))|diagnostic|test out",
)
_KNOWN = (
    r"(?:前面|基础|入门|简单|会的|学过|已经会|前几个?|初级|开头|最?前|阶段|章|部分|内容|知识|课程?|那些|这些|的"
    r"|我)"
)
_PLACEMENTS = tuple(
    pattern(rule)
    for rule in (
        r"^(?:重新|重做|做|来|参加|进行|测|我的|一次|个|\s)*(?:定(?:个|一下|一定)?级|摸(?:个|一下|一摸|摸)?底|入学|分级|水平)"
        r"(?:测试|测验|考试|测评|评估|测|题|考)?(?:一下|一次|题)?$(?<!水平)(?<!入学)",
        r"^(?:测一?测|测测|测|评估|评测|评一?评|看一?看|看看|测试|测评|判断|检测|了解|评价|评|估计|考考|检验)(?:一下|下)?"
        r"(?:我|自己|现在|目前|的|真实|大概|是|在|处于|属于)*(?:什么|啥|哪个|几级)?的?(?:水平|程度|等级|起点|级别|几斤几两)"
        r"(?:如何|怎么样|在哪|到哪)?$",
        r"^(?:现在|目前|的|大概|我|算|是|处于|属于|在|到底)*(?:什么|啥|哪个|哪种|几级)的?(?:水平|程度|等级|级别)$",
        r"^我?的?(?:真实|现在的?|目前的?)?水平(?:怎么样|如何|是什么|在哪里?|到哪了)?$(?<!^水平)",
        r"^(?:应该|该|要|可以|最好|适合)*从(?:哪一?|第?几|什么)个?(?:大)?阶段(?:开始|学起|入手|起步|起)?学?习?$",
        r"^(?:应该|该|要|可以|就|直接)*从第?.{1,2}个?(?:大)?阶段(?:开始|学起|入手|起步)(?:学习?)?$",
        rf"^(?:是不是|是否|吗|不|直接|都|的|基础的?我?都会|会的|{_KNOWN}|可不可以|可以|能不能|能|\s)*(?:跳过|略过|免修|省略|跳掉)"
        rf"(?:掉|了)?(?:{_KNOWN})*$",
        r"^(?:能不能|可以)?(?:不想|不用|不需要|没必要|不必|能不能不|可以不|可不可以不|不|必须|一定要)*从(?:头|零|0|最基础的?|最开始)"
        r"(?:开始)?学?起?(?:了)?$",
        r"^(?:(?:take|do|start|begin|redo|retake|have|a|the|my|another|new) )*(?:placement(?: test| quiz| exam)?"
        r"|(?:level|entry|entrance|diagnostic)(?: placement)? (?:test|quiz|exam))$",
        r"^(?:test|assess|evaluate|check|find out|determine|measure|gauge|estimate|judge|see|tell me|know|figure out)"
        r" (?:what )?(?:my )(?:current |real |actual |skill |knowledge )*(?:level|skills?)(?: is)?$",
        r"^what(?:'s|s| is)? my (?:current |real |actual |skill )?level$|^what level am i(?: at| on)?$",
        r"^(?:(?:at|with|in|from) )?(?:which|what) (?:stage|level|unit|part|module)(?: of \w+)?(?: (?:should|do|can"
        r"|would|must|shall) i)? (?:to )?(?:start|begin|enter)(?: with| at| from| in| on)?$",
        r"^where (?:should|do|can) i (?:start|begin|join|enter) (?:in|on|within) (?:the|this|my) (?:path|curriculum"
        r"|plan|stages?|course)$",
        r"^(?:(?:possible|able|allowed|should|is it|is there a way|am i|already|i) ?(?:to )?)*(?:skip|jump|leave out"
        r"|bypass|test out of|fast[- ]forward)(?: (?:over|past|to))? ?(?:ahead|(?:all )?(?:the )?(?:very )?(?:basics?"
        r"|fundamentals|beginning|beginner \w+|easy (?:stuff|parts?|stages?)|early (?:stages?|parts?)"
        r"|(?:first|earlier) (?:stages?|few stages)|basic (?:stuff|stages?|parts?))|(?:what|things|stuff|the"
        r" (?:stuff|things|parts?))(?: that)? i (?:already )?know|later stages?|stage \w+)(?: already)?$",
        r"^(?:do i (?:really )?(?:have|need) to|must i|i (?:don'?t|do not) (?:want|need|have) to|don'?t (?:want|need"
        r"|have) to|should i) (?:start|begin)(?: \w+)? (?:from|at|with) (?:the (?:very )?(?:beginning|start|basics)"
        r"|scratch|zero|stage (?:one|1))$",
        r"^(?:start|begin|jump in) (?:from|at|with|in) (?:stage #?\w+|a (?:later|higher) stage|the middle)$",
    )
)

_EXPORT = words("导出|导成|导进|导入|导到|汇出|下载|备份|anki", r"export\w*|download|anki|csv|back ?up")
_EXPORT_ALONE = pattern(
    r"^(?:导出|汇出|下载|备份|export|back ?up|download)?\s*(?:我的|所有|全部|一份|my|all|the|everything|数据|data|来"
    r"|出来|一份|\s)*$"
)
_TO_EXPORT = words(
    zh="导出|导成|导进|导入到?(?=.{0,3}anki)|导到|汇出|下载|备份|(?:anki|csv|excel)(?=.{0,3}(?:卡组|牌组|文件|格式|里))",
    en=r"""
    export|download|back ?up|save|get|give me|send me|want|put|move|make|turn|as csv
    anki(?=$| (?:deck|cards?|file|package|export)|卡组|牌组)
    """,
)
_OF_EXPORT = words(
    zh="数据(?![集库])|卡片?|牌组|卡组|错题|做过的题|表格|答题|记录",
    en=r"(?:flash ?|review )?cards?|deck|data(?! ?(?:set|base|frame))|everything|anki|csv|excel|spreadsheet|tsv",
)
_NOT_EXPORTED = words(
    zh="""
    日历|计划|进度|路线|笔记|聊天|设置|模型|权重|数据[集库]|显卡|代码|怎么|如何|怎样|什么|为什么|别|不|没|哪|导出了|过
    明天|下周|怎么样
    """,
    en=r"""
    calendar|plan|progress|schedule|notes|history|chats?|settings|model|weights|checkpoint|onnx|gguf
    data ?(?:set|base|frame)s?|results?|logs?|pdf|markdown|json|how|what|why|when|don'?t|not|never|no
    exported|tomorrow|pandas|graphics|adapter|tokenizer|code
    """,
)
_AS_TABLE = words("表格|电子表", r"csv|excel|tsv|spreadsheet|table|xlsx?")
_AS_DECK = words("牌组|卡组", "anki|deck|apkg")

_SPOKEN = words(
    "[考测题练]|问|面试|模拟|组$|套$|道$|套|组|提问|抽查|检验",
    r"quiz\w*|test|question\w*|exam\w*|exercises?|ask|drill|grill|challenge|interview\w*|practi[cs]\w*|mcqs?"
    r"|how well|how much|see if|another|more",
)
_DECLINES = words(
    zh="""
    (?:别|不要|不想|不用|不必|甭|不需要|不愿意?|先不|别再|不)(?:再|要|想|给我?|让我|老是|总是?|来|出|做|搞|整|玩|有|参加|去|去做)*
    (?:考我|测我|考考我|小测|测验|做题|题(?![目材])|出题|提问|考试|复习|抽查|面试我|模拟面试|定级)
    """,
    en=r"""
    (?:do not|don'?t|not|no|stop|no more|without|enough|never|not in the mood for|sick of|hate)
    """,
)
_DECLINES_EN = pattern(
    r"\b(?:do not|don'?t|not|no|stop|no more|without|enough|never|sick of|hate)\b(?: \w+){0,5}? (?:quiz\w*|test(?:ing)?"
    r" me|question me|questioning me|reviews?|reviewing|flashcards|interview me|interviewing me|more questions|exams?)\b"
)
_SUBJECT = words(
    zh="小测|测验|复习|定级|摸底|考考?我|测测?我|抽查|导出(?=复习|卡|数据|$|.{0,6}anki|.{0,6}csv)|卡片|出题|面试我",
    en=r"""
    quiz\w*|(?:the |my )?reviews|review (?:cards?|system|work)|placement|flash ?cards?|test me
    export(?: my)?(?: \w+)? (?:cards?|data|deck)|interview me|mock interviews?
    """,
)
_ASKS_ABOUT = words(
    zh="怎么|如何|怎样|什么(?!时候能)|啥|干嘛|有用|为何|多久|多少|几|要不要|应不应该|该不该|需不需要|必须|有必要|会不会|会.{0,4}吗",
    en=r"how|what|whats|why|when|should|does|do i|do you|is|are|which|must",
)
_PUT_OFF = pattern(
    r"(?:明天|后天|下周|周[一二三四五六日末]|晚点|以后|改天|待会|回头|过会|等会|今晚|等.{0,10}[再后]).{0,10}(?:考考?我|测测?我|测验我|复习"
    r"|小测|测验|做题|抽查|面试我)"
    r"|\b(?:quiz|test|examine|interview|ask) me\b.{0,24}\b(?:tomorrow|later|next (?:week|time)|tonight|after"
    r"|when|once|another (?:day|time)|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|^(?:review|quiz)(?: me)? (?:tomorrow|later|tonight)$"
)
