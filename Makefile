# The doors of the house. Everything else is a command of manage.py.
# PORT (8000) and PORTAL_DATA (.data) may come from the environment, .env, or as in `make demo PORT=9000`.

PYTHON ?= python3
VENV := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help demo test check bench lock format

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo:  ## the portal with a world to try it on, at http://127.0.0.1:8000/ (Ctrl-C stops it)
	@exec $(PYTHON) bootstrap.py --demo

test:  ## the whole test suite on real PostgreSQL, Redis and browser (PYTEST_ARGS="-k name" picks)
	@$(PYTHON) bootstrap.py --dev
	@exec $(VENV)/python -m tests

check:  ## lint, types, import contracts, migrations, templates, deployment checks
	@$(PYTHON) bootstrap.py --dev
	@exec $(VENV)/python -m tests.checks

bench:  ## the benchmarks, with limits and baselines in the same run (PEERS=1 installs and measures peers too)
	@$(PYTHON) bootstrap.py --dev
	@exec $(VENV)/python -m bench

format:  ## put code and templates into their form
	@$(PYTHON) bootstrap.py --dev
	@$(VENV)/ruff check --fix-only --quiet . ; $(VENV)/ruff format --quiet .

lock:  ## compile the requirement lists anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes requirements.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes requirements-dev.in -o requirements-dev.txt
