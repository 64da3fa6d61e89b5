"""Make a curriculum of a Markdown plan: what it holds, what was guessed, what found no place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from learning.curriculum import Curriculum, Kind
from learning.errors import MentorError
from learning.values import Language
from store.authoring.draft import Draft, Leftover, Part, StageDraft, TaskDraft, UnitDraft
from store.authoring.drafting import draft_of
from store.authoring.guessing import USUAL_MINUTES, language_of, slug, unused
from store.authoring.outline import Heading, outline
from store.authoring.usual_words import USUAL
from store.catalogue import FOLDERS, TEMPLATE

LARGEST_BYTES = 1_000_000
LONGEST_ID = 24
USUAL_HOURS = 8
Content = dict[str, object]


class PlanError(MentorError):
    """A Markdown plan cannot be imported. Each problem says where, what was expected and found."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an author said on the command line; None is left to the plan."""

    id: str | None = None
    hours: int | None = None
    rhythm: str = "builder"
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """A plan as a curriculum: `head` and `stages` are the files' contents, stages by file name."""

    curriculum: Curriculum
    head: Content
    stages: dict[str, Content]
    guesses: tuple[str, ...]
    leftovers: tuple[Leftover, ...]


def read_plan(path: Path) -> str:
    """The text of a Markdown file.

    Raises:
        PlanError: when it is no text, empty, or too large to be a plan.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise PlanError([f"{path}: expected at most 1 MB, found {size / 1e6:.1f} MB"])
        written = path.read_bytes()
    except OSError as error:
        raise PlanError([f"{path}: expected a readable file, found: {error.strerror}"]) from error
    if b"\0" in written:
        at = written.index(b"\0")
        raise PlanError([f"{path}: expected Markdown text, found binary data (byte {at} is zero)"])
    try:
        return written.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        found = f"byte {error.start} that is not (save the file as UTF-8)"
        raise PlanError([f"{path}: expected UTF-8 text, found {found}"]) from error


def import_text(text: str, name: str, wishes: Wishes) -> Imported:
    """Make a curriculum of a plan's text; `name` is the file's, for people and as a last title.

    Raises:
        PlanError: when the text holds no plan.
    """
    root = _outlined(text, name)
    language = wishes.language or language_of(text)
    draft = draft_of(root, Path(name).stem, language)
    _check_titles(draft, name)
    return _Written(draft, name, wishes, language).imported()


def _outlined(text: str, name: str) -> Heading:
    if not text.strip():
        raise PlanError([f"{name}:1: expected a Markdown plan, found an empty file"])
    try:
        root = outline(text)
    except RecursionError as error:
        expected = "expected lists and quotes at most 40 deep"
        raise PlanError([f"{name}: {expected}, found some that are deeper"]) from error
    if not root.has_items:
        expected = "expected a list of things to do, with lines such as '- [ ] Read chapter 1'"
        raise PlanError([f"{name}: {expected}, found none"])
    return root


def _check_titles(draft: Draft, name: str) -> None:
    if not draft.tasks:
        expected = "expected something to do below a heading such as '## Week 1'"
        raise PlanError([f"{name}: {expected}, found none"])
    seen: dict[str, TaskDraft] = {}
    problems = []
    for task in draft.tasks:
        first = seen.setdefault(task.title.lower(), task)
        if first is not task:
            problems.append(
                f"{name}:{task.line}: expected a title that no other task has, "
                f"found that of line {first.line}: {task.title!r}"
            )
    if problems:
        raise PlanError(problems)


@dataclass(slots=True)
class _Written:
    """Writes a draft out as an author would, with ids and whatever a curriculum must have."""

    draft: Draft
    name: str
    wishes: Wishes
    language: Language
    guesses: list[str] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)

    def imported(self) -> Imported:
        id = self._own_id()
        stages = {
            self._file_name(number, stage): self._stage(id, number, stage)
            for number, stage in enumerate(self.draft.stages, 1)
        }
        head = self._head(id, list(stages))
        try:
            curriculum = Curriculum.model_validate(head | {"stages": list(stages.values())})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(step) for step in first["loc"])
            found = repr(first["input"])[:80]
            problem = f"{self.name}: {place}: expected {first['msg']}, found {found}"
            raise PlanError([problem]) from error
        self.guesses[:0] = list(self._guesses_of_tasks())
        guesses = (*self.guesses, *self.draft.guesses)
        leftovers = tuple(sorted(self.draft.leftovers, key=lambda one: one.line))
        return Imported(curriculum, head, stages, guesses, leftovers)

    def _own_id(self) -> str:
        if self.wishes.id is not None:
            return checked_id(self.wishes.id)
        found = slug(self.draft.title, LONGEST_ID) or slug(Path(self.name).stem, LONGEST_ID)
        id = found if found and found not in _TAKEN else "my-plan"
        self.guesses.append(f"id: {id} (--id)")
        return id

    def _head(self, id: str, stages: list[str]) -> Content:
        usual = USUAL[self.language]
        hours = self.wishes.hours or self.draft.hours
        if self.wishes.hours is None:
            said = "as the plan says" if self.draft.hours else "the plan does not say"
            self.guesses.append(f"hours: {hours or USUAL_HOURS} a week, {said} (--hours)")
        audience = self.draft.audience or usual.audience.format(title=self.draft.title[:200])
        if not self.draft.audience:
            self.guesses.append(f"audience: {audience}")
        if not self.draft.summary:
            self.guesses.append(f"summary: {self.draft.title}")
        if self.wishes.language is None:
            self.guesses.append(f"language: {self.language} (--language)")
        head: Content = {
            "id": id,
            "version": 1,
            "source": Path(self.name).name[:400],
            "languages": [self.language],
            "title": self.draft.title,
            "summary": self.draft.summary or self.draft.title,
            "audience": audience,
            "rhythm": self.wishes.rhythm,
            "hours": hours or USUAL_HOURS,
        }
        if self.draft.checklists:
            head["checklists"] = [
                {
                    "id": self._id(f"{id}-checklist-{number}"),
                    "title": title,
                    "items": self._criteria(f"{id}-checklist-{number}", lines),
                }
                for number, (title, lines) in enumerate(self.draft.checklists, 1)
            ]
        if self.draft.sections:
            head["sections"] = [
                {"id": self._id(f"{id}-part-{number}"), "title": title, "points": points}
                for number, (title, points) in enumerate(self.draft.sections, 1)
            ]
        return head | {"stages": stages}

    def _file_name(self, number: int, stage: StageDraft) -> str:
        return f"{number:02}-{slug(stage.title, 40) or f'stage-{number}'}"

    def _stage(self, id: str, number: int, stage: StageDraft) -> Content:
        place = f"{id}-s{number}"
        return _filled(
            {
                "id": self._id(place),
                "title": stage.title,
                "period": stage.period or self._guessed_period(stage),
                "goals": stage.goals,
                "topics": _topics(stage),
                "criteria": self._criteria(place, stage.criteria),
                "milestone": stage.milestone or self._guessed_milestone(stage),
                "units": [
                    self._unit(id, f"{place}-u{n}", unit) for n, unit in enumerate(stage.units, 1)
                ],
            }
        )

    def _guessed_period(self, stage: StageDraft) -> str:
        hours = self.wishes.hours or self.draft.hours or USUAL_HOURS
        weeks = max(1, -(-stage.minutes // (60 * hours)))
        period = USUAL[self.language].weeks.format(weeks=weeks)
        self.guesses.append(f"line {stage.line}: period: {period}")
        return period

    def _guessed_milestone(self, stage: StageDraft) -> str:
        """The milestone of its last unit that has one, else its last project or task."""
        of_units = [unit.milestone for unit in stage.units if unit.milestone]
        if of_units:
            return of_units[-1]
        last = next((one for one in stage.tasks[::-1] if one.kind is Kind.PROJECT), stage.tasks[-1])
        milestone = USUAL[self.language].milestone.format(title=last.title)
        self.guesses.append(f"line {stage.line}: milestone: {milestone}")
        return milestone

    def _unit(self, id: str, place: str, unit: UnitDraft) -> Content:
        return _filled(
            {
                "id": self._id(place),
                "title": unit.title,
                "topics": _topics(unit),
                "criteria": self._criteria(place, unit.criteria),
                "milestone": unit.milestone,
                "tasks": [
                    self._task(id, f"{place}-t{n}", task) for n, task in enumerate(unit.tasks, 1)
                ],
            }
        )

    def _task(self, id: str, place: str, task: TaskDraft) -> Content:
        words = slug(task.title, 58 - len(id))
        evidence, done_when = USUAL[self.language].of_kind[task.kind]
        content: Content = {
            "id": self._id(f"{id}-{words}" if words else place),
            "kind": task.kind.value,
            "minutes": task.minutes,
            "sessions": task.sessions if task.sessions > 1 else None,
            "optional": True if task.optional else None,
            "title": task.title,
            "details": task.details,
            "evidence": task.evidence or evidence,
            "done_when": task.done_when or done_when,
        }
        return _filled(content)

    def _criteria(self, place: str, lines: Sequence[str]) -> list[Content]:
        return [
            {"id": self._id(f"{place}-c{n}"), "zh": line, "en": line}
            for n, line in enumerate(lines, 1)
        ]

    def _id(self, wanted: str) -> str:
        id = unused(wanted, self._ids)
        self._ids.add(id)
        return id

    def _guesses_of_tasks(self) -> Iterator[str]:
        tasks = self.draft.tasks
        for kind in Kind:
            usual = [one.line for one in tasks if one.kind is kind and one.minutes_are_guessed]
            if usual:
                minutes = USUAL_MINUTES[kind]
                yield f"{_lines(usual)}: {minutes} minutes, the usual for {kind.value}"
        unnamed = [one.line for one in tasks if one.kind_is_guessed]
        if unnamed:
            yield f"{_lines(unnamed)}: kind practice, as no word names another"
        clipped = [one.line for one in tasks if one.is_clipped]
        if clipped:
            yield f"{_lines(clipped)}: minutes brought into 5 to 240 (12 sessions at most)"
        split = [one.line for one in tasks if one.sessions > 1]
        if split:
            yield f"{_lines(split)}: longer than 240 minutes, so in several sessions"
        ticked = [one.line for one in tasks if one.ticked]
        if ticked:
            yield f"{_lines(ticked)}: ticked already; a task all the same, tick it with /done"
        plain = [one.line for one in tasks if one.is_plain]
        if plain:
            yield f"{_lines(plain)}: without a check box, taken as tasks"
        bare = [one.line for one in tasks if not (one.evidence and one.done_when)]
        if bare:
            yield f"{_lines(bare)}: evidence and done_when, the usual ones for the kind"


_TAKEN = {TEMPLATE, "schema", *FOLDERS.values()}


def checked_id(id: str) -> str:
    """The id, if a curriculum may have it.

    Raises:
        PlanError: when it may not.
    """
    parts = id.split("-")
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    is_well_formed = all(part and set(part) <= set(letters) for part in parts)
    if not is_well_formed or len(id) > LONGEST_ID:
        expected = f"a-z, 0-9 and single hyphens, at most {LONGEST_ID} of them"
        raise PlanError([f"--id: expected {expected}, found {id!r}"])
    if id in _TAKEN:
        raise PlanError([f"--id: expected a name that is free, found {id!r}, a folder of its own"])
    return id


def _topics(part: Part) -> list[Content]:
    return [{"title": title, "points": points} for title, points in part.topics]


def _filled(content: Content) -> Content:
    return {name: value for name, value in content.items() if value not in (None, [], "")}


def _lines(lines: Iterable[int]) -> str:
    numbers = sorted(set(lines))
    shown = ", ".join(str(one) for one in numbers[:12])
    more = f" and {len(numbers) - 12} more" if len(numbers) > 12 else ""
    return f"line{'s' if len(numbers) > 1 else ''} {shown}{more}"
