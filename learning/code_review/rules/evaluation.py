"""Evaluation: how it runs, on which data, and what is decided and reported by it."""

import ast
import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Final

from learning.code_review.held_out import (
    CROSS_VALIDATES,
    MOST_FITS,
    TEST,
    TRAIN,
    is_test_data,
    is_unit_test,
    keyword,
    method_calls,
    trail,
    words_of,
)
from learning.code_review.reading import Fine, Hit, Reading
from learning.code_review.rules import splits
from learning.code_review.rules.shape import Matcher
from learning.code_review.steps import Event, Frame, Kind, Run, is_untracked, own_name, runs_of
from learning.code_review.tree import FUNCTIONS, root_of, shown
from learning.code_review.vocabulary import Role, words

EVALUATES: Final = words(
    "val valid validation validate test testing tests eval evaluate evaluation dev holdout "
    "predict predictions inference infer accuracy score"
)
HELD: Final = words("test testing holdout heldout val valid validation eval dev")
# Layers that behave differently in training.
SENSITIVE: Final = words(
    "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout BatchNorm1d "
    "BatchNorm2d BatchNorm3d LazyBatchNorm1d LazyBatchNorm2d SyncBatchNorm InstanceNorm2d "
    "Transformer TransformerEncoderLayer TransformerDecoderLayer TransformerEncoder dropout"
)
METRICS: Final = words(
    "accuracy_score f1_score precision_score recall_score r2_score mean_squared_error "
    "mean_absolute_error roc_auc_score classification_report confusion_matrix log_loss "
    "balanced_accuracy_score root_mean_squared_error average_precision_score "
    "mean_absolute_percentage_error"
)
RANDOM_CHANGES: Final = words(
    "ColorJitter RandAugment AutoAugment TrivialAugmentWide AugMix CutOut Cutout CoarseDropout "
    "MixUp Mixup CutMix ShiftScaleRotate ElasticTransform GaussNoise GridDistortion"
)
GENERATOR_CHANGES: Final = words(
    "rotation_range width_shift_range height_shift_range shear_range zoom_range "
    "horizontal_flip vertical_flip channel_shift_range brightness_range"
)
TIME: Final = words(
    "date dates datetime time timestamp day month year week hour timeseries ts forecast stock "
    "stocks price prices close weather temperature horizon lag lags lookback window windows "
    "sequence sequences seq series"
)
# The arguments of `range(0, len(x), size)`.
SLICED = 3
WRAPS: Final = words("enumerate tqdm zip list track islice trange")
LOADER_NAME: Final = re.compile(r"(?:loaders?|_dl|dl|batches|iter|_ds)\d*$", re.I)


def eval_without_no_grad(reading: Reading) -> Iterator[Hit | Fine]:
    if _runs_without_grad(reading):
        return
    for run, apply, loop in _evaluations(reading):
        if is_untracked(reading, apply) or _is_switched(reading, apply.node):
            yield Fine(apply.node)
        elif loop is not None:
            yield Hit(_head(loop, apply), {"model": shown(apply.subject or apply.node)})
        elif not _goes_backward(reading, run, apply):
            yield Hit(apply.node, {"model": shown(apply.subject or apply.node)})


def _head(loop: Frame, apply: Event) -> ast.AST:
    """Where a loop begins; a comprehension has no line of its own."""
    return apply.node if isinstance(loop.node, ast.comprehension) else loop.node


def _runs_without_grad(reading: Reading) -> bool:
    """Whether the file is of another framework, or switches gradients off for good."""
    if reading.imports("tensorflow", "keras", "jax", "flax", "paddle", "mxnet"):
        return True
    for call in reading.all(ast.Call):
        if reading.short(call) == "set_grad_enabled" and isinstance(reading.parent(call), ast.Expr):
            return True
    return False


def _is_switched(reading: Reading, node: ast.AST) -> bool:
    """Whether `set_grad_enabled(...)` around it decides by a condition."""
    for one in reading.ancestors(node):
        if isinstance(one, (ast.With, ast.AsyncWith)):
            for item in one.items:
                if "grad" in shown(item.context_expr, 200):
                    return True
    return False


