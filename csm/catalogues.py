"""Compiles the translations, and checks that none is missing, without GNU's msgfmt.

python -m csm.catalogues compile SOURCE.po TARGET.mo
python -m csm.catalogues check
"""

import os
import sys
import tempfile
from contextlib import chdir
from pathlib import Path
from shutil import copytree

import django
import polib
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

COMPLETE = "zh_Hans"
WITHOUT_TEXTS = {"locale", "node_modules", "static"}


def compiled(source: str, target: str) -> None:
    """Write the binary catalogue of a .po file."""
    polib.pofile(source).save_as_mofile(target)


def check() -> None:
    """Exit with a list of the texts that a person would see untranslated."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csm.settings")
    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        catalogue = polib.pofile(str(collected(Path(folder))))
    missing = [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]
    for entry in missing:
        print(f"no {COMPLETE} text for {entry.msgid!r}, {entry.occurrences[0][0]}")
    if missing:
        sys.exit(f"{len(missing)} texts to translate: run `make messages`, then edit the .po file.")


def collected(shadow: Path) -> Path:
    """The catalogue as it should be, made in a shadow of the source, which stays as it is."""
    for folder in settings.BASE_DIR.glob("[!.]*/"):
        if folder.name not in WITHOUT_TEXTS:
            (shadow / folder.name).symlink_to(folder)
    locale = copytree(settings.BASE_DIR / "locale", shadow / "locale")
    with chdir(shadow), override_settings(LOCALE_PATHS=[str(locale)]):
        call_command("makemessages", locale=[COMPLETE], symlinks=True, verbosity=0)
    return Path(locale, COMPLETE, "LC_MESSAGES", "django.po")


if __name__ == "__main__":
    if sys.argv[1] == "compile":
        compiled(*sys.argv[2:])
    else:
        check()
