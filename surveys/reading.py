"""What a person sees of surveys: rows for the list, and one survey in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import pgettext

from organisation.access import branch_ids, can, visible
from organisation.models import Job, Person
from surveys.actions.talks import TALKED
from surveys.figures import Standing, funnel, standings
from surveys.frames import CALLED, EXCLUDED, stratum_words
from surveys.models import Counter, InvitationStatus, Method, Survey, SurveyStatus

SEE = "survey.see"


@dataclass(frozen=True)
class Row:
    """A survey with how far the invitations are that the person sees; `is_whole`: all of them."""

    survey: Survey
    standing: Standing
    is_whole: bool


def listed(person: Person) -> Any:
    return visible(Survey, person).select_related(
        "branch", "category", "edition__questionnaire__branch"
    )


def rows_of(surveys: Sequence[Survey], person: Person) -> list[Row]:
    found = standings(surveys, person)
    return [Row(row, found[row.pk], can(person, SEE, row)) for row in surveys]


def counts_by_status(person: Person) -> dict[str, int]:
    rows = visible(Survey, person).order_by().values_list("status").annotate(Count("pk"))
    return dict(rows)


@dataclass(frozen=True)
class Sight:
    """One survey as its page shows it to a person."""

    survey: Survey
    standing: Standing
    person: Person

    @property
    def is_ours(self) -> bool:
        """Whether all of it is theirs to see, and not only the customers of their branch."""
        return can(self.person, SEE, self.survey)

    @property
    def may_edit(self) -> bool:
        return can(self.person, "survey.edit", self.survey)

    @property
    def may_draw(self) -> bool:
        return self.may_edit and self.survey.is_drawable

    @property
    def may_open(self) -> bool:
        survey = self.survey
        is_ready = survey.drawn_at is not None or not survey.takes_sample
        return self.may_edit and survey.status == SurveyStatus.DRAFT and is_ready

    @property
    def may_call(self) -> bool:
        is_open = self.survey.status == SurveyStatus.OPEN
        return is_open and self.survey.method in CALLED and can(self.person, "survey.enter")

    @property
    def may_note(self) -> bool:
        """Talks with people who were not drawn, too."""
        is_open = self.survey.status == SurveyStatus.OPEN
        return is_open and self.survey.method in TALKED and can(self.person, "survey.enter")

    @property
    def has_counters(self) -> bool:
        survey = self.survey
        return survey.method in (Method.INTERCEPT, Method.ONLINE) and not survey.after_closing

    @property
    def counters(self) -> list[Counter]:
        """The QR codes, those of the person's branches where the survey is not theirs."""
        rows = self.survey.counters.select_related("branch", "link")
        return list(rows if self.is_ours else rows.filter(branch__in=branch_ids(self.person, SEE)))

    @property
    def job(self) -> Job | None:
        """The draw that is being made, or that failed."""
        job = self.survey.draw_job
        return job if job is not None and self.survey.drawn_at is None else None

    @property
    def steps(self) -> list[tuple[str, int, float | None]]:
        """Of a survey by letter, from sending to answering: words, number, share of those sent."""
        if self.survey.method != Method.ONLINE:
            return []
        found = funnel(self.survey, self.person)
        steps = (
            (pgettext("of an invitation", "Sent"), found.sent),
            (pgettext("of an invitation", "Delivered"), found.delivered),
            (pgettext("of an invitation", "Opened"), found.opened),
            (pgettext("of an invitation", "Begun"), found.begun),
            (pgettext("of an invitation", "Answered"), found.complete),
        )
        return [(words, n, n / found.sent if found.sent else None) for words, n in steps]

    @property
    def margin(self) -> float | None:
        return self.standing.margin(self.survey.frame_size)

    @property
    def excluded(self) -> list[tuple[Any, int]]:
        found = self.survey.draw.get("excluded", {})
        return [(words, found.get(reason, 0)) for reason, words in EXCLUDED.items()]

    @property
    def strata(self) -> list[tuple[str, int, int]]:
        """Name, in the frame, drawn; none when there is only one."""
        rows = self.survey.draw.get("strata", [])
        named = [(stratum_words(code), frame, drawn) for code, frame, drawn in rows]
        return named if self.survey.stratum else []

    @property
    def statuses(self) -> list[tuple[str, int]]:
        counts = self.standing.by_status
        labels = {code: str(label) for code, label in InvitationStatus.choices}
        if self.survey.method in CALLED:
            labels[InvitationStatus.WAITING] = pgettext("customers", "To call")
        return [(label, counts.get(code, 0)) for code, label in labels.items()]


def sight_of(survey: Survey, person: Person) -> Sight:
    return Sight(survey, standings([survey], person)[survey.pk], person)
