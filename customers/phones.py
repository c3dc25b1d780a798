"""Phone numbers as people write them."""


def digits_of(number: str) -> str:
    """The digits without the Chinese country code, so that "+86 138…" and "138…" are one number."""
    digits = "".join(filter(str.isdigit, number))
    if digits.startswith("0086"):
        return digits[4:]
    if digits.startswith("86") and len(digits) == 13:
        return digits[2:]
    return digits
