"""A profile: how to read one kind of file. TOML, explained in docs/import.md."""

import codecs
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from complaints.importing.moments import Moments
from complaints.models import MILESTONES
from csm.kit.reading.errors import Unreadable

SHIPPED = Path(__file__).resolve().parent.parent / "profiles"
NEEDED = ("reference", "subject", "received_at", "channel")
FIELDS = (
    *NEEDED,
    "description",
    "closed_at",
    "status",
    "branch",
    "category",
    "severity",
    "waybill",
    "customer_name",
    "customer_phone",
    "customer_email",
    "customer_kind",
)
# What only the row itself can say.
OWN_TO_THE_ROW = ("reference", "received_at", "closed_at")
MAY_BE_CREATED = ("branch", "category")
KEYS = (
    "name",
    "source",
    "encoding",
    "delimiter",
    "timezone",
    "dates",
    "create_missing",
    "columns",
    "fixed",
    "maps",
    "milestones",
)


@dataclass(frozen=True)
class MilestoneColumns:
    """Where the times of one milestone stand; an empty name: nowhere."""

    met_at: str = ""
    due_at: str = ""


@dataclass(frozen=True)
class Profile:
    """How to read a file: `columns` by field; `category` are the columns of its path."""

    source: str
    encoding: str
    delimiter: str
    moments: Moments
    columns: Mapping[str, str]
    category: tuple[str, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)
    maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    milestones: Mapping[str, MilestoneColumns] = field(default_factory=dict)
    create_missing: frozenset[str] = frozenset()

    @property
    def used_columns(self) -> set[str]:
        """Every column that the file has to have."""
        times = (name for row in self.milestones.values() for name in (row.met_at, row.due_at))
        return {*self.columns.values(), *self.category, *filter(None, times)}


def load(name: str) -> Profile:
    """The profile in the file `name`, or the shipped one of that name. Raises `Unreadable`."""
    return from_table(name, table(name))


def from_table(name: str, table: dict[str, Any]) -> Profile:
    """The profile that a table of this shape says. Raises `Unreadable`, which calls it `name`."""
    return _Reading(name, table).profile()


def table(name: str) -> dict[str, Any]:
    """What a profile's file says, unchecked. Raises `Unreadable`."""
    path = _find(name)
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise _bad(name, error.strerror or str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _bad(name, str(error)) from error


def shipped() -> list[str]:
    """The names of the profiles that come with the application."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def _find(name: str) -> Path:
    path = Path(name)
    if path.is_file():
        return path
    known = SHIPPED / f"{name.removesuffix('.toml')}.toml"
    if name.removesuffix(".toml") not in shipped():
        raise Unreadable(
            _("There is no profile “%(name)s”. Name a TOML file, or one of: %(shipped)s.")
            % {"name": name, "shipped": ", ".join(shipped())}
        )
    return known


def _bad(name: str, why: str) -> Unreadable:
    return Unreadable(
        _("The profile “%(name)s” cannot be used: %(why)s.")
        % {"name": name, "why": why.rstrip(".")}
    )


@dataclass(frozen=True)
class _Reading:
    """Checks a TOML table piece by piece, so that a slip is named and not guessed around."""

    name: str
    table: dict[str, Any]

    def profile(self) -> Profile:
        self._check_names("", self.table, KEYS)
        columns, category = self._columns()
        fixed = self._texts("fixed", self._part(self.table, "fixed"))
        self._check_names("fixed", fixed, set(FIELDS) - set(OWN_TO_THE_ROW))
        for needed in NEEDED:
            if needed not in columns and needed not in fixed:
                raise self._wrong(_("it says no column for “%(name)s”") % {"name": needed})
        return Profile(
            source=self._source(),
            encoding=self._encoding(),
            delimiter=self._delimiter(),
            moments=Moments(self._zone(), self._list(self.table, "dates")),
            columns=columns,
            category=category,
            fixed=fixed,
            maps=self._maps(),
            milestones=self._milestones(),
            create_missing=self._create_missing(),
        )

    def _columns(self) -> tuple[dict[str, str], tuple[str, ...]]:
        part = dict(self._part(self.table, "columns"))
        category = part.pop("category", [])
        if isinstance(category, str):
            category = [category]
        columns = self._texts("columns", part)
        self._check_names("columns", columns, FIELDS)
        return columns, tuple(self._list({"category": category}, "category"))

    def _maps(self) -> dict[str, dict[str, str]]:
        maps = self._part(self.table, "maps")
        self._check_names("maps", maps, set(FIELDS) - set(OWN_TO_THE_ROW))
        return {name: self._texts(f"maps.{name}", self._part(maps, name)) for name in maps}

    def _milestones(self) -> dict[str, MilestoneColumns]:
        part = self._part(self.table, "milestones")
        self._check_names("milestones", part, MILESTONES)
        found = {}
        for kind in part:
            columns = self._texts(f"milestones.{kind}", self._part(part, kind))
            self._check_names(f"milestones.{kind}", columns, ("met_at", "due_at"))
            found[kind] = MilestoneColumns(**columns)
        return found

    def _source(self) -> str:
        source = self._text("source")
        if not 0 < len(source) <= 40:
            raise self._wrong(_("“source” needs a name of 1 to 40 characters"))
        return source

    def _encoding(self) -> str:
        encoding = self._text("encoding", "utf-8")
        try:
            b"\n".decode(encoding, "ignore")  # some codecs, such as "hex", are not for text
            name = codecs.lookup(encoding).name
        except LookupError as error:
            raise self._wrong(
                _("there is no encoding “%(encoding)s”") % {"encoding": encoding}
            ) from error
        # Excel puts a mark before its UTF-8, which is no part of the first column's name.
        return "utf-8-sig" if name == "utf-8" else name

    def _delimiter(self) -> str:
        delimiter = self._text("delimiter", ",")
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise self._wrong(_("“delimiter” is one character"))
        return delimiter

    def _zone(self) -> ZoneInfo:
        zone = self._text("timezone")
        try:
            return ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise self._wrong(_("there is no time zone “%(zone)s”") % {"zone": zone}) from error

    def _create_missing(self) -> frozenset[str]:
        names = self._list(self.table, "create_missing")
        self._check_names("create_missing", names, MAY_BE_CREATED)
        return frozenset(names)

    def _text(self, key: str, default: str = "") -> str:
        return self._texts("", {key: self.table.get(key, default)})[key]

    def _part(self, table: Mapping[str, Any], key: str) -> dict[str, Any]:
        part = table.get(key, {})
        if not isinstance(part, dict):
            raise self._wrong(_("“%(name)s” is not a table") % {"name": key})
        return part

    def _list(self, table: Mapping[str, Any], key: str) -> list[str]:
        names = table.get(key, [])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self._wrong(_("“%(name)s” is not a list of texts") % {"name": key})
        return names

    def _texts(self, place: str, part: Mapping[str, Any]) -> dict[str, str]:
        for key, value in part.items():
            if not isinstance(value, str):
                name = f"{place}.{key}".lstrip(".")
                raise self._wrong(_("“%(name)s” is not a text") % {"name": name})
        return dict(part)

    def _check_names(self, place: str, names: Iterable[str], known: Iterable[str]) -> None:
        if unknown := sorted(set(names) - set(known)):
            strange = ", ".join(f"{place}.{name}".lstrip(".") for name in unknown)
            raise self._wrong(_("it has unknown names: %(names)s") % {"names": strange})

    def _wrong(self, why: str) -> Unreadable:
        return _bad(self.name, why)
