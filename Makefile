# The two commands of the README are `make run` and `make test`; each sets up what it needs.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONPATH := $(CURDIR)/src
export PYTHONDONTWRITEBYTECODE ?=

.PHONY: run test setup lint types contracts catalogue check-catalogue unit bench soak mutate lock units clean
.PHONY: installer-windows installer-linux smoke-windows smoke-linux

run: setup
	@$(BIN)/python scripts/run.py

test: setup lint types contracts check-catalogue unit

setup: $(VENV)/.ready catalogue-compiled
	@scripts/system-packages

$(VENV)/.ready: requirements-dev.lock scripts/make-venv
	@scripts/make-venv "$(PYTHON)" "$(VENV)"

.PHONY: catalogue-compiled
catalogue-compiled: $(VENV)/.ready
	@$(BIN)/python scripts/catalogue.py compile

catalogue: $(VENV)/.ready
	$(BIN)/python scripts/catalogue.py update
	$(BIN)/python scripts/catalogue.py compile

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready
	$(BIN)/mypy

contracts: $(VENV)/.ready
	$(BIN)/lint-imports

check-catalogue: $(VENV)/.ready
	$(BIN)/python scripts/catalogue.py check

# Who may do what: written anew after a command was added; read the difference.
.PHONY: roles
roles: $(VENV)/.ready
	$(BIN)/python scripts/roles.py update

unit: setup
	@scripts/system-packages test
	@scripts/run-tests

# Longer campaigns; their last figures are in docs/measurements.md.
soak: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/pytest -n 2 -m slow -o faulthandler_timeout=0

# Changes the code of the law a little and sees whether its tests notice; takes hours, and goes on
# where it was broken off.
mutate: setup
	$(BIN)/python scripts/mutate.py

bench: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m benchmarks

lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra hub --group dev --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements-dev.lock

	uv pip compile --group build --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements-build.lock

# How the program reaches a PC; see installer/README.md. BUILD_FLAGS="--publisher KEY --runtime FILE ..."
BUILD_ENV := .cache/build-env
$(BUILD_ENV)/.ready: requirements-build.lock scripts/make-build-env $(VENV)/.ready
	@scripts/make-build-env "$(VENV)" "$(BUILD_ENV)"

installer-windows: setup $(BUILD_ENV)/.ready
	nice $(BUILD_ENV)/bin/python installer/windows/build.py $(BUILD_FLAGS)

installer-linux: setup $(BUILD_ENV)/.ready
	nice $(BUILD_ENV)/bin/python installer/linux/build.py $(BUILD_FLAGS)

# Each installs what was built, uses it and removes it again; where the means are missing it says so and fails.
smoke-windows: setup
	nice $(BIN)/python installer/windows/smoke.py

smoke-linux: setup
	nice installer/linux/smoke

# Only to refresh the data: asks the package index for two packages the product does not need.
units:
	uv venv --quiet --clear .cache/units
	uv pip install --quiet --python .cache/units/bin/python --group units
	.cache/units/bin/python scripts/build_units.py

clean:
	rm -rf $(VENV) out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
