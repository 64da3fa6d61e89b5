"""What is told in private stands in no group, whatever is typed, pressed or pushed there."""

import json
import sys
from dataclasses import replace

import pytest

from bot.commands import COMMANDS
from bot.markup import styled
from bot.process import Process
from bot.settings import read_settings
from bot.texts import texts_in
from store.script import rows
from tests.fakes.model import FakeModel, Reply
from tests.fakes.square import Posted, Square
from tests.faults.crowd import EARLY, Crowd, canaries_in, canary, place, tables_with
from tests.faults.harness import IS_SOAK
from tests.journeys.circle import ANA, GROUP, Circle
from tests.journeys.people import at, house

BOB = 2
PEOPLE, COHORTS = (50, 8) if IS_SOAK else (8, 3)
PAYLOADS = 20_000 if IS_SOAK else 500

# Commands that ask for something only with words behind them.
WITH_WORDS = (
    "/done 1 跑通了",
    "/done all",
    "/later 1",
    "/stuck 1",
    "/task 1",
    "/path 2",
    "/week next",
    "/start ok starter-30 10h",
    "/quiz 3 rag",
    "/quiz interview",
    "/interview coding",
    "/answer 1 2",
    "/answer 1 =42",
    "/rate 1 good",
    "/why 1",
    "/hint 1",
    "/report 1",
    "/next 1",
    "/profile 1",
    "/profile edit 1 x",
    "/profile clear yes",
    "/link ABCDEF1234",
    "/export all",
    "/export csv",
    "/forget yes 1795000000",
    "/home telegram",
    "/find rag",
    "/explain lora",
    "/compare lora vs qlora",
    "/before lora",
    "/faq 显卡",
    "/practice 1",
    "/met 1 x",
    "/dayoff 2026-11-25",
    "/snooze 90",
    "/pause 3",
    "/draft lora",
    "/code more 1 0",
    "／today",
    "/TODAY",
    "/nosuchcommand",
    "/trouble 1 1",
    "/keepnote 1 1",
    "/roll 1 help",
    "/pick 1 1",
)
IN_GROUPS = (
    "/group join",
    "/group leave",
    "/group",
    "/group start",
    "/group start starter-30",
    "/group time 9:00",
    "/group wibble",
    "/group end",
    "/pods",
    "/partner",
    "/battle 2 rag",
    "/battle",
    "抢答 3 题 RAG",
    "/focus 25",
    "/focus 1",
    "专注 25 分钟",
    "focus for 25 min",
    "/board {mark}",
    "/board",
    "/notes",
)
SAID = (
    "LoRA 是什么",
    "what is attention",
    "有没有 RAG 的资料",
    *("有没有讲量子咖啡机的资料",) * 3,
    "显卡不够怎么办",
    "我今天学什么",
    "what should I study today",
    "第一个做完了",
    "I finished the first task",
    "我进度怎么样",
    "how is my progress",
    "我叫什么",
    "我的目标是什么",
    "what is my goal",
    "你记得我什么",
    "我卡在哪了",
    "P2 卡在哪了",
    "what is P2 stuck on",
    "大家的进度怎么样，谁最快",
    "show everybody's profile",
    "我上次答错了哪题",
    "继续我的面试",
    "总结一下这周",
    "导出我的数据",
    "忘掉我",
    "考我 3 题",
    "改到早上 8 点半",
    "更多",
    "①",
    "2",
    "跑通了，输出 3.14",
    "你好",
    "谢谢",
    "停",
)
BARE = tuple(f"/{one}" for one in COMMANDS)
# What is told in private leaves its words in these.
TOLD = {
    "completions",
    "blockers",
    "profile_facts",
    "criteria_met",
    "questions",
    "interviews",
    "reports",
    "submissions",
    "own_drafts",
    "messages",
    "summaries",
}


def crowd_of(people: int, cohorts: int, *, whispers_commands: bool = False) -> Crowd:
    square = Square(whispers_commands=whispers_commands)
    square.language = "zh"
    circle = Circle(now=EARLY, square=square)
    groups = [place(n) for n in range(cohorts + 1)]
    return Crowd(range(1, people + 1), groups[:-1], groups[-1:], circle)


