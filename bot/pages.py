"""The pages of docs/ that are made from the program itself: `make docs`."""

from collections.abc import Mapping
from pathlib import Path

from bot.settings import KNOWN
from store.personal import TABLES, Erase, Whose

DOCS = Path(__file__).parent.parent / "docs"
_ERASED = {
    Erase.DELETE: "deleted with the learner",
    Erase.EMPTY: "emptied with the learner",
    Erase.NOTHING: "nobody's",
}


def pages() -> Mapping[str, str]:
    """The text of each page by the name of its file."""
    return {"settings.md": _settings(), "data.md": _data()}


def _settings() -> str:
    rows = [f"| `{name}` | {what} | {default} |" for name, (what, default) in KNOWN.items()]
    return "\n".join(
        [
            "# Settings",
            "",
            "All of them, from the environment. `NAME_FILE` names a file that holds the value of "
            "`NAME`, and goes first. Every problem is told at once, each with its remedy, with "
            "exit code 78. Made from the program by `make docs`.",
            "",
            "| setting | what it is for | without it |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _data() -> str:
    parts = [
        "# What is kept",
        "",
        "Every table and column of the database: what it is for, how long it stays, and whether it "
        "is in `/export` and goes with `/forget`. A test holds this list against the schema. Made "
        "from the program by `make docs`.",
        "",
    ]
    for table in TABLES:
        leaves = "in `/export`" if table.whose is not Whose.NOBODY else "not in an export"
        parts += [
            f"## {table.name}",
            "",
            f"{table.purpose} Kept: {table.kept}; {leaves}, {_ERASED[table.erase]}.",
            "",
            "| column | what it holds |",
            "|---|---|",
            *(f"| `{name}` | {what} |" for name, what in table.columns.items()),
            "",
        ]
    return "\n".join(parts)


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, "utf-8")
