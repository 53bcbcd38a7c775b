"""What text columns really hold, and which texts mean none."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.database import Database
from dash.introspection.text_kept import find_stand_ins, read_text_kept

FORMS = {
    "%d/%m/%Y %H:%M": "DD/MM/YYYY HH24:MI",
    "%m/%d/%Y %H:%M:%S": "MM/DD/YYYY HH24:MI:SS",
    "%Y-%m-%d %H:%M:%S": "YYYY-MM-DD HH24:MI:SS",
    "%Y-%m-%dT%H:%M:%SZ": 'YYYY-MM-DD"T"HH24:MI:SS',
    "%d.%m.%Y": "DD.MM.YYYY",
    "%d-%m-%Y": "DD-MM-YYYY",
    "%Y/%m/%d %H:%M": "YYYY/MM/DD HH24:MI",
}
moments = st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001  texts without a zone


@given(st.sampled_from(list(FORMS)), st.lists(moments, min_size=3, max_size=30))
def test_moments_are_read_in_the_form_in_which_they_were_written_or_the_doubt_is_said(
    form: str, written: list[datetime]
) -> None:
    texts = Counter(moment.strftime(form) for moment in written)
    found = read_text_kept(texts, is_name=False)
    if len(texts) < 3:
        return
    assert found is not None
    assert found.kind == "time"
    assert found.form == FORMS[form] or found.doubtful
    for text in texts:
        assert re.match(found.pattern, text)


@pytest.mark.parametrize(("form", "expected"), FORMS.items())
def test_the_database_reads_a_form_as_what_was_written(database: Database, form: str, expected: str) -> None:
    written = [datetime(*parts, tzinfo=UTC) for parts in ((2026, 1, 31, 23, 59, 58), (2024, 2, 29), (2025, 12, 13))]
    texts = [moment.strftime(form) for moment in written]
    found = read_text_kept(Counter(texts), is_name=False)
    assert found is not None
    assert found.form == expected
    with database.looking() as connection:
        rows = connection.execute(
            "SELECT to_timestamp(text, %s) FROM unnest(%s::text[]) WITH ORDINALITY AS said (text, n) ORDER BY n",
            (found.form, texts),
        ).fetchall()
    assert [row[0].strftime(form) for row in rows] == texts


@pytest.mark.parametrize(
    ("values", "is_name", "kind"),
    [
        (["1", "2.5", "-3"], False, "number"),
        (["1", "2", "3"], True, None),
        (["007", "013", "100"], False, None),
        (["true", "false"], False, "boolean"),
        (["Yes", "No"], False, "boolean"),
        (["yes", "no", "maybe"], False, None),
        (["a", "b", "c"], False, None),
        (["13/13/2026", "01/02/2026", "14/14/2026"], False, None),
    ],
)
def test_text_is_taken_for_what_all_of_it_is(values: list[str], is_name: bool, kind: Any) -> None:
    found = read_text_kept(Counter(values), is_name=is_name)
    assert (found.kind if found else None) == kind


def test_stand_ins_for_none_are_known_in_any_case() -> None:
    assert find_stand_ins(Counter(["", "?", "N/A", "n/a", "None of it", "new"])) == ("", "?", "N/A", "n/a")
