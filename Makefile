# Everything a newcomer needs. `make` alone prints this help; the first target that needs it sets up .venv, later ones start at once.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON := .venv/bin/python
INSTALLED := .venv/installed
CANDIDATES := python3 python3.13 python3.12 python3.11 python3.14 python

# An environment whose Python has gone counts as not installed.
$(shell test -x $(PYTHON) || rm -f $(INSTALLED))

.PHONY: help run test browser cluster check bench scales fuzz golden tutorial docs

help:  ## print this help
	@echo "Tiercare: patient flow under tiered care (分级诊疗)"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

run: $(INSTALLED)  ## run the county of Lujiang for the year 2020 and print its measures
	@$(PYTHON) -m app.cli run lujiang-2020

test: $(INSTALLED) browser cluster  ## run all tests
	@$(PYTHON) -m pytest -n 2

# The tests of pages need a browser: installed where that can be done without asking; else they are skipped, and say what is missing.
browser:
	@sh tests/browser/install.sh

# The tests of SLURM start one of their own, as root; they too are skipped where it is missing.
cluster:
	@sh tests/cluster/install.sh

check: $(INSTALLED)  ## format, lint, types, layers and the fast tests; about a minute
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-cache
	@$(PYTHON) -m pytest -n 2 -m "not slow"

bench: $(INSTALLED)  ## measure the model beside SimPy and beside plain Mesa objects, and record the figures
	@$(PYTHON) -m benchmarks.record

scales: $(INSTALLED)  ## measure what runs on a part of the people shift, and rewrite docs/scale.md
	@$(PYTHON) -m benchmarks.scales

fuzz: $(INSTALLED)  ## try 1,000 random sets of rules and 1,000 random counties
	@$(PYTHON) -m tests.fuzz.worlds

golden: $(INSTALLED)  ## rewrite the golden year and print old -> new
	@$(PYTHON) -m tests.golden.rewrite

tutorial: $(INSTALLED)  ## put what its commands print into the two tutorials
	@TIERCARE_REWRITE=1 $(PYTHON) -m pytest -q tests/docs/test_tutorial.py

docs: $(INSTALLED)  ## rebuild the pages of docs/ that are made from declarations
	@$(PYTHON) -m docs.rebuild

# The stamp is newer than what it was installed from, or the install runs again: no pip and no import when nothing has changed.
$(INSTALLED): pyproject.toml constraints.txt | $(PYTHON)
	@echo "Installing what Tiercare needs into .venv (once; a few minutes) ..." >&2
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

# The first Python of 3.11 or later that can make an environment; a broken .venv is made anew.
$(PYTHON):
	@for python in $(CANDIDATES); do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "Making .venv with $$($$python --version) ..." >&2; \
	    exec $$python -m venv --clear .venv; \
	  fi; \
	done; \
	echo "Tiercare needs Python 3.11 or later with its venv module; none of these is one: $(CANDIDATES)" >&2; \
	exit 1
