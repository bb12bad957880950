"""Planned misbehaviour: what goes wrong, at which request, how often.

Arrives: fault rules, from tests or as JSON from the admin port. Leaves: for each request the chain of faults
that stand between the caller and the service. A fault may act before the service, after it (the effect is
there, the answer is not) or instead of it. Rules are tried in the order they were added; each wraps the rest,
so latency and a later hook may both act on one request.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from okrsync.sandbox.shapes import error_body, html_page

STALE_SECONDS = "okrsync.sandbox.stale_seconds"
"""ASGI scope key: how many seconds the service's search index lags for this one request."""

KINDS = (
    "latency",
    "status",
    "timeout_before",
    "timeout_after",
    "reset",
    "truncated",
    "empty",
    "html",
    "stale_search",
    "hook",
)


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer, held back until the faults are through with it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    cut: bool = False
    """True: headers promise the whole body, only half is sent, then the connection ends."""


@dataclass(frozen=True)
class Dropped:
    """No answer: the connection is held for `hold` seconds, then ended; `reset` ends it with a TCP reset."""

    hold: float = 0
    reset: bool = False


Outcome = Answer | Dropped
Proceed = Callable[[], Awaitable[Outcome]]


@dataclass
class Request:
    """What a rule may look at, and the scope it may mark."""

    service: str
    method: str
    path: str
    scope: dict[str, Any]
    faults: list[str] = field(default_factory=list)


@dataclass
class FaultRule:
    """One planned fault.

    `service`, `method` and `path` are matched as globs on the path without its query. The rule lets the first
    `skip` matching requests pass, acts on the next `times` of them (None: on all), then rests.
    `effect`: whether the service does its work before the answer is lost or replaced.
    `seconds`: the delay, how long a timed-out connection is held, or the lag of a stale search.
    `hook` (Python only) or `person` ({service, action, arguments}) runs `when` = before | after the request.
    """

    kind: str
    service: str = "*"
    method: str = "*"
    path: str = "*"
    times: int | None = 1
    skip: int = 0
    seconds: float = 30
    status: int = 503
    retry_after: str | int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    message: str | None = None
    html: bool = False
    effect: bool = False
    when: str = "before"
    person: Mapping[str, Any] | None = None
    hook: Callable[[], object] | None = None
    id: int = 0
    seen: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault kind {self.kind!r}; known: {', '.join(KINDS)}")
        if self.when not in ("before", "after"):
            raise ValueError(f"a fault's when is before or after, not {self.when!r}")
        if self.kind == "hook" and self.hook is None and self.person is None:
            raise ValueError(
                "a hook fault needs a person action ({service, action, arguments}) or a callable"
            )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FaultRule:
        """Read the admin port's form. Raises ValueError naming unknown members."""
        unknown = sorted(set(data) - _JSON_MEMBERS)
        if unknown:
            raise ValueError(
                f"unknown fault members: {', '.join(unknown)}; known: {', '.join(sorted(_JSON_MEMBERS))}"
            )
        if "kind" not in data:
            raise ValueError("a fault needs its kind")
        return cls(**data)

    def as_json(self) -> dict[str, Any]:
        """The rule as the admin port shows it, with what it has done so far."""
        shown = {name: getattr(self, name) for name in sorted(_JSON_MEMBERS)}
        return {**shown, "headers": dict(self.headers), "id": self.id, "seen": self.seen, "hits": self.hits}

    def takes(self, request: Request) -> bool:
        """Whether the rule acts on this request; counts it."""
        wanted = ((request.service, self.service), (request.method, self.method), (request.path, self.path))
        if not all(fnmatchcase(value, glob) for value, glob in wanted):
            return False
        self.seen += 1
        if self.seen <= self.skip or (self.times is not None and self.hits >= self.times):
            return False
        self.hits += 1
        return True


_JSON_MEMBERS = frozenset(FaultRule.__dataclass_fields__) - {"hook", "id", "seen", "hits"}


