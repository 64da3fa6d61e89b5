"""What is kept of a code review, and what it leads to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from learning.code_review.examined import Examined, Observation, Run
from learning.code_review.source import Kind, Place
from store.cards import mastery_of
from store.learners import Learner, add_learner, learner_with
from store.script import Script, rows
from store.submissions import drop_code_before
from tests.builders import built_in
from tests.stores import new_store
from tools.code_review import CodeReviewed, CodeWanted, ReviewCode, concepts_in, review_code
from tools.context import Context

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
RULE = "softmax-before-cross-entropy"
NAMES = {"scores": "net(x)", "softmax": "F.softmax(x)"}


def examined(code: str, *, rule: str | None = RULE, fine: tuple[str, ...] = ()) -> Examined:
    seen = (Observation(rule=rule, place=Place(1), names=NAMES),) if rule else ()
    runs = (Run(line=1, place=Place(1)),)
    return Examined(kind=Kind.PASTE, lines=1, seen=seen, fine=fine, code=code, runs=runs)


class Desk:
    """Hands in code for one learner, day after day."""

    def __init__(self) -> None:
        self.store = new_store()
        self.now = NOW

    async def review(self, *files: Examined) -> CodeReviewed | CodeWanted:
        def script() -> Script[CodeReviewed | CodeWanted]:
            found = yield from rows("select id from learners")
            learner = yield from (
                add_learner("console", "local", "console:local", "zh", "UTC", NOW)
                if not found
                else _learner(found[0]["id"])
            )
            context = Context(learner, built_in(), "console:local", self.now)
            return (yield from review_code(replace(context, examined=files), ReviewCode(code="")))

        return await self.store.run(script)

    async def reviewed(self, *files: Examined) -> CodeReviewed:
        found = await self.review(*files)
        assert isinstance(found, CodeReviewed)
        return found


def _learner(id: int) -> Script[Learner]:
    return (yield from learner_with(id))


async def test_without_code_it_is_asked_for_and_later_the_latest_is_told_again() -> None:
    desk = Desk()

    assert await desk.review() == CodeWanted()
    first = await desk.reviewed(examined("a"))
    again = await desk.reviewed()

    assert again.submission == first.submission
    assert [one.rule for one in again.findings] == [RULE]


async def test_code_is_dropped_after_its_time_and_what_it_showed_stays() -> None:
    desk = Desk()
    await desk.reviewed(examined("a"))

    dropped = await desk.store.run(drop_code_before, NOW + timedelta(hours=1))

    assert dropped == 1
    assert await desk.review() == CodeWanted()
    left = await desk.store.run(rows, "select files from submissions")
    assert [one["files"] for one in left] == [None]
    assert len(await desk.store.run(rows, "select * from code_findings")) == 1


async def test_a_finding_lowers_mastery_and_a_rule_that_was_met_raises_it() -> None:
    low, high = Desk(), Desk()
    concept = built_in().review_rules[RULE].concepts[0]

    await low.reviewed(examined("a"))
    await high.reviewed(examined("a", rule=None, fine=(RULE,)))

    lower = (await low.store.run(mastery_of, 1))[concept]
    higher = (await high.store.run(mastery_of, 1))[concept]
    assert lower.probability < 0.3 < higher.probability
    assert (lower.answers, higher.answers) == (0, 0)


async def test_the_same_code_handed_in_twice_counts_once() -> None:
    desk = Desk()

    first = await desk.reviewed(examined("a"))
    second = await desk.reviewed(examined("a"))

    assert first.submission == second.submission
    assert second.quiz is None


async def test_a_finding_that_comes_back_becomes_a_quiz_and_a_review_card() -> None:
    desk = Desk()
    await desk.reviewed(examined("a"))
    desk.now += timedelta(days=1)

    again = await desk.reviewed(examined("b"))

    assert again.quiz is not None
    assert again.quiz.id == built_in().review_rules[RULE].concepts[0]
    cards = await desk.store.run(rows, "select item from cards")
    items = built_in().bank.by_concept[again.quiz.id]
    assert [one["item"] for one in cards] == [items[0]]


async def test_at_most_five_findings_are_told_at_once_the_most_serious_first() -> None:
    rules = built_in().review_rules
    order = {"essential": 0, "actionable": 1, "informative": 2}
    some = sorted(rules, key=lambda id: -order[rules[id].weight])[:3]
    some += sorted(rules, key=lambda id: order[rules[id].weight])[:4]
    seen = tuple(
        Observation(rule=f"ruff:{rules[id].ruff}" if rules[id].ruff else id, place=Place(n))
        for n, id in enumerate(some, 1)
    )
    file = Examined(kind=Kind.PASTE, lines=9, seen=seen, code="x")

    reviewed = await Desk().reviewed(file)

    weights = [order[one.weight] for one in reviewed.findings]
    assert weights == sorted(weights)
    assert (len(reviewed.shown), reviewed.left) == (5, 2)


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
