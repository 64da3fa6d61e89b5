"""Study groups: opened, joined, asked, and left again."""

from datetime import timedelta

import pytest

from learning.quiz.cards import Rating
from store.accounts import join
from store.cards import cards_of
from store.cohorts import cohort_at, count_members, members_of
from store.rounds import contributions_to, notes_of, open_round_of
from store.script import row, rows
from tests.fakes.square import Posted, Square
from tests.journeys.circle import (
    ANA,
    BOB,
    CIM,
    DAN,
    EVE,
    GROUP,
    MONDAY,
    SUNDAY,
    TUESDAY,
    WEDNESDAY,
    Circle,
    has,
    question_of,
    sign,
)
from tests.journeys.people import at, run
from tools.cohorts.questions import GRACE_SECONDS, SECONDS_A_QUESTION

QUESTIONS = "select id from questions where learner = :id"
PRIVATE = ("我今天学什么", "第一个做完了", "/today", "导出我的数据", "我叫小安", "好累啊")


@pytest.mark.parametrize("words", ["stop", "close", "结束", "解散", "END"])
def test_a_group_is_ended_by_whatever_word_people_use(words: str) -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA)

        asked = await circle.say(ANA, f"/group {words}")
        assert asked is not None
        assert any("结束" in label for label in asked.labels)

    run(scene())


def test_only_an_administrator_opens_a_study_group() -> None:
    async def scene() -> None:
        circle = Circle()

        told = await circle.say(BOB, "/group start starter-30")
        assert told is not None
        assert told.text == "这件事要由这里的管理员来定。"
        assert await circle.ask_store(cohort_at, [GROUP]) is None

        shown = await circle.say(ANA, "/group start starter-30 2026-11-23")
        assert shown is not None
        assert "学习小组开张了" in shown.text
        assert "私聊里的内容不会出现在这里" in shown.text

    run(scene())


def test_without_a_curriculum_an_administrator_chooses_from_the_list() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.say(ANA, "/group start")

        assert await circle.press(BOB, "30 天启动计划") == "这件事要由这里的管理员来定。"
        await circle.press(ANA, "30 天启动计划")

        cohort = await circle.ask_store(cohort_at, [GROUP])
        assert cohort is not None
        assert cohort.curriculum == "starter-30"

    run(scene())


def test_beginning_the_same_once_more_keeps_its_first_day() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA)
        circle.now = at("2026-12-08 12:00")

        shown = await circle.say(ANA, "/group start starter-30")

        assert shown is not None
        assert "第 3 周" in shown.text

    run(scene())


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/group time 8:30", "每日一题 08:30"),
        ("/group reveal 21:15", "21:15 揭晓"),
        ("/group evening 22:00", "22:00 点名"),
        ("/group digest 周六 19:00", "周六 19:00 周报"),
        ("/group quiet sat,sun", "免打扰：周六、周日"),
        ("/group posts 2", "每天最多主动发 2 条"),
        ("/group zone Europe/London", "Europe/London"),
        ("/group language en", "Question"),
        ("/group time 21:00", "要晚于出题"),
        ("/group posts 99", "填 0 到 6"),
        ("/group wibble", "没看懂"),
        ("/group quiet mon,tue,wed,thu,fri,sat,sun", "留一天"),
    ],
)
def test_an_administrator_changes_the_times(said: str, told: str) -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA)

        answer = await circle.say(ANA, said)

        assert answer is not None
        assert told.lower() in answer.text.lower()

    run(scene())


def test_everybody_joins_by_their_own_button_and_leaving_forgets_them() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        cohort = await circle.ask_store(cohort_at, [GROUP])
        assert cohort is not None
        assert [one.name for one in await circle.ask_store(members_of, cohort.id)] == ["P1", "P2"]

        told = await circle.press(BOB, "退出")

        assert "都删掉了" in told
        assert await circle.ask_store(count_members, cohort.id) == 1
        bob = (await circle.learner(BOB)).id
        left = await circle.ask_store(rows, "select * from members where learner = :id", id=bob)
        assert not left

    run(scene())


