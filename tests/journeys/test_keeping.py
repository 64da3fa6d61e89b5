"""Taking everything along, being forgotten, and the plan in a calendar, as learners meet them."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from bot.ask import Asker
from bot.files import bytes_of
from bot.house import Keeper
from learning.values import Language
from store.outbox import Owed
from store.port import Store
from store.script import row, rows
from store.sqlite import SqliteStore
from tests.builders import built_in
from tests.journeys.people import NOW, Person, house, text_of
from tests.journeys.test_buttons import Room, enrolled, text
from tests.journeys.test_quizzes_on_telegram import phone
from tests.learning.quiz_builders import make_bank, make_choice

KEPT = ("learners", "identities", "enrolments", "completions", "messages", "expectations", "clocks")


async def rows_left(store: Store) -> int:
    counts = [
        await store.run(row, f"select count(*) as n from {name}")  # noqa: S608 -- names of ours
        for name in KEPT
    ]
    return sum(int(one["n"]) for one in counts if one is not None)


# Export ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["/export", "/export all", "导出我的所有数据"])
async def test_everything_comes_as_one_file(said: str) -> None:
    person = Person()
    await person.enrol()
    answer = await person.say(said)
    file = answer.messages[0].attachment

    assert file is not None
    assert file.name == "mentor-20261122.zip"
    with zipfile.ZipFile(io.BytesIO(bytes_of(file))) as archive:
        found = json.loads(archive.read("mentor.json"))
        page = archive.read("mentor.md").decode()
    assert found["tables"]["enrolments"][0]["curriculum"] == "starter-30"
    assert found["tables"]["identities"] == [
        {"platform": "console", "person": "local", "learner": 1}
    ]
    assert "你的学习路线" in page
    assert "/start ok starter-30" in page


async def test_the_outbox_does_not_keep_an_export() -> None:
    person = Person()
    await person.enrol()
    sent = (await person.say("/export")).messages[0].attachment
    kept = await person.last_message()

    assert sent is not None
    assert sent.rows
    assert kept.attachment is None


async def test_an_export_of_something_else_says_what_there_is() -> None:
    person = Person()
    await person.enrol()

    assert "/export anki" in text_of(await person.say("/export pdf"))


# Forget ------------------------------------------------------------------------------------------


async def test_who_is_forgotten_is_a_stranger_with_the_next_word() -> None:
    person = Person()
    await person.enrol()
    await person.say("/forget")
    answer = await person.tap("永久删除")

    assert "都删掉了" in text_of(answer)
    assert await rows_left(person.store) == 0
    assert "先确认一下" in text_of(await person.say("今天学什么"))


@pytest.mark.parametrize("said", ["删掉我的所有数据", "忘掉我", "please delete my account"])
async def test_words_only_ask_and_offer_an_export(said: str) -> None:
    person = Person()
    await person.enrol()
    before = await rows_left(person.store)
    await person.say(said)
    labels = [one.label for one in (await person.last_message()).flat_buttons]

    assert labels == ["📦 先导出一份", "永久删除", "不删了"]
    assert await rows_left(person.store) >= before


@pytest.mark.parametrize("said", ["删掉我的所有数据", "忘掉我"])
async def test_a_wish_to_be_forgotten_is_never_evidence(said: str) -> None:
    person = Person(now=NOW + timedelta(hours=13))
    await person.enrol()
    await person.say("/done 1")

    assert [one.tool for one in (await person.say(said)).calls] == ["forget_me"]


async def test_a_yes_after_a_minute_is_asked_for_again() -> None:
    person = Person()
    await person.enrol()
    await person.say("/forget")
    person.now += timedelta(seconds=61)

    assert "什么都没动" in text_of(await person.tap("永久删除"))
    assert "都删掉了" in text_of(await person.tap("永久删除"))


async def test_a_no_keeps_everything() -> None:
    person = Person()
    await person.enrol()
    await person.say("/forget")

    assert "什么都没删" in text_of(await person.tap("不删了"))
    assert "安装 PyTorch" in text_of(await person.say("/path 1", "/week next"))


@pytest.mark.parametrize("said", ["/forget yes", "/forget 永久", "/forget yes now"])
async def test_a_typed_yes_without_its_question_asks_first(said: str) -> None:
    person = Person()
    await person.enrol()

    assert "要把你在这里的一切都删掉吗" in text_of(await person.say(said))


@pytest.mark.parametrize("said", ["你会删掉我的数据吗", "别删我的数据", "怎么导出到日历"])
async def test_a_question_or_a_no_begins_nothing(said: str) -> None:
    person = Person()
    await person.enrol()
    calls = (await person.say(said)).calls

    assert not {one.tool for one in calls} & {"forget_me", "export_calendar", "export_data"}


async def test_the_last_message_belongs_to_nobody_and_holds_no_word_of_theirs() -> None:
    person = Person()
    await person.enrol()
    await person.say("/done 1 canary-evidence", "/forget")
    await person.tap("永久删除")
    (left,) = await person.store.run(rows, "select * from deliveries")

    assert left["learner"] is None
    assert left["kind"] == "forgotten"
    assert "canary" not in left["body"]


async def test_another_learner_cannot_press_the_yes() -> None:
    room = Room()
    await enrolled(room, "ann")
    await enrolled(room, "bob")
    asked = (await room.happens("ann", "/forget"))[0]

    assert "别人的" in text(await room.press("bob", asked, 1))
    assert await room.store.run(row, "select count(*) as n from learners") == {"n": 2}


async def test_a_second_tap_makes_nobody_known_again() -> None:
    room = Room()
    await enrolled(room, "ann")
    asked = (await room.happens("ann", "/forget"))[0]
    gone = await room.press("ann", asked, 1)
    again = await room.press("ann", asked, 1)

    assert "都删掉了" in text(gone)
    assert "过期" in text(again)
    assert await rows_left(room.store) == 0


async def test_an_update_that_comes_again_after_forgetting_does_nothing() -> None:
    room = Room()
    await enrolled(room, "ann")
    asked = (await room.happens("ann", "/forget"))[0]
    await room.press("ann", asked, 1)
    room.events -= 1

    assert await room.press("ann", asked, 1) == []
    assert await rows_left(room.store) == 0


async def test_forgetting_one_leaves_the_others_as_they_are() -> None:
    room = Room()
    plan = await enrolled(room, "ann")
    await enrolled(room, "bob")
    asked = (await room.happens("bob", "/forget"))[0]
    await room.press("bob", asked, 1)

    assert "记下了" in text(await room.press("ann", plan, 0))


async def test_no_byte_of_a_forgotten_learner_is_on_disk(tmp_path: Path) -> None:
    canary = "canary-of-ann"
    room = Room(store=SqliteStore(tmp_path / "mentor.db"))
    await enrolled(room, "ann")
    await enrolled(room, "bob")
    for n in range(40):
        await room.happens("ann", f"/find {canary}-{n} {'x' * n * 9}")
        await room.happens("bob", f"/find {canary.replace('ann', 'bob')}-{n}")
    await room.happens("ann", f"/done 1 {canary}-evidence")
    await room.happens("ann", f"/stuck 2 {canary}-note")
    asked = (await room.happens("ann", "/forget"))[0]
    await room.press("ann", asked, 1)
    left = on_disk(tmp_path)
    room.store.close()

    assert canary.encode() not in left
    assert b"canary-of-bob" in left


def on_disk(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(folder.iterdir()))


async def test_a_note_that_operators_were_shown_goes_as_well() -> None:
    """One operator was told of the report, and looked the list up."""
    small = replace(built_in(), bank=make_bank(make_choice()))
    home = replace(house(), catalogue=small, operators=frozenset({"console:boss"}))
    room = Room(home=home)
    await enrolled(room, "ann")
    await enrolled(room, "boss")
    await room.happens("ann", "/quiz 1")
    await room.happens("ann", "/report 1 canary-note")
    listed = await room.happens("boss", "/reports")
    before = await bodies(room.store)
    asked = (await room.happens("ann", "/forget"))[0]
    await room.press("ann", asked, 1)

    assert "canary-note" in text(listed)
    assert before.count("canary-note") >= 3
    assert "canary-note" not in await bodies(room.store)


async def bodies(store: Store) -> str:
    sent = await store.run(rows, "select body from deliveries")
    said = await store.run(rows, "select content from messages")
    return str(sent) + str(said)


# Calendar ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["/calendar", "把计划导出到日历", "export my plan to my calendar"])
async def test_the_plan_comes_as_a_calendar(said: str) -> None:
    person = Person()
    await person.enrol()
    answer = await person.say(said)
    file = answer.messages[0].attachment

    assert file is not None
    assert file.name == "mentor.ics"
    events = Calendar.from_ical(bytes_of(file)).walk("VEVENT")
    assert len(events) == 30
    assert events[0].decoded("dtstart").isoformat() == "2026-11-23T08:00:00+08:00"


async def test_without_a_plan_a_calendar_begins_with_choosing_one() -> None:
    person = Person()

    assert "还没有学习路线" in text_of(await person.say("/start", "/calendar"))


async def test_an_export_still_on_its_way_when_its_learner_goes_is_not_sent() -> None:
    person = Person()
    await person.enrol()
    message = (await person.say("/export")).messages[0]
    assert message.attachment is not None
    still_owed = replace(message, attachment=replace(message.attachment, rows=())).to_json()
    columns = "seq, platform, address, learner, kind, tries, expires_at"
    found = await person.store.run(rows, f"select {columns} from outbox")  # noqa: S608 -- ours
    await person.say("/forget")
    await person.tap("永久删除")
    heard = len(person.asker._listener.heard)
    process = person.asker._process
    process.outbox.deliver([Owed(**found[-1], body=still_owed)])
    await process.settled()

    assert len(person.asker._listener.heard) == heard


# Telegram ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "ending"), [("/export", ".zip"), ("/calendar", "mentor.ics")])
async def test_files_reach_telegram_as_documents(tmp_path: Path, said: str, ending: str) -> None:
    async with phone(tmp_path, make_choice()) as ana, ana.running():
        await ana.say("/start ok starter-30 10h 2026-11-24")
        sent = await ana.say(said)

    assert sent["document"]["file_name"].endswith(ending)
    assert sent["document"]["file_size"] > 1000


async def test_privacy_says_who_sees_what_and_for_how_long() -> None:
    person = Person()
    keeper = Keeper("study@example.org", ("api.model.example", "127.0.0.1"), 48)
    kept = replace(house(), keeper=keeper)
    person.asker = Asker(person.store, kept, None, lambda: NOW)

    told = text_of(await person.say("谁能看到我的聊天记录"))
    await person.enrol()
    again = text_of(await person.say("我的数据存在哪里"))
    typed = text_of(await person.say("/privacy"))

    assert told == again == typed
    assert "study@example.org" in told
    assert "api.model.example、127.0.0.1" in told
    assert "留 48 小时" in told


@pytest.mark.parametrize(("language", "said"), [("zh", "没有接"), ("en", "none is connected")])
async def test_without_a_model_and_an_address_privacy_says_so(
    language: Language, said: str
) -> None:
    person = Person(language=language)

    told = await person.say("/privacy")

    assert said in text_of(told)
    assert [one.command for one in told.messages[0].flat_buttons] == [
        "/export",
        "/profile",
        "/forget",
    ]
