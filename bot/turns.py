"""A turn: one event, and everything that follows from it in one transaction."""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeVar

from agent.answers import quiz_word, read_answer, speaks_of_item
from agent.evidence import reads_as_evidence, refuses_evidence, tells_success
from agent.meter import Meter, metered
from agent.phrases import more_wanted, narrows_search, zone_in
from agent.phrases.crisis import is_crisis
from agent.phrases.evenings import asks_the_mentor, evening_reply
from agent.phrases.facts import fact_in, facts_in
from agent.phrases.points import points_in
from agent.reply import Reply
from agent.router import Routed, route
from agent.turn import Turn, heard
from bot.cards import answer_doubted_card, card, error_card, operator_note, zone_card
from bot.cards.marks import cards_of
from bot.commands import (
    Wish,
    answered_start,
    hours_wish,
    is_command,
    read_command,
)
from bot.formulas import readable
from bot.interviewing import LED, call_in_interview, told_first
from bot.message import LETTERS, Message
from bot.platforms.port import Did, Event, read_press_token, read_vote_token
from bot.replies import messages_of
from bot.safe_words import bare_address, safe_frame
from bot.scrubbing import FORGOTTEN, scrub
from bot.spending import Spending, notice_of, set_aside
from bot.stopping import Shown, Stop
from bot.texts import language_of, texts_in
from learning.catalogue import Catalogue
from learning.concepts import Concept
from learning.errors import MentorError, Refused
from learning.interviews import Assessed
from learning.profile import holds_key, without_keys
from learning.pushes import FAREWELL_AFTER
from learning.quiz.drafts import Passed
from learning.quiz.items import OpenItem
from learning.values import Language
from store.conversation import Message as Said
from store.conversation import Outgrown, cut_window, outgrown, remember, window
from store.errors import StorageError
from store.inbox import Received, close
from store.learners import (
    Expectation,
    Learner,
    add_learner,
    expect,
    expect_nothing,
    expected,
    learner_of,
    learner_with,
    saw_learner,
)
from store.outbox import Delivery, Owed, delivery_with, delivery_with_poll, latest_at, owe
from store.quizzes import Question, latest_answered, open_question, quiz_under_way
from store.script import Script, nothing
from store.sqlite import SqliteStore
from store.usage import Limit, Usage
from tools.allowance import Allowance
from tools.answers import TYPED_ANSWER_LASTS, AnswerGraded, QuestionSkipped, need_question
from tools.briefing import Briefing, briefing
from tools.checks import AssessmentShown, ScaleAsked
from tools.context import Context, study_of
from tools.curricula import CurriculumStarted, StartAsked
from tools.drafts import DraftWanted, ask_draft
from tools.forgetting import Forgotten
from tools.interviews import Told
from tools.items import item_of
from tools.marking import Marked, evidence_wanted, keep_evidence
from tools.profile import FactAsked
from tools.registry import Call, perform_all
from tools.reports import ItemReported
from tools.resources import ResourcesFound
from tools.schedule import fall_silent, set_clocks

log = logging.getLogger("mentor.turns")

T = TypeVar("T")

LONGEST_TEXT = 4000
# Words of crisis are heard in a longer text too, though not in a whole book.
MOST_HEARD = 20_000
# Stands in the window for what a learner said and nobody is to quote.
UNQUOTED = "[…]"
# What the evening asks, to which "too busy" is an answer.
EVENING_KINDS = frozenset({"checkin", "rescue", "weekly"})
SMALL_TALK = frozenset({"greeting", "thanks", "out_of_scope", "tired", "doubt", "nothing_to_do"})
# Of a card, for the model's window: what it was about, rather than all its lines.
LONGEST_REMEMBERED = 600


Show = Callable[[str], Awaitable[None]]


class Conversation(Protocol):
    """Answers free text, and asks a model what only a model can say.

    `is_down` is true while no model may be asked, and every question comes back unanswered at once.
    `show` takes the answer as it grows. What is asked of a model comes back as None when there is
    none, when it fails, and when its words are of no use.
    """

    @property
    def has_model(self) -> bool: ...

    @property
    def is_down(self) -> bool: ...

    async def answer(self, turn: Turn, show: Show | None = None) -> Reply: ...

    async def judge(
        self, item: OpenItem, text: str, language: Language
    ) -> tuple[bool, ...] | None: ...

    async def assess(self, told: Told, language: Language) -> Assessed | None: ...

    async def draft(self, concept: Concept, language: Language) -> Passed | None: ...

    async def summarise(self, outgrown: Outgrown, language: Language) -> str | None: ...

    async def coach(self, briefing: Briefing, language: Language) -> str | None: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class House:
    """What does not change from turn to turn: the authors' words and the operator's wishes.

    `allowed` names the people who may come in, as `platform:person`; empty means everybody.
    `numbers_choose` names the platforms that show choices with numbers. `operators` are people
    as in `allowed`.
    """

    catalogue: Catalogue
    language: Language
    zone: str
    allowed: frozenset[str]
    numbers_choose: frozenset[str]
    task_ids: frozenset[str]
    operators: frozenset[str] = frozenset()
    allowance: Allowance = field(default_factory=Allowance)
    _addresses: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        read = (one.url for one in self.catalogue.resources.values())
        solved = (one.url for one in self.catalogue.problems.values())
        addresses = frozenset(bare_address(url) for url in (*read, *solved) if url)
        object.__setattr__(self, "_addresses", addresses)

    def is_known(self, url: str) -> bool:
        """Whether an address is one of the authors'; a model's words may name no other."""
        return bare_address(url) in self._addresses


