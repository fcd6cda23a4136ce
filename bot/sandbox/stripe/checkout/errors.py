"""What the hosted page tells a customer."""


class PaymentRefused(Exception):
    """The customer can't pay like this: `message` is for them, `field` says where on the page it belongs."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class LinkInactive(PaymentRefused):
    """The link is turned off, or its limit of completed payments is reached; `message` is the link's own."""


class Declined(PaymentRefused):
    """The card was declined: `code` and `decline_code` as Stripe's API has them."""

    def __init__(self, message: str, code: str, decline_code: str | None = None) -> None:
        super().__init__(message, "card")
        self.code = code
        self.decline_code = decline_code
