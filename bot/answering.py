"""How a turn ends: what is done, said, remembered and expected, and its event closed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.turn import heard
from bot.asked import led_on_by, question_in
from bot.cards import card, error_card, operator_note, zone_card
from bot.cards.human_help import help_asked_note, help_given_note
from bot.cards.looking_after import reached_note
from bot.cards.marks import cards_of
from bot.cards.privacy import privacy_card
from bot.commands import Wish
from bot.house import House, guessed_zone
from bot.markup import styled
from bot.message import Button, Message, as_wished
from bot.platforms.port import Did, Event
from bot.scrubbing import FORGOTTEN
from bot.texts import Texts, language_of, texts_in
from learning.errors import MentorError, Refused
from learning.pushes import FAREWELL_AFTER
from store.conversation import Message as Said
from store.conversation import remember
from store.inbox import Received, close
from store.learners import (
    Learner,
    add_learner,
    expect,
    expect_nothing,
    expected,
    learner_of,
    learner_with,
    saw_learner,
)
from store.outbox import Delivery, Owed, owe, take_undelivered
from store.script import Script
from tools.accounts import AccountsJoined
from tools.context import Context, study_of
from tools.curricula import CurriculumStarted
from tools.forgetting import Forgotten
from tools.human_help import HelpAsked, HelpGiven
from tools.looking_after import ReachedOut
from tools.registry import Call, perform_all
from tools.reports import ItemReported
from tools.schedule import set_clocks

LONGEST_TEXT = 4000
# Stands in the window for what a learner said and nobody is to quote.
UNQUOTED = "[…]"
# What a platform shows to one person in a group.
LONGEST_NOTICE = 200
# Of a card, for the model's window: what it was about, rather than all its lines.
LONGEST_REMEMBERED = 600


class AlreadyDealtWithError(MentorError):
    """The event was closed by an earlier attempt."""


class RefusedInGroupError(MentorError):
    """Something cannot be done in a group, which is said there, in its language."""

    def __init__(self, error: MentorError, texts: Texts) -> None:
        super().__init__(str(error))
        self.error = error
        self.texts = texts


@dataclass(frozen=True, slots=True)
class Answered:
    """A finished turn: what it put into the outbox, and the tools it used."""

    owed: tuple[Owed, ...]
    calls: tuple[Call, ...] = ()
    talked: Context | None = None
    """Whose conversation with a model has grown by it."""
    has_forgotten: bool = False
    """Whether its learner is a stranger from now on."""
    notice: str = ""
    """What only whoever pressed a button in a group is shown, in at most 200 characters."""
    due_at: datetime | None = None
    """When something that it began in a group comes to its end."""


@dataclass(frozen=True, slots=True)
class Answering:
    """One event, and the scripts that end its turn."""

    house: House
    received: Received
    event: Event
    now: datetime
    has_model: bool

    @property
    def platform(self) -> str:
        return self.received.arrival.platform

    @property
    def person(self) -> str:
        return f"{self.platform}:{self.event.person}"

    @property
    def key(self) -> str:
        return f"{self.platform}:{self.received.arrival.event}"

    def at(self, address: str) -> "Answering":
        """The same turn, answered elsewhere."""
        return replace(self, event=replace(self.event, address=address))

    def learner(self) -> Script[tuple[Learner, bool]]:
        """Whose event it is, and whether they are new."""
        found = yield from learner_of(self.platform, self.event.person, is_held=True)
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

    def context(self, learner: Learner) -> Context:
        return Context(
            learner,
            self.house.catalogue,
            self.event.address,
            self.now,
            is_operator=self.person in self.house.operators,
            has_operators=bool(self.house.operators),
            minimum_age=self.house.keeper.minimum_age,
            is_private=self.event.is_private,
            has_model=self.has_model,
            budget=self.house.budget,
            tokens_a_day=self.house.allowance.of_day(learner, self.now),
        )

    def ignore(self) -> Script[Answered]:
        yield from close(self.received.seq, self.now)
        return Answered(())

    def say_to_stranger(self, key: str, **values: object) -> Script[Answered]:
        texts = texts_in(language_of(self.event.language, self.house.language))
        owed = yield from self._owe(None, [Message(texts.say(key, **values))])
        yield from close(self.received.seq, self.now)
        return Answered(owed)

    def with_undelivered(self, context: Context, answered: Answered) -> Script[Answered]:
        """An answer, and behind it how many pushes could not be delivered since the last one."""
        count = yield from take_undelivered(context.learner.id, self.now)
        if not count:
            return answered
        texts = texts_in(context.learner.language)
        today = Button(texts.label("button.today"), "/today")
        message = Message(texts.say("push.undelivered", count=count), ((today,),))
        owed = yield from owe(
            [
                Delivery(
                    key=f"{self.key}:undelivered",
                    platform=self.platform,
                    address=self.event.address,
                    learner=context.learner.id,
                    kind="answer",
                    body=message.to_json(),
                )
            ],
            self.now,
        )
        return replace(answered, owed=(*answered.owed, *owed))

    def tell(self, message: Message) -> Script[Answered]:
        """Tell whoever acted in a group: a notice for a press, an answer below other words."""
        yield from close(self.received.seq, self.now)
        if self.event.did is Did.PRESSED:
            return Answered((), notice=styled(message.markup).text[:LONGEST_NOTICE])
        under = "" if self.event.is_private else self.event.message
        owed = yield from self._owe(None, [replace(message, under=under)], kind="group")
        return Answered(owed)

    def owe_to_group(self, messages: Sequence[Message]) -> Script[tuple[Owed, ...]]:
        """Owe messages that belong to no learner."""
        return (yield from self._owe(None, messages, kind="group"))

    def say(self, context: Context, wish: Wish) -> Script[Answered]:
        texts = texts_in(context.learner.language)
        key = wish.say or "say.unclear"
        if key == "zone.ask":
            study = yield from study_of(context)
            message = zone_card(self.now, texts, is_first_day=study is None)
        elif key == "privacy":
            message = privacy_card(self.house, texts)
        else:
            message = Message(texts.say(key, **wish.values))
        owed = yield from self.end(context, [message], self.event.text)
        if wish.asks is not None:
            yield from expect(context.address, context.learner.id, wish.asks, {}, self.now)
        return Answered(owed)

    def care(self, context: Context) -> Script[Answered]:
        """The fixed answer to words of crisis: no model, no tool; an open quiz question stays open.

        The words are kept as a bare mark: no later prompt or summary may quote them.
        """
        message = Message(texts_in(context.learner.language).say("say.crisis"))
        open_step = yield from self._open_step(context)
        said = (Said("human", {"text": UNQUOTED}), Said("ai", {"text": message.markup}))
        owed = yield from self.end(context, [message], "", said=said)
        # It replaces whatever was asked before; a step of the first day waits behind it.
        waits = {"start": json.dumps(dict(open_step))} if open_step is not None else {}
        yield from expect(context.address, context.learner.id, "care", waits, self.now)
        return Answered(owed)

    def _open_step(self, context: Context) -> Script[Mapping[str, str] | None]:
        """The step of the first day that waits for its answer, be it behind words of care."""
        asked = yield from expected(context.address, context.learner.id, self.now)
        if asked is None:
            return None
        if asked.kind == "start":
            return asked.details
        waits = asked.details.get("start") if asked.kind == "care" else None
        return json.loads(waits) if waits else None

    def do(self, context: Context, wish: Wish, text: str | None = None) -> Script[Answered]:
        """Do what a wish asks for, at once, and answer from what came of it."""
        if not wish.calls:
            return (yield from self.say(context, wish))
        results = yield from perform_all(context, wish.calls)
        if any(isinstance(one, Forgotten) for one in results):
            return (yield from self._part(context, results, wish.calls))
        for one in results:
            if isinstance(one, AccountsJoined):
                # Whoever this account was is no more.
                context = self.context(one.learner)
        results += yield from _what_follows(context, results)
        return (yield from self.answer(context, results, wish.calls, text or self.event.text))

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

    def answer(
        self, context: Context, results: Sequence[object], calls: tuple[Call, ...], text: str
    ) -> Script[Answered]:
        """Put results into words, in the language the learner has now."""
        learner = yield from learner_with(context.learner.id)
        texts = texts_in(learner.language)
        messages = cards_of(results, texts)
        owed = yield from self.end(context, messages, text)
        yield from self.expect_answer(context, results)
        for result in results:
            if isinstance(result, ItemReported | HelpAsked):
                owed += yield from self.tell_operators(result)
            elif isinstance(result, ReachedOut):
                one = self._apart(result.silent.learner, "help", reached_note(result))
                owed += tuple((yield from owe([one], self.now)))
            elif isinstance(result, HelpGiven):
                message = help_given_note(result, texts_in(result.learner.language))
                one = self._apart(result.learner, "help", message)
                owed += tuple((yield from owe([one], self.now)))
        return Answered(owed, calls)

    def tell_operators(self, told: ItemReported | HelpAsked) -> Script[tuple[Owed, ...]]:
        """Each operator hears once of each report or wish, where they are spoken to first."""
        deliveries = []
        for one in sorted(self.house.operators):
            platform, _, person = one.partition(":")
            operator = yield from learner_of(platform, person)
            if operator is not None:
                texts = texts_in(operator.language)
                if isinstance(told, HelpAsked):
                    note = help_asked_note(told, texts)
                else:
                    note = operator_note(told, texts)
                deliveries.append(self._apart(operator, "report", note))
        return tuple((yield from owe(deliveries, self.now)))

    def _apart(self, learner: Learner, kind: str, message: Message) -> Delivery:
        """A message to somebody else than who is answered, where they are spoken to first."""
        return Delivery(
            key=f"{self.key}:{kind}:{learner.id}",
            platform=learner.home.partition(":")[0],
            address=learner.home,
            learner=learner.id,
            kind=kind,
            body=message.to_json(),
        )

    def expect_answer(self, context: Context, results: Sequence[object]) -> Script[None]:
        """Note what the results ask, so that the next words can answer it."""
        for result in results:
            if isinstance(result, CurriculumStarted):
                yield from expect_nothing(context.address, context.learner.id)
            asked = question_in(result, results)
            is_aside = asked is not None and asked.kind == "found"
            if is_aside and (yield from self._open_step(context)) is not None:
                # 有没有 RAG 的资料 in between takes nobody out of the first day.
                continue
            if asked is not None:
                yield from expect(
                    context.address, context.learner.id, asked.kind, asked.details, self.now
                )

    def refuse(self, error: MentorError, calls: tuple[Call, ...] = ()) -> Script[Answered]:
        """Say why it could not be done; nothing else of the turn is kept.

        `calls` are what was understood, and is told with it.
        """
        if isinstance(error, RefusedInGroupError):
            return (yield from self.tell(error_card(error.error, error.texts)))
        learner, _ = yield from self.learner()
        context = self.context(learner)
        message = error_card(error, texts_in(learner.language))
        owed = yield from self.end(context, [message], self.event.text, keep_expectation=True)
        return Answered(owed, calls)

    def end(
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
        wished = [as_wished(one, context.learner.pictures) for one in messages]
        return (yield from self._owe(context.learner.id, wished))

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


def _what_follows(context: Context, results: Sequence[object]) -> Script[list[object]]:
    """The next question, where it comes by itself; what was answered stands without it."""
    series = next((quiz for one in results if (quiz := led_on_by(one)) is not None), None)
    if series is None:
        return []
    try:
        return (yield from perform_all(context, [Call("next_question", {"quiz": series})]))
    except Refused:
        return []
