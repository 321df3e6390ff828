"""The decision core: facts in, the next question or the verdict out.

Pure: it reads its policy files once, in `load`, and after that neither a file nor a clock; the day is always
a parameter. Which facts, programs, routes and details there are, the files say; code knows their kinds.
"""

from __future__ import annotations

from policy.core import Policy
from policy.errors import Finding, PolicyError, Severity, TableHasGapError, UnknownValueError
from policy.loading import load
from policy.names import Ambiguous, NotRecognized, Recognized
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
