"""The command line: for learners at a terminal, for operators, and for scripts."""

import asyncio
import gc
import importlib
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from typing_extensions import override

from bot import settings as environment
from bot.answering import Answered
from bot.ask import Asker, ask_demo, ask_once
from bot.bank import live_items, to_json, to_text
from bot.clock import Clock, fixed_clock, system_clock
from bot.code_review.command import review_files, rows_of_review, text_of_review
from bot.doctor import Finding, examine, examine_keys
from bot.logs import set_up_logging
from bot.markup import styled
from bot.moving import migrate
from bot.operating import (
    backup,
    broadcast,
    erase,
    export_person,
    import_person,
    make_invitation,
    restore,
    stats,
)
from bot.platforms.configured import configured
from bot.platforms.console import Terminal
from bot.preview import Follow, preview
from bot.process import (
    Process,
    house_of,
    names,
    only_one,
    open_queue,
    open_store,
    run_until_stopped,
)
from bot.roles import Role
from bot.settings import Settings, SettingsError, read_settings
from bot.suggestions import Suggestions
from bot.texts import texts_in
from bot.told import EXIT_PROBLEM, in_one_line
from learning.calendar import zone_named
from learning.catalogue import Catalogue, CurriculumError
from learning.errors import Refused
from learning.resources import Resource
from store.catalogue import is_whole, read_catalogue, read_review_rules
from tools.concepts import find_concept
from tools.resources import search


def _instant(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        expected = "a date and time such as 2026-11-23T08:00 or 2026-11-23T08:00+08:00"
        raise click.BadParameter(f"expected {expected}, found {value!r}") from error
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(read_settings().zone))
    return found.astimezone(UTC)


def _clock(now: datetime | None) -> Clock:
    return system_clock if now is None else fixed_clock(now)


def _day(_: click.Context, __: click.Parameter, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"expected a date such as 2026-11-23, found {value!r}") from error


_now = click.option("--now", callback=_instant, help="Fix the clock, such as 2026-11-23T08:00.")
_json = click.option("--json", "as_json", is_flag=True, help="One JSON document, for scripts.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mentor")
def main() -> None:
    """Mentor (导师): a study mentor for large-model engineering."""
    environment.settle_libraries()
    set_up_logging(logging.WARNING)


@main.command()
@_now
@in_one_line
def chat(now: datetime | None) -> None:
    """Talk in the terminal; piped lines work too."""
    settings = read_settings()
    catalogue = read_catalogue(own=settings.own_curricula)
    store = open_store(settings)
    with only_one(settings.data_dir):
        terminal = Terminal(history=settings.data_dir / "history")
        process = Process(
            store, house_of(catalogue, settings), names([terminal]), _clock(now), settings
        )
        terminal.settled = process.settled

        async def let_go(answered: Answered) -> None:
            if answered.has_forgotten:
                terminal.forget_history()

        process.inbox.on_answer = let_go
        asyncio.run(_chat(process, terminal, settings))


async def _chat(process: Process, terminal: Terminal, settings: Settings) -> None:
    texts = texts_in(settings.language)
    terminal.say(texts.label("terminal.hello"))
    await process.pushes.tick()
    process.conversation.start_loading()
    ticking = asyncio.create_task(_tick(process))
    await process.start()
    await process.served()
    ticking.cancel()
    await process.stop()
    terminal.say(texts.label("terminal.bye"))


async def _tick(process: Process) -> None:
    while True:
        await asyncio.sleep(20)
        await process.pushes.tick()


@main.command()
@click.argument("text")
@click.option("--demo", is_flag=True, help="A learner of their own for each line, in memory.")
@_json
@_now
@in_one_line
def ask(text: str, *, demo: bool, as_json: bool, now: datetime | None) -> None:
    """One message through the whole path; `-` reads lines."""
    settings = read_settings()
    house = house_of(read_catalogue(own=settings.own_curricula), settings)
    asked = [line.rstrip("\n") for line in sys.stdin] if text == "-" else [text]
    # A line break inside a message is written as \n, since a line is a message.
    asked = [line.replace("\\n", "\n") for line in asked] if text == "-" else asked
    if demo:
        answers = asyncio.run(ask_demo(asked, house, _clock(now)()))
    else:
        store = open_store(settings)
        asker = Asker(store, house, settings, _clock(now))
        answers = [ask_once(asker, line) for line in asked]
        store.close()
    for answer in answers:
        if as_json:
            click.echo(answer.to_json())
        else:
            for message in answer.messages:
                click.echo(styled(message.markup).text)
                for number, button in enumerate(message.flat_buttons, 1):
                    click.echo(f"[{number}] {button.label}")


