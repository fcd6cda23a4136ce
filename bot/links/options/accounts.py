"""Other Stripe accounts, which Connect ties to this one."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

from bot.errors import Problem
from bot.links.options.base import Ask, Part

SELF: dict[str, Any] = {"type": "self"}
"""Stripe's default for who is liable or who issues: the account itself."""

_ACCOUNT = re.compile(r"acct_\w{1,250}", re.ASCII)


class Who(Part):
    """The account that is liable for the tax, or that issues the invoices."""

    type: str = "self"
    account: Annotated[
        str | None,
        Ask(
            "Connected account",
            "text",
            hint="Its id, as Stripe's Dashboard shows it.",
            placeholder="acct_1032D82eZvKYlo2C",
            required=True,
            shown_when=(".type", "account"),
            connect=True,
        ),
    ] = None

    def problems(self, where: str) -> Iterator[Problem]:
        """What stands against the account, which is at this path."""
        yield from account_problems(self.account, f"{where}.account")


def account_problems(account: str | None, where: str) -> Iterator[Problem]:
    """Whether this can be the id of a connected account."""
    if account is not None and not _ACCOUNT.fullmatch(account):
        yield Problem(where, "Write an account's id: acct_ and what follows it.")


class TaxLiability(Who):
    type: Annotated[
        str,
        Ask(
            "Who is liable for the tax",
            "choice",
            choices={"self": "Your account", "account": "A connected account"},
            required=True,
            connect=True,
        ),
    ] = "self"


class Issuer(Who):
    type: Annotated[
        str,
        Ask(
            "Who issues the invoice",
            "choice",
            choices={"self": "Your account", "account": "A connected account"},
            required=True,
            connect=True,
        ),
    ] = "self"
