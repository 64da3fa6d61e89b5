"""Calls to models and services as code makes them, and what comes out of them."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Final

from learning.code_review.reading import Reading
from learning.code_review.tree import COMPREHENSIONS, words_of
from learning.code_review.vocabulary import words

CLIENTS: Final = words(
    "OpenAI AsyncOpenAI AzureOpenAI AsyncAzureOpenAI Anthropic AsyncAnthropic ZhipuAI Groq Mistral "
    "Together Cohere InferenceClient"
)
ASYNC_CLIENTS: Final = words("AsyncOpenAI AsyncAzureOpenAI AsyncAnthropic")
_PATHS: Final = (
    "completions.create",
    "responses.create",
    "messages.create",
    "embeddings.create",
    "ChatCompletion.create",
    "images.generate",
)
_FUNCTIONS: Final = words(
    "litellm.completion ollama.chat ollama.generate dashscope.Generation.call"
)
_METHODS: Final = words("invoke ainvoke generate_content chat complete")
_RECEIVERS: Final = words("llm chain chat model agent gemini")
_ADDRESSES: Final = re.compile(r"/chat/completions|/api/(?:generate|chat)\b|/v1/messages")
_REQUESTS: Final = words("get post put patch delete request")
_SESSIONS: Final = ("requests.Session", "requests.session", "httpx.Client")
MOST_HELPERS: Final = 2
MOST_STEPS: Final = 200


def path_of(node: ast.AST) -> str:
    """The attributes of what is called, from the left: `client.chat.completions.create`."""
    parts: list[str] = []
    while True:
        match node:
            case ast.Attribute(value=inner, attr=attr):
                parts.append(attr)
                node = inner
            case ast.Call(func=inner):
                node = inner
            case ast.Name(id=id):
                parts.append(id)
                return ".".join(reversed(parts))
            case _:
                return ".".join(reversed(parts))


def is_model_call(reading: Reading, call: ast.Call) -> bool:
    path = path_of(call.func)
    if path.endswith(_PATHS) or reading.called(call) in _FUNCTIONS:
        return True
    receiver, _, method = path.rpartition(".")
    if method in _METHODS and words_of(receiver) & _RECEIVERS:
        return True
    # Some ask a model without its library.
    address = reading.argument(call, "url", 0) if method == "post" else None
    return bool(address is not None and _ADDRESSES.search(reading.string(address) or ""))


def is_request(reading: Reading, call: ast.Call) -> bool:
    """A request that blocks: by a library of plain functions, or by a session of one."""
    root, _, method = reading.called(call).rpartition(".")
    if method not in _REQUESTS:
        return False
    return root in {"requests", "httpx"} or is_of_session(reading, call, *_SESSIONS)


def is_of_session(reading: Reading, call: ast.Call, *made_by: str) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return any(one.name in made_by for one in reading.origins(owner))


def repeats(reading: Reading, node: ast.AST, inner: ast.AST) -> bool:
    """Whether a loop or comprehension runs what stands in it again and again.

    What it goes through is made once.
    """
    if isinstance(node, COMPREHENSIONS):
        return not _holds(reading, node.generators[0].iter, inner)
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return not _holds(reading, node.iter, inner)
    return isinstance(node, ast.While)


def _holds(reading: Reading, outer: ast.AST, inner: ast.AST) -> bool:
    return outer is inner or any(one is outer for one in reading.ancestors(inner))


def asks_a_person(node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "input"
        for one in ast.walk(node)
    )


def model_calls_in(reading: Reading, node: ast.AST, depth: int = 0) -> list[ast.Call]:
    """The calls to models in a piece of code, also those in helpers that it calls."""
    found: list[ast.Call] = []
    for call in reading.within(node, ast.Call):
        if is_model_call(reading, call):
            found.append(call)
        elif depth < MOST_HELPERS and (target := reading.target(call)) is not None:
            found.extend(model_calls_in(reading, target, depth + 1))
    return found


def comes_from(
    reading: Reading, node: ast.AST | None, test: Callable[[ast.AST], bool]
) -> ast.AST | None:
    """The first thing a value depends on that passes a test: names, helpers and parameters too."""
    return next((one for one in depends_on(reading, node) if test(one)), None)


def depends_on(reading: Reading, node: ast.AST | None) -> Iterator[ast.AST]:
    """Whatever stands in the making of a value, as far as the file shows it."""
    stack = [node] if node is not None else []
    seen: set[ast.AST] = set()
    while stack and len(seen) < MOST_STEPS:
        one = stack.pop()
        if one in seen:
            continue
        seen.add(one)
        yield one
        stack.extend(ast.iter_child_nodes(one))
        match one:
            case ast.Name(ctx=ast.Load()):
                stack.extend(_behind(reading, one))
            case ast.Attribute(value=ast.Name(id="self"), attr=attr):
                owner = reading.class_of(one)
                kept = reading.attributes(owner).get(attr, ()) if owner else ()
                stack.extend(each.value for each in kept if each.value is not None)
            case ast.Call():
                target = reading.target(one)
                if target is not None:
                    given = (each.value for each in reading.within(target, ast.Return))
                    stack.extend(each for each in given if each is not None)
            case _:
                continue


def _behind(reading: Reading, name: ast.Name) -> Iterator[ast.AST]:
    for binding in reading.bindings(name):
        if binding.value is not None:
            yield binding.value
        elif binding.how == "parameter" and isinstance(binding.node, ast.arg):
            function = reading.function_of(binding.node)
            if function is None:
                continue
            wanted = binding.node.arg
            names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
            if wanted in {"self", "cls"}:
                continue
            place = names.index(wanted) - (names[:1] == ["self"]) if wanted in names else None
            for call in reading.calls_of(function)[:6]:
                given = reading.argument(call, wanted, place)
                if given is not None:
                    yield given


def is_said_by_model(reading: Reading, node: ast.AST | None) -> bool:
    """Whether a value holds what a model said."""

    def says(one: ast.AST) -> bool:
        if not isinstance(one, ast.Call):
            return False
        is_local = isinstance(one.func, ast.Attribute) and one.func.attr == "generate"
        return is_local or is_model_call(reading, one)

    return comes_from(reading, node, says) is not None
