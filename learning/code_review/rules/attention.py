"""Attention: scores on their way into a softmax, and what hides the future."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

from learning.code_review.reading import Fine, Hit, Reading
from learning.code_review.rules.loss import SOFTMAX, first_of
from learning.code_review.rules.shape import Matcher
from learning.code_review.tree import Function, names_in, place, shown, words_of
from learning.code_review.vocabulary import words

_PRODUCTS: Final = words("matmul bmm einsum mm baddbmm")
_SCALES: Final = words("div div_ mul mul_ true_divide")
_FILLS: Final = words("masked_fill masked_fill_")
# Functions after which scores are still scores.
_KEEPS: Final = words(
    "masked_fill masked_fill_ div mul true_divide add sub clamp clip nan_to_num dropout float "
    "squeeze unsqueeze reshape transpose permute tanh cat maximum"
)
_QUERY: Final = words("q query queries qs wq qh")
_KEY: Final = words("k key keys ks wk kh kt")
_CAUSAL: Final = words("causal gpt autoregressive")
_DECODES: Final = words("decoder")
_DECODER_PARTS: Final = words("self attention attn block layer only head lm language")
_NOT_CAUSAL: Final = words(
    "cross encoder bidirectional seg vision image images patch mask masks box object detr vae unet"
)
_LANGUAGE: Final = re.compile(
    r"vocab|causal|auto-?regressive|next[- _]token|language model|gpt|\.generate\(|自回归|语言模型",
    re.I,
)
_PICTURES: Final = re.compile(r"pixel|\bbbox|image|patch_embed", re.I)
_DENIED: Final = re.compile(
    r"(?:non|not|no|without|un)[- ]?(?:a )?(?:causal|auto-?regressive)|cross[- ]attention|"
    r"(?:非|不是|不需要|没有)(?:因果|自回归)|双向|bidirectional",
    re.I,
)
_CAUSAL_TEXT: Final = re.compile(r"causal|auto-?regressive|decoder-only|因果|自回归|只看左边", re.I)
_WEIGHS: Final = words(
    "attention attn att attend scores score sim energy dots wei weights aff affinity mask causal "
    "head decoder gpt w dot qk"
)
_STACKS: Final = words("TransformerEncoder TransformerEncoderLayer")
_HIDES: Final = re.compile(r"mask|tril|triu|is_causal|^causal$|future|subsequent|alibi")
_HEADS: Final = re.compile(r"^(?:n_?|num_?|self\._?)*(?:h|nh|heads?|n_?heads?|num_heads?)$", re.I)
_TIME: Final = re.compile(
    r"^(?:t|s|l|n|seq|seq_?len|seqlen|length|time|tokens|q_len|tgt_len)$", re.I
)
_TURNS: Final = words(
    "transpose permute swapaxes swapdims movedim T mT rearrange view reshape bmm matmul einsum cat "
    "stack"
)
DEEPEST: Final = 12
MOST_PARTS: Final = 20
DEEPEST_OPERAND: Final = 16

Side = Literal["past", "future"]


@dataclass(slots=True)
class Scores:
    """The way of scores into a softmax: their product, and what was done to them on the way."""

    product: ast.expr | None = None
    is_scaled: bool = False
    fills: list[ast.Call] = field(default_factory=list)
    sums: list[ast.BinOp] = field(default_factory=list)
    zeroed: list[ast.AST] = field(default_factory=list)
    seen: set[ast.expr] = field(default_factory=set)


def scores_of(reading: Reading, node: ast.expr | None, depth: int = 0) -> Scores:
    """Follow what goes into a softmax back to the product of queries and keys."""
    found = Scores()
    _follow(reading, node, found, depth)
    return found


def _follow(reading: Reading, node: ast.expr | None, found: Scores, depth: int) -> None:
    if node is None or depth > DEEPEST:
        return
    match node:
        case ast.Name():
            _follow_name(reading, node, found, depth)
        case ast.BinOp(op=ast.MatMult()):
            found.product = node
        case ast.BinOp(left=left, op=ast.Div() | ast.Mult(), right=right):
            found.is_scaled = True
            if isinstance(node.op, ast.Mult) and (_is_named_mask(left) or _is_named_mask(right)):
                found.zeroed.append(node)
            _follow(reading, left, found, depth + 1)
            if found.product is None:
                _follow(reading, right, found, depth + 1)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            found.sums.append(node)
            _follow(reading, left, found, depth + 1)
            if found.product is None:
                _follow(reading, right, found, depth + 1)
        case ast.IfExp(body=body, orelse=orelse):
            _follow(reading, body, found, depth + 1)
            _follow(reading, orelse, found, depth + 1)
        case ast.Call():
            _follow_call(reading, node, found, depth)
        case ast.Subscript(value=inner):
            _follow(reading, inner, found, depth + 1)
        case _:
            return


def _follow_name(reading: Reading, node: ast.Name, found: Scores, depth: int) -> None:
    for one in _changes(reading, reading.function_of(node)).get(node.id, ()):
        if place(one) > place(node):
            continue
        if isinstance(one, ast.Call):
            # In place: scores.masked_fill_(...), scores.div_(...)
            if reading.short(one) == "masked_fill_":
                found.fills.append(one)
            found.is_scaled = found.is_scaled or reading.short(one) in {"div_", "mul_"}
        elif isinstance(one.op, ast.Mult) and _is_named_mask(one.value):
            found.zeroed.append(one)
        elif isinstance(one.op, (ast.Div, ast.Mult)):
            found.is_scaled = True
        elif isinstance(one.op, (ast.Add, ast.Sub)):
            found.sums.append(ast.copy_location(ast.BinOp(one.target, one.op, one.value), one))
    for value in _values_of(reading, node):
        if value not in found.seen:
            found.seen.add(value)
            _follow(reading, value, found, depth + 1)


def _values_of(reading: Reading, node: ast.Name) -> Iterator[ast.expr]:
    """What a name was set to, or what callers in this file pass for it."""
    for binding in reading.bindings(node):
        if binding.how == "assign" and binding.value is not None:
            yield binding.value
        elif binding.how == "parameter" and isinstance(binding.node, ast.arg):
            yield from reading.passed_for(binding.node)


@lru_cache(maxsize=64)
def _changes(
    reading: Reading, function: Function | None
) -> Mapping[str, Sequence[ast.AugAssign | ast.Call]]:
    """What changes a value in place, by the name of the value."""
    found: dict[str, list[ast.AugAssign | ast.Call]] = {}
    around = function or reading.tree
    for change in reading.within(around, ast.AugAssign):
        if isinstance(change.target, ast.Name):
            found.setdefault(change.target.id, []).append(change)
    for call in reading.within(around, ast.Call):
        match call.func:
            case ast.Attribute(value=ast.Name(id=name), attr="masked_fill_" | "div_" | "mul_"):
                found.setdefault(name, []).append(call)
            case _:
                continue
    return found


def _follow_call(reading: Reading, node: ast.Call, found: Scores, depth: int) -> None:
    short = reading.short(node)
    receiver = _receiver(reading, node)
    if short in _PRODUCTS:
        found.product = node
        found.is_scaled = found.is_scaled or short == "baddbmm"
        return
    if short in _FILLS:
        found.fills.append(node)
    found.is_scaled = found.is_scaled or short in _SCALES
    if short == "where" and len(node.args) == 3:
        if any(reading.number(one) == 0 for one in node.args[1:]):
            found.zeroed.append(node)
        _follow(reading, node.args[1], found, depth + 1)
        if found.product is None:
            _follow(reading, node.args[2], found, depth + 1)
        return
    target = reading.target(node)
    if target is not None:
        for one in reading.within(target, ast.Return):
            _follow(reading, one.value, found, depth + 1)
        return
    is_layer = receiver is not None and not reading.called(node).startswith(".")
    if receiver is not None and not is_layer and not _is_of_self(node.func):
        _follow(reading, receiver, found, depth + 1)
    elif node.args and (short in _KEEPS or _is_dropout(reading, node)):
        _follow(reading, node.args[0], found, depth + 1)
    elif receiver is not None and isinstance(receiver, (ast.Call, ast.BinOp, ast.Subscript)):
        _follow(reading, receiver, found, depth + 1)


def _is_of_self(func: ast.expr) -> bool:
    """Whether what is called is kept on self, as a layer is."""
    return (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Name)
        and func.value.id == "self"
    )


def _is_dropout(reading: Reading, call: ast.Call) -> bool:
    return any(
        one.node is call and one.layer is not None and one.short in {"Dropout", "Identity"}
        for one in reading.origins(call)
    ) or "drop" in reading.short(call)


def _receiver(reading: Reading, call: ast.Call) -> ast.expr | None:
    """The value whose method is called; None for a function of a module."""
    if isinstance(call.func, ast.Attribute) and reading.called(call).startswith("."):
        return call.func.value
    return (
        call.func.value
        if isinstance(call.func, ast.Attribute) and not _is_plain(call.func.value)
        else None
    )


def _is_plain(node: ast.expr) -> bool:
    return isinstance(node, (ast.Name, ast.Attribute))


@lru_cache(maxsize=1)
def softmaxes(reading: Reading) -> Sequence[tuple[ast.Call, Scores]]:
    """Every softmax with the way of what goes into it."""
    return [(call, scores_of(reading, node)) for call, node in _softmaxes(reading)]


def _softmaxes(reading: Reading) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Every softmax with what goes into it, as a function, a method or an applied layer."""
    for call in reading.all(ast.Call):
        name = reading.called(call)
        if reading.short(call) == "softmax":
            receiver = _receiver(reading, call) if name.startswith(".") else None
            layer = first_of(reading.origins(call), SOFTMAX)
            is_layer = layer is not None and layer.layer is not None
            scores = (
                reading.argument(call, "input", 0) if receiver is None or is_layer else receiver
            )
            if scores is not None:
                yield call, scores
        elif call.args and _applies_softmax(reading, call):
            yield call, call.args[0]


