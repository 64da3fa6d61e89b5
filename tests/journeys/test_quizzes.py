"""Quizzes and reviews as a learner at a terminal meets them."""

import csv
import io
import json
import os
import re
import sqlite3
import tempfile
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.ask import Asker
from bot.corrections import remark_and_tell
from bot.files import bytes_of
from learning.catalogue import Catalogue
from learning.quiz.bank import Bank
from learning.quiz.cards import Rating, reviewed
from learning.quiz.items import QuizItem, Status
from store.cards import card_of, keep_card, mastery_of
from store.learners import add_learner
from store.script import row, rows
from tests.builders import built_in
from tests.journeys.people import Person, at, house, pushed_text, text_of
from tests.learning.quiz_builders import make_bank, make_choice, make_numeric, make_open, make_short


def with_bank(*items: QuizItem) -> Catalogue:
    return replace(built_in(), bank=make_bank(*items))


def seat(person: Person, catalogue: Catalogue, *, operators: frozenset[str] = frozenset()) -> None:
    """Let the person go on with another bank, or after a restart with the same."""
    home = replace(house(person.language, person.zone), catalogue=catalogue, operators=operators)
    person.asker = Asker(person.store, home, None, lambda: person.now)


async def learner(*items: QuizItem, now: str = "2026-11-23 09:00") -> Person:
    """Somebody who began today and is asked from these items only."""
    person = Person(now=at(now))
    seat(person, with_bank(*items))
    await person.enrol()
    return person


async def key_of(person: Person) -> str:
    """The number of the right option of the question put last."""
    found = await person.ask_store(row, "select frozen from questions order by id desc limit 1")
    assert found is not None
    order, answer, _ = json.loads(found["frozen"])
    return str(order.index(json.loads(answer)) + 1)


async def verdicts(person: Person) -> list[str | None]:
    found = await person.ask_store(rows, "select verdict from questions order by id")
    return [one["verdict"] for one in found]


async def test_a_verdict_comes_with_the_reason_for_every_option_and_the_next_date() -> None:
    person = await learner(make_choice(key=2))
    await person.say("/quiz 1")

    graded = text_of(await person.say(await key_of(person)))

    assert "对了" in graded
    assert all(f"why {one}" in graded for one in ("one", "two", "three", "four"))
    assert "下次复习：11月25日" in graded


async def test_a_wrong_choice_names_the_right_one_and_comes_back_tomorrow() -> None:
    person = await learner(make_choice(key=2))
    await person.say("/quiz 1")
    wrong = "1" if await key_of(person) != "1" else "2"

    graded = text_of(await person.say(wrong))

    assert "不对" in graded
    assert "three" in graded
    assert "下次复习：11月24日" in graded


async def test_answering_twice_returns_the_first_result() -> None:
    person = await learner(make_choice(key=2))
    await person.say("/quiz 1")
    key = await key_of(person)
    await person.say(f"/answer 1 {key}")

    again = text_of(await person.say("/answer 1 x"))

    assert "已经答过" in again
    assert "对了" in again
    assert await verdicts(person) == ["right"]


async def test_not_knowing_is_always_an_option() -> None:
    person = await learner(make_choice(), make_numeric(), make_short(), make_open())
    for command in ("/quiz 3", "/next", "/next"):
        asked = await person.say(command)
        assert any("不会" in one.label for one in asked.messages[-1].flat_buttons)
        await person.say("不会")

    assert await verdicts(person) == ["unknown"] * 3


async def test_a_typed_letter_answers_the_question_in_sight() -> None:
    person = await learner(make_choice(key=2))
    await person.say("/quiz 1")

    await person.say("abcd"[int(await key_of(person)) - 1])

    assert await verdicts(person) == ["right"]


