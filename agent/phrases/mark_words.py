"""The words by which a clause reports a task as done, put off, blocked, or marked by mistake."""

from agent.phrases.spelling import pattern, words

# Stands for a day in a text from which it was taken.
DAY = "·"
WORK = "做搞弄整写看读学刷跑练敲听背干啃肝补抄改画测"
FINISH = rf"""
    (?:[{WORK}过]|复现|实现|配置?|装|调|搭|部署)(?:完(?!整)|通)(?:成|了|啦|咯|喽)*
    (?:[{WORK}]|装|配置?|调|搭|部署)好(?:了|啦|咯)
    [做写跑搞弄解]出来(?:了|啦)|搞定(?:了|啦)?|拿下(?:了|啦)?|完成(?:了|啦|咯)?|完事儿?(?:了|啦)?
    完工(?:了|啦)?
    (?:今日|每日)?打卡|[✅☑✔√]
"""
DONE = words(
    zh=rf"""
    (?:标记?|勾|记|算|设)(?:一下)?(?:为|成|上|作)?(?:已|是)?完成了?|打个?[勾钩]|勾掉|划掉了?
    {FINISH}
    """,
    en=r"""
    (?:mark|tick|check|cross)(?=.*\b(?:done|complete[d]?|finished|off)\b)|(?:tick|check)(?:ed)? off
    (?:finish|done|complete)(?=\s*[了掉])|tick (?=#?\d|the|number)
    (?:done|doen|finished|completed|wrapped up|knocked out|nailed)(?: with)?
    (?<=\d )complete(?=$)|(?<=\d )ok(?!ay)|(?:is|are|all) complete(?=$)
    i(?:'ve| have)? (?:just )?solved
    i(?:'ve|ve| have) (?:just |finally |already )?(?:done|read|watched|written|built|implemented)
    ^(?:(?:so|ok|okay|and|yes|yep|hey|just|well|i|we)[, ]+)*did(?= )
    """,
)
# 完了 by itself is a cry; beside a number it reports.
ENDED = pattern(
    rf"(?:完|结束|提交|交|[{WORK}])了(?:啦|哈|呀|吧)?$|(?:好了|ok了?|搞掂了?)(?:啦|咯)?$"
    rf"|^(?:我|已经|今天)*[{WORK}]了"
)
ALL_ENDED = pattern(
    rf"^(?:我们?|今天|任务|已经|[两二三四五2-5]个|的|\s)*(?:全部?|都|全都)(?:已经)?[{WORK}]了(?:啦"
    rf"|哈|呀)?$"
)
NOT_QUITE = words(
    zh=rf"""
    (?<!不)(?:要(?!求|点)|想|打算|准备|争取|希望|计划|尽量|必须|需要|会(?!议)|能(?!力))
    (?<!很)(?<!飞)快要?(?=[{WORK}完好结搞]|ok)|马上|即将|就差|差一?点|差不多|几乎|基本|大概|大致
    应该|可能|也许|好像|似乎|本来|原本|早该|状态|目标|让我|记得|为了|继续|赶紧|抓紧|加油
    (?:先|开始)(?=[{WORK}完])|一些|一点|前半|大半|小半|大部分|一半|一部分|部分完成|正在|在做|还在
    待完成|完成[度率]|完成(?:情况|的任务|时间|标准|条件)|已完成的|完成到
    [帮替给][我忙](?!.{{0,14}}[标勾划打])|\d\s*%|百分之|几成|做不完|还早|离.{{0,4}}完成
    """,
    en=r"""
    if|let'?s|^say|^type|tell|i'd|would've|could've|should've|will|i'll|ill|we'll|going to|gonna
    want|wanna|hope|plan(?:ning)?|try(?:ing)?|almost|nearly
    about to|soon|half(?!\s+(?:an )?hour)|halfway|part(?:ly|ially|s)?|\d\s*/\s*\d|mostly|should
    might|may|maybe
    (?:pretty|not|quite) sure|says|shows?|showing
    probably|need(?:s|ed)? to|have to|has to|must|would|could|supposed|to be done|think|guess|wish
    let me|working on
    get(?:ting)? (?:it|this|that|them) (?:all )?done|get done
    well done|done for(?! (?:today|the day|now))|over and done
    far from|\d+\s*% (?=done|complete|finished)
    (?:model|training|job|script|build|download|run)s? (?:is|are|has|have|just) (?=done|finished)
    """,
)
INNOCENT = words("想法|主要|重要|摘要|纲要|需求|思想|理想|可能性|机会|社会|功能|性能|智能|能力")
AHEAD = words(
    "明天|后天|下周|下个?月|今晚(?!.*了)|待会", "tomorrow|tonight(?=$)|next (?:week|month)"
)
COMMANDS_TO_ONESELF = pattern(r"^(?:finish|complete)\b")
NOT_YET = words("还?没有?|不", r"not|isn'?t|haven'?t|didn'?t|yet")
QUOTED = pattern(rf"[\"“”「『]\s*(?:{DONE.pattern})\s*[\"”」』]")
# A finished training is no finished task.
RUNS_BY_ITSELF = pattern(
    r"^(?:模型|训练|程序|脚本|代码|实验|下载|编译|(?:the |my )?(?:model|training|script|code"
    r"|job|build))$"
)
WITHOUT_LE = pattern(rf"[{WORK}过](?:完|通)|完成")
WITH_RESULT = pattern(r"\bwith (?=.*\d)(?!task|number|#|the |\d+(?![.\d]|\s*%)|both|all)")
LATER = words(
    zh=rf"""
    跳过|跳[了掉](?=吧|$)|略过|推迟|延后|延期|推后|顺延|缓一?缓|先放一?(?:放|着|一边|下)?|暂时?放
    往后[推挪放延移]+
    (?:推|挪|移|放|改|延|留|拖|顺延|推迟|延后|延期|推后|安排|换)(?:到|至|在|去|成)?(?=\s*{DAY})
    改天|回头再|以后再|(?:今天|今晚|今日)(?:先|就)?不[{WORK}]了?|先不[{WORK}]
    (?:晚点|稍后)再?(?=[{WORK}])
    """,
    en=rf"""
    skip(?:ping|ped)?|postpone|postponing|delay|defer|reschedule
    put(?:ting)? (?:it |this |that )?off
    (?:push|move|shift|bump|leave|save|put)(?=.*(?:{DAY}|\b(?:off|back|later)\b))
    (?:do|tackle|take|start|get to|come back to|revisit|continue)(?=.*\b(?:later|another day))
    (?:another|some other) (?:day|time)|not today|later
    """,
)
WORD_FOR_WORK = pattern(
    rf"(?:再|继续|接着|来)?[{WORK}](?:吧|了)?|再说|再来|继续|接着来|吧"
    r"|\b(?:do|tackle|take|start|continue|get to|read|watch|for|on)\b"
)
AROUND_A_DAY = pattern(
    rf"{DAY}|(?:再|继续|接着|来)[{WORK}]?|[{WORK}]$|过(?=\s)|等到?|到|吧|"
    r"^\s*(?:i'?ll |i will |let's |let me |i'm going to )?"
    r"(?:do|tackle|take|start|continue|get to)\b|\b(?:instead|on|by|to|until|till|for|back)\b"
)
HEDGES = words(
    "可能|也许|或许|考虑|犹豫|在想|估计|觉得",
    r"maybe|might|perhaps|probably|considering|thinking (?:of|about)|i (?:think|guess)",
)
NOT_LATER = words(
    zh="""
    (?:别|不要|不用|不想|不必|不许|不能|勿|甭|没|不)(?:给我|再|把.{0,8})?(?:跳|略过|推|延|挪|往后|改到|顺延)
    一半|待会|一会|等会|(?:今晚|下午)(?=[做学弄看搞写刷读再])
    """,
    en=r"""
    (?:do not|never|not|cannot|(?:do|wo|did|ca)n'?t)(?:\s\w+){0,2}\s+(?:skip|postpone|push|move)
    (?:do not|never|not|cannot|(?:do|wo|did|ca)n'?t)(?:\s\w+){0,2}\s+(?:delay|defer|put)
    pushed|moved|delayed
    code|commits?|github|repo|branch|docker|hub|connections?|merge
    """,
)
# Words that sound like marks and name something else: skip connections, problems that failed.
NO_MARK = words(
    en=r"""
    skip[- ]connections?|skip[- ]grams?|later layers?
    (?:failed|gave up)(?: on| at)? (?:the )?(?:leet ?code )?problems? \d+
    """
)
OF_PUSHES = words(
    "提醒|推送|打卡(?:时间|改|提)|时区|语言|设置|通知|计划改|消息",
    r"remind(?:ers?)?|notif\w*|messages?|check-?ins?|time ?zone",
)
ONLY_LATER = pattern(
    r"^(?:(?:ok|okay|maybe|no|sorry)[, ]*)*(?:(?:i'?ll |i will |let's )?do (?:it|this"
    r"|that) )?later[.! ]*$"
)
SMALL_TALK = pattern(r"^(?:再说|聊|说|谈|见|talk|see you|you|speak)")
LENGTH = pattern(
    r"(?:by |for |in )?(?:\d+|[一二两三四五六七八九十半]+|an?|one|two|three)\s*个?"
    r"(?:天|周|星期|礼拜|月|days?|weeks?|months?)"
)
STUCK = words(
    zh="""
    被?(?<![打刷过])卡(?:住|在|着|了|壳|到|死)了?|[做写跑解弄](?:不出来|不下去|不动|不起来|不通)
    搞不(?:定|出来)
    不会[做写]|没有?(?:思路|头绪)|装不上|遇到了?[点些]?(?:问题|困难|麻烦)了?
    """,
    en=r"""
    (?:i'm |im |i am |got |get |am |is |still |totally |completely )*(?:stuck|blocked|struggling)
    having (?:some )?(?:trouble|problems)|have (?:some )?trouble
    (?:can'?t|cannot|can not|unable to) (?:figure|get|solve|do|make|work)(?: out)?
    """,
)
HARD = words(
    zh="太难了?|好难|有点难|看不懂|没看懂|不懂|没思路|不会做?(?=$)",
    en=r"""
    (?:is |are |seems? )?(?:too|so|really|very) (?:hard|difficult|tough)(?: for me)?
    i (?:don'?t|do not) (?:understand|get)
    """,
)
# Told as it is: the words themselves are the note.
TROUBLE = words(
    "报错|出错|跑不[起了通]",
    r"errors? out|(?:doesn'?t|does not|won'?t|not) (?:work|run|compile)(?:ing)?",
)
# Trouble that is told without a task, in a clause of its own.
BARE_TROUBLE = pattern(
    r"^(?:我的?|这个|这里|代码|程序|脚本|运行时?|跑|又|还是|一直|老是|总是|就|还|仍然)*(?:报错"
    r"|出错)"
    r"(?:误|了|啦)*(?:$|[\s:].*|[a-z].*)"
    r"|^(?:我|还是|又|完全|真的|有点|实在|一直)*(?:看不懂|没看懂|看不明白)(?:了|啊|呀|唉)*$"
    r"|^(?:it|this|that|(?:the |my )?(?:code|script|program|demo))(?: is|'s)? "
    r"(?:still |just |also )?(?:(?:does|is)n'?t|does not|won'?t|not) "
    r"(?:work|run|compile)(?:ing)?(?: at all)?$"
)
NOT_STUCK = words(
    "没有?再?被?卡|不再?卡|不会再?卡|昨天|之前|以前|曾",
    r"was|were|used to|yesterday|earlier|(?:not|\w+n't|never|no longer"
    r"|hardly)(?:\s\w+){0,2}\s(?:stuck|blocked)|unstuck",
)
AT = pattern(
    r"^(?:在|到)|^(?:on|at|with|in|by|because of|understanding)\b"
    r"|(?:这里|这儿|这一?步|这块|那里|上面?|了|中|这)+$|\s*\b(?:to work|in|of|for|on|at|with)$"
)
PLACE = pattern(r"^(?:我|就|又|还是)*在(?P<place>.+)$")
CRY = words("求助|救命|怎么办", r"help(?: me)?|please|pls|i'?m|totall?y|completely|still|w")
NUMBERED = pattern(
    r"第.{1,3}?[个项条题道]?(?:任务)?的?|\b(?:tasks?|number|no\.?)\s*#?\d\b|#\d"
    r"|\bthe (?:first|second|third) (?:one|task)\b|^\s*(?:on|at|with)\b|(?<=\s)\d(?=\s|$)"
)
UNDO = words(
    zh="""
    [点按标勾]错了?|手滑了?|误[点触标]|撤[销回消](?:一下|掉)?|反悔|标.{0,4}[未没]完成
    取消(?:刚才|上一|标记|打卡|完成|.{0,8}(?:完成|标记|打卡))
    不小心.{0,8}[点标按勾](?:了|成|完成|为)*
    """,
    en=r"""
    undo|un(?:mark|check|tick)(?:ed)?|take (?:it|that|this) back|wrong (?:one|task|button)
    (?:marked|tapped|clicked|ticked|pressed|hit).*(?:mistake|accident)|by (?:mistake|accident)
    mis-?(?:click|tap)(?:ped|ed)?|(?:clicked|tapped|pressed|hit) (?:on )?the wrong
    didn'?t mean to (?:mark|tick|check|finish)|mark.*(?:not done|undone|incomplete|unfinished)
    revert(?=$| (?:task|that|it|the|#?\d))
    """,
)
NOT_UNDO = words(
    "(?:别|不要|不用|不必|没)(?:.{0,2})(?:撤|取消|点错|标错)",
    r"(?:don'?t|do not|no need to|never|not)(?:\s\w+){0,2}\s(?:undo|unmark|revert|take)",
)
DELETE = words("删[掉除了]|去掉|移除", "delete|remove|drop|get rid of|cancel")
TOUCHED = pattern(
    rf"[{WORK}推挪移]|\b(?:do|doing|did|finish|complete|start|work|working|push|move|shift|bump)\b"
)
