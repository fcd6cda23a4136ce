"""What a view may carry in its `private_metadata`, as types for the fields of memos.

Slack gives back what a view carries, and it comes into the next view: into an option, as an initial answer, to be
carried on. Whatever Slack would refuse there is refused where it is read.
"""

from typing import Annotated

from pydantic import Field

from bot.slack.ui.blocks import OPTION_VALUE

MAX_SEARCH = 200
"""So many characters of what is searched for travel with a list."""

Id = Annotated[str, Field(max_length=255)]
"""An id of ours or of Stripe's, or nothing."""

Conversation = Annotated[str, Field(pattern=r"^([A-Z][A-Z0-9]{1,49})?$")]
"""A conversation's id, or nothing."""

Searched = Annotated[str, Field(max_length=MAX_SEARCH)]
"""What is searched for."""

Picked = Annotated[str, Field(min_length=1, max_length=OPTION_VALUE)]
"""The value of an option."""
