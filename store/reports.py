"""Items that learners call wrong, items held back, and the answers as they were last known."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from store.learners import epoch
from store.script import Script, change, change_each, row, rows

# So many learners, independently of each other, are enough to hold an item back.
REPORTS_TO_SUSPEND = 2


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of a report: how many learners have made one, and whether the item rests now."""

    reports: int
    is_suspended: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class ReportedItem:
    """An item with open reports, for the operator."""

    item: str
    reports: int
    notes: tuple[str, ...]
    is_suspended: bool


def report(
    learner: int, item: str, question: int, note: str | None, now: datetime
) -> Script[Reported]:
    """Keep a learner's report; each counts once for an item, a later note replaces the first."""
    known = yield from row(
        "select settled_at from reports where item = :item and learner = :learner",
        item=item,
        learner=learner,
    )
    yield from change(
        "insert into reports (item, learner, question, note, reported_at) "
        "values (:item, :learner, :question, :note, :now) "
        "on conflict (item, learner) do update set note = coalesce(excluded.note, reports.note), "
        "settled_at = null",
        item=item,
        learner=learner,
        question=question,
        note=note,
        now=epoch(now),
    )
    found = yield from row(
        "select count(*) as count from reports where item = :item and settled_at is null",
        item=item,
    )
    count = int(found["count"]) if found else 0
    if count >= REPORTS_TO_SUSPEND:
        yield from suspend(item, now)
    is_new = known is None or known["settled_at"] is not None
    return Reported(count, count >= REPORTS_TO_SUSPEND, is_new)


def suspend(item: str, now: datetime) -> Script[None]:
    yield from _hold(item, "reported", now)


def _hold(item: str, reason: str, now: datetime) -> Script[None]:
    yield from change(
        "insert into suspensions (item, reason, suspended_at) values (:item, :reason, :now) "
        "on conflict (item) do nothing",
        item=item,
        reason=reason,
        now=epoch(now),
    )


def hold_back_retired(retired: Collection[str], now: datetime) -> Script[None]:
    """Let no card of an item that is gone or retired fall due, and those of others again."""
    found = yield from rows("select item from suspensions where reason = 'retired'")
    before = {one["item"] for one in found}
    for item in sorted(before - set(retired)):
        yield from change("delete from suspensions where item = :item", item=item)
    for item in sorted(set(retired) - before):
        yield from _hold(item, "retired", now)


def settle(item: str, now: datetime) -> Script[int]:
    """Let an item be asked again, and close its reports; give their number."""
    yield from change(
        "delete from suspensions where item = :item and reason = 'reported'", item=item
    )
    return (
        yield from change(
            "update reports set settled_at = :now where item = :item and settled_at is null",
            item=item,
            now=epoch(now),
        )
    )


def suspended() -> Script[frozenset[str]]:
    """The items held back, which are few."""
    found = yield from rows("select item from suspensions")
    return frozenset(one["item"] for one in found)


def reported_items() -> Script[Sequence[ReportedItem]]:
    """Every item with open reports, the most reported first."""
    found = yield from rows(
        "select r.item, r.note, s.item as held from reports r "
        "left join suspensions s on s.item = r.item and s.reason = 'reported' "
        "where r.settled_at is null "
        "order by r.item, r.reported_at"
    )
    by_item: dict[str, list[str | None]] = {}
    held = {one["item"] for one in found if one["held"]}
    for one in found:
        by_item.setdefault(one["item"], []).append(one["note"])
    items = [
        ReportedItem(item, len(notes), tuple(note for note in notes if note), item in held)
        for item, notes in by_item.items()
    ]
    return sorted(items, key=lambda one: (-one.reports, one.item))


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """An item's words and answer, as marks, when the bank was last looked through."""

    wording: str
    answer: str


def known_answers() -> Script[dict[str, KnownAnswer]]:
    found = yield from rows("select item, wording, answer from known_answers")
    return {one["item"]: KnownAnswer(one["wording"], one["answer"]) for one in found}


def keep_answers(answers: Mapping[str, KnownAnswer]) -> Script[None]:
    yield from change_each(
        "insert into known_answers (item, wording, answer) values (:item, :wording, :answer) "
        "on conflict (item) do update set wording = excluded.wording, answer = excluded.answer",
        [
            {"item": item, "wording": one.wording, "answer": one.answer}
            for item, one in answers.items()
        ],
    )
