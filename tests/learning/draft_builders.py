"""A concept, and a question about it as a model would write it."""

from copy import deepcopy
from typing import Any

from learning.concepts import Concept
from learning.quiz.drafts import Draft, draft_in
from learning.values import Explanation, Words

CONCEPT = Concept(
    id="lora",
    name=Words(zh="LoRA（低秩适配）", en="LoRA"),
    explanation=Explanation(
        zh="低秩适配冻住原来的权重，只训练两个瘦矩阵。"
        "矩阵 B 从零开始，所以训练前模型和原来一模一样。"
        "4096×4096 的矩阵取 r = 8，可训练的数是 65,536 个。",
        en="Low-rank adaptation freezes the original weights and trains two thin matrices only. "
        "Matrix B starts at zero, so before training the model is exactly as it was. "
        "For a 4096 by 4096 matrix, r = 8 gives 65,536 trained numbers.",
    ),
    misconception=Words(zh="以为秩越大越好。", en="A larger rank is not simply better."),
    level=3,
    checked="A paper",
)
QUOTE = "矩阵 B 从零开始，所以训练前模型和原来一模一样"

_WRITTEN: dict[str, Any] = {
    "stem": {
        "zh": "刚挂上 LoRA 时，为什么模型的输出没有变化？",
        "en": "Why does fresh LoRA leave the output of a model unchanged?",
    },
    "options": [
        {
            "text": {"zh": "矩阵 B 从零开始", "en": "Matrix B starts at zero"},
            "why": {"zh": "B 是零，乘积也是零。", "en": "With B at zero the product is zero."},
        },
        {
            "text": {"zh": "矩阵 A 被冻住了", "en": "Matrix A is kept frozen"},
            "why": {"zh": "A 也要训练。", "en": "A is trained as well."},
        },
        {
            "text": {"zh": "缩放系数设成零", "en": "The scale is set to zero"},
            "why": {"zh": "那样就学不到东西。", "en": "Then nothing could be learned."},
        },
        {
            "text": {"zh": "学习率先取零", "en": "The rate begins at zero"},
            "why": {"zh": "学习率不改变输出。", "en": "The rate does not touch the output."},
        },
    ],
    "key": 0,
    "quote": QUOTE,
}


def written(**changes: Any) -> dict[str, Any]:
    """What a model writes. `option_why=("zh", "…")` and the like change one text of an option."""
    made = deepcopy(_WRITTEN)
    for place, value in changes.items():
        if place in {"text", "why"}:
            language, text = value
            made["options"][1][place][language] = text
        else:
            made[place] = value
    return made


def make_draft(**changes: Any) -> Draft:
    made = draft_in(written(**changes), CONCEPT)
    assert isinstance(made, Draft), made
    return made
