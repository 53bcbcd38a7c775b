"""What a number means for a rule that was quiet or firing before: the whole of hysteresis, without time or database.

No number (NULL: nothing to divide by, nothing to average) is neither above nor below anything, and too few cases say
nothing: in both, what was so stays so. Silence of a count is another thing: it is 0, and 0 can be below a bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dash.ops.alerts.file import RuleFile

Standing = Literal["quiet", "firing"]
Finding = Literal["beyond", "between", "back", "no_data", "too_few"]


@dataclass(frozen=True)
class Reading:
    """What was measured: the metric's value, and the count that must be large enough where the rule asks for one."""

    value: float | None
    volume: float | None = None


def find(rule: RuleFile, reading: Reading) -> Finding:
    """Where a number lies: beyond the bound, back where it clears, or between the two."""
    if rule.minimum is not None and (reading.volume is None or reading.volume < rule.minimum.at_least):
        return "too_few"
    value = reading.value
    if value is None:
        return "no_data"
    if rule.above is not None:
        return "beyond" if value > rule.above else "back" if value <= rule.back else "between"
    return "beyond" if value < rule.bound else "back" if value >= rule.back else "between"


def judge(rule: RuleFile, before: Standing, reading: Reading) -> Standing:
    """The standing after a number."""
    found = find(rule, reading)
    if found == "beyond":
        return "firing"
    return "quiet" if found == "back" else before
