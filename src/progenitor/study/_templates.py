"""Commented studies to begin from."""

from pathlib import Path

from progenitor.documents import suggestion
from progenitor.errors import Problem, StudyError
from progenitor.study._schema import study_json_schema

__all__ = ["template_names", "template_path", "write_template"]

_FOLDER = Path(__file__).parent / "templates"
_SCHEMA_LINE = "# yaml-language-server: $schema=study.schema.json\n"


def template_names() -> tuple[str, ...]:
    """List the shipped studies.

    Examples
    --------
    >>> template_names()
    ('tscm_vs_cart_dlbcl',)
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
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with study.open("x", encoding="utf-8") as file:
            file.write("".join([_SCHEMA_LINE, *lines[1:]]))
        (folder / "study.schema.json").write_text(study_json_schema(), encoding="utf-8")
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
