from customers.models.customer import (
    Contact,
    ContactPoint,
    Customer,
    Grade,
    Kind,
    Language,
    SearchName,
    Stage,
    Tier,
)
from customers.models.history import CustomerFacts, TimelineEntry

__all__ = [
    "Contact",
    "ContactPoint",
    "Customer",
    "CustomerFacts",
    "Grade",
    "Kind",
    "Language",
    "SearchName",
    "Stage",
    "Tier",
    "TimelineEntry",
]
