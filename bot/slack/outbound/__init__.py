"""Effects to calls of Slack's Web API, and what comes back."""
