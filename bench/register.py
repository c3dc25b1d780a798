"""How long the register of work orders takes among many of them."""

from bench import orders
from bench.company import Company
from bench.pages import LEAST_TIMES, MANY, TIMES, Reader, against
from bench.result import Result
from bench.server import Server, serving
from complaints.models import WorkOrder
from csm.kit import keyset
from organisation.models import Branch

ORDERS, FEWEST = 200_000, 500
NARROW = {"tier": "3A", "score_to": "6", "source": "item"}
REGISTER, BARE = "/work-orders/", "/bench/orders/"


def measure(scale: float, made: Company) -> list[Result]:
    """Among the complaints that `pages` has made."""
    many = max(int(ORDERS * scale), FEWEST)
    orders.grow(made, many, int(MANY * scale))
    readers = [Reader("a branch", made.handler), Reader("headquarters", made.quality)]
    code = Branch.objects.filter(postings__person=made.handler).values_list("code", flat=True)[0]
    results = [
        Result(f"queries of the register, {who.name}", count, 1, count, 12)
        for who in readers
        for count in [who.queries(REGISTER)]
    ]
    with serving(max(int(TIMES * scale), LEAST_TIMES)) as server:
        for who in readers:
            results += _lists(server, who, many)
        results += _found(server, readers[1], {"branch": code, **NARROW})
    return results


def _lists(server: Server, who: Reader, many: int) -> list[Result]:
    """The beginning of the register, and the middle of it."""
    middle = WorkOrder.objects.order_by("-pk")[many // 2]
    deep = keyset.place(middle, ["-id"])
    ours, bare = who.visit(REGISTER, after=deep), who.visit(BARE, after=str(middle.pk))
    return [
        against(server, f"register, {who.name}", who.visit(REGISTER), who.visit(BARE), 6),
        against(server, f"register, {who.name}, deep", ours, bare, 6),
    ]


def _found(server: Server, who: Reader, narrow: dict[str, str]) -> list[Result]:
    conditions = {
        "by branch, grade, score and source": narrow,
        "what was not submitted in time": {"overdue": "filing"},
        "search": {"search": "破损"},
    }
    return [
        against(server, f"register, {name}", who.visit(REGISTER, **given), who.visit(BARE), 30)
        for name, given in conditions.items()
    ]
