"""Code that comes as a file, or stands in the message that is answered to, on Telegram."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.code_review.process import LARGEST
from tests.fakes.loopback import Json
from tests.journeys.test_quizzes_on_telegram import ANA, Phone, phone

BAD = (
    b"from torch import nn\n"
    b"net = nn.Sequential(nn.Linear(8, 3), nn.Softmax(dim=1))\n"
    b"loss = nn.CrossEntropyLoss()(net(x), y)\n"
)
FOUND = "交叉熵之前多做了一次 softmax"


@pytest.fixture
async def ana(tmp_path: Path) -> AsyncIterator[Phone]:
    async with phone(tmp_path) as one, one.running():
        yield one


async def upload(ana: Phone, name: str, content: bytes, **fields: object) -> str:
    count = len(ana.server.sent(ANA))
    ana.server.upload(ANA, name, content, **fields)  # type: ignore[arg-type]
    return str((await ana.next_message(count))["text"])


def asked(ana: Phone, method: str) -> list[Json]:
    return [one for one in ana.server.history if one["method"].lower() == method.lower()]


async def test_a_script_is_fetched_and_reviewed(ana: Phone) -> None:
    said = await upload(ana, "train.py", BAD)

    assert FOUND in said
    assert "train.py" in said


async def test_a_notebook_is_reviewed_by_its_blocks(ana: Phone) -> None:
    cells = [{"cell_type": "code", "source": BAD.decode()}]

    said = await upload(ana, "a.ipynb", json.dumps({"cells": cells}).encode())

    assert FOUND in said
    assert "第 1 段代码第 3 行" in said


@pytest.mark.parametrize("name", ["a.zip", "a.pdf", "noname"])
async def test_other_files_are_not_even_fetched(ana: Phone, name: str) -> None:
    said = await upload(ana, name, b"PK\x03\x04")

    assert ".py" in said
    assert asked(ana, "getFile") == []


async def test_a_size_is_asked_before_a_file_is_fetched(ana: Phone) -> None:
    said = await upload(ana, "x.py", b"x = 1\n", claimed_size=LARGEST + 1)

    assert "太大" in said
    assert asked(ana, "getFile") == []


async def test_a_file_that_lies_about_its_size_is_refused_after_all(ana: Phone) -> None:
    said = await upload(ana, "x.py", b"x = 1\n" * LARGEST, claimed_size=10)

    assert "太大" in said


@pytest.mark.parametrize(
    "words", ["review", "点评一下", "Review this please", "帮我点评一下这段代码"]
)
async def test_review_in_answer_to_a_message_means_that_one(ana: Phone, words: str) -> None:
    message = {"message_id": 900, "date": 1, "chat": {"id": ANA, "type": "private"}}
    count = len(ana.server.sent(ANA))
    ana.server.say(ANA, words, reply_to_message=message | {"text": BAD.decode()})

    assert FOUND in (await ana.next_message(count))["text"]


async def test_review_in_answer_to_a_file_fetches_that_one(ana: Phone) -> None:
    await upload(ana, "train.py", BAD)
    stored = next(iter(ana.server.files.values()))
    message = {"message_id": 901, "date": 1, "chat": {"id": ANA, "type": "private"}}
    count = len(ana.server.sent(ANA))

    ana.server.say(ANA, "review", reply_to_message=message | {"document": stored.document()})

    assert FOUND in (await ana.next_message(count))["text"]
