"""Files of every kind are read in a process of their own, and none of them harms this one."""

import asyncio
import json
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bot.code_review.process import LARGEST, LARGEST_NOTEBOOK, MOST_FILES, Handed, Reviewer
from bot.texts import texts_in
from learning.code_review.examined import Examined
from learning.code_review.source import Kind, Place
from tests.faults.harness import IS_SOAK

ROOT = str(Path(__file__).resolve().parents[2])


async def examined(content: bytes | str, name: str = "x.py", *codes: str) -> Examined:
    content = content.encode() if isinstance(content, str) else content
    (found,) = await Reviewer(codes).examine([Handed(content, name)])
    return found


async def test_rules_and_ruff_look_at_the_same_lines() -> None:
    found = await examined(
        "from torch import nn\n\n\ndef f(x, seen=[]):\n    soft = nn.Softmax(dim=1)(x)\n"
        "    return nn.CrossEntropyLoss()(soft, x)\n",
        "x.py",
        "B006",
    )

    assert {(one.rule, one.place.line) for one in found.seen} == {
        ("softmax-before-cross-entropy", 6),
        ("ruff:B006", 4),
    }


async def test_undefined_names_are_told_of_files_and_not_of_snippets() -> None:
    code = "print(model)\n"

    whole = await examined(code, "x.py", "F821")
    pasted = await examined(code, "", "F821")

    assert [one.rule for one in whole.seen] == ["ruff:F821"]
    assert pasted.seen == ()


async def test_a_broken_cell_does_not_hide_the_others() -> None:
    cells = ["def f(:\n    pass", "%time\ndef g(x=[]):\n    return x"]
    written = [{"cell_type": "code", "source": one} for one in cells]

    found = await examined(json.dumps({"cells": written}), "a.ipynb", "B006")

    assert [one.place for one in found.problems] == [Place(1, 1)]
    assert [(one.rule, one.place) for one in found.seen] == [("ruff:B006", Place(2, 2))]


async def test_more_files_than_a_handful_are_left_out() -> None:
    handed = [Handed(b"x = 1\n", f"{n}.py") for n in range(MOST_FILES + 3)]

    assert len(await Reviewer(()).examine(handed)) == MOST_FILES


async def test_nothing_of_a_file_is_run(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    code = f"import pathlib\npathlib.Path({str(trace)!r}).write_text('ran')\nraise SystemExit(3)\n"

    found = await examined(code)

    assert found.lines == 3
    assert not trace.exists()


async def test_a_name_is_only_a_word() -> None:
    found = await examined("x = 1\n", "../../etc/\u202epasswd\n.py")

    assert found.name == "passwd.py"


async def test_the_child_can_open_nothing_once_it_reads() -> None:
    """What the child is left with, told by itself."""
    probe = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import bot.code_review.child as child\n"
        "def look(tree, text):\n"
        "    import socket, _socket\n"
        "    told = []\n"
        "    for name, act in (('file', lambda: open('/etc/passwd')),"
        " ('socket', lambda: _socket.socket())):\n"
        "        try:\n"
        "            act(); told.append(name)\n"
        "        except OSError as error:\n"
        "            pass\n"
        "    return child.Looked_(told)\n"
        "import socket\n"
        "class L:\n"
        "    def __init__(self, told): self.seen, self.fine, self.failed = (), told, {}\n"
        "child.Looked_ = L\n"
        "child.look_at = look\n"
        "child.main()\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", probe, ROOT),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={},
    )
    header = json.dumps({"name": "x.py", "ruff": "", "codes": []}).encode()
    said, _ = await process.communicate(header + b"\nx = 1\n")

    assert json.loads(said)["fine"] == []


