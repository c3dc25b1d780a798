"""How a model says which branches and people may see its rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """`verb` opens the model; `branches` are its paths to a branch, `people` its paths to a person.

    A row is seen by those with the verb over any of its branches, and by any person it names. With
    a `personal_verb`, those rows that name a person need it in place of the verb.
    """

    verb: str
    branches: tuple[str, ...]
    people: tuple[str, ...] = ()
    personal_verb: str = ""
