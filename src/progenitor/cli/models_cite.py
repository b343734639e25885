"""`progenitor models cite`: the papers behind a model."""

from typing import TYPE_CHECKING, Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.evidence import Source

__all__ = ["cite"]


@exits
def cite(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `list` prints it.")],
    as_bibtex: Annotated[bool, typer.Option("--bibtex", help="As BibTeX entries.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the papers that a model and its numbers come from.

    For example:
      progenitor models cite library:stein_2019
      progenitor models cite library:stein_2019 --bibtex >> references.bib
      progenitor models cite conventional_car_t/dlbcl/human_adult --json
    """
    from progenitor.cli._output import paragraph, write_json
    from progenitor.evidence import bibtex

    sources = _sources(name)
    if as_bibtex:
        typer.echo("\n\n".join(bibtex(source) for source in sources))
    elif as_json:
        write_json([source.reference for source in sources])
    else:
        for source in sources:
            paragraph(source.reference)


def _sources(name: str) -> tuple["Source", ...]:
    """Return the paper of a published model first, then whatever else its numbers come from."""
    from progenitor.body import named_body
    from progenitor.cli._model_names import found_model, in_library
    from progenitor.evidence import cited_sources, default_catalogue

    catalogue = default_catalogue()
    published = in_library(name)
    if published is None:
        found_model(name)
        return cited_sources(catalogue, named_body(catalogue, name).parameter_ids)
    about = catalogue.table(published.name)
    first = catalogue.source(about.source)
    others = cited_sources(catalogue, about.records)
    return (first, *(source for source in others if source.id != first.id))
