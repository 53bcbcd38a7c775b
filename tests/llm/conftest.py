"""A model to ask: real HTTP to a scripted server on loopback, and what is sent is counted in a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict

from dash.database import Database
from dash.llm import LanguageModel, ModelRequest, ModelSession, open_model
from dash.records import Viewer
from dash.settings import LlmSettings

KEY = "sk-do-not-show-me"
Open = Callable[..., ModelSession]
OpenModel = Callable[..., LanguageModel]


class Asked(BaseModel):
    """What the model has to answer in these tests."""

    model_config = ConfigDict(extra="forbid")

    metric: Literal["tickets", "cost"]
    limit: int | None


TICKETS = Asked(metric="tickets", limit=5)
REQUEST = ModelRequest("plan", "You plan {things}.", "How many {tickets}?", Asked)


def never() -> bool:
    """Nobody cancels."""
    return False


@pytest.fixture
def opened_model(database: Database) -> OpenModel:
    """The models of a server: `opened_model(url, on=another_database, **settings)`."""

    def open_(url: str, *, on: Database = database, **settings: Any) -> LanguageModel:
        llm = LlmSettings(base_url=url, **{"api_key": KEY, "model": "first", "deadline_seconds": 20.0, **settings})
        model = open_model(replace(on.settings, llm=llm), on)
        assert model is not None
        return model

    return open_


@pytest.fixture
def opened(opened_model: OpenModel) -> Open:
    """A session with a server: `opened(url, viewer=…, cancelled=…, on=…, **settings)`."""

    def open_(url: str, *, viewer: str = "ann", cancelled: Callable[[], bool] = never, **settings: Any) -> ModelSession:
        model = opened_model(url, **settings)
        return model.session(viewer=Viewer(viewer), run_id=None, cancelled=cancelled)

    return open_
