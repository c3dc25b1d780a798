"""Options that commands share."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime


def add_at(parser: ArgumentParser) -> None:
    """`--at`: the moment that the command is to take for the present one."""
    parser.add_argument(
        "--at",
        type=moment,
        metavar="ISO8601",
        help="As if it were that moment (2026-11-23T08:00+08:00; without offset: company time).",
    )


def moment(text: str) -> datetime:
    """An aware moment; without an offset it is the company's time."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise ArgumentTypeError(f"{text!r} is no moment such as 2026-11-23T08:00:00+08:00")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
