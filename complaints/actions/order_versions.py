"""What a work order said at each submission, so that two versions can be compared."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from complaints.actions.accountability import Line
from complaints.actions.measures import Given
from complaints.actions.order_rows import Analysis
from complaints.actions.order_sections import SECTIONS, Written
from complaints.models import (
    EvidenceKind,
    Measure,
    MeasureStatus,
    OrderVersion,
    Supplier,
    WorkOrder,
)
from organisation.models import Person


def keep_version(order: WorkOrder, *, by: Person, now: datetime) -> OrderVersion:
    """The order as it is now; the caller holds it, so the number is free."""
    number = order.versions.count() + 1
    return OrderVersion.objects.create(
        order=order, number=number, at=now, by=by, sections=snapshot(order)
    )


def snapshot(order: WorkOrder, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Columns and rows as JSON has them; what is given counts before what is stored.

    Files of evidence stand there by their names, which stay readable.
    """
    written = Written(order, given or {})
    names = {link.file_id: link.file.name for link in order.files.select_related("file")}
    sections = {name: written[name] for name in SECTIONS} | {
        "course": [asdict(row) for row in written["course"]],
        "causes": [_cause(row, names) for row in written["causes"]],
        "emergency_measures": [asdict(row) for row in written["emergency_measures"]],
        "measures": _measures(written),
        "accountability": _named(written["accountability"]),
    }
    plain: dict[str, Any] = json.loads(json.dumps(sections, cls=DjangoJSONEncoder))
    return plain


def _measures(written: Written) -> list[dict[str, Any]]:
    """Those not dropped, given or stored; without an owner they are the order's owner's."""
    given = written.given.get("plan")
    stored = written.order.measures.exclude(status=MeasureStatus.DROPPED).select_related("owner")
    rows: Iterable[Measure | Given] = stored if given is None else given
    return [
        {
            "group": row.group,
            "text": row.text,
            "owner": owner.name if (owner := row.owner or written.order.owner) else "",
            "due_on": row.due_on,
        }
        for row in rows
    ]


def _named(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Who answers by name, which stays readable."""
    people = Person.objects.in_bulk({line.person for line in lines if line.person})
    suppliers = Supplier.objects.in_bulk({line.supplier for line in lines if line.supplier})
    return [
        {
            "party": line.party,
            "who": str(people.get(line.person or 0) or suppliers.get(line.supplier or 0) or ""),
            "what": line.what,
            "consequence": line.consequence,
        }
        for line in lines
    ]


def _cause(row: Analysis, names: Mapping[Any, str]) -> dict[str, Any]:
    evidence = [
        {"kind": proof.kind, "text": names[proof.file] if proof.file else proof.text}
        for proof in row.evidence
    ]
    evidence += [{"kind": EvidenceKind.FILE, "text": str(upload.name)} for upload in row.uploads]
    return {"category": row.category, "text": row.text, "whys": row.whys, "evidence": evidence}
