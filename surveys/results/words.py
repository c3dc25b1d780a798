"""Figures in words."""

from django.utils.translation import gettext as _

NOTHING = "—"


def figure_name(name: str) -> str:
    """What a figure is called wherever it stands."""
    return {
        "csat": _("Satisfied"),
        "nps": _("Net promoter score"),
        "ces": _("Found it easy"),
    }[name]


def value_words(name: str, value: float | None) -> str:
    """A share as 83.3%, the score as +33.3; nothing to say is a dash."""
    if value is None:
        return NOTHING
    return signed(value) if name == "nps" else f"{value * 100:.1f}%"


def signed(value: float, places: int = 1) -> str:
    """With its sign; nought has none."""
    text = f"{value:+.{places}f}"
    return text[1:] if not float(text) else text.replace("-", "−")


def quadrant_words(quadrant: str) -> str:
    """What a place on the map means (F-08)."""
    return {
        "concentrate": _("Improve first"),
        "keep": _("Keep it up"),
        "overkill": _("Possibly too much"),
        "low": _("Low priority"),
    }[quadrant]