def _applies_softmax(reading: Reading, call: ast.Call) -> bool:
    return any(
        one.node is call and one.layer is not None and one.short == "Softmax"
        for one in reading.origins(call)
    )


def attended(reading: Reading) -> Iterator[tuple[ast.Call, Scores]]:
    """Softmaxes over a product of queries and keys."""
    for call, found in softmaxes(reading):
        if found.product is not None and _is_of_queries_and_keys(reading, found.product):
            yield call, found


def _is_of_queries_and_keys(reading: Reading, product: ast.expr) -> bool:
    if _names_queries_and_keys(_identifiers(product)):
        return True
    if not isinstance(product, (ast.BinOp, ast.Call)):
        return False
    operands = (
        [product.left, product.right] if isinstance(product, ast.BinOp) else list(product.args)
    )
    if isinstance(product, ast.Call) and isinstance(product.func, ast.Attribute):
        operands.append(product.func.value)
    made = [each.node for one in operands for each in reading.origins(one)]
    return _names_queries_and_keys({name for one in made for name in _identifiers(one)})


def _names_queries_and_keys(names: set[str]) -> bool:
    named = {word for one in names for word in {one.lower(), *words_of(one)}}
    return bool(named & _QUERY) and bool(named & _KEY)


def _identifiers(node: ast.AST) -> set[str]:
    found = names_in(node)
    return found | {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}


