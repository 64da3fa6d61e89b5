"""What was exported of a learner comes into a database, as a learner of its own.

Numbers are given anew, and whatever refers to them follows. What was under way in a chat or belongs
to a group stays behind: it means nothing elsewhere.
"""

from collections.abc import Mapping, Sequence

from learning.errors import MentorError
from store.errors import MisfitError
from store.personal import TABLES, Table, Whose
from store.port import Store
from store.script import Row, Script, change_each, row
from store.sqlite_schema import empty_tables

Exported = Mapping[str, Sequence[Row]]

STAYS = frozenset(
    {
        "link_codes",
        "expectations",
        "windows",
        "inbox",
        "outbox",
        "outbox_bodies",
        "members",
        "round_answers",
        "contributions",
        "group_notes",
    }
)
# What refers to a row without the schema's knowing.
_ALSO_REFERS = {("summaries", "until_seq"): "messages"}


class ImportRefusedError(MentorError):
    """An export that cannot come in; nothing of it did."""


def take_in(store: Store, exported: Exported) -> Mapping[str, int]:
    """Insert a learner's rows in one transaction, and give how many of each table.

    Raises:
        ImportRefusedError: when somebody with one of their accounts is known here already, when
            rows are somebody else's, or when they do not fit together.
    """
    try:
        return store.run_now(bring_in, exported)
    except MisfitError as error:
        raise ImportRefusedError(
            f"The rows do not fit together ({error}). Nothing was taken in; ask for a new /export."
        ) from error


def bring_in(exported: Exported) -> Script[Mapping[str, int]]:
    """The same as a script."""
    owner = _owner(exported)
    yield from _need_new(exported.get("identities", ()))
    numbers: dict[tuple[str, object], int] = {}
    counts: dict[str, int] = {}
    for table in TABLES:
        found = exported.get(table.name, ())
        if not found or table.name in STAYS or not table.is_exported:
            continue
        refers = _references(table)
        own = _own_number(table)
        ready: list[dict[str, object]] = []
        for one in found:
            _need_theirs(table, one, owner)
            values = {
                name: _renumbered(table, name, value, refers, numbers)
                for name, value in one.items()
            }
            if "scope" in values:
                values["scope"] = f"learner:{numbers['learners', owner]}"
            if own is None:
                ready.append(values)
                continue
            old = values.pop(own)
            numbers[table.name, old] = yield from _insert(table, values, own)
        if ready:
            yield from change_each(_sql(table, ready[0]), ready)
        counts[table.name] = len(found)
    return counts


def _owner(exported: Exported) -> object:
    learners = exported.get("learners", ())
    if len(learners) != 1:
        raise ImportRefusedError(
            f"learners: expected one, found {len(learners)}. Ask for a new /export."
        )
    return learners[0]["id"]


def _need_new(identities: Sequence[Row]) -> Script[None]:
    for one in identities:
        known = yield from row(
            "select learner from identities where platform = :platform and person = :person",
            platform=one["platform"],
            person=one["person"],
        )
        if known is not None:
            raise ImportRefusedError(
                f"{one['platform']} {one['person']}: is known here already, and nobody's data is "
                "mixed with an export. If the export is to take its place, forget them first: "
                f"mentor erase {one['platform']} {one['person']} --yes"
            )


def _need_theirs(table: Table, one: Row, owner: object) -> None:
    scope = one.get("scope", f"learner:{owner}") if table.whose is Whose.SCOPE else None
    if one.get("learner", owner) != owner or scope not in {None, f"learner:{owner}"}:
        raise ImportRefusedError(
            f"{table.export_name}: expected rows of learner {owner} alone, found somebody else's. "
            "The file was changed or put together; ask for a new /export."
        )


def _references(table: Table) -> Mapping[str, str]:
    """Columns that hold the number of another table's row."""
    keys = empty_tables().table(table.name).foreign_keys
    also = {name: other for (own, name), other in _ALSO_REFERS.items() if own == table.name}
    return {str(one.column): str(one.other_table) for one in keys} | also


def _own_number(table: Table) -> str | None:
    """The column that numbers a table's rows, None where they have other keys."""
    found = [one for one in empty_tables()[table.name].columns if one.is_pk]
    return found[0].name if len(found) == 1 and found[0].type == "INTEGER" else None


def _renumbered(
    table: Table,
    name: str,
    value: object,
    refers: Mapping[str, str],
    numbers: Mapping[tuple[str, object], int],
) -> object:
    other = refers.get(name)
    if other is None or value is None:
        return value
    found = numbers.get((other, value))
    if found is None and (table.name, name) not in _ALSO_REFERS:
        raise ImportRefusedError(
            f"{table.export_name}.{name}: expected a row of {other} with number {value}, found "
            "none. The file is not whole; ask for a new /export."
        )
    return 0 if found is None else found


def _insert(table: Table, values: Mapping[str, object], number: str) -> Script[int]:
    made = yield from row(f"{_sql(table, values)} returning {number} as number", **values)
    if made is None:
        raise ImportRefusedError(f"{table.export_name}: a row was not taken.")
    return int(made["number"])


def _sql(table: Table, values: Mapping[str, object]) -> str:
    # The names are those of the list of personal data, never the file's own.
    names = [name for name in table.columns if name in values]
    gaps = ", ".join(f":{name}" for name in names)
    return f"insert into {table.name} ({', '.join(names)}) values ({gaps})"
