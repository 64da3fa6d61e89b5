"""Questions about the field and the way: differences, what comes first, what people often ask."""

import re

from agent.phrases.spelling import pattern, words

LONGEST = 100
_LEAD = (
    r"^(?:[\s,.:]|请问|请|那么?|你|能不能|可以|能|帮我|给我|跟我|我?想(?:知道|了解|问)(?:一下)?|麻烦"
    r"|(?:讲|说|解释|介绍|聊|比较|对比)(?:讲|说|聊|一下|下)*|搞不清楚?|分不清楚?|不懂|不太明白"
    r"|\b(?:and|also|please|pls|so|ok|hey|hi|can you|could you|explain|tell me|describe|what(?:'s|s| is)"
    r"|what are|the|me|i want to know|i don't understand)\b)*\s*"
)
_ONE = r"(?P<one>[^,。?!]{1,48}?)"
_TWO = r"(?P<two>[^,。?!]{1,48}?)"
_DIFFERENCE = "(?:区别|不同|差别|差异|异同|对比|优缺点|优劣|有啥不一样|有什么不一样|哪里不一样)"
_TAIL = r"(?:[\s。.!?,~呀呢吗么吧啊啦]|各自|请|谢谢|please|pls|thanks|in .*)*$"
_COMPARED = tuple(
    pattern(rule)
    for rule in (
        rf"{_LEAD}{_ONE}\s*(?:和|与|跟|同|及|、|/|vs\.?)\s*{_TWO}\s*(?:之间|到底|究竟|相比|这两个|两者|两个)*的?"
        rf"(?:有|是|都有|存在)?(?:什么|啥|哪些|何|怎样的)?(?:本质|主要|具体|核心)?的?{_DIFFERENCE}"
        r"(?:是什么|在哪里?|有哪些|是啥|呢)?(?:[,，].*)?" + _TAIL,
        rf"{_LEAD}(?:比较|对比)(?:一下|下)?\s*{_ONE}\s*(?:和|与|跟|同|、|vs\.?|and|with)\s*{_TWO}{_TAIL}",
        rf"{_LEAD}{_ONE}\s*(?:和|与|跟|还是|vs\.?)\s*{_TWO}\s*(?:,|，)?\s*(?:哪个|哪一个|怎么选|如何选|该?选哪个"
        rf"|谁)(?:更|比较)?(?:好|强|合适|快|优|适合|省)?(?:一些|一点|择|用)?{_TAIL}",
        rf"{_LEAD}{_ONE}\s*(?:用|选|做|上)?\s*还是\s*(?:用|选|做|上)?\s*{_TWO}(?:好|呢|合适|更好)?{_TAIL}",
        rf"{_LEAD}(?:the )?(?:main |key |actual )?differences? between {_ONE} (?:and|vs\.?|&) {_TWO}{_TAIL}",
        rf"{_LEAD}(?:how|why) (?:is|are|does|do) {_ONE} (?:different from|differ from|compared? (?:to|with))"
        rf" {_TWO}{_TAIL}",
        rf"{_LEAD}compare {_ONE} (?:and|with|to|vs\.?|&) {_TWO}{_TAIL}",
        rf"{_LEAD}{_ONE} (?:vs\.?|versus) {_TWO}{_TAIL}",
        rf"{_LEAD}(?:which|what) is (?:better|best|faster|right)?,? ?{_ONE} or {_TWO}{_TAIL}",
        rf"{_LEAD}(?:should i (?:use|choose|pick|learn) )?{_ONE} or {_TWO}[,:]? which"
        rf"(?: one)?(?: is better| should i .*| to use)?{_TAIL}",
        rf"{_LEAD}should i (?:use|choose|pick) {_ONE} or {_TWO}{_TAIL}",
    )
)
_BEFORE = tuple(
    pattern(rule)
    for rule in (
        rf"{_LEAD}(?:在)?(?:要|想)?(?:学习?|搞懂|看懂|理解|弄懂|入门|掌握|做)\s*{_ONE}(?:之前|以前|前|的话)?[,，]?\s*"
        r"(?:我|应该|该|要|需要|得|最好|必须|都|还)*(?:先|提前|预先)(?:要|得|需要)?(?:会|懂|学|知道|了解|掌握|补|具备|准备|看)"
        rf"(?:些|哪些|点|什么|啥|好)*(?:知识|东西|基础|内容|概念)?{_TAIL}",
        rf"{_LEAD}(?:学习?|搞懂|看懂|理解|掌握)?\s*{_ONE}(?:之前|以前)?(?:都|还)?(?:需要|要求|要|得)(?:具备|有|会|懂|学|先会|先懂|掌握)?"
        rf"(?:什么|哪些|啥|什么样的|多少)(?:前置|先修|预备|基础)?的?(?:知识|基础|条件|概念|技能){_TAIL}",
        rf"{_LEAD}{_ONE}的?(?:前置|先修|预备|先导)(?:知识|概念|条件|课程?|要求)?(?:是|有)?(?:什么|哪些|啥)?{_TAIL}",
        rf"{_LEAD}(?:what )?(?:should|must|do|would) i (?:need to |have to |want to )?"
        rf"(?:know|learn|understand|study|read|master|cover)(?: \w+)? (?:before|first for|to understand|to learn|to get)"
        rf"(?: (?:i )?(?:start|learn|study|get into|learning|studying|starting|tackle|tackling|understand))?(?: with)? {_ONE}{_TAIL}",
        rf"{_LEAD}(?:prerequisites?|background|prior knowledge|requirements?|basics)(?: do i need)?(?: needed| required)?"
        rf" (?:of|for|to learn|to understand) {_ONE}{_TAIL}",
        rf"{_LEAD}(?:what )?(?:comes|goes|to learn) before {_ONE}{_TAIL}",
        rf"{_LEAD}(?:what )?(?:does|do) {_ONE} (?:build on|require|depend on|presuppose){_TAIL}",
    )
)
_EDGES = pattern(
    r"^(?:[\s\"'“”《》「」]|所谓的?|用|一下|\b(?:the|an?)\s)+|(?:[\s\"'“”《》「」]|这个|这种|的|方法|技术|之间)+$"
)
_NO_NAME = pattern(
    r"^(?:这|那|它|他|她|你|我|我们|任务|计划|今天|明天|this|that|it|these|those|you|me|today"
    r"|tomorrow|now|later|yes|no|第.{1,3}[个项]?|\d+)$"
)


