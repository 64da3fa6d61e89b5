"""What chats make touchable by themselves, and a model's words may not."""

import re

import pytest

from bot.markup import styled
from bot.safe_words import is_dead, safe_frame, safe_words


def nobody_knows(_: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("words", "live"),
    [
        pytest.param("见 例子.中国 的说明", ".中国", id="a Chinese address"),
        pytest.param("见 evil.网址", ".网址", id="a Chinese ending"),
        pytest.param("见 中文.com/a?b=c", ".com/a?b=c", id="a Chinese name"),
        pytest.param("去 1.2.3.4:8080/x 看看", "1.2.3.4:8080/x", id="the number of a machine"),
        pytest.param("🤙.tk", "🤙.tk", id="an address of emoji"),
        pytest.param("问 .@somebody 吧", "@somebody", id="a mention behind a dot"),
        pytest.param("#study@evilchannel", "@evilchannel", id="a tag in a channel"),
        pytest.param("发 /start@evilbot", "/start@evilbot", id="a command for another bot"),
        pytest.param("<@&123>", "@&123", id="a mention of a role"),
        pytest.param("x@everyone", "@everyone", id="a mention of everybody"),
        pytest.param("打 +86 138-1234-5678 咨询", "+86 138-1234-5678", id="a number to call"),
        pytest.param("+8613812345678", "+8613812345678", id="a number in one piece"),
        pytest.param("`evil`.com", ".com", id="an address that is half code"),
        pytest.param("+12345678@evil.com", "@evil.com", id="a number and an address in one"),
    ],
)
def test_nothing_that_a_chat_would_link_by_itself_is_live(words: str, live: str) -> None:
    shown = styled(safe_words(words, nobody_knows))

    code = [(one.start, one.end) for one in shown.entities if one.style in {"code", "pre"}]
    at = shown.text.index(live)
    assert any(start < at + len(live) and at < end for start, end in code)
    assert is_dead(shown, nobody_knows)
    assert live not in styled(safe_frame(words, nobody_knows)).text


@pytest.mark.parametrize(
    "words",
    [
        "1706.03762 这篇，版本 2.7.1，比例 0.5.",
        "第一步.然后第二步.中国人也这样学",
        "损失从 +12 降到 -3，a+b+c，2 + 3 = 5",
        "用 @ 做矩阵乘法：A @ B",
        "#1 和 #2 都行，参数/梯度各一份",
        "`torch.nn` 里有 `a@b`",
    ],
)
def test_words_that_no_chat_links_stay_as_they_are(words: str) -> None:
    assert safe_words(words, nobody_knows) == words


def test_a_name_between_underscores_keeps_them() -> None:
    shown = styled(safe_words("写在 __init__.py 里", nobody_knows))

    assert re.sub(r"\s", "", shown.text) == "写在__init__.py里"
