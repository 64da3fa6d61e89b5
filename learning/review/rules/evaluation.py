"""Evaluation and data: what is measured, on which data, and how the data was split."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from learning.review.reading import Fine, Hit, Reading
from learning.review.rules.shape import Matcher
from learning.review.steps import Event, Frame, Kind, Run, own_name, runs_of
from learning.review import tree
from learning.review.tree import root_of, shown
from learning.review.vocabulary import Role, words

EVALUATES: Final = words(
    "val valid validation validate test testing tests eval evaluate evaluation dev holdout "
    "predict predictions inference infer accuracy score"
)
TEST: Final = words("test testing holdout heldout")
HELD: Final = words("test testing holdout heldout val valid validation eval dev")
TRAIN: Final = words("train training trn tr")
# Words beside `test` in the names of data, not of unit tests or test scores.
DATA: Final = words(
    "x y xs ys data df set ds dataset features feature images image texts text inputs input "
    "scaled samples sentences docs documents reviews labels label target targets frame matrix "
    "processed clean raw loader split part corpus emb embeddings cat num cols arr array np"
)
FITS: Final = words("fit fit_transform partial_fit fit_on_texts adapt")
# What has no test data of its own to spare: maps for looking at.
LOOKS_ONLY: Final = words("TSNE MDS UMAP Isomap SpectralEmbedding KMeans DBSCAN")
# Layers that behave differently in training.
SENSITIVE: Final = words(
    "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout BatchNorm1d "
    "BatchNorm2d BatchNorm3d LazyBatchNorm1d LazyBatchNorm2d SyncBatchNorm InstanceNorm2d "
    "Transformer TransformerEncoderLayer TransformerDecoderLayer TransformerEncoder dropout"
)
# Learned from all rows, so that a test row leaves its mark on them.
LEARNS_FROM_ROWS: Final = words(
    "StandardScaler MinMaxScaler RobustScaler MaxAbsScaler QuantileTransformer PowerTransformer "
    "SimpleImputer KNNImputer IterativeImputer PCA IncrementalPCA KernelPCA TruncatedSVD NMF "
    "TfidfVectorizer CountVectorizer SelectKBest SelectPercentile SelectFromModel RFE RFECV "
    "KBinsDiscretizer TargetEncoder ColumnTransformer VarianceThreshold FactorAnalysis "
    "SMOTE ADASYN RandomOverSampler SMOTENC BorderlineSMOTE"
)
LEARNER_NAMES: Final = words(
    "scaler imputer pca vectorizer tfidf selector normalizer svd smote oversampler preprocessor"
)
SPLITTERS: Final = words("KFold StratifiedKFold")
SHUFFLE_SPLITTERS: Final = words("ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit")
METRICS: Final = words(
    "accuracy_score f1_score precision_score recall_score r2_score mean_squared_error "
    "mean_absolute_error roc_auc_score classification_report confusion_matrix log_loss "
    "balanced_accuracy_score root_mean_squared_error average_precision_score "
    "mean_absolute_percentage_error"
)
CROSS_VALIDATES: Final = words(
    "cross_val_score cross_validate cross_val_predict GridSearchCV RandomizedSearchCV "
    "learning_curve validation_curve HalvingGridSearchCV BayesSearchCV"
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
DATES: Final = words("date dates datetime timestamp time day month ds period week")
NO_INDEX: Final = words("values to_numpy copy astype fillna dropna reset_index numpy array asarray")


# Names written without a break: `testloader`, `trainset`, `Xtest`, `yval`.
JOINED: Final = re.compile(
    r"(x|y)?(train|test|valid|val|eval)(loader|dataloader|set|dataset|data|dl|ds|iter|gen|df|x|y)?"
)


def words_of(text: str) -> set[str]:
    """The words of an identifier, those written together too; `te` beside `x` or `y` is test."""
    found = tree.words_of(text)
    for one in list(found):
        joined = JOINED.fullmatch(one)
        if joined is not None:
            found.update(part for part in joined.groups() if part)
        elif one in {"xte", "yte", "xtr", "ytr"}:
            found |= {one[0], "test" if one.endswith("te") else "train"}
    if found & {"x", "y"} and "te" in found:
        found.add("test")
    return found


LOADER_NAME: Final = re.compile(r"(?:loaders?|_dl|dl|batches|iter|_ds)\d*$", re.I)


# ---- evaluation loops


def eval_without_no_grad(reading: Reading) -> Iterator[Hit | Fine]:
    if _runs_without_grad(reading):
        return
    for run, apply, loop in _evaluations(reading):
        if reading.is_under_no_grad(apply.node) or _is_switched(reading, apply.node):
            yield Fine(apply.node)
        elif loop is not None:
            yield Hit(loop.node, {"model": shown(apply.subject or apply.node)})
        elif not _goes_backward(reading, run, apply):
            yield Hit(apply.node, {"model": shown(apply.subject or apply.node)})


def _runs_without_grad(reading: Reading) -> bool:
    """Whether the file is of another framework, or switches gradients off for good."""
    if reading.imports("tensorflow", "keras", "jax", "flax", "paddle", "mxnet"):
        return True
    for call in reading.all(ast.Call):
        if reading.short(call) == "set_grad_enabled" and isinstance(
            reading.parent(call), ast.Expr
        ):
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
            if loop is None and not _is_lone_evaluation(reading, run, apply):
                continue
            key = (loop.node if loop is not None else apply.node, None)
            if key not in seen:
                seen.add(key)
                yield run, apply, loop


def _evaluation_loop(reading: Reading, run: Run, apply: Event) -> Frame | None:
    for loop in apply.loops:
        if not isinstance(loop.node, (ast.For, ast.AsyncFor)):
            continue
        if run.inside(loop, Kind.BACKWARD, Kind.STEP, Kind.UPDATE):
            return None
        is_loader = _is_loader(reading, loop.node.iter)
        named = words_of(shown(loop.node.iter, 80))
        if not is_loader and not (named & HELD and not named & {"range", "len"}):
            continue
        if named & TRAIN:
            return None
        if named & HELD or _is_evaluating(reading, run, apply):
            return loop
    return None


def _is_evaluating(reading: Reading, run: Run, apply: Event) -> bool:
    """Whether the function says so, or the model has been put into evaluation mode."""
    function = reading.function_of(apply.node)
    if function is not None:
        named = words_of(function.name)
        if named & EVALUATES and not named & TRAIN:
            return True
    modes = run.before(apply, None, Kind.EVAL, Kind.TRAIN)
    return bool(modes) and modes[0].kind is Kind.EVAL


def _is_loader(reading: Reading, node: ast.expr) -> bool:
    while isinstance(node, ast.Call) and node.args:
        if reading.short(node) not in {"enumerate", "tqdm", "zip", "list", "track", "islice"}:
            break
        node = node.args[0]
    if reading.role(node) is not Role.LOADER:
        return False
    made = any(isinstance(one.node, ast.Call) for one in reading.origins(node))
    return made or bool(LOADER_NAME.search(own_name(node)))


def _is_lone_evaluation(reading: Reading, run: Run, apply: Event) -> bool:
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
        for part in _trail(reading, one.subject)
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
        yield Hit(loop.node, {"model": shown(apply.subject or apply.node)})


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
    if depth > 3:  # noqa: PLR2004 - modules in modules in modules are enough
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


# ---- what is fitted on what


def fit_on_test(reading: Reading) -> Iterator[Hit | Fine]:
    for call in _method_calls(reading, FITS):
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else call
        data = next(
            (one for name in ("X", "x", "raw_documents", "data") if (one := _keyword(call, name))),
            call.args[0] if call.args else None,
        )
        if data is None or _is_unit_test(reading, call):
            continue
        if any(one.short in LOOKS_ONLY for one in reading.origins(receiver)):
            continue
        if _is_test_data(reading, data) or (
            _is_transformer(reading, call, receiver) and _joins_test(reading, data)
        ):
            yield Hit(call, {"data": shown(data), "fit": shown(call.func)})
        elif words_of(own_name(data)) & TRAIN:
            yield Fine(call)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def _method_calls(reading: Reading, names: frozenset[str]) -> Iterator[ast.Call]:
    for call in reading.all(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in names:
            yield call


def _is_unit_test(reading: Reading, node: ast.AST) -> bool:
    function = reading.function_of(node)
    return function is not None and function.name.startswith("test_")


def _is_test_data(reading: Reading, node: ast.expr, depth: int = 0) -> bool:
    """Whether an expression is test data by its name, or by the name it was made from."""
    match node:
        case ast.Name() | ast.Attribute():
            own = node.id if isinstance(node, ast.Name) else node.attr
            if isinstance(node, ast.Attribute) and own in NO_INDEX:
                return _is_test_data(reading, node.value, depth)
            named = words_of(own)
            if named & TEST:
                return not named & (TRAIN | {"val"}) and (named <= TEST or bool(named & DATA))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                return _is_test_data(reading, node.value, depth) and len(node.value.id) > 1
            return False
        case ast.Subscript(value=value, slice=index):
            if isinstance(index, ast.Constant) and isinstance(index.value, str):
                if words_of(index.value) & TEST and not words_of(index.value) & TRAIN:
                    return words_of(index.value) <= TEST
            return _is_test_data(reading, value, depth)
        case ast.Call(func=ast.Attribute(attr=attr, value=value)) if attr in NO_INDEX:
            if node.args and attr in {"array", "asarray"}:
                return _is_test_data(reading, node.args[0], depth)
            return _is_test_data(reading, value, depth)
        case ast.Call(func=ast.Name(id="list"), args=[one]):
            return _is_test_data(reading, one, depth)
        case _:
            return False


def _is_transformer(reading: Reading, call: ast.Call, receiver: ast.expr) -> bool:
    """Whether what is fitted prepares data, rather than predicts."""
    if len(call.args) > 1:
        return False
    made = any(one.short in LEARNS_FROM_ROWS for one in reading.origins(receiver))
    return made or bool(words_of(own_name(receiver)) & LEARNER_NAMES)


def _joins_test(reading: Reading, data: ast.expr) -> bool:
    """Whether data is train and test put together."""
    for origin in reading.origins(data):
        node = origin.node
        if isinstance(node, ast.Call) and origin.short in {
            "concat",
            "concatenate",
            "vstack",
            "hstack",
            "append",
        }:
            if any(
                _is_test_data(reading, one)
                for one in ast.walk(node)
                if isinstance(one, (ast.Name, ast.Attribute, ast.Subscript))
            ):
                return True
    return False


def fit_before_split(reading: Reading) -> Iterator[Hit | Fine]:
    for split in _splits(reading):
        fitted = None
        for data in split.args[:1]:
            fitted = _fitted_before(reading, data, split)
        if fitted is not None:
            yield Hit(fitted, {"fit": shown(fitted.func), "split": shown(split.func)})
        elif any(
            _learns_from_rows(reading, one) and one.lineno > split.lineno
            for one in _method_calls(reading, words("fit fit_transform"))
        ):
            yield Fine(split)


def _splits(reading: Reading) -> Iterator[ast.Call]:
    """Calls of scikit-learn's train_test_split."""
    for call in reading.all(ast.Call):
        if reading.short(call) == "train_test_split" and isinstance(call.func, ast.Name):
            yield call
        elif reading.called(call).endswith("model_selection.train_test_split"):
            yield call


