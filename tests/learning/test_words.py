"""Words in two languages, or plain ones that stand for both."""

import pytest
from pydantic import ValidationError

from learning.concepts import Concept
from learning.values import Explanation, Template, Words


@pytest.mark.parametrize("shape", [Words, Explanation, Template])
def test_a_plain_text_stands_for_both_languages(
    shape: type[Words | Explanation | Template],
) -> None:
    text = "One text that is long enough to be an explanation as well."

    assert shape.model_validate(text) == shape.model_validate({"zh": text, "en": text})


def test_one_language_alone_is_not_both() -> None:
    with pytest.raises(ValidationError):
        Words.model_validate({"en": "Hello"})


def test_an_empty_text_is_no_words() -> None:
    with pytest.raises(ValidationError):
        Words.model_validate("")


def test_editors_are_told_that_a_plain_text_will_do() -> None:
    schema = Concept.model_json_schema()["$defs"]["Words"]

    assert [one["type"] for one in schema["anyOf"]] == ["string", "object"]
