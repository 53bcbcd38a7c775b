"""scripts/try-local-llm: a small real model on this machine, asked the same questions with and without our grounding.

Needs about 1.3 GB of disk, 2.5 GB of memory and an index for pip that has the parts. Nothing that it starts is left
running, however it ends.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from dash.ask import Dash
from dash.errors import UserError
from dash.evals.moments import end_of_data
from dash.evals.runner import moment_of
from dash.knowledge.formats import EvalFile
from dash.llm import open_model
from dash.llm.asking import ModelCall
from dash.settings import Settings, default_home
from tests.local_llm.baseline import ask_plainly
from tests.local_llm.figures import Asked, show
from tests.local_llm.parts import MODELS, Unavailable, fetch, fetch_server
from tests.local_llm.questions import as_jsonl, brought, sampled
from tests.local_llm.server import LocalServer

Say = Callable[[str], None]
SECONDS_TO_STOP = 30


def main() -> int:
    """Download, start, ask twice, print, stop."""
    options = _options()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    console = Console(highlight=False, soft_wrap=True)
    ways: dict[str, list[Asked]] = {}
    try:
        cache = options.cache.expanduser().absolute()
        cache.mkdir(parents=True, exist_ok=True)
        _measure(options, cache, ways, lambda text: print(text, file=sys.stderr, flush=True))
    except (Unavailable, UserError) as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; nothing is left running.", file=sys.stderr)
        if not any(ways.values()):
            return 130
    show(console, ways)
    if options.details:
        document = {way: [one.as_json() for one in asked] for way, asked in ways.items()}
        options.details.write_text(json.dumps(document, ensure_ascii=False, indent=2, default=str), encoding="utf-8")
    return 0


def _interrupt(number: int, _: object) -> None:
    raise KeyboardInterrupt


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/try-local-llm", description=__doc__)
    home = os.environ.get("DASH_HOME")
    add = parser.add_argument
    add("--model", choices=sorted(MODELS), default="1.5b", help="how many parameters it has (default: 1.5b)")
    add("--jsonl", type=Path, metavar="FILE", help="these questions, as `dash eval --jsonl` takes them")
    add("--sample", type=int, default=20, metavar="N", help="else N golden questions that need a model (default: 20)")
    add("--language", action="append", metavar="CODE", help="of the sample; repeatable (default: en)")
    add("--seconds", type=float, default=30, help="for each question, each way (default: 30)")
    add("--threads", type=int, default=os.cpu_count() or 1, help="fewer where others work (default: %(default)s)")
    add("--only", choices=("with", "without"), help="one of the two ways")
    add("--details", type=Path, metavar="FILE", help="write every answer, prompt and reply there as JSON")
    folder = Path(home) if home else default_home()
    add("--cache", type=Path, default=folder / "local-llm", help="where all is kept (default: %(default)s)")
    return parser.parse_args()


def _measure(options: argparse.Namespace, cache: Path, ways: dict[str, list[Asked]], say: Say) -> None:
    """Fill `ways`, one after the other, so that who stops it sees what there is. Raises Unavailable, UserError."""
    model, folder = fetch(MODELS[options.model], cache, say), fetch_server(cache, say)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DASH_", "OPENAI_"))}
    env |= {"DASH_HOME": str(cache / "home"), "DASH_MODEL_DEADLINE": str(options.seconds)}
    loaded = cache / "demo-is-loaded"
    if not loaded.exists():
        say("Loading demo data")
        _run_dash(["demo", "load", "--replace", "--quiet"], env)
        loaded.touch()
    with ExitStack() as opened:
        dash = opened.enter_context(Dash.open(Settings.from_env(env).without_model(), progress=say))
        now = end_of_data(dash, datetime.now(UTC))
        say("Looking for questions that need a model")
        cases = (
            brought(options.jsonl) if options.jsonl else sampled(dash, options.sample, options.language or ["en"], now)
        )
        if not cases:
            raise UserError("There is no question to ask.")
        say(f"Starting the model; {len(cases)} questions, each way")
        server = opened.enter_context(LocalServer(folder, model, cache / "server.log", options.threads))
        env |= server.environment
        if options.only != "without":
            ways["with"] = _with_grounding(dash, cases, now, cache, env)
        if options.only != "with":
            ways["without"] = []
            for one in _without_grounding(dash, cases, now, env, say):
                ways["without"].append(one)


def _with_grounding(
    dash: Dash, cases: Sequence[EvalFile], now: datetime, cache: Path, env: Mapping[str, str]
) -> list[Asked]:
    """The product, as `dash eval` asks it."""
    questions = cache / "questions.jsonl"
    questions.write_text(as_jsonl(cases), encoding="utf-8")
    command = ["eval", "--model", "--one-data-set", "--json", "--now", now.isoformat(), "--jsonl", str(questions)]
    document = json.loads(_run_dash(command, env))
    return [_asked(dash, case) for case in document["cases"]]


def _asked(dash: Dash, case: Mapping[str, Any]) -> Asked:
    answer = case["trials"][0]["answer"]
    record = dash.runs.get(answer["run_id"]).record or {}
    calls = [ModelCall(**call) for call in record.get("model_calls", ())]
    failed = next((call.outcome for call in reversed(calls) if call.outcome != "ok"), None)
    note = case["note"] or (f"model: {failed}" if failed else "")
    seconds = max(answer["timings_ms"].values(), default=0.0) / 1000
    sql = answer["sql"]
    return Asked(
        case["id"], case["question"], case["score"], answer["provenance"], sql, note, answer["rows"], calls, seconds
    )


def _without_grounding(
    dash: Dash, cases: Sequence[EvalFile], now: datetime, env: Mapping[str, str], say: Say
) -> Iterator[Asked]:
    """The same questions with nothing but the schema."""
    settings = replace(dash.settings, llm=Settings.from_env(env).llm)
    model = open_model(settings, dash.database)
    assert model is not None
    for number, case in enumerate(cases):
        say(f"Asking {number} of {len(cases)} without grounding")
        yield ask_plainly(dash, model, case, moment_of(case, dash.settings.zone) or now)


def _run_dash(arguments: Sequence[str], env: Mapping[str, str]) -> str:
    """What a `dash` command prints. It is let go before this process is: it closes what it opened. Raises UserError."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-m", "dash", *arguments], env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        said, _ = process.communicate()
    except BaseException:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    # 1 of `dash eval` says that an answer is wrong, and comes with the document.
    if process.returncode not in (0, 1) or (process.returncode and not said):
        raise UserError(f"dash {arguments[0]} ended with {process.returncode} after {time.monotonic() - began:.0f} s.")
    return said


if __name__ == "__main__":
    sys.exit(main())
