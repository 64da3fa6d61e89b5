"""A syntax error is told by what is likely wrong, at the line where it can be mended."""

import ast

import pytest

from bot.texts import texts_in
from learning.code_review.source import Part, Place, Problem
from learning.code_review.syntax import explained


def problem(code: str) -> Problem:
    part = Part(code, Place(1))
    with pytest.raises((SyntaxError, ValueError, RecursionError, MemoryError)) as raised:
        ast.parse(code)
    return explained(raised.value, part)


@pytest.mark.parametrize(
    ("code", "key", "line"),
    [
        ("print（1）", "full_width", 1),
        ("x = [1，2]", "full_width", 1),
        ("if x：\n    pass", "full_width", 1),
        ("x = “hi”", "full_width", 1),
        ("x = 1\n\u3000y = 2", "wide_space", 2),
        ("x\u200b = 1", "invisible", 1),
        ('print "hi"', "python_2", 1),
        ("try:\n    pass\nexcept ValueError, e:\n    pass", "python_2", 3),
        ("x = (1,\ny = 2\n", "bracket_open", 1),
        ("x = [1, 2)\n", "bracket_mismatch", 1),
        ("x = 1)\n", "bracket_extra", 1),
        ("def f():\nx = 1", "block_missing", 1),
        ("for i in range(3)\n    pass", "colon_missing", 1),
        ("x = 1\n    y = 2", "indent_unexpected", 2),
        ("if x:\n        y = 1\n    z = 2", "indent_mismatch", 3),
        ("if x:\n\ty = 1\n        z = 2", "tabs_mixed", 3),
        ("x = 'abc", "string_open", 1),
        ("x = '''abc", "string_open_triple", 1),
        ("if x = 1:\n    pass", "equals_in_condition", 1),
        ("x = [1 2]", "comma_missing", 1),
        ("x = 1 \\ \ny", "backslash", 1),
        ("x = 0123", "leading_zero", 1),
        ("2x = 3", "name_starts_with_digit", 1),
        ("f(a=1, 2)", "argument_order", 1),
        ("def f(a=1, b):\n    pass", "parameter_order", 1),
        ("f() = 3", "cannot_assign", 1),
        ("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other", "conflict", 1),
        ("x = " + "9" * 9999, "number_too_long", 1),
        ("(" * 1000, "too_deep", 1),
        ("try:\n    x = 1\ny = 2", "try_alone", 3),
        ("这里是说明文字\nx = = 1", "general", 2),
        ("请帮我看看这段代码 有什么问题\nx = 1", "words", 1),
    ],
)
def test_a_mistake_is_named(code: str, key: str, line: int) -> None:
    found = problem(code)

    assert found.key == key
    assert found.place is None or found.place.line == line
    for language in ("zh", "en"):
        assert texts_in(language).has(f"code.problem.{key}")
