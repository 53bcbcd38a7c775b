"""What the embedded server is started with: its settings, and the bound on what a process of it may take."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Sequence

_QUERY_KILOBYTES = 2 * 1024 * 1024
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "jit": "off",
    # Of one process at a time: a sort of a large product would fill the disk before the timeout ends it.
    "temp_file_limit": "4GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # Statements and the messages about them hold people's data, and errors reach the run record anyway.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "logging_collector": "off",
}
_SYNCFS_REPORTS = (5, 8)
"""The first Linux whose syncfs tells the server of what could not be written, as PostgreSQL's documentation says."""


def server_options() -> str:
    """The settings as options of the server."""
    settings = _SETTINGS | ({"recovery_init_sync_method": "syncfs"} if _has_syncfs() else {})
    return " ".join(f"-c {name}='{value}'" for name, value in settings.items())


def with_memory_limit(command: Sequence[str]) -> list[str]:
    """The command, so that no process of the server takes more than 2 GB of address space, where the system can say so.

    work_mem bounds sorts and hashes, but nothing in PostgreSQL bounds an expression: nested calls can build values of a
    gigabyte each until the machine is out of memory. With a limit the query fails and the server goes on.
    """
    if os.name == "nt":
        return list(command)
    return ["/bin/sh", "-c", f'ulimit -v {_QUERY_KILOBYTES} 2>/dev/null; exec "$@"', "sh", *command]


def _has_syncfs() -> bool:
    """Whether the system can write out a file system with one call. Before it recovers from a crash the server has all
    its files on disk; asking for each of the 1,500 takes seconds on some disks, with nobody being answered."""
    version = re.match(r"(\d+)\.(\d+)", platform.release())  # "6.1.0-13-amd64"
    return sys.platform == "linux" and version is not None and (int(version[1]), int(version[2])) >= _SYNCFS_REPORTS
