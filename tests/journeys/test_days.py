"""The days that follow: plans, marks, evenings, absences and pauses."""

from datetime import timedelta
from itertools import pairwise

import pytest

from store.script import Script, change, row, rows
from tests.journeys.people import Person, at, pushed_text, text_of


async def test_the_first_plan_comes_the_next_morning_at_the_learners_time() -> None:
    person = Person()
    await person.enrol()

    before = await person.pushed(at("2026-11-23 07:30"))
    pushes = await person.pushed(at("2026-11-23 08:00"))

    assert before == []
    assert [push.kind for push in pushes] == ["plan"]
    assert "安装 PyTorch" in pushed_text(pushes[0])


async def test_a_day_has_one_plan_and_at_most_one_evening_push() -> None:
    person = Person()
    await person.enrol()

    pushes = await person.pushed(at("2026-11-26 23:59"))

    kinds = [push.kind for push in pushes]
    assert kinds.count("plan") == 3
    assert len(pushes) <= 2 * 4


async def test_a_restart_or_a_second_tick_does_not_send_the_same_day_twice() -> None:
    person = Person()
    await person.enrol()
    await person.pushed(at("2026-11-23 08:00"))
    await person.ask_store(_clock_back)

    again = await person.pushed(at("2026-11-23 09:00"))

    assert again == []


def _clock_back() -> Script[int]:
    return change("update clocks set next_due_at = next_due_at - 86400 where kind = 'plan'")


async def test_a_tap_without_evidence_counts_and_is_shown_as_such() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    done = await person.say("/done first-run")
    await person.tap("这次没有")
    progress = await person.say("/progress")

    assert "记下了" in text_of(done)
    assert "1/52" in text_of(progress)
    assert "其中 0 项留下了证据" in text_of(progress)


async def test_the_line_after_a_done_task_is_its_evidence() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    await person.say("/done first-run")

    kept = await person.say("torch 2.9, 形状 (2, 10, 64)")

    found = await person.ask_store(row, "select task, evidence from completions")
    assert found == {"task": "first-run", "evidence": "torch 2.9, 形状 (2, 10, 64)"}
    assert "证据收好了" in text_of(kept)


async def test_marking_twice_counts_once_and_says_so() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    await person.say("/done first-run")
    again = await person.say("/done first-run")

    assert "之前就记过了" in text_of(again)
    assert len(await person.ask_store(rows, "select * from completions")) == 1


async def test_a_mark_of_today_can_be_taken_back() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    await person.say("/done first-run")

    await person.tap("撤销")

    assert await person.ask_store(rows, "select * from completions") == []


async def test_done_without_a_name_asks_which_when_more_is_open() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    asked = await person.say("/done")

    assert "哪一个" in text_of(asked)
    assert len(asked.messages[0].flat_buttons) == 2
    assert await person.ask_store(rows, "select * from completions") == []


async def test_a_task_put_off_is_gone_from_today_and_back_tomorrow() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    await person.say("/later 1")
    today = await person.say("/today")
    person.now += timedelta(days=1)
    tomorrow = await person.say("/today")

    assert "⏭" in text_of(today)
    assert "安装 PyTorch" in text_of(tomorrow)


async def test_evening_asks_for_what_is_open_once_something_is_done() -> None:
    person = Person()
    await person.enrol()
    await person.pushed(at("2026-11-23 12:00"))
    await person.say("/done first-run 形状 (2, 10, 64)")

    pushes = await person.pushed(at("2026-11-23 21:00"))

    assert [push.kind for push in pushes] == ["checkin"]
    assert "今天怎么样" in pushed_text(pushes[0])


async def test_evening_offers_ten_minutes_when_nothing_was_done() -> None:
    person = Person()
    await person.enrol()

    pushes = await person.pushed(at("2026-11-23 21:00"))

    assert [push.kind for push in pushes] == ["plan", "rescue"]


async def test_evening_asks_for_evidence_and_takes_the_next_line_as_it() -> None:
    person = Person()
    await person.enrol()
    await person.pushed(at("2026-11-23 12:00"))
    await person.say("/done all", "/noevidence")

    pushes = await person.pushed(at("2026-11-23 21:00"))
    await person.say("脚本跑通了")

    assert [push.kind for push in pushes] == ["checkin"]
    evidence = await person.ask_store(rows, "select evidence from completions")
    assert [one["evidence"] for one in evidence].count("脚本跑通了") == 1


async def test_evening_is_silent_when_all_is_done_and_shown() -> None:
    person = Person()
    await person.enrol()
    await person.pushed(at("2026-11-23 12:00"))
    await person.say("/done all 都跑通了")

    assert await person.pushed(at("2026-11-23 23:00")) == []


