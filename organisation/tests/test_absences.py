"""Being away: the deputy hears in one's stead, once, and is told for whom (sla.md §3)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.actions import escalation
from complaints.factories import ComplaintFactory
from csm.kit import clock
from csm.kit.errors import Refused
from csm.tests.crawler import text_of
from csm.tests.mailbox import Mailbox
from csm.tests.race import race
from organisation import outbox
from organisation.actions import absences, delivery, people
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Absence, Message, Person, Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def four(company: Tree) -> list[Person]:
    """A, B, C and D handle complaints at the same branch."""
    return [PersonFactory.create(name=name, branch=company.branch) for name in "ABCD"]


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def today() -> date:
    return timezone.localdate(clock.now())


def days(deputy: Person | None, *, start: int = 0, end: int = 2) -> dict[str, Any]:
    """What a person types; days counted from today."""
    first, last = today() + start * DAY, today() + end * DAY
    return {"from_on": first, "until_on": last, "deputy": deputy.pk if deputy else ""}


def say(person: Person, deputy: Person | None, **when: int) -> HttpResponse:
    answer = signed_in(person).post(reverse("absence"), days(deputy, **when))
    assert isinstance(answer, HttpResponse)
    return answer


def known() -> list[tuple[str, str]]:
    return sorted(Absence.objects.values_list("person__name", "deputy__name"))


def tell(person: Person, now: datetime, key: str = "k") -> None:
    context = {"number": "TS1", "subject": "货物滞留"}
    outbox.put(key=key, to=[person], text="complaint_logged", context=context, now=now)


def heard(key: str = "k") -> list[tuple[str, str, str]]:
    """Name, channel, and in whose stead."""
    rows = Message.objects.filter(key=key).order_by("recipient__name", "channel")
    return [
        (row.recipient.name, row.channel, row.context.get("stands_in_for", ""))
        for row in rows.select_related("recipient")
    ]


def test_one_says_so_and_comes_back(four: list[Person]) -> None:
    a, b, *_others = four
    assert say(a, b).status_code == 302
    assert known() == [("A", "B")]
    told = Message.objects.get(text="deputy_named", channel="inbox")
    assert told.recipient == b
    page = text_of(signed_in(a).get(reverse("profile")))
    assert "Deputy: B." in page
    assert "I am back" in page
    tell(a, clock.now())
    assert heard() == [("A", "inbox", ""), ("B", "email", "A"), ("B", "inbox", "A")]
    assert signed_in(a).post(reverse("absence-end")).status_code == 302
    assert known() == []
    assert Message.objects.get(text="deputy_released", channel="inbox").recipient == b
    tell(a, clock.now(), "later")
    assert heard("later") == [("A", "email", ""), ("A", "inbox", "")]


@pytest.mark.parametrize(("given", "field", "words"), [
    ({"until_on": ""}, "until_on", "Enter the last day."),
    ({"from_on": "2026-02-30"}, "from_on", ""),
    ({"deputy": ""}, "deputy", "Choose the deputy."),
    ({"deputy": "0"}, "deputy", ""),
    ({"deputy": "A"}, "deputy", ""),
    ({"end": -1}, "until_on", "The last day lies before the first."),
    ({"start": -3, "end": -1}, "until_on", "These days are over."),
])  # fmt: skip
def test_what_cannot_be_is_said_and_kept(
    four: list[Person], given: dict[str, Any], field: str, words: str
) -> None:
    a, b, *_others = four
    when = {name: given.pop(name) for name in ("start", "end") if name in given}
    typed = days(b, **when) | given
    answer = signed_in(a).post(reverse("absence"), typed)
    assert answer.status_code == 422
    form = answer.context["absence_form"]
    assert list(form.errors) == [field]
    assert words in text_of(answer)
    assert str(form["until_on"].value()) == str(typed["until_on"])
    assert (known(), Message.objects.count()) == ([], 0)


def test_a_deputy_is_an_active_colleague_whom_one_sees(company: Tree, four: list[Person]) -> None:
    a, b, *_others = four
    people.change(person=b, by=None, now=clock.now(), is_active=False)
    stranger = PersonFactory.create(branch=company.other_region)
    without = PersonFactory.create(branch=company.branch, username=None)
    for nobody in (a, b, stranger, without):
        assert say(a, nobody).status_code == 422
    assert (known(), Message.objects.count()) == ([], 0)


def test_deputies_in_a_circle_are_refused(four: list[Person]) -> None:
    a, b, c, _d = four
    assert say(a, b).status_code == 302
    assert say(b, c).status_code == 302
    refused = say(c, a)
    assert refused.status_code == 422
    assert "A is away then and leads back to you." in text_of(refused)
    assert known() == [("A", "B"), ("B", "C")]
    # On days on which the others are back there is no circle.
    assert say(c, a, start=3, end=5).status_code == 302
    # Nor may A stay away into those days.
    assert say(a, b, start=0, end=3).status_code == 422
    assert known() == [("A", "B"), ("B", "C"), ("C", "A")]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_name_each_other_at_once_one_is_refused() -> None:
    branch = tree().branch
    a, b = (PersonFactory.create(name=name, branch=branch) for name in "AB")
    now, until = clock.now(), today() + DAY

    def announce(person: Person, deputy: Person) -> Absence:
        return absences.announce(
            person=person, deputy=deputy, from_on=today(), until_on=until, by=person, now=now
        )

    ends = race(lambda: announce(a, b), lambda: announce(b, a))
    assert sorted(isinstance(end, Refused) for end in ends) == [False, True]
    assert len(known()) == 1


def test_a_chain_is_followed_one_step_and_the_mail_stays(four: list[Person]) -> None:
    a, b, c, _d = four
    say(a, b)
    say(b, c)
    tell(a, clock.now())
    # B is away as well: A is not covered and gets the mail; nobody hears for somebody they do not
    # stand in for.
    assert heard() == [("A", "email", ""), ("A", "inbox", ""), ("B", "inbox", "A")]


def test_a_deputy_who_left_covers_nobody(four: list[Person]) -> None:
    a, b, *_others = four
    say(a, b)
    people.change(person=b, by=None, now=clock.now(), is_active=False)
    tell(a, clock.now())
    assert heard() == [("A", "email", ""), ("A", "inbox", "")]
    page = text_of(signed_in(a).get(reverse("profile")))
    assert "The deputy is inactive: nobody is told instead." in page


@pytest.mark.parametrize(("at", "is_covered"), [
    ("2026-11-18T15:59:59Z", False),
    ("2026-11-18T16:00:00Z", True),  # midnight in Shanghai
    ("2026-11-20T15:59:59Z", True),
    ("2026-11-20T16:00:00Z", False),
])  # fmt: skip
def test_an_absence_begins_and_ends_at_the_company_s_midnight(
    four: list[Person], at: str, is_covered: bool
) -> None:
    a, b, *_others = four
    absences.announce(
        person=a,
        deputy=b,
        from_on=date(2026, 11, 19),
        until_on=date(2026, 11, 20),
        by=a,
        now=datetime(2026, 11, 17, tzinfo=UTC),
    )
    tell(a, datetime.fromisoformat(at))
    assert any(stead for _name, _channel, stead in heard()) == is_covered


def test_a_step_of_a_ladder_reaches_the_deputy_once_and_says_for_whom(
    company: Tree, four: list[Person], smtp: Mailbox
) -> None:
    """At the result's deadline plus 12 h the director, the manager and the handler are named."""
    handler, deputy, *_others = four
    manager = PersonFactory.create(name="M", branch=company.branch, role=Role.BRANCH_MANAGER)
    say(handler, deputy)
    say(manager, deputy)
    now = clock.now()
    ComplaintFactory.create(branch=company.branch, until="assigned", handler=handler, now=now)
    Message.objects.all().delete()
    escalation.fire_due(now=now + 45 * timedelta(minutes=1))
    rows = Message.objects.filter(recipient=deputy)
    assert sorted(rows.values_list("text", "channel")) == [
        ("timer_step", "email"),
        ("timer_step", "inbox"),
    ]
    assert set(rows.values_list("context__stands_in_for", flat=True)) == {"A"}
    # The handler reads it when they are back; no mail waits for them.
    assert list(Message.objects.filter(recipient=handler).values_list("channel")) == [("inbox",)]
    delivery.deliver(now=now + HOUR)
    [mail] = [mail for mail in smtp.messages if mail["To"] == deputy.email]
    assert "You are told this as the deputy of A." in mail.get_content()
    # Two absent people with one deputy: one message at the next step, not two.
    escalation.fire_due(now=now + 36 * HOUR)
    step = Message.objects.filter(recipient=deputy, channel="inbox", created_at=now + 36 * HOUR)
    keys = list(step.values_list("key", flat=True))
    assert keys
    assert len(keys) == len(set(keys))


