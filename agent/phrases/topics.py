"""What a question is about: a concept to explain, a topic to find resources on."""

from agent.phrases.clauses import Clause
from agent.phrases.spelling import pattern

LONGEST_CONCEPT = 100
LONGEST_QUERY = 200

_LEAD = (
    r"(?:请问|请|那么?|你|再|先|快|麻烦|顺便|另外|另|导师|老师|帮我|给我|跟我|我想(?:知道|了解|问)(?:一下)?|想(?:知道|了解|问)(?:一下)?|能不能|可以|能|[\s,:]"
    r"|\b(?:and|also|please|pls|so|ok|okay|hey|hi|well|um|can you|could you|i want to know|i'd like to know|do you know|remind me)\b)*"
)
_SOFT = r"[\s。.!?,~啊呀呢吗么吧嘛哦啦了]*"
_ASKED = tuple(
    pattern(rule)
    for rule in (
        rf"^{_LEAD}(?:讲解?|解释|介绍|说|科普|聊|谈|展开讲)(?:讲|说|聊|谈|一下|下|解|明)*(?:一下|关于|什么是|啥是)*\s*(?:关于)?(?P<topic>.+?){_SOFT}$",
        rf"^{_LEAD}(?:什么是|啥是|什么叫做?|何谓|何为)\s*(?P<topic>.+?){_SOFT}$",
        rf"^{_LEAD}(?P<topic>.+?)(?:这个(?:概念|东西|词))?(?:到底|究竟|具体)?(?:是)(?:个|一种|指|做|干|用来)?(?:什么|啥|神马)(?:东西|意思|概念|鬼|玩意儿?|的|干的|用的)?{_SOFT}$",
        rf"^{_LEAD}(?P<topic>.+?)(?:的)?(?:是)?(?:什么意思|啥意思|有(?:什么|啥)用|干(?:嘛|什么)用?的|怎么理解|含义(?:是什么)?|定义(?:是什么)?|原理(?:是什么)?){_SOFT}$",
        rf"^{_LEAD}(?:我)?(?:还是|有点|完全|真的|一直|总是)*(?:看不懂|不懂|没懂|没看懂|不理解|不太懂|搞不懂|弄不懂|没听懂|不明白|没搞懂|没弄懂)\s*(?P<topic>.+?){_SOFT}$",
        rf"^{_LEAD}(?P<topic>.+?)(?:我)?(?:还是|有点|完全|真的|一直|总是|这块)*(?:看不懂|不懂|没懂|没看懂|不理解|不太懂|搞不懂|弄不懂|没听懂|不明白|没搞懂|没弄懂){_SOFT}$",
        rf"^{_LEAD}what (?:does|do|did) (?P<topic>.+?) (?:mean|stand for|do){_SOFT}$",
        rf"^{_LEAD}what(?:'s|s| is| are)\s+(?P<topic>.+?){_SOFT}$",
        rf"^{_LEAD}(?:what|whats) (?P<topic>.+?) (?:is|are|means?){_SOFT}$",
        rf"^{_LEAD}(?:what'?s |what is )?the meaning of (?P<topic>.+?){_SOFT}$",
        rf"^{_LEAD}(?:explain|define|describe|teach me|introduce)(?: to me| me)?(?: about| what| the (?:concept|idea) of)*\s+(?P<topic>.+?)(?: (?:is|are|means))?(?: to me| please| pls| again| (?:in )?(?:simply|english|chinese|simple (?:terms|words)))*{_SOFT}$",
        rf"^{_LEAD}tell me (?:more |something )?(?:about|what) (?P<topic>.+?)(?: (?:is|are|means))?{_SOFT}$",
        rf"^{_LEAD}i (?:still )?(?:do not|don'?t|didn'?t|can'?t|did not)(?: really| quite| fully)? (?:understand|get|grasp|know)(?: what)? (?P<topic>.+?)(?: (?:is|are|means|at all))?{_SOFT}$",
        rf"^(?P<topic>[a-z0-9][\w .+/-]{{1,28}})\?+$",
        rf"^(?P<topic>[\w .+/\u4e00-\u9fff-]{{2,20}})(?:呢|是\?)\?*$",
    )
)
_ARTICLE = pattern(
    r"^(?:an?|the|about|什么是|啥是|一下|关于|下|the (?:concept|idea) of)\s+|^(?:一下|什么是|啥是|关于)|(?:的)?(?:概念|原理|意思|含义|定义|这个概念|这个词|用法)$|\s+(?:again|please|pls|exactly|here)$"
)
_NOT_ONE_CONCEPT = pattern(
    r"区别|不同|差别|对比|比较|优缺点|优劣|异同|关系|为什么|为啥|怎么|如何|哪个|哪些|是否|应该|会不会|能不能|步骤|流程|公式推导|推导|最好|最佳|(?:和|与|跟|、|以及).*[^和与]$"
    r"|\b(?:difference|differences|vs\.?|versus|compare|comparison|better|best|pros and cons|trade-?offs?|why|how|when|should|relationship|between|and|or|way to|steps?|wrong|my|your|i|you)\b|[,;]|\d\s*[+*/]\s*\d"
)
_NO_CONCEPT = pattern(
    r"^(?:这个?|那个?|它|他|她|这|那|你|我|这些|那些|下|一下|这是|那是|你这|今天|明天|昨天|任务|计划|进度|第.{1,3}|this|that|it|these|those|you|me|yourself|he|she|they|there|up|new|today|tomorrow|going on|happening|wrong|the (?:plan|matter|point|time|weather)|left|next)$"
    r"|任务|计划$|进度|设置|路线|作业|\btasks?\b|\bplan\b|\bschedule\b"
)