@pytest.mark.parametrize("said", ["b", "我不会", "not sure"])
async def test_a_short_word_after_other_talk_is_asked_back(said: str) -> None:
    person = await learner(make_choice(key=2))
    await person.say("/quiz 1", "什么是 LoRA？")

    asked = await person.say(said)
    assert "当作这道题的答案吗" in text_of(asked)
    assert await verdicts(person) == [None]
    await person.tap("就这样答")

    assert await verdicts(person) != [None]


async def test_words_do_not_answer_a_series_that_another_has_ended() -> None:
    person = await learner(make_choice("a", stem="A?"), make_choice("b", stem="B?"))
    await person.say("/quiz 1", "/quiz 1", "不会", "今天学什么")

    await person.say("我不会")

    assert sorted(map(str, await verdicts(person))) == ["None", "unknown"]


async def test_a_question_shown_again_days_later_can_be_answered_by_typing() -> None:
    person = await learner(make_numeric(answer=42))
    await person.say("/quiz 1")
    person.now += timedelta(days=4)

    await person.say("/next", "42")

    assert await verdicts(person) == ["right"]


@pytest.mark.parametrize(
    ("word", "shown"), [("下一题", "还等着你"), ("next", "还等着你"), ("跳过这题", "先跳过")]
)
async def test_quiz_words_mean_the_series_under_way(word: str, shown: str) -> None:
    person = await learner(make_short(), make_short("other"))
    await person.say("/quiz 2", "什么是 LoRA？")

    assert shown in text_of(await person.say(word))


async def test_a_second_press_on_the_result_shows_it_again() -> None:
    person = await learner(make_choice(), make_choice("b", stem="B?"))
    await person.say("/quiz 1", "不会", "/next 1")

    again = text_of(await person.say("/next 1"))

    assert "答了 1 题" in again


async def test_a_question_whose_words_changed_is_left_out_and_the_series_goes_on() -> None:
    person = await learner(make_choice("a", stem="A?"), make_choice("b", stem="B?"))
    await person.say("/quiz 2")
    seat(
        person,
        with_bank(
            make_choice("a", stem="Now A?", options=("one", "two", "three")),
            make_choice("b", stem="Now B?", options=("one", "two", "three")),
        ),
    )

    put = text_of(await person.say("/next"))

    assert "小测 2/2" in put
    assert "Now" in put


async def test_cards_of_a_retired_item_fall_due_no_more() -> None:
    person = await learner(make_choice("a", stem="A?"))
    await person.ask_store(remark_and_tell, with_bank(make_choice("a", stem="A?")), person.now)
    await person.say("/quiz 1", "不会")
    retired = with_bank(make_choice("a", stem="A?", status=Status.RETIRED))
    seat(person, retired)
    await person.ask_store(remark_and_tell, retired, person.now)
    person.now += timedelta(days=2)

    assert "没有到期" in text_of(await person.say("/review")) or "还没有复习卡" in text_of(
        await person.say("/review")
    )
    assert "复习 1 张" not in text_of(await person.say("/today"))


@pytest.mark.parametrize(
    "meanwhile",
    ["/today", "今天学什么", "LoRA 是什么？", "为什么要学这个", "我进度怎么样", "谢谢", "/why 1"],
)
async def test_a_command_or_clarification_is_never_taken_for_an_answer(meanwhile: str) -> None:
    person = await learner(make_short(), make_numeric())
    await person.say("/quiz 1")

    await person.say(meanwhile)

    assert await verdicts(person) == [None]


async def test_a_number_is_typed_in_the_chat_even_after_other_talk() -> None:
    person = await learner(make_numeric(answer=3.2, tolerance=0.01, unit="GiB"))
    await person.say("/quiz 1", "什么是 LoRA？")

    graded = text_of(await person.say("约 3.2G"))

    assert "对了" in graded


async def test_a_wrong_number_hears_how_it_came_about() -> None:
    person = await learner(make_numeric(answer=23, mistakes=(20,)))
    await person.say("/quiz 1")

    graded = text_of(await person.say("20"))

    assert "why 20" in graded


