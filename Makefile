# Two commands matter: `make demo` answers the first question, `make test` checks everything.
# Both need nothing but Python 3.11: they make their own virtual environment and install the lock.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
JOBS   ?= 2
STUDY  ?= studies/tscm_vs_cart_dlbcl.yaml

BIN  := $(VENV)/bin
MADE := $(VENV)/.made
RUN  := $(VENV)/.installed-run
DEV  := $(VENV)/.installed-dev
WARM := $(VENV)/.solver-compiled
PIP  := $(BIN)/python -m pip install -qq --disable-pip-version-check

.PHONY: help demo test test-slow lint bench docs lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

demo: $(WARM)  ## the first question, from manufacturing to a Phase II readout
	@echo "==> progenitor run $(STUDY) --jobs $(JOBS)"
	@$(BIN)/progenitor run $(STUDY) --jobs $(JOBS)

test: lint $(WARM)  ## everything a change must pass, in under ten minutes
	@echo "==> pytest"
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -q -n $(JOBS) --dist loadscope -m "not slow"

test-slow: $(DEV) $(WARM)  ## science checks that take minutes each
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -q -n $(JOBS) --dist loadscope -m slow

lint: $(DEV)  ## style, formatting, types, import contracts
	@echo "==> ruff check";          $(BIN)/ruff check -q .
	@echo "==> ruff format --check"; $(BIN)/ruff format -q --check .
	@echo "==> mypy --strict";       $(BIN)/mypy --no-error-summary
	@echo "==> lint-imports";        $(BIN)/lint-imports --no-logo > $(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }

bench: $(DEV)  ## virtual patients per second; never a pass mark
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.oracle

docs: $(DEV)  ## the manual, warnings as errors, into docs/_build/html
	@echo "==> sphinx-build -W"
	@$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

lock: ## write both lock files from pyproject.toml, newest versions that fit
	@PYTHON=$(PYTHON) bash .ci/lock

clean:  ## remove everything that can be made again (runs/ stays)
	rm -rf $(VENV) build dist docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Progenitor needs Python 3.11 or newer; $(PYTHON) is older. Type: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "==> virtual environment in $(VENV) ($$($(PYTHON) --version))"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(RUN): requirements.lock.txt pyproject.toml | $(MADE)
	@echo "==> installing $$(grep -c == requirements.lock.txt) pinned packages"
	@$(PIP) -r requirements.lock.txt
	@$(PIP) --no-deps --editable .
	@touch $@

$(WARM): $(RUN)
	@echo "==> progenitor doctor"
	@$(BIN)/progenitor doctor > $(VENV)/doctor.log || { cat $(VENV)/doctor.log; exit 1; }
	@touch $@

$(DEV): requirements-dev.lock.txt $(RUN)
	@echo "==> installing the development tools ($$(grep -c == requirements-dev.lock.txt) pinned packages in all)"
	@$(PIP) -r requirements-dev.lock.txt
	@touch $@
