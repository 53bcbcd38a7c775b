"""Every setting, its default and its meaning in one place: out of the environment and the project."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dash.errors import SettingsError
from dash.settings.environment import environment
from dash.settings.model import LlmSettings
from dash.settings.secret_files import with_secret_files
from dash.settings.serving import ApiSettings, SignIn, SlackSettings, page_address
from dash.settings.telemetry import LogSettings, TraceSettings
from dash.settings.values import checked_zone, named, number, path, postgres_url

if TYPE_CHECKING:
    from dash.project import Project

REPOSITORY = Path(__file__).resolve().parent.parent.parent
OWN_KNOWLEDGE = REPOSITORY / "knowledge"
"""The languages and phrases here serve every project that has none of its own."""


@dataclass(frozen=True)
class Limits:
    """Bounds of one query. Times in seconds, sizes in bytes."""

    rows: int = 10_000
    result_bytes: int = 20_000_000
    statement_timeout_seconds: float = 30.0
    lock_timeout_seconds: float = 2.0
    work_mem_megabytes: int = 64
    maximum_cost: float = 50_000_000.0


@dataclass(frozen=True)
class Settings:
    """Everything that can be configured. Paths are absolute; `database_url` None means the embedded server."""

    home: Path
    # They hold passwords, so no log, trace or cache key that shows settings shows them.
    database_url: str | None = field(default=None, repr=False)
    reader_url: str | None = field(default=None, repr=False)
    knowledge: Path = REPOSITORY / "knowledge"
    learnings: Path = REPOSITORY / "learnings"
    zone: str = "UTC"
    host: str = "127.0.0.1"
    port: int = 8501
    user: str = "local"
    access: Path | None = None
    sign_in: SignIn | None = None
    api: ApiSettings = field(default_factory=ApiSettings)
    slack: SlackSettings | None = None
    activate_fixes: bool = False
    # Addresses to which digests and alerts go. They hold passwords and tokens.
    targets: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    targets_file: Path | None = None
    page_url: str | None = None
    schedule: Mapping[str, str] = field(default_factory=dict, hash=False)
    limits: Limits = field(default_factory=Limits)
    llm: LlmSettings | None = None
    traces: TraceSettings | None = None
    logs: LogSettings = field(default_factory=LogSettings)
    project: Path = REPOSITORY
    pack: str | None = None
    surfaces: tuple[str, ...] = ("terminal", "page", "api", "mcp")
    languages: tuple[str, ...] = ("en",)
    data_zone: str | None = None
    reads_elsewhere: bool = False
    """The reader's database is on another server than our own state, and nothing is ever written there."""

    @classmethod
    def from_env(cls, given: Mapping[str, str] | None = None) -> Settings:
        """Read `DASH_*` variables, and the dash.yaml of the project, which they override.

        DASH_PROJECT project folder (default: this repository, about the demo data) · DASH_HOME state folder ·
        DASH_DATABASE_URL use this PostgreSQL as owner of our state instead of the embedded
        one · DASH_READER_URL the SELECT-only login on that server (default: role dash_reader, made by us) ·
        DASH_KNOWLEDGE, DASH_LEARNINGS folders · DASH_TIMEZONE reporting zone · DASH_HOST, DASH_PORT of the page ·
        DASH_USER name written into runs · DASH_ACCESS file that gives people roles ·
        DASH_OIDC_ISSUER, DASH_OIDC_CLIENT_ID, DASH_OIDC_CLIENT_SECRET, DASH_PAGE_URL sign-in (both: docs/access.md) ·
        DASH_API_* what docs/api.md lists: `dash serve` ·
        DASH_SLACK_TOKEN, DASH_SLACK_SIGNING_SECRET, DASH_SLACK_API_URL questions in Slack (docs/agentos.md) ·
        DASH_ACTIVATE_FIXES=1 mechanical fixes that pass the shadow run activate
        themselves (default: a person does) · DASH_STATEMENT_TIMEOUT, DASH_LOCK_TIMEOUT seconds ·
        DASH_ROW_LIMIT rows of one result ·
        DASH_TARGET_<NAME> an Apprise address that digests and alerts go to, DASH_TARGETS a file of such addresses ·
        DASH_PAGE_URL the page's address, for links in them · DASH_SCHEDULE_<JOB> a cron expression for that job, or
        off (all three: docs/delivery.md) ·
        OPENAI_API_KEY, OPENAI_BASE_URL and what docs/llm.md lists: a language model ·
        DASH_TRACES_URL, DASH_TRACES_HEADERS, DASH_TRACES_SHARE where spans go, DASH_LOGS, DASH_LOG_LEVEL how serving
        processes write their log (docs/observing.md).
        A secret may stand in a file that NAME_FILE names (`dash.settings.secret_files`).

        Raises SettingsError with the variable's name and what it should look like.
        """
        # Imported here so that `dash --help` does not wait for what reads the file.
        from dash.project import load_project

        env = with_secret_files(environment() if given is None else given)
        limits = Limits()
        project = load_project(path(env, "DASH_PROJECT") or REPOSITORY)
        if project.file.database is not None:
            env = with_secret_files(env, (project.file.database.url_from,))
        home = _home(env, project)
        database_url, reader_url, elsewhere = _logins(env, project)
        return cls(
            home=home,
            database_url=database_url,
            reader_url=reader_url,
            reads_elsewhere=elsewhere,
            project=project.folder,
            pack=project.file.pack,
            surfaces=tuple(project.file.surfaces),
            languages=tuple(project.file.languages),
            data_zone=checked_zone(project.file.data_zone, "data_zone") if project.file.data_zone else None,
            knowledge=path(env, "DASH_KNOWLEDGE") or project.folder / "knowledge",
            learnings=path(env, "DASH_LEARNINGS") or project.folder / "learnings",
            zone=checked_zone(env.get("DASH_TIMEZONE") or project.file.zone, "DASH_TIMEZONE"),
            host=env.get("DASH_HOST") or "127.0.0.1",
            port=int(number(env, "DASH_PORT", 8501, lowest=1, highest=65535)),
            user=env.get("DASH_USER") or "local",
            access=path(env, "DASH_ACCESS"),
            sign_in=SignIn.from_env(env),
            api=ApiSettings.from_env(env),
            slack=SlackSettings.from_env(env),
            activate_fixes=env.get("DASH_ACTIVATE_FIXES", "") not in ("", "0"),
            targets=named(env, "DASH_TARGET_"),
            targets_file=path(env, "DASH_TARGETS"),
            page_url=page_address(env),
            schedule={name.replace("-", "_"): value for name, value in named(env, "DASH_SCHEDULE_").items()},
            limits=Limits(
                rows=int(number(env, "DASH_ROW_LIMIT", limits.rows, lowest=1, highest=1_000_000)),
                statement_timeout_seconds=number(
                    env, "DASH_STATEMENT_TIMEOUT", limits.statement_timeout_seconds, lowest=0.1, highest=3600
                ),
                lock_timeout_seconds=number(
                    env, "DASH_LOCK_TIMEOUT", limits.lock_timeout_seconds, lowest=0.1, highest=3600
                ),
            ),
            llm=LlmSettings.from_env(env, home),
            traces=TraceSettings.from_env(env),
            logs=LogSettings.from_env(env),
        )

    def without_model(self) -> Settings:
        """The same without a language model: golden questions are asked by the hundred, and pay nobody."""
        return replace(self, llm=None)


