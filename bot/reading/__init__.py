"""What people send, read: pure functions of text and octets. No Slack, no database, no clock."""
