# CSM's commands: `make run`, `make test`, `make lint`, `make bench`. Each sets up what it needs first,
# and does a step again only when the files that it is made from have changed.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
# Node.js comes from the PATH or, where that has none, from a wheel that lies in $(BIN).
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
ASSETS := static/dist/csm.css
ASSET_SOURCES := $(shell find static/src templates -type f 2>/dev/null) $(wildcard */forms.py */forms/*.py)
PYTEST_WORKERS ?= 2
BENCH_SCALE ?= 0.01
export BENCH_SCALE
# Where this is set, every process of the tests would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test lint bench setup setup-dev messages docs clean

help:
	@echo "make run     the application on http://localhost:8000/, with demo data"
	@echo "make test    all tests      make lint      all checks      make bench  the benchmarks"
	@echo "make setup   only install   make messages  collect texts   make clean  remove what was built"

run: setup
	@exec $(BIN)/python -m csm.launch

test: setup-dev
	@$(BIN)/python -m csm.tests.chromium || .ci/need chromium chromium fonts-noto-cjk
	@$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal $(ARGS)

lint: setup-dev
	@.ci/need xgettext gettext
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m csm.catalogues check

bench: setup-dev
	@$(BIN)/python -m bench

messages: setup-dev
	@.ci/need xgettext gettext
	$(BIN)/python manage.py makemessages --locale zh_Hans --no-obsolete --add-location file --ignore 'node_modules/*'

docs: setup-dev
	$(BIN)/python manage.py shell -v0 -c "from csm.documents import write; write()"

setup: $(VENV)/.packages $(ASSETS) $(CATALOGUES)

setup-dev: $(VENV)/.packages-dev $(ASSETS) $(CATALOGUES)

clean:
	rm -rf $(VENV) node_modules static/dist $(CATALOGUES)

$(BIN)/python:
	@echo "== Python environment in $(VENV)"
	@.ci/venv $(VENV)

$(VENV)/.packages: requirements.txt constraints.txt | $(BIN)/python
	@echo "== Python packages"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $< -c constraints.txt
	@touch $@

$(VENV)/.packages-dev: requirements-dev.txt $(VENV)/.packages
	@echo "== Python packages of tests and checks"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $< -c constraints.txt
	@touch $@

$(VENV)/.node: constraints.txt | $(VENV)/.packages
	@.ci/node $(BIN)
	@touch $@

node_modules/.installed: package.json package-lock.json $(VENV)/.node
	@echo "== npm packages"
	@$(NPM) ci --no-audit --no-fund --loglevel error
	@touch $@

$(ASSETS): node_modules/.installed static/build.mjs $(ASSET_SOURCES)
	@echo "== front-end assets"
	@$(NPM) run --silent build
	@touch $@

%.mo: %.po csm/catalogues.py | $(VENV)/.packages
	@echo "== texts in $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $@)))"
	@$(BIN)/python -m csm.catalogues compile $< $@
