"""How a command ends: every error a person can cause becomes words and an exit code."""

import functools
import os
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer

from progenitor.cli._help import keep_examples
from progenitor.errors import InputError, ProgenitorError

__all__ = ["exits"]

P = ParamSpec("P")
R = TypeVar("R")


def exits(command: Callable[P, R]) -> Callable[P, R]:
    """Wrap a command so that it ends in words, never in a traceback.

    Input errors are listed on stderr, one problem a line, and end with 2; other errors of
    Progenitor say their message and end with 1, as do files that cannot be read or written; Ctrl-C
    ends with 130.

    Parameters
    ----------
    command
        Function that does the work; its docstring is its help.
    """

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except InputError as error:
            typer.echo(str(error), err=True)
            count = len(error.problems)
            typer.echo(f"{count} problem{'s' if count > 1 else ''}", err=True)
            raise typer.Exit(2) from None
        except ProgenitorError as error:
            typer.echo(f"progenitor: {error}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            typer.echo("\nStopped.", err=True)
            raise typer.Exit(130) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except OSError as error:
            where = f"{error.filename2 or error.filename}: " if error.filename else ""
            typer.echo(f"progenitor: {where}{error.strerror or error}", err=True)
            raise typer.Exit(1) from None

    wrapped.__doc__ = keep_examples(command.__doc__)
    return wrapped