def _evaluations(reading: Reading) -> Iterator[tuple[Run, Event, Frame | None]]:
    """Where a model is applied to data it does not learn from: (run, application, loop)."""
    seen: set[tuple[ast.AST, ast.AST | None]] = set()
    for run in runs_of(reading):
        for apply in run.of(Kind.APPLY):
            loop = _evaluation_loop(reading, run, apply)
            if loop is None and not _is_lone_evaluation(run, apply):
                continue
            key = (loop.node if loop is not None else apply.node, None)
            if key not in seen:
                seen.add(key)
                yield run, apply, loop


def _evaluation_loop(reading: Reading, run: Run, apply: Event) -> Frame | None:
    for loop in apply.loops:
        if not isinstance(loop.node, (ast.For, ast.AsyncFor, ast.comprehension)):
            continue
        if run.inside(loop, Kind.BACKWARD, Kind.STEP, Kind.UPDATE):
            return None
        is_loader = _is_loader(reading, loop.node.iter)
        named = words_of(shown(_iterated(reading, loop.node.iter), 80))
        if not is_loader and not _is_set_apart(reading, loop.node.iter, named):
            continue
        if named & TRAIN:
            return None
        if named & HELD or _is_evaluating(reading, run, apply):
            return loop
    return None


def _is_set_apart(reading: Reading, iterated: ast.expr, named: set[str]) -> bool:
    """Whether a loop goes over a held-out set itself, or over slices of one."""
    node = _iterated(reading, iterated)
    if isinstance(node, ast.Call):
        return reading.short(node) == "range" and len(node.args) == SLICED
    return bool(named & HELD)


def _is_evaluating(reading: Reading, run: Run, apply: Event) -> bool:
    """Whether the function says so, or the model has been put into evaluation mode."""
    function = reading.function_of(apply.node)
    if function is not None:
        named = words_of(function.name)
        if named & EVALUATES and not named & TRAIN:
            return True
    modes = run.before(apply, None, Kind.EVAL, Kind.TRAIN)
    return bool(modes) and modes[0].kind is Kind.EVAL


def _iterated(reading: Reading, node: ast.expr) -> ast.expr:
    """What a loop goes over, without `enumerate`, `tqdm` and the like."""
    while isinstance(node, ast.Call) and reading.short(node) in WRAPS:
        inner = node.args[0] if node.args else keyword(node, "iterable")
        if inner is None:
            break
        node = inner
    return node


def _is_loader(reading: Reading, iterated: ast.expr) -> bool:
    node = _iterated(reading, iterated)
    if reading.role(node) is not Role.LOADER:
        return False
    made = any(isinstance(one.node, ast.Call) for one in reading.origins(node))
    return made or bool(LOADER_NAME.search(own_name(node)))


def _is_lone_evaluation(run: Run, apply: Event) -> bool:
    """Whether a whole test set goes through a model that this run trains."""
    call = apply.node
    if not isinstance(call, ast.Call) or not run.of(Kind.BACKWARD):
        return False
    if run.shared_loop(apply, Kind.BACKWARD) is None and not run.before(apply, None, Kind.EVAL):
        return False
    named = [words_of(own_name(one)) for one in call.args]
    return any(one & HELD and not one & (TRAIN | words("len lens length mask")) for one in named)


def _goes_backward(reading: Reading, run: Run, apply: Event) -> bool:
    """Whether what comes out of this application is differentiated."""
    return any(
        part is apply.node
        for one in run.of(Kind.BACKWARD)
        if one.subject is not None
        for part in trail(reading, one.subject)
    )


def eval_mode_missing(reading: Reading) -> Iterator[Hit | Fine]:
    if reading.imports("tensorflow", "keras", "jax", "flax", "paddle", "mxnet"):
        return
    for run, apply, loop in _evaluations(reading):
        modes = run.before(apply, None, Kind.EVAL, Kind.TRAIN)
        if modes and modes[0].kind is Kind.EVAL:
            yield Fine(apply.node)
            continue
        if not modes and (_is_pretrained(reading, apply.subject) or _evals_elsewhere(run)):
            continue
        if loop is None or not _has_modes(reading, apply.subject):
            continue
        if _is_asked(reading, loop.node):
            continue
        yield Hit(_head(loop, apply), {"model": shown(apply.subject or apply.node)})


