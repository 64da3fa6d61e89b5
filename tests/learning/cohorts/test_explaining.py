"""What a careful reader says of explanations for beginners, and what is never held against one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.cohorts.explaining import Criterion, best, copied, explained, unexplained
from learning.values import Language
from tests.builders import built_in

OWN, WHY, EXAMPLE, PLAIN, SHORT = (
    Criterion.IN_OWN_WORDS,
    Criterion.WHY,
    Criterion.EXAMPLE,
    Criterion.PLAIN,
    Criterion.SHORT,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A text about a concept, and what a careful reader misses in it."""

    concept: str
    text: str
    missing: frozenset[Criterion] = frozenset()


def written(concept: str, text: str, *missing: Criterion) -> Written:
    return Written(concept, text, frozenset(missing))


CHINESE: Mapping[str, Written] = {
    "a good comparison": written(
        "lora",
        "LoRA 就是给大模型贴便利贴：原来的书一个字都不改，只在旁边贴几张小纸条，记下新学的东西。"
        "这样一张普通显卡就能教它新本领，纸条丢了原来的模型也还在。",
    ),
    "an analogy with an exam": written(
        "rag",
        "你可以把 RAG 想成开卷考试。模型先去资料里翻到相关的几页，再照着写答案，"
        "所以它不用把所有东西都背下来，资料更新了也不用重新训练。",
    ),
    "a plain example and a reason": written(
        "tokenizer",
        "分词器负责把一句话切成小块，再给每块一个编号，因为模型只认数字。"
        "比如“我爱北京”可能切成“我”“爱”“北京”三块。",
    ),
    "no name, as the round has it": written(
        "overfitting",
        "就是做题只背答案不学方法。平时练习全对，一到期末换个数字就不会了。"
        "知道有这回事，我们才会留一部分题不给它看，最后拿来检查它是不是真懂。",
    ),
    "numbers are an example": written(
        "quantization",
        "量化是把模型里的小数写得粗一点，好比 3.14159 只记成 3.1。"
        "一个 7B 的模型原来要 14 GB，写粗以后 4 GB 就装得下，家里的显卡也跑得动。",
    ),
    "walking downhill": written(
        "gradient-descent",
        "蒙着眼睛下山：每次用脚探一探哪边更低，就往那边迈一小步，走多了自然到谷底。"
        "训练模型也这样，每一步都让错得少一点。",
    ),
    "terms that are explained": written(
        "rag",
        "RAG 先把文档切成小段，给每段算一个嵌入（也就是一串代表意思的数字），存进向量数据库"
        "（专门按意思找东西的仓库）。提问时找出最像的几段，一起交给模型，这样它就有据可查，不容易瞎编。",
    ),
    "a summary without an example": written(
        "attention",
        "注意力机制让模型在读每个词的时候，去看一看句子里别的词，决定哪些重要、哪些可以先放一放。"
        "有了它，离得很远的词之间也能互相影响。",
        EXAMPLE,
    ),
    "what it is, but not what for": written(
        "attention",
        "注意力就是给一句话里的每两个词打一个分，分数加起来等于一，再按分数把这些词混在一起，"
        "得到一个新的结果。打分的公式是两串数字相乘再相加。",
        WHY,
        EXAMPLE,
    ),
    "an example, but not what for": written(
        "tokenizer",
        "分词器是一张切词的规则表，输入一句话，输出一串编号。"
        "例如输入“今天天气不错”，输出四个编号，每个编号代表一个词。",
        WHY,
    ),
    "neighbours on a map": written(
        "embedding",
        "嵌入就是给每个词发一张坐标卡。意思接近的词住得近，“国王”和“皇后”是邻居，“国王”和“螺丝刀”"
        "隔着半个城。电脑看不懂字，但会算距离，有了坐标它就知道谁跟谁像。",
    ),
    "a picture without a word for one": written(
        "speculative-decoding",
        "实习生先飞快写好一段，主编扫一眼，对的直接通过，错的地方从那里改起。"
        "主编看稿比自己写快多了，总时间就省下来。",
    ),
    "a house": written(
        "lora",
        "原来要改整栋楼，现在只装修一间房。楼的结构不动，花的钱少，装修完不喜欢还能拆掉换一个风格。",
    ),
    "a layer by its formula": written(
        "layer-norm",
        "层归一化对每个样本自己的特征求平均和方差，减去平均、除以标准差，再做一次缩放和平移，得到输出。",
        WHY,
        EXAMPLE,
    ),
    "a list of parts": written(
        "transformer",
        "一种神经网络结构，由编码器和解码器组成，每一层包含自注意力和前馈网络，"
        "再加上残差连接和层归一化。",
        WHY,
        EXAMPLE,
        PLAIN,
    ),
    "too short": written("lora", "只训练加上去的一小部分参数，省显存。", EXAMPLE, SHORT),
    "only praise": written(
        "lora", "LoRA 真的很火，身边的人都在用，我也在用，推荐。", OWN, WHY, EXAMPLE, SHORT
    ),
    "giving up": written("kv-cache", "不知道怎么说，跳过。", OWN, WHY, EXAMPLE, SHORT),
    "too many terms": written(
        "lora",
        "LoRA 属于 PEFT，冻结 Transformer 的权重，在多头注意力和前馈网络旁加低秩矩阵，用 AdamW 配"
        "混合精度训练，再和量化、梯度检查点一起用，效果接近全参数微调，更省显存。",
        EXAMPLE,
        PLAIN,
    ),
    "far too long": written(
        "rag",
        "RAG 就像开卷考试，先翻书再答题，这样不用死记硬背。" * 25,
        SHORT,
    ),
}

