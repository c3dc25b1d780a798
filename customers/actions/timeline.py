"""Writing down what touched a customer."""

from datetime import datetime

from csm.kit.inserting import insert
from customers.models import Customer, TimelineEntry
from organisation.models import Branch


def record(
    *,
    customer: Customer | None,
    at: datetime,
    kind: str,
    title: str,
    branch: Branch,
    url_name: str,
    reference: str,
) -> None:
    """Once per kind and reference; nothing for a complaint without a customer."""
    if customer is None:
        return
    insert(
        [
            TimelineEntry(
                customer=customer,
                at=at,
                kind=kind,
                title=title[:200],
                branch=branch,
                url_name=url_name,
                reference=reference,
            )
        ],
        skip_known=True,
    )
