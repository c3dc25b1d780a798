"""`make run` as the tests see it: from outside, as a tree of processes."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from csm import embedded
from csm.embedded.servers import free_port
from csm.launch import end_with_parent

PATIENCE = 180  # seconds: a busy machine takes long to start a dozen processes
# Demo data would take longer than everything else here, and `seed_demo` has tests of its own.
WITHOUT_DEMO = """
from csm import launch
launch.prepare = lambda **_: launch.step("migrate", "-v0")
launch.main()
"""


def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait for the condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.1)


class Installation:
    """`make run` after its set-up, in a data folder and on a port of its own.

    `command` is what Python runs, `settings` are variables of its environment.
    """

    def __init__(self, data_dir: Path, *command: str, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.log = data_dir / "log"
        own = {"CSM_DATA_DIR": str(data_dir), "PORT": self.port, **settings}
        theirs = {key: value for key, value in os.environ.items() if not key.endswith("_URL")}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, *(command or ("-c", WITHOUT_DEMO))],
                cwd=embedded.BASE_DIR,
                env={**theirs, **own},
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509  we start no threads before it
            )
        try:
            until(lambda: "CSM is ready" in self.output())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it if a test has not."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)

    def output(self) -> str:
        """What it has printed."""
        return self.log.read_text()

    def readiness(self) -> dict[str, Any]:
        """What /readyz says."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz") as response:
                return {**json.load(response)}
        except urllib.error.HTTPError as response:
            with response:
                return {**json.load(response)}

    def processes(self) -> list[psutil.Process]:
        """Everything that belongs to it, told by its data folder, the oldest first."""
        found = psutil.process_iter(["cmdline", "create_time", "cwd", "environ"])
        return sorted(filter(self._owns, found), key=lambda process: process.info["create_time"])

    def named(self, part: str) -> list[psutil.Process]:
        """Its processes whose command holds the part, the oldest first."""
        return [found for found in self.processes() if part in " ".join(found.info["cmdline"])]

    def _owns(self, process: psutil.Process) -> bool:
        environment = process.info["environ"] or {}
        cwd = process.info["cwd"] or ""
        is_server = cwd.startswith(str(self.data_dir / "servers"))
        return is_server or environment.get("CSM_DATA_DIR") == str(self.data_dir)
