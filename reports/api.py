"""Rankings for programs. Visible to everybody who is signed in, as on the page."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.showing import shown
from csm.kit.periods import Period
from organisation.access import require_everywhere
from organisation.api.doors import Door
from organisation.models import Level
from reports import asking, standings
from reports.actions import rules
from reports.models import RankingRule
from reports.places import LEVELS
from reports.serializers import (
    GivenRankingRuleSerializer,
    RankingRuleVersionSerializer,
    RankingSerializer,
)

MOST_VERSIONS = 100


class Ranking(Door):
    @extend_schema(
        operation_id="rankings_retrieve",
        parameters=[
            OpenApiParameter(
                "period",
                OpenApiTypes.STR,
                OpenApiParameter.PATH,
                description="An ISO week (2026-W47) or a month (2026-11) of the company's zone.",
            ),
            OpenApiParameter("level", enum=LEVELS, default=Level.BRANCH),
            OpenApiParameter(
                "revision", OpenApiTypes.INT, description="Of a frozen ranking; else the latest."
            ),
        ],
        responses=RankingSerializer,
    )
    def get(self, request: Request, period: str) -> Response:
        """The ranking of branches or regions: the frozen one of a closed period, else computed."""
        chosen, level = _period(period), _level(request.query_params.get("level", Level.BRANCH))
        standing = asking.standing(request.query_params, chosen, level=level, now=self.now)
        return Response(RankingSerializer(standing).data)


class RankingRules(Door):
    @extend_schema(
        operation_id="ranking_rules_list", responses=RankingRuleVersionSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """The weights, floors and targets of the ranking, the newest version first."""
        return Response([_version(row) for row in RankingRule.objects.all()[:MOST_VERSIONS]])

    @extend_schema(
        operation_id="ranking_rules_create",
        request=GivenRankingRuleSerializer,
        responses={201: RankingRuleVersionSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make the next version; it holds for weeks and months that start after it."""
        require_everywhere(self.me, rules.EDIT)
        return self.once(self._revise)

    def _revise(self) -> Response:
        given = self.body(GivenRankingRuleSerializer)
        parts = {name: rules.PartRule(**part) for name, part in given["parts"].items()}
        row = rules.revise(parts=parts, seen=given["seen"], by=self.me, now=self.now)
        return Response(_version(row), status=status.HTTP_201_CREATED)


def _version(row: RankingRule) -> dict[str, Any]:
    return shown(RankingRuleVersionSerializer, {**row.as_rule(), "created_at": row.created_at})


def _period(key: str) -> Period:
    try:
        return standings.period_of(key)
    except ValueError:
        sentence = _("Name a week such as 2026-W47 or a month such as 2026-11.")
        raise ValidationError({"period": [sentence]}) from None


def _level(level: str) -> str:
    if level not in LEVELS:
        raise ValidationError({"level": [_("Choose branch or region.")]})
    return level
