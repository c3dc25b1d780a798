"""A survey as customers meet it: a link, a sheet, thanks; without login, without script."""

import gzip
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.models import DissatisfiedItem
from csm.kit import clock
from csm.tests.race import race
from customers.models import Customer
from organisation.actions import tokens
from organisation.factories import Tree, tree
from organisation.models import PublicLink
from surveys import factories
from surveys.models import Answer, Invitation, Response

pytestmark = pytest.mark.django_db
GOOD = {"q-total": "9", "q-recommend": "10", "q-wish": "快一点", "do": "send"}
GOOD |= {"asked": ["total", "recommend", "wish"]}  # type: ignore[dict-item]
LATE = [{"key": "late", "text": "延误", "text_en": "Late"}, {"key": "broken", "text": "破损"}]
BRANCHING: tuple[dict[str, Any], ...] = (
    factories.SHORT[0],
    {
        "key": "what",
        "kind": "multiple",
        "text": "哪里不好？",
        "text_en": "What was not right?",
        "is_required": True,
        "options": LATE,
        "condition": {"question": "total", "op": "below", "value": "7"},
    },
)


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def moment() -> datetime:
    return clock.now()


@pytest.fixture
def invitation(places: Tree, moment: datetime) -> Invitation:
    survey = factories.survey(places.headquarters, now=moment)
    return factories.invitation(survey, places.branch, moment)


def browser() -> Client:
    return Client(headers={"accept-language": "en"})


def address(row: Any) -> str:
    return tokens.path_of(row.link)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_sheet_begins_in_the_language_of_its_customer_and_a_choice_is_kept(
    invitation: Invitation,
) -> None:
    english = "All in all, how do you rate our service?"
    url, rows = address(invitation), Customer.objects.filter(pk=invitation.customer_id)
    assert english in text_of(browser().get(url))  # as the browser wishes: nothing is known yet
    rows.update(language="zh-hans")
    assert english not in text_of(browser().get(url))
    client = browser()
    assert english in text_of(client.get(f"{url}?language=en"))
    assert english in text_of(client.get(url))
    assert rows.get().language == "zh-hans"  # mail scanners open links, too
    client.post(url, GOOD)
    assert rows.get().language == "en"
    chinese = Client(headers={"accept-language": "zh-CN"})
    assert english in text_of(chinese.get(f"{url}?change=1"))


def test_an_anonymous_sheet_tells_no_language(places: Tree, moment: datetime) -> None:
    survey = factories.survey(places.headquarters, now=moment, is_anonymous=True)
    row = factories.invitation(survey, places.branch, moment)
    assert browser().post(address(row), GOOD).status_code == 303
    assert Customer.objects.get(pk=row.customer_id).language == ""


def test_s04_looking_keeps_nothing_and_sending_keeps_it_once(invitation: Invitation) -> None:
    client, url = browser(), address(invitation)
    pages = [client.get(url) for _scanner in range(3)]
    assert "All in all, how do you rate our service?" in text_of(pages[-1])
    assert (Response.objects.count(), Invitation.objects.get().status) == (0, "sent")
    assert client.post(url, GOOD, follow=True).redirect_chain == [(url, 303)]
    thanks = text_of(client.get(url))
    assert "Thank you" in thanks
    assert "Change the answers" in thanks
    filled = text_of(client.get(f"{url}?change=1"))
    assert 'name="q-total" value="9" checked' in filled
    assert "快一点" in filled
    client.post(url, GOOD | {"q-total": "8"})
    assert (Response.objects.count(), Answer.objects.count()) == (1, 3)
    assert Answer.objects.get(question__key="total").value == 8
    assert Invitation.objects.get().status == "complete"


