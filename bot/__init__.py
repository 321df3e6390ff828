"""The help desk around the policy core: conversation, Slack, store, playground and command line."""
