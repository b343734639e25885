"""`progenitor doctor`: versions, cores, and a self-test against answers known in advance."""

import os
import time
from collections.abc import Callable
from typing import Any

import typer

from progenitor import __version__
from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["doctor"]

_PACKAGES = (
    "numpy",
    "scipy",
    "numba",
    "llvmlite",
    "duckdb",
    "pydantic",
    "PyYAML",
    "pint",
    "altair",
    "typer",
)


@exits
def doctor(as_json: AsJson = False) -> None:
    """Say what is installed and test that it works; exit code 1 when something does not.

    The self-test draws random numbers that are known, solves a model whose answer is known, loads
    the whole catalogue, checks the shipped study, and writes and reads a run folder. The first time
    on a machine it compiles the solver, so that nothing waits for that later.

    For example:
      progenitor doctor
      progenitor doctor --json
    """
    import importlib.metadata
    import platform

    from progenitor.cli._output import paragraph, write_json

    versions = {"progenitor": __version__, "python": platform.python_version()}
    versions |= {name: importlib.metadata.version(name) for name in _PACKAGES}
    cores = len(os.sched_getaffinity(0))
    findings = [_examine(title, test) for title, test in _TESTS.items()]
    healthy = all(finding["ok"] for finding in findings)
    if as_json:
        write_json({"ok": healthy, "versions": versions, "cores": cores, "tests": findings})
    else:
        paragraph(", ".join(f"{name} {version}" for name, version in versions.items()))
        typer.echo(f"{cores} cores, {platform.system()} {platform.machine()}")
        for finding in findings:
            mark = "ok  " if finding["ok"] else "FAIL"
            paragraph(f"{finding['test']}: {finding['detail']}", bullet=f"{mark} ")
        typer.echo("All is well." if healthy else "Something is wrong; see the lines marked FAIL.")
    if not healthy:
        raise typer.Exit(1)


def _examine(title: str, test: Callable[[], str]) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        ok, detail = True, test()
    except Exception as error:  # noqa: BLE001 - whatever breaks is what the doctor has to say
        ok, detail = False, f"{type(error).__name__}: {error}"
    return {"test": title, "ok": ok, "detail": detail, "seconds": time.perf_counter() - start}


def _random_numbers() -> str:
    """Compare the compiled generator with NumPy's."""
    import numpy as np

    from progenitor.engine import stream, uniforms

    draw, patient = np.arange(100) // 10, np.arange(100) % 10
    found = uniforms(1, "doctor", draw, patient)
    one_by_one = [
        stream(1, "doctor", draw=int(d), patient=int(p)).random() + 2.0**-54
        for d, p in zip(draw, patient, strict=True)
    ]
    if found.tolist() != one_by_one:
        raise RuntimeError("random numbers differ from those of NumPy's Philox generator")
    return "the numbers of NumPy's Philox generator, bit for bit"


def _solver() -> str:
    """Compare exponential decay after a bolus with its closed form."""
    import numpy as np

    from progenitor.engine import (
        Dose,
        Model,
        ModelParameter,
        Observable,
        Reaction,
        ReactionSet,
        Species,
        simulate,
    )

    decay = ReactionSet(
        name="decay",
        species=(Species("cells", "cell"),),
        parameters=(ModelParameter("rate", "1/day"),),
        reactions=(Reaction("death", "rate * cells", reactants={"cells": 1}),),
        rules=(),
        events=(),
        observables=(Observable("level", "cells", "cell"),),
    )
    rates = np.array([0.1, 0.5, 1.0])
    times = np.tile([0.5, 1.0, 3.0], (3, 1))
    people = np.arange(3)
    found = simulate(
        Model.build("doctor", [decay]),
        {"rate": rates},
        times=times,
        doses=[Dose("cells", time=np.zeros(3), amount=np.full(3, 1e6), duration=None)],
        seed=0,
        draw=np.zeros(3, dtype=np.int64),
        patient=people,
    ).observable("level")
    error = float(np.max(np.abs(found / (1e6 * np.exp(-rates[:, None] * times)) - 1.0)))
    if not error < 1e-4:
        raise RuntimeError(f"relative error {error:.1e} against the closed form, more than 1e-4")
    return f"relative error {error:.1e} against the closed form"


def _catalogue() -> str:
    from progenitor.evidence import default_catalogue

    catalogue = default_catalogue()
    return (
        f"{len(catalogue.parameters)} parameters, {len(catalogue.sources)} sources, "
        f"hash {catalogue.content_hash[:12]}"
    )


def _shipped_study() -> str:
    from progenitor.evidence import default_catalogue
    from progenitor.study import load_any_study, template_names, template_path

    for name in template_names():
        load_any_study(template_path(name), catalogue=default_catalogue())
    return f"no problems in {', '.join(template_names())}"


def _run_store() -> str:
    import tempfile

    import numpy as np

    from progenitor.study import RunStore, Shard

    key = np.zeros(1, dtype=np.int32)
    shard = Shard(
        {"draw": key, "arm": key, "patient": key, "cmax": np.array([0.1])},
        {"blood": np.array([[0.1, np.nan]])},
        np.array([0.0, 1.0]),
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        RunStore.create(folder, name="doctor", identity={"seed": 0}, chunks=["only"]) as store,
    ):
        store.write("only", shard)
        if store.verify() or store.digest() != shard.digest():
            raise RuntimeError("what was read back is not what was written")
    return "written, read back and verified, bit for bit"


_TESTS: dict[str, Callable[[], str]] = {
    "random numbers": _random_numbers,
    "solver": _solver,
    "catalogue": _catalogue,
    "shipped study": _shipped_study,
    "run folder": _run_store,
}
