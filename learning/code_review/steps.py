"""What happens in one pass of a training or evaluation loop, in the order in which it runs.

Helper functions and methods of the file are followed where they are called, so that a `train_step`
three functions away counts as if it stood in the loop. Only code that leads to a step is walked.
"""

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from weakref import WeakKeyDictionary

from learning.code_review.reading import Reading
from learning.code_review.tree import FUNCTIONS, LOOPS, Function, shown, words_of
from learning.code_review.vocabulary import KEEPS_KIND, Role, words

MOST_EVENTS = 600
MOST_VISITS = 20_000
DEEPEST_HELPER = 6
CLIPS: Final = words("clip_grad_norm_ clip_grad_value_ clip_grad_norm clip_grad_value clip_grads")
ZEROES: Final = re.compile(r"(?:zero|clear|reset|clean)_?(?:all_|the_)?grad", re.I)
BACKWARDS: Final = re.compile(r"_?backward(?:_[A-Za-z0-9]{1,4})?|_?(?!pre|post|is_)[a-z]+_backward")
PRETRAINED: Final = re.compile(r"Model|For[A-Z]|LMHead")
# Receivers of `.backward(loss)` that are not the loss itself.
CARRIERS: Final = words("accelerator fabric engine autograd strategy amp trainer self lite")
# What makes a name such as `build_model` a function rather than a model.
VERBS: Final = words(
    "is has get load create build make train test eval save init run fit predict compile prepare "
    "setup initialize define evaluate validate export convert wrap unwrap download update print"
)
CHANGES_IN_PLACE: Final = words("sub_ add_ copy_ addcdiv_ addcmul_ mul_")


class Kind(StrEnum):
    """A step of a pass. UPDATE is a weight changed by hand, MADE an optimizer constructed."""

    ZERO = "zero"
    BACKWARD = "backward"
    CLIP = "clip"
    STEP = "step"
    UPDATE = "update"
    SCHEDULE = "schedule"
    EVAL = "eval"
    TRAIN = "train"
    MADE = "made"
    APPLY = "apply"


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Something entered on the way to a step: a loop, an arm of an `if`, a helper."""

    node: ast.AST
    visit: int
    arm: int = 0

    @property
    def is_loop(self) -> bool:
        return isinstance(self.node, (*LOOPS, ast.comprehension))

    @property
    def is_branch(self) -> bool:
        return isinstance(self.node, (ast.If, ast.Match))


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One step: `subject` is the optimizer, model, scheduler or loss it concerns."""

    kind: Kind
    node: ast.expr | ast.stmt
    subject: ast.expr | None
    path: tuple[Frame, ...] = ()

    @property
    def loops(self) -> list[Frame]:
        """The loops around it, the innermost first."""
        return [one for one in reversed(self.path) if one.is_loop]

    def is_in(self, frame: Frame) -> bool:
        return any(one is frame for one in self.path)

    def excludes(self, other: "Event") -> bool:
        """Whether the two stand in different arms of one `if`."""
        for one, two in zip(self.path, other.path, strict=False):
            if one is not two:
                return one.is_branch and one.visit == two.visit and one.arm != two.arm
        return False

    def branches_apart_from(self, other: "Event") -> list[Frame]:
        """Arms of an `if` around this one that are not around the other."""
        return [one for one in self.path if one.is_branch and not other.is_in(one)]


