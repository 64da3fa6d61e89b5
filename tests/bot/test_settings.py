"""Settings: every problem at once, each with its remedy; secrets stay secret."""

import logging
from pathlib import Path

import pytest

from bot.logs import Redacting
from bot.settings import KNOWN, SettingsError, read_settings

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake_x"


def test_nothing_set_is_a_working_offline_mentor() -> None:
    settings = read_settings({"HOME": "/nowhere"})

    assert settings.telegram_token is None
    assert settings.model_key is None
    assert settings.language == "zh"


def test_every_problem_is_told_at_once_with_its_remedy() -> None:
    wrong = {
        "TELEGRAM_BOT_TOKEN": "hello",
        "MENTOR_LANGUAGE": "fr",
        "MENTOR_TIMEZONE": "Mars/Olympus",
        "MENTOR_HEALTH_PORT": "99999",
        "OPENAI_BASE_URL": "ftp://x",
        "MENTOR_ALLOW": "@bob",
        "MENTOR_LANGAUGE": "zh",
    }

    with pytest.raises(SettingsError) as problems:
        read_settings(wrong)

    assert len(problems.value.problems) == len(wrong)
    assert all("expected" in one and "found" in one for one in problems.value.problems)
    assert {one.partition(":")[0] for one in problems.value.problems} == set(wrong)


def test_a_secret_in_a_file_goes_first(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")

    settings = read_settings(
        {"TELEGRAM_BOT_TOKEN_FILE": str(file), "TELEGRAM_BOT_TOKEN": "123:other-other"}
    )

    assert settings.telegram_token is not None
    assert settings.telegram_token.reveal() == TOKEN


def test_a_missing_secret_file_is_named() -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN_FILE"):
        read_settings({"TELEGRAM_BOT_TOKEN_FILE": "/nowhere/token"})


def test_a_wrong_token_is_not_repeated_in_the_message() -> None:
    with pytest.raises(SettingsError) as problems:
        read_settings({"TELEGRAM_BOT_TOKEN": "my-precious-token"})

    assert "precious" not in str(problems.value)


def test_settings_do_not_show_their_secrets() -> None:
    settings = read_settings({"TELEGRAM_BOT_TOKEN": TOKEN, "OPENAI_API_KEY": "sk-fakefakefake"})

    assert TOKEN not in repr(settings)
    assert "sk-fakefakefake" not in repr(settings)


@pytest.mark.parametrize(
    "text",
    [
        f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
        "Authorization: Bearer abcdefgh12345678",
        "key sk-proj-abcdefghijklmnop1234",
        "postgresql://mentor:hunter2hunter2@db/mentor",
        "a key of another shape: my-own-endpoint-key",
    ],
)
def test_no_secret_passes_the_log(text: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, "%s", (text,), None)

    shown = Redacting(("my-own-endpoint-key",)).format(record)

    for secret in (TOKEN, "abcdefgh12345678", "sk-proj", "hunter2", "my-own-endpoint-key"):
        assert secret not in shown


def test_a_server_in_utc_with_chinese_learners_begins_in_shanghai(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.settings._machine_zone", lambda: "Etc/UTC")

    assert read_settings({}).zone == "Asia/Shanghai"
    assert read_settings({"MENTOR_LANGUAGE": "en"}).zone == "Etc/UTC"


def test_every_setting_stands_in_both_readmes() -> None:
    root = Path(__file__).parents[2]
    for name in ("README.md", "README.zh-CN.md"):
        text = (root / name).read_text("utf-8")
        assert [one for one in KNOWN if f"`{one}`" not in text] == []
