"""What happens in a group: who joins, what is pressed, and what is asked of the mentor there."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from agent.phrases.crisis import is_crisis
from bot.answering import Answered, Answering, RefusedInGroupError
from bot.cards import card
from bot.cards.cohorts import help_card
from bot.cohorts.asking import ask_in_group
from bot.cohorts.commands import (
    GroupCommand,
    beginning,
    behind_button,
    is_for_administrators,
    typed_command,
    wanted_change,
)
from bot.cohorts.phrases import (
    asks_for_answer,
    battle_words,
    option_in,
    reports_question,
    said_to_group,
)
from bot.cohorts.posting import (
    Post,
    is_call_for_help,
    place_of_question,
    question_key,
    round_key,
    round_of_key,
)
from bot.cohorts.reviewing import shown_code
from bot.house import guessed_zone
from bot.message import Message
from bot.platforms.port import AS_THE_GROUP, Did, NotSentError, read_press_token
from bot.texts import Texts, language_of, texts_in
from bot.work import Done, Means, Work
from learning.calendar import local_day, zone_named
from learning.errors import Refused
from learning.profile import holds_key
from store.cohorts import cohort_at, cohorts_within
from store.inbox import close
from store.learners import Learner, learner_of
from store.outbox import Owed, delivery_with, key_of_post, move_address, receipt_of_post
from store.rounds import Round, questions_of_round, round_with
from store.script import Script
from tools.cohorts.digest import show_board
from tools.cohorts.explaining import ExplanationHeard, allow_note, hear_explanation, show_notes
from tools.cohorts.focus import LONGEST, SHORTEST, begin_focus, join_focus
from tools.cohorts.group import Group, as_nobody
from tools.cohorts.membership import (
    EndAsked,
    MemberLeft,
    NoCohort,
    OtherAsked,
    change_group,
    choose_nickname,
    end_group,
    fall_silent_in,
    join_group,
    leave_group,
    need_member,
    plain_name,
    show_cohort,
    speak_again_in,
    start_cohort,
)
from tools.cohorts.pods import form_pods, show_partner, tell_exchange
from tools.cohorts.questions import answer_in_group, report_in_group, start_battle, tell_option
from tools.cohorts.rolls import TroubleTold, answer_roll, tell_trouble
from tools.cohorts.rounds import keep_line
from tools.context import Context

T = TypeVar("T")

LONGEST_HEARD = 4000
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class InGroup:
    """An event in a group, with its cohort, if there is one, and who it is from, if known."""

    answering: Answering
    group: Group | None
    learner: Learner | None
    texts: Texts

    @property
    def learner_id(self) -> int | None:
        return self.learner.id if self.learner else None

    def need_group(self) -> Group:
        if self.group is None:
            raise Refused("group.none_yet")
        return self.group

    def tell(self, result: object) -> Script[Answered]:
        return self.answering.tell(card(result, self.texts))

    def say(self, key: str, **values: object) -> Script[Answered]:
        return self.answering.tell(Message(self.texts.say(key, **values)))


def hear_in_group(answering: Answering) -> Script[Answered | Work | None]:
    """Deal with an event in a group; None leaves it to the private conversation.

    Of whoever acts, nothing is read here but what belongs to the group.
    """
    event = answering.event
    if event.did is Did.MOVED:
        yield from move_address(answering.platform, event.group, event.text)
        # The platform may first have told us that we left the old place.
        for one in (yield from cohorts_within(event.text)):
            yield from speak_again_in(Group(one, answering.house.catalogue, answering.now))
        return (yield from answering.ignore())
    if event.did is Did.LEFT:
        for one in (yield from cohorts_within(event.group)):
            yield from fall_silent_in(one)
        return (yield from answering.ignore())
    if event.did is Did.CAME_IN:
        return (yield from _welcome(answering))
    if event.did is Did.IGNORED or not event.is_addressed:
        return (yield from answering.ignore())
    place = yield from _place(answering)
    places = [one for one in (event.group, event.parent) if one]
    if not any(map(answering.house.admits_group, places)):
        if event.is_private:
            return None
        return (yield from place.say("group.group_not_allowed", group=event.group))
    if not answering.house.admits(answering.person, place.learner):
        # Where nobody else reads it, they are told their number.
        return None if event.is_private else (yield from place.say("group.not_allowed"))
    if event.did is Did.PRESSED:
        return (yield from _pressed(place))
    return (yield from _said(place))


def _place(answering: Answering) -> Script[InGroup]:
    event, house = answering.event, answering.house
    places = [one for one in (event.group, event.parent) if one]
    cohort = yield from cohort_at(places)
    learner = yield from learner_of(answering.platform, event.person)
    if cohort is None:
        texts = texts_in(language_of(event.language, house.language))
        return InGroup(answering, None, learner, texts)
    group = Group(cohort, house.catalogue, answering.now)
    yield from speak_again_in(group)
    return InGroup(answering, group, learner, texts_in(cohort.language))


def _welcome(answering: Answering) -> Script[Answered]:
    event = answering.event
    for one in (yield from cohorts_within(event.group)):
        yield from speak_again_in(Group(one, answering.house.catalogue, answering.now))
    texts = texts_in(language_of(event.language, answering.house.language))
    yield from close(answering.received.seq, answering.now)
    post = Post(f"{answering.key}:welcome", event.group, Message(texts.say("group.welcome")))
    owed = yield from post.owe(answering.now)
    return Answered(owed)


# Buttons -----------------------------------------------------------------------------------------


def _pressed(place: InGroup) -> Script[Answered | Work | None]:
    """A button of the group's works for whoever presses it; any other is told to be none."""
    event = place.answering.event
    token = read_press_token(event.text)
    delivery = (yield from delivery_with(token[0])) if token else None
    is_own = delivery is not None and delivery.learner is not None
    if is_own and event.is_private and delivery is not None and delivery.address == event.address:
        return None
    if delivery is None or token is None:
        return (yield from place.say("group.expired"))
    here = {event.group, event.parent, event.address}
    if delivery.learner is not None or delivery.kind != "group" or delivery.address not in here:
        return (yield from place.say("group.not_yours"))
    buttons = Message.from_json(delivery.body).flat_buttons
    if token[1] >= len(buttons):
        return (yield from place.say("group.expired"))
    return (yield from _do(place, behind_button(buttons[token[1]].command)))


