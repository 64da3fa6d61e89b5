"""A Python file as the review rules see it: names resolved, values followed within the file.

It is a reading, not an execution: a value is followed to the expressions that may have made it,
through names, `self.`, a helper's parameters and returns, a module's forward, `nn.Sequential`, and
methods that keep what the value is. Where the way forks all branches are kept; where it leaves the
file it ends at the name. Every walk is bounded, so a hostile file costs no more than a long one.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from learning.review.tree import FUNCTIONS, Function, Tree
from learning.review.vocabulary import HANDS_BACK, KEEPS_KIND, MAKERS, NAMED, SEQUENTIAL, Role

MOST_STEPS = 400
MOST_ORIGINS = 24
DEEPEST = 30
DEEPEST_CALL = 8
MOST_CALLERS = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """Something to say about `node`; `names` are the learner's own, for the text's gaps."""

    node: ast.AST
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fine:
    """Where the file does what the rule asks: ground for an honest praise."""

    node: ast.AST


@dataclass(frozen=True, slots=True)
class Origin:
    """One expression that may have made a value.

    `name` is the qualified name of what was called (`torch.softmax`, `.softmax` for a method of a
    value, "" for what is no call). `layer` is the call that built the module that was applied, so
    that `nn.Softmax(dim=1)` and `self.softmax(x)` can be told apart: for the second, `name` is
    `torch.nn.Softmax` and `layer` its constructor.
    """

    name: str
    node: ast.expr
    layer: ast.Call | None = None

    @property
    def short(self) -> str:
        return self.name.rpartition(".")[2]


class Reading(Tree):
    """One file, read once; the rules ask it."""

    def __init__(self, tree: ast.Module, text: str = "") -> None:
        super().__init__(tree, text)
        self._calls: dict[ast.AST, list[ast.Call]] | None = None
        self._origins: dict[ast.AST, tuple[Origin, ...]] = {}
        self._roles: dict[ast.AST, Role | None] = {}

    def is_under_no_grad(self, node: ast.AST) -> bool:
        """Whether no_grad or inference_mode holds here: a block, a decorator, or every caller."""
        return self._is_under_no_grad(node, 0)

    def _is_under_no_grad(self, node: ast.AST, depth: int) -> bool:
        for one in (node, *self.ancestors(node)):
            if isinstance(one, (ast.With, ast.AsyncWith)) and any(
                _stops_grad(self.name(_called(item.context_expr)))
                or _switches_grad_off(item.context_expr)
                for item in one.items
            ):
                return True
            if isinstance(one, FUNCTIONS):
                if any(_stops_grad(self.name(_called(each))) for each in one.decorator_list):
                    return True
                calls = self.calls_of(one)
                return (
                    bool(calls)
                    and depth < DEEPEST_CALL
                    and all(self._is_under_no_grad(call, depth + 1) for call in calls)
                )
        return False

    def target(self, call: ast.Call) -> Function | None:
        """The function of this file that a call reaches."""
        func = call.func
        if isinstance(func, ast.Name):
            for binding in self._bindings_of(func):
                if isinstance(binding.node, FUNCTIONS):
                    return binding.node
            return None
        if isinstance(func, ast.Attribute):
            owner = self.instance_of(func.value)
            return self.method(owner, func.attr) if owner else None
        return None

    def calls_of(self, function: ast.AST) -> list[ast.Call]:
        """Where the file calls one of its functions."""
        if self._calls is None:
            self._calls = defaultdict(list)
            for call in self.all(ast.Call):
                if (found := self.target(call)) is not None:
                    self._calls[found].append(call)
                elif (made := self._class_named(call.func)) is not None:
                    if (start := self.method(made, "__init__")) is not None:
                        self._calls[start].append(call)
                elif (owner := self.instance_of(call.func)) is not None:
                    forward = self.method(owner, "forward") or self.method(owner, "__call__")
                    if forward is not None:
                        self._calls[forward].append(call)
        return self._calls.get(function, [])

    def instance_of(self, node: ast.expr) -> ast.ClassDef | None:
        """The class of this file whose instance a value is."""
        if isinstance(node, ast.Name) and node.id == "self":
            return self.class_of(node)
        if isinstance(node, ast.Call) and self.called(node) == "super":
            owner = self.class_of(node)
            above = self._lineage(owner)[1:] if owner else []
            return above[0] if above else None
        for origin in self.origins(node):
            if isinstance(origin.node, ast.Call) and origin.layer is None:
                found = self._class_named(origin.node.func)
                if found is not None:
                    return found
        return None

    def origins(self, node: ast.AST | None) -> tuple[Origin, ...]:
        """The expressions that may have made a value; the value itself where the way ends."""
        if node is None:
            return ()
        if node not in self._origins:
            self._origins[node] = ()  # a circle ends here
            self._origins[node] = tuple(Following(self).all(node))
        return self._origins[node]

    def is_made_by(self, node: ast.AST | None, *names: str) -> bool:
        """Whether a value may come from a call of one of these, by full or last name."""
        wanted = set(names)
        return any(one.name in wanted or one.short in wanted for one in self.origins(node))

    def role(self, node: ast.AST | None) -> Role | None:
        """What a value is for: by what made it, else by its own name."""
        if node is None:
            return None
        if node not in self._roles:
            self._roles[node] = self._role_of(node)
        return self._roles[node]

    def _role_of(self, node: ast.AST) -> Role | None:
        for origin in self.origins(node):
            if not isinstance(origin.node, ast.Call) or origin.layer is not None:
                continue
            made = next((role for role, makers in MAKERS.items() if origin.short in makers), None)
            if made is not None:
                return made
            owner = self._class_named(origin.node.func)
            if owner and self.is_module(owner):
                return Role.MODEL
            if origin.short == "from_pretrained" and "Model" in ast.unparse(origin.node.func)[:80]:
                return Role.MODEL
        own = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        return next((role for role, named in NAMED if own and named.search(own)), None)

    def number(self, node: ast.AST | None) -> float | None:
        """The number an expression is known to be, names followed; None when it is not known."""
        match node:
            case ast.Constant(value=bool()):
                return None
            case ast.Constant(value=int() | float() as value):
                return float(value) if abs(value) < 1e15 else None
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.number(operand)
                return None if inner is None else -inner
            case ast.BinOp(left=left, op=op, right=right):
                a, b = self.number(left), self.number(right)
                return None if a is None or b is None else _computed(a, op, b)
            case ast.Name() | ast.Attribute():
                origins = self.origins(node)
                if len(origins) == 1 and origins[0].node is not node:
                    return self.number(origins[0].node)
                return None
            case ast.Call(func=ast.Name(id="int"), args=[one]):
                inner = self.number(one)
                return None if inner is None else float(int(inner))
            case _:
                return None

    def string(self, node: ast.AST | None) -> str | None:
        """The text an expression is known to be, names followed."""
        for origin in self.origins(node):
            if isinstance(origin.node, ast.Constant) and isinstance(origin.node.value, str):
                return origin.node.value
        return None

    def is_true(self, node: ast.AST | None) -> bool:
        return any(
            isinstance(one.node, ast.Constant) and one.node.value is True
            for one in self.origins(node)
        )

    def is_false(self, node: ast.AST | None) -> bool:
        return any(
            isinstance(one.node, ast.Constant) and one.node.value in {False, None}
            for one in self.origins(node)
        )


class Following:
    """One walk from a value to what made it, with a budget."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._steps = 0
        self._seen: set[tuple[ast.AST, int | None]] = set()

    def all(self, node: ast.AST) -> list[Origin]:
        found: dict[tuple[ast.AST, ast.Call | None], Origin] = {}
        for one in self._of(node, None, 0):
            found.setdefault((one.node, one.layer), one)
            if len(found) >= MOST_ORIGINS:
                break
        return list(found.values())

    def _of(self, node: ast.AST, index: int | None, depth: int) -> Iterator[Origin]:
        self._steps += 1
        if self._steps > MOST_STEPS or depth > DEEPEST or not isinstance(node, ast.expr):
            return
        if (node, index) in self._seen:
            return
        self._seen.add((node, index))
        match node:
            case ast.Name():
                yield from self._name(node, index, depth)
            case ast.Attribute():
                yield from self._attribute(node, index, depth)
            case ast.Call():
                yield from self._call(node, index, depth)
            case ast.IfExp():
                yield from self._of(node.body, index, depth + 1)
                yield from self._of(node.orelse, index, depth + 1)
            case ast.BoolOp():
                for one in node.values:
                    yield from self._of(one, index, depth + 1)
            case ast.NamedExpr() | ast.Await() | ast.Starred():
                yield from self._of(node.value, index, depth + 1)
            case ast.Subscript():
                yield from self._subscript(node, index, depth)
            case ast.Tuple() | ast.List() if index is not None and index < len(node.elts):
                yield from self._of(node.elts[index], None, depth + 1)
            case _:
                yield Origin("", node)

    def _name(self, node: ast.Name, index: int | None, depth: int) -> Iterator[Origin]:
        bindings = self._reading.bindings(node)
        if not bindings:
            yield Origin(self._reading.name(node), node)
        for one in bindings:
            if one.how in {"assign", "with"} and one.value is not None:
                place = one.index if one.index is not None else index
                yield from self._of(one.value, place, depth + 1)
            elif one.how == "parameter" and isinstance(one.node, ast.arg):
                yield from self._parameter(node, one.node, index, depth)
            else:
                yield Origin("", node)

    def _parameter(
        self, node: ast.Name, parameter: ast.arg, index: int | None, depth: int
    ) -> Iterator[Origin]:
        function = self._reading.enclosing(parameter, ast.FunctionDef, ast.AsyncFunctionDef)
        given = list(self._given(function, parameter)) if function is not None else []
        for one in given:
            yield from self._of(one, index, depth + 1)
        if not given:
            yield Origin("", node)

    def _given(self, function: ast.AST, parameter: ast.arg) -> Iterator[ast.expr]:
        """What callers in this file pass for a parameter, and its default."""
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        is_method = isinstance(self._reading.parent(function), ast.ClassDef) and not any(
            self._reading.name(one) == "staticmethod" for one in function.decorator_list
        )
        calls = self._reading.calls_of(function)
        for call in calls[:MOST_CALLERS]:
            position = names.index(parameter.arg) if parameter.arg in names else None
            if position is not None and is_method:
                position -= 1
            if position is not None and position < 0:
                continue
            found = self._reading.argument(call, parameter.arg, position)
            if found is not None:
                yield found
        default = _default_of(function.args, parameter.arg)
        if default is not None and not calls:
            yield default

    def _attribute(self, node: ast.Attribute, index: int | None, depth: int) -> Iterator[Origin]:
        if node.attr in KEEPS_KIND:
            yield from self._of(node.value, index, depth + 1)
            return
        owner = self._reading.instance_of(node.value)
        bindings = self._reading.attributes(owner).get(node.attr, []) if owner else []
        bindings = [one for one in bindings if one.how == "assign" and one.value is not None]
        if not bindings:
            yield Origin("", node)
        for one in bindings[:MOST_CALLERS]:
            if one.value is not None:
                place = one.index if one.index is not None else index
                yield from self._of(one.value, place, depth + 1)

    def _subscript(self, node: ast.Subscript, index: int | None, depth: int) -> Iterator[Origin]:
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        for origin in list(self._of(node.value, None, depth + 1)):
            match origin.node:
                case ast.Dict(keys=keys, values=values):
                    chosen = [
                        value
                        for each, value in zip(keys, values, strict=True)
                        if key is None or (isinstance(each, ast.Constant) and each.value == key)
                    ]
                    for one in chosen:
                        yield from self._of(one, index, depth + 1)
                case ast.List(elts=elts) | ast.Tuple(elts=elts) if isinstance(key, int):
                    if -len(elts) <= key < len(elts):
                        yield from self._of(elts[key], index, depth + 1)
                case _:
                    yield origin

    def _call(self, node: ast.Call, index: int | None, depth: int) -> Iterator[Origin]:
        reading = self._reading
        name = reading.called(node)
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr in KEEPS_KIND and name.startswith("."):
            yield from self._of(func.value, index, depth + 1)
            return
        if name in HANDS_BACK and node.args and depth < DEEPEST:
            yield from self._of(node.args[0], index, depth + 1)
            return
        function = reading.target(node)
        if function is None and not isinstance(func, ast.Name | ast.Attribute):
            yield from self._applied(node, func, index, depth)
            return
        if function is None and self._is_value(func):
            yield from self._applied(node, func, index, depth)
            return
        if function is not None:
            yield from self._returned(node, function, name, index, depth)
            return
        yield Origin(name, node)

    def _is_value(self, func: ast.expr) -> bool:
        """Whether what is called is a value of this file (a module kept in a name)."""
        if isinstance(func, ast.Name):
            return bool(self._reading.bindings(func)) and self._reading.classes.get(func.id) is None
        return isinstance(func, ast.Attribute) and (
            isinstance(func.value, ast.Name) and func.value.id == "self"
        )

    def _applied(
        self, node: ast.Call, func: ast.expr, index: int | None, depth: int
    ) -> Iterator[Origin]:
        """What comes out of a module that is applied: its last layer, or its forward."""
        reading = self._reading
        some = False
        for origin in list(self._of(func, None, depth + 1)):
            made = origin.node
            if not isinstance(made, ast.Call) or origin.layer is not None:
                continue
            some = True
            owner = reading.classes.get(made.func.id) if isinstance(made.func, ast.Name) else None
            if owner is not None:
                forward = reading.method(owner, "forward") or reading.method(owner, "__call__")
                if forward is not None:
                    yield from self._returned(node, forward, origin.name, index, depth + 1)
                else:
                    yield Origin(origin.name, node, made)
            elif origin.name in SEQUENTIAL:
                yield from self._last_layer(node, made, index, depth)
            else:
                yield Origin(origin.name, node, made)
        if not some:
            yield Origin(reading.called(node), node)

    def _last_layer(
        self, node: ast.Call, made: ast.Call, index: int | None, depth: int
    ) -> Iterator[Origin]:
        last = last_layer(made)
        if last is None:
            yield Origin("torch.nn.Sequential", node, made)
            return
        for origin in list(self._of(last, None, depth + 1)):
            if isinstance(origin.node, ast.Call) and origin.layer is None:
                inner = origin.node
                if origin.name in SEQUENTIAL:
                    yield from self._last_layer(node, inner, index, depth + 1)
                else:
                    owner = self._reading.classes.get(origin.name)
                    forward = self._reading.method(owner, "forward") if owner else None
                    if forward is not None:
                        yield from self._returned(node, forward, origin.name, index, depth + 1)
                    else:
                        yield Origin(origin.name, node, inner)
            else:
                yield Origin("torch.nn.Sequential", node, made)

    def _returned(
        self, node: ast.Call, function: Function, name: str, index: int | None, depth: int
    ) -> Iterator[Origin]:
        some = False
        for one in self._reading.within(function, ast.Return):
            if one.value is not None:
                some = True
                yield from self._of(one.value, index, depth + 1)
        if not some:
            yield Origin(name, node)


