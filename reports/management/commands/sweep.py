"""`manage.py sweep [--at ISO8601]`: what the worker does on its round, here and now."""

import json
import sys
from argparse import ArgumentParser
from contextlib import redirect_stdout
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from csm.kit import clock
from reports.actions import sweep
from reports.management.options import add_at


class Command(BaseCommand):
    help = "Run every sweep once, in this process, and print one JSON line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        # Mail may go to the console (EMAIL_URL): standard output carries one line and nothing else.
        with redirect_stdout(sys.stderr):
            done = sweep.run(now=options["at"] or clock.now())
        self.stdout.write(json.dumps(asdict(done)))
