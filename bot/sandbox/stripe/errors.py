"""Stripe's errors, in Stripe's words (docs.stripe.com/api/errors, docs.stripe.com/error-codes)."""

from collections.abc import Sequence
from typing import Any


class StripeError(Exception):
    """Stripe refuses a request: the HTTP status and the fields of its `error` object."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **extra: object,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.extra = extra

    def body(self, request_id: str | None = None) -> dict[str, Any]:
        """The JSON answer; keys without a value are left out, as Stripe does."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param:
            error["param"] = self.param
        if request_id:
            error["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request_id}?t=0"
        return {"error": {**error, **self.extra}}


def unknown_parameters(names: Sequence[str]) -> StripeError:
    """`names` are parameters the endpoint doesn't know, in full (`line_items[0][colour]`)."""
    plural = "s" if len(names) > 1 else ""
    message = f"Received unknown parameter{plural}: {', '.join(names)}"
    return StripeError(message, code="parameter_unknown", param=names[0])


def missing_parameter(name: str) -> StripeError:
    """A required parameter isn't there."""
    return StripeError(f"Missing required param: {name}.", code="parameter_missing", param=name)


def empty_parameter(name: str) -> StripeError:
    """An empty string was sent for a parameter that can't be unset."""
    message = (
        f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty "
        "value."
    )
    return StripeError(message, code="parameter_invalid_empty", param=name)


def exclusive_parameters(names: Sequence[str]) -> StripeError:
    """More than one of `names` was given."""
    message = f"You may only specify one of these parameters: {', '.join(names)}."
    return StripeError(message, code="parameters_exclusive", param=names[0])


def no_such(kind: str, object_id: str, param: str) -> StripeError:
    """Nothing of that `kind` ('price', 'payment_link') has this id in this account."""
    return StripeError(f"No such {kind}: '{object_id}'", status=404, code="resource_missing", param=param)


def no_such_reference(kind: str, object_id: str, param: str) -> StripeError:
    """The same for an id inside the parameters, which Stripe answers with a 400."""
    return StripeError(f"No such {kind}: '{object_id}'", code="resource_missing", param=param)


def fault_body(status: int) -> dict[str, Any]:
    """The body of an injected fault, by its HTTP status."""
    if status == 429:
        message = "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits."
        return StripeError(message, status=429, code="rate_limit").body()
    message = "An unknown error occurred"
    return StripeError(message, status=status, kind="api_error").body()
