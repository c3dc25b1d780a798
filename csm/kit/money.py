"""Amounts of money in words: the company counts in yuan."""

from decimal import Decimal


def words(amount: Decimal | int | None) -> str:
    """¥6,650 or ¥12.50; nothing is a dash."""
    if amount is None:
        return "—"
    return f"¥{amount:,.2f}".removesuffix(".00")
