"""Everything the authors wrote, as one value with its cross-references checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from learning.checks import WeeklyCheck
from learning.code_review.rulebook import ReviewRule
from learning.concepts import Comparison, Concept, Faq
from learning.curriculum import Curriculum
from learning.errors import MentorError
from learning.interviews import Frame
from learning.problems import Problem, ProblemList
from learning.quiz.bank import Bank
from learning.recommendation import Question
from learning.resources import Resource
from learning.rhythm import Rhythm
from learning.search import Index, NoIndex


class CurriculumError(MentorError):
    """A file under curricula/ has a mistake.

    `problems` are whole sentences, each with its place, what was expected and what was found.
    """

    key = "error.curriculum"

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Catalogue:
    curricula: Mapping[str, Curriculum]
    rhythms: Mapping[str, Rhythm]
    concepts: Mapping[str, Concept] = field(default_factory=dict)
    concept_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    resources: Mapping[str, Resource] = field(default_factory=dict)
    faq: Mapping[str, Faq] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    problem_lists: Mapping[str, ProblemList] = field(default_factory=dict)
    checks: Mapping[str, WeeklyCheck] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    bank: Bank = field(default_factory=Bank)
    frames: Mapping[str, Frame] = field(default_factory=dict)
    review_rules: Mapping[str, ReviewRule] = field(default_factory=dict)
    index: Index = field(default_factory=NoIndex)

    def rhythm_of(self, curriculum: Curriculum) -> Rhythm:
        return self.rhythms[curriculum.rhythm]
