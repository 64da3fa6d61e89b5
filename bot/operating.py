"""What operators do at the command line: back up, put back, erase somebody, look at figures."""

import asyncio
import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from bot.clock import system_clock
from bot.everything import files_of, rows_in
from bot.files import bytes_of
from bot.markup import styled
from bot.message import Attachment
from bot.process import only_one, open_store
from bot.settings import Settings, read_settings
from bot.told import in_one_line
from learning.errors import MentorError
from store.announcements import A_MINUTE, Announcement, announce, count_listeners
from store.errors import StorageBrokenError
from store.figures import Figures, People, figures, people
from store.forgotten import forget
from store.importing import take_in
from store.invitations import invite
from store.learners import Learner, learner_of
from store.personal import count_kept, everything_of
from store.port import Store
from store.sqlite import SqliteStore, back_up, put_back

BACKUP = "mentor-"
# What every platform takes as one message, with a line above it.
LONGEST_ANNOUNCEMENT = 1500


class NobodyThereError(MentorError):
    """Somebody was named whom the mentor does not know."""


class NotAnnouncedError(MentorError):
    """Words that cannot be told to everybody as they are."""


class NotWrittenError(MentorError):
    """A file that cannot be written."""


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--keep-days",
    type=click.IntRange(1, 3650),
    help="In a folder: delete its backups that are older.",
)
@in_one_line
def backup(target: Path, keep_days: int | None) -> None:
    """Write a whole, checked copy of the database; works while the mentor runs.

    TARGET is a file, or a folder that gets one named by the time.
    """
    settings = read_settings()
    _need_file(settings, "Back it up with the server's own: pg_dump --format=custom.")
    now = system_clock()
    folder = target if target.is_dir() else None
    if folder is not None:
        target = folder / f"{BACKUP}{now:%Y%m%d-%H%M%S}.db"
    back_up(settings.database, target)
    click.echo(f"{target}: a checked copy of {settings.database}")
    if folder is not None and keep_days is not None:
        # Whoever was forgotten is in older ones still.
        oldest = f"{BACKUP}{now - timedelta(days=keep_days):%Y%m%d-%H%M%S}.db"
        for old in sorted(folder.glob(f"{BACKUP}????????-??????.db")):
            if old.name < oldest:
                old.unlink()
                click.echo(f"{old}: deleted, older than {keep_days} days")


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_one_line
def restore(source: Path) -> None:
    """Put a backup in the database's place; the mentor must be stopped."""
    settings = read_settings()
    if settings.database_url is not None:
        _need_file(settings, "Restore it with the server's own: pg_restore.")
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_one(settings.data_dir):
        put = put_back(source, settings.database, system_clock())
    click.echo(f"{settings.database}: restored from {source}")
    if put.kept is not None:
        click.echo(f"{put.kept}: what was there before")
    if put.forgotten is None:
        click.echo(
            "What was there before could not be read. Whoever asked to be forgotten since the "
            "backup is known again: erase them with `mentor erase PLATFORM PERSON`."
        )
    elif put.forgotten:
        click.echo(
            f"{put.forgotten} who had asked to be forgotten since are forgotten again. "
            f"{source} still holds what was theirs: delete it once you need it no more."
        )


@click.command()
@click.argument("platform", metavar="PLATFORM")
@click.argument("person", metavar="PERSON")
@click.option("--yes", "is_confirmed", is_flag=True, help="Erase; without it they are counted.")
@in_one_line
def erase(platform: str, person: str, *, is_confirmed: bool) -> None:
    """Forget somebody for good: PERSON is their number on PLATFORM.

    The same as their own /forget. The mentor must be stopped.
    """
    settings = read_settings()
    _need_database(settings)
    with only_one(settings.data_dir):
        store = open_store(settings)
        try:
            learner = _known(store, platform, person)
            counted = sum(store.run_now(count_kept, learner.id).values())
            if is_confirmed:
                counted = store.run_now(forget, learner.id)
                if isinstance(store, SqliteStore):
                    asyncio.run(store.rewrite(system_clock()))
        finally:
            store.close()
    if is_confirmed:
        click.echo(f"{platform} {person}: {counted} rows erased. Backups made before hold them.")
    else:
        click.echo(f"{platform} {person}: {counted} rows. Nothing is erased without --yes.")


