"""One entry of the catalogue, whole: what it says, where it stands, and what leads on from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from dash.catalogue.beginning import query_text
from dash.catalogue.entries import Entry, Kind, meanings_of, names_of_synonyms, vetting_of
from dash.knowledge.formats import MetricFile, PartFile, QueryFile, UnanswerableFile, VocabularyFile
from dash.shown.labels import text_of
from dash.ui.conversation import ask
from dash.ui.inert import label
from dash.ui.knowledge.address import go
from dash.ui.knowledge.facts import show_facts, show_heading, show_lines, show_links
from dash.ui.knowledge.listing import ICONS
from dash.ui.knowledge.opening import Shelf, begin_draft
from dash.ui.knowledge.table import show_table
from dash.ui.knowledge.trying import show_trial
from dash.ui.knowledge.use import use_of, used_words
from dash.ui.session import current_thread, leave_thread

_ASK_PAGE = Path(__file__).parents[1] / "pages" / "ask.py"
_ASKED = "knowledge_asked_it"


def show_entry(address: str, shelf: Shelf) -> None:
    """Draw the entry that the address names, or say that there is none."""
    if st.session_state.pop(_ASKED, False):
        st.switch_page(_ASK_PAGE, query_params={"thread": current_thread() or "", "lang": shelf.language})
    st.button(
        shelf.say("knowledge_back"), icon=":material/arrow_back:", key="knowledge-back", type="tertiary", on_click=go
    )
    entry = shelf.catalogue.find(address)
    if entry is None:
        st.info(shelf.say("knowledge_no_entry"), icon=":material/link_off:")
        return
    with st.container(key="entry"):
        st.markdown(f"{ICONS[entry.kind]} {shelf.say(f'knowledge_kind_{entry.kind}')}")
        with st.container(key="entry-title"):
            st.text(entry.title(shelf.language), width="stretch")
        summary = entry.summary(shelf.language)
        if summary and entry.kind not in ("gotcha", "topic"):
            with st.container(key="entry-summary"):
                st.text(summary, width="stretch")
        _SHOW[entry.kind](entry, shelf)
        show_facts([(shelf.say("knowledge_place"), entry.place)], "place")


def _show_metric(entry: Entry, shelf: Shelf) -> None:
    metric: MetricFile = entry.thing
    language, labels = shelf.language, shelf.service.cells(shelf.language).labels
    st.button(
        shelf.say("knowledge_ask"),
        icon=":material/forum:",
        key="entry-ask",
        on_click=_ask,
        args=(shelf, entry.title(language)),
    )
    caution = text_of(metric.caution, language)
    if caution:
        st.warning(label(caution), icon=":material/warning:")
    dimensions = metric.dimensions or ([metric.default_dimension] if metric.default_dimension else [])
    show_facts(
        [
            (shelf.say("knowledge_unit"), metric.unit),
            (shelf.say("knowledge_better"), shelf.say(f"knowledge_better_{metric.better or 'neither'}")),
            (shelf.say("knowledge_owner"), entry.owner or shelf.say("knowledge_no_owner")),
            (shelf.say("knowledge_time"), metric.time_dimension or ""),
            (shelf.say("knowledge_dimensions"), ", ".join(labels.dimension_label(name) for name in dimensions)),
            (shelf.say("knowledge_beside"), ", ".join(labels.metric_label(name) for name in metric.beside)),
            (shelf.say("knowledge_sample"), str(metric.minimum_sample) if metric.unit != "count" else ""),
        ],
        "metric",
    )
    with st.expander(shelf.say("knowledge_how_counted"), icon=":material/calculate:", expanded=True):
        _show_calculation(metric, shelf)
    _show_synonyms(metric.synonyms, shelf)
    queries = [query.address for query in shelf.catalogue.of("query") if metric.name in query.thing.metrics]
    if metric.table:
        show_heading(shelf.say("knowledge_table"))
        show_links([f"table:{metric.table}"], shelf, "metric-table")
    if queries:
        show_heading(shelf.say("knowledge_queries_with"))
        show_links(queries, shelf, "metric-queries")


def _show_calculation(metric: MetricFile, shelf: Shelf) -> None:
    parts: list[tuple[str, str]] = []
    if metric.calculation:
        parts.append((shelf.say("knowledge_calculation"), metric.calculation))
    for name, part in (("numerator", metric.numerator), ("denominator", metric.denominator)):
        if part is not None:
            parts.append((shelf.say(f"knowledge_{name}"), _part_sql(part)))
    if metric.filter:
        parts.append((shelf.say("knowledge_filter"), metric.filter))
    for name, sql in parts:
        st.caption(name)
        st.code(sql.strip(), language="sql", wrap_lines=True)


def _part_sql(part: PartFile) -> str:
    return part.calculation + (f" FILTER (WHERE {part.filter})" if part.filter else "")


def _show_query(entry: Entry, shelf: Shelf) -> None:
    query: QueryFile = entry.thing
    day, owner = vetting_of(query)
    show_facts(
        [
            (shelf.say("knowledge_vetted_on"), day or shelf.say("knowledge_no_owner")),
            (shelf.say("knowledge_owner"), owner or shelf.say("knowledge_no_owner")),
            (shelf.say("knowledge_used"), used_words(use_of(shelf).get(query.name), shelf)),
        ],
        "query",
    )
    caution = text_of(query.caution, shelf.language)
    if caution:
        st.warning(label(caution), icon=":material/warning:")
    with st.container(border=True, key="entry-try"):
        show_heading(shelf.say("knowledge_try"))
        st.caption(shelf.say("knowledge_try_text"))
        show_trial(query, shelf, key=f"query-{query.name}")
    with st.expander(shelf.say("knowledge_questions", count=len(query.questions)), icon=":material/forum:"):
        show_lines(query.questions, "questions")
    with st.expander(shelf.say("knowledge_sql"), icon=":material/code:"):
        st.code(query.sql.strip(), language="sql", wrap_lines=True)
        st.button(
            shelf.say("knowledge_edit_copy"),
            icon=":material/edit:",
            key="entry-edit",
            on_click=_edit,
            args=(shelf, entry),
        )
    if query.metrics:
        show_heading(shelf.say("knowledge_kinds_metric"))
        show_links([f"metric:{name}" for name in query.metrics], shelf, "query-metrics")


def _show_word(entry: Entry, shelf: Shelf) -> None:
    word: VocabularyFile = entry.thing
    if len(word.meanings) > 1:
        st.info(shelf.say("knowledge_ambiguous"), icon=":material/help:")
    show_heading(shelf.say("knowledge_meaning"))
    show_lines(meanings_of(word), "meanings")
    show_links([f"metric:{meaning.metric}" for meaning in word.meanings if meaning.metric], shelf, "word-metrics")
    _show_synonyms(word.synonyms, shelf)


def _show_rule(entry: Entry, shelf: Shelf) -> None:
    """All that a rule says is its title."""


def _show_gotcha(entry: Entry, shelf: Shelf) -> None:
    show_facts([(shelf.say("knowledge_solution"), entry.thing.solution)], "gotcha")
    show_heading(shelf.say("knowledge_tables_affected"))
    names = {table.name.rpartition(".")[2]: table.address for table in shelf.catalogue.of("table")}
    show_links([names.get(name.rpartition(".")[2], "") for name in entry.thing.tables_affected], shelf, "gotcha")


def _show_topic(entry: Entry, shelf: Shelf) -> None:
    topic: UnanswerableFile = entry.thing
    show_facts([(shelf.say("knowledge_reason"), text_of(topic.reason, shelf.language))], "topic")
    nearest = topic.nearest.get(shelf.language) or topic.nearest.get("") or topic.nearest.get("en") or []
    if nearest:
        show_heading(shelf.say("knowledge_nearest"))
        with st.container(horizontal=True, gap="small"):
            for index, question in enumerate(nearest):
                st.button(label(question), key=f"nearest-{index}", on_click=_ask, args=(shelf, question))
    _show_synonyms(topic.synonyms, shelf)


def _show_synonyms(words: Mapping[str, list[str]], shelf: Shelf) -> None:
    count = len(names_of_synonyms(words))
    if not count:
        return
    with st.expander(shelf.say("knowledge_synonyms", count=count), icon=":material/translate:"):
        for language, listed in words.items():
            file = shelf.service.dash.reader.languages.get(language)
            show_facts([(file.name if file is not None else language or "–", " · ".join(listed))], f"words-{language}")


def _ask(shelf: Shelf, question: str) -> None:
    leave_thread()
    ask(shelf.service, question)
    st.session_state[_ASKED] = True


def _edit(shelf: Shelf, entry: Entry) -> None:
    """A draft with the text of the file that the query stands in."""
    begin_draft(shelf, query_text(shelf.service.dash.written, entry.name))


_SHOW: Mapping[Kind, Callable[[Entry, Shelf], None]] = {
    "metric": _show_metric,
    "query": _show_query,
    "table": show_table,
    "word": _show_word,
    "rule": _show_rule,
    "gotcha": _show_gotcha,
    "topic": _show_topic,
}
