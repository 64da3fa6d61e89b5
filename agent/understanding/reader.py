"""The reader: how much a sentence resembles each intent, by weights that were learned before."""

import base64
import hashlib
import json
import math
import zlib
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agent.understanding.features import features_of
from agent.understanding.lexicon import Lexicon

HERE = Path(__file__).parent
WEIGHTS = HERE / "weights.json"
SOURCES = ("examples.zh.yaml", "examples.en.yaml", "words.yaml")


@dataclass(frozen=True, slots=True)
class Reading:
    """How likely each intent is, the likeliest first; `known` is the share of known features."""

    chances: tuple[tuple[str, float], ...]
    known: float = 1.0

    @property
    def best(self) -> str:
        return self.chances[0][0]

    @property
    def chance(self) -> float:
        return self.chances[0][1]

    def chance_of(self, *intents: str) -> float:
        return sum(chance for intent, chance in self.chances if intent in intents)


@dataclass(frozen=True, slots=True)
class Reader:
    """A feature, as its checksum, has a row of weights: pairs of an intent's place and a weight.

    `rows` says where a row starts and ends in `pairs`; weights are whole numbers times `scale`.
    """

    intents: tuple[str, ...]
    bias: tuple[float, ...]
    scale: float
    rows: Mapping[int, tuple[int, int]]
    pairs: bytes
    words: Lexicon
    digest: str

    def read(self, said: str, by_rules: str, names: Lexicon) -> Reading:
        """`by_rules` is the intent that the rules found; it counts as one feature among others."""
        sums = [0] * len(self.intents)
        known = 0
        features = {*features_of(said, names, self.words), f"rule:{by_rules}"}
        for feature in features:
            row = self.rows.get(checksum(feature))
            if row is None:
                continue
            known += 1
            pairs = self.pairs[row[0] : row[1]]
            for intent, weight in zip(pairs[::2], pairs[1::2], strict=True):
                sums[intent] += weight - 128
        factor = self.scale / math.sqrt(known or 1)
        scores = [bias + factor * each for bias, each in zip(self.bias, sums, strict=True)]
        highest = max(scores)
        shares = [math.exp(score - highest) for score in scores]
        whole = sum(shares)
        order = sorted(range(len(shares)), key=lambda n: -shares[n])
        chances = tuple((self.intents[n], shares[n] / whole) for n in order)
        return Reading(chances, known / len(features))


def checksum(feature: str) -> int:
    return zlib.crc32(feature.encode())


@cache
def reader() -> Reader:
    """The reader as it was trained, read from its file at the first need."""
    return from_json(WEIGHTS.read_text(encoding="utf-8"))


def from_json(text: str) -> Reader:
    kept = json.loads(text)
    blobs = {
        name: zlib.decompress(base64.b64decode(kept[name])) for name in ("keys", "sizes", "pairs")
    }
    keys = array("I", blobs["keys"])
    rows: dict[int, tuple[int, int]] = {}
    start = 0
    for key, size in zip(keys, blobs["sizes"], strict=True):
        rows[key] = (start, start + 2 * size)
        start += 2 * size
    return Reader(
        intents=tuple(kept["intents"]),
        bias=tuple(kept["bias"]),
        scale=kept["scale"],
        rows=rows,
        pairs=blobs["pairs"],
        words=Lexicon.of(kept["words"]),
        digest=kept["digest"],
    )


def digest_of_sources() -> str:
    """What the weights were learned from, so that stale ones are noticed."""
    sources = b"\0".join((HERE / name).read_bytes() for name in SOURCES)
    return hashlib.sha256(sources).hexdigest()[:32]
