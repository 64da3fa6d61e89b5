"""Words and names found in a sentence in one pass, with what they stand for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.phrases.spelling import plain

_LETTER = re.compile("[a-z0-9]")


class Found(NamedTuple):
    start: int
    end: int
    signs: tuple[str, ...]


def spelled(text: str) -> str:
    """Small, half-width, simplified letters; every place stays."""
    return plain(text).lower()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names by their first two characters, the longest first, with the signs they stand for."""

    by_start: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Mapping[str, Iterable[str]]) -> "Lexicon":
        """From a sign to the names that stand for it; a name may have several signs."""
        signs: dict[str, tuple[str, ...]] = {}
        for sign, said in names.items():
            for name in {spelled(one).strip() for one in said} - {""}:
                signs[name] = (*signs.get(name, ()), sign)
        found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for name, each in signs.items():
            found.setdefault(name[:2], []).append((name, each))
        return cls(
            {
                start: tuple(sorted(each, key=lambda pair: -len(pair[0])))
                for start, each in found.items()
            }
        )

    def find(self, text: str) -> Iterator[Found]:
        """Names in a spelled text, from left to right, none inside another."""
        at = 0
        while at < len(text):
            found = self._at(text, at)
            if found is None:
                at += 1
            else:
                yield found
                at = found.end

    def _at(self, text: str, at: int) -> Found | None:
        here = self.by_start.get(text[at : at + 2], ())
        alone = self.by_start.get(text[at], ())
        if not (here or alone) or (at and _LETTER.match(text[at]) and _LETTER.match(text[at - 1])):
            return None
        for name, signs in (*here, *alone):
            if text.startswith(name, at) and not _goes_on(text, at + len(name)):
                return Found(at, at + len(name), signs)
        return None


def _goes_on(text: str, end: int) -> bool:
    """Whether a Latin word goes on there."""
    if end >= len(text) or not _LETTER.match(text[end - 1]):
        return False
    return _LETTER.match(text[end]) is not None
