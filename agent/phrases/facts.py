"""Facts about themselves that learners say in their own words, without a model to note them."""

import re
from collections.abc import Callable, Iterator

from agent.phrases.amounts import CHINESE_NUMBER, durations_in
from agent.phrases.clauses import OTHER_PEOPLE, Clause, clauses_of
from agent.phrases.clock import clocks_in
from agent.phrases.spelling import pattern, plain, words
from learning.profile import LONGEST_FACT, SINGLE, FactKind

Found = tuple[FactKind, str]

_I = (
    r"^(?:本人|那|其实|嗯|对了|另外|还有|顺便(?:说(?:一下|一句)?)?"
    r"|by the way|btw|so|well|and|also|[ ,])*"
)
_NOW = r"(?:现在|目前|本科|以前|之前|原来|原先|本来|平时|自己|本人)*"
# 记住, note that: what follows is to be noted, whatever it is about.
_NOTE = pattern(
    r"^(?:那|你|请|麻烦|帮我|帮忙|也|please |pls |just |hey,? ?)*(?:记住|记一下|记下来?|记着"
    r"|备注一?下?|备忘"
    r"|(?:remember|note|keep in mind|don'?t forget|save this|fyi|for your information"
    r"|just so you know|for the record)(?: that| this| down)*\b)[ ,，:：]*"
    r"(?=.*(?:我|本人|\bi\b|\bi'|\bmy\b))"
)
_ENDING = r"(?:吧|就行|就好|好了|啦|了|哈|呀|哦|就可以|即可|please|pls|thanks?|btw|by the way|谢谢|[ .!,。~])*$"
_ONCE = words(
    "今[天晚早日]|明[天晚早]|昨|这周|本周|这个?月|下周|刚才",
    "today|tonight|tomorrow|yesterday|this (?:week|morning|evening|weekend)|next week|right now",
)
_NO_FACT = words(
    zh="""
    (?<!没)问题|疑问|疑惑|困惑|任务|报错|bug|想法|建议|作业|题(?!材)|第[一二三四五六七八九十\\d]+(?:[个项条道题步]|$)
    跑不[动了]|怎么办|翻译|解释|讲讲
    """,
    en=r"""
    questions?|problems?|bugs?|errors?|ideas?|tasks?|doubts?|finished|done|completed|stuck
    """,
)

# ---- What to call them ----
_NO_NAME = pattern(
    r"^(?:一声|一下|起|学|复习|打卡|做|刷|看|背|来|去|回|的|什么|啥|再|提醒|了|不|它|他|她|你|人"
    r"|车|个"
    r"|外卖|继续|开始|休息|睡|吃|早点|晚点|(?:when|if|back|at|in|on|later|tomorrow|tonight|again"
    r"|maybe"
    r"|after|before|once|every|for|to|up|out|crazy|a|an|the|not|please|now|whatever|soon)\b)"
)
_NAMES = (
    pattern(
        rf"{_I}(?:以后|你们?|请|麻烦|可以|就|直接|都|大家|朋友们?|也|一般|们)*(?:叫|喊|称呼)我"
        rf"(?:为|作|做)?[「“\"']?(?P<words>[\u4e00-\u9fffA-Za-z·. ]{{1,12}}?)[」”\"']?{_ENDING}"
    ),
    pattern(
        rf"{_I}我(?:的?(?:名字|昵称|大名|网名)(?:是|叫做?)|(?:名字)?叫做?|名叫)"
        rf"[「“\"']?(?P<words>[\u4e00-\u9fffA-Za-z·. ]{{1,12}}?)[」”\"']?{_ENDING}"
    ),
    pattern(
        rf"{_I}(?:please |you can |just |pls |everyone |they |people )*"
        r"(?:calls? me|my name(?:'s| is)|my nickname is|i go by)"
        rf" [\"']?(?P<words>[a-z][\w'.-]*(?: [a-z][\w'.-]*){{0,2}}?)[\"']?{_ENDING}"
    ),
)
_SAYS_NAME = pattern(r"[叫喊]|名|呢称|昵称|称呼|\bcalls? me|\bmy n|\bgo by")

