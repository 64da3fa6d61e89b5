"""Who a tool acts for, where and when. The model cannot name or change any of it."""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from learning.calendar import local_day
from learning.catalogue import Catalogue
from learning.code_review.examined import Examined
from learning.code_review.findings import Remark
from learning.concepts import Concept
from learning.curriculum import Curriculum, Task
from learning.errors import Refused
from learning.plan import Companion
from learning.rhythm import Rhythm
from store.cards import weak_concepts
from store.enrolments import Enrolment, PastTask, active_enrolments
from store.learners import Learner
from store.script import Script
from store.usage import Price
from tools.reviews import todays_reviews


@dataclass(frozen=True, slots=True)
class Budget:
    """The installation's tokens a day and a month, None where unbounded, and what they cost."""

    day: int | None = None
    month: int | None = None
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """`address` is where the turn happens; `now` the instant it is dealt with.

    `has_operators` says whether somebody can be asked for help in the chat. `has_model` says
    whether a model stands behind the conversation, `tokens_a_day` how much of it one learner may
    use; None is without limit. `examined` is what was read of code handed in with this turn,
    `remarks` what a model said of its lines. `minimum_age` is how old a learner must be.
    """

    learner: Learner
    catalogue: Catalogue
    address: str
    now: datetime
    is_operator: bool = False
    has_operators: bool = False
    minimum_age: int | None = None
    is_private: bool = True
    has_model: bool = False
    examined: tuple[Examined, ...] = ()
    remarks: tuple[Remark, ...] = ()
    tokens_a_day: int | None = None
    budget: Budget = Budget()

    @property
    def today(self) -> date:
        return local_day(self.now, self.learner.zone)


@dataclass(frozen=True, slots=True)
class Study:
    """What the learner follows just now.

    `reviews_due` counts the cards waiting today, as many as a day holds at most. `shaky` names,
    for a concept, the weak one that it rests on or is. The minutes, pauses and habits of this one
    hold for those `beside` it as well; its record has them as companions.
    """

    enrolment: Enrolment
    curriculum: Curriculum
    rhythm: Rhythm
    reviews_due: int = 0
    shaky: Mapping[str, Concept] = field(default_factory=dict)
    beside: "tuple[Study, ...]" = ()

    @property
    def all(self) -> "tuple[Study, ...]":
        return (self, *self.beside)

    @property
    def minutes_of(self) -> Mapping[str, int]:
        """The minutes of every task that is followed, by its id."""
        return ChainMap(*(one.curriculum.minutes_of for one in self.all))

    def of_task(self, id: str) -> "Study":
        """The study a task belongs to; habits belong to the first."""
        return next((one for one in self.all if id in one.curriculum.task_by_id), self)


def study_of(context: Context) -> Script[Study | None]:
    catalogue = context.catalogue
    enrolments = yield from active_enrolments(context.learner.id)
    studies = []
    for one in enrolments:
        curriculum = catalogue.curricula.get(one.curriculum)
        if curriculum is not None:
            studies.append(Study(one, curriculum, catalogue.rhythm_of(curriculum)))
    if not studies:
        return None
    first, *beside = studies
    companions = tuple(Companion(one.curriculum, one.enrolment.record) for one in beside)
    record = replace(first.enrolment.record, companions=companions)
    due, time = yield from todays_reviews(context.learner.id, record, context.today)
    record = replace(record, review_time=time)
    enrolment = replace(first.enrolment, record=record)
    weak = yield from weak_concepts(context.learner.id)
    shaky = _resting_on(catalogue, weak) if weak else {}
    return replace(first, enrolment=enrolment, reviews_due=due, shaky=shaky, beside=tuple(beside))


def _resting_on(catalogue: Catalogue, weak: Sequence[str]) -> dict[str, Concept]:
    """The weak concept, by each concept that builds on it and by itself."""
    concepts = catalogue.concepts
    found: dict[str, Concept] = {}
    for one in concepts.values():
        shaky = next((id for id in weak if id in one.prerequisites and id in concepts), None)
        if shaky is not None:
            found[one.id] = concepts[shaky]
    return found | {id: concepts[id] for id in weak if id in concepts}


def need_study(context: Context) -> Script[Study]:
    """What the learner follows.

    Raises:
        Refused: when they follow nothing yet.
    """
    study = yield from study_of(context)
    if study is None:
        raise Refused("enrolment.none")
    return study


def finished_tasks(context: Context, past: Iterable[PastTask]) -> Iterator[Task]:
    """The tasks behind what was finished, without those that are gone from their curriculum."""
    for one in past:
        curriculum = context.catalogue.curricula.get(one.curriculum)
        if curriculum is not None and one.task in curriculum.task_by_id:
            yield curriculum.task_by_id[one.task]