@main.command()
@click.option(
    "--role",
    type=click.Choice([one.value for one in Role]),
    default=Role.ALL.value,
    show_default=True,
    help="This process' part of the work. gateway: takes in. worker: answers and sends. "
    "ticker: makes what is due. All but `all` need MENTOR_DATABASE_URL.",
)
@in_one_line
def run(role: str) -> None:
    """Every configured platform, pushes and health."""
    # Nothing that is loaded becomes garbage; looking for some takes a second. The process turns it
    # on again.
    gc.disable()
    settings = read_settings()
    set_up_logging(logging.INFO, settings.secrets, as_json=settings.logs_json)
    catalogue = read_catalogue(own=settings.own_curricula)
    if not any(settings.tokens.values()):
        problem = (
            "TELEGRAM_BOT_TOKEN, DISCORD_BOT_TOKEN: expected a token, found none. Get one from "
            "@BotFather, or from https://discord.com/developers, and set it; or talk here with "
            "`mentor chat`."
        )
        raise SettingsError((problem,))
    if role != Role.ALL and settings.database_url is None:
        problem = (
            f"--role {role}: expected MENTOR_DATABASE_URL, since several processes share a "
            "PostgreSQL server, found none. Set it, or leave --role out: one process is enough "
            "for a community."
        )
        raise SettingsError((problem,))
    store = open_store(settings)
    house = house_of(catalogue, settings)
    with nullcontext() if settings.database_url else only_one(settings.data_dir):
        platforms = configured(settings, Suggestions(store, house, system_clock))
        process = Process(
            store,
            house,
            names(platforms),
            system_clock,
            settings,
            open_queue(settings),
            Role(role),
        )
        fatal = asyncio.run(run_until_stopped(process, settings.health_port))
    if fatal is not None:
        click.echo(str(fatal), err=True)
        sys.exit(fatal.exit_code)


@main.command("preview")
@click.argument("curriculum")
@click.option("--start", required=True, callback=_day, help="The first day.")
@click.option("--days", type=click.IntRange(1, 400), required=True)
@click.option("--hours", type=click.FloatRange(0.25, 100), help="Hours a week.")
@click.option("--zone", help="IANA name.")
@click.option(
    "--follow",
    type=click.Choice([one.value for one in Follow]),
    default=Follow.SILENT.value,
    help="all: finishes everything. none: finishes nothing, but answers. "
    "silent (when left out): answers nothing, so the pushes grow fewer.",
)
@_json
@in_one_line
def show_preview(
    curriculum: str,
    *,
    start: date,
    days: int,
    hours: float | None,
    zone: str | None,
    follow: str,
    as_json: bool,
) -> None:
    """Every push a learner would get."""
    settings = read_settings()
    house = house_of(read_catalogue(own=settings.own_curricula), settings)
    pushed = preview(
        house,
        curriculum,
        start,
        days,
        hours=hours,
        zone=zone_named(zone or settings.zone),
        follow=Follow(follow),
    )
    if as_json:
        click.echo(json.dumps([one.to_json(house) for one in pushed], ensure_ascii=False, indent=1))
        return
    for one in pushed:
        click.echo(f"--- {one.at:%Y-%m-%d %H:%M} {one.kind}")
        click.echo(styled(one.message.markup).text)


@main.command("search")
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 10), default=3)
@_json
@in_one_line
def show_search(query: str, *, limit: int, as_json: bool) -> None:
    """Find resources; `-` reads queries, one on a line."""
    settings = read_settings()
    catalogue = read_catalogue(own=settings.own_curricula)
    queries = [line.strip() for line in sys.stdin if line.strip()] if query == "-" else [query]
    for one in queries:
        found = [
            {
                "id": resource.id,
                "title": resource.title.in_language(settings.language),
                "url": resource.url,
                "why": resource.note.in_language(settings.language),
            }
            for resource in _found(catalogue, one, limit)
        ]
        if as_json:
            click.echo(json.dumps(found, ensure_ascii=False))
        else:
            for entry in found:
                click.echo(f"{entry['title']}  {entry['url'] or ''}\n  {entry['why']}")


def _found(catalogue: Catalogue, query: str, limit: int) -> tuple[Resource, ...]:
    """The finds; where there is none, what comes nearest, for a script to judge."""
    found = search(catalogue, query, limit)
    return found.resources or found.near


@main.command("quiz")
@click.option("--concept", metavar="ID", help="Only items about this concept.")
@click.option("--count", type=click.IntRange(1, 10_000), default=5, show_default=True)
@click.option("--all", "whole", is_flag=True, help="The whole bank.")
@_json
@in_one_line
def show_quiz(concept: str | None, *, count: int, whole: bool, as_json: bool) -> None:
    """Print quiz items with their answers."""
    settings = read_settings()
    catalogue = read_catalogue(own=settings.own_curricula)
    if concept is not None and concept not in catalogue.concepts:
        near = [one.id for one in (find_concept(catalogue, concept)[0],) if one is not None]
        hint = f"; did you mean {near[0]}?" if near else ""
        raise click.UsageError(f"--concept: expected a concept's id, found {concept!r}{hint}")
    items = list(live_items(catalogue, concept))
    items = items if whole else items[:count]
    if as_json:
        click.echo(json.dumps([to_json(one) for one in items], ensure_ascii=False, indent=1))
    else:
        click.echo("\n\n".join(to_text(one, settings.language) for one in items))


