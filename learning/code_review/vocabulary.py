"""The names of libraries by which the review rules know what they see."""

import re
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a value is for, by what made it, or else by how it is called."""

    OPTIMIZER = "optimizer"
    SCHEDULER = "scheduler"
    LOSS = "loss"
    LOADER = "loader"
    SCALER = "scaler"
    MODEL = "model"


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())


# What a snippet without its imports surely means.
USUAL_NAMES: Final = {
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "optim": "torch.optim",
    "np": "numpy",
    "pd": "pandas",
    "tf": "tensorflow",
}
# Methods after which a value is still what it was to these rules.
KEEPS_KIND: Final = words(
    "to cuda cpu float half double bfloat16 long int type contiguous squeeze unsqueeze view "
    "reshape flatten clone permute transpose expand repeat train eval requires_grad_ "
    "view_as type_as swapaxes mT T"
)
# Calls that hand back their first argument, as far as these rules go.
HANDS_BACK: Final = words(
    "torch.compile torch.nn.DataParallel torch.nn.parallel.DistributedDataParallel "
    "torch.squeeze torch.flatten torch.reshape torch.unsqueeze list tuple iter enumerate tqdm "
    "tqdm.tqdm tqdm.auto.tqdm tqdm.notebook.tqdm copy.copy copy.deepcopy deepcopy"
)
SEQUENTIAL: Final = words("torch.nn.Sequential Sequential")

# The last names of what makes a value of each role.
MAKERS: Final = {
    Role.OPTIMIZER: words(
        "SGD Adam AdamW Adamax NAdam RAdam Adagrad Adadelta RMSprop Rprop SparseAdam ASGD "
        "Adafactor Lion Lamb LAMB Muon AdamW8bit Adam8bit PagedAdamW PagedAdamW8bit"
    ),
    Role.SCHEDULER: words(
        "LambdaLR MultiplicativeLR StepLR MultiStepLR ConstantLR LinearLR ExponentialLR CyclicLR "
        "CosineAnnealingLR ChainedScheduler SequentialLR ReduceLROnPlateau OneCycleLR "
        "PolynomialLR CosineAnnealingWarmRestarts get_scheduler get_linear_schedule_with_warmup "
        "get_cosine_schedule_with_warmup get_constant_schedule_with_warmup"
    ),
    Role.LOSS: words(
        "CrossEntropyLoss NLLLoss BCELoss BCEWithLogitsLoss MSELoss L1Loss SmoothL1Loss "
        "HuberLoss KLDivLoss MarginRankingLoss TripletMarginLoss CosineEmbeddingLoss CTCLoss "
        "MultiLabelSoftMarginLoss HingeEmbeddingLoss GaussianNLLLoss PoissonNLLLoss"
    ),
    Role.LOADER: words("DataLoader"),
    Role.SCALER: words("GradScaler"),
    Role.MODEL: SEQUENTIAL,
}
# How values of each role are usually called, where nothing in the file made them.
NAMED: Final = (
    (Role.SCALER, re.compile(r"(?:^|_)(?:grad_?)?scaler$", re.I)),
    (Role.SCHEDULER, re.compile(r"(?:^|_)(?:lr_?)?sched(?:uler)?s?(?:_|\d|$)", re.I)),
    (Role.OPTIMIZER, re.compile(r"(?:^|_)(?:opt|optim|optimi[sz]er)s?(?:_|\d|$)", re.I)),
    (Role.LOSS, re.compile(r"^(?:criterion|crit|loss_?(?:fn|func|function)|ce_loss|bce)$", re.I)),
    (Role.LOADER, re.compile(r"(?:loader|(?:^|_)dl|batches)(?:_|\d|$)", re.I)),
    (Role.MODEL, re.compile(r"(?:^|_)(?:model|net|network|classifier|transformer)\d?$", re.I)),
)
