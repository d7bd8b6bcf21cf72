"""Files that are whole or not there, whenever the process dies: written under another name, flushed, renamed."""

from __future__ import annotations

import os
from pathlib import Path


def put(path: Path, content: bytes) -> None:
    """`content` in `path`, in place of what may be there. Its name is durable only after `flush_names` of its folder."""
    fresh = path.with_name(f".{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    # If we die here, the fresh file lies beside the old one under a name nobody reads, and is written anew next time.
    fresh.replace(path)


def put_durably(path: Path, content: bytes) -> None:
    """`content` in `path`, and the name with it."""
    put(path, content)
    # If we die here, the file holds the old content or the new one, whole.
    flush_names(path.parent)


def flush_names(folder: Path) -> None:
    """The names in `folder`, as they are now, survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
