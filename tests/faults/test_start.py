"""Starting and stopping: wrong settings, broken curricula, second instances, signals, secrets."""

import asyncio
import shutil
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import check
from bot.settings import SettingsError, read_settings
from learning.catalogue import CurriculumError
from store.catalogue import CURRICULA, read_catalogue
from tests.fakes.model import FakeModel
from tests.faults.conftest import Town
from tests.faults.harness import (
    IS_SOAK,
    MENTOR,
    ROOT,
    TOKEN,
    History,
    MentorProcess,
    TelegramProcess,
    ended_by_itself,
    enrol_people,
    history_of,
    until,
)

Reason = Callable[[MentorProcess, Path], None]

EXIT_SETTINGS = 78
EXIT_REFUSED = 77
LONGEST_DRAIN = 8.0  # seconds; Docker kills after ten

# Settings -----------------------------------------------------------------------------------------

WRONG = {
    "TELEGRAM_BOT_TOKEN": "110201543",
    "TELEGRAM_BASE_URL": "api.telegram.org",
    "OPENAI_API_KEY": "a key of more than one word",
    "OPENAI_BASE_URL": "ftp://127.0.0.1/v1",
    "MENTOR_TIMEZONE": "Mars/Olympus",
    "MENTOR_LANGUAGE": "fr",
    "MENTOR_HEALTH_PORT": "http",
    "MENTOR_ALLOW": "everybody",
    "MENTOR_DATA_DRI": "/tmp",  # noqa: S108 (a name with a slip; nothing is written there)
}


WRONG_TOKEN = "110201543:AAHwrongwrongwrongwrongwrongwrong-x"
# The pauses between tries are chance; this is a tenth of the shortest that chance gives.
HASTY = """
import bot.cli, random
class Hasty(random.Random):
    def uniform(self, a, b):
        return a / 10
bot.cli.Random = Hasty
bot.cli.main()
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a mentor ended that would not run, how often it polled, and its folder."""

    code: int
    said: str
    polls: int
    folder: Path


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Refusal]:
    """Mentors that will not run, each for its own reason, started side by side."""
    reasons = (wrong_settings, broken_curricula_beside, refused_token, token_used_elsewhere)

    async def refused(reason: Reason, telegram: TelegramProcess) -> Refusal:
        folder = tmp_path_factory.mktemp(reason.__name__)
        mentor = MentorProcess(folder / "data", folder / "log.txt", telegram.root)
        reason(mentor, folder)
        code, said = await ended_by_itself(mentor)
        polls = [one for one in await telegram.history() if one["method"] == "getUpdates"]
        return Refusal(code, said, len(polls), folder)

    async def all_refused() -> list[Refusal]:
        async with TelegramProcess() as telegram:
            # Only one of them gets so far as to poll: the one that is told of another.
            await telegram.ask("fail", method="getUpdates", times=None, status=409)
            return await asyncio.gather(*(refused(reason, telegram) for reason in reasons))

    ends = asyncio.run(all_refused())
    return {reason.__name__: end for reason, end in zip(reasons, ends, strict=True)}


def wrong_settings(mentor: MentorProcess, _: Path) -> None:
    mentor.environment |= WRONG


def broken_curricula_beside(mentor: MentorProcess, folder: Path) -> None:
    """The program finds its curricula beside itself, so it is given others beside a copy."""
    for package in ("agent", "bot", "learning", "store", "tools"):
        (folder / package).symlink_to(ROOT / package)
    broken_curricula(folder, MISTAKES["wrong minutes"])
    mentor.environment["PYTHONPATH"] = str(folder)
    mentor.command = (sys.executable, "-c", "from bot.cli import main; main()", "run")
    mentor.cwd = folder


def refused_token(mentor: MentorProcess, _: Path) -> None:
    mentor.environment["TELEGRAM_BOT_TOKEN"] = WRONG_TOKEN


def token_used_elsewhere(mentor: MentorProcess, _: Path) -> None:
    """Telegram ends the older of two polls, so each instance hears of the other."""
    mentor.command = (sys.executable, "-c", HASTY, "run")


