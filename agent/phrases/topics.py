"""What a question is about: a concept to explain, a topic to find resources on."""

from agent.phrases.clauses import Clause
from agent.phrases.spelling import pattern, words

LONGEST_CONCEPT = 100
LONGEST_QUERY = 200

_LEAD = (
    r"(?:[\s,:]|请问|请|用?(?:大白话|通俗的话|简单的话|人话)|通俗地?|那么?|你|再|先|快|麻烦|顺便|另外|另|导师|老师|帮我|给我|跟我|能不能|可以|能"
    r"|我?想(?:知道|了解|问)(?:一下)?|\b(?:and|also|please|pls|so|ok|okay|hey|hi|well|um"
    r"|can you|could you"
    r"|i want to know|i'd like to know|do you know|remind me)\b)*"
)
_END = r"[\s。.!?,~啊呀呢吗么吧嘛哦啦了]*$"
_TOPIC = r"(?P<topic>.+?)"
_LOST = "看不懂|不懂|没懂|没看懂|不理解|不太懂|搞不懂|弄不懂|没听懂|不明白|没搞懂|没弄懂"
_STILL = "(?:我|还是|有点|完全|真的|一直|总是|这块)*"
# Wishes to have something explained, questions about it, the bare name with a question mark.
_ASKED = tuple(
    pattern(rule)
    for rule in (
        rf"^{_LEAD}(?:讲解?|解释|介绍|说|科普|聊|谈)(?:讲|说|聊|谈|一下|下|解|明|关于|什么是"
        rf"|啥是)*\s*{_TOPIC}{_END}",
        rf"^{_LEAD}(?:什么是|啥是|什么叫做?|啥叫|何谓|何为)\s*{_TOPIC}{_END}",
        rf"^{_LEAD}{_TOPIC}(?:这个(?:概念|东西|词))?(?:到底|究竟|具体)?是(?:个|一种|指|做|干"
        rf"|用来)?(?:什么|啥|神马|干嘛)"
        rf"(?:东西|意思|概念|鬼|玩意儿?|的|干的|用的)?{_END}",
        rf"^{_LEAD}{_TOPIC}的?是?(?:[什啥]么?意思|有[什啥]么?用|干(?:嘛|什么)用?的|怎么理解"
        rf"|(?:含义|定义|原理)(?:是什么)?){_END}",
        rf"^{_LEAD}{_STILL}(?:{_LOST})\s*{_TOPIC}{_END}",
        rf"^{_LEAD}{_TOPIC}{_STILL}(?:{_LOST}){_END}",
        rf"^{_LEAD}what (?:does|do|did) {_TOPIC} (?:mean|stand for|do){_END}",
        rf"^{_LEAD}(?:what'?s |what is )?the meaning of {_TOPIC}{_END}",
        rf"^{_LEAD}what(?:'s|s| is| are)\s+{_TOPIC}{_END}",
        rf"^{_LEAD}{_TOPIC}(?:到底|究竟|具体)?是?怎么(?:一?回事|工作的|运作的|实现的){_END}",
        rf"^{_LEAD}how (?:does|do|did) {_TOPIC} (?:really |actually )?work{_END}",
        rf"^{_LEAD}why (?:do|does|would|should) (?:we|you|one|people|llms?|models?|transformers?)"
        rf" (?:even |really )?(?:need|use|add|have) {_TOPIC}{_END}",
        rf"^{_LEAD}how {_TOPIC} works?(?: again| exactly)?{_END}",
        rf"^{_LEAD}(?:what(?:'s| is) )?(?:the )?differences? between {_TOPIC}{_END}",
        rf"^{_LEAD}{_TOPIC} (?:still |really |totally )?(?:confuses|puzzles) me{_END}",
        rf"^{_LEAD}(?:what|whats) {_TOPIC} (?:is|are|means?){_END}",
        rf"^{_LEAD}(?:explain|define|describe|teach me|introduce)"
        rf"(?: to me| me)?(?: about| what| the (?:concept|idea) of)*\s+{_TOPIC}"
        rf"(?: (?:is|are|means|to me|please|pls|again|simply|like i'?m (?:five|5|a child)"
        rf"|in (?:english|chinese"
        rf"|simple \w+)))*{_END}",
        rf"^{_LEAD}tell me (?:more |something )?(?:about|what) {_TOPIC}(?: (?:is|are"
        rf"|means))?{_END}",
        rf"^{_LEAD}i (?:still )?(?:do not|don'?t|didn'?t|can'?t|did not)(?: really| quite| fully)?"
        rf" (?:understand|get|grasp|know)(?: what)? {_TOPIC}(?: (?:is|are|means|at all))?{_END}",
        r"^(?!(?:is|are|am|was|do|does|did|can|could|should|would|will|has|have|why|how|when"
        r"|who)\b)"
        r"(?P<topic>[a-z0-9][\w .+/-]{1,28})\?+$",
        r"^(?P<topic>[\w .+/\u4e00-\u9fff-]{2,20})(?:呢|是\?)\?*$",
    )
)
_ARTICLE = pattern(
    r"^(?:llm|ai) (?=agents?$)|^(?:an?|the|about|(?:the )?(?:concept|idea) of)\s+|^(?:一下|什么是"
    r"|啥是|关于|下(?=\s))"
    r"|(?:到底|究竟)?是?怎么一?回事$|是什么(?:意思)?$"
    r"|的?(?:概念|原理|意思|含义|定义|这个概念|这个词|用法)$|(?<=温度)(?:参数|系数)$|\s+(?:again"
    r"|please|pls|exactly|here)$"
)
_MORE_THAN_ONE = words(
    zh="""
    区别|不同|差别|对比|比较|优缺点|优劣|异同|关系|为什么|为啥|怎么|如何|哪个|哪些|是否|应该
    会不会|能不能|步骤|流程
    推导|最好|最佳|(?:和|与|跟|、|以及).*[^和与]$|[,;]|\\d\\s*[+*/]\\s*\\d
    """,
    en=r"""
    differences?|vs\.?|versus|compare|comparison|better|best|pros and cons|trade-?offs?|why|how|when
    should|relationship|between|and|or|way to|steps?|wrong|my|your|i|you
    """,
)
_NO_CONCEPT = pattern(
    r"^(?:anything|something|anyone|nothing|everything|any|some|more|others?|another)\b"
    r"|^[这那上][一道个]*题|^(?:这个?|那个?|它|他|她|你|我|这些|那些|下|一下|这是|那是|你这|[今明昨后]天|任务|计划"
    r"|进度|第.{1,3}|(?:什么|啥|哪些)?证据|(?:what|which|why|the|any) evidence|evidence"
    r"|this|that|it|these|those|you|me|yourself|he|she|they|there|up|new|today|tomorrow|going on"
    r"|happening|wrong|the (?:plan|matter|point|time|weather)|left|next|for .*)$"
    r"|任务|计划$|进度|设置|路线|作业|周[一二三四五六日]|\b(?:tasks?|plan|schedule)\b"
)

