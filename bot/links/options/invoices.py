"""What invoices have in common, for one-time payments and subscriptions."""

from bot.links.options.base import Ask, Part
from bot.links.options.lines import Pairs, Words

LONGEST_DESCRIPTION = 1500
LONGEST_FOOTER = 5000


class InvoiceField(Part):
    name: str = ""
    value: str = ""


DESCRIPTION = Ask("Note on the invoice", "multiline", max_length=LONGEST_DESCRIPTION)
FOOTER = Ask("Footer of the invoice", "multiline", max_length=LONGEST_FOOTER)
FIELDS = Ask(
    "Lines at the top of the invoice",
    "lines",
    hint="Up to four, one a line: name = value.",
    placeholder="Purchase order = 4711",
    lines=Pairs("name", "value", most=4, left_length=40, right_length=140),
)
TAX_IDS = Ask(
    "Your tax IDs",
    "lines",
    hint="As Stripe names them, one a line. Left empty, your account's own are used.",
    placeholder="atxi_1NuMB12eZvKYlo2CMecoWkZd",
    lines=Words(most=25),
)
