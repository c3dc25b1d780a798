"""Word files for tests: made, taken apart, read back."""

import io
import zipfile
from collections.abc import Iterator, Mapping

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document


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
