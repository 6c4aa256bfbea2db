# make demo   the whole job on the sample community, into demo/
# make test   style, types, rooms, tests, doctests, notebooks
# make bench  speed and memory, as ratios against other libraries in the same run
PYTHON ?= python3
BIN := .venv/bin

.PHONY: env demo test test-long coverage digests bench sample notebooks clean

env: .venv/installed

.venv/installed: setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[test,lint,notebook]"
	touch $@

demo: env
	$(BIN)/gridgeo demo --output demo --overwrite

test: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses 2 --dist loadfile -m "not long"

test-long: env
	$(BIN)/pytest --numprocesses 2 --dist loadfile

# Lines and branches that tests run; compiled loops, which no tracer sees, do not count.
coverage: env
	$(BIN)/pytest --numprocesses 2 --dist loadfile -m "not long" --cov --cov-report=term:skip-covered --cov-fail-under=95

# Digests of plans are kept anew; a commit tells each change of them, one by one.
digests: env
	$(BIN)/python tests/digests/digesting.py --write

bench: env
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[bench]"
	$(BIN)/python benchmarks/start.py
	$(BIN)/python benchmarks/land.py
	$(BIN)/python benchmarks/partition.py
	$(BIN)/python benchmarks/page.py
	$(BIN)/python benchmarks/places.py

# Written anew from the generator, here and where the wheel ships them; tests see to it that both are its work.
sample: env
	$(BIN)/python -m sample_data.generator

clean:
	rm -rf .venv demo build *.egg-info
