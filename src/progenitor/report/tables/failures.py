"""Why lots failed, by arm."""

from collections.abc import Mapping

from progenitor.report._numbers import number_text
from progenitor.report.figures._palette import arm_labels
from progenitor.report.tables._table import Cell, Column, Table
from progenitor.study.results import ArmResult

__all__ = ["failure_table"]


def failure_table(arms: Mapping[str, ArmResult]) -> Table:
    """Return one row per reason of failure, with the number of lots and its share in each arm."""
    labels = arm_labels(arms)
    reasons = dict.fromkeys(reason for arm in arms.values() for reason in arm.lot_failures)
    made = tuple(Cell(str(arm.lots)) for arm in arms.values())
    rows = tuple(
        (
            Cell(reason.replace("_", " ").capitalize()),
            *(_count(arm.lot_failures.get(reason, 0), arm.lots) for arm in arms.values()),
        )
        for reason in reasons
    )
    return Table(
        caption="Lots that were not released, by first reason of failure",
        columns=(Column("Reason"), *(Column(label, numeric=True) for label in labels.values())),
        rows=((Cell("Lots started"), *made), *rows) if rows else (),
        empty="Every lot that was started was released.",
    )


def _count(failed: int, lots: int) -> Cell:
    share = f"{number_text(100 * failed / lots, digits=2)} %" if lots else ""
    return Cell(str(failed), small=share)
