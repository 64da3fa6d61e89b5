"""Everything that is kept of a learner as two files: JSON for programs, Markdown for people."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.texts import Texts, texts_in
from learning.values import Language
from store.personal import TABLES, Table
from store.script import Row

# Of no use to a reader: what was said is told as the conversation.
_ONLY_IN_JSON = frozenset({"inbox", "outbox", "windows"})
# For programs that read an export: it grows when the shape changes.
VERSION = 1

Kept = Mapping[str, Sequence[Row]]


def files_of(kept: Kept, at: int) -> tuple[tuple[str, str], ...]:
    """The name and text of each file. `at` is when they were made, in seconds since 1970."""
    made_at = _instant(at)
    language: Language = "zh" if kept["learners"][0]["language"] == "zh" else "en"
    tables = [(one, _told(one, kept[one.name])) for one in TABLES if kept.get(one.name)]
    return (
        ("mentor.json", _json(tables, made_at)),
        ("mentor.md", _markdown(tables, made_at, texts_in(language))),
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


def _markdown(tables: Sequence[tuple[Table, Told]], made_at: str, texts: Texts) -> str:
    parts = [texts.label("export.title", at=made_at), texts.label("export.how_to_read")]
    for table, rows in tables:
        title = texts.label(f"kept.{table.export_name}")
        parts.append(f"## {title} · `{table.export_name}` ({len(rows)})")
        if table.name in _ONLY_IN_JSON:
            parts.append(texts.label("export.only_in_json"))
        else:
            parts.append(_talk(rows, texts) if table.name == "messages" else _grid(rows, texts))
    return "\n\n".join(parts) + "\n"


def _talk(rows: Told, texts: Texts) -> str:
    """The conversation as people read it; what tools told a model is in the other file."""
    names = {"human": texts.label("export.you"), "ai": texts.label("export.mentor")}
    said = []
    for one in rows:
        content = one["content"]
        text = content.get("text") if isinstance(content, dict) else content
        name = names.get(str(one["role"]))
        if name and text:
            quoted = "\n".join(f"> {line}" for line in str(text).splitlines())
            said.append(f"**{name}** · {one['at']}\n\n{quoted}")
    return "\n\n".join(said)


def _grid(rows: Told, texts: Texts) -> str:
    """A Markdown table, without the columns that are empty in every row."""
    columns = [name for name in rows[0] if any(one[name] is not None for one in rows)]
    lines = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
    lines += [f"| {' | '.join(_cell(one[name], texts) for name in columns)} |" for one in rows]
    return "\n".join(lines)


def _cell(value: object, texts: Texts) -> str:
    if value is None:
        return ""
    if isinstance(value, dict) and {"zh", "en"} <= value.keys():
        value = value[texts.language]
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return "<br>".join(text.splitlines())
