"""What people say in a study group in words of their own, and what comes of it late or never."""

from datetime import timedelta

import pytest

from bot.cohorts.phrases import battle_words, option_in, said_to_group
from bot.cohorts.posting import question_key
from bot.platforms.port import AS_THE_GROUP
from store.cohorts import cohort_at, members_of
from store.rounds import contributions_to, open_round_of, questions_of_round
from store.script import rows
from tests.journeys.circle import (
    ANA,
    BOB,
    CIM,
    GROUP,
    MONDAY,
    TUESDAY,
    Circle,
    has,
    question_of,
    sign,
)
from tests.journeys.people import at, run

# What is meant -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "name", "words"),
    [
        ("开一场抢答", "battle", ""),
        ("抢答赛！", "battle", ""),
        ("抢答 3题 rag", "battle", "3题 rag"),
        ("quiz battle on LoRA", "battle", "on LoRA"),
        ("一起专注25分钟吧", "focus", "25"),
        ("专注半小时", "focus", "30"),
        ("let's focus for 25 minutes", "focus", "25"),
        ("番茄钟", "focus", ""),
        ("小组怎么玩？", "group", ""),
        ("这周学什么", "group", ""),
        ("本周进度", "group", ""),
        ("我要退出小组", "group", ""),
        ("怎么加入", "group", ""),
        ("how do I join?", "group", ""),
        ("What are we studying this week?", "group", ""),
        ("搭档是谁", "partner", ""),
        ("who's my partner?", "partner", ""),
        ("排行榜", "board", ""),
        ("把小组结束掉", "group", "end"),
        ("end the group", "group", "end"),
    ],
)
def test_what_is_asked_of_the_group_needs_no_command(said: str, name: str, words: str) -> None:
    found = said_to_group(said)

    assert found is not None
    assert (found.name, found.text) == (name, words)


@pytest.mark.parametrize(
    "said",
    [
        "LoRA 是什么",
        "专注力怎么提高",
        "注意力机制为什么要除以根号 d",
        "focus on attention heads",
        "抢答是什么意思",
        "what is a battle-tested model",
        "谢谢",
        "我加入了新公司",
        "帮助模型收敛的技巧有哪些",
    ],
)
def test_what_is_about_something_else_is_left_to_others(said: str) -> None:
    assert said_to_group(said) is None


@pytest.mark.parametrize(
    ("said", "count", "topic"),
    [
        ("5 rag", 5, "rag"),
        ("rag 2", 2, "rag"),
        ("3题 rag", 3, "rag"),
        ("来3道题 RAG", 3, "RAG"),
        ("on LoRA", None, "LoRA"),
        ("3 questions about attention", 3, "attention"),
        ("kv cache", None, "kv cache"),
        ("BM25", None, "BM25"),
        ("-3", -3, None),
        ("", None, None),
    ],
)
def test_a_battle_takes_its_words_in_any_order(
    said: str, count: int | None, topic: str | None
) -> None:
    assert battle_words(said) == (count, topic)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("②", 1),
        ("2", 1),
        ("选2", 1),
        ("我选 B", 1),
        ("我觉得是③吧", 2),
        ("为什么①不对？", 0),
        ("why is 2 wrong?", 1),
        ("2 和 3 我都觉得对", None),
        ("a good question", None),
        ("12", None),
    ],
)
def test_an_option_is_named_in_many_ways(said: str, place: int | None) -> None:
    assert option_in(said) == place


# In private, and among others --------------------------------------------------------------------


def test_what_is_typed_in_private_is_not_taken_for_the_groups() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.happen(circle.square.said(BOB, "/start"))
        told = circle.square.posted[-1]

        assert told.address == f"square:{BOB}"
        assert "学习小组" not in told.text

    run(scene())


def test_to_be_quizzed_in_a_group_is_a_battle() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA)

        told = await circle.say(ANA, "考考我")

        assert told is not None
        assert "/battle 5 rag" in told.text

    run(scene())


# Below a question --------------------------------------------------------------------------------


async def with_question() -> tuple[Circle, str]:
    """A group that has been asked its first question, and the question's receipt."""
    circle = Circle()
    await circle.opened(ANA, BOB, CIM)
    asked = await circle.until(at(f"{MONDAY} 09:00"))
    return circle, asked[-1].receipt


@pytest.mark.parametrize(
    ("said", "told"),
    [("②", "按题目下面的编号作答"), ("选2", "按题目下面的编号作答"), ("答案是什么？", "还没揭晓")],
)
def test_an_open_question_is_answered_by_its_buttons(said: str, told: str) -> None:
    async def scene() -> None:
        circle, question = await with_question()

        answer = await circle.say(BOB, said, replied_to=question)

        assert answer is not None
        assert told in answer.text
        assert await circle.ask_store(rows, "select * from round_answers") == []

    run(scene())


