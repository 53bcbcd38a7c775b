"""Where messages go: names and routing from a file in git, addresses from the environment or a secret file.

An address holds a password or a token, so it is in no file of the knowledge, in no table, in no log and in no sentence;
people and records see the target's name. A name without an address is a target of another deployment: it is skipped,
so the same knowledge runs on a test machine without writing to anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dash.errors import SettingsError
from dash.knowledge.documents import parse_yaml
from dash.ops.delivery.file import DeliveryFile, TargetFile
from dash.ops.delivery.ledger import digest_of
from dash.settings import Settings


@dataclass(frozen=True)
class Target:
    """One place that messages go to. `url` is secret; `digest` stands for it in records."""

    name: str
    url: str = field(repr=False)
    digest: str = field(compare=False)
    language: str = "en"
    receives: frozenset[str] = frozenset()
    ticket_text: bool = False
    names: bool = False


def plain_name(name: str) -> str:
    """A target's name as it is compared: Ops_Chat, ops-chat and DASH_TARGET_OPS_CHAT mean the same."""
    return name.strip().lower().replace("_", "-")


def find_targets(settings: Settings, file: DeliveryFile) -> tuple[Target, ...]:
    """The targets that have an address here, by name; one that the file does not route receives everything.

    Raises SettingsError for a file of addresses that cannot be read.
    """
    addresses = {**_read_addresses(settings.targets_file), **settings.targets}
    routes = {plain_name(name): route for name, route in file.targets.items()}
    found: dict[str, Target] = {}
    for name, url in sorted(addresses.items()):
        routed = routes.get(name) or TargetFile()
        digest = digest_of(url)
        if digest not in {target.digest for target in found.values()}:  # one address under two names is one target
            receives = frozenset(routed.receives)
            found[name] = Target(
                name, url, digest, routed.language, receives, ticket_text=routed.ticket_text, names=routed.names
            )
    return tuple(found.values())


def missing_targets(settings: Settings, file: DeliveryFile) -> tuple[str, ...]:
    """Names in the file that have no address here."""
    addresses = {**_read_addresses(settings.targets_file), **settings.targets}
    return tuple(name for name in file.targets if plain_name(name) not in addresses)


def _read_addresses(path: Path | None) -> Mapping[str, str]:
    """`name: address` lines. No sentence repeats what stands in the file."""
    if path is None:
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"DASH_TARGETS={str(path)!r} cannot be read; let it name a readable YAML file.") from error
    document = parse_yaml(text, path.name)
    data = document.data or {}
    fits = isinstance(data, dict) and all(isinstance(k, str) and isinstance(v, str) for k, v in data.items())
    if document.faults or not fits:
        line = document.faults[0].line if document.faults else 1
        raise SettingsError(f"{path.name}:{line}: DASH_TARGETS must hold lines like  ops-chat: slack://…")
    return {plain_name(name): url.strip() for name, url in data.items()}
