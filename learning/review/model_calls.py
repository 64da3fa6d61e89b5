"""Calls to models and services as code makes them, and what comes out of them."""

import ast
from collections.abc import Callable, Iterator
from typing import Final

from learning.review.reading import Reading
from learning.review.tree import words_of
from learning.review.vocabulary import words

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
    return method in _METHODS and bool(words_of(receiver) & _RECEIVERS)


def is_request(reading: Reading, call: ast.Call) -> bool:
    """A request by a library of plain functions."""
    root, _, method = reading.called(call).rpartition(".")
    return root in {"requests", "httpx"} and method in words("get post put patch delete request")


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
            names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
            if binding.node.arg not in names:
                continue
            place = names.index(binding.node.arg) - (names[:1] == ["self"])
            for call in reading.calls_of(function)[:6]:
                given = reading.argument(call, binding.node.arg, place)
                if given is not None:
                    yield given


def is_said_by_model(reading: Reading, node: ast.AST | None) -> bool:
    """Whether a value holds what a model said."""
    return (
        comes_from(
            reading, node, lambda one: isinstance(one, ast.Call) and is_model_call(reading, one)
        )
        is not None
    )
