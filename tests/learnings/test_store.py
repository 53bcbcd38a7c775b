"""Learnings are kept once, counted at each sighting, decided about by people, and never lose their history."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dash.database import Database
from dash.errors import InternalError, NotFoundError, UserError
from dash.learnings import Candidate, Evidence, Learnings
from dash.learnings.candidates import check_of, forms_of
from dash.learnings.files import load_learnings, write_learnings
from dash.learnings.records import RenameColumn

TABLE = "support.support_threads_data"
FIX = RenameColumn(TABLE, "state", "status")
CANDIDATE = Candidate(
    "query_fix",
    "The column is called status.",
    (f"{TABLE}.status",),
    *forms_of(FIX),
    FIX,
    evidence=Evidence(error="There is no column state."),
    check=check_of(FIX),
)


def test_the_same_mistake_counts_up_instead_of_piling_up(fresh_database: Database) -> None:
    learnings = Learnings(fresh_database)
    first = learnings.record(CANDIDATE)
    again = learnings.record(replace(CANDIDATE, learned="Said in other words.", author="someone"))
    assert again.id == first.id
    assert (first.seen, again.seen) == (1, 2)
    assert len(learnings.all()) == 1


def test_a_run_that_sees_it_twice_counts_once(fresh_database: Database) -> None:
    from dash.ask import Dash

    with Dash.open(fresh_database.settings) as dash:
        run = dash.ask("How many tickets last week?").run_id
    learnings = Learnings(fresh_database)
    seen = replace(CANDIDATE, evidence=Evidence(run, error="x"))
    learnings.record(seen)
    learning = learnings.record(seen)
    assert learning.seen == 1
    assert learning.evidence[0].question == "How many tickets last week?"


def test_another_scope_is_another_learning(fresh_database: Database) -> None:
    learnings = Learnings(fresh_database)
    everyone, own = learnings.record(CANDIDATE), learnings.record(replace(CANDIDATE, scope="ann"))
    assert everyone.id != own.id
    assert own.reaches("ann")
    assert not own.reaches("bob")
    assert everyone.reaches("bob")


def test_status_follows_the_decisions_and_the_history_keeps_all_of_them(fresh_database: Database) -> None:
    learnings = Learnings(fresh_database)
    learning = learnings.record(CANDIDATE)
    assert learning.status == "candidate"
    assert learnings.activate(learning.id, by="ann", note="tried").status == "active"
    assert [each.id for each in learnings.active()] == [learning.id]
    assert learnings.retire(learning.id, by="bob").status == "retired"
    assert learnings.active() == ()
    assert learnings.activate(learning.id, by="eve").reviewed_by == "eve"
    assert [(each.decision, each.decided_by) for each in learnings.history(learning.id)] == [
        ("activated", "ann"), ("retired", "bob"), ("activated", "eve"),
    ]  # fmt: skip


@pytest.mark.parametrize("table", ["learnings", "learning_sightings", "learning_decisions"])
def test_nothing_of_it_can_be_changed_or_deleted(fresh_database: Database, table: str) -> None:
    learnings = Learnings(fresh_database)
    learnings.activate(learnings.record(CANDIDATE).id, by="ann")
    with pytest.raises(InternalError, match="append-only"), fresh_database.state() as connection:
        connection.execute(f"DELETE FROM dash.{table}".encode())


def test_a_flag_is_noted_once_and_cleared(fresh_database: Database) -> None:
    learnings = Learnings(fresh_database)
    learning = learnings.record(CANDIDATE)
    for _ in range(2):
        assert learnings.flag(learning.id, "the check failed").flag == "the check failed"
    assert learnings.flag(learning.id, "").flag == ""
    assert [each.decision for each in learnings.history(learning.id)] == ["flagged", "cleared"]


def test_one_users_learning_reaches_others_only_when_it_is_shared(fresh_database: Database) -> None:
    learnings = Learnings(fresh_database)
    own = learnings.record(replace(CANDIDATE, scope="ann"))
    assert not learnings.activate(own.id, by="ann").reaches("bob")
    assert learnings.share(own.id, by="lead").reaches("bob")


def test_a_learning_is_found_by_the_beginning_of_its_id(fresh_database: Database) -> None:
    learnings = Learnings(fresh_database)
    learning = learnings.record(CANDIDATE)
    assert learnings.get(learning.id[:-3]).id == learning.id
    with pytest.raises(NotFoundError):
        learnings.get("no-such-learning")


def test_what_is_exported_is_read_again_and_is_active_without_a_decision(
    fresh_database: Database, tmp_path: Path
) -> None:
    here = Learnings(fresh_database)
    active = here.activate(here.record(CANDIDATE).id, by="ann")
    (path,) = write_learnings(tmp_path / "learnings", [active])
    assert write_learnings(tmp_path / "learnings", [active]) == ()
    elsewhere = Learnings(fresh_database, load_learnings(tmp_path / "learnings"))
    (file,) = load_learnings(tmp_path / "learnings")
    assert (file.id, file.fix, file.status, file.reviewed_by) == (active.id, FIX, "active", "ann")
    assert path.name == f"{active.id}.yaml"
    assert elsewhere.get(active.id).seen == 1


def test_files_are_used_by_a_database_that_has_never_seen_them(fresh_database: Database, tmp_path: Path) -> None:
    here = Learnings(fresh_database)
    active = here.activate(here.record(CANDIDATE).id, by="ann")
    file = replace(active, id="rename-column-of-a-file", in_file="learnings/x.yaml")
    other = Learnings(fresh_database, [file])
    assert file.id in [each.id for each in other.active()]
    assert other.retire(file.id, by="bob").status == "retired"
    assert file.id not in [each.id for each in other.active()]


def test_what_a_file_calls_retired_is_retired_whatever_the_database_says(fresh_database: Database) -> None:
    learnings = Learnings(fresh_database)
    active = learnings.activate(learnings.record(CANDIDATE).id, by="ann")
    retired = replace(active, status="retired", in_file="learnings/x.yaml")
    with_file = Learnings(fresh_database, [retired])
    assert with_file.get(active.id).status == "retired"
    with pytest.raises(UserError, match=r"learnings/x\.yaml"):
        with_file.activate(active.id, by="ann")


def test_import_takes_files_in_and_the_next_sighting_counts_up_on_them(
    fresh_database: Database, tmp_path: Path
) -> None:
    from dash.learnings.store import id_of

    files = write_learnings(
        tmp_path / "learnings",
        [
            replace(
                Learnings(fresh_database).record(replace(CANDIDATE, wrong="other")),
                id=id_of(CANDIDATE), wrong=CANDIDATE.wrong, status="active", reviewed_by="ann",
            )
        ],
    )  # fmt: skip
    assert len(files) == 1
    learnings = Learnings(fresh_database)
    (taken,) = learnings.take_in(load_learnings(tmp_path / "learnings"))
    assert (taken.status, taken.reviewed_by) == ("active", "ann")
    assert learnings.take_in(load_learnings(tmp_path / "learnings")) == ()
    assert learnings.record(CANDIDATE).id == taken.id
