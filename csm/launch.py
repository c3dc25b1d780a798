"""`make run`: the servers, the database, the demo data, then the Procfile, in one terminal.

The children run in sessions of their own, so that Ctrl-C reaches only this process, which then ends
them in order and stops the embedded servers last. What dies is started again, later and later when
it dies again and again: a Celery worker leaves, and has to come back, when its Redis turns
read-only.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from csm import embedded

PATIENCE = 15  # seconds for a child to end; more than Celery's soft shutdown takes
# Seconds between the end of a child and its next start: they double with each short life.
PAUSE, LONGEST_PAUSE = 1, 16
LONG_LIFE = 60  # seconds, after which an end counts as the first one
MANAGE = [sys.executable, str(embedded.BASE_DIR / "manage.py")]
ACCOUNTS = """
    frontdesk   takes complaints            quality     quality manager, headquarters
    branch      handles them at Wuxi        specialist  quality specialist
    manager     manages branch Wuxi         director    service director
    neighbour   handles at a sister branch  gm          general manager
    region      quality of the region       executive   reads everything
    hr          development and HR          admin       settings and people
    voice       speaks for the customers
"""


def main() -> None:
    """Set up, serve until a signal comes, and leave nothing behind."""
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell's "&" may have switched it off
    data_dir = embedded.data_dir()
    host, port = os.environ.setdefault("BIND", "127.0.0.1"), os.environ.setdefault("PORT", "8000")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    production = os.environ.get("CSM_ENV") == "production"
    refuse_taken(host, int(port))
    with embedded.running(data_dir) as revive:
        if production:
            prepare()
        else:
            os.environ["CSM_DEMO_PASSWORD"] = embedded.demo_password(data_dir)
            prepare(demo=True)
        serve(procfile(), port, revive)


def refuse_taken(host: str, port: int) -> None:
    """Say so at once when another program listens on the port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as problem:
            sys.exit(
                f"CSM cannot listen on {host}:{port} ({problem.strerror}). "
                f"Stop the other program, or choose another port: PORT={port + 1} make run"
            )


def prepare(*, demo: bool = False) -> None:
    """Bring the database up to date."""
    step("migrate")
    step(*(["seed_demo", "--if-empty"] if demo else ["collectstatic", "--no-input"]))


def step(*command: str) -> None:
    """Run one management command and stop where it fails."""
    print("==", *command, flush=True)
    done = subprocess.run([*MANAGE, *command], check=False)
    if done.returncode != 0:
        sys.exit(f"CSM did not start: `./manage.py {' '.join(command)}` failed, see above.")


def procfile() -> list["Child"]:
    """The processes to run, in the order of the file."""
    lines = (embedded.BASE_DIR / "Procfile").read_text().splitlines()
    return [Child(*(part.strip() for part in line.split(":", 1))) for line in lines if ":" in line]


class Child:
    """One line of the Procfile."""

    def __init__(self, name: str, command: str) -> None:
        self.name = name
        self.command = command
        self.short_lives = 0
        self.due: float | None = None

    def start(self) -> None:
        """Start it in a session of its own."""
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", self.command],
            cwd=embedded.BASE_DIR,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509  there is no other thread
        )
        self.started = time.monotonic()
        self.due = None

    def is_gone(self) -> bool:
        """Whether it has ended."""
        return self.process.poll() is not None

    def revive(self) -> None:
        """Start it again: at once after a long life, else after a pause, so that nothing spins."""
        if self.due is None:
            self.kill()
            pause = self._pause()
            self.due = time.monotonic() + pause
            print(
                f"{self.name} ended with {self.process.returncode}, starting it again in {pause} s",
                flush=True,
            )
        if time.monotonic() >= self.due:
            self.start()

    def _pause(self) -> int:
        is_long = time.monotonic() - self.started >= LONG_LIFE
        self.short_lives = 0 if is_long else self.short_lives + 1
        return min(PAUSE * 2 ** (self.short_lives - 1), LONGEST_PAUSE) if self.short_lives else 0

    def kill(self) -> None:
        """End what is left of its session."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()


def serve(children: list[Child], port: str, revive: Callable[[], None]) -> None:
    """Keep the children running until SIGINT, SIGTERM or SIGHUP."""
    received: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda signal_number, _frame: received.append(signal_number))
    ready = False
    try:
        for child in children:
            child.start()
        while not received:
            if not ready and children[0].is_gone():
                sys.exit("CSM did not start: the web process ended, see above.")
            if not ready and answers(port):
                ready = True
                announce(port)
            revive()
            for child in filter(Child.is_gone, children):
                child.revive()
            time.sleep(0.3)
    finally:
        print("CSM is stopping.", flush=True)
        stop(children)


def answers(port: str) -> bool:
    """Whether the web process serves requests."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return True
    except (OSError, urllib.error.URLError):
        return False


def announce(port: str) -> None:
    """Print what a person needs now."""
    print(f"\nCSM is ready: http://localhost:{port}/")
    if password := os.environ.get("CSM_DEMO_PASSWORD"):
        print(f"  Demo accounts, all with the password {password}{ACCOUNTS}")
    print("Ctrl-C stops everything.", flush=True)


def stop(children: list[Child]) -> None:
    """End the children, first asking, then by force."""
    running = [child for child in children if hasattr(child, "process")]
    for child in running:
        child.process.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in running:
        try:
            child.process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"{child.name} does not stop, ending it by force", flush=True)
        child.kill()


def end_with_parent() -> None:
    """Have the kernel end this process when its parent is killed (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


if __name__ == "__main__":
    main()
