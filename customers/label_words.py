"""A label in words: the rule, its figures, until when (PIPL: a judgement can be explained)."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from csm.kit import money
from customers.models import Kind, Label, LabelKind, Quadrant, Stage, Tier, ValueRule

NAMES = {
    LabelKind.TIER: dict(Tier.choices),
    LabelKind.STAGE: dict(Stage.choices),
    LabelKind.QUADRANT: dict(Quadrant.choices),
}


def kind(label: Label) -> str:
    """What it judges. Beside a company's grade, which people give, stands its tier by value."""
    if label.kind == LabelKind.TIER and label.customer.kind == Kind.COMPANY:
        return _("Tier by value")
    return str(label.get_kind_display())


def name(label: Label) -> str:
    return str(NAMES[LabelKind(label.kind)].get(label.value, label.value))


def before(label: Label) -> str:
    """What it was; empty for the first."""
    return str(NAMES[LabelKind(label.kind)].get(label.previous, ""))


def why(label: Label) -> str:
    """Why we say so."""
    if label.by_hand:
        return label.reason
    found = label.evidence
    if label.kind == LabelKind.TIER:
        words = _("Value index %(index)s of 5 at the end of the month, %(on)s; rule F-09, version "
                  "%(rule)d.")  # fmt: skip
        given = {"index": found["index"], "on": found["on"], "rule": label.rule_number}
        more = _("The figures gave less this month; the tier falls after a second one.")
        return _both(words % given, more) if found.get("lower") else words % given
    if label.kind == LabelKind.QUADRANT:
        return _quadrant(label)
    words = _("Revenue of 90 days %(revenue)s, of the 90 days before %(before)s; last shipment "
              "%(last)s; rule K-04, version %(rule)d.")  # fmt: skip
    return words % {
        "revenue": money.words(Decimal(str(found["revenue"]))),
        "before": money.words(Decimal(str(found["before"]))),
        "last": date.fromisoformat(found["last_on"]),
        "rule": label.rule_number,
    }


def _quadrant(label: Label) -> str:
    found = label.evidence
    words = _("Index of satisfaction %(index)d of 100 on %(on)s; rule F-11, version %(rule)d.")
    spoke = (
        _("Last complaint or comment on %(on)s.") % {"on": found["spoke_on"]}
        if found["spoke_on"]
        else _("No complaint and no comment is known.")
    )
    given = {"index": found["index"], "on": found["on"], "rule": label.rule_number}
    return _both(words % given, spoke)


def _both(first: str, second: str) -> str:
    return pgettext("two sentences", "%(first)s %(second)s") % {"first": first, "second": second}


def proposed_grade(rule: ValueRule, revenue: Decimal) -> str:
    """That of the highest limit that the revenue of 90 days reaches (K-02); empty: no rule."""
    reached = [(limit, grade) for grade, limit in rule.grades.items() if revenue >= limit]
    return max(reached)[1] if reached else ""


def strategy(stage: str) -> str:
    """What to do at a stage (K-04); empty without one."""
    return {
        Stage.ACQUISITION: _("Win trust: keep every promise, ask after the first shipments."),
        Stage.GROWTH: _("Make a customer of high value of this one: more routes, more volume."),
        Stage.MATURITY: _("Sell what goes with it, and reward loyalty."),
        Stage.DECLINE: _("Ask why, mend it, and make an offer to stay."),
        Stage.LEFT: _("Ask for the reason in an exit interview; win back if it is ours."),
    }.get(Stage(stage), "") if stage else ""  # fmt: skip
