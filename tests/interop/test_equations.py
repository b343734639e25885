"""Equations as text and LaTeX say what is solved: read back by others, they have the same value."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from latex_reader import value_of

from progenitor.engine import (
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    SolverOptions,
    Species,
    simulate,
)
from progenitor.engine._expressions import Name, parse
from progenitor.evidence import default_catalogue
from progenitor.interop import equation_lines, equations_latex, equations_text, write_sbml
from progenitor.interop._equation_latex import latex
from progenitor.interop._equation_text import plain
from progenitor.interop._equations import equations_of
from progenitor.library import library_models, typical_patient

VALUES = {"a": 1.5, "k_on": 0.25, "alpha": 2.0, "growth_rate": 3.0, "x1": 0.75}
NUMBERS = st.sampled_from(["2", "0.5", "1e-9", "3e12", "-1.5", "7"])
NAMES = st.sampled_from([*VALUES, "time"])


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        *(two.map(lambda pair, o=o: f"({pair[0]}) {o} ({pair[1]})") for o in "+-*/"),
        inner.map(lambda one: f"-({one})"),
        inner.map(lambda one: f"abs({one})**2"),
        inner.map(lambda one: f"2**min({one}, 3)"),
        inner.map(lambda one: f"sqrt(abs({one}) + 1)"),
        inner.map(lambda one: f"log(1 + abs({one}))"),
        inner.map(lambda one: f"exp(min({one}, 1))**2"),
        inner.map(lambda one: f"floor(min(abs({one}), 9))"),
        two.map(lambda pair: f"hill(abs({pair[0]}) + 1, abs({pair[1]}) + 1, 2)"),
        st.tuples(inner, inner, inner, inner).map(
            lambda four: f"piecewise({four[0]}, {four[1]} < {four[2]} and not a > 2, {four[3]})"
        ),
    )


TEXTS = st.recursive(st.one_of(NUMBERS, NAMES), combined, max_leaves=8)


def by_engine(texts: list[str]) -> list[float]:
    """Values of expressions as the reference engine has them, at time 2."""
    part = ReactionSet(
        "values",
        species=(Species("nothing", "1"),),
        parameters=tuple(ModelParameter(name, "1") for name in VALUES),
        observables=tuple(Observable(f"o{at}", text, "1") for at, text in enumerate(texts)),
    )
    one = np.zeros(1, int)
    found = simulate(
        Model.build("values", [part], time_unit="1"),
        {name: np.array([value]) for name, value in VALUES.items()},
        times=np.array([[2.0]]),
        seed=0,
        draw=one,
        patient=one,
        options=SolverOptions(engine="reference"),
    )
    return [float(found.observable(f"o{at}")[0, 0]) for at in range(len(texts))]


def written(name: str) -> str:
    """How LaTeX writes a name."""
    return "t" if name == "time" else latex(Name(name))


@given(TEXTS)
def test_text_and_latex_have_the_value_of_the_expression(text: str) -> None:
    expression = parse(text)
    right, again = by_engine([text, plain(expression)])
    # atol 0: both texts are the same sum; brackets that were left out move the last bits only.
    assert again == pytest.approx(right, rel=1e-9, abs=0.0, nan_ok=True)
    values = {written(name): value for name, value in {**VALUES, "time": 2.0}.items()}
    if np.isfinite(right):
        assert value_of(latex(expression), values) == pytest.approx(right, rel=1e-9, abs=0.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a - (b - c)", "a - (b - c)"),
        ("a/(b*c)", "a/(b*c)"),
        ("(a/b)/c", "a/b/c"),
        ("a*(-b)", "a*(-b)"),
        ("-(a + b)", "-(a + b)"),
        ("(a**b)**c", "(a**b)**c"),
        ("(a < b or c > d) and e > 1", "(a < b or c > d) and e > 1"),
        ("1e-9*a", "1e-09*a"),
        ("0.1234567891*a", "0.1234567891*a"),
    ],
)
def test_text_keeps_the_brackets_that_matter(text: str, expected: str) -> None:
    assert plain(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("k_on*x1", r"k_{\mathrm{on}} \cdot x_{1}"),
        ("alpha_e/T", r"\frac{\alpha_{\mathrm{e}}}{T}"),
        ("(a/b)**2", r"\left(\frac{a}{b}\right)^{2}"),
        ("1e-9*growth_rate", r"10^{-9} \cdot \mathrm{growth\_rate}"),
        ("2.5e11*a", r"2.5 \times 10^{11} \cdot a"),
        ("a - (b + c)", r"a - \left(b + c\right)"),
        ("exp(a)**2", r"\left(\exp\left(a\right)\right)^{2}"),
    ],
)
def test_latex_is_set_as_a_person_would(text: str, expected: str) -> None:
    assert latex(parse(text)) == expected


def test_a_model_is_put_together_from_its_reactions() -> None:
    part = ReactionSet(
        "m",
        species=(Species("s", "cell", initial="2*start"), Species("p", "cell")),
        parameters=(ModelParameter("start", "cell"), ModelParameter("k", "1/day")),
        rules=(Rule("speed", "k*s", "cell/day"),),
        reactions=(
            Reaction("split", "speed", {"s": 1}, {"p": 2}),
            Reaction("back", "-k*p", {"p": 1}, {"s": 1}),
        ),
        events=(Event("end", "p > start", {"p": "0"}, delay="1/k", stop=True),),
        observables=(Observable("s", "s", "cell"), Observable("both", "s + p", "cell")),
    )
    model = Model.build("m", [part])
    assert equations_text(model).splitlines() == [
        "Rates of change",
        "  d s/dt = -speed - k*p",
        "  d p/dt = 2*speed + k*p",
        "Where",
        "  speed = k*s",
        "At the start",
        "  s = 2*start",
        "  p = 0",
        "Events",
        "  end: when p > start, 1/k later: p = 0; stop",
        "Observed",
        "  both = s + p",
    ]
    assert r"s(0) &= 2 \cdot \mathrm{start}" in equations_latex(model)


def rates(name: str, state: dict[str, float], time: float) -> dict[str, float]:
    """Rates of change as the LaTeX of a library model gives them."""
    patient = typical_patient(name)
    known = {written(symbol): value for symbol, value in patient.parameters.items()}
    known |= {written(symbol): value for symbol, value in state.items()} | {"t": time}
    lines = dict(equation_lines(patient.model))
    waiting = list(lines.get("Where", []))
    while waiting:  # rules may use rules that are declared later
        left = []
        for line in waiting:
            symbol, _, formula = line.partition(" &= ")
            try:
                known[symbol] = value_of(formula, known)
            except KeyError:
                left.append(line)
        assert len(left) < len(waiting), left
        waiting = left
    sums: list[str] = []
    for line in lines["Rates of change"]:
        if line.startswith("&"):
            sums[-1] += line.replace(r"&\quad", "")
        else:
            sums.append(line.partition(" &= ")[2])
    names = [species.name for species in patient.model.species]
    return {n: value_of(formula, known) for n, formula in zip(names, sums, strict=True)}


@pytest.mark.parametrize("name", library_models())
def test_latex_of_the_library_has_the_rates_of_libroadrunner(name: str) -> None:
    """The file that is exported, run by another tool, changes as the LaTeX says it does."""
    roadrunner = pytest.importorskip("roadrunner", reason="needs the package libroadrunner")
    patient = typical_patient(name)
    runner = roadrunner.RoadRunner(
        write_sbml(patient.model, patient.parameters, doses=patient.doses)
    )
    end = 0.37 * patient.numbers[library_models()[name].end]
    runner.simulate(0.0, end, 2)
    ids = runner.model.getFloatingSpeciesIds()
    state = dict(zip(ids, runner.model.getFloatingSpeciesAmounts(), strict=True))
    theirs = dict(zip(ids, runner.getRatesOfChange(), strict=True))
    ours = rates(name, state, float(end))
    infused = {dose.species for dose in patient.doses if dose.duration is not None}
    largest = max(abs(value) for value in theirs.values())
    for species in ids:
        if species not in infused:
            # 1e-12 of the largest rate: sums of terms that nearly cancel.
            assert ours[species] == pytest.approx(theirs[species], rel=1e-7, abs=1e-12 * largest)


@pytest.mark.parametrize("name", library_models())
def test_latex_of_the_library_can_be_set(name: str) -> None:
    """By the converter that draws the manual, and by matplotlib where it is installed."""
    convert = pytest.importorskip("docutils.utils.math.latex2mathml", reason="needs docutils")
    model = library_models()[name].model(default_catalogue())
    for _, lines in equation_lines(model):
        for line in lines:
            assert "<math" in convert.tex2mathml(rf"\begin{{aligned}}{line}\end{{aligned}}")


def test_latex_is_set_by_matplotlib() -> None:
    mathtext = pytest.importorskip("matplotlib.mathtext", reason="needs matplotlib")
    parser = mathtext.MathTextParser("agg")
    seen = 0
    for model in library_models().values():
        for _, lines in equation_lines(model.model(default_catalogue())):
            for line in lines:
                if "cases" not in line and r"\text" not in line:
                    parser.parse(f"${line.replace('&', '')}$")
                    seen += 1
    assert seen > 100


def test_every_species_has_a_rate_of_change() -> None:
    for published in library_models().values():
        model = published.model(default_catalogue())
        found: Any = equations_of(model)
        assert [change.species for change in found.changes] == [s.name for s in model.species]
