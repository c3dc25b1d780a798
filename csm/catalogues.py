"""Compiles the translations, and checks that none is missing, without GNU's msgfmt.

python -m csm.catalogues compile SOURCE.po TARGET.mo
python -m csm.catalogues check
"""

import sys
import tempfile
from pathlib import Path
from shutil import copytree

import django
import polib
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

COMPLETE = "zh_Hans"


def compiled(source: str, target: str) -> None:
    """Write the binary catalogue of a .po file."""
    polib.pofile(source).save_as_mofile(target)


def check() -> None:
    """Exit with a list of the texts that a person would see untranslated."""
    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        locale = Path(copytree(settings.LOCALE_PATHS[0], Path(folder, "locale")))
        collect(locale)
        catalogue = polib.pofile(str(locale / COMPLETE / "LC_MESSAGES" / "django.po"))
    missing = [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]
    for entry in missing:
        print(f"no {COMPLETE} text for {entry.msgid!r} ({entry.occurrences})")
    if missing:
        sys.exit(f"{len(missing)} texts to translate: run `make messages`, then edit the .po file.")


def collect(locale: Path) -> None:
    """Collect the texts of the source into the catalogues below `locale`."""
    with override_settings(LOCALE_PATHS=[str(locale)]):
        call_command(
            "makemessages", locale=[COMPLETE], ignore_patterns=["node_modules/*", ".*"], verbosity=0
        )


if __name__ == "__main__":
    if sys.argv[1] == "compile":
        compiled(*sys.argv[2:])
    else:
        check()