def _evals_elsewhere(run: Run) -> bool:
    """Whether an evaluation mode is set later in the same loop, and so before the next pass."""
    return any(one.loops for one in run.of(Kind.EVAL))


def _is_asked(reading: Reading, node: ast.AST) -> bool:
    """Whether the function itself chooses the mode: `model.train(is_train)`, a `phase`."""
    function = reading.function_of(node)
    if function is None:
        return False
    named = words_of(" ".join(one.arg for one in function.args.args))
    return bool(named & {"training", "phase", "mode", "train"}) and "test" not in words_of(
        function.name
    )


def _is_pretrained(reading: Reading, model: ast.expr | None) -> bool:
    return any(one.short == "from_pretrained" for one in reading.origins(model))


def _has_modes(reading: Reading, model: ast.expr | None) -> bool:
    """Whether training and evaluation mode differ for a model, as far as the file shows it."""
    made = [one.node for one in reading.origins(model) if isinstance(one.node, ast.Call)]
    if not made:
        return True
    return any(_is_sensitive(reading, one, 0) for one in made)


def _is_sensitive(reading: Reading, made: ast.AST, depth: int) -> bool:
    if depth > 3:
        return True
    for call in ast.walk(made):
        if not isinstance(call, ast.Call):
            continue
        short = reading.short(call)
        if short in SENSITIVE or any(
            one.arg == "dropout" and reading.number(one.value) != 0 for one in call.keywords
        ):
            return True
        name = reading.called(call)
        owner = reading.classes.get(call.func.id) if isinstance(call.func, ast.Name) else None
        if owner is not None:
            if any(_is_sensitive(reading, one, depth + 1) for one in reading.methods(owner)):
                return True
            if not reading.is_module(owner):
                return True
        elif call is made and not name.startswith("torch.nn") and depth == 0:
            return True
    return False


def train_not_shuffled(reading: Reading) -> Iterator[Hit | Fine]:
    for call, named in _loaders(reading):
        shuffle = reading.argument(call, "shuffle", 2)
        if any(one.arg in {None, "sampler", "batch_sampler"} for one in call.keywords):
            continue
        is_named = bool(named & TRAIN) and not named & (HELD | {"ordered", "feature", "features"})
        is_off = isinstance(shuffle, ast.Constant) and shuffle.value is False
        if isinstance(shuffle, ast.Constant) and shuffle.value is True and is_named:
            yield Fine(call)
        if not (is_off or (shuffle is None and is_named)) or len(call.args) > 2:
            continue
        if named & HELD or _is_stream(reading, call) or _is_of_time(reading, call, named):
            continue
        use = _use(reading, call)
        if use is False or (use is None and not is_named):
            continue
        yield Hit(call, {"loader": _name_of(reading, call)})


def _loaders(reading: Reading) -> Iterator[tuple[ast.Call, set[str]]]:
    """Calls of DataLoader, each with the words of the names around it."""
    for call in reading.all(ast.Call):
        if reading.short(call) == "DataLoader":
            named = words_of(_name_of(reading, call))
            data = reading.argument(call, "dataset", 0)
            function = reading.function_of(call)
            if data is not None:
                named |= words_of(shown(data, 80))
            if function is not None and not named & (TRAIN | HELD):
                named |= words_of(function.name) & words("train val test eval predict")
            yield call, named


def _name_of(reading: Reading, call: ast.expr) -> str:
    """What the learner calls the value of a call."""
    node: ast.AST = call
    index: int | None = None
    key = ""
    for above in reading.ancestors(call):
        match above:
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                index = next((i for i, one in enumerate(elts) if one is node), None)
            case ast.Dict(keys=keys, values=values):
                at = next((i for i, one in enumerate(values) if one is node), None)
                if at is not None and isinstance(keys[at], ast.Constant):
                    key = str(getattr(keys[at], "value", ""))
            case ast.Assign(targets=[target]):
                if isinstance(target, (ast.Tuple, ast.List)) and index is not None:
                    target = target.elts[index] if index < len(target.elts) else target
                return key or shown(target)
            case ast.AnnAssign(target=target):
                return key or shown(target)
            case ast.stmt():
                break
            case _:
                pass
        node = above
    return key or "DataLoader"


