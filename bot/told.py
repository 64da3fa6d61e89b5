"""How a command ends when something is wrong: told in a line, with the exit code scripts expect."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from bot import settings as environment
from bot.settings import SettingsError
from bot.texts import texts_in
from learning.catalogue import CurriculumError
from learning.errors import MentorError, Refused
from store.errors import StorageBrokenError, StorageFullError

P = ParamSpec("P")

EXIT_PROBLEM = 1
EXIT_STORAGE = 74  # EX_IOERR of sysexits.h


def in_one_line(command: Callable[P, None]) -> Callable[P, None]:
    """Whatever a person can mend is told in lines of its own, without a traceback."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (SettingsError, CurriculumError) as error:
            click.echo(str(error), err=True)
            sys.exit(environment.EXIT_CODE)
        except (StorageBrokenError, StorageFullError) as error:
            click.echo(str(error), err=True)
            sys.exit(EXIT_STORAGE)
        except Refused as error:
            texts = texts_in("en")
            key = error.key if texts.has(error.key) else "error.unexpected"
            click.echo(texts.label(key, **error.values), err=True)
            sys.exit(EXIT_PROBLEM)
        except MentorError as error:
            click.echo(str(error), err=True)
            sys.exit(EXIT_PROBLEM)
        except BrokenPipeError:
            # Whoever read our output has had enough; there is nobody left to tell.
            sys.stdout = None
            sys.exit(0)

    return told