async def test_a_word_that_may_be_no_answer_is_asked_back() -> None:
    person = await learner(make_short(accepts=("softmax",)))
    await person.say("/quiz 1")

    asked = await person.say("sigmoid")
    assert await verdicts(person) == [None]
    assert "当作这道题的答案吗" in text_of(asked)
    await person.tap("就这样答")

    assert await verdicts(person) == ["wrong"]


async def test_the_right_word_is_taken_at_once() -> None:
    person = await learner(make_short(accepts=("softmax",)))

    await person.say("/quiz 1", "Softmax")

    assert await verdicts(person) == ["right"]


async def test_in_the_terminal_a_typed_number_is_the_answer_and_letters_are_the_buttons() -> None:
    person = await learner(make_numeric(answer=2))

    await person.say("/quiz 1", "2")

    assert await verdicts(person) == ["right"]


async def test_whoever_guessed_meets_the_item_sooner() -> None:
    person = await learner(make_choice(key=0), *(make_choice(f"c{n}") for n in range(3)))
    await person.say("/quiz 1")
    sure = text_of(await person.say(await key_of(person)))
    assert "确定会，还是猜的" in sure
    before = await person.ask_store(card_of, 1, await asked_item(person))

    await person.tap("猜的")

    after = await person.ask_store(card_of, 1, await asked_item(person))
    assert before is not None
    assert after is not None
    assert after.due_on < before.due_on


async def asked_item(person: Person) -> str:
    found = await person.ask_store(row, "select item from questions order by id desc limit 1")
    assert found is not None
    return str(found["item"])


async def test_easy_is_only_a_button_and_puts_the_card_far_away() -> None:
    person = await learner(make_choice(key=0))
    await person.say("/quiz 1")
    await person.say(await key_of(person))

    await person.tap("太简单")

    card = await person.ask_store(card_of, 1, "choice")
    assert card is not None
    assert (card.due_on - card.last_review).days >= 6


async def test_a_question_open_overnight_stays_open_and_survives_a_restart() -> None:
    person = await learner(make_choice(key=1))
    await person.say("/quiz 1")
    key = await key_of(person)
    person.now += timedelta(hours=14)
    seat(person, with_bank(make_choice(key=1)))

    graded = text_of(await person.say(f"/answer 1 {key}"))

    assert "对了" in graded


async def test_a_quiz_goes_on_after_a_restart_where_it_was() -> None:
    items = [make_choice(f"c{n}", concepts=("lora",), stem=f"Question {n}?") for n in range(3)]
    person = await learner(*items)
    await person.say("/quiz 3", "不会", "/next")
    seat(person, with_bank(*items))

    await person.say("不会", "/next")
    third = text_of(await person.say("/next"))
    await person.say("不会")
    over = text_of(await person.say("/next"))

    assert "还等着你" in third
    assert "小测 3/3" in third
    assert "答了 3 题" in over


async def test_a_skipped_question_can_still_be_answered() -> None:
    person = await learner(make_choice(key=0))
    await person.say("/quiz 1")
    key = await key_of(person)

    await person.tap("跳过")
    await person.say(f"/answer 1 {key}")

    assert await verdicts(person) == ["right"]


async def test_another_learners_question_is_nobodys() -> None:
    person = await learner(make_choice())
    await person.say("/quiz 1")
    await person.ask_store(add_learner, "telegram", "9", "telegram:9", "zh", "UTC", person.now)
    await person.ask_store(rows, "update questions set learner = 2 returning id")

    answer = text_of(await person.say("/answer 1 1"))

    assert "找不到这道题" in answer
    assert await verdicts(person) == [None]