def _is_stream(reading: Reading, call: ast.Call) -> bool:
    """Whether the data brings its own order: a stream, or something already shuffled."""
    data = reading.argument(call, "dataset", 0)
    for origin in reading.origins(data):
        if not isinstance(origin.node, ast.Call):
            continue
        if origin.short in {"shuffle", "random_split", "Subset"}:
            return origin.short == "shuffle"
        owner = reading.classes.get(origin.short)
        bases = set(reading.bases_of(owner)) if owner is not None else set()
        if "IterableDataset" in bases or words_of(origin.short) & {"iterable", "stream"}:
            return True
        if any(one.arg == "streaming" for one in origin.node.keywords):
            return True
    return data is not None and bool(words_of(shown(data, 80)) & {"iterable", "stream"})


def _is_of_time(reading: Reading, call: ast.Call, named: set[str]) -> bool:
    data = reading.argument(call, "dataset", 0)
    around = set(named)
    for node in trail(reading, data) if data is not None else ():
        if isinstance(node, (ast.Name, ast.Attribute)):
            around |= words_of(own_name(node))
    if around & TIME or around & {"bptt"}:
        return True
    texts = (one.name for one in reading.all(ast.FunctionDef))
    return any(words_of(one) & {"window", "windows", "lookback", "forecast"} for one in texts)


def _use(reading: Reading, call: ast.Call) -> bool | None:
    """Whether a loader is trained on: None when the file does not show it."""
    seen = False
    for run in runs_of(reading):
        for loop in run.loops():
            if not isinstance(loop.node, (ast.For, ast.AsyncFor)):
                continue
            head = loop.node.iter
            while isinstance(head, ast.Call) and head.args and head is not call:
                head = head.args[0]
            if head is call or any(one.node is call for one in reading.origins(head)):
                seen = True
                if run.inside(loop, Kind.BACKWARD, Kind.STEP):
                    return True
    for each in reading.all(ast.For):
        if any(one.node is call for one in reading.origins(each.iter)):
            seen = True
    return False if seen else None


def test_shuffled(reading: Reading) -> Iterator[Hit | Fine]:
    for call, named in _loaders(reading):
        shuffle = reading.argument(call, "shuffle", 2)
        if not named & HELD or named & TRAIN:
            continue
        if isinstance(shuffle, ast.Constant) and shuffle.value is True:
            yield Hit(call, {"loader": _name_of(reading, call)})
        elif shuffle is None or isinstance(shuffle, ast.Constant):
            yield Fine(call)


def test_set_chosen_on(reading: Reading) -> Iterator[Hit | Fine]:
    yield from _best_by_test(reading)
    yield from _stopped_by_test(reading)
    yield from _searched_by_test(reading)


def _best_by_test(reading: Reading) -> Iterator[Hit | Fine]:
    for choice in reading.all(ast.If):
        for compare in _comparisons(choice.test):
            sides = (compare.left, compare.comparators[0])
            best = next((one for one in sides if _is_best(one)), None)
            if best is None or not isinstance(best, (ast.Name, ast.Attribute, ast.Subscript)):
                continue
            score = next(one for one in sides if one is not best)
            if _is_counting(score) or not _keeps(choice, best) or not _is_repeated(reading, choice):
                continue
            if _is_score_on(reading, score, TEST):
                if not _is_within_folds(reading, choice, score):
                    yield Hit(choice, {"score": shown(score), "best": shown(best)})
            elif _is_score_on(reading, score, words("val valid validation dev")):
                yield Fine(choice)
    for call in reading.all(ast.Call):
        if reading.short(call) not in {"max", "argmax", "min", "argmin"} or not call.args:
            continue
        scores = call.args[0]
        root = root_of(scores)
        if isinstance(root, ast.Name) and _collects_test(reading, root):
            statement = reading.statement_of(call)
            if isinstance(statement, ast.Assign) and any(
                _is_best(one) for one in statement.targets
            ):
                yield Hit(statement, {"score": root.id, "best": shown(statement.targets[0])})


