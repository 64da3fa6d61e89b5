"""Read curricula/: YAML as text, checked by the values themselves, every problem at once."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar, cast

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from learning.catalogue import Catalogue, CurriculumError
from learning.curriculum import Concept, Curriculum, Resource, Stage, Value
from learning.rhythm import Rhythm

CURRICULA = Path(__file__).parent.parent / "curricula"

Place = tuple[str | int, ...]
V = TypeVar("V", Curriculum, Stage, Rhythm, Concept, Resource)


def read_catalogue(folder: Path = CURRICULA) -> Catalogue:
    """Read every curriculum, rhythm, concept and resource below `folder`.

    Raises:
        CurriculumError: with every problem found, each naming file, line, place, what was
            expected and what was found.
    """
    problems: list[str] = []
    files: dict[str, str] = {}
    curricula = [
        curriculum
        for path in sorted(folder.glob("*/curriculum.yaml"))
        for curriculum in _curriculum(path, problems, files)
    ]
    catalogue = Catalogue(
        curricula={one.id: one for one in curricula},
        rhythms={one.id: one for one in _listed(folder / "rhythms", Rhythm, problems, files)},
        concepts={one.id: one for one in _listed(folder / "concepts", Concept, problems, files)},
        resources={one.id: one for one in _listed(folder / "resources", Resource, problems, files)},
    )
    if not curricula and not problems:
        problems.append(f"{folder}: expected a folder with a curriculum.yaml, found none")
    if not problems:
        problems.extend(catalogue.broken_references(files))
    if problems:
        raise CurriculumError(tuple(problems))
    return catalogue


def _curriculum(path: Path, problems: list[str], files: dict[str, str]) -> Iterator[Curriculum]:
    """Read a curriculum and the stage files it names, in their order; note where each stands."""
    head = _File.read(path, problems)
    if head is None or not isinstance(head.content, dict):
        return
    named = head.content.get("stages")
    if not isinstance(named, list):
        problems.append(f"{head.at}: stages: expected a list of file names, found {named!r}")
        return
    before = len(problems)
    stages: list[Stage] = []
    seen: dict[str, str] = {}
    for name in named:
        file = _File.read(path.parent / f"{name}.yaml", problems)
        if file is not None:
            read = file.values(Stage, (file.content,), (), problems)
            for stage in read:
                problems.extend(file.ids_used_before(stage, seen))
            files.update({f"{path.parent.name}/{stage.id}": file.at for stage in read})
            stages += read
    if len(problems) > before:
        head.values(Curriculum, ({**head.content, "stages": _SOME_STAGE},), (), problems)
        return
    for curriculum in head.values(Curriculum, ({**head.content, "stages": stages},), (), problems):
        files[curriculum.id] = head.at
        if curriculum.id != path.parent.name:
            problems.append(
                f"{head.at}: id: expected the folder's name {path.parent.name!r}, "
                f"found {curriculum.id!r}"
            )
        yield curriculum


def _listed(
    folder: Path, shape: type[V], problems: list[str], files: dict[str, str]
) -> Iterator[V]:
    """Read every file of `folder`, each a list of values of one shape."""
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        file = _File.read(path, problems)
        if file is None:
            continue
        if isinstance(file.content, list):
            values = file.values(shape, file.content, None, problems)
            if len(values) == len(file.content):
                for n, value in enumerate(values):
                    problems.extend(file.used_before(value.id, value.id, (n, "id"), seen))
            for value in values:
                files[f"{folder.name}/{value.id}"] = file.at
                yield value
        else:
            problems.append(f"{file.at}: expected a list that starts with '- id:', found a mapping")


class _File:
    """One YAML file: its content as text, lists and maps, and the line of every place in it."""

    def __init__(self, path: Path, root: yaml.Node) -> None:
        self.at = "/".join(path.parts[-3:])
        self._root = root
        self.content = _content(root)

    @classmethod
    def read(cls, path: Path, problems: list[str]) -> "_File | None":
        at = "/".join(path.parts[-3:])
        try:
            # BaseLoader reads every value as text, so `no`, `1.10` and `12:30` arrive as written.
            root = yaml.compose(path.read_text("utf-8"), Loader=_LOADER)
        except FileNotFoundError:
            problems.append(f"{at}: expected this file, as curriculum.yaml names it, found none")
        except UnicodeDecodeError as error:
            problems.append(f"{at}: expected UTF-8 text, found byte {error.start} that is not")
        except yaml.YAMLError as error:
            problems.append(f"{at}: expected YAML, found: {' '.join(str(error).split())}")
        else:
            if root is not None:
                problems.extend(f"{at}:{problem}" for problem in _repeated_keys(root))
                return cls(path, root)
            problems.append(f"{at}: expected YAML, found an empty file")
        return None

    def values(
        self, shape: type[V], contents: Sequence[object], place: Place | None, problems: list[str]
    ) -> list[V]:
        """Make the values; `place` is where each stands, by its number when None."""
        values = []
        for number, content in enumerate(contents):
            at: Place = (number,) if place is None else place
            try:
                values.append(shape.model_validate(content))
            except ValidationError as invalid:
                problems.extend(
                    f"{self.at}:{self._line(at + error['loc'])}: "
                    f"{_words_of(at + error['loc'], self.content)}: {_sentence(error, shape)}"
                    for error in invalid.errors(include_url=False)
                )
        return values

    def ids_used_before(self, stage: Stage, seen: dict[str, str]) -> Iterator[str]:
        """Note where a stage's ids stand, and name those that stood somewhere before."""
        places: list[tuple[str, str, Place]] = [("stage", stage.id, ("id",))]
        for n, unit in enumerate(stage.units):
            places.append(("unit", unit.id, ("units", n, "id")))
            places += [
                ("task", task.id, ("units", n, "tasks", m, "id"))
                for m, task in enumerate(unit.tasks)
            ]
        for what, id, place in places:
            yield from self.used_before(f"{what} {id}", id, place, seen)

    def used_before(self, key: str, id: str, place: Place, seen: dict[str, str]) -> Iterator[str]:
        at = f"{self.at}:{self._line(place)}"
        if key in seen:
            yield f"{at}: id: expected one of its own, found {id!r}, which stands at {seen[key]}"
        seen.setdefault(key, at)

    def _line(self, place: Place) -> int:
        node = self._root
        for step in place:
            inner: yaml.Node | None = None
            if isinstance(node, yaml.MappingNode):
                inner = next((v for k, v in node.value if k.value == step), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                inner = node.value[step] if step < len(node.value) else None
            if inner is None:
                break
            node = inner
        return int(node.start_mark.line) + 1


def _content(node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _content(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_content(value) for value in node.value]
    return str(node.value)


def _repeated_keys(node: yaml.Node) -> Iterator[str]:
    """YAML lets a second key of the same name win in silence; an author should hear of it."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield f"{key.start_mark.line + 1}: {key.value}: expected once, found twice"
            seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated_keys(value)


def _words_of(place: Place, content: object) -> str:
    """Name a place as people do: `tasks[first-run].minutes` rather than `tasks.0.minutes`."""
    words: list[str] = []
    for step in place:
        if isinstance(content, Mapping):
            content = content.get(step)
        elif isinstance(content, Sequence) and not isinstance(content, str):
            content = content[step] if isinstance(step, int) and step < len(content) else None
        else:
            content = None
        if isinstance(step, int):
            id = content.get("id", step) if isinstance(content, Mapping) else step
            words.append(f"[{id}]")
        else:
            words.append(f".{step}" if words else str(step))
    return "".join(words) or "file"


def _sentence(error: ErrorDetails, shape: type[Value]) -> str:
    found = error["input"]
    if error["type"] == "missing":
        return "expected a value, found none"
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        near = process.extractOne(name, _names(shape), score_cutoff=70)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        return f"expected a known name, found {name!r}{hint}"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    shown = repr(found) if isinstance(found, str | int) else type(found).__name__
    expected = error["msg"].removeprefix("Input should be ").removeprefix("Input should ")
    return f"expected {expected}, found {shown[:80]}"


def _names(shape: type[Value]) -> set[str]:
    """Every field name that may occur somewhere in `shape`."""
    schema = shape.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return {name for part in parts for name in part.get("properties", {})}


# libyaml's loader is ten times faster; the wheels carry it, a source build may not.
_LOADER = cast("type[yaml.BaseLoader]", getattr(yaml, "CBaseLoader", yaml.BaseLoader))

_WORDS = {"zh": "-", "en": "-"}
_SOME_TASK = {"id": "x", "kind": "theory", "minutes": 5, "title": _WORDS} | {
    "evidence": _WORDS,
    "done_when": _WORDS,
}
# Stands in for stages that could not be read, so that the head's own mistakes are told as well.
_SOME_STAGE = [
    {"id": "x", "title": _WORDS, "period": _WORDS, "milestone": _WORDS}
    | {"units": [{"id": "x", "title": _WORDS, "tasks": [_SOME_TASK]}]}
]
