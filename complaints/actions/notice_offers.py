"""Which acts on a notice are open to a person: what its page offers and what a 409 names."""

from datetime import datetime

from django.utils.translation import gettext as _

from complaints.models import Notice, NoticeCopy, Opinion
from csm.kit.errors import Forbidden, NotOpen
from organisation.access import can, require, units
from organisation.models import Person

VERBS = {
    "save": "notice.write",
    "consult": "notice.write",
    "publish": "notice.publish",
    "withdraw": "notice.publish",
    "correct": "notice.write",
}


def open_to(notice: Notice, person: Person, *, now: datetime) -> list[str]:
    """In the order of a notice's life."""
    return [act for act in notice.open_actions if _is_open(notice, act, person, now)]


def _is_open(notice: Notice, act: str, person: Person, now: datetime) -> bool:
    if act == "opinion":
        return opinions_of(notice, person, now=now) != []
    if act == "acknowledge":
        return copies_of(notice, person) != []
    return can(person, VERBS[act], notice)


def check(notice: Notice, act: str, *, by: Person) -> None:
    """Refuse an act that is not this person's or not open, before its details are looked at."""
    check_right(notice, act, by=by)
    if act not in notice.open_actions:
        raise NotOpen(
            _("The notice is “%(status)s”: this is not open any more.")
            % {"status": notice.get_status_display()},
            allowed=notice.open_actions,
        )


def check_right(notice: Notice, act: str, *, by: Person) -> None:
    """The right alone, whatever the state: for a unit only those speak who are posted there."""
    if act == "opinion":
        own = notice.opinions.filter(branch__in=units(by, "notice.opine"))
        _refuse_unless(own.exists(), _("Your unit was not asked for its opinion."))
    elif act == "acknowledge":
        mine = notice.copies.filter(branch__in=units(by, "notice.acknowledge"))
        words = _("It is acknowledged by somebody who is posted at a branch it names.")
        _refuse_unless(mine.exists(), words)
    else:
        require(by, VERBS[act], notice)


def _refuse_unless(is_theirs: bool, words: str) -> None:
    if not is_theirs:
        raise Forbidden(words)


def opinions_of(notice: Notice, person: Person, *, now: datetime) -> list[Opinion]:
    """Those that the person's own units still may give."""
    rows = notice.opinions.filter(given_at__isnull=True, due_at__gte=now)
    return list(rows.filter(branch__in=units(person, "notice.opine")).select_related("branch"))


def copies_of(notice: Notice, person: Person) -> list[NoticeCopy]:
    """Those that the person's own units have not acknowledged."""
    rows = notice.copies.filter(acknowledged_at__isnull=True)
    return list(
        rows.filter(branch__in=units(person, "notice.acknowledge")).select_related("branch")
    )
