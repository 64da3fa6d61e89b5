"""Everything that is kept of a learner as two files: JSON for programs, Markdown for people.

The JSON can be read back, for another mentor.
"""

import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.cards.parts import zone_words
from bot.texts import Texts, texts_in
from learning.errors import MentorError
from learning.values import Language
from store.importing import Exported
from store.personal import TABLES, Table
from store.script import Row

# Of no use to a reader: what was said is told as the conversation.
ONLY_IN_JSON = frozenset({"inbox", "link_codes", "outbox", "outbox_bodies", "windows"})
# Numbers that link rows, and what only a program can use.
_FOR_PROGRAMS = frozenset(
    {
        "address",
        "calls",
        "cohort",
        "details",
        "difficulty",
        "digest",
        "enrolment",
        "files",
        "frozen",
        "gap",
        "id",
        "invited",
        "ignored_pushes",
        "is_foreign",
        "judged",
        "last_announcement",
        "learner",
        "met",
        "offered",
        "option",
        "pair",
        "place",
        "plan",
        "position",
        "points",
        "question",
        "quiz",
        "reached_at",
        "reserved",
        "round",
        "scope",
        "seed",
        "seq",
        "settled_at",
        "stability",
        "submission",
        "told_at",
        "turn",
        "until_seq",
        "version",
        "wording",
    }
)
_WHETHER = frozenset(
    {"announcements", "is_fine", "is_right", "looked_after", "may_keep", "pushes_on"}
)
# For programs that read an export: it grows when the shape changes.
VERSION = 1
# A hundred times what the longest of learners leave behind.
LARGEST = 1_000_000_000

Kept = Mapping[str, Sequence[Row]]


def files_of(kept: Kept, at: int) -> tuple[tuple[str, str], ...]:
    """The name and text of each file. `at` is when they were made, in seconds since 1970."""
    owner = kept["learners"][0]
    language: Language = "zh" if owner["language"] == "zh" else "en"
    tables = [(one, _told(one, kept[one.name])) for one in TABLES if kept.get(one.name)]
    page = _Page(texts_in(language), ZoneInfo(str(owner["zone"])))
    return (
        ("mentor.json", _json(tables, _instant(at))),
        ("mentor.md", page.written([(one, kept[one.name]) for one, _ in tables], at)),
    )


Told = Sequence[Mapping[str, object]]


def _told(table: Table, rows: Sequence[Row]) -> Told:
    """Rows as stored, with instants as ISO and JSON as what it holds."""
    return [{name: _value(table, name, value) for name, value in row.items()} for row in rows]


def _value(table: Table, column: str, value: object) -> object:
    if column in table.instants and isinstance(value, int):
        return _instant(value)
    if column in table.json and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _json(tables: Sequence[tuple[Table, Told]], made_at: str) -> str:
    content = {
        "format": "mentor-export",
        "version": VERSION,
        "made_at": made_at,
        "about": {
            one.export_name: {"purpose": one.purpose, "kept": one.kept, "columns": one.columns}
            for one, _ in tables
        },
        "tables": {one.export_name: rows for one, rows in tables},
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


class ExportUnreadableError(MentorError):
    """A file that is no whole export."""


def rows_in(path: Path) -> Exported:
    """The rows of an export as they are stored, by table; the file is the archive or its JSON.

    Raises:
        ExportUnreadableError: when it is no export, is damaged or was made by a newer version.
    """
    content = _content(path)
    if content.get("format") != "mentor-export" or not isinstance(content.get("tables"), dict):
        raise ExportUnreadableError(
            f"{path}: expected what /export gave (a zip, or the mentor.json in it), found "
            "something else."
        )
    version = content.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise ExportUnreadableError(
            f"{path}: expected version {VERSION} of an export, found {version}. Update this mentor."
        )
    tables = {one.export_name: one for one in TABLES if one.is_exported}
    found: dict[str, Sequence[Row]] = {}
    for name, rows in content["tables"].items():
        table = tables.get(name)
        if table is None or not isinstance(rows, list):
            raise ExportUnreadableError(
                f"{path}: a table {name!r} is unknown here. Update this mentor."
            )
        found[table.name] = [_stored(path, table, one) for one in rows]
    return found


def _content(path: Path) -> Mapping[str, Any]:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                size = archive.getinfo("mentor.json").file_size
                if size > LARGEST:
                    raise ExportUnreadableError(
                        f"{path}: mentor.json has {size / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} "
                        "MB are read."
                    )
                text = archive.read("mentor.json")
        else:
            text = path.read_bytes()
        found = json.loads(text)
    except (KeyError, ValueError, RecursionError, zipfile.BadZipFile, zlib.error) as error:
        raise ExportUnreadableError(
            f"{path}: expected what /export gave, found a file that is damaged or something else "
            f"({type(error).__name__}). Ask for a new /export."
        ) from error
    return found if isinstance(found, dict) else {}


def _stored(path: Path, table: Table, one: object) -> Row:
    """A row as it is stored: seconds for instants, text for JSON."""
    if not isinstance(one, dict) or not one.keys() <= table.columns.keys():
        names = sorted(one.keys() - table.columns.keys()) if isinstance(one, dict) else one
        raise ExportUnreadableError(
            f"{path}: {table.export_name}: expected columns known here, found {names}. "
            "Update this mentor."
        )
    return {name: _unread(path, table, name, value) for name, value in one.items()}


def _unread(path: Path, table: Table, column: str, value: object) -> object:
    try:
        if column in table.instants and isinstance(value, str):
            return int(datetime.fromisoformat(value).timestamp())
    except (ValueError, OverflowError) as error:
        raise ExportUnreadableError(
            f"{path}: {table.export_name}.{column}: expected an instant such as "
            f"2026-11-23T08:00:00+00:00, found {value!r}."
        ) from error
    if column in table.json and value is not None:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict | list):
        raise ExportUnreadableError(
            f"{path}: {table.export_name}.{column}: expected a plain value, found {value!r:.80}."
        )
    return value


