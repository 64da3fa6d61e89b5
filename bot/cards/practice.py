"""Practice problems, lists and quotas."""

from bot.cards.parts import bar, card, lines, paragraphs
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from learning.problems import Problem
from tools.practice import PracticeShown, QuotaShown, Solved


@card.register
def _(shown: PracticeShown, texts: Texts) -> Message:
    buttons = [
        Button(_name(problem, texts), f"/practice {problem.number}")
        for _, near in shown.unknown
        for problem in near
    ]
    unnamed = texts.say("practice.unnamed", count=shown.unnamed) if shown.unnamed else None
    return Message(
        paragraphs(
            lines(*(_solved(one, texts) for one in shown.solved), unnamed),
            lines(
                *(
                    texts.say("practice.near" if near else "practice.unknown", said=said)
                    for said, near in shown.unknown
                )
            ),
            lines(
                texts.say("practice.total", total=shown.total),
                *(
                    texts.say(
                        "practice.list",
                        title=texts.words(one.list.title),
                        url=one.list.url,
                        bar=bar(one.solved, one.list.count),
                        solved=one.solved,
                        count=one.list.count,
                    )
                    for one in shown.lists
                ),
            ),
            lines(
                texts.say("practice.quotas") if shown.quotas else None,
                *(_quota(one, texts) for one in shown.quotas),
            ),
            texts.say("practice.how"),
        ),
        rows_of(buttons, 1),
    )


def _name(problem: Problem, texts: Texts) -> str:
    return f"{problem.number}. {texts.plain(problem.title)}"


def _solved(one: Solved, texts: Texts) -> Markup:
    key = "solved" if one.is_new else "solved_already"
    return texts.say(
        f"practice.{key}_again" if one.wanted > 1 else f"practice.{key}",
        title=_name(one.problem, texts),
        passes=one.passes,
        wanted=one.wanted,
    )


def _quota(one: QuotaShown, texts: Texts) -> Markup:
    quota = one.quota
    name = "practice.quota_key" if quota.key else "practice.quota"
    return texts.say(
        name,
        title=texts.words(quota.title),
        bar=bar(min(one.solved, quota.count), quota.count),
        solved=one.solved,
        count=quota.count,
        done=one.key_done,
        of=len(quota.key),
        passes=quota.passes,
    )