@dataclass(frozen=True, slots=True)
class Run:
    """All steps reached from a function that the file does not call, or from the file itself."""

    root: ast.Module | Function
    events: tuple[Event, ...]

    def of(self, *kinds: Kind) -> list[Event]:
        return [one for one in self.events if one.kind in kinds]

    def loops(self) -> list[Frame]:
        """Every loop that holds a step, each once per way to reach it."""
        found: dict[int, Frame] = {}
        for event in self.events:
            for frame in event.loops:
                found.setdefault(frame.visit, frame)
        return list(found.values())

    def inside(self, frame: Frame | None, *kinds: Kind) -> list[Event]:
        """The steps within a loop, or of the whole run."""
        return [
            one
            for one in self.events
            if (not kinds or one.kind in kinds) and (frame is None or one.is_in(frame))
        ]

    def shared_loop(self, event: Event, *kinds: Kind) -> Frame | None:
        """The innermost loop around a step that holds one of these kinds too."""
        return next((one for one in event.loops if self.inside(one, *kinds)), None)

    def before(self, event: Event, frame: Frame | None, *kinds: Kind) -> list[Event]:
        """What runs before a step in the same pass, the latest first."""
        inside = self.inside(frame)
        at = next((i for i, one in enumerate(inside) if one is event), 0)
        found = [one for one in inside[:at] if one.kind in kinds and not one.excludes(event)]
        return found[::-1]

    def after(self, event: Event, frame: Frame | None, *kinds: Kind) -> list[Event]:
        inside = self.inside(frame)
        at = next((i for i, one in enumerate(inside) if one is event), len(inside))
        return [one for one in inside[at + 1 :] if one.kind in kinds and not one.excludes(event)]


def is_untracked(reading: Reading, event: Event) -> bool:
    """Whether no_grad holds where a step runs, on this way to it."""
    calls = (one.node for one in event.path if isinstance(one.node, ast.Call))
    return any(reading.is_under_no_grad(one) for one in (event.node, *calls))


_RUNS: WeakKeyDictionary[Reading, tuple[Run, ...]] = WeakKeyDictionary()


def runs_of(reading: Reading) -> tuple[Run, ...]:
    """The runs of a file, read once."""
    if reading not in _RUNS:
        _RUNS[reading] = tuple(_Walk(reading).runs())
    return _RUNS[reading]


def who(reading: Reading, node: ast.AST | None) -> frozenset[object]:
    """Marks of what a value is; two values that share one may be the same thing."""
    found: set[object] = set()
    for origin in reading.origins(node):
        is_made = isinstance(origin.node, ast.Call) and origin.layer is None
        found.add(origin.node if is_made else shown(origin.node))
    return frozenset(found)


def are_same(reading: Reading, one: ast.AST | None, two: ast.AST | None) -> bool:
    if one is None or two is None:
        return False
    return ast.dump(one) == ast.dump(two) or bool(who(reading, one) & who(reading, two))


