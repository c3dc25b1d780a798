"""Finding complaints by words: number, subject, description, waybill, names, phone (U-20).

An index of pairs of letters names the candidates, the text itself has the last word. Chinese and
English, wide and narrow letters, capitals and small ones are alike.
"""

import unicodedata
from dataclasses import dataclass

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Right
from django.db.models.lookups import Exact

from complaints.models import Complaint
from complaints.models.search import Folded, Holds, Pieces, SearchText
from customers.phones import digits_of

# A single character is in every text.
SHORTEST = 2
# Up to so many hits are named one by one; of more, the list is walked in its own order.
MOST_NAMED = 10_000
# How many texts hold all the words, told from 50 pages of 8 kB spread over the table.
ESTIMATE = """
WITH words AS MATERIALIZED (SELECT complaints_folded(word) AS word FROM unnest(%s::text[]) word),
pages AS MATERIALIZED (
    SELECT greatest(pg_relation_size('complaints_searchtext') / 8192.0 / 50, 1) AS times
)
SELECT count(*) * (SELECT times FROM pages)
FROM complaints_searchtext TABLESAMPLE SYSTEM (100 / (SELECT times FROM pages)) REPEATABLE (1)
WHERE NOT EXISTS (SELECT FROM words WHERE strpos(text, word) = 0)
"""


def words_of(text: str) -> list[str]:
    return unicodedata.normalize("NFKC", text).split()


def is_too_short(text: str) -> bool:
    """Whether no word is long enough to look for."""
    return all(len(word) < SHORTEST for word in words_of(text))


@dataclass(frozen=True)
class Matching:
    """What was found among the rows; `is_common` when the words are in very many complaints."""

    rows: QuerySet[Complaint]
    is_common: bool = False


def matching(rows: QuerySet[Complaint], text: str, *, are_few: bool = False) -> Matching:
    """The rows that hold every word, or that a whole phone number or its last four digits name.

    The exact number of a complaint finds that one alone. At most four small queries are run here,
    so that PostgreSQL knows which rows are meant before it chooses how to order them. `are_few`:
    the rows are those of a branch or two, and reading each is less than asking the index.
    """
    numbered = Complaint.objects.filter(number=text.strip().upper()).values_list("pk", flat=True)
    if found := list(numbered):
        return Matching(rows.filter(pk__in=found))
    if are_few:
        read = rows.filter(_holds(text) | _called(text)).values_list("pk", flat=True)
        return Matching(rows.filter(pk__in=list(read)))
    if estimate(text) > MOST_NAMED:
        return Matching(rows.filter(_holds(text) | _called(text)), is_common=True)
    texts = list(_texts(text).values_list("pk", flat=True)[: MOST_NAMED + 1])
    if len(texts) > MOST_NAMED:
        return Matching(rows.filter(_holds(text) | _called(text)), is_common=True)
    phones = Complaint.objects.filter(_called(text)).values_list("pk", flat=True)
    return Matching(rows.filter(pk__in={*texts, *phones}))


def estimate(text: str) -> float:
    """About how many complaints hold every word, for less than the index takes to name them."""
    with connection.cursor() as cursor:
        cursor.execute(ESTIMATE, [words_of(text)])
        return float(cursor.fetchone()[0])


def _texts(text: str) -> QuerySet[SearchText]:
    """By the index, then by reading."""
    rows = SearchText.objects.alias(pieces=Pieces("text"))
    for word in words_of(text):
        if len(word) >= SHORTEST:
            rows = rows.filter(pieces__contains=Pieces(Folded(Value(word))))
        rows = rows.filter(Holds("text", word))
    return rows


def _holds(text: str) -> Q:
    """By reading the text of each row: as a value, so that it cannot be turned into a join."""
    holds = Q()
    for word in words_of(text):
        read = SearchText.objects.filter(complaint=OuterRef("pk")).values(found=Holds("text", word))
        holds &= Q(Subquery(read))
    return holds


def _called(text: str) -> Q:
    digits = digits_of(text)
    if len(digits) == 4:
        return ~Q(contact_digits="") & Q(Exact(Right("contact_digits", 4), Value(digits)))
    if len(digits) > 4:
        return Q(contact_digits=digits)
    return Q(pk__in=())
