"""The week in review: few lines, one proposal."""

from bot.cards.parts import (
    card,
    concept_button,
    day_or_unknown,
    filled,
    hours_of,
    lines,
    paragraphs,
)
from bot.message import Button, Message
from bot.pictures.compose import week_picture
from bot.texts import Markup, Texts
from learning.quiz.cards import RETENTION
from learning.retrospective import Proposal
from tools.week_review import WeekReviewed

# Authors and Anki decks know long titles, and the whole review has room for 900 characters.
LONGEST_NAME = 36
# Beyond that, a number only shames.
MANY_DAYS = 30


@card.register
def week_card(reviewed: WeekReviewed, texts: Texts) -> Message:
    """The review with the button of its proposal, and the weekly check until it is taken."""
    check = Button(texts.label("button.weekly_check"), "/check")
    return Message(
        week_words(reviewed, texts),
        filled(week_buttons(reviewed, texts), () if reviewed.is_checked else (check,)),
        picture=week_picture(reviewed, texts)
        if reviewed.week.daily and reviewed.week.tasks
        else None,
    )


def week_words(reviewed: WeekReviewed, texts: Texts) -> str:
    """The review in at most 900 characters, whatever it is about."""
    week = reviewed.week
    names = texts.listed(shortened(texts.plain(one)) for one in reviewed.named)
    share = round(100 * reviewed.recalled / reviewed.reviews) if reviewed.reviews else 0
    return paragraphs(
        _head(reviewed, texts),
        lines(
            texts.say(
                "review.done" if week.planned else "review.done_unplanned",
                tasks=week.tasks,
                days=week.days,
                minutes=week.minutes,
                planned=week.planned,
            )
            if week.tasks
            else texts.say(
                "review.nothing_first_day"
                if reviewed.begun_on == reviewed.last_day
                else "review.nothing_yet"
            ),
            texts.say("review.named", names=names) if names else None,
            texts.say(
                "review.reviews",
                reviews=reviewed.reviews,
                recalled=reviewed.recalled,
                share=share,
                target=round(100 * RETENTION),
            )
            if reviewed.reviews
            else None,
            texts.say("review.practice", count=reviewed.practice) if reviewed.practice else None,
            _forecast(reviewed, texts),
        ),
        texts.say("review.proposal", words=_proposed(reviewed, texts)),
    )


def _head(reviewed: WeekReviewed, texts: Texts) -> Markup:
    """The days looked back on, none before the first."""
    first = reviewed.begun_on or reviewed.week.since
    if first == reviewed.last_day:
        return texts.say("review.head_first_day", day=first)
    return texts.say("review.head", first=first, last=reviewed.last_day)


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1].rstrip() + "…"


def _forecast(reviewed: WeekReviewed, texts: Texts) -> Markup | None:
    finish, before = reviewed.finish_now, reviewed.finish_before
    if finish is None or reviewed.proposal is Proposal.FINISHED:
        return None
    if before is None:
        return texts.say("review.finish", finish=finish)
    days = (finish - before).days
    key = "later" if days > 0 else "sooner" if days < 0 else "same"
    if days > MANY_DAYS:
        key = "much_later"
    since = texts.label("review.since_week" if reviewed.begun_on is None else "review.since_start")
    return texts.say(f"review.finish_{key}", finish=finish, days=abs(days), since=since)


def _proposed(reviewed: WeekReviewed, texts: Texts) -> Markup:
    match reviewed.proposal:
        case Proposal.BLOCKER if reviewed.blocked is not None:
            return _way_out(reviewed, texts)
        case Proposal.CONCEPT if reviewed.missed is not None:
            name = shortened(texts.plain(reviewed.missed.name))
            return texts.say("review.propose_concept", name=name)
        case Proposal.SMALL_STEP if reviewed.step is not None:
            title = shortened(texts.plain(reviewed.step.task.title))
            return texts.say("review.propose_small_step", title=title)
        case _:
            return texts.say(
                f"review.propose_{reviewed.proposal.value}",
                hours=hours_of(sum(reviewed.minutes)),
                now=hours_of(sum(reviewed.minutes_now)),
                finish=day_or_unknown(reviewed.finish_then, texts),
                finish_now=day_or_unknown(reviewed.finish_now, texts),
                due=reviewed.due,
            )


def _way_out(reviewed: WeekReviewed, texts: Texts) -> Markup:
    """For a task that is stuck: something to read, with its link."""
    blocked = reviewed.blocked
    if blocked is None:
        return Markup("")
    title = shortened(texts.plain(blocked.task.title))
    resource = blocked.resource
    if resource is None:
        return texts.say("review.propose_blocker", title=title)
    name = texts.say("review.name", name=shortened(texts.plain(resource.title)))
    link = Markup(f"[{name}]({resource.url})") if resource.url else name
    return texts.say("review.propose_blocker_resource", title=title, resource=link)


def week_buttons(reviewed: WeekReviewed, texts: Texts) -> tuple[Button, ...]:
    """What does the proposal; nothing is changed without a tap."""
    keep = Button(texts.label("button.keep_pace"), "/week next")
    match reviewed.proposal:
        case Proposal.RESUME:
            return (Button(texts.label("button.resume"), "/resume"),)
        case Proposal.FINISHED:
            return (Button(texts.label("button.more_quiz"), "/quiz"),)
        case Proposal.BLOCKER if reviewed.blocked is not None:
            task = Button(texts.label("button.details"), f"/task {reviewed.blocked.task.id}")
            concept = reviewed.blocked.concept
            return (task, concept_button(concept, texts)) if concept else (task,)
        case Proposal.CONCEPT if reviewed.missed is not None:
            return (Button(texts.label("button.quiz_on_it"), f"/quiz 3 {reviewed.missed.id}"),)
        case Proposal.REVIEW:
            return (Button(texts.label("button.review", count=reviewed.due), "/review"),)
        case Proposal.SMALL_STEP if reviewed.step is not None:
            return (Button(texts.label("button.small_step"), f"/task {reviewed.step.id}"),)
        case Proposal.LESS | Proposal.MORE:
            minutes = ",".join(str(one) for one in reviewed.minutes)
            hours = hours_of(sum(reviewed.minutes))
            take = Button(texts.label("button.take_pace", hours=hours), f"/minutes {minutes}")
            return (take, keep)
        case _:
            return (Button(texts.label("button.next_week"), "/week next"),)
