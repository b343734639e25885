"""What an experiment must satisfy beyond its shape, with every problem at its line."""

from progenitor.documents import Document
from progenitor.errors import Problem
from progenitor.evidence import Catalogue
from progenitor.study._probe import Probe
from progenitor.study.experiment._analysis_checks import check_analyses
from progenitor.study.experiment._animal_checks import check_animal_trial
from progenitor.study.experiment._body_checks import check_bodies
from progenitor.study.experiment._form_checks import check_form

__all__ = ["experiment_problems"]


def experiment_problems(document: Document, catalogue: Catalogue | None) -> list[Problem]:
    """List every problem that the shape of the file does not show.

    Parts of a file that are malformed are skipped here, since the schema has complained about
    them, so that one pass over a broken file finds everything that is wrong with it.

    Parameters
    ----------
    document
        The experiment file as read.
    catalogue
        Where names, models and numbers are looked up; ``None`` skips that.

    Examples
    --------
    >>> from progenitor.documents import load_document
    >>> document = load_document("looks: {until: 10 day, every: 20 day}", name="e.yaml")
    >>> experiment_problems(document, None)[0].field
    'looks.every'
    """
    probe = Probe(document)
    check_form(probe)
    check_analyses(probe)
    check_animal_trial(probe)
    if catalogue is not None:
        check_bodies(probe, catalogue)
    return probe.problems
