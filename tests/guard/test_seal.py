"""Only the guard makes a CheckedQuery, and what it made does not change."""

from __future__ import annotations

import ast
import copy
import pickle
from pathlib import Path

import pytest

import dash
from dash.errors import InternalError, QueryRejected
from dash.records import CheckedQuery
from tests.guard.attacks import ATTACKS
from tests.guard.checking import check

PACKAGE = Path(dash.__file__).parent
MAKERS = {"records/query.py", "steps/guard/__init__.py"}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_nobody_but_the_guard_touches_the_seal(path: Path) -> None:
    """Neither by name, nor by attribute, nor by a string for getattr; nor makes a CheckedQuery in any other way."""
    found = breaches(path.read_text(encoding="utf-8"))
    assert bool(found) == (path.relative_to(PACKAGE).as_posix() in MAKERS), found


@pytest.mark.parametrize(
    "source",
    [
        "from dash.records.query import _SEAL",
        "from dash.records.query import _SEAL as key",
        "key = query._SEAL",
        "key = getattr(query, '_SEAL')",
        "CheckedQuery(None, text='SELECT 1')",
        "records.CheckedQuery(None, text='SELECT 1')",
        "object.__new__(CheckedQuery)",
        "CheckedQuery.__new__(CheckedQuery)",
        "object.__new__(type(checked))",
    ],
)
def test_every_way_around_the_seal_is_seen(source: str) -> None:
    assert breaches(source)


def breaches(source: str) -> list[str]:
    """What in a module's source could make a CheckedQuery."""
    return [ast.unparse(node) for node in ast.walk(ast.parse(source)) if _is_breach(node)]


def _is_breach(node: ast.AST) -> bool:
    match node:
        case ast.alias(name="_SEAL") | ast.Name(id="_SEAL") | ast.Constant(value="_SEAL"):
            return True
        case ast.Attribute(attr="_SEAL" | "__new__"):
            return True
        case ast.Call(func=ast.Name(id="CheckedQuery") | ast.Attribute(attr="CheckedQuery")):
            return True
    return False


def test_the_guard_makes_exactly_one() -> None:
    """One call in one function."""
    source = (PACKAGE / "steps/guard/__init__.py").read_text(encoding="utf-8")
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "CheckedQuery"
    ]
    assert len(calls) == 1


def test_a_query_without_the_seal_is_refused() -> None:
    """Whatever stands in its place."""
    for seal in (None, object(), "seal", True):
        with pytest.raises(InternalError):
            CheckedQuery(seal, text="SELECT 1", values=(), relations=(), personal_columns=(), reviewed=True)


def test_a_checked_query_does_not_change() -> None:
    """Its text is the text that was checked."""
    checked = check("SELECT 1")
    with pytest.raises(AttributeError):
        checked.text = "DROP TABLE x"
    with pytest.raises(AttributeError):
        checked.personal_columns = ()
    with pytest.raises(AttributeError):
        del checked.text
    with pytest.raises(TypeError):
        pickle.dumps(checked)
    with pytest.raises(TypeError):
        copy.copy(checked)


def test_a_rejected_text_is_written_into_no_log(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """It may hold anything; who asks for it is told by the rejection alone."""
    for texts in ATTACKS.values():
        for sql in texts:
            with pytest.raises(QueryRejected):
                check(sql)
    with pytest.raises(QueryRejected):
        check("WITH c AS (SELECT 1) DECLARE c CURSOR WITH HOLD FOR SELECT 1")
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
