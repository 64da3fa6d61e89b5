"""What operators do at the command line: backups, erasing, figures."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.clock import system_clock
from bot.told import EXIT_STORAGE


def mentor(*args: str) -> Result:
    return CliRunner().invoke(main, args)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of somebody at this terminal, with a plan, a task done and a question."""
    folder = tmp_path_factory.mktemp("learned")
    with pytest.MonkeyPatch.context() as patch:
        set_up(patch, folder)
        today = system_clock().date()
        for line in (f"/start ok starter-30 10h {today}", "/done 1", "/quiz 1"):
            mentor("ask", line)
    return folder


def set_up(patch: pytest.MonkeyPatch, folder: Path) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "DISCORD_BOT_TOKEN", "OPENAI_API_KEY"):
        patch.delenv(name, raising=False)
    patch.setenv("MENTOR_DATA_DIR", str(folder))
    patch.setenv("MENTOR_LANGUAGE", "en")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_up(monkeypatch, tmp_path / "data")


@pytest.fixture
def has_learned(learned: Path, tmp_path: Path) -> None:
    shutil.copytree(learned, tmp_path / "data")


@pytest.mark.usefixtures("has_learned")
def test_figures_count_people_and_deliveries_and_name_nobody() -> None:
    found = json.loads(mentor("stats", "--json").stdout)
    told = mentor("stats").stdout

    assert found["people"]["learners"] == found["people"]["active_day"] == 1
    assert found["answers"]["sent"] >= 3
    assert found["inbox"] == {"count": 0, "oldest": 0}
    assert found["database_bytes"] > 0
    assert "learners     1; wrote in the last day 1" in told
    assert "local" not in told


@pytest.mark.usefixtures("has_learned")
def test_somebody_is_erased_after_a_yes() -> None:
    counted = mentor("erase", "console", "local").stdout
    erased = mentor("erase", "console", "local", "--yes").stdout
    nobody = mentor("erase", "console", "local", "--yes")

    assert "Nothing is erased without --yes" in counted
    assert "rows erased" in erased
    assert "found nobody" in nobody.output
    assert nobody.exit_code == 1


@pytest.mark.usefixtures("has_learned")
def test_a_restore_forgets_again_and_says_so(tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.db")
    mentor("backup", copy)
    mentor("erase", "console", "local", "--yes")

    told = mentor("restore", copy).stdout

    assert "1 who had asked to be forgotten since are forgotten again" in told
    assert json.loads(mentor("stats", "--json").stdout)["people"]["learners"] == 0


@pytest.mark.usefixtures("has_learned")
def test_an_announcement_is_shown_before_it_is_sent(tmp_path: Path) -> None:
    zh, en = tmp_path / "zh.md", tmp_path / "en.md"
    zh.write_text("周六**停机**一小时", "utf-8")
    en.write_text("Down for an hour on **Saturday**", "utf-8")
    files = ("--zh", str(zh), "--en", str(en))

    shown = mentor("broadcast", *files).stdout
    sent = mentor("broadcast", *files, "--yes").stdout

    assert "Down for an hour on Saturday" in shown
    assert "1 learner would be told. Nothing is sent without --yes." in shown
    assert "1 learner will be told" in sent


@pytest.mark.usefixtures("has_learned")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("**周六停机", r"each \*\* to be closed"),
        ("运行 `pip install", "each ` to be closed"),
        ("", "1 to 1500 characters, found 0"),
        ("长" * 1501, "found 1501"),
    ],
)
def test_a_broken_announcement_is_sent_to_nobody(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "zh.md"
    file.write_text(text, "utf-8")

    found = mentor("broadcast", "--zh", str(file), "--yes")

    assert found.exit_code == 1
    assert re.search(told, found.output)
    assert found.output.count("\n") == 1


@pytest.mark.usefixtures("has_learned")
def test_an_export_is_written_once_and_comes_in_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "local.zip")

    written = mentor("export", "console", "local", file).stdout
    again = mentor("export", "console", "local", file)
    monkeypatch.setenv("MENTOR_DATA_DIR", str(tmp_path / "elsewhere"))
    taken = mentor("import", file).stdout
    twice = mentor("import", file)
    shown = mentor("ask", "/progress").stdout

    assert "rows of console local" in written
    assert "is there already" in again.output
    assert "rows taken in" in taken
    assert "is known here already" in twice.output
    assert "of 30 days" in shown or "30-day starter plan" in shown, shown


@pytest.mark.parametrize("command", ["stats", "erase", "backup", "broadcast"])
def test_without_a_database_the_remedy_is_named(command: str, tmp_path: Path) -> None:
    args = {"erase": ("console", "1"), "backup": (str(tmp_path / "copy.db"),)}.get(command, ())

    found = mentor(command, *args)

    assert found.exit_code == EXIT_STORAGE
    assert "MENTOR_DATA_DIR" in found.output
    assert found.output.count("\n") == 1


@pytest.mark.usefixtures("has_learned")
def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"SQLite format 3\x00" + b"x" * 5000)

    found = mentor("restore", str(tmp_path / "bad.db"))

    assert found.exit_code == EXIT_STORAGE
    assert "nothing was changed" in found.output
    assert json.loads(mentor("stats", "--json").stdout)["people"]["learners"] == 1


@pytest.mark.usefixtures("has_learned")
def test_backups_in_a_folder_are_named_by_their_time_and_age_out(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("mentor-20200101-000000.db", "mentor.db", "notes-20200101-000000.db"):
        (folder / name).write_bytes(b"")

    told = mentor("backup", str(folder), "--keep-days", "30").stdout

    left = {one.name for one in folder.iterdir()}
    assert "deleted, older than 30 days" in told
    assert {"mentor.db", "notes-20200101-000000.db"} < left
    assert len(left) == 3
    assert any(re.fullmatch(r"mentor-\d{8}-\d{6}\.db", one) for one in left - {"mentor.db"})
