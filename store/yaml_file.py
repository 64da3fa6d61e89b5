"""One YAML file of an author: its text as it was written, and the line of everything in it."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar, cast

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from learning.values import Value, type_id

Place = tuple[str | int, ...]
V = TypeVar("V", bound=Value)

_PATTERNS = {
    type_id: "small letters, digits and hyphens, such as my-task-1",
    r"^https://\S+$": "an address that begins with https://",
}
_HINTS = {
    "mapping values are not allowed": " (a text that contains ': ' goes into quotes)",
    "cannot start any token": " (blanks instead of tabs; such a text goes into quotes)",
    "did not find expected": " (look for a quote or bracket that is open, or blanks in front)",
    "unexpected end of stream": " (look for a quote or bracket that is open)",
    "could not find expected ':'": " (look for a missing ':' or blanks in front of the line)",
}
_SHOULD = re.compile(r"^(?:Input|String|Value|Tuple|List) should (?:be |have )?")


class YamlFile:
    """One YAML file: its content as text, lists and maps, and the line of every place in it."""

    def __init__(self, at: str, root: yaml.Node) -> None:
        self.at = at
        self._root = root
        self.content = _content(root)

    @classmethod
    def read(cls, path: Path, at: str, problems: list[str]) -> "YamlFile | None":
        """Read the file at `path`, which `at` names for people; a problem gives None."""
        try:
            # BaseLoader reads every value as text, so `no`, `1.10` and `12:30` arrive as written.
            root = yaml.compose(path.read_text("utf-8"), Loader=_LOADER)
        except FileNotFoundError:
            problems.append(f"{at}: expected this file, as curriculum.yaml names it, found none")
        except UnicodeDecodeError as error:
            problems.append(f"{at}: expected UTF-8 text, found byte {error.start} that is not")
        except yaml.YAMLError as error:
            problems.append(f"{at}: expected YAML, found: {_found_by_parser(error)}")
        except OSError as error:
            problems.append(f"{at}: expected a readable file, found: {error.strerror}")
        else:
            if root is not None:
                problems.extend(f"{at}:{problem}" for problem in _repeated_keys(root))
                return cls(at, root)
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
                    f"{self.at}:{self.line(at + error['loc'])}: "
                    f"{_words_of(at + error['loc'], self.content)}: {_sentence(error, shape)}"
                    for error in invalid.errors(include_url=False)
                    if not _follows_from_others(error)
                )
        return values

    def used_before(self, key: str, id: str, place: Place, seen: dict[str, str]) -> Iterator[str]:
        at = f"{self.at}:{self.line(place)}"
        if key in seen:
            yield f"{at}: id: expected one of its own, found {id!r}, which stands at {seen[key]}"
        seen.setdefault(key, at)

    def line(self, place: Place) -> int:
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


def _found_by_parser(error: yaml.YAMLError) -> str:
    """The parser's words, with what usually helps."""
    words = " ".join(str(error).replace('in "<unicode string>", ', "at ").split())
    hint = next((hint for sign, hint in _HINTS.items() if sign in words), "")
    return f"{words}{hint}"


def _content(node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _content(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_content(value) for value in node.value]
    # Ids stand in many places; each is kept once.
    return sys.intern(str(node.value))


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


def _follows_from_others(error: ErrorDetails) -> bool:
    """A list that is too short only because its items are wrong, which is told already."""
    found = error["input"]
    is_short = error["type"] == "too_short" and isinstance(found, Sequence)
    return is_short and len(found) >= int(error["ctx"]["min_length"])


def _sentence(error: ErrorDetails, shape: type[Value]) -> str:
    found = error["input"]
    if error["type"] == "missing":
        return "expected a value, found none"
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        near = process.extractOne(name, _names(shape), score_cutoff=70)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        return f"expected a known name, found {name!r}{hint}"
    if error["type"] == "string_pattern_mismatch" and error["ctx"]["pattern"] in _PATTERNS:
        return f"expected {_PATTERNS[error['ctx']['pattern']]}, found {str(found)[:80]!r}"
    if error["type"] == "too_short":
        return f"expected at least {error['ctx']['min_length']}, found {len(found)}"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    shown = repr(found) if isinstance(found, str | int) else type(found).__name__
    expected = _SHOULD.sub("", error["msg"])
    return f"expected {expected}, found {shown[:80]}"


def _names(shape: type[Value]) -> set[str]:
    """Every field name that may occur somewhere in `shape`."""
    schema = shape.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    parts += [option for part in parts for option in part.get("anyOf", ())]
    return {name for part in parts for name in part.get("properties", {})}


# libyaml's loader is ten times faster; the wheels carry it, a source build may not.
_LOADER = cast("type[yaml.BaseLoader]", getattr(yaml, "CBaseLoader", yaml.BaseLoader))
