"""Feedback on "explain it to a beginner", by a rubric and without a model.

A criterion that is met and said to be missing discourages, so whatever is in doubt counts as met:
the words below are many, and only what shows in none of them is missing.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from rapidfuzz import fuzz

from learning.cohorts.dry_words import LETTERS, WORDS

# From here on, by partial_ratio, a sentence is one of the catalogue's.
SAME_SENTENCE = 80.0
# With more than this share of such sentences a text is a copy.
MOST_COPIED = 0.6
# Shorter pieces are alike by chance: so many letters.
LEAST_SENTENCE = 10
# A beginner can look past a few strange words, and past more of them in a longer text.
MOST_TERMS = 3
LETTERS_A_TERM = 40
WORDS_A_TERM = 20
# With so many words that dry texts do not have, something is told in a picture: letters of Chinese,
# words of English.
VIVID_LETTERS = 2
VIVID_WORDS = 5
# Letters of Chinese, with signs and what is in other scripts; words of English.
LETTERS_SHORT = (40, 600)
WORDS_SHORT = (20, 220)


class Criterion(StrEnum):
    """What a good explanation for a beginner has.

    IN_OWN_WORDS says what the thing is, and not as the catalogue does; WHY says what it is good
    for; EXAMPLE has an example or a comparison; PLAIN has few terms that are not explained; SHORT
    is neither longer than a beginner reads nor too short to explain anything.
    """

    IN_OWN_WORDS = "in_own_words"
    WHY = "why"
    EXAMPLE = "example"
    PLAIN = "plain"
    SHORT = "short"


_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_\u3400-\u9fff]+(?:['’-][^\W_\u3400-\u9fff]+)*")
_LATIN = re.compile(r"[a-z]{3,}")
_ENDING = re.compile(r"(?:ings?|ed|es|s|ly|er)$")
_SENTENCE = re.compile(r"[。！？!?；;\n]+|(?<=[a-z0-9)])\.(?=\s|$)")
_GIVES_UP = re.compile(
    r"^(?:呃|嗯|我|其实|还|真的|也|暂时|完全|[\s,，.。…])*"
    r"(?:不知道|不会|不懂|不清楚|不了解|不明白|没学|没看|没懂|没搞懂|说不清|说不上来|跳过|放弃)"
    r"|^(?:sorry|well|hmm|um|honestly|[\s,.…])*"
    r"(?:i (?:really |still )?(?:do not|don['’]?t|can(?:no|['’]?)t) "
    r"(?:really |quite )?(?:know|understand|explain|say|get)|i have no idea|no idea|skip|pass\b)",
    re.IGNORECASE,
)
# Letters that are in every text.
_EMPTY = re.compile(r"[的了是在我你他她它们这那个不有就也都和与很还要会能说吗呢吧啊么什一没]")
# Saying what a thing is, or what it does.
_WHAT = re.compile(
    r"是|指|叫|即|等于|相当于|意思|用来|属于|负责|就像|好比|让|把|给|将|通过|做法|办法|方法|一种|一个"
    r"|会|能|先|从|在于|训练|只|存|改|算|找|写|读|加|切|(?<!在)用"
    r"|\b(?:is|are|was|means?|called|refers?|works?|lets?|helps?|does|do|like|takes?|turns?|makes?"
    r"|gives?|tells?|shows?|finds?|keeps?|stores?|splits?|puts?|looks?|adds?|learns?|trains?|asks?"
    r"|when|instead|you|we|the model)\b|\w's\b",
    re.IGNORECASE,
)
# What it is good for: a purpose, a consequence, or what it does to time, money, quality or trouble.
_WHY = re.compile(
    r"用来|用于|用在|为了|目的|作用|用处|[好坏]处|[优缺]点|有用|管用|价值|意义|方便|省(?!略)|节约|避免|防止"
    r"|免得|以免|以防|不用|不必|无需|不需要|不再|再也|不怕|不至于|解决|帮|提高|提升|改善|改进|降低|减少"
    r"|缩短|加快|加速|更[快准好省稳少小便轻强低容]|[快准好少稳]得多|[快准好少稳]多了|便宜|适合|否则|不然"
    r"|[得不][下动起住]|要是没|要是不|如果没|如果不|没有[它这了他]|少了[它这]|才[能会不好]|就[能不好]"
    r"|就可以|[还都也又][能会不]|能[让把用在帮看够给记学找做]"
    r"|让.{0,14}(?:[能更不少]|可以|学会|记住|知道|明白)|这样(?:一来|的话|就|才|既|模型|它|我|你|[，,])"
    r"|以便|从而|于是|因此|所以|因为|好在|需要它|有了[它这他]|靠它|保证|确保|保护|必须|只好|划算|值得"
    r"|太[慢贵大多长难重累]|慢|贵|钱|成本|浪费|白费|代价|质量|效[果率]|可靠|轻松|容易|简单|重要|难"
    r"|告诉|知道|看出|发现|学[会到]|记住|变[得好快小轻准稳]|自己(?!的)|自动|最[好差快省稳准]|稳|够|找不准|胡说|瞎编|真假|骗"
    r"|可以(?!是|看[成作做]|理解[成为]|想[成象像]|当|认为|分[为成]|叫|写|表示|说成|称|视)"
    r"|\b(?:so (?:that|it|the|we|you|they|your|a|an|each|nothing|nobody|no|one|even|i|models?)"
    r"|in order to|used? (?:to|for|it|this|them|when)|useful|help(?:s|ed|ful)?|lets?|allows?"
    r"|enables?|because|without|instead of|rather than|avoid\w*|prevent\w*|sav(?:e|es|ing)"
    r"|solv\w+|stops?|reduc\w+|improv\w+|speed\w*|fast(?:er)?|quick\w*|slow\w*|cheap\w*|expensive"
    r"|costs?|money|better|best|easier|easily|easy|hard|smaller|fewer|less|good for|great for"
    r"|benefit\w*|advantage\w*|purpose|the point|matters?|important|need(?:s|ed)?|otherwise"
    r"|(?:that|this) way|therefore|thus|hence|no longer|no need|anymore|nobody|no matter|still"
    r"|even (?:if|when|though)|by (?:it|your|them)sel\w+|on its own|too \w+|enough"
    r"|makes? (?:no )?sense|works? (?:well|best|fine)|usually works|which means"
    r"|makes? (?:it|sure|the \w+ \w+er)|mistakes?|trouble"
    r"|problems?|trust|tru(?:e|th)|wrong|careful|risk\w*|would have|tells?|knows?|finds?"
    r"|(?:don|doesn|didn|won)['’]t (?:have|need)|handy|worth|protects?|ensures?|why"
    r"|can(?:not|['’]t)?(?! (?:also )?(?:be |you )?(?:seen|thought|think|imagin|viewed?|pictur"
    r"|written|called?|say|described?)))\b",
    re.IGNORECASE,
)
# An example or a comparison: the words for one, or things of everyday life. What is an everyday
# thing as well as a term, such as a window or a tree, is left out.
_EXAMPLE = re.compile(
    r"比如|例如|譬如|举例|举个|例子|好比|比方|就像|像是|好像|有点像|很像|相当于|类似|想象|想像"
    r"|设想|试想|假如|假设|拿.{1,14}(?:来说|为例|打比方|举例)|以.{1,14}为例|如同|仿佛|犹如|似的"
    r"|当[成作]|看[成作]|想成|比作|[(,]如(?!果|何|今|此|下|上)"
    r"|(?<![图录影头成偶画摄肖])像(?!素)"
    r"|如果(?:你|我|我们|有人|一个人).{0,8}[去问听买走找搬读背教考写说点玩]"
    r"|(?:你|我)(?:搜|问|输入|说|打)|问(?:它|他|模型)"
    r"|[楼屋厅厨箱柜桌椅床锁刀叉勺碗锅菜饭汤茶酒肉鱼鸟猫狗猪羊虎鸡糖瓜车船街镇铺孩爸妈爷奶哥姐弟妹"
    r"衣帽鞋裤袜耳嘴鼻肚腿笔棋琴舞谜医警雨雪喝睡穿踢撕捡偷抄]"
    r"|房[子间东租]|装修|邻居|隔壁|国王|皇后|女王|小[明红王李张]|老[师王李张板]|朋友|队友|同[桌学事]"
    r"|班[上级里主长]|请假|上班|下班|考[试场]|考完|期末|开卷|闭卷|题|图书|本书|[看翻读]书|课本|书[架名页]"
    r"|出版社|做菜|餐|超市|商店|快递|外卖|积木|拼图|乐高|便利贴|便签|纸条|本子|抽屉|眼镜|钥匙|导航|公交"
    r"|地[铁图]|苹果|香蕉|[足篮皮踢打]球|比赛|上场|邮[局递差]|行李|搬家|下山|爬山|走路|跑步|游泳|接龙"
    r"|卡片|名片|扑克|手机|电脑|电视|电影|天气|太阳|月亮|旅[行游]|买|卖|退款|客服|工[厂地人]|师傅|徒弟"
    r"|农|种[地菜花]|水[管龙杯]|尺子?|裁判|开关|旋钮|[小大一每]口|攒|补丁|翻译官|秘书|侦探|演员|导演"
    r"|\b(?:for (?:example|instance)|e\.?g\b|such as|as if|as though|imagine|pictur(?:e|ing)"
    r"|think of|suppose|say(?:,| you| a| we| that)|let['’]?s say|similar to|analog\w+|compar\w+"
    r"|just as|akin|resembl\w+|reminds?|example|search for|ask (?:it|for|about|the model|chatgpt)"
    r"|librar(?:y|ian)|(?:text)?books?|page|cookbooks?|recipes?|chefs?|cook(?:ing|s)?|kitchens?"
    r"|restaurants?|shop\w*|suitcases?|backpacks?|box(?:es)?|drawers?|doors?|rooms?|houses?|home"
    r"|street|city|town|neighbou?rs?|maps?|roads?|cars?|bikes?|bicycles?|bus|trains? (?!the|a|on)"
    r"|friends?|colleagues?|boss|teachers?|class(?:room|mates?)|exams?|tests? (?:at|in) school"
    r"|mom|mum|dad|grandm\w+|kids?|child(?:ren)?|bab(?:y|ies)|king|queen|team|players?|match day"
    r"|football|soccer|chess|games? of|puzzles?|lego|sticky|notebook|margin|glasses|phone|laptop"
    r"|doctors?|chefs?|painter|actor|detective|apples?|bananas?|oranges?|cats?|dogs?|birds?|fish"
    r"|movies?|song|weather|rain|coffee|tea|pizza|cake|bread|hik(?:e|ing|er)|downhill|mountain"
    r"|kitchen|knife|toolbox|screwdriver|walls?|paint|clothes|shoes?)\b"
    r"|(?<!would )(?<!\bi )(?<!\bwe )(?<!you )(?<!they )(?<!people )\blike\b(?! to\b)",
    re.IGNORECASE,
)
# Something quoted that is more than a term: what somebody might say, or a text that goes in.
_QUOTED = re.compile(r"[“「『\"][^”」』\"]{2,80}[”」』\"]|(?<!\w)['‘][^'’]{3,80}['’](?!\w)")
# Two amounts of something worked out: an example in numbers.
_AMOUNT = re.compile(
    r"\d[\d,.]*\s*(?:[KMGT]i?B|[BMK]\b|%|万|亿|千|个|张|块|元|条|字|词|次|倍|页|秒|分钟|小时|天|米"
    r"|words?|pages?|times|seconds?|minutes?|hours?|days?|dollars?|tokens?|layers?|rows?)"
    r"|\d+\s*[×x*]\s*\d+|(?:[三四五六七八九十]|[一二两三四五六七八九十]?[百千万亿]+)[篇张块元条页秒天本份名]",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[()]")
# What a beginner of the field knows, or what is a plain word as well.
_KNOWN = re.compile(
    "ai|gpt|chatgpt|python|gpu|人工智能|机器学习|神经网络|模型|大模型|语言模型|大语言模型|显卡|显存"
    "|数据|训练|推理|问题|回答|概率|规律|学习|计划|安全|省钱|重叠|期望|损失|依据|编造|遗忘|温度|记忆"
    "|规划|代理|继承|监控|简历|偏见|缓存|搜索|检索|翻译|摘要|分类|总结|提示词|token"
    "|artificial intelligence|machine learning|neural network|language model|model|llm|prompt"
    "|memory|planning|security|safety|caching|cache|monitoring|bias|temperature|loss|agent"
    "|inference|training|code|compliance|overlap|expectation|search|translation|summary|data"
)
# Signs are those of NFKC, where full-width ones are plain.
_GLOSS_AFTER = re.compile(
    r"['\"”’」』》]?\s*(?:[(:]|——|--|[,，]?\s*(?:也就是|就是|即|是(?!不)|指的?是|意思是|说白了|可以理解"
    r"|就像|好比|相当于)"
    r"|,?\s*(?:i\.e|that is|which (?:is|are|means?)|meaning|means?\b|in other words)|,\s*or\b"
    r"|\s(?:is|are) (?:an?|the|just|like|simply|basically)\b)",
    re.IGNORECASE,
)
_GLOSS_BEFORE = re.compile(
    r"(?:叫做?|称[为作]|所谓的?|名叫|called|known as|named|call (?:it|this|them|that))"
    r"\s*(?:an? |the )?['\"“‘「『《]?$|[（(]\s*$",
    re.IGNORECASE,
)


def explained(
    text: str, concept_names: Sequence[str], explanation: str, other_terms: Sequence[str]
) -> Mapping[Criterion, bool]:
    """Which criteria a text meets that explains a concept, in Chinese or English.

    `concept_names` are the concept's name and aliases, `explanation` the catalogue's in the
    language of the text, `other_terms` the names of other concepts.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return dict.fromkeys(Criterion, False)
    tries = not gives_up(text)
    is_own = copied(text, explanation) <= MOST_COPIED
    is_shown = _has_example(text) or _is_vivid(text, [*concept_names, *other_terms])
    return {
        Criterion.IN_OWN_WORDS: tries and is_own and _says_what(text),
        Criterion.WHY: tries and _WHY.search(text) is not None,
        Criterion.EXAMPLE: tries and is_shown,
        Criterion.PLAIN: len(unexplained(text, concept_names, other_terms)) <= _most_terms(text),
        Criterion.SHORT: _is_short(text),
    }


