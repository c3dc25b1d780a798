"""Amounts of money in words: the company counts in yuan."""

from decimal import Decimal


def words(amount: Decimal | int | None) -> str:
    """¥6,650, ¥12.50 or −¥40; nothing is a dash."""
    if amount is None:
        return "—"
    sign = "−" if amount < 0 else ""
    return f"{sign}¥{abs(amount):,.2f}".removesuffix(".00")