def compared_in(text: str) -> tuple[str, str] | None:
    """The two things whose difference is asked for."""
    for rule in _COMPARED:
        found = rule.search(text.strip())
        if found is not None:
            one, two = _name(found["one"]), _name(found["two"])
            if one and two:
                return one, two
    return None


def needs_before(text: str) -> str | None:
    """The concept whose prerequisites are asked for."""
    for rule in _BEFORE:
        found = rule.search(text.strip())
        if found is not None and (name := _name(found["one"])):
            return name
    return None


def _name(said: str) -> str | None:
    before = None
    while before != said:
        before, said = said, _EDGES.sub("", said.strip())
    if not said or len(said) > LONGEST or _NO_NAME.search(said):
        return None
    return said


OFTEN_ASKED = words(
    zh="""
    (?:没有?|缺|买不起|不带|没钱买)(?:好的?|高端|强大的?|独立|独)?(?:显卡|gpu|硬件|算力|服务器|好电脑).{0,14}(?:学|怎么|吗|能|行|练|跑|办)
    (?:电脑|配置|笔记本|显卡)(?:很|太|比较)?(?:差|弱|老|低|不行|不好).{0,12}(?:学|怎么|吗|能|办)
    (?:非|不是|没有?)(?:计算机|科班|cs|技术|程序员|理工)(?:专业|出身|背景|科班)?.{0,14}(?:学|怎么|入门|吗|能|行|转)
    (?:文科|转行|跨专业|零基础|没基础|小白).{0,10}(?:学|怎么|入门|吗|能|行|转|办)
    (?:怎么|如何).{0,6}(?:保持|跟上|跟进|追踪?).{0,10}(?:更新|最新|前沿|新技术|新进展|进展|变化|节奏|发展)
    (?:技术|领域|ai|模型)(?:更新|变化|发展)?(?:得)?太快.{0,10}(?:怎么|跟|办|学)
    (?:怎么|如何).{0,6}(?:规划|安排|分配).{0,8}(?:时间)|每(?:周|天|个阶段).{0,6}(?:要|需要|得|该)(?:花|投入|学).{0,8}(?:多久|多少|几)
    (?:要|需要|得)(?:学|花)(?:多久|多长时间|几个月)
    (?:最?(?:容易|常见?|常犯)|典型|新手)的?.{0,4}(?:犯|出)?的?(?:错误?|误区|坑)|(?:要|该)?(?:避免|避开|注意).{0,6}(?:哪些|什么)?的?(?:坑|误区)|踩坑|误区
    数学.{0,8}(?:不好|差|忘|要学|需要|多深|多好|学到|要不要|必须).{0,8}|(?:需要|要)(?:多少|学多少|很好的|多好的)数学
    (?:先学|学|用|选).{0,6}(?:pytorch|tensorflow).{0,4}还是|(?:pytorch|tensorflow)(?:和|还是|与)(?:pytorch|tensorflow)
    (?:python|编程).{0,6}(?:要|需要)?(?:学到|到|掌握到?)(?:什么|多|哪).{0,4}(?:程度|水平|深|好)
    (?:年纪|年龄|\\d\\d岁|三十|四十|35|40).{0,10}(?:大|晚|来得及|还能|吗|学)|现在(?:开始)?学?.{0,8}(?:晚|来得及|迟)(?:吗|了吗|不晚|了)
    教程地狱|一直看教程|看了很多教程|完美主义|冒充者|不如别人|比不上|别人都比我
    (?:要不要|需要|用不用|怎么)(?:做|记)笔记|(?:刷|做)多少(?:道|题)?.{0,6}(?:题|够|leetcode)|刷题.{0,6}(?:有用|必要|要刷多少)
    (?:有|能做|可以做|能找|找)(?:哪些|什么|啥)(?:样的)?(?:岗位|工作|职位|方向的工作)|(?:作品集|简历).{0,6}(?:几个|多少).{0,4}项目
    (?:英语|英文)(?:不好|差|论文|水平).{0,10}(?:怎么|吗|办|看|学)|(?:要不要|需要|必须|可以跳过|能跳过)(?:先)?学?(?:传统|经典)?机器学习
    (?:多久|多长时间).{0,6}(?:找到?|能找)工作
    """,
    en=r"""
    (?:no|without(?: an?)?|don'?t have(?: an?)?|can'?t afford(?: an?)?|lack(?:ing)?(?: an?)?) (?:good |powerful |strong |decent |expensive )?(?:gpus?|graphics card|hardware|nvidia card)
    (?:old|weak|slow|cheap|bad) (?:laptop|computer|pc|machine)
    (?:no|without(?: an?)?|don'?t have(?: an?)?|non-?) ?(?:cs|computer science|technical|programming|coding|tech|stem) (?:degree|background|experience)
    (?:career change|change careers?|switch careers?|from a non-?tech\w* background|from scratch with no background|complete beginner)
    (?:keep|stay|keeping|staying) (?:up|current|updated|up[- ]to[- ]date)(?: with)?|keep track of (?:new|the latest)
    (?:how (?:much|many)) (?:time|hours)(?: \w+){0,4} (?:need|take|spend|invest|per week|a week|each week|every week)
    (?:common|typical|biggest|worst|frequent|usual) (?:mistakes?|pitfalls?|errors?|traps?)|mistakes? (?:to avoid|people make|beginners make|do people)
    (?:how much|do i need|need(?: to know)?|without|bad at|weak at|good at) (?:\w+ ){0,2}math(?:s|ematics)?
    pytorch or tensorflow|tensorflow or pytorch|which framework (?:should|first)
    (?:too (?:old|late)|am i old|at my age|at (?:30|35|40|45|50))(?: \w+){0,3}
    tutorial hell|perfectionis\w+|impostor|imposter syndrome|everyone (?:else )?is better
    how many (?:leetcode )?problems|(?:take|make|keep) notes\b|how many projects
    (?:what|which) (?:jobs?|roles?|positions?) (?:are|can|exist|could)|how long (?:until|till|before|does it take to (?:get|find|land)) (?:i (?:get|find) )?a job
    how (?:good|well) (?:\w+ ){0,4}python|english (?:is (?:bad|poor|weak)|papers are)
    (?:skip|need|have to learn) (?:classic(?:al)?|traditional) (?:ml|machine learning)
    """,
)
RECOMMENDS = words(
    zh="""
    (?:推荐|帮我[选挑]|建议).{0,8}(?:路线|路径|学习计划|课程体系)|(?:哪|什么)(?:一)?[条个]?(?:学习)?(?:路线|路径).{0,6}(?:适合|好)
    (?:路线|路径).{0,8}(?:适合我|怎么选|选哪|哪[条个]好)|(?:适合|该|应该)我?(?:学|选|走)(?:哪[条个]|什么路线|哪个方向的路线)
    (?:不知道|纠结|不确定)(?:该|要|应该)?(?:选|学|走)(?:哪|什么)[条个]?(?:路线|路径)?|(?:我|应该|该)(?:应该|该)?从(?:哪|何)(?:里|儿|处)?(?:开始)?(?:学|入手)
    """,
    en=r"""
    (?:recommend|suggest)(?: me)?(?: \w+){0,3} (?:curricul\w+|learning path|path|track|study plan|roadmap)
    (?:which|what) (?:curricul\w+|path|track|course|study plan|roadmap|one)(?: \w+){0,3} (?:fits?|suits?|should i|best|right|for me|do you recommend|to choose|to take)
    (?:help me|not sure which(?: \w+)? to|don'?t know which(?: \w+)? to) (?:choose|pick|decide|take|follow)
    where (?:should|do|can) i (?:start|begin)
    """,
)
WEEKLY_CHECK = words(
    zh="""
    (?:每|本|这|一)?周(?:的)?(?:自检|自查|自评|检查点?|小结|总结|回顾|复盘|打分|评估)|(?:做|来).{0,3}(?:自检|复盘)|周检|复盘一?下
    """,
    en=r"""
    weekly (?:check(?:-?in|list|point)?|review|retro(?:spective)?|reflection|self[- ]?(?:check|assessment))
    (?:retro(?:spective)?|look back|reflect|rate|review)(?: \w+){0,3} (?:the|my|this|last) week|self[- ]check
    """,
)
ASSESSMENT = words(
    zh="""
    阶段(?:性)?(?:的)?(?:评估|考核|验收|测评|标准|总结)|评估标准|验收标准|完成标准|(?:达标|合格|过关)了?[吗没]
    (?:可以|能)(?:进入|升)下一?个?阶段了?[吗么]|交付清单|检查清单|对照(?:一下)?标准
    """,
    en=r"""
    stage (?:assessment|evaluation|criteria|standards|check)|(?:check|tick)(?: off)? the (?:criteria|standards)
    assess(?:ment)?(?: of)?(?: my| this| the)? stage|am i ready for the next stage|ready to move on to the next stage
    delivery checklist|(?:my|the) (?:criteria|checklist)
    """,
)
CHOOSES = words(
    zh="""
    (?:选|换|改|挑|重新选)(?:择)?(?:一)?[个下]?(?:一下)?(?:学习)?(?:方向|分支|赛道|专业方向|专家方向)(?!.{0,3}键)
    (?:有|看看?)(?:哪些|什么|哪几个)(?:方向|分支)(?:可以?选|可选)?|(?:选|换)(?:哪个|一?个)(?:毕业)?项目
    """,
    en=r"""
    (?:choose|change|pick|switch|select)(?: \w+){0,2} (?:branch|direction|specialty|specialisation|specialization|speciali[sz]e)
    (?:choose|change|pick|switch|select) (?:my |a |another |the )?(?:expert )?(?:track|final project)|which (?:branches|directions|tracks)(?: \w+){0,3}
    """,
)
LEAVES = words(
    zh="退出(?:这条|当前|现在的?|我的)?(?:学习)?(?:路线|路径|计划)|(?:停止|停下|停掉|放弃|不学|不想学)(?:这条|当前|现在的?|了)?(?:路线|这个路线|学习路线)",
    en=r"""
    (?:leave|quit|drop|stop(?: following)?|abandon|unenroll? from)(?: \w+){0,2} (?:curricul\w+|path|track|study plan)
    """,
)
BESIDE = words(
    zh="同时|一起学|并行|再加一?条|加上|外加|兼修|两条一起",
    en="in parallel|at the same time|alongside|beside|as well|both|in addition|additionally|add",
)

