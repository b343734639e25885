"""Writes a page for each published model: figure, numbers beside the paper's, and ledger."""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from gallery_figures import drawn, panels_of
from manual_tables import autodoc, table

from progenitor.evidence import Catalogue, bibtex, default_catalogue
from progenitor.interop import equation_lines
from progenitor.library import (
    NEAR,
    NumberRow,
    PublishedModel,
    ReproductionRow,
    library_models,
    number_rows,
    regimen_text,
    reproduction,
    residual_text,
)
from progenitor.report import write_figure
from progenitor.report.figures import model_courses, reproduction_ratios

INDEX_HEAD = ("model", "of", "reproduces", "compared", f"within {NEAR[0]:g}–{NEAR[1]:g}")
RATIO_HEAD = ("the paper's number", "published", "ours", "ratio", "source")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LEDGER_HEAD = ("number", "value", "between patients", "source", "state", "trust")


def gallery_pages(folder: Path) -> dict[str, str]:
    """The pages by name; figures are drawn into the folder.

    Parameters
    ----------
    folder
        Where the pages will stand.
    """
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = default_catalogue()
    rows = {name: reproduction(name) for name in library_models()}
    pages = {
        f"{name}.md": model_page(model, rows[name], catalogue, folder)
        for name, model in library_models().items()
    }
    return pages | {"index.md": index_page(rows, catalogue)}


def index_page(rows: dict[str, tuple[ReproductionRow, ...]], catalogue: Catalogue) -> str:
    """Every model with how well it reproduces its paper."""
    lines = [
        "# Published models",
        "",
        "Each model is written anew from what its paper says, runs on the same engine as ours,",
        "and is compared with the numbers its paper reports, misses included. How to use them:",
        "{doc}`/how_to/use_the_library`.",
        "",
    ]
    body = [
        (
            f"[{name.replace('_', ' ')}]({name}.md)",
            catalogue.table(name).title,
            model.reproduces,
            compared(rows[name]),
            str(sum(row.near for row in rows[name])),
        )
        for name, model in library_models().items()
    ]
    near = sum(row.near for found in rows.values() for row in found)
    told = sum(row.compared for found in rows.values() for row in found)
    all_told = sum(len(found) for found in rows.values())
    lines += table(INDEX_HEAD, body)
    lines += [
        f"{len(rows)} models; of {all_told} numbers that the papers report {told} are compared,",
        f"and {near} of these lie within {NEAR[0]:g} to {NEAR[1]:g} of what is published (or",
        "within the published range, where only that is given). Why the others are not compared",
        "stands on the page of their model. Not every number is a measurement: those marked",
        "*computed* on the pages were read off a figure, or are what the authors' files or another",
        "tool give.",
        "",
        "```{toctree}",
        ":hidden:",
        "",
        *rows,
        "```",
        "",
    ]
    return "\n".join(lines)


def compared(rows: Sequence[ReproductionRow]) -> str:
    """How many numbers are compared, of how many."""
    told = sum(row.compared for row in rows)
    return str(told) if told == len(rows) else f"{told} of {len(rows)}"


def model_page(
    model: PublishedModel, rows: Sequence[ReproductionRow], catalogue: Catalogue, folder: Path
) -> str:
    about = catalogue.table(model.name)
    source = catalogue.source(about.source)
    return "\n".join(
        [
            f"# {about.title}",
            "",
            f"`library:{model.name}` · {source.citation}",
            "",
            f"Reproduces: {model.reproduces}.",
            *(
                ["", "The paper simulates whole individuals; the courses are their mean field."]
                * model.stochastic
            ),
            "",
            *courses(model, rows, folder),
            *beside(model, rows, folder),
            *equations(model, catalogue),
            *given(model),
            *ledger(number_rows(model, catalogue)),
            *variants(about.variants),
            *(["## Paper and code", "", plain(about.notes), ""] if about.notes else []),
            "## In the paper's symbols",
            "",
            *autodoc(f"progenitor.library.models.{model.name}"),
            "",
            *how(model.name, source.reference, bibtex(source)),
        ]
    )


def courses(model: PublishedModel, rows: Sequence[ReproductionRow], folder: Path) -> list[str]:
    """The figure, with the words that stand for it where it is not seen."""
    panels = [drawn(model, panel, rows) for panel in panels_of(model.name, model)]
    chart = model_courses(panels)
    write_figure(chart, folder / f"{model.name}.svg")
    ribbons = any(panel.band is not None for panel in panels)
    marked = any(panel.marks for panel in panels)
    words = ["Lines: the typical patient, or that of a variant."]
    words += ["Ribbons: 50 and 90 % of 1,000 virtual patients."] * ribbons
    words += ["Diamonds and dashed lines: what the paper reports."] * marked
    return figure(f"{model.name}.svg", str(chart.description), " ".join(words))


