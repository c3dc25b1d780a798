"""One thing that the programme asks of somebody."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Task:
    """`words` say what is to be done, `path` where. `whose`: the branch it is asked of, if any.

    `is_mine`: nobody or hardly anybody else does it; others are those of branches one looks after.
    """

    due_on: date
    words: str
    path: str
    is_mine: bool
    whose: str = ""
