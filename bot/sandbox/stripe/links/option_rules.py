"""Rules between the options of a Payment Link."""

from collections.abc import Callable

from bot.sandbox.stripe.errors import StripeError, missing_parameter, no_such_reference
from bot.sandbox.stripe.links.draft import Draft
from bot.sandbox.stripe.links.words import METHOD_CURRENCIES
from bot.sandbox.stripe.tables import JSON

_PAYMENT_ONLY = ("customer_creation", "payment_intent_data", "invoice_creation", "application_fee_amount")
_NOT_WITH_MANAGED = (
    "application_fee_amount",
    "application_fee_percent",
    "automatic_tax",
    "on_behalf_of",
    "shipping_address_collection",
    "shipping_options",
    "transfer_data",
)
_SUBSCRIPTION_ONLY = ("subscription_data", "payment_method_collection", "application_fee_percent")


def check_options(draft: Draft) -> None:
    """Raise StripeError for the first rule that is broken."""
    for rule in _RULES:
        rule(draft)


def _refuse(message: str, param: str) -> StripeError:
    return StripeError(message, param=param)


def _modes(draft: Draft) -> None:
    for name in _PAYMENT_ONLY:
        if name in draft.params and draft.mode != "payment":
            raise _refuse(f"You can not pass `{name}` in `subscription` mode.", name)
    for name in _SUBSCRIPTION_ONLY:
        if name in draft.params and draft.mode != "subscription":
            raise _refuse(f"You can not pass `{name}` without a line item with a recurring price.", name)
    submit = draft.params.get("submit_type", "auto")
    if draft.mode == "subscription" and submit not in ("auto", "subscribe"):
        raise _refuse(f"`submit_type={submit}` can only be used in `payment` mode.", "submit_type")
    if draft.mode == "payment" and submit == "subscribe":
        raise _refuse("`submit_type=subscribe` can only be used in `subscription` mode.", "submit_type")


def _after_completion(draft: Draft) -> None:
    after = draft.params.get("after_completion")
    if not after:
        return
    other = "hosted_confirmation" if after["type"] == "redirect" else "redirect"
    if other in after:
        message = f"You can not pass `after_completion[{other}]` when `after_completion[type]` is `{after['type']}`."
        raise _refuse(message, f"after_completion[{other}]")
    if after["type"] == "redirect" and "redirect" not in after:
        raise missing_parameter("after_completion[redirect]")


def _shipping(draft: Draft) -> None:
    options = draft.params.get("shipping_options") or []
    if options and "shipping_address_collection" not in draft.params:
        raise _refuse("`shipping_options` needs `shipping_address_collection`.", "shipping_options")
    if options and draft.mode != "payment":
        raise _refuse("`shipping_options` can only be used in `payment` mode.", "shipping_options")
    for position, option in enumerate(options):
        where = f"shipping_options[{position}][shipping_rate]"
        if "shipping_rate" not in option:
            raise missing_parameter(where)
        rate = draft.ctx.refer("shipping_rate", option["shipping_rate"], where)
        if not rate["active"]:
            raise _refuse("The shipping rate specified is inactive.", where)
        if rate["fixed_amount"]["currency"] != draft.currency:
            message = f"The shipping rate's currency must be `{draft.currency}`, like the line items'."
            raise _refuse(message, where)
    rates = [option["shipping_rate"] for option in options]
    if len(set(rates)) != len(rates):
        raise _refuse("Each shipping rate can be used once.", "shipping_options")


def _connect(draft: Draft) -> None:
    params, accounts = draft.params, draft.ctx.account.connected_accounts
    transfer = params.get("transfer_data") or {}
    places: list[tuple[str | None, str]] = [
        (params.get("on_behalf_of"), "on_behalf_of"),
        (transfer.get("destination"), "transfer_data[destination]"),
    ]
    for account_id, where in places:
        if account_id is not None and account_id not in accounts:
            raise no_such_reference("account", account_id, where)
    for name in ("application_fee_amount", "application_fee_percent"):
        if params.get(name) is not None and not transfer:
            message = f"Can only apply an `{name}` to a destination payment (using `transfer_data[destination]`)."
            raise _refuse(message, name)
    if "amount" in transfer:
        if draft.mode == "subscription":
            message = "`transfer_data[amount]` can only be used in `payment` mode."
            raise _refuse(message, "transfer_data[amount]")
        if "application_fee_amount" in params:
            message = "You may only specify one of these parameters: application_fee_amount, transfer_data[amount]."
            raise StripeError(message, code="parameters_exclusive", param="application_fee_amount")


