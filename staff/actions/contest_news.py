"""What a contest tells: to those who run it, and to the branch."""

from datetime import datetime

from organisation import outbox
from organisation.access import ROLE_VERBS
from organisation.models import Importance, Person, Posting, Role
from organisation.roles import holders
from organisation.texts import named
from staff.contests import RUN
from staff.models import Contest, Plan

RUNNING = [role for role, verbs in ROLE_VERBS.items() if RUN in verbs]


def tell_runners(
    plan: Plan, title: str, by: Person, now: datetime, *, act: str = "submitted"
) -> None:
    """A plan waits for the word whether it qualifies, or was carried out."""
    at_headquarters = Posting.objects.filter(role__in=RUNNING, branch__parent=None)
    people = Person.objects.filter(is_active=True, postings__in=at_headquarters).distinct()
    _tell(plan, act, list(people), title, "", by, now)


def tell_branch(
    plan: Plan, act: str, title: str, words: str, by: Person | None, now: datetime
) -> None:
    """Who wrote the plan, its team, and the manager of the branch."""
    people: list[Person | None] = [plan.created_by]
    people += [member.person for member in plan.texts.latest("number").members.all()]
    _tell(plan, act, [*people, *holders(plan.branch, Role.BRANCH_MANAGER)], title, words, by, now)


def quarter_of(contest: Contest) -> dict[str, int]:
    """The quarter for a text: `year` and `quarter`."""
    year, _letter, quarter = contest.period.partition("-Q")
    return {"year": int(year), "quarter": int(quarter)}


def _tell(
    plan: Plan,
    act: str,
    to: list[Person | None] | list[Person],
    title: str,
    words: str,
    by: Person | None,
    now: datetime,
) -> None:
    outbox.put(
        key=f"contest-plan:{plan.pk}:{act}:{plan.version}",
        to=to,
        text="contest_plan",
        context={
            "act": act,
            "title": title,
            "branch": named(plan.branch),
            "by": by.name if by else "",
            "words": words,
        },
        importance=Importance.REMINDER,
        path=f"/staff/contest/plans/{plan.pk}/",
        now=now,
        apart_from=by,
    )
