"""The interview and the handoff, without any I/O: (case, event, now) -> (case, screen, effects)."""
