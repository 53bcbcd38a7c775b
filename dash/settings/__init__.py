"""The only reader of the environment: `settings.py` has every setting with its default and its meaning, the modules
beside it those of a language model, of serving and of what is seen from outside.

`Settings.from_env()` is called once by a surface and handed down; nothing below reads the environment, so a test builds
`Settings(...)` and knows all there is to know.
"""

from dash.settings.environment import find_variable, hand_down, use_project, wants_traces
from dash.settings.model import DEFAULT_MODEL, EFFORTS, PURPOSES, Budget, LlmSettings
from dash.settings.serving import ApiSettings, SignIn, SlackSettings
from dash.settings.settings import OWN_KNOWLEDGE, REPOSITORY, Limits, Settings, default_home, require_surface
from dash.settings.telemetry import LogSettings, TraceSettings
from dash.settings.values import checked_zone

__all__ = [
    "DEFAULT_MODEL",
    "EFFORTS",
    "OWN_KNOWLEDGE",
    "PURPOSES",
    "REPOSITORY",
    "ApiSettings",
    "Budget",
    "Limits",
    "LlmSettings",
    "LogSettings",
    "Settings",
    "SignIn",
    "SlackSettings",
    "TraceSettings",
    "checked_zone",
    "default_home",
    "find_variable",
    "hand_down",
    "require_surface",
    "use_project",
    "wants_traces",
]
