"""Code that is handed in is read for its lines and its concepts, and never run."""

from datetime import UTC, datetime

import pytest

from store.learners import add_learner
from store.script import Script
from store.sqlite import SqliteStore
from tests.builders import built_in
from tools.context import Context
from tools.review import CodeReceived, CodeWanted, ReviewCode, concepts_in, review_code

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


async def reviewed(code: str) -> CodeReceived | CodeWanted:
    def script() -> Script[CodeReceived | CodeWanted]:
        learner = yield from add_learner("console", "local", "console:local", "zh", "UTC", NOW)
        context = Context(learner, built_in(), "console:local", NOW)
        return (yield from review_code(context, ReviewCode(code=code)))

    store = SqliteStore(None)
    try:
        return await store.run(script())
    finally:
        store.close()


async def test_without_code_it_is_asked_for() -> None:
    assert await reviewed("") == CodeWanted()
    assert await reviewed("```\n\n```") == CodeWanted()


async def test_only_lines_of_code_between_fences_count() -> None:
    received = await reviewed("看看\n```python\nimport torch\n\nprint(torch.ones(2))\n```\n谢谢")

    assert isinstance(received, CodeReceived)
    assert (received.lines, received.is_python) == (2, True)


async def test_other_languages_are_not_taken_for_python() -> None:
    received = await reviewed("#include <stdio.h>\nint main() {\n  return 0;\n}")

    assert isinstance(received, CodeReceived)
    assert (received.lines, received.is_python) == (4, False)


@pytest.mark.parametrize(
    ("code", "concept"),
    [
        ("config = LoraConfig(r=8)", "lora"),
        ("p = torch.softmax(x, -1)", "activation-function"),
        ("attn = nn.MultiheadAttention(64, 8)", "multi-head-attention"),
    ],
)
def test_names_in_code_lead_to_their_concepts(code: str, concept: str) -> None:
    assert concept in {one.id for one in concepts_in(code, built_in())}


def test_plain_names_lead_to_no_concept() -> None:
    assert concepts_in("def add(a, b):\n    return a + b", built_in()) == ()
