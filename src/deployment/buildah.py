"""Builds images and looks into them, with buildah: the installed one, or on Debian and Ubuntu one in a folder of ours.

Without a daemon and, where the kernel lets anybody have namespaces, without being root.
"""

from __future__ import annotations

import getpass
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks import locked, run, user_folder

FOLDER = user_folder() / "buildah"
INSTALLING = "deployment: installing buildah, once …"

ANY_IMAGE = {"default": [{"type": "insecureAcceptAnything"}]}

# A container with the host's network: enough for what is to be tried, and it needs no runtime.
ENTER = """
root=$1; shift
for directory in dev proc; do
  mkdir -p "$root/$directory"
  mount --rbind "/$directory" "$root/$directory"
done
exec chroot "$root" "$@"
"""


class Unavailable(Exception):
    """Says why images can't be built on this machine."""


@dataclass(frozen=True)
class Image:
    environment: dict[str, str]
    entrypoint: list[str]
    user: str
    labels: dict[str, str]
    layers: list[str]
    """Digests of what the layers hold, the base's first."""


class Buildah:
    """Images in a folder of their own, which is deleted at the end."""

    def __init__(self) -> None:
        self._program, self._libraries = installed() or install()
        self._folder = Path(tempfile.mkdtemp(prefix="buildah-"))
        (self._folder / "policy.json").write_text(json.dumps(ANY_IMAGE))
        try:
            self.run("info")
            self._unshare("true")
        except subprocess.CalledProcessError as error:
            self.close()
            raise Unavailable(f"buildah doesn't work here: {error.stderr.strip()}") from error

    def close(self) -> None:
        # As whoever the files belong to.
        run(*self._namespace(), "rm", "-rf", self._folder)

    def run(self, *words: str | Path) -> str:
        storage = ("--root", self._folder / "images", "--runroot", self._folder / "run", "--storage-driver", "vfs")
        environment = {
            **os.environ,
            "LD_LIBRARY_PATH": self._libraries,
            "BUILDAH_ISOLATION": "chroot",
            "XDG_RUNTIME_DIR": str(self._folder),
            "HOME": str(self._folder),
        }
        return checked(*self._namespace(), self._program, *storage, *words, environment=environment)

    def commit_base(self, root: Path, name: str, entrypoint: str, path: str) -> None:
        """An image that holds a directory, under the name of another one."""
        container = self.run("from", "scratch").strip()
        self.run("copy", "--quiet", container, root, "/")
        self.run("config", "--env", f"PATH={path}", "--entrypoint", json.dumps([entrypoint]), container)
        self.run("commit", "--quiet", *self._policy(), container, name)
        self.run("rm", container)

    def build(self, context: Path, dockerfile: str, *options: str) -> str:
        """The image's id, which is the same for the same files."""
        fixed = ("--quiet", "--pull-never", "--timestamp", "0", *self._policy())
        return self.run("bud", *fixed, *options, "--file", context / dockerfile, context).strip()

    def inspect(self, image: str) -> Image:
        described: dict[str, Any] = json.loads(self.run("inspect", "--type", "image", image))["OCIv1"]
        config = described["config"]
        return Image(
            environment=dict(variable.split("=", 1) for variable in config.get("Env", [])),
            entrypoint=config.get("Entrypoint", []),
            user=config.get("User", ""),
            labels=config.get("Labels", {}),
            layers=described["rootfs"]["diff_ids"],
        )

    def unpack(self, image: str) -> Path:
        """Where a container's files are. It goes with everything else."""
        container = self.run("from", "--pull-never", *self._policy(), image).strip()
        return Path(self.run("mount", container).strip())

    def start(self, root: Path, environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
        """The command with its full name, since the path is still the host's."""
        enter = ("unshare", "--mount", "sh", "-c", ENTER, "sh")
        return run(*self._namespace(), *enter, root, *command, env={**environment, "PATH": os.environ["PATH"]})

    def _policy(self) -> tuple[str | Path, ...]:
        return ("--signature-policy", self._folder / "policy.json")

    def _unshare(self, *command: str) -> None:
        checked(*self._namespace(), "unshare", "--mount", *command)

    @staticmethod
    def _namespace() -> Sequence[str]:
        """For whoever isn't root: one where they are."""
        return () if os.geteuid() == 0 else ("unshare", "--map-root-user")


def installed() -> tuple[str, str] | None:
    program = shutil.which("buildah")
    return (program, os.environ.get("LD_LIBRARY_PATH", "")) if program else None


def install() -> tuple[str, str]:
    """The system's package and those that it needs, unpacked into our folder. Nothing of the system changes."""
    if not all(shutil.which(tool) for tool in ("apt-get", "dpkg-deb")):
        raise Unavailable("there is no buildah; install it")
    unpacked, stamp = FOLDER / "unpacked", FOLDER / "installed"
    wanted = Path("/etc/os-release").read_text()
    with locked(FOLDER.with_suffix(".lock"), "deployment: waiting for another command to finish installing buildah"):
        if not stamp.exists() or stamp.read_text() != wanted:
            print(INSTALLING, file=sys.stderr, flush=True)
            shutil.rmtree(FOLDER, ignore_errors=True)
            try:
                for package in download():
                    checked("dpkg-deb", "--extract", package, unpacked)
            except subprocess.CalledProcessError as error:
                raise Unavailable(f"there is no buildah, and apt-get can't bring it: {error.stderr.strip()}") from error
            shutil.rmtree(FOLDER / "apt")
            stamp.write_text(wanted)
    libraries = [str(folder) for folder in unpacked.glob("usr/lib/*-linux-gnu*")]
    return str(unpacked / "usr" / "bin" / "buildah"), ":".join(libraries)


def download() -> list[Path]:
    """With lists of our own, since the system's may be old, or missing, and are root's. apt checks their signatures."""
    apt = FOLDER / "apt"
    for folder in ("lists/partial", "cache/archives/partial", "packages"):
        (apt / folder).mkdir(parents=True)
    settings = {
        "Dir::State": apt,
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": apt / "cache",
        "Debug::NoLocking": 1,
        "APT::Sandbox::User": getpass.getuser(),
    }
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    checked("apt-get", *options, "update")
    plan = checked("apt-get", *options, "--simulate", "--no-install-recommends", "install", "buildah")
    names = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    checked("apt-get", *options, "download", *names, folder=apt / "packages")
    return sorted((apt / "packages").glob("*.deb"))


def checked(*command: str | Path, environment: dict[str, str] | None = None, folder: Path | None = None) -> str:
    result = run(*command, env=environment, cwd=folder)
    result.check_returncode()
    return result.stdout
