"""What a group is shown, and the short notices for whoever presses a button there."""

import re

from bot.cards.parts import NUMBERS, card, lines, paragraphs
from bot.message import Button, Message, rows_of
from bot.pictures.compose import battle_picture, digest_picture
from bot.texts import Markup, Texts
from learning.calendar import WEEKDAYS
from learning.curriculum import Unit
from tools.cohorts.digest import BoardShown, Digest, Shown
from tools.cohorts.explaining import (
    ExplainAsked,
    ExplanationHeard,
    KeepingAllowed,
    Note,
    NotesShown,
)
from tools.cohorts.focus import FocusBegun, FocusJoined, FocusOver
from tools.cohorts.membership import (
    CohortEnded,
    CohortShown,
    EndAsked,
    MemberJoined,
    MemberLeft,
    NobodyYet,
    NoCohort,
    OnBoard,
    OtherAsked,
)
from tools.cohorts.pods import ExchangeAsked, Exchanged, PartnerShown, PodsFormed
from tools.cohorts.questions import (
    AnswerNoted,
    BattleOver,
    BattleWentOn,
    OptionTold,
    QuestionPosed,
    Revealed,
)
from tools.cohorts.rolls import RollCalled, RollNoted, TroubleOffered, TroubleTold
from tools.cohorts.rounds import LineKept

LONGEST_NOTE = 300
LONGEST_TROUBLE = 120
MOST_UNITS = 4
# How many lines of discussion there are to take turns: group.discuss_0 and on.
DISCUSSIONS = 6


# Membership --------------------------------------------------------------------------------------


@card.register
def _(shown: CohortShown, texts: Texts) -> Message:
    cohort = shown.cohort
    title = texts.words(shown.curriculum.title) if shown.curriculum else cohort.curriculum
    is_new = shown.just == "begun"
    quiet = texts.listed(texts.label(f"group.day_{WEEKDAYS[day]}") for day in cohort.quiet_days)
    head = texts.say(f"group.head_{shown.just}" if shown.just else "group.head", title=title)
    body = paragraphs(
        head,
        lines(_where_it_is(shown, texts), texts.say("group.members", count=shown.members)),
        lines(
            texts.say(
                "group.times",
                question=cohort.question_at,
                reveal=cohort.reveal_at,
                evening=cohort.evening_at,
                zone=cohort.zone.key,
            ),
            texts.say(
                "group.digest_time",
                day=texts.label(f"group.day_{WEEKDAYS[cohort.digest_on]}"),
                at=cohort.digest_at,
                posts=cohort.posts_a_day,
            ),
            texts.say("group.quiet_days", days=quiet) if quiet else None,
        ),
        texts.say("group.kept") if is_new else None,
        texts.say("group.how_begun" if is_new else "group.how"),
    )
    return Message(body, (_join_buttons(texts),))


def _where_it_is(shown: CohortShown, texts: Texts) -> Markup:
    group = shown.group
    if group.today < group.cohort.started_on:
        return texts.say("group.begins", day=group.cohort.started_on)
    if group.is_over:
        return texts.say("group.last")
    units = texts.listed(unit_words(one, texts) for one in shown.units[:MOST_UNITS])
    return texts.say("group.week", week=group.week + 1, weeks=group.weeks, units=Markup(units))


# The week's number is the cohort's own, and stands before these.
_OWN_WEEK = re.compile(r"^(?:第 ?[\d–—-]+ ?周|Weeks? [\d–—-]+)[：:]\s*")


def unit_words(unit: Unit, texts: Texts) -> Markup:
    return Markup(_OWN_WEEK.sub("", texts.words(unit.title)))


def _join_buttons(texts: Texts) -> tuple[Button, ...]:
    return (
        Button(texts.label("button.group_join"), "/join"),
        Button(texts.label("button.group_leave"), "/leave"),
    )


@card.register
def _(none: NoCohort, texts: Texts) -> Message:
    if not none.curricula:
        return Message(texts.say("group.none_yet"))
    choices = [Button(texts.plain(one.title), f"/group start {one.id}") for one in none.curricula]
    return Message(texts.say("group.which_curriculum"), rows_of(choices, 1))


@card.register
def _(asked: OtherAsked, texts: Texts) -> Message:
    wanted, beginning = asked.wanted, asked.beginning
    words = [wanted.id, beginning.start.isoformat() if beginning.start else ""]
    words += [beginning.language or "", beginning.zone or "", "yes"]
    command = " ".join(("/group start", *filter(None, words)))
    before = asked.now_following
    said = texts.say(
        "group.other_asked",
        before=texts.words(before.title) if before else "",
        wanted=texts.words(wanted.title),
    )
    return Message(said, ((Button(texts.label("button.group_switch"), command),),))


