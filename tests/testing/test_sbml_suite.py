"""The runner of the SBML Test Suite, on cases of our own whose answers are known."""

import io
import json
import tarfile
from pathlib import Path

import pytest
from small_suite import DECAY, course, deaths, judge_or_die, settings, write_case

from progenitor.errors import InputError
from progenitor.testing import _suite_folder
from progenitor.testing._suite_case import Settings, SuiteCase
from progenitor.testing._suite_folder import case_folders
from progenitor.testing._suite_verdict import SuiteVerdict
from progenitor.testing._suite_work import judge_all
from progenitor.testing.sbml_suite import main, run_suite

pytest.importorskip("libsbml", reason="reading SBML needs the extra: progenitor[sbml]")


def verdict(above: Path, **options: object) -> SuiteVerdict:
    (only,) = run_suite(above, **options)  # type: ignore[arg-type]
    return only


def test_the_right_course_passes_and_says_how_well(tmp_path: Path) -> None:
    write_case(tmp_path, "00001", settings=settings(), results=course())
    found = verdict(tmp_path)
    assert (found.status, found.reason) == ("pass", "")
    assert found.worst is not None
    assert 0.0 < found.worst < 0.1


@pytest.mark.parametrize(
    ("changed", "scale", "status"),
    [
        ({}, 1.0 + 2e-4, "fail"),
        ({"relative": "3e-4"}, 1.0 + 2e-4, "pass"),
        ({"relative": "0", "absolute": "0.03"}, 1.0 + 2e-4, "pass"),
        ({"relative": "0", "absolute": "0.01"}, 1.0 + 2e-4, "fail"),
        ({"amount": "", "concentration": "S"}, 0.5, "pass"),
        ({"amount": "", "concentration": "S"}, 1.0, "fail"),
        ({"amount": "", "concentration": ""}, 0.5, "pass"),
    ],
    ids=[
        "off by twice what is allowed",
        "within the relative allowance",
        "within the absolute allowance",
        "beyond the absolute allowance",
        "a concentration in a compartment of 2",
        "an amount where a concentration is asked for",
        "what the id means in formulas",
    ],
)
def test_a_course_is_judged_by_what_the_settings_allow(
    tmp_path: Path, changed: dict[str, str], scale: float, status: str
) -> None:
    write_case(tmp_path, "00001", settings=settings(**changed), results=course(scale))
    assert verdict(tmp_path).status == status


def test_one_wrong_value_among_many_fails(tmp_path: Path) -> None:
    wrong = course().replace("\n10.0,36.", "\n10.0,37.")
    assert wrong != course()
    write_case(tmp_path, "00001", settings=settings(), results=wrong)
    found = verdict(tmp_path)
    assert found.status == "fail"
    assert "'S' is" in found.reason
    assert found.worst == pytest.approx(264.6, rel=1e-3, abs=0.0)  # 1/37.79/1e-4


@pytest.mark.parametrize("expected", ["NaN", "INF", "-INF"])
def test_a_number_where_none_is_expected_fails(tmp_path: Path, expected: str) -> None:
    wrong = course().rsplit("\n", 2)[0] + f"\n10.0,{expected}\n"
    write_case(tmp_path, "00001", settings=settings(), results=wrong)
    assert verdict(tmp_path).status == "fail"


def test_what_is_no_time_course_is_refused_by_name(tmp_path: Path) -> None:
    kind = "FluxBalanceSteadyState"
    blank = settings(start="", duration="", steps="")
    write_case(tmp_path, "01187", settings=blank, results="S\n1\n", kind=kind)
    found = verdict(tmp_path)
    assert (found.status, found.reason) == ("unsupported", f"{kind} is not a time course")


def test_a_refused_model_is_unsupported_with_each_reason(tmp_path: Path) -> None:
    fast = DECAY.replace("level3/version2/core", "level3/version1/core")
    fast = fast.replace('level="3" version="2"', 'level="3" version="1"')
    fast = fast.replace('reversible="false"', 'reversible="false" fast="true"')
    write_case(
        tmp_path,
        "00001",
        settings=settings(),
        results=course(),
        model=fast,
        file="sbml-l3v1.xml",
    )
    found = verdict(tmp_path)
    assert found.status == "unsupported"
    assert "fast" in found.reason


@pytest.mark.parametrize("broken", ["not XML at all", DECAY.replace("</model>", "")])
def test_a_broken_model_fails_and_the_others_go_on(tmp_path: Path, broken: str) -> None:
    write_case(tmp_path, "00001", settings=settings(), results=course(), model=broken)
    write_case(tmp_path, "00003", settings=settings(), results=course())
    first, second = run_suite(tmp_path)
    assert (first.status, second.status) == ("fail", "pass")


def test_a_variable_the_model_lacks_fails(tmp_path: Path) -> None:
    asked = settings(variables="S, Q")
    write_case(tmp_path, "00001", settings=asked, results=course(header="time,S"))
    assert verdict(tmp_path).reason == "no course of 'Q' was imported"


