"""What is a learner's: all of it can be taken along, and all of it goes when they say so."""

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from bot.cards import card
from bot.everything import files_of
from bot.files import bytes_of
from bot.message import Attachment
from bot.texts import texts_in
from learning.errors import Refused
from store.learners import Learner, add_learner, learner_with
from store.outbox import Delivery, owe
from store.personal import TABLES, Table, everything_of
from store.port import Store
from store.script import Script, change, row, rows
from store.sqlite import SqliteStore
from tests.builders import built_in
from tests.keeping import fill
from tests.stores import new_store
from tools.calendars import CalendarMade
from tools.context import Context
from tools.export import EverythingExported
from tools.forgetting import EraseAsked, Forgotten
from tools.registry import TOOLS, Call, perform

# Sunday evening in Shanghai, the day before the plan begins.
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EXPORTED = [one for one in TABLES if one.is_exported]


@dataclass(slots=True)
class Desk:
    """Learners who call tools directly, each at a private chat of their own."""

    store: Store = field(default_factory=new_store)
    now: datetime = NOW

    def meet(self, person: str, zone: str = "Asia/Shanghai", language: Any = "zh") -> int:
        home = f"telegram:{person}"
        return self.store.run_now(
            add_learner, "telegram", person, home, language, zone, self.now
        ).id

    def do(self, learner: int, tool: str, *, is_private: bool = True, **args: Any) -> Any:
        found: Learner = self.store.run_now(learner_with, learner)
        context = Context(found, built_in(), found.home, self.now, is_private=is_private)
        return self.store.run_now(perform, context, Call(tool, args))

    def enrol(self, learner: int, curriculum: str = "starter-30", **args: Any) -> None:
        wanted = {"hours_a_week": 10, "start": "2026-11-23", **args}
        self.do(learner, "start_curriculum", confirmed=True, curriculum=curriculum, **wanted)

    def forget(self, learner: int) -> Any:
        asked_at = int(self.now.timestamp())
        return self.do(learner, "forget_me", confirmed=True, asked_at=asked_at)

    def count(self, sql: str, **values: object) -> int:
        found = self.store.run_now(row, f"select count(*) as n from {sql}", **values)  # noqa: S608 -- a test's own words
        return int(found["n"]) if found else 0


@pytest.fixture
def desk() -> Any:
    desk = Desk()
    yield desk
    desk.store.close()


def two_full_learners(desk: Desk, rows_each: int = 3) -> tuple[int, int]:
    ann, bob = desk.meet("7"), desk.meet("8")
    for learner, person in ((ann, "7"), (bob, "8")):
        desk.store.run_now(fill, learner, f"telegram:{person}", f"mark{person}", rows_each)
    return ann, bob


# Export ------------------------------------------------------------------------------------------


def exported(desk: Desk, learner: int) -> dict[str, Any]:
    kept = desk.store.run_now(everything_of, learner)
    assert kept is not None
    made = bytes_of(Attachment("x.zip", "everything", files_of(kept, 0), int(NOW.timestamp())))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == ["mentor.json", "mentor.md"]
        found: dict[str, Any] = json.loads(archive.read("mentor.json"))
    return found


def is_told(value: Any, told: Any) -> bool:
    """Whether a value of the file says what the database holds."""
    if value == told:
        return True
    if isinstance(value, int) and isinstance(told, str):
        return datetime.fromisoformat(told).timestamp() == value
    return isinstance(value, str) and bool(json.loads(value) == told)


def test_an_export_equals_the_store_row_for_row(desk: Desk) -> None:
    ann, _ = two_full_learners(desk)
    found = exported(desk, ann)["tables"]

    for table in EXPORTED:
        assert found[table.export_name], table.name
        assert is_as_stored(desk, ann, table, found[table.export_name]), table.name


def test_a_days_work_is_exported_as_it_is_stored(desk: Desk) -> None:
    ann = desk.meet("7")
    desk.enrol(ann)
    desk.now += timedelta(days=1)
    desk.do(ann, "mark_task", outcome="done", tasks=("1",), evidence="shape (2, 10, 64)")
    desk.do(ann, "start_quiz", count=2)
    found = exported(desk, ann)["tables"]

    assert found["completions"][0]["title"]["en"] == "Install PyTorch and run a minimal Transformer"
    for table in EXPORTED:
        assert is_as_stored(desk, ann, table, found.get(table.export_name, [])), table.name