def require_surface(settings: Settings, surface: str) -> None:
    """Raises SettingsError where the project's dash.yaml does not list a surface."""
    if surface not in settings.surfaces:
        raise SettingsError(f"The dash.yaml of this project does not list the surface {surface}; add it to surfaces.")


def default_home() -> Path:
    """The state folder by the platform's convention; for root the system's, because PostgreSQL must reach it."""
    import platformdirs

    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/dash")
    return Path(platformdirs.user_data_dir("dash", appauthor=False))


def _home(env: Mapping[str, str], project: Project) -> Path:
    """The state folder: one of its own for each project but the repository's."""
    home = path(env, "DASH_HOME") or default_home().absolute()
    return home if project.folder == REPOSITORY else home / "projects" / project.state_name


def _logins(env: Mapping[str, str], project: Project) -> tuple[str | None, str | None, bool]:
    """Owner's URL, reader's URL, and whether the reader's database is apart from our state."""
    database = project.file.database
    if database is None:
        return postgres_url(env, "DASH_DATABASE_URL"), postgres_url(env, "DASH_READER_URL"), False
    url = postgres_url(env, database.url_from)
    if url is None:
        raise SettingsError(
            f"The project {project.folder.name} reads its database from {database.url_from}; "
            f"set it: export {database.url_from}=postgresql://user:password@host:5432/database"
        )
    if database.login == "owner":
        return url, postgres_url(env, "DASH_READER_URL"), False
    # Our own state may be on any server, and is on the embedded one unless another is named.
    state = postgres_url(env, "DASH_DATABASE_URL") if database.url_from != "DASH_DATABASE_URL" else None
    return state, url, True