def _learns_from_rows(reading: Reading, call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    receiver = call.func.value
    made = [one.short for one in reading.origins(receiver) if isinstance(one.node, ast.Call)]
    if made:
        return any(one in LEARNS_FROM_ROWS for one in made)
    return bool(words_of(own_name(receiver)) & LEARNER_NAMES)


def _fitted_before(reading: Reading, data: ast.expr, split: ast.Call) -> ast.Call | None:
    """The fit on all rows whose result is split afterwards."""
    fits = [
        one
        for one in _method_calls(reading, words("fit fit_transform fit_resample"))
        if _learns_from_rows(reading, one)
        and one.lineno <= split.lineno
        and reading.function_of(one) is reading.function_of(split)
    ]
    if not fits:
        return None
    trail = list(_trail(reading, data))
    for fit in fits:
        if any(one is fit for one in trail):
            return fit
        if isinstance(fit.func, ast.Attribute) and fit.func.attr == "fit":
            maker = own_name(fit.func.value)
            for one in trail:
                match one:
                    case ast.Call(func=ast.Attribute(attr="transform", value=made)):
                        if own_name(made) == maker and one.lineno >= fit.lineno:
                            return fit
                    case _:
                        continue
    return None


def _trail(reading: Reading, data: ast.expr, depth: int = 0) -> Iterator[ast.AST]:
    """Every expression that a value was made of, names followed a few steps back."""
    if depth > 5:  # noqa: PLR2004 - further back the tie is loose
        return
    for node in ast.walk(data):
        yield node
        if isinstance(node, ast.Name):
            for one in _values_of(reading, node):
                yield from _trail(reading, one, depth + 1)


def _values_of(reading: Reading, node: ast.Name) -> Iterator[ast.expr]:
    """What a name was assigned, columns of a table included: `df["x"] = ...`."""
    for binding in reading.bindings(node):
        if binding.how == "assign" and binding.value is not None:
            if not any(one is node for one in ast.walk(binding.value)):
                yield binding.value
    home = reading.function_of(node)
    for statement in reading.all(ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Subscript) and statement.lineno < node.lineno:
                root = root_of(target)
                if isinstance(root, ast.Name) and root.id == node.id:
                    if reading.function_of(statement) is home:
                        yield statement.value


# ---- loaders


def train_not_shuffled(reading: Reading) -> Iterator[Hit | Fine]:
    for call, named in _loaders(reading):
        shuffle = reading.argument(call, "shuffle", 2)
        if any(one.arg in {None, "sampler", "batch_sampler"} for one in call.keywords):
            continue
        is_named = bool(named & TRAIN) and not named & (HELD | {"ordered", "feature", "features"})
        is_off = isinstance(shuffle, ast.Constant) and shuffle.value is False
        if isinstance(shuffle, ast.Constant) and shuffle.value is True and is_named:
            yield Fine(call)
        if not (is_off or (shuffle is None and is_named)) or len(call.args) > 2:  # noqa: PLR2004
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
    for node in _trail(reading, data) if data is not None else ():
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
    for loop in reading.all(ast.For):
        if any(one.node is call for one in reading.origins(loop.iter)):
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


# ---- splits


def random_state_missing(reading: Reading) -> Iterator[Hit | Fine]:
    if any(
        reading.called(one) in {"numpy.random.seed"} or "seed" in words_of(reading.short(one))
        for one in reading.all(ast.Call)
    ):
        return
    for call in _random_splits(reading):
        if any(one.arg in {None, "random_state"} for one in call.keywords):
            if any(one.arg == "random_state" for one in call.keywords):
                yield Fine(call)
            continue
        yield Hit(call, {"split": shown(call.func)})


def _random_splits(reading: Reading) -> Iterator[ast.Call]:
    for call in reading.all(ast.Call):
        short = reading.short(call)
        shuffle = reading.argument(call, "shuffle")
        is_on = isinstance(shuffle, ast.Constant) and shuffle.value is True
        is_off = shuffle is not None and not is_on
        if (
            (short in SPLITTERS and is_on)
            or (short in SHUFFLE_SPLITTERS and reading.called(call).startswith(("sklearn", short)))
        ):
            yield call
    yield from (
        one
        for one in _splits(reading)
        if (given := reading.argument(one, "shuffle")) is None
        or (isinstance(given, ast.Constant) and given.value is True)
    )


def time_series_shuffled(reading: Reading) -> Iterator[Hit | Fine]:
    for split in _splits(reading):
        shuffle = reading.argument(split, "shuffle")
        is_off = isinstance(shuffle, ast.Constant) and shuffle.value is False
        if not split.args or (shuffle is not None and not isinstance(shuffle, ast.Constant)):
            continue
        weight, sign = _time_signs(reading, split)
        if weight < ENOUGH_TIME:
            continue
        if is_off:
            yield Fine(split)
        else:
            yield Hit(split, {"split": shown(split.func), "sign": sign})
    for call in reading.all(ast.Call):
        if reading.short(call) == "TimeSeriesSplit":
            yield Fine(call)


ENOUGH_TIME: Final = 2


def _time_signs(reading: Reading, split: ast.Call) -> tuple[int, str]:
    """How surely the data that is split is ordered in time, and the clearest sign of it."""
    found: dict[str, tuple[int, str]] = {}
    for data in split.args[:2]:
        for node in [*_trail(reading, data), *_upkeep(reading, data, split)]:
            for kind, weight, text in _signs_of(node):
                if weight > found.get(kind, (0, ""))[0]:
                    found[kind] = (weight, text)
    total = sum(weight for weight, _ in found.values())
    best = max(found.values(), default=(0, ""))
    return total, best[1]


def _upkeep(reading: Reading, data: ast.expr, split: ast.Call) -> Iterator[ast.AST]:
    """Statements such as `df.sort_values("date", inplace=True)` on the tables behind the data."""
    names = {one.id for one in _trail(reading, data) if isinstance(one, ast.Name)}
    home = reading.function_of(split)
    for statement in reading.all(ast.Expr, ast.Assign):
        if statement.lineno < split.lineno and reading.function_of(statement) is home:
            value = statement.value
            root = root_of(value)
            if isinstance(root, ast.Name) and root.id in names:
                yield from ast.walk(value)


def _signs_of(node: ast.AST) -> Iterator[tuple[str, int, str]]:
    match node:
        case ast.Call(func=ast.Attribute(attr="shift" | "rolling" | "resample" | "pct_change")):
            yield "moves", 2, shown(node)
        case ast.Call(func=ast.Attribute(attr="sort_values")) if _speaks_of_dates(node.args):
            yield "sorted", 1, shown(node)
        case ast.Call(func=ast.Attribute(attr="sort_values"), keywords=keywords) if (
            _speaks_of_dates(one.value for one in keywords)
        ):
            yield "sorted", 1, shown(node)
        case ast.Call(func=ast.Attribute(attr="set_index")) if _speaks_of_dates(node.args):
            yield "index", 2, shown(node)
        case ast.Call(func=ast.Attribute(attr="to_datetime")):
            yield "dated", 1, shown(node)
        case ast.Call(keywords=keywords) if any(one.arg == "parse_dates" for one in keywords):
            yield "dated", 1, shown(node)
            for one in keywords:
                if one.arg == "index_col" and (
                    _speaks_of_dates([one.value]) or isinstance(one.value, ast.Constant)
                ):
                    yield "index", 2, shown(node)
        case ast.Call(func=ast.Name(id=name)) if _makes_windows(name):
            yield "windows", 2, shown(node)
        case ast.Constant(value=str(text)) if words_of(text) & SERIES:
            yield "named", 1, text
        case ast.Name(id=name) if words_of(name) & SERIES:
            yield "named", 1, name
        case _:
            return


SERIES: Final = words("stock stocks forecast timeseries lag lags lookback closing close")


def _makes_windows(name: str) -> bool:
    named = words_of(name)
    return bool(named & {"window", "windows", "lookback", "lags"}) or (
        bool(named & {"sequences", "sequence"}) and bool(named & {"create", "make", "build"})
    )


def _speaks_of_dates(nodes: Iterable[ast.expr]) -> bool:
    return any(
        bool(words_of(part.value) & DATES)
        for one in nodes
        for part in ast.walk(one)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


# ---- what is chosen and reported


def test_set_chosen_on(reading: Reading) -> Iterator[Hit | Fine]:
    yield from _best_by_test(reading)
    yield from _stopped_by_test(reading)


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
    named = words_of(shown(score, 80))
    if named & wanted:
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
    if isinstance(given, ast.Name) and depth < 2:  # noqa: PLR2004 - y_pred from X_test
        for one in reading.bindings(given):
            if one.how == "assign" and isinstance(one.value, ast.Call):
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
    for call in _method_calls(reading, words("fit")):
        watched = _keyword(call, "validation_data") or _keyword(call, "eval_set")
        if watched is None:
            continue
        first = watched.elts[-1] if isinstance(watched, ast.List) and watched.elts else watched
        data = first.elts[0] if isinstance(first, ast.Tuple) and first.elts else first
        if not _is_test_data(reading, data):
            continue
        chooses = _keyword(call, "callbacks") or _keyword(call, "early_stopping_rounds")
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        made = [one.node for one in reading.origins(receiver) if isinstance(one.node, ast.Call)]
        stops = any(
            one.arg == "early_stopping_rounds"
            for each in made
            if isinstance(each, ast.Call)
            for one in each.keywords
        )
        if stops or (chooses is not None and _is_choosing(reading, call, chooses)):
            yield Hit(call, {"score": shown(data), "best": shown(call.func)})


def _is_choosing(reading: Reading, call: ast.Call, chooses: ast.expr) -> bool:
    if _keyword(call, "early_stopping_rounds") is not None:
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
    if named & HELD and not named & (TRAIN | {"tta"}):
        change = _random_change(reading, call)
        if change is not None:
            yield Hit(change, {"change": reading.short(change)})
        elif call.args:
            yield Fine(call)


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
    named = (_keyword(call, "transform"), _keyword(call, "transforms"))
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
    train = _keyword(call, "train")
    if isinstance(train, ast.Constant):
        return train.value is False
    split = _keyword(call, "split")
    if isinstance(split, ast.Constant) and isinstance(split.value, str):
        return split.value in {"test", "val", "valid", "validation"}
    if not words_of(reading.short(call)) & {"dataset", "folder", "data", "set", "ds"}:
        return False
    named = words_of(_name_of(reading, call))
    for one in call.args[:1]:
        named |= words_of(shown(one, 80))
    return bool(named & HELD) and not named & TRAIN


def scored_on_training_data(reading: Reading) -> Iterator[Hit | Fine]:
    calls = reading.all(ast.Call)
    if any(reading.short(one) in CROSS_VALIDATES for one in calls):
        return
    fits = [
        one
        for one in _method_calls(reading, words("fit"))
        if len(one.args) + len(one.keywords) > 1 and not _is_unit_test(reading, one)
    ]
    for fit in fits:
        data = reading.argument(fit, "X", 0) or reading.argument(fit, "x")
        watched = {one.arg for one in fit.keywords}
        if data is None or watched & {"validation_data", "validation_split", "eval_set", None}:
            continue
        home = reading.function_of(fit)
        scores = [
            (call, on)
            for call in calls
            for on in _scored_on(reading, call)
            if reading.function_of(call) is home
        ]
        same = [call for call, on in scores if _is_same_data(reading, on, data)]
        if same and len(same) == len(scores) and not _predicts_elsewhere(reading, home, data):
            yield Hit(same[0], {"data": shown(data), "score": shown(same[0])})
        elif scores and not same:
            yield Fine(fit)


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
        {each.node for each in reading.bindings(root)} for root in roots if isinstance(root, ast.Name)
    ]
    return bound[0] == bound[1]


def _predicts_elsewhere(reading: Reading, home: ast.AST | None, data: ast.expr) -> bool:
    """Whether other data is scored, or the file measures somewhere else."""
    own = shown(data, 200)
    for call in reading.all(ast.Call):
        if reading.function_of(call) is home or reading.short(call) not in METRICS | {"score"}:
            continue
        return True
    for call in _method_calls(reading, words("predict predict_proba")):
        if reading.function_of(call) is home and call.args and shown(call.args[0], 200) != own:
            if words_of(own_name(call.args[0])) & HELD:
                return True
    return False


def target_in_features(reading: Reading) -> Iterator[Hit | Fine]:
    for call in (*_splits(reading), *_method_calls(reading, words("fit"))):
        if len(call.args) < 2:  # noqa: PLR2004 - features and target
            continue
        target = _column(reading, call.args[1])
        if target is None:
            continue
        table, column = target
        kept = _keeps_column(reading, call.args[0], table, column, 0)
        if kept is True:
            yield Hit(call, {"features": shown(call.args[0]), "target": column})
        elif kept is False:
            yield Fine(call)


def _assigned(reading: Reading, node: ast.expr) -> ast.expr | None:
    """The one expression that a name stands for."""
    if not isinstance(node, ast.Name):
        return None
    bindings = reading.bindings(node)
    if len(bindings) != 1 or bindings[0].how != "assign" or bindings[0].index is not None:
        return None
    return bindings[0].value


def _column(reading: Reading, node: ast.expr) -> tuple[ast.Name, str] | None:
    """The table and column that a target is."""
    for _ in range(4):
        node = _bare(node)
        match node:
            case ast.Subscript(value=ast.Name() as table, slice=index):
                name = index.elts[0] if isinstance(index, ast.List) and index.elts else index
                column = reading.string(name)
                return (table, column) if column is not None else None
            case ast.Attribute(value=ast.Name() as table, attr=attr) if attr not in NO_INDEX:
                return (table, attr) if reading.imports("pandas", "polars") else None
            case _:
                value = _assigned(reading, node)
                if value is None:
                    return None
                node = value
    return None


def _bare(node: ast.expr) -> ast.expr:
    """A table without `.values`, `.copy()` and the like."""
    while True:
        match node:
            case ast.Attribute(attr=attr, value=value) if attr in NO_INDEX:
                node = value
            case ast.Call(func=ast.Attribute(attr=attr, value=value)) if (
                attr in NO_INDEX and not isinstance(value, ast.Name)
            ) or attr in {"copy", "to_numpy", "astype", "fillna", "dropna", "reset_index"}:
                node = value
            case _:
                return node


def _keeps_column(
    reading: Reading, node: ast.expr, table: ast.Name, column: str, depth: int
) -> bool | None:
    """Whether features hold a column: None when the file does not show it."""
    node = _bare(node)
    if depth > 6:  # noqa: PLR2004 - further back the tie is loose
        return None
    match node:
        case ast.Call(func=ast.Attribute(attr="fit_transform" | "transform"), args=[inner, *_]):
            return _keeps_column(reading, inner, table, column, depth + 1)
        case ast.Call(func=ast.Attribute(attr="drop", value=inner)):
            gone = _dropped(reading, node)
            if gone is None or column in gone:
                return None if gone is None else False
            return _keeps_column(reading, inner, table, column, depth + 1)
        case ast.Subscript(value=ast.Name(id=own), slice=index) if own == table.id:
            return _listed(reading, index, table.id, column)
        case ast.Name(id=own):
            if own == table.id and _is_same_table(reading, node, table):
                return not _is_removed(reading, own)
            value = _assigned(reading, node)
            if value is not None:
                return _keeps_column(reading, value, table, column, depth + 1)
            return None
        case _:
            return None


def _is_same_table(reading: Reading, one: ast.Name, two: ast.Name) -> bool:
    """Whether a name stands for the same table in both places."""
    bound = [{each.node for each in reading.bindings(name)} for name in (one, two)]
    return bound[0] == bound[1]


def _dropped(reading: Reading, call: ast.Call) -> set[str] | None:
    """The columns a `drop` takes away; none of them where it drops rows; None when unknown."""
    columns = _keyword(call, "columns")
    axis = _keyword(call, "axis")
    given = columns
    if given is None:
        labels = call.args[0] if call.args else _keyword(call, "labels")
        axis = axis or (call.args[1] if len(call.args) > 1 else None)
        is_columns = isinstance(axis, ast.Constant) and axis.value in {1, "columns"}
        if labels is None or not is_columns:
            return None
        given = labels
    return _texts(reading, given)


def _texts(reading: Reading, node: ast.expr) -> set[str] | None:
    """The strings of a written-out list, names followed."""
    value = _assigned(reading, node) or node
    parts = value.elts if isinstance(value, (ast.List, ast.Tuple, ast.Set)) else [value]
    found = [reading.string(one) for one in parts]
    return None if None in found else {one for one in found if one is not None}


def _listed(reading: Reading, index: ast.expr, table: str, column: str) -> bool | None:
    value = _assigned(reading, index) or index
    match value:
        case ast.List(elts=elts):
            texts = _texts(reading, value)
            return None if texts is None or not elts else column in texts
        case ast.Attribute(value=ast.Name(id=own), attr="columns") if own == table:
            return True
        case ast.Call(func=ast.Name(id="list"), args=[inner]):
            return _listed(reading, inner, table, column)
        case ast.Call(func=ast.Attribute(attr="tolist", value=inner)):
            return _listed(reading, inner, table, column)
        case _:
            return None


def _is_removed(reading: Reading, table: str) -> bool:
    """Whether a column leaves the table by `pop`, `del` or a `drop` in place."""
    for call in _method_calls(reading, words("pop drop")):
        func = call.func
        if isinstance(func, ast.Attribute) and own_name(func.value) == table:
            if func.attr == "pop" or _keyword(call, "inplace") is not None:
                return True
    return any(
        own_name(one) == table for each in reading.all(ast.Delete) for one in each.targets
    )


MATCHERS: Final[Mapping[str, Matcher]] = {
    "eval-without-no-grad": eval_without_no_grad,
    "eval-mode-missing": eval_mode_missing,
    "fit-on-test": fit_on_test,
    "fit-before-split": fit_before_split,
    "train-not-shuffled": train_not_shuffled,
    "test-shuffled": test_shuffled,
    "random-state-missing": random_state_missing,
    "test-set-chosen-on": test_set_chosen_on,
    "augmentation-on-test": augmentation_on_test,
    "scored-on-training-data": scored_on_training_data,
    "target-in-features": target_in_features,
    "time-series-shuffled": time_series_shuffled,
}
