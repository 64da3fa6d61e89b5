"""An export comes into another database as it was, or not at all."""

import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.everything import ExportUnreadableError, files_of, rows_in
from bot.files import bytes_of
from bot.message import Attachment
from store.importing import STAYS, ImportRefusedError, take_in
from store.learners import add_learner
from store.personal import TABLES, everything_of
from store.port import Store
from store.script import rows
from tests.keeping import fill
from tests.stores import new_store

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
CARDS = next(one.export_name for one in TABLES if one.name == "cards")
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """The export of a learner with three rows in every table, who is not the first one there."""
    store = new_store()
    store.run_now(add_learner, "telegram", "1", "telegram:1", "en", "UTC", NOW)
    learner = store.run_now(add_learner, "telegram", "7", "telegram:7", "zh", "Asia/Shanghai", NOW)
    store.run_now(fill, learner.id, "telegram:7", "mine", 3)
    path = tmp_path / "mentor.zip"
    write(path, kept_of(store, learner.id))
    store.close()
    return path


def kept_of(store: Store, learner: int) -> Mapping[str, Any]:
    kept = store.run_now(everything_of, learner)
    assert kept is not None
    return kept


def write(path: Path, kept: Mapping[str, Any]) -> None:
    path.write_bytes(bytes_of(Attachment("x.zip", "everything", files_of(kept, AT), AT)))


def content_of(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        found: dict[str, Any] = json.loads(archive.read("mentor.json"))
    return found


def without_numbers(table: str, one: Mapping[str, Any]) -> str:
    """A row but for what is given anew: numbers of rows, and whose it is."""
    names = {"id", "seq", "learner", "enrolment", "quiz", "question", "submission", "scope"}
    kept = {
        name: value
        for name, value in one.items()
        if name not in names and (table, name) != ("summaries", "until_seq")
    }
    return json.dumps(kept, sort_keys=True, ensure_ascii=False)


def test_every_row_comes_in_as_it_was(exported: Path, tmp_path: Path) -> None:
    store = new_store()
    store.run_now(add_learner, "discord", "5", "discord:5", "en", "UTC", NOW)

    counts = take_in(store, rows_in(exported))

    learner = next(
        one["learner"]
        for one in store.run_now(rows, "select learner from identities where person = '7'")
    )
    again = tmp_path / "again.zip"
    write(again, kept_of(store, learner))
    before, after = content_of(exported)["tables"], content_of(again)["tables"]
    for table in (one for one in TABLES if one.is_exported and one.name not in STAYS):
        name = table.export_name
        told = [
            sorted(without_numbers(table.name, one) for one in each[name])
            for each in (before, after)
        ]
        assert told[0] == told[1], name
        assert len(told[0]) == counts[table.name], name
    store.close()


def test_whose_account_is_known_here_comes_in_only_once(exported: Path) -> None:
    store = new_store()
    take_in(store, rows_in(exported))

    with pytest.raises(ImportRefusedError, match=r"is known here already.* mentor erase"):
        take_in(store, rows_in(exported))

    assert len(store.run_now(rows, "select id from learners")) == 1
    store.close()


def _foreign(content: dict[str, Any]) -> None:
    content["tables"]["messages"][0]["learner"] = 1


def _foreign_scope(content: dict[str, Any]) -> None:
    content["tables"]["model_usage"][0]["scope"] = "learner:1"


def _half(content: dict[str, Any]) -> None:
    del content["tables"]["enrolments"]


def _twice(content: dict[str, Any]) -> None:
    content["tables"][CARDS] *= 2


def _two_learners(content: dict[str, Any]) -> None:
    content["tables"]["learners"] *= 2


@pytest.mark.parametrize("spoil", [_foreign, _foreign_scope, _half, _twice, _two_learners])
def test_what_does_not_fit_together_leaves_nothing_behind(
    exported: Path, tmp_path: Path, spoil: Change
) -> None:
    content = content_of(exported)
    spoil(content)
    path = tmp_path / "mentor.json"
    path.write_text(json.dumps(content), "utf-8")
    store = new_store()

    with pytest.raises(ImportRefusedError, match=r"sk for a new /export"):
        take_in(store, rows_in(path))

    for table in TABLES:
        if table.is_exported:
            assert store.run_now(rows, f"select * from {table.name}") == []  # noqa: S608 -- ours
    store.close()


def _newer(content: dict[str, Any]) -> None:
    content["version"] = 99


def _unknown_table(content: dict[str, Any]) -> None:
    content["tables"]["dreams"] = []


def _unknown_column(content: dict[str, Any]) -> None:
    content["tables"]["learners"][0]["id) values (1); --"] = 1


def _no_instant(content: dict[str, Any]) -> None:
    content["tables"]["learners"][0]["created_at"] = "yesterday"


def _something_else(content: dict[str, Any]) -> None:
    content["format"] = "recipes"


@pytest.mark.parametrize(
    "spoil", [_newer, _unknown_table, _unknown_column, _no_instant, _something_else]
)
def test_a_file_of_another_kind_is_told_with_what_to_do(
    exported: Path, tmp_path: Path, spoil: Change
) -> None:
    content = content_of(exported)
    spoil(content)
    path = tmp_path / "mentor.json"
    path.write_text(json.dumps(content), "utf-8")

    with pytest.raises(ExportUnreadableError, match=str(path)):
        rows_in(path)


@pytest.mark.parametrize("size", [0, 1, 100, -100, -1])
def test_half_a_file_is_told(exported: Path, tmp_path: Path, size: int) -> None:
    path = tmp_path / "half.zip"
    path.write_bytes(exported.read_bytes()[:size])

    with pytest.raises(ExportUnreadableError, match=r"half\.zip"):
        rows_in(path)