@main.command("review")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_json
@in_one_line
def show_review(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Review files of Python, notebooks or Markdown; they are read, never run."""
    settings = read_settings()
    rules = read_review_rules(own=settings.own_curricula)
    texts = texts_in(settings.language)
    read, findings = review_files(files, rules)
    if as_json:
        rows = rows_of_review(read, findings, rules, texts)
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        click.echo(text_of_review(read, findings, rules, texts))


class CurriculaGroup(click.Group):
    """Loads the authors' commands when one is named: a running mentor can do without their 6 MB."""

    authors: Mapping[str, str] = {
        "import": "import_plan",
        "schema": "write_schemas",
        "links": "check_links",
    }

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *self.authors])

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.authors:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(
            importlib.import_module("bot.authors"), self.authors[cmd_name]
        )
        return command


@main.group("curricula", cls=CurriculaGroup)
def curricula_group() -> None:
    """List, check and show the curricula."""


@curricula_group.command("list")
@_json
@in_one_line
def list_all(*, as_json: bool) -> None:
    """The curricula of this installation."""
    catalogue = read_catalogue(own=read_settings().own_curricula)
    rows = [_summary(catalogue, id) for id in catalogue.curricula]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(
            f"{row['id']:<16} {row['tasks']:>4} tasks  {row['title_zh']} / {row['title_en']}"
        )


def _summary(catalogue: Catalogue, id: str) -> dict[str, object]:
    one = catalogue.curricula[id]
    return {
        "id": id,
        "version": one.version,
        "title_zh": one.title.zh,
        "title_en": one.title.en,
        "stages": len(one.stages),
        "tasks": len(one.tasks),
        "hours_a_week": one.hours,
    }


@curricula_group.command("check")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False
)
def check(folder: Path | None) -> None:
    """Print every problem with its place, and exit 1 when there is one.

    Without FOLDER: the built-in curricula and this installation's own. With it: that folder,
    which adds to the built-in ones unless it has rhythms/ of its own.
    """
    try:
        if folder is None:
            catalogue = read_catalogue(own=read_settings().own_curricula, is_strict=True)
        elif is_whole(folder):
            catalogue = read_catalogue(folder, is_strict=True)
        else:
            catalogue = read_catalogue(own=folder, is_strict=True)
    except (CurriculumError, SettingsError) as error:
        click.echo(str(error), err=True)
        sys.exit(EXIT_PROBLEM)
    tasks = sum(len(one.tasks) for one in catalogue.curricula.values())
    click.echo(
        f"{len(catalogue.curricula)} curricula, {tasks} tasks, {len(catalogue.concepts)} concepts, "
        f"{len(catalogue.resources)} resources, {len(catalogue.bank.live)} quiz items: no problems"
    )


@curricula_group.command("show")
@click.argument("id")
@_json
@in_one_line
def show(id: str, *, as_json: bool) -> None:
    """One curriculum, whole."""
    settings = read_settings()
    catalogue = read_catalogue(own=settings.own_curricula)
    if id not in catalogue.curricula:
        raise Refused("curriculum.unknown", id=id)
    curriculum = catalogue.curricula[id]
    if as_json:
        click.echo(curriculum.model_dump_json(indent=1))
        return
    language = settings.language
    click.echo(curriculum.title.in_language(language))
    for stage, unit, task in curriculum.places():
        title = task.title.in_language(language)
        click.echo(f"{stage.id} / {unit.id} / {task.id}: {title} ({task.minutes} min)")


curricula_group.add_command(show_preview)


@main.command()
@_json
@in_one_line
def doctor(*, as_json: bool) -> None:
    """Look at everything, and name a remedy for each problem."""
    _report(examine(read_settings(), system_clock()), as_json=as_json)


@main.group("keys")
def keys_group() -> None:
    """Tokens and keys."""


@keys_group.command("check")
@_json
@in_one_line
def check_keys(*, as_json: bool) -> None:
    """Ask each platform and model whether it takes our token or key; shows none of them."""
    _report(examine_keys(read_settings(), system_clock()), as_json=as_json)


def _report(findings: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        rows = [{"part": f.part, "verdict": f.verdict, "text": f.text} for f in findings]
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{finding.verdict:<8} {finding.part:<10} {finding.text}")
    if any(finding.verdict == "problem" for finding in findings):
        sys.exit(EXIT_PROBLEM)


for _command in (
    backup,
    restore,
    broadcast,
    make_invitation,
    export_person,
    import_person,
    erase,
    migrate,
    stats,
):
    main.add_command(_command)