# Words -------------------------------------------------------------------------------------------


def _said(place: InGroup) -> Script[Answered | Work | None]:
    event = place.answering.event
    text = event.text.strip()[:LONGEST_HEARD]
    if event.did is Did.SAID and not event.is_forwarded:
        wanted = typed_command(text, is_private=event.is_private)
        if wanted is None and not event.is_private:
            wanted = said_to_group(text)
        if wanted is not None:
            return (yield from _do(place, wanted))
    in_crisis, with_key = is_crisis(text), holds_key(text)
    is_below = event.replied_to and event.did is Did.SAID and not (in_crisis or with_key)
    if is_below and place.group is not None:
        contributed = yield from _contributed(place, place.group, text)
        if contributed is not None:
            return contributed
    if event.is_private:
        return None
    if in_crisis:
        return (yield from place.say("say.crisis"))
    if with_key:
        return (yield from place.say("snippets.key"))
    context = place.group.as_nobody if place.group else _nobody(place)
    shown = shown_code(place.answering, context, text)
    if shown is not None:
        return shown
    if event.did is not Did.SAID or not text:
        return (yield from place.say("group.private"))
    return (yield from ask_in_group(place.answering, context, place.group, text))


def _nobody(place: InGroup) -> Context:
    answering = place.answering
    house, now = answering.house, answering.now
    zone = zone_named(house.zone)
    return as_nobody(house.catalogue, answering.event.group, now, place.texts.language, zone)