def test_people_who_talk_below_a_question_are_left_alone() -> None:
    async def scene() -> None:
        circle, question = await with_question()
        revealed = await circle.until(at(f"{MONDAY} 20:00"))

        assert await circle.say(BOB, "这题好难，我也错了", replied_to=question) is None
        assert await circle.say(BOB, "原来如此", replied_to=revealed[-1].receipt) is None

    run(scene())


def test_below_the_reveal_an_option_is_explained() -> None:
    async def scene() -> None:
        circle, _ = await with_question()
        _, key, order = await question_of(circle, "daily")
        wrong = (key + 1) % len(order)
        revealed = await circle.until(at(f"{MONDAY} 20:00"))

        told = await circle.say(BOB, f"为什么{sign(wrong)}不对", replied_to=revealed[-1].receipt)

        assert told is not None
        assert told.text.startswith(sign(wrong))
        assert len(told.text.splitlines()) == 2

    run(scene())


def test_a_question_of_the_group_can_be_reported() -> None:
    async def scene() -> None:
        circle, question = await with_question()

        told = await circle.say(BOB, "这题有问题，②也对", replied_to=question)

        assert told is not None
        assert "谢谢你指出来" in told.text
        kept = await circle.ask_store(rows, "select note from reports")
        assert [one["note"] for one in kept] == ["这题有问题，②也对"]
        # It is no question of theirs that waits for an answer.
        assert await circle.ask_store(rows, "select * from questions where state = 'open'") == []

    run(scene())


def test_a_single_wrong_answer_points_at_nobody() -> None:
    async def scene() -> None:
        circle, _ = await with_question()
        _, key, order = await question_of(circle, "daily")
        await circle.press(ANA, sign(key))
        await circle.press(BOB, sign((key + 1) % len(order)))
        revealed = await circle.until(at(f"{MONDAY} 20:00"))

        assert "你在实际项目里" in revealed[-1].text

    run(scene())


# Explaining --------------------------------------------------------------------------------------

RAG = "就像开卷考试：先去书架上找到讲这件事的那几页，放在手边，再照着写答案，这样就不容易瞎编。"


async def asked_to_explain() -> tuple[Circle, str, int]:
    """A group on its first Wednesday after the first day, the post, and the round's id."""
    circle = Circle()
    await circle.opened(ANA, BOB, CIM)
    posted = await circle.until(at("2026-11-25 09:00"))
    cohort = await circle.ask_store(cohort_at, [GROUP])
    assert cohort is not None
    opened = await circle.ask_store(open_round_of, cohort.id, "explain")
    assert opened is not None
    return circle, posted[-1].receipt, opened.id


@pytest.mark.parametrize(
    ("said", "told"), [("不知道", "不用全懂"), ("今天中午吃面", "好像不是在讲")]
)
def test_what_explains_nothing_is_neither_praised_nor_kept(said: str, told: str) -> None:
    async def scene() -> None:
        circle, post, id = await asked_to_explain()

        answer = await circle.say(BOB, said, replied_to=post)

        assert answer is not None
        assert told in answer.text
        assert await circle.ask_store(contributions_to, id) == []

    run(scene())


def test_a_better_explanation_may_be_given_below_the_feedback() -> None:
    async def scene() -> None:
        circle, post, id = await asked_to_explain()
        first = await circle.say(BOB, RAG, replied_to=post)
        assert first is not None
        assert has(first, "可以留")

        await circle.say(BOB, RAG + "没有它，模型只能凭记忆猜。", replied_to=first.receipt)

        given = await circle.ask_store(contributions_to, id)
        assert [one.words for one in given] == [RAG + "没有它，模型只能凭记忆猜。"]

    run(scene())


# The course of a cohort --------------------------------------------------------------------------


def test_a_group_that_begins_on_a_wednesday_begins_with_a_question() -> None:
    async def scene() -> None:
        circle = Circle(now=at("2026-11-25 07:00"))
        await circle.say(ANA, "/group start starter-30")
        await circle.press(ANA, "加入")

        posted = await circle.until(at("2026-11-25 09:00"))

        assert "每日一题" in posted[-1].text

    run(scene())


def test_a_group_that_nobody_joined_is_reminded_once() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened()

        posted = await circle.until(at(f"{TUESDAY} 23:00"))

        assert len(posted) == 1
        assert "还差你们" in posted[0].text
        assert posted[0].labels == ("🙋 加入",)

    run(scene())


def test_after_its_last_digest_a_group_is_left_in_peace() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA)
        await circle.until(at("2027-02-28 23:00"), timedelta(hours=3))
        texts = circle.texts()
        ends = [n for n, one in enumerate(texts) if "这条路线走完了" in one]

        assert len(ends) == 1
        assert ends[0] == len(texts) - 1
        shown = await circle.say(ANA, "/group")
        assert shown is not None
        assert "走完了" in shown.text
        assert await circle.until(at("2027-03-10 23:00"), timedelta(hours=3)) == []

    run(scene())


