"""One picture of each kind, of results that are put together by hand.

`make pictures` writes the golden ones anew, and draws all into a folder to be looked at.
"""

import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.message import Picture
from bot.pictures import compose
from bot.pictures.palette import Theme
from bot.pictures.render import command
from bot.texts import Texts, texts_in
from learning.course import Course, study_levels
from learning.plan import DailyPlan
from learning.progress import Changes, Progress, StageProgress
from learning.quiz.items import ChoiceItem
from learning.retrospective import Proposal, Week
from learning.values import Language
from store.cohorts import Cohort
from tests.builders import built_in
from tools.cohorts.digest import Digest, Shown
from tools.cohorts.group import Group
from tools.cohorts.questions import BattleOver, Place
from tools.marking import Marked, Milestone
from tools.plan import Forecast, PathShown
from tools.progress import GroupKnown, KnowledgeShown, ProgressShown
from tools.week_review import WeekReviewed

GOLDEN = Path(__file__).parents[2] / "golden" / "pictures"
BEGUN = date(2026, 11, 2)
TODAY = date(2026, 12, 16)
FINISH = date(2027, 6, 4)
_COHORT = Cohort(
    1,
    "square:-1",
    "engineer-28w",
    BEGUN,
    "zh",
    ZoneInfo("Asia/Shanghai"),
    time(9),
    time(20),
    time(21),
    6,
    time(20, 30),
    frozenset(),
    3,
    is_active=True,
)


def golden(name: str, language: Language) -> Path:
    return GOLDEN / f"{name}.{language}.svg"


def samples(texts: Texts) -> Mapping[str, Picture]:
    """Every picture in one language, by its name."""
    marked, milestone = reached()
    return {
        "progress": compose.progress_picture(progress_shown(), texts),
        "path": compose.path_picture(path_shown(), texts),
        "knowledge": compose.knowledge_picture(knowledge_shown(), texts),
        "week": compose.week_picture(week_reviewed(), texts),
        "milestone": compose.milestone_picture(marked, milestone, texts),
        "digest": compose.digest_picture(digest(), texts, "RAG, LoRA"),
        "battle": compose.battle_picture(battle_over(), texts),
    }


def progress(curriculum: str = "engineer-28w") -> Progress:
    stages = built_in().curricula[curriculum].stages
    return Progress(
        done=96,
        tasks=308,
        minutes_done=4_300,
        minutes=13_200,
        shown=12,
        days_this_week=3,
        streak=3,
        stages=tuple(
            StageProgress(one, 88 if n == 0 else 8 * (n == 1), 88) for n, one in enumerate(stages)
        ),
        stage=stages[1],
        unit=stages[1].units[0],
    )


def progress_shown() -> ProgressShown:
    worked = {BEGUN + timedelta(days=n): 30 * (n % 4) for n in range(45) if n % 6}
    return ProgressShown(
        built_in().curricula["engineer-28w"],
        progress(),
        Forecast(600, FINISH),
        date(2027, 5, 16),
        TODAY,
        BEGUN,
        changes=Changes((), ()),
        beside=(),
        course=Course(
            planned=((BEGUN, 0.0), (date(2027, 2, 1), 0.5), (date(2027, 5, 16), 1.0)),
            done=((BEGUN, 0.0), (date(2026, 11, 20), 0.2), (TODAY, 0.32)),
            ahead=((TODAY, 0.32), (FINISH, 1.0)),
            real=((TODAY, 0.32), (date(2028, 9, 1), 1.0)),
        ),
        levels=study_levels(worked, {BEGUN}, 60),
    )


def path_shown(curriculum: str = "engineer-28w") -> PathShown:
    return PathShown(built_in().curricula[curriculum], progress(curriculum), Forecast(600, FINISH))


def knowledge_shown(measured: int = 10) -> KnowledgeShown:
    groups = tuple(
        GroupKnown(name, (n + 1) / 10 if n < measured else 0.0, 3 * (n < measured), 20)
        for n, name in enumerate(built_in().concept_groups)
    )
    return KnowledgeShown(built_in().curricula["engineer-28w"], groups, 4, ())


def week_reviewed() -> WeekReviewed:
    since = TODAY - timedelta(days=6)
    daily = tuple((since + timedelta(days=n), 45 * (n % 3), 75) for n in range(7))
    return WeekReviewed(
        Week(since, 9, 270, 525, 5, 7, daily),
        TODAY,
        named=(),
        reviews=20,
        recalled=18,
        due=0,
        practice=0,
        finish_now=FINISH,
        finish_before=FINISH,
        proposal=Proposal.SAME,
        minutes_now=(75,) * 7,
        minutes=(75,) * 7,
        finish_then=FINISH,
        blocked=None,
        missed=None,
        step=None,
        is_checked=True,
    )


def reached(curriculum: str = "engineer-28w", stage: int = 0) -> tuple[Marked, Milestone]:
    of = built_in().curricula[curriculum]
    one = of.stages[stage]
    milestone = Milestone(of, one, stage + 1, one.units[-1], one.milestone, is_stage=True)
    plan = DailyPlan(TODAY, 75, (), is_paused=False)
    marked = Marked("done", (), None, plan, progress(), Forecast(600, FINISH), None, (), milestone)
    return marked, milestone


def digest() -> Digest:
    catalogue = built_in()
    item = catalogue.bank.items["docker-file-after-rm"]
    assert isinstance(item, ChoiceItem)
    named = (Shown(1, "小林🎉", 23), Shown(2, "Ana" * 30, 17), Shown(2, "مريم", 17))
    return Digest(
        Group(_COHORT, catalogue, datetime(2026, 12, 16, 12, tzinfo=UTC)),
        TODAY - timedelta(days=6),
        TODAY,
        active=5,
        days_done=11,
        days_half=3,
        answers=34,
        right=22,
        focus_minutes=75,
        explanations=2,
        hardest=item,
        hardest_right=1,
        hardest_answered=5,
        note=None,
        thanked=("Ana",),
        next_units=(),
        board=(named, named[:1]),
    )


def battle_over() -> BattleOver:
    best = (Place("Ana", 5), Place("小林", 4), Place("Bob\u202e\u200b", 3))
    return BattleOver(best, of=5, played=8, answers=38, right=25)


def drawn(svg: str, theme: Theme = "light") -> bytes:
    """PNG of a picture, at once."""
    done = subprocess.run(command(theme), input=svg.encode(), capture_output=True, check=True)
    return done.stdout


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    languages: tuple[Language, ...] = ("zh", "en")
    themes: tuple[Theme, ...] = ("light", "dark")
    for language in languages:
        for name, picture in samples(texts_in(language)).items():
            golden(name, language).write_text(picture.svg, "utf-8")
            for theme in themes:
                file = folder / f"{name}.{language}.{theme}.png"
                file.write_bytes(drawn(picture.svg, theme))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
