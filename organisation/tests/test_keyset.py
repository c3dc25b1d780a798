"""Pages by position, on branches and messages."""

import base64
import json

import pytest
from django.http import QueryDict

from csm.kit import keyset
from organisation.factories import BranchFactory, headquarters
from organisation.models import Branch

pytestmark = pytest.mark.django_db
ORDER = ("name", "-pk")


def rows(count: int) -> list[Branch]:
    """So many branches, each name twice, in ORDER."""
    root = headquarters()
    Branch.objects.filter(pk=root.pk).update(name="zz")
    made = [BranchFactory.create(name=f"n{place // 2:02d}") for place in range(count - 1)]
    root.refresh_from_db()
    return sorted([root, *made], key=lambda row: (row.name, -row.pk))


def page(size: int = 4, **params: str) -> "keyset.Page[Branch]":
    given = QueryDict(mutable=True)
    given.update(params)
    return keyset.page(Branch.objects.all(), order=ORDER, params=given, size=size)


@pytest.mark.parametrize("count", [1, 4, 5, 8, 9, 13])
def test_forwards_and_backwards_meet_every_row_once(count: int) -> None:
    expected = rows(count)
    found, pages = [], []
    here = page()
    assert here.previous == ""
    while True:
        pages.append(here.rows)
        found += here.rows
        if not here.next:
            break
        here = page(after=here.next)
    assert found == expected
    while here.previous:
        pages.pop()
        here = page(before=here.previous)
        assert here.rows == pages[-1]
        assert here.next
    assert len(pages) == 1


def test_rows_that_come_and_go_move_nothing() -> None:
    expected = rows(9)
    first = page()
    first.rows[0].delete()
    BranchFactory.create(name="a comes before all")
    assert page(after=first.next).rows == expected[4:8]


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("text", [
    "", "x", "%%%", "é", "a" * 600, encoded("n01"), encoded([]), encoded(["n01"]),
    encoded(["n01", None]), encoded(["n01", "one"]), encoded(["n01", 1.5]), encoded(["n01", True]),
    encoded(["n01", 2**70]), encoded([["n01"], 1]), encoded([{}, 1]), encoded(["\0", 1]),
    encoded(["n01", 1, 1]), "'; drop table organisation_branch; --",
])  # fmt: skip
def test_b14_what_is_no_position_is_the_first_page(text: str) -> None:
    expected = rows(6)
    assert page(after=text).rows == expected[:4]
    assert page(before=text).rows == expected[:4]
