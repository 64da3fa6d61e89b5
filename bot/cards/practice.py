"""Practice problems, lists and quotas."""

from bot.cards.parts import bar, card, lines, paragraphs
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from learning.problems import Problem, ProblemList
from tools.practice import PracticeShown, QuotaShown, Solved


@card.register
def _(shown: PracticeShown, texts: Texts) -> Message:
    if shown.chosen is not None:
        return _list_card(shown, shown.chosen, texts)
    has_logged = bool(shown.solved or shown.unnamed or shown.taken_back)
    buttons = [
        Button(_name(problem, texts), f"/practice {problem.number}")
        for _, near in shown.unknown
        for problem in near
    ]
    unnamed = texts.say("practice.unnamed", count=shown.unnamed) if shown.unnamed else None
    taken_back = (
        texts.say("practice.taken_back", count=shown.taken_back) if shown.taken_back else None
    )
    if shown.solved or shown.unnamed:
        buttons.append(Button(texts.label("button.undo"), "/practice undo"))
    if not has_logged:
        buttons += [
            Button(texts.plain(one.list.title), f"/practice list={one.list.id}")
            for one in shown.lists
        ]
    return Message(
        paragraphs(
            lines(taken_back, *(_solved(one, texts) for one in shown.solved), unnamed),
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
            None if has_logged else _quotas(shown, texts),
            None if has_logged else texts.say("practice.how"),
        ),
        rows_of(buttons, 1),
    )


def _quotas(shown: PracticeShown, texts: Texts) -> str:
    return lines(
        texts.say("practice.quotas") if shown.quotas else None,
        *(_quota(one, texts) for one in shown.quotas),
    )


def _list_card(shown: PracticeShown, chosen: ProblemList, texts: Texts) -> Message:
    """What is next of a list, easy ones first."""
    at = next((one for one in shown.lists if one.list.id == chosen.id), None)
    head = texts.say(
        "practice.list",
        title=texts.words(chosen.title),
        url=chosen.url,
        bar=bar(at.solved if at else 0, chosen.count),
        solved=at.solved if at else 0,
        count=chosen.count,
    )
    problems = [
        texts.say(
            "practice.next",
            title=_name(one, texts),
            url=one.url,
            difficulty=texts.label(f"difficulty.{one.difficulty}"),
        )
        for one in shown.next
    ]
    foot = texts.say("practice.next_how" if problems else "practice.list_done")
    return Message(
        paragraphs(head, texts.words(chosen.note), lines(*problems), foot),
        ((Button(texts.label("button.all_lists"), "/practice"),),),
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