_KIND_ZH = (
    "(?:学习)?(?:资料|材料|资源|书籍|书|论文|教程|视频|课程|公开课|课|文章|博客|文档|链接|网站"
    "|代码库|仓库|开源项目"
    "|工具|读物|文献|讲义|资讯|教材|例子)"
)
_KIND_EN = (
    r"(?:papers?|books?|articles?|videos?|tutorials?|courses?|resources?|materials?|links?"
    r"|blogs?(?: posts?)?|docs|documentation|lectures?|repos?|repositor\w+|guides?|readings?|tools?"
    r"|something|anything|stuff|examples?|notes|things? to read|references?)"
)
_KIND = rf"{_KIND_ZH}|\b{_KIND_EN}\b"
_KINDS = pattern(rf"{_KIND}|数据集|播客|公众号|\b(?:datasets?|podcasts?|newsletters?)\b")
_WANTS = words(
    zh="""
    有没有|有(?=.*[吗么没不?])|推荐|找|搜|查|来[点些份几]|给我|想[看读找要]|求|哪[里儿有]|去哪
    安利|需要|要(?=[点些一几])
    看(?:哪|什么|啥)|用(?:哪|什么|啥)|还?有(?:什么|啥|别的|哪些)|分享|发我|好的
    """,
    en=r"""
    find|recommend\w*|search|look(?:ing)? (?:for|up)|any|suggest\w*|where (?:can|could|do|should) i
    point me|need|is there|are there|got|give me|show me|know (?:any|some|a)|want|share|link me|good
    send me
    """,
)
_SURELY_WANTS = words(
    zh="推荐(?!系统|算法|模型)|搜[一下索]|找(?:一?[下点些份本篇]|几|个)|(?:哪[里儿]|去哪|在哪)(?:能|可以|儿)?[学看找读]",
    en=r"""
    find (?:me|something|anything|some)|^find(?= (?!out\b)\w)|recommend(?!er)|search for|look up
    point me to|suggest
    where (?:can|could|do|should) i (?:read|learn|find|study|look|watch)
    want to (?:read|learn) (?:more )?about
    """,
)
_ABOUT = (
    pattern(
        rf"\b{_KIND_EN}(?: \w+)?\s*(?:about|on|for|regarding|covering|related to|explaining|of"
        rf"|to (?:learn|understand|study|read about))\s+{_TOPIC}[\s?.!]*$"
    ),
    pattern(
        r"\b(?:read|learn|know|study|find out|find|look)(?: more)? (?:about|on|up|into)\s+"
        rf"{_TOPIC}[\s?.!]*$"
    ),
    pattern(
        rf"(?:关于|有关|讲|介绍)\s*{_TOPIC}(?:方面)?的?(?:好的?|不错的?|经典的?|入门的?)?{_KIND_ZH}"
    ),
)
_BARE_TOPIC = (
    pattern(rf"^(?![做读看写学刷练把在])[^,。?!]{{1,20}}?{_KIND_ZH}$"),
    pattern(
        r"^(?:(?:an?|the|some|any|one|more|good|nice|best|great|free|short|chinese|english|only"
        r"|other"
        rf"|intro(?:ductory)?|beginner) )*{_KIND_EN}(?: (?:for )?free)? (?:about|on|for|in)\s"
    ),
    pattern(
        r"^[^,。?!的]{0,10}(?:数据集|播客|公众号)$"
        r"|^(?:[\w-]+ ){0,3}(?:datasets?|podcasts?|newsletters?)$"
    ),
    # Names people look for without a word more.
    pattern(
        r"^(?:高等?|基础)?(?:数学|微积分|线性代数|线代|概率论?|统计学?|矩阵论?|吴恩达|李沐|李宏毅"
        r"|卡帕西)(?:老师)?(?:的|基础|课程?|入门)*$"
        r"|^(?:maths?|mathematics|calculus|linear algebra|probability|statistics|andrew ng|karpathy"
        r"|3blue1brown|khan academy|hugging ?face|kaggle)(?: basics| courses?)?$"
    ),
)
_BEFORE = words(
    zh=rf"""
    请问|请|我|你|帮忙|帮我|给我|帮|麻烦|能不能|能否|可不可以|可以|能|有没有|有(?!监督|限|向|序)
    没有|推荐|安利|找找?|求
    搜索?|查|一下|下|点儿?|些|几[本篇个份门条部]|一[本篇个份门些条点部]|个|来|想要?|看看?|读
    学习?到?|求|哪里|哪儿
    去哪|在哪|需要|要|什么|啥|哪些|哪[本篇个份门]|好的?|不错的?|经典的?|入门的?|中文的?|英文的?
    英语的?|免费的?
    最新的?|靠谱的?|优质的?|相关的?|有?关于|有关|的|还|别的|其他的?|分享|发我|给|适合.{{0,4}}的|导师
    老师|{_KIND_ZH}
    """,
    en=rf"""
    can you|could you|please|pls|find|me|recommend|suggest|search|for|looking|look|up|any|some|a|an
    the|good|great|nice|best|free|new|is|are|there|got|give|show|do you have|you|have|know|where|can
    could|should|do|i|we|read|learn|study|watch|about|on|of|need|want|to|more|further|english
    chinese
    beginner|intro(?:ductory)?|what|which|hey|hi|so|and|point|link|share|send|with|my|get|out|into
    regarding|s|{_KIND_EN}
    """,
)
_BEHIND = words(
    zh=rf"""
    的|免费的?|相关|方面|有吗|有么|有没有|有不|可以|推荐|推荐吗|吗|么|呢|吧|啊|呀|哪里[有找看]|哪有
    看(?:哪|什么|啥).*|怎么[学找]
    用(?:哪|什么|啥).*|给我|看看|(?<![数科文化力哲])学习?|一下|发我|入门|好的?|哪[本篇个些].*
    有(?:哪些|什么|啥|推荐)
    比较好|谢谢
    来[点一]?[些份个]?|我想看|{_KIND_ZH}
    """,
    en=rf"""
    please|pls|thanks|for me|to (?:read|watch|learn)|out there|around|i can (?:read|watch)
    for beginners|you (?:recommend|know)|should i (?:read|watch)|in (?:english|chinese)|available
    {_KIND_EN}
    """,
)
_AROUND = pattern(rf"^(?:[\s,.!?:~]|{_BEFORE.pattern})+|(?:[\s,.!?:~]|{_BEHIND.pattern})+$")
_NO_TOPIC = words("提醒|设置|推送|路线|任务|每周", "remind|settings?|roadmap")
_TECHNICAL = words(
    zh="""
    模型|训练|推理|微调|向量|检索|注意力|梯度|损失|学习率|显存|代码|函数|算法|数据|参数|词表|编码
    分词|量化|蒸馏|部署
    显卡|报错|环境|张量|矩阵|激活|归一化|过拟合|收敛|智能体|提示词|幻觉|上下文|召回|切块|对齐
    强化学习|并行|架构|框架
    接口|索引|区别
    """,
    en=r"""
    tokens?|tokeni[sz]\w+|loss|train\w*|models?|gpus?|cuda|python|attention|embeddings?|layers?
    gradients?|batch\w*|rag|llms?|apis?|errors?|code|functions?|algorithms?|vectors?|prompts?
    fine-?tun\w+|quanti[sz]\w+|q?lora|transformers?|nan|oom|vram|memory|latency|throughput|inference
    agents?|retriev\w+|rerank\w*|pytorch|torch|vllm|kv|rope|moe|rlhf|dpo|sft|bert|gpt|qwen|llama\w*
    softmax|sqrt|overfit\w*|optimi[sz]er|learning rate|hyper-?param\w*|dataset|kernel|docker
    deploy\w*
    index\w*|distill\w*|perplexity|context (?:window|length)|chunk\w*|layer ?norm|decod\w+|sampl\w+
    """,
)
_COMPARES = words(
    "区别|对比|比较|哪个[好更强]|优缺点", r"vs\.?|versus|differences?|compare|better than|or"
)


