"""What a call makes of its arguments: how personal the result is, and how large it may be."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from dash.errors import QueryRejected
from dash.steps.guard.bounds import KnownValues
from dash.steps.guard.functions import AGGREGATES, FUNCTIONS, KEEPS_FIRST_PERSONAL, KEEPS_PERSONAL
from dash.steps.guard.scope import PLAIN, Personal, Value, bounded, personal_use, require_short_search

_COLLECTS = {"string_agg", "array_agg", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg"}
COLLECTED = 30.0
_MAXIMUM_COLLECTED = 3_000.0
_JOINS_TEXTS = {
    "concat", "concat_ws", "array", "row", "array_cat", "array_append", "array_prepend", "json_build_object",
    "jsonb_build_object", "json_build_array", "jsonb_build_array", "overlay",
}  # fmt: skip
_REPEATS_THE_REST = {"array_to_string", "array_replace"}
_SEARCHES = {
    "strpos", "position", "replace", "split_part", "string_to_array", "string_to_table", "translate", "trim", "btrim",
    "ltrim", "rtrim",
}  # fmt: skip
_PATTERN_ARGUMENT = {
    "regexp_replace", "regexp_match", "regexp_matches", "regexp_split_to_array", "regexp_split_to_table",
    "regexp_count", "regexp_substr", "regexp_instr", "regexp_like",
}  # fmt: skip


class CallRules:
    """The rules of every allowed function, by its name."""

    def __init__(self, known: KnownValues) -> None:
        self._known = known
        self._collected = 0.0

    def result(self, name: str, values: list[Value], arguments: Sequence[exp.Expr]) -> Value:
        """What is known about the result. Raises QueryRejected for an argument out of bounds or a personal leak."""
        personal = max((value.personal for value in values), default=Personal.NO)
        if personal:
            if name == "count" and len(values) == 1 and personal is Personal.COLUMN:
                return PLAIN
            self._require_keeping(name, values)
            personal = Personal.DERIVED
        return bounded(Value(personal, self._growth(name, values, arguments)))

    @staticmethod
    def _require_keeping(name: str, values: Sequence[Value]) -> None:
        """A personal value may go on through this call, and the size of what comes out of it tells only a length."""
        kept = name in KEEPS_PERSONAL
        if name in KEEPS_FIRST_PERSONAL:
            kept = not any(value.personal for value in values[1:])
        if name in _COLLECTS:
            kept = kept and not any(value.personal is Personal.DERIVED for value in values)
        elif name not in ("array_to_string", "array_to_json"):
            kept = kept and not any(value.personal and value.growth >= COLLECTED for value in values)
        if not kept:
            raise personal_use(f"{name}()")

    def _growth(self, name: str, values: list[Value], arguments: Sequence[exp.Expr]) -> float:
        growths = [value.growth for value in values]
        total, largest = sum(growths), max(growths, default=0.0)
        plain = [inner_argument(argument) for argument in arguments]
        if name in _PATTERN_ARGUMENT:
            self._known.check_pattern(plain[1] if len(plain) > 1 else None)
        if name in _SEARCHES and len(values) > 1:
            require_short_search(values[0], values[1])
        if name in ("replace", "regexp_replace"):
            return largest * self._known.check_replacement(plain[2] if len(plain) > 2 else None)
        if name in ("lpad", "rpad"):
            return largest + self._known.check_padding(plain[1] if len(plain) > 1 else None)
        if name == "format":
            return total * self._known.check_format(plain[0] if plain else None)
        if name in _COLLECTS:
            return self._collect(max(total, 1.0) * COLLECTED)
        if name in _REPEATS_THE_REST:
            return growths[0] * (1.0 + COLLECTED * sum(growths[1:])) if growths else 0.0
        if name == "concat_ws":
            return total + (growths[0] * len(growths) if growths else 0.0)
        if name == "jsonb_pretty":
            return total * COLLECTED
        if name in AGGREGATES.names:
            return largest
        return total if name in _JOINS_TEXTS else largest

    def _collect(self, growth: float) -> float:
        """Every aggregate that collects holds its rows in memory at the same time as the others."""
        self._collected += growth
        if self._collected > _MAXIMUM_COLLECTED:
            raise QueryRejected(
                "Collecting so many values into texts and arrays", "collect fewer or count them.", rule="growth"
            )
        return growth


def function_name(node: exp.Anonymous) -> str:
    """The name that PostgreSQL looks up; raises QueryRejected when it is not allowed."""
    name = node.this
    if not isinstance(name, str) or name.lower() not in FUNCTIONS | {"array", "row"}:
        raise QueryRejected(f"The function {str(name)[:63]}()", "use one of the documented functions.", rule="function")
    return name.lower()


def inner_argument(node: exp.Expr) -> exp.Expr:
    """The argument without DISTINCT, ORDER BY and name =>."""
    while isinstance(node, (exp.Order, exp.Kwarg)):
        node = node.this if isinstance(node, exp.Order) else node.expression
    return node
