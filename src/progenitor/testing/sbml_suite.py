"""The SBML Test Suite: every case passes, fails, or is refused with its reason.

``python -m progenitor.testing.sbml_suite DIR [--stochastic] [--runs N] [--seed S] [--jobs J]
[--engine fast|reference] [--case ID …] [--json FILE]``

``DIR`` is an unpacked suite, a folder above its cases, or the folder with its ``.tar.xz`` archives.
The suite itself (LGPL) is not part of Progenitor. The exit code is 0 when no case fails.
"""

import argparse
import functools
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from progenitor.errors import InputError
from progenitor.testing._suite_case import SuiteCase
from progenitor.testing._suite_folder import case_folders
from progenitor.testing._suite_verdict import SuiteVerdict, verdict_of
from progenitor.testing._suite_work import judge_all

__all__ = ["main", "run_suite"]

_STATES = {"pass": "passed", "fail": "failed", "unsupported": "unsupported"}


def run_suite(
    folder: Path,
    *,
    stochastic: bool = False,
    runs: int = 10_000,
    seed: int = 1,
    jobs: int = 1,
    engine: str = "fast",
    only: Sequence[str] = (),
) -> list[SuiteVerdict]:
    """Judge the cases of a suite.

    Parameters
    ----------
    folder
        Where the cases or their archives are.
    stochastic
        Whether the stochastic cases are judged instead of the others.
    runs, seed
        Runs of each stochastic case, and the seed of their random numbers.
    jobs
        Number of processes.
    engine
        What solves the other cases: ``fast`` or ``reference``.
    only
        Numbers of cases; left out, all.

    Raises
    ------
    InputError
        When the folder holds no suite.
    """
    judge = functools.partial(_judge, runs=runs, seed=seed, engine=engine)
    with case_folders(folder) as found:
        chosen = [case for case in found if not only or case.name in only]
        kept = [case for case in chosen if SuiteCase.read(case).stochastic == stochastic]
        return judge_all(judge, kept, jobs=jobs)


def _judge(folder: Path, *, runs: int, seed: int, engine: str) -> SuiteVerdict:
    def verdict() -> SuiteVerdict:
        case = SuiteCase.read(folder)
        if case.stochastic:
            from progenitor.testing._suite_stochastic import judge_stochastic

            return judge_stochastic(case, runs=runs, seed=seed)
        from progenitor.testing._suite_semantic import judge_semantic

        return judge_semantic(case, engine=engine)

    return verdict_of(folder.name, verdict)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; see the top of this file.

    Returns
    -------
    int
        0 when no case fails, 1 when one does, 2 when there is no suite.
    """
    words = _parser().parse_args(arguments)
    try:
        verdicts = run_suite(
            words.folder,
            stochastic=words.stochastic,
            runs=words.runs,
            seed=words.seed,
            jobs=words.jobs,
            engine=words.engine,
            only=words.case,
        )
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    sys.stdout.write(_report(verdicts, words))
    if words.json is not None:
        words.json.write_text(json.dumps(_record(verdicts), indent=1) + "\n", encoding="utf-8")
    return int(any(verdict.status == "fail" for verdict in verdicts))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("progenitor.testing.sbml_suite", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--stochastic", action="store_true", help="the stochastic cases instead")
    parser.add_argument("--runs", type=int, default=10_000, help="of each stochastic case")
    parser.add_argument("--seed", type=int, default=1, help="of their random numbers")
    cores = len(os.sched_getaffinity(0))
    parser.add_argument("--jobs", type=int, default=cores, help="processes; default one per core")
    parser.add_argument("--engine", choices=("fast", "reference"), default="fast")
    parser.add_argument("--case", action="append", default=[], metavar="ID", help="only this one")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where verdicts are written")
    return parser


def _record(verdicts: Sequence[SuiteVerdict]) -> dict[str, object]:
    """Arrange verdicts for machines; infinite deviations become null."""
    counts = Counter(_STATES[verdict.status] for verdict in verdicts)
    cases = [asdict(verdict) for verdict in verdicts]
    for case in cases:
        worst = case["worst"]
        case["worst"] = worst if worst is None or abs(worst) < float("inf") else None
    return {
        "total": len(verdicts),
        **{word: counts[word] for word in _STATES.values()},
        "cases": cases,
    }


def _report(verdicts: Sequence[SuiteVerdict], words: argparse.Namespace) -> str:
    """Failures one by one, refusals by reason, and the sums."""
    failed = [verdict for verdict in verdicts if verdict.status == "fail"]
    refused = Counter(
        _kind(reason)
        for verdict in verdicts
        if verdict.status == "unsupported"
        for reason in {_kind(part) for part in verdict.reason.split("; ")}
    )
    counts = Counter(verdict.status for verdict in verdicts)
    how = f"exact runs, {words.runs} each" if words.stochastic else f"engine {words.engine}"
    share = 100.0 * counts["pass"] / max(len(verdicts), 1)
    lines = [f"SBML Test Suite, {len(verdicts)} cases ({how})", ""]
    lines += [f"  {word:<12}{counts[state]:>6}" for state, word in _STATES.items()]
    lines += ["", f"  {share:.1f} % pass"]
    if refused:
        lines += ["", "Refused, by reason (a case may have several):"]
        lines += [f"  {count:>5}  {reason}" for reason, count in refused.most_common()]
    if failed:
        lines += ["", "Failed:", *(f"  {verdict.case}  {verdict.reason}" for verdict in failed)]
    return "\n".join(lines) + "\n"


def _kind(reason: str) -> str:
    """A reason without the names of one case; a package is no such name."""
    return reason if "package" in reason else re.sub(r"'[^']*'", "'…'", reason)


if __name__ == "__main__":
    sys.exit(main())
