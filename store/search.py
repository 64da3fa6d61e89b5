"""Find resources by their words: SQLite's full-text index over the catalogue, in memory.

The index is made of files that every process has, so it lives beside no database of learners and
is the same whichever of them is used.
"""

import math
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlite_utils import Database

from learning.concepts import Concept
from learning.resources import Resource
from learning.search import (
    Hit,
    Synonyms,
    Wanted,
    asked_words,
    named_groups,
    words_in,
)

# Weights of bm25 for title, tags, names of concepts, and note: who curates tags means them.
WEIGHTS = (10.0, 8.0, 2.0, 0.7)
# What a word's synonyms count beside the word itself; as much as itself makes results worse.
SYNONYM = 0.2
# A title or tag that stands in the query whole, in proportion to how much of the query it is.
WHOLE_PHRASE = 0.6
# A pair of characters that nobody has often only spans two words of a query.
UNKNOWN_PAIR = 0.3
# A wished-for kind comes first among matches of about the same strength.
KIND = 1.6
# Least likeness of a misspelt Latin word to a word of the catalogue, 0 to 100.
MISSPELT = 86.0
MOST_WORDS = 24
CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing a query asks for: any of the alternatives, each a set of words, answers it."""

    alternatives: tuple[frozenset[str], ...]
    weight: float


class ResourceIndex:
    """Finds resources; built when first asked, since many runs never search."""

    def __init__(
        self,
        resources: Mapping[str, Resource],
        concepts: Mapping[str, Concept],
        synonyms: Sequence[Synonyms],
    ) -> None:
        self._resources = resources
        self._concepts = concepts
        self._synonyms = synonyms
        self._lock = threading.Lock()
        self._words: dict[str, frozenset[str]] = {}
        self._phrases: dict[str, tuple[frozenset[str], ...]] = {}
        self._count_of: Counter[str] = Counter()
        self._db: Database | None = None

    def find(self, wanted: Wanted, limit: int) -> tuple[Hit, ...]:
        """The best matches, best first. Nothing in a query can be read as an FTS operator."""
        with self._lock:
            db = self._db or self._build()
        if wanted.like is not None:
            return self._alike(wanted, limit)
        own = tuple(map(self._spelt, asked_words(wanted.text)))[:MOST_WORDS]
        if not own:
            return ()
        groups = named_groups(wanted.text, self._synonyms)
        others = {word for _, group in groups for one in group.words for word in words_in(one)}
        scores = self._scores(db, own)
        for id, score in self._scores(db, tuple(sorted(others - set(own)))).items():
            scores[id] = scores.get(id, 0.0) + SYNONYM * score
        parts = self._parts(own, groups)
        hits = [
            Hit(id, score * self._favour(id, frozenset(own), wanted), self._share(id, parts))
            for id, score in scores.items()
            if wanted.allows(self._resources[id])
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.id))
        return tuple(hits[:limit])

    def _build(self) -> Database:
        db = Database(sqlite3.connect(":memory:", check_same_thread=False))
        rows = [self._row(one) for one in self._resources.values()]
        table = db.table("resources")
        table.insert_all(rows, pk="id")
        table.enable_fts(["title", "tags", "concepts", "note"], tokenize="unicode61")
        for one in self._resources.values():
            named = (one.title.zh, one.title.en, *one.tags)
            self._phrases[one.id] = tuple(frozenset(words_in(phrase)) for phrase in named)
        for row in rows:
            words = frozenset(" ".join(row.values()).split())
            self._words[row["id"]] = words
            self._count_of.update(words)
        self._db = db
        return db

    def _row(self, one: Resource) -> dict[str, str]:
        names = [
            name
            for id in one.concepts
            if (concept := self._concepts.get(id))
            for name in (concept.name.zh, concept.name.en, *concept.aliases)
        ]
        return {
            "id": one.id,
            "title": _spaced([one.title.zh, one.title.en, one.id]),
            "tags": _spaced(one.tags),
            "concepts": _spaced(names),
            "note": _spaced([one.note.zh, one.note.en]),
        }

    def _scores(self, db: Database, words: Sequence[str]) -> dict[str, float]:
        if not words:
            return {}
        # Quoted, a word is a word: AND, NEAR, * and the like mean nothing special.
        match = " OR ".join(f'"{word}"' for word in words)
        weights = ", ".join(str(weight) for weight in WEIGHTS)
        with self._lock:
            found = db.execute(
                f"select r.id, bm25(resources_fts, {weights}) from resources_fts "
                "join resources r on r.rowid = resources_fts.rowid "
                "where resources_fts match ? order by 2 limit ?",
                (match, CANDIDATES),
            ).fetchall()
        return {id: -score for id, score in found}

    def _favour(self, id: str, own: frozenset[str], wanted: Wanted) -> float:
        """What makes a match better than its words: a whole phrase, or the kind wished for."""
        whole = max((len(one) for one in self._phrases[id] if one <= own), default=0)
        kind = KIND if self._resources[id].kind in wanted.kinds else 1.0
        return kind * (1 + WHOLE_PHRASE * whole / len(own))

    def _parts(
        self, own: Sequence[str], groups: Iterable[tuple[str, Synonyms]]
    ) -> tuple[_Part, ...]:
        parts: list[_Part] = []
        covered: set[str] = set()
        for said, group in groups:
            words = set(words_in(said))
            covered |= words
            alternatives = tuple(frozenset(words_in(one)) for one in group.words)
            parts.append(_Part(alternatives, max(map(self._rarity, words))))
        left = [word for word in own if word not in covered]
        parts += [_Part((frozenset({word}),), self._rarity(word)) for word in left]
        return tuple(parts)

    def _share(self, id: str, parts: Sequence[_Part]) -> float:
        words = self._words[id]
        whole = sum(part.weight for part in parts)
        answered = sum(
            part.weight for part in parts if any(one <= words for one in part.alternatives)
        )
        return answered / whole if whole else 0.0

    def _rarity(self, word: str) -> float:
        """Inverse document frequency; a word nobody has is as rare as can be."""
        rarity = math.log(1 + len(self._words) / (0.5 + self._count_of[word]))
        return rarity if word.isascii() or self._count_of[word] else UNKNOWN_PAIR * rarity

    def _spelt(self, word: str) -> str:
        if word in self._count_of or not word.isascii() or len(word) < 5 or word.isdecimal():
            return word
        near = process.extractOne(
            word, self._count_of.keys(), scorer=fuzz.ratio, score_cutoff=MISSPELT
        )
        return near[0] if near else word

    def _alike(self, wanted: Wanted, limit: int) -> tuple[Hit, ...]:
        """Others about the same concepts, those of the same kind first."""
        like = self._resources.get(wanted.like or "")
        if like is None:
            return ()
        hits = []
        for one in self._resources.values():
            shared = len(set(one.concepts) & set(like.concepts))
            if one.id != like.id and shared and wanted.allows(one):
                tags = len(set(one.tags) & set(like.tags))
                score = shared + 0.5 * (one.kind == like.kind) + 0.2 * tags
                hits.append(Hit(one.id, score, 1.0))
        hits.sort(key=lambda hit: (-hit.score, hit.id))
        return tuple(hits[:limit])


def _spaced(texts: Iterable[str]) -> str:
    return " ".join(word for text in texts for word in words_in(text))
