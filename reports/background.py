"""Kinds of background jobs of all rooms, and what runs each."""

from collections.abc import Mapping

from organisation.actions.jobs import Runner
from reports.actions import report_files
from surveys import background

RUNNERS: Mapping[str, Runner] = {**background.RUNNERS, report_files.KIND: report_files.run}
