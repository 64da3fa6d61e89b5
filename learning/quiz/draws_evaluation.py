"""How good an answer or a list is: F1, ROUGE, BLEU, reciprocal ranks, recall, pass@k."""

import math
from collections import Counter
from collections.abc import Mapping
from random import Random

from learning.quiz.drawn import Draw, Drawn


def f1(random: Random) -> Drawn:
    """Percent F1 of a confusion matrix: 2 · TP / (2 · TP + FP + FN)."""
    hits = random.choice(range(20, 100, 5))
    few, many = random.choice([2, 4, 5, 8, 10]), random.choice([30, 40, 60, 80, 100])
    alarms, missed = random.choice([(few, many), (many, few)])
    rest = random.choice(range(200, 1001, 100))
    precision, recall = hits / (hits + alarms), hits / (hits + missed)
    return Drawn(
        {"hits": hits, "alarms": alarms, "missed": missed, "rest": rest},
        200 * hits / (2 * hits + alarms + missed),
        {
            "accuracy": 100 * (hits + rest) / (hits + rest + alarms + missed),
            "plain-mean": 50 * (precision + recall),
            "precision": 100 * precision,
            "recall": 100 * recall,
        },
    )


def rouge_f1(random: Random) -> Drawn:
    """Percent ROUGE-1 F1: 2 · shared words / (words of the reference + words of the summary)."""
    reference = random.choice(range(20, 61, 4))
    candidate = reference + random.choice([-12, -10, 20, 30, 40, 60])
    shared = random.choice(range(min(reference, candidate) // 4, min(reference, candidate) - 1))
    return Drawn(
        {"reference": reference, "candidate": candidate, "shared": shared},
        200 * shared / (reference + candidate),
        {
            "recall": 100 * shared / reference,
            "precision": 100 * shared / candidate,
            "plain-mean": 50 * (shared / reference + shared / candidate),
            "union": 100 * shared / (reference + candidate - shared),
        },
    )


def clipped_precision(random: Random) -> Drawn:
    """Percent BLEU unigram precision: Σ min(times said, times in the reference) / words said."""
    reference = random.choices("ABCDE", k=random.choice([5, 6, 7]))
    repeated = random.choice(reference)
    said = [repeated] * (reference.count(repeated) + random.choice([1, 2]))
    said += random.choices("ABCDEFGH", k=random.choice([3, 4, 5]))
    random.shuffle(said)
    clipped = (Counter(said) & Counter(reference)).total()
    return Drawn(
        {
            "reference": " ".join(reference),
            "candidate": " ".join(said),
            "clipped": clipped,
            "words": len(said),
        },
        100 * clipped / len(said),
        {
            "unclipped": 100 * sum(word in reference for word in said) / len(said),
            "recall": 100 * clipped / len(reference),
            "same-places": 100 * sum(map(str.__eq__, said, reference)) / len(said),
            "kinds": 100 * len({*said} & {*reference}) / len({*said}),
        },
    )


def mean_reciprocal_rank(random: Random) -> Drawn:
    """MRR: Σ 1/rank of the first right result / all questions; a miss counts 0."""
    ranks = random.choices([1, 2, 3, 4, 5, 8, 10], k=random.choice([3, 4]))
    missed = random.choice([2, 3, 4])
    questions = len(ranks) + missed
    inverses = sum(1 / rank for rank in ranks)
    return Drawn(
        {"ranks": ranks, "found": len(ranks), "missed": missed, "questions": questions},
        inverses / questions,
        {
            "without-misses": inverses / len(ranks),
            "inverse-of-mean-rank": len(ranks) / sum(ranks),
            "hit-rate": len(ranks) / questions,
        },
    )


def recall_at_k(random: Random) -> Drawn:
    """Percent of the relevant documents that stand among the first k."""
    k = random.choice([3, 5, 10])
    hits = random.choice(range(1, k))
    later = random.choice([1, 2, 3])
    places = sorted(random.sample(range(1, k + 1), hits) + random.sample(range(k + 1, 21), later))
    relevant = hits + later + random.choice([1, 2, 3, 4])
    return Drawn(
        {"k": k, "places": places, "relevant": relevant, "hits": hits},
        100 * hits / relevant,
        {
            "precision": 100 * hits / k,
            "whole-list": 100 * (hits + later) / relevant,
            "found-ones-only": 100 * hits / (hits + later),
            "any-hit": 100,
        },
    )


def pass_at_k(random: Random) -> Drawn:
    """Percent pass@k, unbiased: 1 − C(samples − right, k) / C(samples, k)."""
    samples = random.choice([6, 8, 10, 12, 15, 16, 20])
    right = random.choice(range(2, samples // 2 + 1))
    k = random.choice([2, 3, 4, 5])
    failing = math.comb(samples - right, k) / math.comb(samples, k)
    return Drawn(
        {"samples": samples, "right": right, "wrong": samples - right, "k": k},
        100 * (1 - failing),
        {
            "one-sample": 100 * right / samples,
            "with-repeats": 100 * (1 - (1 - right / samples) ** k),
            "all-fail": 100 * failing,
            "only-right": 100 * math.comb(right, k) / math.comb(samples, k),
        },
    )


EVALUATION: Mapping[str, Draw] = {
    "f1-from-confusion-matrix": f1,
    "rouge-1-f1": rouge_f1,
    "bleu-unigram-precision": clipped_precision,
    "mean-reciprocal-rank": mean_reciprocal_rank,
    "recall-at-k": recall_at_k,
    "pass-at-k": pass_at_k,
}