ENGLISH: Mapping[str, Written] = {
    "a good comparison": written(
        "lora",
        "Think of LoRA as sticky notes on a big textbook. You never rewrite the pages, you only "
        "add small notes where something new is needed. That is much cheaper than printing the "
        "whole book again, and you can peel the notes off whenever you want.",
    ),
    "an open book": written(
        "rag",
        "RAG means the model looks things up before it answers, like taking an open book exam. "
        "It finds the two or three pages that fit the question and reads them first, so it does "
        "not have to make things up.",
    ),
    "a plain example and a reason": written(
        "tokenizer",
        "A tokenizer chops text into small pieces and gives each piece a number, because the "
        "model can only work with numbers. For example, 'unhappy' could become 'un' and 'happy'.",
    ),
    "memorising answers": written(
        "overfitting",
        "It's what happens when somebody learns the answers to old exams by heart. They get full "
        "marks on those and fail on anything new. We hold some data back so we notice when the "
        "model does the same.",
    ),
    "terms that are explained": written(
        "kv-cache",
        "While it writes, a model would have to read the whole text again for every new word. The "
        "KV cache keeps what it worked out for the earlier words, a bit like notes in the margin, "
        "so each new token (a piece of a word) takes far less time.",
    ),
    "a summary without an example": written(
        "attention",
        "Attention is how the model decides which other words matter for the word it is reading "
        "right now. Every word scores every other word, and the ones with high scores get mixed "
        "in more. It helps with long sentences.",
        EXAMPLE,
    ),
    "what it is, but not what for": written(
        "gradient-descent",
        "Gradient descent is a loop. At each step you work out the slope of the error for every "
        "weight and then move each weight a little against its slope. You repeat this until the "
        "error stays where it is.",
        WHY,
        EXAMPLE,
    ),
    "a picture without a word for one": written(
        "speculative-decoding",
        "A fast junior drafts the next few words and the slow senior only checks them. Checking "
        "takes one glance, writing takes ages, and whatever the junior gets wrong is redone.",
    ),
    "parking": written(
        "learning-rate-schedule",
        "Big steps at the start, tiny ones near the end, so you don't jump over the spot you were "
        "looking for. Same as parking: you slow down before the wall.",
    ),
    "a formula in words": written(
        "positional-encoding",
        "It is a vector of sines and cosines with different frequencies. The vector for a position "
        "is added to the vector of the word at that position before the first layer.",
        WHY,
        EXAMPLE,
    ),
    "too short": written(
        "quantization", "It stores the weights with fewer bits to save memory.", EXAMPLE, SHORT
    ),
    "only praise": written(
        "lora", "LoRA, great stuff, everybody loves it these days!", OWN, WHY, EXAMPLE, SHORT
    ),
    "giving up": written(
        "kv-cache", "Sorry, I don't really know, maybe tomorrow.", OWN, WHY, EXAMPLE, SHORT
    ),
    "too many terms": written(
        "lora",
        "LoRA is a PEFT method that freezes the transformer, adds low rank adapters next to "
        "multi-head attention, trains them with mixed precision and gradient checkpointing under "
        "FSDP, and after quantization gives you QLoRA, which saves memory.",
        EXAMPLE,
        PLAIN,
    ),
    "far too long": written(
        "rag",
        "RAG is like an open book exam, because the model looks things up before it answers. " * 15,
        SHORT,
    ),
}


