"""What does not change from turn to turn: the authors' words and the operator's wishes."""

from dataclasses import dataclass, field

from bot.safe_words import bare_address
from learning.catalogue import Catalogue
from learning.values import Language
from store.learners import Learner
from tools.allowance import Allowance
from tools.context import Budget


@dataclass(frozen=True, slots=True)
class Keeper:
    """What learners may know of whoever keeps their data.

    `model_hosts` are sent what is said; `code_hours` is how long submitted code is kept, None for
    always; `minimum_age` is how old learners must be, None where nothing is asked; `talk_days` is
    how long what was said is kept, None for good.
    """

    contact: str = ""
    model_hosts: tuple[str, ...] = ()
    code_hours: int | None = None
    minimum_age: int | None = None
    talk_days: int | None = None


@dataclass(frozen=True, slots=True)
class House:
    """The authors' words and the operator's wishes.

    `allowed` names the people who may come in, as `platform:person`; empty means everybody.
    `numbers_choose` names the platforms that show choices with numbers. `operators` are people
    as in `allowed`; `allowed_groups` names groups as `platform:group`, empty means all of them.
    """

    catalogue: Catalogue
    language: Language
    zone: str
    allowed: frozenset[str]
    numbers_choose: frozenset[str]
    task_ids: frozenset[str]
    operators: frozenset[str] = frozenset()
    allowed_groups: frozenset[str] = frozenset()
    allowance: Allowance = field(default_factory=Allowance)
    keeper: Keeper = Keeper()
    _addresses: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        read = (one.url for one in self.catalogue.resources.values())
        solved = (one.url for one in self.catalogue.problems.values())
        addresses = frozenset(bare_address(url) for url in (*read, *solved) if url)
        object.__setattr__(self, "_addresses", addresses)

    @property
    def budget(self) -> Budget:
        allowed = self.allowance
        return Budget(allowed.day, allowed.month, allowed.price)

    def admits(self, person: str, learner: Learner | None = None) -> bool:
        """Whether somebody, as `platform:person`, may come in; `learner` is who they are here."""
        is_invited = learner is not None and learner.is_invited
        return not self.allowed or person in self.allowed or is_invited

    def admits_group(self, address: str) -> bool:
        """Whether a group, such as `telegram:-100123`, may have a mentor."""
        return not self.allowed_groups or address in self.allowed_groups

    def is_known(self, url: str) -> bool:
        """Whether an address is one of the authors'; a model's words may name no other."""
        return bare_address(url) in self._addresses


def guessed_zone(tag: str | None, otherwise: str) -> str:
    """A zone for a client's language tag, where the tag names a region with one zone."""
    regions = {
        "zh-cn": "Asia/Shanghai",
        "zh-hans": "Asia/Shanghai",
        "zh-tw": "Asia/Taipei",
        "zh-hant": "Asia/Taipei",
        "zh-hk": "Asia/Hong_Kong",
        "zh-sg": "Asia/Singapore",
        "ja": "Asia/Tokyo",
        "ko": "Asia/Seoul",
        "de": "Europe/Berlin",
        "en-gb": "Europe/London",
    }
    return regions.get((tag or "").lower().replace("_", "-"), otherwise)
