# One word for each thing that is done with this repository. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test pure golden check bench prove docs install fmt lock coverage build assets words clean

PORT ?= 8000
WORKERS ?= 2
GUILDER_HOME ?= $(CURDIR)/var
GUILDER_SHARED ?= $(CURDIR)/../shared
export GUILDER_HOME GUILDER_SHARED

BIN := .venv/bin
RUNTIME := .venv/.stamps/runtime
DEV := .venv/.stamps/dev
PYTEST := $(BIN)/pytest
# A file goes to one worker, in the order of tests/conftest.py: what takes longest is begun first.
SPREAD := --dist loadfile --no-loadscope-reorder

# Hundreds of child processes read the same modules: compile them once, whatever the environment says.
test coverage pure golden check bench prove: export PYTHONPYCACHEPREFIX = $(CURDIR)/.cache/python
test coverage pure golden check bench prove: export PYTHONDONTWRITEBYTECODE =

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Install what is missing and start Guilder (PORT=8000, GUILDER_HOME=./var)
	@exec $(BIN)/guilder up --port $(PORT)

test: $(DEV) ## Run the tests (ARGS="-x tests/books", WORKERS=2)
	@$(PYTEST) -n $(WORKERS) $(SPREAD) $(ARGS) </dev/null

coverage: $(DEV) ## Run the tests with coverage and hold the floor
	@mkdir -p .cache/coverage && rm -f .cache/coverage/data*
	@verdict=0; \
	$(BIN)/coverage run -m pytest -n $(WORKERS) $(SPREAD) $(ARGS) </dev/null || verdict=1; \
	$(BIN)/coverage combine --quiet && $(BIN)/python tools/coverage_floor.py || verdict=1; \
	exit $$verdict

pure: $(DEV) ## Run the tests that need no database
	@GUILDER_PURE=1 $(PYTEST) -q tests/kernel $$(find tests -name 'test_calc*.py') $(ARGS) </dev/null

golden: $(DEV) ## Write the golden files anew; read the difference before you commit it
	@GUILDER_GOLDEN=rewrite $(PYTEST) -q tests/golden $(ARGS) </dev/null

check: $(DEV) ## Format, lint, types, imports, migrations, dependencies, licences, secrets, words
	@$(BIN)/python tools/check.py $(ARGS)

bench: $(DEV) ## Measure speed as ratios (NAME=one)
	@$(BIN)/python -m benchmarks $(if $(NAME),--only $(NAME)) $(ARGS)

prove: $(DEV) ## The long proofs: full sizes, kills, load, a bare machine (NAME=one)
	@$(BIN)/python tools/prove.py $(NAME)

docs: $(DEV) ## Write the generated parts of docs/
	@$(BIN)/python tools/document.py

install: $(DEV) ## Make the environment in .venv, for running and developing

fmt: $(DEV) ## Format the code and repair what can be repaired
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

lock: $(DEV) ## Solve the dependencies anew and write every lock file
	@$(BIN)/python tools/lock.py

build: $(DEV) ## Build the wheel and the source archive into dist/
	@rm -rf dist && $(BIN)/python -m hatchling build

assets: ## Build styles, scripts, icons and fonts anew (needs Node)
	@cd frontend && npm ci --silent && npm run --silent build

words: $(DEV) ## Collect what is to be translated, and compile the catalogues
	@$(BIN)/python tools/catalogues.py

clean: ## Remove what was made here, except the environment and the data
	@rm -rf .cache .ruff_cache .hypothesis .import_linter_cache .grimp_cache build dist htmlcov
	@find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements.lock requirements-rules.lock requirements-bare.lock tools/installer.lock pyproject.toml
	@sh tools/environment.sh runtime

$(DEV): requirements-dev.lock requirements-rules.lock requirements-bare.lock tools/installer.lock pyproject.toml
	@sh tools/environment.sh dev
