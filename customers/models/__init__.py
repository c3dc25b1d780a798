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
from customers.models.quality import Correction, ToldApart
from customers.models.table_import import TableImport, TableState
from customers.models.value import CustomerValue, Label, LabelKind, ValueRule
from customers.models.volume import CustomerVolume

__all__ = [
    "Contact",
    "ContactPoint",
    "Correction",
    "Customer",
    "CustomerFacts",
    "CustomerValue",
    "CustomerVolume",
    "Grade",
    "Kind",
    "Label",
    "LabelKind",
    "Language",
    "SearchName",
    "Stage",
    "TableImport",
    "TableState",
    "Tier",
    "TimelineEntry",
    "ToldApart",
    "ValueRule",
]
