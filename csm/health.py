"""Whether this process lives, and whether the installation can work. No names, no secrets."""

from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints import vitals
from complaints.vitals import Vitals
from csm.kit import clock
from organisation import broker
from organisation.models import SweepRun

# Four sweeps of the escalation ladder: beyond that, worker, beat or broker does not do its work.
LONGEST_SILENCE = timedelta(seconds=60)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Liveness: this process answers. It asks nobody: a lost database must restart no process."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Readiness: 200, or 503 when the database, Redis or the sweeps are missing (A-25).

    `sweep_age` is in seconds; null before an installation's first sweep, which counts as ready.
    """
    database, silence = last_sweep()
    answers = broker.look().answers
    ready = database and answers and (silence is None or silence <= LONGEST_SILENCE)
    facts = {
        "status": "ready" if ready else "not ready",
        "database": database,
        "redis": answers,
        "sweep_age": None if silence is None else round(silence.total_seconds(), 1),
    }
    return JsonResponse(facts, status=200 if ready else 503)


def last_sweep() -> tuple[bool, timedelta | None]:
    """Whether the database answers, and how long ago the clocks were last looked at."""
    try:
        latest = SweepRun.objects.filter(name="escalation").first()
        return True, clock.now() - latest.ran_at if latest else None
    except Error:
        return False, None


@login_not_required
@never_cache
@require_safe
def status(request: HttpRequest) -> JsonResponse:
    """Everything for a monitoring program that knows the token: 200, or 503 and `problems` (A-25).

    Without `STATUS_TOKEN_HASH` there is no such page. Ages in seconds, sizes in bytes; null where
    nothing is old. No names, no addresses.
    """
    if not _is_known(request.headers.get("Authorization", "")):
        raise Http404
    try:
        facts = _facts(vitals.measure(now=clock.now()))
    except Error:
        facts = {"database": False, "problems": ["database"]}
    return JsonResponse(facts, status=503 if facts["problems"] else 200)


def _is_known(authorization: str) -> bool:
    """Whether the header brings the token whose hash the settings have."""
    kind, _space, token = authorization.partition(" ")
    digest = sha256(token.encode()).hexdigest()
    wanted = settings.STATUS_TOKEN_HASH
    return bool(wanted) and kind == "Bearer" and compare_digest(digest, wanted)


def _facts(found: Vitals) -> dict[str, Any]:
    box, now = found.outbox, found.now
    return {
        "database": True,
        "connections": found.connections,
        "redis": found.broker.answers,
        "queues": found.broker.waiting,
        "beat_age": _seconds(found.beat_age),
        "sweep_age": {sweep.name: _seconds(sweep.age) for sweep in found.sweeps},
        "unfired_age": _seconds(now - found.unfired_since if found.unfired_since else None),
        "set_aside": found.set_aside,
        "outbox": {
            "waiting": box.waiting,
            "later": box.later,
            "sending": box.sending,
            "failed": box.failed,
            "age": _seconds(now - box.since if box.since else None),
        },
        "jobs": {
            "running": found.jobs.running,
            "stuck": found.jobs.stuck,
            "given_up": found.jobs.given_up,
        },
        "disk_free": found.disk_free,
        "problems": list(found.problems()),
    }


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds(), 1)
