"""The table of tools: what a command, a button, a sentence or the model may ask for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from learning.errors import MentorError
from store.script import Script
from tools.accounts import ChooseHome, LinkAccounts, choose_home, link_accounts
from tools.allowance import ShowUsage, show_usage
from tools.answers import (
    AnswerQuestion,
    RateAnswer,
    ShowWhy,
    SkipQuestion,
    answer_question,
    rate_answer,
    show_why,
    skip_question,
)
from tools.calendars import ExportCalendar, export_calendar
from tools.checks import AssessStage, CheckWeek, assess_stage, weekly_check
from tools.choices import ChooseOption, choose_option
from tools.code_review import (
    HandInFor,
    ReviewCode,
    ShowFindings,
    hand_in,
    review_code,
    show_findings,
)
from tools.concepts import ExplainConcept, explain_concept
from tools.context import Context
from tools.curricula import (
    LeaveCurriculum,
    LeaveOutKnown,
    ListCurricula,
    StartCurriculum,
    leave_curriculum,
    leave_out_known,
    list_curricula,
    start_curriculum,
)
from tools.days_off import TakeDayOff, take_day_off
from tools.drafts import DraftQuestion, draft_question
from tools.evening import CloseDay, close_day
from tools.export import ExportData, export_data
from tools.faq import AnswerFaq, answer_faq
from tools.forgetting import ForgetMe, forget_me
from tools.good_news import HearGoodNews, hear_good_news
from tools.guide import ShowHelp, show_help
from tools.hints import GiveHint, give_hint
from tools.human_help import AnswerHelp, AskHuman, answer_help, ask_human
from tools.interviews import (
    JudgeInterview,
    LeadInterview,
    StartInterview,
    TellInterview,
    judge_interview,
    lead_interview,
    start_interview,
    tell_interview,
)
from tools.looking_after import ReachOut, ShowSilent, reach_out, show_silent
from tools.marking import MarkTask, mark_task
from tools.operations import ShowOperations, show_operations
from tools.placement import TakePlacement, take_placement
from tools.plan import Arguments, ShowPlan, show_plan
from tools.practice import LogPractice, log_practice
from tools.profile import (
    EditFact,
    ForgetFact,
    RememberFact,
    ShowProfile,
    edit_fact,
    forget_fact,
    remember_fact,
    show_profile,
)
from tools.progress import ShowProgress, show_progress
from tools.quiz import (
    StartQuiz,
    StartReview,
    start_quiz,
    start_review,
)
from tools.recommendation import RecommendCurriculum, recommend_curriculum
from tools.reports import ReportItem, ShowReports, report_item, show_reports
from tools.resources import FindResources, find_resources
from tools.series import EndSeries, NextQuestion, end_series, next_question
from tools.settings import ChangeSettings, change_settings
from tools.week_review import ReviewWeek, review_week


class Changes(StrEnum):
    """What is changed: marks of work, or how and what the learner studies."""

    MARKS = "marks"
    STUDY = "study"


@dataclass(frozen=True, slots=True)
class Tool:
    """`purpose` is what the model reads; the arguments never name a learner.

    A tool that is not `for_model` belongs to the learner's own hand, such as answering a question;
    so does every argument named in `by_hand`, such as a yes. `changes` says what a call with
    arguments may change. What a tool `is_for_all` gives is nobody's own, and may stand in a group.
    """

    name: str
    purpose: str
    arguments: type[Arguments]
    script: Callable[[Context, Any], Script[object]]
    for_model: bool = True
    changes: "Changes | None" = None
    by_hand: frozenset[str] = frozenset()
    is_for_all: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One wish: a tool by name, with arguments still to be checked."""

    tool: str
    args: Mapping[str, object] = field(default_factory=dict)


class WrongCallError(MentorError):
    """A call names no tool, or its arguments do not fit."""

    key = "error.wrong_call"


