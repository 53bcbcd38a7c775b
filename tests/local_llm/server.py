"""A model on loopback for as long as it is needed."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

from tests.local_llm.parts import Unavailable

SECONDS_TO_START = 120.0


class LocalServer:
    """Started by `with`; gone after it, and also when this process is killed, because it listens for that."""

    def __init__(self, folder: Path, model: Path, log: Path, threads: int) -> None:
        self._command = [sys.executable, "-I", str(Path(__file__).with_name("serve.py")), str(folder), str(model)]
        self._command.append(str(threads))
        self._log = log
        self.key = secrets.token_urlsafe(24)
        self.url = ""

    def __enter__(self) -> LocalServer:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        try:
            self._await()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    @property
    def environment(self) -> dict[str, str]:
        """What tells the product of this server."""
        return {"OPENAI_BASE_URL": f"{self.url}/v1", "OPENAI_API_KEY": self.key, "DASH_MODEL": "local"}

    def _await(self) -> None:
        """Wait for the address, then for the model to be loaded. Raises Unavailable."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{self.key}\n")
        self._process.stdin.flush()
        overdue = threading.Timer(SECONDS_TO_START, self._process.kill)
        overdue.start()
        try:
            while self._process.poll() is None and not self.url.startswith("http"):
                self.url = self._process.stdout.readline().strip()
            while self._process.poll() is None:
                if self._answers():
                    return
                time.sleep(0.2)
        finally:
            overdue.cancel()
        raise Unavailable(f"The server of the model did not start; what it said is in {self._log}.")

    def _answers(self) -> bool:
        """Whether it thinks: one token."""
        asked = {"model": "local", "max_tokens": 1, "messages": [{"role": "user", "content": "1"}]}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
        request = urllib.request.Request(f"{self.url}/v1/chat/completions", json.dumps(asked).encode(), headers)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=SECONDS_TO_START) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def _stop(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
