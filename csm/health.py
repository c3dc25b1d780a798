"""Whether this process lives, and whether the installation can work. No names, no secrets."""

from contextlib import closing
from datetime import timedelta

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from csm.kit import clock
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
    broker = redis_answers()
    ready = database and broker and (silence is None or silence <= LONGEST_SILENCE)
    facts = {
        "status": "ready" if ready else "not ready",
        "database": database,
        "redis": broker,
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


def redis_answers() -> bool:
    """Whether Redis answers within a second."""
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=1,
        socket_connect_timeout=1,
        retry=Retry(NoBackoff(), retries=0),
    )
    with closing(client):
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