_KIND = (
    r"(?:学习)?(?:资料|材料|资源|书籍|书|论文|教程|视频|课程|公开课|课|文章|博客|文档|链接|网站|代码库|仓库|开源项目|工具|读物|文献|讲义|资讯|教材|项目|例子)"
    r"|\b(?:papers?|books?|articles?|videos?|tutorials?|courses?|resources?|materials?|links?|blogs?(?: posts?)?|docs|documentation|lectures?|repos?|repositor\w+|guides?|readings?|tools?|something|anything|stuff|examples?|notes|things? to read|references?)\b"
)
_KINDS = pattern(_KIND)
_WANTS = pattern(
    r"有没有|有(?=.*[吗么没不\?])|推荐|找|搜|查|来[点些份几]|给我|想[看读找要]|求|哪(?:里|儿|有)|去哪|安利|需要|要(?=[点些一几])|看(?:哪|什么|啥)|还有(?:什么|啥|别的)|分享|发我|好的"
    r"|\b(?:find|recommend\w*|search|look(?:ing)? (?:for|up)|any|suggest\w*|where (?:can|could|do|should) i|point me|need|is there|are there|got|give me|show me|know (?:any|some|a)|want|share|link me|good|send me)\b"
)
_SURE_WANT = pattern(
    r"推荐(?!系统|算法|模型)|搜(?:一下|下|索一?下)|找(?:一?[下点些份本篇]|几|个)|(?:哪里|哪儿|去哪|在哪)(?:能|可以|儿)?(?:学|看|找|读)|\b(?:find me|find (?:something|anything|some)|recommend(?!er)|search for|look up|where (?:can|could|do|should) i (?:read|learn|find|study|look|watch)|point me to|suggest)\b"
)
_ABOUT = pattern(
    rf"(?:{_KIND})(?: \w+)?\s*(?:about|on|for|regarding|covering|related to|to (?:learn|understand|study|read about)|explaining|of)\s+(?P<topic>.+?)[\s?.!]*$|\b(?:read|learn|know|study|find out|find|look)(?: more)? (?:about|on|up|into)\s+(?P<more>.+?)[\s?.!]*$"
    r"|(?:关于|有关|讲|介绍)\s*(?P<zh>.+?)(?:方面)?(?:的)?(?:好的?|不错的?|经典的?|入门的?)?(?:学习)?(?:资料|材料|资源|书籍|书|论文|教程|视频|课程|公开课|课|文章|博客|文档|链接|网站|工具|读物|文献|讲义)"
)
_AROUND = pattern(
    rf"^(?:[\s,.!?:~]|请问|请|我|你|帮忙|帮我|给我|帮|麻烦|能不能|能否|可不可以|可以|能|有没有|有(?!监督|限|向|序)|没有|推荐|安利|找找?|搜索?|查|一下|下|点儿?|些|几[本篇个份门条部]|一[本篇个份门些条点部]|个|来|想要?|看看?|读|学习?|求|哪里|哪儿|去哪|在哪|需要|要|什么|啥|哪些|哪[本篇个份门]|好的?|不错的?|经典的?|入门的?|中文的?|英文的?|英语的?|免费的?|最新的?|靠谱的?|优质的?|相关的?|关于|有关|的|还|别的|其他的?|分享|发我|给|适合.{{0,4}}的|导师|老师"
    rf"|{_KIND}"
    rf"|\b(?:can you|could you|please|pls|find|me|recommend|suggest|search|for|looking|look|up|any|some|a|an|the|good|great|nice|best|free|new|is|are|there|got|give|show|do you have|you|have|know|where|can|could|should|do|i|we|read|learn|study|watch|about|on|of|need|want|to|more|further|english|chinese|beginner|intro(?:ductory)?|what|which|hey|hi|so|and|point|link|share|send|with|my|get|out|into|regarding|s)\b)+"
)
_BEHIND = pattern(
    rf"(?:[\s,.!?:~]|的|相关|方面|有吗|有么|有没有|有不|可以|推荐|推荐吗|吗|么|呢|吧|啊|呀|哪里(?:有|找|看)|哪有|看(?:哪|什么|啥).*|怎么(?:学|找)|给我|看看|学习?|一下|发我|入门|好的?|哪[本篇个些].*|有(?:哪些|什么|啥|推荐)|比较好|谢谢|来[点一]?[些份个]?|我想看|好"
    rf"|{_KIND}|\b(?:please|pls|thanks|for me|to (?:read|watch|learn)|out there|around|i can (?:read|watch)|for beginners|you (?:recommend|know)|should i (?:read|watch)|in (?:english|chinese)|available)\b)+$"
)
_NOT_FOUND_HERE = pattern(r"提醒|设置|推送|路线|\b(?:remind|settings?|roadmap)\b")

