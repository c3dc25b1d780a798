"""Customers for tests, made through the action, with their row of facts."""

from datetime import datetime
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory

from csm.kit import clock
from customers.actions import customers, table_imports, table_jobs
from customers.actions.customers import Caller
from customers.models import Customer, Kind, TableImport, Tier
from organisation.actions import jobs
from organisation.factories import headquarters
from organisation.models import Person

VOLUMES = 'Customer number,Branch code,Month or week,Shipments,"Revenue, ¥",Last shipment on\n'
CUSTOMERS = (
    "Customer number,Customer,Kind,Branch code,Grade,Contact,Phone,E-mail,Contract ends on,Note\n"
)
HEADS = {"volumes": VOLUMES, "customers": CUSTOMERS}


class CustomerFactory(DjangoModelFactory[Customer]):
    """A private customer of the headquarters with one phone number.

    `phone`, `email` and `contact_name` make the first contact; `phone=""` and no others: none.
    """

    class Meta:
        model = Customer

    name = factory.Sequence(lambda n: f"客户{n:04d}")
    code = ""
    kind = Kind.PERSON
    tier = factory.LazyAttribute(lambda row: Tier.GOLD if row.kind == Kind.PERSON else "")
    home_branch = factory.LazyFunction(headquarters)
    phone = factory.Sequence(lambda n: f"1380000{n % 10_000:04d}")
    email = ""
    contact_name = ""
    now = factory.LazyFunction(clock.now)

    @classmethod
    def _create(cls, model_class: type[Customer], *args: Any, **kwargs: Any) -> Customer:
        caller = Caller(
            name=kwargs.pop("contact_name"), phone=kwargs.pop("phone"), email=kwargs.pop("email")
        )
        return customers.create(by=None, contact=caller, **kwargs)


def checked_table(
    person: Person, rows: str, *, now: datetime | None = None, kind: str = "volumes"
) -> TableImport:
    """A CSV file of this kind with these rows, uploaded and checked by the person."""
    now = now or clock.now()
    upload = SimpleUploadedFile(f"{kind}.csv", (HEADS[kind] + rows).encode())
    made = table_imports.upload(kind=kind, upload=upload, by=person, now=now)
    jobs.run_due(runners=table_jobs.RUNNERS, now=now)
    return TableImport.objects.select_related("check_job").get(pk=made.pk)