def test_the_daily_question_hides_answers_and_misses_come_back_in_private() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB, CIM)
        asked = await circle.until(at(f"{MONDAY} 09:00"))
        assert "每日一题" in asked[-1].text
        id, key, order = await question_of(circle, "daily")
        wrong = (key + 1) % len(order)

        assert await circle.press(ANA, sign(key)) == f"记下了：{sign(key)}。揭晓前不公开。"
        assert await circle.press(BOB, sign(wrong)) == f"记下了：{sign(wrong)}。揭晓前不公开。"
        # A second answer does not take the first one's place.
        assert "以第一次为准" in await circle.press(BOB, sign(key))
        assert "先加入小组" in await circle.press(DAN, sign(key))

        told = await circle.until(at(f"{MONDAY} 20:00"))
        assert "2 人作答，1 人答对" in told[-1].text
        assert "💬" in told[-1].text
        # Two answers say who chose what: how they are spread is not told.
        assert "1 人\n" not in told[-1].text

        item = await circle.ask_store(row, "select item from round_questions where id = :id", id=id)
        assert item is not None
        bob, ana = await circle.learner(BOB), await circle.learner(ANA)
        assert item["item"] in await circle.ask_store(cards_of, bob.id, [item["item"]])
        assert not await circle.ask_store(cards_of, ana.id, [item["item"]])
        kept = await circle.ask_store(
            rows, "select rating, verdict from questions where learner = :id", id=bob.id
        )
        assert [(one["verdict"], one["rating"]) for one in kept] == [("wrong", Rating.AGAIN)]

        await circle.until(at(f"{TUESDAY} 08:00"))
        kept = await circle.ask_store(rows, QUESTIONS, id=bob.id)
        assert len(kept) == 1

    run(scene())


def test_a_day_has_three_posts_and_a_group_can_have_fewer() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)

        await circle.until(at("2026-12-06 23:30"))

        found = await circle.ask_store(
            rows,
            "select (created_at + 28800) / 86400 as day, count(*) as count "
            "from outbox where kind = 'group' and created_at > :since group by day",
            since=int(at(f"{MONDAY} 00:00").timestamp()),
        )
        assert max(one["count"] for one in found) == 3
        await circle.say(ANA, "/group posts 1")
        before = len(circle.square.posted)
        await circle.until(at("2026-12-07 23:30"))
        # A question without its answer would be half a post: only the roll-call is left.
        assert [has(one, "完成") for one in circle.square.posted[before:]] == [True]

    run(scene())


def test_on_quiet_days_the_mentor_does_not_speak_first_in_the_group() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        await circle.say(ANA, "/group quiet mon,tue")

        posts = await circle.until(at(f"{TUESDAY} 23:00"))

        assert posts == []

    run(scene())


def test_a_battle_closes_by_itself_and_shows_the_best_three() -> None:
    async def scene() -> None:
        circle = Circle(now=at(f"{MONDAY} 12:00"))
        await circle.opened(ANA, BOB, CIM, DAN)
        begun = await circle.say(ANA, "/battle 2 rag")
        assert begun is not None
        assert "抢答赛 1/2" in begun.text
        again = await circle.say(BOB, "/battle")
        assert again is not None
        assert "已经有一场抢答" in again.text

        for place in (1, 2):
            _, key, order = await question_of(circle, "battle")
            await circle.press(ANA, sign(key))
            await circle.press(BOB, sign(key) if place == 1 else sign((key + 1) % len(order)))
            await circle.press(CIM, sign((key + 1) % len(order)))
            circle.now += timedelta(seconds=SECONDS_A_QUESTION + GRACE_SECONDS)
            await circle.tick()

        result = circle.square.posted[-1].text
        assert "3 人参加，一共答了 6 次，答对 3 次" in result
        assert "🥇 P1　2/2" in result
        # Of three the second and third would be the lower half.
        assert "P2" not in result
        assert "P3" not in result
        cim = await circle.learner(CIM)
        missed = await circle.ask_store(rows, QUESTIONS, id=cim.id)
        assert len(missed) == 2
        assert "已经收卷" in await circle.press(DAN, "①")

    run(scene())


