"""The one way in which a status changes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Stale

M = TypeVar("M", bound="Moving")


class Moving(models.Model):
    """A record with a status and a version. `MOVES` maps a status to those that may follow it."""

    MOVES: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    status: "models.CharField[str, str]"

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        def get_status_display(self) -> str:
            """Django makes it of the choices."""

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks; none where a record has none."""
        return []


def move(record: Moving, *, to: str, **stamp: object) -> str:
    """Set the status with its stamps, if nobody else was quicker. Gives the status before.

    The conditional UPDATE is the lock: of two racing moves one changes a row, the other is Stale.
    """
    was = record.status
    if to not in record.MOVES.get(was, ()):
        raise NotOpen(_("This is not open any more in its present state. Look at it again."))
    mine = type(record)._default_manager.filter(pk=record.pk, version=record.version)
    stamp["status"] = to
    if not mine.filter(Q(status=was)).update(version=F("version") + 1, **stamp):
        raise stale()
    _keep(record, **stamp)
    return was


def touch(record: Moving, **stamp: object) -> None:
    """Change other fields than the status, under the same guard as `move`."""
    mine = type(record)._default_manager.filter(pk=record.pk, version=record.version)
    if not mine.update(version=F("version") + 1, **stamp):
        raise stale()
    _keep(record, **stamp)


def locked(rows: "models.QuerySet[M]") -> list[M]:
    """These rows as they are now, held until the transaction ends: for `move_all`, `touch_all`.

    Always in the same order, so that two acts on many rows never wait for each other. NO KEY: a
    sweep that writes events must not wait. Read after they are held: a row that waited for another
    act and was to be joined with what it had before would be left out.
    """
    bare = rows.select_related(None).select_for_update(no_key=True).order_by("pk")
    held = list(bare.values_list("pk", flat=True))
    return list(rows.filter(pk__in=held).order_by("pk"))


def move_all(records: Sequence[M], *, to: str, **stamp: object) -> None:
    """`move` of many records that are `locked`, in one statement."""
    if any(to not in record.MOVES.get(record.status, ()) for record in records):
        raise NotOpen(_("This is not open any more in its present state. Look at it again."))
    touch_all(records, status=to, **stamp)


def touch_all(records: Sequence[M], **stamp: object) -> None:
    """`touch` of many records that are `locked`, in one statement."""
    if not records:
        return
    mine = type(records[0])._default_manager.filter(pk__in=[record.pk for record in records])
    mine.update(version=F("version") + 1, **stamp)
    for record in records:
        _keep(record, **stamp)


def _keep(record: Moving, **stamp: object) -> None:
    """Write onto the record what was written into its row.

    The version has matched, so nothing else has changed: no need to read it, and all that hangs on
    it, once more.
    """
    for name, value in stamp.items():
        setattr(record, name, value)
    record.version += 1


def check_version(record: Moving, version: int | None) -> None:
    """Refuse what was decided on an older state. None: the door does not know which it showed."""
    if version is not None and version != record.version:
        raise stale()


def check_act(record: Moving, act: str, version: int | None) -> None:
    """Refuse an act that the present state does not allow, or one decided on an older state."""
    if act not in record.open_actions:
        raise NotOpen(
            _("This is “%(status)s” already.") % {"status": record.get_status_display()},
            allowed=record.open_actions,
        )
    check_version(record, version)


def stale() -> Stale:
    """The refusal that a second, slower person reads."""
    return Stale(
        _("Somebody changed this in the meantime. Look at the present state, then try again.")
    )
