"""What is built on a number is counted from what ships."""

from progenitor.evidence import Ledger, audit, default_catalogue
from progenitor.study import answer_ids, leaning


def test_numbers_of_a_published_model_carry_that_model() -> None:
    catalogue = default_catalogue()
    counted = leaning(catalogue)
    for name, table in catalogue.library.items():
        for identifier in table.records:
            assert counted[identifier] == 1, f"{name} is not counted"


def test_a_number_that_several_use_counts_them_all() -> None:
    counted = leaning(default_catalogue())
    # Both bodies and the study use how fast effectors divide; the study alone reads out by day.
    assert counted["t_cell/effector_division_rate"] >= 3
    assert counted["endpoint/measurable_size"] >= 1
    assert counted.get("observed/tisacel_peak", 0) <= 1


def test_the_answer_leans_on_its_ledger() -> None:
    catalogue = default_catalogue()
    ids = answer_ids(catalogue)
    assert {"t_cell/effector_division_rate", "endpoint/measurable_size"} <= ids
    assert not ids & {name for table in catalogue.library.values() for name in table.records}
    assert sum(Ledger.of(catalogue, ids).counts.values()) == len(ids)


def test_the_audit_puts_first_what_most_leans_on() -> None:
    catalogue = default_catalogue()
    rows = audit(catalogue, leaning(catalogue))
    assert [row.leaning for row in rows] == sorted((row.leaning for row in rows), reverse=True)
    assert rows[0].leaning > 1
