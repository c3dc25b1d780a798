"""Customers for tests, made through the action, with their row of facts."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from csm.kit import clock
from customers.actions import customers
from customers.actions.customers import Caller
from customers.models import Customer, Kind, Tier
from organisation.factories import headquarters


class CustomerFactory(DjangoModelFactory[Customer]):
    """A private customer of the headquarters with one phone number.

    `phone`, `email` and `contact_name` make the first contact; `phone=""` and no others: none.
    """

    class Meta:
        model = Customer

    name = factory.Sequence(lambda n: f"客户{n:04d}")
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
