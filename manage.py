#!/usr/bin/env python
"""Django's command line for CSM, with the embedded servers up while a command needs them."""

import os
import sys
from contextlib import nullcontext

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
