"""Finding orders by words: number, title, occasion, customer, opinion; or a complaint's number.

As `search.py` finds complaints: an index of pairs of letters names the candidates of a rare word, a
common one is looked for along the order of the list.
"""

from django.db.models import Q, QuerySet, Value

from complaints.models import DissatisfiedItem, OrderComplaint, WorkOrder
from complaints.models.order_search import opinion_text, order_text
from complaints.models.search import Folded, Holds, Pieces
from complaints.search import MOST_NAMED, SHORTEST, words_of

SAMPLE = 400


def matching(rows: QuerySet[WorkOrder], text: str, *, are_few: bool = False) -> QuerySet[WorkOrder]:
    """The orders that hold every word. `are_few`: reading each is less than asking the index."""
    links = OrderComplaint.objects.filter(complaint__number=text.strip().upper())
    if served := list(links.values_list("order", flat=True)):
        return rows.filter(pk__in=served)
    for word in words_of(text):
        is_walked = are_few or len(word) < SHORTEST or _is_common(word)
        named = None if is_walked else _named(word)
        rows = rows.filter(_holds(word) if named is None else Q(pk__in=named))
    return rows


def _is_common(word: str) -> bool:
    """Whether every twentieth of the newest orders holds it: then a walk soon finds a page."""
    newest = WorkOrder.objects.order_by("-pk").values("pk")[:SAMPLE]
    return WorkOrder.objects.filter(_holds(word), pk__in=newest).count() * 20 >= SAMPLE


def _named(word: str) -> set[int] | None:
    """The keys of the orders that hold the word; None where they are very many."""
    pieces = Pieces(Folded(Value(word)))
    own = WorkOrder.objects.alias(pieces=Pieces(order_text())).filter(
        Holds(order_text(), word), pieces__contains=pieces
    )
    items = DissatisfiedItem.objects.alias(pieces=Pieces(opinion_text())).filter(
        Holds(opinion_text(), word), pieces__contains=pieces
    )
    found: set[int] = set()
    for orders in (own, WorkOrder.objects.filter(item__in=items)):
        found.update(orders.order_by().values_list("pk", flat=True)[: MOST_NAMED + 1])
        if len(found) > MOST_NAMED:
            return None
    return found


def _holds(word: str) -> Q:
    return Q(Holds(order_text(), word)) | Q(Holds(opinion_text("item__opinion"), word))
