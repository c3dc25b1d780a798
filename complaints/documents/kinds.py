"""The documents there are, each with its fields and an example of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from complaints.documents import complaint, notice, order
from complaints.models import PaperKind
from csm.kit.docx import Plain


@dataclass(frozen=True)
class Document:
    """`values` takes the record, `by` and `now`."""

    kind: PaperKind
    fields: Mapping[str, Promise]
    example: Mapping[str, Plain]
    values: Callable[..., dict[str, Plain]]


DOCUMENTS: Mapping[str, Document] = {
    kind: Document(kind, module.FIELDS, module.EXAMPLE, module.values)
    for kind, module in (
        (PaperKind.WORK_ORDER, order),
        (PaperKind.NOTICE, notice),
        (PaperKind.COMPLAINT, complaint),
    )
}
