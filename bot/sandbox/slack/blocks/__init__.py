"""Block Kit: what Slack accepts, and how the values of its inputs look."""