@card.register
def _(nobody: NobodyYet, texts: Texts) -> Message:
    cohort = nobody.group.cohort
    said = texts.say("group.nobody_yet", evening=cohort.evening_at, question=cohort.question_at)
    return Message(said, (_join_buttons(texts)[:1],))


@card.register
def _(joined: MemberJoined, texts: Texts) -> Message:
    if joined.was_already:
        return Message(texts.say("group.joined_already", name=joined.name))
    said = texts.say("group.joined", name=joined.name, count=joined.members)
    following = None
    if joined.next is not None:
        at = joined.next.due_at.astimezone(joined.zone)
        key = f"group.next_{joined.next.happening.value}"
        following = texts.say(key, day=at.date(), at=at.time())
    return Message(paragraphs(said, following))


@card.register
def _(left: MemberLeft, texts: Texts) -> Message:
    return Message(texts.say("group.left" if left.was_member else "group.was_no_member"))


@card.register
def _(asked: EndAsked, texts: Texts) -> Message:
    yes = Button(texts.label("button.group_end"), "/group end yes")
    return Message(texts.say("group.end_asked", count=asked.members), ((yes,),))


@card.register
def _(ended: CohortEnded, texts: Texts) -> Message:
    return Message(texts.say("group.ended", count=ended.members))


# Questions ---------------------------------------------------------------------------------------


@card.register
def _(posed: QuestionPosed, texts: Texts) -> Message:
    question, item = posed.question, posed.item
    if posed.seconds is None:
        head = texts.say("group.daily", reveal=posed.group.cohort.reveal_at)
    else:
        head = texts.say("group.battle", place=question.place, of=posed.of, seconds=posed.seconds)
    listed = lines(
        *(
            texts.say("quiz.option", number=NUMBERS[n], words=texts.words(item.options[at].text))
            for n, at in enumerate(question.frozen.order)
        )
    )
    code = f"```\n{item.code.rstrip()}\n```" if item.code else None
    buttons = tuple(
        Button(NUMBERS[n], f"/pick {question.id} {n + 1}")
        for n in range(len(question.frozen.order))
    )
    rows = (buttons, _join_buttons(texts)[:1]) if posed.seconds is None else (buttons,)
    return Message(paragraphs(head, texts.words(item.stem), code, listed), rows)


@card.register
def _(noted: AnswerNoted, texts: Texts) -> Message:
    key = "group.answer_noted" if noted.is_first else "group.answer_stands"
    return Message(texts.say(key, option=NUMBERS[noted.place]))


@card.register
def _(revealed: Revealed, texts: Texts) -> Message:
    """How a question went for all; who chose what is nobody's business."""
    item, order = revealed.item, revealed.question.frozen.order
    right = item.options[item.key]
    counts = [f"{NUMBERS[n]} {revealed.chosen[at]}" for n, at in enumerate(order)]
    # A single wrong answer would point at somebody.
    wrong = [at for at in revealed.chosen if at != item.key and revealed.chosen[at] > 1]
    lure = max(wrong, key=lambda at: (revealed.chosen[at], -at), default=None)
    return Message(
        paragraphs(
            texts.say(
                "group.reveal",
                number=NUMBERS[order.index(item.key)],
                words=texts.words(right.text),
                why=texts.words(right.why),
            ),
            lines(
                texts.say("group.went", right=revealed.right, answered=revealed.answered),
                Markup(" · ".join(counts)) if revealed.chosen else None,
            )
            if revealed.answered
            else texts.say("group.nobody_answered"),
            texts.say("group.discuss", number=NUMBERS[order.index(lure)])
            if lure is not None
            else texts.say(f"group.discuss_{revealed.question.id % DISCUSSIONS}"),
            texts.say("group.misses") if revealed.answered > revealed.right else None,
        )
    )


@card.register
def _(went: BattleWentOn, texts: Texts) -> Message:
    """What was right, and the next question or the result below it."""
    told = None
    if went.closed is not None:
        item, order = went.closed.item, went.closed.question.frozen.order
        told = texts.say(
            "group.battle_told",
            number=NUMBERS[order.index(item.key)],
            words=texts.words(item.options[item.key].text),
            why=texts.words(item.options[item.key].why),
            right=went.closed.right,
            answered=went.closed.answered,
        )
    if went.posed is not None:
        following = card(went.posed, texts)
        return Message(paragraphs(told, following.markup), following.buttons)
    over = card(went.over, texts) if went.over is not None else Message("")
    return Message(paragraphs(told, over.markup), picture=over.picture)


