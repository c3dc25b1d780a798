"""Showing rows with serializers that are built once."""

import threading
from typing import Any

from rest_framework.serializers import Serializer

_kept = threading.local()


def shown(kind: type[Serializer[Any]], row: Any, **context: object) -> dict[str, Any]:
    """The row as `kind` shows it; `context` is what its fields read beside the row.

    The library copies every field for each serializer it makes, which takes longer than showing a
    row. What a serializer shows depends on the row and the context alone, so each thread keeps one.
    """
    serializers: dict[type[Serializer[Any]], Serializer[Any]] = _kept.__dict__.setdefault("all", {})
    if kind not in serializers:
        serializers[kind] = kind()
    serializer = serializers[kind]
    serializer._context = context  # where the library's own property looks
    return dict(serializer.to_representation(row))
