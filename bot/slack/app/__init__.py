"""The running app: Bolt, HTTP, Socket Mode, and the listeners that both call."""
