"""What learners say beside the commands: good news, levels, facts to forget, thin evidence."""

import pytest

from bot.everything import ONLY_IN_JSON, files_of, shown_columns
from bot.texts import texts_in
from learning.values import Language
from store.personal import TABLES, everything_of
from store.script import rows
from tests.journeys.people import Person, at, pushed_text, text_of

MONDAY = at("2026-11-23 09:00")


async def enrolled(language: Language = "zh") -> Person:
    person = Person(language=language)
    await person.enrol()
    person.now = MONDAY
    return person


async def done(person: Person) -> list[str]:
    found = await person.ask_store(rows, "select task from completions order by task")
    return [one["task"] for one in found]


# The first day ----------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["99", "每周 99 小时", "200 小时", "0"])
async def test_hours_that_nobody_has_are_asked_back_with_what_is_possible(said: str) -> None:
    person = Person()
    await person.say("/start", "对", "30 天启动计划")

    asked = await person.say(said)

    assert "15 分钟" in text_of(asked)
    assert "10 小时" in [button.label for button in asked.messages[0].flat_buttons]


@pytest.mark.parametrize(
    "aside", ["什么是 LoRA", "谢谢", "/help", "有没有 RAG 的资料", "今天学什么", "我叫小林"]
)
async def test_a_step_is_still_answered_after_an_aside(aside: str) -> None:
    person = Person()
    await person.say("/start", "对", "30 天启动计划", aside)

    asked = await person.say("10")

    assert asked.calls[0].args["hours_a_week"] == 10.0


async def test_a_step_is_still_answered_after_words_of_crisis() -> None:
    person = Person()
    await person.say("/start", "对", "30 天启动计划", "我不想活了", "谢谢")

    asked = await person.say("每周 10 小时")

    assert asked.calls[0].args["curriculum"] == "starter-30"


async def test_a_bare_yes_after_words_of_crisis_begins_nothing() -> None:
    person = Person(language="en")
    await person.say("/start", "i want to kill myself")

    heard = await person.say("yes")

    assert heard.calls == ()
    assert "I am here" in text_of(heard)


async def test_start_goes_on_with_the_step_that_is_open() -> None:
    person = Person()
    await person.say("/start", "对", "30 天启动计划", "/help")

    asked = await person.say("/start")

    assert asked.calls[0].args["curriculum"] == "starter-30"


# Good news --------------------------------------------------------------------------------------


@pytest.mark.parametrize("news", ["跑起来了", "不报错了", "finally got it working, wrong version"])
async def test_good_news_is_about_the_task_that_was_stuck(news: str) -> None:
    person = await enrolled()
    await person.say("第二个卡住了", "驱动装不上", "什么是 CUDA")

    heard = await person.say(news)

    assert heard.messages[0].flat_buttons[0].command == "/done environment-map"
    assert await done(person) == []


async def test_good_news_right_after_the_trouble_is_no_more_trouble() -> None:
    person = await enrolled("en")
    await person.say("the first one is stuck")

    heard = await person.say("got it working")

    assert heard.messages[0].flat_buttons[0].command == "/done first-run"


async def test_good_news_out_of_the_blue_ticks_nothing() -> None:
    person = await enrolled("en")

    await person.say("it works now")

    assert await done(person) == []


@pytest.mark.parametrize(
    "said",
    ["val accuracy stuck at 52%", "loss 卡在 2.3 不动", "my loss is nan", "验证集准确率一直上不去"],
)
async def test_a_curve_that_is_stuck_is_explained_and_marks_no_task(said: str) -> None:
    person = await enrolled()

    heard = await person.say(said)

    assert [call.tool for call in heard.calls] == ["explain_concept"]
    assert "没有「" not in text_of(heard)


# The weekly check -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("我觉得能跑了", 3),
        ("I think it runs", 3),
        ("还没开始呢", 1),
        ("just started", 2),
        ("做完了", 4),
    ],
)
async def test_a_level_is_read_in_words_while_the_check_is_open(said: str, level: int) -> None:
    person = await enrolled()
    await person.say("/check", "7")

    asked = await person.say(said)

    assert asked.calls[0].args["answers"] == {"theory": 7, "project": level}


