"""Commented studies to begin from."""

import re
from pathlib import Path

from progenitor.documents import suggestion
from progenitor.errors import Problem, StudyError
from progenitor.study._schema import study_json_schema
from progenitor.study.experiment import experiment_json_schema

__all__ = ["template_names", "template_path", "write_template"]

_FOLDER = Path(__file__).parent / "templates"
_SCHEMAS = {"study": study_json_schema, "experiment": experiment_json_schema}
_FIRST_KEY = re.compile(r"^(study|experiment):", re.MULTILINE)


def template_names() -> tuple[str, ...]:
    """List the shipped studies.

    Examples
    --------
    >>> "tscm_vs_cart_dlbcl" in template_names()
    True
    """
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def template_path(name: str) -> Path:
    """Find a shipped study.

    Raises
    ------
    StudyError
        If there is none of that name.

    Examples
    --------
    >>> template_path("tscm_vs_cart_dlbcl").name
    'tscm_vs_cart_dlbcl.yaml'
    """
    if name not in template_names():
        fix = suggestion(name, template_names())
        raise StudyError([Problem(f"unknown template '{name}'", fix, field="--template")])
    return _FOLDER / f"{name}.yaml"


def write_template(folder: Path | str, *, name: str = "tscm_vs_cart_dlbcl") -> Path:
    """Write a commented study to edit, and the schema that lets an editor complete it.

    Parameters
    ----------
    folder
        Where to write; made if it does not exist.
    name
        One of :func:`template_names`.

    Returns
    -------
    Path
        The study file.

    Raises
    ------
    StudyError
        If the template is unknown, the file exists, or the folder cannot be written.
    """
    source = template_path(name)
    folder = Path(folder)
    study = folder / source.name
    text = source.read_text(encoding="utf-8")
    first = _FIRST_KEY.search(text)
    kind = first[1] if first is not None else "study"
    schema = folder / f"{kind}.schema.json"
    lines = text.splitlines(keepends=True)
    lines[0] = f"# yaml-language-server: $schema={schema.name}\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with study.open("x", encoding="utf-8") as file:
            file.write("".join(lines))
        schema.write_text(_SCHEMAS[kind](), encoding="utf-8")
    except FileExistsError:
        fix = "give another folder, or remove the file first"
        raise StudyError(
            [Problem("exists already; it is left as it is", fix, str(study))]
        ) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        fix = "give a folder that you may write"
        raise StudyError([Problem(f"cannot be written ({reason})", fix, str(study))]) from None
    return study
