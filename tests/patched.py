"""Patches the process for eventlet before anything else is imported: `pytest -p tests.patched`.

Services run patched, so tests of nameko, the brokers and the consumers do too; everything else is tested unpatched.
"""

import os
import warnings

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")  # psycopg's own waiting loop would block every green thread

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # eventlet announces its retirement at every import
    import eventlet

eventlet.monkey_patch()
