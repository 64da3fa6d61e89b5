"""Losses, and what they are given."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

from learning.review.reading import Fine, Hit, Origin, Reading
from learning.review.rules.shape import Matcher
from learning.review.tree import shown
from learning.review.vocabulary import MAKERS, Role, words

SOFTMAX: Final = words("softmax softmax_ Softmax Softmax2d")
LOG_SOFTMAX: Final = words("log_softmax LogSoftmax logsigmoid LogSigmoid log")
SIGMOID: Final = words("sigmoid sigmoid_ Sigmoid hardsigmoid Hardsigmoid expit")
# Layers whose output may be any number.
RAW: Final = words("Linear LazyLinear Conv1d Conv2d Conv3d Bilinear")
FUNCTIONS_OF_LOSS: Final = words(
    "cross_entropy nll_loss binary_cross_entropy binary_cross_entropy_with_logits mse_loss l1_loss "
    "smooth_l1_loss huber_loss kl_div"
)
_LABELS: Final = re.compile(r"(?:^|_)(?:labels?|targets?|tgt|y_?true|gt|ys?|yb|truth)$", re.I)
_SCORES: Final = re.compile(
    r"(?:^|_)(?:logits?|outputs?|out|preds?|predictions?|y_?hat|y_?pred|scores|probs?)$", re.I
)


def softmax_before_cross_entropy(reading: Reading) -> Iterator[Hit | Fine]:
    for call, scores in given_to(reading, "CrossEntropyLoss", "cross_entropy"):
        origins = reading.origins(scores)
        soft = first_of(origins, SOFTMAX | LOG_SOFTMAX - {"log"})
        if soft is not None and soft.short in SOFTMAX:
            yield Hit(call, {"scores": shown(scores), "softmax": where(soft)})
        elif soft is None and any(isinstance(one.node, ast.Call) for one in origins):
            yield Fine(call)


def bce_without_sigmoid(reading: Reading) -> Iterator[Hit | Fine]:
    for call, scores in given_to(reading, "BCELoss", "binary_cross_entropy"):
        origins = reading.origins(scores)
        if first_of(origins, SIGMOID | SOFTMAX | words("clamp exp")) is not None:
            yield Fine(call)
        elif first_of(origins, RAW) is not None or _is_called_logits(scores):
            yield Hit(call, {"scores": shown(scores)})


def sigmoid_before_bce_with_logits(reading: Reading) -> Iterator[Hit | Fine]:
    given = given_to(reading, "BCEWithLogitsLoss", "binary_cross_entropy_with_logits")
    for call, scores in given:
        soft = first_of(reading.origins(scores), SIGMOID)
        if soft is not None:
            yield Hit(call, {"scores": shown(scores), "sigmoid": where(soft)})
        else:
            yield Fine(call)


def nll_without_log_softmax(reading: Reading) -> Iterator[Hit | Fine]:
    for call, scores in given_to(reading, "NLLLoss", "nll_loss"):
        origins = reading.origins(scores)
        if first_of(origins, LOG_SOFTMAX) is not None:
            yield Fine(call)
        elif first_of(origins, SOFTMAX | RAW) is not None or _is_called_logits(scores):
            yield Hit(call, {"scores": shown(scores)})


def softmax_without_dim(reading: Reading) -> Iterator[Hit | Fine]:
    functions = {"torch.nn.functional.softmax", "torch.nn.functional.log_softmax"}
    layers = {"torch.nn.Softmax", "torch.nn.LogSoftmax"}
    for call in reading.all(ast.Call):
        name = reading.called(call)
        if name not in functions | layers:
            continue
        if reading.argument(call, "dim", 1 if name in functions else 0) is None:
            yield Hit(call, {"call": shown(call)})
        else:
            yield Fine(call)


def softmax_over_batch(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        short = reading.short(call)
        if short not in {"softmax", "log_softmax"}:
            continue
        is_method = reading.called(call).startswith(".")
        scores = call.func.value if isinstance(call.func, ast.Attribute) and is_method else None
        dim = reading.argument(call, "dim", 0 if is_method else 1)
        scores = scores or reading.argument(call, "input", 0)
        if dim is None or reading.number(dim) != 0:
            continue
        is_raw = first_of(reading.origins(scores), RAW | words("Sequential")) is not None
        if is_raw or _is_logits_of_model(reading, scores):
            yield Hit(call, {"call": shown(call)})


def _is_logits_of_model(reading: Reading, scores: ast.expr | None) -> bool:
    """Whether a name for logits stands for what a model gave, as it gave it."""
    if not isinstance(scores, ast.Name) or not _SCORES.search(scores.id):
        return False
    made = [one.value for one in reading.bindings(scores)]
    return any(isinstance(one, ast.Call) and reading.role(one.func) is Role.MODEL for one in made)


def argmax_before_loss(reading: Reading) -> Iterator[Hit | Fine]:
    hard = words("argmax round sign bincount")
    for call in reading.all(ast.Call):
        if not is_loss(reading, call) or reading.is_under_no_grad(call) or not call.args:
            continue
        scores = call.args[0]
        for origin in reading.origins(scores):
            is_max = isinstance(origin.node, ast.Call) and reading.short(origin.node) in {
                "max",
                "topk",
            }
            is_index = is_max and _takes_indices(reading, scores)
            if origin.short in hard or is_index or isinstance(origin.node, ast.Compare):
                yield Hit(call, {"scores": shown(scores), "hard": shown(origin.node)})
                break


def _takes_indices(reading: Reading, scores: ast.expr) -> bool:
    """Whether a value is the second of what max or topk gave, the places of the largest."""
    match scores:
        case ast.Name():
            return any(one.index == 1 for one in reading.bindings(scores))
        case ast.Attribute(attr="indices") | ast.Subscript(slice=ast.Constant(value=1)):
            return True
        case ast.Call(func=ast.Attribute(value=inner, attr="float")):
            return _takes_indices(reading, inner)
        case _:
            return False


def loss_arguments_swapped(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if len(call.args) < 2 or not is_loss(reading, call):
            continue
        first, second = (_last_name(one) for one in call.args[:2])
        if _LABELS.search(first) and _SCORES.search(second):
            names = {"labels": shown(call.args[0]), "scores": shown(call.args[1])}
            yield Hit(call, names | {"loss": shown(call.func)})
        elif _LABELS.search(second):
            yield Fine(call)


def one_hot_target(reading: Reading) -> Iterator[Hit | Fine]:
    for call, _ in given_to(reading, "CrossEntropyLoss", "cross_entropy"):
        target = reading.argument(call, "target", 1)
        if first_of(reading.origins(target), words("one_hot")) is not None and target is not None:
            yield Hit(call, {"target": shown(target)})


def log_of_softmax(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if reading.short(call) not in {"log", "log2", "log10"}:
            continue
        is_method = reading.called(call).startswith(".") and isinstance(call.func, ast.Attribute)
        inner = call.func.value if is_method and isinstance(call.func, ast.Attribute) else None
        inner = inner or (call.args[0] if call.args else None)
        # A little added against log(0) is the same mistake.
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add):
            inner = inner.left
        soft = first_of(reading.origins(inner), SOFTMAX)
        if soft is not None and soft.name.startswith(("torch.", ".")):
            yield Hit(call, {"softmax": shown(soft.node)})


def given_to(reading: Reading, layer: str, function: str) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Calls of a loss in either form, each with its first argument."""
    for call in reading.all(ast.Call):
        for origin in reading.origins(call):
            is_layer = origin.layer is not None and origin.short == layer
            is_function = origin.layer is None and origin.short == function
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
            case ast.Call(func=ast.Attribute(value=inner)) | ast.Subscript(value=inner):
                node = inner
            case ast.Attribute(attr=attr):
                return attr
            case ast.Name(id=id):
                return id
            case _:
                return ""


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
}
