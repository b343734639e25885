"""The Pareto front as tables: what each candidate gives, and with which settings."""

from progenitor.inference import SearchGoal
from progenitor.report._numbers import number_text, percent, unit_text
from progenitor.report.tables._table import Cell, Column, Table
from progenitor.study import Candidate, Optimisation

__all__ = ["front_table", "setting_table"]

_SHIPPED = "As shipped"


def front_table(found: Optimisation) -> Table:
    """List objectives with their Monte Carlo errors, the recipe as shipped first.

    Parameters
    ----------
    found
        From :func:`progenitor.study.optimise_process`.
    """
    heads = [f"{goal.title} ({unit_text(percent(goal.unit)[1])})" for goal in found.goals]
    rows = [(Cell(_SHIPPED), *_goals(found, found.reference), Cell("–"))]
    rows += [
        (Cell(str(place)), *_goals(found, one), Cell(number_text(100 * one.confidence)))
        for place, one in enumerate(found.front, start=1)
    ]
    return Table(
        caption="Objectives ± Monte Carlo error; below, the difference to the recipe as shipped",
        columns=(
            Column("Candidate"),
            *(Column(head, numeric=True) for head in heads),
            Column("Stays on the front (%)", numeric=True),
        ),
        rows=tuple(rows),
    )


def setting_table(found: Optimisation) -> Table:
    """List the settings of every candidate of the front, the recipe as shipped first.

    Parameters
    ----------
    found
        From :func:`progenitor.study.optimise_process`.
    """
    ranges = found.space.ranges
    named = [(_SHIPPED, found.reference)]
    named += [(str(place), one) for place, one in enumerate(found.front, start=1)]
    return Table(
        caption="Settings; additives from 0 (none) to 1 (saturating)",
        columns=(
            Column("Candidate"),
            *(
                Column(
                    item.title if item.unit == "1" else f"{item.title} ({unit_text(item.unit)})",
                    numeric=True,
                )
                for item in ranges
            ),
        ),
        rows=tuple(
            (Cell(name), *(Cell(number_text(one.settings[item.name])) for item in ranges))
            for name, one in named
        ),
    )


def _goals(found: Optimisation, one: Candidate) -> list[Cell]:
    return [_cell(found, one, goal) for goal in found.goals]


def _cell(found: Optimisation, one: Candidate, goal: SearchGoal) -> Cell:
    factor, _ = percent(goal.unit)
    value, error = (factor * of[goal.name] for of in (one.judged.values, one.judged.errors))
    text = f"{number_text(value)} ± {number_text(error, digits=2)}"
    if one is found.reference:
        return Cell(text)
    difference, doubt = one.judged.difference(found.reference.judged, goal.name)
    sign = "+" if difference > 0 else ""
    small = f"{sign}{number_text(factor * difference)} ± {number_text(factor * doubt, digits=2)}"
    return Cell(text, small=small)
