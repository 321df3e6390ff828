"""Read what people send: pure functions of text and bytes. No Slack, no database, no clock."""
