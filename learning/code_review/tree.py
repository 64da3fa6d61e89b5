"""A file's tree: nodes by type, what stands around them, names as the imports resolve them."""

import ast
import bisect
import builtins
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar, cast

from learning.code_review.vocabulary import USUAL_NAMES, words

N = TypeVar("N", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef
Loop = ast.For | ast.AsyncFor | ast.While
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_OWN_SCOPES: Final = (*FUNCTIONS, ast.Lambda, ast.ClassDef)
LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)
COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
REGISTERS: Final = words("register_buffer register_parameter add_module register_module")
MOST_BASES = 8
MOST_BINDINGS = 4
MOST_LOOKED_AT = 40
MOST_ARMS = 30

Arm = tuple[ast.AST, int]


@dataclass(frozen=True, slots=True)
class Binding:
    """How a name got a value: `index` is its place where a tuple was unpacked.

    `how` is assign, aug, for, with, parameter, import, def, class, except, match, or register for
    what `register_buffer` and its like keep on a module.
    """

    how: str
    value: ast.expr | None
    node: ast.AST
    index: int | None = None

    @property
    def effective_from(self) -> tuple[int, int]:
        where = self.value if self.how in {"assign", "aug", "with"} and self.value else self.node
        if self.how in {"assign", "aug"}:
            return (where.end_lineno or where.lineno, where.end_col_offset or 0)  # type: ignore[attr-defined]
        return (getattr(where, "lineno", 0), getattr(where, "col_offset", 0))


class Scope:
    """The names of a function, a class or the file."""

    def __init__(self, node: ast.AST, parent: "Scope | None") -> None:
        self.node = node
        self.parent = parent
        self.bindings: dict[str, list[Binding]] = defaultdict(list)
        self.elsewhere: dict[str, Scope] = {}

    def home_of(self, name: str) -> "Scope":
        """The scope a name is bound in: another one after `global` or `nonlocal`."""
        return self.elsewhere.get(name, self)