# ---- Where they come from ----
_TRADE = (
    r"程序员|工程师|开发者?|码农|架构师|经理|分析师|设计师|老师|教师|研究员|科学家|测试|运维|运营"
    r"|会计|律师|医生|护士|编辑|记者|翻译|公务员|自由职业者?|创业者|产品|销售|财务|博主|家庭主妇"
)
_STUDIES = (
    r"大[一二三四五]|研[一二三]|博[一二三四五]|高[一二三]|在校|在读|应届|(?:本科|硕士|博士|研究"
    r"|大学|高中"
    r"|大专|专科|理科|文科|工科|医学|留学|博士后|中学|大学)生|学生|博士后?|硕士|毕业生|科班|非科班"
)
_BEGINNER = r"零基础|0基础|小白|新手|初学者|转[行码]的?|跨专业|半路出家"
_BACKGROUNDS = (
    pattern(
        rf"{_I}我{_NOW}(?:是|算是|属于)(?:一[个名位]|个|在)?(?P<words>"
        r"(?:做|搞|干|学|写|教|卖|从事)(?![完到了过错好])[^,，。]{1,16}的"
        rf"|[^,，。]{{0,14}}(?:{_TRADE}|{_STUDIES}|{_BEGINNER}|专业(?:的|毕业"
        rf"|出身)?)[^,，。的]{{0,8}})"
        rf"{_ENDING}"
    ),
    pattern(
        rf"{_I}我?{_NOW}(?P<words>(?:做|干|搞|写|从事)了?(?:快|近|差不多)?"
        rf"(?:\d{{1,2}}|{CHINESE_NUMBER}|几)多?年多?的?[^,，。]{{1,20}}?|工作了?(?:\d{{1,2}}"
        rf"|{CHINESE_NUMBER})"
        rf"多?年)(?:了)?{_ENDING}"
    ),
    pattern(
        rf"{_I}我?{_NOW}(?:已经)?有(?P<words>(?:\d{{1,2}}|{CHINESE_NUMBER}"
        rf"|几)多?年多?的?[^,，。]{{0,16}}经验)"
        rf"{_ENDING}"
    ),
    pattern(
        rf"{_I}我?{_NOW}(?P<words>(?:完全|一点也?)?没有?(?:任何|什么)?(?:编程|数学|代码|机器学习"
        rf"|深度学习|算法"
        rf"|计算机|英语|python)的?(?:基础|经验|背景)){_ENDING}"
    ),
    pattern(
        rf"{_I}i(?:'m| am)(?: currently| now| just)? an? (?P<words>(?:[\w+#.-]+ ){{0,5}}?"
        r"(?:analyst|engineer|developer|dev|programmer|student|teacher|manager|designer|researcher"
        r"|scientist|architect|freelancer|tester|accountant|lawyer|doctor|nurse|physicist|founder"
        r"|mathematician|beginner|newbie|undergrad(?:uate)?|graduate|postdoc|freshman|sophomore"
        r"|junior|senior|major|writer|consultant|professor|sysadmin|administrator)"
        rf"(?: (?:at|in|from|with|by|of) [\w &-]{{2,40}}?)?){_ENDING}"
    ),
    pattern(
        rf"{_I}我?{_NOW}(?P<words>(?:在[^,，。]{{1,10}}(?:做|搞|教|当|负责)[^,，。]{{2,14}}"
        rf"|[^,，。]{{1,10}}(?:系|专业|大学)毕业的?"
        rf"|(?:硕士|博士|本科|研究生)(?:在读|毕业)|(?:没有?学过|学过|会|懂)(?:一?点|一些|过)*\s*"
        rf"(?:python|pytorch|java|c\+\+|sql|机器学习|深度学习|线性代数|微积分|概率论?|统计学?|高数"
        rf"|编程"
        rf"|前端|后端|linux|docker)[^,，。]{{0,10}}?)){_ENDING}"
    ),
    pattern(
        rf"{_I}(?P<words>my background is (?:in )?[\w+#& -]{{3,40}}?){_ENDING}",
    ),
    pattern(
        rf"{_I}i(?:'ve| have|'ve got) an? (?P<words>(?:background|degree|master'?s|bachelor'?s"
        rf"|phd) in"
        rf" [\w+#& -]{{3,40}}?){_ENDING}"
    ),
    pattern(
        rf"{_I}i(?:'ve| have) been (?P<words>(?:doing|working|writing|teaching|programming|coding)"
        rf" [\w+#& -]{{2,30}}? for (?:about |over |almost )?(?:\d{{1,2}}|\w+) years?){_ENDING}"
    ),
    pattern(rf"{_I}i (?P<words>work (?:night )?shifts[\w -]{{0,20}}?){_ENDING}"),
    pattern(rf"{_I}i work as an? (?P<words>[\w+#& -]{{3,40}}?){_ENDING}"),
    pattern(
        rf"{_I}i(?:'ve| have|'ve got)(?: about| around)? (?P<words>(?:\d{{1,2}}|\w+)\+? years? of "
        rf"[\w+#& -]{{0,20}}experience[\w+#& -]{{0,30}}?){_ENDING}"
    ),
    pattern(
        rf"{_I}i(?:'ve| have)? (?P<words>(?:studied|majored in|graduated in|have a degree in)"
        rf" (?!for|it|this|that|today|\d)[\w+#& -]{{3,50}}?){_ENDING}"
    ),
    pattern(
        rf"{_I}i(?:'ve| have|'ve got) (?P<words>(?:no|little|zero) (?:programming|coding|math\w*|ml"
        rf"|technical|cs) (?:background|experience|knowledge)){_ENDING}"
    ),
)
_NO_BACKGROUND = pattern(r"^(?:不是|说|想|来|这样|那样|照|跟|按|怎么|先)|上面|刚|昨|了$")

