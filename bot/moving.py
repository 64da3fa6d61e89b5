"""The command that moves an installation from its file to a server, or back."""

from contextlib import ExitStack

import click

from bot.process import only_one
from bot.settings import SettingsError, read_settings
from bot.told import in_one_line
from store.errors import StorageBrokenError
from store.port import Store
from store.sqlite import SqliteStore


@click.command()
@click.argument("target", type=click.Choice(["server", "file"]), metavar="server|file")
@in_one_line
def migrate(target: str) -> None:
    """Copy this installation from its file to the server of MENTOR_DATABASE_URL, or back.

    Every mentor must be stopped. What is copied from stays as it is; a move that was cut off goes
    on when it is asked for again.
    """
    settings = read_settings()
    if settings.database_url is None:
        raise SettingsError(
            (
                "MENTOR_DATABASE_URL: expected the server's database, found none. Set it such as "
                "postgresql://mentor:password@127.0.0.1:5432/mentor.",
            )
        )
    if target == "server" and not settings.database.exists():
        raise StorageBrokenError(
            f"{settings.database}: expected a database, found none. Check MENTOR_DATA_DIR."
        )
    from store.moving import move  # noqa: PLC0415 -- most installations have no server
    from store.postgres import PostgresStore  # noqa: PLC0415

    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as open_now:
        open_now.enter_context(only_one(settings.data_dir))
        server = PostgresStore(settings.database_url.reveal(), connections=2)
        open_now.callback(server.close)
        used = server.others()
        if used:
            raise StorageBrokenError(
                f"{server.place}: expected no mentor at work there, found {used} connections of "
                "some. Stop them first: what they write now would be left behind."
            )
        file = SqliteStore(settings.database)
        open_now.callback(file.close)
        source: Store = file if target == "server" else server
        goal: Store = server if target == "server" else file
        count = 0
        for one in move(source, goal):
            count += one.rows
            click.echo(f"{one.table}: {one.rows} rows  {one.checksum[:12]}")
    click.echo(f"{goal.place}: {count} rows, the same as in {source.place}")
    hint = "unset MENTOR_DATABASE_URL" if target == "file" else "leave MENTOR_DATABASE_URL set"
    click.echo(f"To go on there, {hint}, and start the mentor.")