@dataclass(frozen=True, slots=True)
class Answered:
    """A finished turn: what it put into the outbox, and the tools it used."""

    owed: tuple[Owed, ...]
    calls: tuple[Call, ...] = ()
    talked: Context | None = None
    """Whose conversation with a model has grown by it."""
    has_forgotten: bool = False
    """Whether its learner is a stranger from now on."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A turn that needs the conversation; nothing of it is kept yet."""

    turn: Turn

    @property
    def context(self) -> Context:
        return self.turn.context


@dataclass(frozen=True, slots=True)
class Judging:
    """A turn that answers a question in words, which a model judges first; nothing is kept yet."""

    context: Context
    question: int
    item: OpenItem
    text: str


@dataclass(frozen=True, slots=True)
class Interviewing:
    """A turn of an interview, which a model reads first; nothing of it is kept yet."""

    context: Context
    call: Call
    told: Told
    text: str


@dataclass(frozen=True, slots=True)
class Drafting:
    """A turn that wants a question drafted by a model; nothing of it is kept yet."""

    context: Context
    concept: Concept


Wanted = Talk | Judging | Interviewing | Drafting


@dataclass(frozen=True, slots=True)
class Begun:
    """A turn that wants the conversation, and the tokens set aside for it.

    `full` is the limit by which the model may not be asked any more.
    """

    wanted: Wanted
    spending: Spending | None = None
    full: Limit | None = None

    def settled(self, script: Script[T], usage: Usage) -> Script[T]:
        return self.spending.settled(script, usage) if self.spending else script


