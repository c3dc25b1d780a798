"""The columns of a table that people fill in, by the titles of any language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from csm.kit.reading.errors import Unreadable


@dataclass(frozen=True)
class Field:
    """One column: `name` is ours, `title` what stands in its head."""

    name: str
    title: Promise
    example: str
    is_needed: bool = True
    width: int = 16

    @property
    def titles(self) -> set[str]:
        """In every language of the pages, so that a file may come from anybody."""
        return titles(self.title)


def titles(words: Promise | str) -> set[str]:
    """How the words are written in each language of the pages, to be compared."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(str(words).casefold())
    return found


def placed(header: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """Our name → the title in this file. Raises `Unreadable` where a needed one is missing."""
    known = {title: field.name for field in fields for title in field.titles}
    found: dict[str, str] = {}
    for title in header:
        name = known.get(title.strip().casefold())
        if name in found:
            raise Unreadable(_("The column “%(title)s” is there twice.") % {"title": title})
        if name is not None:
            found[name] = title
    missing = [str(field.title) for field in fields if field.is_needed and field.name not in found]
    if missing:
        words = _("These columns are missing: %(names)s. Take the template as a start.")
        raise Unreadable(words % {"names": ", ".join(missing)})
    return found


def named(cells: Mapping[str, str], places: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row by our names, without spaces around them."""
    return {name: cells.get(title, "").strip() for name, title in places.items()}