def test_the_highest_level_and_version_is_taken(tmp_path: Path) -> None:
    folder = write_case(tmp_path, "00001", settings=settings(), results=course())
    for name in ("sbml-l2v5.xml", "sbml-l3v1.xml", "sbml-l1v2.xml"):
        (folder / f"00001-{name}").write_text("older", encoding="utf-8")
    assert SuiteCase.read(folder).model.name == "00001-sbml-l3v2.xml"


def test_settings_may_be_left_blank() -> None:
    read = Settings.of("start:\nsteps: 50\nmeanRange: (-3, 3)\nsdRange: (-5, 5)\n")
    assert (read.start, read.steps, read.mean_range, read.sd_range) == (0.0, 50, (-3, 3), (-5, 5))


def test_archives_are_unpacked_for_the_time_being(tmp_path: Path) -> None:
    write_case(tmp_path / "semantic", "00001", settings=settings(), results=course())
    (tmp_path / "shipped").mkdir()
    with tarfile.open(tmp_path / "shipped" / "odd.tar.xz", "w:xz") as tar:
        tar.add(tmp_path / "semantic", "semantic")
    with case_folders(tmp_path / "shipped") as found:
        (folder,) = found
        assert (folder / "00001-settings.txt").read_text("utf-8") == settings()
    assert not folder.exists()
    assert verdict(tmp_path / "shipped").status == "pass"


@pytest.mark.parametrize("danger", ["link", "outside", "absolute", "huge"])
def test_a_dangerous_archive_is_refused_before_anything_is_unpacked(
    tmp_path: Path, danger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_suite_folder, "_MOST_BYTES", 1_000)
    member = tarfile.TarInfo({"outside": "../x", "absolute": "/x"}.get(danger, "semantic/x"))
    if danger == "link":
        member.type, member.linkname = tarfile.SYMTYPE, "/etc"
    member.size = 1_001 if danger == "huge" else 0
    with tarfile.open(tmp_path / "odd.tar.xz", "w:xz") as tar:
        tar.addfile(member, io.BytesIO(bytes(member.size)))
    with pytest.raises(InputError, match=r"holds"), case_folders(tmp_path):
        pass


def test_a_folder_without_cases_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no case.*SBML Test Suite"), case_folders(tmp_path):
        pass
    assert main([str(tmp_path / "nowhere")]) == 2


def test_a_case_that_kills_its_process_fails_alone() -> None:
    folders = [Path(name) for name in ("a", "bad", "b", "c", "d")]
    found = judge_all(judge_or_die, folders, jobs=2)
    assert [(verdict.case, verdict.status) for verdict in found] == [
        ("a", "pass"),
        ("bad", "fail"),
        ("b", "pass"),
        ("c", "pass"),
        ("d", "pass"),
    ]


def test_processes_change_nothing(tmp_path: Path) -> None:
    for number in range(4):
        scale = 1.0 if number != 2 else 2.0
        write_case(tmp_path, f"0000{number}", settings=settings(), results=course(scale))
    assert run_suite(tmp_path, jobs=2) == run_suite(tmp_path, jobs=1)


def test_the_command_prints_sums_and_writes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_case(tmp_path, "00001", settings=settings(), results=course())
    write_case(tmp_path, "00003", settings=settings(steps=""), results="S\n1\n", kind="Flux")
    words = [str(tmp_path), "--jobs", "1", "--json", str(tmp_path / "found.json")]
    assert main(words) == 0
    write_case(tmp_path, "00005", settings=settings(), results=course(2.0))
    assert main(words) == 1
    out = capsys.readouterr().out
    assert "Flux is not a time course" in out
    assert "00005" in out.split("Failed:")[1]
    record = json.loads((tmp_path / "found.json").read_text("utf-8"))
    counts = [record[key] for key in ("total", "passed", "failed", "unsupported")]
    assert counts == [3, 1, 1, 1]
    assert set(record["cases"][0]) == {"case", "status", "reason", "worst"}
    assert main([*words, "--case", "00001"]) == 0


STOCHASTIC = settings(meanRange="(-3, 3)", sdRange="(-5, 5)")


def test_deaths_of_a_hundred_follow_the_binomial_law(tmp_path: Path) -> None:
    """2,000 runs; a false alarm needs a value outside its range in both of two sets of runs."""
    write_case(tmp_path, "00001", settings=STOCHASTIC, results=deaths())
    write_case(tmp_path, "00003", settings=settings(), results=course())
    found = verdict(tmp_path, stochastic=True, runs=2_000)
    assert (found.case, found.status) == ("00001", "pass")


@pytest.mark.parametrize("column", [1, 2])
def test_a_wrong_mean_or_spread_is_noticed(tmp_path: Path, column: int) -> None:
    """A mean off by 0.5 (Z = -4.6) and a spread off by 15 % (Y = -7.7) at 2,000 runs."""
    rows = [row.split(",") for row in deaths().splitlines()]
    for row in rows[5:]:
        row[column] = repr(float(row[column]) + 0.5 if column == 1 else float(row[column]) * 1.15)
    wrong = "\n".join(",".join(row) for row in rows)
    write_case(tmp_path, "00001", settings=STOCHASTIC, results=wrong)
    found = verdict(tmp_path, stochastic=True, runs=2_000)
    assert found.status == "fail"
    assert ("mean" if column == 1 else "sd") in found.reason
