"""A model drafts a question: through the whole gate, or not at all."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from agent.drafting import GUESSER, SOLVER, WRITER, drafted
from agent.mentor import AgentConversation
from learning.quiz.drafts import Passed
from store.port import Store
from tests.agent.clients import talking_to
from tests.fakes.loopback import Json
from tests.fakes.model import FakeModel, Fault, Reply
from tests.learning.draft_builders import CONCEPT, QUOTE, written
from tests.stores import new_store

KEYS = ("矩阵 B 从零开始", "Matrix B starts at zero")


def picks(listed: str, wanted: tuple[str, ...]) -> str:
    """The number in front of a wanted option; 1 when there is none."""
    numbered = [line.partition(". ") for line in listed.splitlines()]
    return next((number for number, _, text in numbered if text in wanted), "1")


@dataclass(slots=True)
class Author:
    """A model that writes what it is told, answers what it reads, and guesses as it likes."""

    drafts: list[str]
    solve: Callable[[str], str] = lambda listed: picks(listed, KEYS)
    guess: Callable[[str], str] = lambda _: "1"

    def __call__(self, body: Json) -> Reply:
        rules, said = (str(one["content"]) for one in body["messages"])
        if rules == WRITER:
            return Reply(self.drafts.pop(0) if len(self.drafts) > 1 else self.drafts[0])
        return Reply(self.solve(said) if rules == SOLVER else self.guess(said))


@dataclass(slots=True)
class Scene:
    model: FakeModel
    store: Store
    conversation: AgentConversation

    def writes(self, *drafts: object) -> Author:
        """Let the model write these, the last one again and again."""
        author = Author([one if isinstance(one, str) else json.dumps(one) for one in drafts])
        self.model.answer = author
        return author

    async def draft(self) -> Passed | None:
        return await self.conversation.draft(CONCEPT, "zh")

    def asked(self, rules: str) -> list[str]:
        """What was said to the model under these rules."""
        bodies = [body["messages"] for body in self.model.requests]
        return [str(said["content"]) for rule, said in bodies if rule["content"] == rules]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    store = new_store()
    async with FakeModel() as model, talking_to(model, seconds=2) as client:
        yield Scene(model, store, AgentConversation(store, [client]))
    store.close()


async def test_a_good_draft_comes_through_with_what_the_gate_found(scene: Scene) -> None:
    scene.writes(written())

    passed = await scene.draft()

    assert passed is not None
    assert passed.draft.item.stem.zh == written()["stem"]["zh"]
    assert passed.draft.quote == QUOTE
    assert passed.blind == (True, True, True)
    assert not all(passed.options_only)
    assert len(scene.asked(WRITER)) == 1


async def test_it_is_answered_blind_in_both_languages_with_the_explanation(scene: Scene) -> None:
    scene.writes(written())

    await scene.draft()

    chinese, english, again = scene.asked(SOLVER)
    assert CONCEPT.explanation.zh in chinese
    assert CONCEPT.explanation.en in english
    assert CONCEPT.explanation.zh in again
    assert not any(KEYS[1] in said for said in (chinese, again))
    assert all(why not in chinese for why in ("B 是零", "A 也要训练"))


async def test_the_options_are_guessed_without_stem_and_explanation(scene: Scene) -> None:
    scene.writes(written())

    await scene.draft()

    guessed = scene.asked(GUESSER)
    assert 1 <= len(guessed) <= 2
    assert all(len(said.splitlines()) == 4 for said in guessed)


def long_key() -> dict[str, Any]:
    options = written()["options"]
    options[0]["text"] = {
        "zh": "因为两个矩阵里有一个是全零，它们的乘积当然也是零",
        "en": "One of the two thin matrices is all zeros, and so their product is zero as well",
    }
    return written(options=options)


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param("Sure! Here is a question about LoRA.", id="prose"),
        pytest.param('{"stem": {"zh": "', id="broken JSON"),
        pytest.param("[" * 7000, id="brackets without end"),
        pytest.param(json.dumps(written()) + " " * 8000, id="far too long"),
        pytest.param(written(options=written()["options"][:3]), id="another shape"),
        pytest.param(long_key(), id="lint"),
        pytest.param(written(quote="矩阵 A 从零开始，训练前没有变化"), id="no such quote"),
        pytest.param(written(why=("zh", "A 占 12 GB。")), id="a number of its own"),
    ],
)
async def test_a_flaw_that_can_be_seen_costs_no_trial(scene: Scene, draft: object) -> None:
    scene.writes(draft)

    assert await scene.draft() is None
    assert len(scene.asked(WRITER)) == 2
    assert scene.asked(SOLVER) == []


async def test_a_draft_that_is_answered_otherwise_is_refused(scene: Scene) -> None:
    scene.writes(written()).solve = lambda listed: picks(listed, ("矩阵 A 被冻住了",))

    assert await scene.draft() is None
    assert len(scene.asked(SOLVER)) == 2
    assert scene.asked(GUESSER) == []


async def test_a_draft_that_holds_in_one_language_only_is_refused(scene: Scene) -> None:
    options = written()["options"]
    options[0]["text"]["en"] = "Matrix A starts at zero"
    scene.writes(written(options=options)).solve = lambda listed: picks(
        listed, (KEYS[0], "The scale is set to zero")
    )

    assert await scene.draft() is None
    assert len(scene.asked(SOLVER)) == 4


async def test_a_solver_that_always_takes_the_same_place_passes_nothing(scene: Scene) -> None:
    scene.writes(written()).solve = lambda _: "1"

    assert await scene.draft() is None


async def test_a_draft_whose_options_give_it_away_is_refused(scene: Scene) -> None:
    scene.writes(written()).guess = lambda listed: picks(listed, KEYS)

    assert await scene.draft() is None
    assert len(scene.asked(GUESSER)) == 6


async def test_a_second_draft_is_asked_for_and_told_what_was_wrong(scene: Scene) -> None:
    scene.writes(written(key=4), written())

    passed = await scene.draft()

    first, second = scene.asked(WRITER)
    assert passed is not None
    assert "refused" not in first
    assert "refused: key" in second


async def test_a_draft_in_a_fence_is_read(scene: Scene) -> None:
    scene.writes(f"```json\n{json.dumps(written(), ensure_ascii=False, indent=1)}\n```")

    assert await scene.draft() is not None


@pytest.mark.parametrize(
    "fault",
    [Fault.SERVER_ERROR, Fault.HANG, Fault.HTML],
)
async def test_a_model_that_fails_gives_no_draft(scene: Scene, fault: Fault) -> None:
    scene.writes(written())
    scene.model.fail(fault, times=10)

    assert await scene.draft() is None


async def test_a_model_that_fails_in_the_middle_gives_no_draft(scene: Scene) -> None:
    scene.model.say(json.dumps(written()))
    scene.model.fail(Fault.SERVER_ERROR, times=10)

    assert await scene.draft() is None


async def test_running_out_of_time_gives_no_draft_and_is_no_failure(scene: Scene) -> None:
    scene.writes(written())
    await scene.draft()
    needed = len(scene.model.requests)

    scene.model.latency = 0.3
    async with talking_to(scene.model) as client:
        assert await drafted(client, CONCEPT, "zh", seconds=0.7) is None

    assert len(scene.model.requests) - needed < needed


async def test_drafts_that_are_refused_do_not_take_the_model_from_others(scene: Scene) -> None:
    scene.writes("prose")
    for _ in range(3):
        await scene.draft()

    scene.writes(written())

    assert await scene.draft() is not None


async def test_without_a_model_nothing_is_drafted(scene: Scene) -> None:
    assert await AgentConversation(scene.store).draft(CONCEPT, "zh") is None
