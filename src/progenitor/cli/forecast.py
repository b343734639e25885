"""`progenitor forecast`: will it happen in time, who said so, and how good they were."""

import typer

from progenitor.cli.forecast_ledger import add, ask, list_, resolve, score
from progenitor.cli.forecast_run import run

__all__ = ["forecast"]

forecast = typer.Typer(
    help="Forecasts of development programmes, and a ledger of dated predictions.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

for _name, _command in (
    ("run", run),
    ("list", list_),
    ("ask", ask),
    ("add", add),
    ("resolve", resolve),
    ("score", score),
):
    forecast.command(_name)(_command)
