"""All benchmarks, or those named: one table with medians and spreads, and a file of every round in benchmarks/results.

python -m benchmarks [append] [propagation] [ledger] [verification] [commands] [rpc_calls] [--seconds 60]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks.measuring import machine, table

NAMES = ("append", "propagation", "ledger", "verification", "commands", "rpc_calls")
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=(*NAMES, []), help="which of them; all when none is named")
    parser.add_argument("--seconds", type=float, help="for how long each measures, about")
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    print(", ".join(f"{name} {value}" for name, value in machine().items()))
    for name in options.names or NAMES:
        _measure(name, options.seconds)


def _measure(name: str, seconds: float | None) -> None:
    module = import_module(f"benchmarks.{name}")
    before, began = machine(), time.monotonic()
    print(f"{name} …", file=sys.stderr, flush=True)
    figures = module.run(seconds or module.SECONDS)
    facts = {"taken": datetime.now(UTC).isoformat(timespec="seconds"), "machine": before, "load_after": machine()["load"]}
    result = {**facts, "seconds": round(time.monotonic() - began), "figures": [figure.plain() for figure in figures]}
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"\n{table(name, figures)}\n  load before {before['load'][0]}, after {facts['load_after'][0]}", flush=True)


if __name__ == "__main__":
    main()
