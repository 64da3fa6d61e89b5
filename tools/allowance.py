"""How much a model may be used, by whom and in which time, and what was used."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from store.learners import NOBODY, Learner
from store.script import Script
from store.usage import Limit, Price, Usage, days_used, used
from tools.context import Context
from tools.plan import Arguments

DAYS_SHOWN = 30
NEW_FOR = timedelta(days=3)
# A turn's prompt with its tools comes to about 7,000 tokens, and often needs a second request.
# So many are set aside for each; an allowance of less would never let one through.
TURN_TOKENS = 16_000
# The scope of the installation's own limits.
EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Tokens in and out together, and turns; None is without limit.

    A day is the learner's own for a learner and a group, and UTC's for the installation.
    `new_day` holds for a learner's first `NEW_FOR`.
    """

    learner_day: int | None = None
    group_day: int | None = None
    day: int | None = None
    month: int | None = None
    turns_an_hour: int | None = None
    new_day: int | None = None
    price: Price | None = None

    def of_day(self, learner: Learner, now: datetime) -> int | None:
        """A learner's tokens for a day: fewer for who has come just now, and may be anybody."""
        is_new = learner.came_at is not None and now - learner.came_at < NEW_FOR
        limits = [self.learner_day, self.new_day] if is_new else [self.learner_day]
        return min((one for one in limits if one is not None), default=None)

    def limits(self, context: Context) -> tuple[Limit, ...]:
        """Every limit that a turn of this learner at this place counts for."""
        learner = f"learner:{context.learner.id}"
        today = context.today.isoformat()
        world = context.now.astimezone(UTC)
        limits = [
            Limit(EVERYBODY, f"{world:%Y-%m}", self.month),
            Limit(EVERYBODY, f"{world:%Y-%m-%d}", self.day),
        ]
        if context.learner.id != NOBODY:
            limits += [
                Limit(learner, today, self.of_day(context.learner, context.now)),
                Limit(learner, f"{world:%Y-%m-%dT%H}", turns=self.turns_an_hour),
            ]
        if not context.is_private:
            limits.append(Limit(f"group:{context.address}", today, self.group_day))
        return tuple(limits)


class ShowUsage(Arguments):
    pass


@dataclass(frozen=True, slots=True)
class UsageShown:
    """What a learner used today and in the last `DAYS_SHOWN` days.

    `allowed_today` are the tokens of a learner's day; None is without limit.
    """

    has_model: bool
    today: Usage
    days: Usage
    allowed_today: int | None


def show_usage(context: Context, _: ShowUsage) -> Script[UsageShown]:
    scope = f"learner:{context.learner.id}"
    today = yield from used(scope, (context.today.isoformat(),))
    days = yield from days_used(scope, context.today - timedelta(days=DAYS_SHOWN - 1))
    whole = sum((one for _, one in days), Usage())
    return UsageShown(context.has_model, today, whole, context.tokens_a_day)
