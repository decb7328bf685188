# `make` alone lists the targets. Python 3.11 or newer, make and a package index are all that is needed.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
# Branch coverage of the whole suite, in per cent, below which `make ci` fails.
COVERAGE_MIN ?= 90
# The synthetic field, the numbers of listings, at most so many needs each, and where the report goes.
BENCH_DATA ?= ../shared/bench/field
BENCH_OUT ?= docs
SIZES ?= 1000 10000 100000 1000000
NEEDS ?=

PY := .venv/bin/python
EMBEDDED := $(PY) -m zhongshi.embedded
export PORT

.DEFAULT_GOAL := help
.PHONY: help demo test check fix ci bench messages runtime development python

help:
	@echo 'make demo      the whole service with demo data on http://127.0.0.1:$(PORT) (PORT=, HOST=)'
	@echo 'make test      the whole suite on a temporary PostgreSQL and Redis (ARGS="-k name")'
	@echo 'make check     lint, types, imports, migrations, schema, messages, lock, limits'
	@echo 'make fix       mend what can be mended: format, lint, schema, message catalogue'
	@echo 'make ci        check, then test with the coverage gate: exactly what CI runs'
	@echo 'make bench     our engine beside other search engines (SIZES="1000 10000", NEEDS=200, BENCH_DATA=, BENCH_OUT=)'
	@echo 'make messages  compile the message catalogues'

demo: runtime
	@$(PY) tools/messages.py compile
	@$(EMBEDDED) demo

test: development
	@$(PY) tools/messages.py compile
	@$(PY) tools/browser.py
	@$(EMBEDDED) run --temporary -- $(PY) -m pytest $(ARGS)

check: development
	@$(PY) tools/messages.py compile
	@$(EMBEDDED) run --temporary -- $(PY) tools/check.py

fix: development
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .
	@$(PY) tools/messages.py update
	@$(PY) tools/messages.py compile
	@DJANGO_SETTINGS_MODULE=zhongshi.settings.test $(PY) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

ci: check
	@$(MAKE) --no-print-directory test ARGS='--cov --cov-report=term:skip-covered --cov-fail-under=$(COVERAGE_MIN) $(ARGS)'

bench: runtime
	@$(PYTHON) tools/environment.py requirements-bench.lock
	@$(EMBEDDED) run --temporary -- $(PY) -m benchmarks --data '$(BENCH_DATA)' --sizes $(SIZES) $(if $(NEEDS),--needs $(NEEDS)) --out '$(BENCH_OUT)'

messages: runtime
	@$(PY) tools/messages.py compile

runtime: python
	@$(PYTHON) tools/environment.py requirements.lock

development: python
	@$(PYTHON) tools/environment.py requirements-dev.lock

python:
	@command -v $(PYTHON) >/dev/null || { echo 'No $(PYTHON) found: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.11 …' >&2; exit 1; }
