"""Who may see and do what. Nothing else in the project decides this.

`ROLE_VERBS` is the whole table. A posting gives its role's verbs over its branch and all below it.
"""

from collections.abc import Iterable
from functools import reduce
from hashlib import sha256
from operator import or_
from typing import Any, NamedTuple, TypeVar, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden
from csm.kit.queries import Among
from organisation.models import Branch, Person, Posting, Role
from organisation.models.branch import in_language
from organisation.scope import Scope

M = TypeVar("M", bound=Model)
# So many branches have few rows; those of more are found sooner by walking along the order.
FEW_BRANCHES = 5

SEE = frozenset(
    {"complaint.see", "work_order.see", "customer.see", "branch.see", "person.see", "ranking.see"}
    | {"notice.see", "assessment.see", "supplier.see", "item.see", "survey.see"}
    | {"incentive.see", "audit.see", "report.subscribe"}
)
STAFF = SEE | {
    "complaint.note",
    "complaint.urge",
    "complaint.log",
    "customer.edit",
    "customer.reveal",
    "phrase.edit",
    "recovery.give",
    "contest.write",
}
FOR_CUSTOMER = {"complaint.follow", "complaint.challenge"}
HANDLING = STAFF | {
    "complaint.accept",
    "complaint.apologise",
    "complaint.answer",
    "work_order.write",
    "complaint.pause",
    "complaint.ask_waiver",
    "supplier.add",
    "notice.opine",
    "notice.acknowledge",
    "lesson.answer",
    "improvement.request",
    "micro_report.write",
}
# What an assessment says of a person is not for colleagues.
PRIVATE = frozenset({"assessment.see_personal"})
# Whole segments of customers are written to.
NOTIFYING = frozenset({"customer.notify"})
# Points of others are seen by those who give them; so is the award fund.
# Customers go from one account manager to another.
HANDING_OVER = frozenset({"customer.hand_over"})
GIVING = frozenset({"points.see", "points.give", "thanks.note", "redemption.hand_over", "fund.see"})
REWARDING = frozenset({"redemption.decide"})
# The first months of new people are theirs, their mentor's, their manager's and HR's.
INDUCTING = frozenset({"induction.see", "induction.plan"})
PROPOSING = PRIVATE | {"assessment.propose"}
# Whom customers elect: prepared by some, decided by others.
ELECTING = frozenset({"star.edit", "star.nominate"})
# The two named roles of the report line: only they learn who reported something (T-17).
TIPS = frozenset({"tip.handle", "tip.identity"})
SUPPLIERS = frozenset({"supplier.add", "supplier.edit", "accountability.write"})
QUALITY = HANDLING | {
    "complaint.triage",
    "complaint.assign",
    "complaint.transfer",
    "complaint.invalidate",
    "complaint.reopen",
    "complaint.close",
    "complaint.merge",
    "complaint.correct_receipt",
    "complaint.waive",
    "callback.record",
    "customer.merge",
    "work_order.confirm",
    *PROPOSING,
    *SUPPLIERS,
    "knowledge.answer",
    "work_order.open",
    "item.record",
    "survey.enter",
    "work_order.annul",
    "improvement.edit",
    "thanks.note",
}

