"""Ways through the curricula: forks, several at once, checks, practice, and questions."""

import pytest

from learning.curriculum import Curriculum
from store.checks import passes_of
from store.enrolments import active_enrolments, complete
from store.script import Script, change
from tests.journeys.people import Person, at, catalogue, pushed_text, text_of

MORNING = at("2026-11-23 09:00")


def finish(curriculum: Curriculum, stages: int) -> Script[None]:
    """Mark the first stages of a followed curriculum as done, in the order they are planned."""
    enrolments = yield from active_enrolments(1)
    own = next(one for one in enrolments if one.curriculum == curriculum.id)
    for stage, _, task in curriculum.places():
        if stage in curriculum.stages[:stages]:
            day = MORNING.date()
            yield from complete(own.id, task.id, task.title, task.wording, day, MORNING)


async def test_a_fork_is_shown_when_its_stage_is_reached_and_one_tap_decides_it() -> None:
    person = Person(now=MORNING)
    await person.enrol("llm-paths", 15)
    before = await person.say("/today")
    await person.ask_store(finish, catalogue().curricula["llm-paths"], 2)

    reached = await person.say("/today")
    await person.tap("选方向")
    chosen = await person.tap("模型优化")
    then = await person.say("/today")

    assert "岔路口" not in text_of(before)
    assert "岔路口" in text_of(reached)
    assert "完成日期" in text_of(chosen)
    assert "岔路口" not in text_of(then)


async def test_a_direction_can_be_changed_later() -> None:
    person = Person(now=MORNING)
    await person.enrol("llm-paths", 15)
    await person.say("/choose direction model-optimization")

    changed = await person.say("/choose direction research-innovation")
    shown = await person.say("我想换个方向")

    assert "完成日期" in text_of(changed)
    assert "研究" in text_of(shown)


async def test_two_curricula_share_the_day_and_each_keeps_its_own_marks() -> None:
    person = Person(now=MORNING)
    await person.enrol("starter-30")
    asked = await person.say("/switch nine-stages")
    both = await person.tap("一起学")
    first_of_nine = catalogue().curricula["nine-stages"].tasks[0]

    await person.say(f"/done {first_of_nine.id}")
    progress = await person.say("/progress")

    assert "一起学" in text_of(asked)
    assert "30 天启动计划" in text_of(both)
    assert first_of_nine.title.zh in text_of(both)
    assert "0/52" in text_of(progress)
    assert f"1/{len(catalogue().curricula['nine-stages'].tasks)}" in text_of(progress)


async def test_stopping_one_of_two_leaves_its_record_and_the_other_goes_on() -> None:
    person = Person(now=MORNING)
    await person.enrol("starter-30")
    await person.say("/start ok nine-stages beside")

    which = await person.say("退出这条路线")
    await person.tap("30 天启动计划")
    left = await person.tap("停下它")
    progress = await person.say("/progress")

    assert "想停下哪一条" in text_of(which)
    assert "记录都在" in text_of(left)
    assert catalogue().curricula["nine-stages"].title.zh in text_of(progress)
    assert "每周 10 小时" in text_of(left)


async def test_no_more_than_three_at_once() -> None:
    person = Person(now=MORNING)
    await person.enrol("starter-30")
    await person.say("/start ok nine-stages beside", "/start ok llm-paths beside")

    refused = await person.say("/start ok engineer-28w beside")

    assert "最多学 3 条" in text_of(refused)


async def test_what_is_known_from_one_curriculum_can_be_left_out_of_the_next() -> None:
    person = Person(now=MORNING)
    await person.enrol("engineer-28w")
    await person.ask_store(finish, catalogue().curricula["engineer-28w"], 2)

    started = await person.say("/start ok llm-paths 15h 2026-11-23 replace")
    left_out = await person.tap("略过会的")

    assert "讲的都是你会的" in text_of(started)
    assert "动手和项目都留着" in text_of(left_out)


async def test_a_new_version_says_once_what_changed_and_keeps_every_mark() -> None:
    person = Person(now=MORNING)
    await person.enrol("starter-30")
    await person.say("/done first-run")
    await person.ask_store(_edited)

    first = await person.say("/today")
    second = await person.say("/today")
    progress = await person.say("/progress")

    assert "这条路线更新了" in text_of(first)
    assert "更新了" not in text_of(second)
    assert "作者改了内容" in text_of(progress)
    assert "1/52" in text_of(progress)


def _edited() -> Script[None]:
    """As if the learner had done the task as an earlier version had worded it."""
    yield from change("update completions set wording = 'before' where task = 'first-run'")
    yield from change("update enrolments set version = 0")


async def test_the_weekly_check_asks_four_things_and_proposes_next_week() -> None:
    person = Person(now=MORNING)
    await person.enrol("starter-30")
    await person.say("/done first-run")

    first = await person.say("做个本周自检")
    await person.say("7")
    await person.tap("能跑了")
    await person.say("4 分")
    looked_back = await person.tap("整理好了")

    assert "1 是还很模糊" in text_of(first)
    assert "理论掌握：7/10" in text_of(looked_back)
    assert "下周" in text_of(looked_back)


