"""Facts of the reference tables stand in the catalogue as they were printed."""

import csv
import re
from pathlib import Path

import pytest

from progenitor.evidence import default_catalogue

DATA = Path(__file__).parent / "data"
PRIORS = list(csv.DictReader((DATA / "programme_priors.csv").read_text("utf-8").splitlines()))
DISPOSITION = list(
    csv.DictReader((DATA / "cart_disposition_public.csv").read_text("utf-8").splitlines())
)
RECORDS = (
    "cell_gene_approval", "orphan_cell_gene_approval", "other_cell_gene_approval",
    "oncology_cell_gene_approval", "non_oncology_cell_gene_approval", "car_t_approval",
    "aav_approval", "all_drugs_approval", "oncology_approval", "immuno_oncology_approval",
    "car_t_approval_bio", "rare_disease_approval", "haematology_approval", "all_drugs_phase_2",
    "oncology_approval_wong", "haem_cancer_phase_1", "haem_cancer_phase_2", "haem_cancer_phase_3",
    "haem_cancer_review", "haem_cancer_approval",
)  # fmt: skip
INFUSED = {
    "ELIANA (first 92)": ("programme/infused_share", 1),
    "ELIANA (Apr-2018 update)": ("programme/eliana_infused_share", 0),
    "JULIET": ("programme/infused_share", 0),
    "ZUMA-1": ("programme/infused_share", 2),
}
ROUNDED = 6e-4  # percentages printed with one decimal or more


@pytest.mark.parametrize(("row", "record"), list(zip(PRIORS, RECORDS, strict=True)))
def test_base_rates(row: dict[str, str], record: str) -> None:
    parameter = default_catalogue().parameter(f"programme/{record}")
    entry = parameter.reported[0]
    assert entry.value / 100.0 == pytest.approx(float(row["value"]), rel=1e-9, abs=0)
    for bound, column in ((entry.low, "lo95"), (entry.high, "hi95")):
        assert (bound is None) == (row[column] == "")
        if bound is not None:
            assert bound / 100.0 == pytest.approx(float(row[column]), rel=1e-9, abs=0)
    if number := re.search(r"n=(\d+)", row["source"]):
        assert entry.n == int(number.group(1))


@pytest.mark.parametrize("row", DISPOSITION, ids=lambda row: row["trial"])
def test_disposition(row: dict[str, str]) -> None:
    catalogue, enrolled = default_catalogue(), int(row["enrolled_or_apheresed"])
    if row["infused"]:
        name, position = INFUSED[row["trial"]]
        entry = catalogue.parameter(name).reported[position]
        found = int(row["infused"]) / enrolled
    else:
        entry = catalogue.parameter("programme/uk_b_all_manufacture_failure").reported[0]
        found = int(row["manufacturing_failure"]) / enrolled
    assert entry.n == enrolled
    assert entry.value / 100.0 == pytest.approx(found, rel=0, abs=ROUNDED)


def test_the_transitions_multiply_to_the_printed_likelihood() -> None:
    """61.8 · 28.7 · 52.6 · 86.4 % = 8.1 %, as the report prints."""
    catalogue = default_catalogue()
    product = 1.0
    for phase in ("phase_1", "phase_2", "phase_3", "review"):
        product *= catalogue.parameter(f"programme/haem_cancer_{phase}").reported[0].value / 100.0
    assert product == pytest.approx(0.081, rel=0, abs=5e-4)