ROLE_VERBS: dict[str, frozenset[str]] = {
    Role.ADMINISTRATOR: SEE
    | {"settings.see", "branch.edit", "person.edit", "category.edit", "calendar.edit"}
    | {"view.share", "phrase.edit", "phrase.share"}
    | {"complaint.import", "period.close", "operations.see", "policy.see", "policy.edit"}
    | {"absence.edit", "numbering.see", "numbering.edit", "template.edit"}
    | {"assessment_rule.edit", "supplier.add", "supplier.edit"}
    | {"recovery.edit", "delay_price.edit", "promise.edit", "points.edit"}
    | {"fund.see", "fund.edit"}
    | {"satisfaction.edit", "access.see", "customer.import", "customer.rules"}
    | {"ranking.rules"},
    Role.QUALITY_MANAGER: QUALITY
    | HANDING_OVER
    | NOTIFYING
    | ELECTING
    | {"complaint.import", "customer.import", "phrase.share", "view.share"}
    | {"period.close", "operations.see", "policy.see"}
    | {"notice.write", "notice.publish", "numbering.see"}
    | {"challenge.answer", "survey.edit", "contest.run", "micro_report.review"}
    | {"period.dispute", "period.decide"}
    | {"access.see", "customer.privacy", "customer.erase"},
    Role.QUALITY_SPECIALIST: QUALITY,
    Role.SERVICE_FUNCTION: STAFF
    | ELECTING
    | NOTIFYING
    | PROPOSING
    | SUPPLIERS
    | {"complaint.import", "item.record", "recovery.edit", "promise.edit"}
    | {"improvement.request", "improvement.edit", "knowledge.answer", "training.edit"}
    | {"survey.edit", "survey.enter", "contest.run"}
    | GIVING,
    Role.SERVICE_DIRECTOR: STAFF
    | HANDING_OVER
    | NOTIFYING
    | {"star.decide", "customer.judge", "customer.rules", "customer.file", "period.decide"}
    | {"task_force.edit"}
    | PRIVATE
    | GIVING
    | REWARDING
    | {"complaint.assign", "complaint.transfer", "complaint.reopen", "complaint.waive"}
    | {"assessment.decide", "recovery.decide", "challenge.answer"},
    Role.GENERAL_MANAGER: STAFF
    | {"star.decide", "task_force.edit"}
    | PRIVATE
    | GIVING
    | REWARDING
    | {"fund.edit"}
    | {"complaint.waive", "assessment.decide_removal", "assessment.finish"}
    | {"recovery.decide"}
    | {"satisfaction.words", "scorecard.see", "scorecard.answer"},
    Role.HUMAN_RESOURCES: SEE
    | TIPS
    | ELECTING
    | PRIVATE
    | GIVING
    | REWARDING
    | {"points.edit", "fund.edit", "contest.run"}
    | {"assessment.decide_removal", "assessment.finish", "numbering.see", "improvement.edit"}
    | {
        "satisfaction.edit",
        "satisfaction.words",
        "scorecard.see",
        "scorecard.edit",
        "scorecard.answer",
    }
    | INDUCTING
    | {"induction.confirm", "training.edit", "account_review.see", "account_review.decide"},
    Role.FRONT_DESK: STAFF | {"complaint.apologise", "survey.enter"},
    Role.HANDLER: HANDLING,
    Role.BRANCH_MANAGER: HANDLING
    | HANDING_OVER
    | NOTIFYING
    | {"star.nominate", "customer.judge", "customer.file", "period.dispute"}
    | PROPOSING
    | GIVING
    | {"assessment.appeal", "audit.answer", "micro_report.arrange"}
    | {"phrase.share", "complaint.assign", "complaint.transfer", "absence.edit", "customer.merge"}
    | INDUCTING
    | {"scorecard.see", "training.edit", "account_review.see"},
    Role.ACCOUNT_MANAGER: STAFF
    | FOR_CUSTOMER
    | {"item.record", "survey.enter", "customer.judge", "customer.file"},
    Role.CUSTOMER_REPRESENTATIVE: SEE
    | FOR_CUSTOMER
    | {"complaint.note", "complaint.urge", "phrase.edit"},
    Role.REVIEWER: frozenset({"ranking.see", "incentive.see", "contest.judge"}),
    Role.MENTOR: frozenset({"ranking.see", "incentive.see"}),
    Role.AUDITOR: SEE
    | TIPS
    | {"audit.run", "work_order.open"}
    | PRIVATE
    | {"numbering.see", "fund.see", "access.see"},
    Role.EXECUTIVE: SEE | PRIVATE | {"fund.see"} | {"satisfaction.words"},
}
VERBS = frozenset().union(*ROLE_VERBS.values())


def postings(person: Person) -> list[Posting]:
    """The person's postings with their branches, read once per person object."""
    known: list[Posting] | None = getattr(person, "_postings", None)
    if known is None:
        known = list(Posting.objects.filter(person=person).select_related("branch"))
        person._postings = known  # type: ignore[attr-defined]
    return known


def verbs(person: Person) -> set[str]:
    """Every verb the person has anywhere."""
    return {verb for posting in postings(person) for verb in ROLE_VERBS[posting.role]}


def has_role(person: Person, *roles: str) -> bool:
    return any(posting.role in roles for posting in postings(person))


def reach(person: Person, verb: str) -> list[str]:
    """Paths of the branches over which the person has the verb; what lies below is included."""
    return [posting.branch.path for posting in postings(person) if verb in ROLE_VERBS[posting.role]]


def units(person: Person, verb: str) -> list[int]:
    """Ids of the branches where the person is posted with the verb: those they speak for."""
    held = postings(person) if person.is_active else []
    speaking = (each.branch_id for each in held if verb in ROLE_VERBS[each.role])
    return list(dict.fromkeys(speaking))


def branches(person: Person, verb: str) -> QuerySet[Branch]:
    """The branches over which the person has the verb."""
    covered = Q(pk__in=())
    for path in reach(person, verb):
        covered |= Q(path__startswith=path)
    return Branch.objects.filter(covered)


class Place(NamedTuple):
    """A branch, as far as boxes and conditions need it."""

    pk: int
    code: str
    name: str
    name_en: str
    path: str
    level: str

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)


def places(person: Person, verb: str) -> list[Place]:
    """The branches over which the person has the verb, in the order of the tree.

    Read once per person object: a page asks for them again and again.
    """
    known: dict[tuple[str, ...], list[Place]] = person.__dict__.setdefault("_places", {})
    paths = tuple(reach(person, verb))
    if paths not in known:
        rows = branches(person, verb).values_list(*Place._fields) if paths else ()
        known[paths] = [Place(*row) for row in rows]
    return known[paths]


