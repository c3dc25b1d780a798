"""Keeping single people out of published tables."""

from collections.abc import Container, Hashable, Sequence


def suppress_small(cells: Sequence[int], floor: int = 5) -> list[bool]:
    """F-22: which cells of a table with a published total to hide; `True` is hidden.

    Cells from 1 to `floor` − 1 are hidden, 0 is shown. A single hidden cell could be had
    by subtraction, so the smallest shown cell above 0 (the first on a tie) goes with it.
    If there is none, the one cell stays hidden alone and the total must not be published.
    Raises `ValueError` if a cell is negative.
    """
    if any(cell < 0 for cell in cells):
        raise ValueError("a cell must not be negative")
    hidden = [0 < cell < floor for cell in cells]
    if sum(hidden) == 1:
        _hide_smallest(cells, hidden, range(len(cells)))
    return hidden


def suppress_within(
    cells: Sequence[int], groups: Sequence[Hashable], closed: Container[Hashable], floor: int = 5
) -> list[bool]:
    """F-22 for a table whose cells add up to the lines of another one; `True` is hidden.

    `groups` says to which line each cell belongs, `closed` which lines are hidden themselves. Under
    a line that is shown, one hidden cell alone could be had by subtraction; under hidden ones the
    cells may not give the line away, nor may one alone be left of the total.
    """
    hidden = [0 < cell < floor for cell in cells]
    places: dict[Hashable, list[int]] = {}
    for place, group in enumerate(groups):
        places.setdefault(group, []).append(place)
    for group, members in places.items():
        if sum(hidden[place] for place in members) == (0 if group in closed else 1):
            _hide_smallest(cells, hidden, members)
    rest = [place for place, group in enumerate(groups) if group in closed]
    if sum(hidden[place] for place in rest) == 1:
        _hide_smallest(cells, hidden, rest)
    return hidden


def _hide_smallest(cells: Sequence[int], hidden: list[bool], places: Sequence[int]) -> None:
    """The smallest of these that is shown and above 0, the first on a tie."""
    shown = [place for place in places if cells[place] > 0 and not hidden[place]]
    if shown:
        hidden[min(shown, key=cells.__getitem__)] = True
