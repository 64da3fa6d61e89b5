"""Mock interviews: one open at a time for each learner and address, with all that was said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from learning.interviews import Said
from store.learners import epoch
from store.quizzes import Question
from store.script import Row, Script, change, row

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
State = Literal["open", "ticking", "over", "left"]


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview about one question.

    `wanted` and `topic` are what was asked for, for the next one. `met` has one claim for each
    criterion: a model's while it is open, and at the end whoever judged it. `judged` counts how
    many of `said` a model has read for it; `last_at` is when something was last said in it. An
    interview whose criteria the learner ticks is `ticking`, and not open.
    """

    id: int
    learner: int
    address: str
    wanted: str
    topic: str | None
    question: int
    state: State
    said: tuple[Said, ...] = ()
    met: tuple[bool, ...] | None = None
    judged: int = 0
    last_at: datetime = NEVER

    @property
    def is_read(self) -> bool:
        """Whether a model has read all words of the learner's."""
        unread = (one.is_learners and one.words for one in self.said[self.judged :])
        return self.met is not None and not any(unread)


def begin_interview(
    question: Question, wanted: str, topic: str | None, now: datetime
) -> Script[Interview]:
    """Open an interview where its question was asked; there must be no other open one there."""
    found = yield from row(
        "insert into interviews (learner, address, wanted, topic, question, state, said, last_at) "
        "values (:learner, :address, :wanted, :topic, :question, 'open', '[]', :now) returning *",
        learner=question.learner,
        address=question.address,
        wanted=wanted,
        topic=topic,
        question=question.id,
        now=epoch(now),
    )
    if found is None:
        raise LookupError("interviews: expected the new row back, found none")
    return _interview(found)


def open_interview(
    learner: int, address: str, since: datetime | None = None
) -> Script[Interview | None]:
    """The interview under way at an address; with `since`, only one that was lately spoken in."""
    found = yield from row(
        "select * from interviews where learner = :learner and address = :address "
        "and state = 'open' and last_at >= :since",
        learner=learner,
        address=address,
        since=epoch(since) if since else 0,
    )
    return _interview(found) if found else None


def unticked_interview(learner: int, address: str, since: datetime) -> Script[Interview | None]:
    """The latest interview at an address, when the learner has still to judge it."""
    found = yield from row(
        "select * from interviews where learner = :learner and address = :address "
        "order by id desc limit 1",
        learner=learner,
        address=address,
    )
    is_waiting = found is not None and found["state"] == "ticking"
    return _interview(found) if found and is_waiting and found["last_at"] >= epoch(since) else None


def interview_with(id: int, learner: int) -> Script[Interview | None]:
    """An interview by its number; another learner's is none."""
    found = yield from row(
        "select * from interviews where id = :id and learner = :learner", id=id, learner=learner
    )
    return _interview(found) if found else None


def keep_interview(interview: Interview, now: datetime) -> Script[Interview]:
    """Put an interview as it now is in the place of what was kept, and give it back."""
    yield from change(
        "update interviews set state = :state, said = :said, met = :met, judged = :judged, "
        "last_at = :now, ended_at = case when :state = 'open' then null "
        "else coalesce(ended_at, :now) end where id = :id",
        id=interview.id,
        state=interview.state,
        said=_json(interview.said),
        met=None if interview.met is None else json.dumps(interview.met),
        judged=interview.judged,
        now=epoch(now),
    )
    return interview


def add_said(interview: Interview, *more: Said) -> Interview:
    return replace(interview, said=(*interview.said, *more))


def _json(said: Sequence[Said]) -> str:
    lines = [[one.how, one.words, one.step, one.place] for one in said]
    return json.dumps(lines, ensure_ascii=False)


def _interview(found: Row) -> Interview:
    return Interview(
        id=found["id"],
        learner=found["learner"],
        address=found["address"],
        wanted=found["wanted"],
        topic=found["topic"],
        question=found["question"],
        state=found["state"],
        said=tuple(
            Said(how, words, step, place) for how, words, step, place in json.loads(found["said"])
        ),
        met=tuple(json.loads(found["met"])) if found["met"] else None,
        judged=found["judged"],
        last_at=datetime.fromtimestamp(found["last_at"], UTC),
    )
