"""Kinds of background jobs of this room and those below, and what runs each."""

from collections.abc import Mapping

from complaints import order_documents
from complaints.actions import import_jobs
from complaints.assessment_export import ASSESSMENTS, SUPPLIERS
from complaints.callback_export import CALLBACKS
from complaints.care_exports import DELAY_COST, DELAYED, RECOVERIES
from complaints.exports import COMPLAINTS
from complaints.import_export import IMPORTS
from complaints.notice_export import NOTICES
from complaints.register_export import ITEMS, WORK_ORDERS
from customers.actions import table_jobs
from customers.exports import CUSTOMERS
from organisation.actions.exports import Export, kind_of, runner
from organisation.actions.jobs import Runner
from organisation.exports import BRANCHES, PEOPLE

EXPORTS: tuple[Export, ...] = (
    *(COMPLAINTS, WORK_ORDERS, ITEMS, NOTICES, CALLBACKS, IMPORTS),
    *(DELAY_COST, DELAYED, RECOVERIES),
    *(ASSESSMENTS, SUPPLIERS),
    *(CUSTOMERS, BRANCHES, PEOPLE),
)
RUNNERS: Mapping[str, Runner] = {
    **{kind_of(export): runner(export) for export in EXPORTS},
    **import_jobs.RUNNERS,
    **table_jobs.RUNNERS,
    **order_documents.RUNNERS,
}
