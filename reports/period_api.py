"""Periods and disputes for programs (R-01, R-02)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from complaints import months
from complaints.api.files import DOWNLOAD, FileDoor
from complaints.models import Complaint, Timer
from complaints.serializers.fields import VersionedSerializer
from csm.api.pagination import listed
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit.periods import Kind
from organisation.access import require, require_everywhere, visible, visible_or_404
from organisation.api.doors import Door
from organisation.api.records import RecordAct, RecordDoor, status_parameter
from reports import closing, disputing, standings
from reports import period_serializers as bodies
from reports.actions import disputes, periods
from reports.checksums import is_intact
from reports.models import Dispute, DisputeStatus, FrozenRanking

SEE, SIZE = "ranking.see", 26


PERIOD_PAGES = [
    OpenApiParameter("kind", enum=closing.KINDS, default="week"),
    OpenApiParameter("after", description="The key behind which a page begins."),
]


class PeriodsDoor(Door):
    def lives(self, request: Request, shows: type[Serializer[Any]]) -> Response:
        """A page of periods, each as `shows` has it."""
        kind: Kind = "month" if request.query_params.get("kind") == "month" else "week"
        after = request.query_params.get("after", "")
        try:
            newest = (
                months.of_key(after, kind).previous if after else months.running(self.now, kind)
            )
        except ValueError:
            sentence = _("Name a week such as 2026-W47 or a month such as 2026-11.")
            raise ValidationError({"after": [sentence]}) from None
        found, has_more = closing.backwards(newest, SIZE, now=self.now)
        lives = closing.lives(found, now=self.now)
        next_ = found[-1].key if has_more else ""
        return listed(request, shows, lives, next_=next_)


class Periods(PeriodsDoor):
    @extend_schema(
        operation_id="periods_list",
        parameters=PERIOD_PAGES,
        responses=page_of(bodies.PeriodSerializer),
    )
    def get(self, request: Request) -> Response:
        """The weeks or months, newest first, from the running one back to the first complaint."""
        require(self.me, SEE)
        return self.lives(request, bodies.PeriodSerializer)


class PeriodDoor(Door):
    def life(self, key: str) -> closing.Life:
        """What is no period, and what lies ahead, is not there."""
        try:
            found = standings.period_of(key)
        except ValueError as error:
            raise Http404 from error
        if found.start > self.now:
            raise Http404
        return closing.life(found, now=self.now)

    def shown(self, key: str) -> Response:
        rows = FrozenRanking.objects.filter(period=key).order_by("revision", "level")
        checksums = [{**_summed(row), "is_intact": is_intact(row)} for row in rows]
        life = vars(self.life(key)) | {"checksums": checksums}
        return Response(shown(bodies.OnePeriodSerializer, life))


def _summed(row: FrozenRanking) -> dict[str, Any]:
    names = ("level", "revision", "formula", "rule", "cut_off_at", "checksum")
    return {name: getattr(row, name) for name in names}


class OnePeriod(PeriodDoor):
    @extend_schema(operation_id="periods_retrieve", responses=bodies.OnePeriodSerializer)
    def get(self, request: Request, period: str) -> Response:
        """How far a period is, and whether what was frozen is intact."""
        require(self.me, SEE)
        self.life(period)
        return self.shown(period)


class ClosePeriod(PeriodDoor):
    @extend_schema(request=None, responses=bodies.OnePeriodSerializer)
    def post(self, request: Request, period: str) -> Response:
        """Freeze a period that has ended; nothing changes when it is frozen already."""
        require_everywhere(self.me, periods.CLOSE)
        self.life(period)
        return self.once(lambda: self._close(period))

    def _close(self, period: str) -> Response:
        periods.close(period=period, now=self.now, by=self.me)
        return self.shown(period)


class RevisePeriod(PeriodDoor):
    @extend_schema(request=bodies.RevisionReasonSerializer, responses=bodies.OnePeriodSerializer)
    def post(self, request: Request, period: str) -> Response:
        """Freeze what a frozen period comes to by now as its next revision."""
        require_everywhere(self.me, periods.CLOSE)
        self.life(period)
        return self.once(lambda: self._revise(period))

    def _revise(self, period: str) -> Response:
        given = self.body(bodies.RevisionReasonSerializer)
        periods.revise(period=period, now=self.now, by=self.me, **given)
        return self.shown(period)


class DisputeDoor(RecordDoor):
    model = Dispute
    shows = bodies.DisputeSerializer
    statuses = DisputeStatus.choices

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        return list(disputing.shown(rows).prefetch_related("files__file"))


class Disputes(DisputeDoor):
    @extend_schema(
        operation_id="disputes_list",
        parameters=[status_parameter(DisputeStatus.choices), *PAGES],
        responses=page_of(bodies.DisputeSerializer),
    )
    def get(self, request: Request) -> Response:
        """The disputes of the branches that the caller sees, newest first."""
        require(self.me, Dispute.SCOPE.verb)
        return self.page(request, visible(Dispute, self.me))

    @extend_schema(request=bodies.DisputeBodySerializer, responses={201: bodies.DisputeSerializer})
    def post(self, request: Request) -> Response:
        """Contest what a week or month that is not frozen yet counts against the own branch."""
        require(self.me, disputes.DISPUTE)
        return self.once(self._raise)

    def _raise(self) -> Response:
        given = self.body(bodies.DisputeBodySerializer)
        complaint = disputing.of_complaint(self.me, given.pop("complaint"))
        if complaint is None:
            sentence = _("You see no such complaint.")
            raise ValidationError({"complaint": [sentence]})
        timer = _clock(complaint, given.pop("milestone", None), given.pop("cycle", 1))
        made = disputes.raise_(complaint=complaint, timer=timer, by=self.me, now=self.now, **given)
        return self.one(made.pk, status.HTTP_201_CREATED)


def _clock(complaint: Complaint, milestone: str | None, cycle: int) -> Timer | None:
    if milestone is None:
        return None
    rows = Timer.objects.filter(complaint=complaint, kind=milestone, cycle=cycle)
    found = rows.select_related("verdict_branch").first()
    if found is None:
        raise ValidationError({"milestone": [_("The complaint has no such clock.")]})
    return found


class OneDispute(DisputeDoor):
    @extend_schema(operation_id="disputes_retrieve", responses=bodies.DisputeSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A dispute with its files and its decision."""
        return self.one(visible_or_404(Dispute, self.me, pk=pk).pk)


@extend_schema(request=bodies.DisputeDecisionSerializer, responses=bodies.DisputeSerializer)
class DecideDispute(DisputeDoor, RecordAct):
    """Grant or decline it: by somebody of the headquarters outside the branch's line."""

    given = bodies.DisputeDecisionSerializer
    name = "dispute"
    act = staticmethod(disputes.decide)

    def may(self, row: Any) -> None:
        disputes.require_outside(row, by=self.me)


@extend_schema(request=VersionedSerializer, responses=bodies.DisputeSerializer)
class WithdrawDispute(DisputeDoor, RecordAct):
    """Let it be: by whoever raised it."""

    given = VersionedSerializer
    name = "dispute"
    act = staticmethod(disputes.withdraw)

    def may(self, row: Any) -> None:
        disputes.require_own(row, by=self.me)


class OneDisputeFile(FileDoor):
    @extend_schema(responses=DOWNLOAD)
    def get(self, request: Request, pk: int, file_id: UUID) -> HttpResponseBase:
        """A file of a dispute, as a download."""
        row = visible_or_404(Dispute, self.me, pk=pk)
        link = get_object_or_404(row.files.select_related("file"), file=file_id)
        return self.handed_out(link.file)