async def test_a_free_text_is_shown_its_rubric_and_judged_by_its_author() -> None:
    person = await learner(make_open())
    card = reviewed(None, Rating.AGAIN, date(2026, 11, 20), "1:open")
    await person.ask_store(keep_card, 1, "open", card)
    await person.say("/review")

    shown = await person.say("I would first cover sign0 and then think about sign2 in depth")
    text = text_of(shown)
    assert "☑ criterion 0" in text
    assert "☐ criterion 1" in text
    assert "参考" in text
    await person.tap("答得不错")

    assert await verdicts(person) == ["right"]
    assert await person.ask_store(card_of, 1, "open") is not None


# Reviews ------------------------------------------------------------------------------------------


async def test_what_was_missed_is_in_the_next_days_plan_and_push() -> None:
    person = await learner(make_choice())
    await person.say("/quiz 1", "不会")

    pushes = await person.pushed(at("2026-11-24 08:00"))
    today = await person.say("/today")

    morning = next(one for one in pushes if one.kind == "plan")
    assert "复习 1 张" in pushed_text(morning)
    assert "复习 1 张" in text_of(today)


async def test_reviews_take_their_minutes_from_the_day() -> None:
    items = [make_choice(f"c{n}", stem=f"Question {n}?") for n in range(16)]
    person = await learner(*items)
    await person.say("/quiz 16")
    for _ in items:
        await person.say("不会", "/next")
    person.now = at("2026-11-24 08:00")

    await person.say("/today")

    kept = await person.ask_store(row, "select day, minutes from review_days")
    assert kept is not None
    assert kept["day"] == "2026-11-24"
    assert 0 < kept["minutes"] <= 8


async def test_a_review_asks_the_longest_overdue_first_and_says_when_none_is_left() -> None:
    person = await learner(make_choice("old", stem="Old?"), make_choice("new", stem="New?"))
    await person.say("/quiz 2", "不会", "/next", "不会")
    await person.ask_store(
        rows, "update cards set due_on = '2026-11-20' where item = 'new' returning item"
    )
    person.now = at("2026-11-25 09:00")

    first = text_of(await person.say("/review"))
    await person.say("不会", "/next", "不会", "/next")
    none = text_of(await person.say("/review"))

    assert "复习 1/2" in first
    assert "New?" in first
    assert "没有到期的复习" in none


async def test_a_days_reviews_end_with_its_cap_however_often_they_are_asked_for() -> None:
    items = [make_choice(f"c{n}", stem=f"Question {n}?") for n in range(40)]
    person = await learner(*items)
    for _ in range(2):
        await person.say("/quiz 20")
        for _ in range(20):
            await person.say("不会", "/next")
    person.now = at("2026-11-25 09:00")
    asked = await person.say("/review")
    for _ in range(40):
        if "复习完成" in text_of(asked):
            break
        asked = await person.say("不会", "/next")

    again = text_of(await person.say("/review"))
    today = text_of(await person.say("/today"))

    assert "今天的复习已经够了" in again
    assert "今天的复习做完了" in today


async def test_after_an_absence_there_is_no_backlog() -> None:
    items = [make_choice(f"c{n}", stem=f"Question {n}?") for n in range(100)]
    person = await learner(*items)
    for _ in range(5):
        await person.say("/quiz 20")
        for _ in range(20):
            await person.say("不会", "/next")
    person.now = at("2026-12-23 09:00")

    await person.say("/today")

    found = await person.ask_store(
        row, "select count(*) as due from cards where due_on <= '2026-12-23'"
    )
    assert found is not None
    assert 0 < found["due"] <= 30


# Wrong items --------------------------------------------------------------------------------------


async def test_two_reports_suspend_an_item_and_the_operator_hears_of_it() -> None:
    catalogue = with_bank(make_choice())
    person = await learner(make_choice())
    seat(person, catalogue, operators=frozenset({"console:local"}))
    await person.say("/quiz 1", "不会", "/report 1", "选项二也说得通")
    await person.ask_store(add_learner, "telegram", "9", "telegram:9", "zh", "UTC", person.now)
    await person.ask_store(
        rows, "insert into reports values ('choice', 2, 1, null, 0, null) returning item"
    )

    await person.say("/report 1")
    asked = text_of(await person.say("/quiz 1"))
    listed = text_of(await person.say("/reports"))

    assert "没有合适的题" in asked
    assert "choice：2 人" in listed
    assert "选项二也说得通" in listed
    assert "已停用" in listed


