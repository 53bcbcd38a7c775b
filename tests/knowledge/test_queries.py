"""The comment tags of `knowledge/queries/*.sql`, in both spellings of Agno Dash and with our own tags."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dash.errors import Fault
from dash.knowledge.files import TextFile
from dash.knowledge.nearest import find_nearest
from dash.knowledge.queries import TAGS as TAGS_OF_FILES
from dash.knowledge.queries import load_queries
from dash.knowledge.sources import Sources

STUCK = """\
-- <query name>stuck_tickets</query name>
-- <query description>
-- Open tickets whose status has not changed for a while, longest wait first.
-- Grain: one row per ticket.
-- </query description>
-- <query questions>
-- - Which tickets are stuck?
-- - Покажи stuck тикеты за последние {hours} часа
-- </query questions>
-- <query parameters>
-- hours: {type: integer, default: 24, minimum: 1, description: Hours without a status change}
-- request_type: {type: text, default: null, values: support_threads_data.request_type}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query>
SELECT thread_id -- <not a tag>
FROM support.support_threads_data

LIMIT 500
-- </query>
"""

AGNO_FIRST = """\
-- ====================================
-- F1 Query Patterns
-- ====================================

-- <query name>championship_wins_by_driver</query name>
-- <query description>
-- Position is TEXT in drivers_championship.
-- </query description>
-- <query>
SELECT name, COUNT(*) AS championships
FROM drivers_championship
WHERE position = '1'
GROUP BY name;
-- </query>


-- <query name>fastest_laps</query name>
-- <query description>
-- Fastest laps.
-- </query description>
-- <query>
SELECT 1;
-- </query>
"""

AGNO_SECOND = """\
-- <query current_mrr>
-- <description>Current total MRR from active subscriptions</description>
-- <query>
SELECT
    SUM(mrr) AS total_mrr
FROM subscriptions
WHERE status = 'active';
-- </query>

