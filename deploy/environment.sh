#!/bin/sh
# The project's own Python environment, .venv, from a committed lock file; every package is checked by its hash.
#
#   deploy/environment.sh requirements.lock
#
# Does nothing when that lock is installed. Begins afresh when .venv was made for other locks, at another place, by another Python, or
# was left half made. The system's Python only makes the environment; nothing is installed into it, and nothing it has is seen.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_REQUIREMENT VIRTUAL_ENV
export PYTHONNOUSERSITE=1 PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1

lock=$1
state=$({ pwd; cat requirements*.lock deploy/environment.sh deploy/install.sh; grep '^version' pyproject.toml; } | sha256sum | cut -c1-16)
stamp=.venv/$lock.$state

works() { .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; }

[ -e "$stamp" ] && works && exit 0

started=$(date +%s)
echo "Making .venv from $lock (about half a minute, once)" >&2
if [ -e .venv/unfinished ] || ! ls .venv/*."$state" >/dev/null 2>&1 || ! works; then
    python=$(deploy/machine.sh python)
    rm -rf .venv
    "$python" -m venv .venv
    deploy/install.sh "$PWD/.venv" "$PWD"
fi
touch .venv/unfinished
.venv/bin/python -m pip install -qq --no-input --require-hashes --no-build-isolation -r "$lock"
mv .venv/unfinished "$stamp"
echo "Made .venv from $lock in $(($(date +%s) - started)) s" >&2
