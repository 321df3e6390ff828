"""Slack: payloads in, blocks and calls out, and the app that runs them."""
