"""Commands: what is typed after a slash, and what every button therefore means."""

from datetime import date

import pytest

from bot.commands import COMMANDS, MENU, read_command
from bot.texts import texts_in
from tools.registry import TOOLS

TODAY = date(2026, 11, 24)
TASKS = frozenset({"first-run", "chat-endpoint"})


def wish(text: str) -> tuple[str, dict[str, object]]:
    call = read_command(text, TODAY, TASKS).calls[0]
    return call.tool, dict(call.args)


@pytest.mark.parametrize(
    ("text", "tool", "args"),
    [
        ("/today", "show_plan", {"span": "today"}),
        ("/week next", "show_plan", {"span": "next_week"}),
        ("/path 2", "show_plan", {"span": "path", "part": "2"}),
        ("/done 1", "mark_task", {"outcome": "done", "tasks": ("1",)}),
        ("/done 1 2", "mark_task", {"outcome": "done", "tasks": ("1", "2")}),
        (
            "/done first-run 形状 (2, 10, 64)",
            "mark_task",
            {"outcome": "done", "tasks": ("first-run",), "evidence": "形状 (2, 10, 64)"},
        ),
        ("/done 分词器", "mark_task", {"outcome": "done", "tasks": ("分词器",)}),
        ("/done all", "mark_task", {"outcome": "done", "tasks": ("all",)}),
        (
            "/done notes@2026-11-29 https://x.y",
            "mark_task",
            {"outcome": "done", "tasks": ("notes@2026-11-29",), "evidence": "https://x.y"},
        ),
        (
            "/later 2 周五",
            "mark_task",
            {"outcome": "later", "tasks": ("2",), "until": date(2026, 11, 27)},
        ),
        (
            "/stuck 1 反向传播",
            "mark_task",
            {"outcome": "stuck", "tasks": ("1",), "note": "反向传播"},
        ),
        ("/pause 7", "change_settings", {"pause_days": 7}),
        ("/pause 一周", "change_settings", {"pause_days": 7}),
        ("/pause", "change_settings", {"pause": True}),
        ("/resume", "change_settings", {"resume": True}),
        ("/zone 柏林", "change_settings", {"zone": "Europe/Berlin"}),
        ("/hours 6", "change_settings", {"hours_a_week": 6.0}),
        ("/quiet 23:00-07:30", "change_settings", {"quiet_from": "23:00", "quiet_to": "07:30"}),
        ("/quietdays sat,sun", "change_settings", {"quiet_days": ("sat", "sun")}),
        ("/quietdays none", "change_settings", {"quiet_days": ()}),
        ("/snooze 90", "change_settings", {"snooze_minutes": 90}),
        ("/snooze", "change_settings", {"snooze_minutes": 120}),
        (
            "/snooze 2026-11-25T20:00",
            "change_settings",
            {"snooze_until": "2026-11-25T20:00"},
        ),
        (
            "/snooze 明天晚上8点",
            "change_settings",
            {"snooze_until": "2026-11-25T20:00"},
        ),
        ("/profile", "show_profile", {}),
        ("/profile 2", "show_profile", {"page": 2}),
        ("/profile edit 7", "edit_fact", {"fact": 7}),
        ("/profile edit 7 做前端的", "edit_fact", {"fact": 7, "words": "做前端的"}),
        ("/profile delete 7", "forget_fact", {"fact": 7}),
        ("/profile clear", "forget_fact", {"everything": True, "confirmed": False}),
        ("/profile clear yes", "forget_fact", {"everything": True, "confirmed": True}),
        ("/find 重排序", "find_resources", {"query": "重排序"}),
        ("/explain lora", "explain_concept", {"concept": "lora"}),
        ("／TODAY", "show_plan", {"span": "today"}),
        ("/today@MentorBot", "show_plan", {"span": "today"}),
        (
            "/start ok starter-30 45,45,45,45,45,120,0 2026-12-01",
            "start_curriculum",
            {
                "confirmed": True,
                "curriculum": "starter-30",
                "weekday_minutes": ["45", "45", "45", "45", "45", "120", "0"],
                "start": "2026-12-01",
            },
        ),
    ],
)
def test_a_command_asks_for_its_tool(text: str, tool: str, args: dict[str, object]) -> None:
    assert wish(text) == (tool, args)


@pytest.mark.parametrize("text", ["/tody", "/wek", "/progres", "/donee"])
def test_a_misspelt_command_is_answered_with_the_nearest(text: str) -> None:
    answer = read_command(text, TODAY, TASKS)

    assert answer.say == "snippets.unknown_command_near"
    assert str(answer.values["near"]).startswith(text[:3])


@pytest.mark.parametrize("text", ["/", "/ 你好", "/汉字", "/xqzw"])
def test_what_is_near_nothing_is_said_to_be_unknown(text: str) -> None:
    assert read_command(text, TODAY, TASKS).say in {
        "snippets.unknown_command",
        "snippets.unknown_command_near",
    }


def test_the_menu_names_commands_that_exist_and_are_described() -> None:
    assert set(MENU) <= set(COMMANDS)
    for language in ("zh", "en"):
        labels = [texts_in(language).label(f"menu.{name}") for name in MENU]
        assert all(0 < len(label) <= 256 for label in labels)


def test_no_tool_takes_a_learners_id() -> None:
    for tool in TOOLS.values():
        names = " ".join(tool.arguments.model_fields)
        assert not any(word in names for word in ("learner", "person", "address", "user"))
