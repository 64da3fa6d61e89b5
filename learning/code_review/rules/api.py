"""Calls to services: keys, time limits, failures, and what runs on a server."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

from learning.code_review.model_calls import (
    ASYNC_CLIENTS,
    CLIENTS,
    asks_a_person,
    is_model_call,
    is_of_session,
    is_request,
    path_of,
    repeats,
)
from learning.code_review.reading import Fine, Hit, Reading
from learning.code_review.rules.shape import Matcher
from learning.code_review.tree import FUNCTIONS, shown, words_of

_KEY: Final = re.compile(
    r"^(?:sk-(?=[\w-]*[A-Z\d])(?:ant-|proj-|or-)?[\w-]{16,}|hf_\w{20,}|gh[pousr]_\w{30,}|AKIA[0-9A-Z]{16}"
    r"|AIza[\w-]{30,}|xai-\w{20,}|gsk_\w{20,}|glpat-[\w-]{16,}|xox[abp]-[\w-]{10,}"
    r"|\d{8,10}:(?=[\w-]*\d)[\w-]{34,36})$"
)
# A run of letters and digits that no words make: three digits, and twelve signs in a row.
_PLAIN: Final = re.compile(
    r"(?=(?:.*\d){3})(?=.*(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{12})[\w.+/=-]{16,}"
)
_IN_ADDRESS: Final = re.compile(
    r"[?&](api_?key|access_token|token|key|appid)=(?=[\w-]*\d)([\w-]{16,})", re.I
)
_SECRET: Final = frozenset({"key", "apikey", "token", "secret", "password", "passwd"})
_NOT_SECRET: Final = frozenset(
    {
        "sentinel",
        "arg",
        "name",
        "column",
        "field",
        "tokenizer",
        "pad",
        "eos",
        "bos",
        "special",
        "tokens",
        "max",
        "id",
    }
)
_STAND_IN: Final = re.compile(
    r"your|xxx|example|placeholder|dummy|fake|test|\.\.\.|<|填|你的", re.I
)
_SQL: Final = re.compile(
    r"\b(?:select\b.*\bfrom|insert\s+into|update\s+\S+\s+set|delete\s+from|drop\s+table)\b",
    re.I | re.S,
)
_QUOTES: Final = re.compile(r"quote|escape|identifier|placeholders", re.I)
# Old name → (what to write instead, the release without it). The openai package: its 1.0 migration
# guide; AdamW: transformers pull request 36177; evaluation_strategy was renamed in 4.41 and has
# since been taken out; LangChain: the model classes moved into packages of their own.
_OPENAI: Final = "openai 1.0"
_GONE: Final = {
    "openai.ChatCompletion.create": ("client.chat.completions.create(...)", _OPENAI),
    "openai.ChatCompletion.acreate": ("await client.chat.completions.create(...)", _OPENAI),
    "openai.Completion.create": ("client.chat.completions.create(...)", _OPENAI),
    "openai.Embedding.create": ("client.embeddings.create(...)", _OPENAI),
    "openai.Image.create": ("client.images.generate(...)", _OPENAI),
    "openai.Moderation.create": ("client.moderations.create(...)", _OPENAI),
    "transformers.AdamW": ("torch.optim.AdamW", "transformers 4.50"),
}
_GONE_IMPORTS: Final = {
    "langchain.chat_models.ChatOpenAI": (
        "from langchain_openai import ChatOpenAI",
        "langchain 1.0",
    ),
    "langchain.embeddings.OpenAIEmbeddings": (
        "from langchain_openai import OpenAIEmbeddings",
        "langchain 1.0",
    ),
    "langchain.llms.OpenAI": ("from langchain_openai import OpenAI", "langchain 1.0"),
    "langchain.vectorstores.FAISS": (
        "from langchain_community.vectorstores import FAISS",
        "langchain 1.0",
    ),
    "langchain.vectorstores.Chroma": ("from langchain_chroma import Chroma", "langchain 1.0"),
    "langchain.text_splitter.RecursiveCharacterTextSplitter": (
        "from langchain_text_splitters import RecursiveCharacterTextSplitter",
        "langchain 1.0",
    ),
}
_ARGUMENTS_OF: Final = frozenset(
    {"TrainingArguments", "Seq2SeqTrainingArguments", "SFTConfig", "DPOConfig", "GRPOConfig"}
)
_RENAMED_SINCE: Final = "transformers 4.41"
_ROUTES: Final = frozenset({"get", "post", "put", "delete", "patch", "route", "websocket"})
_MAPS: Final = frozenset({"map", "apply", "progress_apply", "imap", "imap_unordered", "submit"})
_SCHEDULES: Final = frozenset({"gather", "create_task", "wait_for", "ensure_future", "shield"})
_BLOCKS: Final = frozenset({"time.sleep", "urllib.request.urlopen"})


def key_in_code(reading: Reading) -> Iterator[Hit | Fine]:
    for one in reading.all(ast.Constant):
        if not isinstance(one.value, str) or not 16 <= len(one.value) <= 200:
            continue
        if _STAND_IN.search(one.value):
            continue
        name = _name_for(reading, one)
        said = one.value.removeprefix("Bearer ")
        named = words_of(name)
        is_secret = bool(named & _SECRET) and not named & _NOT_SECRET
        is_secret = is_secret or said != one.value
        is_plain = bool(_PLAIN.fullmatch(said))
        in_address = _IN_ADDRESS.search(said)
        if in_address is not None:
            yield Hit(one, {"name": in_address[1]})
        elif _KEY.match(said) or (is_secret and is_plain and "/" not in said[:2]):
            yield Hit(one, {"name": name or "api_key"})
    for call in reading.all(ast.Call):
        if reading.called(call) in {"os.getenv", "os.environ.get"}:
            yield Fine(call)


def _name_for(reading: Reading, node: ast.AST) -> str:
    """The name, argument or dictionary key that a value stands behind."""
    match reading.parent(node):
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case ast.Assign(targets=[ast.Attribute(attr=name)]):
            return name
        case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=str() as name))]):
            return name
        case ast.keyword(arg=str() as name):
            return name
        case ast.Dict(keys=keys, values=values):
            place = next((n for n, one in enumerate(values) if one is node), None)
            key = keys[place] if place is not None else None
            is_text = isinstance(key, ast.Constant) and isinstance(key.value, str)
            return str(key.value) if is_text and isinstance(key, ast.Constant) else ""
        case _:
            return ""


def call_without_timeout(reading: Reading) -> Iterator[Hit | Fine]:
    per_call = any(
        reading.argument(call, "timeout") is not None
        for call in reading.all(ast.Call)
        if is_model_call(reading, call) or reading.short(call) == "with_options"
    )
    for call in reading.all(ast.Call):
        is_client = reading.short(call) in CLIENTS and not reading.called(call).startswith(".")
        is_plain = reading.called(call).startswith("requests.") and is_request(reading, call)
        # httpx has a limit of its own, unless it is switched off.
        is_off = reading.called(call).startswith("httpx.") and _is_none(reading, call)
        is_plain = is_plain or (
            is_request(reading, call)
            and is_of_session(reading, call, "requests.Session", "requests.session")
        )
        is_plain = is_plain or is_off or reading.called(call) == "urllib.request.urlopen"
        if not is_client and not is_plain:
            continue
        has_more = any(one.arg is None for one in call.keywords)
        timeout = reading.argument(call, "timeout")
        if isinstance(timeout, ast.Constant) and timeout.value is None:
            yield Hit(call, {"call": shown(call.func)})
        elif timeout is not None or (is_client and per_call):
            yield Fine(call)
        elif not has_more:
            yield Hit(call, {"call": shown(call.func)})


def _is_none(reading: Reading, call: ast.Call) -> bool:
    timeout = reading.argument(call, "timeout")
    return isinstance(timeout, ast.Constant) and timeout.value is None


def call_without_retry(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if not (is_model_call(reading, call) or is_request(reading, call)):
            continue
        loop = _loop_around(reading, call)
        if loop is None or asks_a_person(loop) or reading.argument(call, "tools") is not None:
            continue
        if _is_looked_after(reading, call, loop):
            yield Fine(call)
        else:
            yield Hit(call, {"call": shown(call.func)})


def _around(reading: Reading, node: ast.AST, depth: int = 0) -> Iterator[ast.AST]:
    """What stands around a call, and around the callers of the helper it stands in."""
    for one in reading.ancestors(node):
        yield one
        if isinstance(one, FUNCTIONS):
            for call in reading.calls_of(one)[:4] if depth < 3 else ():
                yield from _around(reading, call, depth + 1)
            return


def _loop_around(reading: Reading, node: ast.AST, depth: int = 0) -> ast.AST | None:
    """What runs a call again and again: a loop, also around a caller, or a map over many."""
    for one in reading.ancestors(node):
        if repeats(reading, one, node):
            return one
        if isinstance(one, FUNCTIONS):
            if depth > 2:
                return None
            for call in reading.calls_of(one)[:4]:
                found = _loop_around(reading, call, depth + 1)
                if found is not None:
                    return found
            return _map_of(reading, one)
    return None


def _map_of(reading: Reading, function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST | None:
    for name in reading.all(ast.Name):
        holder = reading.parent(name) if name.id == function.name else None
        is_given = isinstance(holder, ast.Call) and name in holder.args
        if is_given and reading.short(holder) in _MAPS:
            return holder
    return None


def _is_looked_after(reading: Reading, call: ast.Call, loop: ast.AST) -> bool:
    """A try around it, a retrying decorator, or a client that was told to try again."""
    for one in _around(reading, call):
        if isinstance(one, ast.Try):
            return True
        if isinstance(one, FUNCTIONS):
            for each in one.decorator_list:
                if re.search(r"retry|backoff|on_exception", ast.unparse(each), re.I):
                    return True
    names = ast.unparse(loop)
    if re.search(r"retry|backoff|attempt", names, re.I):
        return True
    for client in reading.all(ast.Call):
        short = reading.short(client)
        if short in CLIENTS | {"Retry", "HTTPAdapter", "HTTPTransport"}:
            retries = reading.argument(client, "max_retries")
            if short not in CLIENTS or (retries is not None and reading.number(retries) != 0):
                return True
    return bool(re.search(r"with_retry|Retrying\(", reading.text))


def client_made_in_loop(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        name = reading.called(call)
        is_client = reading.short(call) in CLIENTS and not name.startswith(".")
        if not is_client and name not in {"httpx.Client", "httpx.AsyncClient", "requests.Session"}:
            continue
        is_repeated = _loop_around(reading, call) is not None
        is_repeated = is_repeated or any(_is_handler(one) for one in _around(reading, call))
        if is_repeated and not _is_cached(reading, call):
            yield Hit(call, {"client": shown(call)})
        elif reading.function_of(call) is None:
            yield Fine(call)


def _is_handler(node: ast.AST) -> bool:
    if not isinstance(node, FUNCTIONS):
        return False
    for one in node.decorator_list:
        method = path_of(one.func if isinstance(one, ast.Call) else one).rpartition(".")
        if method[0] and method[2] in _ROUTES:
            return True
    return False


def _is_cached(reading: Reading, call: ast.Call) -> bool:
    function = reading.function_of(call)
    if function is None:
        return False
    if any("cache" in ast.unparse(one) for one in function.decorator_list):
        return True
    test = reading.enclosing(call, ast.If)
    return test is not None and "None" in ast.unparse(test.test)


def blocking_call_in_async(reading: Reading) -> Iterator[Hit | Fine]:
    for function in reading.all(ast.AsyncFunctionDef):
        for call in reading.within(function, ast.Call):
            name = reading.called(call)
            is_awaited = isinstance(reading.parent(call), ast.Await)
            if (
                name in _BLOCKS
                or (not is_awaited and is_request(reading, call))
                or (is_model_call(reading, call) and not is_awaited and _is_sync(reading, call))
            ):
                yield Hit(call, {"call": shown(call.func)})
            elif is_awaited and is_model_call(reading, call):
                yield Fine(call)


def _is_sync(reading: Reading, call: ast.Call) -> bool:
    """Whether the client behind a call is surely one that blocks."""
    if path_of(call.func).endswith(".invoke"):
        return reading.short(reading.parent(call)) not in _SCHEDULES
    root: ast.AST = call.func
    while isinstance(root, ast.Attribute):
        if any(one.short in ASYNC_CLIENTS for one in reading.origins(root)):
            return False
        if any(
            one.short in CLIENTS and isinstance(one.node, ast.Call) for one in reading.origins(root)
        ):
            return True
        root = root.value
    found = [one.short for one in reading.origins(root)]
    return any(one in CLIENTS - ASYNC_CLIENTS for one in found)


def sql_from_text(reading: Reading) -> Iterator[Hit | Fine]:
    run = frozenset(
        {"execute", "executemany", "executescript", "read_sql", "read_sql_query", "text"}
    )
    for call in reading.all(ast.Call):
        if reading.short(call) not in run or not call.args:
            continue
        if reading.short(call) == "text" and not reading.called(call).endswith("sqlalchemy.text"):
            continue
        query = call.args[0]
        made = _parts_of(reading, query)
        whole = " ".join(_words_in(one) for one in made)
        built = next((one for one in made if _SQL.search(whole) and _is_built(reading, one)), None)
        if built is not None:
            yield Hit(built, {"query": shown(built)})
        elif len(call.args) > 1 and reading.string(query) is not None:
            yield Fine(call)


def _is_built(reading: Reading, node: ast.AST) -> bool:
    match node:
        case ast.JoinedStr(values=values):
            gaps = [one.value for one in values if isinstance(one, ast.FormattedValue)]
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            gaps = [one for one in ast.walk(node) if isinstance(one, (ast.Name, ast.Attribute))]
        case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant())):
            gaps = [*node.args, *(one.value for one in node.keywords)]
        case _:
            return False
    return any(not _is_fixed(reading, one) for one in gaps)


def _parts_of(reading: Reading, query: ast.expr) -> list[ast.AST]:
    """The texts of which a query is made, also those that are added to it by and by."""
    parts: list[ast.AST] = [query, *(one.node for one in reading.origins(query))]
    if isinstance(query, ast.Name):
        parts += [one.value for one in reading.bindings(query) if one.value is not None]
        parts += [
            one.value
            for one in reading.all(ast.AugAssign)
            if isinstance(one.target, ast.Name)
            and one.target.id == query.id
            and reading.function_of(one) is reading.function_of(query)
        ]
    return parts


def _words_in(node: ast.AST) -> str:
    return " ".join(
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )


def _is_fixed(reading: Reading, node: ast.AST) -> bool:
    """Whether what goes into a gap is the author's own: a constant, a row of question marks."""
    if isinstance(node, ast.Name) and node.id.isupper():
        return True
    if "'?'" in ast.unparse(node):
        return True
    if isinstance(node, ast.Call) and _QUOTES.search(path_of(node.func)):
        return True
    origins = reading.origins(node)
    return bool(origins) and all(
        isinstance(one.node, ast.Constant)
        or (one.short == "join" and _is_own_list(one.node))
        or one.short in {"len", "int"}
        for one in origins
    )


