"""Retrieval and agents: chunks, prompts, loops, and what a model's words may set off."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

from learning.review.model_calls import comes_from, is_model_call, is_said_by_model, path_of
from learning.review.reading import Fine, Hit, Reading
from learning.review.rules.shape import Matcher
from learning.review.tree import Function, names_in, shown, words_of
from learning.review.vocabulary import words

_RUNS: Final = words(
    "eval exec os.system os.popen subprocess.run subprocess.call subprocess.Popen "
    "subprocess.check_output subprocess.check_call subprocess.getoutput"
)
_QUERY: Final = words("query question q prompt")
_DOCS: Final = words("doc docs document documents chunk chunks text texts passage passages corpus")
_FOUND: Final = words("doc docs document documents chunk chunks passage passages hit hits contexts")
_FOREIGN: Final = words(
    "user query question input message text doc docs document documents context contexts chunk "
    "chunks retrieved page html bio profile review comment email name nickname content passage"
)
_TOOL_MARKS: Final = words("tool function_tool register_tool kernel_function ai_function")
_CHECKS: Final = words("model_validate model_validate_json validate TypeAdapter parse_obj get")
_EMBEDDERS: Final = words(
    "SentenceTransformer HuggingFaceEmbeddings HuggingFaceBgeEmbeddings OpenAIEmbeddings "
    "SentenceTransformerEmbeddings OllamaEmbeddings ZhipuAIEmbeddings"
)
LEAST_SHARE: Final = 0.5


def chunk_overlap_too_large(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        size = reading.number(reading.argument(call, "chunk_size"))
        overlap = reading.number(reading.argument(call, "chunk_overlap"))
        if size and overlap is not None:
            yield from _overlap(call, size, overlap)
        elif isinstance(call.func, ast.Name) and call.func.id == "range" and len(call.args) == 3:
            step = call.args[2]
            if isinstance(step, ast.Name):
                values = [one.value for one in reading.bindings(step) if one.value is not None]
                step = values[0] if values else step
            if isinstance(step, ast.BinOp) and isinstance(step.op, ast.Sub):
                size, overlap = reading.number(step.left), reading.number(step.right)
                is_overlap = "overlap" in ast.unparse(step.right).lower()
                if size and overlap is not None and is_overlap:
                    yield from _overlap(call, size, overlap)
    for loop in reading.all(ast.While):
        for change in reading.within(loop, ast.AugAssign):
            step = change.value
            if isinstance(step, ast.BinOp) and isinstance(step.op, ast.Sub):
                size, overlap = reading.number(step.left), reading.number(step.right)
                if size and overlap is not None and "overlap" in ast.unparse(step.right).lower():
                    yield from _overlap(change, size, overlap)


def _overlap(node: ast.AST, size: float, overlap: float) -> Iterator[Hit | Fine]:
    if overlap >= size * LEAST_SHARE:
        yield Hit(node, {"size": f"{size:g}", "overlap": f"{overlap:g}"})
    else:
        yield Fine(node)


def embedders_differ(reading: Reading) -> Iterator[Hit | Fine]:
    index: dict[str, ast.AST] = {}
    query: dict[str, ast.AST] = {}
    for call in reading.all(ast.Call):
        for kind, model in _embeds(reading, call):
            (index if kind == "index" else query).setdefault(model, call)
    if index and query:
        if not set(index) & set(query):
            model, node = next(iter(query.items()))
            yield Hit(node, {"index": next(iter(index)), "query": model})
        else:
            yield Fine(next(iter(query.values())))


def _embeds(reading: Reading, call: ast.Call) -> Iterator[tuple[str, str]]:
    """Whether a call embeds what is indexed or what is asked, and with which model."""
    short = reading.short(call)
    path = path_of(call.func)
    if path.endswith("embeddings.create"):
        model = reading.string(reading.argument(call, "model"))
        kind = _kind(reading.argument(call, "input"), call, reading)
        if model and kind:
            yield kind, model
        return
    if short in {"from_documents", "from_texts", "add_documents", "load_local"} or short in {
        "Chroma",
        "PGVector",
        "Milvus",
    }:
        for one in (*call.args, *(each.value for each in call.keywords)):
            model = _embedder(reading, one)
            if model:
                yield ("query" if short in {"load_local", "Chroma"} else "index"), model
        return
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    if short in {"encode", "embed_query", "embed_documents", "embed"} and receiver is not None:
        model = _embedder(reading, receiver)
        kind = {"embed_query": "query", "embed_documents": "index"}.get(short)
        kind = kind or _kind(call.args[0] if call.args else None, call, reading)
        if model and kind:
            yield kind, model


def _embedder(reading: Reading, node: ast.expr) -> str | None:
    for origin in reading.origins(node):
        made = origin.node
        if origin.short in _EMBEDDERS and isinstance(made, ast.Call):
            for name in ("model_name", "model", "model_name_or_path"):
                found = reading.string(reading.argument(made, name, 0))
                if found:
                    return found
    return None


def _kind(node: ast.expr | None, call: ast.Call, reading: Reading) -> str | None:
    if node is None:
        return None
    named = {word for one in names_in(node) for word in words_of(one)}
    function = reading.function_of(call)
    around = words_of(function.name) if function else set()
    if named & _QUERY or around & (_QUERY | {"search", "retrieve", "ask"}):
        return "query"
    return "index" if named & _DOCS or around & {"index", "build", "ingest"} else None


def agent_loop_unbounded(reading: Reading) -> Iterator[Hit | Fine]:
    for loop in reading.all(ast.While):
        calls = [one for one in reading.within(loop, ast.Call) if is_model_call(reading, one)]
        if not calls or not _has_tools(reading, loop, calls):
            continue
        if _asks_a_person(loop) or not _is_endless(loop):
            continue
        if _is_counted(reading, loop):
            yield Fine(loop)
        else:
            yield Hit(loop, {"call": shown(calls[0].func)})


def _has_tools(reading: Reading, loop: ast.While, calls: list[ast.Call]) -> bool:
    if any(reading.argument(one, "tools") is not None for one in calls):
        return True
    text = ast.unparse(loop)
    return bool(
        re.search(r"tool_calls?|function_call|run_tool|tools?\[|action|observation", text, re.I)
    )


def _is_endless(loop: ast.While) -> bool:
    """`while True`, or as long as the model itself wants to go on."""
    text = ast.unparse(loop.test)
    return not re.search(r"[<>]|step|count|turn|budget|max", text, re.I)


def _is_counted(reading: Reading, loop: ast.While) -> bool:
    """Whether something is counted or timed in the loop and ends it."""
    for test in reading.within(loop, ast.If):
        ends = any(isinstance(one, (ast.Break, ast.Return, ast.Raise)) for one in ast.walk(test))
        if (
            ends
            and re.search(r"[<>]=?|==", ast.unparse(test.test))
            and re.search(
                r"step|count|turn|iter|max|budget|limit|time|depth|round|\bi\b|\bn\b|len\(",
                ast.unparse(test.test),
                re.I,
            )
        ):
            return True
    return False


def _asks_a_person(node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "input"
        for one in ast.walk(node)
    )


def history_unbounded(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if not is_model_call(reading, call):
            continue
        messages = reading.argument(call, "messages") or reading.argument(call, "input", 0)
        place = _talk_around(reading, call)
        if messages is None or place is None:
            continue
        kept = ast.unparse(messages)
        if not isinstance(messages, (ast.Name, ast.Attribute)):
            continue
        grown = list(_grown(place, kept))
        if not grown:
            continue
        if _is_cut(place, kept):
            yield Fine(call)
        else:
            yield Hit(min(grown, key=lambda one: one.lineno), {"messages": kept})


def _talk_around(reading: Reading, call: ast.Call) -> ast.AST | None:
    """A loop in which somebody talks, or a class that keeps a talk between its calls."""
    loop = reading.enclosing(call, ast.While)
    if loop is not None and _asks_a_person(loop):
        return loop
    messages = reading.argument(call, "messages")
    owner = reading.class_of(call)
    is_kept = isinstance(messages, ast.Attribute) and isinstance(messages.value, ast.Name)
    if owner is not None and is_kept and loop is None:
        return owner
    return None


def _grown(place: ast.AST, kept: str) -> Iterator[ast.expr | ast.stmt]:
    for one in ast.walk(place):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            if one.func.attr in {"append", "extend"} and ast.unparse(one.func.value) == kept:
                yield one
        elif isinstance(one, ast.AugAssign) and ast.unparse(one.target) == kept:
            yield one


def _is_cut(place: ast.AST, kept: str) -> bool:
    for one in ast.walk(place):
        match one:
            case ast.Delete(targets=targets) if any(kept in ast.unparse(each) for each in targets):
                return True
            case ast.Assign(targets=[target], value=value) if ast.unparse(target).startswith(kept):
                # The list is made anew, from a part of itself or by a helper.
                if not isinstance(value, ast.List) or "[-" in ast.unparse(value):
                    return True
                if not isinstance(place, ast.ClassDef):
                    return True
            case ast.Call(func=ast.Attribute(value=owner, attr="pop" | "clear" | "popleft")):
                if ast.unparse(owner) == kept:
                    return True
            case ast.Call(func=func) if re.search(
                r"trim|truncat|summar|compress|prune|shrink|window|cut", ast.unparse(func), re.I
            ):
                return True
            case ast.Call(func=ast.Name(id="deque")):
                return True
            case ast.Subscript(value=owner, slice=ast.Slice()) if ast.unparse(owner) == kept:
                return True
            case _:
                continue
    return False


def user_text_in_system_prompt(reading: Reading) -> Iterator[Hit | Fine]:
    for node, content in _system_texts(reading):
        made = [content, *(one.node for one in reading.origins(content))]
        foreign = next(((one, name) for one in made for name in _foreign_in(reading, one)), None)
        if foreign is not None:
            yield Hit(foreign[0], {"text": foreign[1]})
        else:
            yield Fine(node)


def _system_texts(reading: Reading) -> Iterator[tuple[ast.AST, ast.expr]]:
    for one in reading.all(ast.Dict):
        fields = {
            key.value: value
            for key, value in zip(one.keys, one.values, strict=True)
            if isinstance(key, ast.Constant)
        }
        role = fields.get("role")
        if isinstance(role, ast.Constant) and role.value in {"system", "developer"}:
            content = fields.get("content")
            if content is not None:
                yield one, content
    for call in reading.all(ast.Call):
        content = None
        if reading.short(call) in {"SystemMessage", "SystemMessagePromptTemplate"}:
            content = reading.argument(call, "content", 0)
        elif is_model_call(reading, call):
            content = reading.argument(call, "system") or reading.argument(call, "instructions")
        if content is not None:
            yield call, content


def _foreign_in(reading: Reading, node: ast.AST) -> Iterator[str]:
    """Names of other people's words that are put into a text."""
    match node:
        case ast.JoinedStr(values=values):
            gaps: list[ast.expr] = [
                one.value for one in values if isinstance(one, ast.FormattedValue)
            ]
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            gaps = [one for one in (node.left, node.right) if not isinstance(one, ast.Constant)]
        case ast.Call(func=ast.Attribute(attr="format")):
            gaps = [*node.args, *(one.value for one in node.keywords)]
        case _:
            return
    for gap in gaps:
        if isinstance(gap, ast.BinOp):
            yield from _foreign_in(reading, gap)
            continue
        named = {word for one in _all_names(gap) for word in words_of(one)}
        if (named & _FOREIGN and reading.string(gap) is None) or comes_from(
            reading, gap, _is_input
        ) is not None:
            yield shown(gap)