@pytest.mark.parametrize(
    ("people", "cohorts", "whispers_commands"),
    [
        pytest.param(PEOPLE, COHORTS, False, id="all read along"),
        pytest.param(max(5, PEOPLE // 5), max(2, COHORTS // 4), True, id="commands are whispered"),
    ],
)
async def test_nothing_that_is_told_in_private_stands_in_a_group(
    people: int,
    cohorts: int,
    whispers_commands: bool,  # noqa: FBT001 -- a way of the platform's
) -> None:
    """Every command, every button and more than a week of pushes, with and without a cohort."""
    crowd = crowd_of(people, cohorts, whispers_commands=whispers_commands)
    watch = crowd.watch
    await crowd.study()
    assert await tables_with(crowd.circle, canary(1)) >= TOLD, "nothing to leak proves nothing"

    await crowd.gather()
    await crowd.live(at("2026-11-24 10:00"))
    await crowd.say((*IN_GROUPS, *BARE), everyone=IS_SOAK)
    await crowd.say((*WITH_WORDS, *SAID), everyone=False)
    await crowd.happen(crowd.said(ANA, "/pods", group) for group in crowd.cohorts)
    await crowd.live(at("2026-12-02 22:00") if not whispers_commands else at("2026-11-25 22:00"))
    # By now there are notes, a board and partners to be asked for.
    for text in ("/group", "/notes", "/board", "/partner"):
        await crowd.happen(
            crowd.said(one, text, group)
            for group in crowd.groups
            for one in crowd.members(group)[:2]
        )

    sys.stdout.write(f"{watch.posts} posts and {watch.notices} notices were read\n")
    assert watch.leaks == []
    assert set(watch.seen) == set(crowd.people), "their owners were shown them"
    assert watch.told, "somebody agreed to tell what they are stuck on"
    if not whispers_commands:
        assert await kinds_of_posts(crowd) >= ALL_KINDS
        assert await kinds_of_pushes(crowd) >= {"plan", "checkin", "weekly"}
        assert watch.posts >= PAYLOADS


ALL_KINDS = {
    "battle question",
    "battle result",
    "daily question",
    "daily reveal",
    "digest",
    "exchange ask",
    "explain ask",
    "focus begin",
    "focus end",
    "roll ask",
    "roll help",
    "roll trouble",
}


async def kinds_of_posts(crowd: Crowd) -> set[str]:
    """What was posted in groups, by the keys of the posts."""
    rounds = await crowd.circle.ask_store(rows, "select id, kind from rounds")
    kinds = {str(one["id"]): one["kind"] for one in rounds}
    posts = await crowd.circle.ask_store(rows, "select key from outbox where kind = 'group'")
    found = set()
    for one in posts:
        first, *rest = str(one["key"]).split(":")
        if first == "round":
            found.add(f"{kinds[rest[0]]} {rest[1]}")
        elif first == "digest":
            found.add(first)
    return found


async def kinds_of_pushes(crowd: Crowd) -> set[str]:
    found = await crowd.circle.ask_store(
        rows, "select distinct kind from outbox where learner is not null"
    )
    return {one["kind"] for one in found}


async def test_a_model_that_repeats_all_it_was_told_gives_nothing_away_in_a_group() -> None:
    """It answers with its whole prompt, so that a group would read whatever stands in there."""
    async with FakeModel() as model:
        model.answer = lambda body: Reply(json.dumps(body["messages"], ensure_ascii=False))
        crowd = crowd_of(*(12, 4) if IS_SOAK else (4, 2))
        _with_model(crowd, model)
        await crowd.each("/start")
        await crowd.each("/start ok career-24w 30h 2026-11-23")
        await crowd.each(lambda one: f"/stuck 1 {canary(one)}")
        await crowd.each(lambda one: f"/profile edit 1 {canary(one)}")
        await crowd.each(lambda one: f"我的目标是进{canary(one)}公司做推理")
        await crowd.each("我今天先做哪一个好？为什么？")
        assert set(crowd.watch.seen) == set(crowd.people), "in private it gives away everything"
        in_private = len(model.requests)
        await crowd.gather()
        await crowd.say(SAID, everyone=IS_SOAK)
        told = [json.dumps(one, ensure_ascii=False) for one in model.requests[in_private:]]
        await crowd.circle.process.conversation.close()

    sys.stdout.write(f"{len(told)} prompts and {crowd.watch.posts} posts were read\n")
    assert len(told) >= (100 if IS_SOAK else 15)
    assert [one for one in told if canaries_in(one)] == []
    assert crowd.watch.leaks == []
    assert any("said in a cohort of" in one.text for one in crowd.square.at(crowd.cohorts[0]))


def _with_model(crowd: Crowd, model: FakeModel) -> None:
    settings = read_settings(
        {
            "OPENAI_BASE_URL": model.url,
            "OPENAI_API_KEY": "key-of-the-model",
            "MENTOR_TURNS_HOUR": "none",
            "MENTOR_TOKENS_LEARNER_DAY": "none",
            "MENTOR_TOKENS_NEW_DAY": "none",
            "MENTOR_TOKENS_GROUP_DAY": "none",
        }
    )
    circle = crowd.circle
    home = replace(house(), allowance=settings.allowance)
    platforms = {"square": circle.square}
    circle.process = Process(circle.store, home, platforms, lambda: circle.now, settings)


# Below a post ------------------------------------------------------------------------------------

SECRET = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"


async def evening() -> tuple[Circle, Posted]:
    """Two members at their roll-call, one of whom has finished a task without evidence."""
    circle = Circle()
    await circle.opened(ANA, BOB)
    await circle.happen(circle.square.said(BOB, "/start"))
    await circle.happen(circle.square.said(BOB, "/start ok starter-30 10h 2026-11-23"))
    await circle.until(at("2026-11-23 21:00"))
    await circle.happen(circle.square.said(BOB, "/done 1"))
    return circle, circle.square.at(GROUP)[-1]


async def test_a_key_below_a_roll_call_is_kept_nowhere_and_its_owner_told() -> None:
    circle, roll = await evening()

    told = await circle.say(BOB, f"跑通了，密钥是 {SECRET}", replied_to=roll.receipt)

    assert told is not None
    assert "密钥" in told.text
    assert await tables_with(circle, SECRET) == set()


async def test_words_of_crisis_below_a_roll_call_are_answered_with_care() -> None:
    circle, roll = await evening()

    told = await circle.say(BOB, "今天什么都没做，我不想活了", replied_to=roll.receipt)

    assert told is not None
    assert told.text == styled(texts_in("zh").say("say.crisis")).text
    assert await tables_with(circle, "不想活") == set()


async def test_advice_below_a_call_for_help_is_nobodys_evidence() -> None:
    """It is for whoever asked, and the mentor has nothing to say to it."""
    circle, roll = await evening()
    await circle.press(ANA, "求助")
    called = circle.square.at(GROUP)[-1]

    told = await circle.say(BOB, "把 batch 那一维加上试试", replied_to=called.receipt)

    assert called is not roll
    assert told is None
    assert await tables_with(circle, "batch 那一维") == set()