def _is_own_list(joined: ast.AST) -> bool:
    """Whether what is joined are question marks, or the parts of a constant."""
    listed = [one.id for one in ast.walk(joined) if isinstance(one, ast.Name) and one.id.isupper()]
    return bool(listed) or "?" in ast.unparse(joined)


def torch_load_unsafe(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if reading.called(call) != "torch.load":
            continue
        if reading.is_true(reading.argument(call, "weights_only")):
            yield Fine(call)
        else:
            yield Hit(call, {"path": shown(call.args[0]) if call.args else "path"})


def name_gone(reading: Reading) -> Iterator[Hit | Fine]:
    """Names that a current release of a library no longer has, as many tutorials still write."""
    for call in reading.all(ast.Call):
        found = _GONE.get(reading.called(call))
        if found is not None:
            yield Hit(call, {"old": shown(call.func), "new": found[0], "since": found[1]})
        elif reading.short(call) in _ARGUMENTS_OF:
            for keyword in call.keywords:
                if keyword.arg == "evaluation_strategy":
                    new = "eval_strategy"
                    yield Hit(keyword, {"old": keyword.arg, "new": new, "since": _RENAMED_SINCE})
                elif keyword.arg == "eval_strategy":
                    yield Fine(keyword)
    for imported in reading.all(ast.ImportFrom):
        for alias in imported.names:
            found = _GONE_IMPORTS.get(f"{imported.module}.{alias.name}")
            if found is not None:
                old = f"from {imported.module} import {alias.name}"
                yield Hit(imported, {"old": old, "new": found[0], "since": found[1]})


MATCHERS: Final[Mapping[str, Matcher]] = {
    "key-in-code": key_in_code,
    "call-without-timeout": call_without_timeout,
    "call-without-retry": call_without_retry,
    "client-made-in-loop": client_made_in_loop,
    "blocking-call-in-async": blocking_call_in_async,
    "sql-from-text": sql_from_text,
    "torch-load-unsafe": torch_load_unsafe,
    "name-gone": name_gone,
}
