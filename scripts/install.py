"""Makes .venv beside this folder and installs requirements.lock into it; called by scripts/setup.

Needs nothing but the standard library, because nothing else is there yet. The environment is finished when
`.venv/stamp` holds what it was made from: it is written last, and a marker says that an installation was begun, so one
that was interrupted is made again from nothing instead of being trusted. A lock of the operating system, which a dying
process cannot leave behind, makes a second caller wait for the first.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

NEEDED_BYTES = 1_600_000_000
NEEDED_BYTES_FOR_AN_UPDATE = 500_000_000

# Where packages come from is the machine's business; everything else that PIP_* could change (user, target, dry run …)
# would install the wrong thing or in the wrong place.
PIP_SETTINGS_OF_THE_MACHINE = {
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_CERT", "PIP_CLIENT_CERT",
    "PIP_PROXY", "PIP_TRUSTED_HOST", "PIP_TIMEOUT", "PIP_DEFAULT_TIMEOUT", "PIP_RETRIES", "PIP_CACHE_DIR",
    "PIP_NO_CACHE_DIR", "PIP_KEYRING_PROVIDER", "PIP_CONFIG_FILE", "PIP_USE_FEATURE", "PIP_USE_DEPRECATED",
}  # fmt: skip

NETWORK_SIGNS = (
    "connection broken by", "Temporary failure in name resolution", "Max retries exceeded", "ProxyError", "SSLError",
    "ReadTimeoutError", "ConnectTimeoutError", "NewConnectionError", "Network is unreachable", "No route to host",
    "Connection refused", "Connection reset", "HTTP error 4", "HTTP error 5",
)  # fmt: skip


class Problem(Exception):
    """Something that the person can mend: one sentence, and the command that mends it."""

    def __init__(self, sentence: str, command: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.command = command


def main() -> int:
    root = Path(__file__).resolve().parent.parent
    try:
        with one_at_a_time(root):
            install(root)
    except Problem as problem:
        say(problem.sentence)
        if problem.command:
            say("    " + problem.command)
        return 1
    except KeyboardInterrupt:
        say("\nStopped; the same command begins the set-up again.")
        return 130
    return 0


def install(root: Path) -> None:
    """Bring .venv to what requirements.lock says. Does nothing when it is there already."""
    venv = root / ".venv"
    stamp = venv / "stamp"
    wanted = wanted_stamp(root)
    if read(stamp) == wanted:
        return
    check_place(root)
    update = is_sound(venv, root)
    check_disk(root, NEEDED_BYTES_FOR_AN_UPDATE if update else NEEDED_BYTES)
    marker = venv / "installing"
    try:
        if not update:
            say(f"Making .venv with Python {sys.version.split()[0]} (about 1 GB; once).")
            make_venv(venv, marker)
        marker.touch()
        run_pip(venv, root / "requirements.lock")
        make_importable(venv, root)
        marker.unlink()
        new = venv / "stamp.new"
        new.write_text(wanted, encoding="utf-8")
        os.replace(new, stamp)
    except OSError as error:
        raise problem_of(error) from error


def wanted_stamp(root: Path) -> str:
    """What an environment is made from: the place (scripts inside name it), this file and the lock. As in setup."""
    parts = (read(root / "scripts" / "install.py"), read(root / "requirements.lock"))
    return f"{root}\n" + "".join(part or "" for part in parts)


@contextlib.contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Hold the set-up's lock. pip inherits it, so it stays locked until a pip whose parent was killed has ended."""
    try:
        handle = open(root / ".venv.lock", "w", encoding="utf-8")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise problem_of(error) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up runs in this folder; waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        os.set_inheritable(handle.fileno(), True)
        yield


def check_place(root: Path) -> None:
    if os.pathsep in str(root):
        raise Problem(f"Python cannot make an environment in a folder whose path contains {os.pathsep!r}; rename it.")
    for folder in (root, root / ".venv"):
        if folder.exists() and not os.access(folder, os.W_OK):
            raise not_ours(folder)


def not_ours(folder: Path) -> Problem:
    return Problem(
        f"The folder {folder.name} belongs to another user, so nothing can be installed there; take it over with:",
        f"sudo chown -R {os.getuid()}:{os.getgid()} {shlex.quote(str(folder))}",
    )


def check_disk(root: Path, needed: int) -> None:
    free = shutil.disk_usage(root).free
    if free < needed:
        raise Problem(
            f"The set-up needs {needed / 1e9:.1f} GB of disk in this folder and {free / 1e9:.1f} GB are free; "
            "make room, see what is large with:",
            f"du -xh -d 2 {shlex.quote(str(Path.home()))} | sort -h | tail",
        )


def is_sound(venv: Path, root: Path) -> bool:
    """True when .venv can be brought up to date; False when it has to be made anew (moved, broken, half installed)."""
    made_in = (read(venv / "stamp") or f"{root}\n").partition("\n")[0]
    if made_in != str(root) or (venv / "installing").exists():
        return False
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([venv / "bin" / "python", "-I", "-c", check], capture_output=True).returncode == 0
    except OSError:
        return False


def make_venv(venv: Path, marker: Path) -> None:
    if venv.is_symlink():
        venv.unlink()
    shutil.rmtree(venv, ignore_errors=True)
    venv.mkdir(exist_ok=True)
    marker.touch()
    made = subprocess.run(
        [sys.executable, "-I", "-m", "venv", venv], env=environment(venv), capture_output=True, text=True
    )
    if made.returncode != 0:
        raise problem_of_output(made.stdout + made.stderr, "Python could not make .venv")


