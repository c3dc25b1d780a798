"""One award: its figures, its prize, the ceremony of the branch (T-08, T-09)."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import page
from organisation.access import can, require, require_everywhere
from organisation.actions import access_records
from organisation.doors import me
from organisation.models import StoredFile
from organisation.views.acting import act, with_uploads
from organisation.views.files import deliver
from staff import contests as reading
from staff.actions import contest_awards as actions
from staff.forms.contest import CeremonyForm, HandOverForm
from staff.models import Ceremony, InnovationAward


@require_safe
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """Announced, hence everybody's to see."""
    require(me(request), reading.SEE)
    return _show(request, _award_or_404(pk))


@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    person, row, now = me(request), _award_or_404(pk), clock.now()
    require_everywhere(person, reading.RUN)
    return act(
        request,
        HandOverForm(row, request.POST),
        lambda given: actions.hand_over(award=row, by=person, now=now, **given),
        done=_("The prize is handed over."),
        show=lambda sent, status: _show(request, row, sent=sent, status=status),
        to=("contest-award", pk),
    )


@require_POST
def ceremony(request: HttpRequest, pk: int) -> HttpResponse:
    """Recorded by the branch of the winners."""
    person, row, now = me(request), _award_or_404(pk), clock.now()
    require(person, reading.WRITE, row.plan)
    return act(
        request,
        CeremonyForm(row, request.POST, request.FILES),
        lambda given: actions.hold_ceremony(award=row, by=person, now=now, **with_uploads(given)),
        done=_("The ceremony is recorded."),
        show=lambda sent, status: _show(request, row, sent=sent, status=status),
        to=("contest-award", pk),
    )


@require_safe
def photo(request: HttpRequest, pk: int, file_id: UUID) -> FileResponse:
    person = me(request)
    require(person, reading.SEE)
    kept = Ceremony.objects.filter(award=_award_or_404(pk)).values("photo")
    found = get_object_or_404(StoredFile, pk=file_id, pk__in=kept)
    access_records.write(by=person, what="file", reference=str(file_id), now=clock.now())
    return deliver(found)


def _award_or_404(pk: int) -> InnovationAward:
    rows = InnovationAward.objects.select_related(
        "contest", "plan__branch", "handed_to", "handed_by", "ceremony__photo"
    )
    return get_object_or_404(rows.prefetch_related("shares__person", "plan__texts"), pk=pk)


def _show(
    request: HttpRequest, row: InnovationAward, *, sent: object = None, status: int = 200
) -> HttpResponse:
    person = me(request)
    held = getattr(row, "ceremony", None)
    context = {
        "award": row,
        "text": row.plan.newest,
        "ceremony": held,
        "plan_is_seen": reading.seen_plans(person).filter(pk=row.plan_id).exists(),
        "may_hand_over": row.handed_on is None and reading.runs(person),
        "may_hold": held is None and can(person, reading.WRITE, row.plan),
        "hand_form": sent if isinstance(sent, HandOverForm) else HandOverForm(row),
        "ceremony_form": sent if isinstance(sent, CeremonyForm) else CeremonyForm(row),
        "form": sent,
    }
    return page(request, "staff/contest_award.html", context, status=status)