async def test_ignored_pushes_grow_fewer_and_end_with_one_kind_word() -> None:
    person = Person()
    await person.enrol("engineer-28w")

    pushes = await person.pushed(at("2027-03-20 12:00"))

    plans = [push for push in pushes if push.kind == "plan"]
    days = [int(push.expires_at or 0) // 86400 for push in plans]
    gaps = [b - a for a, b in pairwise(days)]
    assert gaps == [1, 1, 2, 2, 2, 2, 7, 7, 7, 7, 7, 7, 7]
    assert pushes[-1].kind == "farewell"


async def test_a_word_after_the_farewell_brings_the_pushes_back() -> None:
    person = Person()
    await person.enrol("engineer-28w")
    await person.pushed(at("2027-03-20 12:00"))

    await person.say("/today")
    pushes = await person.pushed(at("2027-03-21 08:30"))

    assert [push.kind for push in pushes] == ["plan"]


async def test_after_three_days_away_three_ways_on_are_offered_without_a_count() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    await person.say("/done first-run ok")
    person.now = at("2026-11-27 09:00")

    answer = await person.say("/today")

    text = text_of(answer)
    assert "轻一点" in text
    assert "顺延" in text
    assert "原来的完成日期" in text
    assert "天没" not in text
    assert "落后" not in text


@pytest.mark.parametrize(
    ("tap", "said"),
    [
        pytest.param("轻一点", "轻一点的节奏", id="lighter"),
        pytest.param("顺延", "整体顺延", id="later"),
        pytest.param("跳过选做", "选做任务", id="skip"),
    ],
)
async def test_a_way_back_is_one_tap_and_says_what_it_did(tap: str, said: str) -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    person.now = at("2026-11-28 09:00")
    await person.say("/today")

    answer = await person.tap(tap)

    assert said in text_of(answer)
    assert "安装 PyTorch" in text_of(await person.say("/today"))
    assert "原来的完成日期" not in text_of(await person.say("/today"))


async def test_after_days_without_the_program_today_is_as_any_day() -> None:
    person = Person()
    await person.enrol()
    await person.pushed(at("2026-11-23 09:00"))
    await person.say("/done first-run ok")

    person.now = at("2026-11-25 07:00")
    early = await person._tick()
    person.now = at("2026-11-25 08:05")
    morning = await person._tick()
    person.now = at("2026-11-25 20:40")
    evening = await person._tick()

    assert early == []
    assert [push.kind for push in morning] == ["plan"]
    assert [push.kind for push in evening] == ["rescue"]


async def test_a_pause_is_quiet_and_a_resume_goes_on() -> None:
    person = Person()
    await person.enrol()
    await person.say("/pause 7")

    during = await person.pushed(at("2026-11-28 23:00"))
    await person.say("/resume")
    after = await person.pushed(at("2026-11-29 09:00"))

    assert during == []
    assert [push.kind for push in after] == ["plan"]


async def test_a_change_of_zone_gives_one_plan_for_each_local_date() -> None:
    person = Person()
    await person.enrol()
    await person.pushed(at("2026-11-23 12:00"))

    await person.say("/zone America/Los_Angeles")
    # Still the 23rd there until 16:00 of the 24th in Shanghai; its plan has been sent.
    early = await person.pushed(at("2026-11-24 15:30"))
    next_day = await person.pushed(at("2026-11-25 00:30"))

    assert [push.kind for push in early if push.kind == "plan"] == []
    assert [push.kind for push in next_day if push.kind == "plan"] == ["plan"]


async def test_a_snooze_brings_the_plan_again_but_not_at_night() -> None:
    person = Person()
    await person.enrol()
    await person.pushed(at("2026-11-23 08:00"))

    await person.tap("两小时后")
    again = await person.pushed(at("2026-11-23 10:30"))
    person.now = at("2026-11-23 21:30")
    late = await person.say("/snooze 120")

    assert [push.kind for push in again] == ["snooze"]
    assert "08:00" in text_of(late)


async def test_after_downtime_a_plan_is_caught_up_within_twelve_hours_only() -> None:
    person = Person()
    await person.enrol()

    person.now = at("2026-11-23 19:00")
    caught_up = await person._tick()
    person.now = at("2026-11-24 20:20")
    too_late = await person._tick()

    assert [push.kind for push in caught_up] == ["plan"]
    assert too_late == []
    noted = await person.ask_store(row, "select count(*) as n from outbox where state = 'skipped'")
    assert noted == {"n": 1}


async def test_new_hours_say_what_they_do_to_the_finish_date() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    answer = await person.say("/hours 5")

    assert "完成日期" in text_of(answer)
    assert "每周 5" in text_of(answer)


async def test_a_push_time_in_the_quiet_hours_moves_the_quiet_hours() -> None:
    person = Person()
    await person.enrol()

    answer = await person.say("/push 06:30")

    assert "06:30" in text_of(answer)
    assert "22:30–06:30" in text_of(answer)


async def test_finishing_the_last_task_leads_to_the_next_curriculum() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    answer = await person.say("/today")
    for _ in range(60):
        answer = await person.say("/done all 完成")
        if "全部完成" in text_of(answer):
            break
        person.now += timedelta(days=1)

    assert "整条路线 52 个任务全部完成" in text_of(answer)
    assert any(b.command == "/switch engineer-28w" for b in answer.messages[0].flat_buttons)
