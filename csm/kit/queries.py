"""Conditions that Django has no words for."""

from django.db.models import BooleanField, Func


class Among(Func):
    """Whether a key is in an array: read first, and never turned into a join."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()