def branch_ids(person: Person, verb: str) -> list[int]:
    """The same as ids."""
    return [place.pk for place in places(person, verb)]


def sees_everything(person: Person, verb: str) -> bool:
    """True when a posting at the headquarters gives the verb: no branch needs to be named."""
    return any(
        posting.branch.parent_id is None and verb in ROLE_VERBS[posting.role]
        for posting in postings(person)
    )


def sees_few(person: Person, verb: str) -> bool:
    """True when the verb reaches a few branches only."""
    return not sees_everything(person, verb) and len(branch_ids(person, verb)) <= FEW_BRANCHES


def visible(model: type[M], person: Person, *, through: str | None = None) -> QuerySet[M]:
    """The rows of a scoped model that the person may see; without postings, only their own.

    `through` narrows to one of the model's paths, so that a list keeps to one index. Branches are
    resolved first and given as ids: that is what lets PostgreSQL choose the right index.
    """
    scope = cast(Scope, model.SCOPE)  # type: ignore[attr-defined]
    rows = model._default_manager.all()
    if not person.is_active:
        return rows.none()
    of_branches = [path for path in scope.branches if through in (None, path)]
    of_people = [path for path in scope.people if through in (None, path)]
    if of_branches and sees_everything(person, scope.personal_verb or scope.verb):
        return rows
    ways = [_in_branches(model, person, scope.verb, of_branches)]
    if scope.personal_verb:
        names_nobody = Q(**{f"{path}__isnull": True for path in scope.people})
        ways = [
            ways[0] & names_nobody,
            _in_branches(model, person, scope.personal_verb, of_branches),
        ]
    are_few = bool(of_branches) and sees_few(person, scope.verb)
    ways += [_rows_of(model, path, [person.pk], are_few=are_few) for path in of_people]
    return rows.filter(reduce(or_, ways))


def _in_branches(model: type[Model], person: Person, verb: str, paths: list[str]) -> Q:
    """The rows of the branches over which the person has the verb."""
    nothing = Q(pk__in=())
    if not paths:
        return nothing
    if sees_everything(person, verb):
        return ~nothing
    ids, are_few = branch_ids(person, verb), sees_few(person, verb)
    ways = (_rows_of(model, path, ids, are_few=are_few) for path in paths)
    return reduce(or_, ways, nothing)


def _rows_of(model: type[Model], path: str, ids: list[int], *, are_few: bool) -> Q:
    """Rows whose `path` is one of `ids`; a to-many path as a subquery, so no row comes twice.

    Few rows are named by their keys: then each side of an OR has an index, and PostgreSQL need not
    read the whole table.
    """
    if "__" in path:
        keys = model._default_manager.filter(**{f"{path}__in": ids}).values("pk")
        return Q(Among("pk", ArraySubquery(keys))) if are_few else Q(pk__in=keys)
    return Q(**{f"{path or 'pk'}__in": ids})


def visible_or_404(model: type[M], person: Person, **lookup: Any) -> M:
    """One row that the person may see; unseen and absent look alike."""
    if any("\0" in value for value in lookup.values() if isinstance(value, str)):
        # No row has it, and PostgreSQL refuses to look for it.
        raise Http404
    return get_object_or_404(visible(model, person), **lookup)


def can(person: Person, verb: str, record: Model | None = None) -> bool:
    """True when the person has the verb over any branch of the record (anywhere, without one)."""
    if not person.is_active:
        return False
    paths = reach(person, verb)
    if record is None:
        return bool(paths)
    return any(place.startswith(path) for place in _places(record) for path in paths)


def require(by: Person | None, verb: str, record: Model | None = None) -> None:
    """The first line of an action. `by` None is the system itself."""
    if by is not None and not can(by, verb, record):
        raise Forbidden(_("Your role does not include this here. Ask your branch manager."))


def require_everywhere(by: Person | None, verb: str) -> None:
    """For what the whole company shares: the right must come from a posting at the headquarters."""
    if by is not None and not (by.is_active and sees_everything(by, verb)):
        raise Forbidden(_("Your role does not include this here. Ask your branch manager."))


def print_of_rights(person: Person) -> str:
    """A fingerprint of all that the person's postings give; it changes when any of them does."""
    held = sorted((posting.branch.path, posting.role) for posting in postings(person))
    return sha256(repr((person.is_active, held)).encode()).hexdigest()


def _places(record: Model) -> Iterable[str]:
    scope = cast(Scope, record.SCOPE)  # type: ignore[attr-defined]
    # What a record is only told to, through another table, gives no right over it.
    for path in scope.branches:
        if "__" in path:
            continue
        branch = getattr(record, path) if path else record
        if isinstance(branch, Branch):
            yield branch.path
