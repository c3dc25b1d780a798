"""Writing the customers of a table down, many at once: who is known is put right, others are new.

An empty cell changes nothing. The number of statements follows the batches, not the rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from csm.kit import copying
from customers import keys
from customers.actions import corrections, search_names
from customers.actions.customers import Caller, masked, points_of
from customers.actions.lost_zeros import Padded
from customers.actions.table_matches import Known, Likeness, keys_of
from customers.importing.customer_rows import BRANCH, CODE, KIND, NAME, Card
from customers.models import Contact, ContactPoint, Correction, Customer, CustomerFacts
from organisation.access import require_everywhere
from organisation.models import Branch, Person

VERB = "customer.import"
# One at a time: the second sees what the first has written.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('customers.import'))"
CHANGED = ("code", "name", "home_branch", "grade", "contract_ends_on", "note")


@dataclass
class Written:
    """What became of some rows; `faults` by row and column."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: dict[int, dict[str, str]] = field(default_factory=dict)


@dataclass
class Writer:
    """Writes batches of one file; a file must not contradict itself.

    `is_dry` looks everything up and writes nothing.
    """

    by: Person | None
    now: datetime
    is_dry: bool = False
    likeness: Likeness = field(default_factory=Likeness)
    _seen: dict[tuple[str, ...], tuple[int, int]] = field(default_factory=dict)
    _padded: Padded = field(default_factory=Padded)

    @transaction.atomic
    def write(self, cards: Sequence[Card]) -> Written:
        """Each row is written, or left out with its fault; in one transaction."""
        require_everywhere(self.by, VERB)
        if not self.is_dry:
            with connection.cursor() as cursor:
                cursor.execute(LOCK)
        done = Written()
        branches = _branches({card.branch for card in cards})
        once = [card for card in cards if self._is_first(card, branches, done)]
        known = Known.read(
            once, {branch.pk for branch in branches.values()}, is_held=not self.is_dry
        )
        matched = [(card, known.match(card, branches[card.branch].pk)) for card in once]
        fresh = self._whole([card for card, found in matched if found is None], done)
        self.likeness.look(fresh)
        done.added += len(fresh)
        if not self.is_dry:
            self._create(fresh, branches)
        self._change([(c, found) for c, found in matched if found], branches, known, done)
        return done

    def _is_first(self, card: Card, branches: Mapping[str, Branch], done: Written) -> bool:
        """Its branch is known, and no row before it has said this customer."""
        if card.branch not in branches:
            fault = self._padded.fault(Branch, card.branch)
            done.faults[card.row] = {BRANCH: fault}
            return False
        key = (card.code,) if card.code else (card.branch, card.name, card.kind, *_reached(card))
        row, said = self._seen.setdefault(key, (card.row, hash(card.says)))
        if row == card.row:
            return True
        if card.code:
            self.likeness.count("code")
        if said == hash(card.says):
            done.unchanged += 1
        else:
            words = _("Row %(row)d says something else of the same customer.")
            done.faults[card.row] = {CODE if card.code else NAME: words % {"row": row}}
        return False

    def _whole(self, cards: Sequence[Card], done: Written) -> list[Card]:
        """Those whose number is not a known one that lost its leading zero."""
        self._padded.learn(Customer, {card.code for card in cards if card.code})
        kept = []
        for card in cards:
            if card.code and self._padded.whole(Customer, card.code):
                done.faults[card.row] = {CODE: self._padded.fault(Customer, card.code)}
            else:
                kept.append(card)
        return kept

    def _create(self, cards: Sequence[Card], branches: Mapping[str, Branch]) -> None:
        customers = [
            Customer(
                name=card.name,
                code=card.code,
                kind=card.kind,
                grade=card.grade,
                home_branch=branches[card.branch],
                contract_ends_on=card.contract_ends_on,
                note=card.note,
                created_at=self.now,
            )
            for card in cards
        ]
        copying.give_keys(customers)
        copying.copy(customers)
        copying.copy([CustomerFacts(customer=each, refreshed_at=self.now) for each in customers])
        reached = [
            (customer, caller)
            for customer, card in zip(customers, cards, strict=True)
            if (caller := _caller(card)) != Caller()
        ]
        _add_contacts([(customer, caller, True) for customer, caller in reached])
        search_names.write_new([customer.pk for customer in customers])

    def _change(
        self,
        rows: Sequence[tuple[Card, Customer]],
        branches: Mapping[str, Branch],
        known: Known,
        done: Written,
    ) -> None:
        """Put right what differs; a customer that was merged is looked after by the survivor."""
        log: list[Correction] = []
        changed: dict[int, Customer] = {}
        contacts: list[tuple[Customer, Caller, bool]] = []
        points: list[ContactPoint] = []
        for card, customer in rows:
            if customer.merged_into_id is not None or customer.erased_at is not None:
                done.unchanged += 1
                continue
            if customer.kind != card.kind:
                words = _("In the archive this is a customer of the kind “%(kind)s”.")
                done.faults[card.row] = {KIND: words % {"kind": customer.get_kind_display()}}
                continue
            said = self._corrected(customer, _told(card, branches))
            had = len(contacts) + len(points)
            self._reach(card, customer, known, contacts, points)
            if len(contacts) + len(points) > had:
                said.append(self._correction(customer, "contact", "", masked(_caller(card))))
            if not said:
                done.unchanged += 1
                continue
            done.changed += 1
            log += said
            changed[customer.pk] = customer
        if changed and not self.is_dry:
            for customer in changed.values():
                customer.version = F("version") + 1
            Customer.objects.bulk_update(changed.values(), [*CHANGED, "version"], batch_size=500)
            _add_contacts(contacts)
            ContactPoint.objects.bulk_create(points, ignore_conflicts=True)
            Correction.objects.bulk_create(log)
            search_names.write(list(changed))

    def _corrected(self, customer: Customer, told: Mapping[str, Any]) -> list[Correction]:
        """What differs from the card of the customer, which is put right in memory."""
        said = []
        for name, value in told.items():
            was = getattr(customer, name)
            if was != value:
                said.append(
                    self._correction(customer, name, corrections.said(was), corrections.said(value))
                )
                setattr(customer, name, value)
        return said

    def _correction(self, customer: Customer, name: str, was: str, became: str) -> Correction:
        return Correction(
            customer=customer, at=self.now, by=self.by, field=name, was=was, became=became
        )

    def _reach(
        self,
        card: Card,
        customer: Customer,
        known: Known,
        contacts: list[tuple[Customer, Caller, bool]],
        points: list[ContactPoint],
    ) -> None:
        """Keep a contact, a number or an address that the customer has not yet."""
        caller = _caller(card)
        if caller == Caller():
            return
        had = known.contacts.get(customer.pk, [])
        one = next((each for each in had if each.name == (caller.name or each.name)), None)
        if one is None:
            contacts.append((customer, caller, not had))
            return
        held = known.points.get(customer.pk, set())
        points += [
            point
            for point in points_of(one, caller)
            if not held.intersection(keys.wanted(point.kind, point.value))
        ]