def beside(model: PublishedModel, rows: Sequence[ReproductionRow], folder: Path) -> list[str]:
    """Published numbers, ours and their ratio; a miss is marked in words and sign."""
    told = [row for row in rows if row.compared]
    near = sum(row.near for row in told)
    lines = [
        "## Published and ours",
        "",
        f"{near} of {len(told)} compared numbers lie within {NEAR[0]:g} to {NEAR[1]:g} of the",
        "published one; ▲ marks those that do not.",
        "",
        *table(RATIO_HEAD, map(ratio_row, told)),
    ]
    if any(math.isfinite(row.ratio) and row.ratio > 0 for row in told):
        chart = reproduction_ratios(told)
        write_figure(chart, folder / f"{model.name}_ratios.svg")
        lines += figure(
            f"{model.name}_ratios.svg",
            str(chart.description),
            "Ours over published, with the published interval; 0.8 to 1.25 is shaded.",
        )
    unread = [row for row in rows if not row.compared]
    if unread:
        lines += ["Not compared:", ""]
        head = ("the paper's number", "published", "why not", "source")
        body = [
            (row.title, number(row.published, row.unit), row.note, row.source) for row in unread
        ]
        lines += table(head, body)
    return lines


def ratio_row(row: ReproductionRow) -> tuple[str, ...]:
    published = number(row.published, row.unit)
    if math.isfinite(row.low) or math.isfinite(row.high):
        published += f" ({row.interval} {number(row.low, '1')}–{number(row.high, '1')})"
    ratio = "within" if row.near else "outside"
    if math.isfinite(row.ratio):
        ratio = f"{row.ratio:.3g}"
    title = f"{row.title} *({row.variant})*" if row.variant else row.title
    noted = f"<br>{row.note}" if row.note else ""
    shown = ratio if row.near else f"**{ratio}\u00a0▲**"
    return f"{title}{noted}", published, number(row.ours, row.unit), shown, row.source


def number(value: float, unit: str) -> str:
    """A number of four figures with its unit, plainly or with a power of ten."""
    if math.isnan(value):
        return "–"
    digits, _, exponent = f"{value:.3e}".partition("e")
    power = int(exponent)
    if value == 0 or -4 <= power < 6:
        text = f"{value:,.{min(max(3 - power, 0), 7)}f}"
        text = (text.rstrip("0").rstrip(".") if "." in text else text).replace(",", "\u202f")
    else:
        short = digits.rstrip("0").rstrip(".")
        text = f"{short} × 10{str(power).translate(RAISED)}"
    return text if unit == "1" else f"{text} {unit}"


def equations(model: PublishedModel, catalogue: Catalogue) -> list[str]:
    """The equations as they are solved, put together from the reactions."""
    lines = ["## Equations", "", "As they are solved, with full names; time is in days.", ""]
    for title, found in equation_lines(model.model(catalogue)):
        body = " \\\\\n".join(
            line.replace(r"\_", "_").replace(r"\mathrm", r"\text") for line in found
        )
        lines += [f"### {title}", "", "```{math}", body, "```", ""]
    return lines


def given(model: PublishedModel) -> list[str]:
    """What is given and what is seen."""
    lines = []
    if model.regimens:
        lines += ["## Given", "", *(f"- `{regimen_text(one)}`" for one in model.regimens), ""]
    rows = [
        (f"`{one.name}`", one.title, one.unit, residual_text(one.name, model.residuals))
        for one in model.observables
    ]
    return [*lines, "## Observables", "", *table(("observable", "is", "unit", "scatter"), rows)]


def ledger(rows: Iterable[NumberRow]) -> list[str]:
    """Every number with what stands behind it."""
    body = [
        (
            f"{row.title}<br>`{row.symbol}`{f' ({row.written})' if row.written else ''}",
            number(row.value, row.unit),
            row.spread,
            f"{row.source}{f'<br>{row.notes}' if row.notes else ''}",
            row.state,
            row.trust,
        )
        for row in rows
    ]
    return ["## Numbers", "", *table(LEDGER_HEAD, body)]


def variants(found: Mapping[str, tuple[str, Mapping[str, float]]]) -> list[str]:
    """Named sets of numbers."""
    body = [
        (f"`{name}`", title, ", ".join(f"`{symbol}` {value:g}" for symbol, value in values.items()))
        for name, (title, values) in found.items()
    ]
    return ["## Variants", "", *table(("variant", "is", "sets"), body)] if body else []


def how(name: str, reference: str, entry: str) -> list[str]:
    """How to run and cite the model."""
    return [
        "## Run and cite it",
        "",
        "```text",
        f"progenitor models simulate library:{name}",
        f"progenitor models export library:{name} --to sbml --output {name}.xml",
        f"progenitor models cite library:{name} --bibtex",
        "```",
        "",
        plain(reference),
        "",
        "```bibtex",
        entry,
        "```",
        "",
    ]


def figure(file: str, words: str, caption: str) -> list[str]:
    """An image with a caption, and the words that stand for it."""
    said = " ".join(words.split())
    return [f"```{{figure}} {file}", f":alt: {said}", ":width: 100%", "", caption, "```", ""]


def plain(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return text.replace("*", r"\*").replace("_", r"\_").replace("<", r"\<")