async def test_an_operator_can_call_an_item_right() -> None:
    person = await learner(make_choice())
    seat(person, with_bank(make_choice()), operators=frozenset({"console:local"}))
    await person.say("/quiz 1", "不会", "/report 1")

    kept = text_of(await person.say("/reports keep=choice"))

    assert "恢复使用" in kept
    assert "没有被报错的题" in kept


async def test_reports_are_for_operators_only() -> None:
    person = await learner(make_choice())

    assert "只给管理员" in text_of(await person.say("/reports"))


async def test_a_corrected_key_re_marks_answers_and_tells_their_owner_once() -> None:
    wrong_key, right_key = make_choice(key=0), make_choice(key=1)
    person = await learner(wrong_key)
    await person.ask_store(remark_and_tell, with_bank(wrong_key), person.now)
    await person.say("/quiz 1")
    found = await person.ask_store(row, "select frozen from questions")
    assert found is not None
    place = json.loads(found["frozen"])[0].index(1) + 1
    await person.say(str(place))
    assert await verdicts(person) == ["wrong"]

    told = await person.ask_store(remark_and_tell, with_bank(right_key), person.now)
    again = await person.ask_store(remark_and_tell, with_bank(right_key), person.now)
    seat(person, with_bank(right_key))
    pushes = await person.pushed(person.now + timedelta(hours=1))

    assert (told, again) == (1, 0)
    assert await verdicts(person) == ["right"]
    assert [one.kind for one in pushes] == ["correction"]
    assert "更正了答案" in pushed_text(pushes[0])
    card = await person.ask_store(card_of, 1, "choice")
    assert card is not None
    assert (card.due_on - card.last_review).days == 2
    mastery = await person.ask_store(mastery_of, 1)
    assert mastery["lora"].right == 1


async def test_an_item_with_other_words_does_not_touch_old_answers() -> None:
    person = await learner(make_choice(key=0))
    await person.ask_store(remark_and_tell, with_bank(make_choice(key=0)), person.now)
    await person.say("/quiz 1", "不会")

    reworded = make_choice(key=1, stem="Another question?")
    told = await person.ask_store(remark_and_tell, with_bank(reworded), person.now)

    assert told == 0
    assert await verdicts(person) == ["unknown"]


# Placement, progress, export ----------------------------------------------------------------------


async def test_a_placement_names_a_range_of_stages_and_what_it_would_leave_out() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol("nine-stages")
    shown = await person.say("/placement", "/placement rating=3")
    for _ in range(12):
        if "定级结果" in text_of(shown):
            break
        shown = await person.say("/answer " + await open_question(person) + " x")

    text = text_of(shown)
    assert "定级结果" in text
    assert re.search(r"第 1–[23] 阶段", text)
    found = await person.ask_store(row, "select count(*) as cards from cards")
    assert found == {"cards": 0}


async def open_question(person: Person) -> str:
    found = await person.ask_store(
        row, "select id from questions where state = 'open' order by id desc limit 1"
    )
    assert found is not None
    return str(found["id"])


async def test_a_placement_goes_on_after_a_restart_and_can_be_stopped() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol("nine-stages")
    await person.say("/placement rating=2")
    first = await open_question(person)
    seat(person, built_in())

    again = text_of(await person.say("/placement"))
    second = await open_question(person)
    empty = text_of(await person.say("/placement stop"))
    await person.say("/placement", f"/answer {second} x")
    stopped = text_of(await person.say("/placement stop"))
    resumed = text_of(await person.say("/placement"))

    assert first == second
    assert "第 1 题" in again
    assert "还没有作答" in empty
    assert "定级结果" in stopped
    assert "定级 第 2 题" in resumed