def test_a_deputy_who_acted_is_not_told_of_it(four: list[Person]) -> None:
    a, b, *_others = four
    say(a, b)
    context = {"number": "TS1", "subject": "x"}
    outbox.put(
        key="own",
        to=[a],
        text="complaint_logged",
        context=context,
        now=clock.now(),
        apart_from=b,
    )
    assert heard("own") == [("A", "inbox", "")]


@pytest.mark.parametrize(("place", "status"), [("branch", 302), ("child", 302), ("sibling", 404)])
def test_a_manager_says_it_for_a_colleague_who_fell_ill(
    company: Tree, place: str, status: int
) -> None:
    manager = PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)
    where = getattr(company, place)
    ill, deputy = (PersonFactory.create(name=name, branch=where) for name in ("ill", "deputy"))
    client, url = signed_in(manager), reverse("person-absence", args=[ill.pk])
    assert client.get(url).status_code == (200 if status == 302 else 404)
    assert client.post(url, days(deputy)).status_code == status
    assert known() == ([("ill", "deputy")] if status == 302 else [])
    # Whoever is away reads who arranged it so, and the deputy that they stand in.
    texts = Message.objects.filter(channel="inbox").values_list("text", "recipient__name")
    expected = [("absence_noted", "ill"), ("deputy_named", "deputy")] if status == 302 else []
    assert sorted(texts) == expected
    assert client.post(reverse("person-absence-end", args=[ill.pk])).status_code == status
    assert known() == []


def test_a_manager_of_one_of_two_branches_may_not(company: Tree) -> None:
    manager = PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)
    postings = [(company.branch, Role.HANDLER), (company.sibling, Role.HANDLER)]
    both = PersonFactory.create(postings=postings)
    deputy = PersonFactory.create(branch=company.branch)
    answer = signed_in(manager).post(reverse("person-absence", args=[both.pk]), days(deputy))
    assert answer.status_code == 403
    handler = signed_in(deputy).post(reverse("person-absence", args=[both.pk]), days(deputy))
    assert handler.status_code == 403
    assert known() == []
