"""Read curricula/: YAML as text, checked by the values themselves, every problem at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from learning.catalogue import Catalogue, CurriculumError
from learning.checks import WeeklyCheck
from learning.code_review.rulebook import ReviewRule
from learning.concepts import Comparison, Concept, Faq
from learning.curriculum import Curriculum, Stage
from learning.interviews import Frame
from learning.problems import Problem, ProblemList
from learning.proofreading import flaws_in, problems_in
from learning.quiz.bank import Bank
from learning.quiz.items import ChoiceItem, NumericItem, OpenItem, QuizItem, Recipe, ShortItem
from learning.recommendation import Question
from learning.resources import Resource
from learning.rhythm import Rhythm
from learning.search import Synonyms
from learning.values import Value
from store.search import ResourceIndex
from store.yaml_file import Place, YamlFile

CURRICULA = Path(__file__).parent.parent / "curricula"
# A folder to copy; it is checked like the others and never offered to learners.
TEMPLATE = "template"

Content = dict[str, object]
L = TypeVar(
    "L",
    Rhythm,
    Concept,
    Resource,
    Problem,
    ProblemList,
    WeeklyCheck,
    Faq,
    Comparison,
    Question,
    Synonyms,
    ChoiceItem,
    NumericItem,
    ShortItem,
    OpenItem,
    Recipe,
    Frame,
    ReviewRule,
)
# Where the files of each shape stand; every one is a list of such values.
FOLDERS: Mapping[type[Value], str] = {
    Rhythm: "rhythms",
    Concept: "concepts",
    Comparison: "comparisons",
    Resource: "resources",
    Faq: "faq",
    Problem: "problems",
    ProblemList: "problem-lists",
    WeeklyCheck: "checks",
    Question: "recommendation",
    Synonyms: "synonyms",
    ChoiceItem: "quiz/choice",
    NumericItem: "quiz/numeric",
    ShortItem: "quiz/short",
    OpenItem: "quiz/open",
    Recipe: "quiz/generators",
    Frame: "interviews",
    ReviewRule: "review_rules",
}


def read_catalogue(
    folder: Path = CURRICULA, own: Path | None = None, *, is_strict: bool = False
) -> Catalogue:
    """Read every curriculum, rhythm, concept and resource below `folder`, and those of `own`.

    `own` has the same sub-folders, or is one curriculum's folder; it need not exist. A strict
    reading also takes offence at quiz items that work but are badly asked.

    Raises:
        CurriculumError: with every problem found, each naming file, line, place, what was
            expected and what was found.
    """
    return _Reading(folder, own).catalogue(is_strict=is_strict)


def read_review_rules(folder: Path = CURRICULA, own: Path | None = None) -> dict[str, ReviewRule]:
    """The rules of code review alone, for whoever needs nothing else.

    Raises:
        CurriculumError: as `read_catalogue`.
    """
    return _Reading(folder, own).listed(ReviewRule)


def is_whole(folder: Path) -> bool:
    """Whether a folder stands by itself; one without rhythms adds to the built-in curricula."""
    return (folder / "rhythms").is_dir()


class _Reading:
    """Reads the built-in folder and the installation's own as one, and gathers what is wrong."""

    def __init__(self, folder: Path, own: Path | None) -> None:
        self._folder = folder
        self._own = own
        self._problems: list[str] = []
        self._files: dict[str, str] = {}
        self._practice: dict[str, Problem] = {}

    def catalogue(self, *, is_strict: bool) -> Catalogue:
        self._practice = self._listed(Problem)
        curricula = self._curricula()
        concepts = self._listed(Concept)
        catalogue = Catalogue(
            curricula=curricula,
            rhythms=self._listed(Rhythm),
            concepts=concepts,
            concept_groups=self._grouped(concepts),
            comparisons=self._listed(Comparison),
            resources=self._listed(Resource),
            faq=self._listed(Faq),
            problems=self._practice,
            problem_lists=self._listed(ProblemList),
            checks=self._listed(WeeklyCheck),
            questions=self._listed(Question),
            bank=self._bank(),
            frames=self._listed(Frame),
            review_rules=self._listed(ReviewRule),
        )
        synonyms = tuple(self._listed(Synonyms).values())
        index = ResourceIndex(catalogue.resources, catalogue.concepts, synonyms)
        catalogue = replace(catalogue, index=index)
        if not curricula and not self._problems:
            at = self._own or self._folder
            self._problems.append(f"{at}: expected a folder with a curriculum.yaml, found none")
        if not self._problems:
            self._problems.extend(problems_in(catalogue, self._files))
        if is_strict and not self._problems:
            self._problems.extend(flaws_in(catalogue, self._files))
        if self._problems:
            raise CurriculumError(tuple(self._problems))
        return catalogue

    def _grouped(self, concepts: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The concepts that stand in one file, by its name."""
        groups: dict[str, tuple[str, ...]] = {}
        for id in concepts:
            name = Path(self._files[f"{FOLDERS[Concept]}/{id}"]).stem
            groups[name] = (*groups.get(name, ()), id)
        return groups

    def listed(self, shape: type[L]) -> dict[str, L]:
        """The values of one shape.

        Raises:
            CurriculumError: with every problem in their files.
        """
        found = self._listed(shape)
        if self._problems:
            raise CurriculumError(tuple(self._problems))
        return found

    def _at(self, path: Path) -> str:
        """Name a file for people: a built-in one by its last parts, one of their own in full."""
        return str(path) if self._is_own(path) else "/".join(path.parts[-3:])

    def _is_own(self, path: Path) -> bool:
        return self._own is not None and path.is_relative_to(self._own)

    def _read(self, path: Path) -> YamlFile | None:
        return YamlFile.read(path, self._at(path), self._problems)

    def _curricula(self) -> dict[str, Curriculum]:
        heads = {path.resolve(): path for path in self._folder.glob("*/curriculum.yaml")}
        heads = {real: path for real, path in heads.items() if path.parent.name != TEMPLATE}
        if self._own is not None:
            alone = self._own / "curriculum.yaml"
            own = [alone] if alone.exists() else self._own.glob("*/curriculum.yaml")
            heads |= {
                path.resolve(): path
                for path in own
                if path == alone or path.parent.name != TEMPLATE
            }
        curricula: dict[str, Curriculum] = {}
        for path in sorted(heads.values(), key=lambda path: (self._is_own(path), path)):
            for one in self._curriculum(path):
                if one.id in curricula:
                    self._problems.append(
                        f"{self._at(path)}: id: expected one of its own, found {one.id!r}, "
                        f"which stands at {self._files[one.id]}"
                    )
                    continue
                self._files[one.id] = self._at(path)
                curricula[one.id] = one
        return curricula

    def _curriculum(self, path: Path) -> Iterator[Curriculum]:
        """Read a curriculum and the stage files it names, in their order; note where they stand."""
        head = self._read(path)
        if head is None:
            return
        if not isinstance(head.content, dict):
            found = "a list" if isinstance(head.content, list) else repr(head.content)[:80]
            self._problems.append(f"{head.at}: expected names such as 'id:', found {found}")
            return
        named = head.content.get("stages")
        if not isinstance(named, list):
            expected = "a list of file names"
            self._problems.append(f"{head.at}: stages: expected {expected}, found {named!r}")
            return
        id = path.resolve().parent.name
        before = len(self._problems)
        stages = self._stages(path.parent, id, named, head.content.get("problem_task"))
        if len(self._problems) > before:
            written = {**head.content, "stages": _SOME_STAGE}
            head.values(Curriculum, (written,), (), self._problems)
            return
        written = {**head.content, "stages": stages}
        for curriculum in head.values(Curriculum, (written,), (), self._problems):
            if curriculum.id != id:
                self._problems.append(
                    f"{head.at}:{head.line(('id',))}: id: expected the folder's name {id!r}, "
                    f"found {curriculum.id!r}"
                )
            yield curriculum

    def _stages(
        self, folder: Path, id: str, named: Sequence[object], problem_task: object
    ) -> list[Stage]:
        stages: list[Stage] = []
        seen: dict[str, str] = {}
        for name in named:
            file = self._read(folder / f"{name}.yaml")
            if file is not None:
                _fill_in_problems(file.content, problem_task, self._practice)
                read = file.values(Stage, (file.content,), (), self._problems)
                for stage in read:
                    self._problems.extend(_ids_used_before(file, stage, seen))
                    self._files[f"{id}/{stage.id}"] = file.at
                stages += read
        return stages

    def _bank(self) -> Bank:
        """The quiz items and generators; an id is unique over all kinds, as answers keep it."""
        seen: dict[str, str] = {}
        items: dict[str, QuizItem] = {
            **self._listed(ChoiceItem, seen),
            **self._listed(NumericItem, seen),
            **self._listed(ShortItem, seen),
            **self._listed(OpenItem, seen),
        }
        return Bank(items, self._listed(Recipe, seen))

    def _listed(self, shape: type[L], seen: dict[str, str] | None = None) -> dict[str, L]:
        """Read every file of a shape's folder, each a list of values.

        `seen` has the ids, with their places, that must not come again.
        """
        name = FOLDERS[shape]
        listed: dict[str, L] = {}
        seen = {} if seen is None else seen
        for root in (self._folder, *((self._own,) if self._own else ())):
            for path in sorted((root / name).glob("*.yaml")):
                file = self._read(path)
                if file is None:
                    continue
                if not isinstance(file.content, list):
                    expected = "a list that starts with '- id:'"
                    self._problems.append(f"{file.at}: expected {expected}, found a mapping")
                    continue
                values = file.values(shape, file.content, None, self._problems)
                if len(values) == len(file.content):
                    for n, value in enumerate(values):
                        twice = file.used_before(value.id, value.id, (n, "id"), seen)
                        self._problems.extend(twice)
                for value in values:
                    self._files[f"{name}/{value.id}"] = file.at
                    listed[value.id] = value
        return listed


def _ids_used_before(file: YamlFile, stage: Stage, seen: dict[str, str]) -> Iterator[str]:
    """Note where a stage's ids stand, and name those that stood somewhere before."""
    places: list[tuple[str, str, Place]] = [("stage", stage.id, ("id",))]
    for n, unit in enumerate(stage.units):
        places.append(("unit", unit.id, ("units", n, "id")))
        written = [task for task in unit.tasks if task.session == 1]
        places += [
            ("task", task.id, ("units", n, "tasks", m, "id")) for m, task in enumerate(written)
        ]
    for what, id, place in places:
        yield from file.used_before(f"{what} {id}", id, place, seen)


def _fill_in_problems(stage: object, words: object, practice: Mapping[str, Problem]) -> None:
    """Write out tasks that only name practice problems, such as `- problems: [two-sum]`.

    Whatever such a task says itself stands; a problem that nobody knows stays for the check.
    """
    for task in _tasks_of(stage):
        ids = task.get("problems")
        if not isinstance(ids, list) or not isinstance(words, dict):
            continue
        known = [practice[id] for id in ids if id in practice]
        if not known or len(known) < len(ids):
            continue
        concepts = words.get("concepts")
        practised = (
            [concepts.get(one.category) for one in known] if isinstance(concepts, dict) else []
        )
        minutes = int(words["minutes"]) if str(words.get("minutes")).isdecimal() else 0
        for name, value in {
            "id": f"leetcode-{known[0].id}",
            "kind": "leetcode",
            "minutes": str(minutes * len(known)),
            "title": _naming(words.get("title"), known),
            "concepts": [id for id in dict.fromkeys(practised) if id],
            **{name: words.get(name) for name in ("details", "evidence", "done_when")},
        }.items():
            task.setdefault(name, value)


def _naming(title: object, problems: Sequence[Problem]) -> object:
    """Put the problems' names into a title's gap; what is no title stays for the check."""
    if not isinstance(title, dict):
        return title
    names = {
        "zh": "、".join(f"{one.number}. {one.title.zh}" for one in problems),
        "en": ", ".join(f"{one.number}. {one.title.en}" for one in problems),
    }
    return {
        language: str(words).replace("{problems}", names.get(language, ""))
        for language, words in title.items()
    }


def _tasks_of(stage: object) -> Iterator[Content]:
    units = stage.get("units") if isinstance(stage, dict) else None
    for unit in units if isinstance(units, list) else ():
        tasks = unit.get("tasks") if isinstance(unit, dict) else None
        for task in tasks if isinstance(tasks, list) else ():
            if isinstance(task, dict):
                yield task


_WORDS = {"zh": "-", "en": "-"}
_SOME_TASK = {"id": "x", "kind": "theory", "minutes": 5, "title": _WORDS} | {
    "evidence": _WORDS,
    "done_when": _WORDS,
}
# Stands in for stages that could not be read, so that the head's own mistakes are told as well.
_SOME_STAGE = [
    {"id": "x", "title": _WORDS, "period": _WORDS, "milestone": _WORDS}
    | {"units": [{"id": "x", "title": _WORDS, "tasks": [_SOME_TASK]}]}
]
