"""Importing complaints of the past: bad rows stay behind, bad files are refused, in one line."""

import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from complaints.models import Complaint
from complaints.tests.desk import (
    GOOD,
    HEADER,
    NOTHING_YET,
    PROFILE,
    Desk,
    opened_desk,
    packed,
    stored,
)
from customers.models import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return opened_desk(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",x,02.03.2026,,,,web,,,,,", "id", "A value is missing."),
        ("1,,02.03.2026,,,,web,,,,,", "what", "A value is missing."),
        ("1,x,,,,,web,,,,,", "when", "A value is missing."),
        ("1,x,31.02.2026,,,,web,,,,,", "when", "“31.02.2026” is not a time."),
        ("1,x,02.03.2126,,,,web,,,,,", "when", "This lies in the future."),
        ("1,x,02.03.2026,03.03.2126,,,web,,,,,", "done", "This lies in the future."),
        ("1,x,02.03.2026,,,,web,,,,,03.03.2126", "called", "This lies in the future."),
        (
            "1,x,02.03.2026,01.03.2026,,,web,,,,,",
            "done",
            "This lies before the complaint was received.",
        ),
        ("1,x,02.03.2026,,Moon,,web,,,,,", "place", "There is no branch “Moon”."),
        ("1,x,02.03.2026,,,Odd,web,,,,,", "sort", "There is no category “Odd”."),
        ("1,x,02.03.2026,,,,pigeon,,,,,", "by", "“pigeon” is not known."),
        ("1,x,02.03.2026,,,,,,,,,", "by", "A value is missing."),
        (
            f"1,{'x' * 201},02.03.2026,,,,web,,,,,",
            "what",
            "The text is too long: more than 200 characters.",
        ),
        ("1,a\0b,02.03.2026,,,,web,,,,,", "what", "A NUL character cannot be stored."),
        ("1,x,02.03.2026,,,,web", "by", "The row has 7 columns, the header has 12."),
        (
            '1,x,02.03.2026,,,,web,"never closed,,,,',
            "story",
            "A quotation mark is not closed, or not doubled inside a text.",
        ),
        (
            f"1,x,02.03.2026,,,,web,{'x' * 10_000_000},,,,",
            "story",
            "The text is too long: more than 131072 characters.",
        ),
        ("7,again,02.03.2026,,,,web,,,,,", "id", "The same reference stands in row 2."),
    ],
)
def test_a_bad_row_stays_behind_alone_and_says_why(
    desk: Desk, row: str, column: str, reason: str
) -> None:
    answer = desk.take(GOOD, row, "8,after,02.03.2026,,,,web,,,,,")
    assert answer.line == "imported 2 / unchanged 0 / rejected 1"
    reference = row.partition(",")[0]
    assert answer.errors == [("3", column, reason, reference)]
    assert set(Complaint.objects.values_list("reference", flat=True)) == {"7", "8"}
    assert Customer.objects.count() == 0


def test_a_row_tells_all_of_its_faults(desk: Desk) -> None:
    answer = desk.take("1,,yesterday,,,,pigeon,,,,,")
    assert answer.errors == [
        (
            "2",
            "when; what; by",
            "“yesterday” is not a time.; A value is missing.; “pigeon” is not known.",
            "1",
        )
    ]


def test_the_table_of_errors_holds_no_formula(desk: Desk) -> None:
    answer = desk.take('"=HYPERLINK(""http://x"")",,02.03.2026,,,,web,,,,,')
    assert [error[3] for error in answer.errors] == ['\'=HYPERLINK("http://x")']


def test_rows_in_a_foreign_encoding_stay_behind(desk: Desk) -> None:
    file = desk.write(GOOD)
    file.write_bytes(file.read_bytes() + "8,货物破损,02.03.2026,,,,web,,,,,\n".encode("gb18030"))
    answer = desk.run(file)
    assert answer.line == "imported 1 / unchanged 0 / rejected 1"
    assert answer.reasons == [("what", "Some characters are not in the encoding of the profile.")]


