"""A local stand-in for Slack: its Web API, Socket Mode, signed HTTP, and the people in a workspace.

Tests and the playground use the names exported here; everything else is internal.
"""

from .courier import Delivery
from .driver import StandIn
from .errors import StandInError
from .fault_kinds import SITES, Fault, Rule, fitting
from .faults import Injected
from .model import Call, Channel, Command, Does, File, Message, Shortcut, Try, User, View
from .organization import ORGANIZATION, SISTER_TEAM, Guise
from .posted import Posted
from .proxy import Proxy
from .seam import Around, Outcome, Passage, Proceed, Raw, Way
from .text import text_of

__all__ = [
    "ORGANIZATION",
    "SISTER_TEAM",
    "SITES",
    "Around",
    "Call",
    "Channel",
    "Command",
    "Delivery",
    "Does",
    "Fault",
    "File",
    "Guise",
    "Injected",
    "Message",
    "Outcome",
    "Passage",
    "Posted",
    "Proceed",
    "Proxy",
    "Raw",
    "Rule",
    "Shortcut",
    "StandIn",
    "StandInError",
    "Try",
    "User",
    "View",
    "Way",
    "fitting",
    "text_of",
]
