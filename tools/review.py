"""Code a learner hands in: what it is and which concepts it works with. It is read, never run."""

import re
from dataclasses import dataclass

from pydantic import Field

from learning.catalogue import Catalogue
from learning.concepts import Concept
from store.script import Script, nothing
from tools.context import Context
from tools.plan import Arguments

MOST_CONCEPTS = 4
_FENCE = re.compile(r"```[\w+-]*\n?(?P<code>.*?)(?:```|\Z)", re.DOTALL)
_PYTHON = re.compile(
    r"^\s*(?:def \w+\(|class \w+[(:]|import \w|from [\w.]+ import |for \w.* in .*:)"
    r"|^\s*(?:if|with) .+:$"
    r"|^\s*(?:print|self\.\w+|\w+(?:\.\w+)*)\(.*\)|^\s*[\w., ]+ = .+[^;]$",
    re.MULTILINE,
)
_OTHER = re.compile(
    r"[{;]\s*$|^\s*(?:#include|public |func |fn |let |const |var |package |SELECT )", re.MULTILINE
)
_NAME = re.compile(r"[A-Za-z_]\w{2,}")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# A short name is a concept's only as a whole: GPT in GPTConfig is one, mla in family is none.
_SHORTEST_PART = 6


class ReviewCode(Arguments):
    code: str = Field("", max_length=4000, description="The code as it was pasted; may be empty.")


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """No code was handed in yet."""


@dataclass(frozen=True, slots=True)
class CodeReceived:
    """`concepts` are those whose names the code uses, in their order."""

    lines: int
    is_python: bool
    concepts: tuple[Concept, ...]


def review_code(context: Context, wanted: ReviewCode) -> Script[CodeWanted | CodeReceived]:
    fenced = _FENCE.search(wanted.code)
    code = fenced["code"] if fenced else wanted.code
    lines = [line for line in code.splitlines() if line.strip()]
    if not lines:
        return (yield from nothing(CodeWanted()))
    is_python = bool(_PYTHON.search(code)) and not _OTHER.search(code)
    concepts = concepts_in(code, context.catalogue)[:MOST_CONCEPTS]
    return (yield from nothing(CodeReceived(len(lines), is_python, concepts)))


def concepts_in(code: str, catalogue: Catalogue) -> tuple[Concept, ...]:
    """Concepts by the names in the code: nn.MultiheadAttention, LoraConfig, cross_entropy."""
    names = {
        squashed: concept
        for concept in catalogue.concepts.values()
        for name in (concept.name.en, *concept.aliases)
        if name.isascii() and len(squashed := _squashed(name)) >= 3
    }
    parts = sorted((one for one in names if len(one) >= _SHORTEST_PART), key=len, reverse=True)
    found: dict[str, Concept] = {}
    for written in dict.fromkeys(_NAME.findall(code)):
        word = _squashed(written)
        words = [word, *map(_squashed, _WORD.findall(written))]
        hit = next((one for one in words if one in names), None)
        hit = hit or next((one for one in parts if one in word), None)
        if hit is not None:
            found.setdefault(names[hit].id, names[hit])
    return tuple(found.values())


def _squashed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
