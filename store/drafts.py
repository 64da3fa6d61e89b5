"""Items drafted by a model, each for the one learner who asked for it."""

import json
from datetime import datetime

from learning.quiz.drafts import Passed
from learning.quiz.items import ChoiceItem
from store.learners import epoch
from store.script import Script, change, row

PREFIX = "draft-"


def keep_draft(learner: int, passed: Passed, now: datetime) -> Script[ChoiceItem]:
    """Keep a draft with what the gate found, and give its item with the id it is asked by."""
    content = {
        "item": passed.draft.item.model_dump(mode="json"),
        "findings": {
            "quote": passed.draft.quote,
            "blind": passed.blind,
            "options_only": passed.options_only,
        },
    }
    found = yield from row(
        "insert into own_drafts (learner, item, content, made_at) "
        "values (:learner, '', :content, :now) returning id",
        learner=learner,
        content=json.dumps(content, ensure_ascii=False),
        now=epoch(now),
    )
    if found is None:
        raise LookupError("own_drafts: expected the new row back, found none")
    id = f"{PREFIX}{found['id']}"
    yield from change("update own_drafts set item = :item where id = :id", item=id, id=found["id"])
    return passed.draft.item.changed(id=id)


def draft_item(learner: int, item: str) -> Script[ChoiceItem | None]:
    """A learner's own draft by its item id; another learner's is none."""
    if not item.startswith(PREFIX):
        return None
    found = yield from row(
        "select content from own_drafts where learner = :learner and item = :item",
        learner=learner,
        item=item,
    )
    if found is None:
        return None
    return ChoiceItem.model_validate(json.loads(found["content"])["item"]).changed(id=item)
