"""What is fitted on which rows, and how rows are split; a part of the group of evaluation."""

import ast
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from learning.code_review.held_out import (
    CROSS_VALIDATES,
    MOST_FITS,
    NO_INDEX,
    TRAIN,
    is_test_data,
    is_unit_test,
    keyword,
    method_calls,
    trail,
    words_of,
)
from learning.code_review.reading import Fine, Hit, Reading
from learning.code_review.rules.shape import Matcher
from learning.code_review.steps import own_name
from learning.code_review.tree import root_of, shown
from learning.code_review.vocabulary import words

FITS: Final = words("fit fit_transform partial_fit fit_on_texts adapt")
JOINS: Final = words("concat concatenate vstack hstack append")
# Fitted to look at data, where nothing is scored afterwards.
LOOKS_ONLY: Final = words("TSNE MDS UMAP Isomap SpectralEmbedding KMeans DBSCAN")
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
DATES: Final = words("date dates datetime timestamp time day month ds period week")
ENOUGH_TIME: Final = 2
SERIES: Final = words("stock stocks forecast timeseries lag lags lookback closing close")


def fit_on_test(reading: Reading) -> Iterator[Hit | Fine]:
    for call in method_calls(reading, FITS):
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else call
        data = next(
            (one for name in ("X", "x", "raw_documents", "data") if (one := keyword(call, name))),
            call.args[0] if call.args else None,
        )
        if data is None or is_unit_test(reading, call):
            continue
        if any(one.short in LOOKS_ONLY for one in reading.origins(receiver)):
            continue
        if is_test_data(reading, data) or (
            _is_transformer(reading, call, receiver) and _joins_test(reading, data)
        ):
            yield Hit(call, {"data": shown(data), "fit": shown(call.func)})
        elif words_of(own_name(data)) & TRAIN:
            yield Fine(call)


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
        if not isinstance(node, ast.Call) or origin.short not in JOINS:
            continue
        parts = (one for one in ast.walk(node) if isinstance(one, ast.expr))
        if any(is_test_data(reading, one) for one in parts):
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
            for one in method_calls(reading, words("fit fit_transform"))
        ):
            yield Fine(split)


def _splits(reading: Reading) -> Iterator[ast.Call]:
    """Calls of scikit-learn's train_test_split."""
    for call in reading.all(ast.Call):
        if (
            reading.short(call) == "train_test_split" and isinstance(call.func, ast.Name)
        ) or reading.called(call).endswith("model_selection.train_test_split"):
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
        for one in method_calls(reading, words("fit fit_transform fit_resample"))
        if _learns_from_rows(reading, one)
    ]
    if not fits:
        return None
    behind = list(trail(reading, data))
    home = reading.function_of(split)
    for fit in fits:
        if any(one is fit for one in behind):
            return fit
        if fit.lineno > split.lineno or reading.function_of(fit) is not home:
            continue
        if isinstance(fit.func, ast.Attribute) and fit.func.attr == "fit":
            maker = own_name(fit.func.value)
            for one in behind:
                match one:
                    case ast.Call(func=ast.Attribute(attr="transform", value=made)):
                        if own_name(made) == maker and one.lineno >= fit.lineno:
                            return fit
                    case _:
                        continue
    return None


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
        if (short in SPLITTERS and is_on) or (
            short in SHUFFLE_SPLITTERS and reading.called(call).startswith(("sklearn", short))
        ):
            yield call
    yield from (
        one
        for one in _splits(reading)
        if (given := reading.argument(one, "shuffle")) is None
        or (isinstance(given, ast.Constant) and given.value is True)
    )


def time_series_shuffled(reading: Reading) -> Iterator[Hit | Fine]:
    for split, named, data in itertools.islice(_splits_of_rows(reading), MOST_FITS):
        weight, sign = _time_signs(reading, split, data)
        if weight < ENOUGH_TIME:
            continue
        if named is None:
            yield Fine(split)
        else:
            yield Hit(split, {"split": shown(named), "sign": sign})


def _splits_of_rows(
    reading: Reading,
) -> Iterator[tuple[ast.Call, ast.expr | None, list[ast.expr]]]:
    """Splits of rows: (call, what splits at random or None where it keeps the order, data)."""
    for split in _splits(reading):
        shuffle = reading.argument(split, "shuffle")
        if shuffle is None or isinstance(shuffle, ast.Constant):
            is_off = isinstance(shuffle, ast.Constant) and shuffle.value is False
            yield split, None if is_off else split.func, split.args[:2]
    for call in method_calls(reading, words("split")):
        made = _splitter(reading, call.func.value if isinstance(call.func, ast.Attribute) else call)
        if made is not None and call.args:
            yield call, made.func, call.args[:2]
    for call in reading.all(ast.Call):
        given = keyword(call, "cv") if reading.short(call) in CROSS_VALIDATES else None
        made = _splitter(reading, given) if given is not None else None
        if made is not None:
            yield call, made.func, call.args[1:3]


