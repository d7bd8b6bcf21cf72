"""Patches the process for eventlet before anything else is imported: `pytest -p tests.patched`.

Services run patched, so tests of nameko, the brokers and the consumers do too; everything else is tested unpatched.
"""

from shared import green

green.patch()
