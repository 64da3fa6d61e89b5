"""Write a curriculum into an installation's own folder, so that a person can go on with it."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import mkdtemp

import yaml
from rapidfuzz import fuzz, process
from typing_extensions import override

from learning.catalogue import CurriculumError
from learning.curriculum import Curriculum
from learning.values import Words
from store.authoring.guessing import unused
from store.authoring.importing import Content, Imported, PlanError
from store.authoring.schemas import write_schemas
from store.catalogue import CURRICULA, read_catalogue

SCHEMAS = "schema"
REPLACED = "curricula-replaced"
# New words count as the same task from this likeness on (0 to 100).
ALIKE = 90.0


def save(imported: Imported, own: Path, *, replace: bool, builtin: Path = CURRICULA) -> Path:
    """Write an imported plan below `own`, check it there, and give its folder.

    With `replace`, the version goes up by one, tasks keep the ids by which learners' marks are
    kept, and the folder that was there is moved beside `own`. With problems nothing is changed.

    Raises:
        PlanError: when the folder is there already and may not be replaced.
        CurriculumError: with what the check found.
    """
    id = imported.curriculum.id
    folder = own / id
    head, stages = imported.head, imported.stages
    version = 0
    if folder.exists():
        if not replace:
            expected = "expected no such folder yet, or --replace"
            raise PlanError([f"{folder}: {expected}, found one"])
        before = read_catalogue(builtin, own).curricula[id]
        version = before.version
        ids = _kept_ids(before, imported.curriculum)
        head = _renamed(head, ids) | {"version": version + 1}
        stages = {name: _renamed(stage, ids) for name, stage in stages.items()}
    own.mkdir(parents=True, exist_ok=True)
    # On the same disk as `own`, so that moving it there is one step.
    staged = Path(mkdtemp(prefix="importing-", dir=own.parent))
    try:
        _write(staged / id, head, stages)
        write_schemas(own / SCHEMAS)
        _swap(staged / id, folder, own.parent / REPLACED / f"{id}-{version}", own, builtin)
    finally:
        shutil.rmtree(staged)
    return folder


def _swap(new: Path, folder: Path, kept: Path, own: Path, builtin: Path) -> None:
    """Put a folder in its place, and everything back as it was when the check finds problems."""
    was_there = folder.exists()
    if was_there:
        kept.parent.mkdir(exist_ok=True)
        if kept.exists():
            shutil.rmtree(kept)
        folder.rename(kept)
    new.rename(folder)
    try:
        read_catalogue(builtin, own)
    except CurriculumError:
        shutil.rmtree(folder)
        if was_there:
            kept.rename(folder)
        raise


def _write(folder: Path, head: Content, stages: Mapping[str, Content]) -> None:
    folder.mkdir()
    for name, schema, content in (
        ("curriculum", "curriculum", head),
        *((name, "stage", stage) for name, stage in stages.items()),
    ):
        first = f"# yaml-language-server: $schema=../{SCHEMAS}/{schema}.schema.json\n"
        (folder / f"{name}.yaml").write_text(first + dumped(content), "utf-8")


class _Dumper(yaml.SafeDumper):
    """Lists stand below their name, two blanks in, as people write them."""

    @override
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    @override
    def ignore_aliases(self, data: object) -> bool:
        return True


def dumped(content: Content) -> str:
    """YAML as a person would write it: in blocks, in the file's order, no line broken."""
    return str(
        yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    )


def _kept_ids(before: Curriculum, after: Curriculum) -> dict[str, str]:
    """The id everything of the new version gets: what it had, where its words are nearly the same.

    An id that is gone is never given to something else, as learners' marks are kept by it.
    """
    kept: dict[str, str] = {}
    for old, new in zip(_named(before), _named(after), strict=True):
        taken = set(old)
        left = {id: words.zh for id, words in old.items()}
        for is_same in (True, False):
            for id, words in new.items():
                found = None if id in kept else _alike(words.zh, left, is_same=is_same)
                if found is not None:
                    kept[id] = found
                    del left[found]
        for id in new:
            if id not in kept:
                fresh = id if id not in taken else f"{id}-v{before.version + 1}"
                kept[id] = unused(fresh, taken | set(kept.values()))
    return kept


def _alike(text: str, ids: Mapping[str, str], *, is_same: bool) -> str | None:
    if is_same:
        return next((id for id, words in ids.items() if words == text), None)
    found = process.extractOne(text, ids, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return found[2] if found else None


def _named(curriculum: Curriculum) -> Iterator[dict[str, Words]]:
    """What has an id and words, kind by kind: tasks, units, stages, and what can be ticked."""
    yield {task.id: task.title for task in curriculum.tasks if task.session == 1}
    yield {unit.id: unit.title for unit in curriculum.units}
    yield {stage.id: stage.title for stage in curriculum.stages}
    yield {one.id: one for one in curriculum.criteria}
    yield {one.id: one.title for one in curriculum.checklists}
    yield {one.id: one.title for one in curriculum.sections}


def _renamed(content: Content, ids: Mapping[str, str]) -> Content:
    return {name: _renamed_in(name, value, ids) for name, value in content.items()}


def _renamed_in(name: str, value: object, ids: Mapping[str, str]) -> object:
    if isinstance(value, dict):
        return _renamed(value, ids)
    if isinstance(value, list):
        return [_renamed_in("", one, ids) for one in value]
    return ids.get(value, value) if name == "id" and isinstance(value, str) else value