def attention_unscaled(reading: Reading) -> Iterator[Hit | Fine]:
    for call, found in attended(reading):
        if found.product is None:
            continue
        if found.is_scaled or _has_scaled_operand(reading, found.product):
            yield Fine(call)
        else:
            yield Hit(found.product, {"scores": shown(found.product)})


def softmax_over_queries(reading: Reading) -> Iterator[Hit | Fine]:
    """The weights of each query add up to 1, so softmax runs over the keys, which stand last."""
    for call, found in attended(reading):
        if found.product is None or not _begins_with_queries(reading, found.product):
            continue
        layer = first_of(reading.origins(call), SOFTMAX)
        holder = layer.layer if layer is not None and layer.layer is not None else call
        is_function = holder is call and not reading.called(call).startswith(".")
        dim = reading.argument(holder, "dim", 1 if is_function else 0)
        dim = dim if dim is not None else reading.argument(holder, "axis")
        number = reading.number(dim)
        if number == -2 or (number == 1 and _has_three_dimensions(reading, call)):
            yield Hit(call, {"call": shown(call)})
        elif number == -1:
            yield Fine(call)


def _has_three_dimensions(reading: Reading, call: ast.Call) -> bool:
    """Whether the function shows that there are batches: `b, t, c = x.shape`, `m[:, None, :]`."""
    home = reading.function_of(call)
    if home is None:
        return False
    taken = any(
        isinstance(one.slice, ast.Tuple) and len(one.slice.elts) == 3
        for one in reading.within(home, ast.Subscript)
    )
    return taken or any(
        isinstance(target, ast.Tuple) and len(target.elts) == 3 and "shape" in shown(one.value, 200)
        for one in reading.within(home, ast.Assign)
        for target in one.targets
    )


def _begins_with_queries(reading: Reading, product: ast.expr) -> bool:
    """Whether it is q·kᵀ, with the keys last, and no einsum or kᵀ·q."""
    match product:
        case ast.BinOp(left=first, right=second) | ast.Call(args=[first, second]):
            pass
        case ast.Call(func=ast.Attribute(value=first), args=[second]):
            pass
        case _:
            return False
    return _is_of(reading, first, _QUERY) and _is_of(reading, second, _KEY)


def _is_of(reading: Reading, node: ast.expr, names: frozenset[str]) -> bool:
    made = [node, *(one.node for one in reading.origins(node))]
    named = {name for one in made for name in _identifiers(one)}
    return bool({word for one in named for word in {one.lower(), *words_of(one)}} & names)


def _has_scaled_operand(reading: Reading, product: ast.expr) -> bool:
    """Whether queries or keys were scaled or normalised before they were multiplied."""
    return any(_is_scaling(reading, one) for one in _ways(reading, product, 0))


def _is_scaling(reading: Reading, one: ast.AST) -> bool:
    match one:
        case ast.BinOp(op=ast.Div() | ast.Mult()) | ast.AugAssign(op=ast.Div() | ast.Mult()):
            return True
        case ast.Call():
            return reading.short(one) in _SCALES or "norm" in reading.short(one).lower()
        case _:
            return False


def _ways(
    reading: Reading, node: ast.expr | None, depth: int, seen: set[ast.AST] | None = None
) -> Iterator[ast.AST]:
    """What an operand was made of, back through names, layers and helpers."""
    seen = set() if seen is None else seen
    if node is None or depth > DEEPEST_OPERAND or node in seen:
        return
    seen.add(node)
    inner: list[ast.expr] = []
    match node:
        case ast.Name():
            yield from _changes(reading, reading.function_of(node)).get(node.id, ())
            inner = list(_values_of(reading, node))
        case ast.BinOp(left=left, right=right):
            yield node
            inner = [left, right]
        case ast.Attribute(value=one) | ast.Subscript(value=one) | ast.Starred(value=one):
            inner = [one]
        case ast.Tuple(elts=some) | ast.List(elts=some):
            inner = list(some)
        case ast.Call():
            yield node
            is_method = reading.called(node).startswith(".") and not _is_of_self(node.func)
            if is_method and isinstance(node.func, ast.Attribute):
                inner = [node.func.value]
            if not is_method or reading.short(node) in _PRODUCTS:
                inner += node.args
        case _:
            pass
    for one in inner:
        yield from _ways(reading, one, depth + 1, seen)