def _contributed(place: InGroup, group: Group, text: str) -> Script[Answered | None]:
    """Take an answer to a post that waits for lines; None where the post waits for none."""
    key = yield from key_of_post(place.answering.event.replied_to)
    id = round_of_key(key) if key else None
    found = (yield from round_with(id)) if id is not None else None
    if key is None or found is None or found.cohort != group.cohort.id:
        return None
    if found.kind in {"daily", "battle"}:
        return (yield from _below_question(place, group, key, found, text))
    if text.endswith(("?", "？")):
        return None
    if is_call_for_help(key):
        # What is answered there is for whoever asked, and nobody's own evidence.
        return (yield from place.answering.ignore())
    match found.kind:
        case "roll" | "focus":
            script: Script[object] = keep_line(group, place.learner_id, found.id, text)
        case "explain":
            script = hear_explanation(group, place.learner_id, found.id, text)
        case "exchange":
            script = tell_exchange(group, place.learner_id, found.id, "done", text)
        case _:
            return None
    result = yield from _refused_here(place, script)
    if not isinstance(result, ExplanationHeard):
        return (yield from place.tell(result))
    # A better one may be given below what is told of the first.
    return (yield from _tell_of_round(place, result, found.id))


def _tell_of_round(place: InGroup, result: object, id: int) -> Script[Answered]:
    answering = place.answering
    yield from close(answering.received.seq, answering.now)
    told = replace(card(result, place.texts), under=answering.event.message)
    key = round_key(id, f"told:{answering.received.seq}")
    return Answered((yield from Post(key, answering.event.address, told).owe(answering.now)))


def _below_question(
    place: InGroup, group: Group, key: str, found: Round, text: str
) -> Script[Answered | None]:
    """What is written below a question, or below its reveal, where people talk to each other."""
    asked = yield from questions_of_round(found.id)
    at = place_of_question(key) or len(asked)
    if not 0 < at <= len(asked):
        return None
    question = asked[at - 1]
    if reports_question(text):
        script = report_in_group(group, place.learner_id, question, text)
        reported = yield from _refused_here(place, script)
        told = yield from place.tell(reported)
        operators = yield from place.answering.tell_operators(reported)
        return replace(told, owed=(*told.owed, *operators))
    option = option_in(text)
    if question.is_open and found.is_open:
        if option is not None:
            return (yield from place.say("group.answer_by_button"))
        if asks_for_answer(text):
            return (yield from place.say("group.answer_later"))
    elif option is not None:
        told_option = tell_option(group, question, option)
        if told_option is not None:
            return (yield from place.tell(told_option))
    if text.endswith(("?", "？")):
        return None
    return (yield from place.answering.ignore())


def _refused_here(place: InGroup, script: Script[T]) -> Script[T]:
    """Let a refusal be told where it happened, in the language of the place."""
    try:
        return (yield from script)
    except Refused as error:
        raise RefusedInGroupError(error, place.texts) from error


def _do(place: InGroup, wanted: GroupCommand) -> Script[Answered | Work]:
    """Do what a command or a button asks for; what is for all waits for the platform's word."""
    if is_for_administrators(wanted):
        yield from ()
        return AsAdministrator(place, wanted)
    return (yield from _carry_out(place, wanted))


@dataclass(frozen=True, slots=True)
class AsAdministrator:
    """Something that only those may do whom the platform calls administrators of the place."""

    place: InGroup
    wanted: GroupCommand
    asks_model: bool = False

    @property
    def context(self) -> Context:
        return _nobody(self.place)

    async def done(self, means: Means) -> Done:
        answering = self.place.answering
        event = answering.event
        try:
            decides = await means.decides(event.group, event.person)
        except NotSentError:
            return Done(partial(self.place.say, "group.cannot_ask"))
        if not decides:
            return Done(partial(self.place.say, "group.only_administrators"))
        return Done(self._finish)

    def _finish(self) -> Script[Answered | Work]:
        # Meanwhile there may be a cohort, or none any more.
        place = yield from _place(self.place.answering)
        return (yield from _carry_out(place, self.wanted))


def _carry_out(place: InGroup, wanted: GroupCommand) -> Script[Answered | Work]:
    return (yield from _refused_here(place, _COMMANDS[wanted.name](place, wanted)))


def _about(place: InGroup, wanted: GroupCommand) -> Script[Answered]:
    """`/group` with what is wanted of it; alone it shows how the cohort stands."""
    first = wanted.words[0].lower() if wanted.words else ""
    answering = place.answering
    if first == "start":
        return (yield from _start(place, wanted))
    if place.group is None:
        return (yield from place.tell(NoCohort()))
    if first == "join":
        return (yield from _join(place, wanted))
    if first == "leave":
        return (yield from _leave(place, wanted))
    if first == "end":
        ended = yield from end_group(place.group, is_confirmed="yes" in wanted.words[1:])
        if isinstance(ended, EndAsked):
            return (yield from place.tell(ended))
        return (yield from _post(place, ended, f"{answering.key}:ended"))
    if first:
        changed = yield from change_group(place.group, wanted_change(wanted.words))
        return (yield from answering.tell(card(changed, texts_in(changed.cohort.language))))
    shown = yield from show_cohort(place.group)
    return (yield from _post(place, shown, f"{answering.key}:shown"))