def _splitter(reading: Reading, node: ast.expr) -> ast.Call | None:
    """The splitter of scikit-learn that draws rows at random."""
    random = list(_random_splits(reading))
    for origin in reading.origins(node):
        if isinstance(origin.node, ast.Call) and origin.node in random:
            return origin.node
    return None


def _time_signs(reading: Reading, split: ast.Call, given: list[ast.expr]) -> tuple[int, str]:
    """How surely the data that is split is ordered in time, and the clearest sign of it."""
    found: dict[str, tuple[int, str]] = {}
    for data in given:
        for node in [*trail(reading, data), *_upkeep(reading, data, split)]:
            for kind, weight, text in _signs_of(node):
                if weight > found.get(kind, (0, ""))[0]:
                    found[kind] = (weight, text)
    total = sum(weight for weight, _ in found.values())
    best = max(found.values(), default=(0, ""))
    return total, best[1]


def _upkeep(reading: Reading, data: ast.expr, split: ast.Call) -> Iterator[ast.AST]:
    """Statements such as `df.sort_values("date", inplace=True)` on the tables behind the data."""
    names = {one.id for one in trail(reading, data) if isinstance(one, ast.Name)}
    home = reading.function_of(split)
    statements: list[ast.Expr | ast.Assign] = [*reading.all(ast.Expr), *reading.all(ast.Assign)]
    for statement in statements:
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


def target_in_features(reading: Reading) -> Iterator[Hit | Fine]:
    for call in (*_splits(reading), *method_calls(reading, words("fit"))):
        if len(call.args) < 2:
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
    """The one expression that a name stands for, a helper's return included."""
    if not isinstance(node, ast.Name):
        return None
    bindings = reading.bindings(node)
    if len(bindings) != 1 or bindings[0].how != "assign":
        return None
    value, index = bindings[0].value, bindings[0].index
    if isinstance(value, ast.Call):
        helper = reading.target(value)
        returns = list(reading.within(helper, ast.Return)) if helper is not None else []
        if len(returns) == 1:
            value = returns[0].value
    if index is None:
        return value
    if isinstance(value, ast.Tuple) and index < len(value.elts):
        return value.elts[index]
    return None


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
                return (table, attr) if _has_pandas(reading) else None
            case _:
                value = _assigned(reading, node)
                if value is None:
                    return None
                node = value
    return None


def _has_pandas(reading: Reading) -> bool:
    return reading.imports("pandas") or any(one.id == "pd" for one in reading.all(ast.Name))


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
    if depth > 6:
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
            if _is_removed(reading, own):
                return None
            if own == table.id and _is_same_table(reading, node, table):
                return True
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
    columns = keyword(call, "columns")
    axis = keyword(call, "axis")
    given = columns
    if given is None:
        labels = call.args[0] if call.args else keyword(call, "labels")
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
    if isinstance(index, ast.Name) and _is_removed(reading, index.id):
        return None
    value = _assigned(reading, index) or index
    match value:
        case ast.List(elts=elts):
            texts = _texts(reading, value)
            return None if texts is None or not elts else column in texts
        case ast.Attribute(value=ast.Name(id=own), attr="columns") if own == table:
            return True
        case ast.ListComp(elt=ast.Name(id=own), generators=[ast.comprehension() as each]):
            if own == own_name(each.target) and _listed(reading, each.iter, table, column):
                return _passes(reading, each.ifs, column)
            return None
        case ast.Call(func=ast.Name(id="list"), args=[inner]):
            return _listed(reading, inner, table, column)
        case ast.Call(func=ast.Attribute(attr="tolist", value=inner)):
            return _listed(reading, inner, table, column)
        case _:
            return None


def _passes(reading: Reading, conditions: list[ast.expr], column: str) -> bool | None:
    """Whether a column passes `if c != "id"` or `if c not in [...]`; None when unknown."""
    for one in conditions:
        match one:
            case ast.Compare(ops=[ast.NotEq() | ast.NotIn()], comparators=[other]):
                texts = _texts(reading, other)
                if texts is None:
                    return None
                if column in texts:
                    return False
            case _:
                return None
    return True


def _is_removed(reading: Reading, table: str) -> bool:
    """Whether a column leaves a table, or a list of them, by `pop`, `del`, `drop` in place."""
    for call in method_calls(reading, words("pop drop remove discard")):
        func = call.func
        if not isinstance(func, ast.Attribute) or own_name(func.value) != table:
            continue
        if func.attr != "drop" or keyword(call, "inplace") is not None:
            return True
    return any(own_name(one) == table for each in reading.all(ast.Delete) for one in each.targets)


MATCHERS: Final[Mapping[str, Matcher]] = {
    "fit-on-test": fit_on_test,
    "fit-before-split": fit_before_split,
    "random-state-missing": random_state_missing,
    "time-series-shuffled": time_series_shuffled,
    "target-in-features": target_in_features,
}
