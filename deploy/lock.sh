#!/bin/sh
# Writes the lock files from pyproject.toml: each contains the one before it, with the same versions. Versions already locked stay,
# unless called with --upgrade. The files name no package index: who installs chooses where from, the hashes say what it must be.
set -eu
cd "$(dirname "$0")/.."

compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml "$@"
}

compile --output-file requirements.lock "$@"
compile --output-file requirements-dev.lock --constraints requirements.lock --group dev "$@"
compile --output-file requirements-bench.lock --constraints requirements-dev.lock --group dev --group bench "$@"