def last_layer(made: ast.Call) -> ast.expr | None:
    """The last layer given to nn.Sequential, also in an OrderedDict of pairs."""
    layers = layers_of(made)
    return layers[-1] if layers else None


def layers_of(made: ast.Call) -> Sequence[ast.expr]:
    """The layers given to nn.Sequential in order; empty when they are not written out."""
    match made.args:
        case [ast.Call(args=[ast.List(elts=pairs)])]:
            return [
                one.elts[1] for one in pairs if isinstance(one, ast.Tuple) and len(one.elts) == 2
            ]
        case [ast.Starred()] | []:
            return []
        case layers:
            return [one for one in layers if not isinstance(one, ast.Starred)]


def _default_of(args: ast.arguments, name: str) -> ast.expr | None:
    plain = [*args.posonlyargs, *args.args]
    for one, default in zip(reversed(plain), reversed(args.defaults), strict=False):
        if one.arg == name:
            return default
    for one, value in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if one.arg == name:
            return value
    return None


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _switches_grad_off(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="set_grad_enabled"), args=[ast.Constant(value=False)]):
            return True
        case _:
            return False


def _stops_grad(name: str) -> bool:
    return name.rpartition(".")[2] in {"no_grad", "inference_mode"}


def _computed(a: float, op: ast.operator, b: float) -> float | None:
    match op:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case ast.Div() if b:
            return a / b
        case ast.FloorDiv() if b:
            return a // b
        case _:
            return None