class Tree:
    """One file, walked once."""

    def __init__(self, tree: ast.Module, text: str = "") -> None:
        self.tree = tree
        self.text = text
        self.lines = text.splitlines()
        self.classes: dict[str, ast.ClassDef] = {}
        self._imports: dict[str, str] = {}
        self._stars: list[str] = []
        self._parents: dict[ast.AST, ast.AST] = {}
        self._children: dict[ast.AST, Sequence[ast.AST]] = {}
        self._several: dict[tuple[type[ast.AST], ...], Sequence[ast.AST]] = {}
        self._names: dict[ast.AST, str] = {}
        self._named: dict[str, list[ast.Name]] = defaultdict(list)
        self._scopes: dict[ast.AST, Scope] = {}
        self._scope_of_name: dict[ast.Name, Scope] = {}
        self._within: dict[tuple[ast.AST, tuple[type[ast.AST], ...]], Sequence[ast.AST]] = {}
        self._by_type: dict[type, list[ast.AST]] = defaultdict(list)
        self._attributes: dict[ast.ClassDef, dict[str, list[Binding]]] = {}
        self._all_attributes: dict[ast.ClassDef, dict[str, list[Binding]]] = {}
        self._ordered: dict[tuple[Scope, str], tuple[list[tuple[int, int]], list[Binding]]] = {}
        self._reached: dict[ast.Name, list[Binding]] = {}
        self._walk()

    def all(self, *types: type[N]) -> Sequence[N]:
        """Every node of these types, in the order of the file."""
        if len(types) == 1:
            return cast("Sequence[N]", self._by_type[types[0]])
        if types not in self._several:
            found = [node for one in types for node in self._by_type[one]]
            self._several[types] = sorted(found, key=place)
        return cast("Sequence[N]", self._several[types])

    def named(self, id: str) -> Sequence[ast.Name]:
        """Every place where a bare name stands."""
        if not self._named:
            for one in self.all(ast.Name):
                self._named[one.id].append(one)
        return self._named.get(id, ())

    def within(self, node: ast.AST, *types: type[N]) -> Iterator[N]:
        """Nodes of these types inside `node`, in order; not inside functions defined there."""
        if not isinstance(node, (*FUNCTIONS, ast.Module)):
            return self._inside(node, *types)
        # Rules ask the same of a whole function again and again.
        if (node, types) not in self._within:
            self._within[node, types] = list(self._inside(node, *types))
        return (one for one in self._within[node, types] if isinstance(one, types))

    def _inside(self, node: ast.AST, *types: type[N]) -> Iterator[N]:
        stack = list(self._children_of(node))
        while stack:
            one = stack.pop()
            if isinstance(one, types):
                yield one
            if not isinstance(one, _OWN_SCOPES):
                stack.extend(self._children_of(one))

    def _children_of(self, node: ast.AST) -> Sequence[ast.AST]:
        """The last first; a node that a rule made itself has not been walked."""
        found = self._children.get(node)
        return list(ast.iter_child_nodes(node))[::-1] if found is None else found

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self._parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        while (above := self._parents.get(node)) is not None:
            yield above
            node = above

    def enclosing(self, node: ast.AST, *types: type[N]) -> N | None:
        """The nearest node of these types around `node`."""
        return next((one for one in self.ancestors(node) if isinstance(one, types)), None)

    def function_of(self, node: ast.AST) -> Function | None:
        around = self.ancestors(node)
        return next((one for one in around if isinstance(one, FUNCTIONS)), None)

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        return self.enclosing(node, ast.ClassDef)

    def statement_of(self, node: ast.AST) -> ast.stmt | None:
        around: Iterator[ast.AST] = itertools.chain((node,), self.ancestors(node))
        return next((one for one in around if isinstance(one, ast.stmt)), None)

    def loops_of(self, node: ast.AST) -> list[Loop]:
        """Loops around `node` in the same function, the innermost first."""
        found: list[Loop] = []
        for one in self.ancestors(node):
            if isinstance(one, (*FUNCTIONS, ast.ClassDef)):
                break
            if isinstance(one, LOOPS):
                found.append(one)
        return found

    def name(self, node: ast.AST | None) -> str:
        """The dotted name as the imports resolve it; "" for what is no plain name.

        A method of a local value begins with a dot: `.softmax` for `x.softmax`, `.loss` for
        `self.loss`; `.step` for `self.optimizer.step`.
        """
        if not isinstance(node, (ast.Attribute, ast.Name)):
            return ""
        # Rules ask for the names of the same calls again and again.
        if node not in self._names:
            self._names[node] = self._name(node)
        return self._names[node]

    def _name(self, node: ast.expr) -> str:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return f".{parts[0]}" if parts else ""
        root = self._root(node)
        if root is None:
            return f".{parts[0]}" if parts else node.id
        return ".".join([root, *reversed(parts)])

    def _root(self, node: ast.Name) -> str | None:
        """What a name stands for as a module or import; None when it is a local value."""
        if node.id in self._imports:
            return self._imports[node.id]
        if self._is_bound(node):
            return None
        if len(self._stars) == 1 and node.id not in USUAL_NAMES and not hasattr(builtins, node.id):
            return f"{self._stars[0]}.{node.id}"
        return USUAL_NAMES.get(node.id, node.id)

    def _is_bound(self, node: ast.Name) -> bool:
        scope: Scope | None = self.scope_of(node)
        while scope is not None:
            if any(one.how != "import" for one in scope.bindings.get(node.id, ())):
                return True
            scope = scope.parent
        return node.id in {"self", "cls"}

    def called(self, call: ast.AST) -> str:
        """The name of what a call calls."""
        return self.name(call.func) if isinstance(call, ast.Call) else ""

    def short(self, node: ast.AST | None) -> str:
        """The last part of what is called or named: `Linear`, `step`."""
        if isinstance(node, ast.Call):
            node = node.func
        if isinstance(node, ast.Attribute):
            return node.attr
        return self.name(node).rpartition(".")[2]

    def imports(self, *modules: str) -> bool:
        """Whether the file imports one of these packages."""
        roots = {one.partition(".")[0] for one in self._imports.values()}
        return bool(roots & set(modules))

    def scope_of(self, node: ast.AST) -> Scope:
        if isinstance(node, ast.Name) and node in self._scope_of_name:
            return self._scope_of_name[node]
        for one in (node, *self.ancestors(node)):
            if one in self._scopes and one is not node:
                return self._scopes[one]
        return self._scopes[self.tree]

    def argument(self, call: ast.Call, name: str, place: int | None = None) -> ast.expr | None:
        """The argument given by name, or at a place counted from 0."""
        for keyword in call.keywords:
            if keyword.arg == name:
                return keyword.value
        if place is not None and place < len(call.args):
            found = call.args[place]
            return None if isinstance(found, ast.Starred) else found
        return None

    def method(self, owner: ast.ClassDef, name: str) -> Function | None:
        """A method by name, also of a base class of this file."""
        for one in self._lineage(owner):
            for statement in one.body:
                if isinstance(statement, FUNCTIONS) and statement.name == name:
                    return statement
        return None

    def methods(self, owner: ast.ClassDef) -> list[Function]:
        return [one for one in owner.body if isinstance(one, FUNCTIONS)]

    def is_module(self, owner: ast.ClassDef) -> bool:
        """Whether a class is a torch module, also through a base of this file."""
        for one in self._lineage(owner):
            for base in one.bases:
                if self.name(base).rpartition(".")[2] in {"Module", "LightningModule"}:
                    return True
        return False

    def bases_of(self, owner: ast.ClassDef) -> list[str]:
        """The last names of all bases, those of this file's own bases included."""
        return [
            self.name(base).rpartition(".")[2] for one in self._lineage(owner) for base in one.bases
        ]

    def _class_named(self, node: ast.AST) -> ast.ClassDef | None:
        return self.classes.get(node.id) if isinstance(node, ast.Name) else None

    def _lineage(self, owner: ast.ClassDef) -> list[ast.ClassDef]:
        found = [owner]
        for one in found:
            for base in one.bases:
                above = self._class_named(base)
                if above is not None and above not in found and len(found) < MOST_BASES:
                    found.append(above)
        return found

    def bindings(self, node: ast.Name) -> list[Binding]:
        """How a name may have got its value where it is used, the latest first."""
        return self._bindings_of(node)

    def attributes(self, owner: ast.ClassDef) -> dict[str, list[Binding]]:
        """What is assigned to `self.` anywhere in a class, bases of this file included."""
        found = self._all_attributes.get(owner)
        if found is None:
            found = self._all_attributes[owner] = {}
            for one in reversed(self._lineage(owner)):
                found.update(self._attributes.get(one, {}))
        return found

    def in_class_body(self, owner: ast.ClassDef, name: str) -> list[Binding]:
        """What the body of a class itself, or of a base in this file, binds to a name."""
        for one in self._lineage(owner):
            if found := self._scopes[one].bindings.get(name):
                return found
        return []

    def _walk(self) -> None:
        top = Scope(self.tree, None)
        self._scopes[self.tree] = top
        stack: list[tuple[ast.AST, Scope]] = [(self.tree, top)]
        while stack:
            node, scope = stack.pop()
            self._by_type[type(node)].append(node)
            if isinstance(node, ast.Name):
                self._scope_of_name[node] = scope
            self._note(node, scope)
            inner = scope
            if isinstance(node, (*FUNCTIONS, *COMPREHENSIONS, ast.Lambda, ast.ClassDef)):
                inner = self._scopes[node] = Scope(node, scope)
                if isinstance(node, (*FUNCTIONS, ast.Lambda)):
                    for one in _parameters(node.args):
                        inner.bindings[one.arg].append(Binding("parameter", None, one))
            self._children[node] = list(ast.iter_child_nodes(node))[::-1]
            for child in self._children[node]:
                self._parents[child] = node
                stack.append((child, inner))

    def _note(self, node: ast.AST, scope: Scope) -> None:
        match node:
            case ast.Import():
                for alias in node.names:
                    name = alias.name if alias.asname else alias.name.partition(".")[0]
                    self._imports[alias.asname or name] = name
                    scope.bindings[alias.asname or name].append(Binding("import", None, node))
            case ast.ImportFrom():
                for alias in node.names:
                    if alias.name == "*":
                        self._stars.append(node.module or "")
                        continue
                    full = f"{node.module}.{alias.name}" if node.module else alias.name
                    self._imports[alias.asname or alias.name] = full
                    scope.bindings[alias.asname or alias.name].append(Binding("import", None, node))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                scope.bindings[node.name].append(Binding("def", None, node))
            case ast.ClassDef():
                self.classes.setdefault(node.name, node)
                scope.bindings[node.name].append(Binding("class", None, node))
            case ast.Assign():
                for target in node.targets:
                    self._bind(target, "assign", node.value, scope)
            case ast.AnnAssign(value=value) if value is not None:
                self._bind(node.target, "assign", value, scope)
            case ast.NamedExpr():
                while isinstance(scope.node, COMPREHENSIONS) and scope.parent is not None:
                    scope = scope.parent
                self._bind(node.target, "assign", node.value, scope)
            case ast.AugAssign():
                self._bind(node.target, "aug", node.value, scope)
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                self._bind(node.target, "for", node.iter, scope)
            case ast.withitem(optional_vars=target) if target is not None:
                self._bind(target, "with", node.context_expr, scope)
            case ast.ExceptHandler(name=str() as name):
                scope.bindings[name].append(Binding("except", None, node))
            case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
                scope.bindings[name].append(Binding("match", None, node))
            case ast.Global():
                scope.elsewhere.update(dict.fromkeys(node.names, self._scopes[self.tree]))
            case ast.Nonlocal() if scope.parent is not None:
                scope.elsewhere.update(dict.fromkeys(node.names, scope.parent))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=attr)):
                if attr in REGISTERS:
                    self._note_registered(node, scope)
            case _:
                return

    def _note_registered(self, node: ast.Call, scope: Scope) -> None:
        """A buffer, parameter or module that is kept under a name given as text."""
        name = self.argument(node, "name", 0)
        value = node.args[1] if len(node.args) > 1 else None
        if value is None:
            value = next((one.value for one in node.keywords if one.arg != "name"), None)
        owner = _class_around(scope)
        if owner is not None and isinstance(name, ast.Constant) and isinstance(name.value, str):
            table = self._attributes.setdefault(owner, {})
            table.setdefault(name.value, []).append(Binding("register", value, node))

    def _bind(
        self,
        target: ast.expr,
        how: str,
        value: ast.expr,
        scope: Scope,
        index: int | None = None,
    ) -> None:
        match target:
            case ast.Name():
                home = scope.home_of(target.id)
                home.bindings[target.id].append(Binding(how, value, target, index))
            case ast.Attribute(value=ast.Name(id="self")):
                owner = _class_around(scope)
                if owner is not None:
                    table = self._attributes.setdefault(owner, {})
                    table.setdefault(target.attr, []).append(Binding(how, value, target, index))
            case ast.Tuple() | ast.List():
                same = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(
                    target.elts
                )
                for place, one in enumerate(target.elts):
                    if same and how == "assign":
                        self._bind(one, how, value.elts[place], scope)  # type: ignore[attr-defined]
                    else:
                        self._bind(one, how, value, scope, place)
            case ast.Starred():
                self._bind(target.value, how, value, scope, index)
            case _:
                return

    def _bindings_of(self, node: ast.Name) -> list[Binding]:
        """Bindings that may reach a use: in its own scope those before it, else all of them."""
        if node not in self._reached:
            self._reached[node] = self._found_for(node)
        return self._reached[node]

    def _found_for(self, node: ast.Name) -> list[Binding]:
        scope: Scope | None = self.scope_of(node)
        is_own = True
        while scope is not None:
            home = scope.home_of(node.id)
            is_seen = is_own or not isinstance(scope.node, ast.ClassDef)
            if is_seen and home.bindings.get(node.id):
                places, found = self._in_order(home, node.id)
                if is_own and home is scope:
                    return self._reaching(node, places, found)
                return found[::-1][:MOST_BINDINGS]
            is_own = is_own and isinstance(scope.node, (ast.Lambda, *COMPREHENSIONS))
            scope = scope.parent
        return []

    def _in_order(self, scope: Scope, name: str) -> tuple[list[tuple[int, int]], list[Binding]]:
        """The bindings of a name by the place from which they hold."""
        key = (scope, name)
        if key not in self._ordered:
            found = sorted(scope.bindings[name], key=lambda one: one.effective_from)
            self._ordered[key] = ([one.effective_from for one in found], found)
        return self._ordered[key]

    def _reaching(
        self, node: ast.Name, places: list[tuple[int, int]], found: list[Binding]
    ) -> list[Binding]:
        last = bisect.bisect_right(places, place(node))
        before = found[max(0, last - MOST_LOOKED_AT) : last]
        if not before:
            return found[::-1][:MOST_BINDINGS]
        around = dict(self._arms(node))
        reaching: list[Binding] = []
        covered: set[Arm] = set()
        for one in reversed(before):
            arms = self._arms(one.node)
            is_apart = any(around.get(fork, arm) != arm for fork, arm in arms)
            own = [(fork, arm) for fork, arm in arms if fork not in around]
            if one.how == "aug" or is_apart or any(_leaves(*one) for one in own):
                continue
            reaching.append(one)
            if len(reaching) >= MOST_BINDINGS or _covers(own, covered):
                break
        return reaching or before[::-1][:1]

    def _arms(self, node: ast.AST) -> list[Arm]:
        """The nearest forks around a node in its function, innermost first, and its arm of each."""
        found: list[Arm] = []
        child = node
        for one in self.ancestors(node):
            if isinstance(one, (*FUNCTIONS, ast.ClassDef)) or len(found) >= MOST_ARMS:
                break
            match one:
                case ast.If() if child is not one.test:
                    found.append((one, int(place(child) >= _start(one.orelse))))
                case ast.Match() if isinstance(child, ast.match_case):
                    found.append((one, id(child)))
                case ast.For() | ast.AsyncFor() | ast.While() | ast.Try():
                    found.append((one, 0))
                case _:
                    pass
            child = one
        return found