# ---- What they work on ----
_CARD = r"(?<![\d.])(?:[12345]0[5-9]0|16[56]0)(?:\s?(?:ti|super|laptop|d))?(?![\d.])"
_MACHINE = (
    rf"{_CARD}|显卡|显存|独显|集显|gpu|\bvram|\bmac\b|mac ?book|mac mini|imac|\bm[1-5]\b|笔记本"
    rf"|轻薄本|游戏本|台式机?"
    r"|服务器|工作站|树莓派|\ba100\b|\bh100\b|\bv100\b|\bt4\b|\bl4\b|\ba10g?\b|\brtx|\bgtx"
    r"|\bcolab\b"
    r"|\bkaggle notebook|thinkpad|chromebook|\blaptop|\bdesktop|电脑|\d+ ?gb? ?(?:内存|of ram|ram)"
    r"|\bipad|内存|raspberry"
)
_HARDWARES = (
    pattern(
        rf"{_I}我?(?:的)?{_NOW}(?:这边|手上|手头|手里|家里|公司|学校|宿舍)?(?:的)?(?:电脑|显卡"
        rf"|机器|笔记本|设备|本子|配置)?"
        r"(?:只|就|也|还|一共|总共)?(?:有|用的?是?|用着|配了?|是(?=.))"
        rf"(?P<words>[^,，。]{{0,20}}(?:{_MACHINE})[^,，。]{{0,20}}?){_ENDING}"
    ),
    pattern(
        rf"{_I}我?(?:的)?{_NOW}(?:这边|手上|手头|家里)?(?:的)?(?:电脑|机器|笔记本)?(?:也|还|都)?"
        r"(?P<words>没有?(?:独立|自己的|好的?|任何|nvidia|英伟达)*\s*(?:显卡|gpu|独显|服务器|电脑)"
        rf"(?:可用)?){_ENDING}"
    ),
    pattern(
        rf"{_I}i(?:'ve| have|'ve got| own|'m using| use| only have| only use| only got|'m on"
        rf"| just have| work on)(?: only| just| got)? (?P<words>[^,.]{{0,30}}(?:{_MACHINE})"
        rf"[^,.]{{0,30}}?){_ENDING}"
    ),
    pattern(
        rf"{_I}i (?:don'?t|do not) (?:have|own) (?:an? |any |my own )*(?P<no>gpu|graphics card"
        rf"|nvidia card|laptop|computer)s?{_ENDING}"
    ),
    pattern(
        rf"{_I}my (?P<words>(?:laptop|pc|computer|machine|desktop|gpu|graphics card) (?:is|has"
        rf"|only has)"
        rf" [^,]{{2,50}}?){_ENDING}"
    ),
)
_USED_UP = pattern(
    r"训练|跑|报错|坏|装(?!了)|推理|微调|部署|炸|爆|满|\b(?:train|run|crash|broke|fail|out of)"
)

