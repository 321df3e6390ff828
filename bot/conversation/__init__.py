"""The interview, without any I/O: (case, event, now) -> (case, what to see of it, what is to be done)."""
