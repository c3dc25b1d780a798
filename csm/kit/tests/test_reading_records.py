"""Taking CSV files apart: a broken row costs that row and no other."""

import csv
import io
from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csm.kit.reading.csv_records import LONGEST, Lines, Record, Records

CELLS = st.text(alphabet=printable + "投诉，。", max_size=12)
# A row over several lines, each of them no whole row, cannot be told from the text it is lost in.
ONE_LINE_CELLS = CELLS.map(lambda text: "".join(text.splitlines()))


def taken_apart(text: str, width: int = 3) -> list[Record]:
    return list(Records(Lines(io.StringIO(text, newline="")), ",", width))


def good(text: str) -> list[list[str]]:
    return [record.cells for record in taken_apart(text) if not record.fault]


def bad(text: str) -> list[str]:
    """The first cell of every record with a fault."""
    return [record.cells[0] for record in taken_apart(text) if record.fault]


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8))
def test_whatever_is_written_properly_is_read_as_it_was(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    assert good(file.getvalue()) == rows


@given(st.lists(st.lists(ONE_LINE_CELLS, min_size=3, max_size=3), max_size=6), st.data())
def test_an_open_quotation_mark_swallows_no_other_row(
    rows: list[list[str]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rows)))
    file = io.StringIO(newline="")
    # Every cell in quotation marks: the hardest case, where each could close the open one.
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows(rows[:place])
    file.write('broken,"never closed,x\r\n')
    writer.writerows(rows[place:])
    assert good(file.getvalue()) == rows
    assert bad(file.getvalue()) == ["broken"]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ('b,"never closed,x', "b"),
        ('b,"closed" too early,x', "b"),
        ('b,x,"', "b"),
        ("b,x", "b"),
        ("b,x,y,z", "b"),
    ],
)
def test_one_broken_row_between_good_ones(line: str, first: str) -> None:
    text = f"a,1,2\r\n{line}\r\nc,3,4\r\nd,5,6\r\n"
    assert good(text) == [["a", "1", "2"], ["c", "3", "4"], ["d", "5", "6"]]
    assert bad(text) == [first]


def test_a_mark_inside_an_unquoted_text_is_only_a_mark() -> None:
    assert good('a,5" pipe,x\r\nc,3,4\r\n') == [["a", '5" pipe', "x"], ["c", "3", "4"]]


def test_empty_cells_behind_the_last_column_do_no_harm() -> None:
    assert good("a,1,2,,\r\n") == [["a", "1", "2"]]


def test_an_endless_line_is_one_fault_and_the_rest_goes_on() -> None:
    text = f'a,1,2\nb,"{"x" * LONGEST * 3}",2\nc,3,4\n'
    assert good(text) == [["a", "1", "2"], ["c", "3", "4"]]
    assert bad(text) == ["b"]


def test_a_text_that_never_ends_over_many_lines_is_given_up() -> None:
    lines = "".join(f"word {number}\n" for number in range(LONGEST // 5))
    found = taken_apart(f'b,"{lines}\nc,3,4\n')
    assert [record.cells for record in found if not record.fault and record.cells] == [
        ["c", "3", "4"]
    ]
    assert found[0].fault
