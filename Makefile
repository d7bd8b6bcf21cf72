# comhar: `make up` runs a region on this machine, `make test` proves it.
# Everything is made inside this folder; only `make test`, as root on Debian, may add packages to the machine (deploy/machine.sh).

SHELL := /bin/sh
PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help up test check format bench campaign lock environment clean

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

up: ## Start the embedded region with the demo year, and say how to sign in
	@deploy/environment.sh requirements.lock
	@.venv/bin/comhar up $(ARGS)

test: ## Everything below `check`, and all tests; PARTS="pure green" for some of it
	@deploy/machine.sh servers >/dev/null
	@deploy/environment.sh requirements-dev.lock
	@$(PYTHON) -m tests.run $(PARTS)

check: environment ## Format, lint, types, contracts, boundaries, containers
	@$(PYTHON) -m tests.run check

format: environment ## Format and mend what can be mended without thought
	@.venv/bin/ruff format -q .
	@.venv/bin/ruff check -q --fix .

campaign: ## The long fault campaigns
	@deploy/machine.sh servers >/dev/null
	@deploy/environment.sh requirements-dev.lock
	@COMHAR_CAMPAIGN=long $(PYTHON) -m tests.run campaigns

bench: ## Measure against peers, one benchmark after the other; prints tables, writes JSON to benchmarks/results
	@deploy/machine.sh servers >/dev/null
	@deploy/environment.sh requirements-dev.lock
	@deploy/environment.sh requirements-bench.lock
	@$(PYTHON) -m benchmarks $(ARGS)

lock: environment ## Write the lock files anew from pyproject.toml; ARGS=--upgrade takes newer versions
	@deploy/lock.sh $(ARGS)

environment:
	@deploy/environment.sh requirements-dev.lock

clean: ## Remove what was made here, except the region's data
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -not -path './.git/*' -exec rm -rf {} +
