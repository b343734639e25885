"""Tables of off-target sites: three tools, one load, and clear words about broken lines."""

from pathlib import Path

import pytest

from progenitor.errors import InputError
from progenitor.manufacture import load_off_targets

CRISPOR = (
    "#guideId\tguideSeq\tofftargetSeq\tmismatchPos\tmismatchCount\tmitOfftargetScore\t"
    "cfdOfftargetScore\tchrom\tstart\tend\tstrand\tlocusDesc\n"
    "1fw\tAAA\tAAA\t....\t0\t100\t1.0\tchr14\t100\t123\t+\texon:TRAC\n"
    "1fw\tAAA\tAAT\t...*\t1\t2.5\t0.4\tchr2\t500\t523\t-\tintron:X\n"
    "1fw\tAAA\tATT\t..**\t2\t0.3\t0.05\tchr5\t900\t923\t+\tintergenic\n"
)
CAS_OFFINDER = (
    "GGCCNRG\tchr14\t100\tGGCCTGG\t+\t0\n"
    "GGCCNRG\tchr3\t250\tGGaCTGG\t-\t1\n"
    "GGCCNRG\tchr8\t777\tGtaCTGG\t+\t2\n"
)
CAS_OFFINDER_BULGE = (
    "#Bulge type\tcrRNA\tDNA\tChromosome\tPosition\tDirection\tMismatches\tBulge Size\n"
    "X\tGGCC\tGGCC\tchr14\t100\t+\t0\t0\n"
    "DNA\tGGCC\tGGaC\tchr3\t250\t-\t1\t1\n"
)
GUIDE_SEQ = (
    "#BED Chromosome\tMin.Position\tbi.sum.mi\tSite_SubstitutionsOnly.NumSubstitutions\n"
    "chr14\t100\t8000\t0\n"
    "chr2\t500\t400\t3\n"
    "chr9\t50\t80\t\n"
)


def written(folder: Path, text: str) -> Path:
    path = folder / "sites.tsv"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "tool", "sites", "load"),
    [
        (CRISPOR, "CRISPOR", 2, 0.9 * (0.4 + 0.05)),
        (CAS_OFFINDER, "Cas-OFFinder", 2, 0.9 * (0.1 + 0.01)),
        (CAS_OFFINDER_BULGE, "Cas-OFFinder", 1, 0.9 * 0.1),
        (GUIDE_SEQ, "GUIDE-seq", 2, 0.9 * (400 / 8000 + 80 / 8000)),
    ],
)
def test_three_tools(text: str, tool: str, sites: int, load: float, tmp_path: Path) -> None:
    found = load_off_targets(written(tmp_path, text), efficiency=0.9)
    assert (found.tool, len(found.sites)) == (tool, sites)
    assert found.load == pytest.approx(load, rel=1e-12)


def test_the_intended_site_is_no_off_target(tmp_path: Path) -> None:
    found = load_off_targets(written(tmp_path, CRISPOR))
    assert all(site.mismatches > 0 for site in found.sites)
    assert {site.chromosome for site in found.sites} == {"chr2", "chr5"}


def test_every_broken_line_is_named(tmp_path: Path) -> None:
    text = CRISPOR + "1fw\tAAA\tcut short\n" + CRISPOR.splitlines()[2].replace("0.4", "-1") + "\n"
    with pytest.raises(InputError) as caught:
        load_off_targets(written(tmp_path, text))
    assert [problem.line for problem in caught.value.problems] == [5, 6]
    assert "3 columns where the table has 12" in str(caught.value)
    assert "cfdOfftargetScore is -1" in str(caught.value)


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n", "chrom\tstart\nchr1\t5\n"])
def test_a_table_of_no_known_tool_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Cas-OFFinder, CRISPOR"):
        load_off_targets(written(tmp_path, text))


def test_a_missing_file_and_wrong_shares_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_off_targets(tmp_path / "nothing.tsv")
    with pytest.raises(InputError) as caught:
        load_off_targets(tmp_path / "x", efficiency=1.2, kept_per_mismatch=-1)
    assert len(caught.value.problems) == 2
