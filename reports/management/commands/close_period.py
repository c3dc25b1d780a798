"""`manage.py close_period 2026-W47 [--at ISO8601]`: freezes the rankings of a week or month."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from csm.kit import clock
from csm.kit.errors import Refused
from reports import standings
from reports.actions import periods
from reports.management.options import add_at
from reports.places import LEVELS


class Command(BaseCommand):
    help = "Freeze the rankings of a week (2026-W47) or month (2026-11) that has ended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", metavar="KEY", help="2026-W47 or 2026-11")
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            is_new = periods.close(
                period=options["period"], now=options["at"] or clock.now(), by=None
            )
        except Refused as refusal:
            raise CommandError(refusal.message) from None
        for level in LEVELS:
            self.stdout.write(_line(options["period"], level, is_new=is_new))


def _line(key: str, level: str, *, is_new: bool) -> str:
    found = standings.frozen(standings.period_of(key), level=level)
    if found is None or found.frozen_at is None:
        raise CommandError(f"{key} has no frozen ranking by {level}.")
    pooled = found.company["pooled"]
    did = "frozen" if is_new else "was already frozen"
    return (
        f"{key} {level}: {did} {timezone.localtime(found.frozen_at):%Y-%m-%d %H:%M}, "
        f"{len(found.rows)} rows, {found.company['complaints']} complaints, "
        f"{pooled['met']} of {pooled['n']} clocks on time ({found.formula})"
    )
