"""Modules: what torch must know of, and what belongs where."""

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from learning.review.reading import Fine, Hit, Reading
from learning.review.rules.shape import Matcher
from learning.review.tree import N, shown, words_of
from learning.review.vocabulary import SEQUENTIAL, Role, words

WITH_PARAMETERS: Final = words(
    "Linear LazyLinear Bilinear Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d Embedding "
    "EmbeddingBag LSTM GRU RNN LSTMCell GRUCell BatchNorm1d BatchNorm2d BatchNorm3d LayerNorm "
    "GroupNorm MultiheadAttention Transformer TransformerEncoder TransformerDecoder "
    "TransformerEncoderLayer TransformerDecoderLayer PReLU"
)
_NOT_LAYERS: Final = words("Parameter ModuleList ModuleDict ParameterList ParameterDict Module")
_HOLDERS: Final = words("ModuleList ModuleDict Sequential ParameterList ParameterDict")
_MADE_TENSORS: Final = words(
    "randn rand zeros ones empty full eye tensor arange linspace tril triu randint randn_like "
    "zeros_like ones_like from_numpy logspace"
)
_LEARNED: Final = words(
    "weight weights bias w b gamma beta scale alpha theta embedding embed token query kernel"
)
_LINEAR: Final = words("Linear LazyLinear")


def layers_in_plain_list(reading: Reading) -> Iterator[Hit | Fine]:
    for owner in _modules(reading):
        for name, bindings in reading.attributes(owner).items():
            made = [one.value for one in bindings if one.how == "assign" and one.value is not None]
            for value in made:
                if isinstance(value, ast.Call) and reading.short(value) in _HOLDERS:
                    yield Fine(value)
            plain = next((one for one in made if _is_plain(one)), None)
            if plain is None or any(_is_held(reading, one) for one in made):
                continue
            some = (plain, *_added_to(reading, owner, name))
            has_layers = any(_holds_layers(reading, one) for one in some)
            if has_layers and not _is_given_to_a_holder(reading, owner, name):
                yield Hit(plain, {"name": f"self.{name}"})


def _is_plain(value: ast.expr) -> bool:
    return isinstance(value, (ast.List, ast.ListComp, ast.Dict, ast.DictComp, ast.Tuple)) or (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id in {"list", "dict"}
    )


