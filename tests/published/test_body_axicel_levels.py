"""CAR-T levels in blood of the patient at all medians inside the published quartiles.

Building data (Kimmel 2021, doi:10.1098/rspb.2021.0229): the model was calibrated on these medians,
so this guards the calibration; it is no proof of prediction.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "body"))

from bodies import level, run

from progenitor.evidence import default_catalogue


def test_the_median_patient_lies_inside_the_published_quartiles() -> None:
    days = [7.0, 14.0, 28.0, 90.0]
    simulated = level(run(days), "car_t_in_blood")
    catalogue = default_catalogue()
    for day, value in zip(days, simulated, strict=True):
        reported = catalogue.parameter(f"observed/axicel_blood_day_{day:.0f}").reported[0]
        assert reported.low is not None
        assert reported.high is not None
        assert reported.low < value < reported.high, (day, value)


def test_the_peak_comes_when_published_peaks_come() -> None:
    """Tisa-cel 9.3 days (Stein 2019), liso-cel 9.29 (8.81-9.70, Ogasawara 2021): within 30 %."""
    days = [float(day) for day in range(29)]
    peak = days[int(level(run(days), "car_t_in_blood").argmax())]
    assert abs(peak / 9.3 - 1) < 0.3
