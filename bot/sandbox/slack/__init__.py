"""Slack on this machine: the Web API, signed requests to the app, and people who use it."""

from bot.sandbox.slack.errors import AppError, NeverHappened, SlackError
from bot.sandbox.slack.limits import Rate
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.sandbox import SlackSandbox

__all__ = ["AppError", "NeverHappened", "Person", "Rate", "SlackError", "SlackSandbox"]
