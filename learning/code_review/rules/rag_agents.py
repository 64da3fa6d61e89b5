"""Retrieval and agents: chunks, prompts, loops, and what a model's words may set off."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from learning.code_review.model_calls import (
    asks_a_person,
    comes_from,
    is_model_call,
    is_said_by_model,
    model_calls_in,
    path_of,
)
from learning.code_review.reading import Fine, Hit, Reading
from learning.code_review.rules.shape import Matcher
from learning.code_review.tree import Function, names_in, shown, words_of
from learning.code_review.vocabulary import words

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
_TOOL_ARGUMENTS: Final = re.compile(
    r"(?:call|function|tool|func|fc|tc|action)\w*(?:\[[^\]]*\])*"
    r"(?:\.arguments|\['arguments'\])$",
    re.I,
)
_TABLES: Final = re.compile(r"tools?|functions|registry|actions|handlers", re.I)
_TOOL: Final = re.compile(r"(?<!func)(?<!iter)tool", re.I)
_TOOL_BASES: Final = words("BaseTool StructuredTool Tool")
_TOOL_METHODS: Final = words("_run _arun forward")
_SEARCHES: Final = words("similarity_search get_relevant_documents retrieve")
LEAST_SHARE: Final = 0.5
_SHORTENS: Final = re.compile(r"trim|truncat|summar|compress|prune|shrink|window|cut", re.I)


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
        changes: list[ast.AugAssign | ast.Assign] = [*reading.within(loop, ast.AugAssign)]
        changes += reading.within(loop, ast.Assign)
        for change in changes:
            step = change.value
            if not isinstance(step, ast.BinOp) or not isinstance(step.op, ast.Sub):
                continue
            if "overlap" not in ast.unparse(step.right).lower():
                continue
            left = step.left if isinstance(change, ast.AugAssign) else _size(reading, step.left)
            size, overlap = reading.number(left), reading.number(step.right)
            if size and overlap is not None:
                yield from _overlap(change, size, overlap)


def _size(reading: Reading, end: ast.expr) -> ast.expr | None:
    """The size in `start + size`, which is where a chunk ends, also by a name or within `min`."""
    match end:
        case ast.BinOp(op=ast.Add(), right=size):
            return size
        case ast.Name():
            made = [one.value for one in reading.bindings(end) if one.value is not None]
            return None if len(made) != 1 or made[0] is end else _size_of_sum(made[0])
        case _:
            return None


def _size_of_sum(made: ast.expr) -> ast.expr | None:
    match made:
        case ast.BinOp(op=ast.Add(), right=size):
            return size
        case ast.Call(func=ast.Name(id="min"), args=args):
            sums = [one for one in args if isinstance(one, ast.BinOp)]
            return _size_of_sum(sums[0]) if sums else None
        case _:
            return None


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
        named = reading.string(reading.argument(call, "model"))
        kind = _kind(reading.argument(call, "input"), call, reading)
        if named and kind:
            yield kind, named
        return
    helper = reading.target(call)
    given = _model_for(reading, helper, call) if helper is not None else None
    if given is not None and call.args:
        kind = _kind(call.args[0], call, reading)
        if kind:
            yield kind, given
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


def _model_for(reading: Reading, helper: Function, call: ast.Call) -> str | None:
    """The model that a call of a helper has it embed with, where the helper takes it."""
    names = [one.arg for one in (*helper.args.posonlyargs, *helper.args.args)]
    places = [one for one in names if one != "self"]
    for inner in reading.within(helper, ast.Call):
        model = reading.argument(inner, "model")
        if not path_of(inner.func).endswith("embeddings.create") or not isinstance(model, ast.Name):
            continue
        if model.id in places:
            return reading.string(reading.argument(call, model.id, places.index(model.id)))
    return None


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
        calls = model_calls_in(reading, loop)
        if not calls or not _has_tools(reading, loop, calls):
            continue
        if asks_a_person(loop) or not _is_endless(loop):
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


def history_unbounded(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if not is_model_call(reading, call):
            continue
        messages = reading.argument(call, "messages") or reading.argument(call, "input", 0)
        place = _talk_around(reading, call)
        if messages is None or place is None:
            continue
        messages = _last_part(messages)
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


def _last_part(messages: ast.expr) -> ast.expr:
    """The history of `[system] + history`."""
    match messages:
        case ast.BinOp(op=ast.Add(), right=right):
            return right
        case ast.List(elts=[*_, ast.Starred(value=right)]):
            return right
        case _:
            return messages


def _talk_around(reading: Reading, call: ast.Call) -> ast.AST | None:
    """A loop in which somebody talks, or a class that keeps a talk between its calls."""
    loop = reading.enclosing(call, ast.While)
    if loop is not None and asks_a_person(loop):
        return loop
    messages = reading.argument(call, "messages")
    function = reading.function_of(call)
    if isinstance(messages, ast.Name) and function is not None and loop is None:
        is_kept_outside = all(
            reading.function_of(one.node) is None and one.how == "assign"
            for one in reading.bindings(messages)
        )
        is_asked = any(
            asks_a_person(around)
            for one in reading.calls_of(function)
            for around in reading.loops_of(one)
        )
        # A framework calls it again and again.
        is_handler = isinstance(function, ast.AsyncFunctionDef) or bool(function.decorator_list)
        is_asked = is_asked or (is_handler and not reading.calls_of(function))
        return reading.tree if is_kept_outside and is_asked else None
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
                if not isinstance(place, (ast.ClassDef, ast.Module)):
                    return True
            case ast.Call(func=ast.Attribute(value=owner, attr=attr), args=args):
                # A bare pop takes back what was said last, after a failure.
                cuts = attr in {"clear", "popleft"} or (attr == "pop" and args)
                if cuts and ast.unparse(owner) == kept:
                    return True
                if _SHORTENS.search(f"{ast.unparse(owner)}.{attr}"):
                    return True
            case ast.Call(func=func) if _SHORTENS.search(ast.unparse(func)):
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
    for pair in reading.all(ast.Tuple):
        holder = reading.parent(pair)
        match pair.elts:
            case [ast.Constant(value="system"), content] if (
                isinstance(holder, ast.List) or reading.short(holder) == "append"
            ):
                yield pair, content
            case _:
                continue
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
        case ast.Constant(value=str() as text) if _is_template(reading, node):
            yield from (gap for gap in re.findall(r"\{(\w+)\}", text) if _is_foreign({gap}))
            return
        case _:
            return
    for gap in gaps:
        if isinstance(gap, ast.BinOp):
            yield from _foreign_in(reading, gap)
            continue
        is_foreign = _is_foreign(_all_names(gap)) and reading.string(gap) is None
        if is_foreign or comes_from(reading, gap, _is_input) is not None:
            yield shown(gap)


def _is_foreign(names: set[str]) -> bool:
    named = {word for one in names for word in words_of(one)}
    return bool((named | {word.removesuffix("s") for word in named}) & _FOREIGN)


def _is_template(reading: Reading, node: ast.AST) -> bool:
    """Whether a text with gaps is filled by LangChain."""
    around = (reading.short(one) for one in reading.ancestors(node) if isinstance(one, ast.Call))
    return any(one in {"from_messages", "ChatPromptTemplate"} for one in around)


def _is_input(node: ast.AST) -> bool:
    """What somebody types, or what a search brings back."""
    match node:
        case ast.Call(func=ast.Name(id="input")):
            return True
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in _SEARCHES
        case ast.Attribute(attr="page_content"):
            return True
        case _:
            return False


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
        given = [call.args[0]]
        if isinstance(call.args[0], ast.Name):
            made = (one.value for one in reading.bindings(call.args[0]))
            given += [one for one in made if one is not None]
        if not any(_TOOL_ARGUMENTS.search(ast.unparse(one)) for one in given):
            continue
        function = reading.function_of(call)
        around: ast.AST = function or reading.tree
        is_tried = _is_tried(reading, call)
        checks = (
            reading.short(one) in _CHECKS - {"get"} or "schema" in path_of(one.func).lower()
            for one in reading.within(around, ast.Call)
        )
        if is_tried or any(checks):
            yield Fine(call)
        elif not _is_handed_on(reading, call):
            yield Hit(call, {"arguments": shown(call.args[0])})


def _is_handed_on(reading: Reading, call: ast.Call) -> bool:
    """Whether what was parsed goes to callers that stand in another file."""
    function = reading.function_of(call)
    is_returned = isinstance(reading.parent(call), ast.Return)
    return is_returned and function is not None and not reading.calls_of(function)


def _is_tried(reading: Reading, call: ast.Call) -> bool:
    """Whether failures are caught around a call, or around every caller of its helper."""
    if reading.enclosing(call, ast.Try) is not None:
        return True
    function = reading.function_of(call)
    callers = reading.calls_of(function) if function is not None else []
    return bool(callers) and all(reading.enclosing(one, ast.Try) is not None for one in callers)


def tool_runs_anything(reading: Reading) -> Iterator[Hit | Fine]:
    functions: list[Function | ast.Lambda] = [*reading.all(ast.FunctionDef)]
    functions += reading.all(ast.AsyncFunctionDef)
    functions += reading.all(ast.Lambda)
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


def _is_tool(reading: Reading, function: Function | ast.Lambda) -> bool:
    if isinstance(function, ast.Lambda):
        return _is_among_tools(reading, function)
    owner = reading.class_of(function)
    bases = reading.bases_of(owner) if owner is not None else []
    is_tools_class = any(one.rpartition(".")[2] in _TOOL_BASES for one in bases)
    if is_tools_class and function.name in _TOOL_METHODS:
        return True
    for one in function.decorator_list:
        name = path_of(one.func if isinstance(one, ast.Call) else one)
        if name.rpartition(".")[2] in _TOOL_MARKS:
            return True
    named: Sequence[ast.expr] = reading.named(function.name)
    if owner is not None:
        named = [one for one in reading.all(ast.Attribute) if one.attr == function.name]
    if any(_is_among_tools(reading, one) for one in named):
        return True
    return bool(re.search(r'["\']name["\']:\s*["\']' + re.escape(function.name), reading.text))


def _is_among_tools(reading: Reading, node: ast.expr) -> bool:
    """Whether a function stands in a table or list of tools, or is made into one."""
    holder = reading.parent(node)
    if isinstance(holder, (ast.Dict, ast.List, ast.Tuple)):
        bound = reading.enclosing(node, ast.Assign, ast.AnnAssign, ast.keyword)
        text = ast.unparse(bound).partition("=")[0] if bound is not None else ""
        return bool(_TABLES.search(text))
    if isinstance(holder, ast.keyword):
        call = reading.parent(holder)
        return bool(_TOOL.search(holder.arg or "")) or (
            isinstance(call, ast.Call) and bool(_TOOL.search(path_of(call.func)))
        )
    if isinstance(holder, ast.Assign) and isinstance(holder.targets[0], ast.Subscript):
        return bool(_TABLES.search(ast.unparse(holder.targets[0].value)))
    if isinstance(holder, ast.Call) and node in holder.args:
        return bool(_TOOL.search(path_of(holder.func)))
    return False


def _sink(reading: Reading, call: ast.Call) -> ast.expr | None:
    """What a call runs, or writes to."""
    name, short = reading.called(call), reading.short(call)
    first = call.args[0] if call.args else None
    if name in {"eval", "exec", "os.system", "os.popen", "subprocess.getoutput"}:
        return first
    if name.startswith("subprocess."):
        is_shell = reading.is_true(reading.argument(call, "shell"))
        return first if is_shell or not isinstance(first, ast.List) else None
    if name == "asyncio.create_subprocess_shell":
        return first
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


def _is_checked(reading: Reading, function: Function | ast.Lambda, used: str) -> bool:
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
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
        value = value.value
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
