"""Text on its way into an index and out again: merges, chunks, vectors, fused ranks."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from random import Random

from learning.quiz.drawn import Draw, Drawn

_WORDS = ["low", "lower", "lowest", "slow", "slower", "new", "newer", "newest"]
_WORDS += ["wide", "wider", "widest", "fast", "faster", "fastest"]


def chunk_count(random: Random) -> Drawn:
    """Chunks of a text: ⌈(tokens − overlap) / (size − overlap)⌉; the last ends with the text."""
    size = random.choice([200, 256, 300, 400, 500, 512, 800])
    overlap = random.choice([one for one in (20, 32, 40, 50, 64, 80, 100) if one * 4 <= size])
    tokens = random.choice(range(3000, 20001, 250))
    return Drawn(
        {"size": size, "overlap": overlap, "tokens": tokens, "step": size - overlap},
        math.ceil((tokens - overlap) / (size - overlap)),
        {
            "without-overlap": math.ceil(tokens / size),
            "both-sides": math.ceil(tokens / (size - 2 * overlap)),
            "longer-step": math.ceil(tokens / (size + overlap)),
            "without-last": (tokens - overlap) // (size - overlap),
        },
    )


def cosine_similarity(random: Random) -> Drawn:
    """Cosine of two vectors: a·b / (‖a‖ · ‖b‖)."""
    one, two = random.sample(range(6), 3), random.sample(range(6), 3)
    dot = sum(a * b for a, b in zip(one, two, strict=True))
    squares = (sum(a * a for a in one), sum(b * b for b in two))
    return Drawn(
        {"one": one, "two": two, "dot": dot, "square_one": squares[0], "square_two": squares[1]},
        dot / math.sqrt(squares[0] * squares[1]),
        {
            "dot-product": dot,
            "distance": math.dist(one, two),
            "sums-as-lengths": dot / (sum(one) * sum(two)),
            "squared-lengths": dot / (squares[0] * squares[1]),
        },
    )


def rank_fusion(random: Random) -> Drawn:
    """Score of reciprocal rank fusion with k = 60: Σ 1 / (60 + rank)."""
    first, second = random.sample(range(1, 41), 2)
    return Drawn(
        {"first": first, "second": second, "low": 60 + first, "high": 60 + second},
        1 / (60 + first) + 1 / (60 + second),
        {
            "without-k": 1 / first + 1 / second,
            "mean": (1 / (60 + first) + 1 / (60 + second)) / 2,
            "ranks-added": 1 / (60 + first + second),
        },
    )


def index_memory(random: Random) -> Drawn:
    """GB of an HNSW index: millions · (4 · dimensions + 2 · links · 4 bytes) / 1000."""
    millions = random.choice([1, 2, 3, 5, 8, 10, 20, 30, 50])
    size = random.choice([256, 384, 512, 768, 1024, 1536])
    links = random.choice([16, 32, 48, 64])
    return Drawn(
        {
            "millions": millions,
            "ten_thousands": 100 * millions,
            "size": size,
            "links": links,
            "vector_bytes": 4 * size,
            "link_bytes": 8 * links,
        },
        millions * (4 * size + 8 * links) / 1000,
        {
            "without-links": millions * 4 * size / 1000,
            "one-byte": millions * (size + 8 * links) / 1000,
            "half-precision": millions * (2 * size + 8 * links) / 1000,
        },
    )


def tokens_after_merges(random: Random) -> Drawn:
    """Tokens of a small corpus after two BPE merges of the commonest pair, without ties."""
    while True:
        words = sorted(random.sample(_WORDS, 4))
        counts = random.sample(range(2, 13), 4)
        corpus = [(list(word), count) for word, count in zip(words, counts, strict=True)]
        first = _commonest(corpus)
        once = [(_merged(word, first), count) for word, count in corpus] if first else []
        second = _commonest(once)
        if first and second:
            break
    twice = [(_merged(word, second), count) for word, count in once]
    return Drawn(
        {
            "corpus": "\n".join(f"{word} {n}" for word, n in zip(words, counts, strict=True)),
            "first": "".join(first),
            "second": "".join(second),
            "letters": _size(corpus),
        },
        _size(twice),
        {
            "letters": _size(corpus),
            "one-merge": _size(once),
            "each-word-once": sum(len(word) for word, _ in twice),
            "words": sum(counts),
        },
    )


def _commonest(corpus: Sequence[tuple[list[str], int]]) -> tuple[str, str] | None:
    """The pair of neighbours that occurs most; None where two occur equally often."""
    pairs: Counter[tuple[str, str]] = Counter()
    for word, count in corpus:
        for pair in pairwise(word):
            pairs[pair] += count
    best = pairs.most_common(2)
    return best[0][0] if len(best) == 2 and best[0][1] > best[1][1] else None


def _merged(word: list[str], pair: tuple[str, str]) -> list[str]:
    """The word with the pair as one token; no word here has a pair that overlaps itself."""
    parts: list[str] = []
    for part in word:
        if parts and (parts[-1], part) == pair:
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def _size(corpus: Sequence[tuple[list[str], int]]) -> int:
    return sum(len(word) * count for word, count in corpus)


RETRIEVAL: Mapping[str, Draw] = {
    "tokens-after-bpe-merges": tokens_after_merges,
    "chunk-count": chunk_count,
    "cosine-similarity": cosine_similarity,
    "rank-fusion-score": rank_fusion,
    "vector-index-memory": index_memory,
}
