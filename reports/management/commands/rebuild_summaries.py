"""`manage.py rebuild_summaries [--from DAY] [--to DAY] [--at ISO8601]`: count the days anew."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from csm.kit import clock
from reports.actions import summaries
from reports.management.options import add_at


class Command(BaseCommand):
    help = "Count the summary tables anew from the complaints, clocks, calls, answers and volumes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="2026-01-01")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="2026-12-31")
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        first, last = options["first"], options["last"]
        if first and last and last < first:
            raise CommandError("--to lies before --from.")
        written = summaries.rebuild(now=options["at"] or clock.now(), first=first, last=last)
        self.stdout.write(f"{written} rows differed from the facts and were written anew.")
