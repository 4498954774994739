# Frontline: everything a newcomer needs. `make` alone shows this list.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
STAMP := $(VENV)/.stamp-core
DEV_STAMP := $(VENV)/.stamp-dev

# Compiled modules are kept: a test that starts a program would compile the whole house anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test check lint types walk browser bench trust papers translations migration lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: $(STAMP) ## make .venv with exactly the locked packages

run: $(STAMP) ## set up, load the demo district into an empty database, serve on http://127.0.0.1:8080
	$(PY) run.py serve --demo

test: $(DEV_STAMP) ## the tests, on SQLite and PostgreSQL; all but those of `make walk` and `make browser`; `make trust` repeats some at length
	$(PY) -m pytest -n $${JOBS:-2} --ignore tests/browser --ignore tests/end_to_end

check: lint types test ## what CI runs first: lint, types, tests

lint: $(DEV_STAMP) ## ruff: style, imports, common faults
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_STAMP) ## mypy, strict
	$(BIN)/mypy

trust: $(DEV_STAMP) ## long runs: 5,000 random lives with stale forms, 8 × 2,000 racing submits, real life cycles, every door × everybody
	FRONTLINE_TRUST_RUNS=5000 FRONTLINE_TRUST_PROCESSES=8 FRONTLINE_TRUST_SUBMITS=2000 FRONTLINE_TRUST_CASES=0 \
	FRONTLINE_TRUST_DOORS=1 FRONTLINE_TRUST_DESKS=1 FRONTLINE_TRUST_MONTHS=0 \
	FRONTLINE_TRUST_DAYS=30 FRONTLINE_TRUST_POINTS=72 FRONTLINE_TRUST_SLEEPS=8 \
	  $(PY) -m pytest -n $${JOBS:-2} --dist worksteal tests/trust tests/web/test_matrix.py tests/queries/test_desk.py

papers: $(DEV_STAMP) ## write the pages of docs/ that describe the rules: state diagram, permission matrix
	$(PY) docs/generate.py

browser: $(DEV_STAMP) ## tests in a real browser (needs Chromium)
	$(PY) -m pytest tests/browser

walk: $(DEV_STAMP) ## the main job from an empty directory to finished files, through the commands, on both databases
	$(PY) -m pytest tests/end_to_end

bench: $(DEV_STAMP) ## measure, and print each figure beside a named rival
	$(PY) -m bench

translations: $(DEV_STAMP) ## collect message ids and bring both catalogues up to date
	$(PY) translations/update.py

migration: $(DEV_STAMP) ## write a migration for what changed in the tables: make migration m="add …"
	$(PY) -m migrations "$(m)"

lock: ## renew the hashed lock files (needs uv)
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements/core.lock
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml --extra dev -c requirements/core.lock -o requirements/dev.lock
	for extra in postgresql celery second-factor single-sign-on; do \
	  uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml --extra $$extra -c requirements/dev.lock -o requirements/$$extra.lock; done

clean: ## remove caches; keeps .venv and var
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis build
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# uv is used where it is present; Python and pip are enough.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Frontline needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

# The PostgreSQL driver comes along, so that DATABASE_URL is all it takes to change the database.
$(STAMP): requirements/postgresql.lock | $(VENV)/bin/python
	@if command -v uv >/dev/null 2>&1; then VIRTUAL_ENV=$(CURDIR)/$(VENV) uv pip install -q --require-hashes -r $<; \
	 else $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r $<; fi
	@touch $@

$(DEV_STAMP): requirements/dev.lock $(STAMP)
	@if command -v uv >/dev/null 2>&1; then VIRTUAL_ENV=$(CURDIR)/$(VENV) uv pip install -q --require-hashes -r $<; \
	 else $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r $<; fi
	@touch $@
