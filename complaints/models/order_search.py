"""What a search of the register looks through, and the indexes of pairs that find it (U-20)."""

from django.contrib.postgres.indexes import GinIndex
from django.db.models import TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from complaints.models.search import Folded, Pieces

SPACE = Value(" ")


def order_text() -> Combinable:
    """Number, title, occasion and customer of an order, folded; the index has the same words."""
    return Folded(
        Concat(
            *("number", SPACE, "title_subject", SPACE, "title_nature", SPACE, "title_content"),
            *(SPACE, "occasion", SPACE, "customer_name"),
            output_field=TextField(),
        )
    )


def opinion_text(field: str = "opinion") -> Combinable:
    return Folded(field)


ORDER_INDEX = GinIndex(Pieces(order_text()), name="work_order_by_pieces")
OPINION_INDEX = GinIndex(Pieces(opinion_text()), name="dissatisfied_item_by_pieces")
