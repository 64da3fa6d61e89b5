"""Pages that are made from the program say what it says now."""

import pytest

from bot.pages import DOCS, pages


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_is_up_to_date(name: str) -> None:
    """After a change: `make docs`."""
    assert (DOCS / name).read_text("utf-8") == pages()[name]
