"""Which picture goes with which result; every one shows what the words beside it say."""

from bot.markup import styled
from bot.message import Picture
from bot.pictures.canvas import SMALL, Canvas
from bot.pictures.occasions import (
    Fact,
    ending,
    facts,
    options,
    ranking,
    ribbon,
    title,
    week_columns,
)
from bot.pictures.progress import (
    Spoke,
    headed,
    heat_map,
    mastery_radar,
    plan_and_done,
    section,
    stage_bars,
)
from bot.texts import Texts
from learning.retrospective import Proposal
from learning.values import Words
from tools.cohorts.digest import Digest
from tools.cohorts.questions import BattleOver
from tools.marking import Marked, Milestone
from tools.plan import PathShown
from tools.progress import KnowledgeShown, ProgressShown
from tools.week_review import WeekReviewed


def progress_picture(shown: ProgressShown, texts: Texts) -> Picture:
    progress, canvas = shown.progress, Canvas()
    share = progress.minutes_done / progress.minutes if progress.minutes else 0
    headed(canvas, texts.plain(shown.curriculum.title))
    figures = [
        Fact(f"{progress.done}/{progress.tasks}", texts.label("picture.fact_tasks")),
        Fact(f"{round(100 * share)}%", texts.label("picture.fact_share")),
    ]
    if progress.streak > 1:
        figures.append(Fact(str(progress.streak), texts.label("picture.fact_streak")))
    facts(canvas, figures)
    section(canvas, texts.label("picture.days"))
    heat_map(canvas, shown.levels, shown.started_on, shown.today, texts)
    if shown.course is not None and not shown.beside:
        section(canvas, texts.label("picture.course"))
        plan_and_done(canvas, shown.course, shown.today, texts)
    said = texts.label("picture.progress", done=progress.done, tasks=progress.tasks)
    return Picture(canvas.svg(), said)


def path_picture(shown: PathShown, texts: Texts) -> Picture:
    progress, canvas = shown.progress, Canvas()
    headed(canvas, texts.plain(shown.curriculum.title))
    stage_bars(
        canvas, [(texts.plain(one.stage.title), one.done, one.tasks) for one in progress.stages]
    )
    said = texts.label("picture.progress", done=progress.done, tasks=progress.tasks)
    return Picture(canvas.svg(), said)


def knowledge_picture(shown: KnowledgeShown, texts: Texts) -> Picture:
    canvas = Canvas()
    headed(canvas, texts.label("picture.knowledge"), below=texts.label("picture.knowledge_below"))
    spokes = [
        Spoke(group_name(one.group, texts), one.known, one.measured, one.of) for one in shown.groups
    ]
    mastery_radar(canvas, spokes, texts)
    return Picture(canvas.svg(), texts.label("picture.knowledge"))


def group_name(group: str, texts: Texts) -> str:
    key = f"picture.group_{group}"
    return texts.label(key if texts.has(key) else "picture.group_other")


def week_picture(reviewed: WeekReviewed, texts: Texts) -> Picture:
    canvas, week = Canvas(), reviewed.week
    first = reviewed.begun_on or week.since
    days = f"{texts.day(first, 'short')} – {texts.day(reviewed.last_day, 'short')}"
    headed(canvas, texts.label("picture.week"), below=days)
    figures = [
        Fact(str(week.tasks), texts.label("picture.fact_tasks")),
        Fact(f"{week.days}/{len(week.daily)}", texts.label("picture.fact_days")),
    ]
    if reviewed.reviews:
        share = round(100 * reviewed.recalled / reviewed.reviews)
        figures.append(Fact(f"{share}%", texts.label("picture.fact_recalled")))
    facts(canvas, figures)
    week_columns(canvas, week.daily, texts)
    if reviewed.finish_now is not None and reviewed.proposal is not Proposal.FINISHED:
        ending(canvas, texts.label("picture.finish", finish=reviewed.finish_now))
    return Picture(canvas.svg(), f"{texts.label('picture.week')} {days}")


def milestone_picture(marked: Marked, milestone: Milestone, texts: Texts) -> Picture:
    """Something to show others: nothing on it but the curriculum and what was reached."""
    canvas, progress = Canvas(), marked.progress
    part = milestone.stage.title if milestone.is_stage else milestone.unit.title
    ribbon(canvas, texts.label("picture.milestone"))
    title(canvas, texts.plain(part), 44)
    canvas.paragraph(_bare(milestone.words, texts), 27, role="soft", most=9)
    canvas.space(22)
    facts(
        canvas,
        [
            Fact(f"{progress.done}/{progress.tasks}", texts.label("picture.fact_tasks")),
            Fact(texts.minutes(progress.minutes_done // 60 * 60), texts.label("picture.fact_time")),
        ],
    )
    ending(canvas, texts.plain(milestone.curriculum.title))
    made = f"{texts.day(marked.plan.day, 'long')} · {texts.label('picture.made')}"
    canvas.paragraph(made, SMALL, role="soft")
    return Picture(canvas.svg(), f"{texts.label('picture.milestone')} {texts.plain(part)}")


def _bare(words: Words, texts: Texts) -> str:
    """An author's words without their markup."""
    return styled(texts.words(words)).text


def digest_picture(digest: Digest, texts: Texts, units: str) -> Picture:
    """`units` names what comes next week, as the words do."""
    canvas = Canvas()
    days = f"{texts.day(digest.first, 'short')} – {texts.day(digest.last, 'short')}"
    headed(canvas, texts.label("picture.digest"), below=days)
    figures = [Fact(str(digest.active), texts.label("picture.fact_active"))]
    if digest.answers:
        figures += [
            Fact(str(digest.answers), texts.label("picture.fact_answers")),
            Fact(
                f"{round(100 * digest.right / digest.answers)}%",
                texts.label("picture.fact_right"),
            ),
        ]
    elif digest.focus_minutes:
        focus = Fact(texts.minutes(digest.focus_minutes), texts.label("picture.fact_focus"))
        figures.append(focus)
    facts(canvas, figures)
    if digest.hardest is not None:
        options(canvas, texts.label("picture.hardest"), _bare(digest.hardest.stem, texts))
    for n, league in enumerate(digest.board):
        canvas.space(14 if n else 18)
        ranking(canvas, [(str(one.rank), one.nickname, str(one.points)) for one in league])
    if units:
        options(canvas, texts.label("picture.next"), styled(units).text)
    return Picture(canvas.svg(), f"{texts.label('picture.digest')} {days}")


def battle_picture(over: BattleOver, texts: Texts) -> Picture:
    """Those on the podium; how the others did is theirs."""
    canvas = Canvas()
    headed(canvas, texts.label("picture.battle"))
    share = round(100 * over.right / over.answers) if over.answers else 0
    facts(
        canvas,
        [
            Fact(str(over.played), texts.label("picture.fact_players")),
            Fact(str(over.answers), texts.label("picture.fact_answers")),
            Fact(f"{share}%", texts.label("picture.fact_right")),
        ],
    )
    canvas.space(8)
    ranking(
        canvas,
        [(str(n), one.name, f"{one.right}/{over.of}") for n, one in enumerate(over.best, 1)],
    )
    return Picture(canvas.svg(), texts.label("picture.battle"))
