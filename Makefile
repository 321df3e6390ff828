# Two commands do everything on a fresh machine: `make playground` and `make test`.
# Both make their own environment in .venv first. PYTHON=python3.12 chooses another interpreter.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
DEV := $(VENV)/.ready-dev

# The tests start certdesk some hundred times: without compiled files each start takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help playground test checks tests thorough proof proof-long quick lint types imports bench bench-load bench-overload bench-growth bench-triage soak pictures page clean python

help: ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/:/' | column -t -s:

playground: $(STAMP) ## try the whole desk on this machine, no Slack account needed
	$(BIN)/certdesk playground

test: $(DEV) ## what must hold, each kind once (two and a half minutes)
	$(BIN)/python -m compileall -q bot policy
	$(MAKE) -j 2 checks tests

checks: lint types imports

tests: $(DEV)
	$(BIN)/pytest -n 4 --dist worksteal --ignore tests/faults -m "not soak and not long"

thorough: $(DEV) ## the rest of the tests: every case of each kind, and what takes seconds (nine minutes)
	$(BIN)/python -m compileall -q bot policy
	$(BIN)/pytest -n 3 --dist worksteal --ignore tests/faults -m long

proof: $(DEV) ## the proof by breaking: every fault at every site, kills, a tooth (three minutes)
	$(BIN)/python -m compileall -q bot policy
	$(BIN)/pytest -n 2 --dist loadscope tests/faults -m "not soak and not long"

proof-long: $(DEV) ## the rest of that proof: on PostgreSQL, from outside, and with each safeguard taken out (three minutes)
	$(BIN)/python -m compileall -q bot policy
	$(BIN)/pytest -n 3 --dist worksteal tests/faults -m long

quick: $(DEV) ## the tests without a browser
	$(BIN)/pytest -n 3 --dist worksteal -m "not browser and not soak and not long"

lint: $(DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(DEV)
	$(BIN)/mypy

imports: $(DEV)
	$(BIN)/lint-imports

bench: $(DEV) ## measure the figures that README gives
	$(BIN)/python tests/bench/decide.py
	$(BIN)/python tests/bench/command.py
	$(BIN)/python tests/bench/policy_check.py
	$(BIN)/python tests/bench/playground.py
	$(BIN)/python tests/bench/memory.py
	$(BIN)/python -m tests.bench.load --quick

bench-load: $(DEV) ## measure what a load does, at length: the tables of docs/load.md
	$(BIN)/python -m tests.bench.load

bench-overload: $(DEV) ## draw docs/load.svg: more than can be done, beside another certdesk (BEFORE=path)
	$(BIN)/python -m tests.bench.load overload $(if $(BEFORE),--before $(BEFORE))

bench-growth: $(DEV) ## measure how a step's cost grows up to a million stored cases
	$(BIN)/python -m tests.bench.load.growth

bench-triage: $(DEV) ## measure what a list of a million orders takes, beside a bare read by polars
	$(BIN)/python tests/bench/triage.py

soak: $(DEV) ## break the desk for an hour: 10,000 faults and more, with real kills; and the proof's own proof
	$(BIN)/python -m tests.faults.toothless
	$(BIN)/python -m tests.faults.soak --seed 1 --minutes 55
	$(BIN)/python -m tests.bench.load.kills --seconds 300

pictures: $(DEV) ## take README's pictures anew (needs chromium)
	$(BIN)/python tests/browser/pictures.py

page: ## build the playground's page again (needs Node)
	cd bot/playground/page && npm ci --no-audit --no-fund && node build.mjs

clean: ## remove the environment and what tools left behind
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(STAMP): pyproject.toml constraints.txt | python
	@echo "Installing certdesk and the libraries that it needs into $(VENV), once; this takes a minute."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(DEV): $(STAMP)
	@echo "Installing what the tests need besides, once: a browser's driver, PostgreSQL, the linters."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo "certdesk needs Python 3.11 or newer, and there is no $(PYTHON) here."; \
		echo "Install it (Debian, Ubuntu: apt install python3 python3-venv), or name another: make PYTHON=python3.12 …"; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "certdesk needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)."; \
		echo "Install a newer one and name it: make PYTHON=python3.12 …"; \
		exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) has no venv. Debian, Ubuntu: apt install python3-venv. Fedora: dnf install python3-pip."; \
		exit 1; }
