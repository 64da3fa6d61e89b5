"""A Markdown plan becomes a curriculum: what is read, what is guessed, what is told."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.curriculum import Curriculum, Kind, Task
from store.authoring.importing import Imported, PlanError, Wishes, import_text, read_plan

PLAN = Path(__file__).parent.parent / "data" / "plan.md"


def imported(text: str, **wishes: object) -> Imported:
    return import_text(text, "plan.md", Wishes(**wishes))  # type: ignore[arg-type] # as written


def curriculum(text: str, **wishes: object) -> Curriculum:
    return imported(text, **wishes).curriculum


def only_task(item: str) -> Task:
    (task,) = (one for one in curriculum(f"# Plan\n{item}").tasks if one.session == 1)
    return task


@pytest.fixture(scope="module")
def plan() -> Imported:
    return import_text(read_plan(PLAN), PLAN.name, Wishes(id="rust"))


def test_phases_are_stages_and_weeks_are_units(plan: Imported) -> None:
    assert [len(stage.units) for stage in plan.curriculum.stages] == [2, 1, 2]
    assert plan.curriculum.units[1].title.en == "Week 2: no_std and the first LED"
    assert [stage.period.zh for stage in plan.curriculum.stages] == [
        *("第1-2周", "weeks 3-4", "weeks 5-6"),
    ]


def test_what_stands_below_the_title_tells_what_whom_and_how_long(plan: Imported) -> None:
    assert plan.curriculum.summary.zh.startswith("从点亮一颗 LED")
    assert plan.curriculum.audience.zh == "会写 C 或 Python、没碰过 Rust 的工程师。"
    assert plan.curriculum.hours == 8


def test_goals_topics_criteria_and_milestones_are_known_by_their_headings(plan: Imported) -> None:
    first, second, third = plan.curriculum.stages

    assert [goal.zh for goal in first.goals] == [
        "能解释所有权、借用和生命周期",
        "能把程序烧录到开发板",
    ]
    assert [point.zh for point in first.units[0].topics[0].points] == [
        "所有权与借用",
        "Result 与 ? 运算符",
    ]
    assert len(first.units[0].criteria) == 2
    assert [one.zh for one in second.criteria] == ["驱动通过 CI", "功耗低于 20 mA"]
    assert third.milestone.zh == "一个运行了七天的节点，和它的数据图"


def test_what_is_read_rather_than_done_becomes_a_section(plan: Imported) -> None:
    assert [one.title.zh for one in plan.curriculum.sections] == ["学习方法", "资料 Resources"]


def test_a_unit_without_check_boxes_takes_its_list_as_tasks(plan: Imported) -> None:
    first = plan.curriculum.stages[1].units[0].tasks[0]

    assert first.title.zh == "学习 I2C 与 SPI 的时序"


def test_what_finds_no_place_is_told_with_its_line(plan: Imported) -> None:
    assert [(one.line, one.what) for one in plan.leftovers] == [
        (66, "table row"),
        (68, "table row"),
        (81, "code"),
    ]


def test_ids_begin_with_the_curriculums(plan: Imported) -> None:
    assert all(task.id.startswith("rust-") for task in plan.curriculum.tasks)
    assert plan.curriculum.tasks[0].id == "rust-rustup-probe-rs"


def test_a_title_without_latin_words_is_named_by_its_place() -> None:
    tasks = curriculum("# P\n## 第一阶段\n### 第1周\n- [ ] 背单词\n- [ ] 练听力", id="fr").tasks

    assert [task.id for task in tasks] == ["fr-s1-u1-t1", "fr-s1-u1-t2"]


@pytest.mark.parametrize(
    ("item", "minutes", "sessions"),
    [
        pytest.param("- [ ] Read chapter 2 (45 min)", 45, 1, id="minutes"),
        pytest.param("- [ ] Read chapter 2, 2h", 120, 1, id="hours"),
        pytest.param("- [ ] 读第二章（2 小时）", 120, 1, id="小时"),
        pytest.param("- [ ] 读第二章 30分钟", 30, 1, id="分钟"),
        pytest.param("- [ ] 读第二章（约1.5小时）", 90, 1, id="a fraction"),
        pytest.param("- [ ] 读第二章（1小时30分）", 90, 1, id="hours and minutes"),
        pytest.param("- [ ] 读第二章（半小时）", 30, 1, id="half an hour"),
        pytest.param("- [ ] Read chapter 2 (1-2 h)", 90, 1, id="the middle of a range"),
        pytest.param("- [ ] Read chapter 2 (1 min)", 5, 1, id="less than a task"),
        pytest.param("- [ ] Read the whole book (8h)", 120, 4, id="more than a task"),
        pytest.param("- [ ] Read everything (900h)", 240, 12, id="more than any task"),
        pytest.param("- [ ] Read chapter 2", 30, 1, id="the usual for reading"),
        pytest.param("- [ ] 理解注意力 (1-10分)", 45, 1, id="points are no minutes"),
    ],
)
def test_minutes_are_read_from_the_text(item: str, minutes: int, sessions: int) -> None:
    task = only_task(item)

    assert (task.minutes, task.sessions) == (minutes, sessions)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("读论文 Attention", Kind.READING),
        ("Read the book", Kind.READING),
        ("刷题：两数之和", Kind.LEETCODE),
        ("写博客讲清借用", Kind.WRITING),
        ("Build a chat app", Kind.PROJECT),
        ("项目：温度计", Kind.PROJECT),
        ("写一个驱动", Kind.PRACTICE),
        ("理解反向传播", Kind.THEORY),
        ("Mock interview with a friend", Kind.INTERVIEW),
        ("Answer a question on the forum", Kind.COMMUNITY),
        ("C major scale", Kind.PRACTICE),
    ],
)
def test_the_kind_is_guessed_from_words(text: str, kind: Kind) -> None:
    assert only_task(f"- [ ] {text}").kind is kind


def test_a_link_moves_into_the_details() -> None:
    task = only_task("- [ ] Do the [rustlings](https://a.example/r) and https://b.example/x")

    assert task.title.en == "Do the rustlings and"
    assert task.details is not None
    assert task.details.en == "https://a.example/r; https://b.example/x"


def test_what_is_nested_below_a_task_says_how_and_when_it_is_done() -> None:
    task = only_task("- [ ] Run it\n  - on your own machine\n  - Done when: it prints 42")

    assert task.details is not None
    assert task.details.en == "on your own machine"
    assert task.done_when.en == "it prints 42"


def test_a_ticked_box_is_still_a_task_and_said_to_be_one() -> None:
    result = imported("# P\n- [x] Install it\n- [ ] Run it")

    assert len(result.curriculum.tasks) == 2
    assert any("line 2: ticked already" in guess for guess in result.guesses)


def test_weeks_alone_are_units_of_one_stage() -> None:
    (stage,) = curriculum("# P\n## Week 1\n- [ ] a b c\n## Week 2\n- [ ] d e f").stages

    assert [unit.title.en for unit in stage.units] == ["Week 1", "Week 2"]


def test_a_list_below_a_title_alone_is_one_unit() -> None:
    assert len(curriculum("# P\n- tune it\n- play it").units) == 1


def test_an_overview_of_the_stages_does_not_double_them() -> None:
    text = "# P\n## 概览\n### 第一阶段\n- 基础\n## 详细\n### 第一阶段\n#### 第1周\n- [ ] 读书"

    (stage,) = curriculum(text).stages

    assert [point.zh for topic in stage.topics for point in topic.points] == ["基础"]
    assert [unit.title.zh for unit in stage.units] == ["第1周"]


def test_the_plans_language_is_seen_and_may_be_said() -> None:
    assert curriculum("# 学吉他\n- [ ] 调音").languages == ("zh",)
    assert curriculum("# Guitar\n- [ ] tune").languages == ("en",)
    assert curriculum("# Guitar\n- [ ] tune", language="zh").tasks[0].evidence.zh.startswith("运行")


# Refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "told"),
    [
        pytest.param(b"", "plan.md:1: expected a Markdown plan, found an empty file", id="empty"),
        pytest.param(b"# A plan\nand a text", "with lines such as '- [ ] ", id="no list"),
        pytest.param("# 计划".encode("gbk"), "expected UTF-8 text, found byte 2", id="GBK"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0", "found binary data (byte 8 is zero)", id="binary"),
        pytest.param(b"- x\n" * 500_001, "expected at most 1 MB, found 2.0 MB", id="2 MB"),
        pytest.param(
            b"# P\n- [ ] Review\n- [ ] review",
            "plan.md:3: expected a title that no other task has, found that of line 2: 'review'",
            id="a title twice",
        ),
        pytest.param(b">" * 200 + b"- x", "at most 40 deep", id="nested too deep"),
    ],
)
def test_bad_input_is_told_in_one_sentence(tmp_path: Path, written: bytes, told: str) -> None:
    path = tmp_path / "plan.md"
    path.write_bytes(written)

    with pytest.raises(PlanError) as error:
        import_text(read_plan(path), path.name, Wishes())

    (problem,) = error.value.problems
    assert told in problem
    assert "\n" not in problem


@pytest.mark.parametrize("id", ["Rust", "a_b", "-a", "template", "concepts", "a" * 25])
def test_an_id_that_cannot_be_a_folder_of_its_own_is_refused(id: str) -> None:
    with pytest.raises(PlanError, match="--id: expected"):
        imported("# P\n- [ ] x", id=id)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="expected a readable file, found: No such file"):
        read_plan(tmp_path / "plan.md")


# Laws ---------------------------------------------------------------------------------------------

STARTS = ["# ", "## ", "### ", "#### ", "- [ ] ", "- [x] ", "- ", "  - ", "  - [ ] ", "1. ", ""]
STARTS += ["**", "> ", "| ", "目标：", "里程碑：", "Criteria: ", "    "]
HEADS = ["第1周", "Week 2", "Phase 1", "第一阶段", "Goals", "学习内容", "任务", "项目", "资料"]
HEADS += ["完成标准", "Milestone", "Checklist", "目录", "Tips", "", "", ""]


@st.composite
def plans(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A plan's text, and words that each stand in it once."""
    lines, words = [], []
    for number in range(draw(st.integers(1, 14))):
        start = draw(st.sampled_from(STARTS))
        head = draw(st.sampled_from(HEADS))
        word = f"word{number}x"
        is_bare = draw(st.booleans()) and head and start.startswith("#")
        lines.append(f"{start}{head if is_bare else f'{head} {word}'.strip()}")
        lines[-1] += "：**" if start == "**" else ""
        words += [] if is_bare else [word]
        if draw(st.booleans()):
            lines.append("")
    return "\n".join(lines), words


@given(plans())
def test_nothing_is_dropped_in_silence(plan: tuple[str, list[str]]) -> None:
    text, words = plan
    try:
        result = imported(text)
    except PlanError:
        return
    held = json.dumps([result.head, result.stages], ensure_ascii=False)
    told = " ".join(one.text for one in result.leftovers)

    assert [word for word in words if word not in held and word not in told] == []


@given(st.one_of(st.text(), plans().map(lambda plan: plan[0])))
def test_any_text_is_imported_or_refused_in_a_sentence(text: str) -> None:
    problems: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    try:
        tasks = imported(text).curriculum.tasks
    except PlanError as error:
        problems = error.problems

    assert bool(tasks) is not bool(problems)
    assert all("expected" in one and "\n" not in one for one in problems)