def test_all_wrong_settings_are_told_at_once_each_with_its_remedy(
    refusals: Mapping[str, Refusal],
) -> None:
    refusal = refusals["wrong_settings"]
    lines = refusal.said.splitlines()

    assert refusal.code == EXIT_SETTINGS
    assert sorted(line.partition(":")[0] for line in lines) == sorted(WRONG)
    assert all("expected " in line and "found " in line for line in lines)
    assert all(len(line.partition("found ")[2].partition(". ")[2]) > 10 for line in lines)
    assert "more than one word" not in refusal.said, "a secret is not shown, wrong or not"


def test_a_token_that_telegram_refuses_ends_with_a_clear_text(
    refusals: Mapping[str, Refusal],
) -> None:
    refusal = refusals["refused_token"]

    assert refusal.code == EXIT_REFUSED
    assert "@BotFather" in refusal.said.splitlines()[-1]
    assert "Traceback" not in refusal.said
    assert WRONG_TOKEN not in refusal.said


def test_a_mentor_whose_token_another_program_uses_ends_with_a_clear_text(
    refusals: Mapping[str, Refusal],
) -> None:
    refusal = refusals["token_used_elsewhere"]

    assert refusal.code == EXIT_REFUSED
    assert "another program receives this bot's updates; stop it" in refusal.said.splitlines()[-1]
    assert "Traceback" not in refusal.said
    assert refusal.polls == 6


def test_a_mentor_with_broken_curricula_refuses_to_start_with_the_words_of_the_check(
    refusals: Mapping[str, Refusal],
) -> None:
    refusal = refusals["broken_curricula_beside"]

    with pytest.raises(CurriculumError) as broken:
        read_catalogue(refusal.folder / "curricula")

    assert refusal.code == EXIT_SETTINGS
    assert refusal.said == f"{broken.value}\n"


def missing_file(_: Path) -> None: ...


def folder_instead(place: Path) -> None:
    place.mkdir()


def other_bytes(place: Path) -> None:
    place.write_bytes(b"\xff\xfe\x00secret")


@pytest.mark.parametrize("broken", [missing_file, folder_instead, other_bytes])
def test_a_settings_file_that_cannot_be_read_is_told_in_one_line_with_its_remedy(
    broken: Callable[[Path], None], tmp_path: Path
) -> None:
    place = tmp_path / "token"
    broken(place)

    with pytest.raises(SettingsError) as wrong:
        read_settings({"TELEGRAM_BOT_TOKEN_FILE": str(place)})

    (problem,) = wrong.value.problems
    assert len(problem.splitlines()) == 1
    assert problem.startswith("TELEGRAM_BOT_TOKEN_FILE: expected ")
    assert str(place) in problem
    assert "Correct the path, or unset it." in problem
    assert "secret" not in problem


# Curricula ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mistake:
    """A slip in a file of the curricula, and what its author must be told."""

    file: str
    was: str
    became: str | None
    told: tuple[str, ...]


WEEK = "starter-30/01-week-1.yaml"
MISTAKES = {
    "wrong minutes": Mistake(
        WEEK,
        "minutes: 45",
        "minutes: 4500",
        ("01-week-1.yaml:63: ", "tasks[first-run].minutes: expected ", "found '4500'"),
    ),
    "minutes in words": Mistake(
        WEEK,
        "minutes: 45",
        "minutes: half an hour",
        ("01-week-1.yaml:63: ", "tasks[first-run].minutes: expected ", "found 'half an hour'"),
    ),
    "a misspelt name": Mistake(
        WEEK,
        "done_when:",
        "done_wen:",
        ("01-week-1.yaml:", "tasks[first-run].done_wen: expected ", "did you mean 'done_when'?"),
    ),
    "a name given twice": Mistake(
        WEEK, "milestone:\n", "id: again\nmilestone:\n", ("01-week-1.yaml:51: id: expected once",)
    ),
    "a task's id used twice": Mistake(
        WEEK,
        "- id: environment-map",
        "- id: first-run",
        ("01-week-1.yaml", "expected ", "found ", "'first-run'"),
    ),
    "a concept's id used twice": Mistake(
        "concepts/rag.yaml", "- id: document-parsing", "- id: rag", ("rag.yaml", "found 'rag'")
    ),
    "an unknown concept": Mistake(
        WEEK,
        "concepts: [python-env, cuda, tensor]",
        "concepts: [pyton-env, cuda, tensor]",
        ("01-week-1.yaml", "topics", "expected ", "found 'pyton-env'"),
    ),
    "bad YAML": Mistake(
        WEEK, "title:\n", "title: [\n", ("01-week-1.yaml: expected YAML, found: ", "line 4")
    ),
    "a missing stage file": Mistake(
        "starter-30/02-week-2.yaml",
        "",
        None,
        ("starter-30/02-week-2.yaml: expected ", "found none"),
    ),
}