def _start(body: list[ast.stmt]) -> tuple[float, float]:
    return place(body[0]) if body else (float("inf"), 0)


def _leaves(fork: ast.AST, arm: int) -> bool:
    """Whether an arm of an `if` ends by leaving, so that nothing after it follows it."""
    if not isinstance(fork, ast.If):
        return False
    body = fork.orelse if arm else fork.body
    return bool(body) and isinstance(body[-1], (ast.Return, ast.Raise, ast.Continue))


def _covers(own: list[Arm], covered: set[Arm]) -> bool:
    """Whether every way to the use has now bound the name."""
    for fork, arm in own:
        covered.add((fork, arm))
        other = 1 - arm if isinstance(fork, ast.If) else -1
        if (fork, other) not in covered and not (other >= 0 and _leaves(fork, other)):
            return False
    return True


def place(node: ast.AST) -> tuple[int, int]:
    """Line and column, for the order of the file."""
    return (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))


def root_of(node: ast.AST) -> ast.AST:
    """The leftmost value of a chain of attributes, calls and subscripts."""
    while True:
        match node:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Await(value=inner):
                node = inner
            case ast.Call(func=inner):
                node = inner
            case _:
                return node


def names_in(node: ast.AST) -> set[str]:
    """Every name used inside a node."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def words_of(name: str) -> set[str]:
    """The lower-case words of an identifier: `X_test` and `testLoader` both hold `test`."""
    return {one.lower() for one in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)}


def shown(node: ast.AST, longest: int = 40) -> str:
    """The learner's own expression, for the text of a finding."""
    try:
        text = " ".join(ast.unparse(node).split())
    except RecursionError:
        return "…"
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _class_around(scope: Scope) -> ast.ClassDef | None:
    one: Scope | None = scope
    while one is not None:
        if isinstance(one.node, ast.ClassDef):
            return one.node
        one = one.parent
    return None


def _parameters(args: ast.arguments) -> Iterator[ast.arg]:
    yield from (*args.posonlyargs, *args.args, *args.kwonlyargs)
    if args.vararg:
        yield args.vararg
    if args.kwarg:
        yield args.kwarg