_PRACTICE = words(
    "leetcode|力扣|刷题|算法题|[刷做解](?:了|完|掉)?.{0,8}[道个]?(?:算法)?题(?!目答案)",
    r"leet ?code|lc problems?|coding problems?|algorithm problems?|neetcode|blind ?75",
)
_COUNT = pattern(
    r"(?:刷|做|解|solved?|did|finished|completed|done|cracked)\D{0,12}?(?P<count>\d{1,2}|[一二两三四五六七八九十])\s*"
    r"(?:道|个|题|(?:leet ?code |coding |algorithm |hard |medium |easy )*(?:problems?|questions?|leetcodes?))"
)
_CLAIMS = pattern(
    r"刷了|刷完|做了|做完|解了|搞定|完成|写完|过了|又刷|刷到|\b(?:did|done|solved|finished|completed|cracked|logged?)\b"
)
_NUMBERED = pattern(
    r"(?:leet ?code|力扣|lc|第|题号|#|no\.? ?|problems? |questions? )\s*(?P<numbers>\d{1,4}(?:\s*(?:题|号)?\s*(?:、|,|，|和|与|跟|及|and|&|\s)\s*(?:第|#)?\d{1,4})*)"
)
_HOW_FAR = words(
    zh="刷题(?:进度|情况|记录|统计|数|列表|清单)|刷(?:了|过)(?:多少|几)|题单|(?:blind ?75|hot ?100|neetcode).{0,8}(?:进度|多少|几|到哪)",
    en=r"""
    (?:leetcode|practice|problem) (?:progress|stats|status|lists?|log)|how many (?:leetcode |coding )?problems (?:have|did) i
    (?:blind ?75|hot ?100|neetcode(?: ?150)?) (?:progress|status)
    """,
)
_DENIES = pattern(r"[?？吗没]|n't|\b(?:not|never)\b")
_ZH_COUNT = {char: n for n, char in enumerate("零一二三四五六七八九十")} | {"两": 2}


