"""Screens, cards and notices as Block Kit."""
