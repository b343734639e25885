"""Writing models in Antimony, by way of SBML."""

from collections.abc import Mapping, Sequence

from progenitor.engine import Dose, Model
from progenitor.errors import InputError, Problem
from progenitor.interop._antimony import antimony_package
from progenitor.interop._sbml_writing import write_sbml

__all__ = ["write_antimony"]


def write_antimony(
    model: Model, parameters: Mapping[str, float], *, doses: Sequence[Dose] = ()
) -> str:
    """Write a model with the parameters and doses of one patient in Antimony.

    What is lost is what :func:`write_sbml` loses. A name that means something in Antimony, such as
    ``normal``, gets an underscore.

    Parameters
    ----------
    model
        What to write.
    parameters
        Value of each of its parameters, in their declared units.
    doses
        What the first patient of these is given becomes events.

    Raises
    ------
    InputError
        When a parameter is missing or is not a number; lists every one.
    UnsupportedModelError
        When the model has an event that SBML cannot say.
    MissingExtraError
        When the package ``antimony`` is not installed.

    Examples
    --------
    >>> from progenitor.engine import ModelParameter, Reaction, ReactionSet, Species
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "1", initial="100"),),
    ...     parameters=(ModelParameter("loss_rate", "1/day"),),
    ...     reactions=(Reaction("loss", "loss_rate*drug", {"drug": 1}),),
    ... )
    >>> text = write_antimony(Model.build("decay", [decay]), {"loss_rate": 0.1})
    >>> "loss: drug => ; loss_rate*drug;" in text
    True
    """
    antimony = antimony_package("writing")
    antimony.clearPreviousLoads()
    if antimony.loadSBMLString(write_sbml(model, parameters, doses=doses)) < 0:
        said = " ".join(antimony.getLastError().split())
        raise InputError([Problem(f"Antimony cannot say it: {said.rstrip('.')}", "export SBML")])
    text: str = antimony.getAntimonyString(antimony.getMainModuleName())
    return text if text.endswith("\n") else f"{text}\n"
