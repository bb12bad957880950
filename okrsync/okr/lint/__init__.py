"""The linter: is every objective and key result written so that the method can work with it?

`lint` takes a workspace and a profile and returns findings; nothing is changed and nothing is refused.
Rules are the method's own (S74 to S91); which ones hold, and how strictly, is the profile's choice.
"""

from __future__ import annotations

from okrsync.okr.lint.catalogue import RULES, Rule
from okrsync.okr.lint.profiles import PROFILES, Limits, Profile
from okrsync.okr.lint.run import Acknowledgement, LintFinding, lint, wording_codes

__all__ = [
    "PROFILES",
    "RULES",
    "Acknowledgement",
    "Limits",
    "LintFinding",
    "Profile",
    "Rule",
    "lint",
    "wording_codes",
]
