"""Language models: the only importer of agno and openai, and of those only when a model is asked.

`open_model` gives a LanguageModel when one is configured. Whoever asks it states what the answer must be
(`dash.llm.asking`) and gets that or a ModelFailed, within a deadline and a budget.
"""

from __future__ import annotations

from dash.database import Database
from dash.llm.asking import LanguageModel, ModelCall, ModelRequest, ModelSession, Purpose
from dash.settings import Settings

__all__ = ["LanguageModel", "ModelCall", "ModelRequest", "ModelSession", "Purpose", "open_model"]


def open_model(settings: Settings, database: Database) -> LanguageModel | None:
    """The configured model, or None without one. Asks nobody anything yet.

    Raises SettingsError when the prices file cannot be used, or lacks a price that a cost budget needs.
    """
    if settings.llm is None:
        return None
    from dash.llm.session import ConfiguredModel

    return ConfiguredModel(settings.llm, database, settings.zone)
