"""Which items come next."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from learning.quiz.bank import Bank
from learning.quiz.cards import Card
from learning.quiz.choosing import MOST_CANDIDATES, Interest, candidates, choose
from learning.quiz.items import Status
from learning.quiz.mastery import Mastery
from tests.builders import MONDAY
from tests.learning.quiz_builders import make_bank, make_choice, make_open


def card(days: int) -> Card:
    """A card that is due so many days from Monday."""
    return Card(3.0, 5.0, MONDAY - timedelta(days=5), MONDAY + timedelta(days=days), 1, 0)


def chosen(
    bank: Bank,
    interest: Interest,
    count: int = 5,
    *,
    cards: dict[str, Card] | None = None,
    just_asked: tuple[str, ...] = (),
    seed: str = "seed",
) -> tuple[str, ...]:
    return choose(
        bank,
        interest,
        candidates(bank, interest),
        cards=cards or {},
        just_asked=just_asked,
        today=MONDAY,
        count=count,
        seed=seed,
    )


def bank_of(*concepts: str) -> Bank:
    return make_bank(
        *(make_choice(f"{name}-{n}", concepts=(name,)) for name in concepts for n in range(3))
    )


def test_what_is_studied_now_comes_before_what_was_studied_before() -> None:
    interest = Interest(studied_now=("lora",), studied_before=("rag",))

    assert chosen(bank_of("lora", "rag"), interest, 1)[0].startswith("lora")


def test_weak_concepts_come_first() -> None:
    weak = Mastery("rag", 0.1, 3, 0, MONDAY)
    interest = Interest(studied_before=("lora", "rag"), mastery={"rag": weak})

    assert chosen(bank_of("lora", "rag"), interest, 1)[0].startswith("rag")


def test_what_is_due_comes_before_what_is_not() -> None:
    interest = Interest(studied_now=("lora",))
    cards = {"lora-0": card(9), "lora-1": card(-1)}

    first = chosen(bank_of("lora"), interest, 1, cards=cards)

    assert first == ("lora-1",)


def test_an_item_asked_lately_is_asked_again_only_when_nothing_else_is_left() -> None:
    interest = Interest(asked=("lora",))

    picked = chosen(bank_of("lora"), interest, 3, just_asked=("lora-0", "lora-1"))

    assert picked[0] == "lora-2"
    assert set(picked) == {"lora-0", "lora-1", "lora-2"}


def test_a_named_concept_comes_before_its_neighbours() -> None:
    interest = Interest(asked=("lora", "peft"))

    picked = chosen(bank_of("lora", "peft"), interest, 3)

    assert all(id.startswith("lora") for id in picked)


def test_questions_of_one_quiz_are_spread_over_concepts() -> None:
    interest = Interest(studied_now=("lora", "rag", "agent"))

    picked = chosen(bank_of("lora", "rag", "agent"), interest, 3)

    assert len({id.split("-")[0] for id in picked}) == 3


def test_drafts_retired_items_and_interview_questions_are_not_among_them() -> None:
    bank = make_bank(
        make_choice("draft", status=Status.DRAFT),
        make_choice("retired", status=Status.RETIRED),
        make_choice("live"),
        make_open("open"),
    )

    assert candidates(bank, Interest(studied_now=("lora",))) == ("live",)


def test_candidates_are_bounded_however_large_the_bank() -> None:
    bank = make_bank(*(make_choice(f"c{n}", concepts=("lora",)) for n in range(1000)))

    assert len(candidates(bank, Interest(studied_now=("lora",)))) == MOST_CANDIDATES


@given(seed=st.text(max_size=10), count=st.integers(0, 12))
def test_the_same_learner_at_the_same_time_gets_the_same_items_and_none_twice(
    seed: str, count: int
) -> None:
    interest = Interest(studied_now=("lora", "rag"), studied_before=("agent",))
    bank = bank_of("lora", "rag", "agent")

    picked = chosen(bank, interest, count, seed=seed)

    assert picked == chosen(bank, interest, count, seed=seed)
    assert len(set(picked)) == len(picked) == min(count, 9)
