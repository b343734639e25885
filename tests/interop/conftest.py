"""Short SBML texts with formulas in infix, and a short way to simulate them."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import SolverOptions, Status, simulate
from progenitor.interop import ImportedModel, read_sbml

sys.path.insert(0, str(Path(__file__).parent))

Course = Mapping[str, np.ndarray]
_FORMULA = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
FINE = SolverOptions(rtol=1e-10, atol_scale=1e-3, engine="reference")


class Writer:
    """Writes a document around the elements of a model, ``[[formula]]`` as MathML."""

    def __call__(
        self,
        body: str,
        *,
        level: int = 3,
        version: int = 2,
        extra: str = "",
        model: str = "",
        after: str = "",
    ) -> str:
        core = "/core" if level == 3 else ""
        space = f"http://www.sbml.org/sbml/level{level}/version{version}{core}"
        head = f'<sbml xmlns="{space}" level="{level}" version="{version}" {extra}>'
        text = f"{head}<model {model}>{body}</model>{after}</sbml>"
        return '<?xml version="1.0" encoding="UTF-8"?>' + _FORMULA.sub(self.mathml, text)

    @staticmethod
    def mathml(found: re.Match[str]) -> str:
        import libsbml

        tree = libsbml.parseL3Formula(found[1])
        assert tree is not None, libsbml.getLastParseL3Error()
        text: str = libsbml.writeMathMLToString(tree)
        return text.split("?>", 1)[1]

    @staticmethod
    def species(*items: str) -> str:
        """``"S initialAmount='1'"`` and so on; concentrations unless said otherwise."""
        written = []
        for item in items:
            name, _, given = item.partition(" ")
            given += "" if "hasOnly" in given else " hasOnlySubstanceUnits='false'"
            given += "" if "boundary" in given else " boundaryCondition='false'"
            given += "" if "constant" in given else " constant='false'"
            written.append(f"<species id='{name}' compartment='C' {given}/>")
        return f"<listOfSpecies>{''.join(written)}</listOfSpecies>"

    @staticmethod
    def parameters(**values: str) -> str:
        """Constants; a value that ends in ``!`` is of something that varies."""
        written = []
        for name, value in values.items():
            given = f"value='{value.rstrip('!')}'" if value.rstrip("!") else ""
            constant = "false" if value.endswith("!") else "true"
            written.append(f"<parameter id='{name}' {given} constant='{constant}'/>")
        return f"<listOfParameters>{''.join(written)}</listOfParameters>"

    @staticmethod
    def reaction(name: str, law: str, used: str = "", made: str = "", extra: str = "") -> str:
        """Sides are ``"A, 2 B"``; a stoichiometry that is a name gives the reference that id."""

        def side(kind: str, text: str) -> str:
            items = []
            for part in filter(None, (p.strip() for p in text.split(","))):
                count, _, who = part.rpartition(" ")
                if count.isidentifier():
                    given = f"id='{count}' constant='false'"
                else:
                    given = f"stoichiometry='{count or 1}' constant='true'"
                items.append(f"<speciesReference species='{who}' {given}/>")
            return f"<{kind}>{''.join(items)}</{kind}>" if items else ""

        return (
            f"<reaction id='{name}' reversible='false' {extra}>{side('listOfReactants', used)}"
            f"{side('listOfProducts', made)}<kineticLaw>[[{law}]]</kineticLaw></reaction>"
        )

    @staticmethod
    def reactions(*items: str) -> str:
        return f"<listOfReactions>{''.join(items)}</listOfReactions>"

    @staticmethod
    def rules(**formulas: str) -> str:
        """``x="…"`` assigns, ``x_dot="…"`` is a rate."""
        written = []
        for name, formula in formulas.items():
            kind = "rateRule" if name.endswith("_dot") else "assignmentRule"
            written.append(f"<{kind} variable='{name.removesuffix('_dot')}'>[[{formula}]]</{kind}>")
        return f"<listOfRules>{''.join(written)}</listOfRules>"

    @staticmethod
    def initially(**formulas: str) -> str:
        written = [
            f"<initialAssignment symbol='{name}'>[[{formula}]]</initialAssignment>"
            for name, formula in formulas.items()
        ]
        return f"<listOfInitialAssignments>{''.join(written)}</listOfInitialAssignments>"

    @staticmethod
    def event(
        when: str,
        *,
        initial: bool = True,
        persistent: bool = True,
        early: bool = True,
        delay: str = "",
        priority: str = "",
        **assignments: str,
    ) -> str:
        written = "".join(
            f"<eventAssignment variable='{name}'>[[{formula}]]</eventAssignment>"
            for name, formula in assignments.items()
        )
        parts = [
            f"<event useValuesFromTriggerTime='{str(early).lower()}'>",
            f"<trigger initialValue='{str(initial).lower()}' ",
            f"persistent='{str(persistent).lower()}'>[[{when}]]</trigger>",
            f"<priority>[[{priority}]]</priority>" if priority else "",
            f"<delay>[[{delay}]]</delay>" if delay else "",
            f"<listOfEventAssignments>{written}</listOfEventAssignments></event>",
        ]
        return "".join(parts)

    @staticmethod
    def events(*items: str) -> str:
        return f"<listOfEvents>{''.join(items)}</listOfEvents>"

    @staticmethod
    def functions(**formulas: str) -> str:
        """``f="lambda(x, 2*x)"``."""
        written = [
            f"<functionDefinition id='{name}'>[[{formula}]]</functionDefinition>"
            for name, formula in formulas.items()
        ]
        return f"<listOfFunctionDefinitions>{''.join(written)}</listOfFunctionDefinitions>"


@pytest.fixture(scope="session")
def sbml() -> Writer:
    pytest.importorskip("libsbml", reason="reading SBML needs progenitor[sbml]")
    return Writer()


@pytest.fixture(scope="session")
def course() -> Callable[..., Course]:
    """Values of every identifier, and of amounts as ``amount(S)``, over time."""

    def run(
        model: str | ImportedModel,
        times: Sequence[float],
        parameters: Mapping[str, float] | None = None,
        options: SolverOptions = FINE,
    ) -> Course:
        imported = read_sbml(model) if isinstance(model, str) else model
        values = {**imported.parameters, **(parameters or {})}
        one = np.array([0])
        found = simulate(
            imported.model,
            {name: np.array([value]) for name, value in values.items()},
            times=np.array([times], dtype=float),
            seed=1,
            draw=one,
            patient=one,
            options=options,
        )
        assert found.status[0] == Status.OK
        known = {i: found.observable(name)[0] for i, name in imported.symbols.items()}
        amounts = {f"amount({i})": found.observable(n)[0] for i, n in imported.amounts.items()}
        return known | amounts

    return run
