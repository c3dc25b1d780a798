"""Who can be drawn for a survey, and who is left out for which reason (S-02, S-18).

One statement over all customers. The draw and the preview of it count by the same rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers import segments
from customers.models import ContactPoint, Grade, Segment, Stage, Tier
from organisation.models import Branch
from surveys.models import Method, Survey

PARTS = ("tiers", "grades", "kinds", "stages", "branches", "segments")
# Through what a customer is reached, by method. The other methods have no sample.
REACHED_BY: Mapping[str, str] = {
    Method.ONLINE: ContactPoint.Kind.EMAIL,
    Method.PHONE: ContactPoint.Kind.PHONE,
    Method.INTERVIEW: ContactPoint.Kind.PHONE,
}
CALLED = (Method.PHONE, Method.INTERVIEW)
# A customer with several reasons counts under the first.
EXCLUDED: Mapping[str, Promise] = {
    "unreachable": _("Without the address or number that this takes"),
    "declined": _("Do not wish to be asked"),
    "cooled": _("Asked a short time ago"),
}
STRATA: Mapping[str, Any] = dict([*Tier.choices, *Grade.choices, *Stage.choices])


def stratum_words(code: str) -> str:
    """A stratum as a reader names it; branches by their code."""
    return str(STRATA.get(code, code)) or gettext("none given")


@dataclass(frozen=True)
class Frame:
    """Numbers of customers: who can be drawn by stratum code, who is left out by reason."""

    strata: dict[str, int]
    excluded: dict[str, int]

    @property
    def size(self) -> int:
        return sum(self.strata.values())

    @property
    def matching(self) -> int:
        return self.size + sum(self.excluded.values())


def frame_of(survey: Survey, *, now: datetime) -> Frame:
    """The frame of a survey, which need not be saved yet."""
    with connection.cursor() as cursor:
        cursor.execute(FRAME + COUNTS, parameters(survey, now))
        rows = cursor.fetchall()
    excluded = dict.fromkeys(EXCLUDED, 0)
    strata: dict[str, int] = {}
    for reason, stratum, count in rows:
        if reason:
            excluded[reason] += count
        else:
            strata[stratum] = count
    return Frame(strata, excluded)


def parameters(survey: Survey, now: datetime) -> dict[str, Any]:
    """What `FRAME` takes."""
    frame = {name: list(survey.frame.get(name, ())) for name in PARTS}
    return frame | {
        "members": _members(frame["segments"], now),
        "places": _places(survey, frame["branches"]),
        "point": REACHED_BY.get(survey.method, ""),
        "stratum": survey.stratum,
        "since": now - timedelta(days=survey.cool_down_days),
        "only": None,
    }


def _members(numbers: list[str], now: datetime) -> list[int] | None:
    """Customers of any of these segments; None where none is named. A deleted one has nobody."""
    if not numbers:
        return None
    found: set[int] = set()
    for segment in Segment.objects.filter(pk__in=numbers).select_related("branch"):
        rows = segments.members(segment, today=timezone.localdate(now))
        found.update(rows.values_list("pk", flat=True))
    return sorted(found)


def _places(survey: Survey, codes: list[str]) -> list[int]:
    """The branches below the survey's own; of those, the chosen ones with all below them."""
    own = Branch.objects.filter(path__startswith=survey.branch.path)
    if not codes:
        return list(own.values_list("pk", flat=True))
    paths = tuple(own.filter(code__in=codes).values_list("path", flat=True))
    rows = own.values_list("pk", "path")
    return [pk for pk, path in rows if paths and path.startswith(paths)]


# A condition with an empty list holds for everybody. Tiers are of persons, grades of companies: who
# asks for both asks for either. The address or number is that of the main contact before others.
# `only`: of these customers alone, NULL: of all.
FRAME = """
WITH reached AS MATERIALIZED (
    SELECT DISTINCT ON (c.customer_id) c.customer_id, p.value
    FROM customers_contact c
    JOIN customers_contactpoint p ON p.contact_id = c.id AND p.kind = %(point)s
    WHERE %(only)s::bigint[] IS NULL OR c.customer_id = ANY(%(only)s::bigint[])
    ORDER BY c.customer_id, c.is_primary DESC, c.id, p.id
),
frame AS MATERIALIZED (
    SELECT k.id, k.home_branch_id, k.tier, k.grade, k.stage, r.value,
           CASE %(stratum)s WHEN 'tier' THEN k.tier || k.grade WHEN 'stage' THEN k.stage
                            WHEN 'branch' THEN b.code ELSE '' END AS stratum,
           CASE WHEN r.value IS NULL THEN 'unreachable'
                WHEN k.declines_surveys_at IS NOT NULL THEN 'declined'
                WHEN EXISTS (SELECT FROM surveys_invitation i
                             WHERE i.customer_id = k.id AND i.created_at > %(since)s)
                  OR f.last_cared_at > %(since)s THEN 'cooled'
                ELSE '' END AS excluded
    FROM customers_customer k
    JOIN organisation_branch b ON b.id = k.home_branch_id
    LEFT JOIN reached r ON r.customer_id = k.id
    LEFT JOIN customers_customerfacts f ON f.customer_id = k.id
    WHERE (%(only)s::bigint[] IS NULL OR k.id = ANY(%(only)s::bigint[]))
      AND (%(members)s::bigint[] IS NULL OR k.id = ANY(%(members)s::bigint[]))
      AND k.home_branch_id = ANY(%(places)s::bigint[])
      AND (cardinality(%(tiers)s::text[]) + cardinality(%(grades)s::text[]) = 0
           OR k.tier = ANY(%(tiers)s::text[]) OR k.grade = ANY(%(grades)s::text[]))
      AND (cardinality(%(kinds)s::text[]) = 0 OR k.kind = ANY(%(kinds)s::text[]))
      AND (cardinality(%(stages)s::text[]) = 0 OR k.stage = ANY(%(stages)s::text[]))
)
"""
COUNTS = "SELECT excluded, stratum, count(*) FROM frame GROUP BY excluded, stratum"
