# Comptoir: everything a newcomer or a maintainer types. `make` alone lists it.

# Any Python from 3.11 on; `make run PYTHON=/path/to/python3.12` picks another.
PYTHON ?= $(firstword $(foreach name,python3.11 python3 python3.12 python3.13,$(shell \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))

# What the code must keep covered, in per cent of its lines and branches.
CORE_COVERAGE ?= 98
BOT_COVERAGE ?= 95

# Three test processes for two cores; `make test WORKERS=0` runs them in one, for a debugger.
WORKERS ?= auto
# More arguments for pytest: `make test ARGS="-k invoice"`.
ARGS ?=

# Images often set it; each of the many processes would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# An environment knows its folder: one that was moved is made again.
MADE := $(VENV)/.made-$(firstword $(shell echo "$(CURDIR)" | cksum))
BROWSER := $(firstword $(shell command -v chromium chromium-browser google-chrome 2>/dev/null))

.DEFAULT_GOAL := help
.PHONY: help run test check lint coverage covered package format messages bench clean python browser driver
.DELETE_ON_ERROR:
# The steps of `check` build on each other; the tests share the cores themselves.
.NOTPARALLEL:

help: ## List these targets
	@echo "Comptoir, a Telegram bot for a trading company. Needs Python 3.11 or newer; make targets:"
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  \1\t/' | expand -t 14

run: $(VENV)/.run ## Install what is missing and start the bot (without TELEGRAM_TOKEN: the demo, in a browser)
	@exec $(BIN)/comptoir run

test: browser $(VENV)/.dev driver ## Run all tests, on SQLite and PostgreSQL (needs Chromium; ARGS="-k word" picks some)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: lint coverage ## Everything that must hold before a change is taken: lint, types, layers, texts, tests, coverage

lint: $(VENV)/.dev ## Style, types, layers and catalogues, without the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m core.catalogues check
	@$(BIN)/python -m tests.architecture.sizes

# Measuring doubles the time of the tests, so that `make test` does without.
coverage: ## Run all tests, measure what they cover and hold it against the gates
	PYTEST_ADDOPTS="--cov --cov-report=" $(MAKE) --no-print-directory test
	$(MAKE) --no-print-directory covered

covered: ## Hold what the last measured run of the tests covered against the gates
	$(BIN)/coverage report --include="core/*" --fail-under=$(CORE_COVERAGE)
	$(BIN)/coverage report --include="bot/*" --fail-under=$(BOT_COVERAGE)

format: $(VENV)/.dev ## Format the code and repair what ruff can repair
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(VENV)/.dev ## Write the texts of the code into the catalogues in locales/
	$(BIN)/python -m core.catalogues update

package: $(VENV)/.dev ## Build the wheel, install it into an environment of its own and start it there
	@rm -rf dist build/package
	$(PIP) wheel --no-deps --wheel-dir dist .
	$(PYTHON) -m venv build/package
	build/package/bin/python -m pip --disable-pip-version-check --quiet install -c constraints.txt dist/*.whl
	$(BIN)/python -m tests.architecture.installed build/package/bin

bench: $(VENV)/.dev ## Measure how fast it is (every program in tests/bench)
	@for program in tests/bench/bench_*.py; do \
		echo "== $$program"; $(BIN)/python -m tests.bench.$$(basename $$program .py) || exit 1; done

clean: ## Remove the environment and what the tools left; databases stay
	rm -rf $(VENV) build dist .coverage .coverage.* htmlcov .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- What the targets stand on ----------------------------------------------------

python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Comptoir needs Python 3.11 or newer. Install it with: apt-get install python3 python3-venv" >&2; exit 1; fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Comptoir needs Python 3.11 or newer, and $(PYTHON) is none. Install it with: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing. Install it with: apt-get install python3-venv" >&2; exit 1; }

browser:
	@if [ -z "$(BROWSER)" ]; then \
		echo "The tests of the chat page need Chromium. Install it with: apt-get install chromium libatomic1" >&2; exit 1; fi

# A slim Debian lacks one library of the program that steers the browser.
driver: $(VENV)/.dev
	@$(BIN)/playwright --version >/dev/null 2>&1 || { \
		echo "The tests of the chat page need libatomic. Install it with: apt-get install libatomic1" >&2; exit 1; }

$(MADE): | python
	@echo "Making the environment in $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# The stamps are renewed when the requirements change, and only then.
$(VENV)/.run: pyproject.toml constraints.txt $(MADE)
	@echo "Installing what Comptoir needs (about a minute)"
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt $(MADE)
	@echo "Installing what Comptoir and its tests need (about two minutes)"
	@$(PIP) install -c constraints.txt -e ".[dev]"
	@touch $@ $(VENV)/.run
