"""A learner tells of themselves, looks at what is remembered, changes it and has it forgotten."""

from store.script import rows
from tests.journeys.people import Person, at, text_of


async def facts(person: Person) -> list[tuple[str, str]]:
    found = await person.ask_store(rows, "select kind, words from profile_facts order by id")
    return [(one["kind"], one["words"]) for one in found]


async def enrolled(language: str = "zh") -> Person:
    person = Person(language="zh" if language == "zh" else "en", now=at("2026-11-23 10:00"))
    await person.enrol()
    return person


async def test_what_is_said_in_passing_is_noted_and_shown_with_its_day() -> None:
    person = await enrolled()

    noted = await person.say("叫我小林")
    await person.say("我只有 8G 显存的笔记本")
    shown = await person.say("你记得我什么")

    assert text_of(noted) == "记下了，称呼：小林"
    assert [button.label for button in noted.messages[0].flat_buttons] == ["✏️ 改", "🗑 删"]
    assert await facts(person) == [("name", "小林"), ("hardware", "8G 显存的笔记本")]
    assert "关于你，我记着 2 条" in text_of(shown)
    assert "1. 小林（11月23日，你说：「叫我小林」）" in text_of(shown)


async def test_a_new_goal_shows_the_old_one() -> None:
    person = await enrolled("en")
    await person.say("my goal is to switch jobs by June")

    answer = await person.say("my goal is a PhD")

    assert text_of(answer) == "Goal changed: switch jobs by June → a PhD"
    assert await facts(person) == [("goal", "a PhD")]


async def test_the_words_after_edit_take_the_place_of_the_fact() -> None:
    person = await enrolled()
    await person.say("我是做后端的")

    asked = await person.tap("改")
    answer = await person.say("做前端的，三年了")

    assert "改成什么" in text_of(asked)
    assert text_of(answer) == "背景改了：做后端的 → 做前端的，三年了"
    assert await facts(person) == [("background", "做前端的，三年了")]


async def test_a_name_in_a_sentence_is_taken_out_of_it_when_edited() -> None:
    person = await enrolled()
    await person.say("叫我小林", "/profile")
    await person.tap("改 1")

    await person.say("以后叫我阿杰吧")

    assert await facts(person) == [("name", "阿杰")]


async def test_another_wish_after_edit_is_that_wish() -> None:
    person = await enrolled()
    await person.say("我是做后端的")
    await person.tap("改")

    answer = await person.say("今天学什么")

    assert [call.tool for call in answer.calls] == ["show_plan"]
    assert await facts(person) == [("background", "做后端的")]


async def test_a_fact_is_forgotten_by_its_button() -> None:
    person = await enrolled()
    await person.say("我有一张 4090", "我的目标是年底转岗", "/profile")

    answer = await person.tap("删 1")

    assert text_of(answer) == "删掉了：年底转岗"
    assert await facts(person) == [("hardware", "一张 4090")]


async def test_everything_is_forgotten_after_a_yes() -> None:
    person = await enrolled()
    await person.say("我有一张 4090", "叫我小林", "/profile")

    asked = await person.tap("全部删掉")
    before = await facts(person)
    await person.tap("全部删掉")

    assert "2 条都删掉吗" in text_of(asked)
    assert len(before) == 2
    assert await facts(person) == []


async def test_asking_to_forget_the_goal_shows_the_buttons_and_forgets_nothing() -> None:
    person = await enrolled()
    await person.say("我的目标是年底转岗")

    answer = await person.say("忘掉我的目标")

    assert any("/profile delete" in one.command for one in answer.messages[0].flat_buttons)
    assert await facts(person) == [("goal", "年底转岗")]


async def test_a_secret_is_refused_kindly_and_kept_nowhere_in_the_profile() -> None:
    person = await enrolled()

    answer = await person.say("记住，我的密码是 hunter2")

    assert "我不记这类东西" in text_of(answer)
    assert await facts(person) == []


async def test_several_facts_in_one_sentence_are_each_confirmed() -> None:
    person = await enrolled()

    answer = await person.say("我叫小林，是做后端的，有一张 4090")

    assert text_of(answer).count("记下了") == 3
    assert await facts(person) == [
        ("name", "小林"),
        ("background", "做后端的"),
        ("hardware", "一张 4090"),
    ]


async def test_an_empty_profile_says_how_to_fill_it() -> None:
    person = await enrolled()

    answer = await person.say("/profile")

    assert "还没有记着" in text_of(answer)
    assert "叫我小林" in text_of(answer)


async def test_a_fact_said_on_the_first_day_is_no_answer_to_its_question() -> None:
    person = Person()
    await person.say("/start", "/start ok starter-30 10h")

    await person.say("我的目标是年底转岗")
    begun = await person.say("明天")

    assert await facts(person) == [("goal", "年底转岗")]
    assert "11月23日" in text_of(begun)
