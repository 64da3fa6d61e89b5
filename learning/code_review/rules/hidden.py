"""What hides in a file: characters nobody sees, and words meant for whoever reads by machine."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from typing import Final

from learning.code_review.hidden import HIDDEN
from learning.code_review.reading import Fine, Hit, Reading
from learning.code_review.rules.shape import Matcher

_ADDRESSES: Final = re.compile(
    r"(?:ignore|disregard|forget)\b[^,.;]{0,20}\b(?:previous|above|prior|earlier|all|your)\b[^,.;]{0,20}"
    r"\b(?:instructions?|prompts?|rules?|messages?)"
    r"|(?:ignore|disregard|forget)\b[^,.;]{0,20}\b(?:instructions?|prompts?|rules?)\s+(?:above|before)\b"
    r"|\bas an?\s+(?:ai|llm|(?:large )?language model|assistant|reviewer)\b[^.]{0,10}\byou\b"
    r"|^\W*(?-i:SYSTEM)\s*:\s*\S|<\|im_start\|>system"
    r"|\b(?:dear|attention|note to|hey)\s+(?:the\s+)?(?:ai|llm|model|assistant|reviewer|chatgpt|gpt)\b"
    r"|\b(?:ai|llm|assistant|reviewer)s?\b.{0,25}\b(?:must|should|please)\b.{0,40}"
    r"\b(?:say|report|approve|praise|mark|skip|rate)"
    r"|(?:忽略|无视|忘记).{0,12}(?:以上|之前|前面|上面|先前|所有).{0,12}(?:指令|提示|要求|规则|内容)"
    r"|(?:AI|模型|助手|评审|审阅者|点评).{0,12}(?:必须|请|直接|务必).{0,20}(?:回复|说|给|通过|满分|标记|输出|跳过)"
    r"|(?:直接|务必)?(?:给|打).{0,4}满分",
    re.I,
)


def invisible_characters(reading: Reading) -> Iterator[Hit | Fine]:
    for number, line in enumerate(reading.text.split("\n"), 1):
        found = HIDDEN.search(line)
        if found is not None:
            point = f"U+{ord(found[0][0]):04X}"
            yield Hit(_at(number, found.start()), {"code_point": point})


def text_addresses_a_model(reading: Reading) -> Iterator[Hit | Fine]:
    for number, words in (*_comments(reading.text), *_loose_strings(reading)):
        if _ADDRESSES.search(words):
            yield Hit(_at(number, 0), {"words": " ".join(words.split())[:40]})


def _comments(text: str) -> Iterator[tuple[int, str]]:
    if "#" not in text:
        return
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string.lstrip("# ")
    except (tokenize.TokenError, IndentationError):
        return


def _loose_strings(reading: Reading) -> Iterator[tuple[int, str]]:
    """Texts that no code works with: docstrings, lone strings, and those bound to a plain name."""
    for one in reading.all(ast.Constant):
        if not isinstance(one.value, str) or len(one.value) < 8:
            continue
        holder = reading.parent(one)
        is_printed = isinstance(holder, ast.Call) and reading.called(holder) == "print"
        if is_printed or isinstance(holder, (ast.Expr, ast.Assign)):
            for offset, line in enumerate(one.value.split("\n")):
                yield one.lineno + offset, line


def _at(line: int, column: int) -> ast.AST:
    """A place in the text, as a finding takes it."""
    return ast.Pass(lineno=line, col_offset=column)


MATCHERS: Final[Mapping[str, Matcher]] = {
    "invisible-characters": invisible_characters,
    "text-addresses-a-model": text_addresses_a_model,
}