def _scales(reading: Reading, value: ast.expr) -> bool:
    for one in ast.walk(value):
        if isinstance(one, ast.BinOp) and isinstance(one.op, (ast.Div, ast.Mult)):
            return True
        if isinstance(one, ast.Call) and reading.short(one) in _SCALES | {"normalize"}:
            return True
    return False


def mask_after_softmax(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if reading.short(call) in _FILLS and isinstance(call.func, ast.Attribute):
            yield from _masked_late(reading, call, call.func.value)
    for call in reading.all(ast.Call):
        if reading.short(call) != "where" or len(call.args) != 3:
            continue
        if not any(_is_very_negative(reading, one) for one in call.args[1:]):
            yield from _masked_late(reading, call, call.args[1])
    for product in reading.all(ast.BinOp):
        if not isinstance(product.op, ast.Mult):
            continue
        for weights, mask in ((product.left, product.right), (product.right, product.left)):
            if _is_mask(reading, mask) and not _is_named_mask(weights):
                yield from _masked_late(reading, product, weights)
    for change in reading.all(ast.AugAssign):
        is_masked = isinstance(change.op, ast.Mult) and _is_named_mask(change.value)
        if is_masked and isinstance(change.target, ast.Name):
            yield from _masked_late(reading, change, change.target)
    for assign in reading.all(ast.Assign):
        match assign.targets:
            case [ast.Subscript(value=weights, slice=where)] if reading.number(assign.value) == 0:
                if any(isinstance(one, (ast.Compare, ast.UnaryOp)) for one in ast.walk(where)):
                    yield from _masked_late(reading, assign, weights)
            case _:
                continue
    for call, found in attended(reading):
        if any(_is_very_negative(reading, _filled_in(reading, one)) for one in found.fills):
            yield Fine(call)


def _masked_late(reading: Reading, node: ast.AST, weights: ast.expr) -> Iterator[Hit]:
    soft = first_of(reading.origins(weights), SOFTMAX)
    if soft is None or _renormalises(reading, reading.function_of(node)):
        return
    if not _is_about_attention(reading, node):
        return
    before = _by_call(reading).get(soft.node)
    if before is not None and (before.fills or before.sums):
        # Hidden before the softmax too: this only clears rows that are hidden altogether.
        return
    yield Hit(node, {"weights": shown(weights)})


@lru_cache(maxsize=1)
def _by_call(reading: Reading) -> Mapping[ast.AST, Scores]:
    return dict(softmaxes(reading))


def _is_about_attention(reading: Reading, node: ast.AST) -> bool:
    """Whether the weights weigh values, rather than being a router's or an action's chances."""
    function = reading.function_of(node)
    owner = reading.class_of(node)
    named = {word for one in (function, owner) if one is not None for word in words_of(one.name)}
    named |= {word for one in _identifiers(node) for word in words_of(one)}
    if named & {"router", "expert", "experts", "gate", "gating", "moe", "policy", "action"}:
        return False
    if named & {"attention", "attn", "att", "head", "attend"}:
        return True
    return _multiplies(reading, function)


@lru_cache(maxsize=64)
def _multiplies(reading: Reading, function: Function | None) -> bool:
    """Whether a function multiplies matrices."""
    around = function or reading.tree
    if any(isinstance(one.op, ast.MatMult) for one in reading.within(around, ast.BinOp)):
        return True
    return any(reading.short(one) in _PRODUCTS for one in reading.within(around, ast.Call))


def _is_mask(reading: Reading, node: ast.expr) -> bool:
    """By its name, or as what was compared: `keep = positions < lengths`, `keep[:, None]`."""
    inner = node.value if isinstance(node, ast.Subscript) else node
    made = reading.bindings(inner) if isinstance(inner, ast.Name) else []
    is_compared = bool(made) and all(isinstance(one.value, ast.Compare) for one in made)
    return is_compared or _is_named_mask(node)


def _is_named_mask(node: ast.expr) -> bool:
    named = {word for one in _identifiers(node) for word in words_of(one)}
    return bool(named & {"mask", "masks", "tril"}) and not named & {
        "dropout",
        "drop",
        "loss",
        "head",
    }


@lru_cache(maxsize=64)
def _renormalises(reading: Reading, function: Function | None) -> bool:
    """Whether a function divides anything by a sum, as masked weights should be."""
    around = function or reading.tree
    divided = [
        *(one.right for one in reading.within(around, ast.BinOp) if isinstance(one.op, ast.Div)),
        *(
            one.value
            for one in reading.within(around, ast.AugAssign)
            if isinstance(one.op, ast.Div)
        ),
        *(one for one in reading.within(around, ast.Call) if reading.short(one) in {"div", "div_"}),
    ]
    return any(_sums(one) for one in divided) or any(
        reading.short(one) == "normalize" for one in reading.within(around, ast.Call)
    )


def _sums(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Attribute) and one.attr == "sum" for one in ast.walk(node))


