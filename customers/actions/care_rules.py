"""Festivals, rules of care and the catalogue of added services, company-wide (K-21, K-29)."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from customers.models import (
    AddedService,
    CareRule,
    Channel,
    Festival,
    Grade,
    Lever,
    Occasion,
    Stage,
    Tier,
)
from organisation.access import require_everywhere
from organisation.models import Person

EDIT = "customer.rules"
STANDINGS = ("", *Tier.values, *Grade.values)


@transaction.atomic
def add_festival(*, name: str, on: date, by: Person, now: datetime, name_en: str = "") -> Festival:
    require_everywhere(by, EDIT)
    _say("name", name)
    try:
        with transaction.atomic():
            return Festival.objects.create(name=name.strip(), name_en=name_en.strip(), on=on)
    except IntegrityError as error:
        raise Refused.at("on", _("That day has a festival already.")) from error


@transaction.atomic
def remove_festival(*, festival: Festival, by: Person, now: datetime) -> None:
    """What was planned for it stays planned."""
    require_everywhere(by, EDIT)
    festival.delete()


@transaction.atomic
def add_rule(
    *,
    occasion: str,
    words: str,
    by: Person,
    now: datetime,
    standing: str = "",
    stage: str = "",
    channel: str = "",
    service: AddedService | None = None,
) -> CareRule:
    """Of several rules that fit a customer, the one that names tier or grade counts."""
    require_everywhere(by, EDIT)
    _say("words", words)
    for name, value, known in (
        ("occasion", occasion, Occasion.values),
        ("standing", standing, STANDINGS),
        ("stage", stage, ("", *Stage.values)),
        ("channel", channel, Channel.values),
    ):
        if value not in known:
            raise Refused.at(name, _("Choose one of these."))
    try:
        with transaction.atomic():
            return CareRule.objects.create(
                occasion=occasion,
                standing=standing,
                stage=stage,
                channel=channel,
                words=words.strip(),
                service=service,
            )
    except IntegrityError as error:
        raise Refused(_("There is a rule for these customers already.")) from error


@transaction.atomic
def remove_rule(*, rule: CareRule, by: Person, now: datetime) -> None:
    require_everywhere(by, EDIT)
    rule.delete()


@transaction.atomic
def add_service(
    *, name: str, lever: str, by: Person, now: datetime, name_en: str = "", words: str = ""
) -> AddedService:
    """An entry of the catalogue."""
    require_everywhere(by, EDIT)
    _say("name", name)
    if lever not in Lever.values:
        raise Refused.at("lever", _("Choose one of these."))
    try:
        with transaction.atomic():
            return AddedService.objects.create(
                name=name.strip(), name_en=name_en.strip(), lever=lever, words=words.strip()
            )
    except IntegrityError as error:
        raise Refused.at("name", _("There is one of this name already.")) from error


@transaction.atomic
def switch_service(*, service: AddedService, by: Person, now: datetime) -> None:
    """Offered no more, or again."""
    require_everywhere(by, EDIT)
    AddedService.objects.filter(pk=service.pk).update(is_active=not service.is_active)


def _say(field: str, words: str) -> None:
    if not words.strip():
        raise Refused.at(field, _("Say what it is."))
