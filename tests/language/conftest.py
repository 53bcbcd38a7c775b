"""One reader over the shipped knowledge; it never changes, so every test shares it."""

from __future__ import annotations

import pytest

from dash.knowledge import Knowledge
from dash.language.reader import Reader
from dash.settings import Settings


@pytest.fixture(scope="session")
def reader(knowledge: Knowledge, settings: Settings) -> Reader:
    """Reads questions about the shipped support data."""
    return Reader(knowledge, settings.home)