def causal_mask_missing(reading: Reading) -> Iterator[Hit | Fine]:
    told: set[ast.AST] = set()
    for owner in _attention_places(reading):
        if not _is_causal(reading, owner):
            continue
        parts = _with_parts(reading, owner)
        if any(_hides_anything(one) for one in parts):
            yield Fine(owner)
            continue
        for call in (each for one in parts for each in _attention_calls(reading, one)):
            if call not in told:
                told.add(call)
                yield Hit(call, {"name": owner.name})
            break


def _attention_places(reading: Reading) -> Iterator[ast.ClassDef | ast.FunctionDef]:
    yield from reading.all(ast.ClassDef)
    for function in reading.all(ast.FunctionDef):
        if reading.class_of(function) is None:
            yield function


def _is_causal(reading: Reading, owner: ast.ClassDef | ast.FunctionDef) -> bool:
    named = words_of(owner.name)
    if named & _NOT_CAUSAL:
        return False
    is_decoder = bool(named & _DECODES and named & _DECODER_PARTS)
    if named & _CAUSAL or (is_decoder and _is_of_language(reading.text)):
        return True
    said = ast.get_docstring(owner) or ""
    lines = reading.lines[max(0, owner.lineno - 3) : owner.end_lineno]
    said += "".join(one.partition("#")[2] for one in lines if "#" in one)
    return bool(_CAUSAL_TEXT.search(said)) and not _DENIED.search(said)


@lru_cache(maxsize=1)
def _is_of_language(text: str) -> bool:
    """Whether a file's decoders write text, where others draw boxes or pictures."""
    return bool(_LANGUAGE.search(text)) and not _PICTURES.search(text)