def _searched_by_test(reading: Reading) -> Iterator[Hit | Fine]:
    """An objective handed to a search, `study.optimize(objective)`, that returns a test score."""
    for call in method_calls(reading, words("optimize")):
        for given in call.args[:1]:
            for binding in reading.bindings(given) if isinstance(given, ast.Name) else ():
                if not isinstance(binding.node, FUNCTIONS):
                    continue
                for back in reading.within(binding.node, ast.Return):
                    if back.value is not None and _is_score_on(reading, back.value, TEST):
                        names = {"score": shown(back.value), "best": shown(call.func)}
                        yield Hit(back, names)


def _comparisons(test: ast.expr) -> Iterator[ast.Compare]:
    parts = test.values if isinstance(test, ast.BoolOp) else [test]
    for one in parts:
        match one:
            case ast.Compare(ops=[ast.Lt() | ast.Gt() | ast.LtE() | ast.GtE()]):
                yield one
            case _:
                continue


def _is_best(node: ast.expr) -> bool:
    text = shown(node, 60)
    return bool(words_of(text) & {"best", "top", "lowest", "highest", "max", "min", "optimal"})


def _is_counting(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def _keeps(choice: ast.If, best: ast.expr) -> bool:
    """Whether the branch keeps the better one."""
    own = shown(best)
    return any(
        shown(target) == own or _is_best(target)
        for statement in choice.body
        if isinstance(statement, ast.Assign)
        for each in statement.targets
        for target in (each.elts if isinstance(each, ast.Tuple) else [each])
    )


def _is_repeated(reading: Reading, choice: ast.If) -> bool:
    return bool(reading.loops_of(choice)) or reading.function_of(choice) is not None


def _is_score_on(reading: Reading, score: ast.expr, wanted: frozenset[str]) -> bool:
    """Whether a score was measured on data of these names."""
    others = (HELD | TRAIN) - wanted
    is_call = isinstance(score, ast.Call)
    named = words_of(own_name(score) if is_call else shown(score, 80))
    if named & wanted and not is_call:
        return not named & others
    if named & others:
        return False
    for origin in reading.origins(score):
        node = origin.node
        if not isinstance(node, ast.Call):
            continue
        for given in (*node.args, *(one.value for one in node.keywords)):
            if _is_data_of(reading, given, wanted):
                return True
    return False


def _is_data_of(reading: Reading, given: ast.expr, wanted: frozenset[str], depth: int = 0) -> bool:
    own = words_of(own_name(given))
    if own & wanted:
        return not own & (TRAIN | (HELD - wanted))
    if isinstance(given, ast.Call):
        return any(_is_data_of(reading, one, wanted, depth) for one in given.args)
    if isinstance(given, ast.Name) and depth < 2:
        for one in reading.bindings(given):
            if one.how != "assign" or not isinstance(one.value, ast.Call):
                continue
            if any(_is_data_of(reading, each, wanted, depth + 1) for each in one.value.args):
                return True
    return False


def _is_within_folds(reading: Reading, node: ast.AST, score: ast.expr) -> bool:
    """Whether `test` only names the held-out fold of a cross-validation."""
    around = [one for one in reading.ancestors(node) if isinstance(one, ast.For)]
    if any(".split(" in shown(one.iter, 120) for one in around):
        return True
    home = reading.function_of(node) or reading.tree
    return any(".split(" in shown(one.iter, 120) for one in reading.within(home, ast.For)) and bool(
        {one.short for one in reading.origins(score)} & {"mean", "average"}
    )


def _collects_test(reading: Reading, name: ast.Name) -> bool:
    """Whether a list or dict gathers scores measured on the test set in a loop."""
    home = reading.function_of(name)
    for binding in reading.bindings(name):
        match binding.value:
            case ast.ListComp(elt=score) | ast.DictComp(value=score):
                if _score_in(reading, score):
                    return not _is_within_folds(reading, binding.value, score)
            case _:
                continue
    for call in reading.all(ast.Call):
        match call:
            case ast.Call(func=ast.Attribute(attr="append", value=ast.Name(id=own)), args=[score]):
                if own != name.id or reading.function_of(call) is not home:
                    continue
                if reading.loops_of(call) and _score_in(reading, score):
                    return not _is_within_folds(reading, call, score)
            case _:
                continue
    for statement in reading.all(ast.Assign):
        match statement:
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=own))], value=score):
                if own == name.id and reading.loops_of(statement) and _score_in(reading, score):
                    return not _is_within_folds(reading, statement, score)
            case _:
                continue
    return False


