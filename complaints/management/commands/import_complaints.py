"""`./manage.py import_complaints FILE --profile PROFILE.toml [--dry-run] [--errors FILE.csv]`"""

import csv
import os
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from tqdm import tqdm

from complaints import importing
from complaints.importing.profiles import shipped
from csm.kit import clock
from csm.kit.reading.rows import Rejection
from csm.kit.reading.sources import Source

NOTHING_READ = 2
HEADER = ("row", "column", "reason", "reference")


class Command(BaseCommand):
    help = "Import complaints of the past from a CSV or Excel file (docs/import.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, CSV packed with gzip, or XLSX")
        parser.add_argument(
            "--profile", required=True, help=f"a TOML file, or one of: {', '.join(shipped())}"
        )
        parser.add_argument("--dry-run", action="store_true", help="count, but write nothing")
        parser.add_argument(
            "--errors", type=Path, help="where rejected rows are listed (default: standard error)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(language_of_terminal()):
            try:
                self._import(**options)
            except importing.Unreadable as refusal:
                raise CommandError(refusal.message, returncode=NOTHING_READ) from refusal

    def _import(
        self, *, file: Path, profile: str, dry_run: bool, errors: Path | None, **_options: Any
    ) -> None:
        how = importing.load(profile)
        with ExitStack() as stack:
            line = stack.enter_context(tqdm(total=100, unit="%", disable=None, leave=False))
            table = stack.enter_context(table_of_errors(errors, file)) if errors else None
            result = importing.run(
                path=file,
                profile=how,
                by=None,
                now=clock.now(),
                on_reject=table or (lambda rejection: self._say(rejection, line)),
                on_progress=lambda source: advance(line, source),
                is_dry=dry_run,
            )
        self.stdout.write(str(result))

    def _say(self, rejection: Rejection, line: "tqdm[Any]") -> None:
        line.clear()
        self.stderr.write(
            _("Row %(row)d (%(reference)s): %(faults)s")
            % {
                "row": rejection.row,
                "reference": rejection.reference,
                "faults": "; ".join(f"{name}: {why}" for name, why in rejection.faults.items()),
            }
        )


def advance(line: "tqdm[Any]", source: Source) -> None:
    """Move the progress bar, which shows itself on a terminal only."""
    if source.size and not line.disable:
        line.update(min(100, 100 * source.position() // source.size) - line.n)


def language_of_terminal() -> str:
    """The language that the terminal asks for, where we speak it; else the company's."""
    wanted = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    for code, _name in settings.LANGUAGES:
        if wanted.startswith(code[:2]):
            return code
    return settings.LANGUAGE_CODE


@contextmanager
def table_of_errors(path: Path, file: Path) -> Iterator[Callable[[Rejection], None]]:
    """A CSV file that Excel opens as it is: one line for each rejected row."""
    if path.resolve() == file.resolve():
        raise importing.Unreadable(_("The list of errors would overwrite the file itself."))
    try:
        opened = path.open("w", encoding="utf-8-sig", errors="replace", newline="")
    except OSError as error:
        raise importing.Unreadable(
            _("The list of errors cannot be written to “%(file)s”: %(why)s.")
            % {"file": str(path), "why": error.strerror}
        ) from error
    with opened:
        table = csv.writer(opened)
        table.writerow(HEADER)

        def add(rejection: Rejection) -> None:
            columns = "; ".join(rejection.faults)
            reasons = "; ".join(rejection.faults.values())
            table.writerow([rejection.row, *map(plain, (columns, reasons, rejection.reference))])

        yield add


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
