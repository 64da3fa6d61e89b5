"""Settings: every problem at once, each with its remedy; secrets stay secret."""

import asyncio
import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.endpoints import Endpoint, Endpoints, Patience
from agent.model import chat_models
from bot.doctor import Finding, _model, _telegram_name
from bot.logs import JsonLines, Redacting
from bot.settings import KNOWN, SettingsError, read_settings
from learning.errors import MentorError
from tests.agent.clients import proxy
from tests.fakes.model import FakeModel
from tools.allowance import TURN_TOKENS, Allowance

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake_x"


def test_nothing_set_is_a_working_offline_mentor() -> None:
    settings = read_settings({"HOME": "/nowhere"})

    assert settings.telegram_token is None
    assert settings.models is None
    assert not settings.has_model
    assert settings.language == "zh"
    assert settings.allowance == Allowance(300_000, 300_000, None, None, 30, 100_000)
    assert not settings.coach_notes


def test_every_problem_is_told_at_once_with_its_remedy() -> None:
    wrong = {
        "TELEGRAM_BOT_TOKEN": "hello",
        "MENTOR_LANGUAGE": "fr",
        "MENTOR_TIMEZONE": "Mars/Olympus",
        "MENTOR_HEALTH_PORT": "99999",
        "OPENAI_BASE_URL": "ftp://x",
        "MENTOR_ALLOW": "@bob",
        "MENTOR_LANGAUGE": "zh",
        "OPENAI_API_KEY": "k",
        "MENTOR_MODEL_PATIENCE": "soon",
        "MENTOR_MODEL_SECONDS": "0",
        "MENTOR_MODEL_EXTRA": "temperature=0.3",
        "MENTOR_MODEL_STREAM_USAGE": "perhaps",
        "MENTOR_TOKENS_DAY": "-5",
        "MENTOR_TURNS_HOUR": "many",
        "MENTOR_COACH_NOTES": "sometimes",
        "MENTOR_SMALL_BASE_URL": "http://127.0.0.1:1/v1",
        "MENTOR_FALLBACK_MODEL": "spare",
        "MENTOR_FALLBACK_BASE_URL": "https://spare.example/v1",
    }
    told_of = set(wrong) - {"OPENAI_API_KEY", "MENTOR_FALLBACK_MODEL", "MENTOR_FALLBACK_BASE_URL"}
    told_of.add("MENTOR_FALLBACK_API_KEY")

    with pytest.raises(SettingsError) as problems:
        read_settings(wrong)

    assert len(problems.value.problems) == len(told_of)
    assert all("expected" in one and "found" in one for one in problems.value.problems)
    assert {one.partition(":")[0] for one in problems.value.problems} == told_of


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
    settings = read_settings(
        {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "OPENAI_API_KEY": "sk-fakefakefake",
            "OPENAI_PROXY": "http://me:hunter2hunter2@127.0.0.1:1",
            "MENTOR_SMALL_MODEL": "small",
            "MENTOR_SMALL_API_KEY": "sk-smallsmall",
        }
    )

    for secret in (TOKEN, "sk-fakefakefake", "hunter2", "sk-smallsmall"):
        assert secret not in repr(settings)
    assert set(settings.secrets) == {TOKEN, "sk-fakefakefake", "sk-smallsmall"}


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


def test_lines_of_json_hold_no_secret_and_no_whole_document() -> None:
    error = ValueError(f"at https://api.telegram.org/bot{TOKEN}/getMe")
    trace = (ValueError, error, None)
    record = logging.LogRecord("mentor.x", logging.WARNING, "x", 1, "%s", ("长" * 9000,), trace)

    line = JsonLines().format(record)

    told = json.loads(line)
    assert (told["level"], told["logger"]) == ("WARNING", "mentor.x")
    assert told["message"].endswith("(9000 characters)")
    assert "ValueError" in told["trace"]
    assert TOKEN not in line
    assert "\n" not in line