def test_a_battle_goes_on_after_a_restart() -> None:
    async def scene() -> None:
        circle = Circle(now=at(f"{MONDAY} 12:00"))
        await circle.opened(ANA, BOB, CIM)
        await circle.say(ANA, "/battle 1 rag")
        _, key, _ = await question_of(circle, "battle")
        await circle.press(ANA, sign(key))

        await circle.restart()
        await circle.press(BOB, sign(key))
        circle.now += timedelta(seconds=SECONDS_A_QUESTION + GRACE_SECONDS)
        await circle.tick()

        assert "2 人参加，一共答了 2 次，答对 2 次" in circle.square.posted[-1].text

    run(scene())


def test_a_small_group_need_not_wait_once_everybody_has_answered() -> None:
    async def scene() -> None:
        circle = Circle(now=at(f"{MONDAY} 12:00"))
        await circle.opened(ANA, BOB)
        await circle.say(ANA, "/battle 1 rag")

        await circle.press(ANA, "①")
        await circle.press(BOB, "②")
        await circle.tick()

        assert "抢答结束" in circle.square.posted[-1].text

    run(scene())


@pytest.mark.parametrize("said", ["抢答 3 题 RAG", "抢答赛 来3道题 RAG", "/battle 3 RAG"])
def test_a_battle_is_begun_in_words_as_well(said: str) -> None:
    async def scene() -> None:
        circle = Circle(now=at(f"{MONDAY} 12:00"))
        await circle.opened(ANA)

        begun = await circle.say(ANA, said)

        assert begun is not None
        assert "抢答赛 1/3" in begun.text

    run(scene())


def test_help_names_what_somebody_is_stuck_on_only_when_they_agree() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        await circle.happen(circle.square.said(BOB, "/start"))
        await circle.happen(circle.square.said(BOB, "/start ok starter-30 10h 2026-11-23"))
        await circle.until(at(f"{MONDAY} 21:00"))
        await circle.happen(circle.square.said(BOB, "/stuck 1 形状对不上"))

        await circle.press(BOB, "求助")
        called = circle.square.posted[-1]
        assert "有同学想找人搭把手" in called.text
        assert "形状对不上" not in "".join(circle.texts())
        assert called.message.thread == "求助"

        assert "不是" not in await circle.press(ANA, "我来说卡在哪")
        # A double tap is no consent.
        for _ in range(2):
            offered = await circle.press(BOB, "我来说卡在哪")
            assert "形状对不上" in offered
            assert "形状对不上" not in "".join(circle.texts())
        circle.now += timedelta(seconds=5)

        await circle.press(BOB, "我来说卡在哪")
        told = circle.square.posted[-1]
        assert "形状对不上" in told.text
        assert told.message.under == called.receipt

    run(scene())


def test_the_button_of_somebody_elses_trouble_does_nothing() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        await circle.until(at(f"{MONDAY} 21:00"))
        await circle.press(BOB, "求助")

        assert "给别人的" in await circle.press(ANA, "我来说卡在哪")

    run(scene())


def test_a_line_below_the_roll_call_stands_with_the_task_of_today() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        await circle.happen(circle.square.said(BOB, "/start"))
        await circle.happen(circle.square.said(BOB, "/start ok starter-30 10h 2026-11-23"))
        posts = await circle.until(at(f"{MONDAY} 21:00"))
        await circle.happen(circle.square.said(BOB, "/done 1"))
        roll = next(one for one in reversed(posts) if has(one, "完成"))

        told = await circle.say(BOB, "跑通了 hello.py，输出 3.14", replied_to=roll.receipt)

        assert told is not None
        assert "写进了你今天完成的任务" in told.text
        kept = await circle.ask_store(rows, "select evidence from completions")
        assert [one["evidence"] for one in kept] == ["跑通了 hello.py，输出 3.14"]

    run(scene())