def _is_held(reading: Reading, value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and reading.short(value) in _HOLDERS


def _holds_layers(reading: Reading, value: ast.expr) -> bool:
    """Whether layers stand in a list or dict, directly or by the name of one."""
    match value:
        case ast.List(elts=some) | ast.Tuple(elts=some):
            inner = list(some)
        case ast.Dict(values=some):
            inner = list(some)
        case ast.ListComp(elt=one) | ast.DictComp(value=one):
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
            return origin.short not in _NOT_LAYERS and "Loss" not in origin.short
        owner = reading.classes.get(origin.name)
        if owner is not None and reading.is_module(owner):
            return True
    return False


def _added_to(reading: Reading, owner: ast.ClassDef, name: str) -> Iterator[ast.expr]:
    """What is appended to `self.name`, or put into it by a key."""
    for call in _in_class(reading, owner, ast.Call):
        if reading.short(call) not in {"append", "extend", "insert"} or not call.args:
            continue
        if isinstance(call.func, ast.Attribute) and _is_self(call.func.value, name):
            yield call.args[-1]
    for assign in _in_class(reading, owner, ast.Assign):
        for target in assign.targets:
            if isinstance(target, ast.Subscript) and _is_self(target.value, name):
                yield assign.value


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
    return ", ".join(shown(one, 20) for one in call.args) or "..."


def layer_made_in_forward(reading: Reading) -> Iterator[Hit | Fine]:
    for owner in _modules(reading):
        for forward in (one for one in reading.methods(owner) if one.name == "forward"):
            for call in reading.within(forward, ast.Call):
                name = reading.called(call)
                if not name.startswith("torch.nn.") or reading.short(call) not in WITH_PARAMETERS:
                    continue
                # Made once, when it is first needed, is made on purpose.
                if reading.enclosing(call, ast.If) is None or not _is_made_once(reading, call):
                    yield Hit(call, {"layer": shown(call)})


def _is_made_once(reading: Reading, call: ast.Call) -> bool:
    test = reading.enclosing(call, ast.If)
    text = ast.unparse(test.test) if test is not None else ""
    return "None" in text or "hasattr" in text


def parameter_not_registered(reading: Reading) -> Iterator[Hit | Fine]:
    for owner, name, value in _tensors_of(reading):
        del owner
        if _wants_grad(value) or words_of(name) & _LEARNED:
            yield Hit(value, {"name": f"self.{name}", "value": shown(value)})


def tensor_not_buffer(reading: Reading) -> Iterator[Hit | Fine]:
    for owner, name, value in _tensors_of(reading):
        if _wants_grad(value) or words_of(name) & _LEARNED:
            continue
        if _is_used_outside_start(reading, owner, name) and not _is_rebound(reading, owner, name):
            yield Hit(value, {"name": name, "value": shown(value)})


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
                if any(_is_tensor(origin.name) for origin in reading.origins(one.value)):
                    yield owner, name, one.value


def _is_tensor(name: str) -> bool:
    root, _, short = name.rpartition(".")
    return root == "torch" and short in _MADE_TENSORS


def _wants_grad(value: ast.expr) -> bool:
    for call in ast.walk(value):
        if not isinstance(call, ast.Call):
            continue
        if isinstance(call.func, ast.Attribute) and call.func.attr == "requires_grad_":
            return True
        for keyword in call.keywords:
            if keyword.arg == "requires_grad" and isinstance(keyword.value, ast.Constant):
                return bool(keyword.value.value)
    return False


def _is_used_outside_start(reading: Reading, owner: ast.ClassDef, name: str) -> bool:
    for one in _in_class(reading, owner, ast.Attribute):
        function = reading.function_of(one)
        if _is_self(one, name) and function is not None and function.name != "__init__":
            return True
    return False


def _is_rebound(reading: Reading, owner: ast.ClassDef, name: str) -> bool:
    """Whether it is put anew elsewhere: a state that changes, and may move with its input."""
    return len(reading.attributes(owner).get(name, ())) > 1


def dropout_always_on(reading: Reading) -> Iterator[Hit | Fine]:
    functions = words("dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout")
    for call in reading.all(ast.Call):
        name = reading.called(call)
        is_ours = name.startswith("torch.nn.functional.") or name == "torch.dropout"
        if not is_ours or reading.short(call) not in functions:
            continue
        training = reading.argument(call, "training", 2)
        if training is None or (isinstance(training, ast.Constant) and training.value is True):
            yield Hit(call, {"call": shown(call)})
        else:
            yield Fine(call)


def linear_without_activation(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if reading.called(call) in SEQUENTIAL:
            yield from _in_a_row(reading, call)
        elif call.args and reading.function_of(call) is not None:
            yield from _one_after_another(reading, call)


def _in_a_row(reading: Reading, made: ast.Call) -> Iterator[Hit]:
    before: ast.expr | None = None
    for layer in made.args:
        short = reading.short(layer) if isinstance(layer, ast.Call) else ""
        if short in _LINEAR and before is not None and not _is_low_rank(reading, before, layer):
            yield Hit(layer, {"first": shown(before), "second": shown(layer)})
        if short in {"Dropout", "Identity", "Flatten"}:
            continue
        before = layer if short in _LINEAR else None


def _one_after_another(reading: Reading, call: ast.Call) -> Iterator[Hit]:
    after = _linear_of(reading, call)
    if after is None:
        return
    inner: ast.expr = call.args[0]
    for origin in reading.origins(inner):
        made = origin.layer
        if origin.short == "Dropout" and isinstance(origin.node, ast.Call) and origin.node.args:
            before = reading.origins(origin.node.args[0])
            made = next((one.layer for one in before if one.short in _LINEAR), None)
        elif origin.short not in _LINEAR:
            continue
        if made is not None and made is not after and not _is_low_rank(reading, made, after):
            yield Hit(call, {"first": shown(inner), "second": shown(call.func)})
            return


def _linear_of(reading: Reading, call: ast.expr) -> ast.Call | None:
    """The Linear that a call applies, when it can be nothing else."""
    origins = reading.origins(call)
    if len(origins) == 1 and origins[0].short in _LINEAR and origins[0].node is call:
        return origins[0].layer
    return None


def _is_low_rank(reading: Reading, first: ast.expr, second: ast.expr) -> bool:
    """Two without a bias are a narrow product on purpose, as in LoRA."""
    for one in (first, second):
        if isinstance(one, ast.Call) and reading.is_false(reading.argument(one, "bias", 2)):
            return True
    owner = reading.class_of(second)
    names = words_of(owner.name) if owner else set()
    return bool(names & {"lora", "adapter", "factorized", "bottleneck", "low", "autoencoder"})


def _modules(reading: Reading) -> Iterator[ast.ClassDef]:
    return (one for one in reading.all(ast.ClassDef) if reading.is_module(one))


def _in_class(reading: Reading, owner: ast.ClassDef, kind: type[N]) -> Iterator[N]:
    for method in reading.methods(owner):
        yield from reading.within(method, kind)


def _is_self(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name and _is_self_alone(node.value)


def _is_self_alone(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


MATCHERS: Final[Mapping[str, Matcher]] = {
    "layers-in-plain-list": layers_in_plain_list,
    "super-init-missing": super_init_missing,
    "forward-called-directly": forward_called_directly,
    "layer-made-in-forward": layer_made_in_forward,
    "parameter-not-registered": parameter_not_registered,
    "dropout-always-on": dropout_always_on,
    "linear-without-activation": linear_without_activation,
    "tensor-not-buffer": tensor_not_buffer,
}
