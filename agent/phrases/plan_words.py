"""Sentences that ask to be shown something: the plan of a day or week, the path, progress."""

from agent.phrases.spelling import pattern, words

PATH = pattern(
    r"路线图|(?:整[个体条]|全部|完整|所有|总)的?(?:学习)?(?:路线|路径|计划|规划|阶段|大纲|安排)"
    r"|^(?:我的|看看?|查看)?(?:学习)?(?:路线|大纲|全貌|总览|路径)[呢吧]?$|[有分]哪?几个阶段"
    r"|全局.{0,2}(?:计划|规划)"
    # A week or a month of the way by its number; next week and this week are shown as weeks.
    r"|第\s*[\d一二三四五六七八九十]+\s*(?:个?星期|周|个?月).{0,4}(?:学|做|干|任务|内容|计划|安排"
    r"|什么|啥)"
    r"|(?<![\d年])(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?:里|要|该|都|会"
    r"|应该)*[学做干](?:些|点)?(?:什么|啥|哪些)"
    r"|下个?月(?:里|要|该|都|会|应该)*[学做干](?:些|点)?(?:什么|啥|哪些)"
    r"|\bwhat(?:'s| is| do i| will i| should i)?(?: \w+){0,2} (?:in|for) (?:week \d+|(?:january"
    r"|february"
    r"|march|april|june|july|august|september|october|november|december|next month))\b"
    r"|\b(?:road ?map|big picture|syllabus|outline|overview|all (?:the )?stages|(?:learning|my"
    r"|the) path"
    r"|(?:whole|full|entire|complete|overall) (?:path|plan|curriculum|thing|road ?map|picture"
    r"|program))\b"
)
_NOT_A_DAY = "(?![一二三四五六天末]|日(?![程常报记]))"
NEXT_WEEK = words(f"下个?(?:周|星期|礼拜){_NOT_A_DAY}", "next week(?:'s)?")
THIS_WEEK = pattern(
    rf"[这本]个?(?:周|星期|礼拜){_NOT_A_DAY}|周计划|一周(?:计划|安排)"
    r"|\bthis week(?:'s)?\b|\bweekly plan\b|^(?:my )?week(?:'s plan)?$|\bthe week\b"
)
TOMORROW = words("明[天日儿早晚]", "tomorrow(?:'s)?")
ASKS_FOR_PLAN = pattern(
    r"学|做|干|任务|计划|安排|内容|什么|啥|看看|呢|吗|怎么|有|多少|几个|^(?:明天|这周|本周"
    r"|下周)$|\?"
    r"|\b(?:what|plan|show|see|do|tasks?|schedule|study|learn|work|agenda|about|look|how|on|any)\b"
    r"|^(?:tomorrow|this week|next week|week)"
)
# 清空进度: nothing does that, and a look at the progress would be no answer.
NOT_PROGRESS = words("清空|清除|重置|清零|删", "reset|clear|wipe|erase|delete")
KNOWLEDGE = words(
    zh="""
    掌握(?:得|的)?(?:情况|程度|怎么?样|如何|多少)|(?:哪些|什么)(?:概念|知识点?)我?(?:已经|比较)?(?:掌握|会了|不熟)
    (?:概念|知识)(?:点)?的?(?:雷达|掌握)|雷达图|(?:概念|知识点).{0,3}(?:还)?(?:比较)?(?:薄弱|弱|不熟|没掌握)
    """,
    en=r"""
    what (?:do|have) i (?:know|learn(?:ed|t)|master(?:ed)?)(?: so far| already| by now)?(?! (?:to|about|of|from|in|yesterday|today|this|last)\b)(?=\W*$)
    (?:which|what) (?:topics?|concepts?|areas?|parts?) (?:am i|i'?m) (?:weak|bad|shaky|worst|rusty|good|strong)|my (?:knowledge|mastery)|my weak(?:est)? (?:areas?|topics?|concepts?)|(?:show|see)(?: me)?(?: the| my)? radar|how well do i know|radar chart|which concepts (?:do|have) i (?:know|master)
    """,
)
PROGRESS = words(
    zh="""
    进度|进展|学到(?:哪|什么)|学了(?:多少|几|多久)|学了.{0,4}(?:小时|天)|做了多少|完成[率度]
    完成了?(?:多少|几)
    还[剩差有要](?:多少|多久|几[周天个])
    (?:什么|啥)时候(?:能|可以|才能)?.{0,6}(?:学完|结束|完成|毕业|做完)
    多久.{0,6}(?:学完|完成|结束|毕业)|几[号月天](?:能|可以)?(?:学完|完成)
    哪(?:天|个?月|年).{0,4}(?:学完|完成|结束)|落后|超前|掉队|[赶跟]得?不?上进度|(?<!怎么)[赶跟]得上[吗么不吧]
    来得及|来不及|连续了?(?:几|多少|打卡)|打卡了?(?:几|多少)|坚持了?(?:几|多少)
    学习(?:情况|统计|数据|时长)
    (?:小测|测验|答题|做题|复习)的?(?:成绩|结果|得分|分数|正确率)|统计|百分之几|几成|学得(?:怎么样|咋样|如何)
    """,
    en=r"""
    progress|how far|quiz (?:results?|scores?|stats)|how did i do
    my (?:weak|quiz) (?:spots?|points?|scores?)
    behind schedule|on track|streaks?|my stats|statistics|how(?:'m| am) i doing
    am i (?:behind|ahead|late|on (?:track|schedule|time)|doing|too slow|keeping up)|finish date
    how (?:many|much)(?: \w+){0,4} (?:left|done|finished|completed|remain(?:ing)?|to go)
    how long (?:until|till|will|before|do|does|is)|percent(?:age)?|far (?:along|behind|ahead)
    when (?:will|do|can|would|am|could) i (?:finish|be (?:done|finished)|complete|graduate|going to)
    i (?:studied|did|spent|worked) .{1,12}(?:hours?|minutes?|hrs?|mins?|h)
    """,
)
_CURRICULUM_EN = r"(?:curricul\w+|courses?|paths?|tracks?|programs?)"
# 轻一点: how much a week holds is the wish behind it, so that is asked.
OTHER_LOAD = words(
    zh="""
    (?:计划|任务|安排|进度|强度|量|太忙.*|太多.*|太少.*|每天|每周|这周|本周).{0,10}(?:轻松?|少|减|慢|多|放缓|加)(?:学|做|安排)?一?[点些]
    (?:减轻|降低|减少|增加|加大|放缓)(?:一?下|点)?(?:我的)?(?:计划|任务|学习)?(?:量|负担|强度|进度|任务)
    ^(?:能不能|可以|能|想|请|帮我|再|放|调|安排)*(?:轻松?|慢)一?[点些](?:吗|吧|好吗)?$
    给我(?:减负|减点|加点|加量)
    """,
    en=r"""
    (?:make|keep) (?:it|this|that|(?:the|my) \w+) (?:a (?:bit|little) )?(?:lighter|slower|smaller)
    (?:make|keep) (?:it|this|that|(?:the|my) \w+) (?:a (?:bit|little) )?(?:easier on me|heavier)
    lighter (?:plan|week|load|schedule|pace)
    (?:reduce|lighten|cut(?: down)?|lower|increase) (?:the |my )?(?:load|workload|plan|pace|amount)
    (?:fewer|less|more) (?:tasks|work)(?: (?:a|per|every|each) (?:day|week))
    slow(?:er)? (?:it )?down|a slower pace
    """,
)
CURRICULA = words(
    zh="""
    都?有(?:哪些|什么|啥|哪?几[条个])(?:学习)?(?:路线|课程|路径|方向)
    (?:路线|课程|路径)(?:列表|有[哪什啥几]|可选|都有)
    (?:换|更换|改|切换|选)一?[条个]?(?:学习)?(?:路线|课程|计划|路径)
    (?:推荐|其他|别的|其它|适合我).{0,6}(?:路线|路径)
    [哪那][条个].{0,6}(?:路线|课程|路径)|选(?:哪|什么)[条个]?(?:路线|课)|退出(?:路线|课程)
    """,
    en=rf"""
    (?:list|show|see|view)(?: me)?(?: \w+){{0,2}} (?:curricul\w+|courses|paths|tracks|programs)
    (?:which|what)(?: \w+){{0,2}} {_CURRICULUM_EN}
    (?:change|switch|another|different|other|leave|quit)(?: \w+){{0,2}} {_CURRICULUM_EN}
    (?:recommend|suggest)(?: \w+){{0,3}} (?:curricul\w+|path|track)|^(?:curricul\w+|courses)$
    """,
)
TODAY = words(
    zh="""
    今[天日晚儿].{0,8}(?:学|任务|计划|安排|内容|什么|啥|有|怎么|干|做)|^今[天日儿][呢的]?$
    今天只有|今天[只就]能?学
    ^(?:看看?|查看|打开|显示|我的|给我看看?)?(?:学习)?(?:任务|计划|安排|日程)(?:列表|表|单|呢|吧)?$
    学习任务
    (?:接下来|下一步|现在).{0,6}(?:学|做|干|任务|什么|啥|呢)|还有(?:什么|啥|哪些|几个).{0,4}[没做任]
    还[剩差](?:什么|啥|哪|几个)|剩[下余]?(?:的|哪|什么|啥|几|多少)?(?:任务)?$|没做(?:的|完的)?[有是]
    """,
    en=r"""
    today'?s (?!too)\w+|^today(?=$)|^tonight(?=$)|agenda
    what(?:'s| is|s)? (?:next|left|on|remaining|up next|(?:the|my) (?:plan|next|(?:next )?tasks?))
    ^(?:(?:show|see|me|my|the) )*(?:plan|tasks?|schedule|to-?dos?)(?: please| pls| list)?(?=$)
    ^(?:(?:show|see|me|my|the) )*next(?: tasks?| one)?(?: please| pls| list)?(?=$)
    ^(?:continue|go on|go|carry on|let'?s (?:go|continue))(?: please| pls)?(?=$)
    what (?:should|do|shall|can|must|am) i (?:do|study|learn|work on|(?:need|have|supposed) to|have)
    (?:whats?|which|show|plan|study|learn|do|tasks?|start).*(?:today|tonight)|start today
    (?:remaining|unfinished|open|pending) tasks?
    (?:only|just|i have|i've|have)(?: only| just| got| have)* \d+ ?min\w*(?: \w+)* today
    which (?:task|one) (?:first|next|should)
    """,
)
# 学完 LoRA 学什么: what follows one thing is no question about today.
NOT_GO_ON = pattern(
    r"[学看做读]完\s*(?!今天|任务|了|这|[,。后之以])\S.*(?:学|做|看)(?:些|点)?(?:什么|啥|哪)"
)
GO_ON = words(
    zh="""
    ^(?:继续|下一[个步项]|接着来?|go)(?:吧|呢|学习?|任务|啊|了)*$
    [该要先](?:学|做|干)(?:点|些|哪|什么|啥)|先做哪
    做(?:什么|啥|哪个)|学[点些]?(?:什么|啥)|落下|欠了|补[上回课]|任务.{0,4}[是有](?:什么|啥|哪)
    (?:好?几|多)天没[学来做]
    """,
    en=r"""
    missed (?:some|a few|several|\w+) days?|catch up|fell behind|where (?:was|were|did) (?:i|we)
    """,
)
CURRICULUM_NAMES = {
    id: pattern(name)
    for id, name in {
        "starter-30": r"starter-?30|30\s*天(?!后|内|之后)|三十天(?!后|内)|启动计划|\bstarter plan\b"
        r"|30[- ]days?\b(?=.*(?:plan|starter))",
        "career-24w": r"career-?24w?|24\s*周|二十四周|\b24[- ]weeks?\b|求职路线"
        r"|\bcareer (?:plan|path|curriculum|track)\b",
        "engineer-28w": r"engineer-?28w?|28\s*周|二十八周|\b28[- ]weeks?\b",
        "ai-30w": r"ai-?30w|30\s*周|三十周|\b30[- ]weeks?\b",
        "llm-paths": r"llm-?paths?|\bllm paths?\b",
        "nine-stages": r"nine-?stages|九[大个]?阶段|9\s*个?阶段|\bnine stages\b",
    }.items()
}
START = words(
    zh="""
    开始|报名|加入|参加|[想要来就]学|学习?(?=\\s*(?:starter|career|engineer|ai-|llm-|nine))
    换[到成]|切换到?|选|改学|一起学|也学|还想|也想|同时学|再学|加上
    """,
    en="""
    start|begin|join|enroll?|sign (?:me )?up|switch(?: me)?(?: over)? to|follow|take|choose|pick|i want|also want
    want to (?:learn|study)|add
    """,
)
START_ALONE = pattern(
    r"^我?(?:想|要|现在|今天|可以|那就|那)*开始(?:学习?|吧|了|啊|啦|报名)*$|^我?[想要]?(?:报名"
    r"|入学)(?:吧|学习)?$"
    r"|^(?:let'?s |i want to |i'd like to |ok )*(?:start|begin|get started|sign me up|enroll?)"
    r"(?: (?:learning|studying|now|please))*$"
)
NOT_START = words(
    "别|不要|不想|不学|没|未|退[出掉了]|放弃|停|取消",
    "not|don'?t|never|quit|stop|leave|drop|cancel|unenroll?|finished",
)
