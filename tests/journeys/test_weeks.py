"""Weeks and evenings as a learner meets them: the review, the check-in and the replies to it."""

import re
from datetime import timedelta

import pytest

from bot.message import Message
from store.conversation import window
from store.script import row, rows
from tests.journeys.people import Person, at, pushed_text, text_of

MONDAY_EVENING = "2026-11-23 20:35"


async def at_check_in(*before: str) -> Person:
    """Somebody whose evening has asked how it went, after they said these lines at noon."""
    person = Person()
    await person.enrol()
    await person.pushed(at("2026-11-23 12:00"))
    if before:
        await person.say(*before)
    pushes = await person.pushed(at(MONDAY_EVENING))
    assert pushes[-1].kind in {"checkin", "rescue"}
    return person


async def marks(person: Person) -> list[str]:
    found = await person.ask_store(rows, "select task from completions order by task")
    return [one["task"] for one in found]


@pytest.mark.parametrize(
    "said", ["总结一下这周", "周报", "how did my week go", "/weekly", "weekly report", "本周回顾"]
)
async def test_the_week_is_reviewed_in_words(said: str) -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    await person.say("/done first-run ok")

    answer = await person.say(said)

    assert [call.tool for call in answer.calls] == ["review_week"]
    assert "这一周" in text_of(answer)
    assert "一个建议" in text_of(answer)


async def test_the_last_study_evening_of_the_week_brings_the_review_and_one_question() -> None:
    person = Person()
    await person.enrol()
    person.now = at("2026-11-29 10:00")
    await person.say("/done first-run")

    pushes = await person.pushed(at("2026-11-29 23:00"))

    evening = [one for one in pushes if one.kind != "plan"]
    assert [one.kind for one in evening] == ["weekly"]
    assert "这一周" in pushed_text(evening[0])
    assert "今天怎么样" in pushed_text(evening[0])
    assert len(pushed_text(evening[0])) <= 900


async def test_whoever_studies_on_weekdays_only_is_reviewed_on_friday() -> None:
    person = Person()
    await person.enrol()
    person.now = at("2026-11-23 10:00")
    await person.say("/minutes 60,60,60,60,60,0,0")
    person.now = at("2026-11-27 10:00")
    await person.say("/done first-run ok")

    pushes = await person.pushed(at("2026-11-29 23:00"))

    assert [one.kind for one in pushes if one.kind not in {"plan", "snooze"}] == ["weekly"]
    assert pushes[-1].kind == "weekly"


async def test_a_week_without_work_gets_no_review_and_no_count() -> None:
    person = Person()
    await person.enrol()
    person.now = at("2026-11-29 07:00")
    await person.say("/today")

    pushes = await person.pushed(at("2026-11-29 23:00"))

    assert "weekly" not in [one.kind for one in pushes]
    assert not any(re.search(r"\d ?天没", pushed_text(one)) for one in pushes)


async def test_no_review_comes_on_a_break() -> None:
    person = Person()
    await person.enrol()
    person.now = at("2026-11-29 10:00")
    await person.say("/done first-run ok", "/pause 7")

    assert await person.pushed(at("2026-11-29 23:00")) == []


async def test_a_proposal_of_fewer_hours_changes_nothing_before_a_tap() -> None:
    person = Person()
    await person.enrol()
    person.now = at("2026-11-29 10:00")
    await person.say("/done first-run ok")
    before = await person.ask_store(rows, "select * from paces")

    shown = await person.say("周报")
    unchanged = await person.ask_store(rows, "select * from paces")
    await person.tap("改成每周")

    assert "会怎样" in text_of(shown)
    assert unchanged == before
    assert len(await person.ask_store(rows, "select * from paces")) == len(before) + 1


async def test_several_marks_in_one_reply_are_one_message_with_one_question() -> None:
    person = await at_check_in()

    answer = await person.say("第一个做完了，第二个卡在反向传播")

    text = text_of(answer)
    assert len(answer.messages) == 1
    assert text.count("回我一行证据") == 1
    assert "卡住的地方像是「反向传播」" in text
    assert any("反向传播" in one.label for one in answer.messages[0].flat_buttons)
    assert len(await marks(person)) == 1


async def test_the_question_is_about_the_evidence_that_matters_most() -> None:
    person = await at_check_in()
    plan = await person.say("/today")
    assert plan.messages

    answer = await person.say("都做完了")
    await person.say("跑通了，loss 0.35")

    found = await person.ask_store(rows, "select task from completions where evidence is not null")
    assert "只问一个" in text_of(answer)
    assert len(found) == 1


async def test_an_english_reply_marks_what_is_done_and_keeps_what_blocks() -> None:
    person = Person(language="en")
    await person.enrol()
    await person.pushed(at("2026-11-23 12:00"))
    await person.pushed(at(MONDAY_EVENING))

    answer = await person.say("1 done, stuck on 2: shapes don't match")

    note = await person.ask_store(row, "select note from blockers")
    assert note == {"note": "shapes don't match"}
    assert len(answer.messages) == 1
    assert len(await marks(person)) == 1


@pytest.mark.parametrize(
    "said", ["都没做，今天加班", "没做", "太忙了", "今天没空", "nothing today", "I was too busy"]
)
async def test_a_day_without_work_is_met_kindly_and_marks_nothing(said: str) -> None:
    person = await at_check_in()

    answer = await person.say(said)

    labels = [one.label for one in answer.messages[0].flat_buttons]
    assert "不欠什么" in text_of(answer)
    assert "5 分钟" in text_of(answer)
    assert any("明天" in label for label in labels)
    assert await marks(person) == []
    assert await person.ask_store(rows, "select * from postponements") == []


