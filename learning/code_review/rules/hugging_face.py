"""Hugging Face: tokenizers, generation, adapters."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

from learning.code_review.reading import Fine, Hit, Reading
from learning.code_review.rules.shape import Matcher
from learning.code_review.tree import shown, words_of
from learning.code_review.vocabulary import words

_DECODERS: Final = re.compile(r"CausalLM$|LMHeadModel$|^(?:Llama|Qwen|Mistral|GPT)\w*For")
_TOKENIZING: Final = words("encode encode_plus batch_encode_plus __call__")
_LIMITS: Final = words("max_new_tokens max_length generation_config stopping_criteria")
# What is spread into a call as its settings, rather than as tokens.
_SETTINGS: Final = re.compile(r"gen|kw|config|params|args|options|settings", re.I)
_COPIES: Final = words("clone copy detach tolist to cuda long contiguous")
_TURNS: Final = re.compile(
    r"<\|(?:system|user|assistant|im_start)\|>|"
    r"(?:^|\n|\\n)\s*(?:###\s*)?(?:User|Human|Assistant|AI|Instruction|Response|用户|助手)\s*[:：]",
    re.I,
)
_CHATTY: Final = re.compile(r"instruct|chat|-it\b|zephyr|sft", re.I)


def right_padding_generate(reading: Reading) -> Iterator[Hit | Fine]:
    if not _has_decoder(reading):
        return
    if re.search(r"padding_side\s*=\s*[\"']left[\"']", reading.text):
        for call in reading.all(ast.Call):
            if reading.short(call) == "generate":
                yield Fine(call)
        return
    padded = [one for one in _tokenized(reading) if _pads(reading, one) and _is_batch(reading, one)]
    generates = [one for one in reading.all(ast.Call) if reading.short(one) == "generate"]
    if padded and generates:
        yield Hit(padded[0], {"call": shown(padded[0])})


def _has_decoder(reading: Reading) -> bool:
    for call in reading.all(ast.Call):
        if reading.short(call) != "from_pretrained" or not isinstance(call.func, ast.Attribute):
            continue
        if _DECODERS.search(reading.short(call.func.value)):
            return True
    return False


def _tokenized(reading: Reading) -> Iterator[ast.Call]:
    """Calls of a tokenizer, by what made it or by its name."""
    for call in reading.all(ast.Call):
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr in _TOKENIZING:
            if _is_tokenizer(reading, func.value):
                yield call
        elif isinstance(func, (ast.Name, ast.Attribute)) and _is_tokenizer(reading, func):
            yield call


def _is_tokenizer(reading: Reading, node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    if name.endswith("Tokenizer") or name == "from_pretrained":
        return False
    if words_of(name) & {"tokenizer", "tok"}:
        return True
    return any(
        one.short == "from_pretrained" and "Tokenizer" in one.name for one in reading.origins(node)
    )


def _pads(reading: Reading, call: ast.Call) -> bool:
    padding = reading.argument(call, "padding")
    return padding is not None and not reading.is_false(padding)


def _is_batch(reading: Reading, call: ast.Call) -> bool:
    """Whether more than one text goes in, by what it is or by its name."""
    if not call.args:
        return True
    given = call.args[0]
    if isinstance(given, ast.Call) and reading.called(given) in {"list", "tuple", "sorted"}:
        return True
    if any(isinstance(one.node, (ast.List, ast.ListComp)) for one in reading.origins(given)):
        return True
    name = given.attr if isinstance(given, ast.Attribute) else getattr(given, "id", "")
    return name.endswith("s") or bool(words_of(name) & {"batch"})


def max_length_without_truncation(reading: Reading) -> Iterator[Hit | Fine]:
    for call in _tokenized(reading):
        if reading.argument(call, "max_length") is None:
            continue
        truncation = reading.argument(call, "truncation")
        if truncation is None and not any(one.arg is None for one in call.keywords):
            yield Hit(call, {"call": shown(call.func)})
        elif truncation is not None:
            yield Fine(call)


def lora_without_target_modules(reading: Reading) -> Iterator[Hit | Fine]:
    for call in reading.all(ast.Call):
        if reading.short(call) != "LoraConfig" or any(one.arg is None for one in call.keywords):
            continue
        if reading.argument(call, "target_modules") is None:
            yield Hit(call)
        else:
            yield Fine(call)


def kbit_not_prepared(reading: Reading) -> Iterator[Hit | Fine]:
    if not re.search(r"load_in_(?:4|8)bit[\"']?\s*[=:]\s*True", reading.text):
        return
    prepares = words("prepare_model_for_kbit_training prepare_model_for_int8_training")
    is_prepared = any(reading.short(one) in prepares for one in reading.all(ast.Call))
    for call in reading.all(ast.Call):
        # What unsloth gives is prepared already.
        if reading.short(call) != "get_peft_model" or "Fast" in shown(call.func):
            continue
        if is_prepared:
            yield Fine(call)
        else:
            model = shown(call.args[0]) if call.args else "model"
            yield Hit(call, {"model": model})


def pad_labels_not_ignored(reading: Reading) -> Iterator[Hit | Fine]:
    if re.search(r"-\s*100|DataCollatorFor|ignore_index", reading.text):
        return
    if not any(
        _pads(reading, one) or reading.short(one) == "pad_sequence" for one in reading.all(ast.Call)
    ):
        return
    for assign in reading.all(ast.Assign):
        for target in assign.targets:
            if _is_labels(target) and _is_inputs(assign.value):
                yield Hit(assign, {"labels": shown(target), "inputs": shown(assign.value)})
    for keyword in reading.all(ast.keyword):
        if keyword.arg == "labels" and _comes_as_inputs(reading, keyword.value):
            yield Hit(keyword.value, {"labels": "labels", "inputs": shown(keyword.value)})
    for one in reading.all(ast.Dict):
        for key, value in zip(one.keys, one.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "labels":
                if not _comes_as_inputs(reading, value):
                    continue
                yield Hit(value, {"labels": "labels", "inputs": shown(value)})


def _is_labels(target: ast.expr) -> bool:
    match target:
        case ast.Name(id="labels") | ast.Subscript(slice=ast.Constant(value="labels")):
            return True
        case _:
            return False


def _comes_as_inputs(reading: Reading, value: ast.expr) -> bool:
    """Whether labels that are handed on are the inputs; a name `labels` was looked at before."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name() as inner, attr=attr)) if attr in _COPIES:
            value = inner
        case _:
            pass
    if not isinstance(value, ast.Name) or value.id == "labels" or value.id.endswith("input_ids"):
        return _is_inputs(value)
    made = [one.value for one in reading.bindings(value)]
    return bool(made) and all(one is not None and _is_inputs(one) for one in made)


