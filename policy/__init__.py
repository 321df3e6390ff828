"""The decision core: it takes facts and returns the next question or the decision.

It is pure: `load` reads the policy files once, and after that nothing here reads a file or a clock; today's
date is always a parameter. The files declare the facts, programs, routes and details; the code knows only
their kinds.
"""

from __future__ import annotations

from policy.errors import Finding, PolicyError, Severity, TableHasGapError, UnknownValueError
from policy.loading import load
from policy.names import Ambiguous, NotRecognized, Recognized
from policy.policy import Policy
from policy.program import Links, Program
from policy.rules import Rule

__all__ = [
    "Ambiguous",
    "Finding",
    "Links",
    "NotRecognized",
    "Policy",
    "PolicyError",
    "Program",
    "Recognized",
    "Rule",
    "Severity",
    "TableHasGapError",
    "UnknownValueError",
    "load",
]
