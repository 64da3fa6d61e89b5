"""Losses, and what they are given."""

import ast
import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Final

from learning.code_review.reading import Fine, Hit, Origin, Reading
from learning.code_review.rules.shape import Matcher
from learning.code_review.tree import shown
from learning.code_review.vocabulary import KEEPS_KIND, MAKERS, SEQUENTIAL, Role, words

SOFTMAX: Final = words("softmax softmax_ Softmax Softmax2d")
LOG_SOFTMAX: Final = words("log_softmax LogSoftmax logsigmoid LogSigmoid log")
SIGMOID: Final = words("sigmoid sigmoid_ Sigmoid hardsigmoid Hardsigmoid expit")
# Layers whose output may be any number.
RAW: Final = words("Linear LazyLinear Conv1d Conv2d Conv3d Bilinear")
FUNCTIONS_OF_LOSS: Final = words(
    "cross_entropy nll_loss binary_cross_entropy binary_cross_entropy_with_logits mse_loss l1_loss "
    "smooth_l1_loss huber_loss kl_div multilabel_soft_margin_loss"
)
# Of these it does not matter which comes first.
SYMMETRIC: Final = words("mse_loss l1_loss smooth_l1_loss huber_loss")
SYMMETRIC_LAYERS: Final = words("MSELoss L1Loss SmoothL1Loss HuberLoss")
# After these a value is no longer one row for each sample.
_RESHAPES: Final = words(
    "squeeze flatten view reshape mean sum t transpose permute stack cat item ravel max min"
)
_HARD: Final = words("argmax round round_ sign")
_LABELS: Final = re.compile(r"(?:^|_)(?:labels?|targets?|tgt|y_?true|gt|ys?|yb|truth)$", re.I)
_SCORES: Final = re.compile(
    r"(?:^|_)(?:logits?|outputs?|out|preds?|predictions?|y_?hat|y_?pred|scores|probs?)$", re.I
)

# What keeps a tensor's values, whatever its shape or place.
_SAME: Final = KEEPS_KIND | words("clone detach transpose permute")
_TOKENS: Final = re.compile(r"(?:^|[_.'\"])(?:input_?ids|token_?ids|tokens|toks|ids)(?:$|['\"\]])")
# Here every token is asked for at its own place.
_OTHER_TASKS: Final = re.compile(
    r"mask_token|masked?[_-]?lm|\bmlm\b|bert|autoencod|denois|reconstruct|seq2seq|t5|tagg(?:er|ing)|"
    r"自编码|重建|完形|序列标注",
    re.I,
)
DEEPEST_NAME: Final = 6


def softmax_before_cross_entropy(reading: Reading) -> Iterator[Hit | Fine]:
    for call, scores in given_to(reading, "CrossEntropyLoss", "cross_entropy"):
        origins = reading.origins(scores)
        soft = surely(reading, origins, SOFTMAX)
        if soft is not None:
            yield Hit(call, {"scores": shown(scores), "softmax": where(soft)})
        elif first_of(origins, SOFTMAX | LOG_SOFTMAX) is None and _are_called(origins):
            yield Fine(call)


def _are_called(origins: tuple[Origin, ...]) -> bool:
    return any(isinstance(one.node, ast.Call) for one in origins)


def bce_without_sigmoid(reading: Reading) -> Iterator[Hit | Fine]:
    for call, scores in given_to(reading, "BCELoss", "binary_cross_entropy"):
        origins = reading.origins(scores)
        if first_of(origins, SIGMOID | SOFTMAX | words("clamp clip exp")) is not None:
            yield Fine(call)
        elif surely(reading, origins, RAW) is not None or _is_called_logits(scores):
            yield Hit(call, {"scores": shown(scores)})


def sigmoid_before_bce_with_logits(reading: Reading) -> Iterator[Hit | Fine]:
    given = given_to(reading, "BCEWithLogitsLoss", "binary_cross_entropy_with_logits")
    for call, scores in given:
        origins = reading.origins(scores)
        soft = surely(reading, origins, SIGMOID)
        if soft is not None:
            yield Hit(call, {"scores": shown(scores), "sigmoid": where(soft)})
        elif first_of(origins, SIGMOID) is None and _are_called(origins):
            yield Fine(call)


def nll_without_log_softmax(reading: Reading) -> Iterator[Hit | Fine]:
    for call, scores in given_to(reading, "NLLLoss", "nll_loss"):
        origins = reading.origins(scores)
        if first_of(origins, LOG_SOFTMAX) is not None:
            yield Fine(call)
        elif surely(reading, origins, SOFTMAX | RAW) or _is_called_logits(scores):
            yield Hit(call, {"scores": shown(scores)})


