"""People and their postings. Nobody gives or takes office where they have none to give."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from organisation import spelling
from organisation.access import require
from organisation.models import ApiToken, Branch, Person, Posting


@transaction.atomic
def create(
    *,
    name: str,
    by: Person | None,
    username: str | None = None,
    password: str | None = None,
    email: str = "",
    phone: str = "",
    language: str = "",
    postings: Iterable[tuple[Branch, str]] = (),
) -> Person:
    """A person; without a user name there is no login."""
    require(by, "person.edit")
    if password is not None:
        _check_password(password)
    person = Person.objects.create_person(
        username=username or None,
        password=password,
        name=name,
        **_spelled(name),
        email=email,
        phone=phone,
        language=language,
    )
    set_postings(person=person, postings=postings, by=by)
    return person


@transaction.atomic
def change(
    *,
    person: Person,
    by: Person | None,
    now: datetime,
    postings: Iterable[tuple[Branch, str]] | None = None,
    **fields: object,
) -> None:
    """Change the card, and the postings when given; a disabled person is out at once."""
    _require_over(by, person)
    if fields.get("is_active") is False:
        if by == person:
            raise Refused(_("You cannot disable yourself. Ask another administrator."))
        _revoke_tokens(person, now)
    if "name" in fields:
        fields |= _spelled(str(fields["name"]))
    Person.objects.filter(pk=person.pk).update(**fields)
    person.refresh_from_db()
    if postings is not None:
        set_postings(person=person, postings=postings, by=by)


@transaction.atomic
def set_password(*, person: Person, password: str, by: Person | None, now: datetime) -> None:
    """A new password ends the person's other sessions, and the keys made with the old one."""
    if by != person:
        _require_over(by, person)
    _check_password(password, person)
    person.set_password(password)
    person.save(update_fields=("password",))
    _revoke_tokens(person, now)


@transaction.atomic
def set_postings(
    *, person: Person, postings: Iterable[tuple[Branch, str]], by: Person | None
) -> None:
    """Exactly these postings from now on."""
    _require_over(by, person)
    wanted = {(branch.pk, role): branch for branch, role in postings}
    for branch in wanted.values():
        require(by, "person.edit", branch)
    if by == person and not any(
        _keeps_office(branch, role) for (_b, role), branch in wanted.items()
    ):
        raise Refused(_("You cannot take your own administration away. Ask another administrator."))
    for posting in Posting.objects.filter(person=person):
        if wanted.pop((posting.branch_id, posting.role), None) is None:
            posting.delete()
    Posting.objects.bulk_create(
        Posting(person=person, branch=branch, role=role) for (_b, role), branch in wanted.items()
    )


@transaction.atomic
def choose_language(*, person: Person, language: str) -> None:
    """In which language the person reads pages and messages; empty: the browser's."""
    Person.objects.filter(pk=person.pk).update(language=language)


def choose_shortcuts(*, person: Person, uses_shortcuts: bool) -> None:
    """Whether single keys act on the person's pages (U-02)."""
    Person.objects.filter(pk=person.pk).update(uses_shortcuts=uses_shortcuts)


def _spelled(name: str) -> dict[str, str]:
    """How the name sorts, and every way to type it."""
    return {"spelling": spelling.of_person(name), "spellings": spelling.all_of_person(name)}


def _revoke_tokens(person: Person, now: datetime) -> None:
    ApiToken.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=now)


def _require_over(by: Person | None, person: Person) -> None:
    """The right over every branch where the person is posted."""
    require(by, "person.edit")
    for posting in Posting.objects.filter(person=person).select_related("branch"):
        require(by, "person.edit", posting.branch)


def _keeps_office(branch: Branch, role: str) -> bool:
    return branch.parent_id is None and role == "administrator"


def _check_password(password: str, person: Person | None = None) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused(
            " ".join(error.messages), fields={"password": " ".join(error.messages)}
        ) from error