def test_a_server_in_utc_with_chinese_learners_begins_in_shanghai(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.settings._machine_zone", lambda: "Etc/UTC")

    assert read_settings({}).zone == "Asia/Shanghai"
    assert read_settings({"MENTOR_LANGUAGE": "en"}).zone == "Etc/UTC"


def models_of(**found: str) -> Endpoints:
    models = read_settings(found).models
    assert models is not None
    return models


def test_a_key_is_enough_for_a_model() -> None:
    models = models_of(OPENAI_API_KEY="k")

    assert (models.main.model, models.main.host) == ("gpt-4o-mini", "api.openai.com")
    assert (models.small, models.fallback, models.extra) == (None, None, {})
    assert models.patience == Patience(first_sign=4.5, silence=20, whole=60)


def test_a_server_in_this_network_needs_no_key() -> None:
    models = models_of(OPENAI_BASE_URL="http://127.0.0.1:11434/v1/", MENTOR_MODEL="qwen3:8b")

    assert models.main == Endpoint("qwen3:8b", "http://127.0.0.1:11434/v1", "")


def test_an_address_elsewhere_without_a_key_is_no_model() -> None:
    assert read_settings({"OPENAI_BASE_URL": "https://api.deepseek.com"}).models is None


def test_all_that_can_be_set_of_models_is_read() -> None:
    settings = read_settings(
        {
            "OPENAI_API_KEY": "k",
            "OPENAI_BASE_URL": "https://api.deepseek.com",
            "OPENAI_PROXY": "http://127.0.0.1:1",
            "MENTOR_MODEL": "big",
            "MENTOR_MODEL_PATIENCE": "12.5",
            "MENTOR_MODEL_SECONDS": "90",
            "MENTOR_MODEL_EXTRA": '{"temperature": 0.3, "thinking": {"type": "disabled"}}',
            "MENTOR_MODEL_STREAM_USAGE": "off",
            "MENTOR_SMALL_MODEL": "small",
            "MENTOR_FALLBACK_MODEL": "spare",
            "MENTOR_FALLBACK_BASE_URL": "http://ollama:11434/v1",
            "MENTOR_TOKENS_LEARNER_DAY": "none",
            "MENTOR_TOKENS_NEW_DAY": "none",
            "MENTOR_TOKENS_GROUP_DAY": "100000",
            "MENTOR_TOKENS_DAY": "2_000_000",
            "MENTOR_TOKENS_MONTH": "9000000",
            "MENTOR_TURNS_HOUR": "5",
            "MENTOR_COACH_NOTES": "on",
        }
    )

    assert settings.models == Endpoints(
        main=Endpoint("big", "https://api.deepseek.com", "k"),
        small=Endpoint("small", "https://api.deepseek.com", "k"),
        fallback=Endpoint("spare", "http://ollama:11434/v1", ""),
        patience=Patience(first_sign=12.5, whole=90),
        proxy="http://127.0.0.1:1",
        extra={"temperature": 0.3, "thinking": {"type": "disabled"}},
        wants_usage=False,
    )
    assert settings.allowance == Allowance(None, 100_000, 2_000_000, 9_000_000, 5)
    assert settings.coach_notes


@pytest.mark.parametrize("name", [one for one in KNOWN if one.startswith("MENTOR_TOKENS_")])
def test_fewer_tokens_than_one_turn_takes_are_refused(name: str) -> None:
    with pytest.raises(SettingsError) as problems:
        read_settings({name: str(TURN_TOKENS - 1)})

    (problem,) = problems.value.problems
    assert problem.startswith(f"{name}: expected a whole number from 16000, or none, found '15999'")
    read_settings({name: str(TURN_TOKENS)})


def test_the_key_of_one_provider_is_never_sent_to_another() -> None:
    found = {
        "OPENAI_API_KEY": "main-key",
        "MENTOR_FALLBACK_MODEL": "spare",
        "MENTOR_FALLBACK_BASE_URL": "https://spare.example/v1",
    }

    with pytest.raises(SettingsError, match="MENTOR_FALLBACK_API_KEY: expected a key for spare"):
        read_settings(found)
    fallback = models_of(**found, MENTOR_FALLBACK_API_KEY="its-own").fallback
    assert fallback == Endpoint("spare", "https://spare.example/v1", "its-own")


def test_a_second_model_needs_a_first() -> None:
    with pytest.raises(SettingsError, match="MENTOR_FALLBACK_MODEL: expected a main model"):
        read_settings({"MENTOR_FALLBACK_MODEL": "spare"})


@pytest.mark.parametrize("key", ["messages", "tools", "model", "stream"])
def test_extra_cannot_replace_what_the_mentor_says(key: str) -> None:
    with pytest.raises(SettingsError, match=f"MENTOR_MODEL_EXTRA.*the key {key}"):
        read_settings({"MENTOR_MODEL_EXTRA": json.dumps({key: [], "temperature": 1})})


def test_an_answer_cannot_be_over_before_it_began() -> None:
    with pytest.raises(SettingsError, match="MENTOR_MODEL_SECONDS: expected at least the 80 s"):
        read_settings({"OPENAI_API_KEY": "k", "MENTOR_MODEL_PATIENCE": "80"})


@pytest.mark.parametrize("value", ["nan", "inf", "0", "301", "1e9"])
def test_patience_is_a_number_of_seconds(value: str) -> None:
    with pytest.raises(SettingsError, match="MENTOR_MODEL_PATIENCE: expected seconds from 1"):
        read_settings({"MENTOR_MODEL_PATIENCE": value})


async def test_each_proxy_is_used_only_by_its_own(tmp_path: Path) -> None:
    async with proxy() as (for_telegram, telegrams), proxy() as (for_models, models):
        settings = read_settings(
            {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_BASE_URL": "http://telegram.example",
                "TELEGRAM_PROXY": for_telegram,
                "OPENAI_API_KEY": "k",
                "OPENAI_BASE_URL": "http://model.example/v1",
                "OPENAI_PROXY": for_models,
                "MENTOR_DATA_DIR": str(tmp_path),
            }
        )
        assert settings.models is not None
        clients = chat_models(settings.models)
        await clients.main.ainvoke("?")
        await clients.close()
        with pytest.raises(MentorError):
            await _telegram_name(settings)

    assert models == ["POST http://model.example/v1/chat/completions HTTP/1.1"]
    assert telegrams
    assert all("http://telegram.example/" in one for one in telegrams)


# The doctor ---------------------------------------------------------------------------------


async def examined(**found: str) -> dict[str, Finding]:
    settings = read_settings(found)
    findings = await asyncio.to_thread(lambda: list(_model(settings, NOW)))
    return {one.part: one for one in findings}


async def test_the_doctor_asks_every_endpoint() -> None:
    async with FakeModel() as main, FakeModel() as spare:
        found = await examined(
            OPENAI_BASE_URL=main.url,
            MENTOR_MODEL="fake",
            MENTOR_SMALL_MODEL="tiny",
            MENTOR_FALLBACK_MODEL="fake",
            MENTOR_FALLBACK_BASE_URL=spare.url,
        )

    assert found["model"].verdict == "ok"
    assert found["fallback model"].verdict == "ok"
    assert found["small model"].verdict == "warning"
    assert "does not list tiny. It has fake." in found["small model"].text


async def test_the_doctor_tells_a_dead_endpoint_without_the_key() -> None:
    found = await examined(OPENAI_BASE_URL="http://127.0.0.1:9/v1", OPENAI_API_KEY="my-own-key")

    assert found["model"].verdict == "warning"
    assert "expected an answer from 127.0.0.1, found ConnectError" in found["model"].text
    assert "my-own-key" not in found["model"].text


@pytest.mark.parametrize(
    ("status", "verdict", "word"),
    [(401, "problem", "refused the key"), (307, "problem", "another address"), (404, "ok", "m at")],
)
async def test_the_doctor_understands_what_an_endpoint_answers(
    status: int, verdict: str, word: str
) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 %d Nope\r\nLocation: http://elsewhere.example/\r\n" % status)
        writer.write(b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        found = await examined(OPENAI_BASE_URL=url, MENTOR_MODEL="m")

    assert found["model"].verdict == verdict
    assert word in found["model"].text


# What is written ----------------------------------------------------------------------------


def test_every_setting_stands_in_the_documentation_of_both_languages() -> None:
    root = Path(__file__).parents[2]
    for names in (
        ("README.md", "docs/models.md", "docs/scaling.md"),
        ("README.zh-CN.md", "docs/models.zh-CN.md", "docs/scaling.zh-CN.md"),
    ):
        text = "".join((root / name).read_text("utf-8") for name in names)
        assert [one for one in KNOWN if f"`{one}`" not in text] == []
