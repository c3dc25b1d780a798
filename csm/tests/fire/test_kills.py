"""A-01: whoever dies in the middle of a sweep, each step speaks once and nobody is forgotten."""

import pytest

from csm.tests.fire.overdue import Control
from csm.tests.fire.site import Site
from csm.tests.fire.storm import storm

SEEDS = 3
COMPLAINTS = 500  # with four timers each


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a01_whoever_is_killed_every_step_speaks_once(
    site: Site, control: Control, seed: int
) -> None:
    storm(site, control, seed=seed, complaints=COMPLAINTS)