def _liability(draft: Draft) -> None:
    invoice = (draft.params.get("invoice_creation") or {}).get("invoice_data") or {}
    settings = (draft.params.get("subscription_data") or {}).get("invoice_settings") or {}
    tax = draft.params.get("automatic_tax") or {}
    places: list[tuple[JSON | None, str]] = [
        (invoice.get("issuer"), "invoice_creation[invoice_data][issuer]"),
        (settings.get("issuer"), "subscription_data[invoice_settings][issuer]"),
        (tax.get("liability"), "automatic_tax[liability]"),
    ]
    for who, where in places:
        if who is None:
            continue
        if who["type"] == "account" and "account" not in who:
            raise missing_parameter(f"{where}[account]")
        if who["type"] == "self" and "account" in who:
            raise _refuse(f"You can not pass `account` when `{where}[type]` is `self`.", f"{where}[account]")
        if "account" in who and who["account"] not in draft.ctx.account.connected_accounts:
            raise no_such_reference("account", who["account"], f"{where}[account]")


def _words(draft: Draft) -> None:
    texts = draft.params.get("custom_text") or {}
    consent = draft.params.get("consent_collection") or {}
    terms = consent.get("terms_of_service") == "required"
    if "terms_of_service_acceptance" in texts and not terms:
        message = (
            "You can only set `custom_text[terms_of_service_acceptance]` when `consent_collection[terms_of_service]` "
            "is `required`."
        )
        raise _refuse(message, "custom_text[terms_of_service_acceptance]")
    if "shipping_address" in texts and "shipping_address_collection" not in draft.params:
        message = "You can only set `custom_text[shipping_address]` with `shipping_address_collection`."
        raise _refuse(message, "custom_text[shipping_address]")
    if terms and not draft.ctx.account.terms_of_service_url:
        message = (
            "You cannot collect consent to your terms of service unless a URL is set in the Stripe Dashboard. Update "
            "your public business information: https://dashboard.stripe.com/settings/public."
        )
        raise _refuse(message, "consent_collection[terms_of_service]")
    if consent.get("promotions") == "auto" and draft.ctx.account.country != "US":
        message = "Collecting consent to promotions is only available to merchants in the US."
        raise _refuse(message, "consent_collection[promotions]")


def _payment_methods(draft: Draft) -> None:
    for position, method in enumerate(draft.params.get("payment_method_types") or []):
        accepted = METHOD_CURRENCIES.get(method)
        if accepted and draft.currency not in accepted:
            message = (
                f"Invalid payment method type `{method}`: it supports {', '.join(accepted)}, and the currency of this "
                f"payment link is {draft.currency}."
            )
            raise _refuse(message, f"payment_method_types[{position}]")


def _small_print(draft: Draft) -> None:
    tax_ids = draft.params.get("tax_id_collection") or {}
    if tax_ids.get("required") == "if_supported" and not tax_ids["enabled"]:
        message = "`tax_id_collection[required]` needs `tax_id_collection[enabled]` to be true."
        raise _refuse(message, "tax_id_collection[required]")
    subscription = draft.params.get("subscription_data") or {}
    if "trial_settings" in subscription and "trial_period_days" not in subscription:
        message = "`subscription_data[trial_settings]` needs `subscription_data[trial_period_days]`."
        raise _refuse(message, "subscription_data[trial_settings]")
    limit = ((draft.params.get("restrictions") or {}).get("completed_sessions") or {}).get("limit")
    if limit is not None and limit < draft.completed:
        message = f"The limit can't be below the number of sessions already completed ({draft.completed})."
        raise _refuse(message, "restrictions[completed_sessions][limit]")


def _managed(draft: Draft) -> None:
    if not (draft.params.get("managed_payments") or {}).get("enabled"):
        return
    for name in _NOT_WITH_MANAGED:
        if draft.params.get(name, {"enabled": False}) != {"enabled": False}:
            raise _refuse(f"You can not pass `{name}` when `managed_payments[enabled]` is true.", name)


_RULES: tuple[Callable[[Draft], None], ...] = (
    _modes,
    _after_completion,
    _shipping,
    _connect,
    _liability,
    _words,
    _payment_methods,
    _small_print,
    _managed,
)
