"""The result as Markdown, ready for ``benchmarks/README.md``."""

from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["markdown"]


def markdown(result: dict[str, Any]) -> str:
    """Write the tables of one result."""
    lines = [*_machine(result), "", *_results(result["results"]), ""]
    if result["matched"]:
        lines += [*_matched(result["matched"]), ""]
    return "\n".join([*lines, *_others(result)])


def _machine(result: dict[str, Any]) -> Iterator[str]:
    machine = result["machine"]
    yield (
        f"{machine['processor']}, {machine['cores']} cores, {machine['vectors']}, "
        f"Python {machine['python']}; "
        + ", ".join(f"{name} {number}" for name, number in result["versions"].items())
        + "."
    )


def _results(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield from _head(
        "solver", "precision", "tolerance", "outputs", "threads", "patients/s", "(median)",
        "error: median", "95 %", "largest", "peak MB",
    )  # fmt: skip
    for row in rows:
        yield _line(
            row["solver"],
            row["precision"],
            f"{row['tolerance']:.0e}",
            row["outputs"],
            row["threads"],
            f"{row['patients_per_s']:,.0f}",
            f"{row['patients_per_s_median']:,.0f}",
            *(_error(row[f"error_{which}"]) for which in ("median", "p95", "max")),
            f"{row['peak_rss_mb']:,.0f}",
        )


def _matched(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield from _head("peer", "outputs", "ours", "error of", "error", "times faster", "(processor)")
    for row in rows:
        yield _line(
            row["peer"],
            row["outputs"],
            row["ours"],
            row["error_of"],
            _error(row["error"]),
            f"{row['ratio']:.1f}",
            f"{row['ratio_processor']:.1f}",
        )


def _others(result: dict[str, Any]) -> Iterator[str]:
    ever = result["first_use_s"]
    first = f", {ever:.0f} s on first use, when the solver is compiled too" if ever else ""
    double, single = result["streamed_100k"], result["streamed_100k_single"]
    yield (
        f"100,000 patients × 735 days, four observables, two threads: "
        f"{double['seconds']:.1f} s at f64 1e-6, peak {double['peak_rss_mb']:,.0f} MB; "
        f"{single['seconds']:.1f} s at f32 1e-5, peak {single['peak_rss_mb']:,.0f} MB. "
        f"A cold process has 1,000 patients after {result['cold_start_s']:.1f} s, "
        f"{result['cold_start_no_cache_s']:.1f} s when it never saw the model{first}. "
        f"Share of timings lost to other work: {result['busy']:.0%}."
    )


def _error(value: float | None) -> str:
    return "unsolved" if value is None else f"{value:.1e}"


def _head(*names: str) -> Iterator[str]:
    yield _line(*names)
    yield "|" + "---|" * len(names)


def _line(*cells: str | int) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
