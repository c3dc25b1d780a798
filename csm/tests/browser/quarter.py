"""A company for the replay of a quarter, whose people go through the doors at stated moments."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client

from csm.tests.browser.conftest import PASSWORD, Company
from csm.tests.mailbox import Mailbox
from csm.tests.stated import StatedClock
from organisation.factories import PersonFactory
from organisation.models import Branch, Message, Person, Role
from organisation.tasks import deliver_letters
from staff.factories import QUESTIONS
from staff.models import MicroReport, Turn
from staff.star_factories import words
from staff.tasks import run_programme, settle_points

DAY, HOUR, WEEK = timedelta(days=1), timedelta(hours=1), timedelta(weeks=1)
AHEAD = 3 * WEEK
DONE = (200, 302, 303)
STORY = {
    "story": "司机在雨中等了四个小时，直到货物签收。",
    "tone": "positive",
    "layer": "heart",
    "realm": "family",
}
ASKED = {
    f"question_{place}{part}": value
    for place, question in enumerate(QUESTIONS, start=1)
    for part, value in (
        ("", question.text), ("_right", question.right), ("_wrong", question.wrong),
        ("_wrong_too", question.wrong_too),
    )
}  # fmt: skip
RIGHT = {f"question_{place}": question.right for place, question in enumerate(QUESTIONS, start=1)}
WRONG = {f"question_{place}": question.wrong for place, question in enumerate(QUESTIONS, start=1)}


def shanghai(day: date, hour: float = 10) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + (hour - 8) * HOUR


@dataclass
class Quarter:
    """`people` by what they are; those of branches by its code, too, as in "manager SZ"."""

    company: Company
    clock: StatedClock
    smtp: Mailbox
    people: dict[str, Person]
    clients: dict[int, Client] = field(default_factory=dict)

    def as_(self, person: Person) -> Client:
        if person.pk not in self.clients:
            self.clients[person.pk] = Client(headers={"accept-language": "en"})
            self.clients[person.pk].force_login(person)
        return self.clients[person.pk]

    def reads(self, who: str, url: str) -> str:
        """What the page says."""
        answer = self.as_(self.people[who]).get(url)
        assert answer.status_code == 200, (who, url, answer.status_code)
        return words(answer.content.decode())

    def does(self, who: str, url: str, /, **said: Any) -> None:
        self.posts(self.people[who], url, **said)

    def posts(self, person: Person, url: str, /, **said: Any) -> None:
        answer = self.as_(person).post(url, said)
        assert answer.status_code in DONE, (
            person, url, answer.status_code, words(answer.content.decode()),
        )  # fmt: skip

    def is_refused(self, who: str, url: str, /, **said: Any) -> str:
        """What the page says of it."""
        answer = self.as_(self.people[who]).post(url, said)
        assert answer.status_code == 422, (who, url, answer.status_code)
        return words(answer.content.decode())

    def api(self, who: str, url: str) -> Any:
        answer = self.as_(self.people[who]).get(f"/api/v1/{url}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def sweep(self, moment: datetime) -> list[str]:
        """The tasks of the programme ring; which texts are told to whom by it, as "text: name"."""
        self.clock.at(moment)
        known = set(Message.objects.values_list("pk", flat=True))
        for task in (settle_points, run_programme, deliver_letters):
            task()
        told = Message.objects.exclude(pk__in=known).filter(channel="inbox")
        return sorted(f"{row.text}: {row.recipient.name}" for row in told)

    def agenda(self, who: str, path: str) -> list[str]:
        """What the programme asks of somebody themselves, in rooms whose address begins so."""
        groups = self.api(who, "programme/").values()
        tasks = [task for group in groups for task in group if task["path"].startswith(path)]
        return sorted(f"{each['words']} {each['whose']}" for each in tasks if each["is_mine"])

    # The micro-report of one week

    def expected(self, branch: Branch, today: date, done: Iterable[int]) -> list[str]:
        """The reports that a branch has to hand in: of its weeks within the next three."""
        rows = Turn.objects.filter(branch=branch, monday__lte=today + AHEAD).exclude(pk__in=done)
        said = "Hand in the micro-report of the week of"
        return sorted(f"{said} {row.monday} {branch.name_en}" for row in rows)

    def write(self, turn: Turn) -> MicroReport:
        """Written and handed in; it waits for the review."""
        code = turn.branch.code
        url = f"/staff/micro-reports/rotation/{turn.pk}/write/"
        title = f"{turn.branch.name}的故事 {turn.monday}"
        self.does(f"handler {code}", url, title=title, **STORY, **ASKED)
        report = MicroReport.objects.get(turn=turn)
        self.does(f"handler {code}", f"/staff/micro-reports/{report.pk}/submit/", version=1)
        assert self.agenda("quality", "/staff/micro-reports/") == [
            f"Review the micro-report: {title} {turn.branch.name_en}"
        ]
        return report

    def approve(self, report: MicroReport) -> None:
        self.does("quality", f"/staff/micro-reports/{report.pk}/approve/", version=2)

    def meet(self, report: MicroReport, codes: Iterable[str], day: date) -> None:
        """The managers of these branches record who heard it that morning."""
        for code in codes:
            manager = self.people[f"manager {code}"]
            self.posts(
                manager,
                f"/staff/micro-reports/{report.pk}/meeting/",
                branch=Branch.objects.get(code=code).pk,
                held_on=day.isoformat(),
                attendees=[manager.pk, self.people[f"handler {code}"].pk],
            )


def gathered(company: Company, clock: StatedClock, smtp: Mailbox) -> Quarter:
    """Wuxi, its child Xinwu and Suzhou, with eight, six and seven people; the headquarters."""
    places = company.tree
    people = {name: company.people[name] for name in ("quality", "second")}
    people |= {f"{role} WX": company.people[role] for role in ("handler", "manager")}
    for code, place in (("WX1", places.child), ("SZ", places.sibling)):
        for name, role in (("handler", Role.HANDLER), ("manager", Role.BRANCH_MANAGER)):
            people[f"{name} {code}"] = _new(place, role)
    top = places.headquarters
    for username, role in (
        ("resources", Role.HUMAN_RESOURCES),
        ("director", Role.SERVICE_DIRECTOR),
        *((f"judge {n}", Role.REVIEWER) for n in range(3)),
    ):
        people[username] = _new(top, role, username=username.replace(" ", "-"))
    for place, number in ((places.branch, 5), (places.child, 4), (places.sibling, 4)):
        for _each in range(number):
            _new(place)
    people["guest"] = _new(places.sibling, email="guest@example.com")
    return Quarter(company, clock, smtp, people)


def _new(place: Branch, role: str = Role.HANDLER, **given: Any) -> Person:
    said = {"email": "", "password": PASSWORD, "language": ""} | given
    return PersonFactory.create(branch=place, role=role, **said)
