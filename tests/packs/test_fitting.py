"""What becomes of a pack's SQL on a database that does not have all of it."""

from __future__ import annotations

from dash.packs.fitting import Substitutes, fit

SCHEMA = {
    "desk.ticket": frozenset({"id", "state", "brand_id", "opened", "via"}),
    "desk.brand": frozenset({"id", "name"}),
    "desk.reply": frozenset({"ticket_id", "at"}),
}
SQL = """SELECT t.id AS id, t.state AS state, b.name AS brand, r.first AS first_reply
FROM desk.ticket AS t
LEFT JOIN desk.brand AS b ON b.id = t.brand_id
LEFT JOIN (
  SELECT a.ticket_id AS ticket_id, MIN(a.at) AS first FROM desk.reply AS a GROUP BY a.ticket_id
) AS r ON r.ticket_id = t.id
WHERE t.state <> 'gone' AND COALESCE(b.name, '') <> 'test'"""


def _without(relation: str, *columns: str) -> dict[str, frozenset[str]]:
    left = SCHEMA[relation] - set(columns) if columns else frozenset[str]()
    return {name: found for name, found in {**SCHEMA, relation: left}.items() if found}


def test_what_fits_stays_as_it_is_written() -> None:
    fitted = fit(SQL, SCHEMA, Substitutes())
    assert (fitted.sql, fitted.lost) == (SQL, ())


def test_an_output_without_its_column_is_left_out() -> None:
    sql = "SELECT t.id AS id, UPPER(t.mood) AS mood FROM desk.ticket AS t"
    fitted = fit(sql, SCHEMA, Substitutes())
    assert fitted.lost == ("mood",)
    assert fitted.sql is not None and "mood" not in fitted.sql
    assert "desk.ticket.mood" in fitted.absent


def test_an_outer_join_that_cannot_be_made_goes_with_all_that_it_gives() -> None:
    for schema in (_without("desk.reply"), _without("desk.reply", "ticket_id")):
        fitted = fit(SQL, schema, Substitutes())
        assert fitted.lost == ("first_reply",)
        assert fitted.sql is not None and "desk.reply" not in fitted.sql and "desk.brand" in fitted.sql


def test_a_condition_is_never_left_out() -> None:
    fitted = fit(SQL, _without("desk.ticket", "state"), Substitutes())
    assert fitted.sql is None
    assert set(fitted.lost) == {"id", "state", "brand", "first_reply"}


def test_an_inner_join_is_never_left_out() -> None:
    sql = SQL.replace("LEFT JOIN desk.brand", "JOIN desk.brand")
    assert fit(sql, _without("desk.brand"), Substitutes()).sql is None


def test_a_table_read_as_one_without_rows_stands_in_conditions_and_shows_nothing() -> None:
    fitted = fit(SQL, _without("desk.brand"), Substitutes(tables={"desk.brand": {"id": "bigint", "name": "text"}}))
    assert fitted.lost == ("brand",)
    assert fitted.sql is not None and "WHERE\n    FALSE" in fitted.sql and "COALESCE(b.name, '')" in fitted.sql


def test_another_column_of_the_table_may_stand_for_a_missing_one_where_it_is_there() -> None:
    sql = "SELECT t.channel AS channel FROM desk.ticket AS t"
    given = Substitutes(columns={("desk.ticket", "channel"): "via ->> 'channel'"})
    fitted = fit(sql, SCHEMA, given)
    assert fitted.sql is not None and "t.via ->> 'channel'" in fitted.sql
    assert fitted.used == {("desk.ticket", "via")}
    assert fit(sql, _without("desk.ticket", "via"), given).sql is None


def test_times_without_a_zone_are_given_theirs_once() -> None:
    given = Substitutes(unzoned=frozenset({("desk.ticket", "opened"), ("desk.reply", "at")}), zone="UTC")
    sql = (
        "SELECT t.opened AS opened FROM desk.ticket AS t WHERE EXISTS "
        "(SELECT 1 FROM desk.reply AS a WHERE a.ticket_id = t.id AND a.at > t.opened)"
    )
    fitted = fit(sql, SCHEMA, given).sql
    assert fitted is not None
    assert fitted.count("AT TIME ZONE 'UTC'") == 3


def test_a_time_that_stands_for_another_is_given_its_zone_too() -> None:
    sql = "SELECT t.created AS created FROM desk.ticket AS t"
    given = Substitutes({("desk.ticket", "created"): "opened"}, unzoned=frozenset({("desk.ticket", "opened")}))
    fitted = fit(sql, SCHEMA, given).sql
    assert fitted is not None and "t.opened AT TIME ZONE 'UTC'" in fitted


def test_a_time_with_a_zone_is_what_the_sql_takes_it_for() -> None:
    sql = (
        "SELECT t.opened AT TIME ZONE 'UTC' AS opened, CAST(t.opened AS date) AS day, "
        "r.last AT TIME ZONE 'UTC' AS last "
        "FROM desk.ticket AS t LEFT JOIN (SELECT a.ticket_id AS ticket_id, MAX(a.at) AS last FROM desk.reply AS a "
        "GROUP BY a.ticket_id) AS r ON r.ticket_id = t.id WHERE EXISTS "
        "(SELECT 1 FROM desk.reply AS b WHERE b.ticket_id = t.id AND b.at > t.opened)"
    )
    fitted = fit(sql, SCHEMA, Substitutes(zoned=frozenset({("desk.ticket", "opened"), ("desk.reply", "at")}))).sql
    assert fitted is not None
    for part in (
        "t.opened AS opened",
        "CAST(t.opened AT TIME ZONE 'UTC' AS DATE)",
        "MAX(a.at AT TIME ZONE 'UTC')",
        "r.last AT TIME ZONE 'UTC' AS last",
        "b.at AT TIME ZONE 'UTC' > t.opened AT TIME ZONE 'UTC'",
    ):
        assert part in fitted, part