def test_a_focus_round_ends_and_asks_for_one_line() -> None:
    async def scene() -> None:
        circle = Circle(now=at(f"{MONDAY} 12:00"))
        await circle.opened(ANA, BOB)
        begun = await circle.say(ANA, "/focus 25")
        assert begun is not None
        assert "到 12:25" in begun.text
        assert await circle.press(BOB, "🍅") == "算你一个，开始吧。"

        circle.now += timedelta(minutes=25)
        await circle.tick()

        over = circle.square.posted[-1]
        assert "25 分钟到了，这一轮有 2 人" in over.text
        told = await circle.say(BOB, "写完了 BPE 的合并", replied_to=over.receipt)
        assert told is not None
        assert "记下了" in told.text

    run(scene())


EXPLANATION = (
    "Python 环境就像给每道菜单独准备一个厨房：这道菜要的调料放这里，那道菜的放那里，互不串味。"
    "这样装新包不会把旧项目弄坏，换台电脑也能照着清单重新布置。"
)


def test_the_best_explanation_stays_as_a_note_when_its_author_agrees() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        posts = await circle.until(at(f"{WEDNESDAY} 12:00"))
        asked = posts[-1]
        assert "这周轮到讲" in asked.text

        heard = await circle.say(BOB, EXPLANATION, replied_to=asked.receipt)
        assert heard is not None
        assert "有例子或比方" in heard.text
        await circle.say(ANA, "不会", replied_to=asked.receipt)
        assert "给别人的" in await circle.send(ANA, heard.token("可以留"))
        assert "小组笔记" in await circle.send(BOB, heard.token("可以留"))

        digest = (await circle.until(at(f"{SUNDAY} 21:00")))[-1]

        assert "这周留下的笔记" in digest.text
        assert "谢谢 P2" in digest.text or "谢谢 P1、P2" in digest.text
        notes = await circle.say(ANA, "/notes")
        assert notes is not None
        assert "（P2）" in notes.text

    run(scene())


def test_an_explanation_that_may_not_be_kept_is_not() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        asked = (await circle.until(at(f"{WEDNESDAY} 12:00")))[-1]
        await circle.say(BOB, EXPLANATION, replied_to=asked.receipt)

        await circle.until(at(f"{SUNDAY} 21:00"))

        assert await circle.ask_store(notes_of, 1, 5) == []

    run(scene())


def test_pods_are_made_by_an_administrator_and_pairs_are_asked_without_names() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB, CIM, DAN)
        refused = await circle.say(BOB, "/pods")
        assert refused is not None
        assert "管理员" in refused.text
        formed = await circle.say(ANA, "/pods")
        assert formed is not None
        assert all(name in formed.text for name in ("P1", "P2", "P3", "P4"))

        await circle.until(at(f"{WEDNESDAY} 20:30"))
        asked = circle.square.posted[-1]
        assert "搭档交换" in asked.text
        assert "上周" not in asked.text
        await circle.press(ANA, "看过了")
        await circle.until(at("2026-12-02 20:30"))
        later = circle.square.posted[-1]

        assert "上周有的搭档没碰上头" in later.text
        assert not any(name in later.text for name in ("P1", "P2", "P3", "P4"))
        assert "换一位搭档" in await circle.press(BOB, "想换搭档")
        partner = await circle.say(BOB, "/partner")
        assert partner is not None
        assert "还没有搭档" in partner.text

        # With the next exchange nobody is alone, whoever came later included.
        await circle.say(EVE, "/join")
        await circle.until(at("2026-12-09 20:30"))
        for one in (BOB, CIM, DAN, EVE):
            partner = await circle.say(one, "/partner")
            assert partner is not None
            assert "你的搭档" in partner.text

    run(scene())


def test_the_board_shows_nicknames_of_those_who_want_it_and_nobody_at_the_bottom() -> None:
    async def scene() -> None:
        circle = Circle()
        people = list(range(1, 9))
        await circle.opened(*people)
        empty = await circle.say(ANA, "/board")
        assert empty is not None
        assert "努力榜还空着" in empty.text
        for one in people[:6]:
            await circle.say(one, f"/board 昵称{one}")
        await circle.until(at(f"{MONDAY} 09:30"))
        for one in (1, 2, 7):
            await circle.press(one, "①")
        await circle.until(at(f"{MONDAY} 21:00"))
        await circle.press(1, "完成")

        shown = await circle.say(5, "/board")

        assert shown is not None
        assert "1. 昵称1　4 分" in shown.text
        assert "2. 昵称2　2 分" in shown.text
        assert not any(f"昵称{n}" in shown.text for n in (3, 4, 5, 6))
        assert "P7" not in shown.text
        # All read along: how whoever asks stands is not told.
        assert "你这周" not in shown.text

    run(scene())


