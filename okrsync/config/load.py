"""The admin's file in, `Settings` out; or every problem at once, each with its line.

The order: text, data with places, each part by itself, then what only the parts together can get wrong.
A broken part never hides the mistakes of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo, available_timezones

from okrsync.config.collections import collections
from okrsync.config.connections import connections, store_address
from okrsync.config.cross import check_together, merge_rules
from okrsync.config.digest import digests
from okrsync.config.document import parse
from okrsync.config.draft import Draft
from okrsync.config.lint import hygiene
from okrsync.config.method import cycles_and_method
from okrsync.config.problems import ConfigError, Problem
from okrsync.config.secrets import Secrets
from okrsync.config.settings import Policies, Settings
from okrsync.config.shape import Top
from okrsync.mappings.binding import Place
from okrsync.mappings.names import suggestion

__all__ = ["ConfigError", "Problem", "load"]


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read and check the admin's file.

    Args:
        path: the file.
        environ: where `${NAME}` is looked up.

    Raises:
        ConfigError: with all problems of the file; secrets never show in it.
    """
    draft = Draft(parse(_text(path), path.name), path.parent)
    top = _top(draft)
    secrets = Secrets(draft, environ, path.parent)
    accounts = connections(draft, secrets)
    collected = collections(draft)
    check_together(draft, collected)
    rules = merge_rules(draft, collected)
    rhythm = cycles_and_method(draft)
    policies = draft.validate(Policies, draft.section("policies"), ("policies",))
    rules_of_care, pages = hygiene(draft), digests(draft, secrets)
    zone = _zone(draft, top.timezone) if top is not None else None
    store = store_address(draft, secrets, top.store, path.parent) if top is not None else ""
    draft.done()
    # each of these was a problem, for which done() has raised
    assert top is not None and rhythm is not None and policies is not None and zone is not None
    assert rules_of_care is not None and pages is not None
    return Settings(
        path=path,
        version=top.version,
        workspace=top.workspace,
        store=store,
        timezone=zone,
        cycles=rhythm[0],
        connections=MappingProxyType(accounts),
        collections=tuple(one.mapping for one in collected),
        policies=policies,
        method=rhythm[1],
        rules=MappingProxyType(rules),
        warnings=tuple(draft.findings),
        hygiene=rules_of_care,
        digests=pages,
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason, advice = error.strerror or "unknown error", "check the path and who may read it"
    except UnicodeDecodeError:
        reason, advice = "it is not UTF-8 text", "save it as UTF-8"
    raise ConfigError([Problem(Place(path.name, 1, 1), f"cannot be read: {reason}", advice)])


def _top(draft: Draft) -> Top | None:
    if draft.document.data is None:
        draft.problem((), "the file is empty", "`okrsync config example` prints one to start from")
        return None
    return draft.validate(Top, draft.document.data, ())


def _zone(draft: Draft, name: str) -> ZoneInfo | None:
    known = available_timezones()
    if name in known:
        return ZoneInfo(name)
    draft.problem(("timezone",), "timezone: no such time zone", suggestion(name, known))
    return None
