"""Rules about custom fields."""

from bot.sandbox.stripe.errors import StripeError, missing_parameter
from bot.sandbox.stripe.tables import JSON


def check_custom_fields(fields: list[JSON]) -> None:
    """Raise StripeError unless keys are unique and each field's settings fit its type."""
    keys = [item["key"] for item in fields]
    for position, key in enumerate(keys):
        if key in keys[:position]:
            message = f"The key `{key}` is used by more than one custom field."
            raise StripeError(message, param=f"custom_fields[{position}][key]")
    for position, item in enumerate(fields):
        _check_field(item, f"custom_fields[{position}]")


def _check_field(item: JSON, where: str) -> None:
    for kind in ("dropdown", "numeric", "text"):
        if kind in item and kind != item["type"]:
            message = f"You can not pass `{kind}` for a custom field of type `{item['type']}`."
            raise StripeError(message, param=f"{where}[{kind}]")
    if item["type"] == "dropdown":
        if "dropdown" not in item:
            raise missing_parameter(f"{where}[dropdown]")
        _check_dropdown(item["dropdown"], f"{where}[dropdown]")
    else:
        _check_text(item.get(item["type"], {}), item["type"], f"{where}[{item['type']}]")


def _check_dropdown(dropdown: JSON, where: str) -> None:
    values = [option["value"] for option in dropdown["options"]]
    for position, value in enumerate(values):
        if value in values[:position]:
            message = f"The value `{value}` is used by more than one option."
            raise StripeError(message, param=f"{where}[options][{position}][value]")
    if "default_value" in dropdown and dropdown["default_value"] not in values:
        message = "The default value must match the value of one of the options."
        raise StripeError(message, param=f"{where}[default_value]")


def _check_text(text: JSON, kind: str, where: str) -> None:
    shortest, longest = text.get("minimum_length", 1), text.get("maximum_length", 255)
    if shortest > longest:
        message = "`minimum_length` must be less than or equal to `maximum_length`."
        raise StripeError(message, param=f"{where}[minimum_length]")
    default = text.get("default_value")
    if default is None:
        return
    if not shortest <= len(default) <= longest:
        message = f"The default value must have between {shortest} and {longest} characters."
        raise StripeError(message, param=f"{where}[default_value]")
    if kind == "numeric" and not (default.isascii() and default.isdigit()):
        raise StripeError("The default value of a numeric field must be digits.", param=f"{where}[default_value]")
