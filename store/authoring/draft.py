"""What becomes of a Markdown plan, part by part, before it is written as a curriculum."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from learning.curriculum import Kind
from store.authoring.guessing import label_in_front, role_of, without_duration
from store.authoring.outline import Heading, Item, Paragraph, without_links

LONGEST_LINE = 400
LONGEST_TITLE = 120
Points = tuple[str, list[str]]


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something of the plan that the curriculum does not hold."""

    line: int
    what: str
    text: str


@dataclass(slots=True)
class TaskDraft:
    title: str
    line: int
    kind: Kind
    minutes: int
    sessions: int = 1
    details: str = ""
    evidence: str = ""
    done_when: str = ""
    optional: bool = False
    ticked: bool = False
    is_plain: bool = False
    is_clipped: bool = False
    minutes_are_guessed: bool = False
    kind_is_guessed: bool = False


@dataclass(slots=True)
class UnitDraft:
    title: str
    line: int
    tasks: list[TaskDraft] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    topics: list[Points] = field(default_factory=list)
    criteria: list[str] = field(default_factory=list)
    milestone: str = ""


@dataclass(slots=True)
class StageDraft:
    title: str
    line: int
    period: str = ""
    units: list[UnitDraft] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    topics: list[Points] = field(default_factory=list)
    criteria: list[str] = field(default_factory=list)
    milestone: str = ""

    @property
    def tasks(self) -> list[TaskDraft]:
        return [task for unit in self.units for task in unit.tasks]

    @property
    def minutes(self) -> int:
        return sum(task.minutes * task.sessions for task in self.tasks)


@dataclass(slots=True)
class Draft:
    title: str
    summary: str = ""
    audience: str = ""
    hours: int | None = None
    stages: list[StageDraft] = field(default_factory=list)
    sections: list[Points] = field(default_factory=list)
    checklists: list[Points] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)

    @property
    def tasks(self) -> list[TaskDraft]:
        return [task for stage in self.stages for task in stage.tasks]


Part = StageDraft | UnitDraft


def forgotten(root: Heading, draft: Draft) -> list[Leftover]:
    """Whatever of the plan stands neither in the draft nor among what is told to be left out."""
    texts = set(_texts_of(draft))
    whole = "\n".join(texts)
    forgotten = []
    for line, what, text in _written_in(root):
        labelled = label_in_front(text)
        said = without_duration(without_links(labelled[1] if labelled else text))
        # Longer texts may have been cut; what was cut off is told already.
        if not {text, said} & texts and said[: LONGEST_TITLE // 3] not in whole:
            forgotten.append(Leftover(line, what, text))
    return forgotten


def _written_in(heading: Heading) -> Iterator[tuple[int, str, str]]:
    """Every heading but mere labels, every paragraph and every list item."""
    if heading.text and role_of(heading.text) is None:
        yield heading.line, "heading", heading.text
    for block in heading.blocks:
        if isinstance(block, Paragraph):
            yield block.line, "paragraph", block.text
        elif isinstance(block, Item):
            for item in (block, *block.below()):
                if item.text and role_of(item.text) is None:
                    yield item.line, "list item", item.text
    for part in heading.parts:
        yield from _written_in(part)


def _texts_of(draft: Draft) -> Iterator[str]:
    yield from (draft.title, draft.summary, draft.audience)
    yield from (one.text for one in draft.leftovers)
    yield from _lines_in([*draft.sections, *draft.checklists])
    for stage in draft.stages:
        parts: list[Part] = [stage, *stage.units]
        for part in parts:
            yield from (part.title, part.milestone, *part.goals, *part.criteria)
            yield from _lines_in(part.topics)
        for task in stage.tasks:
            yield from (task.title, task.details, task.evidence, task.done_when)


def _lines_in(lists: Iterable[Points]) -> Iterator[str]:
    for title, lines in lists:
        yield title
        yield from lines
