"""Modules: what torch must know of, and what belongs where."""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from learning.code_review.reading import Fine, Hit, Origin, Reading
from learning.code_review.rules.shape import Matcher
from learning.code_review.tree import Function, N, shown, words_of
from learning.code_review.vocabulary import SEQUENTIAL, Role, words

WITH_PARAMETERS: Final = words(
    "Linear LazyLinear Bilinear Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d Embedding "
    "EmbeddingBag LSTM GRU RNN LSTMCell GRUCell BatchNorm1d BatchNorm2d BatchNorm3d LayerNorm "
    "GroupNorm MultiheadAttention Transformer TransformerEncoder TransformerDecoder "
    "TransformerEncoderLayer TransformerDecoderLayer PReLU"
)
_NOT_LAYERS: Final = words("Parameter ModuleList ModuleDict ParameterList ParameterDict Module")
# Nothing is lost when PyTorch does not know of these.
_WITHOUT_STATE: Final = words(
    "ReLU ReLU6 LeakyReLU ELU SELU CELU GELU SiLU Mish Tanh Sigmoid Softmax LogSoftmax Softplus "
    "Hardswish Hardtanh Identity Flatten Unflatten MaxPool1d MaxPool2d MaxPool3d AvgPool1d "
    "AvgPool2d AvgPool3d AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveMaxPool2d Upsample "
    "PixelShuffle ZeroPad2d CosineSimilarity"
)
_PLAIN: Final = (ast.List, ast.ListComp, ast.Dict, ast.DictComp, ast.Tuple, ast.GeneratorExp)
_HOLDERS: Final = words("ModuleList ModuleDict Sequential ParameterList ParameterDict")
_MADE_TENSORS: Final = words(
    "randn rand zeros ones empty full eye tensor arange linspace tril triu randint randn_like "
    "zeros_like ones_like from_numpy logspace"
)
_ELEMENTWISE: Final = words("torch.exp torch.sin torch.cos torch.outer torch.log torch.pow .exp")
_LEARNED: Final = words(
    "weight weights bias w b gamma beta scale alpha theta embedding embed token query kernel"
)
_WEIGHTS: Final = words("weight weights bias gamma beta w b W")
_DROPOUTS: Final = words(
    "dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout"
)
_DROPOUT_LAYERS: Final = words("Dropout Dropout1d Dropout2d Dropout3d AlphaDropout")
_LINEAR: Final = words("Linear LazyLinear")
_LORA_SIDES: Final = {"a": "a", "down": "a", "b": "b", "up": "b"}


def layers_in_plain_list(reading: Reading) -> Iterator[Hit | Fine]:
    for owner in _modules(reading):
        if _registers_by_hand(reading, owner):
            continue
        for name, bindings in reading.attributes(owner).items():
            for one in bindings:
                if one.how != "assign" or one.value is None or one.index is not None:
                    continue
                if reading.class_of(one.node) is not owner:
                    continue
                if isinstance(one.value, ast.Call) and reading.short(one.value) in _HOLDERS:
                    yield Fine(one.value)
                elif _keeps_layers(reading, owner, name, one.value):
                    yield Hit(one.value, {"name": f"self.{name}"})


def _keeps_layers(reading: Reading, owner: ast.ClassDef, name: str, value: ast.expr) -> bool:
    plain = next((one.node for one in reading.origins(value) if _is_plain(one.node)), None)
    if plain is None or _is_given_to_a_holder(reading, owner, name):
        return False
    added = list(_added_to(reading, owner, lambda one: _is_self(one, name)))
    if isinstance(value, ast.Name):
        local = value.id
        function = reading.function_of(value)
        added += [
            one
            for one in _added_to(
                reading, owner, lambda node: isinstance(node, ast.Name) and node.id == local
            )
            if reading.function_of(one) is function
        ]
    match plain:
        case ast.List(elts=[ast.Name()]) | ast.Tuple(elts=[ast.Name()]) if not added:
            # `[teacher]` hides a module from PyTorch on purpose.
            return False
        case _:
            pass
    return any(_holds_layers(reading, one) or is_layer(reading, one) for one in (plain, *added))


def _registers_by_hand(reading: Reading, owner: ast.ClassDef) -> bool:
    return any(
        reading.short(call) in {"add_module", "register_module", "setattr"}
        for call in _in_class(reading, owner, ast.Call)
    )


def _is_plain(value: ast.expr) -> bool:
    return isinstance(value, _PLAIN) or (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id in {"list", "dict"}
    )