def gives_up(text: str) -> bool:
    """Whether a text says that it explains nothing: 不知道, no idea."""
    text = unicodedata.normalize("NFKC", text).strip()
    return _amount_of(text) < 1 and _GIVES_UP.search(text) is not None


def is_beside(text: str, concept_names: Sequence[str], explanation: str) -> bool:
    """Whether a short text has nothing to do with a concept; of a longer one nobody can say."""
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    if _amount_of(text) >= 1:
        return False
    if any(_pattern(name).search(text) for name in _parts(concept_names)):
        return False
    return not (_shared_words(text) & _shared_words(explanation.casefold()))


def _shared_words(text: str) -> set[str]:
    """Pairs of Chinese letters and words of English that can show what a text is about."""
    pairs = {one[0] + one[1] for one in itertools.pairwise(text) if all(map(_HAN.match, one))}
    words = {word for word in _LATIN.findall(text) if len(word) > 3}
    return {pair for pair in pairs if not _EMPTY.search(pair)} | words


def best(judged: Sequence[Mapping[Criterion, bool]]) -> int | None:
    """The place of the text that meets most criteria, the earliest of equals; None of none."""
    return max(range(len(judged)), key=lambda at: (sum(judged[at].values()), -at), default=None)


def copied(text: str, explanation: str) -> float:
    """The share of a text's letters, from 0 to 1, in sentences that the explanation has too."""
    source = _bare(explanation)
    whole = same = 0
    for sentence in _sentences(text):
        whole += len(sentence)
        # A sentence longer than the whole explanation may hold it and much else.
        is_held = len(sentence) <= 1.5 * len(source)
        if is_held and fuzz.partial_ratio(sentence, source) >= SAME_SENTENCE:
            same += len(sentence)
    return same / whole if whole else 0.0