def _score_in(reading: Reading, score: ast.expr) -> bool:
    parts = score.elts if isinstance(score, (ast.Tuple, ast.List)) else [score]
    return any(_is_score_on(reading, one, TEST) for one in parts if not _is_counting(one))


def _stopped_by_test(reading: Reading) -> Iterator[Hit | Fine]:
    """Early stopping or checkpoints of Keras and boosted trees that watch the test set."""
    for call in method_calls(reading, words("fit")):
        watched = keyword(call, "validation_data") or keyword(call, "eval_set")
        if watched is None:
            continue
        first = watched.elts[-1] if isinstance(watched, ast.List) and watched.elts else watched
        data = first.elts[0] if isinstance(first, ast.Tuple) and first.elts else first
        if not is_test_data(reading, data):
            continue
        chooses = keyword(call, "callbacks") or keyword(call, "early_stopping_rounds")
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        made = [one.node for one in reading.origins(receiver) if isinstance(one.node, ast.Call)]
        stops = any(one.arg == "early_stopping_rounds" for each in made for one in each.keywords)
        if stops or (chooses is not None and _is_choosing(reading, call, chooses)):
            yield Hit(call, {"score": shown(data), "best": shown(call.func)})


def _is_choosing(reading: Reading, call: ast.Call, chooses: ast.expr) -> bool:
    if keyword(call, "early_stopping_rounds") is not None:
        return True
    parts = chooses.elts if isinstance(chooses, (ast.List, ast.Tuple)) else [chooses]
    for one in parts:
        for origin in reading.origins(one):
            text = shown(origin.node, 200)
            if any(
                word in text
                for word in ("EarlyStopping", "ModelCheckpoint", "early_stopping", "ReduceLR")
            ):
                return True
    return False