-- <query mrr_by_plan>
-- <description>
-- MRR by plan,
-- largest first
-- </description>
-- <query>
SELECT plan FROM subscriptions
-- </query>
"""


def load(text: str):
    faults: list[Fault] = []
    sources = Sources()
    return load_queries(TextFile("q.sql", text, ".sql"), sources, faults), faults, sources


def test_our_tags_hold_yaml():
    (query,), faults, sources = load(STUCK)
    assert faults == []
    assert query.name == "stuck_tickets"
    assert query.description.endswith("longest wait first.\nGrain: one row per ticket.")
    assert query.questions == ["Which tickets are stuck?", "Покажи stuck тикеты за последние {hours} часа"]
    assert query.parameters["hours"].default == 24
    assert query.parameters["request_type"].values == "support_threads_data.request_type"
    assert query.vetted == "2026-11-20 by support-analytics"
    assert query.sql == "SELECT thread_id -- <not a tag>\nFROM support.support_threads_data\n\nLIMIT 500"
    assert str(sources.places["query", "stuck_tickets"]) == "q.sql:1"
    assert sources.line_of("query", "stuck_tickets", ("parameters", "request_type", "values")).line == 12
    assert sources.line_of("query", "stuck_tickets", ("questions", 1)).line == 8
    assert sources.line_of("query", "stuck_tickets", ("sql",)).line == 16


def test_agnos_first_spelling_loads_with_several_queries_and_semicolons():
    queries, faults, sources = load(AGNO_FIRST)
    assert faults == []
    assert [query.name for query in queries] == ["championship_wins_by_driver", "fastest_laps"]
    assert queries[0].sql.endswith("GROUP BY name")
    assert queries[1].description == "Fastest laps."
    assert sources.places["query", "fastest_laps"].line == 17


def test_agnos_second_spelling_loads():
    queries, faults, _ = load(AGNO_SECOND)
    assert faults == []
    assert [(query.name, query.description) for query in queries] == [
        ("current_mrr", "Current total MRR from active subscriptions"),
        ("mrr_by_plan", "MRR by plan,\nlargest first"),
    ]
    assert queries[0].sql.startswith("SELECT\n    SUM(mrr)")


HEAD = "-- <query name>a</query name>\n"
BODY = "-- <query>\nSELECT 1\n-- </query>\n"

BROKEN = [
    (BODY, "q.sql:1: this query has no name; write -- <query name>…</query name> before it"),
    (HEAD, "q.sql:1: the query a has no SQL; write it between -- <query> and -- </query>"),
    (HEAD + "-- <query>\n-- </query>\n", "q.sql:2: the SQL is empty; write it between -- <query> and -- </query>"),
    (HEAD + "-- <query>\nSELECT 1\n", "q.sql:2: the SQL of a is never closed; write -- </query> after it"),
    ("SELECT 1\n" + HEAD + BODY, "q.sql:1: this line stands outside of a query; put SQL between"),
    (HEAD + HEAD + BODY, "q.sql:2: <query name> stands twice (first in line 1); keep one of them"),
    (HEAD + BODY + HEAD + BODY, "q.sql:5: the query a stands twice (first in q.sql:1); rename one of them"),
    (HEAD + "-- <query descripton>x</query descripton>\n" + BODY, "q.sql:2: <query descripton> is no tag; write descr"),
    (HEAD + "-- <query questons>\n-- - a\n-- </query questons>\n" + BODY, "q.sql:2: <query questons> is no tag; write"),
    (HEAD + "-- <query questions>\n-- - a\n" + BODY, "q.sql:2: <query questions> is never closed; write -- </query q"),
    (
        HEAD + "-- <query questions>\n- a\n-- </query questions>\n" + BODY,
        "q.sql:3: a line inside <query questions> is no",
    ),
    (HEAD + "-- </query questions>\n" + BODY, "q.sql:2: </query questions> closes nothing; remove it"),
    (HEAD + "-- <query questions>\n-- a\n-- </query questions>\n" + BODY, "q.sql:2: the key questions is the text 'a'"),
    (
        HEAD + "-- <query chart>\n-- kind: lines\n-- </query chart>\n" + BODY,
        "q.sql:3: the key kind is 'lines'; write line",
    ),
    (
        HEAD + "-- <query parameters>\n-- hours: {type: integer, defualt: 2}\n-- </query parameters>\n" + BODY,
        "q.sql:3: the key defualt is not known here; write default",
    ),
    (
        HEAD + "-- <query parameters>\n-- hours: {type: integer\n-- </query parameters>\n" + BODY,
        "q.sql:3: a bracket opens here and is not closed well; close it",
    ),
    (HEAD + "-- <query empty></query empty>\n" + BODY, "q.sql:2: <query empty> is empty; write it or remove it"),
    ("-- nothing here\n", "q.sql:1: no query stands in this file; write -- <query name>"),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_each_fault_says_where_it_is_and_how_to_mend_it(text, message):
    _, faults, _ = load(text)
    assert [str(fault) for fault in faults if str(fault).startswith(message)], [str(fault) for fault in faults]


def test_one_broken_query_does_not_hide_the_others():
    text = HEAD + "-- <query>\nSELECT 1\n-- <query name>b</query name>\n" + BODY + HEAD.replace("a", "c") + BODY
    queries, faults, _ = load("-- oops <\n" + text)
    assert "never closed" in str(faults[0])
    assert len(queries) == 2


LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf"], exclude_characters="\x85"), max_size=20)
TEXT = LINE.map(str.strip).filter(lambda text: text and "<" not in text)
NAME = st.from_regex(r"[a-z][a-z0-9_]{0,15}", fullmatch=True)
TAGS = st.fixed_dictionaries(
    {"name": NAME},
    optional={
        "description": st.lists(TEXT, min_size=1, max_size=3).map("\n".join),
        "vetted": TEXT,
        "questions": st.lists(TEXT, min_size=1, max_size=4),
        "parameters": st.dictionaries(
            NAME,
            st.fixed_dictionaries(
                {"type": st.sampled_from(["integer", "text", "period"])},
                optional={"default": st.one_of(st.none(), st.integers(), TEXT), "description": TEXT},
            ),
            min_size=1,
            max_size=3,
        ),
        "headline": st.dictionaries(st.sampled_from(["en", "ru"]), TEXT, min_size=1),
        "chart": st.fixed_dictionaries({"kind": st.sampled_from(["line", "bar"])}, optional={"x": TEXT}),
        "metrics": st.lists(NAME, min_size=1, max_size=3),
        "follow_ups": st.dictionaries(st.sampled_from(["en", "ru"]), st.lists(TEXT), min_size=1),
    },
)


def written(tags: dict, spelling: str) -> str:
    """Tags as a person would write them into a file."""
    lines = []
    for tag, value in tags.items():
        if tag == "name":
            lines.append(f"-- <query {value}>" if spelling == "second" else f"-- <query name>{value}</query name>")
            continue
        text = value if isinstance(value, str) else yaml.safe_dump(value, allow_unicode=True, width=1000)
        name = tag if spelling == "second" and tag == "description" else f"query {tag}"
        lines += [f"-- <{name}>", *(f"-- {line}" for line in text.rstrip("\n").split("\n")), f"-- </{name}>"]
    return "\n".join([*lines, "-- <query>", "SELECT 1", "-- </query>"]) + "\n"


@settings(max_examples=200, deadline=None)
@given(TAGS, st.sampled_from(["first", "second"]))
def test_whatever_is_written_as_tags_is_read_back(tags, spelling):
    # In that spelling a name that is nearly a tag is taken for a slip of it: "<query eted>".
    assume(
        spelling == "first"
        or (tags["name"] != "query" and find_nearest(tags["name"], TAGS_OF_FILES, cutoff=80) is None)
    )
    (query,), faults, _ = load(written(tags, spelling))
    assert faults == []
    assert query.model_dump(exclude_unset=True) == {**tags, "sql": "SELECT 1"}


LINES = [HEAD, BODY, "-- <query>", "-- </query>", "-- <query a>", "-- <description>", "SELECT 1", "- x", "-- - x"]
LINES += ["-- <query questions>", "-- </query questions>", "-- <", ""]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_any_order_of_lines_is_read_or_refused_but_never_crashes(lines):
    queries, faults, _ = load("\n".join(lines))
    assert queries or faults
