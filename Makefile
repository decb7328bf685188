# `make` alone lists the targets. Python 3.11 or newer, make and a package index are all that is needed.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
SEED ?= 1
# Processes that run the suite; JOBS=0 runs it in this one, for a debugger.
JOBS ?= auto
# Branch coverage of the whole suite, in per cent, below which `make ci` fails.
COVERAGE_MIN ?= 90
# The synthetic field, the numbers of listings, at most so many needs each, and where the report goes.
BENCH_DATA ?= ../shared/bench/field
BENCH_OUT ?= docs
SIZES ?= 1000 10000 100000 1000000
NEEDS ?=
LISTINGS ?= $(BENCH_DATA)/platforms_10000.jsonl.gz

PY := .venv/bin/python
EMBEDDED := $(PY) -m zhongshi.embedded
export PORT

.DEFAULT_GOAL := help
.PHONY: help demo test check fix ci bench bench-pages load screens faults fuzz audit messages runtime development python

help:
	@echo 'make demo      the whole service with demo data on http://127.0.0.1:$(PORT) (PORT=, HOST=)'
	@echo 'make test      the whole suite on a temporary PostgreSQL and Redis (ARGS="-k name")'
	@echo 'make check     lint, types, imports, migrations, schema, messages, lock, limits'
	@echo 'make fix       mend what can be mended: format, lint, schema, message catalogue'
	@echo 'make ci        check, then test with the coverage gate: exactly what CI runs'
	@echo 'make bench     our engine beside other search engines (SIZES="1000 10000", NEEDS=200, BENCH_DATA=, BENCH_OUT=)'
	@echo 'make bench-pages  search and matches pages beside a bare Django view (LISTINGS=file.jsonl.gz to load first)'
	@echo 'make load      the whole service under load: speed, faults, workers, 15 steady minutes (ARGS="--steps read post")'
	@echo 'make screens   a picture of every page into docs/screens'
	@echo 'make faults    break the service on purpose and count what is missing (SEED=n, ARGS="--needs 500")'
	@echo 'make fuzz      the whole API against its own document, as each kind of person (SEED=n, ARGS="--seeds 3")'
	@echo 'make audit     the locked dependencies against known vulnerabilities (asks the network)'
	@echo 'make messages  compile the message catalogues'

demo: runtime
	@$(PY) tools/messages.py compile
	@$(EMBEDDED) demo

test: development
	@$(PY) tools/messages.py compile
	@$(PY) tools/browser.py
	@$(EMBEDDED) run --temporary -- $(PY) -m pytest -n $(JOBS) --dist loadfile $(ARGS)

check: development
	@$(PY) tools/messages.py compile
	@$(EMBEDDED) run --temporary -- $(PY) tools/check.py

fix: development
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .
	@$(PY) tools/messages.py update
	@$(PY) tools/messages.py compile
	@DJANGO_SETTINGS_MODULE=zhongshi.settings.test $(PY) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

# The same code gets the same answer: order and examples follow SEED here, and are drawn anew in each `make test`.
ci: check
	@$(MAKE) --no-print-directory test ARGS='--randomly-seed=$(SEED) --hypothesis-seed=$(SEED) --cov --cov-report=term:skip-covered --cov-fail-under=$(COVERAGE_MIN) $(ARGS)'

bench: runtime
	@$(PYTHON) tools/environment.py requirements-bench.lock
	@$(EMBEDDED) run --temporary -- $(PY) -m benchmarks --data '$(BENCH_DATA)' --sizes $(SIZES) $(if $(NEEDS),--needs $(NEEDS)) --out '$(BENCH_OUT)'

# On a database that lasts, named by DATABASE_URL, the listings are loaded once.
bench-pages: development
	@$(PY) tools/messages.py compile
	@$(EMBEDDED) run --temporary -- $(PY) -m benchmarks.pages $(if $(LISTINGS),--listings '$(LISTINGS)')

# Into docs/load. A database named by DATABASE_URL must be there for this alone; without one it lies in .data/load.
load: development
	@$(PY) tools/messages.py compile
	@$(PY) -m benchmarks.load --listings '$(LISTINGS)' --needs '$(BENCH_DATA)/needs.jsonl' $(ARGS)

screens: development
	@$(PY) tools/messages.py compile
	@$(EMBEDDED) run --temporary -- $(PY) -m tools.screens

faults: development
	@$(PY) tools/messages.py compile
	@$(PY) -m tests.faults --seed $(SEED) $(ARGS)

# Deeper than in the suite: more examples of every property, another seed each time.
fuzz: development
	@$(PY) tools/messages.py compile
	@$(PY) -m tools.fuzz --seed $(SEED) $(ARGS)
	@HYPOTHESIS_PROFILE=deep $(EMBEDDED) run --temporary -- $(PY) -m pytest tests/fuzz -q --hypothesis-seed=$(SEED)

audit: python
	@$(PYTHON) -m tools.audit_dependencies

messages: runtime
	@$(PY) tools/messages.py compile

runtime: python
	@$(PYTHON) tools/environment.py requirements.lock

development: python
	@$(PYTHON) tools/environment.py requirements-dev.lock

python:
	@command -v $(PYTHON) >/dev/null || { echo 'No $(PYTHON) found: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.11 …' >&2; exit 1; }