@pytest.mark.parametrize("nickname", ["@all", "http://x.example", "a" * 21, "。。。", "[x](y)"])
def test_a_nickname_is_a_name(nickname: str) -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA)

        told = await circle.say(ANA, f"/board {nickname}")

        assert told is not None
        assert "昵称用 1 到 20 个字" in told.text

    run(scene())


def test_a_question_is_answered_below_it_and_private_matters_are_not() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA)

        answered = await circle.say(BOB, "LoRA 是什么")
        assert answered is not None
        assert "低秩" in answered.text
        assert answered.message.under
        assert answered.message.thread == "LoRA 是什么"
        assert answered.labels == ()

        for private in (
            "我今天学什么",
            "第一个做完了",
            "/today",
            "导出我的数据",
            "我叫小安",
            "好累啊",
        ):
            told = await circle.say(ANA, private)
            assert told is not None
            assert "私聊里说" in told.text

        kept = await circle.ask_store(rows, "select * from messages")
        assert kept == []

    run(scene())


def test_a_group_that_moved_keeps_its_cohort() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        new = "square:-777"
        circle.square.moved[GROUP] = new

        await circle.until(at(f"{MONDAY} 09:00"))

        assert "每日一题" in circle.square.at(new)[-1].text
        assert "记下了" in await circle.press(BOB, "①", new)
        told = await circle.until(at(f"{MONDAY} 20:00"))
        assert told[-1].address == new

    run(scene())


def test_a_group_that_threw_us_out_is_left_alone_until_it_speaks_again() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        circle.square.gone.add(GROUP)
        await circle.until(at(f"{TUESDAY} 23:00"))
        tried = await circle.ask_store(
            rows, "select state from outbox where kind = 'group' and state = 'failed'"
        )
        # The question alone: of what nobody has seen, nothing is revealed.
        assert len(tried) == 1

        circle.square.gone.clear()
        await circle.say(ANA, "/group")
        asked = await circle.until(at("2026-11-26 10:00"))

        assert any("每日一题" in one.text or "轮到讲" in one.text for one in asked)
        cohort = await circle.ask_store(cohort_at, [GROUP])
        assert cohort is not None
        assert await circle.ask_store(count_members, cohort.id) == 2

    run(scene())


def test_ending_a_group_is_asked_twice_and_forgets_it() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        await circle.until(at(f"{MONDAY} 21:30"))
        await circle.press(BOB, "完成")

        await circle.say(ANA, "/group end")
        assert await circle.press(BOB, "结束并删除") == "这件事要由这里的管理员来定。"
        await circle.press(ANA, "结束并删除")

        for table in ("cohorts", "members", "rounds", "contributions", "cohort_clocks"):
            left = await circle.ask_store(rows, f"select * from {table}")  # noqa: S608 -- our names
            assert left == []

    run(scene())


def test_where_answers_are_whispered_a_command_still_posts_to_all() -> None:
    async def scene() -> None:
        circle = Circle(square=Square(whispers_commands=True))
        await circle.say(ANA, "/group start starter-30 2026-11-23")
        own = circle.square.at("square:1")
        assert own[-1].text == "好，发在小组里了。"
        assert "学习小组开张了" in circle.texts()[-1]
        await circle.press(BOB, "加入")

        await circle.say(BOB, "/today")

        assert "私聊里说" not in circle.square.at("square:2")[-1].text
        assert len(circle.texts()) == 1

    run(scene())


def test_a_member_with_a_past_in_the_group_begins_in_private_like_anybody() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(BOB)

        await circle.happen(circle.square.said(BOB, "你好"))

        assert circle.square.at("square:2")[-1].labels

    run(scene())