def bomb(folder: Path) -> Path:
    path = folder / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    return path


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty"),
        (packed(""), "the file is empty"),
        (b"\n\n", "its first line has no names of columns"),
        (GOOD.encode(), "these columns are missing"),
        (HEADER.replace("phone", "tel").encode(), "these columns are missing: phone"),
        (HEADER.replace("who", "id").encode(), "these columns are missing: who"),
        (f"{HEADER},id".encode(), "these columns are there twice: id"),
        (f"{HEADER}\n1,货物\n".encode("utf-16"), "it looks like utf-16"),
        (f"{HEADER},备注\n1,x\n".encode("gb18030"), "not in the encoding of the profile, utf-8"),
        (
            f"{HEADER}\n1,货物破损,02.03.2026,,,,web,,,,,\n".encode("gb18030"),
            "not in the encoding of the profile, utf-8",
        ),
        (packed(HEADER)[:-4], "the packed file is damaged"),
        (packed("0" * 20_000_000), "it would grow more than 100 times"),
        (b"PK\x03\x04 no archive", "the packed file is damaged"),
        (b"\xd0\xcf\x11\xe0 old", "this is an old Excel file"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2_and_one_line(
    desk: Desk, tmp_path: Path, content: bytes, why: str
) -> None:
    file = tmp_path / "complaints.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=why) as refusal:
        desk.run(file)
    assert refusal.value.returncode == 2
    assert "\n" not in str(refusal.value)
    assert stored() == NOTHING_YET


def test_other_files_that_cannot_be_read(desk: Desk, tmp_path: Path) -> None:
    for file in (tmp_path / "none.csv", tmp_path, bomb(tmp_path)):
        with pytest.raises(CommandError) as refusal:
            desk.run(file)
        assert refusal.value.returncode == 2
    assert stored() == NOTHING_YET


def test_utf_8_under_a_profile_of_another_encoding_is_noticed(desk: Desk) -> None:
    desk.profile = f'encoding = "gb18030"{PROFILE}'
    file = desk.write("8,货物破损,02.03.2026,,,,web,,,,,")
    with pytest.raises(CommandError, match="the profile says gb18030, but it looks like utf-8"):
        desk.run(file)
    file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))
    assert desk.run(file).line == "imported 1 / unchanged 0 / rejected 0"
    assert Complaint.objects.get().subject == "货物破损"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text + "[", "cannot be used"),
        (lambda text: text.replace("Asia/Shanghai", "Asia/Atlantis"), "there is no time zone"),
        (lambda text: f'encoding = "hex"{text}', "there is no encoding “hex”"),
        (lambda text: f'encoding = "none"{text}', "there is no encoding “none”"),
        (lambda text: f'colour = "red"{text}', "it has unknown names: colour"),
        (lambda text: text.replace("subject =", "title ="), "unknown names: columns.title"),
        (lambda text: text.replace("milestones.result", "milestones.lunch"), "milestones.lunch"),
        (lambda text: text.replace('subject = "what"', ""), "no column for “subject”"),
        (lambda text: text.replace('"old system"', "7"), "“source” is not a text"),
        (lambda text: text.replace('"old system"', '""'), "“source” needs a name"),
        (lambda text: text.replace('dates = ["', 'dates = "').replace('"]', '"'), "cannot be used"),
        (lambda text: f'create_missing = ["customer"]{text}', "create_missing.customer"),
        (lambda text: f'delimiter = ";;"{text}', "“delimiter” is one character"),
    ],
)
def test_a_profile_that_cannot_be_used_says_why(
    desk: Desk, change: Callable[[str], str], why: str
) -> None:
    desk.profile = change(PROFILE)
    with pytest.raises(CommandError, match=why) as refusal:
        desk.take(GOOD)
    assert refusal.value.returncode == 2
    assert stored() == NOTHING_YET


def test_an_unknown_profile_names_those_that_ship(desk: Desk) -> None:
    with pytest.raises(CommandError, match="or one of: boston_311, cfpb_2023") as refusal:
        call_command("import_complaints", desk.write(GOOD), profile="none", skip_checks=True)
    assert refusal.value.returncode == 2


def test_the_list_of_errors_never_overwrites_the_file(desk: Desk, tmp_path: Path) -> None:
    file = desk.write(GOOD)
    (tmp_path / "profile.toml").write_text(PROFILE)
    for errors in (file, tmp_path / "none" / "errors.csv"):
        with pytest.raises(CommandError) as refusal:
            call_command(
                "import_complaints",
                file,
                profile=str(tmp_path / "profile.toml"),
                errors=errors,
                skip_checks=True,
            )
        assert refusal.value.returncode == 2
    assert file.read_text().startswith(HEADER)
    assert stored() == NOTHING_YET


def test_without_a_table_rejected_rows_go_to_standard_error(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(PROFILE)
    out, err = StringIO(), StringIO()
    call_command(
        "import_complaints",
        desk.write(GOOD, "1,,02.03.2026,,,,web,,,,,"),
        profile=str(tmp_path / "profile.toml"),
        stdout=out,
        stderr=err,
        skip_checks=True,
    )
    assert out.getvalue() == "imported 1 / unchanged 0 / rejected 1\n"
    assert err.getvalue() == "Row 3 (1): what: A value is missing.\n"


def test_an_archive_that_is_no_workbook(desk: Desk, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "rows.xlsx", "w") as file:
        file.writestr("rows.csv", HEADER)
    with pytest.raises(CommandError, match="not an Excel workbook") as refusal:
        desk.run(tmp_path / "rows.xlsx")
    assert refusal.value.returncode == 2