def is_as_stored(desk: Desk, learner: int, table: Table, found: list[dict[str, Any]]) -> bool:
    stored = desk.store.run_now(
        rows,
        f"select * from {table.name} where {table.whose} order by 1, 2",  # noqa: S608 -- the list of personal data
        learner=learner,
    )
    return len(found) == len(stored) and all(
        told.keys() == one.keys() and all(is_told(value, told[name]) for name, value in one.items())
        for told, one in zip(found, stored, strict=True)
    )


def test_nothing_of_another_learner_is_in_an_export(desk: Desk) -> None:
    ann, _ = two_full_learners(desk)
    found = json.dumps(exported(desk, ann))

    assert "mark7" in found
    assert "mark8" not in found


def test_a_private_message_to_an_address_without_a_learner_is_its_owners(desk: Desk) -> None:
    ann = desk.meet("7")
    told = Delivery("k", "telegram", "telegram:7", None, "answer", '{"markup": "?", "buttons": []}')
    desk.store.run_now(owe, [told], NOW)

    assert [one["key"] for one in exported(desk, ann)["tables"]["deliveries"]] == ["k"]


def test_the_message_with_an_export_is_small_whatever_the_file_holds(desk: Desk) -> None:
    ann = desk.meet("7")
    desk.store.run_now(talked_a_lot, ann, 50_000)
    made = desk.do(ann, "export_data")
    message = card(made, texts_in("zh"))
    found = exported(desk, ann)

    assert isinstance(made, EverythingExported)
    assert made.counts["messages"] == len(found["tables"]["messages"]) == 50_000
    assert len(message.to_json()) < 1000


def talked_a_lot(learner: int, messages: int) -> Script[None]:
    yield from change(
        "insert into messages (address, learner, turn, position, role, content, at) "
        "with recursive numbers (n) as "
        "(select 1 union all select n + 1 from numbers where n < :messages) "
        "select 'telegram:7', :learner, n, 0, 'human', :said, n from numbers",
        learner=learner,
        messages=messages,
        said=json.dumps({"text": "word " * 40}),
    )


def test_the_page_for_people_tells_the_conversation_and_escapes_what_would_break_it(
    desk: Desk,
) -> None:
    ann = desk.meet("7", language="en")
    desk.enrol(ann)
    said = {"text": "hello\nthere"}
    desk.store.run_now(
        change,
        "insert into messages (address, learner, turn, position, role, content, at) "
        "values ('telegram:7', :ann, 't', 0, 'human', :said, 0)",
        ann=ann,
        said=json.dumps(said),
    )
    desk.store.run_now(
        change,
        "insert into blockers (enrolment, task, day, note, noted_at) "
        "values (1, 'x', '2026-11-23', 'a | b <b>', 0)",
    )
    kept = desk.store.run_now(everything_of, ann)
    assert kept is not None
    (_, _), (_, page) = files_of(kept, 0)

    assert "**You** · 1970-01-01 08:00\n\n> hello\n> there" in page
    assert "| a \\| b &lt;b> |" in page


@pytest.mark.parametrize("tool", ["export_data", "forget_me", "export_calendar"])
def test_what_is_ones_own_is_not_given_in_a_group(desk: Desk, tool: str) -> None:
    ann = desk.meet("7")
    desk.enrol(ann)

    with pytest.raises(Refused, match="private_only"):
        desk.do(ann, tool, is_private=False)


# Forget ------------------------------------------------------------------------------------------


def test_without_a_yes_nothing_is_erased(desk: Desk) -> None:
    ann, _ = two_full_learners(desk)
    before = desk.store.run_now(everything_of, ann)
    asked = desk.do(ann, "forget_me")

    assert isinstance(asked, EraseAsked)
    assert asked.rows == sum(len(found) for found in (before or {}).values())
    assert desk.store.run_now(everything_of, ann) == before


@pytest.mark.parametrize(
    ("seconds", "outcome"), [(0, Forgotten), (60, Forgotten), (61, EraseAsked), (-5, EraseAsked)]
)
def test_a_yes_counts_for_a_minute(desk: Desk, seconds: int, outcome: type) -> None:
    ann = desk.meet("7")
    asked_at = int(desk.now.timestamp())
    desk.now += timedelta(seconds=seconds)

    said = desk.do(ann, "forget_me", confirmed=True, asked_at=asked_at)

    assert isinstance(said, outcome)