async def test_somebody_who_knows_nothing_is_not_invited_to_skip_the_beginning() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol("nine-stages")
    shown = await person.say("/placement rating=0")
    for _ in range(12):
        if "定级结果" in text_of(shown):
            break
        shown = await person.say("/answer " + await open_question(person) + " x")

    labels = [one.label for one in shown.messages[-1].flat_buttons]

    assert "从头开始" in labels
    assert not any("阶段开始" in label for label in labels)


async def test_a_placement_after_another_quiz_goes_on_with_the_placement() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol("nine-stages")
    await person.say("/placement rating=2", "/quiz 1", "/placement")

    follows = text_of(await person.say("/answer " + await open_placement(person) + " x"))

    assert "定级 第 2 题" in follows


async def open_placement(person: Person) -> str:
    found = await person.ask_store(
        row,
        "select q.id from questions q join quizzes z on z.id = q.quiz "
        "where q.state = 'open' and z.kind = 'placement' order by q.id desc limit 1",
    )
    assert found is not None
    return str(found["id"])


async def test_a_rating_pressed_twice_begins_one_placement() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol("nine-stages")

    await person.say("/placement rating=2", "/placement rating=2")

    found = await person.ask_store(row, "select count(*) as n from quizzes")
    assert found == {"n": 1}


async def test_an_answer_stands_when_nothing_can_follow_it() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol("nine-stages")
    await person.say("/placement rating=2")
    question = await open_question(person)
    await person.say("/leave nine-stages yes")

    await person.say(f"/answer {question} x")

    assert await verdicts(person) == ["unknown"]


async def test_beginning_earlier_again_takes_tasks_back_in() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol("nine-stages")
    await person.say("/placement begin=4")
    many = await person.ask_store(row, "select count(*) as n from skips")

    await person.say("/placement begin=2")
    few = await person.ask_store(row, "select count(*) as n from skips")
    await person.say("/placement begin=1")
    none = await person.ask_store(row, "select count(*) as n from skips")

    assert many is not None
    assert few is not None
    assert many["n"] > few["n"] > 0
    assert none == {"n": 0}


async def test_beginning_later_leaves_tasks_out_and_can_be_taken_back() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol("nine-stages")
    before = await person.ask_store(row, "select count(*) as n from skips")

    begun = text_of(await person.say("/placement begin=3"))
    skipped = await person.ask_store(row, "select count(*) as n from skips")
    await person.tap("撤销")
    after = await person.ask_store(row, "select count(*) as n from skips")

    assert "略过了" in begun
    assert before == after == {"n": 0}
    assert skipped is not None
    assert skipped["n"] > 10


async def test_progress_shows_retention_with_the_part_that_was_not_measured() -> None:
    items = [make_choice(f"c{n}", stem=f"Question {n}?") for n in range(3)]
    person = await learner(*items)
    await person.say("/quiz 3", "不会", "/next", "不会", "/next", "不会")
    person.now = at("2026-12-02 09:00")
    await person.say("/review")
    await person.say(await key_of(person))

    text = text_of(await person.say("/progress"))

    assert "隔 7 天以上：1 题里记得 1 题；另有 2 题还没测到" in text
    assert "隔 30 天" not in text
    assert "还不稳的概念" in text


async def test_a_day_of_answers_is_a_study_day() -> None:
    person = await learner(make_choice())
    await person.say("/quiz 1", "不会")

    assert "本周学习 1/7 天" in text_of(await person.say("/progress"))


async def test_weak_concepts_are_asked_first() -> None:
    weak = [make_choice(f"w{n}", concepts=("qlora",), stem=f"Weak {n}?") for n in range(2)]
    others = [make_choice(f"o{n}", concepts=("python-env",), stem=f"Other {n}?") for n in range(6)]
    person = await learner(*weak, *others)
    await person.say("/quiz 1 qlora", "不会")
    person.now += timedelta(days=9)

    asked = text_of(await person.say("/quiz 1"))

    assert "Weak" in asked


