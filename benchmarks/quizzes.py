"""What a quiz costs: choosing and putting questions, grading and remembering answers."""

import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.people import fill, quiet_house
from learning.catalogue import Catalogue
from learning.quiz.bank import Bank
from learning.quiz.choosing import Interest, candidates, choose
from learning.quiz.items import QuizItem
from store.learners import learner_with
from store.script import rows
from store.sqlite import SqliteStore
from tools.context import Context
from tools.registry import Call, perform

NOW = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
ITEMS = 2000
CARDS = 5000
ROUNDS = 60


def large_bank(bank: Bank) -> Bank:
    """The bank, with copies of its items under other ids until there are 2,000."""
    items: dict[str, QuizItem] = dict(bank.items)
    copies = list(bank.items.values())
    n = 0
    while len(items) < ITEMS:
        one = copies[n % len(copies)]
        items[f"{one.id[:50]}-{n}"] = one.changed(id=f"{one.id[:50]}-{n}")
        n += 1
    return Bank(items, bank.recipes)


async def quizzes() -> list[str]:
    """CPU of starting a quiz, of putting the next question, and of an answer, as transactions."""
    home = quiet_house()
    small, large = home.catalogue, replace(home.catalogue, bank=large_bank(home.catalogue.bank))
    few = _series(small, cards=50)
    many = _series(large, cards=CARDS)
    interest = Interest(studied_now=tuple(small.concepts)[:40])
    choosing = statistics.median(_cpu_of_choosing(large.bank, interest) for _ in range(ROUNDS))
    names = ("starting a quiz of five", "putting the next question", "an answer with its review")
    aims = ("under 15", "under 15", "under 3")
    lines = [
        f"{name}: {after:.2f} ms of CPU with {ITEMS:,} items and {CARDS:,} cards, "
        f"{before:.2f} with {len(small.bank.live)} and 50 (ratio {after / before:.2f}); aim: {aim}"
        for name, aim, before, after in zip(names, aims, few, many, strict=True)
    ]
    return [*lines, f"choosing five of 300 candidates alone: {choosing:.2f} ms of CPU"]


def _cpu_of_choosing(bank: Bank, interest: Interest) -> float:
    before = time.process_time()
    offered = candidates(bank, interest)
    choose(
        bank,
        interest,
        offered,
        cards={},
        just_asked=(),
        today=NOW.date(),
        count=5,
        seed="x",
    )
    return (time.process_time() - before) * 1000


def _series(catalogue: Catalogue, cards: int) -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "mentor.db"
        fill(path, 1, (NOW - timedelta(days=6)).date(), NOW + timedelta(days=1), cards=cards)
        store = SqliteStore(path)
        learner = store.run_now(learner_with, 1)
        starts: list[float] = []
        nexts: list[float] = []
        answers: list[float] = []
        for n in range(ROUNDS):
            context = Context(learner, catalogue, "telegram:1", NOW + timedelta(days=n))
            starts.append(_cpu(store, context, Call("start_quiz", {"count": 5})))
            answers.append(_cpu(store, context, _answer(store)))
            nexts.append(_cpu(store, context, Call("next_question")))
        store.close()
    return statistics.median(starts), statistics.median(nexts), statistics.median(answers)


def _answer(store: SqliteStore) -> Call:
    found = store.run_now(rows, "select max(id) as id from questions")
    return Call("answer_question", {"question": found[0]["id"]})


def _cpu(store: SqliteStore, context: Context, call: Call) -> float:
    before = time.process_time()
    store.run_now(perform, context, call)
    return (time.process_time() - before) * 1000
