"""From Slack to the app: signed HTTP requests or Socket Mode, and the payloads they carry."""
