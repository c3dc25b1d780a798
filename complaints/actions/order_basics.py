"""What is known about an order's customer when the order is begun: nobody types it again (W-03)."""

from typing import Any

from complaints.models import Complaint
from csm.kit.masking import mask_name
from customers.models import Customer, Kind


def basics_of(complaint: Complaint) -> dict[str, Any]:
    """What the complaint already says. When it happened is its receipt, until the branch knows."""
    known = concerning(complaint.customer) or {"customer_name": mask_name(complaint.contact_name)}
    return known | {
        "waybill": complaint.waybill,
        "remarks": complaint.subject,
        "occurred_at": complaint.received_at,
    }


def concerning(customer: Customer | None) -> dict[str, Any]:
    """Its name and its standing as they are now; a person's name is masked."""
    if customer is None:
        return {}
    is_person = customer.kind == Kind.PERSON
    return {
        "customer": customer,
        "customer_name": mask_name(customer.name) if is_person else customer.name,
        "customer_standing": customer.grade or customer.tier,
    }
