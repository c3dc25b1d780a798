"""Samples: who can be drawn, how many, at random and repeatable, once (S-02, S-18, F-17)."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.race import race
from customers.factories import CustomerFactory
from customers.models import Customer, CustomerFacts
from organisation.actions import jobs
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Job, Person, Role
from surveys import factories
from surveys.actions import drawing, surveys
from surveys.background import RUNNERS
from surveys.frames import frame_of
from surveys.models import Invitation, Survey
from surveys.sampling import proportional

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def editor(places: Tree) -> Person:
    return PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)


def people(number: int, **given: Any) -> list[Customer]:
    stage = given.pop("stage", "")
    found = [
        CustomerFactory.create(email=f"{place}@example.com", **given) for place in range(number)
    ]
    Customer.objects.filter(pk__in=[row.pk for row in found]).update(stage=stage)
    return found


def prepared(places: Tree, editor: Person, now: datetime, **given: Any) -> Survey:
    return surveys.create(
        name="年度满意度",
        branch=given.pop("branch", places.headquarters),
        edition=factories.edition(places.headquarters, now=now, name=f"{uuid4()}"),
        by=editor,
        now=now,
        **given,
    )


def drawn(survey: Survey) -> list[int]:
    rows = Invitation.objects.filter(survey=survey).order_by("customer")
    return list(rows.values_list("customer", flat=True))


def test_f17_the_margin_says_how_many_and_the_draw_is_kept(
    places: Tree, editor: Person, now: datetime
) -> None:
    people(60, home_branch=places.branch)
    survey = prepared(places, editor, now, margin=Decimal(10))
    assert drawing.draw(survey=survey, by=editor, now=now, seed=7) is None
    assert (survey.frame_size, survey.size, survey.seed) == (60, 38, 7)
    assert (survey.drawn_at, survey.drawn_by) == (now, editor)
    assert survey.draw == {
        "excluded": {"unreachable": 0, "declined": 0, "cooled": 0},
        "strata": [["", 60, 38]],
    }
    rows = Invitation.objects.filter(survey=survey)
    assert Counter(rows.values_list("status", "next_message_at", "branch", "tier")) == {
        ("waiting", None, places.branch.pk, "gold"): 38
    }
    assert all(row.address.endswith("@example.com") for row in rows)
    surveys.open_(survey=survey, by=editor, now=now + DAY)
    assert set(rows.values_list("next_message_at", "call_at", "expires_at")) == {
        (now + DAY, None, now + 15 * DAY)
    }


def test_s02_the_same_seed_draws_the_same_customers_and_another_one_others(
    places: Tree, editor: Person, now: datetime
) -> None:
    people(60)
    found = []
    for seed in (1, 1, 2):
        survey = prepared(places, editor, now, size=20)
        drawing.draw(survey=survey, by=editor, now=now, seed=seed)
        found.append(drawn(survey))
        surveys.delete(survey=survey, by=editor, now=now)
    assert found[0] == found[1] != found[2]
    assert not Invitation.objects.exists()
    assert not CustomerFacts.objects.exclude(last_asked_at=None).exists()


def test_s18_who_is_left_out_is_counted_by_the_first_reason(
    places: Tree, editor: Person, now: datetime
) -> None:
    asked, declined, both, *_free = people(6)
    CustomerFactory.create(email="")
    Customer.objects.filter(pk__in=[declined.pk, both.pk]).update(declines_surveys_at=now)
    other = factories.survey(places.region, now=now)
    for customer, days in ((asked, 29), (both, 1), (_free[0], 31)):
        at = now - days * DAY
        Invitation.objects.create(
            survey=other, customer=customer, branch=places.region, created_at=at, expires_at=now
        )
    survey = prepared(places, editor, now)
    frame = frame_of(survey, now=now)
    assert frame.excluded == {"unreachable": 1, "declined": 2, "cooled": 1}
    assert (frame.matching, frame.size) == (7, 3)
    by_phone = Survey(branch=places.headquarters, method="phone", cool_down_days=0)
    assert frame_of(by_phone, now=now).excluded == {"unreachable": 0, "declined": 2, "cooled": 0}
    assert frame_of(by_phone, now=now).size == 5


def test_s02_the_frame_takes_tiers_grades_kinds_stages_and_branches(
    places: Tree, editor: Person, now: datetime
) -> None:
    people(2, tier="diamond", home_branch=places.branch)
    people(3, kind="company", tier="", grade="1A", home_branch=places.child)
    people(4, tier="basic", stage="decline", home_branch=places.sibling)

    def size(**frame: list[str]) -> int:
        return frame_of(Survey(branch=places.region, frame=frame), now=now).size

    assert size() == 9
    assert size(tiers=["diamond"]) == 2
    assert size(tiers=["diamond"], grades=["1A"]) == 5
    assert size(kinds=["company"]) == 3
    assert size(stages=["decline"]) == 4
    assert size(branches=["WX"]) == 5
    assert size(branches=["WX1", "SZ"]) == 7
    assert size(branches=["HQ"]) == 0
    assert size(kinds=["company"], branches=["SZ"]) == 0
    assert frame_of(Survey(branch=places.branch), now=now).size == 5


def test_s02_a_quota_is_drawn_from_each_stratum(
    places: Tree, editor: Person, now: datetime
) -> None:
    people(10, tier="diamond")
    people(30, tier="basic")
    survey = prepared(places, editor, now, stratum="tier", quotas={"diamond": 8, "basic": 4})
    drawing.draw(survey=survey, by=editor, now=now)
    assert survey.draw["strata"] == [["basic", 30, 4], ["diamond", 10, 8]]
    rows = Invitation.objects.filter(survey=survey)
    assert Counter(rows.values_list("stratum", flat=True)) == {"diamond": 8, "basic": 4}
    even = prepared(places, editor, now, stratum="tier", size=8, cool_down_days=0)
    drawing.draw(survey=even, by=editor, now=now)
    assert even.draw["strata"] == [["basic", 30, 6], ["diamond", 10, 2]]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"size": 9}, "fewer than 9"),
    ({"frame": {"tiers": ["silver"]}}, "no customer meets"),
    ({"stratum": "tier", "frame": {"tiers": ["gold", "silver"]}}, "drawn of: Silver"),
    ({"stratum": "tier", "quotas": {"gold": 2, "silver": 1}}, "drawn of: Silver"),
    ({"stratum": "tier", "quotas": {"gold": 9}}, "the quota of 9"),
    ({"stratum": "tier", "quotas": {"gold": 3}, "size": 4}, "add up to 3"),
    ({"method": "intercept"}, "without a sample"),
    ({"after_closing": True}, "without a sample"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "words"), REFUSED)
def test_s02_what_cannot_be_drawn_is_refused_in_words_and_changes_nothing(
    places: Tree, editor: Person, now: datetime, given: dict[str, Any], words: str
) -> None:
    people(8)
    survey = prepared(places, editor, now, **given)
    with pytest.raises(Refused) as refusal:
        drawing.draw(survey=survey, by=editor, now=now)
    assert words in refusal.value.message
    survey.refresh_from_db()
    assert (survey.drawn_at, survey.version) == (None, 1)
    assert not Invitation.objects.exists()


def test_s02_a_second_draw_is_refused_and_what_it_rests_on_stays(
    places: Tree, editor: Person, now: datetime
) -> None:
    people(8)
    survey = prepared(places, editor, now, size=3)
    drawing.draw(survey=survey, by=editor, now=now)
    before = drawn(survey)
    with pytest.raises(NotOpen, match="drawn already"):
        drawing.draw(survey=survey, by=editor, now=now)
    with pytest.raises(NotOpen, match="stays as it is"):
        surveys.save(survey=survey, by=editor, now=now, size=4)
    surveys.save(survey=survey, by=editor, now=now, name="另一个名称", size=3)
    assert (drawn(survey), survey.name) == (before, "另一个名称")
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(size=9)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"opens_complaint": True}, "category"),
        ({"is_anonymous": True, "after_closing": True}, "is_anonymous"),
        ({"after_closing": True, "method": "group"}, "method"),
        ({"quotas": {"gold": 1}}, "quotas"),
        ({"frame": {"colour": ["red"]}}, "frame"),
    ],
)
def test_s01_a_survey_that_could_not_run_is_refused_by_field(
    places: Tree, editor: Person, now: datetime, given: dict[str, Any], field: str
) -> None:
    fields = {"name": "x"} | given
    edition = factories.edition(places.headquarters, now=now)
    with pytest.raises(Refused) as refusal:
        surveys.create(branch=places.branch, edition=edition, by=editor, now=now, **fields)
    assert list(refusal.value.fields) == [field]
    assert not Survey.objects.exists()


def test_s01_a_survey_moves_from_draft_over_open_to_closed(
    places: Tree, editor: Person, now: datetime
) -> None:
    people(5)
    survey = prepared(places, editor, now, size=2)
    with pytest.raises(Refused, match="Draw the sample first"):
        surveys.open_(survey=survey, by=editor, now=now)
    drawing.draw(survey=survey, by=editor, now=now)
    with pytest.raises(Stale):
        surveys.open_(survey=survey, by=editor, now=now, version=1)
    surveys.open_(survey=survey, by=editor, now=now)
    for act in (surveys.open_, surveys.delete, surveys.save):
        with pytest.raises(NotOpen):
            act(survey=survey, by=editor, now=now)
    surveys.close(survey=survey, by=editor, now=now + DAY)
    rows = Invitation.objects.filter(survey=survey)
    assert set(rows.values_list("status", "next_message_at")) == {("expired", None)}
    with pytest.raises(NotOpen):
        surveys.close(survey=survey, by=editor, now=now + DAY)
    stranger = PersonFactory.create(branch=places.headquarters, role=Role.HANDLER)
    with pytest.raises(Forbidden):
        prepared(places, stranger, now)


def test_s02_a_large_sample_is_drawn_by_a_job(
    places: Tree, editor: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "SMALL", 2)
    people(8)
    survey = prepared(places, editor, now, size=5)
    job = drawing.draw(survey=survey, by=editor, now=now, seed=3)
    assert job is not None
    with pytest.raises(NotOpen, match="being drawn"):
        drawing.draw(survey=survey, by=editor, now=now)
    assert jobs.run_due(runners=RUNNERS, now=now) == 1
    job.refresh_from_db()
    survey.refresh_from_db()
    assert (job.state, job.result) == ("done", {"drawn": 5})
    assert (len(drawn(survey)), survey.seed, survey.draw_job) == (5, 3, job)
    # A worker that died after the draw: the next one finds it done.
    Job.objects.update(state="queued", attempts=0, finished_at=None)
    assert jobs.run_due(runners=RUNNERS, now=now) == 1
    assert len(drawn(survey)) == 5


@pytest.mark.django_db(transaction=True)
def test_s02_of_eight_draws_at_once_one_wins(now: datetime) -> None:
    places = tree()
    editor = PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)
    people(20)
    survey = prepared(places, editor, now, size=5)

    def act() -> None:
        mine = Survey.objects.get(pk=survey.pk)
        drawing.draw(survey=mine, by=editor, now=now)

    found = race(*[act] * 8)
    assert sum(isinstance(each, NotOpen | Stale) for each in found) == 7
    survey.refresh_from_db()
    assert len(drawn(survey)) == survey.size == 5


@pytest.mark.django_db(transaction=True)
def test_s18_two_surveys_drawn_at_once_share_no_customer(now: datetime) -> None:
    places = tree()
    editor = PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)
    people(20)
    rows = [prepared(places, editor, now, size=10) for _each in range(2)]
    race(*[lambda row=row: drawing.draw(survey=row, by=editor, now=now) for row in rows])
    asked = [*drawn(rows[0]), *drawn(rows[1])]
    assert len(asked) == len(set(asked)) == 20


@given(
    strata=st.dictionaries(st.text(max_size=3), st.integers(1, 500), min_size=1, max_size=8),
    share=st.floats(0, 1),
)
def test_f17_proportional_spreads_all_and_asks_no_stratum_for_more_than_it_has(
    strata: dict[str, int], share: float
) -> None:
    size = round(share * sum(strata.values()))
    found = proportional(strata, size)
    assert sum(found.values()) == size
    assert all(0 <= found[code] <= count for code, count in strata.items())
    assert size < len(strata) or min(found.values()) >= 1
