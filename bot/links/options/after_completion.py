"""What the customer sees after paying."""

from typing import Annotated, Any, ClassVar, Literal

from bot.links.options.base import Ask, OptionGroup, Part

_TYPE = "after_completion.type"


class HostedConfirmation(Part):
    custom_message: Annotated[
        str | None,
        Ask(
            "Message",
            "multiline",
            hint="Shown on Stripe's confirmation page.",
            placeholder="Thank you! We'll be in touch within a day.",
            max_length=500,
            required=True,
            shown_when=(_TYPE, "hosted_confirmation"),
        ),
    ] = None


class Redirect(Part):
    url: Annotated[
        str | None,
        Ask(
            "Web address",
            "url",
            hint="Stripe puts the payment's id in place of {CHECKOUT_SESSION_ID}.",
            placeholder="https://example.com/thanks?session={CHECKOUT_SESSION_ID}",
            max_length=2048,
            required=True,
            shown_when=(_TYPE, "redirect"),
        ),
    ] = None


class Behavior(Part):
    type: Annotated[
        Literal["hosted_confirmation", "redirect"],
        Ask(
            "After payment",
            "choice",
            choices={"hosted_confirmation": "Show a message", "redirect": "Go to your website"},
            required=True,
        ),
    ] = "hosted_confirmation"
    hosted_confirmation: HostedConfirmation | None = None
    redirect: Redirect | None = None


class AfterCompletion(OptionGroup):
    key: ClassVar[str] = "after_completion"
    title: ClassVar[str] = "After payment"
    description: ClassVar[str] = "Show your own message, or send the customer to your website."
    cleared: ClassVar[dict[str, Any]] = {"after_completion": {"type": "hosted_confirmation"}}

    after_completion: Behavior = Behavior()

    def summary(self) -> str:
        behavior = self.after_completion
        if behavior.type == "redirect":
            return f"Goes to {behavior.redirect.url}" if behavior.redirect else "Goes to your website"
        confirmation = behavior.hosted_confirmation
        message = confirmation.custom_message if confirmation else None
        return "Shows: " + " ".join(message.split()) if message else "Shows Stripe's confirmation page"
