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
_ARGUMENTS = (
    exp.Predicate, exp.Nullif, exp.Interval, exp.AtTimeZone, exp.TimeToStr, exp.StrToTime, exp.Extract, exp.DataType,
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
    for _, item in lineage.outputs:
        for node in item.find_all(exp.Literal):
            if node.is_string and not _is_fit(node, item):
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


def _is_fit(node: exp.Literal, item: exp.Expr) -> bool:
    """Whether a text is no part of what is shown, a sign between data, or a short label that leads nowhere."""
    text = str(node.this)
    if not any(map(str.isalnum, text)) and not _LINK.search(text):
        return True
    child: exp.Expr = node
    while child is not item and child.parent is not None:
        parent = child.parent
        if isinstance(parent, _ARGUMENTS) or (isinstance(parent, exp.If) and child.arg_key == "this"):
            return True
        if isinstance(parent, exp.Query | exp.Window):
            return True  # looked at where it is worked out
        child = parent
    is_label = isinstance(node.parent, exp.If | exp.Case | exp.Coalesce) or node is item.unalias()
    return is_label and len(text) <= _LONGEST_LABEL and text.isprintable() and not _LINK.search(text)
