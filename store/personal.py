"""Whose every table and column is: what it is for, how long it stays, how it leaves.

One list that exports and erasing both follow, and that a test holds against the schema.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from store.script import Row, Script, change, row, rows

_ENROLMENTS = "(select id from enrolments where learner = :learner)"
# Where only this learner is spoken to; a group's address is nobody's own.
_ADDRESSES = (
    "(select platform || ':' || person from identities where learner = :learner "
    "union select home from learners where id = :learner)"
)


class Whose(StrEnum):
    """How a table's rows belong to a learner, as a condition on them."""

    SELF = "id = :learner"
    LEARNER = "learner = :learner"
    ENROLMENT = f"enrolment in {_ENROLMENTS}"
    DELIVERY = f"(learner = :learner or (learner is null and address in {_ADDRESSES}))"
    BODY = f"seq in (select seq from outbox where {DELIVERY})"
    # What somebody pressed in a group has a lane of its own there, such as `telegram:-100/7`.
    LANE = (
        f"(lane in {_ADDRESSES} or (lane like '%/%' and platform || ':' || "
        "substr(lane, instr(lane, '/') + 1) in (select platform || ':' || person "
        "from identities where learner = :learner)))"
    )
    SCOPE = "scope = 'learner:' || :learner"
    NOBODY = "1 = 0"


