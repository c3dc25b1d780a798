"""What the lists of this room hold, for the page and for the file alike."""

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict

from organisation import spelling
from organisation.access import visible
from organisation.models import Branch, Person, Posting

LONGEST = 80


def searched(query: QueryDict) -> str:
    """The words that were searched for."""
    return query.get("search", "").replace("\0", "").strip()[:LONGEST]


def branches(person: Person, query: QueryDict) -> QuerySet[Branch]:
    """Found by a part of a name or the code, or by pinyin (U-19)."""
    rows = visible(Branch, person).select_related("parent")
    search = searched(query)
    return rows.filter(spelling.called(search, "name", "name_en", "code")) if search else rows


def people(person: Person, query: QueryDict) -> QuerySet[Person]:
    """Found by a part of the name or the user name, or by pinyin; with postings and absences."""
    rows = visible(Person, person).select_related("absence__deputy")
    rows = rows.prefetch_related(Prefetch("postings", Posting.objects.select_related("branch")))
    search = searched(query)
    return rows.filter(spelling.called(search, "name", "username")) if search else rows
