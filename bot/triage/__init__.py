"""Answer a list of orders in a separate process, with limits on its time and memory.

`triage_file` starts it, for the command line and for a file that somebody sends to the desk. The list comes
from outside, so the process gets no token and no database, only the file and where to write.
"""

from __future__ import annotations

from bot.reading.order_list_failures import Failure
from bot.triage.process import triage_file
from bot.triage.request import Limits, ListedOrder, Request, Spoiled, Summary, TriageError, Written

__all__ = [
    "Failure",
    "Limits",
    "ListedOrder",
    "Request",
    "Spoiled",
    "Summary",
    "TriageError",
    "Written",
    "triage_file",
]
