"""How the API holds up: fifty users who ask golden questions without a pause, and the database killed in the middle.

Everything is on this machine, the users too, so they take part of the processors that they measure. Run it by
scripts/bench-load.

After the kill two times are told apart: the server's own, from the kill until it accepts connections (the API starts it
again, it writes out its files and replays its log), and ours, from then until the first good answer.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import httpx2
import psutil
import psycopg

from dash.access.keys import Keys
from dash.ask import Dash
from dash.database import Database
from dash.demo.load import demo_present, ensure_demo
from dash.settings import REPOSITORY, Settings

USERS = 50
TICKETS = 20_000
NOT_SAVED: dict[str, str] = {}
"""What an answer says that was given and could not be kept, by language."""


@dataclass
class Tally:
    """What the users met: how long answers took, how they ended, and the runs that were acknowledged."""

    seconds: list[float] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    runs: dict[str, tuple[str, str]] = field(default_factory=dict)
    unsaved: int = 0
    good_at: list[float] = field(default_factory=list)


async def use(url: str, token: str, questions: list[str], until: float, tally: Tally) -> None:
    """One user: asks, reads, asks on."""
    async with httpx2.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=120) as client:
        place = hash(token) % len(questions)
        while time.monotonic() < until:
            place = (place + 1) % len(questions)
            began = time.monotonic()
            try:
                response = await client.post("/api/v1/questions", json={"question": questions[place]})
            except httpx2.TransportError as error:
                tally.ends[type(error).__name__] += 1
                continue
            if response.status_code == 200:
                answer = response.json()
                tally.ends[answer["outcome"]] += 1
                if answer["caveats"] and answer["caveats"][-1] == {
                    "kind": "note",
                    "text": NOT_SAVED[answer["language"]],
                }:
                    tally.unsaved += 1  # it was given and says that it could not be kept
                else:
                    tally.runs[answer["run_id"]] = (token, answer["outcome"])
                if answer["outcome"] != "error":
                    tally.seconds.append(time.monotonic() - began)
                    tally.good_at.append(time.monotonic())
            else:
                tally.ends[f"{response.status_code} {response.headers['content-type']}"] += 1
                await asyncio.sleep(0.1)


async def crowd(url: str, tokens: list[str], questions: list[str], seconds: float) -> Tally:
    """All users for so long."""
    tally, until = Tally(), time.monotonic() + seconds
    await asyncio.gather(*(use(url, token, questions, until, tally) for token in tokens))
    return tally


async def crowd_with_a_kill(
    url: str, tokens: list[str], questions: list[str], seconds: float, settings: Settings, database: Database
) -> Tally:
    """All users for so long; after half of it the database server is killed, and nobody but the API starts it again."""
    tally, until = Tally(), time.monotonic() + seconds
    users = [asyncio.create_task(use(url, token, questions, until, tally)) for token in tokens]
    await asyncio.sleep(seconds / 2)
    process = postmaster(settings)
    os.kill(process, signal.SIGKILL)
    killed = time.monotonic()
    print(f"  killed the database server (process {process}) after {seconds / 2:.0f} s")
    there = await asyncio.to_thread(accepting, database, until)
    await asyncio.gather(*users)
    good = [at for at in tally.good_at if at > there]
    before = [at for at in tally.good_at if killed < at <= there]
    pauses = [b - a for a, b in itertools.pairwise([killed, *before, *good])]
    first, longest = min(good, default=math.inf), max(pauses, default=math.inf)
    print(f"  it accepts connections again {there - killed:.1f} s after the kill; the first good answer is there "
          f"{first - there:.1f} s after that; longest time without one {longest:.1f} s")  # fmt: skip
    return tally


def accepting(database: Database, until: float) -> float:
    """When the owner could log in again; asks the server and does nothing for it."""
    while time.monotonic() < until:
        try:
            psycopg.connect(database.owner_dsn(), connect_timeout=5).close()
            return time.monotonic()
        except psycopg.OperationalError:
            time.sleep(0.02)
    return math.inf


async def lost(url: str, tally: Tally) -> int:
    """How many acknowledged runs are not there any more, or ended otherwise than it was said."""
    found = 0
    async with httpx2.AsyncClient(base_url=url, timeout=120) as client:
        for run_id, (token, outcome) in tally.runs.items():
            headers = {"Authorization": f"Bearer {token}"}
            response = await client.get(f"/api/v1/runs/{run_id}", headers=headers)
            kept = response.json().get("outcome") if response.status_code == 200 else response.status_code
            found += kept != outcome
    return found


def report(name: str, tally: Tally, seconds: float) -> None:
    """The figures of one round."""
    cuts = quantiles(tally.seconds, n=100)
    print(f"{name}: {len(tally.seconds) / seconds:.0f} answers a second; "
          f"median {median(tally.seconds):.3f} s, p95 {cuts[94]:.3f} s, p99 {cuts[98]:.3f} s, "
          f"longest {max(tally.seconds):.3f} s")  # fmt: skip
    print("  " + ", ".join(f"{end}: {count}" for end, count in tally.ends.most_common()))


@contextmanager
def server(workers: int) -> Iterator[tuple[str, psutil.Process]]:
    """`dash serve` on a free port, with limits that fifty users of one address do not meet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-X", "utf8", "-m", "dash", "serve", "--port", str(port), "--workers", str(workers)]
    limits = {"DASH_API_KEY_RATE": "1000000", "DASH_API_ADDRESS_RATE": "1000000"}
    process = subprocess.Popen(command, cwd=REPOSITORY, env=os.environ | limits)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
            try:
                if httpx2.get(f"{url}/readyz").status_code == 200:
                    break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield url, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(60)