def own_name(node: ast.AST | None) -> str:
    """The learner's name for a thing without what it hangs on: `optimizer` of `self.optimizer`."""
    while isinstance(node, (ast.Subscript, ast.Call, ast.Starred)):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_a(reading: Reading, node: ast.AST | None, role: Role) -> bool:
    """Whether a value has a role, also as one of several in a list or dict."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return reading.role(node) is role


def is_model(reading: Reading, node: ast.AST | None) -> bool:
    """Whether a value is a torch module, as far as one can tell."""
    if node is None or not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        return False
    if own_name(node)[:1].isupper() or words_of(own_name(node)) & VERBS:
        return False
    if isinstance(node, ast.Attribute) and node.attr in KEEPS_KIND:
        return False
    if isinstance(node, ast.Name) and any(
        one.how in {"def", "import", "class"} for one in reading.bindings(node)
    ):
        return False
    made = [one for one in reading.origins(node) if isinstance(one.node, ast.Call)]
    for one in made:
        call = one.node
        if isinstance(call, ast.Call) and one.layer is None:
            owner = reading.classes.get(call.func.id) if isinstance(call.func, ast.Name) else None
            if owner is not None:
                return reading.is_module(owner)
            if one.name.startswith(("torch.nn.", "torchvision.models", "timm.")):
                return not _is_loss_layer(one.short)
            if one.short == "from_pretrained":
                return bool(PRETRAINED.search(shown(call.func, 80)))
    named = reading.role(node) is Role.MODEL
    return named and not any(_is_foreign(one.name) for one in made)


def _is_loss_layer(short: str) -> bool:
    return short.endswith(("Loss", "ReLU", "Softmax", "Sigmoid", "Dropout", "Flatten"))


def _is_foreign(name: str) -> bool:
    head = name.partition(".")[0]
    return head in {"sklearn", "tensorflow", "keras", "openai", "langchain", "xgboost", "jax"} or (
        name.rpartition(".")[2] in {"pipeline", "SentenceTransformer", "CrossEncoder", "load_model"}
    )


class _Walk:
    """Finds the steps of a file, then walks to them in the order of running."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.found: dict[ast.AST, list[tuple[Kind, ast.expr | None]]] = {}
        self.relevant: set[ast.AST] = set()
        self.functions: set[ast.AST] = set()
        self.events: list[Event] = []
        self.stack: list[ast.AST] = []
        self.visits = itertools.count()
        self.spent = 0

    def runs(self) -> Iterator[Run]:
        self._find()
        if not self.found:
            return
        self._mark()
        functions: list[Function] = [
            *self.reading.all(ast.FunctionDef),
            *self.reading.all(ast.AsyncFunctionDef),
        ]
        roots: list[ast.Module | Function] = [self.reading.tree]
        roots += [
            one for one in functions if one in self.functions and not self.reading.calls_of(one)
        ]
        for root in roots:
            self.events = []
            self.stack = [root]
            self._statements(root.body, ())
            if self.events:
                yield Run(root, tuple(self.events))

    def _find(self) -> None:
        for call in self.reading.all(ast.Call):
            for kind, subject in _kinds_of_call(self.reading, call):
                self.found.setdefault(call, []).append((kind, subject))
        if not self.found and not self.reading.all(ast.AugAssign):
            return
        for statement in self.reading.all(ast.Assign, ast.AugAssign, ast.Delete):
            for kind, subject in _kinds_of_change(self.reading, statement):
                self.found.setdefault(statement, []).append((kind, subject))

    def _mark(self) -> None:
        """Mark the way to every step, callers of helpers included."""
        waiting: list[ast.AST] = list(self.found)
        while waiting:
            node = waiting.pop()
            for one in (node, *self.reading.ancestors(node)):
                if one in self.relevant:
                    break
                self.relevant.add(one)
                if isinstance(one, FUNCTIONS):
                    self.functions.add(one)
                    waiting.extend(self.reading.calls_of(one))
                    waiting.extend(_handed_over(self.reading, one))

    def _statements(self, body: Iterable[ast.stmt], path: tuple[Frame, ...]) -> None:
        for one in body:
            if one in self.relevant and len(self.events) < MOST_EVENTS:
                self.spent += 1
                if self.spent < MOST_VISITS:
                    self._statement(one, path)

    def _statement(self, node: ast.stmt, path: tuple[Frame, ...]) -> None:
        visit = next(self.visits)
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return
            case ast.If():
                self._expression(node.test, path)
                self._statements(node.body, (*path, Frame(node, visit, 0)))
                self._statements(node.orelse, (*path, Frame(node, visit, 1)))
            case ast.For() | ast.AsyncFor() | ast.While():
                head = node.test if isinstance(node, ast.While) else node.iter
                self._expression(head, path)
                self._statements(node.body, (*path, Frame(node, visit)))
                self._statements(node.orelse, path)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    self._expression(item.context_expr, path)
                self._statements(node.body, path)
            case ast.Try():
                self._statements(node.body, path)
                for arm, handler in enumerate(node.handlers):
                    self._statements(handler.body, (*path, Frame(node, visit, arm + 1)))
                self._statements(node.orelse, path)
                self._statements(node.finalbody, path)
            case ast.Match():
                for arm, case in enumerate(node.cases):
                    self._statements(case.body, (*path, Frame(node, visit, arm)))
            case _:
                for child in ast.iter_child_nodes(node):
                    self._expression(child, path)
                self._emit(node, path, set())

    def _expression(self, node: ast.AST, path: tuple[Frame, ...]) -> None:
        if node not in self.relevant or isinstance(node, ast.Lambda):
            return
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            for one in node.generators:
                self._expression(one.iter, path)
                path = (*path, Frame(one, next(self.visits)))
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.comprehension):
                self._expression(child, path)
        if isinstance(node, ast.Call):
            self._call(node, path)

    def _call(self, node: ast.Call, path: tuple[Frame, ...]) -> None:
        start = len(self.events)
        helper = self.reading.target(node)
        if helper is None:
            helper = next(_closures(self.reading, node), None)
        if (
            helper is not None
            and helper in self.functions
            and helper not in self.stack
            and len(self.stack) < DEEPEST_HELPER
        ):
            self.stack.append(helper)
            self._statements(helper.body, (*path, Frame(node, next(self.visits))))
            self.stack.pop()
        self._emit(node, path, {one.kind for one in self.events[start:]})

    def _emit(self, node: ast.expr | ast.stmt, path: tuple[Frame, ...], already: set[Kind]) -> None:
        for kind, subject in self.found.get(node, ()):
            is_told = kind in already or (kind is Kind.STEP and Kind.UPDATE in already)
            if not is_told:
                self.events.append(Event(kind, node, subject, path))


