"""Slack's payloads to deliveries: the only code that looks into a payload."""
