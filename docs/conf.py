"""How the manual is built: pages for plug-ins, numbers and the API come from the package itself."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from manual_pages import write_pages

import progenitor

project = "Progenitor"
author = "The Progenitor founders"
copyright = author
version = release = progenitor.__version__

extensions = [
    "myst_parser",
    "offline_mathematics",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["_build"]
language = "en_GB"
suppress_warnings = ["config.cache"]

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

add_module_names = False
autodoc_member_order = "alphabetical"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "sphinx_book_theme"
html_math_renderer = "offline"
html_title = "Progenitor"
html_theme_options = {
    "navbar_persistent": [],
    "show_navbar_depth": 1,
    "show_toc_level": 2,
}

write_pages(Path(__file__).parent)
