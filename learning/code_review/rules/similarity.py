"""Vectors that are compared: cosine, and the nearest of many."""

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from learning.code_review.reading import Fine, Hit, Reading
from learning.code_review.rules.shape import Matcher
from learning.code_review.tree import names_in, shown, words_of
from learning.code_review.vocabulary import words

_LIKENESS: Final = words("sim sims similarity similarities cos cosine cosines")
_SCORES: Final = words("score scores")
_DISTANCE: Final = words("dist dists distance distances d l2 euclidean")
_MAKES_LIKENESS: Final = words(
    "cosine_similarity cos_sim dot matmul inner pairwise_cosine_similarity dot_score"
)
_NORM: Final = words("norm vector_norm")
_UPWARDS: Final = words("argsort sorted sort")


def least_similar_first(reading: Reading) -> Iterator[Hit | Fine]:
    """np.argsort sorts upwards, so its first entries are the least similar."""
    for cut in reading.all(ast.Subscript):
        if not isinstance(cut.ctx, ast.Load) or not _is_start(reading, cut.slice):
            continue
        made = _made(reading, cut.value)
        if made is None or reading.short(made) not in _UPWARDS:
            continue
        likeness, is_downwards = _sorted_by(reading, made)
        if likeness is None:
            continue
        if is_downwards:
            yield Fine(cut)
        else:
            yield Hit(cut, {"order": shown(made), "scores": shown(likeness)})


def _made(reading: Reading, node: ast.expr) -> ast.Call | None:
    """The call itself, also by a name; what [::-1] has turned is another order."""
    if isinstance(node, ast.Name):
        values = [one.value for one in reading.bindings(node)]
        node = values[0] if len(values) == 1 and values[0] is not None else node
    match node:
        case ast.Call(func=ast.Attribute(value=inner, attr="tolist")):
            return _made(reading, inner)
        case ast.Call():
            return node
        case _:
            return None


def _is_start(reading: Reading, part: ast.expr) -> bool:
    """[:k] or [0:k], and no [-k:] or [::-1]."""
    if not isinstance(part, ast.Slice) or part.upper is None or part.step is not None:
        return False
    if part.lower is not None and reading.number(part.lower) != 0:
        return False
    return not isinstance(part.upper, ast.UnaryOp)


def _sorted_by(reading: Reading, made: ast.Call) -> tuple[ast.expr | None, bool]:
    """The likeness that something is sorted by, and whether the largest come first."""
    turned = reading.argument(made, "reverse") or reading.argument(made, "descending")
    is_downwards = turned is not None and not reading.is_false(turned)
    if reading.short(made) == "argsort":
        is_method = isinstance(made.func, ast.Attribute) and not reading.called(made).startswith(
            ("numpy.", "torch.")
        )
        given = made.func.value if is_method and isinstance(made.func, ast.Attribute) else None
        given = given if given is not None else reading.argument(made, "a", 0)
        if isinstance(given, ast.UnaryOp) and isinstance(given.op, ast.USub):
            return (given.operand if _is_likeness(reading, given.operand) else None), True
        return (given if given is not None and _is_likeness(reading, given) else None), is_downwards
    key = reading.argument(made, "key")
    if not isinstance(key, ast.Lambda) or reading.short(made) == "sort":
        return None, False
    by = key.body
    if isinstance(by, ast.UnaryOp) and isinstance(by.op, ast.USub):
        return (by.operand if _is_likeness(reading, by.operand) else None), True
    return (by if _is_likeness(reading, by) else None), is_downwards


def _is_likeness(reading: Reading, node: ast.expr) -> bool:
    """Whether more means nearer: by its name, or by what made it."""
    named = {word for one in names_in(node) for word in words_of(one)}
    named |= {word for one in _attributes(node) for word in words_of(one)}
    if named & _DISTANCE:
        return False
    if named & _LIKENESS:
        return True
    if any(_makes_likeness(reading, origin.node) for origin in reading.origins(node)):
        return bool(named & _SCORES) or _is_of_vectors(node)
    return False


def _attributes(node: ast.AST) -> Iterator[str]:
    return (one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute))


def _is_of_vectors(node: ast.expr) -> bool:
    found = {word for one in (*names_in(node), *_attributes(node)) for word in words_of(one)}
    return bool(found & words("emb embs embedding embeddings vec vecs vector vectors query"))


def _makes_likeness(reading: Reading, node: ast.AST) -> bool:
    match node:
        case ast.BinOp(op=ast.MatMult()):
            return True
        case ast.BinOp(op=ast.Div(), left=left):
            return _makes_likeness(reading, left)
        case ast.Call():
            return reading.short(node) in _MAKES_LIKENESS
        case _:
            return False


def cosine_half_divided(reading: Reading) -> Iterator[Hit | Fine]:
    """`a @ b / norm(a) * norm(b)` multiplies by the second length."""
    for made in reading.all(ast.BinOp):
        match made:
            case ast.BinOp(
                left=ast.BinOp(left=product, op=ast.Div(), right=one), op=ast.Mult(), right=other
            ) if _is_norm(reading, one) and _is_norm(reading, other):
                yield Hit(made, {"product": shown(product), "one": shown(one), "two": shown(other)})
            case ast.BinOp(op=ast.Div(), right=ast.BinOp(left=one, op=ast.Mult(), right=other)) if (
                _is_norm(reading, one) and _is_norm(reading, other)
            ):
                yield Fine(made)
            case _:
                pass


def _is_norm(reading: Reading, node: ast.expr) -> bool:
    return any(
        isinstance(one.node, ast.Call) and reading.short(one.node) in _NORM
        for one in reading.origins(node)
    )


MATCHERS: Final[Mapping[str, Matcher]] = {
    "least-similar-first": least_similar_first,
    "cosine-half-divided": cosine_half_divided,
}