class Erase(StrEnum):
    """What erasing a learner does to the rows that are theirs."""

    DELETE = "deleted"
    # The key of an update must stay, or the platform's repeating it would make it happen again.
    EMPTY = "emptied"
    NOTHING = "nobody's"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the purpose of each column; what belongs to a learner is exported whole.

    `instants` are columns in seconds since 1970, `json` those with JSON in them. `called` is its
    name in an export where that is another.
    """

    name: str
    whose: Whose
    purpose: str
    kept: str
    columns: Mapping[str, str]
    instants: frozenset[str] = frozenset()
    json: frozenset[str] = frozenset()
    called: str = ""
    erase: Erase = Erase.DELETE

    @property
    def export_name(self) -> str:
        return self.called or self.name

    @property
    def is_exported(self) -> bool:
        return self.whose is not Whose.NOBODY


_ERASED = "until the learner is erased"
_WHOSE = "whose it is"
_ENROLMENT = "the enrolment it belongs to"

# Whatever a table refers to stands before it: rows are erased from the end.
TABLES: tuple[Table, ...] = (
    Table(
        "learners",
        Whose.SELF,
        "A person the mentor teaches, with their settings.",
        _ERASED,
        {
            "id": "their number here",
            "language": "the language they are spoken to in",
            "zone": "their time zone",
            "home": "the address where the mentor speaks first",
            "push_at": "when the daily plan comes",
            "evening_at": "when the evening's question comes",
            "quiet_from": "when quiet hours begin",
            "quiet_to": "when quiet hours end",
            "quiet_days": "weekdays without pushes",
            "pushes_on": "whether the mentor speaks first at all",
            "pictures": "what pictures look like, or that none are wanted",
            "announcements": "whether the operators' announcements are wanted",
            "last_announcement": "the last announcement that was sent",
            "invited": "whether they came in by an invitation",
            "looked_after": "whether an operator may ask after them when they are long silent",
            "reached_at": "when an operator last did",
            "ignored_pushes": "pushes in a row without an answer, so that fewer come",
            "last_plan_day": "the day of the last daily plan, so that a day has one",
            "created_at": "when they first wrote",
            "last_seen_at": "when they last wrote",
        },
        instants=frozenset({"created_at", "last_seen_at", "reached_at"}),
    ),
    Table(
        "identities",
        Whose.LEARNER,
        "The accounts a learner uses.",
        _ERASED,
        {
            "platform": "the chat platform",
            "person": "the platform's number for the account",
            "learner": _WHOSE,
        },
    ),
    Table(
        "link_codes",
        Whose.LEARNER,
        "A code that joins one more account.",
        "10 minutes",
        {"learner": _WHOSE, "code": "what is typed there", "expires_at": "until when"},
        instants=frozenset({"expires_at"}),
    ),
    Table(
        "profile_facts",
        Whose.LEARNER,
        "What the learner told the mentor about themselves.",
        _ERASED,
        {
            "id": "its number",
            "learner": _WHOSE,
            "kind": "what it is about, such as a goal",
            "words": "the fact",
            "source": "where it was said",
            "noted_on": "the learner's day on which it was said",
            "noted_at": "when it was noted",
        },
        instants=frozenset({"noted_at"}),
    ),
    Table(
        "expectations",
        Whose.LEARNER,
        "What the mentor asked last, so that the next words can be the answer.",
        "36 hours",
        {
            "address": "where it was asked",
            "learner": _WHOSE,
            "kind": "what was asked",
            "details": "what is needed to read the answer",
            "expires_at": "until when an answer counts",
        },
        instants=frozenset({"expires_at"}),
        json=frozenset({"details"}),
    ),
    Table(
        "enrolments",
        Whose.LEARNER,
        "One learner following one curriculum.",
        _ERASED,
        {
            "id": "its number",
            "learner": _WHOSE,
            "curriculum": "which curriculum",
            "version": "the version whose plan was seen last",
            "started_on": "the first day",
            "state": "whether it is followed or was left",
            "ended_on": "the day it was left",
        },
    ),
    Table(
        "paces",
        Whose.ENROLMENT,
        "Minutes a day, and since when.",
        _ERASED,
        {
            "enrolment": _ENROLMENT,
            "since": "the first day with these minutes",
            "minutes": "the minutes of Monday to Sunday",
        },
        json=frozenset({"minutes"}),
    ),
    Table(
        "pauses",
        Whose.ENROLMENT,
        "Days without work.",
        _ERASED,
        {
            "enrolment": _ENROLMENT,
            "since": "the first day of the pause",
            "until": "the first day of work after it",
        },
    ),
    Table(
        "completions",
        Whose.ENROLMENT,
        "Finished tasks.",
        _ERASED,
        {
            "enrolment": _ENROLMENT,
            "task": "which task",
            "day": "the learner's day on which it was finished",
            "title": "its title then",
            "wording": "a fingerprint of its words then",
            "evidence": "the line that shows it",
            "noted_at": "when it was marked",
        },
        instants=frozenset({"noted_at"}),
        json=frozenset({"title"}),
    ),
    Table(
        "postponements",
        Whose.ENROLMENT,
        "Tasks put off.",
        _ERASED,
        {
            "enrolment": _ENROLMENT,
            "task": "which task",
            "day": "the day on which it was put off",
            "until": "the day on which it is offered again",
        },
    ),
    Table(
        "skips",
        Whose.ENROLMENT,
        "Tasks left out.",
        _ERASED,
        {
            "enrolment": _ENROLMENT,
            "task": "which task",
            "day": "the day from which on",
            "origin": "what left it out and may take it in again",
        },
    ),
    Table(
        "returns",
        Whose.ENROLMENT,
        "Ways on that were chosen after days away.",
        _ERASED,
        {
            "enrolment": _ENROLMENT,
            "day": "the day of the choice",
            "way": "lighter, later or skip",
        },
    ),
    Table(
        "blockers",
        Whose.ENROLMENT,
        "What the learner was stuck on.",
        _ERASED,
        {
            "enrolment": _ENROLMENT,
            "task": "in which task",
            "day": "on which day",
            "note": "in their words",
            "noted_at": "when it was said",
        },
        instants=frozenset({"noted_at"}),
    ),
    Table(
        "picks",
        Whose.ENROLMENT,
        "Directions, tracks and projects that were chosen.",
        _ERASED,
        {
            "enrolment": _ENROLMENT,
            "choice": "which choice",
            "day": "the day from which on",
            "options": "what was taken",
        },
        json=frozenset({"options"}),
    ),
    Table(
        "criteria_met",
        Whose.ENROLMENT,
        "Criteria of stages and checklists that are met.",
        _ERASED,
        {
            "enrolment": _ENROLMENT,
            "criterion": "which criterion",
            "day": "the day on which it was met",
            "evidence": "the line that shows it",
            "noted_at": "when it was ticked",
        },
        instants=frozenset({"noted_at"}),
    ),
    Table(
        "weekly_checks",
        Whose.ENROLMENT,
        "Weekly checks.",
        _ERASED,
        {
            "enrolment": _ENROLMENT,
            "monday": "the week's first day",
            "answers": "what the learner answered",
            "noted_at": "when it was answered",
        },
        instants=frozenset({"noted_at"}),
        json=frozenset({"answers"}),
    ),
    Table(
        "passes",
        Whose.LEARNER,
        "Practice problems that were solved.",
        _ERASED,
        {
            "learner": _WHOSE,
            "problem": "which problem",
            "day": "on which day",
            "noted_at": "when it was logged",
        },
        instants=frozenset({"noted_at"}),
    ),
    Table(
        "clocks",
        Whose.LEARNER,
        "When the mentor speaks first next.",
        "until it has spoken",
        {
            "learner": _WHOSE,
            "kind": "what for",
            "next_due_at": "when",
        },
        instants=frozenset({"next_due_at"}),
    ),
    Table(
        "quizzes",
        Whose.LEARNER,
        "Series of questions.",
        _ERASED,
        {
            "id": "its number",
            "learner": _WHOSE,
            "address": "where it was asked",
            "kind": "quiz, review, placement or draft",
            "plan": "what is asked, or how it is chosen",
            "started_at": "when it began",
            "ended_at": "when it ended",
        },
        instants=frozenset({"started_at", "ended_at"}),
        json=frozenset({"plan"}),
    ),
    Table(
        "questions",
        Whose.LEARNER,
        "Questions and what was answered.",
        _ERASED,
        {
            "id": "its number",
            "quiz": "in which series",
            "place": "its place there",
            "learner": _WHOSE,
            "address": "where it was asked",
            "item": "which quiz item",
            "seed": "what makes a generated item again",
            "frozen": "order of options, key and wording as they were asked",
            "state": "open, answered or skipped",
            "asked_at": "when it was asked",
            "answered_at": "when it was answered",
            "day": "the learner's day of the answer",
            "given": "the answer",
            "verdict": "right, wrong or partly",
            "verdict_before": "the verdict before the item's answer was corrected",
            "rating": "how well it was recalled",
            "gap": "days since the item was last answered",
            "hints": "hints that were given before the answer",
        },
        instants=frozenset({"asked_at", "answered_at"}),
        json=frozenset({"frozen", "given"}),
    ),
    Table(
        "interviews",
        Whose.LEARNER,
        "Mock interviews and what was said in them.",
        _ERASED,
        {
            "id": "its number",
            "learner": _WHOSE,
            "address": "where it takes place",
            "wanted": "the kind that was asked for",
            "topic": "the concept that was asked for",
            "question": "its question",
            "state": "open, being ticked, over or left",
            "said": "what both sides said, in order",
            "met": "which criteria are met",
            "judged": "how much of what was said a model has read",
            "last_at": "when something was last said",
            "ended_at": "when it ended",
        },
        instants=frozenset({"last_at", "ended_at"}),
        json=frozenset({"said", "met"}),
    ),
    Table(
        "cards",
        Whose.LEARNER,
        "Review cards.",
        _ERASED,
        {
            "learner": _WHOSE,
            "item": "which quiz item",
            "stability": "days until it is half forgotten, roughly",
            "difficulty": "how hard it is for this learner, 1 to 10",
            "last_review": "the day it was last recalled",
            "due_on": "the day it comes back",
            "reviews": "how often it was recalled",
            "lapses": "how often it was forgotten",
        },
    ),
    Table(
        "mastery",
        Whose.LEARNER,
        "How well concepts are known, by the answers.",
        _ERASED,
        {
            "learner": _WHOSE,
            "concept": "which concept",
            "probability": "the chance that it is known",
            "answers": "answers about it",
            "right_answers": "right ones among them",
            "day": "the day of the last of them",
        },
    ),
    Table(
        "submissions",
        Whose.LEARNER,
        "Code the learner handed in for a review.",
        "the code as long as the setting says, the row until the learner is erased",
        {
            "id": "its number",
            "learner": _WHOSE,
            "address": "where it was handed in",
            "digest": "by which the same code is known again",
            "task": "the task it was for",
            "files": "the code and what the rules saw in it",
            "at": "when it was handed in",
        },
        instants=frozenset({"at"}),
    ),
    Table(
        "code_findings",
        Whose.LEARNER,
        "Which rules of code review the learner's code broke and met.",
        _ERASED,
        {
            "submission": "in which code",
            "learner": _WHOSE,
            "rule": "which rule",
            "is_fine": "whether it was met",
            "day": "the learner's day of the review",
        },
    ),
    Table(
        "review_days",
        Whose.LEARNER,
        "Minutes set aside for reviews.",
        _ERASED,
        {"learner": _WHOSE, "day": "on which day", "minutes": "how many"},
    ),
    Table(
        "reports",
        Whose.LEARNER,
        "Quiz items the learner called wrong.",
        _ERASED,
        {
            "item": "which item",
            "learner": _WHOSE,
            "question": "the question it was about",
            "note": "what is wrong, in their words",
            "reported_at": "when",
            "settled_at": "when an operator decided",
        },
        instants=frozenset({"reported_at", "settled_at"}),
    ),
    Table(
        "own_drafts",
        Whose.LEARNER,
        "Questions a model drafted for the learner.",
        _ERASED,
        {
            "id": "its number",
            "learner": _WHOSE,
            "item": "its name as a quiz item",
            "content": "the item",
            "made_at": "when it was drafted",
        },
        instants=frozenset({"made_at"}),
        json=frozenset({"content"}),
    ),
    Table(
        "messages",
        Whose.LEARNER,
        "The conversation.",
        "until the learner is erased, or MENTOR_TALK_DAYS",
        {
            "seq": "its number",
            "address": "where it was said",
            "learner": _WHOSE,
            "turn": "the turn it belongs to",
            "position": "its place in the turn",
            "role": "who said it",
            "content": "what was said",
            "at": "when",
        },
        instants=frozenset({"at"}),
        json=frozenset({"content"}),
    ),
    Table(
        "summaries",
        Whose.LEARNER,
        "What was said before the part of the conversation that a model is shown.",
        _ERASED,
        {
            "address": "of which conversation",
            "learner": _WHOSE,
            "words": "the summary",
            "is_foreign": "whether it sums up what others said, in a paste or a quote",
            "until_seq": "the last message in it",
            "made_at": "when it was made",
        },
        instants=frozenset({"made_at"}),
    ),
    Table(
        "windows",
        Whose.LEARNER,
        "Where the part of the conversation begins that a model is shown.",
        _ERASED,
        {
            "address": "of which conversation",
            "learner": _WHOSE,
            "first_seq": "its first message",
        },
    ),
    Table(
        "model_usage",
        Whose.SCOPE,
        "How much a model was used.",
        "hours for 2 days, days for 400 days",
        {
            "scope": "by whom: everybody, a learner or a group",
            "period": "the hour, day or month",
            "calls": "how often",
            "reserved": "tokens set aside for a turn that is under way",
            "tokens_in": "tokens read",
            "tokens_cached": "tokens read that the provider still had",
            "tokens_out": "tokens written",
        },
    ),
    Table(
        "inbox",
        Whose.LANE,
        "What platforms gave us: each update's key, and its content until it is dealt with.",
        "7 days; the content until it is answered",
        {
            "seq": "its number",
            "platform": "the chat platform",
            "event": "the platform's number for the update",
            "lane": "the conversation whose order it keeps",
            "raw": "its content while it waits",
            "state": "open, done or parked",
            "tries": "attempts after a crash",
            "note": "why it was parked",
            "received_at": "when it came",
            "closed_at": "when it was dealt with",
        },
        instants=frozenset({"received_at", "closed_at"}),
        json=frozenset({"raw"}),
        called="arrivals",
        erase=Erase.EMPTY,
    ),
    Table(
        "outbox",
        Whose.DELIVERY,
        "What the mentor sent, with the platform's receipts.",
        "30 days",
        {
            "seq": "its number",
            "key": "what keeps it from being sent twice",
            "platform": "the chat platform",
            "address": "where to",
            "learner": _WHOSE,
            "kind": "an answer, or which push",
            "state": "open, sent, failed or skipped",
            "tries": "attempts",
            "not_before": "not to be sent earlier",
            "expires_at": "not to be sent later",
            "created_at": "when it was written",
            "closed_at": "when it was sent",
            "receipt": "what the platform answered",
            "error": "why it failed",
            "poll": "the platform's number of a quiz poll",
        },
        instants=frozenset({"not_before", "expires_at", "created_at", "closed_at"}),
        called="deliveries",
    ),
    Table(
        "outbox_bodies",
        Whose.BODY,
        "The words and buttons of what is to be sent, and of what has buttons once it is sent.",
        "until an answer without buttons is sent; 30 days",
        {"seq": "which delivery", "body": "the message"},
        json=frozenset({"body"}),
        called="bodies",
    ),
    Table(
        "help_requests",
        Whose.LEARNER,
        "What a learner asked the operators, who are people.",
        "90 days after it was answered",
        {
            "id": "its number",
            "learner": _WHOSE,
            "words": "what was asked",
            "asked_at": "when it was asked",
            "answered_at": "when an operator answered",
        },
        instants=frozenset({"asked_at", "answered_at"}),
    ),
    Table(
        "invitations",
        Whose.NOBODY,
        "Codes that let people in.",
        "until they are used up or expired",
        {
            "code": "what is typed",
            "uses_left": "how many more people it lets in",
            "expires_at": "until when",
        },
        instants=frozenset({"expires_at"}),
        erase=Erase.NOTHING,
    ),
    Table(
        "gaps",
        Whose.LEARNER,
        "What the learner asked for that the catalogue does not have.",
        "90 days",
        {
            "learner": _WHOSE,
            "words": "what was asked for",
            "day": "the day it was asked last",
        },
    ),
    Table(
        "dead_links",
        Whose.NOBODY,
        "Links of the catalogue that led nowhere when they were last looked at.",
        "until they are looked at again",
        {
            "url": "which link",
            "found": "what was found there",
            "seen_at": "when it was looked at",
        },
        instants=frozenset({"seen_at"}),
        erase=Erase.NOTHING,
    ),
    Table(
        "announcements",
        Whose.NOBODY,
        "What operators told all learners.",
        "for good",
        {
            "id": "its number",
            "zh": "in Chinese",
            "en": "in English",
            "made_at": "when it was made",
        },
        instants=frozenset({"made_at"}),
        erase=Erase.NOTHING,
    ),
    Table(
        "known_answers",
        Whose.NOBODY,
        "The key of every quiz item, to see when an author corrects one.",
        "as long as the item is there",
        {"item": "which item", "wording": "a fingerprint of its words", "answer": "its key"},
        erase=Erase.NOTHING,
    ),
    Table(
        "suspensions",
        Whose.NOBODY,
        "Quiz items that are not asked.",
        "until an operator decides",
        {"item": "which item", "reason": "reported or retired", "suspended_at": "since when"},
        instants=frozenset({"suspended_at"}),
        erase=Erase.NOTHING,
    ),
    Table(
        "pulse",
        Whose.NOBODY,
        "One row that is written to know whether the disk takes it.",
        "always one row",
        {"id": "1", "at": "when it was last written"},
        instants=frozenset({"at"}),
        erase=Erase.NOTHING,
    ),
    Table(
        "cohorts",
        Whose.NOBODY,
        "Study groups, with the times at which they are spoken to.",
        "until the group is ended",
        {
            "id": "its number",
            "address": "where it is",
            "curriculum": "what it studies",
            "started_on": "since when",
            "language": "the language it is spoken to in",
            "zone": "its time zone",
            "question_at": "when the daily question comes",
            "reveal_at": "when its answer comes",
            "evening_at": "when the roll-call comes",
            "digest_on": "the weekday of the digest",
            "digest_at": "when the digest comes",
            "quiet_days": "weekdays without posts",
            "posts_a_day": "how many posts a day may come unasked",
            "posts_on": "the day of the latest of them",
            "posts": "how many came on that day",
            "state": "whether it can be reached",
            "created_at": "when it was begun",
        },
        instants=frozenset({"created_at"}),
        erase=Erase.NOTHING,
    ),
    Table(
        "cohort_clocks",
        Whose.NOBODY,
        "When a group is spoken to next.",
        "until that has happened",
        {"cohort": "which group", "kind": "what for", "next_due_at": "when"},
        instants=frozenset({"next_due_at"}),
        erase=Erase.NOTHING,
    ),
    Table(
        "rounds",
        Whose.NOBODY,
        "What a group does together: questions, battles, roll-calls, explaining, focus.",
        "180 days",
        {
            "id": "its number",
            "cohort": "which group",
            "kind": "which of these",
            "day": "on which day",
            "plan": "its items, minutes or concept",
            "state": "whether it goes on",
            "opened_at": "when it began",
            "closed_at": "when it ended",
        },
        instants=frozenset({"opened_at", "closed_at"}),
        json=frozenset({"plan"}),
        erase=Erase.NOTHING,
    ),
    Table(
        "round_questions",
        Whose.NOBODY,
        "Questions put to a group.",
        "180 days",
        {
            "id": "its number",
            "round": "in which round",
            "place": "its place there",
            "item": "which quiz item",
            "frozen": "the item as it was put",
            "state": "whether it is open",
            "asked_at": "when it was put",
        },
        instants=frozenset({"asked_at"}),
        json=frozenset({"frozen"}),
        erase=Erase.NOTHING,
    ),
    Table(
        "members",
        Whose.LEARNER,
        "Who belongs to a study group.",
        "until they leave it",
        {
            "cohort": "which group",
            "learner": _WHOSE,
            "name": "what they are called there",
            "nickname": "their name on its effort board, if they want to be on it",
            "pod": "their pod",
            "pair": "whom they exchange something with each week",
            "pairless_until": "until when they rest from that",
            "joined_at": "since when",
        },
        instants=frozenset({"joined_at"}),
    ),
    Table(
        "round_answers",
        Whose.LEARNER,
        "Answers to a group's questions.",
        "180 days, or until they leave the group",
        {
            "question": "which question",
            "learner": _WHOSE,
            "option": "the chosen option",
            "is_right": "whether it was right",
            "answered_at": "when",
            "told_at": "when a miss went to their own cards",
        },
        instants=frozenset({"answered_at", "told_at"}),
    ),
    Table(
        "contributions",
        Whose.LEARNER,
        "What a member gave to a round of their group.",
        "180 days, or until they leave the group",
        {
            "round": "which round",
            "learner": _WHOSE,
            "choice": "the button",
            "words": "the line, or the explanation",
            "offered": "what may be told of their trouble",
            "points": "the criteria that an explanation meets",
            "may_keep": "whether it may become a note of the group",
            "at": "when",
        },
        instants=frozenset({"at"}),
    ),
    Table(
        "group_notes",
        Whose.LEARNER,
        "Explanations that their authors left to a group.",
        "until they leave the group",
        {
            "id": "its number",
            "cohort": "which group",
            "learner": _WHOSE,
            "concept": "which concept",
            "words": "the explanation",
            "kept_at": "since when",
        },
        instants=frozenset({"kept_at"}),
    ),
    Table(
        "forgotten",
        Whose.NOBODY,
        "Marks of those who asked to be forgotten, so that a backup brings nobody back.",
        "always; a mark says nothing of anybody",
        {"mark": "a fingerprint of their number and first day here"},
        erase=Erase.NOTHING,
    ),
    Table(
        "leases",
        Whose.NOBODY,
        "Which process does what only one may do, where several share a server.",
        "until the process ends",
        {"name": "what is done", "holder": "by which process", "until": "until when"},
        erase=Erase.NOTHING,
    ),
    Table(
        "send_budgets",
        Whose.NOBODY,
        "How soon may be sent again, where several processes send for one bot.",
        "an hour",
        {"scope": "a platform or an address there", "free_from": "from when on"},
        erase=Erase.NOTHING,
    ),
    Table(
        "_sqlite_migrations",
        Whose.NOBODY,
        "The migrations this database has had.",
        "always",
        {
            "id": "its number",
            "migration_set": "whose migrations",
            "name": "which migration",
            "applied_at": "when",
        },
        erase=Erase.NOTHING,
    ),
)


def count_kept(learner: int) -> Script[Mapping[str, int]]:
    """How many rows are the learner's, by the names of an export; empty tables are left out."""
    counts: dict[str, int] = {}
    for table in TABLES:
        if table.is_exported:
            found = yield from row(
                f"select count(*) as count from {table.name} where {table.whose}", learner=learner
            )
            if found is not None and found["count"]:
                counts[table.export_name] = int(found["count"])
    return counts


