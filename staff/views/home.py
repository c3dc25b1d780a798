"""What the programme asks of a person, and the way to every part of it, as far as they may."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from csm.kit import clock
from csm.kit.htmx import page
from organisation.access import can, require
from organisation.doors import me
from organisation.models import Person
from staff import reading
from staff.agenda import agenda

SEE = "incentive.see"


@dataclass(frozen=True)
class Place:
    """A part of the incentives."""

    url_name: str
    label: Promise
    text: Promise
    verb: str = SEE

    def is_open_to(self, person: Person) -> bool:
        return can(person, self.verb)


# By what somebody comes for, what asks for something every week first.
PARTS: tuple[tuple[Promise, tuple[Place, ...]], ...] = (
    (
        _("Every week"),
        (
            Place(
                "micro-reports",
                _("Micro-report"),
                _("A true story every week, from each branch in turn"),
            ),
            Place("awareness", _("Awareness"), _("How well each branch knows the stories")),
        ),
    ),
    (
        _("Points and rewards"),
        (
            Place("points", _("My points"), _("What I earned, for what, and what was taken back")),
            Place("points-board", _("Leaderboard"), _("Who earned most, by branch and period")),
            Place("thanks", _("Thanked by customers"), _("Whom customers named, and for what")),
            Place("rewards", _("Rewards"), _("What points can be turned into")),
            Place("redemptions", _("Redemptions"), _("What was asked for, and what became of it")),
            Place(
                "fund", _("Award fund"), _("What this quarter has, and what is left"), "fund.see"
            ),
            Place("points-give", _("Give points"), _("At once, with a reason"), "points.give"),
            Place(
                "point-rules",
                _("Rules of points"),
                _("What is rewarded, how much, and up to where"),
            ),
        ),
    ),
    (
        _("Contest and star"),
        (
            Place(
                "contest",
                _("Contest: my service, my decision"),
                _("Plans of the branches each quarter, marks, winners"),
            ),
            Place(
                "contest-reviews",
                _("Review group"),
                _("Plans that wait for my marks"),
                "contest.judge",
            ),
            Place("practices", _("Good practice"), _("What others did well, for everybody")),
            Place(
                "stars", _("Service star"), _("Whom customers choose each quarter by their stories")
            ),
        ),
    ),
    (
        _("Learning and growing"),
        (
            Place(
                "expert-questions",
                _("Knowledge base"),
                _("What experts answered, and questions to them"),
            ),
            Place("courses", _("Training"), _("Courses, sessions, tests, and what they change")),
            Place(
                "inductions",
                _("New people and mentors"),
                _("Plans of the first months, steps and assessments"),
            ),
            Place(
                "account-managers",
                _("Account managers"),
                _("Results and customers' rating of a quarter"),
                "account_review.see",
            ),
            Place(
                "account-reviews",
                _("Decisions on account managers"),
                _("About me, and those I manage"),
            ),
        ),
    ),
    (
        _("How it is lived"),
        (
            Place(
                "first-contact",
                _("First-contact audit"),
                _("Whether the first one asked kept it until it was answered"),
                "audit.see",
            ),
            Place(
                "audits",
                _("Audits"),
                _("What is planned, what was carried out, what was found"),
                "audit.see",
            ),
            Place(
                "report-line", _("Report line"), _("Tell of what is not as it should be, protected")
            ),
            Place(
                "typical-cases",
                _("Typical cases"),
                _("What is to be learnt from what was reported"),
            ),
        ),
    ),
    (
        _("How a quarter went"),
        (
            Place(
                "satisfaction",
                _("Staff satisfaction"),
                _("Asked without names, beside what customers say"),
            ),
            Place("scorecards", _("Scorecards"), _("How a quarter went, explained line by line")),
            Place(
                "task-forces",
                _("Task force"),
                _("What each department does for satisfied customers"),
            ),
        ),
    ),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, SEE)
    context = {
        "agenda": agenda(person, now=clock.now()),
        "parts": [(label, found) for label, rows in PARTS if (found := _open(rows, person))],
        "balance": reading.balance(person),
    }
    return page(request, "staff/home.html", context)


def _open(places: tuple[Place, ...], person: Person) -> list[Place]:
    return [place for place in places if place.is_open_to(person)]
