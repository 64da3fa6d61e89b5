"""Words so few that only what they name tells what is wanted."""

from datetime import date

import pytest

from agent.phrases import more_wanted, narrows_search
from agent.router import route
from tests.builders import built_in
from tools.concepts import find_concept
from tools.registry import Call

TUESDAY = date(2026, 11, 24)


def is_concept(said: str) -> bool:
    return find_concept(built_in(), said)[0] is not None


@pytest.mark.parametrize("name", ["LoRA", "混合专家模型", "KV cache", "transformer", "量化"])
def test_the_bare_name_of_a_concept_is_explained(name: str) -> None:
    routed = route(name, TUESDAY, "zh", is_concept)

    assert routed.calls == (Call("explain_concept", {"concept": name}),)


@pytest.mark.parametrize("text", ["香蕉", "no", "maybe", "我爱你", "asdf qwer", "123", "嗯……"])
def test_what_names_no_concept_stays_unclear(text: str) -> None:
    assert route(text, TUESDAY, "zh", is_concept).say == "unclear"


@pytest.mark.parametrize(
    "text", ["换一批", "还有吗", "再来几个", "more", "another one", "还有别的吗", "more like this"]
)
def test_more_of_what_was_found_is_wanted(text: str) -> None:
    assert more_wanted(text)
    assert not narrows_search(text)


@pytest.mark.parametrize(
    "text",
    ["only free ones", "only Chinese", "只要中文的", "只要免费的", "不要英文的", "any videos?"],
)
def test_a_wish_alone_narrows_what_was_found(text: str) -> None:
    assert narrows_search(text)
    assert not more_wanted(text)


@pytest.mark.parametrize("text", ["今天学什么", "the second one", "no", "not free", "LoRA"])
def test_other_words_are_about_nothing_found_before(text: str) -> None:
    assert not narrows_search(text)
    assert not more_wanted(text)
