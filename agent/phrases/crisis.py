"""Words of somebody who may hurt themselves: heard before anything else is made of a message.

Missing one is worse than hearing one too many, so whoever speaks of dying is taken at their word,
unless the words are a common figure of speech or a term of computing.
"""

import re

from agent.phrases.spelling import plain, words

# Characters of these words that the common table of traditional ones leaves out.
_TRADITIONAL = str.maketrans("殺傷結輕離遺殘樓絕藥橋贅煩寫夠膩", "杀伤结轻离遗残楼绝药桥赘烦写够腻")
_BETWEEN_CHARACTERS = re.compile(r"(?<=[\u4e00-\u9fff])[\s·.*_-]+(?=[\u4e00-\u9fff])")

_THINGS = (
    "公司|项目|产品|行业|岗位|进程|线程|程序|容器|服务|企业|小厂|模型|社区|团队|节点|连接|会话|pod"
)
_HARD_WORK = "[困热冷饿渴笑尬忙卡堵吵写改调学看刷背跑做推算装配馋]"
# Taken out first: what sounds alike and means something else.
_FIGURES_OF_SPEECH = words(
    zh=rf"""
    (?:{_HARD_WORK}|bug)[得的到](?:我|人|都|真的?|快|就|有点|简直|也)*(?:想死|生不如死)
    想死(?:[记磕扛撑锁机心守盯扣抠板区你]|循环|代码|[她他它]们?了|我[了啦]|了[这那]条心)
    [理思梦联构设猜幻]想死|不想死|不想活[动泼跃用络]
    (?:{_THINGS})[^,，。.!?]{{0,6}}(?:活不[下了]|想死|不想活|活着)
    自杀(?:式|小队|进程|脚本|开关|率|未遂率|的?(?:新闻|报道|统计|论文|语料|帖子))
    自杀(?:者|(?:倾向|风险|意念|意图|言论))?的?(?:检测|识别|预测|分类|预防|干预)
    自杀(?:者|(?:倾向|风险|意念|意图|言论))?的?(?:文本|数据|语料|样本|标注|研究|模型|帖子)
    跳楼(?:价|机|大?甩卖|促销)
    (?:删|重装|重启|格式化|重写|卸载)[^,，。!?]{{0,6}}一了百了
    不想(?:再)?醒来?(?:上班|上课|早起|加班|学习|刷题|干活)
    消失(?:一[阵段周天下个会]|[几两三]天|梯度|的(?:梯度|像素|按钮|文件))
    伤害自己的(?:眼睛|颈椎|身体|信用|利益|代码|腰)
    """,
    en=r"""
    (?:die|dying) (?:laughing|on (?:this|that|the) hill|of (?:laughter|boredom|embarrassment))
    suicid(?:e|al)(?:[- ](?:ideation|risk|intent|related|post|text)s?)?[- ](?:detect|predict)\w*
    suicid(?:e|al)(?:[- ](?:ideation|risk|intent|related|post|text)s?)?[- ](?:classif|prevent)\w*
    suicid(?:e|al)(?:[- ](?:ideation|risk|note)s?)?[- ](?:dataset|data|corpus|rate|tweet|research)s?
    suicide (?:burn|squad|squeeze|mission|vest|cable|linux|clutch|awareness|statistics)s?
    (?:not|never|n'?t) (?:want to|wanna|wish to) die|(?:kill|hurt|harm)ing me
    (?:do not|don'?t) (?:kill|hurt|harm) (?:yourself|urself)
    (?:process|server|script|thread|job|container|pod|daemon|app|kernel|gpu|laptop|model)(?:es|s)?(?: \w+){0,2} wants? to die
    (?:hurt|cut) myself (?:at|in|while|during|shaving|on (?:paper|a|the)|some slack|off|short)
    cut myself a (?:break|piece|slice)|cutting myself (?:some slack|off|short)
    overdos\w+ (?:of|on) (?:caffeine|coffee|papers|tutorials|information|math\w*|sugar|memes)
    """,
)

