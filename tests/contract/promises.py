"""Which promise is made to whom: the mark of a test, and what follows from it.

Arrives: marks on test functions, and benches. Leaves: on which benches a promise is run, and which declared
features no promise touches. A feature counts as exercised by the promises that are there, not by what one
run happened to select, so that every process of a parallel run comes to the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from importlib import import_module
from inspect import signature
from pathlib import Path
from types import FunctionType

import pytest

from okrsync.connectors.base import Features
from tests.contract.bench import Bench

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Terms:
    """When a promise applies."""

    feature: str | None = None
    """Only where the connector declares it."""
    asks: tuple[str, ...] = ()
    """Only where the bench plays these situations."""

    def hold(self, bench: Bench) -> bool:
        """Whether the promise is made to this bench's connector."""
        is_declared = self.feature is None or self.feature in declared(bench.features)
        return is_declared and all(bench.plays(situation) for situation in self.asks)


def promise(feature: str | None = None, *asks: str) -> pytest.MarkDecorator:
    """Marks a test as a promise of connectors that declare `feature`, on benches that play all of `asks`."""
    return pytest.mark.promise(Terms(feature, asks))


def declared(features: Features) -> frozenset[str]:
    """The features that are not at "no"."""
    none = Features()
    names = (field.name for field in fields(Features))
    return frozenset(name for name in names if getattr(features, name) != getattr(none, name))


def terms_of(marks: Sequence[pytest.Mark]) -> Terms:
    """The terms among the marks of a test; a test without any is made to everybody."""
    return next((mark.args[0] for mark in marks if mark.name == "promise"), Terms())


def parts() -> dict[str, list[Terms]]:
    """The terms of all promises, by the file they stand in."""
    names = [path.stem for path in sorted(HERE.glob("test_*.py"))]
    found = {name: list(_promises(name)) for name in names}
    return {name: terms for name, terms in found.items() if terms}


def _promises(name: str) -> Iterator[Terms]:
    """Those of one file; what takes neither a bench nor a desk is no promise of a connector."""
    members = vars(import_module(f"{__package__}.{name}")).values()
    for each in (one for one in members if isinstance(one, FunctionType)):
        if each.__name__.startswith("test_") and {"bench", "desk"} & set(signature(each).parameters):
            yield terms_of(getattr(each, "pytestmark", []))


def unexercised(bench: Bench) -> list[str]:
    """Declared features that no promise of the suite exercises on this bench."""
    exercised = {terms.feature for made in parts().values() for terms in made if terms.hold(bench)}
    return sorted(declared(bench.features) - exercised)
