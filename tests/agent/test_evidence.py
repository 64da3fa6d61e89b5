"""What is said after "show me" is evidence only when it shows something."""

from datetime import date

import pytest

from agent.evidence import reads_as_evidence, refuses_evidence
from agent.router import route

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "text",
    [
        "今天没空",
        "我不会",
        "没做完",
        "the last one is done",
        "the leetcode task is done",
        "①",
        "②③",
        "not yet",
        "stage 1",
        "第一阶段",
        "太忙了，轻一点",
        "刷了第15题",
        "要花多少钱",
    ],
)
def test_a_status_a_number_or_a_wish_is_no_evidence(text: str) -> None:
    assert not reads_as_evidence(text, route(text, TUESDAY, "zh"))


@pytest.mark.parametrize(
    "text",
    [
        "跑完了，准确率 81%",
        "it prints 42",
        "没有报错了，跑通了",
        "我学会了写循环",
        "the model is done and prints 42",
        "https://github.com/me/rag-demo",
    ],
)
def test_what_came_out_of_it_is_evidence(text: str) -> None:
    assert reads_as_evidence(text, route(text, TUESDAY, "zh"))


@pytest.mark.parametrize(
    "text", ["I have nothing", "没有", "什么都没有", "none", "nothing to show"]
)
def test_having_nothing_is_a_refusal(text: str) -> None:
    assert refuses_evidence(text)
