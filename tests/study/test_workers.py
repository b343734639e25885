"""Any work over processes: results in order, errors as they were, nobody left behind."""

import math
import multiprocessing
import time

import pytest

from progenitor.study._workers import map_all


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_order(jobs):
    assert map_all(math.sqrt, [9.0, 4.0, 1.0], jobs=jobs) == [3.0, 2.0, 1.0]
    assert map_all(math.sqrt, [], jobs=jobs) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_ends_the_work_and_every_process(jobs):
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        map_all(math.sqrt, [4.0, -1.0, 9.0], jobs=jobs)
    time.sleep(0.1)
    assert multiprocessing.active_children() == []
