"""Writing doses as records in the shape that NONMEM made common."""

from collections.abc import Iterable, Sequence
from typing import Final

from progenitor.engine import Dose, Model
from progenitor.errors import InputError, Problem
from progenitor.interop._csv_cells import number_text

__all__ = ["write_records"]

_HEAD: Final = ("ID", "TIME", "AMT", "RATE", "DUR", "CMT", "EVID", "MDV", "DV", "SPECIES")
_DOSE, _LOOK = 1, 0


def write_records(model: Model, doses: Sequence[Dose], *, times: Iterable[float] = ()) -> str:
    """Write what patients are given, and when they are looked at, as comma-separated records.

    Columns are ID, TIME, AMT, RATE, DUR, CMT (the number of the species, from 1), EVID (1 for a
    dose, 0 for a look), MDV (1: nothing was measured), DV (always missing) and SPECIES (the name
    of what CMT numbers). A look at the moment of a dose stands after it. Doses of nothing are left
    out. The first record is at time 0, where the model starts: a look, if nothing else is.
    ``read_records`` reads the table.

    Parameters
    ----------
    model
        Whose species the doses go to.
    doses
        What is given; every patient of their arrays gets an ID, from 1.
    times
        When patients are looked at, in the model's unit of time.

    Raises
    ------
    InputError
        When there is neither a dose nor a look, or a dose goes to what is no species.

    Examples
    --------
    >>> import numpy as np
    >>> from progenitor.engine import ReactionSet, Species
    >>> model = Model.build("m", [ReactionSet("m", species=(Species("drug", "mg"),))])
    >>> dose = Dose("drug", np.array([0.0]), np.array([100.0]), np.array([0.5]))
    >>> print(write_records(model, [dose], times=[1.0]), end="")
    ID,TIME,AMT,RATE,DUR,CMT,EVID,MDV,DV,SPECIES
    1,0,100,200,0.5,1,1,1,.,drug
    1,1,.,.,.,.,0,1,.,.
    """
    species = [one.name for one in model.species]
    unknown = sorted({dose.species for dose in doses} - set(species))
    if unknown:
        fix = f"give one of {', '.join(species)}"
        raise InputError([Problem(f"no species '{name}'", fix) for name in unknown])
    looks = [(float(time), _LOOK, _look(float(time))) for time in times]
    patients = len(doses[0].time) if doses else 1
    lines = []
    for patient in range(patients):
        given = [
            (day, _DOSE, _given(day, amount, lasting, species.index(dose.species) + 1, dose))
            for dose in doses
            for day, amount, lasting in dose.given(patient)
            if amount > 0
        ]
        if not given and not looks:
            continue
        start = [] if any(record[0] == 0.0 for record in (*given, *looks)) else [_START]
        ordered = sorted([*start, *given, *looks], key=lambda record: (record[0], -record[1]))
        lines += [",".join((str(patient + 1), *cells)) for _, _, cells in ordered]
    if not lines:
        raise InputError([Problem("the model has no doses", "give times to look at")])
    return "\n".join([",".join(_HEAD), *lines]) + "\n"


def _given(
    day: float, amount: float, lasting: float, compartment: int, dose: Dose
) -> tuple[str, ...]:
    rate = amount / lasting if lasting else 0.0
    shown = (day, amount, rate, lasting)
    return (*map(number_text, shown), str(compartment), str(_DOSE), "1", ".", dose.species)


def _look(day: float) -> tuple[str, ...]:
    return (number_text(day), ".", ".", ".", ".", str(_LOOK), "1", ".", ".")


_START: Final = (0.0, _LOOK, _look(0.0))