async def exported(person: Person, wanted: str) -> bytes:
    attachment = (await person.say(f"/export {wanted}")).messages[0].attachment
    assert attachment is not None
    return bytes_of(attachment)


async def test_an_anki_deck_leaves_nothing_behind_on_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    person = await learner(make_choice(key=1))
    await person.say("/quiz 1", "1")

    made = await exported(person, "anki")

    assert made.startswith(b"PK")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 (at once)


async def test_an_anki_deck_updates_the_same_notes_when_it_is_imported_again(
    tmp_path: Path,
) -> None:
    person = await learner(make_choice(key=2), make_numeric(concepts=("lora",)))
    await person.say("/quiz 2", "不会", "/next", "不会")

    first = notes_in(await exported(person, "anki"), tmp_path)
    person.now += timedelta(days=1)
    second = notes_in(await exported(person, "anki"), tmp_path)

    assert [one[0] for one in first] == [one[0] for one in second]
    assert len(first) == 2
    assert any("C. three" in fields for _, fields, _ in first)
    assert max(one[2] for one in first) < min(one[2] for one in second)


def notes_in(deck: bytes, folder: Path) -> list[tuple[str, str, int]]:
    """Guid, fields and time of every note of an .apkg."""
    with zipfile.ZipFile(io.BytesIO(deck)) as package:
        package.extract("collection.anki2", folder)
    with sqlite3.connect(folder / "collection.anki2") as db:
        found = db.execute("select guid, flds, mod from notes order by guid").fetchall()
    db.close()
    return [(str(guid), str(fields), int(mod)) for guid, fields, mod in found]


async def test_a_csv_holds_every_card_and_no_formula() -> None:
    person = await learner(make_choice(stem="=SUM(A1) is what?"))
    await person.say("/quiz 1", "不会")

    table = list(csv.DictReader(io.StringIO((await exported(person, "csv")).decode("utf-8-sig"))))

    assert [one["id"] for one in table] == ["choice"]
    assert table[0]["question"] == "'=SUM(A1) is what?"
    assert table[0]["due_on"] == "2026-11-24"


async def test_an_empty_bank_says_so_kindly() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    seat(person, replace(built_in(), bank=Bank()))
    await person.enrol()

    assert "没有合适的题" in text_of(await person.say("/quiz"))
    assert "还没有复习卡" in text_of(await person.say("/review"))
    assert "还没有复习卡" in text_of(await person.say("/export anki"))


async def test_skip_after_an_explanation_puts_off_no_task() -> None:
    person = await learner(make_choice(id="one", key=2), make_choice(id="two", key=2))
    await person.say("/quiz 2", "a")

    answer = await person.say("跳过")

    assert [call.tool for call in answer.calls] == ["next_question"]
    assert not await person.ask_store(rows, "select * from postponements")


@pytest.mark.parametrize(
    "said", ["结束小测", "退出小测", "不做了", "停", "stop", "quit", "end the quiz", "结束"]
)
@pytest.mark.parametrize("before", [(), ("不会",)])
async def test_a_series_is_ended_in_words_and_nothing_is_graded(
    said: str, before: tuple[str, ...]
) -> None:
    person = await learner(make_choice("a", stem="A?"), make_choice("b", stem="B?"))
    await person.say("/quiz 2", *before)
    graded = await verdicts(person)

    answer = await person.say(said)

    under_way = await person.ask_store(rows, "select id from quizzes where ended_at is null")
    assert [call.tool for call in answer.calls] == ["end_series"]
    assert "先到这里" in text_of(answer)
    assert not under_way
    assert await verdicts(person) == graded
    assert "小测" in text_of(await person.tap("下一题"))
