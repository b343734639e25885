"""The report as a reader, a screen reader and an attacker meet it."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from progenitor.report import render_report, write_report
from progenitor.study.results import RunResult

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """Checks that tags nest, and remembers what the page holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-3:]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def html(result: RunResult) -> str:
    return render_report(result)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_page_is_well_formed(page: Page) -> None:
    assert page.faults == []
    assert page.open == []
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1


def test_write_report_returns_the_path_it_wrote(result: RunResult, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "report.html"
    assert write_report(result, path) == path
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_same_result_gives_the_same_page(result: RunResult, html: str) -> None:
    assert render_report(result) == html


def test_answer_and_weaknesses_come_before_anything_else(result: RunResult, page: Page) -> None:
    body = page.text[page.text.index("Progenitor · simulation report") :]
    start = (
        f"Progenitor · simulation report {result.title} {result.headline} What failed or is weak"
    )
    assert body.startswith(start)
    rest = body.removeprefix(start).lstrip()
    for weakness in result.weaknesses:
        words = " ".join(weakness.split())
        assert rest.startswith(words)
        rest = rest.removeprefix(words).lstrip()


def test_a_run_without_recorded_weakness_says_so_without_boasting(result: RunResult) -> None:
    page = Page(render_report(replace(result, weaknesses=())))
    assert "recorded no weakness. That is no proof of strength" in page.text


def test_nothing_is_loaded_from_elsewhere(html: str, page: Page) -> None:
    assert page.all("script") == page.all("link") == page.all("img") == page.all("iframe") == []
    loading = {"src", "srcset", "data", "action", "formaction", "poster", "background"}
    assert [tag for tag, attributes in page.tags if loading & attributes.keys()] == []
    targets = [(tag, a.get("href") or a.get("xlink:href")) for tag, a in page.tags]
    outside = [(tag, target) for tag, target in targets if target and not target.startswith("#")]
    assert {tag for tag, _ in outside} == {"a"}
    assert all(str(target).startswith("https://doi.org/10.") for _, target in outside)
    assert "@import" not in html
    assert re.findall(r"url\((?!#)", html) == []


def test_identifiers_are_unique_and_every_reference_to_one_resolves(html: str, page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    wanted = {a["aria-labelledby"] for _, a in page.tags if "aria-labelledby" in a}
    wanted |= {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")}
    wanted |= set(re.findall(r"url\(#([^)]+)\)", html))
    assert wanted <= set(ids)


def test_every_figure_has_a_caption_and_words_for_who_cannot_see_it(page: Page) -> None:
    drawings = [attributes for attributes in page.all("svg") if attributes.get("role") == "img"]
    assert len(page.all("figure")) == len(page.all("figcaption")) == len(drawings) == 13
    assert all(len(attributes["aria-label"]) > 30 for attributes in drawings)


def test_every_heading_cell_of_a_table_has_a_scope(page: Page) -> None:
    assert page.all("th")
    assert all(cell.get("scope") in {"row", "col", "colgroup"} for cell in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))


@pytest.mark.parametrize(
    "payload",
    ["</svg></figure><script>alert(1)</script>{{ 7 * 7 }}", '"><img src=x onerror=alert(1)>&lt;'],
)
def test_text_from_the_run_is_never_markup(result: RunResult, payload: str) -> None:
    arms = {
        name: replace(
            arm,
            title=payload + name,
            lot_failures={payload: 3},
            cost_lines={payload: 5.0},
            flow=tuple(replace(step, label=payload) for step in arm.flow),
            designs=tuple(replace(one, example=payload, design=payload) for one in arm.designs),
        )
        for name, arm in result.arms.items()
    }
    hostile = replace(
        result,
        title=payload,
        headline=payload,
        weaknesses=(payload,),
        question={"of_interest": payload},
        study_text=payload,
        references=(payload + " doi:10.1000/x<script>alert(1)</script>",),
        comparisons=tuple(replace(one, citation=payload) for one in result.comparisons),
        arms=arms,
    )
    text = render_report(hostile)
    page = Page(text)
    assert page.faults == []
    assert page.all("script") == page.all("img") == []
    assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)]
    assert payload in page.text
    assert unescape(text).count(payload) >= 20


def test_every_ledger_row_is_listed_with_its_state(result: RunResult, page: Page) -> None:
    for row in result.ledger.rows:
        assert row.id in page.text
    assert page.text.count("t_cell/quantity_22 ") == 1  # strong evidence: in the full list alone
    assert page.text.count("t_cell/quantity_0 ") == 2  # weak evidence: also among the weakest
    for state, count in result.ledger.counts.items():
        assert f"{count} {state}" in page.text


def test_ratios_outside_half_to_double_are_marked(result: RunResult, page: Page) -> None:
    assert "Published ratios outside 0.5\u2060–\u20602 1 of 7" in page.text
    assert page.text.count("▲ outside 0.5–2") == 1
    assert "3.40 ▲ outside 0.5–2" in page.text


def test_units_stand_beside_the_numbers(page: Page) -> None:
    for words in ("cells/µL", "days", "US$", "copies/cell", "Months since enrolment"):
        assert words in page.text


def test_the_run_can_be_repeated_from_the_report(result: RunResult, page: Page) -> None:
    assert f"progenitor run tscm_vs_cart_dlbcl.yaml --seed {result.seed}" in page.text
    assert result.digest in page.text
    assert "3.1 × 10⁻⁵" in page.text
    assert "seed: 20261121" in page.text
    for value in [*result.versions.values(), *result.hashes.values(), *result.status_counts]:
        assert value in page.text


def test_the_footer_says_what_the_report_is_not(page: Page) -> None:
    assert "For research use only" in page.text
    assert "it is not medical advice" in page.text


def test_a_run_in_which_nothing_worked_is_explained(
    result: RunResult, without: Callable[[RunResult], RunResult]
) -> None:
    page = Page(render_report(without(result)))
    assert page.faults == []
    for words in (
        "not estimable",
        "nobody infused",
        "No lot reached harvest",
        "No patient was infused",
        "No patient had a tumour measurement",
        "No patient was followed",
        "No endpoint could be compared",
        "No cost was recorded",
        "The flow of patients was not recorded",
        "The study names no published comparator",
        "The study conducts no trial",
    ):
        assert words in page.text
    assert "nan" not in page.text.lower().split()
    assert page.all("figure") == []  # a sentence stands in for each picture


def test_a_single_arm_and_an_unknown_unit_are_drawn(result: RunResult) -> None:
    name, arm = next(iter(result.arms.items()))
    single = replace(result, arms={name: arm}, paired={}, comparisons=())
    page = Page(render_report(single))
    assert page.faults == []
    assert "No endpoint could be compared between the arms" in page.text
