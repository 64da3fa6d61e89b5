"""What closes a breaker again: any answer of the model's, of use or not."""

import asyncio

import pytest

from agent.breaker import Breaker
from agent.faults import ModelDownError, ModelNonsenseError, ModelRefusedError


async def is_closed_by(found: Exception | None) -> bool:
    """Whether a look that comes to this closes the breaker."""

    async def probe() -> None:
        if found is not None:
            raise found

    breaker = Breaker("model", probe, looks=(0.001,))
    breaker.open()
    await asyncio.sleep(0.05)
    is_closed = not breaker.is_open
    await breaker.close()
    return is_closed


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(None, id="a word"),
        # What some models answer to a request for a single token.
        pytest.param(ModelRefusedError("h answered 400"), id="a refusal of the probe"),
        pytest.param(ModelNonsenseError("no choice"), id="an answer without words"),
    ],
)
async def test_a_model_that_answers_anything_is_back(answer: Exception | None) -> None:
    assert await is_closed_by(answer)


@pytest.mark.parametrize("fault", [ModelDownError("h answered 503"), TimeoutError(), OSError()])
async def test_a_model_that_gives_no_answer_is_still_down(fault: Exception) -> None:
    assert not await is_closed_by(fault)