def hostile() -> Iterator[tuple[str, bytes, str]]:
    """What nobody writes, by name; 40 kinds at once, and many more in the long form."""
    seed = random.Random(6)
    yield from (
        ("brackets", b"(" * 100_000, "x.py"),
        ("closed brackets", b"[" * 50_000 + b"]" * 50_000, "x.py"),
        ("nul", b"\0" * 5000, "x.py"),
        ("nul inside", b"x = 1\0\n" * 50, "x.py"),
        ("bom", b"\xef\xbb\xbf" * 3 + b"x = 1\n", "x.py"),
        ("bom 16", b"\xff\xfe" + b"x\0" * 999, "x.py"),
        ("digits", b"x = " + b"9" * 9999, "x.py"),
        ("hex", b"x = 0x" + b"f" * 900_000, "x.py"),
        ("long line", b"x = '" + b"a" * 990_000 + b"'\n", "x.py"),
        ("names", b"a" + b".a" * 400_000, "x.py"),
        ("minus", b"-" * 300_000 + b"1", "x.py"),
        ("sums", b"1" + b"+1" * 200_000, "x.py"),
        ("lambdas", b"lambda:" * 50_000 + b"1", "x.py"),
        ("not", b"not " * 100_000 + b"1", "x.py"),
        ("calls", b"f" + b"()" * 100_000, "x.py"),
        ("indents", b"".join(b" " * n + b"if 1:\n" for n in range(300)), "x.py"),
        ("elifs", b"if 1:\n  pass\n" + b"elif 1:\n  pass\n" * 30_000, "x.py"),
        ("strings", b"'''" * 100_001, "x.py"),
        ("backslashes", b"\\\n" * 100_000, "x.py"),
        ("decorators", b"@a\n" * 50_000 + b"def f(): pass", "x.py"),
        ("surrogates", b"x = '\\ud800'\n" * 99, "x.py"),
        ("pickle", b"\x80\x04\x95" + bytes(range(256)), "x.py"),
        ("json deep", b"[" * 10_000 + b"]" * 10_000, "a.ipynb"),
        ("json wide", b"[" + b"1," * 500_000 + b"1]", "a.ipynb"),
        ("json number", b'{"cells": ' + b"9" * 9999 + b"}", "a.ipynb"),
        (
            "cells",
            json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}] * 10_000}).encode(),
            "a.ipynb",
        ),
        ("cells of nothing", b'{"cells": [null, 1, {}, {"cell_type": "code"}]}', "a.ipynb"),
        ("fences", b"```\n" * 50_000, "a.md"),
        ("open fence", b"```python\n" + b"x = 1\n" * 9000, "a.md"),
        ("path", b"x = 1\n", "../../x.py"),
        ("path of windows", b"x = 1\n", "..\\..\\x.py"),
        ("no name", b"", ""),
        ("dots", b"x = 1\n", "..."),
        ("large", b"x" * 25_000_000, "x.py"),
        ("large notebook", b" " * 25_000_000, "a.ipynb"),
        ("many lines", b"x\n" * 300_000, "x.py"),
        ("names of one", b"x = x\n" * 15_000, "x.py"),
        ("chain", b"".join(b"a%d = a%d\n" % (n, n - 1) for n in range(1, 9000)), "x.py"),
        ("circle", b"def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\n" * 900, "x.py"),
        ("classes", b"".join(b"class A%d(A%d): pass\n" % (n, n + 1) for n in range(4000)), "x.py"),
    )
    for number in range(460 if IS_SOAK else 40):
        size = seed.choice((1, 10, 300, 5000))
        kind = seed.randrange(4)
        if kind == 0:
            content = seed.randbytes(size)
        elif kind == 1:
            signs = "()[]{}:,.=\n\t '\"#@\\ifdefclass0x1eλ，（\u200b\u202e\ud7ff"
            content = "".join(seed.choice(signs) for _ in range(size)).encode()
        elif kind == 2:
            good = Path(__file__).read_bytes()
            at = seed.randrange(len(good))
            content = good[:at] + seed.randbytes(3) + good[at + 3 :]
        else:
            good = Path(__file__).read_bytes()
            content = good[: seed.randrange(len(good))]
        name = seed.choice(("x.py", "a.ipynb", "a.md", "", "x.txt", "/etc/passwd", "a.py\0"))
        yield f"random {number}", content, name


async def test_every_hostile_file_gets_one_answer_and_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    reviewer = Reviewer(("B006", "F821", "E722"), seconds=20.0)
    before = set(psutil.Process().children(recursive=True))

    for named, content, name in hostile():
        (found,) = await reviewer.examine([Handed(content, name)])
        told = found.problems or found.lines or found.language or found.seen
        assert told or found.kind in {Kind.PASTE, Kind.MARKDOWN, Kind.NOTEBOOK}, named
        for problem in found.problems:
            assert texts_in("zh").has(f"code.problem.{problem.key}"), (named, problem)
        assert found.failed == {}, named

    assert os.listdir(tmp_path) == []  # noqa: PTH208 -- it waits for nothing
    assert set(psutil.Process().children(recursive=True)) <= before


@pytest.mark.parametrize(
    ("size", "name"), [(LARGEST + 1, "x.py"), (LARGEST_NOTEBOOK + 1, "x.ipynb")]
)
async def test_what_is_too_large_is_not_read(size: int, name: str) -> None:
    found = await examined(b" " * size, name)

    assert [one.key for one in found.problems] == ["too_large"]


async def test_a_file_that_takes_too_long_is_given_up() -> None:
    (found,) = await Reviewer((), seconds=0.001).examine([Handed(b"x = 1\n", "x.py")])

    assert [one.key for one in found.problems] == ["too_slow"]


# The process that waits --------------------------------------------------------------------------


def children() -> set[psutil.Process]:
    return set(psutil.Process().children())


async def test_after_a_review_a_process_waits_for_the_next_file() -> None:
    before = children()
    reviewer = Reviewer(("E722",), seconds_ready=60.0)
    await reviewer.examine([Handed(b"x = 1\n", "x.py")])
    (waiting,) = children() - before

    (found,) = await reviewer.examine([Handed(b"try:\n    x()\nexcept:\n    pass\n", "x.py")])

    assert "ruff:E722" in {one.rule for one in found.seen}
    assert not waiting.is_running() or waiting.status() == psutil.STATUS_ZOMBIE
    await reviewer.close()
    assert children() == before


async def test_a_process_that_died_waiting_is_not_missed() -> None:
    before = children()
    reviewer = Reviewer((), seconds_ready=60.0)
    await reviewer.examine([Handed(b"x = 1\n", "x.py")])
    (waiting,) = children() - before
    waiting.kill()
    await asyncio.sleep(0.2)

    (found,) = await reviewer.examine([Handed(b"y = 2\n", "y.py")])

    assert found.lines == 1
    await reviewer.close()


async def test_nothing_waits_for_ever() -> None:
    before = children()
    reviewer = Reviewer((), seconds_ready=0.1)
    await reviewer.examine([Handed(b"x = 1\n", "x.py")])
    assert children() - before

    for _ in range(100):
        if children() == before:
            break
        await asyncio.sleep(0.1)

    assert children() == before


async def test_reviews_side_by_side_leave_one_process_waiting() -> None:
    before = children()
    reviewer = Reviewer((), seconds_ready=60.0)
    await reviewer.examine([Handed(b"x = 1\n", f"{n}.py") for n in range(4)])

    assert len(children() - before) == 1
    await reviewer.close()
    assert children() == before