_TECHNICAL = pattern(
    r"模型|训练|推理|微调|向量|检索|注意力|梯度|损失|学习率|显存|代码|函数|算法|数据|参数|词表|编码|分词|量化|蒸馏|部署|显卡|报错|环境|张量|矩阵|激活|归一化|过拟合|收敛|大模型|智能体|提示词|幻觉|上下文|召回|切块|对齐|强化学习|并行|架构|框架|接口|索引|区别"
    r"|\b(?:tokens?|tokeni[sz]\w+|loss|train\w*|models?|gpus?|cuda|python|attention|embeddings?|layers?|gradients?|batch\w*|rag|llms?|apis?|errors?|code|functions?|algorithms?|vectors?|prompts?|fine-?tun\w+|quanti[sz]\w+|q?lora|transformers?|nan|oom|vram|memory|latency|throughput|inference|agents?|retriev\w+|rerank\w*|pytorch|torch|vllm|kv|rope|moe|rlhf|dpo|sft|bert|gpt|qwen|llama\w*|softmax|sqrt|overfit\w*|optimi[sz]er|learning rate|hyper-?param\w*|dataset|kernel|docker|deploy\w*|index\w*|distill\w*|perplexity|context (?:window|length)|chunk\w*)\b"
)
_COMPARES = pattern(
    r"区别|对比|比较|哪个(?:好|更|强)|优缺点|\b(?:vs\.?|versus|difference|differences|compare|better than|or)\b"
)


def concept_in(clauses: tuple[Clause, ...], text: str) -> str | None:
    """The one concept that is to be explained; None when it is more than that."""
    topic = _asked_for(text)
    if topic is None and len(clauses) > 1:
        topics = [found for clause in clauses if (found := _asked_for(clause.text))]
        is_more = any(clause.asks and not _asked_for(clause.text) for clause in clauses)
        topic = topics[0] if len(topics) == 1 and not is_more else None
    return topic[:LONGEST_CONCEPT] if topic else None


def _asked_for(text: str) -> str | None:
    for rule in _ASKED:
        found = rule.match(text)
        if found is None:
            continue
        topic = _cleaned(found["topic"])
        nested = next((hit for inner in _ASKED[:4] if (hit := inner.match(topic))), None)
        topic = _cleaned(nested["topic"]) if nested else topic
        if not topic or _NO_CONCEPT.search(topic) or _NOT_ONE_CONCEPT.search(topic):
            return None
        is_short = len(topic) <= 24 or (topic.isascii() and len(topic.split()) <= 5)
        return topic if is_short and len(topic) >= 2 else None
    return None


def _cleaned(topic: str) -> str:
    before = None
    while before != topic:
        before, topic = topic, _ARTICLE.sub("", topic.strip(" \t\"'“”《》「」。.!?,~"))
    return topic


def topic_in(text: str) -> str | None:
    """What resources are wanted on; the kind of resource when nothing else is said."""
    if _NOT_FOUND_HERE.search(text):
        return None
    kind = _KINDS.search(text)
    if not _SURE_WANT.search(text) and not (kind and _WANTS.search(text)):
        return None
    about = _ABOUT.search(text)
    topic = next((group for group in about.groups() if group), "") if about else text
    topic = _trimmed(topic)
    if not topic and kind is not None:
        topic = kind.group()
    return topic[:LONGEST_QUERY] or None


def _trimmed(topic: str) -> str:
    before = None
    while before != topic:
        before, topic = topic, _BEHIND.sub("", _AROUND.sub("", topic.strip(" \"'“”《》「」")))
    return topic


def is_technical(text: str, *, asks: bool) -> bool:
    """A question of the field that is more than one concept."""
    return bool(_TECHNICAL.search(text)) and (asks or bool(_COMPARES.search(text)))
