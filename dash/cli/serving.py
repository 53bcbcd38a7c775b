"""The page's process seen from its parent: where it can listen, starting it, knowing that it answers, ending it."""

from __future__ import annotations

import contextlib
import errno
import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from dash.errors import EnvironmentProblem, SettingsError
from dash.settings import Settings

SECONDS_TO_START = 90.0
SECONDS_TO_STOP = 8.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def url(settings: Settings) -> str:
    """Where a browser on this machine finds the page."""
    return address(settings.host, settings.port)


def address(host: str, port: int) -> str:
    """Where programs of this machine reach what listens there."""
    host = _EVERYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.contextmanager
def page_process(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The page's process, in a session of its own so that Ctrl-C reaches it through us and in our order."""
    from dash.access.provider import sign_in_file

    command = [sys.executable, "-I", "-X", "utf8", "-m", "dash.ui.process", settings.host, str(settings.port)]
    if settings.sign_in is not None:
        name = urlsplit(settings.sign_in.page_url).hostname or settings.host
        command += [str(sign_in_file(settings.sign_in, settings.home)), name]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_it_answers(settings: Settings, page: subprocess.Popen[bytes]) -> None:
    """Return when the page says that it is well. Raises EnvironmentProblem when it ends or takes too long."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if page.poll() is not None:
            raise EnvironmentProblem(f"The page could not start (code {page.returncode}); its words are above.")
        if answers(settings):
            return
        time.sleep(0.02)
    raise EnvironmentProblem(f"The page did not answer within {SECONDS_TO_START:.0f} s; try again: ./scripts/run")


def answers(settings: Settings) -> bool:
    """True when the page says that it is well. Asked directly, whatever proxy the person's shell names."""
    host = _EVERYWHERE.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def check_port(settings: Settings) -> None:
    """Raise EnvironmentProblem when the page could not listen, with the command that works instead."""
    check_address(settings.host, settings.port, host_name="DASH_HOST", command="DASH_{name}={value} ./scripts/run")


def check_address(host: str, port: int, *, host_name: str, command: str) -> None:
    """Raise EnvironmentProblem when nothing can listen there, with the command that works instead.

    `host_name` is what sets the host, `command` the command with places for the `name` and `value` of what to change.
    """
    problem = _why_not_bindable(host, port)
    if problem is None:
        return
    if problem in (errno.EADDRINUSE, errno.EACCES):
        why = "is in use by another program" if problem == errno.EADDRINUSE else "may only be opened by root"
        other = command.format(name="PORT", value=free_port(host, port + 1))
        raise EnvironmentProblem(f"Port {port} {why}; start on another one with: {other}")
    here = command.format(name="HOST", value="127.0.0.1")
    raise EnvironmentProblem(f"{host_name}={host!r} is not an address of this machine; start with: {here}")


def check_access(settings: Settings) -> None:
    """Raise unless the page may be served at its address: sign-in is complete, and somebody has a role.

    Raises SettingsError, AccessError.
    """
    from dash.access import load_access, require_guarded_address
    from dash.access.provider import configured_auth

    auth = configured_auth(settings.sign_in)
    require_guarded_address(settings.host, sign_in=auth is not None)
    if auth is not None and not load_access(settings.access).gives_anybody_a_role:
        raise SettingsError(
            "Sign-in is set up, but nobody has a role, so nobody could do anything; "
            "let DASH_ACCESS name a file that gives people roles, as docs/access.md shows."
        )


def free_port(host: str, first: int) -> int:
    """The first port from `first` on that can be listened on now."""
    first = max(first, 1024)
    ports = range(first, min(first + 200, 65536))
    return next((port for port in ports if _why_not_bindable(host, port) is None), 8502)


def _why_not_bindable(host: str, port: int) -> int | None:
    """None when host:port can be listened on, else the system's error number."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.errno or errno.EADDRNOTAVAIL
    return None