async def test_on_sunday_evening_a_week_with_work_in_it_is_looked_back_on() -> None:
    person = Person()
    await person.enrol("starter-30")
    person.now = at("2026-11-29 10:00")
    await person.say("/done first-run")

    pushes = await person.pushed(at("2026-11-29 21:30"))

    assert [push.kind for push in pushes] == ["plan", "weekly"]
    assert "这一周" in pushed_text(pushes[1])
    assert "做完 1 项" in pushed_text(pushes[1])


async def test_a_score_out_of_range_is_refused_with_the_range() -> None:
    person = Person(now=MORNING)
    await person.enrol("starter-30")

    refused = await person.say("/check theory=11")

    assert "1 到 10" in text_of(refused)


async def test_a_criterion_is_ticked_with_its_evidence_and_can_be_taken_back() -> None:
    person = Person(now=MORNING)
    await person.enrol("starter-30")

    await person.say("阶段评估")
    await person.say("/met local-7b")
    kept = await person.say("https://github.com/me/local-7b")
    back = await person.say("/unmet local-7b")

    assert "证据：https://github.com/me/local-7b" in text_of(kept)
    assert "1/3" in text_of(kept)
    assert "0/3" in text_of(back)


async def test_practice_is_logged_by_number_title_and_count() -> None:
    person = Person(now=MORNING)
    await person.enrol("starter-30")

    by_number = await person.say("刷了 LeetCode 1 和 15")
    by_title = await person.say("/practice 有效的括号")
    counted = await person.say("今天刷了3道题")
    unknown = await person.say("/practice two sums of everything")
    passes = await person.ask_store(passes_of, 1)

    assert "1. 两数之和" in text_of(by_number)
    assert "20. 有效的括号" in text_of(by_title)
    assert "共 6 道" in text_of(counted)
    assert "two sums of everything" in text_of(unknown)
    assert passes["two-sum"] == 1


async def test_undoing_a_task_takes_back_its_own_pass_and_no_other() -> None:
    person = Person(now=MORNING)
    await person.enrol("career-24w", 22)

    await person.say("/practice 1")
    await person.say("/undo leetcode-two-sum")
    logged = await person.ask_store(passes_of, 1)
    await person.say("/done leetcode-valid-anagram")
    person.now = at("2026-11-23 09:05")
    await person.say("/undo leetcode-valid-anagram")
    undone = await person.ask_store(passes_of, 1)

    assert logged == {"two-sum": 1}
    assert undone == {"two-sum": 1}


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        pytest.param("什么是 LoRA？", "低秩", id="what is"),
        pytest.param("difference between BERT and GPT", "BERT", id="difference"),
        pytest.param("学 RAG 之前要先懂什么", "从上往下学", id="before"),
        pytest.param("没有显卡怎么学大模型", "Colab", id="faq"),
        pytest.param("帮我选一条适合我的路线", "1/3", id="recommend"),
        pytest.param("我该从哪里开始学", "定级", id="where to begin"),
        pytest.param("什么是 blockchain consensus", "blockchain consensus", id="unknown concept"),
    ],
)
async def test_questions_are_answered_without_a_model(said: str, answered: str) -> None:
    person = Person(now=MORNING)
    await person.enrol("starter-30")

    assert answered in text_of(await person.say(said))


async def test_a_recommendation_gives_its_reasons_and_starts_with_a_tap() -> None:
    person = Person(now=MORNING)
    await person.say("/start", "/recommend")

    await person.tap("做过大模型应用")
    await person.tap("做出能上线的应用")
    recommended = await person.tap("8 到 15 小时")
    hours = await person.tap("28 周")

    assert "首选" in text_of(recommended)
    assert "写给应用开发者" in text_of(recommended)
    assert "每周" in text_of(hours)


@pytest.mark.parametrize(
    "query",
    ['AND OR NOT "', "NEAR(a b)", "*", "'; drop table resources; --", "（）", "", "x" * 5000],
    ids=["operators", "near", "star", "quote", "brackets", "empty", "5,000 letters"],
)
async def test_any_query_gets_a_useful_answer(query: str) -> None:
    person = Person(now=MORNING)
    await person.enrol("starter-30")

    answer = text_of(await person.say(f"/find {query}"[:3900]))

    assert "出了点意外" not in answer
    assert "这个阶段用到的有" in answer or "🔗" in answer


async def test_more_like_this_and_wishes_are_understood() -> None:
    person = Person(now=MORNING)
    await person.enrol("starter-30")

    found = await person.say("/find LoRA 论文")
    more = await person.tap("更多类似的")
    await person.say("/find 线性代数")
    words = await person.say("还有类似的吗")
    free = await person.say("只要免费的")
    papers = await person.say("/find 只要论文 RAG")

    assert "LoRA" in text_of(found)
    assert "相近的" in text_of(more)
    assert "相近的" in text_of(words)
    assert "🔗" in text_of(free)
    assert "arxiv" in str(papers.messages[0].markup)
