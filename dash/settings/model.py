"""How a language model is reached, and how much of it may be used (docs/llm.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dash.errors import SettingsError
from dash.settings.values import header_text, http_url, listed, number, path

PURPOSES = ("plan", "sql", "prose")
"""What a model is asked for (`dash.llm.asking.Purpose`); each may have a model and an effort of its own."""

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")
DEFAULT_MODEL = "gpt-5.4-mini"


@dataclass(frozen=True)
class Budget:
    """What may be used up: tokens in and out together, and money. None is without bound."""

    tokens: int | None = None
    usd: float | None = None

    @property
    def is_bound(self) -> bool:
        """Whether there is any bound."""
        return self.tokens is not None or self.usd is not None


@dataclass(frozen=True)
class LlmSettings:
    """How a language model is reached, and how much of it may be used. Times in seconds.

    `base_url` None is OpenAI's own server. `models` and `efforts` are by purpose, where it differs from `model` and
    `effort`; without an effort the server decides. `fallbacks` are models of the same server, tried in order.
    `calls` counts every request that is sent for one question, `user` and `day` what one user and all users together
    use on one calendar day of the reporting time zone.
    """

    # Not in repr: no log, trace or cache key that shows settings shows it. The URL may hold a password as well.
    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = field(default=None, repr=False)
    model: str = DEFAULT_MODEL
    models: Mapping[str, str] = field(default_factory=dict, hash=False)
    fallbacks: tuple[str, ...] = ()
    effort: str | None = None
    efforts: Mapping[str, str] = field(default_factory=dict, hash=False)
    deadline_seconds: float = 60.0
    calls: int = 4
    question: Budget = Budget(tokens=40_000)
    user: Budget = Budget()
    day: Budget = Budget()
    prices: Path | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str], home: Path) -> LlmSettings | None:
        """None when no model is configured: neither a key, nor a server and a model that do without one.

        The variables are listed in docs/llm.md. Raises SettingsError.
        """
        key, url, model = (env.get(name, "").strip() for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "DASH_MODEL"))
        if model == "off" or not (key or (url and model)):
            return None
        return cls(
            api_key=header_text(key, "OPENAI_API_KEY") or None,
            base_url=http_url(url, "OPENAI_BASE_URL") or None,
            model=model or DEFAULT_MODEL,
            models=_by_purpose(env, "DASH_MODEL"),
            fallbacks=listed(env, "DASH_FALLBACK_MODELS"),
            effort=_effort(env, "DASH_REASONING_EFFORT"),
            efforts=_by_purpose(env, "DASH_REASONING_EFFORT", _effort),
            deadline_seconds=number(env, "DASH_MODEL_DEADLINE", cls.deadline_seconds, lowest=0.1, highest=3600),
            calls=int(number(env, "DASH_MODEL_CALLS", cls.calls, lowest=1, highest=100)),
            question=_budget(env, "QUESTION", cls.question),
            user=_budget(env, "USER", cls.user),
            day=_budget(env, "DAY", cls.day),
            prices=path(env, "DASH_PRICES") or home / "prices.yaml",
        )

    def model_for(self, purpose: str) -> str:
        """The model that is asked first."""
        return self.models.get(purpose, self.model)

    @property
    def writes_prose(self) -> bool:
        """Whether answers are put into words by a model: only where one is named for it."""
        return "prose" in self.models

    def effort_for(self, purpose: str) -> str | None:
        """The reasoning effort that is asked for."""
        return self.efforts.get(purpose, self.effort)


def _plain(env: Mapping[str, str], name: str) -> str | None:
    return env.get(name, "").strip() or None


def _effort(env: Mapping[str, str], name: str) -> str | None:
    text = _plain(env, name)
    if text is not None and text not in EFFORTS:
        raise SettingsError(f"{name}={text!r} must be one of {', '.join(EFFORTS)}.")
    return text


def _by_purpose(
    env: Mapping[str, str], name: str, read: Callable[[Mapping[str, str], str], str | None] = _plain
) -> dict[str, str]:
    """DASH_MODEL_SQL and the like, by purpose."""
    found = {purpose: read(env, f"{name}_{purpose.upper()}") for purpose in PURPOSES}
    return {purpose: value for purpose, value in found.items() if value}


def _budget(env: Mapping[str, str], whose: str, default: Budget) -> Budget:
    """DASH_BUDGET_DAY_TOKENS and DASH_BUDGET_DAY_USD; "none" takes a default away."""
    bounds = []
    for unit, usual in (("TOKENS", default.tokens), ("USD", default.usd)):
        name = f"DASH_BUDGET_{whose}_{unit}"
        text = env.get(name)
        bounds.append(usual if not text else None if text == "none" else number(env, name, 0, lowest=0, highest=1e12))
    tokens, usd = bounds
    return Budget(None if tokens is None else int(tokens), usd)
