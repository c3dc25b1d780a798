"""The notices (通报): drafting, the list, one notice, and its acts."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from complaints import serializers as bodies
from complaints.actions import notice_offers, notices, opinions
from complaints.api.parameters import NOTICES
from complaints.models import Notice
from complaints.notice_list import NoticeFilter
from complaints.notice_units import known_copies, known_opinions
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from csm.kit.errors import NotOpen
from organisation.access import require, units, visible_or_404
from organisation.api.doors import Door
from organisation.models import Branch


class NoticeDoor(Door):
    """What the calls on notices share."""

    def data(self, pk: int) -> dict[str, Any]:
        """All of a notice that the caller was let to, and that is theirs to know."""
        notice = (
            with_references(Notice.objects.filter(pk=pk))
            .select_related("created_by", "published_by", "withdrawn_by")
            .prefetch_related(Prefetch("addressees", to_attr="shown_addressees"))
            .get()
        )
        notice.shown_opinions = list(known_opinions(notice, self.me))  # type: ignore[attr-defined]
        notice.shown_copies = list(known_copies(notice, self.me))  # type: ignore[attr-defined]
        allowed = notice_offers.open_to(notice, self.me, now=self.now)
        return shown(bodies.NoticeSerializer, notice, allowed=allowed)

    def body_of(self, kind: type[Serializer[Any]]) -> dict[str, Any]:
        """The body, checked."""
        body = kind(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        found: dict[str, Any] = body.validated_data
        return found


def with_references(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    return rows.select_related("issuing_branch", "complaint", "corrects")


class Notices(NoticeDoor):
    @extend_schema(
        operation_id="notices_list",
        parameters=[*NOTICES, *PAGES],
        responses=page_of(bodies.NoticeRowSerializer),
    )
    def get(self, request: Request) -> Response:
        """The notices that the caller sees, newest first."""
        found = NoticeFilter(request.query_params, person=self.me, now=self.now)
        if not found.is_valid():
            raise ValidationError({name: list(words) for name, words in found.errors.items()})
        page = keyset.page(
            with_references(found.qs),
            order=("-created_at", "-pk"),
            params=request.query_params,
            size=size_of(request),
        )
        kind = bodies.NoticeRowSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)

    @extend_schema(request=bodies.NewNoticeSerializer, responses={201: bodies.NoticeSerializer})
    def post(self, request: Request) -> Response:
        """Draft a notice: about a complaint, an order, or neither."""
        require(self.me, "notice.write")
        return self.once(self._draft)

    def _draft(self) -> Response:
        given = self.body_of(bodies.NewNoticeSerializer)
        given.setdefault("issuing_branch", self._own_unit())
        if given["issuing_branch"] is None:
            raise ValidationError({"issuing_branch": [_("Choose the issuing unit.")]})
        made = notices.draft(by=self.me, now=self.now, **given)
        return Response(self.data(made.pk), status=status.HTTP_201_CREATED)

    def _own_unit(self) -> Branch | None:
        own = list(Branch.objects.filter(pk__in=units(self.me, "notice.write"))[:2])
        return own[0] if len(own) == 1 else None


class NoticeAct(NoticeDoor):
    """One act on a notice; answers the notice."""

    given: ClassVar[type[Serializer[Any]]]
    act: Callable[..., Any]

    def run(self, pk: int) -> Notice:
        """What the act gives, or the notice; a refused one names what is open."""
        notice: Notice = visible_or_404(Notice, self.me, pk=pk)
        notice_offers.check(notice, self.act_name, by=self.me)
        try:
            made = type(self).act(
                notice=notice, by=self.me, now=self.now, **self.body_of(self.given)
            )
        except NotOpen as refusal:
            refusal.allowed = notice_offers.open_to(notice, self.me, now=self.now)
            raise
        return made or notice

    act_name: ClassVar[str]


class OneNotice(NoticeAct):
    given = bodies.NoticeWordsSerializer
    act = staticmethod(notices.save)
    act_name = "save"

    @extend_schema(operation_id="notices_retrieve", responses=bodies.NoticeSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """All of a notice. Opinions and copies: all for the issuing unit, else one's own."""
        return Response(self.data(visible_or_404(Notice, self.me, pk=pk).pk))

    @extend_schema(request=bodies.NoticeWordsSerializer, responses=bodies.NoticeSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change a draft (`save` in `allowed`)."""
        return Response(self.data(self.run(pk).pk))


class PostedAct(NoticeAct):
    shown: ClassVar = bodies.NoticeSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: Response(self.data(self.run(pk).pk)))


class Consult(PostedAct):
    """Ask units for their opinion; silence until the deadline is no opinion."""

    given = bodies.ConsultSerializer
    act = staticmethod(opinions.consult)
    act_name = "consult"


class GiveOpinion(PostedAct):
    """Of the caller's own unit: once, and not after the deadline."""

    given = bodies.GiveOpinionSerializer
    act = staticmethod(opinions.give)
    act_name = "opinion"


class Publish(PostedAct):
    """Gives the number; not while an opinion may still come."""

    given = bodies.VersionedSerializer
    act = staticmethod(notices.publish)
    act_name = "publish"


class Acknowledge(PostedAct):
    """For the caller's own branch."""

    given = bodies.AcknowledgeSerializer
    act = staticmethod(opinions.acknowledge)
    act_name = "acknowledge"


class Withdraw(PostedAct):
    """With the reason; a number that was given stays its own."""

    given = bodies.ReasonSerializer
    act = staticmethod(notices.withdraw)
    act_name = "withdraw"


class Correct(PostedAct):
    """Answers the draft that corrects it: new, or the one that is at work already."""

    given = bodies.VersionedSerializer
    act = staticmethod(notices.correct)
    act_name = "correct"
