"""Kinds of background jobs of this room and the one below, and what runs each."""

from collections.abc import Mapping

from complaints.exports import COMPLAINTS, WORK_ORDERS
from customers.exports import CUSTOMERS
from organisation.actions.exports import kind_of, runner
from organisation.actions.jobs import Runner

RUNNERS: Mapping[str, Runner] = {
    kind_of(export): runner(export) for export in (COMPLAINTS, WORK_ORDERS, CUSTOMERS)
}