def run_pip(venv: Path, lock: Path) -> None:
    temporary = venv / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    log = venv / "install.log"
    command: list[str | Path] = [
        venv / "bin" / "python", "-I", "-X", "utf8", "-m", "pip", "install", "--require-hashes",
        "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--progress-bar=off", "-r", lock,
    ]  # fmt: skip
    process = subprocess.Popen(
        command, env=environment(venv), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        encoding="utf-8", errors="replace", close_fds=False,
    )  # fmt: skip
    try:
        output = follow(process, log, Progress(venv, packages_in(lock)))
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    if process.returncode != 0:
        raise problem_of_output(output, f"pip could not install the dependencies (its words are in .venv/{log.name})")


def environment(venv: Path) -> dict[str, str]:
    """The person's environment without what would lead pip astray; temporary files on the disk that was checked."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "PYTHON")) or name in PIP_SETTINGS_OF_THE_MACHINE
    }
    return kept | {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "TMPDIR": str(venv / "tmp"), "LC_ALL": "C.UTF-8"}


def packages_in(lock: Path) -> int:
    return len(re.findall(r"^[A-Za-z0-9._-]+==", read(lock) or "", flags=re.MULTILINE))  # "click==8.5.1 \"


class Progress:
    """What pip is doing, in one line that is redrawn on a terminal and repeated every ten seconds elsewhere."""

    def __init__(self, venv: Path, packages: int) -> None:
        self.packages = packages
        self.found = 0
        self.unpacking = False
        self.retrying = False
        self.started = time.monotonic()
        self.shown_at = 0.0
        self.terminal = sys.stderr.isatty()
        self.site_packages = list(venv.glob("lib/python3*/site-packages"))

    def read(self, line: str) -> None:
        self.found += line.startswith(("Collecting ", "Processing ", "Requirement already satisfied"))
        self.unpacking |= line.startswith("Installing collected packages")
        self.retrying = "Retrying (" in line

    def show(self, last: bool = False) -> None:
        now = time.monotonic()
        if not last and now - self.shown_at < (0.3 if self.terminal else 10.0):
            return
        self.shown_at = now
        text = f"Installing the dependencies: {self._state()} ({now - self.started:.0f} s)"
        if self.terminal:
            sys.stderr.write(f"\r\033[K{text}" + ("\n" if last else ""))
            sys.stderr.flush()
        else:
            say(text)

    def _state(self) -> str:
        if self.retrying:
            return "the package index does not answer, trying again"
        if self.unpacking:
            installed = sum(1 for folder in self.site_packages for _ in folder.glob("*.dist-info"))
            return f"{min(installed, self.packages)} of {self.packages} unpacked"
        return f"{min(self.found, self.packages)} of {self.packages} fetched"


def follow(process: subprocess.Popen[str], log: Path, progress: Progress) -> str:
    """Read the process to its end while showing progress; returns what it wrote."""
    lines: list[str] = []

    def collect(stream: IO[str], write: Callable[[str], object]) -> None:
        for line in stream:
            lines.append(line)
            write(line)
            progress.read(line)

    with open(log, "w", encoding="utf-8") as file:
        assert process.stdout is not None
        reader = threading.Thread(target=collect, args=(process.stdout, file.write), daemon=True)
        reader.start()
        while reader.is_alive():
            progress.show()
            reader.join(0.2)
        process.wait()
    progress.show(last=True)
    return "".join(lines)


def make_importable(venv: Path, root: Path) -> None:
    """Put the project on the environment's path and a `dash` command into it, without building a package."""
    site = subprocess.run(
        [venv / "bin" / "python", "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    (Path(site) / "dash_for_support.pth").write_text(f"{root}\n", encoding="utf-8")
    command = venv / "bin" / "dash"
    python = shlex.quote(str(venv / "bin" / "python"))
    command.write_text(f'#!/bin/sh\nexec {python} -I -X utf8 -m dash "$@"\n', encoding="utf-8")
    command.chmod(0o755)


def problem_of(error: OSError) -> Problem:
    if error.errno == 28:  # ENOSPC
        return no_space()
    if isinstance(error, PermissionError) and error.filename:
        return not_ours(Path(os.fsdecode(error.filename)).parent)
    return Problem(f"The set-up could not write its files: {error.strerror or error}.")


def no_space() -> Problem:
    return Problem(
        "The disk is full; make room and start again, see what is large with:",
        f"du -xh -d 2 {shlex.quote(str(Path.home()))} | sort -h | tail",
    )


def problem_of_output(output: str, otherwise: str) -> Problem:
    """The one sentence that a failed command's words come down to."""
    if "No space left on device" in output or "Errno 28" in output:
        return no_space()
    if any(sign in output for sign in NETWORK_SIGNS):
        return Problem(
            "The packages cannot be fetched: pip's package index does not answer; "
            "check the network, or name a mirror that this machine can reach:",
            "PIP_INDEX_URL=https://MIRROR/simple ./scripts/run",
        )
    if "DO NOT MATCH THE HASHES" in output:
        return Problem(
            "A package differs from the one that requirements.lock was made with, so it was not installed; "
            "see which one, and ask whoever runs your package mirror:",
            "grep -A 8 'DO NOT MATCH' .venv/install.log",
        )
    missing = re.search(r"No matching distribution found for (\S+)", output)
    if missing:
        return Problem(
            f"The package index of this machine has no {missing[1]} for Python {sys.version.split()[0]} here; "
            "see where pip looks with:",
            "python3 -m pip config list",
        )
    errors = [line for line in output.splitlines() if line.lstrip().lower().startswith(("error:", "error "))]
    return Problem(f"{otherwise}: {errors[-1].strip() if errors else 'no reason given'}.")


def read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