def unexplained(
    text: str, concept_names: Sequence[str], other_terms: Sequence[str]
) -> tuple[str, ...]:
    """The terms of other concepts that a text uses and never explains, each once.

    A term in brackets, behind "called" or in front of "that is" and the like is explained. Words
    that are part of the concept's own name, or that every beginner knows, are no such terms.
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    own = set(_parts(concept_names))
    found: list[str] = []
    # The longest first, so that "self-attention" is not "attention" as well.
    others = {term for term in _parts(other_terms) if term in text}
    for term in sorted(own | others, key=lambda term: (-len(term), term)):
        pattern = _pattern(term)
        uses = list(pattern.finditer(text))
        is_strange = not _KNOWN.fullmatch(term) and not any(term in name for name in own)
        if uses and is_strange and not any(_is_explained(text, use) for use in uses):
            found.append(term)
        # As many letters as before, so that what stands around the next one stays there.
        text = pattern.sub(lambda use: "\0" * len(use[0]), text)
    return tuple(found)


def _parts(terms: Iterable[str]) -> Iterable[str]:
    """Each term without its brackets, and what is in them."""
    for term in terms:
        for part in _BRACKETS.split(unicodedata.normalize("NFKC", term).casefold()):
            if len(part.strip()) > 1:
                yield part.strip()


def _pattern(term: str) -> re.Pattern[str]:
    """A term as a text has it, not within a longer word of Latin letters."""
    plural = "s?" if term.isascii() and term[-1:].isalpha() else ""
    return re.compile(rf"(?<![a-z0-9]){re.escape(term)}{plural}(?![a-z0-9])")


def _is_explained(text: str, use: re.Match[str]) -> bool:
    before, after = text[max(0, use.start() - 20) : use.start()], text[use.end() :]
    return bool(_GLOSS_AFTER.match(after) or _GLOSS_BEFORE.search(before))


def _says_what(text: str) -> bool:
    """Whatever is long enough to explain something says what it is, in doubt."""
    return _amount_of(text) >= 1 or bool(_WHAT.search(text)) or _has_example(text)


def _has_example(text: str) -> bool:
    return bool(_EXAMPLE.search(text) or _QUOTED.search(text) or len(_AMOUNT.findall(text)) > 1)


def _is_vivid(text: str, terms: Iterable[str]) -> bool:
    """Whether a text has words that neither dry texts nor the terms of the field are made of.

    Pictures are of anything in the world and have no words of their own; dry texts do.
    """
    if _amount_of(text) < 1:
        return False
    if _is_chinese(text):
        return len(set(_HAN.findall(text)) - LETTERS) >= VIVID_LETTERS
    of_terms = {word for term in _parts(terms) for word in _WORD.findall(term)}
    used = {word for word in _LATIN.findall(text.casefold()) if not _forms(word) & WORDS}
    return len(used - of_terms) >= VIVID_WORDS


def _forms(word: str) -> set[str]:
    """A word of English, and what it may be a form of."""
    bare = _ENDING.sub("", word)
    return {word, bare, bare + "e", word.removesuffix("s"), bare[:-1] if bare != word else word}


def _sentences(text: str) -> list[str]:
    """The sentences of a text without spaces and signs, or all of it where all are short."""
    sentences = [_bare(one) for one in _SENTENCE.split(text)]
    return [one for one in sentences if len(one) >= LEAST_SENTENCE] or [_bare(text)]


def _bare(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in text if char.isalnum())


def _is_chinese(text: str) -> bool:
    """Terms are often in English, so that many words of it are still no English text."""
    return len(_HAN.findall(text)) >= len(_WORD.findall(text))


def _amount_of(text: str) -> float:
    """The length of a text, 1 for the shortest that explains something."""
    if _is_chinese(text):
        return len("".join(text.split())) / LETTERS_SHORT[0]
    return len(_WORD.findall(text)) / WORDS_SHORT[0]


def _is_short(text: str) -> bool:
    least, most = LETTERS_SHORT if _is_chinese(text) else WORDS_SHORT
    return 1 <= _amount_of(text) <= most / least


def _most_terms(text: str) -> int:
    if _is_chinese(text):
        return max(MOST_TERMS, len("".join(text.split())) // LETTERS_A_TERM)
    return max(MOST_TERMS, len(_WORD.findall(text)) // WORDS_A_TERM)