# ---- What for ----
_AIM = (
    r"(?:转[岗行码]|跳槽|换(?:个|份)?工作|找到?(?:一?份|个)?[^,，。]{0,10}(?:工作|实习)(?!资料"
    r"|经验|流)"
    r"|拿到?[^,，。]{0,8}(?:offer|实习)|进(?:入)?[^,，。]{0,6}(?:大厂|公司)"
    r"|当[^,，。]{0,10}(?:工程师|研究员|专家)"
    r"|成为[^,，。]{2,14}|考[研博]|读[研博]|申[请博]|发[^,，。]{0,4}论文|创业|就业|上岸)"
)
_AIM_EN = (
    r"(?:become|land|build an? (?!plan|schedule)[\w -]+ for|publish|pass the|switch (?:careers?"
    r"|jobs?|fields?|into)|change (?:careers?|jobs?)|get hired|move into"
    r"|transition|work (?:as|at|in)|get (?:a|an|my|into) [\w ]{0,30}?(?:job|offer|role|phd"
    r"|internship)"
    r"|find (?:a|an) [\w ]{0,20}?(?:job|internship|role))"
)
_GOALS = (
    pattern(
        rf"{_I}(?:我(?:学习?|来)?[^,，。]{{0,8}}?的?)?(?:最终|长期|短期|最大|主要|总|终极"
        rf"|学习)?的?(?:目标|目的)"
        rf"(?:就?是|为|:|,)(?:为了|想|希望)?(?P<words>[^。]{{2,}}?){_ENDING}"
    ),
    pattern(
        rf"{_I}我(?:之所以)?(?:来|想)?学[^,，。]{{0,10}}?(?:就?是为了|就?是想|为的是|为了)"
        rf"(?P<words>[^,，。]{{2,}}?)"
        rf"{_ENDING}"
    ),
    pattern(
        rf"{_I}我(?:最)?(?:想|希望|打算|准备|计划|要)(?:能|可以|在|争取)*"
        rf"(?P<words>[^,，。]{{0,12}}{_AIM}[^,，。]{{0,20}}?)"
        rf"{_ENDING}"
    ),
    pattern(
        rf"{_I}my (?:[\w-]+ ){{0,2}}(?:goal|aim|dream)(?:'s| is)"
        rf"(?: to)? (?P<words>[^.]{{3,}}?){_ENDING}"
    ),
    pattern(
        rf"{_I}i(?:'d like| would like| want| hope| plan| aim|'m (?:trying|aiming|hoping|planning))"
        rf" to (?P<words>{_AIM_EN}[^.,]*?){_ENDING}"
    ),
    pattern(
        rf"{_I}i(?:'m| am) (?:learning|studying|doing)(?: \w+){{0,3}}? (?:to|so that i can)"
        rf" (?P<words>{_AIM_EN}[^.,]*?){_ENDING}"
    ),
)

