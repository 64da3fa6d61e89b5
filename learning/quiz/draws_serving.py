"""Serving by numbers: weights in memory, speed, replicas, money, limits and retries."""

from collections.abc import Mapping
from random import Random

from learning.quiz.drawn import Draw, Drawn

_BILLIONS = [
    0.5,
    0.6,
    1,
    1.1,
    1.3,
    1.5,
    1.7,
    1.8,
    2,
    2.7,
    3,
    3.8,
    4,
    6,
    6.7,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
]
_BILLIONS += [14, 16, 20, 22, 24, 27, 30, 32, 34, 40, 65, 70, 72, 110]


def weight_memory(random: Random) -> Drawn:
    """GB of weights: billions of parameters · bits / 8."""
    billions = random.choice(_BILLIONS)
    bits = random.choice([4, 8, 16, 32])
    return Drawn(
        {"billions": billions, "bits": bits},
        billions * bits / 8,
        {
            "bits-as-bytes": billions * bits,
            "two-bytes": billions * 2,
            "four-bytes": billions * 4,
            "one-byte": billions,
        },
    )


def quantized_memory(random: Random) -> Drawn:
    """GB of weights with a scale for each group: billions · (bits + scale bits / group) / 8."""
    billions = random.choice(_BILLIONS)
    bits = random.choice([3, 4])
    group = random.choice([16, 32, 64, 128])
    scale = random.choice([16, 32])
    return Drawn(
        {
            "billions": billions,
            "bits": bits,
            "group": group,
            "scale": scale,
            "each": bits + scale / group,
        },
        billions * (bits + scale / group) / 8,
        {
            "without-scales": billions * bits / 8,
            "scale-each": billions * (bits + scale) / 8,
            "half-precision": billions * 2,
        },
    )


def int8_value(random: Random) -> Drawn:
    """The integer of a value by symmetric absmax quantisation: round(127 · value / max|x|).

    In tenths the largest is odd, so that no integer is a tie.
    """
    tenths = random.sample(range(4, 50), 3)
    largest = random.choice(range(53, 90, 2))
    value, most = tenths[0] / 10, max(tenths)
    numbers = [one / 10 for one in (*tenths, -largest)]
    random.shuffle(numbers)
    return Drawn(
        {"numbers": numbers, "value": value, "largest": largest / 10},
        round(127 * tenths[0] / largest),
        {
            "signed-maximum": _nearest(127 * tenths[0], most),
            "whole-range": _nearest(255 * tenths[0], largest + most),
            "twice-the-levels": _nearest(255 * tenths[0], largest),
            "rounded-only": _nearest(tenths[0], 10),
        },
    )


def _nearest(over: int, under: int) -> int:
    """Rounded as at school: a half goes up, not to the even number."""
    return (2 * over + under) // (2 * under)


def zero_point(random: Random) -> Drawn:
    """The integer from 0 to 255 that stands for zero: round(−low · 255 / (high − low)).

    In tenths the range is odd, so that no integer is a tie.
    """
    below = random.choice(range(4, 31))
    above = below + random.choice([-3, 5, 9, 13, 17, 21, 31])
    above = above if above > 0 else below + 7
    zero = round(255 * below / (below + above))
    return Drawn(
        {
            "low": f"−{below / 10:g}",
            "high": above / 10,
            "below": below / 10,
            "range": (below + above) / 10,
        },
        zero,
        {
            "middle": 128,
            "from-the-top": 255 - zero,
            "signed": zero - 128,
            "without-shift": 0,
        },
    )


def decode_speed(random: Random) -> Drawn:
    """Tokens per second at most for one request: GB/s of memory / GB of weights."""
    billions = random.choice([1.5, 3, 4, 7, 8, 13, 14, 32, 34, 70])
    bits = random.choice([4, 8, 16])
    bandwidth = random.choice([100, 200, 300, 400, 600, 800, 900, 1000, 1500, 2000, 3000])
    speed = bandwidth / (billions * bits / 8)
    return Drawn(
        {
            "billions": billions,
            "bits": bits,
            "bandwidth": bandwidth,
            "weights": billions * bits / 8,
        },
        speed,
        {
            "one-byte": bandwidth / billions,
            "two-bytes": bandwidth / (2 * billions),
            "bits-as-bytes": speed / 8,
            "four-bytes": bandwidth / (4 * billions),
        },
    )


def output_speed(random: Random) -> Drawn:
    """Output tokens per second of a request: tokens / (TTFT + (tokens − 1) · TPOT)."""
    first = random.choice([200, 300, 400, 500, 600, 800, 1000, 1200])
    each = random.choice([15, 20, 25, 30, 40, 50])
    tokens = random.choice([51, 81, 101, 121, 151, 201, 241, 301])
    prompt = random.choice([500, 800, 1000, 1500, 2000])
    seconds = (first + (tokens - 1) * each) / 1000
    return Drawn(
        {"first": first, "each": each, "tokens": tokens, "prompt": prompt, "seconds": seconds},
        tokens / seconds,
        {
            "without-first": 1000 / each,
            "with-prompt": (tokens + prompt) / seconds,
            "prompt-one-by-one": tokens / (seconds + prompt * each / 1000),
        },
    )


