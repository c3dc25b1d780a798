"""A-18: the database is restarted under load: some answers are 503, none hangs, all comes back."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from threading import Event

from csm.kit import clock
from csm.tests.fire.overdue import Control
from csm.tests.fire.site import Site, has_ended
from csm.tests.fire.storm import database_answers
from csm.tests.fire.visitor import Answer, Visitor
from csm.tests.waiting import wait_until
from organisation.models import Person, Role, SweepRun

CLIENTS, PER_SECOND = 4, 5  # 20 requests a second in all
PAGES = ("/complaints/", "/inbox/", "/api/v1/complaints/", "/")
LONGEST_WINDOW = 10  # seconds
LONGEST_ANSWER = 5  # seconds
CALM = 3  # seconds before and after


def keep_asking(visitor: Visitor, end: Event) -> list[Answer]:
    answers, pages = [], cycle(PAGES)
    while not end.is_set():
        answers.append(visitor.get(next(pages)))
        end.wait(max(0.0, 1 / PER_SECOND - answers[-1].seconds))
    return answers


def test_a18_a_restart_of_the_database_under_load(site: Site, control: Control) -> None:
    person = Person.objects.get(postings__role=Role.QUALITY_MANAGER)
    visitors = [Visitor(site, person) for _client in range(CLIENTS)]
    before, said, end = {*site.named("gunicorn"), *site.named("--hostname")}, site.output(), Event()
    with ThreadPoolExecutor(CLIENTS) as threads:
        running = [threads.submit(keep_asking, visitor, end) for visitor in visitors]
        try:
            time.sleep(CALM)
            server = site.server("postgres")
            server.send_signal(signal.SIGINT)  # "fast", as in a restart
            wait_until(lambda: has_ended(server), "its end", patience=60)
            wait_until(database_answers, "its return", patience=60)
            back = time.monotonic()
            time.sleep(LONGEST_WINDOW)
        finally:
            end.set()
        answers = [answer for client in running for answer in client.result()]

    failed = [answer for answer in answers if answer.status != 200]
    assert {answer.status for answer in failed} == {503}
    window = max(answer.began + answer.seconds for answer in failed) - min(
        answer.began for answer in failed
    )
    assert window <= LONGEST_WINDOW
    assert max(answer.seconds for answer in answers) < LONGEST_ANSWER
    assert len([answer for answer in answers if answer.began > back]) > PER_SECOND
    recovered = clock.now()
    wait_until(
        lambda: SweepRun.objects.filter(name="escalation", ran_at__gt=recovered).exists(),
        "a sweep after the restart",
    )
    assert {*site.named("gunicorn"), *site.named("--hostname")} == before
    assert "InterfaceError" not in site.output().removeprefix(said)
