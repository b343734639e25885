"""The contest itself, small: a process is started, timed and asked for its errors and memory."""

import json
from dataclasses import replace

import pytest
from benchmarks.cart22._children import run_module
from benchmarks.cart22._contest import Measured, contest, match
from benchmarks.cart22._entries import OURS, Entry, entries
from benchmarks.cart22._errors import Spread
from benchmarks.cart22._table import markdown

FIELDS = {
    "solver": str,
    "precision": str,
    "tolerance": float,
    "outputs": str,
    "threads": int,
    "patients": int,
    "patients_per_s": float,
    "error_median": float,
    "error_max": float,
    "peak_rss_mb": float,
}


def test_an_entry_is_measured_in_a_process_of_its_own() -> None:
    (measured,) = contest([Entry(OURS, "double", "all", 1, (1e-4,), 4)], rounds=2)
    row = json.loads(json.dumps(measured.row(), allow_nan=False))
    assert {name: type(row[name]) for name in FIELDS} == FIELDS
    assert len(measured.speeds) == 2
    assert row["failed"] == 0
    assert 1e-8 < row["error_median"] < 1e-3
    assert row["error_median"] <= row["error_p95"] <= row["error_max"]
    assert 30.0 < row["peak_rss_mb"] < 2_000.0


def test_streaming_is_measured_in_a_process_of_its_own() -> None:
    found = run_module("benchmarks.cart22._streamed", "double", "1e-4", "40")
    assert (found["patients"], found["failed"]) == (40, 0)
    assert found["seconds"] > 0.0
    assert 30.0 < found["peak_rss_mb"] < 2_000.0


def measured(solver: str, error: float, speeds: list[float]) -> Measured:
    entry = Entry(solver, "double", "all", 1, (1e-6,), 10)
    processor = [2.0 * speed for speed in speeds]
    return Measured(entry, 1e-6, {"species": Spread(error, error, error)}, speeds, processor)


def test_ratios_are_medians_over_rounds() -> None:
    ours = measured(OURS, 1e-5, [1000.0, 500.0, 900.0])
    peer = [
        measured("peer", 1e-6, [50.0, 50.0, 50.0]),
        measured("peer", 1e-4, [200.0, 50.0, 200.0]),
    ]
    (row,) = match([ours, *peer])
    assert row["ratio"] == pytest.approx(10.0, abs=0.01)  # of 1000/100, 500/50, 900/100
    assert row["ratio_processor"] == row["ratio"]
    assert (row["peer"], row["error_of"], row["error"]) == ("peer", "species", 1e-5)


def test_no_comparison_where_a_peer_was_never_so_inaccurate() -> None:
    assert match([measured(OURS, 1e-3, [1000.0]), measured("peer", 1e-4, [100.0])]) == []


def test_two_threads_and_other_tasks_are_not_compared() -> None:
    ours = measured(OURS, 1e-5, [1000.0])
    both = [
        replace(ours, entry=replace(ours.entry, threads=2)),
        replace(ours, entry=replace(ours.entry, outputs="observables")),
    ]
    assert match([*both, measured("peer", 1e-4, [100.0])]) == []


def test_everything_that_is_asked_for_takes_part() -> None:
    ours = {
        (e.precision, e.outputs, e.threads, tolerance)
        for e in entries(peers=False, quick=False)
        for tolerance in e.tolerances
    }
    for threads in (1, 2):
        assert {("double", "all", threads, t) for t in (1e-4, 1e-5, 1e-6)} <= ours
        assert {("single", "observables", threads, t) for t in (1e-4, 1e-5)} <= ours


def test_the_table_is_markdown() -> None:
    row = measured(OURS, float("inf"), [1234.0]).row()
    result = {
        "results": [row],
        "matched": [],
        "streamed_100k": {"seconds": 12.3, "peak_rss_mb": 456.0},
        "streamed_100k_single": {"seconds": 6.1, "peak_rss_mb": 345.0},
        "cold_start_s": 1.5,
        "cold_start_no_cache_s": 2.5,
        "first_use_s": None,
        "busy": 0.0,
        "machine": {"processor": "P", "cores": 2, "vectors": "avx2", "python": "3.11"},
        "versions": {"progenitor": "0"},
    }
    lines = markdown(result).splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len({line.count("|") for line in rows}) == 1
    assert "| 1,234 |" in rows[2]
    assert "unsolved" in rows[2]
    assert "12.3 s at f64 1e-6, peak 456 MB; 6.1 s at f32" in lines[-1]