class FaultPlan:
    """The rules in force, in order."""

    def __init__(self, act: Callable[[Mapping[str, Any]], object]) -> None:
        """`act` performs a person action ({service, action, arguments}) for hook rules given as JSON."""
        self._act = act
        self._rules: list[FaultRule] = []
        self._numbered = 0

    def add(self, rule: FaultRule) -> FaultRule:
        """Put a rule behind the others and number it."""
        self._numbered += 1
        rule.id = self._numbered
        self._rules.append(rule)
        return rule

    def clear(self, rule_id: int | None = None) -> None:
        """Remove one rule, or all."""
        self._rules = [r for r in self._rules if rule_id is not None and r.id != rule_id]

    def rules(self) -> list[FaultRule]:
        """The rules in the order they are tried."""
        return list(self._rules)

    async def run(self, request: Request, serve: Proceed) -> Outcome:
        """Answer a request through all faults that act on it."""
        proceed = serve
        for rule in reversed(self._rules):
            proceed = self._wrapped(rule, request, proceed)
        return await proceed()

    def _wrapped(self, rule: FaultRule, request: Request, proceed: Proceed) -> Proceed:
        async def step() -> Outcome:
            if not rule.takes(request):
                return await proceed()
            request.faults.append(rule.kind)
            if rule.kind == "hook":
                return await self._hooked(rule, proceed)
            return await _EFFECTS[rule.kind](rule, request, proceed)

        return step

    async def _hooked(self, rule: FaultRule, proceed: Proceed) -> Outcome:
        if rule.when == "before":
            self._fire(rule)
            return await proceed()
        outcome = await proceed()
        self._fire(rule)
        return outcome

    def _fire(self, rule: FaultRule) -> None:
        if rule.hook is not None:
            rule.hook()
        if rule.person is not None:
            self._act(rule.person)


async def _latency(rule: FaultRule, request: Request, proceed: Proceed) -> Outcome:
    await asyncio.sleep(rule.seconds)
    return await proceed()


async def _with_effect(rule: FaultRule, proceed: Proceed) -> None:
    if rule.effect:
        await proceed()


async def _status(rule: FaultRule, request: Request, proceed: Proceed) -> Outcome:
    await _with_effect(rule, proceed)
    headers = dict(rule.headers)
    if rule.retry_after is not None:
        headers.setdefault("Retry-After", str(rule.retry_after))
    if rule.html:
        return _html(rule.status, headers)
    body = rule.body if rule.body is not None else error_body(request.service, rule.status, rule.message)
    if isinstance(body, str):
        return _answer(rule.status, body.encode(), "text/plain", headers)
    return _answer(rule.status, json.dumps(body).encode(), "application/json", headers)


async def _timeout_before(rule: FaultRule, request: Request, proceed: Proceed) -> Outcome:
    return Dropped(hold=rule.seconds)


async def _timeout_after(rule: FaultRule, request: Request, proceed: Proceed) -> Outcome:
    await proceed()
    return Dropped(hold=rule.seconds)


async def _reset(rule: FaultRule, request: Request, proceed: Proceed) -> Outcome:
    await _with_effect(rule, proceed)
    return Dropped(reset=True)


async def _truncated(rule: FaultRule, request: Request, proceed: Proceed) -> Outcome:
    if not rule.effect:
        return Answer(200, (("content-type", "application/json"),), b'{"results": [{"id": "1"}]}', cut=True)
    outcome = await proceed()
    if isinstance(outcome, Dropped):
        return outcome
    return Answer(outcome.status, outcome.headers, outcome.body, cut=True)


async def _empty(rule: FaultRule, request: Request, proceed: Proceed) -> Outcome:
    await _with_effect(rule, proceed)
    return _answer(200, b"", "application/json", rule.headers)


async def _html_answer(rule: FaultRule, request: Request, proceed: Proceed) -> Outcome:
    await _with_effect(rule, proceed)
    return _html(200, rule.headers)


async def _stale(rule: FaultRule, request: Request, proceed: Proceed) -> Outcome:
    request.scope[STALE_SECONDS] = rule.seconds
    return await proceed()


def _html(status: int, headers: Mapping[str, str]) -> Answer:
    return _answer(status, html_page(status), "text/html;charset=UTF-8", headers)


def _answer(status: int, body: bytes, content_type: str, headers: Mapping[str, str]) -> Answer:
    named = tuple((name, value) for name, value in headers.items())
    return Answer(status, (("content-type", content_type), *named), body)


_EFFECTS: dict[str, Callable[[FaultRule, Request, Proceed], Awaitable[Outcome]]] = {
    "latency": _latency,
    "status": _status,
    "timeout_before": _timeout_before,
    "timeout_after": _timeout_after,
    "reset": _reset,
    "truncated": _truncated,
    "empty": _empty,
    "html": _html_answer,
    "stale_search": _stale,
}