@lru_cache(maxsize=1)
def terms() -> Mapping[str, tuple[str, ...]]:
    return {id: (one.name.zh, one.name.en, *one.aliases) for id, one in built_in().concepts.items()}


def other_terms(concept: str) -> tuple[str, ...]:
    return tuple(term for id, names in terms().items() if id != concept for term in names)


def explanation_of(concept: str, language: Language) -> str:
    return built_in().concepts[concept].explanation.in_language(language)


def missing_in(text: str, concept: str, language: Language) -> set[Criterion]:
    found = explained(
        text, terms()[concept], explanation_of(concept, language), other_terms(concept)
    )
    return {criterion for criterion, is_met in found.items() if not is_met}


@pytest.mark.parametrize("one", [pytest.param(one, id=id) for id, one in CHINESE.items()])
def test_chinese_texts_lack_what_a_careful_reader_misses(one: Written) -> None:
    assert missing_in(one.text, one.concept, "zh") == one.missing


@pytest.mark.parametrize("one", [pytest.param(one, id=id) for id, one in ENGLISH.items()])
def test_english_texts_lack_what_a_careful_reader_misses(one: Written) -> None:
    assert missing_in(one.text, one.concept, "en") == one.missing


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_explanation_of_the_catalogue_is_in_own_words(language: Language) -> None:
    held = [
        id
        for id in built_in().concepts
        if OWN not in missing_in(explanation_of(id, language), id, language)
    ]

    assert held == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_explanation_is_taken_for_a_copy_of_another_concepts(language: Language) -> None:
    ids = sorted(built_in().concepts)
    shares = [
        copied(explanation_of(one, language), explanation_of(two, language))
        for one, two in pairwise(ids)
    ]

    assert max(shares) < 0.6


def test_a_copy_with_other_signs_and_a_word_put_in_is_a_copy() -> None:
    text = explanation_of("lora", "zh").replace("，", "； ").replace("假设", "其实假设")

    assert copied(text, explanation_of("lora", "zh")) > 0.9


def test_a_sentence_taken_over_into_own_words_is_no_copy() -> None:
    first = explanation_of("rag", "zh").split("。")[0]
    text = first + "。" + CHINESE["an analogy with an exam"].text * 2

    assert OWN not in missing_in(text, "rag", "zh")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("先做微调再做量化", ("微调", "量化"), id="none explained"),
        pytest.param("先做微调（接着训练），再做量化，也就是写粗一点", (), id="explained behind"),
        pytest.param("把小数写粗一点，这叫量化", (), id="explained before"),
        pytest.param("微调，微调，还是微调", ("微调",), id="each once"),
        pytest.param("用自注意力", ("自注意力",), id="the longest alone"),
        pytest.param("RAGE and drags", (), id="within another word"),
        pytest.param("Use Rags", ("rag",), id="more than one"),
    ],
)
def test_terms_count_until_they_are_explained(text: str, found: Sequence[str]) -> None:
    others = ["微调", "量化（压缩）", "注意力", "自注意力", "RAG"]

    assert sorted(unexplained(text, ["LoRA"], others)) == sorted(found)


def test_the_concepts_own_name_and_its_parts_are_no_strange_terms() -> None:
    assert unexplained("多头注意力有许多头的注意力", ["多头注意力"], ["注意力"]) == ()


def test_an_empty_text_meets_nothing() -> None:
    assert not any(explained("  ", ["LoRA"], "", []).values())


def test_the_best_meets_most_criteria_and_came_first() -> None:
    some = dict.fromkeys(Criterion, True) | {WHY: False}
    none = dict.fromkeys(Criterion, False)

    assert best([none, some, some, none]) == 1


def test_of_no_texts_none_is_best() -> None:
    assert best([]) is None


@given(st.text(max_size=300))
def test_every_text_gets_an_answer_for_every_criterion(text: str) -> None:
    assert list(explained(text, ["LoRA"], "低秩", ["RAG", "微调"])) == list(Criterion)
