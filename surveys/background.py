"""Kinds of background jobs of this room and those below, and what runs each."""

from collections.abc import Mapping

from complaints import background
from organisation.actions.jobs import Runner
from surveys.actions import drawing

RUNNERS: Mapping[str, Runner] = {**background.RUNNERS, **drawing.RUNNERS}
