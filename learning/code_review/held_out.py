"""What the names and the making of data say: train or test, tables, splits."""

import ast
import re
from collections.abc import Iterator
from typing import Final
from weakref import WeakKeyDictionary

from learning.code_review import tree
from learning.code_review.reading import Reading
from learning.code_review.tree import root_of, shown
from learning.code_review.vocabulary import words

TEST: Final = words("test testing holdout heldout")
TRAIN: Final = words("train training trn tr")
# Words beside `test` in the names of data, not of unit tests or test scores.
DATA: Final = words(
    "x y xs ys data df set ds dataset features feature images image texts text inputs input "
    "scaled samples sentences docs documents reviews labels label target targets frame matrix "
    "processed clean raw loader split part corpus emb embeddings cat num cols arr array np"
)
MOST_OF_A_TRAIL = 40
MOST_FITS = 20
CROSS_VALIDATES: Final = words(
    "cross_val_score cross_validate cross_val_predict GridSearchCV RandomizedSearchCV "
    "learning_curve validation_curve HalvingGridSearchCV BayesSearchCV"
)
NO_INDEX: Final = words("values to_numpy copy astype fillna dropna reset_index numpy array asarray")
# Names written without a break: `testloader`, `trainset`, `Xtest`, `yval`.
JOINED: Final = re.compile(
    r"(x|y)?(train|test|valid|val|eval)(loader|dataloader|set|dataset|data|dl|ds|iter|gen|df|x|y)?"
)
_COLUMNS: WeakKeyDictionary[Reading, dict[str, list[ast.Assign]]] = WeakKeyDictionary()


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


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def method_calls(reading: Reading, names: frozenset[str]) -> Iterator[ast.Call]:
    for call in reading.all(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in names:
            yield call


def is_unit_test(reading: Reading, node: ast.AST) -> bool:
    function = reading.function_of(node)
    return function is not None and function.name.startswith("test_")


def is_test_data(reading: Reading, node: ast.expr, depth: int = 0) -> bool:
    """Whether an expression is test data by its name, or by the name it was made from."""
    match node:
        case ast.Name() | ast.Attribute():
            own = node.id if isinstance(node, ast.Name) else node.attr
            if isinstance(node, ast.Attribute) and own in NO_INDEX:
                return is_test_data(reading, node.value, depth)
            named = words_of(own)
            if named & TEST:
                return not named & (TRAIN | {"val"}) and (named <= TEST or bool(named & DATA))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                return is_test_data(reading, node.value, depth) and len(node.value.id) > 1
            return False
        case ast.Subscript(value=value, slice=index):
            named = words_of(shown(index)) if isinstance(index, ast.Constant) else set()
            if named & TEST and not named & TRAIN:
                return named <= TEST
            return is_test_data(reading, value, depth)
        case ast.Call(func=ast.Attribute(attr=attr, value=value)) if attr in NO_INDEX:
            if node.args and attr in {"array", "asarray"}:
                return is_test_data(reading, node.args[0], depth)
            return is_test_data(reading, value, depth)
        case ast.Call(func=ast.Name(id="list"), args=[one]):
            return is_test_data(reading, one, depth)
        case _:
            return False


def trail(reading: Reading, data: ast.expr) -> Iterator[ast.AST]:
    """Every expression that a value was made of, names followed back."""
    seen: set[ast.AST] = {data}
    waiting = [data]
    while waiting and len(seen) < MOST_OF_A_TRAIL:
        for node in ast.walk(waiting.pop()):
            yield node
            if isinstance(node, ast.Name):
                for one in values_of(reading, node):
                    if one not in seen:
                        seen.add(one)
                        waiting.append(one)
            elif isinstance(node, ast.Call) and (helper := reading.target(node)) is not None:
                for back in reading.within(helper, ast.Return):
                    if back.value is not None and back.value not in seen:
                        seen.add(back.value)
                        waiting.append(back.value)


def values_of(reading: Reading, node: ast.Name) -> Iterator[ast.expr]:
    """What a name was assigned, columns of a table included: `df["x"] = ...`."""
    for binding in reading.bindings(node):
        if binding.how == "assign" and binding.value is not None:
            yield binding.value
    home = reading.function_of(node)
    for statement in columns_set(reading, node.id):
        if statement.lineno < node.lineno and reading.function_of(statement) is home:
            yield statement.value


def columns_set(reading: Reading, name: str) -> list[ast.Assign]:
    """Assignments to a part of a named thing."""
    if reading not in _COLUMNS:
        found = _COLUMNS[reading] = {}
        for statement in reading.all(ast.Assign):
            for target in statement.targets:
                root = root_of(target)
                if isinstance(target, ast.Subscript) and isinstance(root, ast.Name):
                    found.setdefault(root.id, []).append(statement)
    return _COLUMNS[reading].get(name, [])[:MOST_OF_A_TRAIL]
