"""The numbers of generated items: what is drawn, the right answer, and the wrong ones people get.

Their words stand in curricula/quiz/generators/, by the same names.
"""

from collections.abc import Mapping

from learning.quiz.drawn import Draw, Drawn
from learning.quiz.draws_evaluation import EVALUATION
from learning.quiz.draws_networks import NETWORKS
from learning.quiz.draws_probability import PROBABILITY
from learning.quiz.draws_retrieval import RETRIEVAL
from learning.quiz.draws_serving import SERVING
from learning.quiz.draws_training import TRAINING
from learning.quiz.draws_transformers import TRANSFORMERS

__all__ = ["GENERATORS", "Draw", "Drawn"]

GENERATORS: Mapping[str, Draw] = {
    **TRANSFORMERS,
    **TRAINING,
    **NETWORKS,
    **PROBABILITY,
    **RETRIEVAL,
    **EVALUATION,
    **SERVING,
}
