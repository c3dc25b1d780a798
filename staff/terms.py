"""A period as messages and letters say it: each reader in the own language."""

from django.utils import translation

from csm.kit import periods
from csm.kit.periods import Period


def term(period: Period) -> dict[str, str]:
    """The period in words, by the names that texts choose from."""
    words = {}
    for key, language in (("name", "zh-hans"), ("name_en", "en")):
        with translation.override(language):
            words[key] = periods.label(period)
    return words
