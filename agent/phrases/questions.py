"""Questions about the field and the way: differences, what comes first, what people often ask."""

import re

from agent.phrases.amounts import CHINESE_NUMBER, ENGLISH_NUMBER, value_of
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
        rf"{_LEAD}{_ONE}\s*(?:和|与|跟|同|及|、|/|vs\.?)\s*{_TWO}\s*(?:之间|到底|究竟|相比|这两个|这两种方式|两者|两个|两种|哪里|哪儿)*的?"
        rf"(?:有|是|都有|存在)?(?:什么|啥|哪些|何|怎样的)?(?:本质|主要|具体|核心)?的?{_DIFFERENCE}"
        r"(?:是什么|在哪里?|有哪些|是啥|呢)?(?:[,，].*)?" + _TAIL,
        rf"{_LEAD}(?:比较|对比)(?:一下|下)?\s*{_ONE}\s*(?:和|与|跟|同|、|vs\.?|and|with)\s*{_TWO}{_TAIL}",
        rf"{_LEAD}{_ONE}\s*(?:和|与|跟|还是|vs\.?)\s*{_TWO}\s*(?:,|，)?\s*(?:哪个|哪一个|怎么选|如何选|该?选哪个"
        rf"|谁)(?:更|比较)?(?:好|强|合适|快|优|适合|省)?(?:一些|一点|择|用)?{_TAIL}",
        rf"{_LEAD}{_ONE}\s*还是\s*{_TWO}\s*[,，]\s*{_DIFFERENCE}(?:是什么|在哪里?|有哪些|是啥|呢)?{_TAIL}",
        rf"{_LEAD}{_ONE}\s*(?:用|选|做|上)?\s*还是\s*(?:用|选|做|上)?\s*{_TWO}(?:好|呢|合适|更好)?{_TAIL}",
        rf"{_LEAD}(?:the )?(?:main |key |actual )?differences? between {_ONE} (?:and|vs\.?|&) {_TWO}{_TAIL}",
        rf"{_LEAD}{_ONE} (?:and|&|vs\.?) {_TWO},? (?:what(?:'?s| is) the |any )?(?:main )?differences?{_TAIL}",
        rf"{_LEAD}(?:how|why) (?:is|are|does|do) {_ONE} (?:different from|differ from|compared? (?:to|with))"
        rf" {_TWO}{_TAIL}",
        rf"{_LEAD}compare {_ONE} (?:and|with|to|vs\.?|&) {_TWO}{_TAIL}",
        rf"{_LEAD}{_ONE} (?:vs\.?|versus) {_TWO}{_TAIL}",
        rf"{_LEAD}(?:which|what) is (?:better|best|faster|right)?,? ?{_ONE} or {_TWO}{_TAIL}",
        rf"{_LEAD}(?:should i (?:use|choose|pick|learn) )?{_ONE} or {_TWO}[,:]? which"
        rf"(?: one)?(?: is better| should i .*| to use)?{_TAIL}",
        rf"{_LEAD}should i (?:use|choose|pick) {_ONE} or {_TWO}{_TAIL}",
        rf"{_LEAD}(?:is|are) {_ONE} (?:really |much |always )?(?:better|faster|cheaper|worse|stronger|easier|safer|more \w+|less \w+)"
        rf" than {_TWO}{_TAIL}",
        rf"{_LEAD}{_ONE}\s*比\s*{_TWO}(?:更|要)?(?:好|强|快|省|便宜|准|合适)(?:在哪里?|多少|一些|一点)?{_TAIL}",
        rf"^(?:please |pls |can you |could you )*(?:explain|describe) {_ONE}(?:,? and|,) {_TWO}{_TAIL}",
        rf"^(?:请|帮我|给我)*(?:讲讲|讲一?下|解释一?下?|介绍一?下?|说说)\s*{_ONE}\s*(?:和|与|跟)\s*{_TWO}{_TAIL}",
        r"^(?!(?:should|can|could|do|does|did|is|are|am|was|will|what|which|how|who|when|where|why|i|it|he|she|in"
        r"|by|mark|skip|move|push)\b)(?P<one>[a-z][\w.+/-]*(?: [\w.+/-]+){0,2}) or (?P<two>[a-z][\w.+/-]*(?: [\w.+/-]+){0,2})\s*\?+$",
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
        rf"{_LEAD}(?:在)?(?:要|想)?(?:学习?|搞懂|看懂|理解|弄懂|入门|掌握|做)\s*{_ONE}(?:之前|以前|前)[,，]?\s*"
        r"(?:我|应该|该|要|需要|得|最好|必须|都|还|先)*(?:会|懂|学|知道|了解|掌握|具备|准备|看)(?:些|哪些|点|什么|啥)+"
        rf"(?:知识|东西|基础|内容|概念)?{_TAIL}",
        rf"{_LEAD}(?:what )?(?:do|would|will) i need(?: to know)?,? (?:before|to (?:understand|learn|study|start)|for)"
        rf"(?: (?:i )?(?:start|learn|study|learning|studying|starting|tackling|understanding|reading))?(?: with)? (?!before\b){_ONE}{_TAIL}",
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
    r"|tomorrow|tonight|now|later|yes|no|not|never|done|skip|(?:how|why|when|where|what|its|their|who)\b.*|第.{1,3}[个项]?|\d+)$"
)
# Of three things the first two are compared.
_AND_MORE = pattern(r"(?<=\S)\s*(?:、|,|\band\b|(?<=[a-z])和).+$")


