"""Rows on their way from the file to the database, and what is said of those that stay behind."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field

# What bytes become that are not in the encoding of the profile: half a pair, in no real text.
UNDECODABLE = "\udc80"
ON_ERRORS = "csm-undecodable"


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODABLE, error.end


# The standard "surrogateescape" gives up on some bytes of UTF-16.
codecs.register_error(ON_ERRORS, _escape)


@dataclass(frozen=True)
class Row:
    """One row of the file. `number` counts as a spreadsheet does: the header is row 1.

    `fault` says why the row could not be taken apart, at `fault_column`; its cells are then only
    good enough to recognise it.
    """

    number: int
    cells: Mapping[str, str]
    fault: str = ""
    fault_column: str = ""


@dataclass(frozen=True)
class Rejection:
    """A row that was not imported: which, and per column why."""

    row: int
    reference: str
    faults: Mapping[str, str] = field(default_factory=dict)


def is_undecodable(text: str) -> bool:
    """True when some bytes of the text are not in the encoding of the profile."""
    return UNDECODABLE in text
