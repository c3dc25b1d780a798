"""People, postings and roles through their pages (O-02, B-03, B-04)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints.factories import ComplaintFactory
from csm.kit import clock
from csm.tests.api import Caller
from organisation.access import ROLE_VERBS, VERBS, can
from organisation.actions import tokens
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import ApiToken, Branch, Person, Posting, Role
from organisation.views.settings import VERB_WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def admin(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.ADMINISTRATOR)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def card(person: Person | None = None, **changed: Any) -> dict[str, Any]:
    """What the form sends: the card, and the postings as they are."""
    held = list(Posting.objects.filter(person=person)) if person else []
    data: dict[str, Any] = {
        "name": person.name if person else "新人",
        "username": (person.username or "") if person else "",
        "email": person.email if person else "",
        "phone": "",
        "language": "en",
        "is_active": "on",
        "postings-INITIAL_FORMS": len(held),
    }
    lines = [(row.branch_id, row.role) for row in held]
    return data | postings(*lines) | changed


def postings(*lines: tuple[object, str]) -> dict[str, Any]:
    data: dict[str, Any] = {"postings-TOTAL_FORMS": len(lines)}
    for place, (branch, role) in enumerate(lines):
        data |= {f"postings-{place}-branch": branch, f"postings-{place}-role": role}
    return data


def edit(by: Person, person: Person, **changed: Any) -> Any:
    url = reverse("person-edit", args=[person.pk])
    return signed_in(by).post(url, card(person, **changed))


def held(person: Person) -> list[tuple[str, str]]:
    rows = Posting.objects.filter(person=person).order_by("branch__code", "role")
    return [(row.branch.code, row.role) for row in rows.select_related("branch")]


def state(person: Person) -> tuple[Any, ...]:
    person = Person.objects.get(pk=person.pk)
    return person.name, person.username, person.is_active, person.password, held(person)


def test_o02_the_role_catalogue_is_whole_and_every_role_may_something() -> None:
    assert len(Role) == 16
    assert set(ROLE_VERBS) == set(Role.values)
    assert all(ROLE_VERBS.values())
    # The printed table has every verb of the program and no other.
    assert set(VERB_WORDS) == set(VERBS)


def test_o02_the_table_is_printed_for_the_administrator(company: Tree, admin: Person) -> None:
    response = signed_in(admin).get(reverse("roles"))
    marks = {
        (verb, role.value): may
        for verb, _words, cells in response.context["rows"]
        for role, may in cells
    }
    assert len(marks) == len(VERBS) * len(Role)
    assert all(may == (verb in ROLE_VERBS[role]) for (verb, role), may in marks.items())
    quality = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)
    assert signed_in(quality).get(reverse("roles")).status_code == 403


def test_o02_a_person_holds_several_postings(company: Tree, admin: Person) -> None:
    lines = postings(
        (company.branch.pk, "handler"), (company.sibling.pk, "branch_manager"), ("", "")
    )
    given = card() | lines | {"username": "zhang", "password": "long-enough-1", "name": "张三"}
    response = signed_in(admin).post(reverse("person-new"), given)
    assert response.status_code == 302
    person = Person.objects.get(username="zhang")
    assert held(person) == [("SZ", "branch_manager"), ("WX", "handler")]
    assert person.check_password("long-enough-1")
    assert can(person, "complaint.assign", company.sibling)
    assert not can(person, "complaint.assign", company.branch)


def test_a_person_without_a_login(company: Tree, admin: Person) -> None:
    for _time in range(2):
        response = signed_in(admin).post(reverse("person-new"), card())
        assert response.status_code == 302
    people = Person.objects.filter(name="新人")
    assert [person.username for person in people] == [None, None]
    assert not any(person.has_usable_password() for person in people)


def test_b03_a_moved_person_loses_the_old_branch_at_once(company: Tree, admin: Person) -> None:
    person = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    complaint = ComplaintFactory.create(branch=company.branch, until="assigned")
    browser, program = signed_in(person), Caller(person)
    page, call = reverse("complaint", args=[complaint.number]), f"complaints/{complaint.number}/"
    assert browser.get(page).status_code == 200
    assert program.get(call).status_code == 200
    assert edit(admin, person, **postings((company.sibling.pk, "handler"))).status_code == 302
    assert browser.get(page).status_code == 404
    assert program.get(call).status_code == 404


def test_b03_a_disabled_person_is_out_at_once_everywhere(company: Tree, admin: Person) -> None:
    person = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    browser, program = signed_in(person), Caller(person)
    assert browser.get(reverse("inbox")).status_code == 200
    assert program.get("me/").status_code == 200
    assert edit(admin, person, is_active="").status_code == 302
    response = browser.get(reverse("inbox"))
    assert response["Location"].startswith("/login/")
    assert program.get("me/").status_code == 401
    assert not ApiToken.objects.live(clock.now()).exists()
    # Back in office, the old key stays dead.
    edit(admin, person, is_active="on")
    assert program.get("me/").status_code == 401
    client = Client()
    assert not client.login(username=person.username, password="x")


def test_b03_a_new_password_ends_the_other_sessions(company: Tree, admin: Person) -> None:
    person = PersonFactory.create(branch=company.branch, password="first-password-1")
    browser = signed_in(person)
    url = reverse("person-password", args=[person.pk])
    assert signed_in(admin).post(url, {"password": "second-password-2"}).status_code == 302
    assert browser.get(reverse("inbox"))["Location"].startswith("/login/")
    person.refresh_from_db()
    assert person.check_password("second-password-2")


@pytest.mark.parametrize("password", ["short", "password123", "1234567890"])
def test_a_weak_password_is_refused(company: Tree, admin: Person, password: str) -> None:
    person = PersonFactory.create(branch=company.branch, username="wuxi-desk")
    before = state(person)
    url = reverse("person-password", args=[person.pk])
    response = signed_in(admin).post(url, {"password": password})
    assert response.status_code == 422
    assert "password" in response.context["form"].errors
    assert state(person) == before


def test_b04_a_person_form_sets_nothing_else(company: Tree, admin: Person) -> None:
    person = PersonFactory.create(branch=company.branch, password="first-password-1")
    before = Person.objects.filter(pk=person.pk).values(
        "id", "password", "created_at", "last_login"
    )[0]
    evil = {"id": "1", "pk": "1", "password": "x", "created_at": "2000-01-01", "is_staff": "on"}
    evil |= {"is_superuser": "on", "last_login": "2000-01-01", "groups": "1"}
    assert edit(admin, person, **evil).status_code == 302
    after = Person.objects.filter(pk=person.pk).values(*before)[0]
    assert after == before


def test_b04_nobody_changes_their_own_office_by_the_profile(company: Tree) -> None:
    person = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    before = state(person)
    evil = card(person, name="x", username="x", **postings((company.headquarters.pk, "executive")))
    evil |= {"language": "en", "is_active": ""}
    assert signed_in(person).post(reverse("profile-language"), evil).status_code == 302
    assert state(person) == before


def test_the_administrator_cannot_lock_themselves_out(company: Tree, admin: Person) -> None:
    before = state(admin)
    for changed in ({"is_active": ""}, postings((company.branch.pk, "handler")), postings()):
        response = edit(admin, admin, **changed)
        assert response.status_code == 422
        assert "Ask another administrator" in response.content.decode()
        assert state(admin) == before


def test_a_regional_administrator_gives_no_office_beyond_the_region(company: Tree) -> None:
    regional = PersonFactory.create(branch=company.region, role=Role.ADMINISTRATOR)
    person = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    split = PersonFactory.create(
        postings=[(company.branch, Role.HANDLER), (company.headquarters, Role.EXECUTIVE)]
    )
    foreign = PersonFactory.create(branch=company.other_region, role=Role.HANDLER)
    before = [state(each) for each in (regional, person, split, foreign)]
    up = postings((company.headquarters.pk, "administrator"))
    assert edit(regional, person, **up).status_code == 422
    assert edit(regional, regional, **up).status_code == 422
    # Who holds an office elsewhere is edited by those who give it.
    assert edit(regional, split, **postings()).status_code in (403, 422)
    secret = {"password": "third-password-3"}
    url = reverse("person-password", args=[split.pk])
    assert signed_in(regional).post(url, secret).status_code == 403
    assert edit(regional, foreign, name="x").status_code == 404
    assert [state(each) for each in (regional, person, split, foreign)] == before
    assert edit(regional, person, name="改名").status_code == 302


@pytest.mark.parametrize(("changed", "part"), [
    ({"name": ""}, "name"), ({"name": "x" * 81}, "name"), ({"email": "nobody"}, "email"),
    ({"language": "fr"}, "language"), ({"username": "taken"}, "username"),
])  # fmt: skip
def test_a_card_that_cannot_be_is_refused(
    company: Tree, admin: Person, changed: dict[str, str], part: str
) -> None:
    PersonFactory.create(username="taken")
    person = PersonFactory.create(branch=company.branch)
    before = state(person)
    response = edit(admin, person, **changed)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {part}
    assert state(person) == before


@pytest.mark.parametrize("line", [("", "handler"), ("own", ""), ("own", "king"), ("0", "handler")])
def test_half_a_posting_is_refused(company: Tree, admin: Person, line: tuple[str, str]) -> None:
    person = PersonFactory.create(branch=company.branch)
    before = state(person)
    branch, role = line
    lines = {
        "postings-TOTAL_FORMS": 1,
        "postings-0-branch": company.branch.pk if branch == "own" else branch,
        "postings-0-role": role,
    }
    response = edit(admin, person, **lines)
    assert response.status_code == 422
    assert response.context["postings"].total_error_count() == 1
    assert state(person) == before


def test_people_are_found_by_name_and_user_name(company: Tree, admin: Person) -> None:
    wang = PersonFactory.create(name="王小明", username="wang.xm", branch=company.branch)
    client = signed_in(admin)
    for search in ("小明", "WANG", "wang.xm"):
        found = client.get(reverse("people"), {"search": search}).context["found"].rows
        assert found == [wang], search
    for search in ("nobody", "%", "\0", "'; --"):
        response = client.get(reverse("people"), {"search": search})
        assert response.status_code == 200


@pytest.mark.parametrize(("place", "is_seen"), [
    ("branch", True), ("child", True), ("sibling", False), ("region", False),
])  # fmt: skip
def test_people_are_seen_at_the_branch_and_below(company: Tree, place: str, is_seen: bool) -> None:
    local = PersonFactory.create(branch=company.branch, role=Role.ADMINISTRATOR)
    person = PersonFactory.create(branch=getattr(company, place))
    client = signed_in(local)
    for name in ("person-edit", "person-password"):
        expected = 200 if is_seen else 404
        assert client.get(reverse(name, args=[person.pk])).status_code == expected
    found = client.get(reverse("people")).context["found"].rows
    assert (person in found) == is_seen


@pytest.mark.parametrize("role", [Role.QUALITY_MANAGER, Role.BRANCH_MANAGER, Role.EXECUTIVE])
def test_people_are_the_administrators(company: Tree, role: str) -> None:
    person = PersonFactory.create(branch=company.headquarters, role=role)
    other = PersonFactory.create(branch=company.branch)
    before = state(other)
    client = signed_in(person)
    key = [other.pk]
    pages = [
        client.get(reverse("people")),
        client.get(reverse("person-new")),
        client.get(reverse("person-edit", args=key)),
        client.post(reverse("person-edit", args=key), card(other, name="x")),
        client.post(reverse("person-password", args=key), {"password": "fourth-password-4"}),
    ]
    # A branch manager finds people to say who is away, and changes none of them.
    first = 200 if role == Role.BRANCH_MANAGER else 403
    assert [page.status_code for page in pages] == [first, 403, 403, 403, 403]
    assert state(other) == before


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_as_often_for_one_person_as_for_twenty(
    company: Tree, admin: Person, django_assert_num_queries: Any, count: int
) -> None:
    for _place in range(count):
        PersonFactory.create(
            postings=[(company.branch, Role.HANDLER), (company.child, Role.FRONT_DESK)]
        )
    client = signed_in(admin)
    with django_assert_num_queries(7):
        assert len(client.get(reverse("people")).context["found"].rows) == count + 1


def test_keys_for_programs_are_shown_once_and_can_be_revoked(company: Tree) -> None:
    person = PersonFactory.create(branch=company.branch)
    client = signed_in(person)
    assert client.post(reverse("token-new"), {"name": ""}).status_code == 422
    response = client.post(reverse("token-new"), {"name": "报表"})
    assert response["Cache-Control"] == "no-store"
    key = response.context["token"]
    row = ApiToken.objects.get()
    assert key not in row.token_hash
    assert key in response.content.decode()
    assert key not in client.get(reverse("profile")).content.decode()
    assert tokens.find_token(key, now=clock.now()) == row
    stranger = signed_in(PersonFactory.create(branch=company.branch))
    assert stranger.post(reverse("token-revoke", args=[row.pk])).status_code == 404
    assert tokens.find_token(key, now=clock.now()) == row
    assert client.post(reverse("token-revoke", args=[row.pk])).status_code == 302
    assert tokens.find_token(key, now=clock.now()) is None


def test_b18_the_own_password_needs_the_present_one_and_ends_other_sessions(
    company: Tree,
) -> None:
    person = PersonFactory.create(branch=company.branch, password="first-password-1")
    here, elsewhere = signed_in(person), signed_in(person)
    url = reverse("profile-password")
    before = state(person)
    wrong = here.post(url, {"present": "guess", "password": "second-password-2"})
    assert wrong.status_code == 422
    weak = here.post(url, {"present": "first-password-1", "password": "short"})
    assert weak.status_code == 422
    assert state(person) == before
    right = here.post(url, {"present": "first-password-1", "password": "second-password-2"})
    assert right.status_code == 302
    assert here.get(reverse("profile")).status_code == 200
    assert elsewhere.get(reverse("profile"))["Location"].startswith("/login/")


def test_b18_logging_in_changes_the_session(company: Tree) -> None:
    person = PersonFactory.create(branch=company.branch, password="first-password-1")
    client = Client()
    client.get(reverse("login"))
    client.cookies["sessionid"] = "planted"
    given = {"username": person.username, "password": "first-password-1"}
    response = client.post(reverse("login"), given | {"next": "//evil.example/"})
    assert response["Location"] == "/"
    assert client.cookies["sessionid"].value != "planted"
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302
    assert client.get(reverse("profile")).status_code == 302


def test_the_profile_keeps_the_language(company: Tree) -> None:
    person = PersonFactory.create(branch=company.branch, language="en")
    client = signed_in(person)
    assert client.post(reverse("profile-language"), {"language": "zh-hans"}).status_code == 302
    person.refresh_from_db()
    assert person.language == "zh-hans"
    assert 'lang="zh-Hans"' in client.get(reverse("profile")).content.decode()
    assert client.post(reverse("profile-language"), {"language": "fr"}).status_code == 422


@pytest.mark.parametrize(("role", "expected"), [
    (Role.ADMINISTRATOR, {"profile", "branches", "people", "roles", "categories", "calendars",
                          "policies", "numbering", "operations", "imports", "phrases",
                          "assessment-rules", "document-templates", "delay-price",
                          "promises", "recovery-offers", "access-records",
                          "customer-imports", "value-rules", "talk-texts", "closing-rule",
                          "ranking-rules", "visit-cadence", "care-rules"}),
    (Role.QUALITY_MANAGER, {"profile", "policies", "numbering", "operations", "imports",
                            "phrases", "access-records", "customer-imports", "customer-privacy"}),
    (Role.HANDLER, {"profile", "phrases"}),
])  # fmt: skip
def test_the_settings_lead_only_to_what_the_person_may(
    company: Tree, role: str, expected: set[str]
) -> None:
    person = PersonFactory.create(branch=company.headquarters, role=role)
    client = signed_in(person)
    places = client.get(reverse("settings")).context["places"]
    assert {place.url_name for place in places} == expected
    assert all(client.get(reverse(name)).status_code == 200 for name in expected)
    assert Branch.objects.count() == 6
