"""The only reader of the environment: every setting, its default and its meaning in one place.

`Settings.from_env()` is called once by a surface and handed down; nothing below reads `os.environ`, so a test builds
`Settings(...)` and knows all there is to know.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dash.errors import SettingsError
from dash.secret_files import with_secret_files
from dash.telemetry import LogSettings, TraceSettings

if TYPE_CHECKING:
    from dash.project import Project

REPOSITORY = Path(__file__).resolve().parent.parent
OWN_KNOWLEDGE = REPOSITORY / "knowledge"
"""The languages and phrases here serve every project that has none of its own."""


def default_home() -> Path:
    """The state folder by the platform's convention; for root the system's, because PostgreSQL must reach it."""
    import platformdirs

    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/dash")
    return Path(platformdirs.user_data_dir("dash", appauthor=False))


@dataclass(frozen=True)
class Limits:
    """Bounds of one query. Times in seconds, sizes in bytes."""

    rows: int = 10_000
    result_bytes: int = 20_000_000
    statement_timeout_seconds: float = 30.0
    lock_timeout_seconds: float = 2.0
    work_mem_megabytes: int = 64
    maximum_cost: float = 50_000_000.0


PURPOSES = ("plan", "sql", "prose")
"""What a model is asked for (`dash.llm.asking.Purpose`); each may have a model and an effort of its own."""

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")
DEFAULT_MODEL = "gpt-5.4-mini"


@dataclass(frozen=True)
class Budget:
    """What may be used up: tokens in and out together, and money. None is without bound."""

    tokens: int | None = None
    usd: float | None = None

    @property
    def is_bound(self) -> bool:
        """Whether there is any bound."""
        return self.tokens is not None or self.usd is not None


@dataclass(frozen=True)
class LlmSettings:
    """How a language model is reached, and how much of it may be used. Times in seconds.

    `base_url` None is OpenAI's own server. `models` and `efforts` are by purpose, where it differs from `model` and
    `effort`; without an effort the server decides. `fallbacks` are models of the same server, tried in order.
    `calls` counts every request that is sent for one question, `user` and `day` what one user and all users together
    use on one calendar day of the reporting time zone.
    """

    # Not in repr: no log, trace or cache key that shows settings shows it. The URL may hold a password as well.
    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = field(default=None, repr=False)
    model: str = DEFAULT_MODEL
    models: Mapping[str, str] = field(default_factory=dict, hash=False)
    fallbacks: tuple[str, ...] = ()
    effort: str | None = None
    efforts: Mapping[str, str] = field(default_factory=dict, hash=False)
    deadline_seconds: float = 60.0
    calls: int = 4
    question: Budget = Budget(tokens=40_000)
    user: Budget = Budget()
    day: Budget = Budget()
    prices: Path | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str], home: Path) -> LlmSettings | None:
        """None when no model is configured: neither a key, nor a server and a model that do without one.

        The variables are listed in docs/llm.md. Raises SettingsError.
        """
        key, url, model = (env.get(name, "").strip() for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "DASH_MODEL"))
        if model == "off" or not (key or (url and model)):
            return None
        prices = env.get("DASH_PRICES")
        return cls(
            api_key=_header_text(key, "OPENAI_API_KEY") or None,
            base_url=_http_url(url, "OPENAI_BASE_URL") or None,
            model=model or DEFAULT_MODEL,
            models=_by_purpose(env, "DASH_MODEL"),
            fallbacks=tuple(name for name in map(str.strip, env.get("DASH_FALLBACK_MODELS", "").split(",")) if name),
            effort=_effort(env, "DASH_REASONING_EFFORT"),
            efforts=_by_purpose(env, "DASH_REASONING_EFFORT", _effort),
            deadline_seconds=_number(env, "DASH_MODEL_DEADLINE", cls.deadline_seconds, lowest=0.1, highest=3600),
            calls=int(_number(env, "DASH_MODEL_CALLS", cls.calls, lowest=1, highest=100)),
            question=_budget(env, "QUESTION", cls.question),
            user=_budget(env, "USER", cls.user),
            day=_budget(env, "DAY", cls.day),
            prices=Path(prices or home / "prices.yaml").expanduser().absolute(),
        )

    def model_for(self, purpose: str) -> str:
        """The model that is asked first."""
        return self.models.get(purpose, self.model)

    @property
    def writes_prose(self) -> bool:
        """Whether answers are put into words by a model: only where one is named for it."""
        return "prose" in self.models

    def effort_for(self, purpose: str) -> str | None:
        """The reasoning effort that is asked for."""
        return self.efforts.get(purpose, self.effort)


@dataclass(frozen=True)
class SignIn:
    """How people sign in: an OpenID Connect provider, and the address at which they open the page."""

    metadata_url: str
    client_id: str
    client_secret: str = field(repr=False)
    page_url: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> SignIn | None:
        """None when none of the variables is set. Raises SettingsError when only some are."""
        names = ("DASH_OIDC_ISSUER", "DASH_OIDC_CLIENT_ID", "DASH_OIDC_CLIENT_SECRET", "DASH_PAGE_URL")
        issuer, client, secret, page = values = [env.get(name, "").strip() for name in names]
        if not any(values[:3]):
            return None
        if missing := [name for name, value in zip(names, values, strict=True) if not value]:
            raise SettingsError(f"Sign-in needs {', '.join(missing)} as well; docs/access.md says what they are.")
        if _http_host(page) is None or (page.startswith("http:") and not _is_local(page)):
            raise SettingsError("DASH_PAGE_URL must be the page's address, such as https://dash.example.com.")
        if _http_host(issuer) is None:
            raise SettingsError("DASH_OIDC_ISSUER must look like https://login.example.com.")
        known = "/.well-known/openid-configuration"
        return cls(issuer if issuer.endswith(known) else issuer.rstrip("/") + known, client, secret, page)


@dataclass(frozen=True)
class ApiSettings:
    """How programs reach us over HTTP (docs/api.md). Rates are requests a minute; `audiences` are those of tokens that
    hold, beside the client id of sign-in; `origins` are pages whose scripts may ask; `proxies` say who asked."""

    host: str = "127.0.0.1"
    port: int = 8600
    key_rate: int = 600
    address_rate: int = 1200
    wait_seconds: float = 60.0
    audiences: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> ApiSettings:
        """DASH_API_* variables. Raises SettingsError."""
        origins = _listed(env, "DASH_API_ORIGINS")
        if any(_http_host(origin) is None or origin.endswith("/") for origin in origins):
            raise SettingsError("DASH_API_ORIGINS lists origins such as https://portal.example.com, without a path.")
        return cls(
            host=env.get("DASH_API_HOST") or cls.host,
            port=int(_number(env, "DASH_API_PORT", cls.port, lowest=1, highest=65535)),
            key_rate=int(_number(env, "DASH_API_KEY_RATE", cls.key_rate, lowest=1, highest=1_000_000)),
            address_rate=int(_number(env, "DASH_API_ADDRESS_RATE", cls.address_rate, lowest=1, highest=1_000_000)),
            wait_seconds=_number(env, "DASH_API_WAIT", cls.wait_seconds, lowest=0.1, highest=3600),
            audiences=_listed(env, "DASH_API_AUDIENCE"),
            origins=origins,
            proxies=_listed(env, "DASH_API_PROXIES"),
        )


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
    surfaces: tuple[str, ...] = ("terminal", "page", "api", "mcp")
    languages: tuple[str, ...] = ("en",)
    data_zone: str | None = None
    reads_elsewhere: bool = False
    """The reader's database is on another server than our own state, and nothing is ever written there."""

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read `DASH_*` variables, and the dash.yaml of the project, which they override.

        DASH_PROJECT project folder (default: this repository, about the demo data) · DASH_HOME state folder ·
        DASH_DATABASE_URL use this PostgreSQL as owner of our state instead of the embedded
        one · DASH_READER_URL the SELECT-only login on that server (default: role dash_reader, made by us) ·
        DASH_KNOWLEDGE, DASH_LEARNINGS folders · DASH_TIMEZONE reporting zone · DASH_HOST, DASH_PORT of the page ·
        DASH_USER name written into runs · DASH_ACCESS file that gives people roles ·
        DASH_OIDC_ISSUER, DASH_OIDC_CLIENT_ID, DASH_OIDC_CLIENT_SECRET, DASH_PAGE_URL sign-in (both: docs/access.md) ·
        DASH_API_* what docs/api.md lists: `dash serve` ·
        DASH_ACTIVATE_FIXES=1 mechanical fixes that pass the shadow run activate
        themselves (default: a person does) · DASH_STATEMENT_TIMEOUT, DASH_LOCK_TIMEOUT seconds ·
        DASH_ROW_LIMIT rows of one result ·
        DASH_TARGET_<NAME> an Apprise address that digests and alerts go to, DASH_TARGETS a file of such addresses ·
        DASH_PAGE_URL the page's address, for links in them · DASH_SCHEDULE_<JOB> a cron expression for that job, or
        off (all three: docs/delivery.md) ·
        OPENAI_API_KEY, OPENAI_BASE_URL and what docs/llm.md lists: a language model ·
        DASH_TRACES_URL, DASH_TRACES_HEADERS, DASH_TRACES_SHARE where spans go, DASH_LOGS, DASH_LOG_LEVEL how serving
        processes write their log (docs/observing.md).
        A secret may stand in a file that NAME_FILE names (`dash.secret_files`).

        Raises SettingsError with the variable's name and what it should look like.
        """
        # Imported here so that `dash --help` does not wait for what reads the file.
        from dash.project import load_project

        env = with_secret_files(os.environ if environment is None else environment)
        limits = Limits()
        project = load_project(Path(env.get("DASH_PROJECT") or REPOSITORY).expanduser().absolute())
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
            surfaces=tuple(project.file.surfaces),
            languages=tuple(project.file.languages),
            data_zone=checked_zone(project.file.data_zone, "data_zone") if project.file.data_zone else None,
            knowledge=Path(env.get("DASH_KNOWLEDGE") or project.folder / "knowledge").expanduser().absolute(),
            learnings=Path(env.get("DASH_LEARNINGS") or project.folder / "learnings").expanduser().absolute(),
            zone=checked_zone(env.get("DASH_TIMEZONE") or project.file.zone, "DASH_TIMEZONE"),
            host=env.get("DASH_HOST") or "127.0.0.1",
            port=int(_number(env, "DASH_PORT", 8501, lowest=1, highest=65535)),
            user=env.get("DASH_USER") or "local",
            access=Path(env["DASH_ACCESS"]).expanduser().absolute() if env.get("DASH_ACCESS") else None,
            sign_in=SignIn.from_env(env),
            api=ApiSettings.from_env(env),
            activate_fixes=env.get("DASH_ACTIVATE_FIXES", "") not in ("", "0"),
            targets=_named(env, "DASH_TARGET_"),
            targets_file=Path(env["DASH_TARGETS"]).expanduser().absolute() if env.get("DASH_TARGETS") else None,
            page_url=_page_address(env),
            schedule={name.replace("-", "_"): value for name, value in _named(env, "DASH_SCHEDULE_").items()},
            limits=Limits(
                rows=int(_number(env, "DASH_ROW_LIMIT", limits.rows, lowest=1, highest=1_000_000)),
                statement_timeout_seconds=_number(
                    env, "DASH_STATEMENT_TIMEOUT", limits.statement_timeout_seconds, lowest=0.1, highest=3600
                ),
                lock_timeout_seconds=_number(
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


def hand_down(values: Mapping[str, str]) -> None:
    """Set variables for this process and for those that it starts."""
    os.environ.update(values)


def find_variable(name: str) -> str | None:
    """What a variable holds whose name a person chose (where a project's address stands); None where it is not set."""
    return os.environ.get(name)


def use_project(folder: Path) -> None:
    """Choose the project for this process and for those that it starts, as DASH_PROJECT does."""
    hand_down({"DASH_PROJECT": str(folder.expanduser().absolute())})


def require_surface(settings: Settings, surface: str) -> None:
    """Raises SettingsError where the project's dash.yaml does not list a surface."""
    if surface not in settings.surfaces:
        raise SettingsError(f"The dash.yaml of this project does not list the surface {surface}; add it to surfaces.")


def _home(env: Mapping[str, str], project: Project) -> Path:
    """The state folder: one of its own for each project but the repository's."""
    home = Path(env.get("DASH_HOME") or default_home()).expanduser().absolute()
    return home if project.folder == REPOSITORY else home / "projects" / project.state_name


def _logins(env: Mapping[str, str], project: Project) -> tuple[str | None, str | None, bool]:
    """Owner's URL, reader's URL, and whether the reader's database is apart from our state."""
    database = project.file.database
    if database is None:
        return _postgres_url(env, "DASH_DATABASE_URL"), _postgres_url(env, "DASH_READER_URL"), False
    url = _postgres_url(env, database.url_from)
    if url is None:
        raise SettingsError(
            f"The project {project.folder.name} reads its database from {database.url_from}; "
            f"set it: export {database.url_from}=postgresql://user:password@host:5432/database"
        )
    if database.login == "owner":
        return url, _postgres_url(env, "DASH_READER_URL"), False
    # Our own state may be on any server, and is on the embedded one unless another is named.
    state = _postgres_url(env, "DASH_DATABASE_URL") if database.url_from != "DASH_DATABASE_URL" else None
    return state, url, True


def _postgres_url(env: Mapping[str, str], name: str) -> str | None:
    url = env.get(name)
    if not url:
        return None
    if not url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        raise SettingsError(f"{name} must look like postgresql://user:password@host:5432/database.")
    return url


def _number(env: Mapping[str, str], name: str, default: float, *, lowest: float, highest: float) -> float:
    text = env.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not lowest <= value <= highest:
        raise SettingsError(f"{name}={text!r} must be a number from {lowest:g} to {highest:g}.")
    return value


def _header_text(text: str, name: str) -> str:
    """Text that can stand in an HTTP header. The error does not repeat it: it is a secret."""
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise SettingsError(f"{name} has characters that no key has; copy it again, on one line and without quotes.")
    return text


def _http_url(text: str, name: str) -> str:
    """An address of a server. The error does not repeat it: it may hold a password."""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and text.isprintable()
    except ValueError:
        fits = False
    if text and (not fits or " " in text):
        raise SettingsError(f"{name} must look like https://api.openai.com/v1 or http://127.0.0.1:11434/v1.")
    return text


def _http_host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        return parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return None


def _is_local(url: str) -> bool:
    return _http_host(url) in ("localhost", "127.0.0.1", "::1")


def _listed(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """ "a, b" → ("a", "b")."""
    return tuple(part for part in map(str.strip, env.get(name, "").split(",")) if part)


def _named(env: Mapping[str, str], prefix: str) -> dict[str, str]:
    """DASH_TARGET_OPS_CHAT=… as "ops-chat"; what is empty is as good as not there."""
    found = {name.removeprefix(prefix): value.strip() for name, value in env.items() if name.startswith(prefix)}
    return {name.lower().replace("_", "-"): value for name, value in sorted(found.items()) if name and value}


def _page_address(env: Mapping[str, str]) -> str | None:
    text = env.get("DASH_PAGE_URL", "").strip().rstrip("/")
    if text and (_http_host(text) is None or not text.isprintable() or " " in text):
        raise SettingsError("DASH_PAGE_URL must be the page's address, such as https://dash.example.com.")
    return text or None


def _plain(env: Mapping[str, str], name: str) -> str | None:
    return env.get(name, "").strip() or None


def _effort(env: Mapping[str, str], name: str) -> str | None:
    text = _plain(env, name)
    if text is not None and text not in EFFORTS:
        raise SettingsError(f"{name}={text!r} must be one of {', '.join(EFFORTS)}.")
    return text


def _by_purpose(
    env: Mapping[str, str], name: str, read: Callable[[Mapping[str, str], str], str | None] = _plain
) -> dict[str, str]:
    """DASH_MODEL_SQL and the like, by purpose."""
    found = {purpose: read(env, f"{name}_{purpose.upper()}") for purpose in PURPOSES}
    return {purpose: value for purpose, value in found.items() if value}


def _budget(env: Mapping[str, str], whose: str, default: Budget) -> Budget:
    """DASH_BUDGET_DAY_TOKENS and DASH_BUDGET_DAY_USD; "none" takes a default away."""
    bounds = []
    for unit, usual in (("TOKENS", default.tokens), ("USD", default.usd)):
        name = f"DASH_BUDGET_{whose}_{unit}"
        text = env.get(name)
        bounds.append(usual if not text else None if text == "none" else _number(env, name, 0, lowest=0, highest=1e12))
    tokens, usd = bounds
    return Budget(None if tokens is None else int(tokens), usd)


def checked_zone(name: str, origin: str) -> str:
    """`name` when it is a time zone, else SettingsError; `origin` is the variable or option that it came from."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(f"{origin}={name!r} is not a time zone; use a name such as Europe/Berlin.") from error
    return name


def wants_traces(environment: Mapping[str, str] | None = None) -> bool:
    """DASH_DEBUG=1: a surface shows the stack trace of an error beside its sentence."""
    env = os.environ if environment is None else environment
    return env.get("DASH_DEBUG", "") not in ("", "0")
