"""Learn the weights of the second reader from its examples: `make understanding`.

Prints how often it is right on examples that were held back from it (cross-validation), by itself
and together with the rules, and writes `agent/understanding/weights.json`.
"""

import base64
import json
import random
import statistics
import time
import zlib
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from agent.router import route
from agent.understanding.features import features_of
from agent.understanding.intents import intent_of
from agent.understanding.lexicon import Lexicon
from agent.understanding.names import names_of
from agent.understanding.reader import (
    HERE,
    WEIGHTS,
    Reading,
    checksum,
    digest_of_sources,
    from_json,
    reader,
)
from agent.understanding.understand import understood
from learning.values import Language
from tests.builders import built_in

FOLDS = 5
# A feature that fewer examples have says nothing of others; weaker weights hardly matter.
FEWEST = 3
WEAKEST = 0.25
STRENGTH = 30.0
TUESDAY = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Example:
    said: str
    intent: str
    language: Language
    by_rules: str
    features: frozenset[str]


def examples() -> list[Example]:
    """All examples in a fixed random order."""
    names, words = names_of(built_in()), Lexicon.of(words_of_file())
    found = []
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        for intent, sentences in _yaml(f"examples.{language}.yaml").items():
            for said in sentences:
                routed = route(said, TUESDAY, language)
                rule = intent_of(routed.calls[0] if routed.calls else None, routed.say)
                features = frozenset((*features_of(said, names, words), f"rule:{rule}"))
                found.append(Example(said, intent, language, rule, features))
    random.Random(1).shuffle(found)
    return found


def words_of_file() -> Mapping[str, list[str]]:
    return _yaml("words.yaml")


def _yaml(name: str) -> Mapping[str, list[str]]:
    text = (HERE / name).read_text(encoding="utf-8")
    read: Mapping[str, list[str]] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 -- text only
    return read


def learned(taught: Sequence[Example]) -> str:
    """The weights as the reader's file holds them."""
    counts = Counter(feature for one in taught for feature in one.features)
    places = {
        feature: place
        for place, feature in enumerate(sorted(f for f, n in counts.items() if n >= FEWEST))
    }
    columns = [[places[f] for f in one.features if f in places] for one in taught]
    matrix = csr_matrix(
        (
            [1 / max(len(row), 1) ** 0.5 for row in columns for _ in row],
            [place for row in columns for place in row],
            np.cumsum([0, *map(len, columns)]),
        ),
        shape=(len(taught), len(places)),
    )
    model = LogisticRegression(C=STRENGTH, max_iter=400, tol=1e-3)
    model.fit(matrix, [one.intent for one in taught])
    return _packed(model, list(places))


def _packed(model: LogisticRegression, features: Sequence[str]) -> str:
    weights = np.where(np.abs(model.coef_) >= WEAKEST, model.coef_, 0.0)
    scale = float(np.abs(weights).max()) / 127
    whole = np.round(weights / scale).astype(int).T
    rows: dict[int, np.ndarray[tuple[int, ...], np.dtype[np.int64]]] = {}
    for feature, row in zip(features, whole, strict=True):
        key = checksum(feature)
        rows[key] = rows[key] + row if key in rows else row
    rows = {key: np.clip(row, -127, 127) for key, row in sorted(rows.items()) if row.any()}
    pairs = bytearray()
    for row in rows.values():
        for intent in np.flatnonzero(row):
            pairs += bytes((int(intent), int(row[intent]) + 128))
    return json.dumps(
        {
            "digest": digest_of_sources(),
            "intents": list(model.classes_),
            "bias": [round(float(one), 4) for one in model.intercept_],
            "scale": scale,
            "words": words_of_file(),
            "keys": _blob(array("I", rows).tobytes()),
            "sizes": _blob(bytes(int(np.count_nonzero(row)) for row in rows.values())),
            "pairs": _blob(bytes(pairs)),
        },
        ensure_ascii=False,
        indent=0,
    )


def _blob(raw: bytes) -> str:
    return base64.b64encode(zlib.compress(raw, 9)).decode()


def held_back(taught: Sequence[Example]) -> list[tuple[Example, Reading]]:
    """Each example as a reader reads it that has not seen it."""
    names = names_of(built_in())
    read = []
    for fold in range(FOLDS):
        rest = [one for n, one in enumerate(taught) if n % FOLDS != fold]
        learner = from_json(learned(rest))
        for one in taught[fold::FOLDS]:
            reading = learner.read(one.said, one.by_rules, names)
            read += [(one, reading)]
    return read


def median_cpu(sentences: Sequence[Example]) -> float:
    """Milliseconds for the rules and the reader together."""
    names = names_of(built_in())
    figures = []
    for one in sentences:
        before = time.process_time()
        understood(one.said, TUESDAY, one.language, names=names)
        figures.append(1000 * (time.process_time() - before))
    return statistics.median(figures)


def main() -> None:
    began = time.monotonic()
    taught = examples()
    read = held_back(taught)
    for language in ("zh", "en"):
        of_language = [(one, reading) for one, reading in read if one.language == language]
        rules = sum(one.by_rules == one.intent for one, _ in of_language) / len(of_language)
        right = sum(reading.best == one.intent for one, reading in of_language) / len(of_language)
        sure = [(one, reading) for one, reading in of_language if reading.chance >= 0.6]
        sure_right = sum(reading.best == one.intent for one, reading in sure) / len(sure)
        print(
            f"{language}: {len(of_language)} examples; rules alone {rules:.1%}, reader {right:.1%};"
            f" sure of {len(sure) / len(of_language):.1%}, of these right {sure_right:.1%}"
        )
    WEIGHTS.write_text(learned(taught), encoding="utf-8")
    reader.cache_clear()
    print(f"a sentence takes {median_cpu(taught[:500]):.2f} ms CPU (median)")
    size = WEIGHTS.stat().st_size / 1024
    print(f"{WEIGHTS.name}: {size:.0f} KB, in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
