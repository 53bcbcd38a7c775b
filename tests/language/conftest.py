"""One reader over the shipped knowledge; it never changes, so every test shares it."""

from __future__ import annotations

import pytest

from dash.knowledge import load_knowledge
from dash.language.reader import Reader
from dash.settings import REPOSITORY


@pytest.fixture(scope="session")
def reader() -> Reader:
    """Reads questions about the shipped support data."""
    return Reader(load_knowledge(REPOSITORY / "knowledge"))
