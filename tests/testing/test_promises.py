"""A contract's promises are its public methods and nothing else."""

from progenitor.testing import BodyContract, StepContract, promises


def test_promises_leave_out_constructors_and_machinery() -> None:
    assert promises(StepContract)[:2] == ("names_sourced_numbers", "accounts_for_every_cell")
    assert not {"of", "_run"} & set(promises(StepContract))
    assert "without_a_dose_no_product_appears" in promises(BodyContract)
