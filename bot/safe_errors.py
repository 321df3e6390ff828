"""What may be logged of an unexpected error: where it happened and of which kind, never its text.

An exception's text can quote what somebody typed; so can pydantic's and the database's.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Final

FRAMES: Final = 6


def mishap(error: BaseException) -> dict[str, str]:
    """Return an error's kind, and the last places it came through, as a log's fields."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    at = " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    return {"error": type(error).__name__, "at": at}
