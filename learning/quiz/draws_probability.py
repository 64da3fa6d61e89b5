"""Probabilities: losses, sampling, what a sign tells, what guesses are worth."""

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from random import Random

from learning.quiz.drawn import Draw, Drawn


def _softmax(logits: Sequence[float]) -> list[float]:
    powers = [math.exp(one) for one in logits]
    return [one / sum(powers) for one in powers]


def cross_entropy(random: Random) -> Drawn:
    """Nats lost on one sample: −ln softmax(logits)[class]."""
    logits = [one / 2 for one in random.sample(range(-2, 8), 3)]
    place = random.choice([1, 2, 3])
    shares = _softmax(logits)
    loss = -math.log(shares[place - 1])
    return Drawn(
        {"logits": logits, "place": place, "share": f"{shares[place - 1]:.5g}"},
        loss,
        {
            "softmax-twice": -math.log(_softmax(shares)[place - 1]),
            "probability": shares[place - 1],
            "base-two": loss / math.log(2),
            "likeliest-class": -math.log(max(shares)),
        },
    )


def perplexity(random: Random) -> Drawn:
    """Perplexity of a few tokens: (Π 1/p)^(1/n), which is exp(mean of −ln p)."""
    shares = random.sample([0.8, 0.5, 0.4, 0.25, 0.2, 0.1, 0.05, 0.04, 0.02], 4)
    inverse = round(1 / math.prod(shares), 6)
    return Drawn(
        {"shares": shares, "loss": f"{math.log(inverse) / 4:.4f}"},
        inverse**0.25,
        {
            "mean-loss": math.log(inverse) / 4,
            "inverse-of-mean": 4 / sum(shares),
            "mean-of-inverses": sum(1 / one for one in shares) / 4,
            "without-root": inverse,
        },
    )


def softmax_temperature(random: Random) -> Drawn:
    """Percent for the first logit: exp(z₁ / T) / Σ exp(z / T)."""
    logits = sorted((one / 2 for one in random.sample(range(1, 8), 3)), reverse=True)
    temperature = random.choice([0.5, 0.6, 0.7, 0.8, 1.25, 1.5, 2])

    def percent(factor: float) -> float:
        return 100 * _softmax([one * factor for one in logits])[0]

    return Drawn(
        {"logits": logits, "temperature": temperature},
        percent(1 / temperature),
        {
            "without-temperature": percent(1),
            "multiplied": percent(temperature),
            "without-exponential": 100 * logits[0] / sum(logits),
        },
    )


def top_p(random: Random) -> Drawn:
    """Percent for the likeliest token after top-p: its share of the smallest set that reaches p."""
    cuts = [0, *sorted(random.sample(range(2, 50), 5)), 50]
    percents = sorted((2 * (after - before) for before, after in pairwise(cuts)), reverse=True)
    most = random.choice([65, 75, 85, 95])
    sums = list(accumulate(percents))
    kept = next(n for n, one in enumerate(sums, 1) if one >= most)
    return Drawn(
        {
            "shares": [one / 100 for one in percents],
            "most": most / 100,
            "kept": kept,
            "sum": sums[kept - 1] / 100,
            "first": percents[0] / 100,
        },
        100 * percents[0] / sums[kept - 1],
        {
            "without-scaling": percents[0],
            "divided-by-p": 100 * percents[0] / most,
            "below-p-only": 100 * percents[0] / sums[max(kept - 2, 0)],
        },
    )


def entropy(random: Random) -> Drawn:
    """Bits of a distribution: Σ −p · log₂ p."""
    cuts = [0, *sorted(random.sample(range(1, 20), 3)), 20]
    shares = [(after - before) / 20 for before, after in pairwise(cuts)]
    bits = sum(-one * math.log2(one) for one in shares)
    return Drawn(
        {"shares": shares},
        bits,
        {
            "nats": bits * math.log(2),
            "as-if-even": 2,
            "unweighted": sum(-math.log2(one) for one in shares) / 4,
        },
    )


def posterior(random: Random) -> Drawn:
    """Percent of alarms that are right: base · caught / (base · caught + (100 − base) · false)."""
    base = random.choice([0.5, 1, 2, 3, 4, 5, 8, 10])
    caught = random.choice([80, 85, 90, 95, 98, 99])
    false = random.choice([1, 2, 3, 4, 5, 8])
    right, wrong = base * caught, (100 - base) * false
    return Drawn(
        {
            "base": base,
            "rest": 100 - base,
            "caught": caught,
            "false": false,
            "right": right / 100,
            "wrong": wrong / 100,
        },
        100 * right / (right + wrong),
        {
            "caught-share": caught,
            "without-base-rate": 100 * caught / (caught + false),
            "specificity": 100 - false,
            "joint": right / 100,
        },
    )


def accepted_guesses(random: Random) -> Drawn:
    """Tokens a check by the large model yields: 1 + α + α² + … + α^guesses."""
    guesses = random.choice([2, 3, 4, 5, 6, 7, 8])
    percent = random.choice(range(50, 93, 3))
    alpha = percent / 100
    powers = [alpha**n for n in range(guesses + 1)]
    return Drawn(
        {"guesses": guesses, "alpha": alpha},
        sum(powers),
        {
            "independent": guesses * alpha + 1,
            "draft-only": sum(powers[1:]),
            "all-or-nothing": 1 + guesses * powers[-1],
            "every-guess": guesses + 1,
        },
    )


PROBABILITY: Mapping[str, Draw] = {
    "cross-entropy-from-logits": cross_entropy,
    "perplexity-from-probabilities": perplexity,
    "softmax-temperature": softmax_temperature,
    "top-p-probability": top_p,
    "entropy-in-bits": entropy,
    "posterior-of-an-alarm": posterior,
    "speculative-tokens": accepted_guesses,
}
