"""When an environment is made, and when it is deleted; what is installed is left out."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import python_environment
from user_folder import user_folder


class PythonEnvironmentTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="a cache "))
        self.enterContext(mock.patch.dict(os.environ, {"XDG_CACHE_HOME": folder}))
        self.installed: list[Path] = []
        self.enterContext(mock.patch.object(python_environment, "install", self.install))
        self.requirements = Path(folder) / "requirements.txt"
        self.enterContext(mock.patch.dict(python_environment.ENVIRONMENTS, {"some": self.requirements}))
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))

    def install(self, directory: Path, requirements: Path) -> None:
        directory.mkdir(parents=True)
        self.installed.append(directory)

    def environment(self, requirements: str) -> Path:
        """The folder."""
        self.requirements.write_text(requirements)
        return python_environment.python_environment("some").parents[1]

    def test_each_requirements_have_one_environment(self) -> None:
        first, other, again = (self.environment(requirements) for requirements in ("a==1", "a==2", "a==1"))

        self.assertEqual(self.installed, [first, other])
        self.assertEqual(again, first)
        self.assertIn(user_folder(), first.parents)

    def test_one_whose_installation_failed_is_made_again(self) -> None:
        with mock.patch.object(python_environment, "install", side_effect=python_environment.InstallError):
            with self.assertRaises(python_environment.InstallError):
                self.environment("a==1")

        self.assertEqual([self.environment("a==1")], self.installed)

    def test_one_that_nobody_uses_is_deleted(self) -> None:
        unused, used = self.environment("a==1"), self.environment("a==2")
        for environment in (unused, used):
            long_ago = time.time() - 31 * 24 * 3600
            os.utime(environment / "installed", (long_ago, long_ago))

        self.environment("a==2")

        self.assertEqual((unused.exists(), used.exists()), (False, True))


if __name__ == "__main__":
    unittest.main()
