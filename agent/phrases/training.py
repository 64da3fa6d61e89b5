"""Curves that do not move: questions about training, which mark no task."""

from agent.phrases.spelling import plain, words

_MEASURE = words(
    "准确率|精度|正确率|损失|困惑度|梯度|召回率?|指标|验证集|测试集",
    r"acc(?:uracy)?|loss(?:es)?|perplexity|ppl|f1|bleu|rouge|auc|rewards?|gradients?|grad(?: norm)?|recall|precision",
)
_STILL = words(
    zh="卡在\\s*[\\d零一二三四五六七八九]|停在\\s*\\d|(?:一直|总是|老是|就是|怎么都?|都|也)?(?:不动|不[下再]?降|不下|降不下[来去]|不上升|不涨|上不去|不收敛|震荡|是 ?nan|变成? ?nan|爆炸|消失)",
    en=r"""
    (?:stuck|stays?|staying|stagnat\w+|plateau\w*|hovers?|hovering|frozen|flat|sits)(?: \w+){0,2}(?: (?:at|around|on|near|below|above))?(?: ~?\d[\d.%]*|$)
    (?:not|n't|never|isn'?t|won'?t|doesn'?t)(?: \w+)? (?:go(?:ing)? (?:down|up)|decreas\w+|improv\w+|converg\w+|mov\w+|drop\w*|increas\w+)
    (?:is|are|goes|became|becomes|turns?(?: to)?) nan|explod\w+|vanish\w+|diverg\w+
    """,
)
_GENERALISES = words(
    "准确率|正确率|精度|召回率?|验证|测试集",
    r"val(?:idation)?|test|acc(?:uracy)?|f1|auc|recall|precision",
)


def is_training_trouble(text: str) -> bool:
    """Whether a measure of training does not move, rather than the learner."""
    said = plain(text)
    return bool(_MEASURE.search(said) and _STILL.search(said))


def training_trouble_in(text: str) -> str | None:
    """The concept that helps with it."""
    if not is_training_trouble(text):
        return None
    return "overfitting" if _GENERALISES.search(plain(text)) else "gradient-descent"
