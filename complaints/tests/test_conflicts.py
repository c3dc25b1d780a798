"""Two people decide on one complaint: the slower one loses no character (U-09)."""

import re
from html import unescape
from typing import Any

import pytest

from complaints.factories import CategoryFactory, ComplaintFactory
from complaints.models import Complaint, Note, Reply
from complaints.tests.rows import everything, signed_in
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
# Everything that a careless page would eat: line ends, quotes, markup, braces, four-byte signs.
WORDS = "第一行 \"引号\" '<b>' & {客户}\n第二行 𠮷 100 %"


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def first(company: Tree) -> Person:
    return PersonFactory.create(
        branch=company.headquarters, role=Role.QUALITY_MANAGER, name="陈宇", email=""
    )


@pytest.fixture
def second(company: Tree) -> Person:
    return PersonFactory.create(
        branch=company.headquarters, role=Role.QUALITY_MANAGER, name="林静怡", email=""
    )


def send(person: Person, action: str, complaint: Complaint, **data: Any) -> Any:
    return signed_in(person).post(f"/complaints/{complaint.number}/{action}/", data)


def hidden(answer: Any) -> dict[str, str]:
    """What the button "Use mine all the same" would send, as the page has it."""
    text = answer.content.decode()
    form = text[text.index('<form method="post"', text.index('id="conflict"')) :]
    form = form[: form.index("</form>")]
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', form)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def changes(answer: Any) -> dict[str, tuple[str, str]]:
    return {row.label: (row.now, row.mine) for row in answer.context["changes"]}


def test_u09_the_second_answer_shows_both_and_applies_with_one_click(
    company: Tree, first: Person, second: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")
    version = complaint.version
    other = PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="")
    send(first, "assign", complaint, handler=other.pk, version=version)
    before = everything()
    refused = send(second, "answer", complaint, channel="phone", result=WORDS, version=version)
    assert refused.status_code == 409
    assert everything() == before
    assert "陈宇 saved at" in refused.content.decode()
    assert changes(refused)["The result, as the customer was told"] == ("—", WORDS)

    again = hidden(refused)
    assert again["result"] == WORDS
    assert send(second, "answer", complaint, **again).status_code == 303
    reply = Reply.objects.get(complaint=complaint, kind="result")
    assert (reply.words, reply.by) == (WORDS, second)


def test_u09_the_second_triage_is_kept_beside_the_first_and_can_become_a_note(
    company: Tree, first: Person, second: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.headquarters)
    mine, theirs = CategoryFactory.create(), CategoryFactory.create()
    version = complaint.version
    common = {"severity": "normal", "version": version}
    send(first, "triage", complaint, branch=company.sibling.pk, category=theirs.pk, **common)
    before = everything()
    common["severity"] = "high"
    refused = send(
        second, "triage", complaint, branch=company.branch.pk, category=mine.pk, **common
    )
    assert refused.status_code == 409
    assert everything() == before
    assert changes(refused) == {
        "Responsible branch": (str(company.sibling), str(company.branch)),
        "Category": (theirs.label, mine.label),
        "Severity": ("Normal", "Urgent"),
    }
    assert "Use mine all the same" not in refused.content.decode()

    reason = send(second, "propose-invalid", complaint, reason=WORDS, version=version)
    assert hidden(reason)["reason"] == WORDS, "still open: the reason can be sent again"


def test_u09_words_for_what_is_not_open_any_more_become_a_note(
    company: Tree, first: Person, second: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")
    version = complaint.version
    said = {"channel": "phone", "words": WORDS, "version": version}
    assert send(first, "apologise", complaint, **said).status_code == 303
    answer = send(second, "apologise", complaint, **said)
    assert answer.status_code == 409
    assert changes(answer) == {}, "the words are the same, and no time is no other time"
    assert "The apology is recorded already." in answer.content.decode()
    kept = hidden(answer)
    assert kept == {"text": WORDS}
    assert send(second, "note", complaint, **kept).status_code == 303
    assert Note.objects.get(complaint=complaint).text == WORDS
    assert Reply.objects.filter(complaint=complaint).count() == 1


def test_u09_notes_of_both_are_kept_without_a_word(
    company: Tree, first: Person, second: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")
    for person, text in ((first, "甲"), (second, "乙")):
        assert send(person, "note", complaint, text=text, version=1).status_code == 303
    assert [note.text for note in Note.objects.order_by("pk")] == ["甲", "乙"]


def test_u09_every_move_with_a_version_says_what_stands_now(
    company: Tree, first: Person, second: Person
) -> None:
    """Transfer, pause and the time of receipt show what somebody else put there."""
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")
    version = complaint.version
    send(first, "correct-receipt", complaint, received_at="2026-01-05T09:30", reason="查录音。")
    later = {"version": version, "reason": WORDS}
    receipt = send(second, "correct-receipt", complaint, received_at="2026-01-06T10:00", **later)
    assert changes(receipt)["Time of receipt"] == ("2026-01-05 09:30", "2026-01-06 10:00")
    moved = send(second, "transfer", complaint, branch=company.sibling.pk, **later)
    assert changes(moved)["Responsible branch"] == (str(company.branch), str(company.sibling))

    waiting = ComplaintFactory.create(branch=company.branch, until="handling")
    send(first, "pause", waiting, reason="等面单。")
    paused = send(second, "pause", waiting, reason=WORDS, version=waiting.version)
    assert changes(paused)["What we wait for"] == ("等面单。", WORDS)
    assert hidden(paused) == {"text": WORDS}


def test_u09_what_the_customer_said_on_a_second_call_is_not_lost(
    company: Tree, first: Person, second: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="answered")
    said = {"reached": "yes", "satisfied": "yes", "version": complaint.version}
    url = f"/callbacks/{complaint.number}/"
    assert signed_in(first).post(url, said | {"words": "很好。"}).status_code == 302
    before = everything()
    refused = signed_in(second).post(url, said | {"satisfied": "no", "words": WORDS})
    assert refused.status_code == 409
    assert everything() == before
    assert changes(refused) == {
        "Is the customer satisfied?": ("Satisfied", "Not satisfied"),
        "The customer's words": ("很好。", WORDS),
    }
    assert hidden(refused) == {"text": WORDS}