def _start(place: InGroup, wanted: GroupCommand) -> Script[Answered]:
    answering = place.answering
    house, event = answering.house, answering.event
    # Never the zone of whoever asks, which only they have told us, and which all would read.
    zone = place.group.cohort.zone.key if place.group else guessed_zone(event.language, house.zone)
    today = local_day(answering.now, zone_named(zone))
    begun = yield from start_cohort(
        place.group.cohort.address if place.group else event.group,
        house.catalogue,
        beginning(wanted.words[1:], today, house.catalogue),
        place.texts.language,
        zone,
        answering.now,
    )
    if isinstance(begun, NoCohort | OtherAsked):
        return (yield from place.tell(begun))
    texts = texts_in(begun.cohort.language)
    placed = replace(place, group=begun.group, texts=texts)
    return (yield from _post(placed, begun, f"{answering.key}:begun"))


def _join(place: InGroup, _: GroupCommand) -> Script[Answered]:
    group, event = place.need_group(), place.answering.event
    if event.person == AS_THE_GROUP:
        raise Refused("group.anonymous")
    home = f"{place.answering.platform}:{event.person}"
    learner = place.learner
    if learner is None:
        learner, _is_new = yield from place.answering.at(home).learner()
    name = plain_name(event.name)[:LONGEST_NAME] or place.texts.label("group.somebody")
    joined = yield from join_group(group, learner.id, name)
    return (yield from place.tell(joined))


def _leave(place: InGroup, _: GroupCommand) -> Script[Answered]:
    group = place.need_group()
    if place.learner is None:
        return (yield from place.tell(MemberLeft(was_member=False)))
    left = yield from leave_group(group, place.learner.id)
    return (yield from place.tell(left))


def _answer(place: InGroup, wanted: GroupCommand) -> Script[Answered]:
    group = place.need_group()
    noted = yield from answer_in_group(
        group, place.learner_id, wanted.number(0), wanted.number(1) - 1
    )
    told = yield from place.tell(noted)
    return replace(told, due_at=place.answering.now) if noted.is_last else told


def _battle(place: InGroup, wanted: GroupCommand) -> Script[Answered]:
    group = place.need_group()
    count, topic = battle_words(wanted.text)
    posed = yield from start_battle(group, place.learner_id, count, topic)
    answered = yield from _post(place, posed, question_key(posed.question))
    return replace(answered, due_at=posed.until)


def _focus(place: InGroup, wanted: GroupCommand) -> Script[Answered]:
    group = place.need_group()
    said = re.match(r"(\d{1,4})(?!\d)", wanted.text)
    if wanted.words and said is None:
        raise Refused("group.focus_range", least=SHORTEST, most=LONGEST)
    minutes = int(said[1]) if said else None
    begun = yield from begin_focus(group, place.learner_id, minutes)
    answered = yield from _post(place, begun, round_key(begun.round, "begin"))
    return replace(answered, due_at=begun.until)


def _join_focus(place: InGroup, wanted: GroupCommand) -> Script[Answered]:
    joined = yield from join_focus(place.need_group(), place.learner_id, wanted.number(0))
    return (yield from place.tell(joined))


def _roll(place: InGroup, wanted: GroupCommand) -> Script[Answered]:
    group = place.need_group()
    choice = wanted.words[1] if len(wanted.words) > 1 else ""
    if choice not in {"done", "half", "help"}:
        raise Refused("group.unclear")
    noted = yield from answer_roll(
        group,
        place.learner_id,
        wanted.number(0),
        "done" if choice == "done" else "half" if choice == "half" else "help",
    )
    told = yield from place.tell(noted)
    if not noted.asks_for_help:
        return told
    post = Post(
        round_key(noted.round, f"help:{noted.learner}"),
        group.cohort.address,
        help_card(noted.round, noted.learner, place.texts),
    )
    owed = yield from post.owe(place.answering.now)
    return replace(told, owed=(*told.owed, *owed))