async def test_another_question_in_the_check_is_answered_and_is_no_level() -> None:
    person = await enrolled()
    await person.say("/check", "7")

    heard = await person.say("什么是 LoRA")

    assert heard.calls[0].tool == "explain_concept"


# Facts ------------------------------------------------------------------------------------------


async def test_one_fact_is_deleted_by_its_button_only() -> None:
    person = await enrolled()
    await person.say("我的显卡是 4090，24G 显存", "我的目标是年底转岗")

    asked = await person.say("把显卡那条删了")

    assert "4090，24G 显存" in text_of(asked)
    assert len(await person.ask_store(rows, "select id from profile_facts")) == 2
    await person.tap("删")
    assert len(await person.ask_store(rows, "select id from profile_facts")) == 1


async def test_a_greeting_uses_the_name_that_was_given() -> None:
    person = await enrolled()
    await person.say("叫我小林")

    assert text_of(await person.say("你好")).startswith("小林，你好")


# Evidence ---------------------------------------------------------------------------------------


async def test_ok_is_no_evidence_and_a_little_more_is_asked_for_once() -> None:
    person = await enrolled()
    await person.say("第一个做完了")

    assert "一个数字" in text_of(await person.say("好的"))
    kept = text_of(await person.say("打印出来是 (2, 10, 64)"))
    assert "证据收好了" in kept


async def test_evidence_of_a_command_must_show_something() -> None:
    person = await enrolled()

    await person.say("/done 1 ok")

    found = await person.ask_store(rows, "select evidence from completions")
    assert found[0]["evidence"] is None


async def test_the_next_day_no_words_are_taken_for_evidence() -> None:
    person = await enrolled()
    person.now = at("2026-11-23 23:30")
    await person.say("第一个做完了")
    person.now = at("2026-11-24 00:30")

    await person.say("打印出来是 (2, 10, 64)")

    found = await person.ask_store(rows, "select evidence from completions")
    assert found[0]["evidence"] is None


# Pushes, reports and the export -----------------------------------------------------------------


async def test_a_plan_made_up_for_in_the_evening_says_no_good_morning() -> None:
    person = await enrolled()
    await person.pushed(at("2026-11-23 20:00"))
    # Nobody is there from Monday evening to Tuesday evening.
    person.now = at("2026-11-24 19:00")

    (plan,) = await person.pushed(at("2026-11-24 19:30"))

    assert "早上好" not in pushed_text(plan)
    assert "晚上好" in pushed_text(plan)


async def test_the_first_days_report_looks_back_on_no_week() -> None:
    person = await enrolled()

    told = text_of(await person.say("/weekly"))

    assert "第一天" in told
    assert "一周前" not in told


async def test_the_first_weeks_report_compares_with_the_start() -> None:
    person = await enrolled("en")
    person.now = at("2026-11-25 09:00")

    told = text_of(await person.say("/weekly"))

    assert "a week ago" not in told
    assert "23 Nov" in told


async def test_the_page_for_people_has_names_and_the_learners_own_time() -> None:
    person = await enrolled()
    await person.say("叫我小林", "第一个做完了")
    kept = await person.ask_store(everything_of, 1)
    assert kept is not None

    page = dict(files_of(kept, int(person.now.timestamp())))["mentor.md"]

    assert "| 类型 | 内容 | 你的原话 |" in page
    assert "2026-11-23 09:00" in page
    assert "noted_at" not in page
    assert "+00:00" not in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_column_of_the_page_has_a_name(language: Language) -> None:
    texts = texts_in(language)
    shown = {name for table in TABLES if table.is_exported for name in shown_columns(table)}

    named = {name for name in shown if texts.has(f"column.{name}")}
    needed = {
        name
        for table in TABLES
        if table.is_exported and table.name not in ONLY_IN_JSON
        for name in shown_columns(table)
    }
    assert needed <= named
