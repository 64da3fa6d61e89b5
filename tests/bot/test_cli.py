"""The command line's contracts: what scripts may rely on."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.doctor import has_wal_reset_bug


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MENTOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MENTOR_LANGUAGE", "zh")
    monkeypatch.setenv("MENTOR_TIMEZONE", "Asia/Shanghai")


def mentor(*args: str, lines: str | None = None) -> Result:
    return CliRunner().invoke(main, args, input=lines)


def test_a_preview_is_one_document_with_every_push() -> None:
    result = mentor(
        *("preview", "starter-30", "--start", "2026-11-23", "--days", "30"),
        *("--follow", "all", "--json"),
    )

    pushes = json.loads(result.stdout)
    plans = [push for push in pushes if push["kind"] == "plan"]
    assert len(plans) == 30
    assert plans[0]["at"] == "2026-11-23T08:00+08:00"
    assert plans[0]["tasks"][0] == {
        "id": "first-run",
        "title": plans[0]["tasks"][0]["title"],
        "minutes": 45,
    }
    assert all(len(push["tasks"]) <= 3 for push in pushes)


@pytest.mark.parametrize(
    ("follow", "plans"),
    [pytest.param("none", 30, id="answers"), pytest.param("silent", 9, id="answers nothing")],
)
def test_who_answers_keeps_their_pushes_and_who_does_not_gets_fewer(
    follow: str, plans: int
) -> None:
    args = ("preview", "starter-30", "--start", "2026-11-23", "--days", "30")

    result = mentor(*args, "--follow", follow, "--json")

    kinds = [push["kind"] for push in json.loads(result.stdout)]
    assert kinds.count("plan") == plans


def test_a_preview_across_a_clock_change_has_one_plan_for_each_local_date() -> None:
    args = ("preview", "engineer-28w", "--start", "2027-03-22", "--days", "14", "--follow", "all")

    result = mentor(*args, "--zone", "Europe/Berlin", "--json")

    at = [push["at"] for push in json.loads(result.stdout) if push["kind"] == "plan"]
    assert len({one[:10] for one in at}) == len(at) == 14
    assert {one[11:16] for one in at} == {"08:00"}
    assert {one[16:] for one in at} == {"+01:00", "+02:00"}


def test_questions_are_answered_one_document_a_line() -> None:
    lines = "今天学什么\n第二个做完了\\n证据在这里\n你好\n"

    result = mentor("ask", "-", "--demo", "--json", "--now", "2026-11-24T09:00", lines=lines)

    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [[tool["name"] for tool in one["tools"]] for one in answers[:2]] == [
        ["show_plan"],
        ["mark_task"],
    ]
    assert answers[2]["tools"] == []
    assert all(
        set(message) == {"text", "actions"} for one in answers for message in one["messages"]
    )


def test_the_demo_learner_is_on_day_4_with_day_3_finished() -> None:
    result = mentor("ask", "/today", "--demo", "--json", "--now", "2026-11-26T09:00")

    assert "第 4 天" in json.loads(result.stdout)["messages"][0]["text"]


def test_a_conversation_goes_on_from_one_call_to_the_next() -> None:
    now = ("--now", "2026-11-23T09:00")
    mentor("ask", "/start ok starter-30 10h 2026-11-23", *now)
    mentor("ask", "/done first-run", *now)

    result = mentor("ask", "形状 (2, 10, 64)", "--json", *now)

    assert "证据收好了" in json.loads(result.stdout)["messages"][0]["text"]


def test_a_search_finds_what_is_meant_in_either_language() -> None:
    zh = json.loads(mentor("search", "重排序", "--limit", "3", "--json").stdout)
    en = json.loads(mentor("search", "reranker", "--limit", "3", "--json").stdout)

    assert {"bge-reranker", "cohere-rerank"} <= {one["id"] for one in zh}
    assert {"bge-reranker", "cohere-rerank"} <= {one["id"] for one in en}
    assert set(zh[0]) == {"id", "title", "url", "why"}


def test_curricula_are_listed_and_shown_whole() -> None:
    listed = json.loads(mentor("curricula", "list", "--json").stdout)
    shown = json.loads(mentor("curricula", "show", "starter-30", "--json").stdout)

    assert {one["id"] for one in listed} >= {"starter-30", "engineer-28w"}
    assert shown["stages"][0]["units"][0]["tasks"][0]["id"] == "first-run"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(("preview", "atlantis", "--start", "2026-11-23", "--days", "3"), "atlantis"),
        pytest.param(("preview", "starter-30", "--start", "soon", "--days", "3"), "2026-11-23"),
        pytest.param(
            ("preview", "starter-30", "--start", "2026-11-23", "--days", "3", "--zone", "Mars"),
            "Mars",
        ),
        pytest.param(("ask", "x", "--now", "later"), "2026-11-23T08:00"),
        pytest.param(("curricula", "show", "atlantis"), "atlantis"),
        pytest.param(("backup", "/nowhere/at/all"), "expected a database"),
    ],
)
def test_a_wrong_word_is_answered_in_a_line_with_what_was_expected(
    args: tuple[str, ...], said: str
) -> None:
    result = mentor(*args)

    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output


def test_running_without_a_platform_names_the_remedy() -> None:
    result = mentor("run")

    assert result.exit_code == 78
    assert "BotFather" in result.output


def test_the_doctor_names_every_part() -> None:
    findings = json.loads(mentor("doctor", "--json").stdout)

    assert {one["part"] for one in findings} >= {
        *("python", "sqlite", "database", "curricula", "clock", "telegram", "model"),
    }
    assert all(one["text"] for one in findings)


@pytest.mark.parametrize(
    ("version", "has_bug"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 46, 1), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 54, 0), False),
    ],
)
def test_the_doctor_knows_which_sqlite_has_the_wal_reset_bug(
    version: tuple[int, ...], *, has_bug: bool
) -> None:
    assert has_wal_reset_bug(version) is has_bug


def test_a_fixed_clock_reads_local_time_where_no_offset_is_given() -> None:
    result = mentor("ask", "/start", "--now", "2026-11-23T20:15")

    assert "20:15" in result.output
