"""Mixed models against published numbers and the restricted likelihood of dense matrices in R.

The R that made data and results stands at the top of ``data/mixed_model.csv``.
"""

import csv

import numpy as np
import pytest
from survival_data import DATA, reference, value_of

from progenitor.trial import MixedModel, RandomEffect, mixed_model

SEARCHED = 2e-6  # R's search stops about there


def fitted(model: str) -> MixedModel:
    rows = list(csv.DictReader((DATA / "mouse_volumes.csv").read_text("utf-8").splitlines()))
    y, day, arm = (np.array([float(row[name]) for row in rows]) for name in ("y", "day", "arm"))
    groups = {name: np.array([row[name] for row in rows]) for name in ("donor", "mouse", "cage")}
    effects = {
        "donor": RandomEffect("donor", groups["donor"]),
        "mouse": RandomEffect("mouse", groups["mouse"]),
        "cage": RandomEffect("cage", groups["cage"]),
        "slope": RandomEffect("slope", groups["mouse"], day),
    }
    columns = [np.ones(y.size), day, arm] + ([] if "cage" in model else [day * arm])
    return mixed_model(y, np.column_stack(columns), [effects[name] for name in model.split("+")])


@pytest.mark.parametrize("model", ["donor+mouse", "donor+mouse+slope", "donor+cage"])
def test_equals_dense_matrices_in_r(model: str) -> None:
    fit = fitted(model)
    found = {f"variance:{i + 1}": value for i, value in enumerate(fit.variances.values())}
    found |= {f"coef:{i + 1}": value for i, value in enumerate(fit.coefficients)}
    found |= {f"se:{i + 1}": value for i, value in enumerate(fit.standard_errors)}
    found["loglik"] = fit.log_likelihood
    rows = {
        row["quantity"]: value_of(row) for row in reference("mixed_model") if row["model"] == model
    }
    assert found == pytest.approx(rows, abs=SEARCHED)


def test_rails() -> None:
    """Pinheiro, Bates 2000, Mixed-Effects Models in S and S-PLUS, section 1.1.1."""
    rail = np.repeat(np.arange(6), 3)
    travel = [55, 53, 54, 26, 37, 32, 78, 91, 85, 92, 100, 96, 49, 51, 50, 80, 85, 83]
    fit = mixed_model(np.array(travel, float), np.ones((18, 1)), [RandomEffect("rail", rail)])
    assert fit.variances["rail"] ** 0.5 == pytest.approx(24.80547, rel=1e-6)
    assert fit.variances["residual"] ** 0.5 == pytest.approx(4.020779, rel=1e-6)
    assert fit.standard_errors[0] == pytest.approx(10.17104, rel=1e-6)
    assert fit.log_likelihood == pytest.approx(-61.0885, abs=5e-5)
    assert fit.contrast(np.ones(1)).freedom == pytest.approx(5.0, rel=1e-4)
