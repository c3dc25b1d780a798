"""Who may be about to leave (F-10): the relative drop of volume, and points by rule."""

from collections.abc import Iterable

# Rule → points; V has two steps.
POINTS = {
    "V50": 30,
    "V30": 15,
    "G": 20,
    "D": 20,
    "C": 20,
    "B": 15,
    "M": 15,
    "X": 10,
    "T": 10,
    "Q": 10,
    "P": 10,
}
CAP = 100
LEVELS = ((60, "red"), (40, "orange"), (20, "yellow"))


def relative_drop(
    own: float, own_before: float, branch: float, branch_before: float
) -> float | None:
    """How much more a customer's volume fell than its branch's (F-10), as a share.

    1 − (own ÷ own before) ÷ (branch ÷ branch before). Volumes of one unit over equal times: the
    last 30 days, and the mean of earlier ones. A season that takes all customers of a branch down
    is no drop. Negative: it grew more. None without an earlier volume; without a course of the
    branch, the drop is the customer's own.
    """
    if own_before <= 0:
        return None
    course = branch / branch_before if branch_before > 0 and branch > 0 else 1.0
    return 1 - own / own_before / course


def churn_points(rules: Iterable[str]) -> int:
    """The points of the rules that are met, 100 at most; V50 and V30 are never met together."""
    return min(CAP, sum(POINTS[rule] for rule in set(rules)))


def churn_level(points: int) -> str:
    """ "red" from 60, "orange" from 40, "yellow" from 20, else ""."""
    return next((level for least, level in LEVELS if points >= least), "")
