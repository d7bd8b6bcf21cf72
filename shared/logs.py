"""Logs as lines of JSON: when, how bad, who says so, what, and the correlation of the request; never a body, never anybody's words."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from shared.context import current


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        context = current()
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": record.name,
            "message": record.getMessage(),
            "correlation": str(context.correlation) if context else None,
            # The text of an exception may quote what somebody wrote: its class is all that is told.
            "exception": record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None,
        }
        return json.dumps({key: value for key, value in line.items() if value is not None})


def to_stderr(level: str) -> None:
    """Write all logs of this process to stderr; libraries only when they warn."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for library in ("amqp", "kombu", "nameko", "psycopg", "httpx", "httpcore", "werkzeug"):
        logging.getLogger(library).setLevel("WARNING")


def place(fault: BaseException) -> str:
    """Where `fault` was raised: file and line, which quote nobody."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