def _with_parts(
    reading: Reading, owner: ast.ClassDef | ast.FunctionDef
) -> list[ast.ClassDef | ast.FunctionDef]:
    """What is said to be causal, and the modules of this file that it is built of."""
    found = [owner]
    for one in found:
        for call in (each for each in ast.walk(one) if isinstance(each, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            part = reading.classes.get(name)
            is_new = part not in found and len(found) < MOST_PARTS
            if part is not None and is_new and not words_of(name) & _NOT_CAUSAL:
                found.append(part)
    return found


def _hides_anything(owner: ast.AST) -> bool:
    """Whether a mask is used anywhere; a parameter that nobody reads hides nothing."""
    for one in ast.walk(owner):
        match one:
            case ast.Name(id=name, ctx=ast.Load()) if _HIDES.search(name.lower()):
                return True
            case ast.Attribute(attr=name) if _HIDES.search(name.lower()):
                return True
            case ast.Constant(value=str() as text) if text == "-inf":
                return True
            case ast.keyword(arg="is_causal", value=ast.Constant(value=False)):
                continue
            case ast.keyword(value=ast.Constant(value=None)):
                continue
            case ast.keyword(arg=str() as name) if _HIDES.search(name):
                return True
            case ast.keyword(arg=None):
                return True
            case _:
                continue
    return False


def _attention_calls(reading: Reading, owner: ast.ClassDef | ast.FunctionDef) -> Iterator[ast.Call]:
    inside = set(ast.walk(owner))
    for call, _ in attended(reading):
        if call in inside:
            yield call
    for call in reading.all(ast.Call):
        if call not in inside:
            continue
        if (
            reading.short(call) == "scaled_dot_product_attention"
            or (_is_attention_layer(reading, call) and _is_to_itself(call))
            or any(
                one.node is call and one.layer is not None and one.short in _STACKS
                for one in reading.origins(call)
            )
        ):
            yield call


def _is_to_itself(call: ast.Call) -> bool:
    """Whether queries and keys are one, as in self-attention."""
    return len(call.args) < 2 or ast.dump(call.args[0]) == ast.dump(call.args[1])


def causal_mask_inverted(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        short = reading.short(call)
        if short in _FILLS:
            place = 0 if isinstance(call.func, ast.Attribute) and _receiver(reading, call) else 1
            condition = reading.argument(call, "mask", place)
            value = reading.argument(call, "value", place + 1)
            if condition is None or not _is_very_negative(reading, value):
                continue
            if _weighs(reading, call):
                yield from _judged(reading, call, condition, wrong="past")
        elif short == "where" and len(call.args) == 3:
            if _is_very_negative(reading, call.args[2]):
                yield from _judged(reading, call, call.args[0], wrong="future")
            elif _is_very_negative(reading, call.args[1]):
                yield from _judged(reading, call, call.args[0], wrong="past")
        elif short == "scaled_dot_product_attention":
            mask = reading.argument(call, "attn_mask", 3)
            if mask is not None and _is_boolean(reading, mask):
                yield from _judged(reading, call, mask, wrong="future")
        elif _is_attention_layer(reading, call):
            mask = reading.argument(call, "attn_mask")
            if mask is not None and _is_boolean(reading, mask):
                yield from _judged(reading, call, mask, wrong="past")
        elif short in {"tril", "triu"}:
            yield from _negative_triangle(reading, call, short)


def _weighs(reading: Reading, call: ast.Call) -> bool:
    """Whether what is masked are scores of attention, or a mask, rather than scores of pairs."""
    function, owner = reading.function_of(call), reading.class_of(call)
    named = {word for one in _identifiers(call.func) for word in words_of(one)}
    named |= {word for one in (function, owner) if one is not None for word in words_of(one.name)}
    if named & _WEIGHS:
        return True
    return _takes_softmax(reading, function)


@lru_cache(maxsize=64)
def _takes_softmax(reading: Reading, function: Function | None) -> bool:
    around = function or reading.tree
    return any("softmax" in reading.short(one).lower() for one in reading.within(around, ast.Call))


def _negative_triangle(reading: Reading, call: ast.Call, short: str) -> Iterator[Hit | Fine]:
    """Minus infinity on one side, to be added to the scores."""
    whole = call.args[0] if reading.called(call).startswith("torch.") and call.args else None
    whole = whole or _receiver(reading, call)
    if whole is None or not _is_full_of_negatives(reading, whole):
        return
    if short == "tril":
        yield Hit(call, {"mask": shown(call)})
    else:
        yield Fine(call)


def _is_full_of_negatives(reading: Reading, node: ast.expr) -> bool:
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and reading.short(one) in {"full", "full_like"}:
            return _is_very_negative(reading, reading.argument(one, "fill_value", 1))
        if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult):
            return _is_very_negative(reading, one.right) or _is_very_negative(reading, one.left)
    return False


def _is_attention_layer(reading: Reading, call: ast.Call) -> bool:
    return any(
        one.node is call and one.layer is not None and one.short == "MultiheadAttention"
        for one in reading.origins(call)
    )


def _judged(
    reading: Reading, call: ast.Call, condition: ast.expr, *, wrong: Side
) -> Iterator[Hit | Fine]:
    side = side_of(reading, condition)
    if side == wrong:
        yield Hit(call, {"mask": shown(condition)})
    elif side is not None:
        yield Fine(call)


def side_of(reading: Reading, node: ast.expr | None, depth: int = 0) -> Side | None:
    """On which side of the diagonal a mask is true: `past` for tril, `future` for triu."""
    if node is None or depth > DEEPEST:
        return None
    known = _sides(reading)
    if node not in known:
        known[node] = None  # a circle ends here
        known[node] = _side_of(reading, node, depth)
    return known[node]


@lru_cache(maxsize=1)
def _sides(reading: Reading) -> dict[ast.expr, Side | None]:
    """The sides of the masks of one file, filled as they are asked for."""
    del reading
    return {}


def _side_of(reading: Reading, node: ast.expr, depth: int) -> Side | None:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[other]):
            side = side_of(reading, left, depth + 1)
            number = reading.number(other)
            is_off = isinstance(op, ast.Eq) and number == 0
            is_off = is_off or (isinstance(op, ast.NotEq) and number == 1)
            is_off = is_off or (isinstance(op, ast.Lt) and number in {0.5, 1})
            is_off = is_off or _is_false(other)
            return _other(side) if is_off else side
        case ast.UnaryOp(op=ast.Invert() | ast.Not(), operand=inner):
            return _other(side_of(reading, inner, depth + 1))
        case ast.BinOp(left=ast.Constant(value=1 | 1.0), op=ast.Sub(), right=inner):
            return _other(side_of(reading, inner, depth + 1))
        case ast.Call():
            return _side_of_call(reading, node, depth)
        case ast.Subscript(value=inner):
            return side_of(reading, inner, depth + 1)
        case ast.Name():
            values = [one.value for one in reading.bindings(node) if one.how == "assign"]
            return _agreed(side_of(reading, one, depth + 1) for one in values)
        case ast.Attribute(value=inner, attr="T" | "mT"):
            return _other(side_of(reading, inner, depth + 1))
        case ast.Attribute(value=ast.Name(id="self"), attr=attr):
            return _agreed(side_of(reading, one, depth + 1) for one in _kept(reading, node, attr))
        case _:
            return None


def _side_of_call(reading: Reading, node: ast.Call, depth: int) -> Side | None:
    short = reading.short(node)
    if short in {"tril", "triu"}:
        whole = node.args[0] if reading.called(node).startswith("torch.") and node.args else None
        if _is_full_of_negatives(reading, whole or node.func):
            return None
        return "past" if short == "tril" else "future"
    receiver = _receiver(reading, node)
    target = reading.target(node)
    if target is not None:
        returned = (one.value for one in reading.within(target, ast.Return))
        return _agreed(side_of(reading, one, depth + 1) for one in returned)
    if short in {"transpose", "t", "swapaxes", "permute"}:
        is_turned = short == "t" or _are_last_two(reading, node.args)
        return _other(side_of(reading, receiver, depth + 1)) if is_turned else None
    if short in {"logical_not", "bitwise_not"}:
        given = receiver or (node.args[0] if node.args else None)
        return _other(side_of(reading, given, depth + 1))
    if short in {"eq", "ne"} and node.args:
        side = side_of(reading, receiver, depth + 1)
        is_off = (reading.number(node.args[0]) == 0) == (short == "eq")
        return _other(side) if is_off else side
    return side_of(reading, receiver, depth + 1)


def _are_last_two(reading: Reading, places: list[ast.expr]) -> bool:
    return {reading.number(one) for one in places} in ({0, 1}, {-1, -2}, {2, 3})


def _kept(reading: Reading, node: ast.AST, name: str) -> Iterator[ast.expr]:
    """What a module keeps under a name, also as a buffer."""
    owner = reading.class_of(node)
    if owner is not None:
        for one in reading.attributes(owner).get(name, ()):
            if one.value is not None:
                yield one.value


def _agreed(sides: Iterator[Side | None]) -> Side | None:
    found = set(sides)
    return found.pop() if len(found) == 1 else None


def _other(side: Side | None) -> Side | None:
    return None if side is None else "future" if side == "past" else "past"


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _is_boolean(reading: Reading, mask: ast.expr) -> bool:
    """Whether a mask says true and false, rather than what is added."""
    text = shown(mask, 500)
    if isinstance(mask, ast.Name):
        text += " ".join(shown(one.value, 500) for one in reading.bindings(mask) if one.value)
    return ".bool(" in text or "dtype=torch.bool" in text or "==" in text or "~" in text


def _is_very_negative(reading: Reading, node: ast.expr | None) -> bool:
    if node is None:
        return False
    number = reading.number(node)
    if number is not None:
        return number <= -1000
    text = shown(node, 200).replace(" ", "")
    return bool(
        re.search(r"-(?:float\(.inf.\)|(?:math|np|torch)\.inf)|-inf|finfo\(.*\)\.min", text)
    )


def mask_filled_with_zero(reading: Reading) -> Iterator[Hit | Fine]:
    for _, node in _softmaxes(reading):
        if isinstance(node, ast.Name):
            yield from _set_to_zero(reading, node)
    for _, found in softmaxes(reading):
        for fill in found.fills:
            value = _filled_in(reading, fill)
            if reading.number(value) == 0:
                yield Hit(fill, {"call": shown(fill)})
            elif _is_very_negative(reading, value):
                yield Fine(fill)
    for _, found in attended(reading):
        # Something very negative beside it does hide: scores * mask + (1 - mask) * -1e9.
        for one in found.zeroed if not (found.sums or found.fills) else ():
            yield Hit(one, {"call": shown(one)})


def _filled_in(reading: Reading, fill: ast.Call) -> ast.expr | None:
    return reading.argument(fill, "value", len(fill.args) - 1)


def _set_to_zero(reading: Reading, scores: ast.Name) -> Iterator[Hit]:
    """Places of the scores that are set to zero by a mask: `scores[mask == 0] = 0`."""
    function = reading.function_of(scores)
    for one in reading.within(function or reading.tree, ast.Assign):
        match one.targets:
            case [ast.Subscript(value=ast.Name(id=name), slice=where)] if name == scores.id:
                is_mask = not isinstance(where, (ast.Constant, ast.Slice))
                if is_mask and reading.number(one.value) == 0:
                    yield Hit(one, {"call": shown(one)})
            case _:
                continue


def additive_mask_of_ones(reading: Reading) -> Iterator[Hit | Fine]:
    for _, found in attended(reading):
        for one in found.sums:
            mask = one.right
            if isinstance(one.op, ast.Add) and _is_of_ones(reading, mask):
                yield Hit(one, {"mask": shown(mask)})


def _is_of_ones(reading: Reading, node: ast.expr) -> bool:
    """Whether a mask surely holds zeros and ones: a triangle of ones, or what was compared."""
    if _scales(reading, node):
        return False
    values = [node]
    if isinstance(node, ast.Name):
        values += [one.value for one in reading.bindings(node) if one.value is not None]
    if any(_holds_very_negative(reading, one) for one in values):
        return False
    if any(
        _scales(reading, one) or "masked_fill" in shown(one, 500) or "where" in shown(one, 500)
        for one in values
    ):
        return False
    origins = reading.origins(node)
    is_compared = bool(origins) and all(isinstance(one.node, ast.Compare) for one in origins)
    return is_compared or side_of(reading, node) is not None


def _holds_very_negative(reading: Reading, value: ast.expr) -> bool:
    """np.triu(np.full((t, t), -1e9), 1): a triangle that is meant to be added."""
    return any(
        isinstance(one, ast.Call)
        and reading.short(one) == "full"
        and _is_very_negative(reading, reading.argument(one, "fill_value", 1))
        for one in ast.walk(value)
    )


def heads_by_wrong_view(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        viewed, sizes = _viewed(reading, call)
        if viewed is None or len(sizes) != 4 or _takes_apart(reading, sizes):
            continue
        second, third = (_plain_name(one) for one in sizes[1:3])
        if _TIME.match(second) and _HEADS.match(third):
            yield Fine(call)
        elif _HEADS.match(second) and _is_time(reading, call, viewed, sizes):
            if _was_turned(reading, viewed):
                continue
            names = {"call": shown(call), "heads": shown(sizes[1]), "time": shown(sizes[2])}
            names |= {"batch": shown(sizes[0]), "size": shown(sizes[3])}
            yield Hit(call, names)


def _takes_apart(reading: Reading, sizes: Sequence[ast.expr]) -> bool:
    """Whether rows that were put together before are taken apart in the order they came in."""
    third, fourth = (ast.unparse(one) for one in sizes[2:4])
    return reading.number(sizes[0]) == -1 and (third == fourth or "shape" in third)


def _viewed(reading: Reading, call: ast.Call) -> tuple[ast.expr | None, list[ast.expr]]:
    """What a view or reshape is of, and the sizes it asks for."""
    if reading.short(call) not in {"view", "reshape"}:
        return None, []
    viewed, sizes = _receiver(reading, call), call.args
    if viewed is None and isinstance(call.func, ast.Attribute) and len(call.args) == 4:
        viewed = call.func.value
    if reading.called(call) == "torch.reshape" and call.args:
        viewed, sizes = call.args[0], call.args[1:]
    if len(sizes) == 1 and isinstance(sizes[0], (ast.Tuple, ast.List)):
        sizes = sizes[0].elts
    return viewed, sizes


def _is_time(reading: Reading, call: ast.Call, viewed: ast.expr, sizes: list[ast.expr]) -> bool:
    """Whether the third size asked for was the second of the three that the viewed tensor had."""
    batch, size, last = sizes[0], sizes[2], sizes[3]
    name = _plain_name(size)
    if isinstance(viewed, ast.Subscript) or _is_length(last):
        return False
    if _is_projected(reading, viewed):
        return reading.number(size) == -1 or bool(_TIME.match(name))
    if name == "t" and not isinstance(size, ast.Name):
        return reading.number(batch) != -1
    for one in reading.within(reading.function_of(call) or reading.tree, ast.Assign):
        match one:
            case ast.Assign(
                targets=[ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=second), _])], value=value
            ) if second == name and first in {_plain_name(batch), "_"}:
                if _is_shape_of(value, viewed):
                    return True
            case _:
                continue
    return False


