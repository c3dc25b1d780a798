"""The numbered sections of the work order, as on the paper form (W-02 … W-09, W-11)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderSection(models.TextChoices):
    TITLE = "title", _("Title")
    ANOMALY = "anomaly", _("Anomaly")
    CAUSES = "causes", _("Causes and evidence")
    EMERGENCY = "emergency", _("Emergency measures")
    MEASURES = "measures", _("Long-term measures")
    PROMISE = "promise", _("Promised completion")
    EFFECT = "effect", _("Effect")
