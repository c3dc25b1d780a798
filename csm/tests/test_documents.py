"""What the docs say about access and states is what the code does."""

import pytest

from csm import documents


@pytest.mark.parametrize(("name", "text"), documents.pages().items())
def test_a_printed_page_is_up_to_date(name: str, text: str) -> None:
    assert (documents.DOCS / name).read_text() == text, "run `make docs`"