_SELF = "(?:我|自己|我自己)"
_VERY = "(?:真的?|好|也|都|就|还|已经|实在|太|很|简直|再也|一点|到底|究竟|对我来说)*"
_NO_SENSE = "没(?:有)?(?:什么|啥|任何|一点)?(?:意思|意义|劲|盼头|希望|价值|奔头)"
_OFTEN = "(?:好|真|很|就|只|太|都|又|也|还|老是?|总是?|一直|经常|每天|有点|突然|着|要)*"
_CHINESE = rf"""
    自杀|想?紫砂了|想紫砂|轻生|寻死|寻短见|自尽|自我了断|割腕|割手腕|上吊|烧炭自|自残|自伤
    [吃吞喝][了下]?(?:一整?[瓶把盒板]|好多|很多|过量的?)(?:安眠药|药|农药)|喝农药|[想要]吞药|在乎我的死活|永远离开$|站在(?:天台|楼顶)
    跳楼|[想要去](?:跳[河江桥海崖轨]|卧轨|撞车)
    伤害[了到]?{_SELF}(?!的)|弄伤自己|割伤?自己|用?刀[划割]自己
    {_OFTEN}想(?:要|着)?(?:去|快点|早点|赶紧|一起)?死
    (?:[想要不]如?|宁愿|宁可|就|该|不如)去死|还?不如死|一死了之|但求一死|求死
    (?<![累困热笑难烦气急饿渴冷忙吓痒疼卡])死[了掉]?(?:算了|得了|拉倒|就好了|好了|也好|也没人)
    让我(?:去)?死(?![循锁记磕机])|我怎么还?不(?:去)?死|我怎么还没死|(?:恨不得|巴不得|希望)(?:自己|我)死
    怎么死(?:比较|才|最|会)?(?:不痛|不疼|舒服|轻松)|(?:无痛|不痛|不疼)的?死|死法|想(?:要)?安乐死
    不想(?:再)?(?:继续)?(?:活|存在)|活着就是个?(?:错误|多余|折磨)|死了?(?:是不是|会不会)就(?:不[痛疼累]|解脱|轻松|好)|活不下去|活不了(?:了|多久)|活够|活腻|不?配活(?![动页字])|不(?:应)?该活着|没勇气活|没必要活
    (?:没有?|失去了?)(?:继续)?活(?:下去|着)?的?(?:理由|意义|勇气|动力|必要|欲望|念头)
    活着{_VERY}(?:{_NO_SENSE}|无意义|累|痛苦|辛苦|煎熬|受罪|折磨)
    活着{_VERY}[有是]?(?:什么|啥|何)(?:意思|意义|用|劲|盼头)|为什么[要还]?活着
    活着{_VERY}是?(?:干嘛|干什么|干啥|为了什么|图什么|不如)
    (?:人生|生命|生活|日子|余生|这辈子){_VERY}(?:没(?:有)?(?:什么|啥|任何)?(?:意义|盼头|希望|奔头))
    (?:人生|生命|余生){_VERY}(?:毫无意义|无意义|没什么可留恋)
    (?:结束|了结|终结)[掉了]?{_SELF}?的?[这条个]*(?:生命|性命|一生|人生|命(?!令))
    (?:结束|了结)[掉了]?{_SELF}(?!的)|[想要](?:结束|了结)掉?这?一切
    (?:离开|告别|逃离)[这那]?个?(?:世界|人世|人间)|从[这]?个?世[界上]上?(?:彻底|永远)?消失
    再见了?[,，]?(?:这个)?世界$|永别了
    想(?:要)?(?:就这样|就这么|彻底|永远|直接|原地|默默|悄悄|安静地?)*消失(?![的在])
    希望(?:自己|我)(?:能|可以|从来|没有?|彻底|永远|从)*(?:消失|不存在|出生过|没出生)
    (?:如果|要是|假如)我(?:突然)?(?:死[了掉]|消失了|不在了|没了)|我(?:死了|死后|不在了)[,，]?(?:有人|没人|谁)
    没有?我[,，]?(?:大家|他们|世界|家人|爸妈|父母|所有人|这个世界|你们|家里|别人)[都就也会应该可能一定]*(?:过得|变得)?更?[好轻]
    (?:家里|家人|全家|所有人|大家|父母|爸妈)的?(?:累赘|负担|拖累|包袱)
    不想(?:再)?醒(?:来|过来)了?(?=$|\W)|一睡不醒|(?:再也|永远)不[要用想]?醒|长眠
    写[好了完]*(?:一?封)?遗书|留[下了好]*遗书|遗书(?:写|都|也)|[很真只好]想解脱
    死了?(?:就|才)?能?解脱|一了百了|生不如死|不想(?:再)?待在这个世界
"""
_LONGING = r"(?:want(?:ed|ing)?(?: to)?|wanna|would like to|wish(?:ed)?(?: to)?|going to|gonna|ready to|about to)"
_GONE = r"(?:dead|gone|never born|not alive|not here anymore)"
_NOT_WANTING = r"(?:not|don'?t|didn'?t|no longer)(?: really| even)? (?:want(?:ing)? to|wanna)"
_NOT_A_PLACE = r"(?! (?:on|at|in|with|for|by|up|off|from|to|as|there|near|alone)\b)"
_ENGLISH = rf"""
    (?:kill(?:ed|ing)?|unaliv(?:e|ed|ing)|murder) my ?self
    (?:end|ending|ended|take|taking|taken|took) my (?:own )?(?:life|existence)|end(?:ed|ing)? it all
    suicide|suicidal|{_LONGING}(?: just| really)* (?:kms|unalive)
    (?:i|i'?m|im|me)(?: [\w']+){{0,5}}? {_LONGING}(?: just| really)* (?:die|be dead|not exist)
    (?:i|i'?m|im|me)(?: [\w']+){{0,5}}? {_LONGING}(?: just| really)* (?:stop (?:exist|liv)ing)
    (?:i|i'?m|im|me)(?: [\w']+){{0,5}}? {_LONGING}(?: just| really)* disappear (?:forever|completely)
    rather (?:die|be dead)(?! than (?:use|write|learn|read))|i'?d like to (?:die|be dead)|life has no (?:meaning|purpose|point)|how many pills
    i(?: [\w']+){{0,3}} (?:deserve|would rather|'?d rather|hope) (?:to die|die|i die|i don'?t wake up)
    ^(?:just |really |honestly |sometimes )*(?:want to|wanna) (?:die|be dead|disappear forever)
    wish(?:ed|ing)? (?:that )?i (?:was|were|am|had been|had) (?:just )?(?:{_GONE}|never been born)
    wish(?:ed)? i (?:hadn'?t been born|didn'?t exist|could (?:just )?die|wouldn'?t wake up)
    better off (?:dead|without me|if i (?:was|were|am) {_GONE})
    (?:world|everyone|everybody|family|they)(?: [\w']+){{0,3}} (?:better|happier)(?: off)? without me
    {_NOT_WANTING} (?:live|exist){_NOT_A_PLACE}
    {_NOT_WANTING} (?:be alive|go on living|be on this earth|be here any ?more|be here any longer)
    {_NOT_WANTING} wake up(?: tomorrow| any ?more| again)?(?=$|[.!,;])
    (?:no|any|lost (?:the|my|all)) (?:reason|will|desire|wish|point) (?:to|in|for) (?:live|living)
    (?:no|any) (?:reason|point) (?:to|in) (?:go on|going on|being alive|existing|stay alive)(?=$|\W)
    the point (?:of|in) (?:living|being alive|life|existing)|nothing (?:left )?to live for
    (?:life|living)(?: [\w']+){{0,2}} (?:not worth|n'?t worth|worthless|meaningless|pointless|unbearable)
    not worth living|(?:tired|sick|done|finished|through) (?:of|with) (?:living|(?:my |this )?life)
    (?:hurt|harm|hang|drown|poison|shoot|cut)(?:ting|ing|ed)? my ?self|self[- ]?harm(?:ing|ed)?
    self[- ]?(?:injury|injuring|mutilation)|(?:slit|cut)(?:ting)? my (?:wrists?|throat|arms?)
    (?:jump|jumping|step|throw(?:ing)? myself) (?:off|from|in front of|out of)(?: \w+)? (?:bridge|building|roof|train|traffic|window|balcony|cliff)
    overdos(?:e|ed|ing)|(?:take|took|taken|swallow(?:ed)?)(?: \w+){{0,3}} pills
    (?:no ?one|nobody|anyone|anybody) (?:would|will|'?d)(?: \w+){{0,2}} miss me
    (?:care|notice) if i (?:die|died|disappear(?:ed)?|was gone|were gone|am gone|killed myself)
    never wak(?:e|ing) up(?: again)?|not wake up (?:tomorrow|again)|goodbye forever
    suicide (?:note|letter)|this is my (?:last|final) goodbye
    can'?t (?:live like this|go on living|stay alive|keep living|bear to live)
"""


_CRISIS = words(_CHINESE, _ENGLISH)


def is_crisis(text: str) -> bool:
    """Whether somebody speaks of wanting to die, of hurting themselves, or of being a burden."""
    said = _BETWEEN_CHARACTERS.sub("", plain(text).translate(_TRADITIONAL))
    return _CRISIS.search(_FIGURES_OF_SPEECH.sub(" ", said)) is not None
