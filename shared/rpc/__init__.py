"""Calls between services over the broker: ours, because nameko's own kill a service when its broker restarts, and hang.

`Calls` asks, `@rpc` answers. A call has a deadline, and after it nothing happens any more on its behalf that had not begun.
A broker that fails makes calls `Unavailable`; sending the same command again is safe.
"""

from shared.rpc.client import Calls
from shared.rpc.cover import Cover
from shared.rpc.server import rpc
from shared.rpc.wire import RemoteFault

__all__ = ["Calls", "Cover", "RemoteFault", "rpc"]
