"""The catalogue's search: any language, half a word, a slip of the finger; and links that open an entry."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dash.catalogue.entries import KINDS, Catalogue, catalogue_of, vetting_of
from dash.catalogue.finding import CatalogueSearch
from dash.knowledge import Knowledge
from dash.knowledge.formats import ValueFile


@pytest.fixture(scope="module")
def catalogue(knowledge: Knowledge) -> Catalogue:
    return catalogue_of(knowledge)


@pytest.fixture(scope="module")
def search(catalogue: Catalogue) -> CatalogueSearch:
    return CatalogueSearch(catalogue, {"the", "of", "по"})


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("csat", "metric:csat"),
        ("CSAT", "metric:csat"),
        ("resol", "metric:resolution_rate"),  # while it is typed
        ("resolutoin rate", "metric:resolution_rate"),  # a slip
        ("rate of resolution", "metric:resolution_rate"),  # a word that says nothing
        ("застрявшие тикеты", "metric:stuck_tickets"),
        ("застрявших", "metric:stuck_tickets"),  # inflected
        ("tickets atascados", "metric:stuck_tickets"),
        ("פניות תקועות", "metric:stuck_tickets"),
        ("csat_by_channel", "query:csat_by_channel"),
        ("customer_email", "table:support.support_threads_data"),
        ("support.sessions", "table:support.sessions"),
        ("weather", "topic:service levels and competitors"),
        ("возврат", "topic:refunds"),
        ("shiping", "word:shipping"),
    ],
)
def test_a_search_finds_what_is_meant_among_the_first(search: CatalogueSearch, query: str, address: str) -> None:
    found = [hit.entry.address for hit in search.find(query)]
    assert address in found[:3]


def test_words_that_nothing_has_find_nothing_and_no_words_find_everything(search: CatalogueSearch) -> None:
    assert search.find("xyzzyqwv") == ()
    assert len(search.find("")) == len(search.find("the")) == len(search.catalogue.entries)


def test_what_has_every_word_comes_alone(search: CatalogueSearch) -> None:
    found = [hit.entry.name for hit in search.find("csat channel")]
    assert found[0] == "csat_by_channel"
    assert "penalty_score" not in found


def test_kinds_narrow_what_is_found(search: CatalogueSearch) -> None:
    assert {hit.entry.kind for hit in search.find("stuck", ["query"])} == {"query"}


def test_every_thing_of_the_knowledge_has_an_entry_with_its_place(catalogue: Catalogue, knowledge: Knowledge) -> None:
    counts = {kind: len(catalogue.of(kind)) for kind in KINDS}
    assert counts == {
        "metric": len(knowledge.metrics),
        "query": len(knowledge.queries),
        "table": len(knowledge.tables),
        "word": len(knowledge.vocabulary),
        "rule": len(knowledge.rules),
        "gotcha": len(knowledge.gotchas),
        "topic": len(knowledge.unanswerable),
    }
    for entry in catalogue.entries.values():
        path, _, line = entry.place.rpartition(":")
        assert path.startswith("knowledge/") and int(line) > 0
        assert catalogue.find(entry.address) is entry
        assert entry.title("ru") and entry.title("en")


def test_values_of_personal_columns_are_no_words_of_an_entry(knowledge: Knowledge) -> None:
    """Whatever a file lists under a personal column would be somebody's data."""
    name, table = next(
        (name, table)
        for name, table in knowledge.tables.items()
        if any(column.personal for column in table.table_columns)
    )
    personal = next(column for column in table.table_columns if column.personal)
    listed = personal.model_copy(update={"values": [ValueFile(value="zebrawombat")]})
    columns = [listed if column is personal else column for column in table.table_columns]
    changed = table.model_copy(update={"table_columns": columns})
    other = replace(knowledge, tables={**knowledge.tables, name: changed})
    assert CatalogueSearch(catalogue_of(other)).find("zebrawombat", ["table"]) == ()


@pytest.mark.parametrize(
    ("vetted", "said"),
    [
        ("2026-11-20 by support-analytics", ("2026-11-20", "support-analytics")),
        ("2026-11-20", ("2026-11-20", "")),
        ("by ann", ("", "ann")),
        ("ann", ("", "ann")),
        (None, ("", "")),
    ],
)
def test_the_day_and_the_owner_of_a_vetting_are_told_apart(
    knowledge: Knowledge, vetted: str | None, said: tuple[str, str]
) -> None:
    query = next(iter(knowledge.queries.values())).model_copy(update={"vetted": vetted})
    assert vetting_of(query) == said


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_nothing_that_is_typed_breaks_the_search(search: CatalogueSearch, text: str) -> None:
    for hit in search.find(text)[:3]:
        assert hit.entry.address in search.catalogue.entries