def test_another_curriculum_is_begun_only_when_it_is_confirmed() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)

        asked = await circle.say(ANA, "/group start 24周求职")
        assert asked is not None
        assert "要换成" in asked.text
        before = await circle.ask_store(cohort_at, [GROUP])
        assert before is not None
        assert before.curriculum == "starter-30"

        await circle.press(ANA, "换成这条")
        after = await circle.ask_store(cohort_at, [GROUP])
        assert after is not None
        assert after.curriculum == "career-24w"

    run(scene())


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/group time 8", "每日一题 08:00"),
        ("/group quiet 周末", "免打扰：周六、周日"),
        ("/group quiet 工作日", "免打扰：周一、周二、周三、周四、周五"),
        ("/group time 3:00", "大家都睡了"),
        ("/group start 30天", "开张了"),
        ("/group start 不存在的路线", "没有「不存在的路线」"),
    ],
)
def test_settings_are_said_as_people_say_them(said: str, told: str) -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA)

        answer = await circle.say(ANA, said)

        assert answer is not None
        assert told in answer.text

    run(scene())


def test_who_joins_hears_what_comes_next() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened()

        told = await circle.press(BOB, "加入")

        assert "接下来" in told
        assert "09:00 每日一题" in told

    run(scene())


def test_a_name_has_no_signs_that_turn_the_words_around_it() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened()
        token = circle.square.posted[-1].token("加入")
        name = "\u202eevil\u200b\nname\u2066"
        await circle.happen(circle.square.pressed(BOB, token, GROUP, name=name))
        cohort = await circle.ask_store(cohort_at, [GROUP])
        assert cohort is not None

        assert [one.name for one in await circle.ask_store(members_of, cohort.id)] == ["evil name"]

    run(scene())


def test_a_nickname_belongs_to_one() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        await circle.say(ANA, "/board 小鹿")

        told = await circle.say(BOB, "/board 小鹿")

        assert told is not None
        assert "已经有人用了" in told.text

    run(scene())


# Battles -----------------------------------------------------------------------------------------


def test_a_battle_that_nobody_plays_ends_after_two_questions() -> None:
    async def scene() -> None:
        circle = Circle(now=at(f"{MONDAY} 12:00"))
        await circle.opened(ANA)
        await circle.say(ANA, "/battle 5")
        await circle.until(circle.now + timedelta(minutes=5), timedelta(seconds=5))

        asked = await circle.ask_store(rows, "select * from round_questions")
        assert len(asked) == 2
        assert "抢答结束" in circle.texts()[-1]

    run(scene())


def test_a_battle_that_stood_still_for_long_ends_instead_of_going_on() -> None:
    async def scene() -> None:
        circle = Circle(now=at(f"{MONDAY} 22:00"))
        await circle.opened(ANA, BOB)
        await circle.say(ANA, "/battle 5")
        await circle.press(BOB, "①")
        circle.now += timedelta(hours=5)
        await circle.restart()
        await circle.tick()

        cohort = await circle.ask_store(cohort_at, [GROUP])
        assert cohort is not None
        assert await circle.ask_store(open_round_of, cohort.id, "battle") is None
        assert "抢答结束" in circle.texts()[-1]

    run(scene())


@pytest.mark.parametrize("said", ["/battle -3", "/battle 0", "抢答 0 题"])
def test_a_battle_has_at_least_one_question(said: str) -> None:
    async def scene() -> None:
        circle = Circle(now=at(f"{MONDAY} 12:00"))
        await circle.opened(ANA)

        told = await circle.say(ANA, said)

        assert told is not None
        assert "1 到 10 道题" in told.text

    run(scene())


def test_a_question_that_could_not_be_posted_in_time_is_not_posted_late() -> None:
    async def scene() -> None:
        circle, _ = await with_question()
        cohort = await circle.ask_store(cohort_at, [GROUP])
        assert cohort is not None
        opened = await circle.ask_store(open_round_of, cohort.id, "daily")
        assert opened is not None
        (question,) = await circle.ask_store(questions_of_round, opened.id)
        (post,) = await circle.ask_store(
            rows, "select expires_at from outbox where key = :key", key=question_key(question)
        )

        assert post["expires_at"] == at(f"{MONDAY} 20:00").timestamp()

    run(scene())


# Speaking as the group ---------------------------------------------------------------------------


def test_whoever_speaks_as_the_group_decides_for_it_and_is_no_member() -> None:
    async def scene() -> None:
        circle = Circle()
        circle.square.administrators.add((GROUP, AS_THE_GROUP))

        begun = await circle.say(AS_THE_GROUP, "/group start starter-30")
        assert begun is not None
        assert "开张了" in begun.text

        joined = await circle.say(AS_THE_GROUP, "/join")
        assert joined is not None
        assert "匿名" in joined.text
        assert await circle.ask_store(rows, "select * from learners") == []

    run(scene())