def _holds_layers(reading: Reading, value: ast.expr) -> bool:
    """Whether layers stand in a list or dict, directly or by the name of one."""
    match value:
        case ast.List(elts=some) | ast.Tuple(elts=some):
            inner = list(some)
        case ast.Dict(values=some):
            inner = list(some)
        case ast.ListComp(elt=one) | ast.GeneratorExp(elt=one) | ast.DictComp(value=one):
            inner = [one]
        case ast.Call(args=[ast.GeneratorExp(elt=one)]):
            inner = [one]
        case ast.Call():
            inner = [value]
        case _:
            inner = []
    return any(is_layer(reading, one) for one in inner)


def is_layer(reading: Reading, node: ast.expr) -> bool:
    """Whether an expression makes a module: one of torch's, or of this file."""
    for origin in reading.origins(node):
        made = origin.node
        if not isinstance(made, ast.Call) or origin.layer is not None:
            continue
        if origin.name.startswith("torch.nn.") and origin.short[:1].isupper():
            return origin.short not in _NOT_LAYERS | _WITHOUT_STATE and "Loss" not in origin.short
        owner = reading.classes.get(origin.name)
        if owner is not None and reading.is_module(owner):
            return True
    return False


def _added_to(
    reading: Reading, owner: ast.ClassDef, is_it: Callable[[ast.AST], bool]
) -> Iterator[ast.expr]:
    """What is appended to a list, added to it, or put into a dict by a key."""
    for call in _in_class(reading, owner, ast.Call):
        if reading.short(call) not in {"append", "extend", "insert"} or not call.args:
            continue
        if isinstance(call.func, ast.Attribute) and is_it(call.func.value):
            yield call.args[-1]
    for assign in _in_class(reading, owner, ast.Assign):
        for target in assign.targets:
            if isinstance(target, ast.Subscript) and is_it(target.value):
                yield assign.value
    for change in _in_class(reading, owner, ast.AugAssign):
        if is_it(change.target):
            yield change.value


def _is_given_to_a_holder(reading: Reading, owner: ast.ClassDef, name: str) -> bool:
    for call in _in_class(reading, owner, ast.Call):
        if reading.short(call) in _HOLDERS | {"add_module", "register_module"}:
            for one in ast.walk(call):
                if _is_self(one, name):
                    return True
    return False


def super_init_missing(reading: Reading) -> Iterator[Hit | Fine]:
    for owner in _modules(reading):
        start = next((one for one in reading.methods(owner) if one.name == "__init__"), None)
        if start is None:
            continue
        calls = list(reading.within(start, ast.Call))
        is_begun = any(
            isinstance(call.func, ast.Attribute) and call.func.attr == "__init__" for call in calls
        )
        if is_begun:
            yield Fine(start)
        elif any(is_layer(reading, call) or reading.short(call) == "Parameter" for call in calls):
            yield Hit(start, {"name": owner.name})


