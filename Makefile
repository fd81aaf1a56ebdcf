# `make run` and `make test` are all that a fresh clone needs.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check
PORT ?= 5006
BENCHMARKS := $(filter-out benchmarks/_%, $(wildcard benchmarks/*.py))

# A laptop that slept finds its session again for ten minutes, and can open a new one for a day.
SERVE := --address 127.0.0.1 --port $(PORT) --plugins playground.pages.routes --session-token-expiration 86400 --unused-session-lifetime 600000

# Tests of one file stay together in one worker, in the order of tests/conftest.py: they share
# fixtures. (With pytest 9.2, xdist's loadgroup groups nothing:
# https://github.com/pytest-dev/pytest-xdist/issues/1386.)
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# What tests start, servers and scripts, imports the package anew: it is compiled once, also where
# the environment says otherwise, as in many containers.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test all-tests unit fuzz lint format chromium bench clean

help:
	@echo "make run      serve the app on http://localhost:$(PORT) and open it (PORT=... for another port)"
	@echo "make test     style, types, unit tests, browser tests"
	@echo "make unit     unit tests only"
	@echo "make fuzz     more than 100,000 odd inputs, with their number, for all that reads input from outside"
	@echo "make lint     style and types only"
	@echo "make format   rewrite the code in the project's style"
	@echo "make chromium find, or install, the browser that the browser tests drive"
	@echo "make bench    every benchmark, one JSON object each"
	@echo "make clean    remove the virtual environment and all caches"

run: $(VENV)/.installed
	$(BIN)/panel serve apps/ --show $(SERVE)

# Types are checked beside the tests; either fails it.
test: chromium
	$(MAKE) --jobs=2 lint all-tests

all-tests: $(VENV)/.installed-for-tests
	$(PYTEST)

unit: $(VENV)/.installed-for-tests
	$(PYTEST) -m "not ui"

fuzz: $(VENV)/.installed-for-tests
	HYPOTHESIS_PROFILE=fuzz $(PYTEST) -m fuzz --hypothesis-show-statistics

chromium: $(VENV)/.installed-for-tests
	$(BIN)/python -m tests.support.browser.chromium_finder

lint: $(VENV)/.installed-for-tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/.installed-for-tests
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/.installed-for-tests
	@for script in $(BENCHMARKS); do $(BIN)/python $$script --json || exit; done

clean:
	rm -rf $(VENV) build *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results
	find apps benchmarks playground tests -name __pycache__ -type d -exec rm -rf {} +

# An environment that is already there is kept, with the PyTorch in it.
$(VENV)/.made:
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || scripts/make-venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.made
	@echo "Installing Playground and PyTorch: a few minutes, the first time only."
	$(PIP) --editable .
	@touch $@

# Tests import a third of all modules, which Python compiles then, in all workers at once; pip
# compiles one after the other.
$(VENV)/.installed-for-tests: pyproject.toml | $(VENV)/.made
	@echo "Installing Playground, PyTorch and the test tools: a few minutes, the first time only."
	$(PIP) --no-compile --editable '.[test,axe,lint,notebook,onnx,sweep,tensorboard]'
	@touch $(VENV)/.installed $@