def compared_in(text: str) -> tuple[str, str] | None:
    """The two things whose difference is asked for."""
    for rule in _COMPARED:
        found = rule.search(text.strip())
        if found is not None:
            one, two = _name(found["one"]), _name(_AND_MORE.sub("", found["two"]))
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
    (?:多久|多长时间).{0,6}(?:找到?|能找)工作|(?:学历|学位|本科|大专|专科|硕士).{0,8}(?:工作|找|行|能|吗|办|要求|够)
    (?:没有?|没什么)时间.{0,4}(?:怎么|咋|如何|办)|(?:太忙|工作忙|上班).{0,6}(?:怎么学|怎么办|如何学)
    (?:要|需要|得|会)?(?:花|用)(?:多少|很多|几)钱|(?:贵|收费|免费)[吗么不]$|(?:显卡|显存|算力)不够
    (?:怎么|如何|怎样)(?:才能|能)?学(?:得|习)?(?:更|快|效率|高效|好).{0,6}|学得(?:更)?快|(?:提高|提升)学习效率|学习效率
    (?:用|装|安装|要)(?:哪个|什么|哪一个)(?:版本的?)?\\s*python|python\\s*(?:要|用|装)?(?:哪个|什么|几)版本|(?:要|需要|必须有?)(?:不要)?(?:显卡|gpu)[吗么]
    面试(?:会|都|一般)*(?:问|考)(?:什么|哪些|啥)
    (?:怎么|如何|怎样)复习(?:才|效果|最|更|比较|不会?忘|有效|好)|(?:学|看|背)了?(?:就|老是|总是?)忘
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
    do i (?:really )?(?:need|have to have|have to buy|require)(?: \w+){0,3} (?:gpus?|graphics cards?|degree|diploma|hardware|phd|master'?s|computer|laptop)
    (?:need|without|require|have) (?:an? |any )?(?:degree|diploma|phd|master'?s)|(?:how much|what) (?:does|will|do) (?:it|this|that|all this|everything|i have to pay) cost
    how much (?:money|do i (?:have to )?pay)|is (?:it|this|everything) free|how (?:do|can|could|should) i (?:learn|study|progress|go) (?:faster|quicker|more quickly|better|more efficiently)
    how (?:do|can|should) i (?:remember|memori[sz]e|retain|not forget)|(?:learn|study) faster|(?:which|what) (?:version of python|python(?: version)?)(?: \w+){0,4}(?=\??$)|what (?:do|will) (?:they|interviewers) ask
    i have no time[,.]? what|no time to (?:study|learn)[,.]? what|what (?:if|when|to do if) i have no time
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
WEEK_REVIEW = words(
    zh="""
    周报|(?:每|本|这|上|一)?(?:个)?(?:周|星期|礼拜)(?:的)?(?:学习)?(?:小结|总结|回顾|复盘)|复盘一?下|(?:总结|汇总|回顾|复盘)(?:一下|下)?(?:我)?(?:的)?(?:这|本|上|过去)?(?:一)?(?:个)?(?:周|星期|礼拜|七天|7天)|(?:这|本|上)(?:一)?(?:个)?(?:周|星期|礼拜)我?(?:学|过|做|干|表现|完成)得?(?:怎么样|如何|咋样|情况)
    (?:这|本|上|过去)(?:一)?(?:个)?(?:周|星期|礼拜|七天|7天).{0,6}(?:学了(?:些)?(?:什么|啥|多少)|做了(?:些)?(?:什么|啥)|战绩|成绩|成果|学习(?:总结|报告|小结)|完成情况|表现(?:如何|怎么样))|一周战绩|学习周报
    """,
    en=r"""
    weekly (?:report|summary|recap|review|retro(?:spective)?)|(?:how|what) (?:did|was|has) (?:my|the|this|last) week(?: \w+){0,3}|how(?:'s| is| did) my week|(?:summari[sz]e|recap|sum up|wrap up|look back on) (?:my |the |this |last |past )*week
    (?:what|how much) (?:did|have) i (?:do|done|learn|learned|study|studied|get done|achieve|achieved|finish|finished)(?: \w+){0,2} (?:this|last|the past|past) week|week(?:ly)? in review
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
    zh="退出(?:这条|当前|现在的?|我的)?(?:学习)?(?:路线|路径|计划)|(?:停止|停下|停掉|放弃|不学|不想学)(?:这条|其?中?一条|当前|现在的?|了)?(?:路线|这个路线|学习路线)",
    en=r"""
    (?:leave|quit|drop|stop(?: following)?|abandon|unenroll? from)(?: \w+){0,2} (?:curricul\w+|path|track|study plan)
    """,
)
# Together with the name of a curriculum.
LEAVES_NAMED = words(
    zh="退出|不(?:想|再|要|想再)?学|停(?:下|止|掉|学)|放弃|离开",
    en=r"leave|leaving|quit|drop|abandon|unenroll?(?: from)?|stop(?: following| learning| studying| doing| with)?",
)
_STAGE_NUMBER = rf"(?:\d{{1,2}}|{CHINESE_NUMBER}|one|two|three|four|five|six|seven|eight|nine|ten)"
_STAGE = pattern(
    rf"^(?:请|帮我|给我|我想|想|要|打开|看一?看?|展示|\s)*+第\s*(?P<zh>{_STAGE_NUMBER})\s*个?(?:大)?阶段"
    r"(?:都|有|要|会|需要|里面?|的|学|做|讲|是|包含|包括|些|哪些|什么|啥|任务|内容|计划|安排|目标|详情|呢|吧|\s|\?)*+$"
    rf"|^(?:please |show |open |see |view |what'?s |what is |what are |tell me |me |about |in |the |tasks? |units? |of |content )*"
    rf"stage\s*#?(?P<en>{_STAGE_NUMBER})(?: please| tasks| plan| details)*[?.!]*$"
)


def stage_in(text: str) -> str | None:
    """The number of the stage that is to be shown."""
    found = _STAGE.search(text.strip())
    return str(int(value_of(found["zh"] or found["en"]))) if found else None


_READING = words(
    zh="""
    (?:个人|项目)?(?:简历|README)\\s*(?:的)?\\s*(?:模板|结构|怎么写|原则|检查|范例)|STAR ?(?:法则|故事|方法|模板)?(?=$|怎么|是)|SNAKE ?(?:法则|框架)?
    (?:行为面试|算法面试|系统设计面试|面试)(?:准备|框架|技巧|问题|清单)|反问(?:环节|问题)?|作品集(?:怎么|要|准备)|职业(?:发展|方向|路径)
    技术博客(?:主题|怎么写)?|演示视频|LinkedIn ?(?:优化|怎么)?|学习方法|时间管理|避坑
    """,
    en=r"""
    (?:resume|résumé|cv|readme|profile) (?:\w+ )?(?:templates?|structure|checklist|principles|tips|advice|examples?|format)|star (?:stories|story|method|rule|template|framework|technique)|snake (?:frame(?:work)?|method)
    (?:behaviou?ral|algorithm|system design) interviews?|questions to ask back|demo videos?|career (?:paths?|roles?|directions?)|study methods?
    """,
)


def reading_in(text: str) -> str | None:
    """A part of the curricula that is read, such as a template, by what people call it."""
    found = _READING.search(text) if len(text) <= 40 else None
    return found.group() if found else None


BESIDE = words(
    zh="同时|一起学|还想学?|也想学?|也要?学|再学|并行|再加一?条|加上|外加|兼修|两条一起",
    en="in parallel|at the same time|alongside|beside|as well|both|in addition|additionally|add|also|too",
)

_LISTS = {
    "blind-75": pattern(r"\bblind[ -]?75\b"),
    "hot-100": pattern(r"\b(?:leet ?code )?hot[ -]?100\b|热题\s*(?:100|一百)"),
    "neetcode-150": pattern(r"\bneet ?code(?:[ -]?150)?\b"),
}
_OF_LIST = words(
    zh="还?[剩差有]|没[刷做]|未[刷做]|下一?[道题个]|哪些|哪几|进度|多少|几|到哪|看看?|列出|题单|打开|清单|接着刷|继续刷",
    en=r"""
    left|remain\w*|next|unsolved|open|show|list|see|which|what|progress|status|how (?:far|many|much)|continue
    """,
)
_AROUND_LIST = pattern(r"(?:题单|的题|列表|\b(?:the|list|problems?|please|pls)\b|[\s?。.!呢吧])+")
_PRACTICE = words(
    "leetcode|力扣|刷题|算法题|[刷做解](?:了|完|掉)?.{0,8}[道个]?(?:算法)?题(?!目答案)",
    r"leet ?code|lc problems?|coding problems?|algorithm problems?|neetcode|blind ?75",
)
_OF_PRACTICE = r"(?:more |other |hard |medium |easy |new |leet ?code |coding |algorithm |lc )*"
_DID = r"\b(?:solved?|did|finished|completed|done|cracked|logged?)"
_COUNT = pattern(
    rf"(?:刷|做|解|搞|水了|干掉了?|拿下|\bac\b|{_DID})\D{{0,12}}?(?<![第#号一二三四五六七八九十百])(?P<count>\d{{1,3}}(?!\d)|{CHINESE_NUMBER}|{ENGLISH_NUMBER})\s*"
    rf"(?:道|个|题|{_OF_PRACTICE}(?:problems?|questions?|leetcodes?)\b)"
    # A bare "3道题" or "3 questions" may as well ask for some.
    rf"|^(?=.*(?:今天|又|刚|算法|力扣|了))(?:今天|又|刚|\s)*(?P<zh>\d{{1,3}}|{CHINESE_NUMBER})\s*道(?:算法|力扣)?题[了。!]*$"
    rf"|^(?P<en>\d{{1,3}}|{ENGLISH_NUMBER}) {_OF_PRACTICE}(?:problems?|questions(?= today| done| solved))"
    r"(?: today| done| solved)*[.!]*$"
)
_CLAIMS = pattern(
    r"刷了|刷完|做了|做完|解了|搞定|完成|写完|过了|已过|又刷|刷到|水了|干掉|拿下|搞了|\bac\b|\b(?:did|done|solved|finished|completed|cracked|logged?)\b"
)
_LIST = r"\d{1,4}(?!\d)(?:\s*(?:题|号)?\s*(?:、|,|和|与|跟|及|\band\b|&|\s)\s*(?:and )?(?:第|#|problems? )?\s*\d{1,4}(?!\d))*"
_NUMBERED = pattern(
    rf"(?:leet ?code|力扣|lc|第|题号|#|no\.? ?|problems? |questions? )\s*(?:第|#)?\s*(?P<numbers>{_LIST})"
)
# Only problems are 刷 and solved; a bare number behind these is a problem's.
_SOLVED = tuple(
    pattern(rule)
    for rule in (
        rf"^(?:我|今天|今晚|刚刚?|刚才|又|已经|也|\s)*+刷(?:了|完了?|掉了?)\s*(?:第|题号|#)?\s*(?P<numbers>{_LIST})\s*(?:题|号)?(?:了|啦)?[。.!]*$",
        rf"\b(?:solved|cracked)\s+(?:leet ?code |lc )?(?:problems? |questions? |numbers? |no\.? )?#?\s*(?P<numbers>{_LIST})"
        rf"(?!\s*(?:more |other |hard |medium |easy |leet ?code |coding |algorithm )*(?:problems?|questions?|tasks?|%|\.\d))",
        rf"{_DID}\s+(?:leet ?code )?(?:problems?|questions?)\s*#?\s*(?P<numbers>{_LIST})",
        rf"\bproblems? #?(?P<numbers>{_LIST})\s*(?:(?:is|are|was|were) )?(?:now |all )?(?:done|solved|finished|completed)\b",
        r"^(?:我|今天|刚刚?|刚才|又|已经|也|\s)*+第\s*(?P<numbers>(?:1[3-9]|[2-9]\d|\d{3,4})(?!\d))\s*题(?:也|我|终于|今天|已经)*(?:[刷做写解弄搞]完?(?:出来|定)?)了",
        r"^(?:我|今天|刚刚?|刚才|又|已经|也|\s)*+[刷做解](?:了|完了?)\s*(?P<numbers>第\s*\d{1,4}\s*题(?:\s*(?:、|,|和|与|跟|及)?\s*第?\s*\d{1,4}\s*题)*)",
    )
)
_AGAIN = pattern(
    r"^(?:我|今天|刚刚?|又)*+(?:二刷|三刷|重刷|再刷)了?\s*(?P<title>[^\d,。?!吗]{2,20}?)(?:了|啦)?[。!]*$"
)
_UNDO_PRACTICE = words(
    zh="""
    (?:撤[销回消]|取消)(?:一下|掉|刚才的?|刚刚的?|上一?次的?|今天的?|我的?|那几道|这几道|那道|这道|的|\\s)*(?:刷题|题目?|练习|力扣|leetcode|做题)
    (?:刷题|做题|题目?|题数|练习)(?:记录|数量?)?(?:都|我|又|是)?(?:记|写|报|输|填|点)错了?|(?:记|报|写|填|输)错(?:了)?(?:题|刷题)
    (?:记|报|写|填|输)(?:错|多)了?.{0,3}没(?:有)?[刷做](?:那么|这么)多|刷题(?:记录)?撤[销回]|没(?:有)?刷(?:那么|这么)多
    """,
    en=r"""
    (?:undo|revert|take back|remove|delete)(?: (?:the|my|that|last|latest|today's|logged))* (?:practice|leet ?code|problems?)(?: log| entry)?(?! \d)
    (?:practice|leet ?code) (?:log |entry )?(?:was |is )?(?:a mistake|wrong|by mistake)|logged (?:the |a )?wrong (?:problems?|numbers?|count)
    (?:did not|didn'?t) solve (?:that|so) many
    (?:undo|scratch|forget|drop|take back)(?: \w+){0,3} (?:i )?(?:just )?logged
    (?:undo|scratch|drop)(?: \w+){0,2} leet ?code
    """,
)
_HOW_FAR = words(
    zh="""
    刷题(?:进度|情况|记录|统计|数|列表|清单)|刷(?:了|过)(?:多少|几)|题单|还[剩差](?:多少|几|哪些)[道个]?题|还有(?:多少|几|哪些)[道个]?题
    (?:接下来|下一?步?|下面|现在)(?:该|要|应该)?刷(?:哪|什么|啥)
    """,
    en=r"""
    (?:leetcode|practice|problem) (?:progress|stats|status|lists?|log)|how many (?:leetcode |coding )?problems (?:have|did) i
    how many (?:leetcode |coding )?problems (?:are )?(?:left|remain)|(?:which|what) (?:leetcode |coding )?problems? (?:should|shall|do|can|is|are|comes?)(?: \w+){0,4} next
    """,
)
_DENIES = pattern(
    r"[?？吗没]|n't|\b(?:not|never|fail(?:ed|s)?)\b|(?:明天|后天|打算|准备|计划|将|要|争取)[^,。]{0,6}[刷做解]"
    r"|\b(?:will|going to|want to|plan to|need to|should|have to|try to|let me)\b"
)


def practice_in(text: str) -> dict[str, object] | None:
    """What practice is reported, as the practice tool takes it.

    With a list only, what is left of that list is asked for; empty asks how far everything is.
    """
    if _UNDO_PRACTICE.search(text) and not re.search(
        r"[?吗]|怎么|如何|\bhow\b|别|不[要用必]|don'?t", text
    ):
        return {"undo": True}
    if _DENIES.search(text) or not (numbers := _numbers_solved(text)):
        counted = None if _DENIES.search(text) else _count_solved(text)
        return {"count": counted} if counted else _practice_asked(text)
    return {"problems": numbers}


def _numbers_solved(text: str) -> tuple[str, ...]:
    again = _AGAIN.search(text)
    if again is not None:
        return (again["title"].strip(),)
    found = next((hit for rule in _SOLVED if (hit := rule.search(text))), None)
    counted = _COUNT.search(text)
    if found is None and _PRACTICE.search(text) and _CLAIMS.search(text):
        found = _NUMBERED.search(text)
        if found is not None and counted is not None and counted.start() <= found.start():
            found = None
    numbers = re.findall(r"\d{1,4}", found["numbers"]) if found else []
    return tuple(dict.fromkeys(numbers))[:20]


def _count_solved(text: str) -> int | None:
    """So many problems: a number with a counter word behind it."""
    found = _COUNT.search(text)
    if found is None:
        return None
    is_bare = found["zh"] or found["en"]
    is_problems = re.search(r"题|problem|question|leet", found.group()) or _PRACTICE.search(text)
    if not (is_bare or (is_problems and _CLAIMS.search(text))):
        return None
    count = int(value_of(found["count"] or found["zh"] or found["en"]))
    return count if 0 < count <= 50 else None


def list_in(text: str) -> dict[str, object]:
    """The list of problems that is named, as the practice tool takes it."""
    named = next((id for id, name in _LISTS.items() if name.search(text)), None)
    return {"list": named} if named else {}


def _practice_asked(text: str) -> dict[str, object] | None:
    named = next((id for id, name in _LISTS.items() if name.search(text)), None)
    if named is not None:
        rest = _LISTS[named].sub(" ", text)
        if not _AROUND_LIST.sub("", rest) or (_OF_LIST.search(rest) and not _CLAIMS.search(rest)):
            return {"list": named}
    return {} if _HOW_FAR.search(text) else None


_POINTS = rf"\D{{0,6}}?(?P<points>10|\d(?!\d)|{CHINESE_NUMBER})\s*(?:分|/\s*\d+|points?)?"
_SCORES = {
    name: pattern(rf"(?:{said}){_POINTS}")
    for name, said in {
        "theory": "理论|theory",
        "project": "项目|实战|projects?",
        "code": "代码(?:质量)?|code(?: quality)?",
        "notes": "笔记|notes?",
    }.items()
}


def scores_in(text: str) -> dict[str, int]:
    """Points said together with the weekly check."""
    return {
        name: int(value_of(found["points"]))
        for name, rule in _SCORES.items()
        if (found := rule.search(text))
    }
