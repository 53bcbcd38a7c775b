"""What models cost, from a file that people write: nobody can look prices up, and they change.

    # <state folder>/prices.yaml, or the file that DASH_PRICES names: US dollars for a million tokens
    gpt-5.4-mini: {input: 0.75, output: 4.5}
    qwen2.5-coder: {input: 0, output: 0}

A model that is not in the file has no price; its calls cost "not known", which is never counted as nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dash.errors import SettingsError
from dash.knowledge.documents import parse_yaml

_EXAMPLE = "{input: 0.75, output: 4.5}, in dollars for a million tokens"


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens."""

    input: float
    output: float


@dataclass(frozen=True)
class Prices:
    """Prices by model."""

    models: Mapping[str, Price]
    path: Path | None = None

    @classmethod
    def load(cls, path: Path | None) -> Prices:
        """Read the file; without one nothing has a price. Raises SettingsError that says what to mend."""
        if path is None:
            return cls({})
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return cls({}, path)
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path} (the prices of models) cannot be read; make it a readable text.") from error
        return cls(parse_prices(text, str(path)), path)

    def cost_usd(self, model: str, input_tokens: int, output_tokens: int) -> float | None:
        """What so many tokens cost, None when the model has no price."""
        price = self.models.get(model)
        if price is None:
            return None
        return (input_tokens * price.input + output_tokens * price.output) / 1_000_000

    def require(self, models: Iterable[str]) -> None:
        """A budget in dollars needs a price for every model. Raises SettingsError."""
        missing = sorted(set(models) - self.models.keys())
        if missing:
            raise SettingsError(
                f"A budget in dollars needs the price of {missing[0]}; write it into {self.path or 'DASH_PRICES'} as "
                f"{missing[0]}: {_EXAMPLE}."
            )


def parse_prices(text: str, path: str) -> dict[str, Price]:
    """Prices by model from the text of the file. Raises SettingsError with every fault and its line."""
    document = parse_yaml(text, path)
    data = {} if document.data is None else document.data
    prices = {}
    if isinstance(data, dict):
        for model, entry in data.items():
            if isinstance(entry, dict) and set(entry) == {"input", "output"} and all(map(_is_amount, entry.values())):
                prices[model] = Price(float(entry["input"]), float(entry["output"]))
            elif not document.faults:
                document.fault((model,), f"this is no price of {model}", f"write {model}: {_EXAMPLE}")
    elif not document.faults:
        document.fault((), "this is no list of prices by model", f"write model: {_EXAMPLE}")
    if document.faults:
        lines = "\n".join(f"  {fault}" for fault in document.faults)
        raise SettingsError(f"The prices of models cannot be used:\n{lines}")
    return prices


def _is_amount(figure: Any) -> bool:
    return isinstance(figure, int | float) and not isinstance(figure, bool) and math.isfinite(figure) and figure >= 0
