"""Phases of a programme whose success comes from finished runs of studies."""

from collections.abc import Mapping, Sequence

from progenitor.programme import ProgrammeFile, RunSuccess, SimulatedSuccess, TrialSuccess

__all__ = ["read_runs", "with_runs"]


def with_runs(file: ProgrammeFile, options: Sequence[str]) -> ProgrammeFile:
    """Return a programme with the success of some phases taken from runs.

    What else must go well after the trial of a phase stays as the file says.

    Parameters
    ----------
    file
        The programme.
    options
        Such as ``pivotal=runs/phase_2@phase2_randomised/tscm``.

    Raises
    ------
    InputError
        Listing options that cannot be read, and phases the file does not have.
    """
    from progenitor.documents import suggestion
    from progenitor.errors import InputError, Problem

    phases, problems = dict(file.phases), []
    for option in options:
        phase, equals, rest = option.partition("=")
        run, _, place = rest.partition("@")
        trial, _, arm = place.partition("/")
        if not equals or not run:
            fix = "write --run PHASE=RUN, such as pivotal=runs/phase_2@phase2_randomised/tscm"
            problems.append(Problem(f"'{option}' names no phase and run", fix, field="--run"))
        elif phase not in phases:
            near = suggestion(phase, sorted(phases))
            problems.append(Problem(f"unknown phase '{phase}'", near, field="--run"))
        else:
            before = phases[phase].success
            kept = before.and_then if isinstance(before, TrialSuccess | RunSuccess) else None
            success = RunSuccess(run=run, trial=trial or None, arm=arm or None, and_then=kept)
            phases[phase] = phases[phase].model_copy(update={"success": success})
    if problems:
        raise InputError(problems)
    return file.model_copy(update={"phases": phases})


def read_runs(file: ProgrammeFile) -> Mapping[str, SimulatedSuccess]:
    """Read the success of every phase that comes from a run.

    Parameters
    ----------
    file
        The programme.

    Raises
    ------
    InputError
        If a run has no such trial or arm.
    RunStoreError
        If a folder holds no finished run.
    """
    from progenitor.study import simulated_success

    return {
        phase: simulated_success(source.run, trial=source.trial, arm=source.arm)
        for phase, source in file.from_runs().items()
    }
