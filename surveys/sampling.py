"""How many are drawn, and how many of each stratum. Plain sums, no database."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from csm.kit.statistics import sample_size
from surveys.frames import Frame, stratum_words
from surveys.models import Survey


def wanted(survey: Survey, frame: Frame) -> dict[str, int]:
    """How many to draw, by stratum code; without strata there is one, "".

    The size is what the survey names, else what its margin takes (F-17). Refused, in words: an
    empty frame or stratum, a sample larger than its frame, a quota larger than its stratum.
    """
    if not frame.size:
        raise Refused(
            _("Nobody can be drawn: no customer meets these conditions and may be asked now.")
        )
    _check_strata(survey, frame)
    if survey.stratum and survey.quotas:
        return _by_quota(survey, frame)
    size = survey.size or sample_size(frame.size, float(survey.margin) / 100)
    if size > frame.size:
        words = _("Of these customers %(frame)d can be drawn, fewer than %(size)d.")
        refused = words % {"frame": frame.size, "size": size}
        raise Refused.at("size", refused)
    return proportional(frame.strata, size)


def proportional(strata: Mapping[str, int], size: int) -> dict[str, int]:
    """`size` spread over the strata by their sizes: largest remainders, and none left out.

    No stratum gives more than it has; each gives one at least where `size` allows it. `size` is
    not above the sum of the strata.
    """
    whole = sum(strata.values())
    least = 1 if size >= len(strata) else 0
    exact = {code: size * count / whole for code, count in strata.items()}
    found = {code: max(least, int(share)) for code, share in exact.items()}
    while (missing := size - sum(found.values())) != 0:
        step = 1 if missing > 0 else -1
        open_to = [
            code
            for code in found
            if (found[code] < strata[code] if step > 0 else found[code] > least)
        ]
        # The one that is furthest from its share; ties by code, so that it is repeatable.
        code = max(open_to, key=lambda each: (step * (exact[each] - found[each]), each))
        found[code] += step
    return found


def _check_strata(survey: Survey, frame: Frame) -> None:
    """Whoever names strata, in the frame or as quotas, wants somebody of each."""
    named = set(survey.quotas) if survey.stratum else set()
    if survey.stratum == Survey.Stratum.STAGE:
        named |= set(survey.frame.get("stages", ()))
    if survey.stratum == Survey.Stratum.TIER:
        named |= {*survey.frame.get("tiers", ()), *survey.frame.get("grades", ())}
    empty = sorted(code for code in named if not frame.strata.get(code))
    if empty:
        words = _("Nobody can be drawn of: %(strata)s. Leave them out, or widen the frame.")
        raise Refused(words % {"strata": ", ".join(map(stratum_words, empty))})


def _by_quota(survey: Survey, frame: Frame) -> dict[str, int]:
    quotas = {code: int(number) for code, number in survey.quotas.items()}
    above = [code for code, number in sorted(quotas.items()) if number > frame.strata[code]]
    if above:
        code = above[0]
        words = _("Of %(stratum)s %(frame)d can be drawn, fewer than the quota of %(quota)d.")
        given = {"stratum": stratum_words(code), "frame": frame.strata[code], "quota": quotas[code]}
        raise Refused(words % given, fields={"quotas": words % given})
    if survey.size and survey.size != sum(quotas.values()):
        words = _("The quotas add up to %(quotas)d, not to the sample size of %(size)d.")
        given = {"quotas": sum(quotas.values()), "size": survey.size}
        raise Refused(words % given, fields={"quotas": words % given})
    return quotas


def sizes(survey: Survey, frame: Frame) -> dict[str, Any]:
    """How many a draw would take of each stratum, or in words why it would be refused."""
    try:
        sample = wanted(survey, frame)
    except Refused as refusal:
        return {"refusal": refusal.message or " ".join(refusal.fields.values())}
    strata = [
        (stratum_words(code), count, sample.get(code, 0))
        for code, count in sorted(frame.strata.items())
    ]
    return {"size": sum(sample.values()), "strata": strata}
