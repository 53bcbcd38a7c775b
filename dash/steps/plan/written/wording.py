"""What SQL that a model wrote may put into an answer as words: the names of its columns, and texts beside the data.

Names stand in headings and in sentences, so they are plain words and hold no number that the question does not say, in
no script and not spelled out. A text that is joined to data would be read as data; only short labels, as a CASE gives
them, may be a model's own, and none of them leads anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from sqlglot import exp

from dash.language.reader import Reader
from dash.language.tokens import normalize
from dash.records import Unconfirmed
from dash.steps.plan.written.facts import Facts
from dash.steps.plan.written.findings import Finding
from dash.steps.plan.written.lineage import Lineage

_LONGEST_NAME, _LONGEST_LABEL = 50, 40
_LANGUAGE = "en"
"""Of names, whatever the question's is."""
_WORDS = re.compile(r"[\s_]+")
_DIGITS = re.compile(r"\d+")
_LINK = re.compile(r"://|\bwww\.|\]\s*\(|[^\W\d]\.[^\W\d]{2}|[<>]\s*/?\s*[^\W\d]{2}", re.IGNORECASE)
"""An address, a link or a tag: "http://…", "[x](…)", "evil.com", "<img …"; and not "< 1 h"."""
_DATE_PARTS = re.compile(
    r"%-?[a-zA-Z]|\b(?:FM|TM)?(?:Month|MONTH|month|Mon|MON|mon|Day|DAY|day|Dy|DY|dy)\b|I?YYY?Y?|I[WD]|HH(?:12|24)?|MI|SS"
    r"|DDD?|MM|MS|US|FM|TM|AM|PM|am|pm|TZ|OF|Q|WW?|[TZ]"
)
"""Of a format, as PostgreSQL or sqlglot spells it: YYYY-MM-DD, %Y-%m-%d, FMMonth."""
_LABELS = (exp.If, exp.Case, exp.Coalesce, exp.Paren, exp.Cast, exp.Alias)
"""What may stand around a text that is a label by itself."""
_ARGUMENTS = (
    exp.Predicate, exp.Interval, exp.AtTimeZone, exp.TimeToStr, exp.StrToTime, exp.Extract, exp.DataType,
    exp.TimestampTrunc, exp.DateTrunc, exp.JSONExtract, exp.JSONExtractScalar,
)  # fmt: skip
"""What a text may be an argument of without being shown: a condition, a unit, a format."""
_MOMENTS = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.Localtime, exp.Localtimestamp)


def wording(lineage: Lineage, facts: Facts, reader: Reader) -> Iterator[Finding]:
    """Every finding on the words of a query's result, and on a moment that is not the question's."""
    for part in lineage.outermost:
        for item in part.node.expressions:
            if isinstance(item, exp.Alias | exp.Column) and not isinstance(item.this, exp.Star):
                yield from _name(item.alias_or_name, facts, reader)
    numbers = {digits for token in facts.read.tokens for digits in _DIGITS.findall(token.text)}
    for _, item in lineage.outputs:
        for node in item.find_all(exp.Literal):
            if node.is_string and not _is_fit(node, item, numbers):
                yield Finding("constant", f"{node.this[:20]!r} is no data; leave it out.")
    if any(True for _ in lineage.tree.find_all(*_MOMENTS)):
        yield Finding("now", "The moment of the question is :now, and no other.", Unconfirmed("period"))


def _name(name: str, facts: Facts, reader: Reader) -> Iterator[Finding]:
    words = [word for word in _WORDS.split(name) if word]
    if len(name) > _LONGEST_NAME or not all(_is_plain(word) for word in words):
        yield Finding("name", "Name each output column in a few plain words, in snake_case.")
        return
    if name in reader.model.metrics or name in reader.model.dimensions or name in _columns(reader):
        return
    tokens = facts.read.tokens
    said = {normalize(token.text) for token in tokens}
    written = {digits for token in tokens for digits in _DIGITS.findall(token.text)}
    languages = reader.lexicon.detector.spoken(tokens) | {_LANGUAGE}
    for word in words:
        spelled = normalize(word) not in said and reader.lexicon.is_listed("numbers", normalize(word), languages)
        if spelled or not set(_DIGITS.findall(word)) <= written:
            yield Finding("name", f"The name {name} holds a number that the question does not; leave it out.")
            return


def _columns(reader: Reader) -> set[str]:
    return {column.name for table in reader.model.tables.values() for column in table.table_columns}


def _is_plain(word: str) -> bool:
    """Letters with their marks, and ASCII digits; «十二» are letters that are a number."""
    return all(
        (character.isascii() and character.isdigit())
        or (character.isalpha() and unicodedata.numeric(character, None) is None)
        or unicodedata.category(character) in ("Mn", "Mc")
        for character in word
    )


def _is_fit(node: exp.Literal, item: exp.Expr, numbers: set[str]) -> bool:
    """Whether a text is no part of what is shown, a sign between data, or a short label that leads nowhere."""
    text, is_label = str(node.this), True
    child: exp.Expr = node
    if not any(map(str.isalnum, text)):
        return True
    while child is not item and child.parent is not None:
        parent = child.parent
        if _is_argument(child, parent):
            return not isinstance(parent, exp.TimeToStr) or _is_format(text)
        is_label = is_label and isinstance(parent, _LABELS)
        child = parent
    figures = numbers | {digits for one in _conditions(item) for digits in _DIGITS.findall(one)}
    return (
        is_label
        and len(text) <= _LONGEST_LABEL
        and text.isprintable()
        and not _LINK.search(text)
        and set(_DIGITS.findall(text)) <= figures
    )


def _is_argument(child: exp.Expr, parent: exp.Expr) -> bool:
    """Whether what stands there is not shown: a condition, a unit, a format, or looked at where it is worked out."""
    if isinstance(parent, exp.If | exp.Nullif):
        return child.arg_key == ("this" if isinstance(parent, exp.If) else "expression")
    return isinstance(parent, (*_ARGUMENTS, exp.Query, exp.Window))


def _is_format(text: str) -> bool:
    """Whether a format of dates shows dates and nothing else."""
    return not any(map(str.isalpha, _DATE_PARTS.sub("", text)))


def _conditions(item: exp.Expr) -> Iterator[str]:
    """The texts and numbers that an output compares with: "over 24 h" may be called so where something is above 24."""
    for condition in item.find_all(exp.Predicate):
        yield from (str(literal.this) for literal in condition.find_all(exp.Literal))
