"""What is wrong across the authors' files, once each of them is well formed by itself."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from learning.catalogue import Catalogue
from learning.code_review.rules import MATCHERS
from learning.curriculum import Curriculum, Stage, Task
from learning.quiz.draws import GENERATORS
from learning.quiz.generators import recipe_faults, recipe_problems
from learning.quiz.items import ChoiceItem, NumericItem, OpenItem, QuizItem, ShortItem
from learning.quiz.lint import bank_problems, item_problems
from learning.values import Words

Files = Mapping[str, str]
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN_WORD = re.compile("[A-Za-z]{3,}")


def problems_in(catalogue: Catalogue, files: Files) -> Iterator[str]:
    """Name every mistake, with its place, what was expected and what was found.

    `files` says where a thing stands, by `curriculum`, `curriculum/stage`, `concepts/id` or
    `resources/id` and so on.
    """
    for curriculum in catalogue.curricula.values():
        yield from _in_curriculum(catalogue, curriculum, files)
    yield from _shared_task_ids(catalogue, files)
    yield from _in_library(catalogue, files)
    yield from _in_bank(catalogue, files)
    yield from _in_frames(catalogue, files)
    yield from _in_review_rules(catalogue, files)
    yield from _circles(catalogue, files)
    yield from _names_used_twice(catalogue, files)


def _in_curriculum(catalogue: Catalogue, curriculum: Curriculum, files: Files) -> Iterator[str]:
    at = files[curriculum.id]
    yield from _unknown(f"{at}: rhythm", (curriculum.rhythm,), catalogue.rhythms)
    yield from _unknown(f"{at}: weekly_check", (curriculum.weekly_check,), catalogue.checks)
    yield from _unknown(f"{at}: problem_lists", curriculum.problem_lists, catalogue.problem_lists)
    if curriculum.leads_to:
        yield from _unknown(f"{at}: leads_to", (curriculum.leads_to,), catalogue.curricula)
    if curriculum.problem_task:
        practised = tuple(curriculum.problem_task.concepts.values())
        yield from _unknown(f"{at}: problem_task: concepts", practised, catalogue.concepts)
    for quota in curriculum.quotas:
        yield from _unknown(f"{at}: quota {quota.category}: key", quota.key, catalogue.problems)
        categories = {one.category: one for one in catalogue.problems.values()}
        yield from _unknown(f"{at}: quota: category", (quota.category,), categories)
    for section in curriculum.sections:
        place = f"{at}: section {section.id}: resources"
        yield from _unknown(place, section.resources, catalogue.resources)
    for stage in curriculum.stages:
        yield from _in_stage(catalogue, stage, files[f"{curriculum.id}/{stage.id}"])
    if {"zh", "en"} <= set(curriculum.languages):
        for place, words in _words_in(curriculum, files):
            yield from _languages(place, words)
    yield from _tasks_with_one_title(curriculum, files)


def _in_stage(catalogue: Catalogue, stage: Stage, at: str) -> Iterator[str]:
    yield from _unknown(f"{at}: resources", stage.resources, catalogue.resources)
    for topic in stage.topics:
        yield from _unknown(f"{at}: topics: concepts", topic.concepts, catalogue.concepts)
    for unit in stage.units:
        place = f"{at}: unit {unit.id}"
        yield from _unknown(f"{place}: resources", unit.resources, catalogue.resources)
        for topic in unit.topics:
            yield from _unknown(f"{place}: topics: concepts", topic.concepts, catalogue.concepts)
        for task in unit.tasks:
            if task.session == 1:
                yield from _in_task(catalogue, task, f"{at}: task {task.id}")


def _in_task(catalogue: Catalogue, task: Task, at: str) -> Iterator[str]:
    yield from _unknown(f"{at}: concepts", task.concepts, catalogue.concepts)
    yield from _unknown(f"{at}: resources", task.resources, catalogue.resources)
    yield from _unknown(f"{at}: problems", task.problems, catalogue.problems)


def _words_in(curriculum: Curriculum, files: Files) -> Iterator[tuple[str, Sequence[Words]]]:
    """What a curriculum says in both languages, by place."""
    for section in curriculum.sections:
        yield f"{files[curriculum.id]}: section {section.id}", (section.title, *section.points)
    for stage in curriculum.stages:
        at = files[f"{curriculum.id}/{stage.id}"]
        yield at, (stage.title, stage.milestone, *stage.goals, *stage.criteria)
        for project in stage.projects:
            words = (project.title, project.summary, *project.functions, *project.criteria)
            yield f"{at}: project {project.id}", words
        for unit in stage.units:
            topics = (topic.title for topic in unit.topics)
            yield f"{at}: unit {unit.id}", (unit.title, *unit.criteria, *topics)
            for task in unit.tasks:
                if task.session == 1 and not task.problems:
                    details = (task.details,) if task.details else ()
                    said = (task.title, task.evidence, task.done_when, *details)
                    yield f"{at}: task {task.id}", said


def _tasks_with_one_title(curriculum: Curriculum, files: Files) -> Iterator[str]:
    """Two tasks with one title cannot be told apart in a sentence or a list."""
    seen: dict[str, str] = {}
    for stage, _, task in curriculum.places():
        if task.session > 1:
            continue
        for language, title in (("zh", task.title.zh), ("en", task.title.en)):
            key = f"{language} {' '.join(title.split()).lower()}"
            if key in seen and seen[key] != task.id:
                at = files[f"{curriculum.id}/{stage.id}"]
                yield (
                    f"{at}: task {task.id}: title.{language}: expected a title of its own, "
                    f"found that of task {seen[key]}: {title!r}"
                )
            seen.setdefault(key, task.id)


def _shared_task_ids(catalogue: Catalogue, files: Files) -> Iterator[str]:
    """A learner may follow several curricula, and `/done id` must mean one task."""
    seen: dict[str, tuple[str, str]] = {}
    for curriculum in catalogue.curricula.values():
        for stage, _, task in curriculum.places():
            if task.session > 1:
                continue
            at = files[f"{curriculum.id}/{stage.id}"]
            other, place = seen.setdefault(task.id, (curriculum.id, at))
            if other != curriculum.id:
                yield (
                    f"{at}: task {task.id}: expected an id that no other curriculum uses, "
                    f"found one of {other}, which stands in {place}"
                )


def _in_library(catalogue: Catalogue, files: Files) -> Iterator[str]:
    for resource in catalogue.resources.values():
        at = f"{files[f'resources/{resource.id}']}: {resource.id}"
        yield from _unknown(f"{at}: concepts", resource.concepts, catalogue.concepts)
        yield from _languages(at, (resource.note,))
    for concept in catalogue.concepts.values():
        at = f"{files[f'concepts/{concept.id}']}: {concept.id}"
        yield from _unknown(f"{at}: prerequisites", concept.prerequisites, catalogue.concepts)
        yield from _languages(at, (concept.misconception,))
    for pair in catalogue.comparisons.values():
        at = f"{files[f'comparisons/{pair.id}']}: {pair.id}"
        yield from _unknown(f"{at}: concepts", pair.concepts, catalogue.concepts)
    for faq in catalogue.faq.values():
        at = f"{files[f'faq/{faq.id}']}: {faq.id}"
        yield from _unknown(f"{at}: concepts", faq.concepts, catalogue.concepts)
        yield from _unknown(f"{at}: resources", faq.resources, catalogue.resources)
        yield from _languages(at, (faq.question, *faq.answer))
    for problem in catalogue.problems.values():
        at = f"{files[f'problems/{problem.id}']}: {problem.id}"
        yield from _unknown(f"{at}: lists", problem.lists, catalogue.problem_lists)
    for listed in catalogue.problem_lists.values():
        found = sum(listed.id in one.lists for one in catalogue.problems.values())
        if found != listed.count:
            at = f"{files[f'problem-lists/{listed.id}']}: {listed.id}"
            yield f"{at}: count: expected {found}, the problems of that list, found {listed.count}"
    for question in catalogue.questions.values():
        at = f"{files[f'recommendation/{question.id}']}: {question.id}"
        named = tuple(one.curriculum for reply in question.replies for one in reply.reasons)
        yield from _unknown(f"{at}: reasons", named, catalogue.curricula)


def _in_bank(catalogue: Catalogue, files: Files) -> Iterator[str]:
    """What would keep an item from being asked."""
    bank = catalogue.bank
    for item in bank.items.values():
        at = f"{files[f'{_QUIZ_FOLDERS[type(item)]}/{item.id}']}: {item.id}"
        yield from _unknown(f"{at}: concepts", item.concepts, catalogue.concepts)
    for recipe in bank.recipes.values():
        at = f"{files[f'quiz/generators/{recipe.id}']}: {recipe.id}"
        yield from _unknown(f"{at}: concepts", recipe.concepts, catalogue.concepts)
        if recipe.id in GENERATORS:
            yield from (f"{at}: {problem}" for problem in recipe_faults(recipe))
        else:
            yield from _unknown(f"{at}: id", (recipe.id,), GENERATORS)


def _in_frames(catalogue: Catalogue, files: Files) -> Iterator[str]:
    """Every kind of interview question needs a frame to be asked by."""
    for frame in catalogue.frames.values():
        at = f"{files[f'interviews/{frame.id}']}: {frame.id}"
        yield from _unknown(f"{at}: resources", frame.resources, catalogue.resources)
        yield from _languages(at, (frame.name, frame.how))
        for step in frame.steps:
            words = (step.name, *step.probes, step.hint, step.strength, step.practise)
            yield from _languages(f"{at}: step {step.id}", words)
    for item in catalogue.bank.interview.values():
        at = f"{files[f'{_QUIZ_FOLDERS[OpenItem]}/{item.id}']}: {item.id}"
        yield from _unknown(f"{at}: genre, a frame in interviews/", (item.genre,), catalogue.frames)


def _in_review_rules(catalogue: Catalogue, files: Files) -> Iterator[str]:
    """A rule is looked for by ruff or by a matcher, and only the latter fills gaps but a name."""
    for rule in catalogue.review_rules.values():
        at = f"{files[f'review_rules/{rule.id}']}: {rule.id}"
        yield from _unknown(f"{at}: concepts", rule.concepts, catalogue.concepts)
        said = (rule.title, rule.happens, rule.why, rule.fix)
        yield from _languages(at, (*said, *((rule.praise,) if rule.praise else ())))
        if rule.ruff is None and rule.id not in MATCHERS:
            matchers = "learning/code_review/rules"
            yield f"{at}: expected a ruff code or a matcher in {matchers}, found neither"
        if rule.ruff is not None and set(rule.gaps) - {"name"}:
            gaps = ", ".join(rule.gaps)
            yield f"{at}: expected no gap but {{name}} in a rule of ruff's, found {gaps}"


def flaws_in(catalogue: Catalogue, files: Files) -> Iterator[str]:
    """Name what is badly asked in the quiz bank; it can be used all the same."""
    bank = catalogue.bank
    for item in bank.items.values():
        at = f"{files[f'{_QUIZ_FOLDERS[type(item)]}/{item.id}']}: {item.id}"
        yield from (f"{at}: {problem}" for problem in item_problems(item))
        yield from _languages(at, (item.stem, *_reasons_of(item)))
    for recipe in bank.recipes.values():
        at = f"{files[f'quiz/generators/{recipe.id}']}: {recipe.id}"
        yield from (f"{at}: {problem}" for problem in recipe_problems(recipe))
    yield from (f"quiz: {problem}" for problem in bank_problems(bank.items))


_QUIZ_FOLDERS: Mapping[type[QuizItem], str] = {
    ChoiceItem: "quiz/choice",
    NumericItem: "quiz/numeric",
    ShortItem: "quiz/short",
    OpenItem: "quiz/open",
}


def _reasons_of(item: QuizItem) -> tuple[Words, ...]:
    match item:
        case ChoiceItem():
            return tuple(option.why for option in item.options)
        case NumericItem():
            return (item.why, *(mistake.why for mistake in item.mistakes))
        case ShortItem():
            return (item.why,)
        case OpenItem():
            return tuple(criterion.text for criterion in item.rubric)


def _circles(catalogue: Catalogue, files: Files) -> Iterator[str]:
    """Prerequisites that lead back to where they began."""
    done: set[str] = set()
    for start in catalogue.concepts:
        path: list[str] = []
        yield from _circle_from(catalogue, start, path, done, files)


def _circle_from(
    catalogue: Catalogue, id: str, path: list[str], done: set[str], files: Files
) -> Iterator[str]:
    if id in path:
        circle = " → ".join([*path[path.index(id) :], id])
        at = f"{files[f'concepts/{id}']}: {id}"
        yield f"{at}: prerequisites: expected no circle, found {circle}"
        return
    if id in done or id not in catalogue.concepts:
        return
    path.append(id)
    for earlier in catalogue.concepts[id].prerequisites:
        yield from _circle_from(catalogue, earlier, path, done, files)
    path.pop()
    done.add(id)


def _names_used_twice(catalogue: Catalogue, files: Files) -> Iterator[str]:
    """A name that two concepts share finds only one of them."""
    seen: dict[str, str] = {}
    for concept in catalogue.concepts.values():
        for name in (concept.name.zh, concept.name.en, *concept.aliases):
            key = " ".join(name.lower().split())
            if seen.get(key, concept.id) != concept.id:
                at = f"{files[f'concepts/{concept.id}']}: {concept.id}"
                yield (
                    f"{at}: names: expected names that no other concept has, found {name!r}, "
                    f"a name of {seen[key]}"
                )
            seen.setdefault(key, concept.id)
    titles: dict[str, str] = {}
    for resource in catalogue.resources.values():
        key = resource.title.en.lower()
        if key in titles:
            at = f"{files[f'resources/{resource.id}']}: {resource.id}"
            yield (
                f"{at}: title.en: expected a title of its own, found that of {titles[key]}: "
                f"{resource.title.en!r}"
            )
        titles.setdefault(key, resource.id)


def _languages(at: str, words: Iterable[Words]) -> Iterator[str]:
    """A sentence that stands in the other language's place."""
    for one in words:
        if _HAN.search(one.zh) is None and len(_LATIN_WORD.findall(one.zh)) > 6:
            yield f"{at}: zh: expected Chinese, found {one.zh[:60]!r}"
        if len(_HAN.findall(one.en)) > 12:
            yield f"{at}: en: expected English, found {one.en[:60]!r}"


def _unknown(at: str, ids: Sequence[str], known: Mapping[str, object]) -> Iterator[str]:
    for id in ids:
        if id not in known:
            yield f"{at}: expected {_some(known)}, found {id!r}"


def _some(ids: Mapping[str, object]) -> str:
    """All the ids, where they are few enough to read."""
    if not ids:
        return "an id, of which there are none yet"
    return f"one of {', '.join(sorted(ids))}" if len(ids) <= 8 else "a known id"
