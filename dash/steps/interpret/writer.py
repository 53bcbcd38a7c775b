"""Sentences are filled here and nowhere else, so each number in them carries the cells it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dash.errors import InternalError
from dash.knowledge.phrases import Phrase, Phrases
from dash.records import Column, Result
from dash.shown.moments import show_bucket, show_moment
from dash.shown.numbers import exact, plural, show_number, shown_unit
from dash.steps.interpret.number_lock import Cell, Derived, Expression, Figure, Quote, Said, cell_value, evaluate


@dataclass(frozen=True)
class Writer:
    """Results of one run, and the phrases of the language that is written."""

    results: Mapping[str, Result]
    phrases: Phrases
    zone: str

    def value(self, expression: Expression) -> Decimal | None:
        """The exact number, for decisions; a sentence takes it through `figure`."""
        return evaluate(expression, self.results)

    def amount(self, expression: Expression) -> Decimal:
        """The exact number for comparing and sorting; nothing counts as 0."""
        return evaluate(expression, self.results) or Decimal(0)

    def figure(self, expression: Expression, unit: str, *, signed: bool = False) -> Said:
        """A number in its unit; the words for "no value" when there is none."""

        def show(value: Any) -> str:
            number = exact(value)
            if number is None:
                return self.phrases.numbers.no_value
            return show_number(number, unit, self.phrases, signed=signed)

        return self._register(expression, show)

    def cell(self, cell: Cell, column: Column) -> Said:
        """A cell as it is: number, date, truth value. Text does not come this way, it is quoted as a label."""
        value = cell_value(cell, self.results)
        if isinstance(value, str | list | dict):
            raise InternalError(f"Text of column {column.name} must be quoted as a label.")

        def show(value: Any) -> str:
            words = self.phrases.numbers
            if value is None:
                return words.no_value
            if isinstance(value, bool):
                return words.true_word if value else words.false_word
            number = exact(value)
            if number is None:
                return show_moment(value, self.phrases, self.zone)
            return show_number(number, shown_unit(column), self.phrases)

        return self._register(cell, show)

    def bucket(self, cell: Cell, grain: str | None) -> Said:
        """The name of a bucket of time: a month, the day a week begins …"""
        return self._register(cell, lambda value: show_bucket(value, grain, self.phrases))

    def _register(self, expression: Expression, show: Any) -> Said:
        value = cell_value(expression, self.results) if isinstance(expression, Cell) else self.value(expression)
        text = show(value)
        return Said(text, (Figure(text, expression, show),))

    def quote(self, text: str, origin: str) -> Said:
        """Words that were copied from somewhere and may hold digits."""
        return Said(text, (Quote(text, origin),))

    def fill(self, phrase: Phrase, counted: Expression | None = None, /, **slots: Said | str) -> Said:
        """A phrase with its slots filled. The number of `counted` chooses the plural form."""
        number = self.value(counted) if counted is not None else None
        template = plural(phrase, number, self.phrases) if number is not None else phrase["other"]
        texts = {name: slot.text if isinstance(slot, Said) else slot for name, slot in slots.items()}
        pieces = [
            piece
            for name, slot in slots.items()
            if isinstance(slot, Said) and f"{{{name}}}" in template
            for piece in slot.pieces
        ]
        return Said(_without_empty(template, texts).format(**texts), tuple(pieces))

    def join(self, parts: Iterable[Said], separator: str | None = None, last: str | None = None) -> Said:
        """Parts in one row: "a, b and c"."""
        items = list(parts)
        between = self.phrases.headline.separator if separator is None else separator
        final = (self.phrases.headline.both if separator is None else between) if last is None else last
        text = between.join(item.text for item in items[:-1])
        text = f"{text}{final}{items[-1].text}" if len(items) > 1 else "".join(item.text for item in items)
        return Said(text, tuple(piece for item in items for piece in item.pieces))

    def sentence(self, said: Said) -> Said:
        """A clause as a sentence: a capital at its head and a full stop behind it."""
        text = said.text.strip()
        if not text:
            return said
        end = "" if text.endswith((".", "!", "?", "…")) else "."
        if not any(text.startswith(name) for name in self._names(said)):
            text = text[0].upper() + text[1:]
        return Said(text + end, said.pieces)

    @staticmethod
    def _names(said: Said) -> list[str]:
        """Labels with a digit, such as a model called gpt-5.1: they keep their small letter."""
        quotes = [piece for piece in said.pieces if isinstance(piece, Quote) and piece.origin in ("label", "filter")]
        return [quote.text for quote in quotes if any(character.isdigit() for character in quote.text)]

    def amount_of(self, expression: Expression, column: Column) -> Said:
        """Arithmetic on cells of a column, in the unit of that column."""
        return self.figure(expression, shown_unit(column))

    def same_text(self, first: Expression, second: Expression, column: Column) -> bool:
        """Whether two numbers read the same once they are rounded for people."""
        return self.amount_of(first, column).text == self.amount_of(second, column).text


def _without_empty(template: str, texts: Mapping[str, str]) -> str:
    """The template without slots that hold nothing and the space before them: "{what} {period}: {count}" without a
    period is "{what}: {count}". Only the template is changed, never what people or databases wrote."""
    for name, text in texts.items():
        if not text:
            template = template.replace(f" {{{name}}}", "").replace(f"{{{name}}}", "")
    return template.lstrip(" :,")


def difference(now: Expression, before: Expression) -> Derived:
    """now - before."""
    return Derived("difference", (now, before))


def magnitude(expression: Expression) -> Derived:
    """The number without its sign."""
    return Derived("magnitude", (expression,))


def total(cells: Iterable[Expression]) -> Derived:
    """The sum of cells."""
    return Derived("sum", tuple(cells))
