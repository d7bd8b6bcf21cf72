"""Where the `comhar` command begins: a process that serves or calls is made green first, for what is imported before stays as it is."""

from __future__ import annotations

import sys

_SERVING = ("up", "serve", "views", "audit")

if sys.argv[1:] and sys.argv[1] in _SERVING:
    from shared import green

    green.patch()

from deploy.cli import main  # noqa: E402  only now, see above

if __name__ == "__main__":
    main()