def megabytes(process: psutil.Process) -> float:
    """What the server and its workers hold in memory."""
    return sum(each.memory_info().rss for each in (process, *process.children(recursive=True))) / 1e6


def main() -> None:
    """Prepare, then two rounds."""
    seconds, workers = float(sys.argv[1]), int(sys.argv[2])
    settings = Settings.from_env()
    with Database.open(settings) as database:
        if not demo_present(database):
            ensure_demo(database, tickets=TICKETS, until=datetime.now(UTC), own_server=True)
        keys = Keys(database)
        tokens = [keys.create(f"user {number}", ["lead"], by="bench", days=1)[1] for number in range(USERS)]
        with Dash.open(settings) as dash:  # what reading needs is kept from now on
            NOT_SAVED.update({name: spoken.messages["not_saved"] for name, spoken in dash.reader.languages.items()})
            golden = dash.knowledge.evals
        questions = [one.question for one in golden if one.language in ("en", "ru") and one.question]
        load = os.getloadavg()[0]
        print(f"{USERS} users, {workers} worker(s), {os.cpu_count()} processors, load before {load:.1f}")
        with server(workers) as (url, process):
            asyncio.run(crowd(url, tokens, questions, min(10.0, seconds)))  # what is slow the first time
            before = megabytes(process)
            tally = asyncio.run(crowd(url, tokens, questions, seconds))
            report("undisturbed", tally, seconds)
            print(f"  memory {before:.0f} MB before, {megabytes(process):.0f} MB after")
            disturbed = asyncio.run(crowd_with_a_kill(url, tokens, questions, seconds / 2, settings, database))
            report("database killed", disturbed, seconds / 2)
            for each in (tally, disturbed):
                gone = asyncio.run(lost(url, each))
                print(f"  acknowledged {len(each.runs)}, lost {gone}; said to be unsaved {each.unsaved}")


def postmaster(settings: Settings) -> int:
    """The process of the embedded server."""
    (file,) = Path(settings.home).rglob("postmaster.pid")
    return int(file.read_text().splitlines()[0])


if __name__ == "__main__":
    main()
