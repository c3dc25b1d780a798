"""Keeping single people out of published tables."""

from collections.abc import Sequence


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
        shown = [index for index, cell in enumerate(cells) if cell > 0 and not hidden[index]]
        if shown:
            hidden[min(shown, key=cells.__getitem__)] = True
    return hidden