def test_a_yes_without_its_question_erases_nothing(desk: Desk) -> None:
    ann = desk.meet("7")

    assert isinstance(desk.do(ann, "forget_me", confirmed=True), EraseAsked)
    assert desk.count("learners") == 1


def test_a_model_cannot_say_the_yes() -> None:
    tool = TOOLS["forget_me"]

    assert tool.for_model
    assert tool.by_hand == set(tool.arguments.model_fields)


def test_forgetting_leaves_no_row_and_touches_nobody_elses(desk: Desk) -> None:
    ann, bob = two_full_learners(desk)
    theirs = desk.store.run_now(everything_of, bob)

    assert isinstance(desk.forget(ann), Forgotten)
    assert desk.store.run_now(everything_of, bob) == theirs
    for table in EXPORTED:
        kept = desk.store.run_now(rows, f"select * from {table.name}")  # noqa: S608 -- a name of ours
        assert not any("mark7" in str(value) for one in kept for value in one.values()), table.name
        assert desk.count(f"{table.name} where {table.whose}", learner=ann) == 0, table.name


def test_an_update_that_was_dealt_with_keeps_its_key_and_nothing_else(desk: Desk) -> None:
    ann = desk.meet("7")
    desk.store.run_now(fill, ann, "telegram:7", "mark", 1, only="inbox")
    desk.store.run_now(came_after, "telegram:7")
    desk.forget(ann)

    done, waiting = desk.store.run_now(rows, "select * from inbox order by seq")
    assert (done["lane"], done["raw"], done["note"]) == ("", None, None)
    assert done["event"]
    assert (waiting["lane"], waiting["raw"]) == ("", "hello again")


def came_after(lane: str) -> Script[None]:
    """What is said after the yes waits for a stranger's answer."""
    yield from change(
        "insert into inbox (platform, event, lane, raw, state, received_at) "
        "values ('telegram', '2', :lane, 'hello again', 'open', 1)",
        lane=lane,
    )


@pytest.mark.parametrize("many", [1, 100])
async def test_no_byte_is_left_in_the_file_nor_in_its_log(tmp_path: Path, many: int) -> None:
    """Rows of two learners lie side by side on the same pages, which split as they fill."""
    file = SqliteStore(tmp_path / "mentor.db")
    desk = Desk(file)
    ann = (await desk.store.run(add_learner, "telegram", "7", "telegram:7", "zh", "UTC", NOW)).id
    bob = (await desk.store.run(add_learner, "telegram", "8", "telegram:8", "zh", "UTC", NOW)).id
    for n in range(many):
        for who, home, name, long in (
            (ann, "telegram:7", "ann", 90),
            (bob, "telegram:8", "bob", 70),
        ):
            mark = f"canary-of-{name}-{n}-" + "x" * (n % long)
            await desk.store.run(fill, who, home, mark, 1, first=n)
    assert b"canary-of-ann" in on_disk(tmp_path)

    learner = await desk.store.run(learner_with, ann)
    context = Context(learner, built_in(), "telegram:7", NOW)
    yes = {"confirmed": True, "asked_at": int(NOW.timestamp())}
    await desk.store.run(perform, context, Call("forget_me", yes))
    is_empty = await file.rewrite(NOW)

    left = on_disk(tmp_path)
    desk.store.close()
    assert is_empty
    assert b"canary-of-ann" not in left
    assert left.count(b"canary-of-bob") >= many


def on_disk(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(folder.iterdir()))


# Calendar ----------------------------------------------------------------------------------------


def calendar_of(desk: Desk, learner: int, language: Any = "zh") -> Any:
    made = desk.do(learner, "export_calendar")
    assert isinstance(made, CalendarMade)
    attachment = card(made, texts_in(language)).attachment
    assert attachment is not None
    return Calendar.from_ical(bytes_of(attachment))


