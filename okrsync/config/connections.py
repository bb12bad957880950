"""`connections:` and `store:`, the two places of the file that may name secrets.

What arrives: the section as parsed. What leaves: one `ConnectionSettings` per account, with the secrets
filled in and kept by the connector's own settings model; a secret written into the file itself becomes a
warning, except where it opens nothing but a loopback address.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path as FilePath
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

from okrsync.config.draft import Draft
from okrsync.config.problems import Path, dotted
from okrsync.config.secrets import Secrets
from okrsync.config.settings import ConnectionSettings
from okrsync.config.shape import NAME_PATTERN
from okrsync.connectors.registry import KINDS, ConnectorKind
from okrsync.mappings.names import suggestion
from okrsync.okr.findings import Finding, Severity

_STORES = ("sqlite:///", "postgresql+psycopg://", "postgresql://")


def connections(draft: Draft, secrets: Secrets) -> dict[str, ConnectionSettings]:
    """Every account of the file that is right."""
    found = {}
    for name, raw in draft.section("connections").items():
        path: Path = ("connections", name)
        check_name(draft, name, path)
        kind = _kind(draft, raw, path)
        model = _model(draft, secrets, kind, raw, path) if kind is not None else None
        if kind is not None and model is not None:
            found[name] = ConnectionSettings(name, kind.kind, model)
    return found


def check_name(draft: Draft, name: str, path: Path) -> None:
    """Names become file names, command arguments and parts of ids: letters, digits, `_` and `-`."""
    if not re.fullmatch(NAME_PATTERN, name):
        message = f"{dotted(path)}: a name begins with a letter and holds letters, digits, _ and -"
        draft.problem(path, message, on_key=True)


def store_address(draft: Draft, secrets: Secrets, store: str, folder: FilePath) -> str:
    """The database address with its secrets filled in; a SQLite file is beside the admin's file."""
    path: Path = ("store",)
    address = str(secrets.filled(store, path))
    if not address.startswith((*_STORES, "${")):
        message = "store: not a database address okrsync knows"
        draft.problem(path, message, "write sqlite:///okrsync.db or postgresql+psycopg://host/database")
        return address
    if "${" not in store and _password(store):
        warn_of_literal(draft, path)
    file = address.removeprefix("sqlite:///")
    if file in (address, "", ":memory:"):
        return address
    return f"sqlite:///{(folder / file).resolve()}"


def _password(address: str) -> bool:
    try:
        return urlsplit(address).password is not None
    except ValueError:
        return False


def _kind(draft: Draft, raw: Any, path: Path) -> ConnectorKind | None:
    if not isinstance(raw, dict):
        draft.problem(path, f"{dotted(path)}: must be a mapping (name: value)")
        return None
    kind = raw.get("kind")
    if isinstance(kind, str) and kind in KINDS:
        return KINDS[kind]
    if kind is None:
        advice = f"one of {', '.join(KINDS)}"
        draft.problem(path, f"{dotted(path)}.kind: is missing", advice, on_key=True)
    else:
        message = f"{dotted(path)}.kind: no such kind of service"
        draft.problem((*path, "kind"), message, suggestion(str(kind), KINDS))
    return None


def _model(
    draft: Draft, secrets: Secrets, kind: ConnectorKind, raw: dict[str, Any], path: Path
) -> BaseModel | None:
    model = kind.connection_model()
    filled = secrets.filled(raw, path)
    if "kind" not in model.model_fields:
        filled = {name: value for name, value in filled.items() if name != "kind"}
    _literal_secrets(draft, model, raw, path)
    return draft.validate(model, filled, path)


def _literal_secrets(draft: Draft, model: type[BaseModel], raw: dict[str, Any], path: Path) -> None:
    for name in secret_fields(model):
        value = raw.get(name)
        if not isinstance(value, str) or "${" in value:
            continue
        draft.hide(value, "…")
        address = raw.get("api_url", raw.get("url"))
        if not _is_file_name(value) and not is_loopback(address):
            warn_of_literal(draft, (*path, name))


def secret_fields(model: type[BaseModel]) -> list[str]:
    """The settings of a model that hold secrets."""
    return [
        field.alias or name
        for name, field in model.model_fields.items()
        if field.annotation in (SecretStr, SecretStr | None)
    ]


def _is_file_name(value: str) -> bool:
    return value.endswith(".json") and "{" not in value


def is_loopback(address: Any) -> bool:
    """Whether an address leads to this machine alone."""
    host = urlsplit(address).hostname if isinstance(address, str) else None
    if host is None or host == "localhost":
        return host is not None
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def warn_of_literal(draft: Draft, path: Path) -> None:
    """Note that a secret stands in the file itself."""
    message = f"{dotted(path)}: a secret is written into the file, which is meant for review and Git"
    advice = "replace it by ${NAME} or ${file:/path}, and renew the secret"
    draft.findings.append(
        Finding("SECRET_IN_FILE", str(draft.place(path)), message, advice, Severity.WARNING)
    )
