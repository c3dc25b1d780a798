"""`make run` of a test: two workers and two beats in a hurry, under the real supervisor."""

import os
import subprocess
from pathlib import Path

from csm import embedded, launch
from csm.embedded.home import Home

NAMED = {child.name: child.command for child in launch.procfile()}


def brisk(name: str, command: str) -> launch.Child:
    """A line of the Procfile for the application in a hurry; the database knows it by its name."""
    swift = command.replace("--app csm ", "--app csm.tests.fire.brisk ")
    return launch.Child(name, swift.replace("exec ", f"exec env PGAPPNAME={name} ", 1))


def worker(name: str) -> launch.Child:
    """One process that works at a time, and hears everything."""
    alone = NAMED["worker"].replace("--concurrency 2", "--concurrency 1")
    return brisk(name, f"{alone.replace('notify', 'notify,bulk')} --hostname {name}@%h")


def procfile() -> list[launch.Child]:
    web = launch.Child("web", NAMED["web"])
    beats = [brisk(name, NAMED["beat"]) for name in ("beat", "second-beat")]
    return [web, worker("worker"), worker("second-worker"), *beats]


def prepare(*, demo: bool = False) -> None:
    """Begin with a copy of CSM_TEMPLATE, a database that was migrated before."""
    home = Home(embedded.data_dir(), durable=True)
    dump: list[str | Path] = [home.postgres() / "pg_dump", "--no-owner", os.environ["CSM_TEMPLATE"]]
    load: list[str | Path] = [home.postgres() / "psql", "--quiet", "--set=ON_ERROR_STOP=1"]
    load += ["--host", home.socket_folder, "--username", "csm", "csm"]
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumping:
        subprocess.run(load, stdin=dumping.stdout, stdout=subprocess.DEVNULL, check=True)
    assert dumping.returncode == 0
    launch.step("migrate", "-v0")


if __name__ == "__main__":
    launch.prepare = prepare
    launch.procfile = procfile
    launch.main()
