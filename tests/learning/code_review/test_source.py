"""Whatever is handed in comes to Python with the place of each line, or to a reason why not."""

import json

import pytest

from learning.code_review.source import (
    Kind,
    Notice,
    Part,
    Place,
    source_of,
    without_words,
)


def notebook(*cells: str, **more: object) -> bytes:
    written = [{"cell_type": "code", "source": one.splitlines(keepends=True)} for one in cells]
    return json.dumps({"cells": written, **more}).encode()


def test_a_script_keeps_its_lines() -> None:
    source = source_of(b"a = 1\r\nb = 2\r\n", "x.py")

    assert source.kind is Kind.SCRIPT
    assert source.parts[0].text == "a = 1\nb = 2\n"
    assert source.parts[0].place(2) == Place(2)


@pytest.mark.parametrize(
    ("content", "notices"),
    [
        ("x = '中文'".encode(), ()),
        (b"\xef\xbb\xbf" + "x = '中文'".encode(), ()),
        ("x = '中文注释写在这里'".encode("gbk"), (Notice.GBK,)),
        ("x = '中文'".encode("utf-16"), (Notice.UTF_16,)),
        ("x = 'plain'".encode("utf-16-le"), (Notice.UTF_16,)),
        (b"x = 1\0\nlong = 'enough to be text'", (Notice.NULLS,)),
    ],
)
def test_other_encodings_are_read_with_a_notice(
    content: bytes, notices: tuple[Notice, ...]
) -> None:
    source = source_of(content, "x.py")

    assert source.notices == notices
    assert source.parts[0].text.startswith("x = ")
    assert "\0" not in source.parts[0].text


def test_a_picture_is_no_text() -> None:
    source = source_of(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "x.py")

    assert source.problem is not None
    assert source.problem.key == "not_text"


def test_cells_are_numbered_and_their_magics_left_out() -> None:
    source = source_of(
        notebook(
            "%pip install x\nimport torch", "!ls\nfiles = !ls\nx = 10 \\\n  % 3", "%%bash\nls -l"
        ),
        "a.ipynb",
    )

    assert source.notices == (Notice.MAGICS,)
    assert [one.text for one in source.parts] == [
        "\nimport torch",
        "\nfiles = None\nx = 10 \\\n  % 3",
        "\n",
    ]
    assert source.parts[1].place(2) == Place(2, 2)


def test_a_notebook_of_another_language_says_so() -> None:
    source = source_of(notebook("x <- 1", metadata={"kernelspec": {"language": "R"}}), "a.ipynb")

    assert (source.kind, source.language) == (Kind.OTHER, "R")


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"cells": 3}', b"[" * 10_000 + b"]" * 10_000])
def test_a_broken_notebook_has_a_problem(content: bytes) -> None:
    source = source_of(content, "a.ipynb")

    assert source.problem is not None
    assert source.problem.key == "notebook_broken"


def test_lines_of_a_markdown_file_are_counted_from_its_top() -> None:
    source = source_of(b"# T\n\n```python\na = 1\nb = 2\n```\n\n```bash\nls\n```\n", "a.md")

    assert [one.text for one in source.parts] == ["a = 1\nb = 2"]
    assert source.parts[0].place(2) == Place(5)


def test_lines_of_a_pasted_block_are_counted_within_it() -> None:
    one = source_of("看看\n```\na = 1\n```".encode())
    two = source_of(b"```\na = 1\n```\nand\n```python\nb = 2\n```")

    assert one.parts[0].place(1) == Place(1)
    assert [part.place(1) for part in two.parts] == [Place(1, 1), Place(1, 2)]


def test_a_method_pasted_out_of_its_class_is_moved_to_the_left() -> None:
    source = source_of(b"    def forward(self, x):\n        return x\n")

    assert source.parts[0].text.startswith("def forward")


def test_what_was_typed_in_a_session_is_read_without_its_prompts() -> None:
    source = source_of(b">>> x = 1\n>>> for i in x:\n...     print(i)\n1\n")

    assert source.parts[0].text == "x = 1\nfor i in x:\n    print(i)\n\n"
    assert source.notices == (Notice.PROMPTS,)


@pytest.mark.parametrize(
    ("content", "name", "language"),
    [
        (b"int main() {}", "x.cpp", "C++"),
        (b"#include <stdio.h>\nint main() { return 0; }", "", "C++"),
        (b"const a = 1;\nconsole.log(a);", "", "JavaScript"),
        (b"SELECT a\nFROM b;", "", "SQL"),
        (b"```rust\nfn main() {}\n```", "", "Rust"),
        (b"package main\n\nfunc main() {\n}", "", "Go"),
    ],
)
def test_other_languages_are_named(content: bytes, name: str, language: str) -> None:
    source = source_of(content, name)

    assert source.parts == ()
    assert (source.language or "").lower() == language.lower()


@pytest.mark.parametrize("text", ["x = y", "for a in b: c(a)", "print(1)", "loss.backward()"])
def test_short_python_is_taken_for_python(text: str) -> None:
    assert source_of(text.encode()).language is None


@pytest.mark.parametrize(
    ("text", "left", "first"),
    [
        ("我的 loss 为什么不降？\nimport torch\nx = 1\n谢谢！", "import torch\nx = 1", 2),
        ("Why doesn't my loss go down?\nx = f(y)", "x = f(y)", 2),
        ("Here is my code:\n\nfor x in y:\n    print(x)", "for x in y:\n    print(x)", 3),
    ],
)
def test_sentences_around_a_paste_are_no_code(text: str, left: str, first: int) -> None:
    found = without_words(Part(text, Place(1)))

    assert found is not None
    assert found.text == left
    assert found.place(1).line == first


@pytest.mark.parametrize(
    "text", ["x = 1\ny = 2", "为什么报错\n怎么办呀", "if a is b:\n    pass", "# 注释\nx = 1"]
)
def test_code_alone_and_words_alone_stay_as_they_are(text: str) -> None:
    assert without_words(Part(text, Place(1))) is None