def bare_name(text: str) -> str | None:
    """A text so short that it may be the name of a concept and nothing else: LoRA, 混合专家模型."""
    name = _cleaned(text)
    is_short = len(name.split()) <= 3 and len(name) <= (40 if name.isascii() else 12)
    return name if is_short and len(name) > 1 and not _NO_CONCEPT.search(name) else None


def concept_in(clauses: tuple[Clause, ...], text: str) -> str | None:
    """The one concept that is to be explained; None when it is more than that."""
    topic = _asked_for(text)
    if topic is None and len(clauses) > 1:
        topics = [found for clause in clauses if (found := _asked_for(clause.text))]
        is_more = any(clause.asks and not _asked_for(clause.text) for clause in clauses)
        topic = topics[0] if len(topics) == 1 and not is_more else None
    return topic[:LONGEST_CONCEPT] if topic else None


def _asked_for(text: str) -> str | None:
    found = next((hit for rule in _ASKED if (hit := rule.match(text))), None)
    if found is None:
        return None
    topic = _cleaned(found["topic"])
    # 能不能解释一下什么是分词器: one question in another.
    nested = next((hit for rule in _ASKED[:4] if (hit := rule.match(topic))), None)
    topic = _cleaned(nested["topic"]) if nested else topic
    if len(topic) < 2 or _NO_CONCEPT.search(topic) or _MORE_THAN_ONE.search(topic):
        return None
    is_short = len(topic) <= 24 or (topic.isascii() and len(topic.split()) <= 5)
    return topic if is_short else None


