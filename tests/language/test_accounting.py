"""A number or a value that a query has lost makes it no reading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dash.language.accounting import require_all_said
from dash.language.fragment import DoesNotCompose
from dash.language.reader import Reader
from dash.records import Filter
from tests.language.test_reading import NOW


@pytest.mark.parametrize(
    ("question", "lost"),
    [
        ("top 5 categories by tickets", {"limit": None}),
        ("tickets on whatsapp yesterday", {"filters": ()}),
        ("categories with more than 20 tickets", {"having": ()}),
        ("tickets stuck for more than 3 days by channel", {"metrics": None}),
        ("share of tickets that are urgent", {"numerator": ()}),
    ],
)
def test_what_a_query_has_lost_is_found(reader: Reader, question: str, lost: dict[str, object]) -> None:
    tokens, spans = reader.ground(question, NOW, "UTC")
    reading = reader.read(question, tokens, spans, NOW, "UTC").readings[0]
    require_all_said(reading.spans, reading.query, reader.model)
    if lost == {"metrics": None}:
        lost = {"metrics": tuple(replace(use, parameters=()) for use in reading.query.metrics)}
    with pytest.raises(DoesNotCompose, match="has no place"):
        require_all_said(reading.spans, replace(reading.query, **lost), reader.model)


def test_another_unit_and_a_metric_of_just_those_rows_say_it_too(reader: Reader) -> None:
    for question in ("tickets stuck for 2 days", "how many chats were escalated yesterday", "chats over 30 minutes"):
        tokens, spans = reader.ground(question, NOW, "UTC")
        reading = reader.read(question, tokens, spans, NOW, "UTC").readings[0]
        require_all_said(reading.spans, reading.query, reader.model)


def test_another_value_of_the_same_column_does_not_stand_for_one(reader: Reader) -> None:
    tokens, spans = reader.ground("tickets on whatsapp", NOW, "UTC")
    reading = reader.read("tickets on whatsapp", tokens, spans, NOW, "UTC").readings[0]
    other = replace(reading.query, filters=(Filter("channel", "in", ("email",)),))
    with pytest.raises(DoesNotCompose, match="has no place"):
        require_all_said(reading.spans, other, reader.model)