# ---- How they like it, and when ----
_WAYS = (
    r"视频|看书|读书|书|论文|文档|文章|动手|实践|项目|代码|例子|举例|案例|图|公式|推导|类比|比喻"
    r"|直觉|大白话|简短"
    r"|一步一?步|细|慢|边.{1,3}边|从头|原理|中英"
)
_WAYS_EN = (
    r"videos?|code|examples?|reading|hands[- ]on|doing|diagrams?|pictures|papers?|books?"
    r"|analog(?:y|ies)"
    r"|short answers?|step by step|plain (?:english|words|language)|simple (?:terms|words)"
    r"|formulas?"
    r"|math|intuition|building|(?:long|short) (?:texts?|articles?|answers?|videos?|explanations?)"
)
_STYLES = (
    pattern(
        rf"{_I}我(?P<words>(?:更|比较|最|特别|很|还是|一般)*不?(?:喜欢|偏好|偏爱|习惯|倾向)(?!你"
        rf"|这个|那个|它)"
        rf"[^,，。]{{0,12}}(?:{_WAYS})[^,，。]{{0,20}}?){_ENDING}"
    ),
    pattern(
        rf"{_I}(?:请|麻烦|你)*(?:以后|今后|之后|每次|平时)+(?:都|请|你|给我|跟我|讲解?|解释|回答"
        rf"|的?时候?|时|,)*"
        rf"(?P<words>(?:多|尽量|别|不要|少)*(?:用|举|给|配|写|画|讲"
        rf"|说)[^,，。]{{0,6}}(?:{_WAYS})[^,，。]{{0,8}}?"
        rf"(?:一?点|一些)?){_ENDING}"
    ),
    pattern(
        rf"{_I}(?:please )?(?:from now on,? )?(?:please )?(?P<verb>explain)(?: things| it"
        rf"| everything)?(?: to me)?"
        rf" (?P<way>(?:with|using|through|in|by)(?: more| some)? (?:{_WAYS_EN}))"
        rf"(?: from now on)?{_ENDING}"
    ),
    pattern(
        rf"{_I}i (?P<words>(?:really |usually |would )*(?:don'?t like|prefer|like|love"
        rf"|learn (?:best|better))"
        rf"(?! it\b| this| that| you)[\w ]{{0,24}}\b(?:{_WAYS_EN})\b[\w ]{{0,30}}?){_ENDING}"
    ),
    pattern(
        rf"{_I}i(?:'m| am) (?:more of )?an? (?P<words>visual (?:learner|person|thinker)){_ENDING}"
    ),
)
_PART = (
    r"早上|早晨|上午|中午|下午|晚上|夜里|深夜|凌晨|周末|工作日|午休|下班(?:后|以后|之后)?|下课后?"
    r"|放学后?|睡前"
    r"|通勤(?:路上|时)?|碎片时间|假期|节假日"
)
_PART_EN = (
    r"(?:in the |on |at |during (?:the |my )?|after |before |early |late )*(?:mornings?"
    r"|afternoons?|evenings?"
    r"|nights?|weekends?|weekdays?|lunch(?: breaks?)?|work|school|class"
    r"|commute)(?!\w)"
)
_TIMES = (
    pattern(
        rf"{_I}我{_NOW}(?P<words>(?:一般|通常|大多|基本上?|基本)*(?:只有|只能|只)"
        rf"(?:在)?[^,，。]{{0,6}}(?:{_PART})[^,，。]{{0,8}}?"
        rf"(?:有空|有时间|能学习?|可以学习?|学习?|方便)?){_ENDING}"
    ),
    pattern(
        rf"{_I}我{_NOW}(?P<words>(?:每天|一般|通常|基本上?)*(?:{_PART})[^,，。]{{0,8}}?(?:才|都"
        rf"|比较|最|没)?"
        rf"(?:有空|有时间|没空|没时间|空|效率最?高|状态最?好|学习)){_ENDING}"
    ),
    pattern(
        rf"{_I}i(?:'m| am)? (?P<words>(?:only |usually |mostly |normally |always |can |best )*"
        rf"(?:free|available|have time|study|learn)(?: best| only| mostly)?"
        rf"(?: \w+){{0,2}}? {_PART_EN}"
        rf"[\w' -]{{0,50}}?){_ENDING}"
    ),
)

_RULES: tuple[tuple[FactKind, tuple[re.Pattern[str], ...]], ...] = (
    (FactKind.NAME, _NAMES),
    (FactKind.GOAL, _GOALS),
    (FactKind.HARDWARE, _HARDWARES),
    (FactKind.BACKGROUND, _BACKGROUNDS),
    (FactKind.STYLE, _STYLES),
    (FactKind.TIME, _TIMES),
)

