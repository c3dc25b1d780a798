"""Which customers of the archive the rows of a table are, and which only look like them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from customers import keys, names
from customers.importing.customer_rows import Card
from customers.models import Contact, ContactPoint, Customer, Kind, SearchName

POINTS = {keys.PHONE: "phone", keys.EMAIL: "email"}
# A name of fewer characters says little.
SHORTEST = 2


def keys_of(card: Card) -> dict[str, str]:
    """The keys of its number and its address by kind, under the present secret."""
    given = {keys.PHONE: card.phone, keys.EMAIL: card.email}
    return {kind: key for kind, value in given.items() if (key := keys.key_of(kind, value))}


@dataclass
class Known:
    """The customers that some rows may be, with their contacts and the keys of their points."""

    by_code: dict[str, Customer]
    by_name: dict[tuple[int, str, str], list[Customer]]
    contacts: dict[int, list[Contact]] = field(default_factory=dict)
    points: dict[int, set[str]] = field(default_factory=dict)
    _numbered: set[int] = field(default_factory=set)

    @classmethod
    def read(cls, cards: Sequence[Card], branches: Collection[int], *, is_held: bool) -> "Known":
        """Held until the end of the transaction where something is to be written."""
        codes = {card.code for card in cards if card.code}
        wanted = Q(code__in=codes) | Q(
            name__in={card.name for card in cards},
            home_branch__in=branches,
            merged_into=None,
            erased_at=None,
        )
        rows = Customer.objects.filter(wanted).order_by("pk")
        found = list(rows.select_for_update(no_key=True) if is_held else rows)
        known = cls({row.code: row for row in found if row.code in codes and row.code}, {})
        for row in found:
            if row.merged_into_id is None and row.erased_at is None:
                key = row.home_branch_id, row.name, row.kind
                known.by_name.setdefault(key, []).append(row)
        for contact in Contact.objects.filter(customer__in=found).prefetch_related("points"):
            known.contacts.setdefault(contact.customer_id, []).append(contact)
            keyed = {point.key for point in contact.points.all()}
            known.points.setdefault(contact.customer_id, set()).update(keyed)
        return known

    def match(self, card: Card, branch: int) -> Customer | None:
        """By its number; else by its name, where it has no other number.

        Two people share a name more often than two companies: of people the number or the address
        must be known, if the row has one.
        """
        if card.code and card.code in self.by_code:
            return self.by_code[card.code]
        named = self.by_name.get((branch, card.name, card.kind), [])
        fits = [row for row in named if not (card.code and self._has_number(row))]
        sure = [row for row in fits if self.has_point(card, row)]
        if not sure and (card.kind == Kind.COMPANY or not keys_of(card)):
            sure = fits
        if sure and card.code:
            self._numbered.add(sure[0].pk)
        return sure[0] if sure else None

    def _has_number(self, customer: Customer) -> bool:
        """Or gets one by a row before."""
        return bool(customer.code) or customer.pk in self._numbered

    def has_point(self, card: Card, customer: Customer) -> bool:
        had = self.points.get(customer.pk, set())
        given = ((keys.PHONE, card.phone), (keys.EMAIL, card.email))
        return any(had.intersection(keys.wanted(kind, value)) for kind, value in given if value)


@dataclass
class Likeness:
    """Counts, by reason, new ones that look like others: of the archive or earlier in the file.

    They are imported all the same; people decide on the page of duplicates.
    """

    counted: dict[str, int] = field(default_factory=dict)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def look(self, cards: Sequence[Card]) -> None:
        """At cards that are about to be new."""
        marks = [_marks(card) for card in cards]
        known = self._seen | _known({mark for each in marks for mark in each})
        for each in marks:
            for mark in each:
                if mark in known:
                    self.count(mark[0])
            known.update(each)
            self._seen.update(each)

    def count(self, reason: str) -> None:
        self.counted[reason] = self.counted.get(reason, 0) + 1


def _marks(card: Card) -> set[tuple[str, str]]:
    """What it would be alike by: (reason, key or core of the name)."""
    marks = {(POINTS[kind], key) for kind, key in keys_of(card).items()}
    core = names.core(card.name)
    if card.kind == Kind.COMPANY and len(core) >= SHORTEST:
        marks.add(("name", core))
    return marks


def _known(marks: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the archive."""
    keyed = {key for reason, key in marks if reason != "name"}
    points = ContactPoint.objects.filter(key__in=keyed).values_list("kind", "key")
    cores = {core for reason, core in marks if reason == "name"}
    named = SearchName.objects.filter(core__in=cores, customer__kind=Kind.COMPANY)
    found = {(POINTS[kind], key) for kind, key in points}
    return found | {("name", core) for core in named.values_list("core", flat=True)}
