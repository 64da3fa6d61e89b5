"""Sentences that no tool answers: greetings, thanks, weariness, other matters, work for a model."""

from agent.phrases.spelling import pattern, words

_FILLER = (
    r"(?:[\s,.!?~:^_、呀啊哈呢哦啦吧哇了的喔]|你|您|导师|老师|大家"
    r"|mentor|there|everyone|again|all)"
)
_FILLERS = rf"{_FILLER}*"
_HELLO = (
    r"你好|您好|哈[喽啰罗]|嗨+|在[吗么不]?|早(?:上好|安)?|上午好|中午好|下午好|晚上好"
    r"|hi+|hello+|hallo|hey+|yo|sup|good (?:morning|afternoon|evening)|morning|greetings"
    r"|what'?s up|are you there"
    r"|how are you(?: doing)?(?: today)?"
)
GREETING = pattern(rf"^{_FILLERS}(?:{_HELLO})(?:{_FILLERS}(?:{_HELLO}))?{_FILLERS}$")
_THANK = (
    r"晚安|再见|拜拜|明天见|回头见|good ?night|bye(?:[ -]?bye)?|good ?bye"
    r"|see (?:you|ya)(?: later| tomorrow| soon)?|"
    r"谢+|感谢|感激|辛苦了?|多谢|3q|thx|thank(?:s| you)?|ty|tysm|cheers|appreciate it|好的?"
    r"|好嘞|行|收到"
    r"|明白了?|知道了?|了解|懂了|没事了?|没问题|嗯+|棒|厉害|牛|太好了|太棒了|不错|真棒|👍|🙏|❤️?"
    r"|ok(?:ay)?|k|got it|understood|i see|sure|cool|great|nice|awesome|perfect|well done|good job"
)
THANKS = pattern(
    rf"^{_FILLERS}(?:太|非常|十分|多|好|真的?)*(?:{_THANK})"
    rf"(?:帮忙|帮助|so much|very much|a lot|a ton|for .{{0,30}}|man|mate|bro|{_THANK}|{_FILLER})*+$"
)
_TAIL = r"[了啊吧呀的。.,!！~ ]*"
_YES = r"ok(?:ay)?|yes|yep|yeah|sure|fine|好的?|嗯+|是的?|对的?|行|可以"
AGREES = pattern(
    rf"^(?:(?:{_YES}|yes,? please|please do|go ahead|do it|确定|确认|没问题|就这样|休息){_TAIL})+$"
)
# Nothing but a yes, which shows no work.
IS_BARE_YES = pattern(rf"^(?:{_YES}|done|有的?){_TAIL}$")
NEVER_MIND = pattern(
    rf"^{_FILLERS}(?:算了[,，]?\s*)?(?:forget (?:about )?(?:it|that)|never ?mind|nvm|当我没[说问]|没事儿?|不用了|不用管(?:它|了)?"
    rf"|(?:我)?说错了|打错了|发错了|wrong chat|my mistake|ignore (?:that|me|this)){_FILLERS}$"
)
TIRED = words(
    zh="""
    (?<![劳积])累(?![积加计])|疲惫|疲倦|太难了|好难|难死|学不(?:动|会|下去|进去|懂)|坚持不|撑不
    跟不上|受不了
    想放弃|不想(?:学|坚持)|放弃[了算]|不学了|白学|拖延|压力.{0,2}大|焦虑|崩溃|迷茫|沮丧|挫败|绝望
    自我怀疑
    生病|病[了倒]|感冒|发烧|不舒服|今[天晚日](?:实在|真的?|也|都)?没(?:有)?空
    没有?(?:动力|信心|精力|状态)|没时间(?=学|了|做|$)|太[笨蠢]|[好很]笨|好烦|烦死|头大|太多了
    我(?:是不是)?(?:不行|不适合|学不会)|不适合[学我做]
    """,
    en=r"""
    tired|exhausted|overwhelmed|burn(?:ed|t)? ?out|give up|giving up|quit(?:ting)?|stressed|anxious
    too (?:hard|much|difficult|dumb|stupid|old)|so (?:dumb|stupid|hard)|discouraged|frustrat\w+
    hopeless|demotivated|unmotivated|(?:no|lost|lack of) motivation|depressed|no time|imposter
    i'?m (?:dumb|stupid|an idiot|lost)|i feel (?:\w+ )?(?:stupid|dumb|lost|useless|down|bad|like)
    (?:i'?m|i am|feel(?:ing)?|got|am) (?:so |really |a bit |quite )?(?:sick|ill|unwell)|sick today
    (?:have|got|caught) a (?:cold|fever|flu)
    can'?t (?:do this|keep up|go on|anymore)|not (?:good|smart) enough
    """,
)
DOUBT = words(
    zh="""
    (?:是不是|会不会|觉得|感觉|我|真的?)(?:自己|我)?(?:真的?|好|很|太)?(?:[笨蠢傻]|没天赋|没脑子|没救)|智商不够|脑子(?:不好|不够|笨)
    [太好很][笨蠢]|(?:我|自己)(?:是不是|真的?|可能|根本|就是)*(?:不适合|不配|学不会|学不好|不行|不是这块料)|我配吗|(?:没有?|缺)(?:这个?)?天赋
    不是(?:学)?这(?:块)?料|(?:我|是不是)(?:太|已经太)?(?:老了|慢了|太慢)|学得(?:太|好|真|比别人)慢|(?:年纪|岁数)大了.{0,6}(?:脑子|记不住|学不)
    冒牌货|冒名顶替|骗子一样|(?:别人|同事|同学|大家|他们)都?(?:比我|那么|这么)(?:强|快|厉害|聪明|好)|自卑|(?:不如|比不上)(?:别人|同事|同学|他们)
    (?:我)?(?:真的?)?(?:能|会|可以)?学得会吗|怀疑自己|选错了?方向|白学(?:了|一场)?[吧吗?]|我(?:到底)?能不能坚持|怎么(?:就是|老是|总)?学不会
    """,
    en=r"""
    (?:i'?m|i am|am i|i feel|feeling)(?: \w+){0,2} (?:stupid|dumb|slow|an idiot|too old|a fraud)
    (?:too|so) (?:stupid|dumb|slow|old) (?:for|to)|im?post[eo]r|not cut out for|no talent
    (?:everyone|everybody|others|they)(?: \w+){0,3} (?:better|faster|smarter) than me
    (?:don'?t|do not|do i even) (?:have (?:the|any) talent|belong here)|not (?:smart|good) enough
    can i (?:really|even|ever) (?:learn|do) (?:this|it)|doubt(?:ing)? myself
    will i ever (?:get|understand|learn|be)|i(?:'?ll| will) never (?:get|understand|learn|be able)
    """,
)
_OTHER_LANGUAGES = (
    "(?:日本|韩国|西班牙|葡萄牙|意大利|阿拉伯|越南|[日韩法德俄泰粤])[语語]|[日韩法德俄泰]文"
)
_OTHER_LANGUAGES_EN = (
    "(?:japanese|korean|french|german|russian|spanish|portuguese|italian|arabic|thai|vietnamese"
    "|hindi|turkish|cantonese)"
)
_TURNS_TO = r"(?:请|你|能|会|可以|以后|我想|改?用|说|讲|换[成到]?|切换[成到为]?|改[成为]|跟我|\s)*"
_TURNED = r"(?:吧|回[答复]我?|交流|聊|和我|跟我|说|好吗|吗|\s)*"
OUT_OF_SCOPE = words(
    zh=rf"""
    天气|下雨|气温|股票|股市|基金|炒股|彩票|比特币|币圈|笑话|段子|新闻|热搜|星座|算命|运势|八卦
    吃[什啥]|外卖
    菜谱|做饭|电影|电视剧|综艺|唱.{0, 2}歌|讲个?故事|谈恋爱|女朋友|男朋友|打游戏|世界杯|足球|篮球
    写一?首?诗|作文
    ^{_TURNS_TO}(?:{_OTHER_LANGUAGES}){_TURNED}[?.。!]*$
    现在几点|几点了|今天是?(?:几号|星期几|周几)|订(?:票|餐|酒店)|打车|快递
    """,
    en=rf"""
    weather|forecast|(?:will|does) it (?:rain|snow)|(?:rain|snow)(?:y|ing)?(?= (?:today|tomorrow|tonight|in))|stocks?|bitcoin|crypto\w*|lottery|jokes?|horoscope|news|recipes?|movies?
    football|soccer|basketball|poems?|restaurants?|pizza|(?<!in-)flights?|hotels?|girlfriend|boyfriend
    (?:speak|talk|reply|respond|answer|switch|change)(?: \w+){{0,3}}? {_OTHER_LANGUAGES_EN}
    ^(?:in )?{_OTHER_LANGUAGES_EN}(?: please| pls)?(?=$)
    politics|president|sing|song|lyrics|video games?|tell me a story
    what(?:'s| is) the (?:time|date)|what time is it|what day is it
    """,
)
_SOMETHING = r"(?:(?:me|us|for|my|this|the|an?|some) )+(?!plan|schedule|task)\w+"
NEEDS_MODEL = words(
    zh="""
    翻译|译成|翻[成一]|代写|润色|总结一?下
    [帮给替]我?(?:写|改|实现|做|敲|生成|debug|调试|解决|总结)(?!.{0,6}(?:计划|任务|设置))
    写(?:一?[个段份篇])?.{0,20}(?:代码|函数|脚本|程序|算法|排序|类|文章|总结|简历|报告|邮件|sql|正则|爬虫)
    """,
    en=rf"""
    translat\w+|help me (?:write|code|debug|fix|implement|with (?:my|this|the) (?:code|bug|error))
    (?:write|code|implement|generate|build|create|make) {_SOMETHING}
    (?:fix|debug|refactor|summari[sz]e|rewrite|draft) {_SOMETHING}
    """,
)
MISTAKES = words("错题", r"(?:my|the) (?:mistakes|wrong answers)")
IN_GROUPS = words(
    zh="学习小组|小组|[建拉]个?群|群里|学习小队|组队|排行榜|排名|抢答|每日一题",
    en="study group|group chat|leader ?board|ranking|battle|daily question",
)
EVERY_DAY = words(
    zh="(?:每天|每日|天天).{0,8}(?:考考?我|测我|小测|测验|出题|一题|几道题)",
    en=r"daily quiz|(?:quiz|test) me (?:\w+ ){0,4}?(?:every ?day|each day|daily)",
)
TAKEN_ALONG = words(
    zh="导出.{0,10}(?:计划|进度|路线|笔记|聊天|pdf|markdown|json)|(?:计划|进度|路线|笔记|聊天).{0,6}导出",
    en=r"export(?: \w+){0,4} (?:plan|progress|schedule|notes|history|chats?|pdf|markdown|json)",
)
CLEARED = words("清空我的")
JOINED = words("绑定(?!.{0,4}(?:数据|函数|事件|变量|端口))")
HELP = pattern(
    r"^(?:帮助|求助|帮帮我|help(?: me)?(?: please| pls)?|\?+|菜单|功能|指令|命令|救命|menu"
    r"|commands?|usage)[!?.。]*$"
    r"|你都?(?:能|可以|会)(?:帮我)?(?:做|干)?[些点]?(?:什么|啥|嘛|哪些)|有(?:什么|啥|哪些)功能"
    r"|怎么玩"
    r"|怎么使?用(?:啊|你|这个|呢|$|它|本|\?)|(?:使用|操作)(?:说明|方法|指南)|你叫(?:什么|啥)"
    r"|你是(?:不是)?个?(?:谁|什么|干|做|啥|机器人|ai|真?人)"
    r"|\b(?:what (?:can|do) (?:you|u) do|(?:what|who) are you|what else can you do"
    r"|how to use (?:this|you)"
    r"|how (?:do|can|does) (?:i use (?:this|you|it)|(?:this|it|you) work)|what are the commands"
    r"|list (?:of )?commands|are you (?:an? )?(?:bot|robot|human|ai|real|person))\b"
)
EXPLAINS_OR_FINDS = pattern(
    r"^(?:那|你|请|再|先|快|麻烦|顺便|另外|and |also |please |pls |so |ok |hey )*(?:帮我|给我"
    r"|跟我)?"
    r"(?:什么是|啥是|什么叫|啥叫|何谓|讲讲|讲一?下|讲解|解释|介绍|说说|科普|聊聊|推荐|找|搜"
    r"|查一?下|来点"
    r"|remind me (?:what|how|why)\b"
    r"|what(?:'s| is| are|s) (?!left|next|my|the plan|up\b|on\b)|explain|define|describe|teach me"
    r"|tell me (?:more )?about|recommend|suggest|find(?: me)?|search(?: for)?|look up|where can i"
    r"|any (?:good )?(?:papers?|books?|articles?|videos?|tutorials?|resources?))"
)
PLAYS = words(
    "笑话|考考?我|[测抽]查?[测验试]?(?:一?下)?我|提问我|面试我|翻译",
    r"quiz|jokes?|translat\w+|(?:test|examine|interview) me",
)
WHY_OR_HOW = words("为什么|为啥|为何|怎么(?!办|样)|如何", "why|how")
HOW_TO = words("怎么(?!办|样)|如何|怎样", "how (?:do|can|to|should|would)")
OPENS_TASK = pattern(
    r"^(?:请|帮我|给我|再|我想)*(?:怎么做|如何做|详细(?:说说|讲讲|看看|讲|说)?|说说|讲讲|打开|展开"
    r"|看看?)第.{1,3}$"
    r"|^第.{1,3}[个项条](?:任务)?(?:该|要|应该)?(?:怎么做|如何做|的?(?:详情|步骤|细节|说明))$"
    r"|^(?:details?|steps?|more)(?: of| on| about| for)? (?:task|number|no\.?|the|#)|^(?:show"
    r"|open) (?:me )?task #?\d$"
    r"|^how (?:to|do i|can i|should i) (?:do|solve|start|approach|tackle) (?:task|number|the|#)"
)
BARE_HOW_TO = pattern(r"^how to (?P<number>\d)\??$")
