"""Secrets out of files: NAME_FILE says where the value of NAME stands, as containers hand secrets in.

A value in the environment is seen by everything that the process starts and by whoever inspects the container; a file
has an owner and rights. Nothing but the variables below, and the one that a project names for its database, is read so:
no other name opens a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dash.errors import SettingsError

SECRETS = (
    "DASH_DATABASE_URL",
    "DASH_READER_URL",
    "DASH_OIDC_CLIENT_SECRET",
    "DASH_TRACES_HEADERS",
    "DASH_SLACK_TOKEN",
    "DASH_SLACK_SIGNING_SECRET",
    "OPENAI_API_KEY",
)
_LONGEST = 10_000


def with_secret_files(environment: Mapping[str, str], names: Sequence[str] = SECRETS) -> dict[str, str]:
    """The environment with the values of NAME_FILE in the place of NAME. Raises SettingsError without the value."""
    found = dict(environment)
    for name in names:
        path = found.pop(f"{name}_FILE", "").strip()
        if not path:
            continue
        if found.get(name):
            raise SettingsError(f"{name} and {name}_FILE are both set; leave one of them out.")
        try:
            with Path(path).open(encoding="utf-8") as file:
                found[name] = file.read(_LONGEST).strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{name}_FILE names a file that cannot be read: {path}") from error
        if not found[name]:
            raise SettingsError(f"{name}_FILE names a file that is empty: {path}")
    return found
