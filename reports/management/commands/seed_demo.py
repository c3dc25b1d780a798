"""`./manage.py seed_demo [--complaints N] [--seed S] [--if-empty]`"""

import os
from argparse import ArgumentParser, ArgumentTypeError
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from csm import embedded
from csm.kit import clock
from organisation.models import Branch
from reports import demo


class Command(BaseCommand):
    help = "Fill an empty database with a demonstration company and eight weeks of complaints."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--complaints", type=count, default=600, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there are branches already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if Branch.objects.exists():
            if options["if_empty"]:
                self.stdout.write("There is data already: no demonstration data added.")
                return
            raise CommandError(
                "There is data already, and demonstration data is for an empty database only."
            )
        show = self._seed(complaints=options["complaints"], seed=options["seed"])
        self.stdout.write(
            f"{show.branches} branches, {show.people} people, {show.customers} customers, "
            f"{show.complaints} complaints."
        )

    def _seed(self, *, complaints: int, seed: int) -> demo.Show:
        password = os.environ.get("CSM_DEMO_PASSWORD")
        with tqdm(total=100, unit="%", disable=None, leave=False) as line:
            show = demo.seed(
                complaints=complaints,
                seed=seed,
                now=clock.now(),
                password=password or embedded.demo_password(settings.DATA_DIR),
                on_progress=partial(show_share, line),
            )
        if not password:
            found = embedded.demo_password(settings.DATA_DIR)
            self.stdout.write(f"Demo accounts (quality, branch, …) have the password {found}")
        return show


def show_share(line: "tqdm[Any]", share: float) -> None:
    """Move the progress bar, which shows itself on a terminal only."""
    line.update(int(100 * share) - line.n)


def count(text: str) -> int:
    """A number of complaints, from 0."""
    if not text.isdigit():
        raise ArgumentTypeError("a whole number from 0")
    return int(text)