def test_a_calendar_has_every_day_of_the_plan(desk: Desk) -> None:
    ann = desk.meet("7", "Europe/Berlin")
    desk.enrol(ann)
    found = calendar_of(desk, ann)
    events = found.walk("VEVENT")
    finish = desk.do(ann, "show_progress").forecast.finish

    assert events[0].decoded("dtstart").isoformat() == "2026-11-23T08:00:00+01:00"
    assert events[0].decoded("duration") == timedelta(minutes=75)
    assert events[0]["summary"] == "学习：安装 PyTorch，跑一个最小的 Transformer，还有 1 项"
    assert "· 45 分钟" in events[0]["description"]
    assert events[-1].decoded("dtstart").date() == finish
    assert len({event["uid"] for event in events}) == len(events) == 30
    assert all(event.walk("VALARM")[0].decoded("trigger") == timedelta() for event in events)
    assert [one["tzid"] for one in found.walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert (found["calscale"], found["version"]) == ("GREGORIAN", "2.0")


def test_a_later_calendar_replaces_the_same_days(desk: Desk) -> None:
    ann = desk.meet("7")
    desk.enrol(ann)
    first = calendar_of(desk, ann).walk("VEVENT")
    desk.now += timedelta(hours=1)
    desk.do(ann, "change_settings", push_at="09:30")
    second = calendar_of(desk, ann).walk("VEVENT")

    assert [one["uid"] for one in first] == [one["uid"] for one in second]
    assert first[0]["sequence"] < second[0]["sequence"]
    assert first[0].decoded("last-modified") < second[0].decoded("last-modified")
    assert second[0].decoded("dtstart").strftime("%H:%M") == "09:30"


def test_two_learners_days_have_different_names_that_tell_nothing(desk: Desk) -> None:
    uids = []
    for person in ("7", "8"):
        learner = desk.meet(person)
        desk.enrol(learner)
        uids.append({str(one["uid"]) for one in calendar_of(desk, learner).walk("VEVENT")})

    assert uids[0].isdisjoint(uids[1])
    assert all(len(uid) == len("0" * 32 + "@mentor") for uid in uids[0] | uids[1])


def test_a_long_plan_stops_after_half_a_year_and_says_so(desk: Desk) -> None:
    ann = desk.meet("7")
    desk.enrol(ann, "llm-paths")
    made = desk.do(ann, "export_calendar")

    assert made.goes_on
    assert made.days[-1].start.date() <= date(2026, 11, 23) + timedelta(days=181)
    assert "26 周" in card(made, texts_in("zh")).markup


def test_lines_are_folded_and_a_clock_change_keeps_the_wall_time(desk: Desk) -> None:
    ann = desk.meet("7", "Europe/Berlin", "en")
    desk.enrol(ann, "engineer-28w")
    made = card(desk.do(ann, "export_calendar"), texts_in("en")).attachment
    assert made is not None
    file = bytes_of(made)
    starts = [one.decoded("dtstart") for one in Calendar.from_ical(file).walk("VEVENT")]

    assert max(map(len, file.split(b"\r\n"))) <= 75
    assert {one.strftime("%H:%M") for one in starts} == {"08:00"}
    assert {one.strftime("%z") for one in starts} == {"+0100", "+0200"}


def test_half_a_year_of_days_is_a_small_message(desk: Desk) -> None:
    ann = desk.meet("7")
    desk.enrol(ann, "ai-30w")

    assert len(card(desk.do(ann, "export_calendar"), texts_in("zh")).to_json()) < 60_000


def test_a_finished_task_is_not_in_the_calendar(desk: Desk) -> None:
    ann = desk.meet("7")
    desk.enrol(ann)
    desk.now = NOW + timedelta(hours=14)
    before = calendar_of(desk, ann).walk("VEVENT")[0]
    desk.do(ann, "mark_task", outcome="done", tasks=("1",))
    after = calendar_of(desk, ann).walk("VEVENT")[0]

    assert before["uid"] == after["uid"]
    assert "PyTorch" in before["summary"]
    assert "安装 PyTorch" not in after["description"]


def test_a_plan_without_days_to_come_says_why(desk: Desk) -> None:
    ann = desk.meet("7")
    with pytest.raises(Refused, match=r"enrolment\.none"):
        desk.do(ann, "export_calendar")
    desk.enrol(ann)
    desk.now += timedelta(days=1)
    desk.do(ann, "change_settings", pause=True)
    with pytest.raises(Refused, match=r"calendar\.nothing"):
        desk.do(ann, "export_calendar")


def test_a_finished_plan_has_no_calendar(desk: Desk) -> None:
    ann = desk.meet("7")
    desk.enrol(ann)
    for task in built_in().curricula["starter-30"].tasks:
        desk.store.run_now(
            change,
            "insert into completions (enrolment, task, day, noted_at) "
            "values (1, :task, '2026-11-23', 0)",
            task=task.id,
        )
    desk.now += timedelta(days=3)

    with pytest.raises(Refused, match=r"calendar\.finished"):
        desk.do(ann, "export_calendar")