def _reached(card: Card) -> tuple[str, ...]:
    return tuple(sorted(keys_of(card).values()))


def _caller(card: Card) -> Caller:
    return Caller(name=card.contact, phone=card.phone, email=card.email)


def _told(card: Card, branches: Mapping[str, Branch]) -> dict[str, Any]:
    """The fields of the card about which the row says something."""
    given = {
        "code": card.code,
        "name": card.name,
        "home_branch": branches[card.branch],
        "grade": card.grade,
        "contract_ends_on": card.contract_ends_on,
        "note": card.note,
    }
    return {name: value for name, value in given.items() if value}


def _branches(codes: set[str]) -> dict[str, Branch]:
    return {branch.code: branch for branch in Branch.objects.filter(code__in=codes)}


def _add_contacts(wanted: Sequence[tuple[Customer, Caller, bool]]) -> None:
    contacts = [
        Contact(customer=customer, name=caller.name or customer.name[:80], is_primary=is_first)
        for customer, caller, is_first in wanted
    ]
    copying.give_keys(contacts)
    copying.copy(contacts)
    points = [
        point
        for contact, (_customer, caller, _is_first) in zip(contacts, wanted, strict=True)
        for point in points_of(contact, caller)
    ]
    copying.give_keys(points)
    copying.copy(points)
