# Every target does its own set-up: Python >= 3.11 and a package index are all it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# How texts for the catalogue are marked; the same list is in tests/report/test_catalogues.py.
KEYWORDS := -k msg -k words -k many:1,2 -k plural:1,2 -k of_kind:1c,2

.PHONY: demo run test check format bench chaos simulate-sweep simulate-scale schema words lock clean

demo: $(VENV)/.ready           ## the gate on a sandbox GitHub: http://127.0.0.1:8080 (ARGS=--script plays it through)
	@$(BIN)/release-gate demo $(ARGS)

run: $(VENV)/.ready            ## the server, configured by environment or .env
	@$(BIN)/release-gate serve $(ARGS)

test: check                    ## everything that CI runs

check: $(VENV)/.ready          ## format, lint, types, layers, tests with coverage
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile
	$(BIN)/python -m pytest --cov -n auto $(ARGS)

format: $(VENV)/.ready         ## rewrite the source the way `check` wants it
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(VENV)/.ready          ## the figures of docs/performance.md, measured here and now
	$(BIN)/python -m tests.bench $(ARGS)

chaos: $(VENV)/.ready          ## kill servers under load and see that nothing is lost (ARGS="--kills 500 --database postgresql")
	$(BIN)/python -m tests.chaos $(ARGS)

simulate-sweep: $(VENV)/.ready ## 10,000 open pull requests swept under GitHub's limits, in flying time (ARGS="PULLS HOURS")
	$(BIN)/python -m tests.sweep $(ARGS)

simulate-scale: $(VENV)/.ready ## the tables of docs/scaling.md: what 50,000 installations would need (two minutes)
	$(BIN)/python -m tests.scale $(ARGS)

schema: $(VENV)/.ready         ## write again what editors know of the rules file
	$(BIN)/release-gate config schema > config/release-gate.schema.json

words: $(VENV)/.ready          ## find texts to translate, then compile the translations in bot/locale
	$(BIN)/pybabel -q extract --no-default-keywords $(KEYWORDS) --no-location --sort-output -o .words.pot bot/report
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 120 -D release-gate -i .words.pot -d bot/locale
	$(BIN)/pybabel -q compile -D release-gate -d bot/locale
	rm .words.pot

lock:                          ## pin again what pyproject.toml asks for (needs uv)
	uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -c requirements.lock --extra postgres pyproject.toml -o requirements-server.lock
	echo hatchling | uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -c requirements.lock - -o requirements-build.lock

clean:                         ## remove what the targets above made
	rm -rf $(VENV) .coverage .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .hypothesis data

$(VENV)/.ready: requirements.lock
	@echo "Setting up $(VENV) (once)…"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "release-gate needs Python 3.11 or newer; try: make PYTHON=python3.11")'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
