"""A local stand-in for Slack: its Web API, Socket Mode, signed HTTP, and the people in a workspace.

Tests and the playground use what is named here; the rest is the inside.
"""

from .courier import Delivery
from .driver import StandIn
from .errors import StandInError
from .model import Call, Channel, Command, Message, User, View
from .seam import Fault, Outcome, Passage, Proceed, Way
from .text import text_of

__all__ = [
    "Call",
    "Channel",
    "Command",
    "Delivery",
    "Fault",
    "Message",
    "Outcome",
    "Passage",
    "Proceed",
    "StandIn",
    "StandInError",
    "User",
    "View",
    "Way",
    "text_of",
]