def _tell_trouble(place: InGroup, wanted: GroupCommand) -> Script[Answered]:
    """The owner's alone: what they are stuck on goes below their call for help."""
    group = place.need_group()
    id, owner = wanted.number(0), wanted.number(1)
    if place.learner is None or place.learner.id != owner:
        return (yield from place.say("group.not_yours"))
    told = yield from tell_trouble(group, owner, id)
    if not isinstance(told, TroubleTold):
        return (yield from place.tell(told))
    receipt = yield from receipt_of_post(round_key(id, f"help:{owner}"))
    said = card(told, place.texts)
    post = Post(
        round_key(id, f"trouble:{owner}"),
        group.cohort.address,
        replace(said, under=receipt or "", thread=place.texts.label("group.help_thread")),
    )
    answered = yield from place.say("group.trouble_told")
    owed = yield from post.owe(place.answering.now)
    return replace(answered, owed=(*answered.owed, *owed))


def _keep(place: InGroup, wanted: GroupCommand) -> Script[Answered]:
    group = place.need_group()
    if place.learner is None or place.learner.id != wanted.number(1):
        return (yield from place.say("group.not_yours"))
    allowed = yield from allow_note(group, place.learner.id, wanted.number(0))
    return (yield from place.tell(allowed))


def _exchange(place: InGroup, wanted: GroupCommand) -> Script[Answered]:
    what = wanted.words[1] if len(wanted.words) > 1 else ""
    if what not in {"done", "other", "rest"}:
        raise Refused("group.unclear")
    told = yield from tell_exchange(place.need_group(), place.learner_id, wanted.number(0), what)
    return (yield from place.tell(told))


def _pods(place: InGroup, _: GroupCommand) -> Script[Answered]:
    formed = yield from form_pods(place.need_group())
    if not formed.pods:
        return (yield from place.tell(formed))
    return (yield from _post(place, formed, f"{place.answering.key}:pods"))


def _partner(place: InGroup, _: GroupCommand) -> Script[Answered]:
    group = place.need_group()
    learner = yield from need_member(group, place.learner_id)
    shown = yield from show_partner(group, learner)
    return (yield from place.tell(shown))


def _board(place: InGroup, wanted: GroupCommand) -> Script[Answered]:
    group = place.need_group()
    learner = yield from need_member(group, place.learner_id)
    if wanted.words:
        is_off = wanted.text.lower() in {"off", "退出", "leave"}
        chosen = yield from choose_nickname(group, learner, None if is_off else wanted.text)
        return (yield from place.tell(chosen))
    shown = yield from show_board(group, learner)
    if not place.answering.event.is_private:
        # How somebody stands is read by nobody else.
        shown = replace(shown, own=None, is_whispered=False)
    return (yield from place.tell(shown))


def _notes(place: InGroup, _: GroupCommand) -> Script[Answered]:
    shown = yield from show_notes(place.need_group())
    return (yield from place.tell(shown))


_COMMANDS: dict[str, Callable[[InGroup, GroupCommand], Script[Answered]]] = {
    "group": _about,
    "join": _join,
    "leave": _leave,
    "battle": _battle,
    "focus": _focus,
    "pods": _pods,
    "partner": _partner,
    "board": _board,
    "notes": _notes,
    "pick": _answer,
    "infocus": _join_focus,
    "roll": _roll,
    "trouble": _tell_trouble,
    "keepnote": _keep,
    "swap": _exchange,
}


def _post(place: InGroup, result: object, key: str) -> Script[Answered]:
    """Say something to all; whoever asked where only they see it hears that it was done."""
    answering = place.answering
    event = answering.event
    yield from close(answering.received.seq, answering.now)
    address = place.need_group().cohort.address
    owed: tuple[Owed, ...] = yield from Post(key, address, card(result, place.texts)).owe(
        answering.now
    )
    notice = place.texts.label("group.posted")
    if event.did is Did.PRESSED:
        return Answered(owed, notice=notice)
    if event.is_private:
        told = yield from answering.tell(Message(notice))
        owed += told.owed
    return Answered(owed)
