"""What authors do at the command line: import a plan, write schemas, look at links."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from bot.clock import system_clock
from bot.links import Fate, look_at, report
from bot.process import open_store
from bot.settings import read_settings
from bot.told import EXIT_PROBLEM, in_one_line
from learning.curriculum import Task
from learning.values import Language
from store.authoring import schemas
from store.authoring.importing import Imported, Wishes, import_text, read_plan
from store.authoring.links import links_in
from store.authoring.own_curricula import save
from store.catalogue import CURRICULA
from store.links import keep_dead_links


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--id", help="The curriculum's id; guessed from the title when left out.")
@click.option("--hours", type=click.IntRange(1, 60), help="Hours a week it is meant for.")
@click.option("--rhythm", default="builder", show_default=True, help="Which rhythm it follows.")
@click.option("--language", type=click.Choice(["zh", "en"]), help="The language of its words.")
@click.option("--save", "is_saved", is_flag=True, help="Write it, instead of only showing it.")
@click.option("--replace", is_flag=True, help="With --save: a new version of one that is there.")
@in_one_line
def import_plan(
    file: Path,
    *,
    id: str | None,
    hours: int | None,
    rhythm: str,
    language: Language | None,
    is_saved: bool,
    replace: bool,
) -> None:
    """Make a curriculum of a Markdown plan: shown first, written with --save."""
    own = read_settings().own_curricula
    wishes = Wishes(id, hours, rhythm, language)
    imported = import_text(read_plan(file), file.name, wishes)
    for line in preview_of(imported, file.name):
        click.echo(line)
    folder = own / imported.curriculum.id
    if not is_saved:
        click.echo(f"\nNothing is saved yet. With --save this becomes {folder}")
        return
    save(imported, own, replace=replace)
    click.echo(f"\nSaved and checked: {folder}")
    click.echo(f"See it: mentor preview {folder.name} --start 2026-11-23 --days 7 --follow all")
    click.echo("A mentor that is running knows it after a restart.")


def preview_of(imported: Imported, name: str) -> Iterator[str]:
    """What a plan became: its stages, what was guessed, what found no place."""
    curriculum = imported.curriculum
    said = f"{', '.join(curriculum.languages)}, rhythm {curriculum.rhythm}"
    yield f"{curriculum.title.zh}  [{curriculum.id}, {said}]"
    for number, stage in enumerate(curriculum.stages, 1):
        tasks = [task for unit in stage.units for task in unit.tasks]
        yield f"\nStage {number}: {stage.title.zh}  ({stage.period.zh}; {_sum_of(tasks)})"
        for unit in stage.units:
            yield f"  {unit.title.zh}  ({_sum_of(unit.tasks)})"
            for task in unit.tasks:
                if task.session == 1:
                    times = f" × {task.sessions}" if task.sessions > 1 else ""
                    yield f"    {task.kind:<10} {task.minutes:>3} min{times}  {task.title.zh}"
    minutes = sum(task.minutes for task in curriculum.tasks)
    weeks = -(-minutes // (curriculum.hours * 60))
    more = [
        f"{len(found)} {what}"
        for what, found in (
            ("goals", [goal for stage in curriculum.stages for goal in stage.goals]),
            ("criteria", curriculum.criteria),
            ("sections to read", curriculum.sections),
        )
        if found
    ]
    parts = f"{len(curriculum.stages)} stages, {len(curriculum.units)} units"
    whole = ", ".join([parts, _sum_of(curriculum.tasks), *more])
    yield f"\nAltogether {whole}: about {weeks} weeks at {curriculum.hours} hours a week."
    yield "\nGuessed (say it in the plan, or change it in the files afterwards):"
    yield from (f"  {guess}" for guess in imported.guesses)
    if imported.leftovers:
        yield f"\nFound no place ({len(imported.leftovers)}):"
        for left in imported.leftovers:
            yield f"  {name}:{left.line}: {left.what}: {left.text[:160]}"
    else:
        yield "\nEverything in the plan found a place."


def _sum_of(tasks: tuple[Task, ...] | list[Task]) -> str:
    whole = sum(task.session == 1 for task in tasks)
    hours = sum(task.minutes for task in tasks) / 60
    return f"{whole} task{'s' if whole != 1 else ''}, {hours:.1f} h"


@click.command("schema")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@in_one_line
def write_schemas(folder: Path) -> None:
    """Write JSON Schemas for editors into FOLDER."""
    for name in schemas.write_schemas(folder):
        click.echo(str(folder / name))


@click.command("links")
@click.option("--own", "is_own", is_flag=True, help="Only this installation's own curricula.")
@in_one_line
def check_links(*, is_own: bool) -> None:
    """Look at every link over the network, report, and exit 1 when one is gone."""
    settings = read_settings()
    own = settings.own_curricula
    places = links_in([own] if is_own else [CURRICULA, own])
    click.echo(f"Looking at {len(places)} links; this takes a while, as hosts are asked gently.")
    looked = asyncio.run(look_at(places))
    for line in report(looked, places):
        click.echo(line)
    gone = {one.url: one.found for one in looked if one.fate is Fate.GONE}
    if settings.has_database and not is_own:
        # Operators see them in the chat as well.
        store = open_store(settings)
        try:
            store.run_now(keep_dead_links, gone, system_clock())
        finally:
            store.close()
    if gone:
        sys.exit(EXIT_PROBLEM)
