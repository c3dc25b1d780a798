"""The moves on a complaint: through the page, one winner, and refused ones change nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from complaints.factories import CategoryFactory, ComplaintFactory
from complaints.models import (
    Complaint,
    Event,
    HandOver,
    Milestone,
    Note,
    Participant,
    Reply,
    Severity,
    Status,
    Timer,
    TimerState,
)
from complaints.tests.rows import RACERS, at_once, everything, signed_in
from complaints.views.offers import MOVES
from csm.kit import clock
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Branch, Message, Person, Role

pytestmark = pytest.mark.django_db
POLYGLOT = "jaVasCript:/*--></title></style></textarea></script><img src=x onerror=alert(1)>\"'"


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER, email="")


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="")


@pytest.fixture
def manager(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER, email="")


def at(stage: str, company: Tree, branch: Branch | None = None, **more: Any) -> Complaint:
    return ComplaintFactory.create(branch=branch or company.branch, until=stage, **more)


def url(action: str, complaint: Complaint) -> str:
    return reverse(f"complaint-{action}", args=(complaint.number,))


def post(person: Person, action: str, complaint: Complaint, **data: Any) -> Any:
    return signed_in(person).post(url(action, complaint), data)


def triage_data(company: Tree, **more: Any) -> dict[str, Any]:
    category = CategoryFactory.create()
    return {"branch": company.branch.pk, "category": category.pk, "severity": "high", **more}


# Where each move is open, and what it needs.
OPEN = {
    "triage": ("received", None),
    "accept": ("assigned", {}),
    "apologise": ("assigned", {"channel": "phone", "words": "抱歉。"}),
    "answer": ("handling", {"channel": "phone", "result": "已解决。"}),
    "assign": ("handling", None),
    "transfer": ("handling", None),
    "propose-invalid": ("received", {"reason": "不是投诉。"}),
    "confirm-invalid": ("invalid_proposed", {}),
    "reject-invalid": ("invalid_proposed", {}),
    "reopen": ("closed", {"reason": "客户又来电。"}),
    "close": ("called_back", {}),
    "decline": ("assigned", {"reason": "不是我们承运的。"}),
    "pause": ("handling", {"reason": "等客户寄回面单。"}),
    "resume": ("paused", {}),
    "urge": ("handling", {}),
    "merge": ("received", None),
    "correct-receipt": ("handling", {"received_at": "2026-01-05T09:30", "reason": "查录音。"}),
    "ask-waiver": (
        "handling",
        {"milestone": "result", "code": "force_majeure", "words": "暴雪封路。"},
    ),
    "grant-waiver": ("waiver_asked", {}),
    "decline-waiver": ("waiver_asked", {"reason": "可以改道。"}),
    "restore": ("invalid", {"reason": "客户寄来照片。"}),
    "note": ("handling", {"text": "请跟进。"}),
    "attach": ("handling", {}),
}


def opened(action: str, company: Tree, branch: Branch | None = None) -> Complaint:
    """A complaint in a state where the move is open."""
    stage = OPEN[action][0]
    if stage in BEFORE:
        first, asked = BEFORE[stage]
        complaint = opened(asked, company, branch) if asked in OPEN else at(first, company, branch)
        proposer = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)
        post(proposer, asked, complaint, **data_for(asked, company))
        complaint.refresh_from_db()
        return complaint
    return at(stage, company, branch)


# States that an act of somebody else leads to.
BEFORE = {
    "invalid_proposed": ("received", "propose-invalid"),
    "invalid": ("received", "confirm-invalid"),
    "paused": ("handling", "pause"),
    "waiver_asked": ("handling", "ask-waiver"),
}


def data_for(action: str, company: Tree) -> dict[str, Any]:
    if action == "triage":
        return triage_data(company)
    if action == "assign":
        person = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
        return {"handler": person.pk}
    if action == "transfer":
        return {"branch": company.sibling.pk, "reason": "由苏州承运。"}
    if action == "merge":
        return {"into": at("handling", company, company.branch).number}
    return dict(OPEN[action][1] or {})


def test_the_table_names_every_move() -> None:
    assert set(OPEN) == set(MOVES)


@pytest.mark.parametrize("action", [action for action in OPEN if action != "attach"])
def test_every_move_answers_303_and_leads_to_the_complaint(
    action: str, company: Tree, quality: Person
) -> None:
    complaint = opened(action, company)
    if action == "close":
        Timer.objects.filter(kind=Milestone.WORK_ORDER).update(
            state=TimerState.MET, met_at=clock.now(), next_fire_at=None
        )
    answer = post(quality, action, complaint, **data_for(action, company))
    assert answer.status_code == 303
    assert answer.url == reverse("complaint", args=(complaint.number,))
    assert signed_in(quality).get(answer.url).status_code == 200


@pytest.mark.parametrize("action", OPEN)
@pytest.mark.parametrize("place", ["sibling", "region"])
def test_b01_a_foreign_complaint_is_404_and_nothing_changes(
    action: str, place: str, company: Tree, manager: Person
) -> None:
    complaint = opened(action, company, getattr(company, place))
    data = data_for(action, company)
    before = everything()
    assert post(manager, action, complaint, **data).status_code == 404
    assert everything() == before


@pytest.mark.parametrize("action", OPEN)
@pytest.mark.parametrize("is_empty", [True, False])
def test_b01_seen_without_the_right_is_403_and_nothing_changes(
    action: str, is_empty: bool, company: Tree
) -> None:
    executive = PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE)
    complaint = opened(action, company)
    data = {} if is_empty else data_for(action, company)
    before = everything()
    answer = post(executive, action, complaint, **data)
    assert answer.status_code == 403
    assert everything() == before


@pytest.mark.parametrize("action", OPEN)
def test_b20_moves_are_post_with_a_token_only(action: str, company: Tree, quality: Person) -> None:
    complaint, data = opened(action, company), data_for(action, company)
    before = everything()
    assert signed_in(quality).get(url(action, complaint)).status_code == 405
    client = signed_in(quality)
    client.handler.enforce_csrf_checks = True
    assert client.post(url(action, complaint), data).status_code == 403
    assert everything() == before


@pytest.mark.parametrize(
    ("action", "stage"),
    [
        ("triage", "assigned"),
        ("accept", "handling"),
        ("apologise", "answered"),
        ("answer", "received"),
        ("assign", "received"),
        ("transfer", "answered"),
        ("propose-invalid", "answered"),
        ("confirm-invalid", "received"),
        ("reject-invalid", "received"),
        ("reopen", "handling"),
        ("close", "answered"),
        ("attach", "closed"),
        ("decline", "handling"),
        ("pause", "answered"),
        ("resume", "handling"),
        ("urge", "closed"),
        ("merge", "answered"),
        ("correct-receipt", "closed"),
        ("grant-waiver", "handling"),
        ("decline-waiver", "handling"),
        ("restore", "handling"),
    ],
)
@pytest.mark.parametrize("is_empty", [True, False])
def test_a_move_not_open_is_409_and_nothing_changes(
    action: str, stage: str, is_empty: bool, company: Tree, quality: Person
) -> None:
    complaint = at(stage, company)
    data = {} if is_empty else data_for(action, company)
    before = everything()
    assert post(quality, action, complaint, **data).status_code == 409
    assert everything() == before


@pytest.mark.parametrize(
    "action", [action for action in OPEN if action not in ("note", "attach", "urge")]
)
def test_a_stale_page_is_409_and_nothing_changes(
    action: str, company: Tree, quality: Person
) -> None:
    complaint = opened(action, company)
    data = data_for(action, company) | {"version": complaint.version - 1}
    before = everything()
    answer = post(quality, action, complaint, **data)
    assert answer.status_code == 409
    assert "Somebody changed this in the meantime" in answer.content.decode()
    assert everything() == before


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("triage", "Choose the responsible branch."),
        ("apologise", "Enter what was said."),
        ("answer", "Enter the result."),
        ("assign", "Choose the handler."),
        ("transfer", "Enter the reason."),
        ("propose-invalid", "Enter the reason."),
        ("reopen", "Enter the reason."),
        ("decline", "Enter the reason."),
        ("pause", "Enter what the customer has to do."),
        ("merge", "Enter the number of the other complaint."),
        ("correct-receipt", "Enter the reason."),
        ("ask-waiver", "Enter what happened."),
        ("decline-waiver", "Enter the reason."),
        ("restore", "Enter the reason."),
        ("note", "Write the note."),
        ("attach", "Choose a file."),
    ],
)
def test_missing_input_is_422_with_the_form_open_and_nothing_changes(
    action: str, words: str, company: Tree, quality: Person
) -> None:
    complaint = opened(action, company)
    before = everything()
    answer = post(quality, action, complaint)
    assert answer.status_code == 422
    text = answer.content.decode()
    # Once in the summary, once beside the field.
    assert text.count(words) == 2
    assert "<title>Error: " in text
    if action not in ("note",):
        assert f'id="move-{action}" open' in text
    assert everything() == before


def test_what_was_typed_stays(company: Tree, quality: Person) -> None:
    complaint = at("handling", company)
    tomorrow = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    before = everything()
    answer = post(quality, "answer", complaint, channel="email", result="已经解决了。", at=tomorrow)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "已经解决了。</textarea>" in text
    assert '<option value="email" selected>' in text
    assert "Enter a time that has passed." in text
    assert everything() == before


def test_c03_c05_triage_makes_the_branch_responsible(
    company: Tree, quality: Person, handler: Person
) -> None:
    complaint = at("received", company, by=quality)
    due = dict(Timer.objects.values_list("kind", "due_at"))
    answer = post(quality, "triage", complaint, **triage_data(company, handler=handler.pk))
    assert answer.status_code == 303
    complaint.refresh_from_db()
    assert complaint.status == Status.ASSIGNED
    assert (complaint.branch, complaint.handler) == (company.branch, handler)
    assert complaint.severity == Severity.HIGH
    assert HandOver.objects.count() == 1
    assert dict(Timer.objects.values_list("kind", "due_at")) == due
    assert Message.objects.filter(recipient=handler, text="complaint_assigned").count() == 1


def test_c05_a_handler_of_another_branch_is_refused(company: Tree, quality: Person) -> None:
    complaint = at("received", company)
    stranger = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)
    data = triage_data(company, handler=stranger.pk)
    before = everything()
    answer = post(quality, "triage", complaint, **data)
    assert answer.status_code == 422
    assert "Choose somebody of the responsible branch." in answer.content.decode()
    assert everything() == before


def test_c06_the_apology_accepts_and_stops_the_clock_when_it_was_said(
    company: Tree, manager: Person
) -> None:
    said_at = clock.now() - timedelta(minutes=20)
    complaint = at("assigned", company, received_at=said_at - timedelta(minutes=5))
    local = (said_at + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    answer = post(manager, "apologise", complaint, channel="phone", words="向您致歉。", at=local)
    assert answer.status_code == 303
    complaint.refresh_from_db()
    timer = Timer.objects.get(kind=Milestone.APOLOGY)
    assert complaint.status == Status.HANDLING
    assert complaint.handler == manager
    assert timer.state == TimerState.MET
    assert timer.met_at == said_at.replace(second=0, microsecond=0)
    assert Reply.objects.filter(kind="apology").count() == 1


def test_c07_the_apology_reports_the_event(company: Tree, handler: Person) -> None:
    told = {
        PersonFactory.create(branch=company.headquarters, role=role, email="")
        for role in (Role.QUALITY_SPECIALIST, Role.SERVICE_DIRECTOR, Role.GENERAL_MANAGER)
    }
    complaint = at("handling", company)
    answer = post(handler, "apologise", complaint, channel="phone", words="向您致歉。")
    assert answer.status_code == 303
    report = Message.objects.filter(text="event_report")
    assert {message.recipient for message in report.select_related("recipient")} == told
    assert {message.context["words"] for message in report} == {"向您致歉。"}


def test_c25_categories_are_offered_as_a_tree(company: Tree, quality: Person) -> None:
    top = CategoryFactory.create(name_en="Transport")
    CategoryFactory.create(name_en="Damage", parent=top)
    CategoryFactory.create(name_en="Retired", parent=top, is_active=False)
    complaint = at("received", company)
    page = signed_in(quality).get(reverse("complaint", args=(complaint.number,)))
    text = page.content.decode()
    group = text[text.index('<optgroup label="Transport">') :]
    assert [">Transport<" in group, ">Damage<" in group, ">Retired<" in group] == [
        True,
        True,
        False,
    ]


def test_c06_u03_accept_and_apology_are_one_form(company: Tree, handler: Person) -> None:
    """Open the complaint (1), the stuck button (2), write, save (3)."""
    complaint = at("assigned", company)
    client = signed_in(handler)
    page = client.get(reverse("complaint", args=(complaint.number,))).content.decode()
    assert f'href="/complaints/{complaint.number}/?move=apologise#move-apologise"' in page
    unfolded = client.get(reverse("complaint", args=(complaint.number,)), {"move": "apologise"})
    assert 'id="move-apologise" open' in unfolded.content.decode()
    answer = client.post(url("apologise", complaint), {"channel": "phone", "words": "抱歉。"})
    assert answer.status_code == 303
    kinds = Event.objects.filter(by=handler).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["accepted", "apologised"]


def test_c08_the_result_answers(company: Tree, handler: Person) -> None:
    complaint = at("handling", company)
    answer = post(
        handler,
        "answer",
        complaint,
        channel="email",
        result="已赔付。",
        is_customer_satisfied="no",
        version=complaint.version,
    )
    assert answer.status_code == 303
    reply = Reply.objects.get(kind="result")
    complaint.refresh_from_db()
    assert complaint.status == Status.ANSWERED
    assert (reply.words, reply.channel, reply.is_customer_satisfied) == ("已赔付。", "email", False)


@pytest.mark.parametrize(("given", "kept"), [("yes", True), ("no", False), ("", None)])
def test_c08_whether_the_customer_is_satisfied_may_stay_open(
    given: str, kept: bool | None, company: Tree, handler: Person
) -> None:
    complaint = at("handling", company)
    data = {"channel": "phone", "result": "好了。", "is_customer_satisfied": given}
    assert post(handler, "answer", complaint, **data).status_code == 303
    assert Reply.objects.get(kind="result").is_customer_satisfied is kept


def test_c16_closing_says_what_is_missing(company: Tree, quality: Person) -> None:
    complaint = at("called_back", company)
    before = everything()
    answer = post(quality, "close", complaint)
    assert answer.status_code == 422
    assert "submit the rectification work order" in answer.content.decode()
    assert everything() == before


def test_c03_whoever_proposed_invalid_cannot_confirm(company: Tree, quality: Person) -> None:
    complaint = at("received", company)
    assert post(quality, "propose-invalid", complaint, reason="误打。").status_code == 303
    before = everything()
    assert post(quality, "confirm-invalid", complaint).status_code == 403
    assert everything() == before


def test_c03_a_second_person_confirms_and_the_clocks_are_void(
    company: Tree, quality: Person
) -> None:
    complaint = opened("confirm-invalid", company)
    assert post(quality, "confirm-invalid", complaint).status_code == 303
    complaint.refresh_from_db()
    assert complaint.status == Status.INVALID
    assert Timer.objects.filter(state=TimerState.VOID).count() == 4


def test_c30_reopening_starts_a_cycle_and_keeps_the_reason(company: Tree, quality: Person) -> None:
    complaint = at("closed", company)
    answer = post(quality, "reopen", complaint, reason="货物仍未送达。")
    assert answer.status_code == 303
    complaint.refresh_from_db()
    assert (complaint.status, complaint.cycle) == (Status.HANDLING, 2)
    assert Timer.objects.milestones().filter(cycle=2).count() == 3
    assert Note.objects.get().text == "货物仍未送达。"
    page = signed_in(quality).get(answer.url).content.decode()
    assert "opened it again: cycle 2" in page
    assert "货物仍未送达。" in page


def test_a_transfer_out_of_sight_leads_to_my_work(company: Tree, manager: Person) -> None:
    complaint = at("handling", company, intake_branch=company.headquarters)
    data = {"branch": company.sibling.pk, "reason": "由苏州承运。"}
    answer = post(manager, "transfer", complaint, **data)
    assert (answer.status_code, answer.url) == (303, reverse("my-work"))
    client = signed_in(manager)
    assert client.get(reverse("complaint", args=(complaint.number,))).status_code == 404


def test_u11_a_transfer_out_of_sight_leads_back_to_the_list(company: Tree, manager: Person) -> None:
    complaint = at("handling", company, intake_branch=company.headquarters)
    data = {"branch": company.sibling.pk, "reason": "由苏州承运。"}
    listed = f"{url('transfer', complaint)}?list=through%3Dall%26open%3D1%0D%0AX%3A%20y"
    answer = signed_in(manager).post(listed, data)
    assert answer.status_code == 303
    assert answer["Location"] == "/complaints/?through=all&open=1%0D%0AX:%20y"


def test_b01_a_longer_name_does_not_let_the_bearer_of_a_shorter_one_in(
    company: Tree, quality: Person
) -> None:
    complaint = at("assigned", company)
    long = PersonFactory.create(name="张三丰", branch=company.other_region)
    PersonFactory.create(name="张三", branch=company.other_region)
    signed_in(quality).post(url("note", complaint), {"text": "请@张三丰协助"})
    assert [row.person for row in complaint.participants.filter(reason="mentioned")] == [long]


def test_c06_the_front_desk_apologises_without_becoming_the_handler(company: Tree) -> None:
    complaint = at("assigned", company)
    desk = PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)
    response = signed_in(desk).post(
        url("apologise", complaint), {"words": "抱歉", "channel": "phone"}
    )
    assert response.status_code in (302, 303)
    complaint = Complaint.objects.get(pk=complaint.pk)
    assert complaint.apologised_at is not None
    assert (complaint.status, complaint.handler) == (Status.ASSIGNED, None)
    assert not complaint.hand_overs.exclude(accepted_at=None).exists()


def test_c05_who_accepts_for_another_branch_does_not_become_its_handler(company: Tree) -> None:
    complaint = at("assigned", company, intake_branch=company.sibling)
    other = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)
    signed_in(other).post(url("accept", complaint))
    assert Complaint.objects.get(pk=complaint.pk).handler is None


def test_a_mentioned_colleague_of_another_branch_may_answer(company: Tree, quality: Person) -> None:
    complaint = at("handling", company)
    stranger = PersonFactory.create(branch=company.sibling, role=Role.HANDLER, name="吴思远")
    assert post(stranger, "note", complaint, text="在。").status_code == 404
    assert post(quality, "note", complaint, text="@吴思远 请看。").status_code == 303
    assert Participant.objects.filter(person=stranger).count() == 1
    assert post(stranger, "note", complaint, text="收到。").status_code == 303
    before = everything()
    answer = post(stranger, "answer", complaint, channel="phone", result="好了。")
    assert answer.status_code == 403
    assert everything() == before


@pytest.mark.parametrize("action", [action for action in OPEN if action != "attach"])
def test_b14_hostile_values_never_fail(action: str, company: Tree, quality: Person) -> None:
    complaint = opened(action, company)
    fields = ("version", "branch", "handler", "category", "severity", "at", "channel", "reason")
    for value in ("9" * 30, "\0", "-1", POLYGLOT, "é" * 3000, "1e9", "0001-01-01T00:00"):
        answer = post(quality, action, complaint, **dict.fromkeys(fields, value))
        assert answer.status_code < 500, (action, value)


def test_handlers_of_a_branch_for_the_box_beside_it(company: Tree, manager: Person) -> None:
    stranger = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)
    client = signed_in(manager)
    text = client.get(
        reverse("complaint-handlers"), {"branch": company.sibling.pk}
    ).content.decode()
    assert stranger.name in text
    assert manager.name not in text
    for hostile in ("", "x", "9" * 40, "\0", "²"):
        assert client.get(reverse("complaint-handlers"), {"branch": hostile}).status_code == 200
    reader = PersonFactory.create(branch=company.branch, role=Role.EXECUTIVE)
    assert signed_in(reader).get(reverse("complaint-handlers")).status_code == 403


class TestRaces:
    """Six requests at once: one winner, the others are told, the rows are those of one."""

    pytestmark = pytest.mark.django_db(transaction=True)
    REFUSED = (409,) * (RACERS - 1)

    def run(
        self, action: str, complaint: Complaint, people: list[Person], data: dict[str, Any]
    ) -> list[int]:
        given = data | {"version": complaint.version}
        return at_once(
            people, lambda client: client.post(url(action, complaint), given).status_code
        )

    def test_c03_race_triage(self, company: Tree, quality: Person) -> None:
        other = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)
        complaint = at("received", company)
        codes = self.run("triage", complaint, [quality, other], triage_data(company))
        assert codes == [303, *self.REFUSED]
        assert HandOver.objects.count() == 1
        assert Event.objects.filter(kind="judged_valid").count() == 1

    def test_c06_race_apologise(self, company: Tree, handler: Person, manager: Person) -> None:
        complaint = at("assigned", company)
        codes = self.run(
            "apologise", complaint, [handler, manager], {"channel": "phone", "words": "抱歉。"}
        )
        assert codes == [303, *self.REFUSED]
        assert Reply.objects.count() == 1
        assert Event.objects.filter(kind="accepted").count() == 1
        assert Timer.objects.filter(state=TimerState.MET).count() == 1

    def test_c08_race_answer(self, company: Tree, handler: Person, manager: Person) -> None:
        complaint = at("handling", company)
        codes = self.run(
            "answer", complaint, [handler, manager], {"channel": "phone", "result": "好了。"}
        )
        assert codes == [303, *self.REFUSED]
        assert Reply.objects.count() == 1
        assert Event.objects.filter(kind="answered").count() == 1

    @pytest.mark.parametrize("action", ["assign", "transfer"])
    def test_c05_race_hand_over(self, action: str, company: Tree, quality: Person) -> None:
        complaint = at("handling", company)
        director = PersonFactory.create(branch=company.headquarters, role=Role.SERVICE_DIRECTOR)
        handed = HandOver.objects.count()
        data = data_for(action, company)
        codes = self.run(action, complaint, [quality, director], data)
        assert codes == [303, *self.REFUSED]
        assert HandOver.objects.count() == handed + 1

    def test_c16_race_close(self, company: Tree, quality: Person) -> None:
        complaint = at("called_back", company)
        Timer.objects.filter(kind=Milestone.WORK_ORDER).update(
            state=TimerState.MET, met_at=clock.now(), next_fire_at=None
        )
        other = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)
        codes = self.run("close", complaint, [quality, other], {})
        assert codes == [303, *self.REFUSED]
        assert Event.objects.filter(kind="closed").count() == 1