# What follows a fact and is a matter of its own: a wish, a question, a feeling, thanks.
_OTHER_MATTER = words(
    zh="""
    请|帮|给我|推荐|安排|开始|怎么|什么|哪|多少|能不能|可以|吧$|记住|记一下|提醒|推送|发我|今天|明天|谢|你|导师|老师
    [太好很真][难累烦笨慌怕忙]|不知道|不会|不懂|学不|想问|求|麻烦|来[一两几]|考我|做完|完成|跳过|卡住|^(?:所以|那|如果|要是|我)
    """,
    en=r"""
    please|pls|help|show|start|give|recommend|suggest|tell|what|how|which|can|could|should|thanks?|thank you|you
    today|tomorrow|remind|let'?s|sorry|tired|hard|stuck|done|finished|skip|quiz|so|if|i'?m?|i'?ve|i'?d|my
    """,
)
_OF_MACHINE = pattern(
    rf"{_MACHINE}|\d+\s*(?:gb?|tb?|核|cores?|块|张|台)|显存|内存|硬盘|ssd|ram\b|cuda|linux|windows|wsl|mac ?os|ubuntu"
)
LONGEST_MORE = 40
_KEPT = "目标|名字|称呼|背景|设备|显卡|时间|喜好|偏好|画像|档案|事情?|说过的"
_KNOWS = "know|remember|have|noted?|saved?|stored?|remembered|learn(?:ed|t)?"
_PROFILE = words(
    zh=rf"""
    你(?:都|还|现在|到底|有没有)*(?:记得|知道|记住|记着|记了|了解|存)(?:了|着)?(?:关于|有关)?我(?:的)?(?:什么|哪些|啥|多少|是谁|吗|叫)
    你(?:还)?记得我的?(?:{_KEPT}).{{0,3}}[吗么不没]|你对我(?:有多|都)?(?:了解|知道|记).{{0,6}}(?:什么|哪些|啥|多少)
    (?:关于|有关)我.{{0,4}}(?:知道|记|了解|内容).{{0,4}}(?:什么|哪些|啥|多少|列出)
    我的?(?:叫什么|叫啥|名字(?:是|叫)?(?:什么|啥)|目标是(?:什么|啥))|^我是谁|^(?:看看?|查看|显示|打开)?我?的?(?:个人)?(?:档案|画像|个人信息|个人资料)(?:页面?)?$|^我的资料$
    (?:忘掉|忘了|忘记|删掉|删除|删了|清掉|清空|去掉)(?:关于)?我的?(?:{_KEPT})
    (?:别|不要|不用|不必)再?(?:记着|记住|记得|记)(?:关于)?我(?:叫|是|的|有|说|想)
    把?我的?(?:{_KEPT})(?:都|全|给)*(?:忘|删|清)(?:了|掉|除|空)
    """,
    en=rf"""
    what (?:\w+ )?(?:do|did|have) you (?:{_KNOWS})(?: \w+)? (?:about|of|on) me
    (?:do|can) you (?:still )?(?:remember|know) (?:me|my (?:name|goal|background|job)|who i am)
    (?:do|can) you (?:still )?(?:remember|know) my (?:hardware|gpu)
    what(?:'s| is) my (?:name|goal|background)|^who am i
    what (?:did i tell|have i told) you about (?:me|my ?self|my \w+)
    (?:notes|facts) (?:that )?(?:you|have you|you have|you've) (?:keep|kept|saved|stored|noted)
    (?:show|see|view|open|edit|delete|clear)(?: me)? my profile|^(?:my )?profile(?: please| pls)?$
    forget (?:my (?:name|goal|background|hardware|gpu|time|profile)|that i|what i told)
    (?:don'?t|do not|stop) remember(?:ing)? (?:my|that i|what i)
    delete (?:my )(?:name|goal|background|hardware)
    """,
)


