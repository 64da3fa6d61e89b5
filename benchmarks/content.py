"""What the authors' files cost: reading them, searching them, planning several at once."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import ParamSpec

import yaml
from rapidfuzz import fuzz, process, utils

from learning.catalogue import Catalogue
from learning.plan import Companion, Pace, Record, finish_day, plan_day
from learning.search import wanted_in
from store.catalogue import read_catalogue
from tools.resources import MOST_FOUND, search

MONDAY = date(2026, 11, 23)
QUERIES = Path(__file__).parents[1] / "tests" / "data"


P = ParamSpec("P")


def _cpu(work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> float:
    """CPU of one call in ms."""
    before = time.process_time()
    work(*args, **kwargs)
    return (time.process_time() - before) * 1000


async def content() -> list[str]:
    """CPU of reading curricula/, of the index, of a query, and of a day with two curricula."""
    before = time.process_time()
    catalogue = read_catalogue()
    reading = time.process_time() - before
    return [
        f"reading every curriculum, concept and resource: {reading:.2f} s of CPU",
        *_searching(catalogue),
        *_planning(catalogue),
    ]


def _searching(catalogue: Catalogue) -> list[str]:
    building = _cpu(catalogue.index.find, wanted_in("RAG"), 1)
    queries = [
        str(entry["query"])
        for name in ("queries.yaml", "unseen_queries.yaml")
        for entry in yaml.safe_load((QUERIES / name).read_text("utf-8"))
    ]
    ours = statistics.median(_cpu(search, catalogue, one, MOST_FOUND) for one in queries)
    titles = [
        text
        for one in catalogue.resources.values()
        for text in (one.title.zh, one.title.en, *one.tags)
    ]

    def scan(query: str) -> None:
        process.extract(query, titles, scorer=fuzz.token_set_ratio, processor=utils.default_process)

    scanning = statistics.median(_cpu(scan, one) for one in queries)
    return [
        f"the search index: {building / 1000:.2f} s to build; aim: under 2",
        f"a query: {ours:.2f} ms of CPU; aim: under 3; {ours / scanning:.2f} of a scan with "
        "rapidfuzz over titles and tags",
    ]


def _planning(catalogue: Catalogue) -> list[str]:
    one, two = catalogue.curricula["engineer-28w"], catalogue.curricula["nine-stages"]
    rhythm = catalogue.rhythm_of(one)
    alone = Record(MONDAY, [Pace(MONDAY, rhythm.minutes)])
    both = replace(alone, companions=(Companion(two, alone),))

    def day(record: Record) -> None:
        plan_day(one, rhythm, record, MONDAY)
        finish_day(one, rhythm, record, MONDAY)

    single, double = (
        statistics.median(_cpu(day, record) for _ in range(30)) for record in (alone, both)
    )
    return [
        f"a day and its forecast: {single:.1f} ms of CPU for one curriculum, {double:.1f} for two "
        f"({double / single:.1f} times)"
    ]
