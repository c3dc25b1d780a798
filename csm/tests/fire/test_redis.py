"""The broker turns read-only, or answers nobody: who works comes back, who asks does not wait."""

from complaints.models import Note
from csm.kit import clock
from csm.tests.fire.overdue import Control, wait_until_fired
from csm.tests.fire.site import Site, has_ended
from csm.tests.fire.visitor import Visitor
from csm.tests.test_broker import LONGEST, PAGES
from csm.tests.waiting import wait_until
from organisation.models import Person, Role, SweepRun

PATIENCE = 60  # seconds, which the requirement names


def swept_since(moment: object) -> bool:
    return SweepRun.objects.filter(name="escalation", ran_at__gt=moment).exists()


def test_a06_workers_leave_a_read_only_redis_and_come_back(site: Site, control: Control) -> None:
    before = {site.worker(name) for name in ("worker", "second-worker")}
    with site.redis() as redis:
        redis.replicaof("127.0.0.1", 1)
        wait_until(
            lambda: all(map(has_ended, before)),
            "the end of both workers",
            patience=PATIENCE,
        )
        redis.replicaof("NO", "ONE")
    recovered = clock.now()
    wait_until(lambda: swept_since(recovered), "the first sweep", patience=PATIENCE)
    control.add("A06", 10)
    wait_until_fired()
    control.check("A06", 10)
    assert "worker ended with" in site.output()
    assert "starting it again in" in site.output()


def test_a05_no_page_waits_for_a_frozen_redis(site: Site, control: Control) -> None:
    person = Person.objects.get(postings__role=Role.QUALITY_MANAGER)
    visitor, number = Visitor(site, person), control.complaint.number
    notes = Note.objects.count()
    server = site.server("redis")
    server.suspend()
    try:
        answers = [visitor.get(path) for path in (*PAGES, "/readyz")]
        answers += [visitor.post(f"/complaints/{number}/note/", {"text": "已联系"})]
    finally:
        server.resume()
    assert [answer.status for answer in answers] == [200] * len(PAGES) + [503, 303]
    assert max(answer.seconds for answer in answers) < LONGEST
    assert Note.objects.count() == notes + 1