def everything_of(learner: int) -> Script[Mapping[str, Sequence[Row]] | None]:
    """Every row that is the learner's as it is stored, by table; None when they are not known.

    Reads it all at one instant: 50,000 rows keep the others waiting for about half a second.
    """
    kept: dict[str, Sequence[Row]] = {}
    for table in TABLES:
        if table.is_exported:
            columns = ", ".join(table.columns)
            kept[table.name] = yield from rows(
                f"select {columns} from {table.name} where {table.whose} order by 1, 2",
                learner=learner,
            )
    return kept if kept["learners"] else None


def erase(learner: int) -> Script[int]:
    """Delete every row that is the learner's, and give how many those are.

    For good, and for backups put back later, it is `store.forgotten.forget`.
    """
    erased = yield from _erase_from_operators(learner)
    # Of what was put aside in groups nobody can tell any more whose it is.
    erased += yield from change(
        "update inbox set raw = null, note = null where state = 'parked' and raw is not null "
        "and lane not like '%/%' and lane not in (select platform || ':' || person from identities)"
    )
    for table in reversed(TABLES):
        if table.erase is Erase.DELETE:
            erased += yield from change(
                f"delete from {table.name} where {table.whose}", learner=learner
            )
        elif table.erase is Erase.EMPTY:
            # What came after the learner's yes still waits to be read.
            erased += yield from change(
                f"update {table.name} set lane = '', note = null, "
                f"raw = case when state = 'open' then raw end where {table.whose}",
                learner=learner,
            )
    return erased


def _erase_from_operators(learner: int) -> Script[int]:
    """Delete what operators were shown of the notes on this learner's reports.

    A delivery of a report has the learner's turn in its key; the list of reports was asked for
    by its command.
    """
    erased = yield from change(
        "delete from outbox where kind = 'report' and learner <> :learner and exists "
        "(select 1 from messages m where m.learner = :learner "
        "and outbox.key between m.turn || ':report:' and m.turn || ':report;')",
        learner=learner,
    )
    found = yield from row(
        "select min(reported_at) as since from reports "
        "where learner = :learner and note is not null",
        learner=learner,
    )
    since = found["since"] if found else None
    if since is None:
        return erased
    turns = yield from rows(
        "select turn from messages where role = 'human' and learner <> :learner and at >= :since "
        'and content like \'{"text": "/reports%\'',
        learner=learner,
        since=since,
    )
    for one in turns:
        erased += yield from change(
            "delete from outbox where key between :turn || ':' and :turn || ';'", turn=one["turn"]
        )
        erased += yield from change("delete from messages where turn = :turn", turn=one["turn"])
    return erased
