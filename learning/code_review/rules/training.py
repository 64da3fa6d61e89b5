"""The training loop: gradients, steps, schedules, modes, devices, seeds."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeGuard

from learning.code_review.reading import Fine, Hit, Reading
from learning.code_review.rules.shape import Matcher
from learning.code_review.steps import (
    Event,
    Frame,
    Kind,
    Run,
    are_same,
    is_a,
    is_model,
    is_untracked,
    own_name,
    runs_of,
    who,
)
from learning.code_review.tree import names_in, place, root_of, shown, words_of
from learning.code_review.vocabulary import Role, words

TRAINS: Final = words("train training trains step update learn optimize fit batch epoch iteration")
STEPS: Final = (Kind.STEP, Kind.UPDATE)
MOST_LOSSES = 40
# What takes the graph off a loss, or leaves a plain number.
DETACHES: Final = words("item detach tolist numpy detach_ data")
# Calls that look at a loss and do nothing with it.
LOOKS: Final = words(
    "print append item float log info debug add_scalar set_postfix set_description update isnan "
    "isfinite isinf mean sum stack len range str format round write detach extend all_reduce"
)
# Calls that speak of training or gradients and never go backward.
GOES_BACK: Final = words("backprop grad grads gradient train propagate")
HARMLESS: Final = words(
    "train no_grad zero_grad enable_grad requires_grad_ set_grad_enabled clip_grad_norm_ "
    "clip_grad_value_ inference_mode"
)
SEEDS: Final = words("seed seeds seeding deterministic")


def zero_grad_missing(reading: Reading) -> Iterator[Hit | Fine]:
    if _differentiates_by_itself(reading) or reading.imports("mxnet", "mindspore"):
        return
    for run in runs_of(reading):
        for step in run.of(*STEPS):
            loop = run.shared_loop(step, Kind.BACKWARD)
            if loop is None and not _is_one_pass(reading, run):
                continue
            backward = _latest(run.before(step, loop, Kind.BACKWARD)) or _latest(
                run.after(step, loop, Kind.BACKWARD)
            )
            if backward is None:
                continue
            zeros = run.inside(loop, Kind.ZERO)
            if zeros and not _zeroes_only_others(reading, step, zeros, run.inside(loop, Kind.STEP)):
                yield Fine(zeros[0].node)
            elif not _is_fresh(reading, run, step, loop):
                names = {
                    "backward": shown(backward.node),
                    "step": shown(step.node),
                    "zero": _zeroing(step),
                }
                yield Hit(backward.node, names)


def _latest(events: list[Event]) -> Event | None:
    return events[0] if events else None


def _zeroing(step: Event) -> str:
    """How the learner would zero what this step changes."""
    if step.kind is Kind.UPDATE:
        target = step.subject
        if isinstance(target, ast.Attribute) and target.attr == "data":
            target = target.value
        return f"{shown(target, 20)}.grad = None" if target is not None else "w.grad = None"
    return f"{shown(step.subject, 30)}.zero_grad()" if step.subject else "optimizer.zero_grad()"


def _differentiates_by_itself(reading: Reading) -> bool:
    """Whether the file writes its own `backward`, with gradients of its own making."""
    for function in reading.all(ast.FunctionDef):
        owner = reading.parent(function)
        if function.name != "backward" or not isinstance(owner, ast.ClassDef):
            continue
        if any("Function" in base for base in reading.bases_of(owner)):
            continue
        calls = reading.within(function, ast.Call)
        if not any(reading.short(one) == "backward" for one in calls):
            return True
    return False


def _is_one_pass(reading: Reading, run: Run) -> bool:
    """Whether a run is the body of a loop that stands elsewhere: a `train_step`."""
    if isinstance(run.root, ast.Module) or run.loops():
        return False
    named = words_of(run.root.name)
    return bool(named & TRAINS) and "test" not in named and not _has_zero(reading)


def _has_zero(reading: Reading) -> bool:
    return any(run.of(Kind.ZERO) for run in runs_of(reading))


def _zeroes_only_others(
    reading: Reading, step: Event, zeros: list[Event], steps: list[Event]
) -> bool:
    """Of several optimizers side by side, whether this one alone is never zeroed."""
    home = reading.function_of(step.node)
    if step.kind is not Kind.STEP or not isinstance(step.subject, (ast.Name, ast.Attribute)):
        return False
    for one in zeros:
        is_plain = isinstance(one.subject, (ast.Name, ast.Attribute)) and is_a(
            reading, one.subject, Role.OPTIMIZER
        )
        if not is_plain or reading.function_of(one.node) is not home:
            return False
        if are_same(reading, one.subject, step.subject):
            return False
        if not any(are_same(reading, one.subject, each.subject) for each in steps):
            return False
    return True


def _is_fresh(reading: Reading, run: Run, step: Event, loop: Frame | None) -> bool:
    """Whether what is optimized is made anew in each pass."""
    if loop is None:
        return False
    made = [
        one
        for one in run.inside(loop, Kind.MADE)
        if one.node in {each.node for each in reading.origins(step.subject)}
    ]
    for one in made:
        if isinstance(one.node, ast.Call) and _is_bound_in(reading, one.node, loop):
            return True
    if step.kind is Kind.UPDATE and step.subject is not None:
        root = root_of(step.subject)
        if isinstance(root, ast.Name):
            return any(
                loop.node in set(reading.ancestors(one.node))
                and one.how == "assign"
                and _makes_leaf(one.value)
                for one in reading.bindings(root)
            )
    return False


def _makes_leaf(value: ast.expr | None) -> bool:
    return value is not None and any(
        isinstance(one, (ast.Attribute, ast.keyword))
        and getattr(one, "attr", getattr(one, "arg", "")) in {"requires_grad_", "requires_grad"}
        for one in ast.walk(value)
    )


def _is_bound_in(reading: Reading, made: ast.Call, loop: Frame) -> bool:
    """Whether the parameters given to an optimizer are themselves made in the loop."""
    given = reading.argument(made, "params", 0)
    if given is None:
        return True
    for node in ast.walk(given):
        if isinstance(node, (ast.Name, ast.Attribute)):
            for place in _made_at(reading, node):
                if loop.node in set(reading.ancestors(place)):
                    return True
    return False


def _made_at(reading: Reading, node: ast.Name | ast.Attribute) -> Iterator[ast.AST]:
    """The places where a value was made or bound, in the callers of a helper too."""
    for origin in reading.origins(node):
        if isinstance(origin.node, ast.Call):
            yield origin.node
        elif isinstance(origin.node, ast.Name):
            yield from _bound_at(reading, origin.node)
    if isinstance(node, ast.Name):
        yield from _bound_at(reading, node)


def _bound_at(reading: Reading, node: ast.Name) -> list[ast.AST]:
    return [one.node for one in reading.bindings(node) if one.how != "parameter"]


def zero_grad_after_backward(reading: Reading) -> Iterator[Hit | Fine]:
    for run in runs_of(reading):
        steps = run.of(Kind.STEP)
        for step in steps:
            loop = run.shared_loop(step, Kind.BACKWARD)
            before = run.before(step, loop, Kind.ZERO, Kind.BACKWARD)
            zero = before[0] if before else None
            if zero is None or zero.kind is Kind.BACKWARD:
                if zero is not None and run.inside(loop, Kind.ZERO):
                    yield Fine(step.node)
                continue
            backward = next((one for one in before if one.kind is Kind.BACKWARD), None)
            if backward is None or zero.branches_apart_from(step):
                continue
            if _is_between_passes(run, zero, step, backward) or (
                run.before(zero, loop, Kind.STEP) and _stepped_since(run, loop, backward, zero)
            ):
                continue
            if _zeroes_what_steps(reading, run, zero, step):
                yield Hit(
                    zero.node,
                    {
                        "zero": shown(zero.node),
                        "backward": shown(backward.node),
                        "step": shown(step.node),
                    },
                )


def _is_between_passes(run: Run, zero: Event, step: Event, backward: Event) -> bool:
    """Whether zero and step stand in different passes; loops over parameters do not count."""

    def passes(event: Event) -> list[Frame]:
        return [one for one in event.loops if run.inside(one, Kind.BACKWARD)]

    return passes(zero) != passes(step) or not all(one in backward.loops for one in passes(step))


def _stepped_since(run: Run, loop: Frame | None, backward: Event, zero: Event) -> bool:
    """Whether the gradients were used before they were zeroed."""
    return any(
        one is not zero and backward in run.before(one, loop, Kind.BACKWARD)
        for one in run.before(zero, loop, Kind.STEP)
    )


def _zeroes_what_steps(reading: Reading, run: Run, zero: Event, step: Event) -> bool:
    if zero.subject is None or step.subject is None:
        return True
    if is_a(reading, zero.subject, Role.OPTIMIZER):
        return are_same(reading, zero.subject, step.subject)
    optimizers = {shown(one.subject) for one in run.of(Kind.STEP) if one.subject is not None}
    return len(optimizers) == 1


def step_before_backward(reading: Reading) -> Iterator[Hit | Fine]:
    for run in runs_of(reading):
        for step in run.of(Kind.STEP):
            loop = run.shared_loop(step, Kind.BACKWARD)
            if loop is None and not _is_straight(reading, run):
                continue
            if run.before(step, loop, Kind.BACKWARD):
                if loop is not None:
                    yield Fine(step.node)
                continue
            after = run.after(step, loop, Kind.BACKWARD)
            backward = next((one for one in after if not step.branches_apart_from(one)), None)
            if backward is None or _is_earlier_stage(run, loop, step, backward):
                continue
            yield Hit(step.node, {"step": shown(step.node), "backward": shown(backward.node)})


def _is_straight(reading: Reading, run: Run) -> bool:
    """Whether one pass is written out without a loop: step and backward in one block."""
    found = run.of(Kind.BACKWARD, Kind.STEP)
    if len(found) != 2 or run.loops():
        return False
    blocks = {reading.parent(reading.statement_of(one.node) or one.node) for one in found}
    return len(blocks) == 1


def _is_earlier_stage(run: Run, loop: Frame | None, step: Event, backward: Event) -> bool:
    """Whether the backward belongs to a loop of its own that has its own step."""
    inner = [one for one in backward.loops if loop is None or one is not loop]
    return any(
        not step.is_in(one) and run.inside(one, Kind.STEP) and backward.is_in(one) for one in inner
    )


def backward_missing(reading: Reading) -> Iterator[Hit | Fine]:
    if any(reading.short(one) == "grad" for one in reading.all(ast.Call)):
        return
    for run in runs_of(reading):
        for step in run.of(Kind.STEP):
            if not step.loops:
                continue
            outermost = step.loops[-1]
            if run.inside(outermost, Kind.BACKWARD):
                yield Fine(step.node)
                continue
            if run.of(Kind.BACKWARD) and not run.inside(step.loops[0], Kind.APPLY):
                continue
            if _closure_given(step):
                continue
            home = _pass_around(reading, step)
            if _computes_loss(reading, home) and not _may_go_backward(reading, home):
                loss = _loss_name(reading, home)
                yield Hit(step.node, {"step": shown(step.node), "loss": loss})


def _closure_given(step: Event) -> bool:
    call = step.node
    if not isinstance(call, ast.Call):
        return True
    given = [one for one in call.args if one is not step.subject]
    return bool(given or call.keywords)


def _pass_around(reading: Reading, step: Event) -> ast.AST:
    """The loop body or helper in which a step stands."""
    loops = reading.loops_of(step.node)
    return loops[0] if loops else (reading.function_of(step.node) or reading.tree)


def _loss_name(reading: Reading, home: ast.AST) -> str:
    return next(iter(_losses(reading, home)), "loss")


def _losses(reading: Reading, home: ast.AST) -> list[str]:
    """What the learner calls the losses computed here, the latest first."""
    found: list[str] = []
    for one in reading.within(home, ast.Assign):
        value = one.value
        is_loss = isinstance(value, ast.Call) and (
            reading.role(value.func) is Role.LOSS
            or reading.short(value).endswith(("_loss", "cross_entropy"))
        )
        for target in one.targets:
            is_named = words_of(own_name(target)) & {"loss", "cost", "objective", "losses"}
            if isinstance(value, (ast.Call, ast.BinOp, ast.Attribute)) and (is_loss or is_named):
                found.append(shown(target))
    return found[::-1]


def _computes_loss(reading: Reading, home: ast.AST) -> bool:
    return bool(_losses(reading, home))


def _may_go_backward(reading: Reading, home: ast.AST) -> bool:
    """Whether something of another file is handed the loss, or says that it trains."""
    for call in reading.within(home, ast.Call):
        short = reading.short(call)
        named = words_of(short)
        if short not in HARMLESS and named & GOES_BACK:
            return True
        if short in LOOKS or reading.role(call.func) is Role.LOSS or short == "step":
            continue
        given = [*call.args, *(one.value for one in call.keywords)]
        if any("loss" in own_name(one).lower() for one in given if not isinstance(one, ast.Call)):
            return not reading.called(call).startswith(("torch.", "tqdm", "wandb", "math."))
    return False


def clip_misplaced(reading: Reading) -> Iterator[Hit | Fine]:
    for run in runs_of(reading):
        for clip in run.of(Kind.CLIP):
            loop = run.shared_loop(clip, Kind.BACKWARD)
            if loop is None and (run.loops() or not run.of(Kind.BACKWARD)):
                continue
            before = run.before(clip, loop, Kind.BACKWARD, Kind.STEP)
            later = run.after(clip, loop, Kind.BACKWARD, Kind.STEP)
            steps_next = bool(later) and later[0].kind is Kind.STEP
            names = {"clip": shown(clip.node)}
            if before and before[0].kind is Kind.STEP and not steps_next:
                if any(one.kind is Kind.BACKWARD for one in before):
                    yield Hit(clip.node, {**names, "step": shown(before[0].node)})
            elif not any(one.kind is Kind.BACKWARD for one in before):
                backward = next((one for one in later if one.kind is Kind.BACKWARD), None)
                step = next((one for one in later if one.kind is Kind.STEP), None)
                if backward and step and not steps_next:
                    yield Hit(clip.node, {**names, "step": shown(step.node)})
            elif steps_next:
                yield Fine(clip.node)


def clip_before_unscale(reading: Reading) -> Iterator[Hit | Fine]:
    """Gradients that a GradScaler has multiplied are clipped at a norm they were not meant for."""
    for run in runs_of(reading):
        for clip in run.of(Kind.CLIP):
            loop = run.shared_loop(clip, Kind.BACKWARD)
            before = run.before(clip, loop, Kind.BACKWARD)
            later = run.after(clip, loop, Kind.STEP)
            if not before or not later or not _is_scaled(reading, before[0].node):
                continue
            scaler = later[0].node
            if reading.role(_receiver_of(scaler)) is not Role.SCALER:
                continue
            home = reading.function_of(clip.node) or reading.tree
            unscaled = [
                one for one in reading.within(home, ast.Call) if reading.short(one) == "unscale_"
            ]
            if any(place(one) < place(clip.node) for one in unscaled):
                yield Fine(clip.node)
            elif unscaled or not _unscales_elsewhere(reading, home):
                name = shown(_receiver_of(scaler) or scaler)
                optimizer = shown(scaler.args[0]) if _has_arguments(scaler) else "optimizer"
                yield Hit(
                    clip.node,
                    {"clip": shown(clip.node), "unscale": f"{name}.unscale_({optimizer})"},
                )


def _has_arguments(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and bool(node.args)


def _receiver_of(node: ast.AST) -> ast.expr | None:
    match node:
        case ast.Call(func=ast.Attribute(value=receiver)):
            return receiver
        case _:
            return None


def _is_scaled(reading: Reading, backward: ast.AST) -> bool:
    """`scaler.scale(loss).backward()`, also by a name."""
    receiver = _receiver_of(backward)
    return receiver is not None and any(
        isinstance(one.node, ast.Call) and reading.short(one.node) == "scale"
        for one in reading.origins(receiver)
    )


def _unscales_elsewhere(reading: Reading, home: ast.AST) -> bool:
    """Whether another function of the file unscales, which may run in between."""
    return any(
        reading.short(one) == "unscale_" and (reading.function_of(one) or reading.tree) is not home
        for one in reading.all(ast.Call)
    )


def scheduler_before_optimizer(reading: Reading) -> Iterator[Hit | Fine]:
    for run in runs_of(reading):
        for schedule in run.of(Kind.SCHEDULE):
            if _is_given_something(schedule) or _is_own(reading, schedule.subject):
                continue
            loop = run.shared_loop(schedule, Kind.STEP)
            if loop is None:
                continue
            if run.before(schedule, loop, Kind.STEP):
                yield Fine(schedule.node)
                continue
            later = run.after(schedule, loop, Kind.STEP)
            step = next(iter(later), None)
            if step is None or _is_counted(schedule.branches_apart_from(step)):
                continue
            names = {"schedule": shown(schedule.node), "step": shown(step.node)}
            yield Hit(schedule.node, names)


def _is_given_something(event: Event) -> bool:
    return isinstance(event.node, ast.Call) and bool(event.node.args or event.node.keywords)


def _is_own(reading: Reading, node: ast.expr | None) -> bool:
    return node is not None and reading.instance_of(node) is not None


def _is_counted(branches: Iterable[Frame]) -> bool:
    """Whether an `if` around a step counts passes: `if epoch > 0`."""
    for one in branches:
        if isinstance(one.node, ast.If):
            for node in ast.walk(one.node.test):
                if isinstance(node, ast.Mod) or _words_of_expression(node) & {
                    "epoch",
                    "step",
                    "i",
                    "it",
                    "iteration",
                    "batch",
                    "idx",
                }:
                    return True
    return False


def _words_of_expression(node: ast.AST) -> set[str]:
    return words_of(node.id) if isinstance(node, ast.Name) else set()


def loss_graph_kept(reading: Reading) -> Iterator[Hit | Fine]:
    backwards = [one for run in runs_of(reading) for one in run.of(Kind.BACKWARD)]
    subjects = list(dict.fromkeys(one.subject for one in backwards if one.subject is not None))
    subjects = subjects[:MOST_LOSSES]
    marks = {mark for one in subjects for mark in _made(reading, one)}
    summed = {shown(node) for one in subjects for node in _parts(one)}
    for keeper, value, node in _keepings(reading):
        if reading.is_under_no_grad(node) or not _outlives(reading, keeper, node):
            continue
        kept = _with_graph(reading, value, marks)
        if kept is None:
            if _takes_number(reading, value, marks):
                yield Fine(node)
        elif shown(keeper) not in summed and not _is_differentiated(reading, keeper, subjects):
            yield Hit(node, {"loss": shown(kept), "keeper": shown(keeper)})


def _parts(node: ast.expr) -> Iterator[ast.AST]:
    return (one for one in ast.walk(node) if isinstance(one, (ast.Name, ast.Attribute)))


def _made(reading: Reading, node: ast.expr) -> set[object]:
    """Marks of what a loss was made by: calls and sums, or an attribute of one value."""
    found: set[object] = set()
    for one in reading.origins(node):
        if isinstance(one.node, (ast.Call, ast.BinOp)):
            found.add(one.node)
        elif isinstance(one.node, ast.Attribute):
            root = root_of(one.node)
            bound = reading.bindings(root) if isinstance(root, ast.Name) else []
            found.add((shown(one.node), bound[0].node if bound else None))
    return found


def _keepings(reading: Reading) -> Iterator[tuple[ast.expr, ast.expr, ast.AST]]:
    """Where a value is added to or put into something that stays: (what, value, place)."""
    for one in reading.all(ast.AugAssign):
        if isinstance(one.op, ast.Add):
            yield one.target, one.value, one
    for statement in reading.all(ast.Assign):
        match statement:
            case ast.Assign(targets=[target], value=ast.BinOp() as value):
                own = shown(target)
                if any(
                    shown(part) == own for part in ast.walk(value) if isinstance(part, ast.expr)
                ):
                    yield target, value, statement
            case ast.Assign(targets=[ast.Subscript(value=target)], value=value):
                yield target, value, statement
    for call in reading.all(ast.Call):
        match call:
            case ast.Call(func=ast.Attribute(attr="append", value=keeper), args=[value]):
                yield keeper, value, call


def _with_graph(reading: Reading, value: ast.expr, marks: set[object]) -> ast.expr | None:
    """The loss inside a value that still hangs on its graph."""
    match value:
        case ast.BinOp(left=left, right=right):
            return _with_graph(reading, left, marks) or _with_graph(reading, right, marks)
        case ast.Tuple(elts=elts) | ast.List(elts=elts):
            return next((one for each in elts if (one := _with_graph(reading, each, marks))), None)
        case ast.Dict(values=values):
            return next(
                (one for each in values if (one := _with_graph(reading, each, marks))), None
            )
        case ast.Call(func=ast.Attribute(attr=attr, value=inner)):
            if attr in DETACHES:
                return None
            if attr in {"mean", "sum", "cpu", "float", "clone", "double", "squeeze"}:
                return _with_graph(reading, inner, marks)
            return None if _made(reading, value).isdisjoint(marks) else value
        case ast.Attribute(attr=attr) if attr in DETACHES:
            return None
        case ast.Name() | ast.Attribute() | ast.Call():
            is_cut = any(one.short in DETACHES for one in reading.origins(value))
            return None if is_cut or _made(reading, value).isdisjoint(marks) else value
        case _:
            return None


def _takes_number(reading: Reading, value: ast.expr, marks: set[object]) -> bool:
    for one in ast.walk(value):
        match one:
            case ast.Call(func=ast.Attribute(attr=attr, value=inner)) if attr in DETACHES:
                if not _made(reading, inner).isdisjoint(marks):
                    return True
            case ast.Call(func=ast.Name(id="float"), args=[inner]):
                if not _made(reading, inner).isdisjoint(marks):
                    return True
            case _:
                continue
    return False


def _outlives(reading: Reading, keeper: ast.expr, node: ast.AST) -> bool:
    """Whether what is kept in stays from one pass to the next."""
    root = root_of(keeper)
    if not isinstance(root, ast.Name) or root.id == "self":
        return isinstance(root, ast.Name)
    loops = reading.loops_of(node)
    if not loops:
        return False
    own = reading.statement_of(node) or node
    bound = [set(reading.ancestors(one.node)) for one in reading.bindings(root) if one.how != "aug"]
    outside = [around for around in bound if own not in around]
    return not outside or not any(loops[0] in around for around in outside)


def _is_differentiated(reading: Reading, keeper: ast.expr, subjects: Iterable[ast.expr]) -> bool:
    """Whether the sum itself is what goes backward later."""
    root = root_of(keeper)
    name = root.id if isinstance(root, ast.Name) and root.id != "self" else own_name(keeper)
    for one in subjects:
        if name in names_in(one):
            return True
        for origin in reading.origins(one):
            inside = {
                getattr(each, "attr", getattr(each, "id", ""))
                for each in ast.walk(origin.node)
                if isinstance(each, (ast.Name, ast.Attribute))
            }
            if name in inside and isinstance(origin.node, (ast.BinOp, ast.Call)):
                return True
    return False


def retain_graph_in_loop(reading: Reading) -> Iterator[Hit | Fine]:
    for run in runs_of(reading):
        for backward in run.of(Kind.BACKWARD):
            call = backward.node
            if not isinstance(call, ast.Call):
                continue
            given = reading.argument(call, "retain_graph")
            if given is None or not reading.is_true(given):
                continue
            if reading.argument(call, "create_graph") is not None:
                continue
            loop = run.shared_loop(backward, Kind.STEP, Kind.UPDATE)
            if loop is None and not _is_one_pass_named(run):
                continue
            if not run.after(backward, loop, Kind.BACKWARD) and not _needs_graph(
                reading, backward, loop
            ):
                yield Hit(call, {"backward": shown(call)})


def _is_one_pass_named(run: Run) -> bool:
    return not isinstance(run.root, ast.Module) and bool(
        words_of(run.root.name) & TRAINS and run.of(Kind.STEP)
    )


def _needs_graph(reading: Reading, backward: Event, loop: Frame | None) -> bool:
    """Whether gradients are taken again from the same graph, or in a loop of their own."""
    if loop is not None and backward.loops[0] is not loop:
        return True
    home = reading.function_of(backward.node) or reading.tree
    return any(
        reading.called(one).endswith("autograd.grad") for one in reading.within(home, ast.Call)
    )


def optimizer_made_in_loop(reading: Reading) -> Iterator[Hit | Fine]:
    for run in runs_of(reading):
        for made in run.of(Kind.MADE):
            loop = next(
                (one for one in made.loops if _is_pass(run, one) and run.inside(one, Kind.STEP)),
                None,
            )
            if loop is None:
                if run.of(Kind.STEP):
                    yield Fine(made.node)
                continue
            if not isinstance(made.node, ast.Call) or any(
                one.is_branch and any(each is loop for each in made.path[: made.path.index(one)])
                for one in made.path
            ):
                continue
            if not _is_bound_in(reading, made.node, loop) and not _starts_anew(reading, loop):
                yield Hit(made.node, {"optimizer": shown(made.node.func)})


def _is_pass(run: Run, loop: Frame) -> bool:
    """Whether a loop goes over batches or epochs, not over models, folds or settings."""
    if isinstance(loop.node, (ast.For, ast.AsyncFor)):
        named = words_of(shown(loop.node.target, 80)) | words_of(shown(loop.node.iter, 80))
        if named & {"epoch", "epochs", "ep", "batch", "batches", "loader", "dataloader", "step"}:
            return True
        if named & {"fold", "folds", "seed", "seeds", "lr", "lrs", "task", "tasks", "trial"}:
            return False
    directly = [one for one in run.inside(loop, Kind.BACKWARD) if one.loops[0] is loop]
    return bool(directly)


def _starts_anew(reading: Reading, loop: Frame) -> bool:
    """Whether the weights are put back to a start in each pass."""
    resets = {"load_state_dict", "reset_parameters", "apply", "deepcopy", "requires_grad_"}
    return any(reading.short(one) in resets for one in reading.within(loop.node, ast.Call)) or any(
        isinstance(target, ast.Attribute) and target.attr == "requires_grad"
        for one in reading.within(loop.node, ast.Assign)
        for target in one.targets
    )


def leaf_updated_in_place(reading: Reading) -> Iterator[Hit | Fine]:
    if _differentiates_by_itself(reading) or reading.imports("mxnet"):
        return
    seen: set[ast.AST] = set()
    for run in runs_of(reading):
        for update in run.of(Kind.UPDATE):
            if update.node in seen or update.subject is None:
                continue
            seen.add(update.node)
            if _is_data(reading, update.subject) or reading.is_under_no_grad(update.node):
                yield Fine(update.node)
            elif not _grad_is_off(reading) and not _is_called_untracked(reading, update):
                yield Hit(
                    update.node,
                    {"update": shown(update.node, 60), "weight": shown(update.subject)},
                )


def _is_data(reading: Reading, weight: ast.expr) -> bool:
    """Whether it is the bare data of a weight that changes, by `.data` or detached."""
    node: ast.AST = weight
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        if isinstance(node, ast.Attribute) and node.attr in {"data", "detach"}:
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        for one in reading.bindings(node):
            if one.value is None or one.how != "assign":
                continue
            if shown(one.value, 200).endswith((".data", ".detach()")):
                return True
    return False


def _is_called_untracked(reading: Reading, update: Event) -> bool:
    """Whether calls that may reach this helper, `self.optim.step()`, stand under no_grad."""
    function = reading.function_of(update.node)
    if function is None or reading.calls_of(function):
        return False
    return any(
        reading.short(one) == function.name and reading.is_under_no_grad(one)
        for one in reading.all(ast.Call)
    )


def _grad_is_off(reading: Reading) -> bool:
    """Whether gradients are switched off for the whole file."""
    return any(
        reading.short(one) == "set_grad_enabled" and isinstance(reading.parent(one), ast.Expr)
        for one in reading.all(ast.Call)
    )


def train_mode_not_restored(reading: Reading) -> Iterator[Hit | Fine]:
    for run in runs_of(reading):
        for switched in run.of(Kind.EVAL):
            loop = run.shared_loop(switched, Kind.BACKWARD)
            if loop is None or not _is_trained(reading, run, switched, loop):
                continue
            if any(one.excludes(switched) for one in run.inside(loop, Kind.TRAIN)):
                continue
            before = run.before(switched, loop, Kind.TRAIN, Kind.BACKWARD)
            after = run.after(switched, loop, Kind.TRAIN, Kind.BACKWARD)
            order = [*after, *reversed(before)]
            if (order and order[0].kind is Kind.TRAIN) or (
                order and any(one.kind is Kind.TRAIN for one in order) and _trains_again(order)
            ):
                yield Fine(switched.node)
            elif order:
                model = shown(switched.subject) if switched.subject is not None else "model"
                yield Hit(switched.node, {"model": model})


def _trains_again(order: list[Event]) -> bool:
    """Whether train mode comes back before the next backward pass."""
    first = next((i for i, one in enumerate(order) if one.kind is Kind.BACKWARD), len(order))
    return any(one.kind is Kind.TRAIN for one in order[:first])


def _is_trained(reading: Reading, run: Run, switched: Event, loop: Frame) -> bool:
    """Whether the model put into evaluation mode is the one that is trained."""
    named = words_of(own_name(switched.subject))
    if named & {"teacher", "ema", "target", "ref", "reference", "frozen", "vgg", "old", "encoder"}:
        return False
    if isinstance(switched.subject, (ast.Name, ast.Attribute)) and any(
        loop.node in set(reading.ancestors(place)) for place in _made_at(reading, switched.subject)
    ):
        return False
    for one in run.events:
        if one.kind is Kind.MADE and isinstance(one.node, ast.Call):
            given = reading.argument(one.node, "params", 0)
            for part in _parts(given) if given is not None else ():
                if isinstance(part, ast.expr) and are_same(reading, part, switched.subject):
                    return True
    marks = who(reading, switched.subject)
    return any(
        not is_untracked(reading, one) and _shares(reading, one.subject, switched.subject, marks)
        for one in run.inside(loop, Kind.APPLY)
    )


def _shares(
    reading: Reading, one: ast.expr | None, two: ast.expr | None, marks: frozenset[object]
) -> bool:
    return are_same(reading, one, two) or bool(who(reading, one) & marks)


def batch_not_moved(reading: Reading) -> Iterator[Hit | Fine]:
    moved = [one for one in _moves(reading) if _is_model_value(reading, one)]
    others = [one for one in _moves(reading) if one not in moved]
    if not moved or reading.imports("accelerate", "lightning", "pytorch_lightning"):
        return
    loops = list(dict.fromkeys(_batch_loops(reading)))
    inside = {one for loop, _ in loops for one in ast.walk(loop)}
    strays = [one for one in others if one not in inside and not _is_loss(reading, one)]
    for loop, apply in loops:
        if not any(_moves_something(one) for one in ast.walk(loop)):
            batch = _batch_name(reading, loop, apply)
            if strays or batch is None or _model_moves(reading, apply) or _is_helped(reading, loop):
                continue
            if not any(_is_same_model(reading, one, apply.func) for one in moved):
                continue
            yield Hit(apply, {"model": shown(apply.func), "batch": batch})
        elif _batch_name(reading, loop, apply) is not None:
            yield Fine(loop)


def _moves(reading: Reading) -> list[ast.Call]:
    """Calls that put something on an accelerator."""
    return [
        call
        for call in reading.all(ast.Call)
        if isinstance(call.func, ast.Attribute)
        and (call.func.attr == "cuda" or (call.func.attr == "to" and _is_device(reading, call)))
    ]


def _is_device(reading: Reading, call: ast.Call) -> bool:
    given = reading.argument(call, "device", 0)
    if given is None:
        return False
    if words_of(own_name(given)) & {"device", "dev", "gpu", "cuda"}:
        texts = {
            one.value
            for origin in reading.origins(given)
            for one in ast.walk(origin.node)
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        }
        return texts != {"cpu"}
    text = reading.string(given)
    return text is not None and text.partition(":")[0] in {"cuda", "mps", "xpu", "npu"}


def _is_model_value(reading: Reading, call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    receiver = call.func.value
    if reading.role(receiver) is Role.MODEL or is_model(reading, receiver):
        return True
    statement = reading.statement_of(call)
    return (
        isinstance(receiver, ast.Call)
        and isinstance(statement, ast.Assign)
        and any(is_model(reading, one) for one in statement.targets)
    )


def _is_loss(reading: Reading, call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and (
        reading.role(call.func.value) is Role.LOSS or "loss" in shown(call.func.value).lower()
    )


def _is_same_model(reading: Reading, move: ast.Call, applied: ast.expr) -> bool:
    receiver = move.func.value if isinstance(move.func, ast.Attribute) else move
    if are_same(reading, receiver, applied) or own_name(receiver) == own_name(applied):
        return True
    statement = reading.statement_of(move)
    return isinstance(statement, ast.Assign) and own_name(applied) in {
        own_name(one) for one in statement.targets
    }


def _batch_loops(reading: Reading) -> Iterator[tuple[ast.AST, ast.Call]]:
    for run in runs_of(reading):
        for one in run.of(Kind.APPLY):
            if not isinstance(one.node, ast.Call):
                continue
            for frame in one.loops:
                head = frame.node
                if isinstance(head, ast.For) and _is_loader(reading, head.iter):
                    yield head, one.node
                    break


def _is_loader(reading: Reading, node: ast.expr) -> bool:
    while isinstance(node, ast.Call) and node.args:
        if reading.short(node) not in {"enumerate", "tqdm", "zip", "trange", "list", "track"}:
            break
        node = node.args[0]
    return reading.role(node) is Role.LOADER


def _batch_name(reading: Reading, loop: ast.AST, apply: ast.Call) -> str | None:
    """The batch as it reaches the model: a name that the loop itself binds."""
    for given in (*apply.args, *(one.value for one in apply.keywords)):
        for origin in reading.origins(given):
            node = origin.node
            if isinstance(node, ast.Name) and not isinstance(given, ast.Constant):
                for one in reading.bindings(node):
                    if one.how == "for" and loop in set(reading.ancestors(one.node)):
                        return shown(given)
    return None


def _moves_something(node: ast.AST) -> bool:
    """Whether this may be how a batch gets to the device."""
    match node:
        case ast.Attribute(attr="to" | "cuda" | "to_device" | "non_blocking"):
            return True
        case ast.keyword(arg="device" | "non_blocking"):
            return True
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return bool(words_of(name) & {"device", "cuda", "move", "gpu", "prepare"})
        case _:
            return False


def _model_moves(reading: Reading, apply: ast.Call) -> bool:
    """Whether the model moves its input by itself."""
    for origin in reading.origins(apply.func):
        if isinstance(origin.node, ast.Call) and isinstance(origin.node.func, ast.Name):
            owner = reading.classes.get(origin.node.func.id)
            forward = reading.method(owner, "forward") if owner is not None else None
            if forward is not None and any(_moves_something(one) for one in ast.walk(forward)):
                return True
    return False


def _is_helped(reading: Reading, loop: ast.AST) -> bool:
    """Whether a helper of the file or of another one may move the batch."""
    for call in reading.within(loop, ast.Call):
        helper = reading.target(call)
        if helper is not None and any(_moves_something(one) for one in ast.walk(helper)):
            return True
    return False


def no_seed(reading: Reading) -> Iterator[Hit | Fine]:
    if not reading.imports("torch"):
        return
    run = next((one for one in runs_of(reading) if isinstance(one.root, ast.Module)), None)
    if run is None or not run.of(Kind.BACKWARD) or not run.of(Kind.STEP):
        return
    step = run.of(Kind.STEP)[0]
    if not step.loops:
        return
    seed = _seed(reading)
    if seed is not None:
        yield Fine(seed)
        return
    outermost = step.loops[-1].node
    if _begins_at_random(reading):
        yield Hit(outermost, {})


def _seed(reading: Reading) -> ast.AST | None:
    for call in reading.all(ast.Call):
        if words_of(reading.short(call)) & SEEDS or reading.short(call) == "default_rng":
            return call
        if any(one.arg in {"generator", "seed"} for one in call.keywords):
            return call
    for name in reading.all(ast.Name):
        if words_of(name.id) & SEEDS:
            return name
    return None


def _begins_at_random(reading: Reading) -> bool:
    """Whether the file builds an untrained network of its own."""
    for call in reading.all(ast.Call):
        name = reading.called(call)
        if name.startswith("torch.nn.") and reading.short(call) in {
            "Linear",
            "Conv1d",
            "Conv2d",
            "Embedding",
            "LSTM",
            "GRU",
            "RNN",
        }:
            return True
    return False


MATCHERS: Final[Mapping[str, Matcher]] = {
    "zero-grad-missing": zero_grad_missing,
    "zero-grad-after-backward": zero_grad_after_backward,
    "step-before-backward": step_before_backward,
    "backward-missing": backward_missing,
    "clip-misplaced": clip_misplaced,
    "clip-before-unscale": clip_before_unscale,
    "scheduler-before-optimizer": scheduler_before_optimizer,
    "loss-graph-kept": loss_graph_kept,
    "retain-graph-in-loop": retain_graph_in_loop,
    "optimizer-made-in-loop": optimizer_made_in_loop,
    "leaf-updated-in-place": leaf_updated_in_place,
    "train-mode-not-restored": train_mode_not_restored,
    "batch-not-moved": batch_not_moved,
    "no-seed": no_seed,
}