def forward_called_directly(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        func = call.func
        if not isinstance(func, ast.Attribute) or func.attr != "forward":
            continue
        receiver = func.value
        if isinstance(receiver, ast.Call) or _is_self_alone(receiver):
            continue
        owner = reading.instance_of(receiver)
        is_module = owner is not None and reading.is_module(owner)
        inside = reading.class_of(call)
        is_part = isinstance(receiver, ast.Attribute) and _is_self_alone(receiver.value)
        is_part = is_part and inside is not None and reading.is_module(inside)
        is_model = is_module or is_part or reading.role(receiver) is Role.MODEL
        if is_model or is_layer(reading, receiver):
            yield Hit(call, {"model": shown(receiver), "args": _args(call)})


def _args(call: ast.Call) -> str:
    some = [shown(one, 30) for one in call.args]
    some += [f"{one.arg}={shown(one.value, 30)}" for one in call.keywords if one.arg]
    return ", ".join(some[:4])


def layer_made_in_forward(reading: Reading) -> Iterator[Hit | Fine]:
    for owner in _modules(reading):
        for method in _run_in_forward(reading, owner):
            if method.decorator_list:
                continue
            for call in reading.within(method, ast.Call):
                # Made once, when it is first needed, is made on purpose.
                if _has_parameters(reading, call) and not _is_made_once(reading, call):
                    yield Hit(call, {"layer": shown(call)})


def _run_in_forward(reading: Reading, owner: ast.ClassDef) -> list[Function]:
    """The forward of a class and what it calls of its own, but not what its start calls too."""
    methods = {one.name: one for one in reading.methods(owner)}
    found = [one for name, one in methods.items() if name == "forward"]
    started = set(_own_calls(reading, methods.get("__init__")))
    for one in found:
        for name in _own_calls(reading, one):
            if name in methods and name not in started and methods[name] not in found:
                found.append(methods[name])
    return found


def _own_calls(reading: Reading, method: Function | None) -> set[str]:
    if method is None:
        return set()
    return {
        call.func.attr
        for call in reading.within(method, ast.Call)
        if isinstance(call.func, ast.Attribute) and _is_self_alone(call.func.value)
    }


def _has_parameters(reading: Reading, call: ast.Call) -> bool:
    """Whether a call makes a layer with weights, of torch or of this file."""
    name = reading.called(call)
    if name.startswith("torch.nn.") and reading.short(call) in WITH_PARAMETERS:
        return True
    owner = reading.classes.get(name)
    return (
        owner is not None
        and reading.is_module(owner)
        and any(
            reading.called(one).startswith("torch.nn.") and reading.short(one) in WITH_PARAMETERS
            for one in _in_class(reading, owner, ast.Call)
        )
    )


def _is_made_once(reading: Reading, call: ast.Call) -> bool:
    test = reading.enclosing(call, ast.If)
    text = shown(test.test, 200) if test is not None else ""
    return any(word in text for word in ("None", "hasattr", "not in", "init", "len("))


def parameter_not_registered(reading: Reading) -> Iterator[Hit | Fine]:
    for owner in _modules(reading):
        for one in _in_class(reading, owner, ast.Call):
            if reading.short(one) == "Parameter":
                yield Fine(one)
    for _, name, value in _tensors_of(reading):
        if _looks_learned(reading, name, value):
            yield Hit(value, {"name": f"self.{name}"})


def _looks_learned(reading: Reading, name: str, value: ast.expr) -> bool:
    if _wants_grad(reading, value):
        return True
    named = words_of(name)
    if named & {"class", "loss", "running", "pos", "mask", "ema"}:
        return False
    made = {one.short for one in reading.origins(value)}
    made |= {
        reading.short(one)
        for origin in reading.origins(value)
        if isinstance(origin.node, ast.BinOp)
        for one in ast.walk(origin.node)
        if isinstance(one, ast.Call)
    }
    is_random = bool(made & {"randn", "rand", "randn_like", "normal"})
    is_flat = bool(made & {"zeros", "ones", "empty"})
    return (is_random and bool(named & _LEARNED)) or (is_flat and bool(named & _WEIGHTS))


def tensor_not_buffer(reading: Reading) -> Iterator[Hit | Fine]:
    for owner in _modules(reading):
        for one in _in_class(reading, owner, ast.Call):
            if reading.short(one) == "register_buffer":
                yield Fine(one)
    for owner, name, value in _tensors_of(reading):
        if _looks_learned(reading, name, value) or _is_rebound(reading, owner, name):
            continue
        uses = list(_uses_outside_start(reading, owner, name))
        if uses and not any(_is_moved(reading, one) for one in uses):
            yield Hit(value, {"name": name})


def _is_moved(reading: Reading, use: ast.Attribute) -> bool:
    """Whether it is put on the right device where it is used."""
    for one in reading.ancestors(use):
        if isinstance(one, ast.Attribute) and one.attr in {"to", "cuda", "type_as"}:
            return True
        if not isinstance(one, (ast.Attribute, ast.Subscript, ast.Call)):
            return False
    return False


def _tensors_of(reading: Reading) -> Iterator[tuple[ast.ClassDef, str, ast.expr]]:
    """Plain tensors kept on a module by its __init__."""
    for owner in _modules(reading):
        for name, bindings in reading.attributes(owner).items():
            for one in bindings:
                function = reading.function_of(one.node)
                if one.how != "assign" or one.value is None or function is None:
                    continue
                if function.name != "__init__":
                    continue
                if reading.class_of(one.node) is owner and _is_made_of_tensors(reading, one.value):
                    yield owner, name, one.value


def _is_made_of_tensors(reading: Reading, value: ast.expr) -> bool:
    for origin in reading.origins(value):
        if _is_tensor(origin.name):
            return True
        # 1 / base ** (torch.arange(0, d, 2) / d)
        if isinstance(origin.node, ast.BinOp) or origin.name in _ELEMENTWISE:
            inner = [one for one in ast.walk(origin.node) if isinstance(one, ast.Call)]
            if any(_is_tensor(reading.called(one)) for one in inner) and not any(
                reading.short(one) in {"Parameter", "item", "tolist", "numpy"} for one in inner
            ):
                return True
    return False


def _is_tensor(name: str) -> bool:
    root, _, short = name.rpartition(".")
    return root == "torch" and short in _MADE_TENSORS


def _wants_grad(reading: Reading, value: ast.expr) -> bool:
    nodes = [value, *(one.node for one in reading.origins(value))]
    for call in (each for one in nodes for each in ast.walk(one)):
        if not isinstance(call, ast.Call):
            continue
        if isinstance(call.func, ast.Attribute) and call.func.attr == "requires_grad_":
            return True
        if any(
            one.arg == "requires_grad"
            and isinstance(one.value, ast.Constant)
            and one.value.value is True
            for one in call.keywords
        ):
            return True
    return False


def _uses_outside_start(
    reading: Reading, owner: ast.ClassDef, name: str
) -> Iterator[ast.Attribute]:
    for one in _in_class(reading, owner, ast.Attribute):
        function = reading.function_of(one)
        if _is_self(one, name) and function is not None and function.name != "__init__":
            yield one


def _is_rebound(reading: Reading, owner: ast.ClassDef, name: str) -> bool:
    """Whether it is put anew elsewhere: a state that changes, and may move with its input."""
    return len(reading.attributes(owner).get(name, ())) > 1


def dropout_always_on(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        name, short = reading.called(call), reading.short(call)
        if name.startswith("torch.nn.functional.") and short in _DROPOUTS:
            training = reading.argument(call, "training", 2)
            is_constant = isinstance(training, ast.Constant) and training.value is True
            is_loose = any(one.arg is None for one in call.keywords)
            if (training is None and not is_loose) or is_constant:
                if not _is_on_purpose(reading, call):
                    yield Hit(call, {"call": shown(call)})
            elif training is not None:
                yield Fine(call)
        elif name.startswith("torch.nn.") and short in _DROPOUT_LAYERS:
            # A new one is in training mode, whatever the model is.
            function = reading.function_of(call)
            is_forward = function is not None and function.name == "forward"
            if is_forward and not _is_made_once(reading, call):
                yield Hit(call, {"call": shown(call)})


def _is_on_purpose(reading: Reading, call: ast.Call) -> bool:
    """Whether dropout is meant to stay on, or the call runs only in training."""
    rate = reading.argument(call, "p", 1)
    if isinstance(rate, ast.Name) and any(one.how == "parameter" for one in reading.bindings(rate)):
        # The caller decides, and may pass 0 at inference.
        return reading.number(rate) is None
    around = (*reading.ancestors(call),)
    names = {word for one in around for word in words_of(getattr(one, "name", "") or "")}
    line: int = call.lineno
    said = " ".join(one.partition("#")[2] for one in reading.lines[max(0, line - 3) : line])
    names |= words_of(said)
    if names & {"mc", "monte", "carlo", "bayesian", "uncertainty", "mcdropout", "always", "forces"}:
        return True
    return any(
        isinstance(one, (ast.If, ast.IfExp)) and "train" in shown(one.test, 200) for one in around
    )


def linear_without_activation(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if reading.called(call) in SEQUENTIAL:
            yield from _in_a_row(reading, call)
        elif call.args and reading.function_of(call) is not None:
            yield from _one_after_another(reading, call)


def _in_a_row(reading: Reading, made: ast.Call) -> Iterator[Hit]:
    before: ast.expr | None = None
    for layer in reading.layers(made):
        short = reading.short(layer) if isinstance(layer, ast.Call) else ""
        if short in _LINEAR and before is not None and not _is_low_rank(reading, before, layer):
            yield Hit(layer, {"first": shown(before), "second": shown(layer)})
        if short in {"Dropout", "Identity"}:
            continue
        before = layer if short in _LINEAR else None


def _one_after_another(reading: Reading, call: ast.Call) -> Iterator[Hit]:
    after = _linear_applied(reading, call)
    if after is None:
        return
    inner = call.args[0]
    found = [_linear_before(reading, one, call) for one in reading.origins(inner)]
    made = found[0] if found and all(one is not None for one in found) else None
    if made is None or made[1] is after or _is_low_rank(reading, made[1], after):
        return
    if not _is_changed_in_place(reading, inner):
        yield Hit(call, {"first": shown(made[0].func), "second": shown(call.func)})


def _linear_applied(reading: Reading, call: ast.Call) -> ast.Call | None:
    """The Linear that a call applies, when it can be nothing else."""
    origins = reading.origins(call.func)
    if len(origins) == 1 and origins[0].short in _LINEAR and origins[0].layer is None:
        made = origins[0].node
        return made if isinstance(made, ast.Call) else None
    return None


def _linear_before(
    reading: Reading, origin: Origin, after: ast.Call
) -> tuple[ast.Call, ast.Call] | None:
    """The Linear a value comes from, where it is applied in the same function and where made."""
    node = origin.node
    if not isinstance(node, ast.Call) or reading.function_of(node) is not reading.function_of(
        after
    ):
        return None
    if origin.short in {"Dropout", "dropout"} and node.args:
        inner = reading.origins(node.args[0])
        return _linear_before(reading, inner[0], after) if len(inner) == 1 else None
    made = _linear_applied(reading, node) if node.args else None
    return (node, made) if made is not None else None


def _is_changed_in_place(reading: Reading, node: ast.expr) -> bool:
    """Whether something like `torch.relu_(x)` or `x.relu_()` may have run between."""
    if not isinstance(node, ast.Name):
        return False
    for call in reading.within(reading.function_of(node) or reading.tree, ast.Call):
        if reading.short(call).endswith("_") or any(one.arg == "inplace" for one in call.keywords):
            some = [*call.args, call.func.value if isinstance(call.func, ast.Attribute) else None]
            if any(isinstance(one, ast.Name) and one.id == node.id for one in some):
                return True
    return any(
        isinstance(one.target, ast.Name) and one.target.id == node.id
        for one in reading.within(reading.function_of(node) or reading.tree, ast.AugAssign)
    )


def _is_low_rank(reading: Reading, first: ast.expr, second: ast.expr) -> bool:
    """Two without a bias are a narrow product on purpose, as in LoRA."""
    for one in (first, second):
        if isinstance(one, ast.Call) and reading.is_false(reading.argument(one, "bias", 2)):
            return True
    owner = reading.class_of(second)
    names = words_of(owner.name) if owner else set()
    return bool(names & {"lora", "adapter", "factorized", "bottleneck", "low", "encoder", "vae"})


def _modules(reading: Reading) -> Iterator[ast.ClassDef]:
    return (one for one in reading.all(ast.ClassDef) if reading.is_module(one))


def _in_class(reading: Reading, owner: ast.ClassDef, kind: type[N]) -> Iterator[N]:
    for method in reading.methods(owner):
        yield from reading.within(method, kind)


def _is_self(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name and _is_self_alone(node.value)


def _is_self_alone(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def lora_starts_at_random(reading: Reading) -> Iterator[Hit | Fine]:
    """B·A must be zero at the start, or the adapter changes the model before it has learnt."""
    for owner in _modules(reading):
        named = words_of(owner.name) & words("lora adapter lowrank dora")
        if not named and "lora" not in owner.name.lower():
            continue
        pair: dict[str, ast.Call] = {}
        for name, bindings in reading.attributes(owner).items():
            side = _LORA_SIDES.get(name.lower().removeprefix("lora").strip("_"))
            made = next((one.value for one in bindings if isinstance(one.value, ast.Call)), None)
            if side is not None and made is not None:
                pair[side] = made
        if set(pair) != {"a", "b"}:
            continue
        if any(_is_zero(reading, one) for one in pair.values()) or _zeroes_weights(owner):
            yield Fine(pair["b"])
        elif all(_is_random(reading, one) for one in pair.values()):
            yield Hit(pair["b"], {"b": shown(pair["b"])})


def _is_zero(reading: Reading, made: ast.Call) -> bool:
    return any(
        isinstance(one, ast.Call) and reading.short(one).startswith(("zeros", "empty", "new_zeros"))
        for one in ast.walk(made)
    )


def _is_random(reading: Reading, made: ast.Call) -> bool:
    """A layer with torch's own start, or a tensor of random numbers."""
    if reading.short(made) in _LINEAR:
        return True
    made_by = {reading.short(one) for one in ast.walk(made) if isinstance(one, ast.Call)}
    return bool(made_by & words("randn rand randn_like normal rand_like"))


def _zeroes_weights(owner: ast.ClassDef) -> bool:
    """Whether zeros are filled in later: `nn.init.zeros_(self.B.weight)`, `.data.zero_()`."""
    return any(
        isinstance(one, ast.Attribute) and one.attr in {"zeros_", "zero_", "constant_", "fill_"}
        for one in ast.walk(owner)
    )


MATCHERS: Final[Mapping[str, Matcher]] = {
    "layers-in-plain-list": layers_in_plain_list,
    "super-init-missing": super_init_missing,
    "forward-called-directly": forward_called_directly,
    "layer-made-in-forward": layer_made_in_forward,
    "parameter-not-registered": parameter_not_registered,
    "dropout-always-on": dropout_always_on,
    "linear-without-activation": linear_without_activation,
    "tensor-not-buffer": tensor_not_buffer,
    "lora-starts-at-random": lora_starts_at_random,
}