def _cleaned(topic: str) -> str:
    before = None
    while before != topic:
        before, topic = topic, _ARTICLE.sub("", topic.strip(" \t\"'“”《》「」。.!?,~"))
    return topic


# What the search itself understands: the kind, the price and the language that are wanted.
_WISHES = (
    words("论文|书籍?|视频|课程|公开课", r"papers?|books?|videos?|courses?"),
    words("只(?:要|看|想要)免费的?|免费的?", "only free|free only|for free|free(?![-\\w])"),
    words(
        "只(?:要|看|想要)中文的?|中文(?:的|版|书|视频|资料|教程|论文|课程)|(?:只(?:要"
        "|看))?英文(?:的|版|书|视频|资料|教程|论文|课程)",
        "in (?:chinese|english)|only (?:chinese|english)|(?:chinese|english) only"
        "|(?:chinese|english)(?= (?:papers?|books?|videos?|courses?|resources?|ones?))",
    ),
)


_MORE = pattern(
    r"^(?:那|你|请|给我|我要|能不能|可以|还有没有|还有|有没有|再来|再推荐|再找|再给我|再|来"
    r"|换)*(?:更多|多来|几个|几本|几篇|一个|一本|一篇|一些|点|些|一批|别的|其他的?|其它的?)*"
    r"(?:类似|差不多|相似|相近|同类)?的?(?:吗|么|呢|吧|了吗)?$"
    r"|^(?:and |any |some |show me |give me |a few |what |one |is there |are there )*(?:more"
    r"|another|others?|anything else"
    r"|something else|what else|similar|next ones?)(?: like (?:this|that|these|those|it)| ones?"
    r"| of (?:these|those|them)"
    r"| resources?| please| pls| batch| set)*$"
)
_SAYS_MORE = words(
    "更多|类似|还有|再来|再推荐|再找|再给我|换一?[批个些]|别的|其[他它]|相近|同类",
    "more|another|others?|else|similar|next ones?",
)
_ONLY_WISHES = pattern(
    r"^(?:那|有没有|有|只要|只看|只想要?|我?要|我想看|能不能|可以|换成|来|给我|最好是?)*"
    r"(?:(?:免费|不花钱|不要钱|不要(?:英文|英语|中文|收费|付费)|中文|英文|英语|论文|视频|书|课程?"
    r"|文档|教程|博客)的?)+"
    r"(?:版本?|资料)?的?(?:吗|么|呢|吧|有吗|就行|就好)?$"
    r"|^(?:what about |how about |and |is there |are there |any |only |just |a |the |in |i want "
    r"|show |me |give )*"
    r"(?:(?:free|chinese|english|papers?|videos?|books?|courses?|docs|blogs?"
    r"|articles?) ?)+(?:ones?|only|versions?|please)?"
    r"(?: ?in (?:chinese|english))?(?: please| pls)?$"
)


