"""Who stands in a ranking: the branch tree, cut for a level. One query for any tree."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from organisation.models import Branch, Level
from reports.rankings import Place

LEVELS = (Level.BRANCH, Level.REGION)


@dataclass(frozen=True)
class Places:
    """`of` says at which place a unit counts; all ids are those of branches.

    `known` are the places that go by the names and units of an earlier time.
    """

    level: str
    units: Mapping[int, Branch]
    of: Mapping[int, int]
    known: Mapping[int, Place] = field(default_factory=dict)

    def name(self, pk: int) -> Place:
        """The place by its present names, or those it is known by."""
        if pk in self.known:
            return self.known[pk]
        unit = self.units[pk]
        region = self._region_above(unit)
        return {
            "code": unit.code,
            "name": unit.name,
            "name_en": unit.name_en,
            "region": region.name if region else "",
            "region_en": region.name_en if region else "",
            "codes": self._codes[pk],
            "is_whole": len(self._codes[pk]) == self._sizes[pk],
        }

    def is_always_listed(self, pk: int) -> bool:
        """An open place of the level is never hidden; others show when they have figures."""
        return self.units[pk].is_active and self.units[pk].level == self.level

    @cached_property
    def _codes(self) -> dict[int, list[str]]:
        """The units that each place adds up."""
        codes: dict[int, list[str]] = defaultdict(list)
        for pk, place in self.of.items():
            codes[place].append(self.units[pk].code)
        return codes

    @cached_property
    def _sizes(self) -> Counter[int]:
        """How many units lie in the tree below each, itself included."""
        return Counter(pk for unit in self.units.values() for pk in unit.ancestor_ids)

    def _region_above(self, unit: Branch) -> Branch | None:
        above = (self.units[pk] for pk in reversed(unit.ancestor_ids[:-1]))
        return next((branch for branch in above if branch.level == Level.REGION), None)


def cut(level: str) -> Places:
    """The places of a level.

    By branch, each unit counts for itself; by region, for the nearest region from itself upwards,
    and what belongs to no region for the headquarters.
    """
    units = {unit.pk: unit for unit in Branch.objects.all()}
    if level == Level.BRANCH:
        return Places(level, units, {pk: pk for pk in units})
    regions = {pk for pk, unit in units.items() if unit.level == Level.REGION}
    return Places(level, units, {pk: _region_of(unit, regions) for pk, unit in units.items()})


def as_known(level: str, known: Iterable[Place]) -> Places:
    """The places cut as they were when these were named; what is new since, as it is now."""
    present = cut(level)
    ids = {unit.code: pk for pk, unit in present.units.items()}
    named = {ids[place["code"]]: place for place in known if place["code"] in ids}
    then = {ids[code]: pk for pk, place in named.items() for code in place["codes"] if code in ids}
    return Places(level, present.units, {**present.of, **then}, named)


def _region_of(unit: Branch, regions: set[int]) -> int:
    """The nearest region from the unit upwards, else the headquarters."""
    upwards = reversed(unit.ancestor_ids)
    return next((pk for pk in upwards if pk in regions), unit.ancestor_ids[0])