def test_what_was_given_to_a_roll_call_can_be_changed_while_it_is_open() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA)
        await circle.until(at(f"{MONDAY} 21:00"))
        await circle.press(ANA, "一半")
        await circle.press(ANA, "完成")

        opened = await circle.ask_store(open_round_of, 1, "roll")
        assert opened is not None
        given = await circle.ask_store(contributions_to, opened.id)

        assert [one.choice for one in given] == ["done"]

    run(scene())


async def _told(circle: Circle, text: str) -> Posted:
    told = await circle.say(BOB, text)
    assert told is not None
    return told


def test_code_shown_to_the_mentor_is_reviewed_in_a_thread_and_kept_nowhere() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)

        told = await _told(circle, "```python\ntry:\n    train()\nexcept:\n    pass\n```")

        assert "except" in told.text
        assert told.message.thread == "代码点评"
        assert told.message.under
        assert await circle.ask_store(rows, "select * from submissions") == []

    run(scene())


def test_a_key_in_a_group_is_told_of_at_once() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA)

        told = await _told(circle, "我的密钥是 sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD")

        assert "密钥" in told.text

    run(scene())


def test_a_groups_command_in_private_says_where_it_belongs() -> None:
    async def scene() -> None:
        circle = Circle()

        await circle.happen(circle.square.said(BOB, "/start"))
        await circle.happen(circle.square.said(BOB, "/battle 5 rag"))

        assert "要在学习小组里用" in circle.square.at("square:2")[-1].text

    run(scene())


def test_joined_accounts_keep_their_place_in_the_group() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        await circle.happen(circle.square.said(CIM, "/start"))
        bob, cim = await circle.learner(BOB), await circle.learner(CIM)

        await circle.ask_store(join, bob.id, cim.id)

        assert [one.learner for one in await circle.ask_store(members_of, 1)] == [ANA, cim.id]
        assert (await circle.learner(BOB)).id == cim.id

    run(scene())


def test_words_of_crisis_below_a_post_are_heard_before_a_line_of_evidence() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        roll = (await circle.until(at(f"{MONDAY} 21:00")))[-1]

        told = await circle.say(BOB, "我不想活了", replied_to=roll.receipt)

        assert told is not None
        assert "12356" in told.text
        assert await circle.ask_store(rows, "select words from contributions") == []

    run(scene())


def test_what_is_answered_to_a_call_for_help_is_nobodys_evidence() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)
        await circle.until(at(f"{MONDAY} 21:00"))
        await circle.press(BOB, "求助")
        called = circle.square.posted[-1]

        assert await circle.say(ANA, "我来帮你看看", replied_to=called.receipt) is None

        kept = await circle.ask_store(rows, "select words from contributions")
        assert [one["words"] for one in kept] == [None]

    run(scene())


def test_a_group_is_not_told_the_zone_of_who_opens_it() -> None:
    async def scene() -> None:
        circle = Circle()
        for said in ("/start", "/start ok starter-30 10h", "/zone America/New_York"):
            await circle.happen(circle.square.said(ANA, said))

        shown = await circle.say(ANA, "/group start starter-30")

        assert shown is not None
        assert "Asia/Shanghai" in shown.text

    run(scene())


@pytest.mark.parametrize(
    "said", ["/start", "/help", "小组怎么玩？", "这周学什么", "我要退出小组", "how do I join"]
)
def test_what_is_asked_of_the_group_is_answered_with_its_card(said: str) -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)

        shown = await circle.say(BOB, said)

        assert shown is not None
        assert "每日一题 09:00" in shown.text
        assert has(shown, "退出")

    run(scene())


def test_a_question_comes_again_only_when_too_little_else_is_left() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA)

        await circle.until(at("2026-12-12 10:00"))

        asked = await circle.ask_store(rows, "select item from round_questions")
        assert len({one["item"] for one in asked}) == len(asked) > 10

    run(scene())


def test_the_end_of_a_group_is_told_to_all() -> None:
    async def scene() -> None:
        circle = Circle()
        await circle.opened(ANA, BOB)

        await circle.say(ANA, "/group end")
        await circle.press(ANA, "结束并删除")

        assert "小组结束了" in circle.texts()[-1]

    run(scene())