@dataclass(frozen=True, slots=True)
class Turns:
    store: SqliteStore
    house: House
    conversation: Conversation
    # Each address and learner whose window is being cut.
    _looking_back: set[tuple[str, int]] = field(default_factory=set, repr=False, compare=False)

    async def take(
        self,
        received: Received,
        event: Event,
        now: datetime,
        shown: Shown | None = None,
        stop: Stop | None = None,
        waiting: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> Answered:
        """Deal with one event; what it changes, its answer and its end are one transaction.

        `shown` is given a model's answer as it grows; `stop` ends it where it is. `waiting` is
        entered for as long as the conversation takes.
        """
        talks = self.conversation
        turn = _Turn(
            self.house, received, event, now, has_model=talks.has_model, is_down=talks.is_down
        )
        try:
            begun = await self.store.run(turn.begin())
        except (StorageError, AlreadyDealtWithError):
            raise
        except MentorError as error:
            return await self.store.run(turn.refuse(error))
        if isinstance(begun, Answered):
            if begun.has_forgotten:
                await scrub(self.store, now, is_tidying=False)
            return begun
        meter = Meter()
        try:
            async with waiting():
                with metered(meter):
                    talked = self._talked(turn, begun, shown or Shown(), stop or Stop())
                    finish, calls = await talked
            try:
                return await self.store.run(begun.settled(finish, meter.usage))
            except Refused as error:
                refused = turn.refuse(error, calls)
                return await self.store.run(begun.settled(refused, meter.usage))
        except Exception:
            # The turn is tried again or given up; what it set aside must not stay so.
            await self.store.run(begun.settled(nothing(None), meter.usage))
            raise

    async def _talked(
        self, turn: "_Turn", begun: Begun, shown: Shown, stop: Stop
    ) -> tuple[Script[Answered], tuple[Call, ...]]:
        """Let the conversation do its part, and give the script that ends the turn.

        The calls are those that it may be refused for.
        """
        wanted = begun.wanted
        match wanted:
            case Talk(asked):
                reply = await self._reply(asked, begun, shown, stop)
                return turn.finish(wanted, reply), reply.calls
            case Judging(context, _, item, text):
                met = None
                if begun.full is None:
                    met = await self.conversation.judge(item, text, context.learner.language)
                return turn.finish_answer(wanted, met), ()
            case Interviewing(context, _, told, _):
                assessed = None
                if begun.full is None:
                    # A stop said meanwhile ends the interview, in its own turn.
                    assessed = await self.conversation.assess(told, context.learner.language)
                return turn.finish_interview(wanted, assessed), ()
            case Drafting(context, concept):
                drafting = self.conversation.draft(concept, context.learner.language)
                passed = await stop.unless(drafting)
                if stop.was_heard:
                    return turn.stopped(context), ()
                return turn.finish_draft(wanted, passed), ()

    async def _reply(self, asked: Turn, begun: Begun, shown: Shown, stop: Stop) -> Reply:
        if begun.full is not None:
            without = await self.conversation.answer(replace(asked, briefing=None))
            return replace(without, notice=notice_of(begun.full))

        async def show(words: str) -> None:
            await shown.frame(safe_frame(readable(words), self.house.is_known))

        answering = self.conversation.answer(asked, show if shown.draft else None)
        reply = await stop.unless(answering)
        if reply is None:
            return Reply(words=shown.words or None, say="stopped", is_stopped=True)
        return replace(reply, notice="snippets.model_down") if reply.is_reduced else reply

    async def close(self, received: Received, now: datetime) -> None:
        """End an event that needs no answer of its own."""
        await self.store.run(close(received.seq, now))

    async def look_back(self, answered: Answered, now: datetime) -> None:
        """Cut the window of a conversation that has grown too long, and sum up what falls out.

        One at a time: what has been said meanwhile waits for the next turn.
        """
        context = answered.talked
        if context is None or not self.conversation.has_model:
            return
        place = (context.address, context.learner.id)
        if place in self._looking_back:
            return
        self._looking_back.add(place)
        try:
            await self._cut(context, now)
        finally:
            self._looking_back.discard(place)

    async def _cut(self, context: Context, now: datetime) -> None:
        address, learner = context.address, context.learner
        long = await self.store.run(outgrown(address, learner.id))
        if long is None:
            return
        spending = await self.store.run(set_aside(self.house.allowance, context))
        meter = Meter()
        summary = None
        if isinstance(spending, Spending):
            with metered(meter):
                # Never raises: whatever a model does is its caller's None.
                summary = await self.conversation.summarise(long, learner.language)
        cut = cut_window(address, learner.id, long, summary, now)
        if isinstance(spending, Spending):
            cut = spending.settled(cut, meter.usage)
        await self.store.run(cut)


@dataclass(frozen=True, slots=True)
class _Turn:
    """The scripts of one turn."""

    house: House
    received: Received
    event: Event
    now: datetime
    has_model: bool
    is_down: bool

    @property
    def platform(self) -> str:
        return self.received.arrival.platform

    @property
    def key(self) -> str:
        return f"{self.platform}:{self.received.arrival.event}"

    def begin(self) -> Script[Answered | Begun]:
        """Answer what needs no conversation, and hand over what does, with tokens to spend."""
        wanted = yield from self._begin()
        if isinstance(wanted, Answered):
            return wanted
        if not self.has_model or self.is_down:
            # Of what nobody is asked, nothing counts.
            return Begun(wanted)
        spending = yield from set_aside(self.house.allowance, wanted.context)
        if isinstance(spending, Spending):
            return Begun(wanted, spending)
        if isinstance(wanted, Drafting):
            return (yield from self._say(wanted.context, Wish(say="draft.spent")))
        return Begun(wanted, full=spending)

    def _begin(self) -> Script[Answered | Wanted]:
        event = self.event
        if event.did is Did.LEFT:
            return (yield from self._left())
        if event.did is Did.IGNORED or not event.is_addressed:
            yield from close(self.received.seq, self.now)
            return Answered(())
        if f"{self.platform}:{event.person}" not in self.house.allowed and self.house.allowed:
            return (yield from self._say_to_stranger("snippets.not_allowed", person=event.person))
        if not event.is_private:
            return (yield from self._say_to_stranger("snippets.group"))
        vote = read_vote_token(event.text) if event.did is Did.PRESSED else None
        if vote is not None and not (yield from self._is_own_vote(vote[0])):
            yield from close(self.received.seq, self.now)
            return Answered(())
        if event.did is Did.PRESSED and not (yield from self._is_known()):
            # A second tap on "delete" is no word that a stranger begins with.
            return (yield from self._say_to_stranger("snippets.expired"))
        learner, is_new = yield from self._learner()
        context = self._context(learner)
        if event.did is Did.SENT_SOMETHING_ELSE:
            if is_crisis(event.text):
                return (yield from self._care(context))
            return (yield from self._say(context, Wish(say="snippets.not_text")))
        if event.did is Did.PRESSED:
            return (yield from self._pressed(context))
        return (yield from self._said(context, is_new=is_new))

    def _left(self) -> Script[Answered]:
        """A learner who blocked us is left alone until they come back."""
        yield from close(self.received.seq, self.now)
        learner = yield from learner_of(self.platform, self.event.person)
        if learner is not None:
            yield from fall_silent(learner.id)
        return Answered(())

    def _say_to_stranger(self, key: str, **values: object) -> Script[Answered]:
        texts = texts_in(language_of(self.event.language, self.house.language))
        owed = yield from self._owe(None, [Message(texts.say(key, **values))])
        yield from close(self.received.seq, self.now)
        return Answered(owed)

    def _is_known(self) -> Script[bool]:
        return (yield from learner_of(self.platform, self.event.person)) is not None

    def _learner(self) -> Script[tuple[Learner, bool]]:
        found = yield from learner_of(self.platform, self.event.person)
        if found is None:
            language = language_of(self.event.language, self.house.language)
            zone = guessed_zone(self.event.language, self.house.zone)
            added = yield from add_learner(
                self.platform, self.event.person, self.event.address, language, zone, self.now
            )
            return added, True
        yield from saw_learner(found.id, self.now)
        if found.ignored_pushes >= FAREWELL_AFTER:
            yield from set_clocks(found.id, self.now)
        return found, False

    def _context(self, learner: Learner) -> Context:
        is_operator = f"{self.platform}:{self.event.person}" in self.house.operators
        return Context(
            learner,
            self.house.catalogue,
            self.event.address,
            self.now,
            is_operator=is_operator,
            is_private=self.event.is_private,
            has_model=self.has_model,
            tokens_a_day=self.house.allowance.learner_day,
        )

    def _pressed(self, context: Context) -> Script[Answered | Wanted]:
        """A button is its learner's own; pressing it is typing its command."""
        vote = read_vote_token(self.event.text)
        if vote is not None:
            return (yield from self._voted(context, *vote))
        token = read_press_token(self.event.text)
        delivery = (yield from delivery_with(token[0])) if token else None
        if delivery is None or token is None:
            return (yield from self._say(context, Wish(say="snippets.expired")))
        if delivery.learner != context.learner.id or delivery.address != context.address:
            return (yield from self._say(context, Wish(say="snippets.not_yours")))
        return (yield from self._press(context, delivery, token[1]))

    def _is_own_vote(self, receipt: str) -> Script[bool]:
        """A forwarded poll is voted on by strangers, who are not spoken to."""
        learner = yield from learner_of(self.platform, self.event.person)
        delivery = yield from delivery_with_poll(receipt)
        return learner is not None and (delivery is None or delivery.learner == learner.id)

    def _voted(self, context: Context, receipt: str, place: int) -> Script[Answered | Wanted]:
        """A vote names no chat: the answer goes where its poll is."""
        delivery = yield from delivery_with_poll(receipt)
        if delivery is None:
            return (yield from self._say(context, Wish(say="snippets.expired")))
        turn = replace(self, event=replace(self.event, address=delivery.address))
        return (yield from turn._press(turn._context(context.learner), delivery, place))  # noqa: SLF001 -- the same turn, elsewhere

    def _press(self, context: Context, delivery: Owed, place: int) -> Script[Answered | Wanted]:
        buttons = Message.from_json(delivery.body).flat_buttons
        if place >= len(buttons):
            return (yield from self._say(context, Wish(say="snippets.expired")))
        return (yield from self._command(context, buttons[place].command))

    def _said(self, context: Context, *, is_new: bool) -> Script[Answered | Wanted]:
        text = self.event.text.strip()
        if not text:
            return (yield from self._say(context, Wish(say="snippets.empty")))
        if is_crisis(text[:MOST_HEARD]):
            return (yield from self._care(context))
        if holds_key(text):
            return (yield from self._keep_secret(context, text))
        if len(text) > LONGEST_TEXT:
            wish = Wish(say="snippets.too_long", values={"length": len(text)})
            return (yield from self._say(context, wish))
        if is_new and not is_command(text):
            return (yield from self._do(context, _BEGIN))
        if self.event.is_forwarded:
            # Others' words answer no question of ours, and command nothing.
            return (yield from self._talk(context, text))
        if is_command(text):
            return (yield from self._command(context, text))
        awaited = yield from expected(context.address, context.learner.id, self.now)
        chosen = yield from self._chosen(context, text, awaited)
        if isinstance(chosen, Wish):
            return (yield from self._say(context, chosen))
        if chosen is not None:
            return (yield from self._command(context, chosen))
        if awaited is not None:
            answered = yield from self._awaited(context, awaited, text)
            if answered is not None:
                return answered
        call = yield from call_in_interview(context, text, has_model=self.has_model)
        if call is not None:
            return (yield from self._in_interview(context, call, text))
        command = yield from self._quiz_command(context, text)
        if command is None and awaited is None:
            command = yield from self._evening_command(context, text)
        if command is not None:
            return (yield from self._command(context, command))
        typed = yield from self._typed_answer(context, text)
        if typed is not None:
            return typed
        return (yield from self._talk(context, text))

    def _keep_secret(self, context: Context, text: str) -> Script[Answered]:
        """A key goes to no model and into no row; its owner is told to take it back."""
        message = Message(texts_in(context.learner.language).say("snippets.key"))
        owed = yield from self._end(context, [message], without_keys(text), keep_expectation=True)
        return Answered(owed)

    def _care(self, context: Context) -> Script[Answered]:
        """The fixed answer to words of crisis: no model, no tool; an open quiz question stays open.

        The words are kept as a bare mark: no later prompt or summary may quote them.
        """
        message = Message(texts_in(context.learner.language).say("say.crisis"))
        said = (Said("human", {"text": UNQUOTED}), Said("ai", {"text": message.markup}))
        owed = yield from self._end(context, [message], "", said=said)
        # It replaces whatever was asked before, the questions of a first day too.
        yield from expect(context.address, context.learner.id, "care", {}, self.now)
        return Answered(owed)

    def _talk(self, context: Context, text: str) -> Script[Talk]:
        """Hand a text to the conversation, with what a model should know before it reads it."""
        if not self.has_model:
            return Talk(Turn(context, text, is_forwarded=self.event.is_forwarded))
        past = yield from window(context.address, context.learner.id)
        brief = yield from briefing(context)
        return Talk(Turn(context, text, past, brief, is_forwarded=self.event.is_forwarded))

    def _chosen(
        self, context: Context, text: str, awaited: Expectation | None
    ) -> Script[str | Wish | None]:
        """The command of the last message's choice that is named by its number or its label.

        Where choices are shown with numbers a number is a choice; elsewhere it first answers
        what was asked, such as the hours a week.
        """
        latest = yield from latest_at(context.address, context.learner.id)
        message = Message.from_json(latest.body) if latest else Message("")
        buttons = message.flat_buttons
        said = _bare(text)
        by_label = next((one for one in buttons if said and _bare(one.label) == said), None)
        if by_label is not None:
            return by_label.command
        shows_numbers = self.platform in self.house.numbers_choose
        if message.takes_number:
            place = LETTERS.find(text.lower()) if len(text) == 1 else -1
            is_choice = shows_numbers and 0 <= place < len(buttons)
            return buttons[place].command if is_choice else None
        if not (text.isdecimal() and len(text) <= 2) or (awaited is not None and not shows_numbers):
            return None
        if not shows_numbers and (yield from self._awaits_words(context)):
            return None
        if 1 <= int(text) <= len(buttons):
            return buttons[int(text) - 1].command
        if buttons and shows_numbers and awaited is None:
            return Wish(say="snippets.no_button", values={"most": len(buttons)})
        return None

    def _awaits_words(self, context: Context) -> Script[bool]:
        """Whether a question waits for a number or words, which no other message's button is."""
        question = yield from self._waiting(context)
        return question is not None and not question.frozen.order

    def _awaited(
        self, context: Context, awaited: Expectation, text: str
    ) -> Script[Answered | None]:
        """Take words as the answer to what was asked; None when they are something else."""
        routed = route(text, context.today, context.learner.language)
        if awaited.kind == "care":
            if routed.calls:
                return None
            # "You're welcome, keep going" is no answer to thanks for a helpline.
            return (yield from self._say(context, Wish(say="say.after_crisis")))
        if awaited.kind == "start":
            return (yield from self._start_answered(context, awaited, text))
        if awaited.kind == "hours" and hours_wish(text).calls:
            return (yield from self._do(context, hours_wish(text)))
        if awaited.kind == "zone" and zone_in(text) is not None:
            return (yield from self._zone_answered(context, text))
        if awaited.kind == "found":
            return (yield from self._search_continued(context, awaited, text))
        if awaited.kind == "scale":
            return (yield from self._scale_answered(context, awaited, text))
        if awaited.kind == "fact":
            return (yield from self._fact_reworded(context, awaited, text, routed))
        if awaited.kind == "report":
            if routed.is_sure and not speaks_of_item(text):
                return None
            args = {"question": int(awaited.details["question"]), "note": text[:500]}
            return (yield from self._do(context, Wish(calls=(Call("report_item", args),))))
        if awaited.kind == "blocker":
            return (yield from self._blocker_told(context, awaited, text, routed))
        if awaited.kind == "criterion":
            if not reads_as_evidence(text, routed):
                return None
            args = {"criterion": awaited.details["criterion"], "evidence": text}
            return (yield from self._do(context, Wish(calls=(Call("assess_stage", args),))))
        if awaited.kind == "evidence":
            if refuses_evidence(text):
                return (yield from self._say(context, Wish(say="evidence.skipped")))
            if not reads_as_evidence(text, routed):
                return None
            tasks = tuple(awaited.details["tasks"].split(" "))
            kept = yield from keep_evidence(context, tasks, text)
            return (yield from self._answer(context, [kept], (), text))
        if routed.is_sure:
            return None
        if awaited.kind == "hours":
            return (yield from self._do(context, hours_wish(text)))
        return (yield from self._zone_answered(context, text))

    def _quiz_command(self, context: Context, text: str) -> Script[str | None]:
        """What words such as 下一题, skip or 报错 ask for while a series is under way."""
        word = quiz_word(text)
        quiz = (yield from quiz_under_way(context.learner.id)) if word else None
        if quiz is None or quiz.address != context.address:
            return None
        waiting = yield from self._waiting(context)
        answered = yield from latest_answered(quiz.id)
        is_old = answered is None or answered.day != context.today
        if waiting is None and is_old:
            return None
        if word == "next":
            return f"/next {quiz.id}"
        if word == "skip" and waiting is None:
            # 跳过 after an explanation is the next question, not a task put off.
            return f"/next {quiz.id}"
        if word == "end":
            return "/placement stop" if quiz.kind == "placement" else f"/endquiz {quiz.id}"
        if word in {"skip", "hint"}:
            return f"/{word} {waiting.id}" if waiting else None
        if word == "tell":
            return f"/answer {waiting.id} x" if waiting else None
        return f"/{word} {answered.id}" if answered else None

    def _evening_command(self, context: Context, text: str) -> Script[str | None]:
        """What "too busy" or "half of it" answer to an evening's question; nothing is marked."""
        how = evening_reply(text)
        latest = (yield from latest_at(context.address, context.learner.id)) if how else None
        if latest is None or latest.kind not in EVENING_KINDS:
            return None
        routed = route(text, context.today, context.learner.language)
        is_mark = any(call.tool in {"mark_task", "log_practice"} for call in routed.calls)
        return None if is_mark else f"/{how}"

    def _typed_answer(self, context: Context, text: str) -> Script[Answered | Judging | None]:
        """Take words as the answer to an open question; None when they are something else."""
        question = yield from self._waiting(context)
        item = (yield from item_of(context, question)) if question else None
        if question is None or item is None:
            return None
        routed = route(text, context.today, context.learner.language)
        reading = read_answer(item, question.frozen, text, is_other=routed.is_sure)
        if reading is None:
            return None
        is_seen = yield from self._is_newest(context, question.id)
        if reading.is_doubtful or (reading.is_short and not is_seen):
            texts = texts_in(context.learner.language)
            asked = answer_doubted_card(question.id, text, reading.as_typed, texts)
            return Answered((yield from self._end(context, [asked], text)))
        if reading.say is not None:
            return (yield from self._say(context, Wish(say=reading.say)))
        call = Call("answer_question", {"question": question.id, **reading.args})
        judging = yield from self._judging(context, call)
        return judging or (yield from self._do(context, Wish(calls=(call,))))

    def _waiting(self, context: Context) -> Script[Question | None]:
        """The question that typed words may answer."""
        since = self.now - TYPED_ANSWER_LASTS
        return (yield from open_question(context.address, context.learner.id, since))

    def _is_newest(self, context: Context, question: int) -> Script[bool]:
        """Whether a question is the last thing that was put to the learner."""
        latest = yield from latest_at(context.address, context.learner.id)
        buttons = Message.from_json(latest.body).flat_buttons if latest else ()
        return any(one.command.startswith(f"/answer {question} ") for one in buttons)

    def _judging(self, context: Context, call: Call) -> Script[Judging | None]:
        """What a model is to judge before the call can be made: a first answer in free text."""
        text = call.args.get("text")
        if call.tool != "answer_question" or not text or not self.has_model:
            return None
        question, item = yield from need_question(context, int(str(call.args["question"])))
        if not isinstance(item, OpenItem) or question.state == "answered":
            return None
        return Judging(context, question.id, item, str(text))

    def _in_interview(
        self, context: Context, call: Call, text: str
    ) -> Script[Answered | Interviewing]:
        """Go on with an interview, after a model has read it where there is one."""
        told = (yield from told_first(context, call)) if self.has_model else None
        if told is not None:
            return Interviewing(context, call, told, text)
        return (yield from self._do(context, Wish(calls=(call,)), text))

    def _drafting(self, context: Context, call: Call) -> Script[Answered | Drafting]:
        """A model writes the question later; who has none is told before anything else."""
        if not self.has_model:
            return (yield from self._say(context, Wish(say="draft.needs_model")))
        results = yield from perform_all(context, [call])
        wanted = results[0]
        if isinstance(wanted, DraftWanted):
            return Drafting(context, wanted.concept)
        return (yield from self._answer(context, results, (call,), self.event.text))

    def _blocker_told(
        self, context: Context, awaited: Expectation, text: str, routed: Routed
    ) -> Script[Answered | None]:
        """What exactly blocks, in words; None for a wish, or when a model can teach from them."""
        is_wish = any(call.tool not in {"mark_task", "explain_concept"} for call in routed.calls)
        outcomes = {call.args.get("outcome") for call in routed.calls if call.tool == "mark_task"}
        is_talk = not routed.calls and routed.say in SMALL_TALK
        if tells_success(text):
            return None
        if self.has_model or is_wish or is_talk or outcomes - {"stuck"} or asks_the_mentor(text):
            return None
        args = {"outcome": "stuck", "tasks": (awaited.details["task"],), "note": text[:1000]}
        return (yield from self._do(context, Wish(calls=(Call("mark_task", args),))))

    def _search_continued(
        self, context: Context, awaited: Expectation, text: str
    ) -> Script[Answered | None]:
        """'More like this' and 'only free ones' mean what was found just before."""
        if more_wanted(text):
            query = f"like:{awaited.details['id']}"
        elif narrows_search(text):
            query = f"{awaited.details['query']} {text}"
        else:
            return None
        return (
            yield from self._do(context, Wish(calls=(Call("find_resources", {"query": query}),)))
        )

    def _fact_reworded(
        self, context: Context, awaited: Expectation, text: str, routed: Routed
    ) -> Script[Answered | None]:
        """The words that replace a fact; None when they are a wish of another kind."""
        calls = [call for call in routed.calls if call.tool != "remember_fact"]
        if calls or (routed.is_sure and not routed.calls):
            return None
        said = fact_in(text)
        is_same_kind = said is not None and said[0] == awaited.details["kind"]
        words = said[1] if said is not None and is_same_kind else text
        args = {"fact": int(awaited.details["fact"]), "words": words[:1000]}
        return (yield from self._do(context, Wish(calls=(Call("edit_fact", args),))))

    def _scale_answered(
        self, context: Context, awaited: Expectation, text: str
    ) -> Script[Answered | None]:
        """A number typed where the weekly check's buttons could have been tapped."""
        answer = points_in(text)
        if answer is None:
            command = yield from self._level_named(context, text)
            if command is None:
                return None
            return (
                yield from self._do(
                    context, read_command(command, context.today, self.house.task_ids)
                )
            )
        known = json.loads(awaited.details["known"])
        answers = {**known, awaited.details["scale"]: answer}
        wish = Wish(calls=(Call("weekly_check", {"answers": answers}),))
        return (yield from self._do(context, wish))

    def _level_named(self, context: Context, text: str) -> Script[str | None]:
        """The command of the one level whose words were said, with others around them."""
        latest = yield from latest_at(context.address, context.learner.id)
        buttons = Message.from_json(latest.body).flat_buttons if latest else ()
        said = _bare(text)
        named = [
            one.command
            for one in buttons
            if len(_bare(one.label)) > 1
            and one.command.startswith("/check")
            and _bare(one.label) in said
        ]
        return named[0] if len(named) == 1 else None

    def _zone_answered(self, context: Context, text: str) -> Script[Answered]:
        """On the first day a zone is an answer to the first question, and confirms it."""
        zone = zone_in(text) or text
        study = yield from study_of(context)
        call = (
            Call("change_settings", {"zone": zone})
            if study is not None
            else Call("start_curriculum", {"confirmed": True, "zone": zone})
        )
        return (yield from self._do(context, Wish(calls=(call,))))

    def _start_answered(
        self, context: Context, awaited: Expectation, text: str
    ) -> Script[Answered | None]:
        if facts_in(text):
            # 我的目标是年底转岗 names a day, and is no answer.
            return None
        known = json.loads(awaited.details["known"])
        step = awaited.details["step"]
        try:
            wish = answered_start(step, text, known, context.today, context.catalogue)
        except Refused as error:
            if route(text, context.today, context.learner.language).is_sure:
                return None
            asked = yield from perform_all(context, [Call("start_curriculum", known)])
            texts = texts_in(context.learner.language)
            again = card(asked[0], texts)
            message = replace(again, markup=f"{texts.say(error.key)}\n\n{again.markup}")
            owed = yield from self._end(context, [message], text, keep_expectation=True)
            return Answered(owed)
        return (yield from self._do(context, wish))

    def _command(self, context: Context, text: str) -> Script[Answered | Wanted]:
        wish = read_command(text, context.today, self.house.task_ids)
        for call in wish.calls:
            if call.tool in LED:
                return (yield from self._in_interview(context, call, text))
            if call.tool == "draft_question":
                return (yield from self._drafting(context, call))
            judging = yield from self._judging(context, call)
            if judging is not None:
                return judging
        return (yield from self._do(context, wish, text))

    def _do(self, context: Context, wish: Wish, text: str | None = None) -> Script[Answered]:
        if not wish.calls:
            return (yield from self._say(context, wish))
        results = yield from perform_all(context, wish.calls)
        if any(isinstance(one, Forgotten) for one in results):
            return (yield from self._part(context, results, wish.calls))
        results += yield from self._what_follows(context, results)
        return (yield from self._answer(context, results, wish.calls, text or self.event.text))

    def _part(
        self, context: Context, results: Sequence[object], calls: tuple[Call, ...]
    ) -> Script[Answered]:
        """Say the last word to somebody who is a stranger now; nothing of the turn is kept."""
        if not (yield from close(self.received.seq, self.now)):
            raise AlreadyDealtWithError
        texts = texts_in(context.learner.language)
        words = [card(one, texts) for one in results]
        owed = yield from self._owe(None, words, kind=FORGOTTEN)
        return Answered(owed, calls, has_forgotten=True)

    def _what_follows(self, context: Context, results: Sequence[object]) -> Script[list[object]]:
        """The next question, where it comes by itself; what was answered stands without it."""
        series = next((quiz for one in results if (quiz := _led_on_by(one)) is not None), None)
        if series is None:
            return []
        try:
            return (yield from perform_all(context, [Call("next_question", {"quiz": series})]))
        except Refused:
            return []

    def _say(self, context: Context, wish: Wish) -> Script[Answered]:
        texts = texts_in(context.learner.language)
        key = wish.say or "say.unclear"
        if key == "zone.ask":
            study = yield from study_of(context)
            message = zone_card(self.now, texts, is_first_day=study is None)
        else:
            message = Message(texts.say(key, **wish.values))
        owed = yield from self._end(context, [message], self.event.text)
        if wish.asks is not None:
            yield from expect(context.address, context.learner.id, wish.asks, {}, self.now)
        return Answered(owed)

    def _answer(
        self, context: Context, results: Sequence[object], calls: tuple[Call, ...], text: str
    ) -> Script[Answered]:
        """Put results into words, in the language the learner has now."""
        learner = yield from learner_with(context.learner.id)
        texts = texts_in(learner.language)
        messages = cards_of(results, texts)
        owed = yield from self._end(context, messages, text)
        yield from self._expect_answer(context, results)
        for result in results:
            if isinstance(result, ItemReported):
                owed += yield from self._tell_operators(result)
        return Answered(owed, calls)

    def _tell_operators(self, reported: ItemReported) -> Script[tuple[Owed, ...]]:
        """Each operator hears once of each learner's report, where they are spoken to first."""
        deliveries = []
        for one in sorted(self.house.operators):
            platform, _, person = one.partition(":")
            operator = yield from learner_of(platform, person)
            if operator is not None:
                message = operator_note(reported, texts_in(operator.language))
                deliveries.append(
                    Delivery(
                        key=f"{self.key}:report:{operator.id}",
                        platform=operator.home.partition(":")[0],
                        address=operator.home,
                        learner=operator.id,
                        kind="report",
                        body=message.to_json(),
                    )
                )
        return tuple((yield from owe(deliveries, self.now)))

    def _expect_answer(self, context: Context, results: Sequence[object]) -> Script[None]:
        for result in results:
            if isinstance(result, CurriculumStarted):
                yield from expect_nothing(context.address, context.learner.id)
            asked = question_in(result, results)
            if asked is not None:
                yield from expect(
                    context.address, context.learner.id, asked.kind, asked.details, self.now
                )

    def finish(self, talk: Talk, reply: Reply) -> Script[Answered]:
        """Perform for good what the conversation came to, and answer from what was committed.

        Who follows nothing yet and was not understood is asked to begin.
        """
        context, text = talk.context, talk.turn.text
        if reply.say == "crisis" and not reply.calls:
            return (yield from self._care(context))
        calls = reply.calls
        if not calls and reply.words is None and reply.say in _LOST:
            study = yield from study_of(context)
            calls = _BEGIN.calls if study is None else calls
        results = yield from perform_all(context, calls)
        learner = yield from learner_with(context.learner.id)
        texts = texts_in(learner.language)
        messages = messages_of(calls, results, reply, texts, context.today, self.house.is_known)
        owed = yield from self._end(context, messages, text, said=reply.messages)
        yield from self._expect_answer(context, results)
        return Answered(owed, calls, context if self.has_model else None)

    def finish_answer(self, judging: Judging, met: tuple[bool, ...] | None) -> Script[Answered]:
        """Keep the answer with what the model said of it; without that the learner rates it."""
        args: dict[str, object] = {"question": judging.question, "text": judging.text}
        if met is not None:
            args["met"] = met
        return (yield from self._do(judging.context, Wish(calls=(Call("answer_question", args),))))

    def finish_interview(
        self, interviewing: Interviewing, assessed: Assessed | None
    ) -> Script[Answered]:
        """Go on with what a model found; without that by the rules alone."""
        call = interviewing.call
        if assessed is not None:
            found = {"met": assessed.met, "probe": assessed.probe}
            call = replace(call, args={**call.args, **found})
        wish = Wish(calls=(call,))
        return (yield from self._do(interviewing.context, wish, interviewing.text))

    def finish_draft(self, drafting: Drafting, passed: Passed | None) -> Script[Answered]:
        """Ask the question that came through the gate, or say that none did."""
        context, concept = drafting.context, drafting.concept
        if passed is None:
            name = concept.name.in_language(context.learner.language)
            return (yield from self._say(context, Wish(say="draft.none", values={"name": name})))
        put = yield from ask_draft(context, concept, passed)
        calls = (Call("draft_question", {"concept": concept.id}),)
        return (yield from self._answer(context, [put], calls, self.event.text))

    def stopped(self, context: Context) -> Script[Answered]:
        return (yield from self._say(context, Wish(say="say.stopped")))

    def refuse(self, error: MentorError, calls: tuple[Call, ...] = ()) -> Script[Answered]:
        """Say why it could not be done; nothing else of the turn is kept.

        `calls` are what was understood, and is told with it.
        """
        learner, _ = yield from self._learner()
        context = self._context(learner)
        message = error_card(error, texts_in(learner.language))
        owed = yield from self._end(context, [message], self.event.text, keep_expectation=True)
        return Answered(owed, calls)

    def _end(
        self,
        context: Context,
        messages: Sequence[Message],
        text: str,
        *,
        said: Sequence[Said] | None = None,
        keep_expectation: bool = False,
    ) -> Script[tuple[Owed, ...]]:
        """Owe the messages, remember the turn, and close the event: at most once."""
        is_first = yield from close(self.received.seq, self.now)
        if not is_first:
            raise AlreadyDealtWithError
        if not keep_expectation:
            yield from expect_nothing(context.address, context.learner.id, but="start")
        if said is None:
            answer = "\n\n".join(message.markup for message in messages)[:LONGEST_REMEMBERED]
            human = heard(text[:LONGEST_TEXT], is_forwarded=self.event.is_forwarded)
            said = (human, Said("ai", {"text": answer}))
        yield from remember(context.address, context.learner.id, self.key, said, self.now)
        return (yield from self._owe(context.learner.id, messages))

    def _owe(
        self, learner: int | None, messages: Sequence[Message], kind: str = "answer"
    ) -> Script[tuple[Owed, ...]]:
        owed = yield from owe(
            [
                Delivery(
                    key=f"{self.key}:{n}",
                    platform=self.platform,
                    address=self.event.address,
                    learner=learner,
                    kind=kind,
                    body=message.to_json(),
                )
                for n, message in enumerate(messages)
            ],
            self.now,
        )
        return tuple(owed)


_BEGIN = Wish(calls=(Call("start_curriculum"),))
_LOST = frozenset({"unclear", "greeting", "ask_settings"})


def _led_on_by(result: object) -> int | None:
    """The series whose next question follows: after a skip, or an answer that needs no reading."""
    if isinstance(result, AnswerGraded):
        is_new = result.kind == "placement" and not result.was_already
        return result.question.quiz if is_new else None
    if isinstance(result, QuestionSkipped):
        return None if result.was_already else result.question.quiz
    return None


def _bare(label: str) -> str:
    """A label as people type it: without pictures and outer spaces, in one case."""
    kept = "".join(char for char in label if char.isalnum() or char.isspace())
    return kept.strip().lower()


class AlreadyDealtWithError(MentorError):
    """The event was closed by an earlier attempt."""


def question_in(result: object, results: Sequence[object] = ()) -> Expectation | None:
    """What a result asks the learner, so that their next words can answer it.

    Of several marks made together one question is asked: for the evidence that matters most, and
    without any for what blocks.
    """
    if isinstance(result, StartAsked):
        known = result.known.model_dump(mode="json", exclude_unset=True)
        for settled in ("language", "zone"):
            known.pop(settled, None)
        return Expectation("start", {"step": result.step.value, "known": json.dumps(known)})
    if isinstance(result, FactAsked):
        fact = result.fact
        return Expectation("fact", {"fact": str(fact.id), "kind": fact.kind.value})
    if isinstance(result, ItemReported) and result.note is None:
        return Expectation("report", {"question": str(result.question.id)})
    if isinstance(result, ResourcesFound) and result.resources:
        return Expectation("found", {"id": result.resources[0].id, "query": result.query})
    if isinstance(result, ScaleAsked):
        answers = json.dumps(dict(result.known))
        return Expectation("scale", {"scale": result.scale.id, "known": answers})
    if isinstance(result, AssessmentShown):
        ticked = result.ticked
        if ticked is None or ticked.met is None or ticked.met.evidence:
            return None
        return Expectation("criterion", {"criterion": ticked.criterion.id})
    if isinstance(result, Marked):
        marks = [one for one in results if isinstance(one, Marked)] or [result]
        wanted = evidence_wanted(marks)
        if wanted is not None:
            return Expectation("evidence", {"tasks": wanted.id})
        if len(marks) == 1 and result.outcome == "stuck" and not result.note:
            return Expectation("blocker", {"task": result.tasks[0].id})
    return None


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
