"""What is remembered of a learner: typed, short, and nothing that should not be written down."""

import re
import unicodedata
from enum import StrEnum
from itertools import pairwise

MOST_FACTS = 30
LONGEST_FACT = 200


class FactKind(StrEnum):
    """What a fact is about, in the order in which facts are shown."""

    NAME = "name"
    GOAL = "goal"
    BACKGROUND = "background"
    HARDWARE = "hardware"
    TIME = "time"
    STYLE = "style"
    OTHER = "other"


# Of these the latest counts; of the others there can be several.
SINGLE = frozenset({FactKind.NAME, FactKind.GOAL, FactKind.TIME, FactKind.STYLE})

_LINK = re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,12}://|\bwww\.)[^\s，。；！？、）)」』>\"]+", re.I)
_MENTION = re.compile(r"(?<![\w.])[@＠][\w.#-]+|<[@#][^>]*>")
_OUTER = " \t,，.。;；:：!！~、“”\"'「」"

_NAMED_SECRET = re.compile(
    r"(?:密码|口令|密钥|令牌|验证码|私钥|pass(?:word|wd|code|phrase)|secret|token|credential"
    r"|api[ _-]?key|access[ _-]?key|\bpin)\s*(?:是|为|叫|is\b|was\b|=|:|：)\s*\S{3,}",
    re.I,
)
# With a digit in it: skip-connections are no key.
_KNOWN_SECRET = re.compile(
    r"\b(?:sk|pk|rk|gsk|hf|gh[pousr]|glpat|github_pat|xox[abprs]|npm|pypi)[-_]"
    r"(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{12,}"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\bAIza[A-Za-z0-9_-]{20,}|\beyJ[A-Za-z0-9_-]{12,}"
    r"|-----BEGIN|\b\d{6,12}:[A-Za-z0-9_-]{30,}"
)
# An identity card, or the number of a bank card.
_NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d(?:[ -]?\d){14,18})(?!\d)")
_RUN = re.compile(r"[A-Za-z0-9+/_=-]{20,}")


def cleaned(words: str) -> str:
    """The words on one line, without links, mentions and signs that cannot be seen."""
    words = "".join(
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in words
        if unicodedata.category(char) not in {"Cf", "Cs", "Co", "Cn"}
    )
    words = _MENTION.sub(" ", _LINK.sub(" ", words))
    return " ".join(words.split()).strip(_OUTER)[:LONGEST_FACT].rstrip()


def holds_secret(words: str) -> bool:
    """Whether words look like a key, a password or a personal number."""
    if any(rule.search(words) for rule in (_NAMED_SECRET, _KNOWN_SECRET, _NUMBER)):
        return True
    return any(_looks_random(run.group()) for run in _RUN.finditer(words))


def holds_key(words: str) -> bool:
    """Whether a key of a known kind stands in words, such as `sk-…` or a bot's token."""
    return _KNOWN_SECRET.search(words) is not None


def without_keys(words: str) -> str:
    """The words with a mark in the place of each key."""
    return _KNOWN_SECRET.sub("[…]", words)


def _looks_random(run: str) -> bool:
    """Letters and digits mixed as no name is: a key without its usual beginning."""
    switches = sum(
        before.isdigit() != after.isdigit() or before.isupper() != after.isupper()
        for before, after in pairwise(run)
        if before.isalnum() and after.isalnum()
    )
    return any(char.isdigit() for char in run) and switches >= len(run) // 3
