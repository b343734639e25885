"""Everything that decides the numbers of a run; its hash names the run's folder."""

from typing import Any

from pydantic import BaseModel

from progenitor.evidence import Catalogue
from progenitor.study._code import code_hash
from progenitor.study._durable import hash_json

__all__ = ["run_identity"]


def run_identity(file: BaseModel, catalogue: Catalogue, seed: int) -> dict[str, Any]:
    """Return the hashes of study, catalogue and code, and the seed.

    Parameters
    ----------
    file
        The validated study file.
    catalogue
        Where its numbers live.
    seed
        Of every random stream.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.study._sections import Outputs
    >>> sorted(run_identity(Outputs(), default_catalogue(), 1))
    ['catalogue', 'code', 'seed', 'study']
    """
    return {
        "study": hash_json(file.model_dump(mode="json")),
        "catalogue": catalogue.content_hash,
        "code": code_hash(),
        "seed": seed,
    }
