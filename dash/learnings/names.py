"""Which allow-listed names may have been meant by one that does not exist.

A person's own word for a column (its dimension, a synonym) is certain; a similar spelling is a guess, and is only acted
on when it is much nearer than any other. Nothing that the guard does not list is named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from dash.knowledge import Knowledge
from dash.knowledge.alternatives import expand_phrases
from dash.knowledge.formats import ColumnFile

PLAIN = re.compile(r"[a-z_][a-z0-9_]{0,62}")  # created_at
_CERTAIN = 84.0
"""How alike two names are (0–100) of which one may be acted on as the other."""

_SIMILAR = 60.0
_AHEAD = 6.0
"""How much nearer than the second the first must be."""

_MOST = 3
_LONGEST_VALUE = 60
_LONGEST_NAME = 63


def columns_of(knowledge: Knowledge, relation: str) -> list[ColumnFile]:
    """The described columns of a real table."""
    table = knowledge.tables.get(relation)
    return list(table.table_columns) if table is not None and table.sql is None else []


def find_column(knowledge: Knowledge, relation: str, name: str) -> ColumnFile | None:
    """The described column of that name."""
    return next((column for column in columns_of(knowledge, relation) if column.name == name), None)


def is_open(knowledge: Knowledge, relation: str, name: str) -> bool:
    """Whether a column is described, and a model may see it."""
    column = find_column(knowledge, relation, name)
    return column is not None and not column.personal and not column.untrusted


def nearest_columns(knowledge: Knowledge, relations: Iterable[str], wrong: str) -> list[tuple[str, str, bool]]:
    """(relation, column, whether it is certain) of what may have been meant, nearest first."""
    return _ranked(
        [
            (_likeness(wrong, _called(column)), relation, column.name)
            for relation in dict.fromkeys(relations)
            for column in columns_of(knowledge, relation)
        ]
    )


def nearest_relations(knowledge: Knowledge, wrong: str) -> list[tuple[str, bool]]:
    """(relation, whether it is certain) of what may have been meant, nearest first."""
    bare = wrong.rpartition(".")[2]
    found = []
    for name, table in knowledge.tables.items():
        if table.sql is None:
            words = [
                name.rpartition(".")[2],
                *(word for words in table.row_name.values() for word in expand_phrases(words)),
            ]
            found.append((_likeness(bare, words), "", name))
    return [(name, certain) for _, name, certain in _ranked(found)]


def nearest_values(column: ColumnFile, wrong: str) -> list[tuple[str, bool]]:
    """(value, whether it is certain) of the column's listed texts that may have been meant, nearest first."""
    found = []
    for value in column.values:
        if isinstance(value.value, str):
            words = [
                value.value,
                *value.label.values(),
                *(word for said in value.synonyms.values() for word in expand_phrases(said)),
            ]
            found.append((_likeness(wrong, words), "", value.value))
    return [(value, certain) for _, value, certain in _ranked(found)]


def is_harmless(value: str) -> bool:
    """Whether a value may be kept: one word or a few, nothing that looks like a person's number or address."""
    plain = all(letter.isalpha() or letter in " _-/&" for letter in value)
    return 0 < len(value) <= _LONGEST_VALUE and plain


def named_metric(knowledge: Knowledge, name: str) -> str | None:
    """The governed metric that is called so, by its name, its label or a word for it."""
    return _metric_words(knowledge).get(_words(name))


def mentions_metric(knowledge: Knowledge, text: str) -> str | None:
    """The governed metric that a text speaks of."""
    said = _plain_words(text)
    return next((metric for words, metric in _metric_phrases(knowledge) if words in said), None)


@lru_cache(maxsize=4)
def _metric_words(knowledge: Knowledge) -> dict[str, str]:
    """What each metric is called → its name. A knowledge never changes, so this is made once of each."""
    found: dict[str, str] = {}
    for metric in knowledge.metrics.values():
        synonyms = [word for words in metric.synonyms.values() for word in expand_phrases(words)]
        for called in (metric.name, *metric.label.values(), *synonyms):
            found.setdefault(_words(called), metric.name)
    return found


@lru_cache(maxsize=4)
def _metric_phrases(knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    return tuple((_plain_words(called), metric) for called, metric in _metric_words(knowledge).items())


def _plain_words(text: str) -> str:
    """The words between blanks, so that a phrase is found whole: " resolution rate "."""
    words = " ".join(re.findall(r"[^_\W]+", text.casefold()))
    return f" {words} "


def _called(column: ColumnFile) -> list[str]:
    said = [word for words in column.synonyms.values() for word in expand_phrases(words)]
    return [column.name, *([column.dimension] if column.dimension else []), *column.label.values(), *said]


def _likeness(wrong: str, names: Iterable[str]) -> float:
    """100 for one of the names, less for a similar one: words in any order, or most letters alike."""
    from rapidfuzz import fuzz

    written = _words(wrong)
    best = 0.0
    for name in names:
        other = _words(name)
        if written == other:
            return 100.0
        best = max(best, min(99.0, fuzz.ratio(written, other)), min(99.0, 0.95 * fuzz.token_sort_ratio(written, other)))
        if len(written) >= 4 and set(written.split()) < set(other.split()):
            best = max(best, 70.0)
    return best


@lru_cache(maxsize=65_536)
def _words(name: str) -> str:
    return re.sub(r"[\s_\-]+", " ", name.casefold()).strip()


def _ranked(found: list[tuple[float, str, str]]) -> list[tuple[str, str, bool]]:
    ranked = sorted((one for one in found if one[0] >= _SIMILAR), key=lambda one: (-one[0], one[1], one[2]))[:_MOST]
    ahead = len(ranked) < 2 or ranked[0][0] - ranked[1][0] >= _AHEAD
    return [
        (relation, name, place == 0 and ahead and score >= _CERTAIN)
        for place, (score, relation, name) in enumerate(ranked)
    ]


def shown(name: str) -> str:
    """A name that somebody wrote, as far as it is one: what is none is not repeated to a model or a person."""
    plain = all(PLAIN.fullmatch(part.lower()) for part in name.split("."))
    return name if plain and len(name) <= 2 * _LONGEST_NAME else "of that name"


def instead(names: Iterable[str], otherwise: str) -> str:
    listed = ", ".join(names)
    return f"it may be {listed}." if listed else otherwise
