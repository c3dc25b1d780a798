"""What our fields are called, on the page of the columns and in the template."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "reference": _("Number at the source"),
    "received_at": _("Time of receipt"),
    "subject": _("Subject"),
    "channel": _("Channel"),
    "description": _("Description"),
    "branch": _("Responsible branch"),
    "severity": _("Severity"),
    "status": _("Status"),
    "closed_at": _("Time of closing"),
    "waybill": _("Waybill"),
    "customer_name": _("Customer"),
    "customer_phone": _("Phone"),
    "customer_email": _("E-mail"),
    "customer_kind": _("Kind of customer"),
}
LEVEL_LABELS = (
    _("Category"),
    _("Category, second level"),
    _("Category, third level"),
)
# The reference of the template's example row, in every language: such a row is never imported.
EXAMPLES = ("示例", "EXAMPLE")
