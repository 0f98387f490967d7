# make demo    analyse a runner from two sides, before and after a change, and say where the results are
# make test    run every test
# make check   formatter, linter, spelling, types
# make validate  accuracy against known truth (slow), writes validation/RESULTS.md
# make harden    bombs, kills, full disks, damaged files through every reader (under half an hour, whatever hangs), writes validation/harden.json
# make sbom      bill of materials and licences of what is installed, into sbom/
# make bench     frames per second, core-milliseconds and memory of every stage at 1080p
# make mutants   changes in the code that no test notices (an hour), writes validation/mutants.json
# make docs    remake the pages made from the code, build the site of the documents, check its links
# make pins    remake the pinned requirements after a change of pyproject.toml

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check --quiet

.PHONY: demo test check validate harden sbom bench mutants pins docs clean

demo: $(VENV)/run
	$(VENV)/bin/midstance demo --out demo-out

test: $(VENV)/dev
	$(RUN) -m pytest -n auto

check: $(VENV)/dev
	$(RUN) -m ruff format --check src tests validation benchmarks docs examples
	$(RUN) -m ruff check src tests validation benchmarks docs examples
	$(VENV)/bin/codespell
	$(RUN) -m mypy

validate: $(VENV)/dev
	$(RUN) -m validation

mutants: $(VENV)/dev
	$(RUN) -m validation.mutants

harden: $(VENV)/dev
	$(RUN) -m validation.harden

sbom: $(VENV)/dev
	$(RUN) -m validation.sbom

bench: $(VENV)/dev
	$(RUN) -m benchmarks

docs: $(VENV)/dev
	$(RUN) docs/build.py

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit("midstance needs Python 3.11 or later; try: make PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run: $(VENV)/made requirements.txt pyproject.toml
	$(PIP) install --require-hashes --only-binary :all: -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/made requirements-dev.txt pyproject.toml
	$(PIP) install --require-hashes --only-binary :all: -r requirements-dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/run

pins:
	$(PYTHON) -m pip install --quiet uv
	$(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make pins" --group build pyproject.toml -o requirements.txt
	$(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make pins" --extra dev --group build pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) mutants demo-out test-artefacts .pytest_cache .mypy_cache .ruff_cache .hypothesis
