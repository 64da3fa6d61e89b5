"""Training by numbers: steps, learning rates, memory, time, and what several GPUs exchange."""

import math
from collections.abc import Mapping
from random import Random

from learning.quiz.drawn import Draw, Drawn

_BILLIONS = [0.5, 0.6, 1, 1.1, 1.5, 1.7, 2, 3, 3.8, 4, 6, 7, 8, 9, 12, 13, 14, 20, 27, 30, 32, 34]


def gradient_step(random: Random) -> Drawn:
    """The weight after one step on (w·x − y)²: w − rate · 2 · (w·x − y) · x."""
    weight = random.choice([0.5, 1, 1.5, 2, 2.5])
    x = random.choice([2, 3, 4, 5])
    error = random.choice([-3, -2.5, -2, -1.5, -1, 1, 1.5, 2, 2.5, 3])
    rate = random.choice([0.02, 0.05, 0.1])
    step = rate * 2 * error * x
    return Drawn(
        {
            "weight": weight,
            "x": x,
            "y": f"{weight * x - error:g}",
            "rate": rate,
            "error": f"{error:g}".replace("-", "−"),
            "factor": f"(−{-error:g})" if error < 0 else f"{error:g}",
        },
        round(weight - step, 6),
        {
            "uphill": round(weight + step, 6),
            "without-input": round(weight - rate * 2 * error, 6),
            "without-two": round(weight - step / 2, 6),
            "without-rate": round(weight - step / rate, 6),
        },
    )


def clipped_gradient(random: Random) -> Drawn:
    """The first part of a gradient after clipping its norm: first · most / √(first² + second²)."""
    *sides, norm = random.choice(
        [(3, 4, 5), (6, 8, 10), (5, 12, 13), (8, 15, 17), (9, 12, 15), (7, 24, 25), (20, 21, 29)]
    )
    first, second = random.sample(sides, 2)
    most = random.choice([0.25, 0.4, 0.5, 0.6, 0.75, 0.8, 1, 1.2, 1.25, 1.5, 2, 2.4, 2.5])
    return Drawn(
        {"first": first, "second": second, "norm": norm, "most": most},
        first * most / norm,
        {
            "each-by-itself": min(first, most),
            "sum-as-norm": first * most / (first + second),
            "squared-norm": first * most / norm**2,
            "unclipped": first,
        },
    )


def optimizer_steps(random: Random) -> Drawn:
    """Updates in all epochs: epochs · samples / (batch · GPUs · accumulation)."""
    batch = random.choice([1, 2, 4, 8])
    gpus = random.choice([2, 4, 8])
    accumulation = random.choice([2, 4, 8, 16])
    epochs = random.choice([2, 3, 4, 5])
    samples = batch * gpus * accumulation * random.choice(range(40, 400, 10))
    steps = epochs * samples // (batch * gpus * accumulation)
    return Drawn(
        {
            "samples": samples,
            "batch": batch,
            "gpus": gpus,
            "accumulation": accumulation,
            "epochs": epochs,
            "effective": batch * gpus * accumulation,
        },
        steps,
        {
            "without-accumulation": steps * accumulation,
            "without-gpus": steps * gpus,
            "one-epoch": steps // epochs,
            "batch-only": steps * gpus * accumulation,
        },
    )


def warmup_rate(random: Random) -> Drawn:
    """The first transformer's learning rate: width^−½ · min(step^−½, step · warmup^−1½)."""
    width = random.choice([256, 512, 768, 1024])
    warmup = random.choice([1000, 2000, 4000, 8000, 10000])
    step = round(warmup * random.choice([0.4, 0.5, 0.6, 0.75, 0.8, 1.5, 2, 2.5, 3, 4, 5]))
    branches = (step**-0.5, step * warmup**-1.5)
    return Drawn(
        {"width": width, "warmup": warmup, "step": step},
        width**-0.5 * min(branches),
        {
            "other-branch": width**-0.5 * max(branches),
            "peak": (width * warmup) ** -0.5,
            "without-width": min(branches),
        },
    )


def cosine_rate(random: Random) -> Drawn:
    """Percent of the peak: floor + (100 − floor) · ½(1 + cos(π · (step − warmup) / decay))."""
    decay = random.choice([2000, 4000, 5000, 8000, 10000, 20000])
    warmup = round(decay * random.choice([0.1, 0.2, 0.25]))
    passed = random.choice([0.2, 0.25, 0.3, 0.35, 0.4, 0.6, 0.65, 0.7, 0.75, 0.8])
    floor = random.choice([5, 10, 20])
    step, total = warmup + round(decay * passed), warmup + decay

    def percent(progress: float) -> float:
        return floor + (100 - floor) * (1 + math.cos(math.pi * progress)) / 2

    return Drawn(
        {
            "warmup": warmup,
            "total": total,
            "step": step,
            "floor": floor,
            "done": step - warmup,
            "decay": decay,
        },
        percent(passed),
        {
            "without-warmup": percent(step / total),
            "linear": floor + (100 - floor) * (1 - passed),
            "down-to-zero": 50 * (1 + math.cos(math.pi * passed)),
        },
    )


