"""One's own settings for messages: as far as the ladder allows (sla.md §3)."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from csm.kit import clock
from csm.kit.errors import Refused
from csm.tests.crawler import text_of
from organisation import outbox
from organisation.actions import notifications
from organisation.factories import PersonFactory, headquarters
from organisation.models import Importance, Message, Person

pytestmark = pytest.mark.django_db
URL = "/settings/me/messages/"
CHOSEN: dict[str, Any] = {"email_from": "0", "quiet": "company"}


@pytest.fixture
def person() -> Person:
    return PersonFactory.create(branch=headquarters())


def signed_in(person: Person, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


def choose(person: Person, **given: Any) -> Any:
    return signed_in(person).post(URL, CHOSEN | given)


def settings_of(person: Person) -> tuple[Any, ...]:
    names = ("email_from", "has_quiet_hours", "quiet_from", "quiet_until")
    return tuple(Person.objects.values_list(*names).get(pk=person.pk))


def tell(person: Person, importance: Importance, now: datetime) -> None:
    outbox.put(
        key=f"k{importance}",
        to=[person],
        text="complaint_logged",
        context={"number": "TS1", "subject": "x"},
        importance=importance,
        now=now,
    )


@pytest.mark.parametrize("chosen", [0, 1, 2])
def test_less_comes_by_mail_and_all_in_the_inbox(
    person: Person, now: datetime, chosen: int
) -> None:
    assert choose(person, email_from=str(chosen)).status_code == 302
    for importance in Importance:
        tell(person, importance, now)
    rows = Message.objects.filter(recipient=person)
    assert set(rows.filter(channel="inbox").values_list("importance", flat=True)) == {0, 1, 2, 3}
    by_mail = set(rows.filter(channel="email").values_list("importance", flat=True))
    assert by_mail == set(range(chosen, 4))


def test_what_is_overdue_cannot_be_switched_off(person: Person, now: datetime) -> None:
    before = settings_of(person)
    assert choose(person, email_from="3").status_code == 422
    with pytest.raises(Refused, match="always reaches you"):
        notifications.choose(person=person, email_from=3, has_quiet_hours=True, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(email_from=3)
    assert settings_of(person) == before


@pytest.mark.parametrize(("given", "kept"), [
    ({"quiet": "none"}, (0, False, None, None)),
    ({"quiet": "company", "quiet_from": "12:00"}, (0, True, None, None)),
    ({"quiet": "own", "quiet_from": "21:30", "quiet_until": "06:15"},
     (0, True, time(21, 30), time(6, 15))),
])  # fmt: skip
def test_quiet_hours_of_the_company_ones_own_or_none(
    person: Person, given: dict[str, str], kept: tuple[Any, ...]
) -> None:
    assert choose(person, **given).status_code == 302
    assert settings_of(person) == kept
    shown = signed_in(person).get(reverse("profile")).context["notification_form"]
    assert shown["quiet"].value() == given["quiet"]


@pytest.mark.parametrize(("given", "fields"), [
    ({"quiet": "own"}, {"quiet_from", "quiet_until"}),
    ({"quiet": "own", "quiet_from": "22:00"}, {"quiet_until"}),
    ({"quiet": "own", "quiet_from": "22:00", "quiet_until": "22:00"}, {"quiet_until"}),
    ({"quiet": "own", "quiet_from": "25:00", "quiet_until": "07:00"}, {"quiet_from"}),
    ({"quiet": "always"}, {"quiet"}),
    ({"email_from": ""}, {"email_from"}),
    ({"email_from": "x"}, {"email_from"}),
])  # fmt: skip
def test_what_cannot_be_is_said_and_kept(
    person: Person, given: dict[str, str], fields: set[str]
) -> None:
    before = settings_of(person)
    answer = choose(person, **given)
    assert answer.status_code == 422
    form = answer.context["notification_form"]
    assert set(form.errors) == fields
    assert all(form[name].value() == value for name, value in given.items())
    assert settings_of(person) == before


def test_who_gives_up_quiet_hours_hears_at_once(person: Person, now: datetime) -> None:
    tell(person, Importance.REMINDER, now)
    mails = Message.objects.filter(channel="email")
    mails.update(next_attempt_at=clock.now() + timedelta(hours=5))
    choose(person, quiet="none")
    assert not mails.filter(next_attempt_at__gt=clock.now()).exists()


def test_the_settings_read_as_chinese(person: Person, settings: Any) -> None:
    settings.QUIET_FROM, settings.QUIET_UNTIL = time(22), time(7)
    person.language = "zh-hans"
    person.save()
    text = text_of(signed_in(person, "zh-hans").get(reverse("profile")))
    for words in ("免打扰", "22:00", "代理人"):
        assert words in text, words