def broken_curricula(folder: Path, mistake: Mistake) -> Path:
    """A copy of the curricula with one mistake in it."""
    copy = folder / "curricula"
    shutil.copytree(CURRICULA, copy)
    file = copy / mistake.file
    if mistake.became is None:
        file.unlink()
        return copy
    content = file.read_text("utf-8")
    assert mistake.was in content, "the curricula have changed; choose another mistake"
    file.write_text(content.replace(mistake.was, mistake.became, 1), "utf-8")
    return copy


@pytest.mark.parametrize("slip", MISTAKES)
def test_the_check_names_the_file_the_place_what_was_expected_and_what_was_found(
    slip: str, tmp_path: Path
) -> None:
    mistake = MISTAKES[slip]
    folder = broken_curricula(tmp_path, mistake)

    checked = CliRunner().invoke(check, [str(folder)])

    assert checked.exit_code == 1
    assert [part for part in mistake.told if part not in checked.stderr] == [], checked.stderr
    assert "Traceback" not in checked.output


def test_the_check_tells_all_mistakes_at_once(tmp_path: Path) -> None:
    folder = broken_curricula(tmp_path, MISTAKES["wrong minutes"])
    concepts = folder / "concepts" / "rag.yaml"
    concepts.write_text(concepts.read_text("utf-8").replace("level: 2", "level: two", 1), "utf-8")

    checked = CliRunner().invoke(check, [str(folder)])

    assert "01-week-1.yaml:63" in checked.stderr
    assert "rag.yaml" in checked.stderr


# Second instances ---------------------------------------------------------------------------------


@pytest.mark.asyncio(loop_scope="session")
async def test_a_second_mentor_on_one_folder_ends_and_names_the_first(
    town: Town, tmp_path: Path
) -> None:
    second = MentorProcess(town.mentor.data_dir, tmp_path / "log.txt", town.telegram.root)

    code, said = await ended_by_itself(second)

    assert code != 0
    assert str(town.mentor.data_dir) in said
    assert f"found process {town.mentor.pid}. Stop it, or " in said
    assert "Traceback" not in said
    assert town.mentor.is_alive


@pytest.mark.skipif(not IS_SOAK, reason="takes most of a minute; ask with MENTOR_SOAK=1")
async def test_of_two_mentors_on_one_token_one_goes_on(
    telegram: TelegramProcess, tmp_path: Path
) -> None:
    with (
        MentorProcess(tmp_path / "one", tmp_path / "one.txt", telegram.root) as one,
        MentorProcess(tmp_path / "two", tmp_path / "two.txt", telegram.root) as two,
    ):
        one.start()
        await one.is_up()
        two.start()

        async def one_has_ended() -> bool:
            return not (one.is_alive and two.is_alive)

        await until(one_has_ended, 180, "the end of one of the two")
        left, ended = (one, two) if one.is_alive else (two, one)
        await telegram.say(1, "/zzafter")
        await telegram.saw_texts(1, "/zzafter", within=60)

        assert await ended.ended(within=1) == EXIT_REFUSED
        assert "another program receives" in ended.said()
        assert left.is_alive


# Signals ------------------------------------------------------------------------------------------


