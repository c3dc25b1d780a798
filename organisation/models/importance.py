"""How grave a message is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Importance(models.IntegerChoices):
    """The worst comes first in a digest."""

    INFORMATION = 0, _("Information")
    REMINDER = 1, _("Reminder")
    OVERDUE = 2, _("Overdue")
    ESCALATED = 3, _("Escalated")
