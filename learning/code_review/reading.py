"""A Python file as the review rules see it: names resolved, values followed within the file.

It is a reading, not an execution: a value is followed to the expressions that may have made it,
through names, `self.`, a helper's parameters and returns, a module's forward, `nn.Sequential`, and
methods that keep what the value is. Where the way forks all branches are kept; where it leaves the
file it ends at the name. Every walk is bounded, so a hostile file costs no more than a long one.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from learning.code_review.tree import FUNCTIONS, Binding, Function, Tree, place, shown
from learning.code_review.vocabulary import HANDS_BACK, KEEPS_KIND, MAKERS, NAMED, SEQUENTIAL, Role

MOST_STEPS = 400
MOST_STEPS_IN_ALL = 150_000
MOST_ORIGINS = 24
# Together these two keep a walk within Python's own limit of 1,000 frames.
DEEPEST = 24
MOST_NESTED = 4
DEEPEST_NUMBER = 40
DEEPEST_CALL = 8
MOST_CALLERS = 6
MOST_LAYERS = 200
# A value seen through these attributes is still what it was.
TURNED = frozenset({"T", "mT"})


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
        self._nested = 0
        self.steps_left = MOST_STEPS_IN_ALL

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
        if isinstance(func, ast.Name) and func.id == "self":
            own = self.class_of(func)
            return (self.method(own, "forward") or self.method(own, "__call__")) if own else None
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
            # Callers by plain name first: through them the parameters of the second round are
            # known, and what was followed before they were is forgotten.
            some = [one for one in self.all(ast.Call) if isinstance(one.func, ast.Name)]
            calls: dict[ast.AST, list[ast.Call]] = defaultdict(list)
            for call in some:
                if (found := self._called_by_name(call)) is not None:
                    calls[found].append(call)
            self._calls = calls
            self._forget()
            full: dict[ast.AST, list[ast.Call]] = defaultdict(list)
            for call in self.all(ast.Call):
                if (found := self._reached_by(call)) is not None:
                    full[found].append(call)
            self._calls = full
            self._forget()
        return self._calls.get(function, [])

    def _forget(self) -> None:
        self._origins.clear()
        self._roles.clear()

    def _called_by_name(self, call: ast.Call) -> Function | None:
        if (made := self._class_named(call.func)) is not None:
            return self.method(made, "__init__")
        return self.target(call)

    def _reached_by(self, call: ast.Call) -> Function | None:
        if (found := self._called_by_name(call)) is not None:
            return found
        owner = self.instance_of(call.func)
        return self.applied_method(owner) if owner is not None else None

    def applied_method(self, owner: ast.ClassDef) -> Function | None:
        """What runs when an instance of a class is called."""
        return self.method(owner, "forward") or self.method(owner, "__call__")

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
            if isinstance(origin.node, ast.Name) and (said := self._said_to_be(origin.node)):
                return said
        return None

    def _said_to_be(self, node: ast.Name) -> ast.ClassDef | None:
        """The class of this file that a parameter is annotated with."""
        for binding in self.bindings(node):
            if isinstance(binding.node, ast.arg) and binding.node.annotation is not None:
                return self._class_named(binding.node.annotation)
        return None

    def origins(self, node: ast.AST | None) -> tuple[Origin, ...]:
        """The expressions that may have made a value; the value itself where the way ends."""
        if node is None:
            return ()
        if node not in self._origins:
            if self._nested > MOST_NESTED:
                return (Origin("", node),) if isinstance(node, ast.expr) else ()
            self._origins[node] = ()  # a circle ends here
            self._nested += 1
            try:
                self._origins[node] = tuple(Following(self).all(node))
            finally:
                self._nested -= 1
        return self._origins[node]

    def passed_for(self, parameter: ast.arg) -> list[ast.expr]:
        """What callers in this file pass for a parameter."""
        return Following(self).passed_for(parameter)

    def layers(self, made: ast.Call) -> list[ast.expr]:
        """The layers given to nn.Sequential in order, also through a list filled before.

        Empty when they are not written out in the file.
        """
        found = [one.node for one in _Layers(self, made).all()]
        return [] if any(isinstance(one, ast.Starred) for one in found) else found

    def last_layers(self, made: ast.Call) -> list[ast.expr]:
        """What may be the last layer of nn.Sequential: more than one where it is added under an if.

        Empty when it is not written out in the file.
        """
        found: list[ast.expr] = []
        for one in reversed(_Layers(self, made).all()):
            if isinstance(one.node, ast.Starred):
                return []
            found.append(one.node)
            if not one.is_optional:
                break
        return found

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
            if origin.short == "from_pretrained" and "Model" in shown(origin.node.func):
                return Role.MODEL
        own = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        return next((role for role, named in NAMED if own and named.search(own)), None)

    def number(self, node: ast.AST | None, depth: int = 0) -> float | None:
        """The number an expression is known to be, names followed; None when it is not known."""
        if depth > DEEPEST_NUMBER:
            return None
        match node:
            case ast.Constant(value=bool()):
                return None
            case ast.Constant(value=int() | float() as value):
                return float(value) if abs(value) < 1e15 else None
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.number(operand, depth + 1)
                return None if inner is None else -inner
            case ast.BinOp(left=left, op=op, right=right):
                a, b = self.number(left, depth + 1), self.number(right, depth + 1)
                return None if a is None or b is None else _computed(a, op, b)
            case ast.Name() | ast.Attribute():
                origins = self.origins(node)
                if len(origins) == 1 and origins[0].node is not node:
                    return self.number(origins[0].node, depth + 1)
                return None
            case ast.Call(func=ast.Name(id="int"), args=[one]):
                inner = self.number(one, depth + 1)
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


@dataclass(frozen=True, slots=True, eq=False)
class Entered:
    """The call by which a walk went into a function, so that a parameter is what *it* passes."""

    function: Function | ast.Lambda
    call: ast.Call
    before: "Entered | None"

    def find(self, function: ast.AST | None) -> "Entered | None":
        one: Entered | None = self
        while one is not None and one.function is not function:
            one = one.before
        return one


class Following:
    """One walk from a value to what made it, with a budget."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._steps = 0
        self._known: dict[tuple[ast.AST, int | None, Entered | None], list[Origin]] = {}

    def all(self, node: ast.AST) -> list[Origin]:
        return self._of(node, None, 0, None)

    def _of(
        self, node: ast.AST, index: int | None, depth: int, via: Entered | None
    ) -> list[Origin]:
        if not isinstance(node, ast.expr):
            return []
        key = (node, index, via)
        if key in self._known:
            return self._known[key]
        self._steps += 1
        self._reading.steps_left -= 1
        if self._steps > MOST_STEPS or depth > DEEPEST or self._reading.steps_left < 0:
            return [Origin("", node)]
        self._known[key] = []  # a circle ends here
        found: dict[tuple[ast.AST, ast.Call | None], Origin] = {}
        for one in self._follow(node, index, depth + 1, via):
            found.setdefault((one.node, one.layer), one)
            if len(found) >= MOST_ORIGINS:
                break
        self._known[key] = list(found.values())
        return self._known[key]

    def _follow(
        self, node: ast.expr, index: int | None, depth: int, via: Entered | None
    ) -> Iterator[Origin]:
        match node:
            case ast.Name():
                yield from self._name(node, index, depth, via)
            case ast.Attribute():
                yield from self._attribute(node, index, depth, via)
            case ast.Call():
                yield from self._call(node, index, depth, via)
            case ast.IfExp():
                yield from self._of(node.body, index, depth, via)
                yield from self._of(node.orelse, index, depth, via)
            case ast.BoolOp():
                for one in node.values:
                    yield from self._of(one, index, depth, via)
            case ast.NamedExpr() | ast.Await() | ast.Starred():
                yield from self._of(node.value, index, depth, via)
            case ast.Subscript():
                yield from self._subscript(node, index, depth, via)
            case ast.Tuple() | ast.List() if index is not None and index < len(node.elts):
                yield from self._of(node.elts[index], None, depth, via)
            case _:
                yield Origin("", node)

    def _name(
        self, node: ast.Name, index: int | None, depth: int, via: Entered | None
    ) -> Iterator[Origin]:
        bindings = self._reading.bindings(node)
        if not bindings:
            yield Origin(self._reading.name(node), node)
        for one in bindings:
            if one.how in {"assign", "with"} and one.value is not None:
                yield from self._bound(one, index, depth, via)
            elif one.how == "parameter" and isinstance(one.node, ast.arg):
                yield from self._parameter(node, one.node, index, depth, via)
            elif one.how == "import":
                yield Origin(self._reading.name(node), node)
            else:
                yield Origin("", node)

    def _bound(
        self, one: Binding, index: int | None, depth: int, via: Entered | None
    ) -> Iterator[Origin]:
        if one.value is not None:
            yield from self._of(one.value, index if one.index is None else one.index, depth, via)

    def _parameter(
        self,
        node: ast.Name,
        parameter: ast.arg,
        index: int | None,
        depth: int,
        via: Entered | None,
    ) -> Iterator[Origin]:
        function = self._reading.enclosing(parameter, *FUNCTIONS, ast.Lambda)
        if not isinstance(function, (*FUNCTIONS, ast.Lambda)):
            return
        entered = via.find(function) if via is not None else None
        calls = [entered.call] if entered else self._reading.calls_of(function)[:MOST_CALLERS]
        is_known = False
        for call in calls:
            given = self._given(call, function, parameter)
            if given is not None:
                is_known = True
                yield from self._of(given, index, depth, entered.before if entered else None)
        default = _default_of(function.args, parameter.arg)
        if not is_known and default is not None:
            yield from self._of(default, index, depth, None)
        elif not is_known:
            yield Origin("", node)

    def passed_for(self, parameter: ast.arg) -> list[ast.expr]:
        function = self._reading.enclosing(parameter, *FUNCTIONS, ast.Lambda)
        if not isinstance(function, (*FUNCTIONS, ast.Lambda)):
            return []
        calls = self._reading.calls_of(function)[:MOST_CALLERS]
        given = [self._given(call, function, parameter) for call in calls]
        return [one for one in given if one is not None]

    def _given(
        self, call: ast.Call, function: Function | ast.Lambda, parameter: ast.arg
    ) -> ast.expr | None:
        """What a call passes for a parameter."""
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        position = names.index(parameter.arg) if parameter.arg in names else None
        if position is not None and self._is_method(function):
            position -= 1
        if position is not None and position < 0:
            return None
        return self._reading.argument(call, parameter.arg, position)

    def _is_method(self, function: Function | ast.Lambda) -> bool:
        return (
            isinstance(function, FUNCTIONS)
            and isinstance(self._reading.parent(function), ast.ClassDef)
            and not any(
                self._reading.name(one) == "staticmethod" for one in function.decorator_list
            )
        )

    def _attribute(
        self, node: ast.Attribute, index: int | None, depth: int, via: Entered | None
    ) -> Iterator[Origin]:
        reading = self._reading
        owner = reading.instance_of(node.value)
        bindings: list[Binding] = []
        if owner is not None:
            bindings = reading.attributes(owner).get(node.attr, [])
            bindings = [one for one in bindings if one.how in {"assign", "register"}]
            bindings = bindings or reading.in_class_body(owner, node.attr)
        bindings = [one for one in bindings if one.value is not None]
        if not bindings and node.attr in TURNED:
            yield from self._of(node.value, index, depth, via)
        elif not bindings:
            name = reading.name(node)
            yield Origin("" if name.startswith(".") else name, node)
        for one in bindings[:MOST_CALLERS]:
            yield from self._bound(one, index, depth, None)

    def _subscript(
        self, node: ast.Subscript, index: int | None, depth: int, via: Entered | None
    ) -> Iterator[Origin]:
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if isinstance(key, int) and isinstance(node.value, (ast.Name, ast.Call)):
            # Of what a helper hands back as a tuple, the one at this place.
            unpacked = self._of(node.value, key, depth, via)
            if any(one.node is not node.value for one in unpacked):
                yield from unpacked
                return
        for origin in self._of(node.value, None, depth, via):
            match origin.node:
                case ast.Dict(keys=keys, values=values):
                    for each, value in zip(keys, values, strict=True):
                        if key is None or (isinstance(each, ast.Constant) and each.value == key):
                            yield from self._of(value, index, depth, via)
                case ast.List(elts=elts) | ast.Tuple(elts=elts) if isinstance(key, int):
                    if -len(elts) <= key < len(elts):
                        yield from self._of(elts[key], index, depth, via)
                case _:
                    yield origin

    def _call(
        self, node: ast.Call, index: int | None, depth: int, via: Entered | None
    ) -> Iterator[Origin]:
        reading = self._reading
        name = reading.called(node)
        func = node.func
        function = reading.target(node)
        if function is not None:
            yield from self._returned(node, function, name, index, depth, via)
        elif isinstance(func, ast.Attribute) and func.attr in KEEPS_KIND and name.startswith("."):
            yield from self._of(func.value, index, depth, via)
        elif name in HANDS_BACK and node.args:
            yield from self._of(node.args[0], index, depth, via)
        elif not isinstance(func, (ast.Name, ast.Attribute)) or self._is_value(func):
            yield from self._applied(node, func, index, depth, via)
        else:
            yield Origin(name, node)

    def _is_value(self, func: ast.expr) -> bool:
        """Whether what is called is a value of this file (a module kept in a name)."""
        if isinstance(func, ast.Name):
            return bool(self._reading.bindings(func)) and self._reading.classes.get(func.id) is None
        return isinstance(func, ast.Attribute) and (
            self._reading.instance_of(func.value) is not None
        )

    def _applied(
        self, node: ast.Call, func: ast.expr, index: int | None, depth: int, via: Entered | None
    ) -> Iterator[Origin]:
        """What comes out of what is applied: a module's last layer or forward, a function."""
        name = self._reading.called(node)
        is_known = False
        for origin in self._of(func, None, depth, via):
            made = origin.node
            if isinstance(made, ast.Call) and origin.layer is None:
                is_known = True
                yield from self._out_of(node, origin, index, depth, via)
            elif isinstance(made, ast.Lambda):
                is_known = True
                yield from self._of(made.body, index, depth, Entered(made, node, via))
            elif isinstance(made, (ast.Name, ast.Attribute)) and "." in origin.name:
                is_known = True
                yield Origin(origin.name, node)
        if not is_known:
            yield Origin(name, node)

    def _out_of(
        self, node: ast.Call, origin: Origin, index: int | None, depth: int, via: Entered | None
    ) -> Iterator[Origin]:
        reading = self._reading
        made = origin.node
        if not isinstance(made, ast.Call):
            return
        owner = reading.classes.get(made.func.id) if isinstance(made.func, ast.Name) else None
        forward = reading.applied_method(owner) if owner is not None else None
        if forward is not None:
            yield from self._returned(node, forward, origin.name, index, depth, via)
        elif origin.name in SEQUENTIAL and depth < DEEPEST:
            last = reading.last_layers(made)
            if not last:
                yield Origin("torch.nn.Sequential", node, made)
            for one in last:
                for inner in self._of(one, None, depth, None):
                    if isinstance(inner.node, ast.Call) and inner.layer is None:
                        yield from self._out_of(node, inner, index, depth + 1, via)
                    else:
                        yield Origin("torch.nn.Sequential", node, made)
        else:
            yield Origin(origin.name, node, made)

    def _returned(
        self,
        node: ast.Call,
        function: Function,
        name: str,
        index: int | None,
        depth: int,
        via: Entered | None,
    ) -> Iterator[Origin]:
        values = [
            one.value for one in self._reading.within(function, ast.Return) if one.value is not None
        ]
        is_within_itself = via is not None and via.find(function) is not None
        if not values or is_within_itself:
            yield Origin(name, node)
            return
        for one in values:
            yield from self._of(one, index, depth, Entered(function, node, via))


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a Sequential; a Starred stands for what is not written out."""

    node: ast.expr
    is_optional: bool = False


class _Layers:
    """The layers of one nn.Sequential."""

    def __init__(self, reading: Reading, made: ast.Call) -> None:
        self._reading = reading
        self._made = made

    def all(self) -> list[Layer]:
        match self._made.args:
            case [ast.Call(args=[pairs]) as holder] if self._reading.short(holder) == "OrderedDict":
                return self._of_pairs(pairs)
            case []:
                return self._added_by_name()
            case args:
                return [one for arg in args for one in self._of_argument(arg, 0)][:MOST_LAYERS]

    def _added_by_name(self) -> list[Layer]:
        """What `net.add_module("fc", ...)` or `net.append(...)` put into an empty one."""
        reading = self._reading
        match reading.parent(self._made):
            case ast.Assign(targets=[target]):
                holder = shown(target)
            case _:
                return []
        found: list[Layer] = []
        for call in reading.within(reading.function_of(self._made) or reading.tree, ast.Call):
            match call:
                case ast.Call(
                    func=ast.Attribute(value=owner, attr="add_module" | "append"), args=[*_, layer]
                ) if shown(owner) == holder:
                    found.append(Layer(layer, not _is_beside(reading, call, self._made)))
                case _:
                    continue
        return found

    def _of_pairs(self, pairs: ast.expr) -> list[Layer]:
        match pairs:
            case ast.List(elts=some) | ast.Tuple(elts=some):
                return [
                    Layer(one.elts[1])
                    for one in some
                    if isinstance(one, ast.Tuple) and len(one.elts) == 2
                ]
            case ast.Dict(values=values):
                return [Layer(one) for one in values]
            case _:
                return []

    def _of_argument(self, arg: ast.expr, depth: int) -> list[Layer]:
        if isinstance(arg, ast.Starred):
            return self._elements(arg.value, depth + 1) or [Layer(arg)]
        return [Layer(arg)]

    def _elements(self, node: ast.expr, depth: int) -> list[Layer]:
        """What stands in a list, and what was added to it before it was used."""
        if depth > DEEPEST_CALL:
            return []
        match node:
            case ast.List(elts=some) | ast.Tuple(elts=some):
                return [one for each in some for one in self._of_argument(each, depth + 1)]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._elements(left, depth + 1) + self._elements(right, depth + 1)
            case ast.Name():
                values = [one.value for one in self._reading.bindings(node) if one.value]
                if len(values) != 1:
                    return []
                first = self._elements(values[0], depth + 1)
                return first + self._added(node, values[0], depth)
            case _:
                return []

    def _added(self, use: ast.Name, start: ast.expr, depth: int) -> list[Layer]:
        reading = self._reading
        found: list[Layer] = []
        for one in reading.within(
            reading.function_of(use) or reading.tree, ast.Call, ast.AugAssign
        ):
            if not (place(start) < place(one) < place(use)):
                continue
            is_optional = not _is_beside(reading, one, start)
            match one:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[new]
                ) if name == use.id:
                    found.append(Layer(new, is_optional))
                case (
                    ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="extend"), args=[new])
                    | ast.AugAssign(target=ast.Name(id=name), value=new)
                ) if name == use.id:
                    some = self._elements(new, depth + 1)
                    found.extend(Layer(each.node, is_optional) for each in some)
                case _:
                    continue
        return found


def _is_beside(reading: Reading, one: ast.AST, start: ast.AST) -> bool:
    """Whether both stand in the same block, so that one always follows the other."""
    first, second = reading.statement_of(one), reading.statement_of(start)
    return (
        first is not None and second is not None and reading.parent(first) is reading.parent(second)
    )


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
        case ast.Call(
            func=ast.Attribute(attr="set_grad_enabled"), args=[ast.Constant(value=False)]
        ):
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