@pytest.mark.parametrize("said", ["做了一半", "还没做完", "about half of it", "差一点"])
async def test_half_of_it_is_progress_and_is_not_ticked(said: str) -> None:
    person = await at_check_in()

    answer = await person.say(said)

    assert "一半也是往前走" in text_of(answer)
    assert any("✅" in one.label for one in answer.messages[0].flat_buttons)
    assert await marks(person) == []


async def test_moving_the_day_takes_a_tap() -> None:
    person = await at_check_in()
    await person.say("太忙了，没做")

    await person.tap("都挪到明天")

    assert await person.ask_store(rows, "select * from postponements") != []


async def test_without_an_evening_question_being_busy_is_just_said() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    assert "不欠什么" not in text_of(await person.say("太忙了"))


async def test_stuck_is_asked_about_first_and_then_one_thing_is_suggested() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    asked = await person.say("/stuck 1")
    told = await person.say("反向传播的梯度算出来一直是 0")

    found = await person.ask_store(row, "select note from blockers")
    assert "具体卡在哪" in text_of(asked)
    assert found == {"note": "反向传播的梯度算出来一直是 0"}
    assert "反向传播" in text_of(told)
    assert any("怎么做" in one.label for one in told.messages[0].flat_buttons)


@pytest.mark.parametrize("said", ["今天学什么", "谢谢", "什么是 LoRA？", "第二个做完了"])
async def test_other_words_after_stuck_are_no_blocker(said: str) -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    await person.say("/stuck 1", said)

    assert await person.ask_store(row, "select note from blockers") == {"note": ""}


async def test_crisis_gets_the_reviewed_answer_and_leaves_no_quote() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    answer = await person.say("我不想活了")

    text = text_of(answer)
    kept = await person.ask_store(window, "console:local", 1)
    stored = await person.ask_store(rows, "select content from messages")
    assert "12356" in text
    assert text.index("12356") < text.index("988") < text.index("116 123")
    assert "学习" not in text
    assert answer.calls == ()
    assert kept.messages[-2].content == {"text": "[…]"}
    assert not any("不想活" in one["content"] for one in stored)


async def test_in_english_help_anywhere_comes_first() -> None:
    person = Person(language="en", now=at("2026-11-23 09:00"))
    await person.enrol()

    text = text_of(await person.say("I want to kill myself"))

    assert text.index("findahelpline.com") < text.index("988") < text.index("12356")


async def test_crisis_is_heard_before_a_question_a_mark_or_a_command() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    await person.say("/quiz 1")

    for said in ("第一个做完了，但我不想活了", "/done 1 活着没意思", "我想死"):
        assert "12356" in text_of(await person.say(said))

    assert await marks(person) == []
    question = await person.ask_store(row, "select state from questions")
    assert question == {"state": "open"}


async def test_the_first_word_of_a_stranger_in_crisis_is_answered_too() -> None:
    person = Person()

    assert "12356" in text_of(await person.say("不想活了"))


async def test_thanks_after_a_helpline_are_not_told_to_keep_going() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    await person.say("想自杀")

    assert "我在" in text_of(await person.say("谢谢"))
    assert "①" in text_of(await person.say("今天学什么"))


async def test_no_check_in_follows_words_of_crisis_the_same_evening() -> None:
    person = Person()
    await person.enrol()
    await person.pushed(at("2026-11-23 18:00"))
    await person.say("我想死")

    assert await person.pushed(at("2026-11-23 23:00")) == []


async def test_what_was_asked_before_a_crisis_no_longer_takes_words() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    await person.say("/done first-run", "我想死", "嗯")

    found = await person.ask_store(row, "select evidence from completions")
    assert found == {"evidence": None}


async def test_weariness_is_answered_in_other_words_on_other_days() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    said = []
    for _ in range(4):
        said.append(text_of(await person.say("好累")))
        person.now += timedelta(days=1)

    assert len(set(said)) == 4


@pytest.mark.parametrize("said", ["我是不是太笨了", "I feel so stupid", "感觉自己是个冒牌货"])
async def test_doubt_is_met_with_something_small_to_do(said: str) -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    text = text_of(await person.say(said))

    assert any(step in text for step in ("考我 1 题", "五分钟", "我进度怎么样"))


async def test_the_evening_after_everything_shows_the_review_without_a_question() -> None:
    person = Person()
    await person.enrol()
    person.now = at("2026-11-29 10:00")
    await person.say("/done all 都跑通了")

    pushes = await person.pushed(at("2026-11-29 23:00"))

    message = Message.from_json(pushes[-1].body)
    assert pushes[-1].kind == "weekly"
    assert "今天怎么样" not in message.markup


@pytest.mark.parametrize(
    "said", ["got it working, shape was (2,10,64)", "works now", "通了", "解决了，是维度写反了"]
)
async def test_success_after_stuck_is_no_blocker(said: str) -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    await person.say("/stuck 1", said)

    assert await person.ask_store(row, "select note from blockers") == {"note": ""}


@pytest.mark.parametrize("said", ["七分", "七", "seven", "I'd give myself 7", "7/10"])
async def test_the_weekly_check_is_answered_in_words(said: str) -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    await person.say("做个本周自检")

    answer = await person.say(said)

    assert [dict(call.args) for call in answer.calls] == [{"answers": {"theory": 7}}]


async def test_a_name_that_fits_tomorrows_task_as_well_is_asked_about() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    asked = await person.say("CUDA 那个搞定了，12 TFLOPS")

    labels = [one.label for one in asked.messages[-1].flat_buttons]
    assert await marks(person) == []
    assert any("确认 CUDA" in one for one in labels)
    assert any("驱动、CUDA" in one for one in labels)