def augmentation_on_test(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        short = reading.short(call)
        if short in {"Compose", "Sequential"}:
            yield from _named_transform(reading, call)
        elif short == "ImageDataGenerator":
            named = words_of(_name_of(reading, call))
            if named & HELD and not named & TRAIN:
                change = next((k for k in call.keywords if k.arg in GENERATOR_CHANGES), None)
                if change is not None:
                    yield Hit(call, {"change": str(change.arg)})
                else:
                    yield Fine(call)
        else:
            yield from _augmented_set(reading, call)


def _named_transform(reading: Reading, call: ast.Call) -> Iterator[Hit | Fine]:
    named = words_of(_name_of(reading, call))
    function = reading.function_of(call)
    if not named & (HELD | TRAIN) and function is not None:
        named = words_of(function.name)
    is_other_arm = not named & (TRAIN | HELD) and _is_not_train_arm(reading, call)
    if (named & HELD and not named & (TRAIN | {"tta"})) or is_other_arm:
        change = _random_change(reading, call)
        if change is not None:
            yield Hit(change, {"change": reading.short(change)})
        elif call.args:
            yield Fine(call)


def _is_not_train_arm(reading: Reading, node: ast.AST) -> bool:
    """Whether it stands in the `else` of an `if` that asks for training."""
    below = node
    for one in reading.ancestors(node):
        if isinstance(one, (ast.If, ast.IfExp)):
            others = one.orelse if isinstance(one.orelse, list) else [one.orelse]
            asked = words_of(shown(one.test, 80))
            if any(each is below for each in others):
                return bool(asked & (TRAIN | {"training"})) and not asked & (HELD | {"not"})
        below = one
    return False


def _random_change(reading: Reading, node: ast.AST) -> ast.Call | None:
    """The first random augmentation in a chain of transforms."""
    for call in ast.walk(node):
        if not isinstance(call, ast.Call):
            continue
        short = reading.short(call)
        if short in RANDOM_CHANGES or (short.startswith("Random") and "Sampler" not in short):
            return call
        if reading.called(call).startswith("albumentations.") and "Flip" in short:
            return call
    return None


def _augmented_set(reading: Reading, call: ast.Call) -> Iterator[Hit | Fine]:
    """A test set that is given the augmenting transform."""
    if not _is_test_set(reading, call):
        return
    named = (keyword(call, "transform"), keyword(call, "transforms"))
    for given in (*named, *call.args[1:]):
        for origin in reading.origins(given):
            if not isinstance(origin.node, ast.Call):
                continue
            change = _random_change(reading, origin.node)
            if change is not None and given is not None:
                if not words_of(shown(given)) & (HELD | {"tta"}):
                    yield Hit(call, {"change": reading.short(change)})
                return


def _is_test_set(reading: Reading, call: ast.Call) -> bool:
    train = keyword(call, "train")
    if isinstance(train, ast.Constant):
        return train.value is False
    split = keyword(call, "split")
    if isinstance(split, ast.Constant) and isinstance(split.value, str):
        return split.value in {"test", "val", "valid", "validation"}
    if not words_of(reading.short(call)) & {"dataset", "folder", "data", "set", "ds"}:
        return False
    named = words_of(_name_of(reading, call))
    for one in call.args[:1]:
        named |= words_of(shown(one, 80))
    return bool(named & HELD) and not named & TRAIN


def scored_on_training_data(reading: Reading) -> Iterator[Hit | Fine]:
    if any(reading.short(one) in CROSS_VALIDATES for one in reading.all(ast.Call)):
        return
    measured = [(call, on) for call in reading.all(ast.Call) for on in _scored_on(reading, call)]
    fits = (one for one in method_calls(reading, words("fit")) if _is_supervised(reading, one))
    for fit in itertools.islice(fits, MOST_FITS):
        data = reading.argument(fit, "X", 0) or reading.argument(fit, "x")
        if data is None:
            continue
        home = reading.function_of(fit)
        scores = [(call, on) for call, on in measured if reading.function_of(call) is home]
        same = [call for call, on in scores if _is_same_data(reading, on, data)]
        if len(scores) < len(measured) or len(same) < len(scores):
            if scores and not same:
                yield Fine(fit)
        elif same and not _predicts_elsewhere(reading, home, data):
            yield Hit(same[0], {"data": shown(data), "score": shown(same[0])})


def _is_supervised(reading: Reading, fit: ast.Call) -> bool:
    """Whether a fit has a target, and nothing watched beside it."""
    named = {one.arg for one in fit.keywords}
    if named & {"validation_data", "validation_split", "eval_set", None}:
        return False
    return len(fit.args) + len(fit.keywords) > 1 and not is_unit_test(reading, fit)


def _scored_on(reading: Reading, call: ast.Call) -> Iterator[ast.expr]:
    """The data that a call measures a model on."""
    short = reading.short(call)
    if short in {"score", "evaluate"} and isinstance(call.func, ast.Attribute):
        if len(call.args) + len(call.keywords) > 1 and call.args:
            yield call.args[0]
    elif short in METRICS:
        for given in (*call.args, *(one.value for one in call.keywords)):
            for origin in reading.origins(given):
                node = origin.node
                if isinstance(node, ast.Call) and origin.short in {
                    "predict",
                    "predict_proba",
                    "decision_function",
                }:
                    yield from node.args[:1]


def _is_same_data(reading: Reading, one: ast.expr, two: ast.expr) -> bool:
    if shown(one, 200) != shown(two, 200):
        return False
    roots = [root_of(each) for each in (one, two)]
    if not all(isinstance(each, ast.Name) for each in roots):
        return True
    bound = [
        {each.node for each in reading.bindings(root)}
        for root in roots
        if isinstance(root, ast.Name)
    ]
    return bound[0] == bound[1]


def _predicts_elsewhere(reading: Reading, home: ast.AST | None, data: ast.expr) -> bool:
    """Whether the same function predicts on other data, held out by its name."""
    own = shown(data, 200)
    for call in method_calls(reading, words("predict predict_proba")):
        if reading.function_of(call) is not home or not call.args:
            continue
        if shown(call.args[0], 200) != own and words_of(own_name(call.args[0])) & HELD:
            return True
    return False


MATCHERS: Final[Mapping[str, Matcher]] = {
    "eval-without-no-grad": eval_without_no_grad,
    "eval-mode-missing": eval_mode_missing,
    "train-not-shuffled": train_not_shuffled,
    "test-shuffled": test_shuffled,
    "test-set-chosen-on": test_set_chosen_on,
    "augmentation-on-test": augmentation_on_test,
    "scored-on-training-data": scored_on_training_data,
    **splits.MATCHERS,
}
