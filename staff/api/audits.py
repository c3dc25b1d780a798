"""Checklists, audits and their findings (T-14, T-16)."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.serializers.fields import VersionedSerializer
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from csm.kit.errors import Forbidden, Refused
from organisation.access import can, require
from staff import audit_reading as reading
from staff.actions import audits as actions
from staff.actions.audits import Answer
from staff.api.first_contact import AuditDoor
from staff.models import Audit, AuditKind
from staff.serializers import audits as bodies


class Checklists(AuditDoor):
    @extend_schema(
        operation_id="checklists_list",
        parameters=PAGES,
        responses=page_of(bodies.ChecklistSerializer),
    )
    def get(self, request: Request) -> Response:
        """Those that audits may use, with their items."""
        require(self.me, reading.SEE)
        rows = reading.published(self.me).prefetch_related("editions__items")
        page = keyset.page(rows, order=("-pk",), params=request.query_params, size=size_of(request))
        kind = bodies.ChecklistSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)


class OneDoor(AuditDoor):
    def audit(self, pk: int) -> Audit:
        found: Audit = get_object_or_404(reading.one(reading.audits(self.me)), pk=pk)
        return found

    def data_of(self, pk: int) -> dict[str, Any]:
        return shown(bodies.FullAuditSerializer, self.audit(pk))


class Audits(OneDoor):
    @extend_schema(
        operation_id="audits_list", parameters=PAGES, responses=page_of(bodies.AuditSerializer)
    )
    def get(self, request: Request) -> Response:
        """The audits that the caller sees."""
        require(self.me, reading.SEE)
        page = keyset.page(
            reading.audits(self.me),
            order=("-planned_on", "-pk"),
            params=request.query_params,
            size=size_of(request),
        )
        kind = bodies.AuditSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)

    @extend_schema(request=bodies.PlanAuditSerializer, responses={201: bodies.FullAuditSerializer})
    def post(self, request: Request) -> Response:
        """Plan an audit."""
        if not (can(self.me, actions.RUN) or can(self.me, actions.ANSWER)):
            raise Forbidden(_("Your role does not include this here. Ask your branch manager."))
        return self.once(self._plan)

    def _plan(self) -> Response:
        given = self.body(bodies.PlanAuditSerializer)
        checklist = reading.published(self.me).filter(pk=given.pop("checklist")).first()
        edition = reading.present_edition(checklist) if checklist is not None else None
        if edition is None:
            words = _("Choose the checklist.")
            raise Refused.at("checklist", words)
        made = actions.plan(edition=edition, by=self.me, now=self.now, **given)
        return Response(self.data_of(made.pk), status=HTTPStatus.CREATED)


class OneAudit(OneDoor):
    @extend_schema(operation_id="audits_retrieve", responses=bodies.FullAuditSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One audit with its answers and findings."""
        return Response(self.data_of(pk))


class AuditAct(OneDoor):
    """One act on an audit; answers the audit."""

    given: ClassVar[type[Any]] = VersionedSerializer
    shown: ClassVar = bodies.FullAuditSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._done(pk))

    def _done(self, pk: int) -> Response:
        row = self.audit(pk)
        self.check(row)
        self.act(row, self.body(self.given))
        return Response(self.data_of(pk))

    def check(self, row: Audit) -> None:
        """Whether it is the caller's to do."""
        raise NotImplementedError

    def act(self, row: Audit, given: dict[str, Any]) -> None:
        raise NotImplementedError


class CarryOut(AuditAct):
    """Answer every item; what is not met is a finding, those of headquarters open orders."""

    given = bodies.CarryOutAuditSerializer

    def check(self, row: Audit) -> None:
        if not actions.may_carry_out(self.me, row):
            raise Forbidden(_("Only the auditor who was named carries it out."))

    def act(self, row: Audit, given: dict[str, Any]) -> None:
        answers = {each.pop("item"): Answer(**each) for each in given.pop("answers")}
        actions.carry_out(audit=row, answers=answers, by=self.me, now=self.now, **given)


class Cancel(AuditAct):
    """Call it off, with the reason."""

    given = bodies.AuditReasonSerializer

    def check(self, row: Audit) -> None:
        require(self.me, actions.ANSWER if row.kind == AuditKind.SELF else actions.RUN, row)

    def act(self, row: Audit, given: dict[str, Any]) -> None:
        actions.cancel(audit=row, by=self.me, now=self.now, **given)


class FindingOrder(AuditDoor):
    shown: ClassVar = bodies.FindingSerializer

    @extend_schema(request=None, responses=bodies.FindingSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """The finding's one work order, new or the one that exists."""
        return self.once(lambda: self._open(pk))

    def _open(self, pk: int) -> Response:
        finding = get_object_or_404(reading.findings(self.me), pk=pk)
        require(self.me, actions.OPEN_ORDER, finding)
        order = actions.open_order(finding=finding, by=self.me, now=self.now)
        finding.order = order
        return Response(shown(bodies.FindingSerializer, finding))
