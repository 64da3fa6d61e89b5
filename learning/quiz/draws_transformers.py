"""Sizes and sums of transformers: parameters, caches, operations, positions."""

import math
from collections.abc import Mapping
from random import Random

from learning.quiz.drawn import Draw, Drawn


def attention_parameters(random: Random) -> Drawn:
    """Weights of one multi-head attention layer without biases: four square projections."""
    heads = random.choice([4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 40])
    width = heads * random.choice([32, 48, 64, 80, 96, 128, 160, 256])
    return Drawn(
        {"heads": heads, "width": width},
        4 * width * width,
        {
            "without-output": 3 * width * width,
            "times-heads": 4 * width * width * heads,
            "one-head": 4 * width * (width // heads),
        },
    )


def kv_cache(random: Random) -> Drawn:
    """GiB of keys and values: 2 · layers · KV heads · head size · tokens · batch · 2 bytes."""
    layers = random.choice([16, 24, 28, 32, 36, 40, 48, 64, 80])
    heads = random.choice([16, 32, 40, 64])
    kv_heads = random.choice([one for one in (2, 4, 8) if heads % one == 0])
    size = random.choice([64, 128])
    tokens = random.choice([2048, 4096, 8192, 16384, 32768])
    batch = random.choice([1, 2, 4, 8])
    gib = 2 * layers * kv_heads * size * tokens * batch * 2 / 2**30
    return Drawn(
        {
            "layers": layers,
            "heads": heads,
            "kv_heads": kv_heads,
            "size": size,
            "tokens": tokens,
            "batch": batch,
        },
        gib,
        {
            "ignored-gqa": gib * heads / kv_heads,
            "keys-only": gib / 2,
            "without-layers": gib / layers,
        },
    )


def stack_parameters(random: Random) -> Drawn:
    """Millions in GPT-2 blocks: layers · (12 · width² + 13 · width), biases and norms included.

    Of each block attention has 4w² + 4w, the MLP 8w² + 5w and the two norms 4w.
    """
    width = random.choice([384, 512, 640, 768, 896, 1024, 1152, 1280, 1536, 1600, 1792, 2048])
    layers = random.choice([6, 8, 10, 12, 16, 18, 20, 24, 30, 32, 36, 40, 48])
    block = (12 * width**2 + 13 * width) / 1e6
    without_mlp = (4 * width**2 + 8 * width) / 1e6
    return Drawn(
        {"width": width, "layers": layers, "inner": 4 * width},
        layers * block,
        {
            "without-mlp": layers * without_mlp,
            "square-mlp": layers * (without_mlp + (2 * width**2 + 2 * width) / 1e6),
            "one-mlp-matrix": layers * (without_mlp + (4 * width**2 + 4 * width) / 1e6),
            "one-block": block,
        },
    )


def active_experts(random: Random) -> Drawn:
    """Billions of expert parameters a token uses: layers · chosen · 3 · width · inner."""
    experts, chosen = random.choice([(8, 2), (16, 2), (16, 4), (32, 4), (64, 6), (64, 8), (128, 8)])
    inner = random.choice([7168, 14336] if experts <= 16 else [768, 1024, 1408, 1536, 2048])
    width = random.choice([2048, 3072, 4096, 5120])
    layers = random.choice([16, 24, 28, 32, 40, 48, 56, 60])
    expert = 3 * width * inner / 1e9
    return Drawn(
        {"experts": experts, "chosen": chosen, "inner": inner, "width": width, "layers": layers},
        layers * chosen * expert,
        {
            "all-experts": layers * experts * expert,
            "one-expert": layers * expert,
            "two-matrices": layers * chosen * expert * 2 / 3,
            "one-layer": chosen * expert,
        },
    )


def vocabulary_extension(random: Random) -> Drawn:
    """Millions of parameters that new tokens add to untied tables: 2 · added · width."""
    old = random.choice([32000, 50000, 64000, 100000])
    added = random.choice([2000, 4000, 6000, 8000, 10000, 12000, 16000, 18000, 20000, 24000])
    width = random.choice([1024, 1536, 2048, 2560, 3072, 4096, 5120])
    row = width / 1e6
    return Drawn(
        {"old": old, "new": old + added, "added": added, "width": width},
        2 * added * row,
        {
            "input-only": added * row,
            "whole-tables": 2 * (old + added) * row,
            "whole-input-table": (old + added) * row,
        },
    )


def attention_flops(random: Random) -> Drawn:
    """GFLOP of QKᵀ and of weighing V in one layer: 4 · tokens² · width / 10⁹."""
    heads = random.choice([8, 12, 16, 20, 24, 32, 40])
    size = random.choice([64, 128])
    tokens = random.choice([512, 1024, 2048, 3072, 4096, 6144, 8192, 12288, 16384])
    width = heads * size
    gflop = 4 * tokens**2 * width / 1e9
    return Drawn(
        {"heads": heads, "size": size, "tokens": tokens, "width": width},
        gflop,
        {
            "half": gflop / 2,
            "one-head": gflop / heads,
            "times-heads": gflop * heads,
            "with-projections": gflop + 8 * tokens * width**2 / 1e9,
        },
    )


def rope_angle(random: Random) -> Drawn:
    """Radians that RoPE turns pair i at position m: m · base^(−2i / head size), i from 0."""
    size = random.choice([64, 128])
    base = random.choice([10_000, 500_000, 1_000_000])
    pair = size // 16 * random.choice([1, 2, 3, 4])
    position = random.choice(range(50, 2001, 50))
    angle = position * base ** (-2 * pair / size)
    return Drawn(
        {"size": size, "base": base, "pair": pair, "position": position},
        angle,
        {
            "half-exponent": position * base ** (-pair / size),
            "counted-from-one": position * base ** (-2 * (pair - 1) / size),
            "position-itself": position,
            "degrees": math.degrees(angle),
        },
    )


TRANSFORMERS: Mapping[str, Draw] = {
    "attention-parameters": attention_parameters,
    "kv-cache-size": kv_cache,
    "gpt2-stack-parameters": stack_parameters,
    "active-expert-parameters": active_experts,
    "vocabulary-extension-parameters": vocabulary_extension,
    "attention-flops": attention_flops,
    "rope-angle": rope_angle,
}
