"""What a late answer costs."""

FIRST_DAY = 24
THIRD_DAY = 72


def delay_units(hours: float) -> int:
    """F-06: cost units of a complaint by hours until it was resolved: 1, 10 or 100.

    Up to 24 h counts 1, up to 72 h counts 10, more counts 100; a border belongs to the
    cheaper side, as with deadlines. Raises `ValueError` if `hours` is negative.
    """
    if not hours >= 0:
        raise ValueError(f"elapsed hours must not be negative: {hours}")
    if hours <= FIRST_DAY:
        return 1
    return 10 if hours <= THIRD_DAY else 100
