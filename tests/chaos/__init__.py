"""Real processes that are killed, between a Slack and a Stripe that misbehave; what counts is what stands there."""
