"""Background jobs: put, claimed with a lease, run, finished. The database row is the whole truth.

A worker that dies leaves a lease that runs out: the next sweep takes the job up again, MOST_STARTS
times in all, so that a job that kills its workers is given up (A-12). What a job makes is written
to temporary files and becomes a stored file only in the transaction that ends it: there is never
half a file to fetch (A-23).
"""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.db import Error, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from organisation import access, outbox
from organisation.actions import files, sweeps
from organisation.models import Channel, Job, JobFile, JobState, Person, StoredFile

# A worker gives a sign of life with every batch, which takes seconds.
LEASE = timedelta(seconds=45)
MOST_STARTS = 3
BATCH = 50
# Between a start that failed and the next one.
PAUSE = timedelta(seconds=30)
KEPT_FOR = timedelta(days=7)
# Of one person at once: who asks for more waits until one is done.
MOST_UNFINISHED = 5
LONGEST_REASON = 500
logger = logging.getLogger(__name__)


class Lost(Exception):
    """The job is not this worker's any more: it was cancelled, or another worker has it."""


@dataclass(frozen=True)
class Watch:
    """The present moment in work that lasts: the stated one, and what has passed since."""

    start: datetime
    _begun: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> datetime:
        return self.start + timedelta(seconds=time.monotonic() - self._begun)


@dataclass
class Made:
    """A file on its way to becoming one: temporary until the job is done."""

    purpose: str
    name: str
    content_type: str
    content: IO[bytes]


@dataclass
class Work:
    """A job as its runner sees it: for whom, about what, and the sign of life."""

    job: Job
    watch: Watch
    made: list[Made] = field(default_factory=list)
    _stack: ExitStack = field(default_factory=ExitStack)

    @property
    def by(self) -> Person:
        return self.job.by

    def alive(self, done: int, total: int | None = None) -> None:
        """Renew the lease and say how far it is. Raises `Lost`."""
        known = {} if total is None else {"total": total}
        if not _held(self.job).update(lease_until=self.watch.now + LEASE, done=done, **known):
            raise Lost(str(self.job.pk))

    def new_file(self, purpose: str, name: str, content_type: str) -> IO[bytes]:
        """A file to write to; it is kept when the job is done, and gone when it is not."""
        content = self._stack.enter_context(TemporaryFile())  # noqa: SIM115  closed by the stack
        self.made.append(Made(purpose, name, content_type, content))
        return content

    def close(self) -> None:
        self._stack.close()


# What a kind of job does: counts for the person to read, or `Refused` with a reason.
Runner = Callable[[Work], dict[str, Any]]


@transaction.atomic
def put(
    *,
    kind: str,
    title: str,
    parameters: Mapping[str, Any],
    by: Person,
    now: datetime,
    path: str = "",
) -> Job:
    """Have something done for a person. The caller has asked for the right."""
    if Job.objects.unfinished().filter(by=by).count() >= MOST_UNFINISHED:
        raise Refused(
            _("Enough of yours is being prepared already. Wait until one is done, or cancel one.")
        )
    return Job.objects.create(
        kind=kind, title=title[:160], parameters=dict(parameters), by=by, created_at=now, path=path
    )


@transaction.atomic
def cancel(*, job: Job, by: Person, now: datetime) -> None:
    """Stop one's own job; one that has ended stays as it is."""
    mine = Job.objects.unfinished().filter(pk=job.pk, by=by)
    mine.update(state=JobState.CANCELLED, lease_until=None, finished_at=now)


@transaction.atomic
def start_again(*, job: Job, by: Person | None, now: datetime) -> None:
    """A job that was given up is tried anew; one that ended in another way stays as it is."""
    access.require(by, "operations.see")
    given_up = Job.objects.filter(pk=job.pk, state=JobState.FAILED, attempts__gte=MOST_STARTS)
    given_up.update(state=JobState.QUEUED, attempts=0, reason="", created_at=now, finished_at=None)