# What can be asked to be forgotten by its name.
_THING = "显卡|显存|设备|电脑|机器|笔记本|硬件|目标|名字|称呼|昵称|背景|职业|工作|专业|学历|时间|作息|喜好|偏好|习惯|讲法"
_THING_EN = (
    r"(?:nick)?name|goal|aim|background|job|hardware|gpu|graphics card|card|laptop|pc|computer|machine|mac\w*"
    r"|time|schedule|style|preferences?|degree|studies"
)
_FORGETS = tuple(
    pattern(rule)
    for rule in (
        r"^(?:请|麻烦|帮我|帮忙)*把?(?:我的?)?(?:关于|有关)?(?P<about>[^,，。]{1,20}?)的?[那这]一?条(?:记录|事实|信息|备忘|内容)?"
        r"(?:也|给|都|全)*(?:删|忘|去|清|抹|划)(?:了|掉|除|去|吧)*[。.!！]?$",
        r"^(?:请|麻烦|帮我|帮忙)*(?:删|忘|去|清|抹)(?:了|掉|除|记)?(?:关于|有关)?(?:我的?)?(?P<about>[^,，。]{1,20}?)的?[那这]一?条"
        r"(?:记录|事实|信息|备忘|内容)?(?:吧)?[。.!！]?$",
        r"(?:删|忘|抹)(?:了|掉|除|记)(?:关于|有关)我?的?(?P<about>[^,，。]{1,20}?)(?:的)?(?:事情?|记录|信息|内容)",
        rf"(?:忘掉|忘了|忘记|删掉|删除|删了|清掉|清空|去掉|抹掉)(?:关于)?我的?(?P<about>{_THING})",
        rf"(?:别|不要|不用|不必)再?(?:记着|记住|记得|记)(?:关于)?我的?(?P<about>{_THING})",
        rf"把?我的?(?P<about>{_THING})(?:信息|记录)?(?:都|全|给)*(?:忘|删|清|抹)(?:了|掉|除|空)",
        rf"\b(?:forget|delete|remove|drop|erase|clear)(?: about)? (?:the|my|that) (?P<about>{_THING_EN})\b(?! (?:task|plan|quiz|question|resource))",
        r"\b(?:forget|delete|remove|erase) (?:the |that )?(?:fact|note|entry|line|one|bit|thing) (?:about|on|with|saying) (?:the |my )?(?P<about>[^,.]{1,30})",
        r"\bforget (?:about )?that (?:i(?:'m| am| have| own| use| want to)?|my) (?:(?:an?|the|got)\s)?(?P<about>(?!said|asked|told)[^,.]{2,40})",
        rf"把?我?(?:的|那个|那|这个)*(?P<about>{_THING})的?(?:记录|信息|事实|备忘|那条|内容)"
        r"(?:给|都|全)*(?:删|忘|清|抹)(?:了|掉|除)",
        rf"^(?:把)?我?的?(?P<about>{_THING})的?(?:事儿?|事情)(?:就)?(?:忘|删)(?:了|掉)",
        rf"(?P<about>{_THING})(?:就)?(?:别|不要|不用)再?(?:记|留|存)(?:了|着)",
        r"\bthe (?P<about>[\w ]{2,20}?) (?:thing|note|fact|bit|one) (?:that )?you(?:'ve| have)? "
        r"(?:noted|kept|saved|remembered|wrote(?: down)?|have)[, ]+(?:please )?"
        r"(?:drop|delete|forget|remove|erase)",
        rf"\b(?:don'?t|do not|stop) remember(?:ing)? (?:the|my) (?P<about>{_THING_EN})\b",
    )
)
_NO_FACT_TO_FORGET = words(
    "任务|第[一二三四五六七八九十\\d]|题|计划|进度|数据|路线|提醒|推送|消息|聊天|对话|全部|所有|一切",
    r"tasks?|plan|progress|all|everything|data|quiz|history|chat|messages?|reminders?",
)


def fact_to_forget(text: str) -> str | None:
    """What the one fact is about that is to be deleted: 把显卡那条删了, forget the GPU."""
    said = plain(text).strip()
    found = next((hit for rule in _FORGETS if (hit := rule.search(said))), None)
    if found is None or _NO_FACT_TO_FORGET.search(found["about"]) or said.endswith("?"):
        return None
    return text.strip()[slice(*found.span("about"))].strip() or None


def asks_for_profile(text: str) -> bool:
    """Whether a learner asks what is remembered of them, or wants some of it forgotten."""
    return _PROFILE.search(plain(text)) is not None


def fact_in(text: str) -> Found | None:
    """The first fact that a learner states about themselves, in their own words."""
    return next(iter(facts_in(text)), None)


def facts_in(text: str) -> list[Found]:
    """Every fact; what the learner wants noted is one, whatever it is about."""
    note = _NOTE.match(plain(text))
    said = text[note.end() :] if note else text
    clauses = clauses_of(said)
    found = _merged(_facts(said, clauses))
    if note is None or found or any(clause.asks or clause.supposes for clause in clauses):
        return found
    is_other = not (clocks_in(said) or durations_in(said)) and not any(map(_is_no_fact, clauses))
    rest = said.strip(" ,，.。!！")[:LONGEST_FACT]
    return [(FactKind.OTHER, rest)] if is_other and len(rest) >= 4 else []


def states_fact(clause: Clause) -> bool:
    """Whether a clause says something of the learner, be it without its subject."""
    return bool(facts_in(clause.raw) or facts_in(f"我{clause.raw}"))


def _merged(found: Iterator[Found]) -> list[Found]:
    """What is said twice of a kind that is there once, in one: 不喜欢长文章，喜欢例子."""
    kept: list[Found] = []
    for kind, said in found:
        last = kept[-1] if kept else None
        if last is not None and last[0] is kind and kind in SINGLE and kind is not FactKind.NAME:
            kept[-1] = kind, _with_comma(last[1], said)
        else:
            kept.append((kind, said))
    return kept


