"""The customer's link to a complaint, and the letters that bring it (N-02, N-03)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.events import log
from complaints.models import TRACK, Channel, Complaint, Reply, TrackingLink
from csm.kit.errors import Refused
from organisation import letters
from organisation.access import require
from organisation.actions import tokens
from organisation.letters import Draft
from organisation.models import Person, PublicLink

VERB = "complaint.note"
LIFE = timedelta(days=180)


def welcome(complaint: Complaint, *, language: str, now: datetime) -> None:
    """Whoever reported by the web form, or left an e-mail address, gets a link."""
    if complaint.channel != Channel.WEB and not complaint.contact_email:
        return
    link = tokens.issue_link(purpose=TRACK, life=LIFE, now=now)
    row = TrackingLink.objects.create(
        complaint=complaint, link=link, language=language or settings.LANGUAGE_CODE
    )
    _tell(row, "received", now=now)


def tell_result(reply: Reply, *, now: datetime) -> None:
    """The answer in writing, to whoever left an e-mail address."""
    row = current(reply.complaint, now=now)
    if row is not None:
        _tell(row, "answered", now=now, step=f":{reply.cycle}", words=reply.words)


def current(complaint: Complaint, *, now: datetime) -> TrackingLink | None:
    rows = TrackingLink.objects.live(now).filter(complaint=complaint)
    return rows.select_related("link", "complaint").first()


@transaction.atomic
def revoke(*, complaint: Complaint, by: Person, now: datetime) -> None:
    """The link ends at once: it fell into other hands."""
    require(by, VERB, complaint)
    row = _held(complaint, now)
    TrackingLink.objects.filter(pk=row.pk).update(is_current=False)
    tokens.revoke_link(link=row.link, now=now)
    log(complaint, "link_revoked", by=by, at=now)


@transaction.atomic
def renew(*, complaint: Complaint, by: Person, now: datetime) -> None:
    """The old link ends, and the customer gets another by e-mail. Nobody here reads it."""
    require(by, VERB, complaint)
    if not complaint.contact_email:
        raise Refused(_("The customer left no e-mail address to which a new link could go."))
    row = _held(complaint, now)
    TrackingLink.objects.filter(pk=row.pk).update(is_current=False)
    fresh = TrackingLink.objects.create(
        complaint=complaint,
        link=tokens.renew_link(link=row.link, life=LIFE, now=now),
        language=row.language,
    )
    log(complaint, "link_renewed", by=by, at=now)
    _tell(fresh, "link", now=now, step=f":{fresh.pk}")


def _held(complaint: Complaint, now: datetime) -> TrackingLink:
    """The current link, while nobody else changes it."""
    rows = TrackingLink.objects.live(now).filter(complaint=complaint).select_related("link")
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise Refused(_("The customer has no link that is still open."))
    return row


def _tell(row: TrackingLink, what: str, *, now: datetime, step: str = "", words: str = "") -> None:
    """A name typed into the public form is not repeated: letters must carry nobody's message."""
    complaint = row.complaint
    is_ours = complaint.channel != Channel.WEB
    draft = Draft(
        key=f"complaint:{complaint.pk}:{what}{step}",
        address=complaint.contact_email,
        text=f"complaint_{what}",
        language=row.language,
        name=complaint.contact_name if is_ours else "",
        context={"number": complaint.number, "words": words},
        link=row.link,
    )
    letters.put(draft, now=now)


def complaint_of(link: PublicLink) -> Complaint:
    """The complaint that the link opens."""
    rows = Complaint.objects.select_related("merged_into", "branch", "intake_branch", "handler")
    return rows.get(tracking_links__link=link)