def run_due(*, runners: Mapping[str, Runner], now: datetime) -> int:
    """Run what waits, one after another; the number of jobs taken up. Safe to run twice at once."""
    started, watch = 0, Watch(now)
    while (job := _claim(runners, watch.now)) is not None:
        started += 1
        with translation.override(job.by.language or settings.LANGUAGE_CODE):
            _run(Work(job, watch), runners[job.kind])
    sweeps.mark("jobs", now=watch.now)
    return started


@transaction.atomic
def _claim(runners: Mapping[str, Runner], now: datetime) -> Job | None:
    """Take the oldest job that nobody works on. Those that were started too often are given up."""
    due = Job.objects.due(now).filter(kind__in=runners).select_related("by").order_by("pk")
    for job in due.select_for_update(skip_locked=True, of=("self",))[:BATCH]:
        if job.attempts >= MOST_STARTS:
            _give_up(job, now)
            continue
        job.attempts += 1
        job.state, job.lease_until = JobState.RUNNING, now + LEASE
        job.started_at = job.started_at or now
        job.rights = access.print_of_rights(job.by)
        job.save(update_fields=["attempts", "state", "lease_until", "started_at", "rights"])
        return job
    return None


def _run(work: Work, runner: Runner) -> None:
    """Run one job. Whatever goes wrong in it, the sweep goes on to the next."""
    try:
        _finish(work, runner(work))
    except Lost:
        logger.info("job %s is no longer ours", work.job.pk)
    except Refused as refusal:
        _refuse(work, refusal.message or " ".join(refusal.fields.values()))
    except OSError as error:
        if not files.is_full(error):
            raise
        _refuse(work, files.no_room().message)
    except Exception:  # one row of a sweep
        logger.exception("job %s (%s) failed", work.job.pk, work.job.kind)
        _pause(work)
    finally:
        work.close()


@transaction.atomic
def _finish(work: Work, result: dict[str, Any]) -> None:
    """Keep the files and tell the person, in one transaction with the end."""
    job, now = work.job, work.watch.now
    ended = {"state": JobState.DONE, "result": result, "lease_until": None, "finished_at": now}
    if not _held(job).update(**ended):
        raise Lost(str(job.pk))
    kept: list[StoredFile] = []
    with files.all_or_none(kept):
        for made in work.made:
            kept.append(_kept(made, work.by, now))
            JobFile.objects.create(job=job, purpose=made.purpose, file=kept[-1])
    _tell(job, "job_done", now)


def _kept(made: Made, by: Person, now: datetime) -> StoredFile:
    made.content.seek(0)
    return files.keep(
        content=made.content,
        name=made.name,
        content_type=made.content_type,
        by=by,
        now=now,
        expires_at=now + KEPT_FOR,
    )


@transaction.atomic
def _refuse(work: Work, reason: str) -> None:
    if _held(work.job).select_for_update().exists():
        _fail(work.job, reason, work.watch.now)


def _give_up(job: Job, now: datetime) -> None:
    with translation.override(job.by.language or settings.LANGUAGE_CODE):
        _fail(job, _("It was started three times and never came to its end."), now)


def _fail(job: Job, reason: str, now: datetime) -> None:
    reason = reason[:LONGEST_REASON]
    Job.objects.filter(pk=job.pk).update(
        state=JobState.FAILED, reason=reason, lease_until=None, finished_at=now
    )
    _tell(job, "job_failed", now, reason=reason)


def _pause(work: Work) -> None:
    """Try again in a while: the lease runs out then."""
    try:
        _held(work.job).update(lease_until=work.watch.now + PAUSE)
    except Error:
        logger.warning("job %s waits for its lease to run out", work.job.pk)


def _held(job: Job) -> QuerySet[Job]:
    """The row, as long as it is in the hands of this start of it."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def _tell(job: Job, text: str, now: datetime, **context: object) -> None:
    outbox.put(
        key=f"job:{job.pk}:{text}",
        to=[job.by],
        text=text,
        now=now,
        context={"title": job.title, **context},
        path=job.path or reverse("job", args=[job.pk]),
        channels=[Channel.INBOX],
    )