KEY = "sk-canary0123456789abcdefghijklmnopqrst"
# Every logger at its most talkative, through the handler that `run` has set up.
TALKATIVE = """
import logging, bot.cli
quiet = bot.cli.set_up_logging
def loud(level, secrets=(), **rest):
    quiet(logging.DEBUG, secrets, **rest)
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).setLevel(logging.DEBUG)
bot.cli.set_up_logging = loud
bot.cli.main()
"""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A mentor that was stopped under load, with every logger loud, and started again."""

    code: int
    seconds: float
    history: History
    log: str
    files: Sequence[bytes]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Stopped:
    async def carry_out() -> Stopped:
        folder = tmp_path_factory.mktemp("stopped")
        async with TelegramProcess() as telegram:
            with MentorProcess(folder / "data", folder / "log.txt", telegram.root) as mentor:
                return await _stopped(telegram, mentor)

    return asyncio.run(carry_out())


async def _stopped(telegram: TelegramProcess, mentor: MentorProcess) -> Stopped:
    people = range(1, 25)
    enrol_people(mentor.database, people)
    mentor.command = (sys.executable, "-c", TALKATIVE, "run")
    # The model cannot be reached, and Telegram has its troubles: errors are where secrets leak.
    mentor.environment |= {
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
    }
    await telegram.ask("set", latency=0.03)
    await telegram.ask("fail", method="getUpdates", times=1, status=409)
    await telegram.ask("fail", method="sendMessage", times=1, status=502, chat_id=1)
    await telegram.ask("fail", method="sendMessage", times=1, status=429, retry_after=1, chat_id=2)
    said = [await telegram.say(3, "why does attention need a mask, in one sentence please")]
    said += [await telegram.say(person, f"/zz{n}") for n in range(2) for person in people]
    mentor.start()
    await telegram.saw_sends(5)

    loop = asyncio.get_running_loop()
    began = loop.time()
    code = await mentor.stop()
    seconds = loop.time() - began

    mentor.command = (str(MENTOR), "run")
    mentor.start()
    await telegram.has_taken_all()
    await mentor.has_dealt_with_all()
    history = history_of(mentor, said, await telegram.sends())
    files = [path.read_bytes() for path in mentor.data_dir.iterdir() if path.is_file()]
    return Stopped(code, seconds, history, mentor.ever_said(), files)


def test_a_stop_under_load_ends_in_time(stopped: Stopped) -> None:
    assert stopped.code == 0
    assert stopped.seconds < LONGEST_DRAIN


def test_a_stop_under_load_loses_and_repeats_nothing(stopped: Stopped) -> None:
    history = stopped.history

    assert (history.lost, history.silent, history.unfinished) == ([], [], [])
    assert history.repeated == []


@pytest.mark.parametrize("secret", [TOKEN, KEY], ids=["token", "key"])
def test_no_secret_is_in_the_log_or_the_data_folder_even_when_everything_is_logged(
    secret: str, stopped: Stopped
) -> None:
    assert "DEBUG telegram" in stopped.log, "the libraries were loud"
    assert secret not in stopped.log
    assert not any(secret.encode() in file for file in stopped.files)


@pytest.mark.skipif(not IS_SOAK, reason="takes most of ten seconds; ask with MENTOR_SOAK=1")
async def test_a_stop_while_the_model_hangs_ends_in_time_and_the_turn_is_answered_later(
    telegram: TelegramProcess, mentor: MentorProcess
) -> None:
    enrol_people(mentor.database, [1, 2])
    await telegram.ask("fail", method="sendMessage", times=1, status=429, retry_after=60, chat_id=2)
    loop = asyncio.get_running_loop()
    async with FakeModel() as model:
        model.fail("hang", times=None)
        mentor.environment |= {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": model.url}
        mentor.start()
        said = [await telegram.say(1, "why does attention need a mask, in one sentence please")]
        said.append(await telegram.say(2, "/today"))
        await model.wait_for(lambda: model.history, 20)
        await until(lambda: _is_refused(telegram), 10, "a send refused")

        began = loop.time()
        code = await mentor.stop()
        seconds = loop.time() - began
        waiting = mentor.open_rows()

    mentor.start()
    await telegram.saw_sends(2)
    await mentor.has_dealt_with_all()
    history = history_of(mentor, said, await telegram.sends())
    assert (code, waiting) == (0, (1, 1))
    assert seconds < LONGEST_DRAIN
    assert (history.lost, history.silent, history.repeated) == ([], [], [])


async def _is_refused(telegram: TelegramProcess) -> bool:
    return any(entry.get("status") == 429 for entry in await telegram.history())


async def test_a_second_signal_ends_the_mentor_at_once_and_loses_nothing(
    telegram: TelegramProcess, mentor: MentorProcess
) -> None:
    enrol_people(mentor.database, [1])
    mentor.start()
    await mentor.is_up()
    await telegram.ask("fail", method="sendMessage", times=2, status=429, retry_after=2)
    await telegram.say(1, "/zzpatience")
    await telegram.has_taken_all()

    mentor.send(signal.SIGTERM)
    await asyncio.sleep(0.2)
    was_draining = mentor.is_alive
    mentor.send(signal.SIGTERM)
    code = await mentor.ended(within=5)

    assert (was_draining, code) == (True, 1)
    assert mentor.open_rows() == (0, 1), "the answer waits for the next start"
