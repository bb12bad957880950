# Every verb works from a fresh checkout: set-up is cached in .venv and repeated only when the pins change.
V := .venv
PY := $(V)/bin/python
export UV_NO_PROGRESS := 1

.PHONY: help setup demo test lint types house fix prove bench clean

help:            ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

$(V)/.ok: pyproject.toml constraints.txt
	@python3 -m venv $(V) || { echo "python3 cannot make a virtual environment; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "setting up (once) ..." >&2
	@$(PY) -m pip install -q --disable-pip-version-check -c constraints.txt uv
	@$(PY) -m uv pip install -q --system-certs --python $(PY) --compile-bytecode -c constraints.txt -e '.[dev]' \
	  || $(PY) -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(PY) -m tests.fidelity.fetch_notion
	@touch $@

setup: $(V)/.ok  ## install into .venv, once

demo: setup      ## the main job, offline, in under a minute
	@$(V)/bin/okrsync demo

test: setup lint types house  ## everything that must hold
	$(PY) -m tests.engine.mutants.gate --every 4
	$(PY) -m pytest -n 2 -m "not slow"

prove: setup     ## the proofs of the sync engine, whole: all cases, long machine, planted faults, soak
	$(PY) -m tests.engine.proofs
	OKRSYNC_PROOF=long $(PY) -m pytest -n 2 tests/engine -m "slow or not slow" --durations=10
	$(PY) -m tests.engine.mutants.gate --jobs 2
	$(PY) -m tests.engine.proofs.soak --runs 5000 --seed 1
	$(PY) -m tests.e2e.fault_matrix

bench: setup     ## requests per job and service against the minimum, on a small and a large world
	$(PY) -m benchmarks.requests --small
	$(PY) -m benchmarks.requests --large

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: setup
	$(PY) -m mypy

house: setup
	$(V)/bin/lint-imports --no-cache

fix: setup       ## format and mend what can be mended
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

clean:           ## remove the environment and all caches
	rm -rf $(V) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