@click.command()
@click.option("--zh", "zh_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--en", "en_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", "is_confirmed", is_flag=True, help="Send; without it it is shown.")
@in_one_line
def broadcast(zh_file: Path | None, en_file: Path | None, *, is_confirmed: bool) -> None:
    """Tell all learners something, from a file for each language.

    Nobody is told in quiet hours, nor who wants no announcements or no pushes; 300 learners a
    minute. Works while the mentor runs.
    """
    settings = read_settings()
    _need_database(settings)
    words = Announcement(_announced(zh_file), _announced(en_file))
    if not words.zh and not words.en:
        raise NotAnnouncedError("broadcast: expected words in --zh FILE or --en FILE, found none.")
    store = open_store(settings)
    try:
        now = system_clock()
        count = (
            store.run_now(announce, words, now)
            if is_confirmed
            else store.run_now(count_listeners, now)
        )
    finally:
        store.close()
    if is_confirmed:
        minutes = count // A_MINUTE + 1
        told = f"{_learners(count)} will be told, in {minutes} min or after their quiet hours."
        click.echo(told)
        return
    for text in filter(None, (words.zh, words.en)):
        click.echo(f"{styled(text).text}\n")
    click.echo(f"{_learners(count)} would be told. Nothing is sent without --yes.")


def _learners(count: int) -> str:
    return "1 learner" if count == 1 else f"{count} learners"


def _announced(path: Path | None) -> str:
    """The markup in a file.

    Raises:
        NotAnnouncedError: when it is too long for one message, or a sign is left open in it.
    """
    if path is None:
        return ""
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotAnnouncedError(
            f"{path}: expected text in UTF-8, found a file that cannot be read "
            f"({type(error).__name__})."
        ) from error
    if not 0 < len(text) <= LONGEST_ANNOUNCEMENT:
        raise NotAnnouncedError(
            f"{path}: expected 1 to {LONGEST_ANNOUNCEMENT} characters, found {len(text)}."
        )
    left = next((sign for sign in ("```", "**", "`") if sign in styled(text).text), None)
    if left is not None:
        raise NotAnnouncedError(
            f"{path}: expected each {left} to be closed, found one that is not. Close it, or write "
            "\\ before it."
        )
    return text


@click.command("invite")
@click.option("--uses", type=click.IntRange(1, 10_000), default=1, help="People it lets in.")
@click.option("--days", type=click.IntRange(1, 365), default=7, help="Days until it expires.")
@in_one_line
def make_invitation(uses: int, days: int) -> None:
    """Make a code that lets people in where MENTOR_ALLOW names the others.

    Works while the mentor runs.
    """
    settings = read_settings()
    _need_database(settings)
    store = open_store(settings)
    now = system_clock()
    until = now + timedelta(days=days)
    try:
        code = store.run_now(invite, uses, until, now)
    finally:
        store.close()
    click.echo(f"/start {code}")
    click.echo(f"On Telegram as a link: https://t.me/NAME_OF_YOUR_BOT?start={code}")
    click.echo(f"It lets {uses} in, until {until:%Y-%m-%d %H:%M} UTC.")
    if not settings.allowed:
        click.echo("MENTOR_ALLOW is not set, so everybody may come in without it.", err=True)


