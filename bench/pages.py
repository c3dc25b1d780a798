"""How long pages take among many complaints, against bare views on the same server."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench import company, polling
from bench.company import Company
from bench.result import Result
from bench.server import Server, Visit, compared, serving, signed_in, with_token
from complaints import keyset
from complaints.models import Category, Complaint
from organisation.models import Branch, Person

FEW, MANY = 10_000, 1_000_000
# Visits by turns, at full size; of fewer, the 95th percentile is almost the worst.
TIMES, LEAST_TIMES = 60, 30
LIST, BARE, INSERT = "/complaints/", "/bench/list/", "/bench/insert/"
# Of two, three and six characters: in every ninth complaint, in every sixteenth, in few.
TERMS = ("破损", "冷链车", "温度记录缺失")


@dataclass(frozen=True)
class Reader:
    """Somebody who looks at the pages."""

    name: str
    person: Person

    @cached_property
    def headers(self) -> dict[str, str]:
        return signed_in(self.person)

    def visit(self, path: str, **params: str) -> Visit:
        return Visit(f"{path}?{urlencode(params)}" if params else path, self.headers)

    def queries(self, path: str, **params: str) -> int:
        """How often the page asks the database, once it is warm."""
        client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
        client.force_login(self.person)
        client.get(path, params)
        with CaptureQueriesContext(connection) as found:
            assert client.get(path, params).status_code == 200
        return len(found)


def measure(scale: float, made: Company) -> list[Result]:
    """Among few complaints and among many: `made` has customers, and no complaint yet but one."""
    times = max(int(TIMES * scale), LEAST_TIMES)
    few, many = max(int(FEW * scale), 500), int(MANY * scale)
    branch = Reader("a branch", made.handler)
    top = Reader("headquarters", made.quality)
    company.grow(made, 1, few)
    with serving(times) as server:
        small = [
            compared(server, who.visit(LIST), who.visit(BARE), times=times)[0].median
            for who in (branch, top)
        ]
    company.grow(made, few + 1, many)
    long = company.with_long_history(many)
    results = _queries(branch, top, long)
    with serving(times) as server:
        for who, before in zip((branch, top), small, strict=True):
            results += _lists(server, who, before)
        results += _found(server, branch, top, made)
        results.append(_page(server, top, long))
        results.append(_creation(server, made))
        results.append(polling.measure(server))
    return results


def _lists(server: Server, who: Reader, before: float) -> list[Result]:
    """The beginning of the list, and far behind it: among what still runs, among what rests."""
    ours, bare = compared(server, who.visit(LIST), who.visit(BARE), times=server.times)
    now = ours.median
    results = [
        Result(f"list, {who.name}", ours.p95, bare.p95, ours.p95 / bare.p95, 6),
        Result(f"list, {who.name}, among many against few", now, before, now / before, 1.5),
    ]
    for name, is_running in (("running", True), ("at rest", False)):
        place = _place(who, is_running=is_running)
        results.append(
            against(
                server,
                f"list, {who.name}, deep among what is {name}",
                who.visit(LIST, after=place),
                who.visit(BARE, after=place.split(keyset.MARK)[1]),
                6,
            )
        )
    return results


def _place(who: Reader, *, is_running: bool) -> str:
    """The address of a row in the middle of its part of the list."""
    segments = keyset.ORDERS["due"]
    number = 0 if is_running else 1
    rows = segments[number].ordered(Complaint.objects.all(), backwards=False)
    if who.name == "a branch":
        rows = rows.filter(branch__postings__person=who.person)
    return str(keyset.place_in(rows[rows.count() // 2], segments))


def _found(server: Server, branch: Reader, top: Reader, made: Company) -> list[Result]:
    code = Branch.objects.filter(postings__person=made.handler).values_list("code", flat=True)[0]
    category = Category.objects.order_by("pk").values_list("code", flat=True)[0]
    narrow = {"branch": code, "verdict": "breached", "category": category}
    results = [
        against(
            server,
            f"list by branch, verdict and category, {who.name}",
            who.visit(LIST, **narrow),
            who.visit(BARE),
            10,
        )
        for who in (branch, top)
    ]
    for term in TERMS:
        results += [
            against(
                server,
                f"search of {len(term)} characters, {who.name}",
                who.visit(LIST, search=term),
                who.visit(BARE),
                10,
            )
            for who in (branch, top)
        ]
    return results


def _page(server: Server, who: Reader, long: Complaint) -> Result:
    return against(
        server,
        "complaint page with 200 events",
        who.visit(f"{LIST}{long.number}/"),
        who.visit(BARE),
        6,
    )


def _creation(server: Server, made: Company) -> Result:
    headers = with_token(made.handler)
    words = {
        "subject": "外包装破损",
        "description": "客户来电表示货物已到站，至今未派送",
        "channel": "hotline",
    }
    place = Branch.objects.filter(postings__person=made.handler)[0]
    ours = {
        **words,
        "branch": place.code,
        "customer_name": "王小明",
        "customer_phone": "13911112222",
    }
    return against(
        server,
        "creation through the API against a bare insert",
        Visit("/api/v1/complaints/", headers, ours, 201),
        Visit(INSERT, headers, {**words, "branch": place.pk}, 201),
        3,
    )


def against(server: Server, name: str, ours: Visit, bare: Visit, limit: float) -> Result:
    """The 95th percentiles of two pages, seen by turns."""
    mine, theirs = compared(server, ours, bare, times=server.times)
    return Result(name, mine.p95, theirs.p95, mine.p95 / theirs.p95, limit)


@override_settings(LANGUAGE_CODE="zh-hans")
def _queries(branch: Reader, top: Reader, long: Complaint) -> list[Result]:
    """Numbers of queries, not times."""
    counts = [(f"queries of the list, {who.name}", who.queries(LIST), 12) for who in (branch, top)]
    counts.append(("queries of the complaint page", top.queries(f"{LIST}{long.number}/"), 15))
    return [Result(name, count, 1, count, limit) for name, count, limit in counts]
