"""Where people of the incentives work."""

from organisation.access import postings
from organisation.models import Branch, Person


def home_of(person: Person) -> Branch:
    """The branch of a person who has several: the lowest on the tree, of equals the first."""
    return max(postings(person), key=lambda posting: posting.branch.depth).branch
