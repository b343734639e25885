"""What must not be parsed is refused at once, in words, and without a traceback."""

import builtins
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from progenitor.errors import InputError, MissingExtraError, UnsupportedModelError
from progenitor.interop import _sbml_guard as guard
from progenitor.interop import read_sbml

CORE = 'xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"'
EMPTY = f"<sbml {CORE}><model/></sbml>"
LAUGHS = "<!DOCTYPE sbml [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(12)
)
CORPUS = {
    "billion_laughs": (f"{LAUGHS}]><sbml {CORE}><model name='&m;'/></sbml>", "document type"),
    "external_entity": (
        f"<!DOCTYPE sbml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><sbml {CORE}><model id='&x;'/>",
        "document type",
    ),
    "network_entity": (
        f"<!DOCTYPE sbml SYSTEM 'http://127.0.0.1:9/x.dtd'><sbml {CORE}><model/></sbml>",
        "document type",
    ),
    "parameter_entity": (
        f"<!DOCTYPE sbml [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/p'> %p;]><sbml {CORE}/>",
        "document type",
    ),
    "empty_doctype": (f"<!DOCTYPE sbml><sbml {CORE}><model/></sbml>", "document type"),
    "undeclared_entity": (f"<sbml {CORE}><model name='&x;'/></sbml>", "not XML"),
    "deep": ("<sbml " + CORE + ">" + "<a>" * 100_000, "nests deeper than 200"),
    "deep_formula": (
        f"<sbml {CORE}><model><listOfRules><assignmentRule variable='x'><math>"
        + "<apply><minus/>" * 5_000
        + "<cn>1</cn>"
        + "</apply>" * 5_000
        + "</math></assignmentRule></listOfRules></model></sbml>",
        "nests deeper than 200",
    ),
    "wide_formula": (
        f"<sbml {CORE}><model><listOfRules><assignmentRule variable='x'><math><apply><plus/>"
        + "<cn>1</cn>" * 300_000
        + "</apply></math></assignmentRule></listOfRules></model></sbml>",
        "more than 10,000 operands",
    ),
    "html": ("<html><body>sbml</body></html>", "the outermost element is <html>"),
    "other_namespace": ("<sbml xmlns='urn:other'/>", "sbml of urn:other"),
    "no_namespace": ("<sbml/>", "the outermost element is <sbml>"),
    "cut_off": (EMPTY[:-3], "not XML"),
    "two_roots": (EMPTY + EMPTY, "not XML"),
    "only_a_bracket": ("<", "not XML"),
    "level_1": (
        "<sbml xmlns='http://www.sbml.org/sbml/level1' level='1' version='2'><model/></sbml>",
        "SBML Level 1",
    ),
    "no_model": (f"<sbml {CORE}/>", "has no model"),
}


@pytest.fixture(autouse=True)
def _needs_libsbml() -> None:
    pytest.importorskip("libsbml", reason="reading SBML needs progenitor[sbml]")


@pytest.mark.parametrize("name", CORPUS)
def test_the_corpus_is_refused_quickly(name: str) -> None:
    text, told = CORPUS[name]
    start = time.perf_counter()
    with pytest.raises(InputError) as error:
        read_sbml(text)
    assert told in str(error.value)
    assert len(str(error.value)) < 2_000
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "not XML"),
        (b"\x00" * 100, "zero bytes"),
        (b"\x7fELF\x02\x01" + bytes(range(1, 256)), "not XML"),
        (EMPTY.encode("utf-16"), "zero bytes"),
        (b'<?xml version="1.0" encoding="UTF-7"?>' + EMPTY.encode(), "is written in 'UTF-7'"),
        (b'<?xml version="1.0" encoding="EBCDIC-XYZ"?>' + EMPTY.encode(), "EBCDIC"),
        (b'<?xml version="1.0" encoding="UTF-8"?>' + EMPTY.encode()[:-1] + b"\xff", "not XML"),
        (EMPTY.replace("<model/>", "<model name='\xe9'/>").encode("latin-1"), "not XML"),
    ],
)
def test_bytes_that_are_no_text(tmp_path: Path, text: bytes, told: str) -> None:
    file = tmp_path / "model.xml"
    file.write_bytes(text)
    with pytest.raises(InputError, match=told):
        read_sbml(file)


def test_other_encodings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "model.xml"
    text = EMPTY.replace("<model/>", "<model name='\xe9'/>")
    file.write_bytes(b"<?xml version='1.0' encoding='ISO-8859-1'?>" + text.encode("latin-1"))
    assert read_sbml(file).model.name == "\xe9"
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_sbml(str(file)).model.name == "\xe9"


def test_a_huge_file_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "model.xml"
    with file.open("wb") as stream:
        stream.truncate(50_000_001)

    def unopened(*_: object, **__: object) -> object:
        raise AssertionError("opened")

    monkeypatch.setattr(Path, "read_bytes", unopened)
    with pytest.raises(InputError, match="has 50,000,001 bytes; at most 50,000,000"):
        read_sbml(file)


def test_a_huge_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST_BYTES", 100)
    with pytest.raises(InputError, match="at most 100"):
        read_sbml(EMPTY + " " * 100)


@pytest.mark.parametrize("path", ["nowhere.xml", ".", "a\0b", "x" * 5000])
def test_paths_that_are_no_files(path: str) -> None:
    with pytest.raises(InputError):
        read_sbml(path)


def test_a_missing_libsbml_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "libsbml":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"pip install 'progenitor\[sbml\]'"):
        read_sbml(EMPTY)