def practice_in(text: str) -> dict[str, object] | None:
    """What practice is reported, as the practice tool takes it; empty asks how far it is."""
    if _HOW_FAR.search(text):
        return {}
    if not _PRACTICE.search(text) or not _CLAIMS.search(text) or _DENIES.search(text):
        return None
    numbered = _NUMBERED.search(text)
    counted = _COUNT.search(text)
    if counted is not None and not (numbered and numbered.start() < counted.start()):
        said = counted["count"]
        count = int(said) if said.isdecimal() else _ZH_COUNT[said]
        return {"count": count} if 0 < count <= 50 else None
    if numbered is None:
        return None
    numbers = re.findall(r"\d{1,4}", numbered["numbers"])
    return {"problems": tuple(dict.fromkeys(numbers))[:20]}


_SCORES = {
    "theory": pattern(
        r"(?:理论|theory)\D{0,6}?(?P<points>10|[1-9])(?!\d)\s*(?:分|/\s*10|points?)?"
    ),
    "code": pattern(
        r"(?:代码(?:质量)?|code(?: quality)?)\D{0,6}?(?P<points>[1-5])(?!\d)\s*(?:分|/\s*5|points?)?"
    ),
}


def scores_in(text: str) -> dict[str, int]:
    """Points said together with the weekly check."""
    return {
        name: int(found["points"]) for name, rule in _SCORES.items() if (found := rule.search(text))
    }
