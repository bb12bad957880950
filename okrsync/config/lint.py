"""`lint:` as the linter wants it: a profile, the admin's own severities and limits, what was accepted.

What arrives: the section as parsed. What leaves: one `Hygiene`. Rules are known by the linter's own
catalogue, so that a rule with a typing error is a problem with its line and the nearest right name.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from pydantic import Field

from okrsync.config.draft import Draft
from okrsync.config.problems import Path, dotted
from okrsync.config.settings import Hygiene
from okrsync.config.shape import Shape, Text
from okrsync.mappings.names import suggestion
from okrsync.okr.findings import Severity
from okrsync.okr.lint import PROFILES, RULES, Acknowledgement


class LimitsShape(Shape):
    """The numbers rules compare with; one left out is the profile's."""

    objectives: int | None = Field(
        None, ge=1, description="Objectives of a team in one cycle, at most (S74)."
    )
    key_results_low: int | None = Field(
        None, ge=0, description="Key results of an objective, at least (S75)."
    )
    key_results_high: int | None = Field(
        None, ge=1, description="Key results of an objective, at most (S75)."
    )
    per_person: int | None = Field(
        None, ge=1, description="Key results of one person in one cycle, at most (S76)."
    )
    length: int | None = Field(None, ge=1, description="Characters of an objective's title, at most (S81).")


class AcceptedShape(Shape):
    """One finding that people have looked at and accepted."""

    rule: Text = Field(description="The rule's code.")
    at: Text = Field(description="The key of the objective, key result or initiative.")
    reason: Text = Field(description="Why it is accepted.")
    until: date | None = Field(
        None, description="The last day it is accepted; without it, for as long as it stands."
    )
    by: Text | None = Field(None, description="Who accepted it.")


class LintShape(Shape):
    """Which rules of good OKRs hold here, and how strictly."""

    profile: Literal["default", "google", "team-only", "strict"] = Field(
        "default", description="Whose answers to the open questions of the method."
    )
    rules: dict[Text, Literal["error", "warning", "info", "ignore"]] = Field(
        default_factory=dict, description="Severities that differ from the profile's; `ignore`: not checked."
    )
    limits: LimitsShape | None = Field(None, description="Numbers that differ from the profile's.")
    accepted: tuple[AcceptedShape, ...] = Field((), description="Findings that were looked at and accepted.")


def hygiene(draft: Draft) -> Hygiene | None:
    """The linter's settings, or `None` and problems."""
    shape = draft.validate(LintShape, draft.section("lint"), ("lint",))
    if shape is None:
        return None
    named: list[tuple[Path, str]] = [(("lint", "rules", code), code) for code in shape.rules]
    named += [(("lint", "accepted", at, "rule"), one.rule) for at, one in enumerate(shape.accepted)]
    known = [_known(draft, path, code) for path, code in named]
    if not all(known):
        return None
    profile = PROFILES[shape.profile]
    own = {code: None if word == "ignore" else Severity(word) for code, word in shape.rules.items()}
    given = shape.limits.model_dump(exclude_none=True) if shape.limits else {}
    return Hygiene(
        replace(profile, severities={**profile.severities, **own}, limits=replace(profile.limits, **given)),
        tuple(
            Acknowledgement(one.rule, one.at, one.reason, one.until, one.by or "") for one in shape.accepted
        ),
    )


def _known(draft: Draft, path: Path, rule: str) -> bool:
    if rule not in RULES:
        draft.problem(path, f"{dotted(path)}: there is no rule {rule}", suggestion(rule, RULES))
    return rule in RULES
