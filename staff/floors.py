"""Groups so large that nobody is told by their figures (F-22)."""

from collections.abc import Mapping

from csm.kit.statistics import suppress_small
from surveys.results.tables import FEWEST

# A group of the tree by its id; None is the company without a group.
Group = int | None


def folded(counts: Mapping[Group, int], parent_of: Mapping[int, Group]) -> dict[Group, Group]:
    """Where the answers of each group are to be counted, so that no cell has one to four.

    A small group goes to the one above it, from the leaves up, and at last to the company. If
    there the few could be had by subtraction, the next smallest goes with them, as F-22 hides it.
    `parent_of` has every group and every group above it; above the uppermost is None.
    """
    cells = dict(counts)
    target: dict[Group, Group] = {group: group for group in counts}
    for group in sorted(parent_of, key=lambda each: -_depth(each, parent_of)):
        if 0 < cells.get(group, 0) < FEWEST:
            _move(group, parent_of[group], cells, target)
    while 0 < cells.get(None, 0) < FEWEST and len(cells) > 1:
        _move(_next_smallest(cells), None, cells, target)
    return {group: final for group, final in target.items() if group != final}


def _next_smallest(cells: Mapping[Group, int]) -> Group:
    groups = list(cells)
    hidden = suppress_small([cells[group] for group in groups], FEWEST)
    return next(group for group, is_hidden in zip(groups, hidden, strict=True)
                if is_hidden and group is not None)  # fmt: skip


def _move(group: Group, to: Group, cells: dict[Group, int], target: dict[Group, Group]) -> None:
    cells[to] = cells.get(to, 0) + cells.pop(group)
    for origin, now in target.items():
        if now == group:
            target[origin] = to


def _depth(group: int, parent_of: Mapping[int, Group]) -> int:
    above = parent_of[group]
    return 0 if above is None else 1 + _depth(above, parent_of)
