"""What a manager gives points for has a number that can be looked up."""

from django.utils.translation import gettext as _

from complaints.models import Complaint, WorkOrder
from csm.kit.errors import Refused
from organisation.access import visible
from organisation.models import Person


def named(text: str, *, by: Person, is_needed: bool) -> str:
    """The number of a complaint or work order that the giver sees; empty where none is needed.

    Absent and unseen numbers are refused alike.
    """
    number = text.strip()
    if not number and not is_needed:
        return ""
    if not number:
        raise _refused(_("This rule asks for evidence: name the complaint or the work order."))
    is_known = number.isprintable() and (
        visible(Complaint, by).filter(number=number).exists()
        or visible(WorkOrder, by).filter(number=number).exists()
    )
    if not is_known:
        raise _refused(_("No complaint and no work order that you see has this number."))
    return number


def _refused(words: str) -> Refused:
    return Refused.at("evidence", words)
