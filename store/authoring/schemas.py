"""JSON Schemas of the authors' files, so that an editor completes and underlines."""

import json
from pathlib import Path

from learning.checks import WeeklyCheck
from learning.code_review.rulebook import ReviewRule
from learning.concepts import Comparison, Concept, Faq
from learning.curriculum import Curriculum, Stage
from learning.interviews import Frame
from learning.problems import Problem, ProblemList
from learning.quiz.items import ChoiceItem, NumericItem, OpenItem, Recipe, ShortItem
from learning.recommendation import Question
from learning.resources import Resource
from learning.rhythm import Rhythm
from learning.search import Synonyms
from learning.values import Value

Schema = dict[str, object]

# Editors know this draft best; what they may not know of ours, such as prefixItems, is left out
# of their judgement and stays for the check.
_DRAFT = "http://json-schema.org/draft-07/schema#"
_LISTED: dict[str, type[Value]] = {
    "check": WeeklyCheck,
    "comparison": Comparison,
    "concept": Concept,
    "faq": Faq,
    "interview": Frame,
    "problem": Problem,
    "problem-list": ProblemList,
    "question": Question,
    "quiz-choice": ChoiceItem,
    "quiz-generator": Recipe,
    "quiz-numeric": NumericItem,
    "quiz-open": OpenItem,
    "quiz-short": ShortItem,
    "resource": Resource,
    "review-rule": ReviewRule,
    "rhythm": Rhythm,
    "synonyms": Synonyms,
}


def schemas() -> dict[str, str]:
    """The text of every schema, by file name."""
    whole = {"curriculum": _curriculum(), "stage": _stage()}
    listed = {name: _list_of(shape) for name, shape in _LISTED.items()}
    return {
        f"{name}.schema.json": json.dumps({"$schema": _DRAFT} | schema, indent=2) + "\n"
        for name, schema in (whole | listed).items()
    }


def write_schemas(folder: Path) -> tuple[str, ...]:
    """Write every schema into a folder, made if need be, and name the files."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = schemas()
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return tuple(texts)


def _curriculum() -> Schema:
    """The head of a curriculum, which names its stages' files instead of holding the stages."""
    schema = Curriculum.model_json_schema()
    schema["properties"]["stages"] = {
        "type": "array",
        "minItems": 1,
        "items": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"},
        "description": "File names without .yaml, in order: `- 01-first-stage`.",
    }
    return _without_unused(schema)


def _stage() -> Schema:
    """A stage, whose tasks may also only name practice problems: `- problems: [two-sum]`."""
    schema = Stage.model_json_schema()
    task = schema["$defs"]["Task"]
    # Which session a task is of is counted by the program.
    del task["properties"]["session"]
    task["anyOf"] = [{"required": task.pop("required")}, {"required": ["problems"]}]
    return schema


def _list_of(shape: type[Value]) -> Schema:
    schema = shape.model_json_schema()
    parts = {"$defs": schema.pop("$defs")} if "$defs" in schema else {}
    return {"type": "array", "minItems": 1, "items": schema} | parts


def _without_unused(schema: Schema) -> Schema:
    """Leave out the parts that nothing points at any more."""
    parts = schema.get("$defs")
    while isinstance(parts, dict):
        text = json.dumps(schema)
        unused = [name for name in parts if f'"#/$defs/{name}"' not in text]
        if not unused:
            break
        for name in unused:
            del parts[name]
    return schema
