"""The SQL that sets up the reader on a server that somebody else looks after: to be read by that one, then run.

It does what Dash would do by itself where it is allowed to, so that a database administrator sees every right before it
is given, and it can be run again after the knowledge has changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import psycopg
from psycopg import sql

from dash.database.connections import Connection, login_of
from dash.database.servers import reach
from dash.database.statements import statement
from dash.errors import EnvironmentProblem

RISKY_EXTENSIONS = (
    "^(adminpack|aws_|dblink|file_fdw|http|lo$|pageinspect|pg_cron|pg_net|pl(perl|python|sh|tcl|v8)|tablefunc|xml2)"
)
"""Names of extensions whose functions reach files, networks or run SQL that they are given, as a regular expression."""


def reader_script(reader: str, allowed: Mapping[str, Iterable[str]]) -> str:
    """The script for the role `reader` and these columns of these relations ("schema.relation").

    Raises EnvironmentProblem for a name that would have to be quoted in several ways at once.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]{0,62}", reader):
        raise EnvironmentProblem("Name the reader with letters, digits, _ and - only, for example dash_reader.")
    role = _identifier(reader)
    parts = {
        ":reader_text": f"'{reader}'",
        ":reader_words": reader,
        ":reader": role,
        ":risky": RISKY_EXTENSIONS,
        ":grants": "\n".join(_grants(role, allowed)),
    }
    text = statement("reader_script").decode()
    for name, value in parts.items():
        text = text.replace(name, value)
    return text


def run_reader_script(url: str, reader: str, allowed: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Run the script on the server of `url`, without the relations that are not there; returns their names.

    Raises DatabaseUnavailable, and EnvironmentProblem with the server's reason; nothing is changed then.
    """
    with reach(login_of(url)) as owner:
        facts = {"relations": list(allowed)}
        there: dict[str, list[str]] = {}
        for schema, relation, column in owner.execute(statement("existing_columns"), facts).fetchall():
            name = f"{schema}.{relation}"
            if column in allowed[name]:
                there.setdefault(name, []).append(column)
        _run(owner, reader_script(reader, there))
    return tuple(name for name in allowed if name not in there)


def _run(owner: Connection, script: str) -> None:
    try:
        owner.execute(script.encode())
    except psycopg.Error as error:
        owner.execute("ROLLBACK")
        reason = (error.diag.message_primary or str(error)).rstrip(".")
        raise EnvironmentProblem(
            f"The server refused: {reason}. Nothing was changed. Print the SQL with `dash grant` and let a superuser "
            "run it."
        ) from error


def _grants(role: str, allowed: Mapping[str, Iterable[str]]) -> Iterable[str]:
    named = {(name if "." in name else f"public.{name}"): columns for name, columns in sorted(allowed.items())}
    for schema in dict.fromkeys(name.split(".", 1)[0] for name in named):
        yield f"GRANT USAGE ON SCHEMA {_identifier(schema)} TO {role};"
    for name, columns in named.items():
        schema, relation = map(_identifier, name.split(".", 1))
        listed = ", ".join(map(_identifier, columns))
        yield f"GRANT SELECT ({listed})\n    ON {schema}.{relation} TO {role};"


def _identifier(name: str) -> str:
    return sql.Identifier(name).as_string()
