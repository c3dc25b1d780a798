"""What a search looks through: one text per complaint, kept by the database itself."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import BooleanField, Func, TextField, Value
from django.db.models.expressions import Combinable

from complaints.models.complaint import Complaint


class Folded(Func):
    """Text as it is compared: lower case, full-width letters as the plain ones (NFKC)."""

    function = "complaints_folded"
    output_field = TextField()


class Pieces(Func):
    """The pairs of neighbours in a folded text, and the threes of Latin letters and digits."""

    function = "complaints_pieces"
    output_field = ArrayField(TextField())


class Holds(Func):
    """Whether a folded text has this word in it."""

    template = "(strpos(%(expressions)s) > 0)"
    output_field = BooleanField()

    def __init__(self, text: str | Combinable, word: str, **extra: Any) -> None:
        super().__init__(text, Folded(Value(word)), **extra)


class SearchText(models.Model):
    """Number, subject, waybill, contact, customer and description, folded, a line each.

    Triggers write it (migration `search_text`); nothing in Python does. A table of its own, since
    an index of pairs is dear to keep and a complaint's row changes with every move.
    """

    complaint = models.OneToOneField(
        Complaint,
        # The constraint is in the migration: the database deletes along.
        models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="search_text",
    )
    text = models.TextField()

    class Meta:
        indexes = (GinIndex(Pieces("text"), name="search_text_by_pieces"),)

    def __str__(self) -> str:
        return f"{self.complaint_id}"