def _is_inputs(value: ast.expr) -> bool:
    """The token ids themselves, or a copy of them."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.endswith("input_ids")
        case ast.Subscript(slice=ast.Constant(value=name)):
            return name == "input_ids"
        case ast.Subscript(value=inner, slice=ast.Slice(lower=None, upper=None) | ast.Name()):
            return _is_inputs(inner)
        case ast.Call(func=ast.Name(id="list" | "deepcopy"), args=[inner]):
            return _is_inputs(inner)
        case ast.Call(func=ast.Attribute(attr="deepcopy" | "clone"), args=[inner]):
            return _is_inputs(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr=attr)):
            return attr in _COPIES and _is_inputs(inner)
        case _:
            return False


def generate_without_limit(reading: Reading) -> Iterator[Hit | Fine]:
    if not reading.imports("transformers", "peft", "trl", "unsloth"):
        return
    for call in reading.all(ast.Call):
        if reading.short(call) != "generate" or not isinstance(call.func, ast.Attribute):
            continue
        if any(one.arg is None and _SETTINGS.search(shown(one.value)) for one in call.keywords):
            continue
        if "SamplingParams" in reading.text:
            continue
        if re.search(r"generation_config\.(?:max_new_tokens|max_length)\s*=", reading.text):
            yield Fine(call)
            continue
        if any(reading.argument(call, one) is not None for one in _LIMITS):
            yield Fine(call)
        else:
            yield Hit(call, {"model": shown(call.func.value)})


def chat_template_bypassed(reading: Reading) -> Iterator[Hit | Fine]:
    names = [
        reading.string(one)
        for call in reading.all(ast.Call)
        if reading.short(call) in {"from_pretrained", "pipeline", "LLM"}
        for one in (*call.args[:2], reading.argument(call, "model"))
    ]
    if not any(one and _CHATTY.search(one) for one in names):
        return
    if "apply_chat_template" in reading.text:
        return
    for text in reading.all(ast.JoinedStr, ast.Constant, ast.BinOp):
        if isinstance(reading.parent(text), (ast.JoinedStr, ast.Expr, ast.BinOp)):
            continue
        if len(_TURNS.findall(_words_of_text(text))) >= 2:
            yield Hit(text)
            return


def _words_of_text(node: ast.expr) -> str:
    texts = [
        (one.lineno, one.col_offset, one.value)
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    return "".join(text for _, _, text in sorted(texts, key=lambda one: one[:2]))


MATCHERS: Final[Mapping[str, Matcher]] = {
    "right-padding-generate": right_padding_generate,
    "max-length-without-truncation": max_length_without_truncation,
    "lora-without-target-modules": lora_without_target_modules,
    "kbit-not-prepared": kbit_not_prepared,
    "pad-labels-not-ignored": pad_labels_not_ignored,
    "generate-without-limit": generate_without_limit,
    "chat-template-bypassed": chat_template_bypassed,
}