def _is_length(node: ast.expr) -> bool:
    """Whether a size is another length or a whole dimension, not the part of one head."""
    match node:
        case ast.Name(id=name):
            return bool(_TIME.match(name)) or bool(words_of(name) & {"len", "length", "seq"})
        case (
            ast.Subscript(value=ast.Attribute(attr="shape"))
            | ast.Call(func=ast.Attribute(attr="size"))
        ):
            return True
        case _:
            return False


def _is_projected(reading: Reading, viewed: ast.expr) -> bool:
    """Whether it is what a Linear gave, or a part of that."""
    for one in reading.origins(viewed):
        node = one.node
        match node:
            case ast.Call(func=ast.Attribute(value=whole, attr="chunk" | "split" | "unbind")):
                if _is_projected(reading, whole):
                    return True
            case _:
                pass
        if one.layer is not None and one.short == "Linear":
            return True
    return False


def _is_shape_of(value: ast.expr, viewed: ast.expr) -> bool:
    """Whether it is the shape of just this name."""
    match value:
        case ast.Attribute(value=ast.Name(id=name), attr="shape"):
            pass
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="size"), args=[]):
            pass
        case _:
            return False
    return isinstance(viewed, ast.Name) and viewed.id == name


def _plain_name(node: ast.expr) -> str:
    match node:
        case ast.Attribute(attr=attr):
            return attr
        case ast.Name(id=id):
            return id
        case ast.Call(func=ast.Attribute(attr="size"), args=[ast.Constant(value=1)]):
            return "t"
        case ast.Subscript(value=ast.Attribute(attr="shape"), slice=ast.Constant(value=1)):
            return "t"
        case _:
            return ""


def _was_turned(reading: Reading, node: ast.expr) -> bool:
    """Whether dimensions were swapped or merged before, so that the order may be right."""
    ways: list[ast.AST] = [node]
    if isinstance(node, ast.Name):
        ways += [one.value for one in reading.bindings(node) if one.value is not None]
    for one in (each for way in ways for each in ast.walk(way)):
        if isinstance(one, ast.Attribute) and one.attr in _TURNS:
            return True
        if isinstance(one, ast.Call) and reading.short(one) in _TURNS:
            return True
        if isinstance(one, ast.BinOp) and isinstance(one.op, ast.MatMult):
            return True
    return False


MATCHERS: Final[Mapping[str, Matcher]] = {
    "attention-unscaled": attention_unscaled,
    "softmax-over-queries": softmax_over_queries,
    "mask-after-softmax": mask_after_softmax,
    "causal-mask-missing": causal_mask_missing,
    "causal-mask-inverted": causal_mask_inverted,
    "mask-filled-with-zero": mask_filled_with_zero,
    "additive-mask-of-ones": additive_mask_of_ones,
    "heads-by-wrong-view": heads_by_wrong_view,
}