def test_s04_opening_is_told_by_who_does_something_and_by_nobody_who_looks(
    invitation: Invitation, places: Tree, moment: datetime
) -> None:
    client, url = browser(), address(invitation)
    assert "data-opens" in text_of(client.get(url))
    for _twice in range(2):
        assert client.post(url, {"do": "open"}).status_code == 204
    row = Invitation.objects.get()
    assert (row.status, row.opened_at is not None, row.version) == ("opened", True, 2)
    assert "data-opens" not in text_of(client.get(url))
    assert not Response.objects.exists()
    client.post(url, GOOD)
    client.post(url, {"do": "open"})
    row.refresh_from_db()
    assert (row.status, row.version) == ("complete", 3)
    secret = factories.survey(
        places.headquarters, now=moment, is_anonymous=True, edition=row.survey.edition
    )
    hidden = factories.invitation(secret, places.branch, moment)
    assert "data-opens" not in text_of(client.get(address(hidden)))
    client.post(address(hidden), {"do": "open"})
    hidden.refresh_from_db()
    assert (hidden.status, hidden.opened_at) == ("sent", None)


def test_s04_a_sheet_that_is_kept_is_found_again(invitation: Invitation) -> None:
    client, url = browser(), address(invitation)
    page = client.post(url, {"q-wish": "halb", "do": "keep"}, follow=True)
    assert "You may go on with this link any time" in text_of(page)
    assert "halb" in text_of(browser().get(url))
    saved = client.post(url, {"q-wish": "ganz", "do": "keep"}, headers={"X-Keeps": "1"})
    assert saved.status_code == 204
    assert Answer.objects.get().text == "ganz"
    assert Invitation.objects.get().status == "partial"


def test_s04_wrong_answers_are_said_and_nothing_typed_is_lost(invitation: Invitation) -> None:
    client, url = browser(), address(invitation)
    page = client.post(url, GOOD | {"q-total": "11", "why-total": "<script>alert(1)</script>"})
    text = text_of(page)
    assert page.status_code == 422
    assert "Enter a number from 0 to 10." in text
    assert "快一点" in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text
    assert Response.objects.count() == 0


def test_s13_what_follows_from_an_answer_is_asked_without_a_script(
    places: Tree, moment: datetime
) -> None:
    edition = factories.edition(places.headquarters, questions=BRANCHING, name="branching")
    survey = factories.survey(places.headquarters, now=moment, edition=edition)
    client, url = browser(), address(factories.invitation(survey, places.branch, moment))
    assert "What was not right?" not in text_of(client.get(url))
    page = client.post(url, {"q-total": "3", "asked": ["total"], "do": "send"})
    assert "Something follows from your answers" in text_of(page)
    assert "What was not right?" in text_of(page)
    assert Response.objects.count() == 0
    both = {"q-total": "3", "asked": ["total", "what"], "do": "send"}
    assert client.post(url, both).status_code == 422
    assert client.post(url, both | {"q-what": ["late", "nope"]}).status_code == 422
    assert client.post(url, both | {"q-what": ["late", "broken"]}).status_code == 303
    assert Answer.objects.get(question__key="what").choices == ["late", "broken"]
    assert DissatisfiedItem.objects.get().score == Decimal("3.00")


def test_b08_b16_unknown_expired_revoked_and_foreign_links_look_alike(
    places: Tree, invitation: Invitation, moment: datetime
) -> None:
    counter = factories.counter(invitation.survey, places.branch, moment)
    foreign = address(counter).replace("here/", "")
    expired = factories.invitation(invitation.survey, places.child, moment)
    PublicLink.objects.filter(invitation=expired).update(
        created_at=moment - timedelta(days=2), expires_at=moment - timedelta(days=1)
    )
    revoked = factories.invitation(invitation.survey, places.sibling, moment)
    PublicLink.objects.filter(invitation=revoked).update(revoked_at=moment)
    urls = [f"/s/{'x' * 43}/", address(expired), address(revoked), foreign]
    urls.append(f"/s/{tracked(moment)}/")
    for door, send in (("", "get"), ("", "post"), ("here/", "get"), ("stop/", "post")):
        # What opens one door is foreign at the other.
        asked = [url for url in urls if (door, url) != ("here/", foreign)]
        told = {look(f"{url}{door}", send) for url in asked}
        assert len(told) == 1
        assert next(iter(told))[0] == 404
    page = browser().get(address(invitation))
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]


def tracked(now: datetime) -> str:
    """The token of a live link to a complaint."""
    link = tokens.issue_link(purpose="track", life=timedelta(days=1), now=now)
    return tokens.path_of(link).split("/")[2]