def _facts(said: str, clauses: tuple[Clause, ...]) -> Iterator[Found]:
    """Facts clause by clause; nothing of what is asked, supposed or said of others.

    What follows a fact behind a comma and says more of it belongs to it: 4090，24G 显存. A
    question beside them wants an answer more than anything noted: then there are none.
    """
    if any(clause.asks or clause.supposes for clause in clauses):
        return
    # 只有周末有时间, 每天三小时 is a pace, which the settings take.
    is_pace = any(durations_in(clause.text) for clause in clauses)
    if any(map(_is_no_fact, clauses)):
        return
    told: Found | None = None
    has_subject = is_told = False
    end = 0
    for clause in clauses:
        is_told = is_told and said[end : clause.start].strip() in {",", "，", ""}
        end = clause.end
        for part in filter(str.strip, re.split(r"[,，]", clause.raw)):
            found = _fact(part) or (_fact(f"我{part.strip()}") if has_subject else None)
            if found is not None:
                if told is not None:
                    yield told
                has_subject = is_told = True
                told = None if is_pace and found[0] is FactKind.TIME else found
            elif told is not None and is_told and _says_more(told[0], part):
                told = told[0], _with_comma(told[1], part.strip())
            else:
                is_told = False
    if told is not None:
        yield told


def _says_more(kind: FactKind, part: str) -> bool:
    """Whether a part without a subject goes on about the fact before it, and wishes nothing."""
    text = plain(part).strip()
    if kind is FactKind.NAME or not 2 <= len(text) <= LONGEST_MORE:
        return False
    if _OTHER_MATTER.search(text) or OTHER_PEOPLE.search(text) or clocks_in(text):
        return False
    return kind is not FactKind.HARDWARE or _OF_MACHINE.search(text) is not None


def _with_comma(words_before: str, more: str) -> str:
    comma = "，" if re.search("[\u4e00-\u9fff]", f"{words_before}{more}") else ", "
    return f"{words_before}{comma}{more}"[:LONGEST_FACT]


def _is_no_fact(clause: Clause) -> bool:
    return _NO_FACT.search(clause.text) is not None


def _fact(said: str) -> Found | None:
    text = plain(said)
    if OTHER_PEOPLE.search(text) or asks_for_profile(text):
        return None
    for kind, rules in _RULES:
        for rule in rules:
            found = rule.match(text)
            fact = _words(found, said) if found else None
            if fact is not None and _CHECKS[kind](text, fact):
                return kind, fact
    return None


def _words(found: re.Match[str], said: str) -> str | None:
    """The fact as it was written, on the places where it was found."""
    named = found.groupdict()
    if named.get("no"):
        return f"no {said[slice(*found.span('no'))]}"
    if named.get("way"):
        return f"{said[slice(*found.span('verb'))]} {said[slice(*found.span('way'))]}"
    fact = said[slice(*found.span("words"))].strip()
    return fact[:LONGEST_FACT].strip() or None


def _is_name(text: str, fact: str) -> bool:
    if not _SAYS_NAME.search(text) or _NO_NAME.match(fact) or clocks_in(text):
        return False
    return bool(re.search(r"[A-Za-z\u4e00-\u9fff]", fact)) and not re.search("别|不[要用]", text)


def _is_background(text: str, fact: str) -> bool:
    if re.search(r"是不是|是否", text) or _NO_BACKGROUND.search(fact) or _ONCE.search(text):
        return False
    return not any(found.minutes % 1440 for found in durations_in(text))


def _is_hardware(text: str, fact: str) -> bool:
    return not _USED_UP.search(text) and bool(fact)


def _is_lasting(text: str, fact: str) -> bool:
    return not _ONCE.search(text) and len(fact) >= 2


def _is_time(text: str, fact: str) -> bool:
    return _is_lasting(text, fact) and not durations_in(text) and not clocks_in(text)


_CHECKS: dict[FactKind, Callable[[str, str], bool]] = {
    FactKind.NAME: _is_name,
    FactKind.GOAL: _is_lasting,
    FactKind.HARDWARE: _is_hardware,
    FactKind.BACKGROUND: _is_background,
    FactKind.STYLE: _is_lasting,
    FactKind.TIME: _is_time,
    FactKind.OTHER: _is_lasting,
}
