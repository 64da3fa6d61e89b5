"""Every link in the authors' files, with where it stands."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from store.yaml_file import YamlFile

_LINK = re.compile(
    r"https?://[^\s<>\"'`（）()，。；、：！\]]+(?:\([^\s()]*\))?[^\s<>\"'`（）()，。；、：！\]]*"
)


def links_in(folders: Iterable[Path]) -> dict[str, list[str]]:
    """Where each link stands: the id of what names it, file and line.

    Also read are files that the check would refuse; what cannot be read at all is left out.
    """
    places: dict[str, list[str]] = defaultdict(list)
    for folder in folders:
        for path in sorted(folder.rglob("*.yaml")):
            file = YamlFile.read(path, str(path), [])
            if file is None:
                continue
            for id, text, place in _texts(file.content, "", ()):
                for link in _LINK.findall(text):
                    places[link.rstrip(".,;:!?")].append(f"{id or '–'}  {path}:{file.line(place)}")
    return {link: list(dict.fromkeys(found)) for link, found in places.items()}


def _texts(
    content: object, id: str, place: tuple[str | int, ...]
) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    """Every text with the nearest id around it and its place."""
    if isinstance(content, str):
        yield id, content, place
    elif isinstance(content, dict):
        inner = str(content.get("id", id))
        for name, value in content.items():
            yield from _texts(value, inner, (*place, str(name)))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from _texts(value, id, (*place, number))