@click.command("export")
@click.argument("platform", metavar="PLATFORM")
@click.argument("person", metavar="PERSON")
@click.argument("target", type=click.Path(path_type=Path))
@in_one_line
def export_person(platform: str, person: str, target: Path) -> None:
    """Write all that is kept of somebody into TARGET, a zip.

    The same as their own /export, without the deck. Works while the mentor runs.
    """
    settings = read_settings()
    _need_database(settings)
    now = int(system_clock().timestamp())
    store = open_store(settings)
    try:
        learner = _known(store, platform, person)
        kept = store.run_now(everything_of, learner.id)
    finally:
        store.close()
    if kept is None:
        raise _nobody(platform, person)
    file = Attachment(target.name, "everything", files_of(kept, now), now)
    try:
        with target.open("xb") as opened:
            opened.write(bytes_of(file))
    except FileExistsError:
        raise NotWrittenError(f"{target}: is there already. Name another file.") from None
    except OSError as error:
        raise NotWrittenError(f"{target}: could not be written ({error.strerror}).") from error
    click.echo(f"{target}: {sum(map(len, kept.values()))} rows of {platform} {person}")


@click.command("import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_one_line
def import_person(source: Path) -> None:
    """Take in what somebody's /export gave, as it was; the mentor must be stopped.

    What is under way in a chat and what belongs to groups stays behind.
    """
    settings = read_settings()
    exported = rows_in(source)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_one(settings.data_dir):
        store = open_store(settings)
        try:
            counts = take_in(store, exported)
        finally:
            store.close()
    left = sum(map(len, exported.values())) - sum(counts.values())
    click.echo(f"{source}: {sum(counts.values())} rows taken in, {left} left out (chats, groups)")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document, for scripts.")
@in_one_line
def stats(*, as_json: bool) -> None:
    """Figures of the last day; nobody is named. Works while the mentor runs."""
    settings = read_settings()
    _need_database(settings)
    store = open_store(settings)
    try:
        now = system_clock()
        found, who = store.run_now(figures, now), store.run_now(people, now)
        size = asyncio.run(store.size())
    finally:
        store.close()
    if as_json:
        content = {"people": asdict(who), **asdict(found), "database_bytes": size}
        click.echo(json.dumps(content, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(found, who, size)))


def _lines(found: Figures, who: People, size: int) -> list[str]:
    def told(counts: object) -> str:
        pairs = dict(counts) if isinstance(counts, dict) else {}
        return ", ".join(f"{n} {state}" for state, n in sorted(pairs.items())) or "none"

    def waiting(count: int, oldest: int) -> str:
        return f"{count}, the oldest for {oldest} s" if count else "none"

    return [
        f"learners     {who.learners}; wrote in the last day {who.active_day}, "
        f"in the last week {who.active_week}",
        f"groups       {who.cohorts} with {who.members} members",
        f"unanswered   {waiting(found.inbox.count, found.inbox.oldest)}; "
        f"given up in the last day {found.parked}",
        f"unsent       {waiting(found.outbox.count, found.outbox.oldest)}",
        f"pushes       {told(found.pushes)} in the last day",
        f"answers      {told(found.answers)} in the last day",
        f"model        {found.calls_today} calls and {found.tokens_today} tokens today, "
        f"{found.tokens_month} this month",
        f"quiz items   {found.reported_items} reported, {found.suspended_items} not asked",
        f"database     {size / 1e6:.1f} MB",
    ]


def _known(store: Store, platform: str, person: str) -> Learner:
    learner = store.run_now(learner_of, platform, person)
    if learner is None:
        raise _nobody(platform, person)
    return learner


def _nobody(platform: str, person: str) -> NobodyThereError:
    return NobodyThereError(
        f"{platform} {person}: expected somebody the mentor knows, found nobody. PERSON is the "
        "platform's number: on Telegram the id, on Discord what “Copy User ID” gives."
    )


def _need_file(settings: Settings, remedy: str) -> None:
    if settings.database_url is not None:
        raise StorageBrokenError(
            f"MENTOR_DATABASE_URL: expected a database in a file, found one on a server. {remedy}"
        )
    _need_database(settings)


def _need_database(settings: Settings) -> None:
    if not settings.has_database:
        raise StorageBrokenError(
            f"{settings.database}: expected a database, found none. Check MENTOR_DATA_DIR."
        )
