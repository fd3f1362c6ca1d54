"""What is fetched once serves all clones of the project: it lies in a folder of the user's, which may be deleted at any time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path


def user_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "xml-to-bigquery"


@contextlib.contextmanager
def locked(path: Path, waiting: str) -> Iterator[None]:
    """Lets only one command at a time into what it guards; says `waiting` if another one is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(waiting, file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