def replicas(random: Random) -> Drawn:
    """Replicas by Little's law: ⌈requests/s · seconds / (slots · share in use)⌉."""
    rate = random.choice([10, 12, 15, 18, 20, 25, 30, 40, 50, 60])
    seconds = random.choice([3, 4, 5, 6, 8, 10, 12, 15])
    slots = random.choice([8, 12, 16, 20, 24, 32])
    share = random.choice([60, 70, 75, 80])
    at_once = rate * seconds
    return Drawn(
        {"rate": rate, "seconds": seconds, "slots": slots, "share": share, "at_once": at_once},
        _rounded_up(100 * at_once, slots * share),
        {
            "fully-used": _rounded_up(at_once, slots),
            "without-seconds": _rounded_up(100 * rate, slots * share),
            "share-multiplied": _rounded_up(at_once * share, 100 * slots),
            "rounded-down": 100 * at_once // (slots * share),
        },
    )


def _rounded_up(over: int, under: int) -> int:
    return -(-over // under)


def api_cost(random: Random) -> Drawn:
    """Yuan a day: requests · (input · price in + output · price out) / 10⁶."""
    requests = random.choice([1000, 2000, 5000, 8000, 10000, 20000, 50000])
    read = random.choice([400, 600, 800, 1000, 1200, 1500, 2000, 3000, 4000])
    written = random.choice([100, 150, 200, 250, 300, 500, 700])
    price_in = random.choice([1, 2, 3, 4, 5])
    price_out = price_in * random.choice([2, 3, 4, 5])
    cost = requests * (read * price_in + written * price_out) / 1e6
    return Drawn(
        {
            "requests": requests,
            "read": read,
            "written": written,
            "price_in": price_in,
            "price_out": price_out,
        },
        cost,
        {
            "one-price": requests * (read + written) * price_in / 1e6,
            "input-only": requests * read * price_in / 1e6,
            "prices-swapped": requests * (read * price_out + written * price_in) / 1e6,
            "output-only": requests * written * price_out / 1e6,
        },
    )


def cached_prompt_cost(random: Random) -> Drawn:
    """Yuan of input a day, where hits read the common prefix at a share of the price.

    requests · price · (own + prefix · (1 − hits + hits · share)) / 10⁶.
    """
    requests = random.choice([1000, 2000, 5000, 10000, 20000])
    prefix = random.choice([1000, 1500, 2000, 3000, 4000, 6000])
    own = random.choice([200, 300, 500, 800])
    price = random.choice([1, 2, 3, 4])
    share = random.choice([10, 20, 25, 40, 50])
    hits = random.choice([50, 60, 70, 75, 80, 90])

    def cost(of_prefix: float, of_own: float = 1) -> float:
        return round(requests * price * (own * of_own + prefix * of_prefix) / 1e6, 6)

    paid = (100 - hits + hits * share / 100) / 100
    return Drawn(
        {
            "requests": requests,
            "prefix": prefix,
            "own": own,
            "price": price,
            "share": share,
            "hits": hits,
            "misses": 100 - hits,
            "paid": f"{paid:.4g}",
        },
        cost(paid),
        {
            "hits-free": cost((100 - hits) / 100),
            "all-hits": cost(share / 100),
            "everything-discounted": cost(paid, paid),
            "without-cache": cost(1),
        },
    )


def token_bucket_wait(random: Random) -> Drawn:
    """Seconds the first refused request waits: (size − capacity mod size) / refill a second."""
    capacity = random.choice([5000, 6000, 8000, 10000, 12000, 15000, 20000])
    size = random.choice([900, 1100, 1300, 1700, 1900, 2100, 2300])
    refill = random.choice([100, 200, 250, 400, 500])
    left = capacity % size
    return Drawn(
        {
            "capacity": capacity,
            "size": size,
            "refill": refill,
            "passed": capacity // size,
            "left": left,
            "lacking": size - left,
        },
        (size - left) / refill,
        {
            "whole-request": size / refill,
            "until-full": (capacity - left) / refill,
            "what-is-left": left / refill,
        },
    )


def backoff_total(random: Random) -> Drawn:
    """Seconds waited in all retries: Σ min(most, first · 2ⁿ) for n from 0."""
    first = random.choice([0.5, 1, 1.5, 2, 3])
    retries = random.choice([5, 6, 7, 8])
    doubled = [first * 2**n for n in range(retries)]
    most = random.choice([one for one in (5, 8, 10, 15, 20, 30, 40, 60) if one < doubled[-1]])
    waits = [min(most, one) for one in doubled]
    return Drawn(
        {
            "first": first,
            "retries": retries,
            "most": most,
            "waits": " + ".join(f"{one:g}" for one in waits),
        },
        sum(waits),
        {
            "without-limit": sum(doubled),
            "one-fewer": sum(waits[:-1]),
            "not-doubled": first * retries,
            "last-wait": waits[-1],
        },
    )


def paged_blocks(random: Random) -> Drawn:
    """Blocks of a paged KV cache: Σ ⌈tokens / block⌉ over the sequences."""
    lengths = random.sample(range(5, 200), 4)
    block = random.choice([8, 16, 32])
    longest = random.choice([512, 1024])
    return Drawn(
        {"lengths": lengths, "block": block, "longest": longest},
        sum(_rounded_up(one, block) for one in lengths),
        {
            "together": _rounded_up(sum(lengths), block),
            "full-blocks-only": sum(one // block for one in lengths),
            "reserved": 4 * longest // block,
        },
    )


SERVING: Mapping[str, Draw] = {
    "weight-memory": weight_memory,
    "quantized-weight-memory": quantized_memory,
    "int8-absmax-value": int8_value,
    "uint8-zero-point": zero_point,
    "decode-speed-limit": decode_speed,
    "output-tokens-per-second": output_speed,
    "replicas-needed": replicas,
    "api-cost-per-day": api_cost,
    "cached-prompt-cost": cached_prompt_cost,
    "token-bucket-wait": token_bucket_wait,
    "backoff-total-wait": backoff_total,
    "paged-cache-blocks": paged_blocks,
}
