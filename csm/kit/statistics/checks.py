"""Refusals shared by the formulas: figures that no count can give."""


def check_share(hits: int, n: int) -> None:
    """Raise `ValueError` unless 0 ≤ `hits` ≤ `n`."""
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no share: 0 ≤ hits ≤ n is needed")


def check_rate(count: int, exposure: float) -> None:
    """Raise `ValueError` if `count` or `exposure` is negative or not a number."""
    if not (count >= 0 and exposure >= 0):
        raise ValueError(f"{count} per {exposure} is no rate: neither may be negative")


def check_z(z: float) -> None:
    """Raise `ValueError` unless `z`, a width in standard errors, is positive."""
    if not z > 0:
        raise ValueError(f"z must be positive, not {z}")
