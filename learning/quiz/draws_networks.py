"""Shapes and sizes of networks: convolutions, layers, broadcasting."""

from collections.abc import Mapping
from itertools import pairwise
from math import ceil, prod
from random import Random

from learning.quiz.drawn import Draw, Drawn


def conv_output_side(random: Random) -> Drawn:
    """Side after a convolution: ⌊(side + 2 · padding − kernel) / stride⌋ + 1."""
    side = random.choice(range(20, 161, 4))
    kernel = random.choice([3, 5, 7])
    stride = random.choice([2, 3, 4])
    padding = random.choice(range(1, kernel // 2 + 1))
    room = side + 2 * padding - kernel
    return Drawn(
        {"side": side, "kernel": kernel, "stride": stride, "padding": padding, "room": room},
        room // stride + 1,
        {
            "without-one": room // stride,
            "without-padding": (side - kernel) // stride + 1,
            "without-stride": room + 1,
            "rounded-up": ceil(room / stride) + 1,
        },
    )


def conv_parameters(random: Random) -> Drawn:
    """Parameters of a convolution with bias: kernel² · inputs · outputs + outputs."""
    kernel = random.choice([3, 5, 7])
    inputs = random.choice([1, 3, 4, 6, 8, 16, 32, 64])
    outputs = random.choice([8, 16, 24, 32, 48, 64, 96, 128])
    side = random.choice([28, 32, 56, 64, 112])
    one = kernel**2 * inputs
    return Drawn(
        {"kernel": kernel, "inputs": inputs, "outputs": outputs, "side": side},
        (one + 1) * outputs,
        {
            "one-input-channel": (kernel**2 + 1) * outputs,
            "flat-kernel": (kernel * inputs + 1) * outputs,
            "times-pixels": (one + 1) * outputs * side**2,
            "without-bias": one * outputs,
        },
    )


def receptive_field(random: Random) -> Drawn:
    """Pixels along a side that one output sees: 1 + Σ (kernel − 1) · strides before it."""
    kernels = [random.choice([3, 5, 7]), *random.choices([1, 3, 5], k=2)]
    strides = [random.choice([2, 3, 4]), *random.choices([1, 2], k=2)]
    reach = [kernel - 1 for kernel in kernels]
    return Drawn(
        {"kernels": kernels, "strides": strides, "reach": reach},
        1 + sum(reach[n] * prod(strides[:n]) for n in range(3)),
        {
            "without-strides": 1 + sum(reach),
            "last-kernel": kernels[-1],
            "sum-of-kernels": sum(kernels),
            "own-stride-too": 1 + sum(reach[n] * prod(strides[: n + 1]) for n in range(3)),
        },
    )


def mlp_parameters(random: Random) -> Drawn:
    """Parameters of a fully connected network with biases: Σ (inputs + 1) · outputs by layer."""
    sizes = [
        random.choice([8, 10, 12, 16, 20, 30, 40, 50]),
        random.choice([16, 24, 32, 48, 64]),
        random.choice([8, 12, 16, 24, 32]),
        random.choice([2, 3, 4, 5, 10]),
    ]
    weights = [one * two for one, two in pairwise(sizes)]
    return Drawn(
        {
            "inputs": sizes[0],
            "first": sizes[1],
            "second": sizes[2],
            "outputs": sizes[3],
            "weights": sum(weights),
            "biases": sum(sizes[1:]),
        },
        sum(weights) + sum(sizes[1:]),
        {
            "without-biases": sum(weights),
            "without-output-layer": sum(weights[:2]) + sum(sizes[1:3]),
            "neurons": sum(sizes),
            "all-multiplied": prod(sizes),
        },
    )


def broadcast_elements(random: Random) -> Drawn:
    """Elements of (a, 1, c) + (b, c), which is (a, b, c): a · b · c."""
    first = random.choice([2, 4, 8, 16, 32])
    middle = random.choice([3, 5, 6, 7, 10, 12])
    last = random.choice([4, 9, 11, 20, 64])
    return Drawn(
        {"first": first, "middle": middle, "last": last},
        first * middle * last,
        {
            "larger-one": max(first, middle) * last,
            "sum": (first + middle) * last,
            "product": first * last * middle * last,
        },
    )


def lstm_parameters(random: Random) -> Drawn:
    """Parameters of an LSTM layer with one bias a gate: 4 · ((inputs + hidden) · hidden + hidden).

    PyTorch keeps two biases a gate; the words say that here it is one.
    """
    inputs = random.choice([16, 32, 40, 50, 64, 80, 100, 128])
    hidden = random.choice([20, 24, 32, 48, 64, 96, 100, 128])
    steps = random.choice([10, 20, 30, 50, 100])
    gate = (inputs + hidden) * hidden + hidden
    return Drawn(
        {"inputs": inputs, "hidden": hidden, "steps": steps, "gate": gate},
        4 * gate,
        {
            "one-gate": gate,
            "three-gates": 3 * gate,
            "times-steps": 4 * gate * steps,
            "without-recurrence": 4 * (inputs * hidden + hidden),
        },
    )


NETWORKS: Mapping[str, Draw] = {
    "conv-output-side": conv_output_side,
    "conv-parameters": conv_parameters,
    "receptive-field": receptive_field,
    "mlp-parameters": mlp_parameters,
    "lstm-parameters": lstm_parameters,
    "broadcast-elements": broadcast_elements,
}