@dataclass(frozen=True, slots=True)
class _Page:
    """The page for people: columns by name, times by the learner's own clock."""

    texts: Texts
    zone: ZoneInfo

    def written(self, tables: Sequence[tuple[Table, Sequence[Row]]], at: int) -> str:
        label = self.texts.label
        parts = [
            label("export.title", at=self._time(at)),
            label("export.how_to_read", zone=zone_words(self.zone.key)),
        ]
        for table, rows in tables:
            title = label(f"kept.{table.export_name}")
            parts.append(f"## {title} ({len(rows)})")
            if table.name in ONLY_IN_JSON:
                parts.append(label("export.only_in_json"))
            else:
                is_talk = table.name == "messages"
                parts.append(self._talk(table, rows) if is_talk else self._grid(table, rows))
        return "\n\n".join(part for part in parts if part) + "\n"

    def _time(self, seconds: int) -> str:
        return f"{datetime.fromtimestamp(seconds, self.zone):%Y-%m-%d %H:%M}"

    def _talk(self, table: Table, rows: Sequence[Row]) -> str:
        """The conversation as people read it; what tools told a model is in the other file."""
        names = {"human": self.texts.label("export.you"), "ai": self.texts.label("export.mentor")}
        said = []
        for one in rows:
            content = _value(table, "content", one["content"])
            text = content.get("text") if isinstance(content, dict) else content
            name = names.get(str(one["role"]))
            if name and text:
                quoted = "\n".join(f"> {line}" for line in str(text).splitlines())
                said.append(f"**{name}** · {self._time(int(one['at']))}\n\n{quoted}")
        return "\n\n".join(said)

    def _grid(self, table: Table, rows: Sequence[Row]) -> str:
        """A Markdown table, without the columns that are empty or of no use to a reader."""
        columns = shown_columns(table)
        columns = [name for name in columns if any(one[name] is not None for one in rows)]
        if not columns:
            return self.texts.label("export.only_in_json")
        heads = [self.texts.label(f"column.{name}") for name in columns]
        lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(columns)}"]
        for one in rows:
            cells = (self._cell(table, name, one[name]) for name in columns)
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines)

    def _cell(self, table: Table, column: str, stored: object) -> str:
        value = stored
        if column in table.instants and isinstance(stored, int):
            value = self._time(stored)
        elif column in _WHETHER:
            value = self.texts.label("export.yes" if stored else "export.no")
        elif column == "source":
            # Where it was said stands before what was said.
            value = str(stored or "").partition(":")[2]
        elif stored is not None:
            value = self._in_words(_value(table, column, stored))
        text = "" if value is None else str(value)
        text = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
        return "<br>".join(text.splitlines())

    def _in_words(self, value: object) -> str:
        """Lists and pairs without the signs of a program."""
        if isinstance(value, dict):
            if {"zh", "en"} <= value.keys():
                return str(value[self.texts.language])
            pairs = [f"{name}: {self._in_words(one)}" for name, one in value.items()]
            return self.texts.listed(pairs)
        if isinstance(value, list):
            return self.texts.listed(self._in_words(one) for one in value if one is not None)
        return "" if value is None else str(value)


def shown_columns(table: Table) -> list[str]:
    """The columns that the page for people shows."""
    hidden = _FOR_PROGRAMS | ({"task"} if "title" in table.columns else frozenset())
    return [name for name in table.columns if name not in hidden]