@card.register
def _(over: BattleOver, texts: Texts) -> Message:
    if not over.played:
        return Message(texts.say("group.battle_nobody"))
    best = [
        texts.say(
            "group.battle_place", medal="🥇🥈🥉"[n], name=one.name, right=one.right, of=over.of
        )
        for n, one in enumerate(over.best)
    ]
    return Message(
        paragraphs(
            texts.say("group.battle_over", played=over.played, right=over.right, all=over.answers),
            lines(*best) if best else None,
            texts.say("group.misses") if over.answers > over.right else None,
        ),
        picture=battle_picture(over, texts),
    )


@card.register
def _(told: OptionTold, texts: Texts) -> Message:
    return Message(
        texts.say(
            "group.option_told",
            number=NUMBERS[told.place],
            words=texts.words(told.option.text),
            why=texts.words(told.option.why),
        )
    )


# Roll-call and focus -----------------------------------------------------------------------------


@card.register
def _(called: RollCalled, texts: Texts) -> Message:
    id = called.round.id
    buttons = tuple(
        Button(texts.label(f"button.roll_{choice}"), f"/roll {id} {choice}")
        for choice in ("done", "half", "help")
    )
    form = texts.label("button.evidence_form")
    return Message(texts.say("group.roll"), (buttons,), form=form)


@card.register
def _(noted: RollNoted, texts: Texts) -> Message:
    key = f"group.roll_{noted.choice}"
    if noted.choice == "help" and not noted.asks_for_help:
        key = "group.roll_help_again"
    return Message(texts.say(key))


def help_card(of: int, learner: int, texts: Texts) -> Message:
    """Somebody wants help; what with is told only by themselves, with this button."""
    tell = Button(texts.label("button.tell_trouble"), f"/trouble {of} {learner}")
    return Message(texts.say("group.help"), ((tell,),), thread=texts.label("group.help_thread"))


@card.register
def _(offered: TroubleOffered, texts: Texts) -> Message:
    if not offered.words:
        return Message(texts.say("group.trouble_none"))
    words = _cut(offered.words, LONGEST_TROUBLE)
    return Message(texts.say("group.trouble_offered", words=words))


@card.register
def _(told: TroubleTold, texts: Texts) -> Message:
    return Message(texts.say("group.trouble", words=_cut(told.words, LONGEST_TROUBLE)))


@card.register
def _(kept: LineKept, texts: Texts) -> Message:
    return Message(texts.say("group.line_evidence" if kept.is_evidence else "group.line_kept"))


@card.register
def _(begun: FocusBegun, texts: Texts) -> Message:
    until = begun.until.astimezone(begun.group.cohort.zone).time()
    button = Button(texts.label("button.focus_join"), f"/infocus {begun.round}")
    return Message(texts.say("group.focus", minutes=begun.minutes, until=until), ((button,),))


@card.register
def _(joined: FocusJoined, texts: Texts) -> Message:
    return Message(texts.say("group.focus_in_already" if joined.was_already else "group.focus_in"))


@card.register
def _(over: FocusOver, texts: Texts) -> Message:
    form = texts.label("button.evidence_form")
    said = texts.say("group.focus_over", minutes=over.minutes, count=over.joined)
    return Message(said, form=form)


# Explaining --------------------------------------------------------------------------------------


@card.register
def _(asked: ExplainAsked, texts: Texts) -> Message:
    name = texts.words(asked.concept.name)
    return Message(texts.say("group.explain", name=name), form=texts.label("button.explain_form"))


@card.register
def _(heard: ExplanationHeard, texts: Texts) -> Message:
    met = [texts.label(f"group.has_{one.value}") for one, is_met in heard.met.items() if is_met]
    missing = [one for one, is_met in heard.met.items() if not is_met]
    keep = Button(texts.label("button.keep_note"), f"/keepnote {heard.round} {heard.learner}")
    return Message(
        paragraphs(
            texts.say("group.explained", met=texts.listed(met))
            if met
            else texts.say("group.explained_plain"),
            texts.say(f"group.lacks_{missing[0].value}") if missing else None,
            texts.say("group.may_keep"),
        ),
        ((keep,),),
    )


@card.register
def _(allowed: KeepingAllowed, texts: Texts) -> Message:
    return Message(texts.say("group.told_already" if allowed.was_already else "group.keeping"))


@card.register
def _(shown: NotesShown, texts: Texts) -> Message:
    if not shown.notes:
        return Message(texts.say("group.no_notes"))
    return Message(
        paragraphs(texts.say("group.notes"), *(_note(one, texts) for one in shown.notes))
    )


def _note(note: Note, texts: Texts) -> Markup:
    return texts.say(
        "group.note",
        concept=texts.words(note.concept.name),
        name=note.name,
        words=_cut(" ".join(note.words.split()), LONGEST_NOTE),
    )


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