def adamw_memory(random: Random) -> Drawn:
    """GB to train: billions · (2 weights + gradients + 4 master weights + 2 states), in bytes."""
    billions = random.choice(_BILLIONS)
    gradient = random.choice([2, 4])
    state = random.choice([1, 2, 4])
    each = 2 + gradient + 4 + 2 * state
    return Drawn(
        {
            "billions": billions,
            "gradient_bits": 8 * gradient,
            "state_bits": 8 * state,
            "gradient": gradient,
            "states": 2 * state,
            "each": each,
        },
        billions * each,
        {
            "weights-only": billions * 2,
            "without-master": billions * (each - 4),
            "one-state": billions * (each - state),
            "without-gradients": billions * (each - gradient),
        },
    )


def lora_parameters(random: Random) -> Drawn:
    """Millions of LoRA on q_proj and v_proj: layers · rank · (2 · width + width + KV width)."""
    layers = random.choice([16, 22, 24, 28, 32, 36, 40, 48])
    width, kv_width = random.choice(
        [(1536, 256), (2048, 256), (2048, 512), (3072, 1024), (3584, 512), (4096, 1024)]
    )
    rank = random.choice([4, 8, 16, 32, 64])
    millions = layers * rank * (3 * width + kv_width) / 1e6
    return Drawn(
        {"layers": layers, "width": width, "kv_width": kv_width, "rank": rank},
        millions,
        {
            "square": layers * rank * 4 * width / 1e6,
            "one-thin-matrix": layers * rank * 2 * width / 1e6,
            "one-layer": millions / layers,
            "frozen-matrices": layers * width * (width + kv_width) / 1e6,
        },
    )


def training_days(random: Random) -> Drawn:
    """Days of training: 6 · parameters · tokens / (GPUs · peak · utilisation · 86,400 s)."""
    billions, gpus = random.choice([(1, 8), (3, 16), (7, 64), (13, 128), (30, 256), (70, 1024)])
    gpus *= random.choice([1, 2])
    tokens = billions * random.choice([20, 40, 60, 100])
    peak = random.choice([300, 400, 600, 1000])
    used = random.choice([30, 35, 40, 45])
    days = 6e18 * billions * tokens / (gpus * peak * 1e12 * used / 100 * 86400)
    return Drawn(
        {"billions": billions, "gpus": gpus, "tokens": tokens, "peak": peak, "used": used},
        days,
        {
            "forward-only": days / 3,
            "backward-as-forward": days * 2 / 3,
            "at-peak": days * used / 100,
            "one-per-parameter": days / 6,
        },
    )


def ring_all_reduce(random: Random) -> Drawn:
    """GB one GPU sends in a ring all-reduce: 2 · (GPUs − 1) / GPUs · billions · bytes."""
    billions = random.choice(_BILLIONS)
    gpus = random.choice([4, 8, 16, 32])
    bits = random.choice([16, 32])
    gradients = billions * bits / 8
    return Drawn(
        {"billions": billions, "gpus": gpus, "bits": bits, "gradients": gradients},
        2 * (gpus - 1) / gpus * gradients,
        {
            "reduce-only": (gpus - 1) / gpus * gradients,
            "to-everyone": (gpus - 1) * gradients,
            "split-by-gpus": gradients / gpus,
        },
    )


def zero_memory(random: Random) -> Drawn:
    """GB a GPU holds: billions · (2 weights + 2 gradients + 12 states), split as ZeRO's stage says.

    Stage 1 splits the states, stage 2 the gradients as well, stage 3 the weights too.
    """
    billions = random.choice([1, 1.5, 3, 4, 7, 8, 13, 14, 20, 30, 32, 70])
    gpus = random.choice([4, 8, 16, 32, 64])
    stage = random.choice([1, 2, 3])
    stages = {
        "nothing-split": billions * 16,
        "stage-1": billions * (4 + 12 / gpus),
        "stage-2": billions * (2 + 14 / gpus),
        "stage-3": billions * 16 / gpus,
    }
    kept = {1: 4, 2: 2, 3: 0}[stage]
    return Drawn(
        {"billions": billions, "gpus": gpus, "stage": stage, "kept": kept, "split": 16 - kept},
        stages[f"stage-{stage}"],
        stages,
    )


def pipeline_bubble(random: Random) -> Drawn:
    """Percent of a forward pass that a GPU idles: (stages − 1) / (batches + stages − 1)."""
    stages = random.choice([3, 4, 5, 6, 8, 12, 16])
    batches = stages * random.choice([1, 2, 3, 4, 5, 6, 8, 10, 12]) + random.choice([0, 2])
    slots = batches + stages - 1
    return Drawn(
        {"stages": stages, "batches": batches, "slots": slots, "idle": stages - 1},
        100 * (stages - 1) / slots,
        {
            "over-busy": 100 * (stages - 1) / batches,
            "one-batch": 100 * (stages - 1) / stages,
            "busy": 100 * batches / slots,
            "one-more": 100 * stages / (batches + stages),
        },
    )


TRAINING: Mapping[str, Draw] = {
    "gradient-step": gradient_step,
    "clipped-gradient": clipped_gradient,
    "optimizer-steps": optimizer_steps,
    "warmup-learning-rate": warmup_rate,
    "cosine-learning-rate": cosine_rate,
    "adamw-memory": adamw_memory,
    "lora-trainable-parameters": lora_parameters,
    "training-days": training_days,
    "ring-all-reduce": ring_all_reduce,
    "zero-memory": zero_memory,
    "pipeline-bubble": pipeline_bubble,
}
