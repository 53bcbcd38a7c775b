"""What files can be wrong about together: rows of one changed file and the sentence that names the mistake."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from dash.knowledge.check import check
from dash.settings import REPOSITORY
from tests.knowledge.folders import CUSTOMERS, LATE, METRICS, ORDERS, sound_files, write_folder


def changed(table: dict, **keys: object) -> str:
    return json.dumps({**table, **keys}, indent=1)


def column(name: str, **keys: object) -> str:
    """orders.json with one column changed."""
    table = deepcopy(ORDERS)
    for one in table["table_columns"]:
        if one["name"] == name:
            one.update(keys)
    return json.dumps(table, indent=1)


def metric(old: str, new: str) -> dict[str, str]:
    assert old in METRICS
    return {"business/metrics.yaml": METRICS.replace(old, new)}


def query(old: str, new: str) -> dict[str, str]:
    assert old in LATE
    return {"queries/late.sql": LATE.replace(old, new)}


def orders(**keys: object) -> dict[str, str]:
    return {"tables/orders.json": changed(ORDERS, **keys)}


def case(**keys: object) -> dict[str, str]:
    return {"evals/late.yaml": json.dumps([{"id": "x", "question": "q", "sql": "SELECT 1", **keys}])}


def derived(sql: str, *columns: str) -> dict[str, str]:
    return {
        "tables/waiting.json": json.dumps(
            {"table_name": "waiting", "sql": sql, "table_columns": [{"name": name} for name in columns]}
        )
    }


VOCABULARY = "vocabulary:\n- term: x\n  synonyms: {en: [x]}\n  meanings: [%s]\n"
M, Q, T = "knowledge/business/metrics.yaml", "knowledge/queries/late.sql", "knowledge/tables/orders.json"

ROWS = [
    # tables
    (orders(primary_key=["idd"]), T, "there is no column idd; write id"),
    (orders(list_columns=["stats"]), T, "there is no column stats; write status"),
    (orders(list_order="placed DESC"), T, "there is no column placed; write placed_at"),
    (orders(list_order="placed_at DOWN"), T, "'placed_at DOWN' is no order; write columns with ASC or DESC"),
    (orders(time_dimension="placed"), T, "there is no column placed; write placed_at"),
    (
        orders(guidance={"dimension": "order_statu", "sql": "SELECT status FROM shop.orders WHERE status = :value"}),
        T,
        "there is no dimension with values order_statu; write order_status",
    ),
    (
        orders(guidance={"dimension": "order_status", "sql": "SELECT id, status FROM shop.orders WHERE id = :value"}),
        T,
        "it gives several columns; select the one text",
    ),
    (
        orders(guidance={"dimension": "order_status", "sql": "SELECT email FROM shop.customers WHERE id = :value"}),
        T,
        "email is personal or untrusted; read what may be shown to a model",
    ),
    (
        orders(guidance={"dimension": "order_status", "sql": "SELECT stats FROM shop.orders WHERE id = :id"}),
        T,
        "there is no column stats",
    ),
    (orders(count_metric="order"), T, "there is no metric order; write orders"),
    (
        orders(joins=[{"to": "shop.customer", "columns": {"customer_id": "id"}, "type": "many_to_one"}]),
        T,
        "there is no table shop.customer; write shop.customers",
    ),
    (
        orders(joins=[{"to": "shop.customers", "columns": {"customer": "id"}, "type": "many_to_one"}]),
        T,
        "there is no column customer; write customer_id",
    ),
    (
        orders(joins=[{"to": "shop.customers", "columns": {"customer_id": "ide"}, "type": "many_to_one"}]),
        T,
        "there is no column of shop.customers ide; write id",
    ),
    (orders(joins=[{"to": "shop.customers", "columns": {}, "type": "many_to_one"}]), T, "this join has no columns"),
    (
        orders(joins=[{"to": "shop.customers", "columns": {"status": "country"}, "type": "many_to_one"}]),
        T,
        "shop.customers can have several rows per country, so this is not many_to_one; write one_to_many",
    ),
    (
        {"tables/orders.json": column("tags", dimension="order_status")},
        T,
        "the columns status and tags are both the dimension order_status; give one of them another name",
    ),
    ({"tables/orders.json": column("tags", value_pattern="(")}, T, "the pattern is no regular expression ("),
    ({"tables/orders.json": column("tags", values=[{"value": "a"}, {"value": "a"}])}, T, "the value a stands twice"),
    (
        derived("SELECT id FROM shop.orders", "id", "idd"),
        "knowledge/tables/waiting.json:1",
        "the query of waiting gives no column idd; write id",
    ),
    (derived("SELEC id FROM shop.orders", "id"), "knowledge/tables/waiting.json:1", "this SQL cannot be parsed"),
    (
        derived("SELECT id FROM shop.orders WHERE placed_at > now()", "id"),
        "knowledge/tables/waiting.json:1",
        "CURRENT_TIMESTAMP reads the database's clock, so the query could not be repeated; write CAST(:now AS",
    ),
    # metrics
    (
        metric(
            "table: shop.orders\n    calculation: COUNT(*)\n    default",
            "table: shop.order\n    calculation: COUNT(*)\n    default",
        ),
        f"{M}:5",
        "there is no table shop.order; write shop.orders",
    ),
    (
        metric("    default_dimension", "    numerator: {}\n    default_dimension"),
        f"{M}:7",
        "orders has a calculation and a numerator; keep the calculation or the ratio",
    ),
    (
        metric("    denominator: {}\n", ""),
        f"{M}:11",
        "paid_rate has a numerator but no denominator; add the denominator",
    ),
    (
        metric("    calculation: COUNT(*)\n    default", "    default"),
        f"{M}:2",
        "orders does not say how it is computed",
    ),
    (metric("COUNT(*)\n    default", "COUNT(*\n    default"), f"{M}:6", "this SQL cannot be parsed"),
    (metric("COUNT(*)\n    default", "amount\n    default"), f"{M}:6", "the calculation aggregates nothing; write SUM"),
    (
        metric("COUNT(*)\n    default", "COUNT(*) FROM x\n    default"),
        f"{M}:6",
        "this is not one expression; write only",
    ),
    (metric("COUNT(*)\n    default", "COUNT(*), SUM(amount)\n    default"), f"{M}:6", "this is not one expression"),
    (metric("COUNT(*)\n    default", "SUM(amont)\n    default"), f"{M}:6", "there is no column amont; write amount"),
    (metric("status = 'open' AND", "stats = 'open' AND"), f"{M}:21", "there is no column stats; write status"),
    (metric("status = 'open' AND", "SUM(amount) > 1 AND"), f"{M}:21", "a filter looks at one row and cannot aggregate"),
    (metric("CAST(:now AS timestamptz)", "CURRENT_DATE"), f"{M}:21", "CURRENT_DATE reads the database's clock"),
    (metric("CAST(:now AS timestamptz)", "'today'::date"), f"{M}:21", "'today' reads the database's clock"),
    (metric("CAST(:now AS timestamptz)", "clock_timestamp()"), f"{M}:21", "clock_timestamp() reads the database's"),
    (metric("days => :days", "days => :day"), f"{M}:21", "the placeholder :day is not declared; write :days"),
    (
        metric("days => :days", "days => 3"),
        f"{M}:23",
        "the parameter days is declared but not used; use :days in the SQL",
    ),
    (metric("default: 3", "default: 0"), f"{M}:23", "the default 0 is out of bounds; write a number from 1"),
    (metric("default: 3", "default: three"), f"{M}:23", "the default 'three' is not a whole number; write a whole"),
    (metric("days: {", "Now: {"), f"{M}:23", "Now cannot be the name of a parameter; use small letters"),
    (
        metric("      filter: status", "      calculation: SUM(amount) + COUNT(*)\n      filter: status"),
        f"{M}:12",
        "a filter needs a calculation with exactly one aggregate; write one of AVG",
    ),
    (metric("beside: [orders]", "beside: [order]"), f"{M}:15", "there is no metric order; write orders"),
    (
        metric("default_dimension: country", "default_dimension: contry"),
        f"{M}:7",
        "there is no dimension contry; write c",
    ),
    (
        metric("[country, order_status]", "[country, order_state]"),
        f"{M}:16",
        "there is no dimension order_state; write o",
    ),
    (
        {"tables/orders.json": changed(ORDERS, joins=[])},
        f"{M}:7",
        "country cannot be reached from shop.orders by joins to one row; add the join to the table's file",
    ),
    (
        {
            "tables/orders.json": changed(
                ORDERS, joins=[{"to": "shop.customers", "columns": {"customer_id": "id"}, "type": "one_to_many"}]
            )
        },
        f"{M}:16",
        "country cannot be reached from shop.orders by joins to one row",
    ),
    (
        metric("default_dimension: country", "time_dimension: placed"),
        f"{M}:7",
        "there is no column placed; write placed_at",
    ),
    (metric("default_dimension: country", "time_dimension: amount"), f"{M}:7", "amount is no time; name a time column"),
    (metric("default: 3, ", ""), f"{M}:23", "the parameter days has no default, and a question need not name it; add"),
    (metric("status = 'open' AND", "status = 'opne' AND"), f"{M}:21", "status has no value 'opne'; write open"),
    (
        metric("status = 'paid' AND", "t.status IN ('paid', 'pad') AND"),
        f"{M}:12",
        "status has no value 'pad'; write pa",
    ),
    # vetted queries
    (query("SELECT o.id", "SELECT o.idd"), f"{Q}:23", "there is no column idd in o; write id"),
    (query("ORDER BY amount", "ORDER BY amont"), f"{Q}:23", "there is no column amont; write amount"),
    (query("c.country FROM", "x.country FROM"), f"{Q}:23", "x.country: nothing in this query is called x; name one of"),
    (
        query("FROM shop.orders", "FROM shop.oders"),
        f"{Q}:23",
        "the table shop.oders is not described; write shop.orders",
    ),
    (query("FROM shop.orders", "FROM orders"), f"{Q}:23", "the table orders is not described; write shop.orders"),
    (query("ORDER BY amount DESC", "ORDER BY amount DESC)"), f"{Q}:26", "this SQL cannot be parsed"),
    (
        query("ORDER BY amount DESC", "ORDER BY amount DESC; SELECT 1"),
        f"{Q}:23",
        "these are 2 statements; write exactly",
    ),
    (case(sql="DELETE FROM shop.orders"), "knowledge/evals/late.yaml:1", "this is no query; begin it with SELECT"),
    (query("CAST(:now AS timestamptz) -", "now() -"), f"{Q}:23", "CURRENT_TIMESTAMP reads the database's clock"),
    (query("= :status", "= :stats"), f"{Q}:23", "the placeholder :stats is not declared; write :status"),
    (
        query("o.placed_at >= :period_start", "o.placed_at >= :period"),
        f"{Q}:23",
        "the placeholder :period is not declared",
    ),
    (
        query("= :status", "= 'open'"),
        f"{Q}:10",
        "the parameter status is declared but not used; use :status in the SQL",
    ),
    (query("by {days} days?", "by {day} days?"), f"{Q}:6", "there is no parameter day; write days"),
    (query("default: 3,", "default: 100,"), f"{Q}:9", "the default 100 is out of bounds; write a number from 1 to 90"),
    (query("minimum: 1,", "minimum: 91,"), f"{Q}:9", "the minimum is above the maximum; swap them"),
    (query("default: open,", "default: opn,"), f"{Q}:10", "the default 'opn' is not among the values; write open"),
    (query("orders.status}", "orders.stat}"), f"{Q}:10", "there is no column orders.stat; write orders.status"),
    (
        query("default: last 7 days", "default: 7"),
        f"{Q}:11",
        "the default 7 is not a time expression such as last 7 days",
    ),
    (query("{first.id}", "{first.idd}"), f"{Q}:14", "{first.idd}: there is no output column idd; write id"),
    (
        query("{first.id}", "{firts.id}"),
        f"{Q}:14",
        "{firts.id} is no cell of the result; write {rows}, {period.N",
    ),
    (query("{period.period}", "{period.days}"), f"{Q}:14", "{period.days}: there is no such period; known are period"),
    (
        query("{parameter.days}", "{parameter.day}"),
        f"{Q}:14",
        "{parameter.day}: there is no such parameter; write days",
    ),
    (query("{rows} orders", "{rows orders"), f"{Q}:14", "a { or } in this sentence belongs to no cell; write {rows}"),
    (query("x: id", "x: idd"), f"{Q}:17", "there is no output column idd; write id"),
    (query("y: [amount]", "y: [amont]"), f"{Q}:17", "there is no output column amont; write amount"),
    (query("[late_orders]", "[late_order]"), f"{Q}:20", "there is no metric late_order; write late_orders"),
    (
        query("-- <query chart>", "-- <query columns>\n-- idd: {unit: count}\n-- </query columns>\n-- <query chart>"),
        f"{Q}:17",
        "there is no output column idd; write id",
    ),
    (
        query(
            "-- <query chart>", "-- <query follow_ups>\n-- en: ['by {x}?']\n-- </query follow_ups>\n-- <query chart>"
        ),
        f"{Q}:17",
        "{…} is not filled in follow_ups; write the words themselves",
    ),
    (
        query("default: open,", "default: null,"),
        f"{Q}:10",
        ":status can be NULL, and the SQL does not say what that means; write (:status IS NULL OR …) with a CAST",
    ),
    (
        query("CAST(:period_start AS timestamptz) IS NULL OR ", ""),
        f"{Q}:11",
        ":period_start can be NULL, and the SQL does not say what that means",
    ),
    # words
    (
        {"business/v.yaml": VOCABULARY % "{dimension: order_state}"},
        "knowledge/business/v.yaml:4",
        "there is no dimension order_state; write order_status",
    ),
    (
        {"business/v.yaml": VOCABULARY % "{dimension: order_status, values: [piad]}"},
        "knowledge/business/v.yaml:4",
        "order_status has no value 'piad'; write paid",
    ),
    (
        {"business/v.yaml": VOCABULARY % "{metric: order}"},
        "knowledge/business/v.yaml:4",
        "there is no metric order; write",
    ),
    (
        {"business/v.yaml": VOCABULARY % "{values: [paid]}"},
        "knowledge/business/v.yaml:4",
        "these values have no dimension",
    ),
    (
        {"business/v.yaml": VOCABULARY % "{}"},
        "knowledge/business/v.yaml:4",
        "this meaning names nothing; add a dimension",
    ),
    ({"business/v.yaml": VOCABULARY % ""}, "knowledge/business/v.yaml:4", "x means nothing; add a meaning"),
    (
        {"business/v.yaml": "unanswerable:\n- topic: x\n  synonyms: {}\n  reason: y\n"},
        "knowledge/business/v.yaml:3",
        "no word leads to the topic x; add the words that ask for it",
    ),
    (
        {"business/v.yaml": "common_gotchas:\n- {issue: x, solution: y, tables_affected: [order]}\n"},
        "knowledge/business/v.yaml:2",
        "there is no table order; write orders",
    ),
    (
        metric("definition: Open for long", "definition: Open for long\n    synonyms: {en: [Order Count]}"),
        f"{M}:19",
        "'Order Count' is a synonym of orders too (knowledge/business/metrics.yaml:4); take it from one of them",
    ),
    (
        {"business/v.yaml": VOCABULARY.replace("[x]", "[Settled]") % "{metric: orders}"},
        "knowledge/business/v.yaml:3",
        "'Settled' is a word of settled too; take it from one of them, or make one entry",
    ),
    (
        {
            "tables/orders.json": column(
                "tags", values=[{"value": 1, "synonyms": ["a"]}, {"value": 2, "synonyms": ["A"]}]
            )
        },
        T,
        "'A' is a synonym of the value 1 too; take it from one of them",
    ),
    (
        {"queries/more.sql": LATE.replace("name>late", "name>more").replace("{days} days?", "{days}  Days")},
        "knowledge/queries/more.sql:6",
        "this question is an example of late too; keep it at one of them",
    ),
    # evals
    (case(question=None), "knowledge/evals/late.yaml:1", "a case has either a question or turns; add a question"),
    (case(turns=["a"]), "knowledge/evals/late.yaml:1", "a case has either a question or turns; keep one of them"),
    (case(sql=None), "knowledge/evals/late.yaml:1", "an answerable case needs SQL; add sql, or name another kind"),
    (case(kind="ambiguous"), "knowledge/evals/late.yaml:1", "an ambiguous case has no SQL; remove sql"),
    (
        case(now="today"),
        "knowledge/evals/late.yaml:1",
        "now is 'today', which is no time with a zone; write a time such",
    ),
    (case(now="2026-11-20"), "knowledge/evals/late.yaml:1", "now is '2026-11-20', which is no time with a zone"),
    (case(sql="SELECT 1 +"), "knowledge/evals/late.yaml:1", "this SQL cannot be parsed"),
    (
        case(also_accept=["SELECT x FROM shop.orders"]),
        "knowledge/evals/late.yaml:1",
        "there is no column x; known are amount",
    ),
    (case(sql="SELECT :then"), "knowledge/evals/late.yaml:1", "the placeholder :then is not declared; known are :now"),
    (
        case(
            sql="WITH a AS (SELECT status AS s FROM shop.orders), b AS (SELECT s FROM a) "
            "SELECT CASE b.s WHEN 'shut' THEN 1 END FROM b"
        ),
        "knowledge/evals/late.yaml:1",
        "s has no value 'shut'; known are open, paid",
    ),
    # broken files are told too
    ({"business/v.yaml": "x: 1"}, "knowledge/business/v.yaml:1", "the key x is not known here; known are"),
    ({"language/xx.yaml": "language: xx"}, "knowledge/language/xx.yaml:1", ""),
    ({"language/xx.yaml": "a: 1\na: 2"}, "knowledge/language/xx.yaml:2", "the key a stands twice (first in line 1)"),
]


def test_a_sound_folder_has_no_fault(tmp_path):
    assert [str(fault) for fault in check(write_folder(tmp_path))] == []


@pytest.mark.parametrize(("files", "place", "message"), ROWS, ids=[f"{i}-{row[2][:40]}" for i, row in enumerate(ROWS)])
def test_each_mistake_is_named_with_its_place(tmp_path, files, place, message):
    faults = check(write_folder(tmp_path, files))
    told = [str(fault) for fault in faults]
    assert any(text.startswith(place) and message in text for text in told), told


def test_a_synonym_with_a_day_in_it_would_take_the_period_away(tmp_path):
    english = (REPOSITORY / "knowledge" / "language" / "en.yaml").read_text(encoding="utf-8")
    vocabulary = VOCABULARY.replace("[x]", "[orders of yesterday]") % "{metric: orders}"
    faults = check(write_folder(tmp_path, {"business/v.yaml": vocabulary, "language/en.yaml": english}))
    assert any("holds the day 'yesterday', which a question would lose" in str(fault) for fault in faults)


def test_a_mistake_in_a_table_does_not_hide_one_in_a_query(tmp_path):
    files = {**orders(primary_key=["idd"]), **query("ORDER BY amount", "ORDER BY amont"), "tables/x.json": "{"}
    assert [fault.path for fault in check(write_folder(tmp_path, files))] == [Q, T, "knowledge/tables/x.json"]


def test_what_a_broken_file_defines_is_not_called_unknown_elsewhere(tmp_path):
    table = sound_files()["tables/orders.json"].replace('"grain"', '"grane"')
    assert [str(fault) for fault in check(write_folder(tmp_path / "a", {"tables/orders.json": table}))] == [
        "knowledge/tables/orders.json:4: the key grane is not known here; write grain"
    ]
    metrics = METRICS.replace("unit: percent", "unit: percents")
    assert [str(fault) for fault in check(write_folder(tmp_path / "b", {"business/metrics.yaml": metrics}))] == [
        "knowledge/business/metrics.yaml:14: the key unit is 'percents'; write percent"
    ]


@pytest.mark.parametrize(
    "test", ["(CAST(:status AS text) IS NULL OR o.status = :status)", "o.status = COALESCE(:status, 'open')"]
)
def test_a_parameter_may_be_null_where_the_sql_says_what_that_means(tmp_path, test):
    files = {"queries/late.sql": LATE.replace("default: open", "default: null").replace("o.status = :status", test)}
    assert check(write_folder(tmp_path, files)) == ()


def test_a_quick_check_leaves_the_golden_cases_out(tmp_path):
    live = Wired(LIVE)
    root = write_folder(tmp_path, {"evals/late.yaml": "- 1"})
    assert check(root, live=live, with_evals=False) == ()
    assert len(live.asked) == 1 + 3


def test_a_parameter_that_every_question_names_needs_no_default(tmp_path):
    files = {"queries/late.sql": LATE.replace("default: 3, ", "")}
    assert check(write_folder(tmp_path, files)) == ()


def test_the_default_of_a_period_is_a_time_expression(tmp_path):
    root = write_folder(tmp_path, query("last 7 days", "last 7 dayz"))
    assert [str(fault) for fault in check(root, reads_period=lambda text: text == "last 7 days")] == [
        f"{Q}:11: the default 'last 7 dayz' is no time expression; write one in English, such as last 7 days"
    ]


def test_an_ambiguous_word_may_be_declared_in_the_vocabulary(tmp_path):
    files = metric("definition: Open for long", "definition: Open for long\n    synonyms: {en: [order count]}")
    files["business/v.yaml"] = VOCABULARY.replace("x", "order count") % "{metric: orders}, {metric: late_orders}"
    assert check(write_folder(tmp_path, files)) == ()


SOUND_SQL = [
    "SELECT id FROM shop.orders WHERE status <> 'paid' AND 'new' = ANY(tags) AND CAST(id AS text) = 'x'",
    "WITH RECURSIVE r AS (SELECT 'a' AS n UNION ALL SELECT n FROM r) SELECT n FROM r WHERE n = 'b'",
    "SELECT n FROM (SELECT lower(status) AS n FROM shop.orders) AS l WHERE n = 'b'",
    "SELECT o.* FROM shop.orders AS o",
    "SELECT t.tag FROM shop.orders AS o CROSS JOIN LATERAL unnest(o.tags) AS t(tag)",
    "SELECT x.n FROM generate_series(1, 3) AS x(n)",
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n FROM r",
    "SELECT COUNT(*) AS n FROM shop.orders HAVING COUNT(*) > 1 ORDER BY n",
    "SELECT id FROM shop.customers AS c WHERE EXISTS (SELECT 1 FROM shop.orders WHERE customer_id = c.id)",
    "SELECT status FROM shop.orders UNION SELECT country FROM shop.customers ORDER BY 1",
    "SELECT v.a FROM (VALUES (1, 2)) AS v(a, b)",
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FROM shop.orders",
    "SELECT SUM(amount) OVER w FROM shop.orders WINDOW w AS (PARTITION BY status)",
    "SELECT date_trunc('day', placed_at) AS day, COUNT(o) FROM shop.orders o GROUP BY day",
    "SELECT id FROM shop.orders WHERE placed_at >= CAST(:now AS timestamptz) - INTERVAL '1 day 12:00'",
    "SELECT COUNT(*) FILTER (WHERE status = 'paid') FROM shop.orders",
    "SELECT EXTRACT(EPOCH FROM placed_at) FROM shop.orders",
]


@pytest.mark.parametrize("sql", SOUND_SQL)
def test_sound_sql_is_left_alone(tmp_path, sql):
    assert [str(fault) for fault in check(write_folder(tmp_path, case(sql=sql)))] == []


class Wired:
    """Live checks that answer from given tables and remember what they were asked."""

    def __init__(self, columns: dict[str, dict[str, str]], refuse: str = "", reject: str = "") -> None:
        self.columns, self.refuse, self.reject = columns, refuse, reject
        self.asked: list[tuple[str, dict[str, object]]] = []

    def schema(self):
        return self.columns

    def explain(self, sql, parameters):
        self.asked.append((sql, dict(parameters)))
        return "division by\nzero" if self.refuse and self.refuse in sql else None

    def guard(self, sql, parameters):
        return "pg_sleep is not allowed here" if self.reject and self.reject in sql else None


def types(table: dict) -> dict[str, str]:
    return {one["name"]: one["type"] for one in table["table_columns"] if "type" in one}


LIVE = {"shop.orders": types(ORDERS), "shop.customers": types(CUSTOMERS) | {"email": "text", "note": "text"}}


def test_every_sql_is_explained_with_the_values_of_its_defaults(tmp_path):
    live = Wired(LIVE)
    root = write_folder(tmp_path, derived("SELECT id FROM shop.orders WHERE placed_at < :now", "id"))
    assert check(root, live=live) == ()
    asked = {sql.split("\n")[0][:30]: parameters for sql, parameters in live.asked}
    assert len(live.asked) == 1 + 1 + 3 + 1
    late = next(parameters for start, parameters in asked.items() if start.startswith("WITH late"))
    assert late["days"] == 3 and late["status"] == "open" and late["period_start"] is None
    assert all(parameters["now"].tzinfo for parameters in asked.values())


LIVE_ROWS = [
    ({"shop.orders": LIVE["shop.orders"]}, "", "", "the database has no table shop.customers; write shop.orders"),
    (
        LIVE | {"shop.orders": types(ORDERS) | {"id": "text"}},
        "",
        "",
        "id is text in the database, not bigint; write text",
    ),
    (LIVE | {"shop.orders": {"idd": "int8"}}, "", "", "the table shop.orders has no column id; write idd"),
    (LIVE, "percentile", "", ""),
    (LIVE, "late.id", "", "late.sql:23: the database refuses this SQL: division by zero; mend the SQL"),
    (LIVE, "", "late.id", "late.sql:23: the guard rejects this SQL: pg_sleep is not allowed here; write it another"),
    (LIVE, "make_interval(days => :days)\n)", "", "metrics.yaml:17: the database refuses this SQL: division by zero"),
]


@pytest.mark.parametrize(("columns", "refuse", "reject", "message"), LIVE_ROWS)
def test_the_live_database_has_its_say(tmp_path, columns, refuse, reject, message):
    told = [str(fault) for fault in check(write_folder(tmp_path), live=Wired(columns, refuse, reject))]
    assert any(message in text for text in told) if message else told == []


@pytest.mark.parametrize("name", ["int8", "INT8", "BIGINT"])
def test_types_have_several_names(tmp_path, name):
    files = {"tables/orders.json": column("id", type=name)}
    assert check(write_folder(tmp_path, files), live=Wired(LIVE)) == ()
