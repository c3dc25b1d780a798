"""The kill matrix (A-01): everything that can die is shot in the middle of one sweep, by turns."""

from collections.abc import Callable
from random import Random

import psutil
from django.db import OperationalError, connection

from csm.tests import ladders
from csm.tests.fire import gate
from csm.tests.fire.overdue import Control, wait_until_fired
from csm.tests.fire.site import PATIENCE, Site
from csm.tests.waiting import wait_until

# Who is shot: from the site, and the name of the worker that stands in the middle of a batch.
VICTIMS: dict[str, Callable[[Site, str], psutil.Process]] = {
    "worker child": lambda site, busy: site.worker(busy).children()[0],
    "worker parent": lambda site, busy: site.worker(busy),
    "beat": lambda site, _busy: site.beat(),
    "web": lambda site, _busy: site.web(),
    "redis": lambda site, _busy: site.server("redis"),
    "postgres": lambda site, _busy: site.server("postgres"),
}


def storm(site: Site, control: Control, *, seed: int, complaints: int) -> None:
    """One sweep over four clocks of each complaint, in which each victim dies once."""
    chance = Random(seed)
    order = chance.sample(sorted(VICTIMS), len(VICTIMS))
    statements = gate.STATEMENTS_PER_BATCH * (4 * complaints // gate.BATCH)
    share = statements // (len(order) + 1)
    assert share, "too few complaints for so many deaths"
    name = f"S{seed}"

    gate.let_pass(chance.randrange(share))
    control.add(name, complaints)
    for victim in order:
        busy = gate.who_waits()
        assert ladders.due(), f"the sweep was over before {victim} could die"
        process = VICTIMS[victim](site, busy)
        process.kill()
        if victim == "postgres":
            wait_until(database_answers, "the return of the database", patience=PATIENCE)
        gate.let_pass(chance.randrange(share))
    gate.who_waits()
    gate.open_wide()
    wait_until_fired()
    control.check(name, complaints)


def database_answers() -> bool:
    """Whether it takes a new connection: one from before may live on for a moment."""
    connection.close()
    try:
        connection.ensure_connection()
    except OperationalError:
        return False
    return True