def more_wanted(text: str) -> bool:
    """'More like this' of what was found just before."""
    said = text.strip(" \t。.!！?？,，~")
    return bool(_SAYS_MORE.search(said) and _MORE.search(said))


def narrows_search(text: str) -> bool:
    """Only a wish about what was found just before, such as 'only free ones'."""
    return bool(_ONLY_WISHES.search(text.strip(" \t。.!！?？,，~")))


def topic_in(text: str) -> str | None:
    """What resources are wanted on; the kind of resource when nothing else is said."""
    kind = _KINDS.search(text)
    is_wanted = _SURELY_WANTS.search(text) or (kind and _WANTS.search(text))
    is_bare = any(rule.search(text.strip()) for rule in _BARE_TOPIC)
    if _NO_TOPIC.search(text) or not (is_wanted or is_bare):
        return None
    return search_words(text)


def search_words(text: str) -> str | None:
    """The topic of a sentence that is known to look for resources."""
    kind = _KINDS.search(text)
    about = next((hit for rule in _ABOUT if (hit := rule.search(text))), None)
    topic = _trimmed(about["topic"] if about else text)
    if not topic and kind is not None:
        return kind.group()[:LONGEST_QUERY]
    wishes = (wish for wish in kinds_wanted(text) if wish.lower() not in topic.lower())
    return " ".join([topic, *wishes])[:LONGEST_QUERY].strip() or None


def kinds_wanted(text: str) -> list[str]:
    """What the search understands besides a topic: papers, free ones, in Chinese."""
    return [wish.group() for rule in _WISHES if (wish := rule.search(text))]


def _trimmed(topic: str) -> str:
    before = None
    while before != topic:
        before, topic = topic, _AROUND.sub("", topic.strip(" \"'“”《》「」"))
    return topic


def is_technical(text: str, *, asks: bool) -> bool:
    """A question of the field that is more than one concept."""
    return bool(_TECHNICAL.search(text)) and (asks or bool(_COMPARES.search(text)))
