"""A survey's page for customers: how long it takes, what it weighs, whether answers get lost."""

import gzip
import http.client
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from django.conf import settings

from bench.company import Company
from bench.pages import LEAST_TIMES, TIMES, against
from bench.result import Result
from bench.server import PATIENCE, Server, Visit, serving
from csm.kit import clock
from organisation.actions import tokens
from organisation.models import Branch
from surveys import factories
from surveys.models import Answer, Invitation, InvitationStatus, Response

PEOPLE, AT_ONCE = 200, 50
HEAVIEST = 100_000  # bytes, as a proxy compresses them
BARE = "/bench/sheet/"
FILES = re.compile(r'(?:href|src)="(/static/[^"#]+)"')
ANSWERS = [("asked", key) for key in ("total", "recommend", "wish")]
ANSWERS += [("q-total", "9"), ("q-recommend", "8"), ("q-wish", "更快的派送"), ("do", "send")]


def measure(scale: float, made: Company) -> list[Result]:
    """Without a login, in the language of the company."""
    branch = Branch.objects.get(postings__person=made.handler)
    top, now = made.quality.postings.get().branch, clock.now()
    edition = factories.edition(top, name="答卷", now=now)
    survey = factories.survey(top, edition=edition, now=now)
    asked = [factories.invitation(survey, branch, now) for _each in range(PEOPLE + 2)]
    *people, reader, hasty = map(_path, asked)
    with serving(max(int(TIMES * scale), LEAST_TIMES)) as server:
        bare = Visit(f"{BARE}{reader.strip('/').split('/')[-1]}/", {})
        page = against(server, "page of a survey, for customers", Visit(reader, {}), bare, 3)
        weight = _weight(server, reader)
        _send(server, people)
        _send(server, [hasty] * AT_ONCE)
    complete = Invitation.objects.filter(survey=survey, status=InvitationStatus.COMPLETE)
    lost = abs(PEOPLE - complete.exclude(pk=asked[-1].pk).count())
    doubled = abs(PEOPLE + 1 - Response.objects.filter(survey=survey).count())
    doubled += abs(3 * (PEOPLE + 1) - Answer.objects.filter(response__survey=survey).count())
    return [
        page,
        Result("page of a survey with its files, bytes compressed", weight, HEAVIEST,
               weight / HEAVIEST, 1),
        Result(f"{PEOPLE} answers sent at once, lost", lost, 0, lost, 0),
        Result(f"{PEOPLE} answers and {AT_ONCE} by one link at once, rows lost or doubled", doubled,
               0, doubled, 0),
    ]  # fmt: skip


def _path(row: Invitation) -> str:
    assert row.link is not None
    return tokens.path_of(row.link)


def _weight(server: Server, path: str) -> int:
    """The page and every file that it names."""
    text = server.text(Visit(path, {}))
    files = sorted(set(FILES.findall(text)))
    assert any(name.endswith(".css") for name in files), text
    parts = [text, *(server.text(Visit(name, {})) for name in files)]
    return sum(len(gzip.compress(part.encode())) for part in parts)


def _send(server: Server, paths: Sequence[str]) -> None:
    """A sheet to each of these addresses, all of them at the same time."""
    headers, token = _pass(server, paths[0])
    body = urlencode([*ANSWERS, ("csrfmiddlewaretoken", token)])

    def post(path: str) -> int:
        sending = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        try:
            sending.request("POST", path, body, headers)
            return sending.getresponse().status
        finally:
            sending.close()

    with ThreadPoolExecutor(len(paths)) as pool:
        statuses = set(pool.map(post, paths))
    assert statuses == {303}, statuses


def _pass(server: Server, path: str) -> tuple[dict[str, str], str]:
    """What a browser sends with the form that it was shown."""
    asking = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    asking.request("GET", path)
    answer = asking.getresponse()
    cookies = answer.headers.get_all("Set-Cookie") or []
    cookie = next(each for each in cookies if each.startswith(settings.CSRF_COOKIE_NAME))
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
    asking.close()
    assert found is not None
    headers = {
        "Cookie": cookie.split(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return headers, found.group(1)