def softmax_without_dim(reading: Reading) -> Iterator[Hit | Fine]:
    functions = {"torch.nn.functional.softmax", "torch.nn.functional.log_softmax"}
    layers = {"torch.nn.Softmax", "torch.nn.LogSoftmax"}
    for call in reading.all(ast.Call):
        name = reading.called(call)
        if name not in functions | layers or any(one.arg is None for one in call.keywords):
            continue
        if any(isinstance(one, ast.Starred) for one in call.args):
            continue
        if reading.argument(call, "dim", 1 if name in functions else 0) is None:
            yield Hit(call, {"call": shown(call)})
        else:
            yield Fine(call)


def softmax_over_batch(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if reading.called(call) in SEQUENTIAL:
            for layer in _over_rows(reading, call):
                yield Hit(layer, {"call": shown(layer)})
        scores, dim = _softmax_of(reading, call)
        if (
            scores is None
            or dim is None
            or reading.number(dim) != 0
            or _is_one_row(reading, scores)
        ):
            continue
        origins = reading.origins(scores)
        raw = first_of(origins, RAW | words("Sequential"))
        is_from_model = any(
            isinstance(one.node, ast.Call) and reading.role(one.node.func) is Role.MODEL
            for one in origins
        )
        # One score for each row is normalised over the rows on purpose, as in attention pooling.
        is_single = raw is not None and raw.layer is not None and _is_of_one(reading, raw.layer)
        if (raw is not None and not is_single) or (raw is None and is_from_model):
            yield Hit(call, {"call": shown(call)})


def _over_rows(reading: Reading, made: ast.Call) -> Iterator[ast.expr]:
    """A softmax over dim 0 right behind a layer, in nn.Sequential."""
    layers = reading.layers(made)
    for before, layer in itertools.pairwise(layers):
        if not isinstance(layer, ast.Call) or not isinstance(before, ast.Call):
            continue
        is_softmax = reading.short(layer) in {"Softmax", "LogSoftmax"}
        is_first = is_softmax and reading.number(reading.argument(layer, "dim", 0)) == 0
        if is_first and reading.short(before) in RAW and not _is_of_one(reading, before):
            yield layer


def _softmax_of(reading: Reading, call: ast.Call) -> tuple[ast.expr | None, ast.expr | None]:
    """What goes into a softmax, and over which dimension; as a function, method or layer."""
    short = reading.short(call)
    if short in {"softmax", "log_softmax"} and first_of(reading.origins(call), SOFTMAX) is None:
        layer = None
    else:
        layer = first_of(reading.origins(call), words("Softmax LogSoftmax"))
    if layer is not None and layer.node is call and layer.layer is not None:
        return (call.args[0] if call.args else None), reading.argument(layer.layer, "dim", 0)
    if short not in {"softmax", "log_softmax"}:
        return None, None
    if reading.called(call).startswith(".") and isinstance(call.func, ast.Attribute):
        return call.func.value, reading.argument(call, "dim", 0)
    return reading.argument(call, "input", 0), reading.argument(call, "dim", 1)


def _is_of_one(reading: Reading, layer: ast.Call) -> bool:
    return reading.number(reading.argument(layer, "out_features", 1)) == 1


def _is_one_row(reading: Reading, node: ast.expr) -> bool:
    """Whether something on the way may have left a single row, or other dimensions."""
    ways: list[ast.AST] = [node]
    if isinstance(node, ast.Name):
        ways += [one.value for one in reading.bindings(node) if one.value is not None]
    for one in (each for way in ways for each in ast.walk(way)):
        if isinstance(one, ast.Subscript):
            return True
        if isinstance(one, ast.Call) and reading.short(one) in _RESHAPES:
            return True
        if isinstance(one, ast.Attribute) and one.attr in {"T", "mT"}:
            return True
    return False


def argmax_before_loss(reading: Reading) -> Iterator[Hit | Fine]:
    if not _is_differentiated(reading):
        return
    for call in reading.all(ast.Call):
        scores = reading.argument(call, "input", 0)
        if scores is None or not is_loss(reading, call) or reading.is_under_no_grad(call):
            continue
        hard = next(
            (one for one in reading.origins(scores) if _is_hard(reading, one, scores)), None
        )
        if hard is not None:
            yield Hit(call, {"scores": shown(scores), "hard": shown(hard.node)})
        elif _are_called(reading.origins(scores)):
            yield Fine(call)


def _is_differentiated(reading: Reading) -> bool:
    """Whether the file calls backward, or hands its loss to what does."""
    if any(reading.short(call) == "backward" for call in reading.all(ast.Call)):
        return True
    return any(
        one.name in {"training_step", "compute_loss"} for one in reading.all(ast.FunctionDef)
    )


def _is_hard(reading: Reading, origin: Origin, scores: ast.expr) -> bool:
    if isinstance(origin.node, ast.Call) and reading.short(origin.node) in {"max", "topk"}:
        return _takes_indices(reading, scores)
    return origin.short in _HARD or isinstance(origin.node, ast.Compare)


def _takes_indices(reading: Reading, scores: ast.expr) -> bool:
    """Whether a value is the second of what max or topk gave, the places of the largest."""
    match scores:
        case ast.Name():
            some = reading.bindings(scores)
            return any(
                one.index == 1 or (one.value is not None and _takes_indices(reading, one.value))
                for one in some
            )
        case ast.Attribute(attr="indices") | ast.Subscript(slice=ast.Constant(value=1)):
            return True
        case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if attr in KEEPS_KIND:
            return _takes_indices(reading, inner)
        case _:
            return False


def loss_arguments_swapped(reading: Reading) -> Iterator[Hit | Fine]:
    if reading.imports("tensorflow", "keras", "jax", "sklearn") and not reading.imports("torch"):
        return
    for call in reading.all(ast.Call):
        first, second = reading.argument(call, "input", 0), reading.argument(call, "target", 1)
        if first is None or second is None or not is_loss(reading, call):
            continue
        if _is_symmetric(reading, call) or reading.target(call) is not None or len(call.args) > 2:
            continue
        if _is_labels(reading, first) and _is_scores(reading, second):
            names = {"labels": shown(first), "scores": shown(second)}
            yield Hit(call, names | {"loss": shown(call.func)})
        elif _LABELS.search(_last_name(second)):
            yield Fine(call)


def _is_symmetric(reading: Reading, call: ast.Call) -> bool:
    made = any(one.short in SYMMETRIC_LAYERS for one in reading.origins(call))
    return made or reading.short(call) in SYMMETRIC


def _is_labels(reading: Reading, node: ast.expr) -> bool:
    return bool(_LABELS.search(_last_name(node))) and not _is_out_of_model(reading, node)


def _is_scores(reading: Reading, node: ast.expr) -> bool:
    return bool(_SCORES.search(_last_name(node))) or _is_out_of_model(reading, node)


def _is_out_of_model(reading: Reading, node: ast.expr) -> bool:
    for one in reading.origins(node):
        if one.layer is not None and one.short in RAW:
            return True
        if isinstance(one.node, ast.Call) and reading.role(one.node.func) is Role.MODEL:
            return True
    return False


def one_hot_target(reading: Reading) -> Iterator[Hit | Fine]:
    for call, _ in given_to(reading, "CrossEntropyLoss", "cross_entropy"):
        target = reading.argument(call, "target", 1)
        if first_of(reading.origins(target), words("one_hot")) is not None and target is not None:
            yield Hit(call, {"target": shown(target)})


def log_of_softmax(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if reading.short(call) != "log" or reading.target(call) is not None:
            continue
        is_method = reading.called(call).startswith(".") and isinstance(call.func, ast.Attribute)
        inner = call.func.value if is_method and isinstance(call.func, ast.Attribute) else None
        inner = inner or (call.args[0] if call.args else None)
        # A little added against log(0) is the same mistake.
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add):
            inner = inner.left
        soft = surely(reading, reading.origins(inner), SOFTMAX)
        if soft is not None and soft.name.startswith(("torch.", ".")):
            yield Hit(call, {"softmax": shown(soft.node)})


def given_to(reading: Reading, layer: str, function: str) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Calls of a loss in either form, each with its first argument."""
    for call in reading.all(ast.Call):
        for origin in reading.origins(call):
            is_layer = origin.layer is not None and origin.short == layer
            is_function = origin.layer is None and origin.short == function
            is_function = is_function and not origin.name.startswith(".")
            if (is_layer or is_function) and origin.node is call:
                scores = reading.argument(call, "input", 0)
                if scores is not None:
                    yield call, scores
                break


def is_loss(reading: Reading, call: ast.Call) -> bool:
    """Whether a call gives a loss: a module of one, a function, or what is called like one."""
    if reading.short(call) in FUNCTIONS_OF_LOSS:
        return True
    made = MAKERS[Role.LOSS]
    if any(one.layer is not None and one.short in made for one in reading.origins(call)):
        return True
    # By its name alone it may be another library's, with the labels in front.
    is_torch = reading.imports("torch") or not reading.imports("sklearn", "numpy", "tensorflow")
    return is_torch and reading.role(call.func) is Role.LOSS and reading.short(call) not in made


def first_of(origins: tuple[Origin, ...], names: frozenset[str]) -> Origin | None:
    """What comes out of one of these, as a function or as an applied layer."""
    return next((one for one in origins if is_applied(one, names)), None)


def surely(reading: Reading, origins: tuple[Origin, ...], names: frozenset[str]) -> Origin | None:
    """What comes out of one of these, unless the same function may also give something else.

    So `if not self.training: x = softmax(x)` is left alone, and what another caller passes is not.
    """
    others = {reading.function_of(one.node) for one in origins if not is_applied(one, names)}
    return next(
        (
            one
            for one in origins
            if is_applied(one, names) and reading.function_of(one.node) not in others
        ),
        None,
    )


def is_applied(origin: Origin, names: frozenset[str]) -> bool:
    return origin.short in names and (origin.layer is not None or origin.short[0].islower())


def where(origin: Origin) -> str:
    """A layer where it was made, a function where it is called."""
    return shown(origin.layer or origin.node)


def _is_called_logits(scores: ast.expr) -> bool:
    """Whether a value says itself that it is raw."""
    return bool(re.search(r"logits?$", _last_name(scores), re.I))


def _last_name(node: ast.expr) -> str:
    """The name that a value goes by, without its methods: `y` for `y.long().view(-1)`."""
    while True:
        match node:
            case ast.Subscript(slice=ast.Constant(value=str() as key)):
                return key
            case ast.Call(func=ast.Attribute(value=inner)) | ast.Subscript(value=inner):
                node = inner
            case ast.Attribute(attr=attr):
                return attr
            case ast.Name(id=id):
                return id
            case _:
                return ""


def labels_not_shifted(reading: Reading) -> Iterator[Hit | Fine]:
    """A language model is asked for the next token, so its targets stand one to the right."""
    if _OTHER_TASKS.search(reading.text):
        return
    for call, scores in given_to(reading, "CrossEntropyLoss", "cross_entropy"):
        target = reading.argument(call, "target", 1)
        applied = _unwrapped(reading, scores)
        if target is None or not isinstance(applied, ast.Call):
            continue
        given = reading.argument(applied, "input_ids", 0)
        tokens = _unwrapped(reading, target)
        read = None if given is None else _unwrapped(reading, given)
        if tokens is None or read is None or ast.unparse(tokens) != ast.unparse(read):
            continue
        if _TOKENS.search(shown(tokens)):
            yield Hit(call, {"scores": _plainly(scores), "tokens": shown(tokens)})


def _unwrapped(reading: Reading, node: ast.expr, depth: int = 0) -> ast.expr | None:
    """What a value is but for its shape; None when only a part of it was taken."""
    match node:
        case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if attr in _SAME:
            return _unwrapped(reading, inner, depth)
        case ast.Attribute(value=inner, attr="logits"):
            return _unwrapped(reading, inner, depth)
        case ast.Subscript(value=inner, slice=ast.Constant(value="logits")):
            return _unwrapped(reading, inner, depth)
        case ast.Subscript(slice=ast.Constant(value=str())):
            return node
        case ast.Subscript():
            return None
        case ast.Name() if depth < DEEPEST_NAME:
            made = reading.bindings(node)
            value = made[0].value if len(made) == 1 and made[0].index is None else None
            if value is None or made[0].how != "assign":
                return node
            return _unwrapped(reading, value, depth + 1)
        case _:
            return node


def _plainly(scores: ast.expr) -> str:
    """`logits` of `logits.view(-1, V)`."""
    while isinstance(scores, ast.Call) and isinstance(scores.func, ast.Attribute):
        scores = scores.func.value
    return shown(scores)


MATCHERS: Final[Mapping[str, Matcher]] = {
    "softmax-before-cross-entropy": softmax_before_cross_entropy,
    "bce-without-sigmoid": bce_without_sigmoid,
    "sigmoid-before-bce-with-logits": sigmoid_before_bce_with_logits,
    "nll-without-log-softmax": nll_without_log_softmax,
    "softmax-without-dim": softmax_without_dim,
    "softmax-over-batch": softmax_over_batch,
    "argmax-before-loss": argmax_before_loss,
    "loss-arguments-swapped": loss_arguments_swapped,
    "one-hot-target": one_hot_target,
    "log-of-softmax": log_of_softmax,
    "labels-not-shifted": labels_not_shifted,
}
