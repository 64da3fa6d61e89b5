"""The child process that reads one submission, within limits, and tells what it saw as JSON.

It starts without site-packages and imports only the standard library and `learning.code_review`, so
that it costs some tens of milliseconds. Once the content has come it can open no file and no
socket any more: no descriptor is left to it.
"""

import ast
import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from learning.code_review.looking import Seen, look_at
from learning.code_review.source import Kind, Part, Place, Problem, Source, source_of, without_words
from learning.code_review.syntax import explained

CPU_SECONDS: Final = 2
MEMORY: Final = 256 * 1024 * 1024
# Deep enough for any file that people write, and far from where the interpreter's stack ends.
DEEPEST: Final = 2_000
MOST_OF_RUFF: Final = 50
# What a snippet need not define or use, and a notebook shows as the last line of a cell.
_ONLY_WHOLE: Final = frozenset({"F401", "F811", "F821", "F841", "E402"})
# What ruff's message names first stands in backticks.
_NAMED: Final = re.compile(r"`([^`]{1,80})`")
_ONLY_SCRIPTS: Final = frozenset({"B015", "B018", "F811"})


def main() -> None:
    """Read a header line and the content from standard input, answer on standard output."""
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    sys.setrecursionlimit(DEEPEST)
    line = sys.stdin.buffer.readline()
    if not line:
        # Nobody has anything to read any more.
        return
    header = json.loads(line)
    content = sys.stdin.buffer.read()
    answer = _read(content, header["name"], header["ruff"], header["codes"])
    json.dump(answer, sys.stdout, ensure_ascii=True)


def _read(content: bytes, name: str, ruff: str, codes: Sequence[str]) -> dict[str, object]:
    source = source_of(content, name)
    told = _told(source)
    if source.problem is not None or not source.parts:
        return told
    parts, problems = _parsed(source.parts, is_paste=not name)
    told["problems"] = [_problem(one) for one in problems]
    told["lines"] = sum(_lines_of(one) for one in source.parts)
    if not parts:
        return told
    text, places = _joined(parts)
    wanted = [one for one in codes if _is_for(one, source)]
    checking = _start_ruff(ruff, wanted, text) if wanted else None
    # From here on nothing can be opened.
    _limit(resource.RLIMIT_NOFILE, 0)
    looked = look_at(ast.parse(text), text)
    seen = [*looked.seen, *(_ruffs(checking) if checking is not None else ())]
    told["seen"] = [_seen(one, places) for one in seen]
    told["fine"] = list(looked.fine)
    told["failed"] = dict(looked.failed)
    told["code"] = text
    told["runs"] = list(_runs(places))
    return told


def _parsed(parts: Sequence[Part], *, is_paste: bool) -> tuple[list[Part], list[Problem]]:
    """The parts that are Python, and what is wrong with the others; a paste may hold sentences."""
    found: list[Part] = []
    problems: list[Problem] = []
    for part in parts:
        error = _error_in(part.text)
        bare = without_words(part) if error is not None and is_paste else None
        if error is None:
            found.append(part)
        elif bare is not None and _error_in(bare.text) is None:
            found.append(bare)
        else:
            problems.append(explained(error, part))
    return found, problems


def _error_in(text: str) -> Exception | None:
    """Why a text is no Python, or None."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return error
    return None


def _joined(parts: Sequence[Part]) -> tuple[str, list[Place]]:
    """All parts as one text, and the place in the learner's file of each of its lines."""
    places = [part.place(n) for part in parts for n in range(1, part.text.count("\n") + 2)]
    return "\n".join(part.text for part in parts), places


def _lines_of(part: Part) -> int:
    """As an editor counts them, so that a finding's line is among them."""
    text = part.text.rstrip()
    return text.count("\n") + 1 if text else 0


def _is_for(code: str, source: Source) -> bool:
    if source.kind is Kind.SCRIPT:
        return True
    return code not in _ONLY_SCRIPTS and (source.is_whole or code not in _ONLY_WHOLE)


def _start_ruff(ruff: str, codes: Sequence[str], text: str) -> "subprocess.Popen[bytes]":
    """Let ruff look at the same text meanwhile; it reads all of it before it writes."""
    options = ("--isolated", "--no-cache", "--quiet", "--output-format=json")
    command = (
        ruff,
        "check",
        *options,
        f"--select={','.join(codes)}",
        "--stdin-filename=x.py",
        "-",
    )
    process = subprocess.Popen(  # noqa: S603 - the path is ours, the text goes by the pipe
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"RAYON_NUM_THREADS": "1"},
        cwd="/",
    )
    if process.stdin is not None:
        process.stdin.write(text.encode(errors="replace"))
        process.stdin.close()
    return process


def _ruffs(process: "subprocess.Popen[bytes]") -> list[Seen]:
    said = process.stdout.read() if process.stdout is not None else b""
    process.wait()
    found: list[Seen] = []
    for one in json.loads(said or b"[]")[:MOST_OF_RUFF]:
        where = one["location"]
        named = _NAMED.search(one["message"])
        names = {"name": named[1]} if named else {}
        found.append(Seen(f"ruff:{one['code']}", where["row"], where["column"] - 1, names))
    return found


def _told(source: Source) -> dict[str, object]:
    return {
        "kind": source.kind,
        "language": source.language,
        "notices": list(source.notices),
        "problems": [_problem(source.problem)] if source.problem is not None else [],
    }


def _problem(one: Problem) -> dict[str, object]:
    place = None if one.place is None else _place(one.place)
    return {"key": one.key, "place": place, "names": dict(one.names)}


def _seen(one: Seen, places: Sequence[Place]) -> dict[str, object]:
    place = places[min(one.line, len(places)) - 1]
    return {"rule": one.rule, "place": _place(place), "names": dict(one.names)}


def _runs(places: Sequence[Place]) -> Iterator[dict[str, object]]:
    """Where each run of lines that follow one another begins."""
    before: Place | None = None
    for number, place in enumerate(places, 1):
        if before is None or place != Place(before.line + 1, before.cell):
            yield {"line": number, "place": _place(place)}
        before = place


def _place(one: Place) -> dict[str, int | None]:
    return {"line": one.line, "cell": one.cell}


def _limit(what: int, most: int) -> None:
    """Lower a limit for good; one that is lower already stays."""
    _, hard = resource.getrlimit(what)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (wanted, wanted))


if __name__ == "__main__":
    main()