_ALL = (
    Tool(
        "show_plan",
        "Show the learner's plan: today, tomorrow, this week, next week, or the whole path.",
        ShowPlan,
        show_plan,
    ),
    Tool(
        "mark_task",
        "Record that tasks are done, put off, blocked, or that a mark of today is taken back. "
        "Only when the learner says so themselves.",
        MarkTask,
        mark_task,
        changes=Changes.MARKS,
    ),
    Tool(
        "show_progress",
        "Show progress, whether the learner is ahead or behind, and when they will finish.",
        ShowProgress,
        show_progress,
    ),
    Tool(
        "find_resources",
        "Find books, papers, courses, code and tools by topic in the curated catalogue.",
        FindResources,
        find_resources,
        is_for_all=True,
    ),
    Tool(
        "explain_concept",
        "Give the catalogue's explanation of a concept with its common misconception, the "
        "difference between two, or what to know before one.",
        ExplainConcept,
        explain_concept,
        is_for_all=True,
    ),
    Tool(
        "change_settings",
        "Show or change language, time zone, push times, quiet hours and days, study minutes; "
        "pause, resume, snooze; choose the way back after days away. Without arguments it shows "
        "them.",
        ChangeSettings,
        change_settings,
        changes=Changes.STUDY,
    ),
    Tool(
        "take_day_off",
        "Free one day to come, or a few, of tasks; the learner is asked for a yes first.",
        TakeDayOff,
        take_day_off,
        changes=Changes.STUDY,
        by_hand=frozenset({"confirmed"}),
    ),
    Tool(
        "hear_good_news",
        "When what blocked the learner works now: they are asked whether the task is done.",
        HearGoodNews,
        hear_good_news,
    ),
    Tool(
        "answer_faq",
        "Answer a question people often ask about learning this field: hardware, background, "
        "time, keeping up, common mistakes, jobs.",
        AnswerFaq,
        answer_faq,
        is_for_all=True,
    ),
    Tool(
        "log_practice",
        "Log solved LeetCode problems by number, title or count; without any, show the lists.",
        LogPractice,
        log_practice,
        changes=Changes.MARKS,
    ),
    Tool(
        "weekly_check",
        "Take the weekly check, on which the learner judges their own week, and look back on it.",
        CheckWeek,
        weekly_check,
        changes=Changes.STUDY,
    ),
    Tool(
        "review_week",
        "Review the last seven days: work done, reviews, finish date, and one proposal.",
        ReviewWeek,
        review_week,
    ),
    Tool(
        "assess_stage",
        "Show the criteria of a stage or a checklist, or tick one of them with evidence.",
        AssessStage,
        assess_stage,
        changes=Changes.STUDY,
    ),
    Tool(
        "choose_option",
        "Show or take a branch, a track or a project where the curriculum leaves a choice.",
        ChooseOption,
        choose_option,
        changes=Changes.STUDY,
    ),
    Tool("list_curricula", "List the curricula.", ListCurricula, list_curricula, is_for_all=True),
    Tool(
        "recommend_curriculum",
        "Recommend a curriculum from what the learner can do, wants and has time for; asks for "
        "what is missing.",
        RecommendCurriculum,
        recommend_curriculum,
    ),
    Tool(
        "start_curriculum",
        "Start a curriculum; asks for what is missing, one question at a time.",
        StartCurriculum,
        start_curriculum,
        changes=Changes.STUDY,
        by_hand=frozenset({"replace"}),
    ),
    Tool(
        "leave_curriculum",
        "Stop following a curriculum; asks for a yes first.",
        LeaveCurriculum,
        leave_curriculum,
        changes=Changes.STUDY,
        by_hand=frozenset({"confirmed"}),
    ),
    Tool(
        "leave_out_known",
        "Leave out reading of the curriculum started last whose concepts are known already.",
        LeaveOutKnown,
        leave_out_known,
        changes=Changes.STUDY,
    ),
    Tool(
        "start_quiz",
        "Ask quiz questions, chosen for this learner or about a topic. "
        "The learner answers them; never answer them yourself.",
        StartQuiz,
        start_quiz,
        changes=Changes.STUDY,
    ),
    Tool(
        "start_interview",
        "Hold a mock interview: one question, follow-up questions and findings. The program "
        "leads it and the learner answers; never ask or answer its questions yourself.",
        StartInterview,
        start_interview,
        changes=Changes.STUDY,
    ),
    Tool(
        "start_review",
        "Ask the review cards that are due today.",
        StartReview,
        start_review,
        changes=Changes.STUDY,
    ),
    Tool(
        "review_code",
        "Give the code review of the learner's latest code: what rules found in it, by lines. "
        "Code in their message was reviewed before you read it.",
        ReviewCode,
        review_code,
    ),
    Tool("link_accounts", "Join another account.", LinkAccounts, link_accounts, for_model=False),
    Tool("choose_home", "Say where plans go.", ChooseHome, choose_home, for_model=False),
    Tool("show_findings", "Show more findings.", ShowFindings, show_findings, for_model=False),
    Tool("hand_in_code", "Say which task code is for.", HandInFor, hand_in, for_model=False),
    Tool(
        "take_placement",
        "Find out by a few questions with which stage the learner can begin.",
        TakePlacement,
        take_placement,
        changes=Changes.STUDY,
    ),
    Tool(
        "export_data",
        "Give the learner everything that is kept about them as a file, or only their review "
        "cards as an Anki deck or as CSV.",
        ExportData,
        export_data,
    ),
    Tool(
        "export_calendar",
        "Give the learner's plan ahead as a file for their calendar.",
        ExportCalendar,
        export_calendar,
    ),
    Tool(
        "forget_me",
        "Begin to erase all that is kept about the learner, when they ask for it themselves: "
        "they are shown what that means, with a button to say yes.",
        ForgetMe,
        forget_me,
        by_hand=frozenset({"confirmed", "asked_at"}),
    ),
    Tool(
        "tell_interview",
        "Say something in the interview.",
        TellInterview,
        tell_interview,
        for_model=False,
    ),
    Tool("lead_interview", "Steer the interview.", LeadInterview, lead_interview, for_model=False),
    Tool(
        "judge_interview",
        "Tick what was said.",
        JudgeInterview,
        judge_interview,
        for_model=False,
    ),
    Tool("next_question", "Put the next question.", NextQuestion, next_question, for_model=False),
    Tool(
        "answer_question",
        "Answer a question.",
        AnswerQuestion,
        answer_question,
        for_model=False,
    ),
    Tool("close_day", "End a day without marks.", CloseDay, close_day, for_model=False),
    Tool("end_series", "Leave a series.", EndSeries, end_series, for_model=False),
    Tool("give_hint", "Give a hint to a question.", GiveHint, give_hint, for_model=False),
    Tool("skip_question", "Leave a question out.", SkipQuestion, skip_question, for_model=False),
    Tool("rate_answer", "Say how well it was known.", RateAnswer, rate_answer, for_model=False),
    Tool("show_why", "Show what stands behind an item.", ShowWhy, show_why, for_model=False),
    Tool("report_item", "Call an item wrong.", ReportItem, report_item, for_model=False),
    Tool(
        "draft_question",
        "Have a question drafted.",
        DraftQuestion,
        draft_question,
        for_model=False,
    ),
    Tool(
        "show_operations",
        "Show how the installation is doing.",
        ShowOperations,
        show_operations,
        for_model=False,
    ),
    Tool(
        "ask_human",
        "When the learner wants to talk to a person instead of a program: they are shown what "
        "would be sent to whoever runs the mentor, with a button to send it.",
        AskHuman,
        ask_human,
        by_hand=frozenset({"confirmed"}),
    ),
    Tool("show_silent", "Show who is silent.", ShowSilent, show_silent, for_model=False),
    Tool("reach_out", "Ask after a learner.", ReachOut, reach_out, for_model=False),
    Tool("answer_help", "Answer a request.", AnswerHelp, answer_help, for_model=False),
    Tool("show_reports", "Show reported items.", ShowReports, show_reports, for_model=False),
    Tool(
        "show_usage",
        "Show how much of the model the learner has used, in tokens.",
        ShowUsage,
        show_usage,
    ),
    Tool(
        "remember_fact",
        "Note a fact about the learner that helps to teach them and will still matter in a month: "
        "what to call them, goal, background, hardware, time, how they like things explained. "
        "Only what they say of themselves; never health, belief, politics, money, secrets or "
        "other people.",
        RememberFact,
        remember_fact,
        changes=Changes.STUDY,
        by_hand=frozenset({"said"}),
    ),
    Tool(
        "show_profile",
        "Show what is remembered of the learner, with buttons to change and delete it; "
        "with `about`, ask whether that one is to be deleted.",
        ShowProfile,
        show_profile,
    ),
    Tool("edit_fact", "Reword a fact.", EditFact, edit_fact, for_model=False),
    Tool("forget_fact", "Delete facts.", ForgetFact, forget_fact, for_model=False),
    Tool("show_help", "Say what the mentor can do.", ShowHelp, show_help),
)
TOOLS: Mapping[str, Tool] = {tool.name: tool for tool in _ALL}


def perform(context: Context, call: Call) -> Script[object]:
    """Run one call for the learner of `context`.

    Raises:
        WrongCallError: when there is no such tool, or the arguments do not fit.
        Refused: when it cannot be done as asked.
    """
    tool = TOOLS.get(call.tool)
    if tool is None:
        raise WrongCallError(f"tools: expected one of {', '.join(TOOLS)}, found {call.tool!r}")
    try:
        arguments = tool.arguments.model_validate(dict(call.args))
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise WrongCallError(f"{call.tool}.{place}: {first['msg']}") from invalid
    return (yield from tool.script(context, arguments))


def perform_all(context: Context, calls: Sequence[Call]) -> Script[list[object]]:
    """Run calls one after another as one transaction, and give their results."""
    results: list[object] = []
    for call in calls:
        result = yield from perform(context, call)
        results.append(result)
    return results
