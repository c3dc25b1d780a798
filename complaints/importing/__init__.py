"""Import of complaints from a file (`contract.md`, "Import"; for people: docs/import.md).

`csm.kit.reading` opens a file and gives rows, `drafts` turns a row into what is to be written or
into its faults, `writing` puts a batch into the database, `runs` does it for the whole file. This
room belongs to the layer of the actions.
"""

from complaints.importing.profiles import Profile, load
from complaints.importing.runs import Result, run
from csm.kit.reading.errors import Unreadable

__all__ = ["Profile", "Result", "Unreadable", "load", "run"]
