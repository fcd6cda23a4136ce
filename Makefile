# Two commands matter on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test chaos bench check format snapshots screenshots requirements clean

demo: $(STAMP)  ## start the sandbox and the real app, print one URL
	@$(BIN)/python -m bot demo $(ARGS)

test: $(STAMP)  ## run the whole suite
	@$(BIN)/python -m pytest -n auto $(ARGS)

chaos: $(STAMP)  ## kill processes, break connections, and count what stands in Slack afterwards
	@$(BIN)/python -m tests.chaos $(ARGS)

bench: $(STAMP)  ## measure how fast it is, into tests/bench/RESULTS.md; ARGS="receive inbox" for a part of it
	@$(BIN)/python -m tests.bench $(ARGS)

check: $(STAMP)  ## lint, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP)  ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

snapshots: $(STAMP)  ## accept changed views and messages
	@$(BIN)/python -m pytest -q --snapshot-update tests/slack

screenshots: $(STAMP)  ## take the README's picture again
	@PAYLINK_SCREENSHOTS=.github $(BIN)/python -m pytest -q tests/e2e

requirements: $(STAMP)  ## compile pyproject.toml into the two pinned, hash-checked files
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras \
		--custom-compile-command "make requirements" pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras \
		--custom-compile-command "make requirements" -c requirements.txt pyproject.toml --group dev -o requirements-dev.txt

$(STAMP): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Paylink needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	@echo "Installing the pinned requirements into $(VENV), once …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV)