def look(url: str, send: str) -> tuple[Any, ...]:
    """All that a stranger can tell of an answer, and what it cost us."""
    with CaptureQueriesContext(connection) as queries:
        page = getattr(browser(), send)(url, headers={"accept-language": "en"})
    costs = tuple(re.sub("'[^']*'", "?", row["sql"]) for row in queries)
    cookies = tuple(sorted(page.cookies))
    return page.status_code, page.content, tuple(sorted(page.headers.items())), cookies, costs


def test_s18_no_more_surveys_is_asked_first_and_kept(invitation: Invitation) -> None:
    client, stop = browser(), f"{address(invitation)}stop/"
    assert "No more surveys?" in text_of(client.get(stop))
    assert Customer.objects.get().declines_surveys_at is None
    assert "You will not be asked any more" in text_of(client.post(stop))
    assert Customer.objects.get().declines_surveys_at is not None
    assert Invitation.objects.get().status == "opted_out"
    assert "You will not be asked any more" in text_of(client.get(address(invitation)))
    client.post(address(invitation), GOOD)
    assert Response.objects.count() == 0


def test_s01_a_counter_takes_one_sheet_of_each_browser(
    places: Tree, invitation: Invitation, moment: datetime
) -> None:
    url = address(factories.counter(invitation.survey, places.branch, moment))
    one, other = browser(), browser()
    assert "I do not wish to be asked" not in text_of(one.get(url))
    for client in (one, one, other):
        assert client.post(url, GOOD).status_code == 303
    assert "Thank you" in text_of(one.get(url))
    assert Response.objects.filter(counter__isnull=False, source="intercept").count() == 2
    # The code of another counter finds what was said at this one, where it was said.
    elsewhere = address(factories.counter(invitation.survey, places.sibling, moment))
    assert "Thank you" in text_of(one.get(elsewhere))
    assert one.post(elsewhere, GOOD | {"q-total": "2"}).status_code == 303
    assert {row.branch for row in Response.objects.all()} == {places.branch}
    marks = Answer.objects.filter(question__key="total").values_list("value", flat=True)
    assert set(marks) == {2, 9}


def test_s04_a_reason_that_is_too_long_is_said_and_what_was_typed_stays(
    invitation: Invitation,
) -> None:
    client, long = browser(), {"q-total": "3", "why-total": "字" * 5001}
    page = client.post(address(invitation), GOOD | long)
    assert page.status_code == 422
    for told in ('href="#f-why-total"', 'id="f-why-total"', 'id="e-why-total"', "字" * 5001):
        assert told in text_of(page)
    assert Response.objects.count() == 0
    # On its way, what is right is kept; the end of a line counts once, as browsers count it.
    assert client.post(address(invitation), GOOD | long | {"do": "keep"}).status_code == 303
    assert Answer.objects.get(question__key="total").text == ""
    lines = GOOD | {"q-total": "3", "why-total": "字\r\n" * 2500}
    assert client.post(address(invitation), lines).status_code == 303
    assert Answer.objects.get(question__key="total").text == ("字\n" * 2500).strip()


def test_b21_twenty_parallel_posts_are_one_sheet(
    transactional_db: None, places: Tree, moment: datetime
) -> None:
    row = factories.invitation(
        factories.survey(places.headquarters, now=moment), places.branch, moment
    )
    url = address(row)
    codes = race(*[lambda: browser().post(url, GOOD).status_code for _n in range(20)])
    assert set(codes) <= {303}
    assert (Response.objects.count(), Answer.objects.count()) == (1, 3)


def test_a_survey_that_is_over_says_so_and_leads_on(invitation: Invitation) -> None:
    invitation.survey.status, invitation.survey.closed_at = "closed", clock.now()
    invitation.survey.save()
    page = browser().get(address(invitation))
    assert page.status_code == 410
    assert 'href="/report/"' in text_of(page)


def test_the_page_is_small_and_asks_little(invitation: Invitation) -> None:
    client, url = browser(), address(invitation)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url)
    assert len(queries) <= 8
    files = [settings.BASE_DIR / "static" / "dist" / name for name in FILES]
    sent = sum(len(gzip.compress(file.read_bytes())) for file in files)
    assert sent + len(gzip.compress(page.content)) < 100_000


FILES = ("tabler.min.css", "csm.css", "public.js")