@pytest.mark.parametrize(
    "package", ["distrib", "spatial", "multi", "arrays", "qual", "dyn", "made"]
)
def test_packages_that_change_the_mathematics_are_refused(package: str) -> None:
    space = f"http://www.sbml.org/sbml/level3/version1/{package}/version1"
    text = f"<sbml {CORE} xmlns:p='{space}' p:required='true'><model/></sbml>"
    with pytest.raises(UnsupportedModelError, match=f"needs the SBML package '{package}'"):
        read_sbml(text)


COMP = "xmlns:comp='http://www.sbml.org/sbml/level3/version1/comp/version1' comp:required='true'"
Write = Any
Course = Callable[..., Any]


def test_submodels_are_put_together(sbml: Write, course: Course) -> None:
    """Two copies of a decay, one of which gets its rate from the model around it."""
    inner = (
        "<comp:listOfModelDefinitions><comp:modelDefinition id='decay'>"
        + sbml.parameters(k="1", x="8!")
        + sbml.rules(x_dot="-k*x")
        + "</comp:modelDefinition></comp:listOfModelDefinitions>"
    )
    outer = (
        "<listOfParameters><parameter id='fast' value='2' constant='true'>"
        "<comp:listOfReplacedElements><comp:replacedElement comp:submodelRef='b' comp:idRef='k'/>"
        "</comp:listOfReplacedElements></parameter></listOfParameters>"
        "<comp:listOfSubmodels><comp:submodel comp:id='a' comp:modelRef='decay'/>"
        "<comp:submodel comp:id='b' comp:modelRef='decay'/></comp:listOfSubmodels>"
    )
    text = sbml(outer, extra=COMP, after=inner)
    found = course(text, [0, 1])
    assert found["a__x"][1] == pytest.approx(8 * 2.718281828459045**-1, rel=1e-8)
    assert found["b__x"][1] == pytest.approx(8 * 2.718281828459045**-2, rel=1e-8)


def external(sbml: Write, source: str) -> str:
    listed = (
        "<comp:listOfExternalModelDefinitions><comp:externalModelDefinition comp:id='far' "
        f"comp:source='{source}' comp:modelRef='inner'/></comp:listOfExternalModelDefinitions>"
    )
    body = (
        "<comp:listOfSubmodels><comp:submodel comp:id='a' comp:modelRef='far'/>"
        "</comp:listOfSubmodels>"
    )
    return str(sbml(body, extra=COMP, after=listed))


def test_a_submodel_may_be_in_a_file_beside(sbml: Write, course: Course, tmp_path: Path) -> None:
    (tmp_path / "other.xml").write_text(sbml(sbml.parameters(p="3"), model="id='inner'"))
    (tmp_path / "main.xml").write_text(external(sbml, "other.xml"))
    assert course(read_sbml(tmp_path / "main.xml"), [0])["a__p"][0] == 3


@pytest.mark.parametrize(
    "source",
    [
        "../other.xml",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://127.0.0.1:9/other.xml",
        "sub/other.xml",
        "missing.xml",
        ".hidden.xml",
        "linked.xml",
    ],
)
def test_a_submodel_may_be_nowhere_else(sbml: Write, tmp_path: Path, source: str) -> None:
    folder = tmp_path / "models"
    (folder / "sub").mkdir(parents=True)
    text = sbml(sbml.parameters(p="3"), model="id='inner'")
    for place in (tmp_path, folder / "sub"):
        (place / "other.xml").write_text(text)
    (folder / ".hidden.xml").write_text(text)
    (folder / "linked.xml").symlink_to(tmp_path / "other.xml")
    (folder / "main.xml").write_text(external(sbml, source))
    with pytest.raises(UnsupportedModelError, match="which is not a file beside this one"):
        read_sbml(folder / "main.xml")
    with pytest.raises(UnsupportedModelError, match="which is not a file beside this one"):
        read_sbml(external(sbml, "other.xml"))


def test_a_bomb_in_a_file_beside_is_seen(sbml: Write, tmp_path: Path) -> None:
    (tmp_path / "other.xml").write_text(CORPUS["billion_laughs"][0])
    (tmp_path / "main.xml").write_text(external(sbml, "other.xml"))
    with pytest.raises(InputError, match=r"other\.xml:1: the XML declares a document type"):
        read_sbml(tmp_path / "main.xml")


def nested(sbml: Write, levels: int, copies: int, *, circle: bool = False) -> str:
    """Each definition holds copies of the next; the last holds nothing, or the first again."""
    definitions = []
    for level in range(levels):
        target = f"m{level + 1}" if level + 1 < levels else ("m0" if circle else "")
        parts = "".join(
            f"<comp:submodel comp:id='s{n}' comp:modelRef='{target}'/>"
            for n in range(copies if target else 0)
        )
        held = f"<comp:listOfSubmodels>{parts}</comp:listOfSubmodels>" if parts else ""
        definitions.append(f"<comp:modelDefinition id='m{level}'>{held}</comp:modelDefinition>")
    body = (
        "<comp:listOfSubmodels><comp:submodel comp:id='a' comp:modelRef='m0'/>"
        "</comp:listOfSubmodels>"
    )
    listed = f"<comp:listOfModelDefinitions>{''.join(definitions)}</comp:listOfModelDefinitions>"
    return str(sbml(body, extra=COMP, after=listed))


def test_submodels_do_not_multiply_without_end(sbml: Write) -> None:
    """10¹² copies in twelve lines."""
    with pytest.raises(InputError, match="more than 2,000 submodels"):
        read_sbml(nested(sbml, 13, 10))
    with pytest.raises(InputError, match="contains itself"):
        read_sbml(nested(sbml, 3, 1, circle=True))
