"""A small company with everything in it, for tests that hold for every page and every person.

Four places stand in every relation to the branch Wuxi: itself, the one below it, its sibling, and the
region above. Each has a complaint that is being handled (with a note, a file, a draft order and its
evidence), one that is answered, one that nobody has judged yet, a customer and a message.
"""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from complaints.actions import notes
from complaints.factories import CategoryFactory, ComplaintFactory, WorkOrderFactory
from complaints.models import Category, Complaint, WorkOrder
from csm.kit import clock
from customers.factories import CustomerFactory
from customers.models import Customer
from organisation.actions import people
from organisation.factories import PersonFactory, tree
from organisation.models import Branch, Message, Person, Role, StoredFile

# Words that may never reach a person who has no part in a place: "SECRET-of-sibling-…".
SECRET = "SECRET-of-{place}-"
PLACES = ("own", "child", "sibling", "parent")


@dataclass(frozen=True)
class Place:
    """One branch with what happened there."""

    branch: Branch
    handler: Person
    customer: Customer
    complaint: Complaint
    answered: Complaint
    received: Complaint
    order: WorkOrder
    file: StoredFile
    evidence: StoredFile
    message: Message

    @property
    def keys(self) -> dict[str, Any]:
        """The values that the addresses of this place's things are made of."""
        contact = self.customer.contacts.get()
        attachment = self.complaint.attachments.get()
        return {
            "complaint": {"number": self.complaint.number},
            "answered": {"number": self.answered.number},
            "order": {"pk": self.order.pk},
            "customer": {"pk": self.customer.pk},
            "contact": {"pk": self.customer.pk, "contact_pk": contact.pk},
            "file": {"number": self.complaint.number, "file_id": self.file.pk},
            "attachment": {"number": self.complaint.number, "pk": attachment.pk},
            "evidence": {"pk": self.order.pk, "file_id": self.evidence.pk},
            "message": {"pk": self.message.pk},
            "branch": {"pk": self.branch.pk},
            "person": {"pk": self.handler.pk},
        }


@dataclass(frozen=True)
class Company:
    """`people` by what they are: the personas of the scope table."""

    places: dict[str, Place]
    people: dict[str, Person]

    def client(self, persona: str, **options: Any) -> Client:
        """A browser in which the persona is logged in; nobody for "anonymous"."""
        client = Client(**options)
        if persona in self.people:
            client.force_login(self.people[persona])
        return client


def company() -> Company:
    """All of it: about a second."""
    found = tree()
    branches = dict(
        zip(PLACES, (found.branch, found.child, found.sibling, found.region), strict=True)
    )
    root, own = found.headquarters, found.branch
    postings = {
        "staff": [(own, Role.HANDLER)],
        "manager": [(own, Role.BRANCH_MANAGER)],
        "neighbour": [(found.sibling, Role.HANDLER)],
        "region": [(found.region, Role.QUALITY_MANAGER)],
        "quality": [(root, Role.QUALITY_MANAGER)],
        "executive": [(root, Role.EXECUTIVE)],
        "administrator": [(root, Role.ADMINISTRATOR)],
        "idle": [],
        "disabled": [(own, Role.HANDLER)],
    }
    persons = {
        name: PersonFactory.create(username=name, postings=held) for name, held in postings.items()
    }
    category = CategoryFactory.create(code="delay")
    handlers = {"own": persons["staff"], "sibling": persons["neighbour"]}
    places = {
        name: _place(name, branch, handlers.get(name), persons["quality"], category)
        for name, branch in branches.items()
    }
    now = clock.now()
    people.change(person=persons["disabled"], by=None, now=now, is_active=False)
    return Company(places, persons)


def _place(
    name: str, branch: Branch, handler: Person | None, quality: Person, category: Category
) -> Place:
    secret = SECRET.format(place=name)
    handler = handler or PersonFactory.create(name=f"{secret}person", branch=branch)
    customer = CustomerFactory.create(
        name=f"{secret}customer", home_branch=branch, contact_name=f"{secret}contact"
    )
    common: dict[str, Any] = {
        "customer": customer,
        "branch": branch,
        "handler": handler,
        "quality": quality,
        "category": category,
        "description": f"{secret}description",
        "waybill": f"{secret}waybill",
    }
    complaint = ComplaintFactory.create(subject=f"{secret}subject", until="handling", **common)
    now = clock.now()
    notes.write(complaint=complaint, text=f"{secret}note", by=handler, now=now)
    upload = SimpleUploadedFile(f"{secret}file.txt", b"what the customer sent")
    [attachment] = notes.attach(complaint=complaint, uploads=[upload], by=handler, now=now)
    order = WorkOrderFactory.create(
        complaint=complaint,
        filler=handler,
        title_content=f"{secret}title",
        causes=f"{secret}causes",
    )
    upload = SimpleUploadedFile(f"{secret}evidence.txt", b"a list")
    [evidence] = notes.attach_evidence(order=order, uploads=[upload], by=handler, now=now)
    return Place(
        branch=branch,
        handler=handler,
        customer=customer,
        complaint=complaint,
        answered=ComplaintFactory.create(
            subject=f"{secret}answered", until="answered", **common
        ),
        received=ComplaintFactory.create(subject=f"{secret}received", **common),
        order=order,
        file=attachment.file,
        evidence=evidence.file,
        message=Message.objects.inbox(handler).earliest("pk"),
    )


