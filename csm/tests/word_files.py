"""Word files for tests: made, taken apart, read back; printed, where LibreOffice is installed."""

import io
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pypdf
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

OFFICE = shutil.which("soffice")
# A face draws a radical and the character that looks like it once; a PDF names it after either.
RADICALS = str.maketrans("⻚⻋⻓⼾⼭⼈⼦⼒⽇⾏⽤⽅⼯⾄⽆⻔⽉", "页车长户山人子力日行用方工至无门月")


def made(*lines: str, header: str = "") -> bytes:
    """A document with these paragraphs."""
    document, file = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    document.save(file)
    return file.getvalue()


def with_parts(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The same file with some of its parts replaced or added."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as was,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as now,
    ):
        for name in was.namelist():
            if name not in changed:
                now.writestr(name, was.read(name))
        for name, part in changed.items():
            now.writestr(name, part)
    return file.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read(name)


def upload(content: bytes, name: str = "own.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def text_of(content: bytes) -> str:
    """Everything that can be read in it, in its order; heads and feet first."""
    document = Document(io.BytesIO(content))
    section = document.sections[0]
    ends = [p.text for p in (*section.header.paragraphs, *section.footer.paragraphs)]
    return "\n".join([*ends, *_texts(document)])


def _texts(document: object) -> Iterator[str]:
    for block in document.iter_inner_content():  # type: ignore[attr-defined]
        if hasattr(block, "rows"):
            for row in block.rows:
                for cell in row.cells:
                    yield cell.text
        else:
            yield block.text


def texts_of(paper: bytes) -> list[str]:
    """What is read on each page of a PDF file."""
    reader = pypdf.PdfReader(io.BytesIO(paper))
    return [sheet.extract_text().translate(RADICALS) for sheet in reader.pages]


def printed_by_office(content: bytes) -> bytes:
    """The PDF file that LibreOffice makes of it, with a profile of its own."""
    assert OFFICE
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.docx"
        path.write_bytes(content)
        subprocess.run(
            [
                *(OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless"),
                *("--convert-to", "pdf", "--outdir", folder, str(path)),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return path.with_suffix(".pdf").read_bytes()