def _closures(reading: Reading, call: ast.Call) -> Iterator[Function]:
    """Functions of the file that are handed to `optimizer.step(closure)`."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "step":
        for given in (*call.args, *(one.value for one in call.keywords)):
            if isinstance(given, ast.Name):
                for binding in reading.bindings(given):
                    if isinstance(binding.node, FUNCTIONS):
                        yield binding.node


def _handed_over(reading: Reading, function: Function) -> Iterator[ast.Call]:
    """Calls `optimizer.step(function)`."""
    for call in reading.all(ast.Call):
        names = [one for one in call.args if isinstance(one, ast.Name) and one.id == function.name]
        if names and function in set(_closures(reading, call)):
            yield call


def _kinds_of_call(reading: Reading, call: ast.Call) -> Iterator[tuple[Kind, ast.expr | None]]:
    func = call.func
    if not isinstance(func, (ast.Attribute, ast.Name)):
        return
    short = func.attr if isinstance(func, ast.Attribute) else func.id
    receiver = func.value if isinstance(func, ast.Attribute) else None
    if short == "step" and receiver is not None:
        yield from _kinds_of_step(reading, call, receiver)
    elif short in {"eval", "train"} and receiver is not None:
        yield from _kinds_of_mode(call, short, receiver)
    elif _is_zeroing(short, receiver):
        yield Kind.ZERO, receiver
    elif _is_backward(short):
        yield Kind.BACKWARD, _loss_of(call, short, receiver)
    elif short in CLIPS:
        yield Kind.CLIP, None
    elif short == "optimizer_step" and call.args:
        yield Kind.STEP, call.args[0]
    elif short[:1].isupper() and reading.role(call) is Role.OPTIMIZER:
        yield Kind.MADE, call
    elif short in CHANGES_IN_PLACE and receiver is not None:
        if uses_gradient_of(reading, receiver, [*call.args, *(k.value for k in call.keywords)]):
            yield Kind.UPDATE, receiver
    elif is_model(reading, func):
        yield Kind.APPLY, func


def _is_zeroing(short: str, receiver: ast.expr | None) -> bool:
    if ZEROES.search(short):
        return True
    if short in {"zero_", "fill_"} and receiver is not None:
        return any(
            isinstance(one, ast.Attribute) and one.attr == "grad" for one in _chain(receiver)
        )
    return False


def _chain(node: ast.expr) -> Iterator[ast.expr]:
    while True:
        yield node
        if not isinstance(node, (ast.Attribute, ast.Subscript)):
            return
        node = node.value


def _is_backward(short: str) -> bool:
    return BACKWARDS.fullmatch(short) is not None


def _kinds_of_step(
    reading: Reading, call: ast.Call, receiver: ast.expr
) -> Iterator[tuple[Kind, ast.expr | None]]:
    if call.args and is_a(reading, call.args[0], Role.OPTIMIZER):
        yield Kind.STEP, call.args[0]
    elif is_a(reading, receiver, Role.OPTIMIZER):
        yield Kind.STEP, receiver
    elif is_a(reading, receiver, Role.SCHEDULER):
        yield Kind.SCHEDULE, receiver
    else:
        return
    if any(one.arg == "zero_grad" for one in call.keywords):
        yield Kind.ZERO, receiver


def _kinds_of_mode(
    call: ast.Call, short: str, receiver: ast.expr
) -> Iterator[tuple[Kind, ast.expr | None]]:
    given = [*call.args, *(one.value for one in call.keywords)]
    if words_of(own_name(receiver)) & {"trainer", "pd", "df", "agent"} or len(given) > 1:
        return
    if short == "eval":
        if not given:
            yield Kind.EVAL, receiver
    elif not given:
        yield Kind.TRAIN, receiver
    elif isinstance(given[0], ast.Constant):
        if isinstance(given[0].value, bool):
            yield (Kind.TRAIN if given[0].value else Kind.EVAL), receiver
    elif words_of(own_name(given[0])) & {"mode", "training", "train", "was"}:
        yield Kind.TRAIN, receiver


def _loss_of(call: ast.Call, short: str, receiver: ast.expr | None) -> ast.expr | None:
    """What is differentiated."""
    if isinstance(receiver, ast.Call) and receiver.args and own_name(receiver) == "scale":
        return receiver.args[0]
    first = call.args[0] if call.args else None
    if receiver is None or short != "backward" or words_of(own_name(receiver)) & CARRIERS:
        return first
    return receiver


def _kinds_of_change(
    reading: Reading, statement: ast.stmt
) -> Iterator[tuple[Kind, ast.expr | None]]:
    match statement:
        case ast.AugAssign(target=ast.Name() | ast.Attribute() | ast.Subscript() as target):
            if own_name(target) == "grad" or _without_data(target, "grad"):
                if isinstance(statement.op, ast.Mult) and reading.number(statement.value) == 0:
                    yield Kind.ZERO, target
            elif uses_gradient_of(reading, _bare(target), [statement.value]):
                yield Kind.UPDATE, target
        case ast.Assign(targets=[ast.Attribute() as target]):
            if target.attr == "grad":
                if _is_nothing(statement.value):
                    yield Kind.ZERO, target.value
            elif target.attr == "data" and uses_gradient_of(
                reading, target.value, [statement.value]
            ):
                yield Kind.UPDATE, target
        case ast.Delete(targets=targets):
            for one in targets:
                if isinstance(one, ast.Attribute) and one.attr == "grad":
                    yield Kind.ZERO, one.value


def _without_data(target: ast.expr, attribute: str) -> bool:
    return isinstance(target, ast.Attribute) and own_name(target.value) == attribute


def _bare(target: ast.expr) -> ast.expr:
    """`w` of `w.data`."""
    if isinstance(target, ast.Attribute) and target.attr == "data":
        return target.value
    return target


def _is_nothing(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return value.value is None or value.value == 0
    return isinstance(value, ast.Call) and own_name(value) in {"zeros_like", "zeros"}


def uses_gradient_of(reading: Reading, weight: ast.expr, values: Iterable[ast.expr]) -> bool:
    """Whether one of these is computed from `weight.grad`."""
    wanted = ast.unparse(_bare(weight))
    for value in values:
        for node in ast.walk(value):
            for source in _sources(reading, node):
                if not isinstance(source, ast.Attribute) or source.attr != "grad":
                    continue
                if ast.unparse(_bare(source.value)) == wanted:
                    return True
    return False


def _sources(reading: Reading, node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for binding in reading.bindings(node):
            value = binding.value
            while isinstance(value, ast.Attribute) and value.attr == "data":
                value = value.value
            if binding.how == "assign" and value is not None:
                yield value
