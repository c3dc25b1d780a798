#!/usr/bin/env python3
"""Django's command line for CSM, with the embedded servers up while a command needs them."""

import os
import sys
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path

if find_spec("django") is None:  # called as ./manage.py, outside the environment that `make` built
    python = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
    if sys.executable == str(python) or not python.exists():
        sys.exit("CSM is not set up yet: run `make setup`.")
    os.execv(python, [str(python), *sys.argv])  # noqa: S606

from django.core.management import execute_from_command_line

from csm import embedded

WITHOUT_SERVERS = {"check", "collectstatic", "compilemessages", "help", "makemessages", "version"}


def main(arguments: list[str]) -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csm.settings")
    asks_for_help = {"-h", "--help", "--version"} & set(arguments)
    serverless = not arguments or arguments[0] in WITHOUT_SERVERS or asks_for_help
    with nullcontext() if serverless else embedded.running(embedded.data_dir()):
        execute_from_command_line(["manage.py", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
