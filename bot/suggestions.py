"""What a chat offers while somebody types behind a command: today's tasks, concepts, curricula."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from bot.clock import Clock
from bot.house import House
from bot.texts import language_of
from learning.values import Language
from store.errors import StorageError
from store.learners import learner_of
from store.port import Store
from store.script import Script
from tools.context import Context, study_of
from tools.plan import day_shown

# A label with the words that choosing it puts behind the command.
Suggestion = tuple[str, str]
# Given a person, a command's name, what they have typed so far, and their client's language.
Suggest = Callable[[str, str, str, str], Awaitable[Sequence[Suggestion]]]
MOST = 25
# Of 100: how much of what was typed must be found again in a name.
ALIKE = 60


@dataclass(frozen=True, slots=True)
class Suggestions:
    store: Store
    house: House
    clock: Clock

    async def suggest(
        self, platform: str, person: str, command: str, typed: str, tag: str
    ) -> Sequence[Suggestion]:
        """What fits behind a command; `tag` is the client's language. Nothing while disks fail."""
        language = language_of(tag, self.house.language)
        try:
            if command in {"done", "later", "stuck"}:
                return await self.store.run(self._tasks, platform, person, typed)
        except StorageError:
            return ()
        known = _KNOWN.get(command)
        return () if known is None else _alike(known(self.house, language), typed)

    def _tasks(self, platform: str, person: str, typed: str) -> Script[Sequence[Suggestion]]:
        """Today's tasks by their numbers, for those who have a plan."""
        learner = yield from learner_of(platform, person)
        if learner is None or not self.house.admits(f"{platform}:{person}", learner):
            return ()
        context = Context(learner, self.house.catalogue, learner.home, self.clock())
        study = yield from study_of(context)
        if study is None:
            return ()
        named = [
            (f"{number} · {one.task.title.in_language(learner.language)}", str(number))
            for number, one in enumerate(day_shown(study, context.today).plan.tasks, 1)
        ]
        return _alike(named, typed)


def _concepts(house: House, language: Language) -> Iterable[Suggestion]:
    for one in house.catalogue.concepts.values():
        name = one.name.in_language(language)
        yield name, name


def _curricula(house: House, language: Language) -> Iterable[Suggestion]:
    return ((one.title.in_language(language), one.id) for one in house.catalogue.curricula.values())


def _groups(house: House, language: Language) -> Iterable[Suggestion]:
    return ((label, f"start {id}") for label, id in _curricula(house, language))


_KNOWN: Mapping[str, Callable[[House, Language], Iterable[Suggestion]]] = {
    "quiz": _concepts,
    "explain": _concepts,
    "start": _curricula,
    "battle": _concepts,
    "group": _groups,
}


def _alike(known: Iterable[Suggestion], typed: str) -> Sequence[Suggestion]:
    """Those most like what was typed, the best first; all in their order while nothing is."""
    labels = dict(known)
    if not typed.strip():
        return list(labels.items())[:MOST]
    found = process.extract(
        typed,
        labels,
        scorer=fuzz.partial_ratio,
        processor=utils.default_process,
        limit=MOST,
        score_cutoff=ALIKE,
    )
    return [(label, labels[label]) for _, _, label in found]
