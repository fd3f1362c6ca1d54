"""What the tests of the deployment's files share: the project's folder and its pinned linters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

sys.path.append(str(ROOT / "src" / "build"))
from python_environment import python_environment  # noqa: E402
from user_folder import locked, user_folder  # noqa: E402, F401


def run(*command: str | Path, **how: object) -> subprocess.CompletedProcess[str]:
    """Whatever the command's status is; both its outputs are text."""
    return subprocess.run([str(word) for word in command], text=True, capture_output=True, timeout=600, **how)


def linter(name: str) -> Path:
    """One of checks-requirements.txt."""
    return python_environment("linters").parent / name
