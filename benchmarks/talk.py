"""What is said in the conversation's benchmark, the same to both programs."""

from itertools import cycle, islice

QUESTION = "讲讲为什么注意力分数要除以根号下的维度，不除会怎样？请结合我现在的进度说得具体一点。"

# About four hundred characters, as a learner's longer question or a mentor's answer has.
_SENTENCES = (
    "注意力先算查询和键的点积，再用它们给值加权，所以每个位置都能直接看到其他位置。",
    "维度一大，点积的方差也跟着变大，归一化以后几乎只剩一个位置有权重，梯度就消失了。",
    "除以维度的平方根，方差回到一附近，训练才稳定，这也是论文里那个系数的来历。",
    "我昨天把多头部分重写了一遍，形状终于对上了，但是掩码加在归一化之前还是之后还没想清楚。",
    "可以先用两个词、三维的小例子手算一遍，把每一步的数字写下来，再和程序的输出比较。",
    "低秩微调只训练两个小矩阵，显存省下来不少，不过学习率要比全量微调大一些。",
)
PIECE = 2  # characters in a token of the model's, about what Chinese has


def message(number: int, length: int = 400) -> str:
    """A message of `length` characters, another one for each number."""
    start = number % len(_SENTENCES)
    text = "".join(islice(cycle(_SENTENCES), start, start + 16))
    return f"第{number}条：{text}"[:length]


def past(size: int) -> list[str]:
    """The last `size` messages of a conversation, the learner's first."""
    return [message(number) for number in range(size)]


def answer(tokens: int) -> str:
    """What the model answers; no two lengths end alike."""
    text = "".join(islice(cycle(_SENTENCES), 40))
    return f"{text[: tokens * PIECE - 5]}完{tokens:04d}"
