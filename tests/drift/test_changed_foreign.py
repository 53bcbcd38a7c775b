"""A draft asks derived tables, which name every column: one that is gone takes only its own questions with it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dash.database import Database
from tests.foreign import second
from tests.foreign.conftest import VARIABLE, ProjectFolder, clean_environment, database_of, run_dash
from tests.foreign.second import NOW, Ticket

Changing = tuple[ProjectFolder, list[Ticket], str]


@pytest.fixture
def changing(server: Database, run_folder: Path) -> Iterator[Changing]:
    """A project of one's own about a database that may be changed, its tickets, and its owner's URL."""
    name = f"changing_{os.getpid()}"
    with database_of(server, name) as owner:
        tickets = second.build(owner, f"{name}_reader", "r3ader")
        url = f"postgresql://{name}_reader:r3ader@{owner.rpartition('@')[2]}"
        folder = run_folder / name
        environment = clean_environment(run_folder / f"{name}-home", url)
        made = run_dash(environment, "init", str(folder), "--url-from", VARIABLE)
        assert made.returncode == 0, made.stderr
        yield ProjectFolder(folder, environment), tickets, owner


def test_a_derived_table_loses_only_what_needs_the_column(changing: Changing) -> None:
    project, tickets, owner = changing
    still_open = [one for one in tickets if not one.solved]
    with project.open() as dash, psycopg.connect(owner, autocommit=True) as connection:
        assert dash.ask("Open tickets by priority", now=NOW).outcome == "answered"
        connection.execute("ALTER TABLE helpdesk.tickets RENAME COLUMN priority TO ticket_priority")
        connection.execute("ALTER TABLE helpdesk.tickets DROP COLUMN first_replied_at")
        counted = dash.ask("How many tickets are open?", now=NOW)
        assert counted.outcome == "answered", counted.headline
        assert counted.rows[0][0] == len(still_open)
        by_group = dash.ask("Open tickets by group", now=NOW)
        assert by_group.outcome == "answered", by_group.headline
        for question, column in (("Open tickets by priority", "priority"), ("First response time", "first_replied_at")):
            declined = dash.ask(question, now=NOW)
            assert declined.outcome == "declined", declined.headline
            assert f"needs the column {column} of helpdesk.tickets" in declined.headline
        connection.execute("ALTER TABLE helpdesk.groups RENAME TO teams")
        connection.execute("ALTER TABLE helpdesk.tickets DROP COLUMN status")
        assert "helpdesk.groups" in dash.ask("Open tickets by group", now=NOW).headline
        opened = dash.ask("How many tickets were opened in October?", now=NOW)
        assert opened.outcome == "answered", opened.headline
        assert opened.rows[0][0] == sum((one.created.year, one.created.month) == (2026, 10) for one in tickets)
        assert "status" in dash.ask("How many tickets are open?", now=NOW).headline
    checked = project.run("check", "--live", "--propose", str(project.folder / "mend.diff"))
    assert checked.returncode == 1
    assert (
        "broken: the column priority of helpdesk.tickets is not in the database any more; it may be" in checked.stdout
    )
    job = project.run("schedule", "run", "drift")
    assert job.returncode == 1
    assert "the column first_replied_at of helpdesk.tickets is not in the database any more" in job.stderr
    subprocess.run(["git", "apply", "mend.diff"], cwd=project.folder, check=True, capture_output=True)
    mended = project.run("check")
    assert mended.returncode == 0, mended.stdout
    assert "left to you" not in checked.stderr
