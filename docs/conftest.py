"""Every Python example of the manual is run."""

from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser

collect_ignore_glob = ["*.py"]  # what builds the manual is not an example of it

pytest_collect_file = Sybil(parsers=[PythonCodeBlockParser()], patterns=["*.md"]).pytest()