def _is_input(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "input"
    )


def _all_names(node: ast.AST) -> set[str]:
    found = names_in(node)
    found |= {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    return found | {
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def model_output_executed(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        name = reading.called(call)
        if name not in _RUNS or not call.args:
            continue
        # A choice looked up in a table of the author's own sets off nothing else.
        is_looked_up = isinstance(call.args[0], ast.Subscript)
        if not is_looked_up and is_said_by_model(reading, call.args[0]):
            yield Hit(call, {"call": shown(call.func), "words": shown(call.args[0])})


def tool_arguments_unchecked(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if reading.called(call) != "json.loads" or not call.args:
            continue
        if not ast.unparse(call.args[0]).endswith((".arguments", "['arguments']")):
            continue
        function = reading.function_of(call)
        around: ast.AST = function or reading.tree
        is_tried = reading.enclosing(call, ast.Try) is not None
        checks = (
            reading.short(one) in _CHECKS - {"get"} or "schema" in path_of(one.func).lower()
            for one in reading.within(around, ast.Call)
        )
        if is_tried or any(checks):
            yield Fine(call)
        else:
            yield Hit(call, {"arguments": shown(call.args[0])})


def tool_runs_anything(reading: Reading) -> Iterator[Hit | Fine]:
    functions: list[Function] = [*reading.all(ast.FunctionDef)]
    functions += reading.all(ast.AsyncFunctionDef)
    for function in functions:
        if not _is_tool(reading, function):
            continue
        given = [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]
        given = [one for one in given if one not in {"self", "cls"}]
        for call in reading.within(function, ast.Call):
            sink = _sink(reading, call)
            used = _used_of(reading, sink, given) if sink is not None else None
            if used is None:
                continue
            if _is_checked(reading, function, used):
                yield Fine(call)
            else:
                yield Hit(call, {"argument": used, "call": shown(call.func)})


def _is_tool(reading: Reading, function: Function) -> bool:
    for one in function.decorator_list:
        name = path_of(one.func if isinstance(one, ast.Call) else one)
        if name.rpartition(".")[2] in _TOOL_MARKS:
            return True
    for one in reading.all(ast.Name):
        if one.id != function.name or not isinstance(one.ctx, ast.Load):
            continue
        holder = reading.parent(one)
        if isinstance(holder, (ast.Dict, ast.List, ast.Tuple)):
            bound = reading.enclosing(one, ast.Assign, ast.AnnAssign, ast.keyword)
            text = ast.unparse(bound).partition("=")[0] if bound is not None else ""
            if re.search(r"tools?|functions|registry|actions|handlers", text, re.I):
                return True
        if isinstance(holder, (ast.keyword, ast.Call)) and re.search(
            r"tool", ast.unparse(holder)[:60], re.I
        ):
            return True
    return bool(re.search(r'["\']name["\']:\s*["\']' + re.escape(function.name), reading.text))


def _sink(reading: Reading, call: ast.Call) -> ast.expr | None:
    """What a call runs, or writes to."""
    name, short = reading.called(call), reading.short(call)
    first = call.args[0] if call.args else None
    if name in {"eval", "exec", "os.system", "os.popen", "subprocess.getoutput"}:
        return first
    if name.startswith("subprocess."):
        is_shell = reading.is_true(reading.argument(call, "shell"))
        return first if is_shell or not isinstance(first, ast.List) else None
    if short in {"execute", "executescript"}:
        return first
    if name == "open":
        mode = reading.string(reading.argument(call, "mode", 1)) or "r"
        return first if set(mode) & set("wax+") else None
    if short in {"write_text", "write_bytes", "unlink"} and isinstance(call.func, ast.Attribute):
        return call.func.value
    return first if name in {"os.remove", "shutil.rmtree"} else None


def _used_of(reading: Reading, sink: ast.expr, given: list[str]) -> str | None:
    found = comes_from(reading, sink, lambda one: isinstance(one, ast.Name) and one.id in given)
    return found.id if isinstance(found, ast.Name) else None


def _is_checked(reading: Reading, function: Function, used: str) -> bool:
    """Whether the argument is looked at before: a condition that ends, or a quoting helper."""
    tests = [one.test for one in reading.within(function, ast.If)]
    tests += [one.test for one in reading.within(function, ast.Assert)]
    if any(used in names_in(one) or _is_derived(reading, one, used) for one in tests):
        return True
    text = ast.unparse(function)
    return bool(
        re.search(r"shlex\.|literal_eval|secure_filename|is_relative_to|ALLOWED|allow", text)
    )


def _is_derived(reading: Reading, node: ast.expr, used: str) -> bool:
    return (
        comes_from(reading, node, lambda one: isinstance(one, ast.Name) and one.id == used)
        is not None
    )


def context_unbounded(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if (
            reading.short(call) != "join"
            or not call.args
            or not isinstance(call.func, ast.Attribute)
        ):
            continue
        some = call.args[0]
        source = (
            some.generators[0].iter if isinstance(some, (ast.GeneratorExp, ast.ListComp)) else some
        )
        if not isinstance(source, ast.Name) or not words_of(source.id) & _FOUND:
            continue
        parent = reading.parent(call)
        if isinstance(parent, ast.Subscript) or not _is_in_a_prompt(reading, call):
            continue
        if _may_be_many(reading, source):
            yield Hit(call, {"documents": source.id})
    for loop in reading.all(ast.For):
        source = loop.iter
        if not isinstance(source, ast.Name) or not words_of(source.id) & _FOUND:
            continue
        for change in reading.within(loop, ast.AugAssign):
            if _is_put_in_a_prompt(reading, change.target) and _may_be_many(reading, source):
                yield Hit(change, {"documents": source.id})


def _may_be_many(reading: Reading, source: ast.Name) -> bool:
    """Whether nothing in sight bounds how many documents there are, or how much of them is used."""
    function = reading.function_of(source)
    around = ast.unparse(function) if function is not None else ""
    if re.search(r"max|budget|limit|top_?k|\bk=|token|break|\[:", around, re.I):
        return False
    for one in reading.bindings(source):
        if one.how == "parameter":
            return "retrieved" in source.id and function is not None
        if one.value is not None and _gives_all(reading, one.value):
            return True
    return False


def _is_put_in_a_prompt(reading: Reading, target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and any(
        target.id in names_in(one) for one in reading.all(ast.JoinedStr)
    )


def _gives_all(reading: Reading, value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    limits = words("k top_k topk limit n n_results num_results size")
    if any(one.arg in limits for one in value.keywords):
        return False
    everything = words(
        "load load_and_split split_text split_documents get_all fetchall readlines invoke"
    )
    return reading.short(value) in everything or path_of(value.func).endswith("collection.get")


def _is_in_a_prompt(reading: Reading, call: ast.Call) -> bool:
    if reading.enclosing(call, ast.JoinedStr) is not None:
        return True
    match reading.parent(call):
        case ast.Assign(targets=[ast.Name(id=name)]):
            return any(name in names_in(one) for one in reading.all(ast.JoinedStr)) or any(
                name in names_in(one)
                for one in reading.all(ast.Call)
                if is_model_call(reading, one) or reading.short(one) == "format"
            )
        case _:
            return False


MATCHERS: Final[Mapping[str, Matcher]] = {
    "chunk-overlap-too-large": chunk_overlap_too_large,
    "embedders-differ": embedders_differ,
    "agent-loop-unbounded": agent_loop_unbounded,
    "history-unbounded": history_unbounded,
    "user-text-in-system-prompt": user_text_in_system_prompt,
    "model-output-executed": model_output_executed,
    "tool-arguments-unchecked": tool_arguments_unchecked,
    "tool-runs-anything": tool_runs_anything,
    "context-unbounded": context_unbounded,
}