# Pods --------------------------------------------------------------------------------------------


@card.register
def _(formed: PodsFormed, texts: Texts) -> Message:
    if not formed.pods:
        return Message(texts.say("group.too_few_for_pods", count=formed.members))
    told = [
        lines(
            texts.say("group.pod", number=n, names=texts.listed(pod.names)),
            texts.say(
                "group.pairs", pairs=" / ".join(texts.label("group.and").join(p) for p in pod.pairs)
            ),
        )
        for n, pod in enumerate(formed.pods, 1)
    ]
    return Message(paragraphs(texts.say("group.pods"), *told, texts.say("group.pods_how")))


@card.register
def _(asked: ExchangeAsked, texts: Texts) -> Message:
    buttons = tuple(
        Button(texts.label(f"button.exchange_{what}"), f"/swap {asked.round} {what}")
        for what in ("done", "other", "rest")
    )
    quiet = texts.say("group.exchange_quiet") if asked.quiet_pairs else None
    return Message(paragraphs(texts.say("group.exchange"), quiet), rows_of(buttons, 1))


@card.register
def _(told: Exchanged, texts: Texts) -> Message:
    return Message(texts.say(f"group.exchange_{told.what}"))


@card.register
def _(shown: PartnerShown, texts: Texts) -> Message:
    if not shown.names:
        return Message(texts.say("group.no_partner"))
    return Message(texts.say("group.partner", names=texts.listed(shown.names)))


# The week ----------------------------------------------------------------------------------------


@card.register
def _(digest: Digest, texts: Texts) -> Message:
    did = [
        texts.say(
            "group.digest_days" if digest.days_half else "group.digest_days_done",
            done=digest.days_done,
            half=digest.days_half,
        )
        if digest.days_done or digest.days_half
        else None,
        texts.say("group.digest_answers", answers=digest.answers, right=digest.right)
        if digest.answers
        else None,
        texts.say("group.digest_focus", minutes=digest.focus_minutes)
        if digest.focus_minutes
        else None,
        texts.say("group.digest_explained", count=digest.explanations)
        if digest.explanations
        else None,
    ]
    is_quiet = not any(did)
    hardest = None
    if digest.hardest is not None:
        item = digest.hardest
        hardest = texts.say(
            "group.digest_hardest",
            stem=texts.words(item.stem),
            right=digest.hardest_right,
            answered=digest.hardest_answered,
            answer=texts.words(item.options[item.key].text),
        )
    units = texts.listed(unit_words(one, texts) for one in digest.next_units[:MOST_UNITS])
    return Message(
        paragraphs(
            texts.say(
                "group.digest" if digest.active else "group.digest_nobody",
                first=digest.first,
                last=digest.last,
                count=digest.active,
            ),
            texts.say("group.digest_quiet") if is_quiet else lines(*did),
            hardest,
            _note_kept(digest.note, texts),
            texts.say("group.thanks_named", names=texts.listed(digest.thanked))
            if digest.thanked
            else None
            if is_quiet
            else texts.say("group.thanks"),
            _leagues(digest.board, texts),
            texts.say("group.next_week", units=Markup(units)) if units else texts.say("group.last"),
        ),
        picture=None if is_quiet else digest_picture(digest, texts, units),
    )


def _note_kept(note: Note | None, texts: Texts) -> str | None:
    return paragraphs(texts.say("group.note_kept"), _note(note, texts)) if note else None


def _leagues(board: tuple[tuple[Shown, ...], ...], texts: Texts) -> str | None:
    if not board:
        return None
    leagues = [
        lines(
            texts.say("group.league", number=n) if len(board) > 1 else None,
            *(
                texts.say("group.board_line", rank=one.rank, name=one.nickname, points=one.points)
                for one in league
            ),
        )
        for n, league in enumerate(board, 1)
    ]
    return paragraphs(texts.say("group.board"), *leagues)


@card.register
def _(shown: BoardShown, texts: Texts) -> Message:
    """The board for whoever asks; what they are told of themselves names no place below others."""
    if shown.is_empty:
        return Message(texts.say("group.board_empty"))
    own = shown.own
    told = texts.say("group.board_join")
    if own is not None and shown.is_whispered:
        key = "group.board_own_upper" if own.is_in_upper_half else "group.board_own"
        told = texts.say(key, points=own.points)
    leagues = _leagues(shown.leagues, texts) or texts.say("group.board_fresh")
    return Message(paragraphs(leagues, told))


@card.register
def _(chosen: OnBoard, texts: Texts) -> Message:
    if chosen.nickname is None:
        return Message(texts.say("group.off_board"))
    return Message(texts.say("group.on_board", name=chosen.nickname))
